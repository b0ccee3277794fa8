//! Pages made for one kind of work: my day, order editor, board of deals, card of a partner, reports.
//!
//! Each page is a function from the caller's request to a `View`; lists of other records come through the same lists as
//! everywhere, so rights and limits hold. A collection that is not registered or not readable folds away.

mod chain;
mod contact;
mod deal;
mod deals;
mod debts;
mod first_steps;
mod home;
mod home_side;
mod home_trouble;
mod inout;
mod order;
mod order_begin;
mod order_view;
mod partner;
mod partner_parts;
mod partner_side;
mod payment;
mod price_history;
pub(super) mod prices;
mod product;
mod report_picture;
mod report_table;
mod reports;
pub(super) mod roles;
pub(super) mod rows;
mod sublist;
mod tasks;
mod terms;
mod timeline;
mod told;
mod words;

use super::{Call, PageOf, Reply, Req, Web, card, form, list, respond};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_platform::app::Asked;
use kontor_platform::spec::Spec;
use kontor_platform::value::Id;
use maud::{Markup, PreEscaped};
use serde_json::Value as Json;

/// A page without its frame.
pub struct View {
    /// Key of the place in the navigation.
    pub here: &'static str,
    pub title: String,
    /// Titles and addresses; the last one is the page.
    pub crumbs: Vec<(String, Option<String>)>,
    /// Right of the command field.
    pub create: Markup,
    pub content: Markup,
}

/// Routes that come before the general ones.
pub fn routes(r: Router<Web>) -> Router<Web> {
    let r = terms::routes(prices::routes(documents(documents(r, "sales-orders"), "quotes")));
    let r = r
        .route("/shipments/{id}", get(|s, id, req| posted("shipments", s, id, req)))
        .route("/returns/{id}", get(|s, id, req| posted("returns", s, id, req)));
    let r = roles::routes(inout::routes(r));
    r.route("/", get(home_page))
        .route("/home/sales", get(home_sales))
        .route("/deals", get(deals_page))
        .route("/deals/{id}", get(deal_card))
        .route("/partners/{id}", get(partner_card))
        .route("/partners/{id}/note", post(partner_note))
        .route("/reports", get(reports_index))
        .route("/reports/{name}", get(report_page))
        .route("/reports/{name}/export", get(report_export))
}

/// The editor in place of the general card and form; their other tabs stay.
fn documents(r: Router<Web>, collection: &'static str) -> Router<Web> {
    let new = move |State(web): State<Web>, req: Req| respond(web, req, move |c| order::new(c, c.spec(collection)?));
    let show = move |State(web): State<Web>, Path(id): Path<String>, req: Req| async move {
        if req.param("tab").is_some_and(|t| !t.is_empty()) {
            return card::show(State(web), Path((collection.to_owned(), id)), req).await;
        }
        respond(web, req, move |c| order::show(c, collection, &id)).await
    };
    let edit = move |State(web): State<Web>, Path(id): Path<String>, req: Req| async move {
        if req.param("verb").is_some_and(|t| !t.is_empty()) {
            return form::edit_page(State(web), Path((collection.to_owned(), id)), req).await;
        }
        respond(web, req, move |c| order::show(c, collection, &id)).await
    };
    let save =
        move |State(web): State<Web>, Path(id): Path<String>, req: Req| form::save(State(web), Path((collection.to_owned(), id)), req);
    r.route(&format!("/{collection}/new"), get(new))
        .route(&format!("/{collection}/{{id}}"), get(show))
        .route(&format!("/{collection}/{{id}}/edit"), get(edit).post(save))
}

/// Other looks of a list, where its collection has some.
pub fn other_looks(c: &Call, collection: &str) -> Markup {
    if collection == "deals" { deals::looks_of_list(c) } else { Markup::default() }
}

/// Further tabs of a card: what follows `?tab=`, and the key of its title.
pub fn tabs(c: &Call, card: &card::Card) -> Vec<(&'static str, &'static str)> {
    if card.spec.name == "products" && rows::may(c, "prices", "read") { vec![("prices", "work-price_history")] } else { vec![] }
}

/// What a tab holds where the kind of record has its own; `None` leaves it to the general card.
pub fn tab(c: &Call, card: &card::Card, tab: &str) -> Result<Option<Markup>> {
    match (card.spec.name, tab) {
        ("agreements", "") => terms::agreement::view(c, card).map(Some),
        ("contracts", "") => terms::contract::view(c, card).map(Some),
        ("contacts", "") => contact::view(c, card).map(Some),
        ("roles", "") if roles::knows(c) => roles::view(c, card).map(Some),
        _ if tabs(c, card).iter().any(|t| t.0 == tab) => price_history::view(c, &card.id.to_string()).map(Some),
        _ => Ok(None),
    }
}

