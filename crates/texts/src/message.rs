//! Words by use: entity, column, state, choice, verb, error, hint; each with its way of falling back.

use crate::catalog::{Arg, find, tr, tr_args, variables};
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
    let own = [entity, "-", column].concat();
    find(lang, &own)
        .or_else(|| find(lang, &["field-", column].concat()))
        .or_else(|| find(lang, &format!("{own}_id")))
        .or_else(|| find(lang, &format!("field-{column}_id")))
        .unwrap_or_else(|| tr(lang, &own))
}

/// Label of a column inside of lines or of another column: `{entity}-{within}-{column}`, else that of the entity's own column.
/// `within` may be the name of a field, `phones[0]`: what stands before its brackets counts.
pub fn label_in(lang: Lang, entity: &str, within: &str, column: &str) -> &'static str {
    let within = within.split('[').next().unwrap_or(within);
    find(lang, &format!("{entity}-{within}-{column}")).unwrap_or_else(|| label(lang, entity, column))
}

/// A choice of a column: `{entity}-{column}-{choice}`, else `choice-{choice}`, else the code itself (codes such as currencies have no text).
pub fn choice(lang: Lang, entity: &str, column: &str, choice: &str) -> Cow<'static, str> {
    // Said for each row of a list: pasted together rather than formatted.
    find(lang, &[entity, "-", column, "-", choice].concat())
        .or_else(|| find(lang, &["choice-", choice].concat()))
        .map_or_else(|| Cow::Owned(choice.to_owned()), Cow::Borrowed)
}

/// A choice of a column inside of another: `{entity}-{within}-{column}-{choice}`, else that of the entity's own column.
pub fn choice_in(lang: Lang, entity: &str, within: &str, column: &str, one: &str) -> Cow<'static, str> {
    let within = within.split('[').next().unwrap_or(within);
    find(lang, &format!("{entity}-{within}-{column}-{one}")).map_or_else(|| choice(lang, entity, column, one), Cow::Borrowed)
}

/// A state: `{entity}-state-{state}`, else `state-{state}`.
pub fn state(lang: Lang, entity: &str, state: &str) -> &'static str {
    own_or_common(lang, &[entity, "-state-", state].concat(), &["state-", state].concat())
}

/// A verb as on a button: `{entity}-verb-{verb}`, else `verb-{verb}`.
pub fn verb(lang: Lang, entity: &str, verb: &str) -> &'static str {
    own_or_common(lang, &format!("{entity}-verb-{verb}"), &format!("verb-{verb}"))
}

/// Title of a report's column: `report-{report}-{column}`, else `field-{column}`.
pub fn report_column(lang: Lang, report: &str, column: &str) -> &'static str {
    own_or_common(lang, &format!("report-{report}-{column}"), &format!("field-{column}"))
}

fn own_or_common(lang: Lang, own: &str, common: &str) -> &'static str {
    find(lang, own).or_else(|| find(lang, common)).unwrap_or_else(|| tr(lang, own))
}

/// What a refusal says: `error-{code}` with its arguments in local form; an unknown code gives the general refusal.
pub fn error<K: AsRef<str>>(lang: Lang, code: &str, args: &[(K, String)]) -> String {
    message(lang, "error", code, args)
}

/// What to do about it: `hint-{code}`.
pub fn hint<K: AsRef<str>>(lang: Lang, code: &str, args: &[(K, String)]) -> String {
    message(lang, "hint", code, args)
}

/// The text with all the details (attribute `.full`) where every argument of it was given, else the plain one.
fn message<K: AsRef<str>>(lang: Lang, prefix: &str, code: &str, args: &[(K, String)]) -> String {
    let key = format!("{prefix}-{code}");
    let Some(wanted) = variables(lang, &key) else { return tr(lang, "error-invalid").to_owned() };
    let mut local: Vec<(&str, Arg)> = args.iter().map(|(name, value)| (name.as_ref(), localise(lang, name.as_ref(), value))).collect();
    if let Some(Arg::Number(seconds)) = local.iter().find(|(n, _)| *n == "seconds").map(|(_, v)| v) {
        local.push(("minutes", Arg::Number(seconds.div_euclid(60) + i64::from(seconds.rem_euclid(60) > 0))));
    }
    let given = |name: &String| local.iter().any(|(n, v)| n == name && *v != Arg::Text("".into()));
    let full = format!("{key}.full");
    if variables(lang, &full).is_some_and(|names| names.iter().all(given)) {
        return tr_args(lang, &full, &local);
    }
    // A detail that the caller did not give must not show as the name of a variable.
    let absent: Vec<_> =
        wanted.iter().filter(|n| !local.iter().any(|(l, _)| l == n)).map(|n| (n.as_str(), Arg::Text("…".into()))).collect();
    local.extend(absent);
    tr_args(lang, &key, &local)
}

/// Arguments travel as codes and plain decimal strings; their name tells what they are.
fn localise<'a>(lang: Lang, name: &str, value: &'a str) -> Arg<'a> {
    let one_of = |keys: &[String]| keys.iter().find_map(|k| find(lang, k)).map_or(Arg::Text(value.into()), Arg::from);
    match name {
        "state" => one_of(&[format!("state-{value}")]),
        "verb" | "action" => one_of(&[format!("right-{value}"), format!("verb-{value}")]),
        "field" | "column" => one_of(&[format!("field-{value}"), format!("field-{value}_id")]),
        "fields" | "columns" => {
            Arg::Text(value.split(", ").map(|c| find(lang, &format!("field-{c}")).unwrap_or(c)).collect::<Vec<_>>().join(", ").into())
        }
        "role" => one_of(&[format!("role-{value}")]),
        "expected" => find(lang, &format!("type-{value}")).map_or_else(|| local_value(lang, value), Arg::from),
        "entity" | "entities" | "what" => one_of(&[value.to_owned(), format!("report-{value}")]),
        // Texts of people that only look like numbers or dates stay as written.
        "value" | "product" | "partner" | "title" | "name" | "number" | "code" | "login" | "key" | "message" | "detail" | "choices"
        | "file" => Arg::Text(value.into()),
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
