//! What a column holds: told by its heading where that is plain, otherwise by its values.

/// Kinds of columns; each is compared in a way of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// People and companies, towns: a few words, spelled with slips.
    Name,
    Date,
    Phone,
    Email,
    Address,
    /// Identifiers, article and tax numbers, years, codes of states: equal or a slip away.
    Code,
    /// Prices and other quantities.
    Price,
    /// Titles and descriptions: many words.
    Text,
    /// Left out.
    Ignore,
}

impl Kind {
    pub const ALL: [Kind; 9] =
        [Kind::Name, Kind::Date, Kind::Phone, Kind::Email, Kind::Address, Kind::Code, Kind::Price, Kind::Text, Kind::Ignore];

    /// As it is written on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Name => "name",
            Kind::Date => "date",
            Kind::Phone => "phone",
            Kind::Email => "email",
            Kind::Address => "address",
            Kind::Code => "code",
            Kind::Price => "price",
            Kind::Text => "text",
            Kind::Ignore => "ignore",
        }
    }
    /// By its code; `None` for an unknown one.
    pub fn parse(s: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.code() == s)
    }
}

/// Words of headings in English, Ukrainian and Russian, as beginnings; the first kind that fits is taken.
const HEADINGS: [(Kind, &[&str]); 5] = [
    (Kind::Email, &["email", "e-mail", "mail", "пошт", "почт"]),
    (Kind::Phone, &["phone", "tel", "mobile", "fax", "тел", "моб"]),
    (Kind::Date, &["date", "birth", "dob", "дата", "народж", "рожд"]),
    (Kind::Price, &["price", "cost", "amount", "msrp", "ціна", "цена", "вартість", "стоимость", "сума", "сумма"]),
    (Kind::Address, &["address", "addr", "street", "адрес", "вулиц", "улиц"]),
];

/// Values looked at.
const SAMPLE: usize = 2_000;

/// The kind of a column by its heading and values.
pub fn recognise<'v>(heading: &str, values: impl Iterator<Item = &'v str>) -> Kind {
    let values: Vec<&str> = values.map(str::trim).filter(|v| !v.is_empty()).take(SAMPLE).collect();
    if values.is_empty() {
        return Kind::Ignore;
    }
    let share = |f: &dyn Fn(&str) -> bool| values.iter().filter(|v| f(v)).count() as f64 / values.len() as f64;
    let words = heading.to_lowercase();
    let words: Vec<&str> = words.split(|c: char| !(c.is_alphabetic() || c == '-')).filter(|w| !w.is_empty()).collect();
    let headed = HEADINGS.iter().find(|(_, begins)| words.iter().any(|w| begins.iter().any(|b| w.starts_with(b)))).map(|(k, _)| *k);
    let holds = |kind: Kind| match kind {
        Kind::Email => share(&|v| v.contains('@')) > 0.5,
        Kind::Phone => share(&|v| (6..=15).contains(&digits(v).len())) > 0.6,
        Kind::Date => share(&|v| date(v).is_some()) > 0.6,
        Kind::Price => share(&|v| number(v).is_some()) > 0.6,
        _ => share(&|v| v.contains(char::is_alphabetic)) > 0.5,
    };
    if let Some(kind) = headed.filter(|k| holds(*k)) {
        return kind;
    }
    let spaced = values.iter().map(|v| v.split_whitespace().count()).sum::<usize>() as f64 / values.len() as f64;
    let letters = |v: &str| v.contains(char::is_alphabetic);
    if share(&|v| v.contains('@') && v.contains('.')) > 0.5 {
        Kind::Email
    } else if share(&|v| !letters(v) && date(v).is_some()) > 0.8 {
        Kind::Date
    } else if share(&|v| !letters(v) && v.contains(['+', '(', '-', '/', ' ']) && (9..=15).contains(&digits(v).len())) > 0.7 {
        Kind::Phone
    } else if share(&|v| number(v).is_some()) > 0.9 && share(&|v| v.contains(['.', ',', '$', '€', '£', '₴'])) > 0.3 {
        Kind::Price
    } else if spaced < 1.3 && share(&|v| v.contains(|c: char| c.is_ascii_digit())) > 0.7 {
        Kind::Code
    } else if spaced > 4.0 {
        Kind::Text
    } else if share(&|v| letters(v)) < 0.5 || values.iter().all(|v| v.chars().count() <= 3) {
        Kind::Code
    } else {
        Kind::Name
    }
}

