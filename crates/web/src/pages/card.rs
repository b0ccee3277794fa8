//! The card of any record: head with state and verbs, properties, lines, chain of documents, what refers to it, history.

use super::about;
use super::columns::BOOKKEEPING;
use super::form;
use super::history;
use super::list::{create_button, crumbs};
use super::related;
use super::shell::PageOf;
use super::state::{Call, Reply, Req, Web, respond};
use super::values;
use super::verbs::{self, Trouble};
use crate::ui::badge::{Badge, Tone};
use crate::ui::figures::Section;
use crate::ui::head::{PageHead, Tab, Tabs};
use crate::ui::icons::icon_small;
use crate::ui::table::least_width;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use kontor_kernel::error::Result;
use kontor_platform::spec::{Column, Kind, Lines, Spec, Ty};
use kontor_platform::value::Id;
use kontor_texts::{format, label, message, tr};
use maud::{Markup, html};
use serde_json::Value as Json;

/// A record as the API shows it.
pub struct Card {
    pub spec: &'static Spec,
    pub id: Id,
    pub json: Json,
}

impl Card {
    pub fn read(c: &Call, collection: &str, id: &str) -> Result<Card> {
        let spec = c.spec(collection)?;
        let id = Call::id(id)?;
        Ok(Card { spec, id, json: c.app.get(&c.ctx, spec.name, id)? })
    }
    pub fn text(&self, column: &str) -> &str {
        self.json[column].as_str().unwrap_or("")
    }
    pub fn state(&self) -> &str {
        self.text("state")
    }
    pub fn version(&self) -> i64 {
        self.json["version"].as_i64().unwrap_or(0)
    }
    pub fn archived(&self) -> bool {
        self.json["archived"].as_bool().unwrap_or(false)
    }
    /// What the record is called; a document by its kind, number and date.
    pub fn title(&self, c: &Call) -> String {
        let own = self.text("title");
        if self.spec.kind == Kind::Facts {
            let about = self.spec.col(super::columns::lead(self.spec)).and_then(|x| self.json[x.ref_name()]["title"].as_str());
            return format!(
                "{}: {}",
                message::entity_one(c.lang, self.spec.name),
                super::values::title(c, self.spec, about.unwrap_or(own))
            );
        }
        if self.spec.kind != Kind::Document {
            return if own.is_empty() { tr(c.lang, "untitled").to_string() } else { own.to_string() };
        }
        let one = message::entity_one(c.lang, self.spec.name);
        if own.is_empty() { one.to_string() } else { format!("{one} {own}") }
    }
    pub fn editable(&self, c: &Call) -> bool {
        self.spec.kind != Kind::Facts && self.spec.editable_in(self.state()) && !self.archived() && c.ctx.access.may(self.spec, "update")
    }
    /// Label and value of everything that is filled, in the order of the declaration.
    pub fn properties(&self, c: &Call) -> Result<Vec<(&'static str, Markup)>> {
        self.filled(c, self.columns())
    }
    /// Those that are not told otherwise; parties as they were at the time stand apart, see [`frozen`].
    pub fn properties_but(&self, c: &Call, told: &[&str]) -> Result<Vec<(&'static str, Markup)>> {
        self.filled(c, self.columns().filter(|x| !told.contains(&x.name) && !self.nested(x)))
    }
    /// All but what the head of the card and its last section tell.
    fn columns(&self) -> impl Iterator<Item = &'static Column> {
        let told = |x: &&Column| x.name != self.spec.title && !matches!(x.ty, Ty::State) && !BOOKKEEPING.contains(&x.name);
        self.spec.columns.iter().filter(told)
    }
    fn filled(&self, c: &Call, columns: impl Iterator<Item = &'static Column>) -> Result<Vec<(&'static str, Markup)>> {
        columns.filter_map(|x| self.property(c, x).transpose()).collect()
    }
    /// A map of maps: much text that is seldom asked for.
    fn nested(&self, x: &Column) -> bool {
        matches!(x.ty, Ty::Map) && self.json[x.name].as_object().is_some_and(|o| o.values().any(Json::is_object))
    }
    fn property(&self, c: &Call, x: &'static Column) -> Result<Option<(&'static str, Markup)>> {
        let Some(j) = self.json.get(x.name) else { return Ok(None) };
        let empty = j.is_null()
            || x.name == "revision" && j == 0
            || j.as_str() == Some("")
            || j.as_array().is_some_and(Vec::is_empty)
            || j.as_object().is_some_and(serde_json::Map::is_empty);
        if empty {
            return Ok(None);
        }
        let record = self.spec.record_of.filter(|(_, id)| *id == x.name);
        let value = match (super::work::told(c, self, x)?, record) {
            (Some(told), _) => told,
            (None, Some((of, _))) => about::link(c, self.text(of), Call::id(self.text(x.name))?)?,
            (None, None) => values::shown(c, self.spec.name, x, j, &self.json[x.ref_name()], self.text("currency")),
        };
        Ok(Some((label(c.lang, self.spec.name, x.name), value)))
    }
}

