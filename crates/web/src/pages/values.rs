//! Values as people read them: in cells, properties, chips and the history.

use super::state::Call;
use crate::ui::badge::{Badge, Tone};
use crate::ui::money::{Money, number};
use crate::ui::table::{Cell, put};
use chrono::{DateTime, NaiveDate, Utc};
use kontor_kernel::Percent;
use kontor_kernel::error::{Kind, Result};
use kontor_platform::query::Query;
use kontor_platform::record::value_json;
use kontor_platform::spec::{Column, Spec, Ty};
use kontor_platform::value::Value;
use kontor_texts::{Lang, format, message, tr};
use maud::{Markup, PreEscaped, Render, html};
use serde_json::Value as Json;
use std::borrow::Cow;

/// Decimals that a number of this type shows at least.
fn least(ty: &Ty) -> usize {
    match ty {
        Ty::Amount | Ty::Price => 2,
        Ty::Rate => 4,
        _ => 0,
    }
}

/// Words of a value that is no reference.
pub fn words(c: &Call, entity: &str, col: &Column, v: &Value) -> String {
    match v {
        Value::Null | Value::Bytes(_) => String::new(),
        Value::Bool(b) => tr(c.lang, if *b { "yes" } else { "no" }).to_string(),
        Value::Text(s) => code_words(c.lang, entity, col, s).into_owned(),
        Value::Date(d) => format::date(c.lang, *d),
        Value::Instant(t) => format::instant(c.lang, *t, &c.identity.zone),
        Value::Int(_) | Value::Id(_) => json_words(c, entity, col, &value_json(&col.ty, v)),
        Value::Json(j) => json_words(c, entity, col, j),
    }
}

/// The title of a record. Work that the program began by itself was called in English: it is called in the caller's language.
pub fn title<'a>(c: &Call, spec: &Spec, own: &'a str) -> Cow<'a, str> {
    let named = |lang, kind: &str| message::choice(lang, "jobs", "kind", kind);
    if spec.name == "jobs"
        && let Some(kind) = c.app.registry.jobs.iter().map(|k| k.name()).find(|k| named(Lang::En, k) == own)
    {
        return named(c.lang, kind).into_owned().into();
    }
    own.into()
}

fn code_words<'a>(lang: Lang, entity: &str, col: &Column, s: &'a str) -> Cow<'a, str> {
    match col.ty {
        Ty::Text { .. } if entity == "jobs" && col.name == "kind" => message::choice(lang, entity, col.name, s),
        // Which role a limit is for.
        Ty::Code("roles") => role(lang, s).into(),
        Ty::State => message::state(lang, entity, s).into(),
        Ty::Choice(_) | Ty::Set(_) => message::choice(lang, entity, col.name, s),
        _ => s.into(),
    }
}

/// Words of a value as the API and the history write it.
pub fn json_words(c: &Call, entity: &str, col: &Column, j: &Json) -> String {
    let lang = c.lang;
    match (&col.ty, j) {
        (_, Json::Null) => String::new(),
        (_, Json::Bool(b)) => tr(lang, if *b { "yes" } else { "no" }).to_string(),
        (Ty::Date, Json::String(s)) => s.parse::<NaiveDate>().map_or_else(|_| s.clone(), |d| format::date(lang, d)),
        (Ty::Instant, Json::String(s)) => {
            s.parse::<DateTime<Utc>>().map_or_else(|_| s.clone(), |t| format::instant(lang, t, &c.identity.zone))
        }
        (Ty::Percent, Json::String(s)) => percent(lang, s),
        (ty, Json::String(s)) if ty.scale().is_some() => number(lang, s, least(ty)),
        (Ty::Int { .. }, Json::Number(n)) => {
            n.as_i64().map_or_else(|| n.to_string(), |i| if (1000..10_000).contains(&i) { i.to_string() } else { format::integer(lang, i) })
        }
        (_, Json::String(s)) => code_words(lang, entity, col, s).into_owned(),
        (_, Json::Number(n)) => n.to_string(),
        (Ty::Set(_), Json::Array(a)) => {
            join(a.iter().filter_map(Json::as_str).map(|s| message::choice(lang, entity, col.name, s).into_owned()))
        }
        (Ty::Items(members), Json::Array(a)) => {
            a.iter().map(|o| object_words(c, entity, col.name, members, o)).collect::<Vec<_>>().join("; ")
        }
        (Ty::Object(members), o @ Json::Object(_)) => object_words(c, entity, col.name, members, o),
        (Ty::Tags, Json::Array(a)) if col.name == "roles" => join(a.iter().filter_map(Json::as_str).map(|r| role(lang, r))),
        (_, Json::Array(a)) => join(a.iter().map(plain)),
        (_, Json::Object(o)) if entity == "roles" && col.name == "permissions" => super::work::roles::permissions_words(c, o),
        (_, Json::Object(o)) => {
            let pairs = o.iter().map(|(k, v)| (k, plain(v))).filter(|(_, v)| !v.is_empty());
            pairs.map(|(k, v)| format!("{}: {v}", map_key(lang, k))).collect::<Vec<_>>().join("\n")
        }
    }
}