pub fn digits(s: &str) -> String {
    s.chars().filter_map(|c| c.to_digit(10)).filter_map(|d| char::from_digit(d, 10)).collect()
}

/// Year, month and day of the spellings that are common in files; a day may stand before or after its month.
pub fn date(s: &str) -> Option<(u16, u8, u8)> {
    // A time of day after the date is no part of it.
    let s = s.split(['T', ' ']).next().unwrap_or("");
    let parts: Vec<&str> = s.split(['-', '.', '/']).collect();
    let (y, m, d) = match parts.as_slice() {
        [one] if one.len() == 8 && one.bytes().all(|b| b.is_ascii_digit()) => (&one[..4], &one[4..6], &one[6..]),
        [y, m, d] if y.len() == 4 => (*y, *m, *d),
        [d, m, y] if y.len() == 4 && m.parse::<u8>().is_ok_and(|m| m > 12) => (*y, *d, *m),
        [d, m, y] if y.len() == 4 => (*y, *m, *d),
        _ => return None,
    };
    let (y, m, d) = (y.parse::<u16>().ok()?, m.parse::<u8>().ok()?, d.parse::<u8>().ok()?);
    ((1800..2200).contains(&y) && (1..=12).contains(&m) && (1..=31).contains(&d)).then_some((y, m, d))
}

/// A number with whatever currency stands beside it. It only ranks pairs.
pub fn number(s: &str) -> Option<f64> {
    let core: String = s.trim_matches(|c: char| !(c.is_ascii_digit() || c == '-')).chars().filter(|c| !c.is_whitespace()).collect();
    let s = match (core.rfind('.'), core.rfind(',')) {
        (Some(dot), Some(comma)) if dot > comma => core.replace(',', ""),
        (Some(_), Some(_)) => core.replace('.', "").replace(',', "."),
        (None, Some(comma)) if core.len() - comma == 4 => core.replace(',', ""),
        _ => core.replace(',', "."),
    };
    s.parse::<f64>().ok().filter(|x| x.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ptr_13_columns_are_recognised_by_heading_and_values() {
        for (heading, values, kind) in [
            ("Телефон", &["044 123-45-67", "+380501112233"][..], Kind::Phone),
            ("a", &["404/231-1368", "213-848-6677"], Kind::Phone),
            ("x#phone_number", &["404/231-1368"], Kind::Phone),
            ("date_of_birth", &["19081209", "", "19990219"], Kind::Date),
            ("x", &["21.11.2026", "2026-11-22"], Kind::Date),
            ("b", &["a.b@x.org", "c@y.net"], Kind::Email),
            ("Ціна", &["1 200,50", "15"], Kind::Price),
            ("c", &["$399.00", "$12.5"], Kind::Price),
            ("year", &["1999", "2003"], Kind::Code),
            ("артикул", &["A-100", "77-B/2"], Kind::Code),
            ("state", &["nsw", "wa"], Kind::Code),
            ("вулиця", &["вул. Січових Стрільців, 5"], Kind::Address),
            ("title", &["Efficient schemes for managing multiversion XML documents"], Kind::Text),
            ("name", &["Олена Коваленко", "Іван Франко"], Kind::Name),
            // The heading says one thing, the values another.
            ("phone model", &["Nokia Lumia", "Samsung Galaxy"], Kind::Name),
            ("note", &["", " "], Kind::Ignore),
        ] {
            assert_eq!(recognise(heading, values.iter().copied()), kind, "{heading} {values:?}");
        }
    }

    #[test]
    fn ptr_13_dates_and_numbers_are_read_as_people_write_them() {
        for s in ["2026-11-21", "21.11.2026", "20261121", "21/11/2026", "11/21/2026", "2026-11-21T10:00:00Z"] {
            assert_eq!(date(s), Some((2026, 11, 21)), "{s}");
        }
        assert_eq!((date("2026-13-40"), date("нема"), date("12345678")), (None, None, None));
        for (s, x) in [("1 234,50 грн", 1234.5), ("$1,234.50", 1234.5), ("1,234", 1234.0), ("-5", -5.0), ("12,5", 12.5)] {
            assert_eq!(number(s), Some(x), "{s}");
        }
        assert_eq!(number("—"), None);
    }
}
