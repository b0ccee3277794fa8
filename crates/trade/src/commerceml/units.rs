//! Units of measure as 1C writes them: the code of the all-Russian classifier (OKEI, the same numbers as the Ukrainian one),
//! a short name, an international abbreviation.

use kontor_exchange::read::Node;

/// Classifier's code, our code, short names in use.
const UNITS: [(&str, &str, &[&str]); 16] = [
    ("796", "pcs", &["шт", "шт.", "штука", "pce", "pcs", "nmb"]),
    ("166", "kg", &["кг", "кілограм", "килограмм", "kgm"]),
    ("163", "g", &["г", "грамм", "грам", "grm"]),
    ("168", "t", &["т", "тонна", "tne"]),
    ("006", "m", &["м", "метр", "mtr"]),
    ("055", "m2", &["м2", "м²", "кв.м", "кв. м", "mtk"]),
    ("113", "m3", &["м3", "м³", "куб.м", "куб. м", "mtq"]),
    ("112", "l", &["л", "литр", "літр", "ltr"]),
    ("778", "pack", &["упак", "упак.", "уп", "уп.", "упаковка", "nmp"]),
    ("812", "box", &["ящ", "ящ.", "ящик"]),
    ("715", "pair", &["пар", "пара", "пара (2 шт.)", "npr"]),
    ("839", "set", &["компл", "компл.", "комплект", "набор", "набір", "set"]),
    ("356", "h", &["ч", "час", "год", "година", "hur"]),
    ("359", "day", &["сут", "дн", "день", "day"]),
    ("362", "month", &["мес", "міс", "месяц", "місяць", "mon"]),
    ("2009", "service", &["услуга", "послуга", "усл"]),
];

/// A unit of the file: our code for it, and a name for those that are made.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    pub code: String,
    pub name: String,
    pub known: bool,
}

fn ours(code: &str) -> Unit {
    Unit { code: code.into(), name: String::new(), known: true }
}

/// `<БазоваяЕдиница Код="796" НаименованиеПолное="Штука">шт</БазоваяЕдиница>`, or only one of these. What says nothing are pieces.
pub fn of(n: Option<&Node>) -> Unit {
    let Some(n) = n else { return ours("pcs") };
    let text = Some(n.text.trim()).filter(|t| !t.is_empty());
    let code = n.attribute("Код").or(text.filter(|t| t.bytes().all(|b| b.is_ascii_digit())));
    let full = n.attribute("НаименованиеПолное");
    let short = text.filter(|t| Some(*t) != code).or(n.attribute("НаименованиеКраткое"));
    named(code, short, full.or(n.attribute("МеждународноеСокращение")))
}

/// The same from loose words.
pub fn named(code: Option<&str>, short: Option<&str>, full: Option<&str>) -> Unit {
    if let Some(c) = code
        && let Some(u) = UNITS.iter().find(|u| u.0.trim_start_matches('0') == c.trim().trim_start_matches('0'))
    {
        return ours(u.1);
    }
    for word in short.iter().chain(&full).map(|w| w.trim().to_lowercase()) {
        if let Some(u) = UNITS.iter().find(|u| u.1 == word || u.2.contains(&word.as_str())) {
            return ours(u.1);
        }
    }
    let symbol = [short, code, full].into_iter().flatten().find(|w| !w.is_empty() && w.chars().count() <= 20);
    match symbol {
        Some(s) => Unit { code: s.into(), name: full.or(short).unwrap_or(s).into(), known: false },
        None => ours("pcs"),
    }
}

/// Classifier's code, short and full name of one of our units, for files that we write.
pub fn okei(code: &str) -> Option<(&'static str, &'static str)> {
    UNITS.iter().find(|u| u.1 == code).map(|u| (u.0, u.2[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prc_12_units_of_every_notation() {
        for (code, short, full, wanted) in [
            (Some("796"), Some("шт"), Some("Штука"), "pcs"),
            (Some("796 "), None, None, "pcs"),
            (Some("6"), None, None, "m"),
            (None, Some("Пара"), None, "pair"),
            (Some("715"), None, Some("Пара (2 шт.)"), "pair"),
            (None, Some("бухта"), None, "бухта"),
            (Some("736"), None, Some("Рулон"), "736"),
            (None, None, None, "pcs"),
        ] {
            assert_eq!(named(code, short, full).code, wanted, "{code:?} {short:?} {full:?}");
        }
    }
}
