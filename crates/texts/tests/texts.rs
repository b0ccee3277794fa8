//! The three languages say the same things: equal keys, equal arguments, no broken file, every text comes out whole.

use kontor_texts::{Arg, Lang, keys, problems, tr, tr_args, variables};
use std::collections::BTreeSet;

#[test]
fn locale_files_are_well_formed() {
    for lang in Lang::ALL {
        assert_eq!(problems(lang), [] as [String; 0], "{lang}");
    }
}

#[test]
fn languages_have_equal_keys() {
    let english: BTreeSet<&str> = keys(Lang::En).collect();
    assert!(english.len() > 1_000, "the locales are embedded");
    for lang in [Lang::Uk, Lang::Ru] {
        let own: BTreeSet<&str> = keys(lang).collect();
        let missing: Vec<_> = english.difference(&own).collect();
        let extra: Vec<_> = own.difference(&english).collect();
        assert!(missing.is_empty() && extra.is_empty(), "{lang}: missing {missing:?}, only there {extra:?}");
    }
}

#[test]
fn languages_take_equal_arguments() {
    for key in keys(Lang::En) {
        for lang in [Lang::Uk, Lang::Ru] {
            assert_eq!(variables(lang, key), variables(Lang::En, key), "{lang} {key}");
        }
    }
}

#[test]
fn every_text_comes_out_whole() {
    for lang in Lang::ALL {
        for key in keys(lang) {
            let names = variables(lang, key).expect("key comes from the list");
            for sample in [0, 1, 2, 5, 11, 21, 1_000] {
                let args: Vec<(&str, Arg)> = names.iter().map(|n| (n.as_str(), Arg::Number(sample))).collect();
                let text = if names.is_empty() { tr(lang, key).to_owned() } else { tr_args(lang, key, &args) };
                assert!(!text.trim().is_empty(), "{lang} {key} is empty");
                assert!(!text.contains(['{', '}', '⟦', '\u{2068}']), "{lang} {key}: {text}");
                assert_eq!(text, text.trim(), "{lang} {key} has spaces around");
                if names.is_empty() {
                    break;
                }
            }
        }
    }
}

/// A Ukrainian or Russian text left in English, or one with letters of the other language, is a slip of translation.
#[test]
fn languages_keep_their_letters() {
    for key in keys(Lang::Uk) {
        let names = variables(Lang::Uk, key).expect("key comes from the list");
        let args: Vec<(&str, Arg)> = names.iter().map(|n| (n.as_str(), Arg::Text("".into()))).collect();
        let uk = tr_args(Lang::Uk, key, &args);
        let ru = tr_args(Lang::Ru, key, &args);
        let en = tr_args(Lang::En, key, &args);
        if key.starts_with("lang-") || matches!(key, "choice-uk" | "choice-ru" | "choice-en") {
            continue;
        }
        assert!(!uk.contains(['ы', 'э', 'ъ', 'ё', 'Ы', 'Э', 'Ё']), "{key}: {uk}");
        assert!(!ru.contains(['і', 'ї', 'є', 'ґ', 'І', 'Ї', 'Є', 'Ґ', '’']), "{key}: {ru}");
        assert!(!en.chars().any(|c| ('а'..='я').contains(&c.to_lowercase().next().unwrap_or(c))), "{key}: {en}");
    }
}

#[test]
fn plurals_follow_the_language() {
    let lines = |lang, n: i64| tr_args(lang, "count-lines", &[("count", n.into())]);
    assert_eq!(lines(Lang::Uk, 1), "1 рядок");
    assert_eq!(lines(Lang::Uk, 22), "22 рядки");
    assert_eq!(lines(Lang::Uk, 11), "11 рядків");
    assert_eq!(lines(Lang::Ru, 3), "3 строки");
    assert_eq!(lines(Lang::Ru, 12_345), "12\u{a0}345 строк");
    assert_eq!(lines(Lang::En, 1), "1 line");
    assert_eq!(lines(Lang::En, 0), "0 lines");
}

