//! Rows that say something of a record of any collection (what it is called elsewhere), and the record's own card: what the
//! record is, by its title where the caller may see that, and what it is called elsewhere.

use super::nav;
use super::state::Call;
use super::titles::Titles;
use super::work::rows::rows;
use crate::ui::figures::Section;
use crate::ui::icons::icon;
use crate::ui::table::Cell;
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_platform::external_ids::COLLECTION;
use kontor_platform::query::{Page, Query};
use kontor_platform::spec::{Spec, Ty};
use kontor_platform::value::{Id, Value};
use kontor_texts::{message, tr};
use maud::{Markup, Render, html};

/// Names shown on a card; more are a list.
const SHOWN: &str = "5";

/// The records that a page of rows is about.
#[derive(Default)]
pub struct About(HashMap<Id, (&'static Spec, Option<String>)>);

impl About {
    /// Reads kinds and titles: one question for the kinds, one for the titles of each kind. Nothing where the rows are about no
    /// records.
    pub fn of(c: &Call, page: &Page) -> Result<About> {
        let Some((entity, record)) = page.spec.record_of else { return Ok(About::default()) };
        let at = |name: &str| page.columns.iter().position(|i| page.spec.columns[*i].name == name);
        let Some(id_at) = at(record) else { return Ok(About::default()) };
        let id_of = |values: &[Value]| values[id_at].as_id();
        let mut kinds: HashMap<Id, String> = HashMap::new();
        if let Some(kind_at) = at(entity) {
            kinds.extend(page.rows.iter().filter_map(|r| Some((id_of(&r.values)?, r.values[kind_at].as_text()?.to_string()))));
        } else {
            // The column is not among those shown: a condition has made it constant, or the reader has chosen others.
            for chunk in page.rows.chunks(200) {
                let list = chunk.iter().map(|r| r.id.to_string()).collect::<Vec<_>>().join(",");
                let mut q = Query::parse(&c.app, &c.ctx, page.spec, &[("id".into(), list)])?;
                (q.limit, q.fields) = (200, Some(vec![entity.into(), record.into()]));
                let found = c.app.list(&c.ctx, page.spec.name, &q)?;
                kinds.extend(found.rows.iter().filter_map(|r| Some((r.values[1].as_id()?, r.values[0].as_text()?.to_string()))));
            }
        }
        About::named(c, kinds)
    }

    fn named(c: &Call, kinds: HashMap<Id, String>) -> Result<About> {
        let specs: HashMap<Id, &'static Spec> =
            kinds.into_iter().filter_map(|(id, entity)| Some((id, c.app.registry.get(&entity)?))).collect();
        let mut titles = Titles::default();
        for (id, spec) in specs.iter().filter(|(_, s)| !c.ctx.access.hidden(s, s.title)) {
            titles.want(spec.name, *id);
        }
        titles.read(c)?;
        Ok(About(specs.into_iter().map(|(id, spec)| (id, (spec, titles.get(&id.to_string()).map(str::to_string)))).collect()))
    }

    /// The record as a cell; none where nothing is known of it.
    pub fn cell(&self, c: &Call, id: Id) -> Option<Cell<'static>> {
        let (spec, title) = self.0.get(&id)?;
        Some(Cell::Markup(linked(c, spec, id, title.as_deref(), "m1")))
    }
}

/// The record's title as a link; its kind where the title is not for the caller.
fn linked(c: &Call, spec: &'static Spec, id: Id, title: Option<&str>, class: &str) -> Markup {
    let Some(title) = title else { return html! { span class="m2" { (message::entity_one(c.lang, spec.name)) } } };
    let title = if title.is_empty() { tr(c.lang, "untitled") } else { title };
    html! { a class=(class) href={ "/" (spec.name) "/" (id) } title=(title) dir="auto" { (title) } }
}

/// One record, on a card.
pub fn link(c: &Call, entity: &str, id: Id) -> Result<Markup> {
    let about = About::named(c, [(id, entity.to_string())].into())?;
    Ok(match about.0.get(&id) {
        Some((spec, title)) => html! { span class="m2" { (icon(nav::icon(spec))) } " " (linked(c, spec, id, title.as_deref(), "lk")) },
        None => html! { span class="m2" { "—" } },
    })
}

/// Title of the record that a condition of the list names; its kind is that of any row about it.
pub fn title(c: &Call, spec: &'static Spec, id: Id) -> Result<String> {
    let Some((entity, record)) = spec.record_of else { return Ok("…".into()) };
    let found = rows(c, spec.name, &[(record, &id.to_string()), ("limit", "1")], &[entity])?;
    match found.first() {
        Some(row) => super::chips::title(c, row.text(entity), id),
        None => Ok("…".into()),
    }
}

/// What a record is called in other programs: each with its source, as far as the caller may know.
pub struct Known {
    names: Vec<(String, String, String)>,
    all: Option<String>,
}

pub fn known(c: &Call, spec: &Spec, id: &str) -> Result<Known> {
    let none = Known { names: vec![], all: None };
    let own = spec.record_of.is_some() || matches!(spec.col("external_id"), Some(x) if !matches!(x.ty, Ty::Text { .. }));
    if own || c.app.registry.get(COLLECTION).is_none() {
        return Ok(none);
    }
    let found = rows(c, COLLECTION, &[("entity", spec.name), ("record_id", id), ("limit", SHOWN)], &["source", "external_id"])?;
    let all = found.more().then(|| format!("/{COLLECTION}?entity={}&record_id={id}", spec.name));
    Ok(Known { names: found.iter().map(|r| (r.text("source").to_owned(), r.text("external_id").to_owned(), r.href())).collect(), all })
}

impl Known {
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// `1C: 00-0042, shop: c-7`.
    pub fn line(&self) -> Markup {
        html! { @for (i, (source, code, href)) in self.names.iter().enumerate() { @if i > 0 { ", " } @if !source.is_empty() { span class="m2" { (source) ": " } } a href=(href) dir="auto" { (code) } } }
    }

    pub fn section(&self, c: &Call) -> Markup {
        if self.is_empty() {
            return html! {};
        }
        let aside = html! { @if let Some(all) = &self.all { a class="lk" href=(all) { (tr(c.lang, "page-list-all")) } } };
        let body = html! {
            dl class="k-kv" { @for (source, code, href) in &self.names {
                dt class="cut" title=(source) { (if source.is_empty() { "—" } else { source.as_str() }) } dd { a href=(href) dir="auto" { (code) } }
            } }
        };
        Section { title: tr(c.lang, "page-card-known_elsewhere"), count: None, aside, body }.render()
    }
}
