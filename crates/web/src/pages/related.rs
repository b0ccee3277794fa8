//! What refers to a record: a few of each kind, and the way to all of them.

use super::nav;
use super::state::Call;
use crate::ui::badge::{Badge, Tone};
use crate::ui::empty::Empty;
use crate::ui::icons::icon_small;
use crate::ui::money::Money;
use kontor_kernel::error::Result;
use kontor_platform::query::{PageRow, Query};
use kontor_platform::record::value_json;
use kontor_platform::spec::{Column, Kind, Mode, Spec, Ty};
use kontor_platform::value::{Id, Value};
use kontor_texts::{format, label, message, tr};
use maud::{Markup, Render, html};

/// Rows of each kind.
const EACH: usize = 6;

pub fn show(c: &Call, spec: &'static Spec, id: Id) -> Result<Markup> {
    let mut sections = vec![];
    for other in c.app.registry.specs.iter().copied().filter(|s| c.ctx.access.may(s, "read")) {
        for col in other.columns.iter().filter(|x| refers(c, spec, other, x)) {
            if let Some(m) = section(c, other, col, id)? {
                sections.push(m);
            }
        }
    }
    if sections.is_empty() {
        return Ok(Empty { icon: "link", title: c.t("page-card-nothing_related"), text: "", actions: html! {}, bare: true }.render());
    }
    Ok(html! { div class="k-related" { @for s in sections { (s) } } })
}

/// Columns written by people that lead here; who made a record is no relation worth a list.
fn refers(c: &Call, spec: &Spec, other: &Spec, x: &Column) -> bool {
    x.ty_is_ref_to(spec.name)
        && x.name != "created_by_id"
        && !matches!(x.mode, Mode::Hidden | Mode::Secret | Mode::Virtual(_))
        && !c.ctx.access.hidden(other, x.name)
}

trait RefTo {
    fn ty_is_ref_to(&self, name: &str) -> bool;
}
impl RefTo for Column {
    fn ty_is_ref_to(&self, name: &str) -> bool {
        matches!(self.ty, Ty::Ref(of) if of == name)
    }
}

fn section(c: &Call, other: &'static Spec, col: &'static Column, id: Id) -> Result<Option<Markup>> {
    let about: Vec<&'static Column> = other.columns.iter().filter(|x| x.visible() && !c.ctx.access.hidden(other, x.name)).collect();
    let pick = |f: &dyn Fn(&Column) -> bool| about.iter().find(|x| f(x)).copied();
    let date = pick(&|x| matches!(x.ty, Ty::Date) && (x.name == "date" || x.list));
    let state = pick(&|x| matches!(x.ty, Ty::State));
    let sum = pick(&|x| matches!(x.ty, Ty::Amount) && (x.name == "total" || x.name == "amount"))
        .or_else(|| pick(&|x| matches!(x.ty, Ty::Amount) && x.list));
    // Rows without words of their own are named by what else they refer to.
    let lead = (super::columns::lead(other) != other.title)
        .then(|| pick(&|x| matches!(x.ty, Ty::Ref(_)) && x.list && x.name != col.name))
        .flatten();
    let sum = sum.or_else(|| pick(&|x| matches!(x.ty, Ty::Price) && x.list));
    let shown: Vec<&Column> = [lead, date, state, sum].into_iter().flatten().collect();
    let pairs = [(col.name.to_string(), id.to_string())];
    let mut q = Query::parse(&c.app, &c.ctx, other, &pairs)?;
    (q.limit, q.fields) = (EACH, Some(shown.iter().map(|x| x.name.to_string()).collect()));
    let page = c.app.list(&c.ctx, other.name, &q)?;
    if page.rows.is_empty() {
        return Ok(None);
    }
    let all = format!("/{}?{}={id}", other.name, col.name);
    let new = format!("/{}/new?{}={id}", other.name, col.name);
    let entity = message::entity(c.lang, other.name);
    let by = label(c.lang, other.name, col.name);
    Ok(Some(html! {
        section class="k-sec" {
            header {
                h3 { (entity) @if page.next.is_none() { i { (page.rows.len()) } } @else { i { (page.rows.len()) "+" } } " " span class="m2 b4 s12" { (by) } }
                span class="row-f g4 ml-a" {
                    @if other.kind != Kind::Facts && col.writable() && c.ctx.access.may(other, "create") { a class="btn btn-3 btn-s" href=(new) { (icon_small("plus")) (message::entity_one(c.lang, other.name)) } }
                    a class="btn btn-3 btn-s" href=(all) { (tr(c.lang, "page-list-all")) }
                }
            }
            @for r in &page.rows { (row(c, other, &page.columns, r)) }
        }
    }))
}

fn row(c: &Call, other: &'static Spec, columns: &[usize], r: &PageRow) -> Markup {
    let named = columns.iter().zip(&r.titles).find_map(|(i, t)| t.as_deref().filter(|_| matches!(other.columns[*i].ty, Ty::Ref(_))));
    let title = named.unwrap_or(if r.title.is_empty() { tr(c.lang, "untitled") } else { r.title.as_str() });
    html! {
        a class="k-li" href={ "/" (other.name) "/" (r.id) } {
            span class="m2" { (crate::ui::icon(nav::icon(other))) } span class="cut" dir="auto" { (title) }
            @for (k, i) in columns.iter().enumerate() {
                @match (&other.columns[*i].ty, &r.values[k]) {
                    (Ty::State, Value::Text(s)) => (Badge { text: message::state(c.lang, other.name, s), tone: Tone::of_state(s) }),
                    (Ty::Date, Value::Date(d)) => time class="m2 s12" { (format::date(c.lang, *d)) },
                    (ty @ (Ty::Amount | Ty::Price), v @ Value::Int(_)) => (Money::new(c.lang, value_json(ty, v).as_str().unwrap_or(""))),
                    _ => "",
                }
            }
        }
    }
}