/// A key of a map: the label of a field where it is one, else as it stands.
fn map_key(lang: Lang, key: &str) -> &str {
    if let Some(of) = Lang::ALL.into_iter().find(|l| l.code() == key) {
        return of.name();
    }
    [format!("field-{key}"), format!("field-{key}_id")].iter().find(|k| kontor_texts::has(lang, k)).map_or(key, |k| tr(lang, k))
}

/// A built-in role by its name, another by its code.
pub fn role(lang: Lang, code: &str) -> String {
    let key = format!("role-{code}");
    if kontor_texts::has(lang, &key) { tr(lang, &key).to_string() } else { code.to_string() }
}

/// A percentage as the language writes it.
pub fn percent(lang: Lang, s: &str) -> String {
    Percent::parse(s).map_or_else(|_| s.to_owned(), |p| format::percent(lang, p.scaled()))
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.filter(|s| !s.is_empty()).collect::<Vec<_>>().join(", ")
}

fn plain(j: &Json) -> String {
    match j {
        // An id says nothing to people.
        Json::String(s) if kontor_platform::value::Id::parse_str(s).is_ok() => String::new(),
        Json::String(s) => s.clone(),
        Json::Null => String::new(),
        Json::Object(o) => join(o.values().map(plain)),
        Json::Array(a) => join(a.iter().map(plain)),
        other => other.to_string(),
    }
}

/// What an object in the column `within` says, member by member.
fn object_words(c: &Call, entity: &str, within: &str, members: &[Column], o: &Json) -> String {
    let words = |m: &Column| match (&m.ty, &o[m.name]) {
        (Ty::Choice(_), Json::String(s)) => message::choice_in(c.lang, entity, within, m.name, s).into_owned(),
        (_, value) => json_words(c, entity, m, value),
    };
    join(members.iter().map(words).filter(|w| kontor_platform::value::Id::parse_str(w).is_err()))
}

/// Id of no record.
const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// A record's title that opens its card; plain words for a caller who may not read such records at all.
pub fn link(c: &Call, of: &str, id: &str, class: &str, title: &str) -> Markup {
    let mut out = String::with_capacity(160);
    if id != NIL && c.app.registry.get(of).is_some_and(|s| c.ctx.access.may(s, "read")) {
        out.push_str("<a");
        if !class.is_empty() {
            put(&mut out, &[" class=\"", "\""], &[class]);
        }
        put(&mut out, &[" href=\"/", "/", "\" title=\"", "\">", "</a>"], &[of, id, title, title]);
        return PreEscaped(out);
    }
    out.push_str(if class == "m1" { "<span class=\"m1\"" } else { "<span" });
    put(&mut out, &[" title=\"", "\">", "</span>"], &[title, title]);
    PreEscaped(out)
}

