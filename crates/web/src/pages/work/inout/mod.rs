//! Prices in and out: price lists of suppliers and competitors, which of our products their lines are, our prices beside
//! theirs; the Excel round trip; CommerceML; price lists, price tags and labels on paper.

mod book;
mod commerceml;
mod lists;
mod matching;
mod paper;
mod told;

use super::rows::{count, may, readable};
use crate::pages::{Call, PageOf, Reply, Req, Web, respond};
use crate::ui::head::{PageHead, Tab, Tabs};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use kontor_kernel::error::{Error, Kind as ErrorKind, Result};
use kontor_texts::tr;
use maud::{Markup, html};

/// Place in the navigation, and beginning of all addresses.
pub const HERE: &str = "price-exchange";
/// Files are larger than forms; the same as the API takes.
const FILE_LIMIT: usize = 256 << 20;

pub fn routes(r: Router<Web>) -> Router<Web> {
    let file = DefaultBodyLimit::max(FILE_LIMIT);
    let at = |rest: &str| format!("/{HERE}{rest}");
    r.route(&at(""), get(|State(web): State<Web>, req: Req| respond(web, req, first)))
        .route(
            &at("/lists"),
            get(|State(web): State<Web>, req: Req| respond(web, req, lists::show))
                .post(|State(web): State<Web>, req: Req| respond(web, req, lists::take))
                .layer(file),
        )
        .route(&at("/matching"), get(|State(web): State<Web>, req: Req| respond(web, req, matching::show)))
        .route(&at("/matching/{id}"), post(decide))
        .route(&at("/comparison"), get(|State(web): State<Web>, req: Req| respond(web, req, comparison)))
        .route(
            &at("/book"),
            get(|State(web): State<Web>, req: Req| respond(web, req, book::show))
                .post(|State(web): State<Web>, req: Req| respond(web, req, book::take))
                .layer(file),
        )
        .route(&at("/book/file"), get(|State(web): State<Web>, req: Req| respond(web, req, book::file)))
        .route(
            &at("/commerceml"),
            get(|State(web): State<Web>, req: Req| respond(web, req, commerceml::show))
                .post(|State(web): State<Web>, req: Req| respond(web, req, commerceml::take))
                .layer(file),
        )
        .route(&at("/paper"), get(|State(web): State<Web>, req: Req| respond(web, req, paper::show)))
}

async fn decide(State(web): State<Web>, Path(id): Path<String>, req: Req) -> axum::response::Response {
    respond(web, req, move |c| matching::decide(c, Call::id(&id)?)).await
}

/// Our prices beside theirs: the report, with its files behind the title.
fn comparison(c: &Call) -> Result<Reply> {
    need(c, "comparison")?;
    let kept: Vec<(&str, &str)> = c.req.query.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let files = ["xlsx", "pdf"].map(|f| {
        let all: Vec<(&str, &str)> = kept.iter().copied().chain([("format", f)]).collect();
        (f.to_uppercase(), super::words::address("/api/v1/reports/price-comparison", &all))
    });
    let actions = html! { @for (name, href) in &files { a class="btn btn-3" href=(href) download data-full { (crate::ui::icon("download")) (name) } } };
    let shown = super::reports::inside(c, "price-comparison", &format!("/{HERE}/comparison"), &[])?;
    page(c, StatusCode::OK, "comparison", actions, shown)
}

/// Pages of the section that the caller may open: key, address.
fn open(c: &Call) -> Vec<(&'static str, String)> {
    let reads = |all: &[&str]| all.iter().all(|k| readable(c, k));
    let comparison = c.app.registry.report_of("price-comparison").is_some_and(|r| r.allowed(&c.ctx));
    [
        ("lists", reads(&["supplier-prices", "partners"])),
        ("matching", reads(&["supplier-prices", "products"])),
        ("comparison", comparison),
        ("book", reads(&["products", "prices", "price-types"])),
        ("commerceml", reads(&["products", "prices"])),
        ("paper", reads(&["products", "prices", "price-types"])),
    ]
    .into_iter()
    .filter(|(_, may)| *may)
    .map(|(k, _)| (k, format!("/{HERE}/{k}")))
    .collect()
}