/// Where a list is printed from, with its conditions, where its kind has such a page.
pub fn print_of_list(c: &Call, collection: &str) -> Option<String> {
    if collection == "products" { inout::paper_of_list(c) } else { None }
}

/// Whether the caller may open any page of prices in and out.
pub fn exchanges(c: &Call) -> bool {
    inout::any(c)
}

/// What the card of a record tells beside its own fields, where its kind has such.
pub fn beside(c: &Call, card: &card::Card) -> Result<Markup> {
    match card.spec.name {
        "products" => product::facts(c, &card.id.to_string()),
        "stock-receipts" => Ok(inout::labels_of_receipt(c, &card.id.to_string())),
        "price-types" => prices::price_type::beside(c, card),
        "payments" | "settlement-documents" => payment::settled(c, card),
        "opening-balances" => payment::settled_lines(c, card),
        "tasks" | "interactions" => contact::reach(c, &card.json),
        _ => Ok(Markup::default()),
    }
}

/// What can be done with the record besides its verbs, where its kind has such.
pub fn actions(c: &Call, card: &card::Card) -> Markup {
    if card.spec.name == "contacts" && !card.archived() { contact::actions(c, card) } else { Markup::default() }
}

/// The chain of documents that the record stands in; nothing where it stands alone, or in none.
pub fn chain_of(c: &Call, card: &card::Card) -> Result<Markup> {
    chain::of_card(c, card.spec.name, &card.id.to_string())
}

/// What stands beside the form of a record, where its kind has such.
pub fn beside_form(c: &Call, spec: &Spec, id: Option<Id>) -> Result<Option<Markup>> {
    if spec.name == "price-types" { prices::price_type::beside_form(c, id).map(Some) } else { Ok(None) }
}

/// Columns that are drawn on a page of their own and stand in no form.
pub fn drawn_elsewhere(spec: &Spec, column: &str) -> bool {
    spec.name == "roles" && column == "permissions"
}

/// The card is a form itself, whose button is the main one.
pub fn edited_in_place(spec: &Spec) -> bool {
    spec.name == "roles"
}

/// A property that its kind tells in words of its own.
pub fn told(c: &Call, card: &card::Card, column: &kontor_platform::spec::Column) -> Result<Option<Markup>> {
    Ok(match (card.spec.name, column.name) {
        ("products", "units") => Some(product::units(c, &card.json)),
        ("payments", "allocations") => payment::allocations(c, &card.json)?,
        (_, "payment_terms") => {
            let words = partner_side::payment_terms(c.lang, &card.json["payment_terms"]);
            (!words.is_empty()).then(|| maud::html! { (words) })
        }
        _ => None,
    })
}

fn reply(c: &Call, v: View) -> Reply {
    let crumbs: Vec<(&str, Option<&str>)> = v.crumbs.iter().map(|(t, h)| (t.as_str(), h.as_deref())).collect();
    c.page(&PageOf { title: &v.title, here: v.here, crumbs: &crumbs, create: Some(v.create), toast: None }, v.content)
}

/// A shipment or return that has taken effect is shown like an order; as a draft, the general card serves.
async fn posted(collection: &'static str, State(web): State<Web>, Path(id): Path<String>, req: Req) -> Response {
    let general = id == "new" || req.param("tab").is_some_and(|t| !t.is_empty());
    if general {
        return card::show(State(web), Path((collection.to_owned(), id)), req).await;
    }
    respond(web, req, move |c| {
        let found = card::Card::read(c, collection, &id)?;
        if found.state() == found.spec.initial { card::page(c, &found, None) } else { order_view::view(c, &found).map(|v| reply(c, v)) }
    })
    .await
}

async fn home_page(State(web): State<Web>, req: Req) -> Response {
    respond(web, req, |c| Ok(reply(c, home::view(c)?))).await
}

async fn home_sales(State(web): State<Web>, req: Req) -> Response {
    respond(web, req, |c| Ok(Reply::Html(StatusCode::OK, home_side::or_why_not(c, home_side::sales(c))?))).await
}

async fn deal_card(State(web): State<Web>, Path(id): Path<String>, req: Req) -> Response {
    if id == "new" {
        return form::new_page(State(web), Path("deals".to_owned()), req).await;
    }
    if matches!(req.param("tab"), Some("related" | "history")) {
        return card::show(State(web), Path(("deals".to_owned(), id)), req).await;
    }
    respond(web, req, move |c| Ok(reply(c, deal::view(c, &id)?))).await
}

