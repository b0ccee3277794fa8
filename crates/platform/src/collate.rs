//! Sort keys by the Ukrainian collation, so that both databases sort names alike (neither does it right by itself).

use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::{Collator, CollatorBorrowed};
use std::sync::OnceLock;

/// Characters that take part in a key: longer names differ by id. Keeps index entries small on both databases.
const CHARS: usize = 60;

fn collator() -> &'static CollatorBorrowed<'static> {
    static C: OnceLock<CollatorBorrowed<'static>> = OnceLock::new();
    C.get_or_init(|| {
        let mut o = CollatorOptions::default();
        o.strength = Some(Strength::Secondary);
        Collator::try_new(icu_locale::locale!("uk").into(), o).expect("the compiled-in collation data hold Ukrainian")
    })
}

/// Bytes that compare as the text sorts in Ukrainian (case is ignored).
pub fn key(s: &str) -> Vec<u8> {
    let end = s.char_indices().nth(CHARS).map_or(s.len(), |(i, _)| i);
    let mut out = Vec::with_capacity(end + 8);
    match collator().write_sort_key_to(&s[..end], &mut out) {
        Ok(()) => out,
        Err(never) => match never {},
    }
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn plt_11_sorts_ukrainian_names() {
        let sorted = [
            "Абрикос",
            "аґрус",
            "Борщ",
            "Ворота",
            "Гараж",
            "Ґанок",
            "Дім",
            "Евкаліпт",
            "Єнот",
            "Жито",
            "Зебра",
            "Ива",
            "Іній",
            "Їжак",
            "Йод",
            "Яма",
        ];
        let mut shuffled = sorted;
        shuffled.reverse();
        shuffled.sort_by_key(|s| key(s));
        assert_eq!(shuffled, sorted);
    }
}