pub async fn show(State(web): State<Web>, Path((collection, id)): Path<(String, String)>, req: Req) -> Response {
    respond(web, req, move |c| if id == "new" { form::new(c, &collection) } else { page(c, &Card::read(c, &collection, &id)?, None) }).await
}

/// Badges of the state and of what is unusual.
pub fn badges(c: &Call, card: &Card) -> Markup {
    html! {
        @if !card.state().is_empty() { (Badge { text: message::state(c.lang, card.spec.name, card.state()), tone: Tone::of_state(card.state()) }) }
        @if card.archived() { (Badge { text: tr(c.lang, "page-card-in_archive"), tone: Tone::Waits }) }
    }
}

/// The page; `trouble` is what a verb refused, with what was typed into its dialog.
pub fn page(c: &Call, card: &Card, trouble: Option<&Trouble>) -> Result<Reply> {
    let spec = card.spec;
    let tab = c.param("tab").unwrap_or("");
    let body = match tab {
        "history" => html! { div class="k-body" { (history::show(c, spec, card.id)?) } },
        "related" => html! { div class="k-body" { (related::show(c, spec, card.id)?) } },
        _ => match super::work::tab(c, card, tab)? {
            Some(body) => body,
            None => overview(c, card)?,
        },
    };
    let status = if trouble.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    with_head(c, card, tab, status, body, trouble)
}

/// The card with another body than that of its first tab: a form of it that was refused.
pub fn framed(c: &Call, card: &Card, status: StatusCode, body: Markup) -> Result<Reply> {
    with_head(c, card, "", status, body, None)
}

fn with_head(c: &Call, card: &Card, tab: &str, status: StatusCode, body: Markup, trouble: Option<&Trouble>) -> Result<Reply> {
    let spec = card.spec;
    let title = card.title(c);
    let path = format!("/{}/{}", spec.name, card.id);
    let about = html! {
        (badges(c, card))
        @if spec.kind == Kind::Document { @if let Ok(d) = card.text("date").parse() { span class="m2 tn" { (format::date(c.lang, d)) } } }
    };
    let tabs = [("", "page-card-overview")]
        .into_iter()
        .chain(super::work::tabs(c, card))
        .chain([("related", "page-card-related"), ("history", "page-card-history")]);
    let links: Vec<(&str, String, bool)> =
        tabs.map(|(t, k)| (tr(c.lang, k), if t.is_empty() { path.clone() } else { format!("{path}?tab={t}") }, t == tab)).collect();
    let items: Vec<Tab> = links.iter().map(|(title, href, here)| Tab { title, href, count: None, here: *here }).collect();
    let content = html! {
        span hidden data-live={ (spec.name) "/" (card.id) } data-version=(card.version()) {}
        (PageHead { title: &title, about, actions: html! { (super::work::actions(c, card)) (verbs::buttons(c, card)) }, list: false, line: false })
        @if let Some(t) = trouble { (t.summary(c)) }
        (super::work::chain_of(c, card)?)
        (Tabs { label: c.t("page-card-details"), items: &items })
        (body)
        (verbs::dialogs(c, card, trouble)?)
    };
    let mut way = crumbs(c, spec);
    let short =
        if spec.kind == Kind::Document && !card.text(spec.title).is_empty() { card.text(spec.title).to_string() } else { title.clone() };
    way.push((&short, None));
    Ok(c.page_with(status, &PageOf { title: &title, here: spec.name, crumbs: &way, create: create_button(c, spec), toast: None }, content))
}