/// A cell of a list. `title` is that of a reference.
pub fn cell<'a>(c: &Call, entity: &str, col: &Column, v: &'a Value, title: Option<&'a str>) -> Cell<'a> {
    match (&col.ty, v) {
        (_, Value::Null) => Cell::Empty,
        (Ty::Ref(of), Value::Id(id)) => match title {
            Some(t) => Cell::Markup(link(c, of, &id.to_string(), "m1", t)),
            None => Cell::Empty,
        },
        (Ty::Record, Value::Id(id)) => Cell::Soft(id.to_string().into()),
        (_, Value::Text(s)) if names_collection(c, entity, col) => Cell::Soft(message::entity_one(c.lang, s).into()),
        (Ty::State, Value::Text(s)) => Cell::Badge(message::state(c.lang, entity, s).into(), Tone::of_state(s)),
        // Nothing shipped, nothing paid: a dash is quieter than a zero.
        (Ty::Amount, Value::Int(0)) if col.derived => Cell::Money("".into(), 2),
        (Ty::Amount | Ty::Price, Value::Int(_)) => match value_json(&col.ty, v) {
            Json::String(s) => Cell::Money(s.into(), 2),
            _ => Cell::Empty,
        },
        (Ty::Percent | Ty::Int { .. }, Value::Int(_)) => Cell::Right(words(c, entity, col, v).into(), Tone::Plain),
        (Ty::Quantity | Ty::Rate, Value::Int(_)) => Cell::Number(match value_json(&col.ty, v) {
            Json::String(s) => s.into(),
            _ => "".into(),
        }),
        (_, Value::Bool(b)) => Cell::Yes(*b),
        (_, Value::Date(d)) => Cell::Date(format::date(c.lang, *d).into()),
        (_, Value::Instant(t)) => Cell::Date(format::instant(c.lang, *t, &c.identity.zone).into()),
        (Ty::Text { .. } | Ty::Long { .. } | Ty::Code(_), Value::Text(s)) => {
            Cell::Markup(html! { span class="m1" dir="auto" { (code_words(c.lang, entity, col, s)) } })
        }
        // Of phones and mails what is dialled and written to; of what kind they are tells the card.
        (Ty::Items(members), Value::Json(Json::Array(a))) if members.first().is_some_and(|m| m.name == "value") => {
            Cell::Soft(join(a.iter().filter_map(|x| x["value"].as_str()).map(phone)).into())
        }
        _ => Cell::Soft(words(c, entity, col, v).into()),
    }
}

/// A number as people read it to each other: `+380671112233` is `+380 67 111 22 33`; others stand as they were typed.
pub fn phone(number: &str) -> String {
    match number.strip_prefix("+380").filter(|rest| rest.len() == 9 && rest.bytes().all(|b| b.is_ascii_digit())) {
        Some(r) => format!("+380\u{a0}{}\u{a0}{}\u{a0}{}\u{a0}{}", &r[..2], &r[2..5], &r[5..7], &r[7..]),
        None => number.to_owned(),
    }
}

/// The rate's name in the caller's language; its code where it is gone.
fn vat_rate(c: &Call, code: &str) -> String {
    let found = || -> Result<_> {
        let spec = c.spec("vat-rates")?;
        let q = Query::parse(&c.app, &c.ctx, spec, &[("code".into(), code.into()), ("limit".into(), "1".into())])?;
        Ok(c.app.list(&c.ctx, spec.name, &q)?.rows.into_iter().next())
    };
    let rate = match found() {
        Ok(rate) => rate,
        // Not everybody may read rates.
        Err(e) if e.kind() == Kind::Forbidden => None,
        // A card does not fail for the name of a rate.
        Err(e) => {
            tracing::warn!(error = %e, code, "the name of a VAT rate could not be read");
            None
        }
    };
    rate.map_or_else(|| code.to_owned(), |r| r.title)
}

/// The column says of which collection the record is that the row is about.
fn names_collection(c: &Call, entity: &str, col: &Column) -> bool {
    matches!(col.ty, Ty::Text { .. }) && col.name == "entity"
        || c.app.registry.get(entity).and_then(|s| s.record_of).is_some_and(|(of, _)| of == col.name)
}

