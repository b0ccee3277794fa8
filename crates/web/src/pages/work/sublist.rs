//! A short list inside a card: some columns of some rows, each shown by its declared type.

use super::rows::{self, Row, Rows};
use super::words;
use crate::pages::Call;
use crate::ui::badge::Tone;
use crate::ui::table::{self, Cell, Column, Show};
use kontor_platform::spec::{Spec, Ty};
use kontor_platform::value::Value;
use kontor_texts::{format, message};
use maud::{Markup, html};
use serde_json::Value as Json;

/// A table of `columns` (names of the entity); `all` leads to the full list when there is more.
pub fn sublist(call: &Call, spec: &Spec, found: &Rows, columns: &[&str], all: &str) -> Markup {
    if found.is_empty() {
        return html! {};
    }
    let lang = call.lang;
    let shown: Vec<&str> = columns.iter().copied().filter(|c| spec.col(c).is_some() && !call.ctx.access.hidden(spec, c)).collect();
    let heads: Vec<Column> = shown.iter().enumerate().map(|(n, c)| head(call, spec, c, n)).collect();
    let rows: Vec<table::Row> = found
        .iter()
        .map(|r| table::Row {
            id: r.id().to_string().into(),
            href: r.href().into(),
            cells: shown.iter().map(|c| cell(call, spec, r, c)).collect(),
            off: matches!(r.state(), "cancelled" | "reversed"),
        })
        .collect();
    html! {
        (table::Table { lang, label: message::entity(lang, spec.name), columns: &heads, rows: &rows, totals: None, foot: None, next: None, select: None, peek: false })
        @if found.more() { p class="pad s12" { a class="lk" href=(all) { (kontor_texts::tr(lang, "work-show_all")) } } }
    }
}

fn head<'a>(call: &Call, spec: &Spec, column: &str, n: usize) -> Column<'a> {
    let ty = spec.col(column).map(|c| &c.ty);
    let is_title = column == spec.title;
    let width = match ty {
        _ if is_title && !matches!(spec.kind, kontor_platform::spec::Kind::Document) => None,
        _ if is_title => Some(132),
        Some(Ty::Amount | Ty::State | Ty::Choice(_)) => Some(124),
        Some(Ty::Date) => Some(108),
        Some(Ty::Percent | Ty::Quantity | Ty::Bool | Ty::Int { .. } | Ty::Code(_)) => Some(84),
        Some(Ty::Items(_)) => Some(170),
        Some(Ty::Instant) => Some(152),
        _ => Some(190),
    };
    let width = if n == 0 && !is_title { Some(132) } else { width };
    Column {
        title: message::label(call.lang, spec.name, column).into(),
        width,
        right: ty.is_some_and(Ty::is_number),
        show: if n > 3 { Show::Wide } else { Show::Always },
        ..Column::default()
    }
}

fn cell<'a>(call: &Call, spec: &Spec, r: Row<'a>, column: &str) -> Cell<'a> {
    let lang = call.lang;
    let Some(c) = spec.col(column) else { return Cell::Empty };
    if column == spec.title {
        let title = if r.title().is_empty() { kontor_texts::tr(lang, "untitled") } else { r.title() };
        return Cell::Name(title.into(), r.href().into());
    }
    match (&c.ty, r.value(column)) {
        (_, Value::Null) => Cell::Empty,
        (Ty::State, Value::Text(s)) => Cell::Badge(message::state(lang, spec.name, s).into(), Tone::of_state(s)),
        (Ty::Amount, _) => Cell::Money(r.decimal(column).into(), 2),
        (Ty::Percent, Value::Int(n)) => Cell::Right(format::percent(lang, *n).into(), Tone::Plain),
        (ty, _) if ty.is_number() => Cell::Number(r.decimal(column).into()),
        (Ty::Date, Value::Date(d)) => {
            let late = matches!(column, "due_on" | "due_date" | "closes_on")
                && *d < call.ctx.today
                && !matches!(r.state(), "done" | "won" | "lost" | "cancelled" | "closed");
            if late {
                Cell::Right(words::day(lang, call.ctx.today, *d).into(), Tone::Bad)
            } else {
                Cell::Date(format::date(lang, *d).into())
            }
        }
        (Ty::Instant, Value::Instant(at)) => Cell::Date(format::instant(lang, *at, &call.identity.zone).into()),
        (Ty::Ref(of), Value::Id(_)) if !rows::may(call, of, "read") => Cell::Soft(r.name_of(column).into()),
        (Ty::Ref(of), Value::Id(id)) => Cell::Link(r.name_of(column).into(), format!("/{of}/{id}").into()),
        (Ty::Choice(_), Value::Text(s)) => Cell::Text(message::choice(lang, spec.name, column, s)),
        (Ty::Bool, Value::Bool(b)) => Cell::Yes(*b),
        (_, Value::Json(j)) => Cell::Text(joined(call, spec, column, j).into()),
        (_, Value::Text(s)) => Cell::Soft(s.as_str().into()),
        _ => Cell::Empty,
    }
}

/// Several values in one cell: phones, tags, roles.
fn joined(call: &Call, spec: &Spec, column: &str, j: &Json) -> String {
    let one = |x: &Json| match x {
        Json::String(s) => message::choice(call.lang, spec.name, column, s).into_owned(),
        Json::Object(o) => o.get("value").and_then(Json::as_str).unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    j.as_array().into_iter().flatten().map(one).filter(|s| !s.is_empty()).collect::<Vec<_>>().join(", ")
}
