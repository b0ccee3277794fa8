//! Totals of a list, and the list in groups with theirs: counts and sums over everything that matches, not only the page.

use super::address;
use super::chips::Condition;
use super::columns::heads;
use super::nav;
use super::state::{Call, Reply, Req, Web, respond};
use super::values;
use crate::ui::empty::Empty;
use crate::ui::head::Menu;
use crate::ui::icons::icon;
use crate::ui::table::{self, Cell, Column as Head, Show};
use axum::extract::{Path, State};
use axum::response::Response;
use kontor_kernel::error::Result;
use kontor_platform::query::Query;
use kontor_platform::record::value_json;
use kontor_platform::spec::{Column, Spec, Ty};
use kontor_platform::totals::{self, GROUPS, Group};
use kontor_platform::value::Value;
use kontor_texts::{format, label, message, tr};
use maud::{Markup, Render, html};
use serde_json::Value as Json;

/// Shown columns that can be added up.
pub fn summed(columns: &[&'static Column]) -> Vec<&'static Column> {
    columns.iter().copied().filter(|c| totals::sums(c)).collect()
}

fn names(columns: &[&'static Column]) -> Vec<&'static str> {
    columns.iter().map(|c| c.name).collect()
}

/// What stands below a list: reckoned when the page is there, or at once where the address asks for it (`totals=true`).
/// Over a whole large collection only who asks waits for it.
pub fn foot(c: &Call, spec: &'static Spec, q: &Query, columns: &[&'static Column], selects: bool, whole: bool) -> Result<Option<Markup>> {
    if summed(columns).is_empty() {
        return Ok(None);
    }
    if c.param("totals") == Some("true") {
        return Ok(Some(rows(c, spec, q, columns, selects)?));
    }
    let path = format!("/{}", spec.name);
    let from = address::with(
        &format!("/list{path}/totals"),
        &c.req.query,
        &["after", "count", "limit"],
        &[("boxes", if selects { "true" } else { "" })],
    );
    let plain = address::with(&path, &c.req.query, &["after"], &[("totals", "true")]);
    // A cell under each column: one across all of them would bring hidden columns back on a phone.
    let shows = table::shows(&heads(c, spec, columns, q, ""));
    Ok(Some(html! {
        tr hx-get=(from) hx-trigger=(if whole { "load" } else { "click" }) hx-target="this" hx-swap="outerHTML" {
            @if selects { td class="box" {} }
            td class="over" { a class="lk" href=(plain) { (c.t("page-list-totals")) } }
            @for show in shows.iter().skip(1) { (table::cell(c.lang, &Cell::Empty, *show)) }
        }
    }))
}

/// A row per currency: how many, and the sums under their columns.
fn rows(c: &Call, spec: &'static Spec, q: &Query, columns: &[&'static Column], selects: bool) -> Result<Markup> {
    let sums = summed(columns);
    let found = c.app.totals(&c.ctx, spec.name, q, None, &names(&sums))?;
    let several = found.len() > 1;
    let shows = table::shows(&heads(c, spec, columns, q, ""));
    Ok(html! {
        @for g in &found {
            tr {
                @if selects { td class="box" {} }
                @for (i, col) in columns.iter().enumerate() {
                    @if i == 0 {
                        td { (c.t("report-total")) " " span class="m2 tn" { (format::integer(c.lang, g.count)) @if several { " · " (g.currency) } } }
                    } @else if let Some(k) = sums.iter().position(|s| s.name == col.name) {
                        (table::cell(c.lang, &sum(col, g.sums[k]), shows[i]))
                    } @else { (table::cell(c.lang, &Cell::Empty, shows[i])) }
                }
            }
        }
    })
}

fn sum(col: &Column, scaled: i64) -> Cell<'static> {
    match value_json(&col.ty, &Value::Int(scaled)) {
        Json::String(s) if matches!(col.ty, Ty::Amount) => Cell::Money(s.into(), 2),
        Json::String(s) => Cell::Number(s.into()),
        _ => Cell::Empty,
    }
}

/// `GET /list/{collection}/totals`: the rows in place of the one that asked.
pub async fn show(State(web): State<Web>, Path(collection): Path<String>, req: Req) -> Response {
    respond(web, req, move |c| {
        let spec = c.spec(&collection)?;
        let a = super::list::asked(c, spec)?;
        Ok(Reply::ok(rows(c, spec, &a.query, &a.columns, c.param("boxes") == Some("true"))?))
    })
    .await
}

/// Columns that the caller may put the list into groups by.
fn offered(c: &Call, spec: &'static Spec) -> Vec<&'static Column> {
    let fits = |x: &&Column| totals::groups_by(x) && (x.list || matches!(x.ty, Ty::State)) && !c.ctx.access.hidden(spec, x.name);
    spec.columns.iter().filter(fits).collect()
}

/// The column of `group=` in the address.
pub fn asked_for(c: &Call, spec: &'static Spec) -> Option<&'static Column> {
    let name = c.param("group")?;
    offered(c, spec).into_iter().find(|x| x.name == name)
}

pub fn menu(c: &Call, spec: &'static Spec, path: &str) -> Markup {
    let all = offered(c, spec);
    if all.is_empty() {
        return html! {};
    }
    let now = c.param("group").unwrap_or("");
    let to = |name: &str| address::with(path, &c.req.query, &["after", "count", "group"], &[("group", name)]);
    let items = html! {
        @if !now.is_empty() { a href=(to("")) { (icon("x")) (c.t("page-list-ungrouped")) } hr; }
        @for x in &all { a href=(to(x.name)) class=[(x.name == now).then_some("on")] aria-current=[(x.name == now).then_some("true")] { (label(c.lang, spec.name, x.name)) } }
    };
    Menu { label: c.t("page-list-group"), icon: "layers-subtract", worded: true, items }.render()
}

/// The list in groups: each opens to its rows.
pub fn view(
    c: &Call,
    spec: &'static Spec,
    q: &Query,
    by: &'static Column,
    conditions: &[Condition],
    columns: &[&'static Column],
) -> Result<Markup> {
    // what is not shown because a condition makes it constant is still added up
    let sums = summed(columns);
    let found = c.app.totals(&c.ctx, spec.name, q, Some(by.name), &names(&sums))?;
    let whole = c.app.totals(&c.ctx, spec.name, q, None, &names(&sums))?;
    if found.is_empty() {
        let title = c.t(if conditions.is_empty() { "page-list-empty" } else { "page-list-no_match" });
        return Ok(Empty { icon: nav::icon(spec), title, text: "", actions: html! {}, bare: true }.render());
    }
    let money = found.iter().any(|g| !g.currency.is_empty());
    let head = |title: &str, width, right| Head { title: title.to_string().into(), width, right, ..Head::default() };
    let mut columns_of = vec![head(label(c.lang, spec.name, by.name), None, false), head(c.t("page-list-how_many"), Some(90), true)];
    columns_of.extend(sums.iter().map(|x| head(label(c.lang, spec.name, x.name), Some(150), true)));
    if money {
        columns_of.push(head(label(c.lang, spec.name, "currency"), Some(80), false));
    }
    let line = |first: Cell<'static>, g: &Group| -> Vec<Cell<'static>> {
        let mut cells = vec![first, Cell::Number(g.count.to_string().into())];
        cells.extend(sums.iter().zip(&g.sums).map(|(x, s)| sum(x, *s)));
        if money {
            cells.push(Cell::Soft(g.currency.clone().into()));
        }
        cells
    };
    let rows: Vec<table::Row> = found
        .iter()
        .enumerate()
        .map(|(n, g)| {
            let href = opened(c, spec, by, g);
            table::Row {
                id: n.to_string().into(),
                href: href.clone().into(),
                cells: line(Cell::Name(words(c, spec, by, g).into(), href.into()), g),
                off: false,
            }
        })
        .collect();
    let label_of = message::entity(c.lang, spec.name);
    let feet = html! {
        @for g in &whole { tr { @for x in line(Cell::Text(tr(c.lang, "report-total").into()), g) { (table::cell(c.lang, &x, Show::Always)) } } }
    };
    let table = table::Table {
        lang: c.lang,
        label: label_of,
        columns: &columns_of,
        rows: &rows,
        totals: None,
        foot: Some(feet),
        next: None,
        select: None,
        peek: false,
    };
    Ok(html! {
        div class="k-scroll" data-list { (table) @if found.len() >= GROUPS { p class="pad m2" { (c.t("page-list-groups_cut")) } } }
    })
}

/// The group in words.
fn words(c: &Call, spec: &'static Spec, by: &Column, g: &Group) -> String {
    match &g.key {
        Value::Null => c.t("page-list-without_value").to_string(),
        Value::Text(m) if matches!(by.ty, Ty::Date) => month(c, m).unwrap_or_else(|| m.clone()),
        v => match &g.title {
            Some(t) if !t.is_empty() => t.clone(),
            _ if matches!(by.ty, Ty::State) => message::state(c.lang, spec.name, v.as_text().unwrap_or_default()).to_string(),
            _ => values::words(c, spec.name, by, v),
        },
    }
}

/// `листопад 2026` of `2026-11`.
fn month(c: &Call, key: &str) -> Option<String> {
    let (y, m) = key.split_once('-')?;
    Some(format!("{} {y}", format::month_name(c.lang, m.parse().ok()?)))
}

/// The list without groups and with the group's condition.
fn opened(c: &Call, spec: &'static Spec, by: &Column, g: &Group) -> String {
    let path = format!("/{}", spec.name);
    let to = |key: &str, value: &str| address::with(&path, &c.req.query, &["after", "count", "group"], &[(key, value)]);
    match (&g.key, &by.ty) {
        (Value::Null, _) => to(&format!("{}.empty", by.name), "true"),
        (Value::Text(m), Ty::Date) => match kontor_platform::input::parse_date(&format!("{m}-01")) {
            Ok(first) => {
                let next = first.checked_add_months(chrono::Months::new(1)).unwrap_or(first);
                let keys = [format!("{}.ge", by.name), format!("{}.lt", by.name)];
                address::with(
                    &path,
                    &c.req.query,
                    &["after", "count", "group"],
                    &[(&keys[0], &first.to_string()), (&keys[1], &next.to_string())],
                )
            }
            Err(_) => path.clone(),
        },
        (Value::Id(id), _) => to(by.name, &id.to_string()),
        (Value::Bool(b), _) => to(by.name, &b.to_string()),
        (v, _) => to(by.name, v.as_text().unwrap_or_default()),
    }
}