fn overview(c: &Call, card: &Card) -> Result<Markup> {
    let spec = card.spec;
    let rows = card.properties_but(c, &[])?;
    let lines: Vec<Markup> = spec.lines.iter().filter_map(|l| lines_table(c, card, l)).collect();
    let frozen = frozen(c, card)?;
    let beside = super::work::beside(c, card)?;
    Ok(html! {
        div class="k-cols with-side" {
            div class="k-body" {
                @if rows.is_empty() && lines.is_empty() { (related::show(c, spec, card.id)?) }
                @if !rows.is_empty() { section class="k-sec" { dl class="k-kv wide k-kv2" { @for (k, v) in &rows { div { dt { (k) } dd { (v) } } } } } }
                @for l in &lines { (l) }
            }
            aside class="k-side" aria-label=(c.t("page-card-details")) { (beside) (kept(c, card)?) (frozen) }
        }
    })
}

/// Lines of the record as tables.
pub fn lines(c: &Call, card: &Card) -> Markup {
    html! { @for m in card.spec.lines.iter().filter_map(|l| lines_table(c, card, l)) { (m) } }
}

/// What was written down once and for all (the parties of a document as they were), folded.
fn frozen(c: &Call, card: &Card) -> Result<Markup> {
    let all = card.filled(c, card.spec.columns.iter().filter(|x| card.nested(x)))?;
    Ok(html! {
        @for (title, value) in all {
            details class="k-sec k-frozen" data-keep=(title) { summary { (icon_small("chevron-right")) (title) } (value) }
        }
    })
}

/// The last changes, and who wrote the record when.
pub fn kept(c: &Call, card: &Card) -> Result<Markup> {
    let spec = card.spec;
    let last = history::brief(c, spec, card.id, 6)?;
    let history_link = html! { a class="lk" href={ "/" (spec.name) "/" (card.id) "?tab=history" } { (c.t("page-list-all")) } };
    let known = about::known(c, spec, &card.id.to_string())?;
    // What it is called elsewhere says its own name, too.
    let told = |n: &&&str| **n != "archived" && (known.is_empty() || !matches!(**n, "source" | "external_id"));
    let kept = card.filled(c, BOOKKEEPING.iter().filter(told).filter_map(|n| spec.col(n)))?;
    Ok(html! {
        @if !last.is_empty() {
            (Section { title: c.t("page-card-last_changes"), count: None, aside: history_link, body: html! {
                @for (what, when) in &last { div class="k-li" { span class="cut" title=(what) { (what) } time class="s12 m2" { (when) } } }
            } })
        }
        (known.section(c))
        (Section { title: c.t("page-card-record"), count: None, aside: html! {}, body: html! { dl class="k-kv" { @for (k, v) in &kept { dt { (k) } dd { (v) } } } } })
    })
}

/// Columns of lines worth showing: those that any line fills. A discount of nothing says nothing, an id says nothing to people.
fn line_columns<'a>(c: &Call, spec: &Spec, l: &'a Lines, rows: &[Json]) -> Vec<&'a Column> {
    let nothing =
        |x: &Column, s: &str| s.is_empty() || matches!(x.ty, Ty::Percent | Ty::Amount) && s.bytes().all(|b| matches!(b, b'0' | b'.'));
    let filled = |x: &Column| {
        rows.iter().any(|r| match r.get(x.name) {
            None | Some(Json::Null) => false,
            Some(Json::String(s)) => !nothing(x, s),
            Some(Json::Object(o)) => !o.is_empty(),
            Some(_) => true,
        })
    };
    let id = |x: &Column| x.name.ends_with("_id") && matches!(x.ty, Ty::Text { .. });
    let twice = |x: &Column| x.name == "base_quantity" && rows.iter().all(|r| r[x.name] == r["quantity"]);
    l.columns
        .iter()
        .filter(|x| {
            x.visible()
                && !id(x)
                && !twice(x)
                && !c.ctx.access.hidden(spec, x.name)
                && !matches!(x.ty, Ty::Map | Ty::Items(_) | Ty::Object(_))
                && filled(x)
        })
        .collect()
}