/// Whether the section has any page for the caller.
pub fn any(c: &Call) -> bool {
    !open(c).is_empty()
}

fn first(c: &Call) -> Result<Reply> {
    open(c).into_iter().next().map(|(_, to)| Reply::Go(to)).ok_or_else(|| Error::forbidden().arg("action", "read").arg("entity", "prices"))
}

fn need(c: &Call, key: &str) -> Result<()> {
    let there = open(c).iter().any(|o| o.0 == key);
    if there { Ok(()) } else { Err(Error::forbidden().arg("action", "read").arg("entity", "prices")) }
}

/// On the card of a stock receipt: labels of what came.
pub fn labels_of_receipt(c: &Call, id: &str) -> Markup {
    let may = open(c).iter().any(|o| o.0 == "paper");
    html! {
        @if may {
            section class="k-sec" { a class="btn btn-2" href=(format!("/{HERE}/paper?what=labels&stock_receipt_id={id}")) { (crate::ui::icon("printer")) (tr(c.lang, "inout-paper-labels")) } }
        }
    }
}

/// From a list of products to paper, with its conditions.
pub fn paper_of_list(c: &Call) -> Option<String> {
    let may = open(c).iter().any(|o| o.0 == "paper");
    let kept: Vec<(&str, &str)> = c.req.query.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    may.then(|| super::words::address(&format!("/{HERE}/paper"), &kept))
}

/// Lines that a person should look at.
fn waiting(c: &Call) -> Result<i64> {
    Ok(count(c, "supplier-prices", &[("matched.in", "maybe,none"), ("product_id.empty", "true")])?.unwrap_or(0)
        + count(c, "supplier-prices", &[("matched", "maybe"), ("product_id.empty", "false")])?.unwrap_or(0))
}

fn words(key: &str) -> String {
    format!("inout-{key}")
}

/// A page of the section: its tabs, and what stands below them.
fn page(c: &Call, status: StatusCode, key: &'static str, actions: Markup, content: Markup) -> Result<Reply> {
    let title = tr(c.lang, &words(key));
    let left = waiting(c)?;
    let all: Vec<(String, String, Option<i64>, bool)> = open(c)
        .into_iter()
        .map(|(k, href)| (tr(c.lang, &words(k)).to_owned(), href, (k == "matching" && left > 0).then_some(left), k == key))
        .collect();
    let tabs: Vec<Tab> = all.iter().map(|(t, h, n, on)| Tab { title: t, href: h, count: *n, here: *on }).collect();
    let content = html! {
        (PageHead { title, about: html! { span class="m2" { (tr(c.lang, &format!("inout-{key}-about"))) } }, actions, list: false, line: false })
        (Tabs { label: tr(c.lang, "inout"), items: &tabs })
        (content)
    };
    let crumbs = [(tr(c.lang, "section-prices"), None), (tr(c.lang, "inout"), Some("/price-exchange")), (title, None)];
    Ok(c.page_with(status, &PageOf { title, here: HERE, crumbs: &crumbs, ..Default::default() }, content))
}

/// What became of a file: whether all of it was sound, and what is told of it. The part that a script swaps, or the whole page for
/// who has none.
fn answer(c: &Call, key: &'static str, taken: Result<(bool, Markup)>, whole: impl FnOnce(Markup) -> Result<Markup>) -> Result<Reply> {
    let (ok, part) = match taken {
        Err(e) if matches!(e.kind(), ErrorKind::Refused | ErrorKind::Unreadable) => (false, told::wrong(c, &e)),
        taken => taken?,
    };
    let status = if ok { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    if c.req.by_script() && !c.req.partial() {
        return Ok(Reply::Html(status, part));
    }
    page(c, status, key, html! {}, whole(part)?)
}
