//! Check digits of state registers, offline: Ukraine (EDRPOU, RNOKPP), Russia (INN, OGRN), IBAN everywhere. Countries
//! without a rule here are not checked. Pure.

use crate::checks::Finding;

fn digits(s: &str) -> Option<Vec<i64>> {
    s.bytes().map(|b| b.is_ascii_digit().then(|| i64::from(b - b'0'))).collect()
}

fn weighted(d: &[i64], weights: &[i64]) -> i64 {
    d.iter().zip(weights).map(|(a, b)| a * b).sum()
}

/// Code of a Ukrainian legal entity: eight digits, the last by one of two rows of weights (order of the State Statistics
/// Service on the Unified register).
pub fn edrpou(s: &str) -> bool {
    let Some(d) = digits(s).filter(|d| d.len() == 8) else { return false };
    let n = d.iter().fold(0, |n, x| n * 10 + x);
    let weights: [i64; 7] = if (30_000_000..=60_000_000).contains(&n) { [7, 1, 2, 3, 4, 5, 6] } else { [1, 2, 3, 4, 5, 6, 7] };
    let first = weighted(&d, &weights) % 11;
    let check = if first < 10 { first } else { weighted(&d, &weights.map(|w| w + 2)) % 11 % 10 };
    check == d[7]
}

/// Number of a Ukrainian tax-payer's card: ten digits.
pub fn rnokpp(s: &str) -> bool {
    let Some(d) = digits(s).filter(|d| d.len() == 10) else { return false };
    weighted(&d, &[-1, 5, 7, 9, 4, 6, 10, 5, 7]).rem_euclid(11) % 10 == d[9]
}

