//! Numbers and currencies as 1C and shops write them.

use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Price, Quantity, mul_div};

/// `1 234,50`, `1234.5`; per unit of the base unit when the price is for `coefficient` of them. Negative ones are refused.
pub fn price(said: &str, coefficient: Option<&str>) -> Result<Price> {
    let wrong = || Error::refused("not_a_number").arg("value", said);
    let p = Price::parse(&plain(said)).map_err(|_| wrong())?;
    if p.is_negative() {
        return Err(Error::refused("negative_price"));
    }
    let Some(c) = coefficient.filter(|c| !matches!(c.trim(), "1" | "")) else { return Ok(p) };
    let c = Price::parse(&plain(c)).ok().filter(|c| c.is_positive()).ok_or_else(|| Error::refused("not_a_number").arg("value", c))?;
    mul_div(p.scaled(), Price::UNIT, c.scaled()).map(Price::from_scaled).ok_or_else(wrong)
}

/// `1 234,5`, `-3`; some programs write stock that was sold before it came in as a negative quantity.
pub fn quantity(said: &str) -> Result<Quantity> {
    Quantity::parse(&plain(said)).map_err(|_| Error::refused("not_a_number").arg("value", said))
}

fn plain(s: &str) -> String {
    let s: String = s.chars().filter(|c| !c.is_whitespace() && *c != '\u{A0}' && *c != '\u{202F}').collect();
    if s.contains('.') { s.replace(',', "") } else { s.replacen(',', ".", 1) }
}

/// ISO code of a currency by code, number or the short word for it.
pub fn currency(said: &str) -> Result<Currency> {
    let word = said.trim().trim_end_matches('.').to_lowercase();
    let code = match word.as_str() {
        "руб" | "rur" | "643" | "810" | "₽" | "р" => "RUB",
        "грн" | "980" | "₴" | "гривня" | "гривна" => "UAH",
        "usd" | "840" | "$" | "долл" | "дол" => "USD",
        "eur" | "978" | "€" | "евро" | "євро" => "EUR",
        "тнг" | "тг" | "398" | "₸" => "KZT",
        "933" | "бел. руб" | "byr" => "BYN",
        _ => return Currency::parse(&said.trim().to_uppercase()).map_err(|_| Error::refused("bad_code").arg("value", said)),
    };
    Currency::parse(code).map_err(|_| Error::refused("bad_code").arg("value", said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_08_prices_and_currencies_as_they_are_written() {
        for (said, per, wanted) in [
            ("1719", None, "1719"),
            (" 1 719,50", Some("1"), "1719.5"),
            ("1\u{A0}234.5", None, "1234.5"),
            ("1,234.5", None, "1234.5"),
            ("120", Some("12"), "10"),
            ("10", Some("3"), "3.333333"),
            ("0", None, "0"),
        ] {
            assert_eq!(price(said, per).expect("a price").to_string(), wanted, "{said}");
        }
        for said in ["", "дешево", "1.2.3", "-5", "1e5", "99999999999999999999"] {
            assert!(price(said, None).is_err(), "{said}");
        }
        assert!(price("5", Some("0")).is_err());
        for (said, wanted) in [("20", "20"), ("1 234,5", "1234.5"), ("-3", "-3"), ("0.333", "0.333")] {
            assert_eq!(quantity(said).expect("a quantity").to_string(), wanted, "{said}");
        }
        assert!(quantity("багато").is_err() && quantity("").is_err());
        assert_eq!(currency("руб.").expect("a currency").code(), "RUB");
        assert_eq!(currency("грн").expect("a currency").code(), "UAH");
        assert_eq!(currency("usd").expect("a currency").code(), "USD");
        assert!(currency("попугаи").is_err());
    }
}
