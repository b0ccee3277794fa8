//! Words by use: entity, column, state, choice, verb, error, hint; each with its way of falling back.

use crate::catalog::{Arg, find, has, tr, tr_args};
use crate::{Lang, format};
use std::borrow::Cow;

/// Title of a collection: `partners` → "Партнери".
pub fn entity(lang: Lang, entity: &str) -> &'static str {
    tr(lang, entity)
}

/// One record of it: "Партнер".
pub fn entity_one(lang: Lang, entity: &str) -> &'static str {
    tr(lang, &format!("{entity}.one"))
}

/// A new record of it: "Новий партнер".
pub fn entity_new(lang: Lang, entity: &str) -> &'static str {
    tr(lang, &format!("{entity}.new"))
}

/// Label of a column: `{entity}-{column}`, else `field-{column}`; a reference read as `partner` is labelled as its `partner_id`.
pub fn label(lang: Lang, entity: &str, column: &str) -> &'static str {
    let own = format!("{entity}-{column}");
    let common = format!("field-{column}");
    first(lang, &[&own, &common, &format!("{own}_id"), &format!("{common}_id")])
}

/// A choice of a column: `{entity}-{column}-{choice}`, else `choice-{choice}`, else the code itself (codes such as currencies have no text).
pub fn choice(lang: Lang, entity: &str, column: &str, choice: &str) -> Cow<'static, str> {
    let specific = format!("{entity}-{column}-{choice}");
    let common = format!("choice-{choice}");
    find(lang, &specific).or_else(|| find(lang, &common)).map_or_else(|| Cow::Owned(choice.to_owned()), Cow::Borrowed)
}

/// A state: `{entity}-state-{state}`, else `state-{state}`.
pub fn state(lang: Lang, entity: &str, state: &str) -> &'static str {
    first(lang, &[&format!("{entity}-state-{state}"), &format!("state-{state}")])
}

/// A verb as on a button: `{entity}-verb-{verb}`, else `verb-{verb}`.
pub fn verb(lang: Lang, entity: &str, verb: &str) -> &'static str {
    first(lang, &[&format!("{entity}-verb-{verb}"), &format!("verb-{verb}")])
}

/// Title of a report's column: `report-{report}-{column}`, else `field-{column}`.
pub fn report_column(lang: Lang, report: &str, column: &str) -> &'static str {
    first(lang, &[&format!("report-{report}-{column}"), &format!("field-{column}")])
}

/// What a refusal says: `error-{code}` with its arguments in local form; an unknown code gives the general refusal.
pub fn error<K: AsRef<str>>(lang: Lang, code: &str, args: &[(K, String)]) -> String {
    message(lang, "error", code, args)
}

/// What to do about it: `hint-{code}`.
pub fn hint<K: AsRef<str>>(lang: Lang, code: &str, args: &[(K, String)]) -> String {
    message(lang, "hint", code, args)
}

fn message<K: AsRef<str>>(lang: Lang, prefix: &str, code: &str, args: &[(K, String)]) -> String {
    let key = format!("{prefix}-{code}");
    if !has(lang, &key) && !has(Lang::En, &key) {
        return tr(lang, "error-invalid").to_owned();
    }
    let local: Vec<(&str, Arg)> = args.iter().map(|(name, value)| (name.as_ref(), localise(lang, name.as_ref(), value))).collect();
    tr_args(lang, &key, &local)
}

/// Arguments travel as codes and plain decimal strings; their name tells what they are.
fn localise<'a>(lang: Lang, name: &str, value: &'a str) -> Arg<'a> {
    let named = |prefix: &str| find(lang, &format!("{prefix}-{value}")).map_or(Arg::Text(value.into()), Arg::from);
    match name {
        "state" => named("state"),
        "verb" => named("verb"),
        "field" | "column" => named("field"),
        "role" => named("role"),
        "entity" => find(lang, &format!("{value}.one")).map_or(Arg::Text(value.into()), Arg::from),
        "entities" | "what" => find(lang, value).map_or(Arg::Text(value.into()), Arg::from),
        // Texts of people that only look like numbers or dates stay as written.
        "value" | "product" | "partner" | "title" | "name" | "number" | "code" | "login" | "key" | "message" | "choices" | "file" => {
            Arg::Text(value.into())
        }
        _ => local_value(lang, value),
    }
}

fn local_value<'a>(lang: Lang, value: &'a str) -> Arg<'a> {
    if let Ok(n) = value.parse::<i64>()
        && n.to_string() == value
    {
        return Arg::Number(n);
    }
    if let Ok(date) = value.parse::<chrono::NaiveDate>()
        && value.len() == 10
    {
        return Arg::Text(format::date(lang, date).into());
    }
    format::decimal(lang, value).map_or(Arg::Text(value.into()), |t| Arg::Text(t.into()))
}

fn first(lang: Lang, keys: &[&str]) -> &'static str {
    keys.iter().find_map(|k| find(lang, k)).unwrap_or_else(|| tr(lang, keys[0]))
}