/// Russian INN: ten digits for legal entities, twelve for people.
pub fn inn(s: &str) -> bool {
    let Some(d) = digits(s) else { return false };
    let check = |weights: &[i64]| weighted(&d, weights) % 11 % 10;
    match d.len() {
        10 => check(&[2, 4, 10, 3, 5, 9, 4, 6, 8]) == d[9],
        12 => check(&[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == d[10] && check(&[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == d[11],
        _ => false,
    }
}

/// Russian OGRN (13 digits) and OGRNIP (15 digits): the rest of the number by 11 or 13.
pub fn ogrn(s: &str) -> bool {
    let Some(d) = digits(s).filter(|d| matches!(d.len(), 13 | 15)) else { return false };
    let (last, body) = (d[d.len() - 1], &d[..d.len() - 1]);
    let by = if body.len() == 12 { 11 } else { 13 };
    body.iter().fold(0, |n, x| n * 10 + x) % by % 10 == last
}

/// ISO 13616: moved letters as numbers, modulo 97 is 1. White space and case do not matter.
pub fn iban(s: &str) -> bool {
    let s = iban_form(s);
    let b = s.as_bytes();
    let length = match s.get(..2) {
        Some("UA") => 29..=29,
        Some("PL") => 28..=28,
        Some("DE") | Some("GB") => 22..=22,
        _ => 15..=34,
    };
    if !length.contains(&b.len())
        || !b[..2].iter().all(u8::is_ascii_uppercase)
        || !b[2..4].iter().all(u8::is_ascii_digit)
        || !b.iter().all(u8::is_ascii_alphanumeric)
    {
        return false;
    }
    let rest = b[4..].iter().chain(&b[..4]).fold(0u64, |n, c| match c {
        b'0'..=b'9' => (n * 10 + u64::from(c - b'0')) % 97,
        _ => (n * 100 + u64::from(c - b'A') + 10) % 97,
    });
    rest == 1
}

/// Without spaces, in capitals: how an IBAN is kept.
pub fn iban_form(s: &str) -> String {
    s.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase()
}

/// Tax id, registration code and VAT number against the rules of the country. Empty ones are fine.
pub fn check(country: &str, tax_id: &str, registration_code: &str, vat_number: &str) -> Vec<Finding> {
    let mut out = vec![];
    let number = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    match country {
        "UA" => {
            if !tax_id.is_empty() && !ua_passport(tax_id) {
                match tax_id.len() {
                    _ if !number(tax_id) => out.push(Finding::new("tax_id", "tax_id_bad")),
                    8 if !edrpou(tax_id) => out.push(Finding::new("tax_id", "tax_id_bad")),
                    10 if !rnokpp(tax_id) => out.push(Finding::new("tax_id", "tax_id_bad")),
                    8 | 10 | 12 => {}
                    _ => out.push(Finding::new("tax_id", "tax_id_length").arg("expected", "8, 10, 12")),
                }
            }
            if !registration_code.is_empty() && !edrpou(registration_code) && !rnokpp(registration_code) {
                out.push(Finding::new("registration_code", "registration_code_bad"));
            }
            let fits = number(vat_number) && matches!(vat_number.len(), 10 | 12);
            if !vat_number.is_empty() && !fits {
                out.push(Finding::new("vat_number", "vat_number_bad"));
            }
        }
        "RU" => {
            if !tax_id.is_empty() && !inn(tax_id) {
                out.push(match tax_id.len() {
                    10 | 12 => Finding::new("tax_id", "tax_id_bad"),
                    _ => Finding::new("tax_id", "tax_id_length").arg("expected", "10, 12"),
                });
            }
            if !registration_code.is_empty() && !ogrn(registration_code) {
                out.push(Finding::new("registration_code", "registration_code_bad"));
            }
        }
        _ => {}
    }
    out
}

/// People without a tax number (for religious reasons) are known by their passport: two letters and six digits, or the
/// nine digits of an identity card.
fn ua_passport(s: &str) -> bool {
    let c: Vec<char> = s.chars().collect();
    let digits = |c: &[char]| c.iter().all(char::is_ascii_digit);
    (c.len() == 9 && digits(&c)) || (c.len() == 8 && c[..2].iter().all(|c| c.is_alphabetic()) && digits(&c[2..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ptr_04_edrpou() {
        // Codes of listed companies; the first two use the first row of weights, the next the second.
        for good in ["00130694", "00131512", "00222226", "00130926", "14360570", "40075815", "32855961", "21560045"] {
            assert!(edrpou(good), "{good}");
        }
        for bad in ["00130695", "40075816", "0013069", "001306940", "0013069a", "", "００１３０６９４"] {
            assert!(!edrpou(bad), "{bad}");
        }
    }

    #[test]
    fn ptr_04_rnokpp_inn_ogrn() {
        assert!(rnokpp("3184710691") && !rnokpp("3184710692") && !rnokpp("318471069"));
        assert!(inn("7707083893") && inn("500100732259") && !inn("7707083894") && !inn("500100732258") && !inn("770708389"));
        assert!(ogrn("1027700132195") && !ogrn("1027700132196") && ogrn("304500116000157") && !ogrn("304500116000158"));
    }

    #[test]
    fn ptr_04_iban() {
        for good in
            ["UA213223130000026007233566001", "UA21 3223 1300 0002 6007 2335 6600 1", "GB82WEST12345698765432", "de89370400440532013000"]
        {
            assert!(iban(good), "{good}");
        }
        for bad in [
            "UA213223130000026007233566002",
            "UA21322313000002600723356600",
            "GB82 WEST 1234 5698 7654 33",
            "",
            "U",
            "12",
            "ЮА213223130000026007233566001",
            "X",
        ] {
            assert!(!iban(bad), "{bad}");
        }
    }

    #[test]
    fn ptr_04_rules_of_countries() {
        let found = |c, t, r, v| check(c, t, r, v).into_iter().map(|f| (f.field, f.code)).collect::<Vec<_>>();
        assert_eq!(found("UA", "", "", ""), []);
        assert_eq!(found("UA", "АБ123456", "00130694", "001306912345"), []);
        assert_eq!(
            found("UA", "123", "123", "12"),
            [
                ("tax_id".into(), "tax_id_length"),
                ("registration_code".into(), "registration_code_bad"),
                ("vat_number".into(), "vat_number_bad")
            ]
        );
        assert_eq!(found("RU", "7707083894", "1027700132195", ""), [("tax_id".into(), "tax_id_bad")]);
        assert_eq!(found("RU", "77", "1", ""), [("tax_id".into(), "tax_id_length"), ("registration_code".into(), "registration_code_bad")]);
        assert_eq!(found("ZZ", "whatever", "anything", "goes"), []);
    }
}