fn lines_table(c: &Call, card: &Card, l: &Lines) -> Option<Markup> {
    let rows = card.json[l.name].as_array().filter(|r| !r.is_empty())?;
    let cols = line_columns(c, card.spec, l, rows);
    let right = |x: &Column| x.ty.is_number();
    // What is left is the product's: the table scrolls sideways before its name goes.
    let least = 44 + cols.iter().map(|x| u32::from(line_width(x).unwrap_or(200))).sum::<u32>();
    Some(html! {
        section {
            div class="k-h in" { h3 { (label(c.lang, card.spec.name, l.name)) i { (rows.len()) } } }
            div class="k-scroll wide" {
                table class={ "table k-grid k-lines plain" (least_width(least)) } aria-label=(label(c.lang, card.spec.name, l.name)) {
                    colgroup { col width="44"; @for x in &cols { col width=[line_width(x)]; } }
                    thead { tr { th scope="col" class="r" { "№" } @for x in &cols { th scope="col" class=[right(x).then_some("r")] { (label(c.lang, card.spec.name, x.name)) } } } }
                    tbody { @for (i, r) in rows.iter().enumerate() { tr {
                        td class="r m2" { (i + 1) }
                        @for x in &cols { td class=[right(x).then_some("r")] { (values::in_table(c, card.spec.name, x, &r[x.name], &r[x.ref_name()])) } }
                    } } }
                }
            }
        }
    })
}

fn line_width(x: &Column) -> Option<u16> {
    Some(match x.ty {
        Ty::Ref("products") | Ty::Long { .. } => return None,
        Ty::Text { max } if max > 120 => return None,
        Ty::Ref("units") => 84,
        Ty::Ref(_) => 180,
        Ty::Amount | Ty::Price => 120,
        Ty::Percent | Ty::Bool | Ty::Int { .. } => 90,
        _ => 110,
    })
}

/// A line in a few words: what, how much, for how much.
pub fn line_brief(c: &Call, spec: &Spec, l: &Lines, row: &Json) -> Markup {
    let name = l.columns.iter().find(|x| matches!(x.ty, Ty::Ref(_))).and_then(|x| row[x.ref_name()]["title"].as_str());
    let name =
        name.or_else(|| l.columns.iter().find(|x| matches!(x.ty, Ty::Text { .. })).and_then(|x| row[x.name].as_str())).unwrap_or("—");
    let figure = l
        .columns
        .iter()
        .find(|x| matches!(x.ty, Ty::Quantity))
        .or_else(|| l.columns.iter().find(|x| matches!(x.ty, Ty::Amount | Ty::Price)));
    html! { span class="cut" title=(name) { (name) } @if let Some(x) = figure { span class="n m1" { (values::json_words(c, spec.name, x, &row[x.name])) } } }
}

/// `DELETE` of the API as a form: archives, or removes a draft.
pub async fn remove(State(web): State<Web>, Path((collection, id)): Path<(String, String)>, req: Req) -> Response {
    respond(web, req, move |c| {
        let card = Card::read(c, &collection, &id)?;
        let env = kontor_platform::Envelope::new(format!("{}.delete", card.spec.name), Json::Null).on(card.id);
        match c.app.execute(&c.ctx, env) {
            Ok(o) => {
                let to = if card.spec.kind == Kind::Catalog {
                    format!("/{}/{}", card.spec.name, card.id)
                } else {
                    format!("/{}", card.spec.name)
                };
                let key = if card.spec.kind == Kind::Catalog { "page-archived" } else { "page-removed" };
                Ok(Reply::Done { to, key, title: card.title(c), audit: o.audit_id })
            }
            Err(e) => refused(c, &card, Trouble::of("delete", e, vec![])?),
        }
    })
    .await
}

/// The card with what was refused on top of it.
pub fn refused(c: &Call, card: &Card, trouble: Trouble) -> Result<Reply> {
    page(c, card, Some(&trouble))
}