async fn deals_page(State(web): State<Web>, req: Req) -> Response {
    if !deals::is_board(&req.query) {
        return list::show(State(web), Path("deals".to_owned()), req).await;
    }
    respond(web, req, |c| Ok(reply(c, deals::view(c)?))).await
}

async fn partner_card(State(web): State<Web>, Path(id): Path<String>, req: Req) -> Response {
    if id == "new" {
        return form::new_page(State(web), Path("partners".to_owned()), req).await;
    }
    if matches!(req.param("tab"), Some("related" | "history")) {
        return card::show(State(web), Path(("partners".to_owned(), id)), req).await;
    }
    respond(web, req, move |c| Ok(reply(c, partner::view(c, Call::id(&id)?)?))).await
}

async fn partner_note(State(web): State<Web>, Path(id): Path<String>, req: Req) -> Response {
    respond(web, req, move |c| partner_parts::note(c, Call::id(&id)?)).await
}

async fn reports_index(State(web): State<Web>, req: Req) -> Response {
    respond(web, req, |c| Ok(reply(c, reports::index(c)))).await
}

async fn report_page(State(web): State<Web>, Path(name): Path<String>, req: Req) -> Response {
    respond(web, req, move |c| Ok(reply(c, reports::one(c, &name)?))).await
}

/// The same figures as a file: `format=csv` with the titles people see, `format=json` as the API writes them.
async fn report_export(State(web): State<Web>, Path(name): Path<String>, req: Req) -> Response {
    respond(web, req, move |c| {
        let spec = c.app.registry.report_of(&name).ok_or_else(Error::not_found)?;
        let pairs: Vec<(String, String)> = c.req.query.iter().filter(|(k, v)| k != "format" && !v.is_empty()).cloned().collect();
        let table = c.app.report(&c.ctx, &name, &pairs)?;
        let (body, kind, ending) = match c.param("format") {
            Some("json") => (table.to_json().to_string(), "application/json", "json"),
            _ => (report_table::csv(c.lang, spec, &table), "text/csv; charset=utf-8", "csv"),
        };
        let file = format!("attachment; filename=\"{}-{}.{ending}\"", spec.name, c.ctx.today);
        Ok(Reply::With(
            StatusCode::OK,
            PreEscaped(body),
            vec![(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, file)],
        ))
    })
    .await
}

/// What a registered question answers; none when nobody registered it.
fn ask(c: &Call, path: &str, parts: &[(&str, String)], query: &[(&str, String)]) -> Result<Option<Json>> {
    let Some(q) = c.app.registry.questions.iter().find(|q| q.path == path && !q.post) else { return Ok(None) };
    let asked = Asked {
        path: parts.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect::<HashMap<_, _>>(),
        query: query.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect(),
        body: Json::Null,
    };
    Ok(Some((q.run)(&c.app, &c.ctx, &asked)?))
}

/// What a registered question answers to a body; none when nobody registered it.
fn ask_with(c: &Call, path: &str, body: Json) -> Result<Option<Json>> {
    let Some(q) = c.app.registry.questions.iter().find(|q| q.path == path && q.post) else { return Ok(None) };
    Ok(Some((q.run)(&c.app, &c.ctx, &Asked { body, ..Asked::default() })?))
}

/// A report's table; none where it is not registered or not for the caller.
fn report(c: &Call, name: &str, pairs: &[(&str, &str)]) -> Result<Option<kontor_platform::report::Table>> {
    if !c.app.registry.report_of(name).is_some_and(|r| r.allowed(&c.ctx)) {
        return Ok(None);
    }
    let pairs: Vec<(String, String)> = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    match c.app.report(&c.ctx, name, &pairs) {
        // a role may have the report and not the rows behind it: the page stands without
        Err(e) if e.kind() == kontor_kernel::error::Kind::Forbidden => Ok(None),
        other => other.map(Some),
    }
}

/// Title of a record as the API shows it.
fn title_of(c: &Call, collection: &str, record: &Json) -> String {
    let column = c.app.registry.get(collection).map_or("name", |s| s.title);
    text(record, column).to_owned()
}

/// A text (or decimal string) of a record in JSON.
fn text<'a>(j: &'a Json, field: &str) -> &'a str {
    j[field].as_str().unwrap_or("")
}

/// Title of a reference (`partner`) of a record in JSON.
fn ref_title<'a>(j: &'a Json, field: &str) -> &'a str {
    j[field]["title"].as_str().unwrap_or("")
}

/// Id of a reference of a record in JSON.
fn ref_id<'a>(j: &'a Json, field: &str) -> &'a str {
    j[field]["id"].as_str().unwrap_or("")
}