#[test]
fn missing_keys_show_themselves() {
    assert_eq!(tr(Lang::Uk, "no-such-key"), "⟦no-such-key⟧");
    assert_eq!(tr_args(Lang::Uk, "no-such-key", &[("a", 1.into())]), "⟦no-such-key⟧");
    assert!(!kontor_texts::has(Lang::Uk, "no-such-key"));
}

#[test]
fn words_fall_back_from_the_particular_to_the_common() {
    use kontor_texts::{choice, entity_new, entity_one, label, state, verb};
    assert_eq!(label(Lang::Uk, "deals", "amount"), "Потенціал");
    assert_eq!(label(Lang::Uk, "payments", "partner_id"), "Партнер");
    assert_eq!(state(Lang::Uk, "deals", "won"), "Виграна");
    assert_eq!(state(Lang::Ru, "sales-orders", "posted"), "Проведено");
    assert_eq!(verb(Lang::En, "sales-orders", "confirm"), "Confirm");
    assert_eq!(choice(Lang::En, "agreements", "vat", "included"), "VAT included");
    assert_eq!(choice(Lang::En, "prices", "currency", "CZK"), "CZK");
    assert_eq!(entity_one(Lang::Uk, "agreements"), "Умови продажу");
    assert_eq!(entity_new(Lang::Ru, "partners"), "Новый партнёр");
}

#[test]
fn errors_show_their_arguments_the_local_way() {
    use kontor_texts::error;
    let args =
        |pairs: &[(&'static str, &str)]| -> Vec<(&'static str, String)> { pairs.iter().map(|(k, v)| (*k, (*v).to_owned())).collect() };
    assert_eq!(error(Lang::Uk, "too_long", &args(&[("max", "1")])), "Задовгий текст: найбільше 1 символ");
    assert_eq!(
        error(Lang::Ru, "credit_exceeded", &args(&[("limit", "500000.00"), ("exposure", "510000.50"), ("over", "10000.50")])),
        "Лимит кредита 500\u{a0}000,00 превышен на 10\u{a0}000,50: долг и открытые заказы вместе 510\u{a0}000,50"
    );
    assert_eq!(
        error(Lang::En, "not_enough_stock", &args(&[("product", "007"), ("available", "1.5"), ("needed", "1000")])),
        "Not enough of “007”: 1.5 available, 1,000 needed"
    );
    assert_eq!(error(Lang::Uk, "period_closed", &args(&[("date", "2026-10-31")])), "Період закрито до 31.10.2026 включно");
    assert_eq!(
        error(Lang::Uk, "state_refuses", &args(&[("state", "posted"), ("verb", "confirm")])),
        "Дія «Підтвердити» неможлива у стані «Проведено»"
    );
    assert_eq!(error(Lang::En, "has_dependents", &args(&[("what", "shipments")])), "First deal with what depends on this: Shipments");
    assert_eq!(error::<&str>(Lang::En, "never_heard_of", &[]), "Check the marked fields");
    assert_eq!(error::<&str>(Lang::En, "forbidden", &[]), "You are not allowed to do this");
    assert_eq!(
        error(Lang::Uk, "forbidden", &args(&[("action", "create"), ("entity", "partners")])),
        "У вас немає права на дію «Створення» (розділ «Партнери»)"
    );
    assert_eq!(error(Lang::Ru, "wrong_type", &args(&[("expected", "number")])), "Значение не того типа: ожидается число");
    assert_eq!(
        error(Lang::En, "unique", &args(&[("columns", "company_id, number")])),
        "Such a record already exists: the same Company, Number"
    );
    assert_eq!(error(Lang::En, "too_many_attempts", &args(&[("seconds", "61")])), "Too many attempts. Try again in 2 minutes");
    assert_eq!(error::<&str>(Lang::En, "too_small", &[]), "The value must be at least …");
}
