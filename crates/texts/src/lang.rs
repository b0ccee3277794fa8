//! The three languages of the product.

/// A language of the interface. English is the last resort when a text is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Lang {
    Uk,
    Ru,
    #[default]
    En,
}

impl Lang {
    pub const ALL: [Lang; 3] = [Lang::Uk, Lang::Ru, Lang::En];

    /// Two-letter code as in `<html lang>`, folders and user settings.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Uk => "uk",
            Lang::Ru => "ru",
            Lang::En => "en",
        }
    }

    /// Name of the language in itself, for the switch.
    pub fn name(self) -> &'static str {
        match self {
            Lang::Uk => "Українська",
            Lang::Ru => "Русский",
            Lang::En => "English",
        }
    }

    /// Reads `uk`, `uk-UA`, `uk_UA`; anything else than the three languages is `None`.
    pub fn parse(text: &str) -> Option<Lang> {
        let primary = text.trim().split(['-', '_']).next()?;
        Lang::ALL.into_iter().find(|l| l.code().eq_ignore_ascii_case(primary))
    }

    /// The best of the three for an `Accept-Language` header: highest quality first, then order in the header.
    /// A malformed or zero quality drops its entry; no match gives the default.
    pub fn negotiate(accept_language: &str) -> Lang {
        let mut best: Option<(Lang, f32)> = None;
        for entry in accept_language.split(',') {
            let mut parts = entry.split(';');
            let Some(lang) = parts.next().and_then(Lang::parse) else { continue };
            let quality = match parts.find_map(|p| p.trim().strip_prefix("q=")) {
                None => 1.0,
                Some(q) => match q.trim().parse::<f32>() {
                    Ok(q) if q > 0.0 && q <= 1.0 => q,
                    _ => continue,
                },
            };
            if best.is_none_or(|(_, b)| quality > b) {
                best = Some((lang, quality));
            }
        }
        best.map_or_else(Lang::default, |(l, _)| l)
    }

    pub(crate) fn index(self) -> usize {
        match self {
            Lang::Uk => 0,
            Lang::Ru => 1,
            Lang::En => 2,
        }
    }
}

impl std::fmt::Display for Lang {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::str::FromStr for Lang {
    type Err = ();
    fn from_str(s: &str) -> Result<Self, ()> {
        Lang::parse(s).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negotiates_by_quality_then_order() {
        let cases = [
            ("uk-UA,uk;q=0.9,ru;q=0.8,en;q=0.7", Lang::Uk),
            ("de, ru;q=0.5, uk;q=0.6", Lang::Uk),
            ("fr-FR, de", Lang::En),
            ("en;q=0.1, ru;q=0", Lang::En),
            ("ru, uk", Lang::Ru),
            ("uk;q=abc, ru;q=0.2", Lang::Ru),
            ("", Lang::En),
        ];
        for (header, lang) in cases {
            assert_eq!(Lang::negotiate(header), lang, "{header}");
        }
    }

    #[test]
    fn parses_codes_with_region() {
        assert_eq!(Lang::parse("uk_UA"), Some(Lang::Uk));
        assert_eq!(Lang::parse("EN-gb"), Some(Lang::En));
        assert_eq!(Lang::parse("ukr"), None);
    }
}
