//! Codes that pass their checksums although nobody has them: registration codes, tax ids, bank accounts of Ukraine.

/// Registration code (ЄДРПОУ) of 8 digits from its first 7.
pub fn registration(first: u32) -> String {
    let body = format!("{:07}", first % 10_000_000);
    let digits: Vec<u32> = body.bytes().map(|b| u32::from(b - b'0')).collect();
    let number: u32 = body.parse::<u32>().unwrap_or(0) * 10;
    let outside = !(30_000_000..=60_000_000).contains(&number);
    let base = if outside { [1, 2, 3, 4, 5, 6, 7] } else { [7, 1, 2, 3, 4, 5, 6] };
    let weigh = |shift: u32| digits.iter().zip(base).map(|(d, w)| d * (w + shift)).sum::<u32>() % 11;
    let check = match weigh(0) {
        10 => weigh(2) % 10,
        n => n,
    };
    format!("{body}{check}")
}

/// VAT payer's individual tax number: 12 digits, without a public checksum.
pub fn vat_number(registration: &str, tail: u32) -> String {
    format!("{}{:05}", registration.get(..7).unwrap_or(registration), tail % 100_000)
}

/// IBAN: bank code of 6 digits, account of 19, check digits by ISO 13616.
pub fn iban(bank: u32, account: u64) -> String {
    let body = format!("{:06}{account:019}", bank % 1_000_000);
    // U = 30, A = 10, and the two check digits as zeros.
    let rest = format!("{body}301000").bytes().fold(0u32, |r, b| (r * 10 + u32::from(b - b'0')) % 97);
    format!("UA{:02}{body}", 98 - rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_known_registers() {
        // Published codes of state bodies.
        for known in ["00032129", "21560766", "39924774"] {
            assert_eq!(registration(known[..7].parse().expect("digits")), known);
        }
        assert_eq!(iban(305_299, 26_000_000_000_000_001).len(), 29);
    }
}
