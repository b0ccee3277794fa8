//! Words of price lists in three languages: headings, currencies, VAT, prices that are told on request.

use crate::commerceml::price;
use kontor_exchange::profile::cleaned;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Price};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    Article,
    Barcode,
    Name,
    Price,
    Currency,
    Unit,
    Stock,
}

impl Role {
    pub fn code(self) -> &'static str {
        match self {
            Role::Article => "article",
            Role::Barcode => "barcode",
            Role::Name => "name",
            Role::Price => "price",
            Role::Currency => "currency",
            Role::Unit => "unit",
            Role::Stock => "stock",
        }
    }
    pub fn parse(s: &str) -> Option<Role> {
        ALL.into_iter().find(|r| r.code() == s)
    }
}

const ALL: [Role; 7] = [Role::Article, Role::Barcode, Role::Name, Role::Price, Role::Currency, Role::Unit, Role::Stock];

/// Codes of all roles, for a message.
pub fn codes() -> String {
    ALL.map(Role::code).join(", ")
}

/// In the order in which they are tried: "штрихкод товару" is a barcode, "ціна за одиницю" a price. A word with a dot at its
/// end stands by itself, others may go on.
const HEADINGS: [(Role, &[&str]); 7] = [
    (Role::Barcode, &["штрих", "barcode", "bar code", "ean", "gtin"]),
    (
        Role::Price,
        &["цін", "цен", "price", "вартіст", "стоимост", "ррц", "мрц", "rrp", "msrp", "роздріб", "розниц", "опт", "wholesale", "retail"],
    ),
    (
        Role::Article,
        &["артикул", "арт", "article", "код", "sku", "part n", "part no", "item no", "item code", "p/n", "каталожн", "catalog n", "code"],
    ),
    (Role::Stock, &["залиш", "наявн", "остат", "наличи", "stock", "availab", "к-ть", "кіл", "кол", "qty", "quantity", "склад"]),
    (Role::Currency, &["валют", "currency"]),
    (Role::Unit, &["од", "одиниц", "ед", "единиц", "unit", "uom", "вимір", "измер"]),
    (
        Role::Name,
        &[
            "номенклатур",
            "назв",
            "найменув",
            "наимен",
            "товар",
            "product",
            "name",
            "опис",
            "descr",
            "модел",
            "model",
            "позиц",
            "продукц",
            "item",
        ],
    ),
];

/// Longer texts are sentences, not headings.
const HEADING_LENGTH: usize = 80;

/// What a column with this heading holds.
pub fn role_of(heading: &str) -> Option<Role> {
    let low = heading.to_lowercase();
    if low.chars().count() > HEADING_LENGTH {
        return None;
    }
    let begins = |word: &str| {
        low.match_indices(word).any(|(i, _)| {
            let free = low[..i].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            let rest = low[i + word.len()..].chars().take_while(|c| c.is_alphabetic()).count();
            // Short words must stand alone: "од" is a unit, "одяг" is not.
            free && (word.chars().count() > 3 || rest <= if matches!(word, "цін" | "цен" | "кіл" | "кол") { 9 } else { 0 })
        })
    };
    if let Some(role) = HEADINGS.iter().find(|(_, words)| words.iter().any(|w| begins(w))).map(|h| h.0) {
        return Some(role);
    }
    // "€ без ПДВ", "грн": a column of money.
    (currency_in(heading).is_some() && low.chars().count() <= 30).then_some(Role::Price)
}

/// Currency named in a text.
pub fn currency_in(text: &str) -> Option<Currency> {
    let low = text.to_lowercase();
    const SIGNS: [(&str, &str); 4] = [("€", "EUR"), ("$", "USD"), ("₴", "UAH"), ("£", "GBP")];
    const WORDS: [(&str, &str); 13] = [
        ("eur", "EUR"),
        ("євро", "EUR"),
        ("евро", "EUR"),
        ("usd", "USD"),
        ("дол", "USD"),
        ("долар", "USD"),
        ("доллар", "USD"),
        ("грн", "UAH"),
        ("uah", "UAH"),
        ("гривн", "UAH"),
        ("гривня", "UAH"),
        ("pln", "PLN"),
        ("gbp", "GBP"),
    ];
    let code = SIGNS.iter().find(|(s, _)| low.contains(s)).map(|s| s.1).or_else(|| {
        let words: Vec<&str> = low.split(|c: char| !c.is_alphabetic()).collect();
        WORDS.iter().find(|(w, _)| words.iter().any(|x| x == w || w.chars().count() > 3 && x.starts_with(w))).map(|w| w.1)
    })?;
    Currency::parse(code).ok()
}

/// `included` or `excluded`, where the text speaks of VAT.
pub fn vat_in(text: &str) -> Option<&'static str> {
    let low = text.to_lowercase();
    if !["пдв", "ндс", "vat", "net", "gross"].iter().any(|w| low.contains(w)) {
        return None;
    }
    if ["без пдв", "без ндс", "without vat", "excl", "net", "w/o vat", "no vat"].iter().any(|w| low.contains(w)) {
        return Some("excluded");
    }
    ["з пдв", "с ндс", "incl", "with vat", "gross", "у т.ч", "в т.ч"].iter().any(|w| low.contains(w)).then_some("included")
}

/// What stands in a cell of the price column.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    Price(Price, Option<Currency>),
    /// Told to those who ask.
    OnRequest,
    Nothing,
}