/// A property of a card: `j` as the API writes it, `reference` its `{id, title}`.
pub fn shown(c: &Call, entity: &str, col: &Column, j: &Json, reference: &Json, currency: &str) -> Markup {
    match (&col.ty, j) {
        (_, Json::Null) => html! { span class="m2" { "—" } },
        // Registers write the absence of a record as the nil id.
        (Ty::Ref(_), Json::String(id)) if id == NIL => html! { span class="m2" { "—" } },
        (Ty::Ref(of), Json::String(id)) => {
            let title = reference["title"].as_str().filter(|t| !t.is_empty()).unwrap_or(tr(c.lang, "untitled"));
            link(c, of, id, "lk", title)
        }
        (Ty::Record, Json::String(id)) => html! { span dir="auto" { (id) } },
        (_, Json::String(s)) if names_collection(c, entity, col) => html! { (message::entity_one(c.lang, s)) },
        (Ty::State, Json::String(s)) => Badge { text: message::state(c.lang, entity, s), tone: Tone::of_state(s) }.render(),
        (Ty::Amount | Ty::Price, Json::String(s)) => {
            Money::new(c.lang, s).unit(format::currency_sign(currency).unwrap_or(currency)).render()
        }
        (Ty::Long { .. }, Json::String(s)) if !s.is_empty() => html! { span class="pre" dir="auto" { (s) } },
        (Ty::Text { .. }, Json::String(s)) if col.name == "email" && s.contains('@') => {
            html! { a class="lk" href={ "mailto:" (s) } { (s) } }
        }
        (Ty::Text { .. }, Json::String(s)) if col.name == "phone" && !s.is_empty() => {
            html! { a class="lk nw" href={ "tel:" (s) } { (phone(s)) } }
        }
        (Ty::Code("vat-rates"), Json::String(s)) => html! { span { (vat_rate(c, s)) } },
        (Ty::Text { .. }, Json::String(s)) if s.starts_with("https://") || s.starts_with("http://") => {
            html! { a class="lk" href=(s) target="_blank" rel="noopener noreferrer" { (s) } }
        }
        (Ty::Items(members), Json::Array(a)) if matches!(col.name, "phones" | "emails") && !a.is_empty() => html! {
            @for o in a { div {
                @let value = o["value"].as_str().unwrap_or("");
                @if col.name == "phones" { a class="lk nw" href={ "tel:" (value) } { (phone(value)) } } @else { a class="lk" href={ "mailto:" (value) } { (value) } }
                @let kind = object_words(c, entity, col.name, &members[1..], o);
                @if !kind.is_empty() { " " span class="m2 s12" { (kind) } }
            } }
        },
        (Ty::Items(members), Json::Array(a)) if !a.is_empty() => html! {
            @for o in a { div class="pre" dir="auto" { (object_words(c, entity, col.name, members, o)) } }
        },
        (Ty::Map, Json::Object(o)) if o.values().any(Json::is_object) => nested(c.lang, o),
        _ => {
            let text = json_words(c, entity, col, j);
            html! { @if text.is_empty() { span class="m2" { "—" } } @else { span class=[text.contains('\n').then_some("pre")] dir="auto" { (text) } } }
        }
    }
}

/// A map with maps in it (the parties of a document as they were): what is filled, by its name.
fn nested(lang: Lang, o: &serde_json::Map<String, Json>) -> Markup {
    html! {
        @for (k, v) in o {
            @match v {
                Json::Object(inner) => div class="k-nest" { b class="b5" { (map_key(lang, k)) } (nested(lang, inner)) },
                v => { @let words = plain(v); @if !words.is_empty() { div { span class="m2" { (map_key(lang, k)) ": " } span dir="auto" { (words) } } } }
            }
        }
    }
}

/// The same in a table: references are plain links, sums without their currency, names cut.
pub fn in_table(c: &Call, entity: &str, col: &Column, j: &Json, reference: &Json) -> Markup {
    match (&col.ty, j) {
        (Ty::Ref(of), Json::String(id)) => {
            let title = reference["title"].as_str().filter(|t| !t.is_empty()).unwrap_or(tr(c.lang, "untitled"));
            link(c, of, id, "", title)
        }
        (Ty::Amount | Ty::Price, Json::String(s)) => Money::new(c.lang, s).render(),
        _ => shown(c, entity, col, j, reference, ""),
    }
}