pub fn asked(cell: &str) -> Result<Asked> {
    let text = cell.trim();
    let low = text.to_lowercase();
    if low.is_empty() {
        return Ok(Asked::Nothing);
    }
    // What a workbook shows where a formula failed (`#DIV/0!`, `#N/A`) is neither nothing nor on request.
    if low.starts_with('#') {
        return Err(not_a_number(text));
    }
    if !low.chars().any(|c| c.is_ascii_digit()) {
        const WORDS: [&str; 18] = [
            "запит",
            "запрос",
            "запитом",
            "request",
            "договір",
            "договор",
            "дзвон",
            "телефон",
            "звон",
            "call",
            "poa",
            "n/a",
            "уточн",
            "tbd",
            "ask",
            "знят",
            "снят",
            "немає",
        ];
        let dashes = low.chars().all(|c| matches!(c, '-' | '–' | '—' | '*' | '.' | '?'));
        return if dashes || WORDS.iter().any(|w| low.contains(w)) { Ok(Asked::OnRequest) } else { Err(not_a_number(text)) };
    }
    let number: String = low.trim_matches(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '(' | ')' | '\u{2212}'))).into();
    if !grouped(&number) {
        return Err(not_a_number(text));
    }
    let plain = cleaned(&number, None)?.unwrap_or(number);
    let p = price::price(&plain, None).map_err(|e| if e.inner().code == "negative_price" { e } else { not_a_number(text) })?;
    Ok(Asked::Price(p, currency_in(text)))
}

/// Separators of groups stand before three digits each; a date or two numbers in one cell do not.
fn grouped(number: &str) -> bool {
    let runs: Vec<usize> = number.split(|c: char| !c.is_ascii_digit()).map(str::len).filter(|n| *n > 0).collect();
    let signs: Vec<char> =
        number.chars().skip_while(|c| !c.is_ascii_digit()).filter(|c| !c.is_ascii_digit() && !matches!(c, ')')).collect();
    let Some((last, middle)) = runs.get(1..).and_then(|r| r.split_last()) else { return true };
    if signs.len() + 1 != runs.len() {
        return false;
    }
    let decimal = signs.len() == 1 && matches!(signs[0], '.' | ',') || signs.len() > 1 && signs[signs.len() - 1] != signs[0];
    middle.iter().all(|n| *n == 3) && (decimal || *last == 3)
}

fn not_a_number(text: &str) -> Error {
    Error::refused("price_list_price").arg("value", text.chars().take(60).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prc_15_headings_in_three_languages() {
        for (heading, wanted) in [
            ("Артикул", Some(Role::Article)),
            ("Код товару", Some(Role::Article)),
            ("Part No.", Some(Role::Article)),
            ("Штрих-код", Some(Role::Barcode)),
            ("Номенклатура", Some(Role::Name)),
            ("Наименование товара", Some(Role::Name)),
            ("Product description", Some(Role::Name)),
            ("Ціна за од., грн", Some(Role::Price)),
            ("Цена опт", Some(Role::Price)),
            ("€ без ПДВ", Some(Role::Price)),
            ("Retail price, EUR", Some(Role::Price)),
            ("Од. вим.", Some(Role::Unit)),
            ("Ед. изм.", Some(Role::Unit)),
            ("Залишок", Some(Role::Stock)),
            ("Кол-во", Some(Role::Stock)),
            ("Валюта", Some(Role::Currency)),
            ("Одяг жіночий", None),
            ("Примітка", None),
            ("", None),
        ] {
            assert_eq!(role_of(heading), wanted, "{heading}");
        }
        assert_eq!((vat_in("€ без ПДВ"), vat_in("Ціна з ПДВ"), vat_in("Ціна")), (Some("excluded"), Some("included"), None));
        let code = |t: &str| currency_in(t).map(|c| c.code().to_string());
        assert_eq!(
            (code("Ціна, грн."), code("Price EUR"), code("12 $"), code("Ціна")),
            (Some("UAH".into()), Some("EUR".into()), Some("USD".into()), None)
        );
    }

    #[test]
    fn prc_15_prices_as_suppliers_write_them() {
        let p = |s: &str| Price::parse(s).expect("a price");
        for (cell, wanted) in [
            ("494", p("494")),
            ("18.17", p("18.17")),
            ("1 234,50", p("1234.5")),
            ("1\u{A0}234,50 грн", p("1234.5")),
            ("від 1 200 грн/шт", p("1200")),
            ("€ 12,5", p("12.5")),
            ("1,234.50", p("1234.5")),
        ] {
            match asked(cell) {
                Ok(Asked::Price(found, _)) => assert_eq!(found, wanted, "{cell}"),
                other => panic!("{cell}: {other:?}"),
            }
        }
        for cell in ["по запиту", "за запитом", "договорная", "-", "—", "on request", "Звоните!"] {
            assert_eq!(asked(cell).expect("is known"), Asked::OnRequest, "{cell}");
        }
        assert_eq!(asked("  ").expect("is known"), Asked::Nothing);
        for cell in ["дешево", "-5", "1,234", "12.03.2026 5", "#DIV/0!", "#N/A", "#REF!"] {
            assert!(asked(cell).is_err(), "{cell}");
        }
        assert_eq!(asked("12 $").ok(), Some(Asked::Price(p("12"), Currency::parse("USD").ok())));
    }
}
