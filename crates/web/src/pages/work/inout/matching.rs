//! Which of our products a foreign line is: candidates with their likeness, taken, refused or made new by a key.

use super::super::prices::rows::ascii;
use super::super::rows::{Row, Rows, count, may, rows};
use super::super::words::{address, sign};
use super::{HERE, need, page};
use crate::pages::{Call, Reply, errors};
use crate::ui::empty::Empty;
use crate::ui::form::Reference;
use crate::ui::head::{Button, Kind, Segments};
use crate::ui::money::number;
use axum::http::{HeaderName, StatusCode};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Kind as ErrorKind, Result};
use kontor_platform::Envelope;
use kontor_platform::value::{Id, new_id};
use kontor_texts::{format, message, tr, tr_args};
use kontor_trade::price_list::{Candidate, candidates};
use maud::{Markup, html};
use serde_json::{Value as Json, json};

const PAGE: &str = "25";
const NEAREST: usize = 4;
const FIELDS: &[&str] = &[
    "partner_id",
    "supplier_code",
    "supplier_name",
    "supplier_group",
    "barcode",
    "product_id",
    "matched",
    "match_score",
    "price",
    "currency",
    "unit",
];
/// What may be looked at: key, conditions.
const SHOWN: &[(&str, &[(&str, &str)])] = &[
    ("maybe", &[("matched", "maybe")]),
    ("none", &[("matched", "none")]),
    ("same", &[("matched", "same")]),
    ("manual", &[("matched", "manual")]),
];

pub fn show(c: &Call) -> Result<Reply> {
    need(c, "matching")?;
    let partner = c.param("partner_id").unwrap_or("");
    let of = |more: &[(&'static str, &'static str)]| {
        let mut all: Vec<(&str, &str)> = more.to_vec();
        if !partner.is_empty() {
            all.push(("partner_id", partner));
        }
        all
    };
    let counts: Vec<(&str, i64)> =
        SHOWN.iter().map(|(k, on)| Ok((*k, count(c, "supplier-prices", &of(on))?.unwrap_or(0)))).collect::<Result<_>>()?;
    // Where nobody says, the page begins with what is to be decided.
    let usual = counts.iter().find(|x| x.1 > 0).map_or("maybe", |x| x.0);
    let chosen = c.param("show").filter(|s| SHOWN.iter().any(|x| x.0 == *s)).unwrap_or(usual);
    let mut conditions = of(SHOWN.iter().find(|x| x.0 == chosen).map_or(&[][..], |x| x.1));
    conditions.extend([("limit", PAGE), ("sort", "-match_score")]);
    let after = c.param("after").unwrap_or("");
    if !after.is_empty() {
        conditions.push(("after", after));
    }
    let found = rows(c, "supplier-prices", &conditions, FIELDS)?;
    let lines = lines(c, &found)?;
    let here = |show: &str| address(&format!("/{HERE}/matching"), &[("partner_id", partner), ("show", show)]);
    let segments: Vec<(String, String, bool)> = counts
        .iter()
        .map(|(k, n)| {
            let title = message::choice(c.lang, "supplier-prices", "matched", k);
            (format!("{title} {}", format::integer(c.lang, *n)), here(k), *k == chosen)
        })
        .collect();
    let segments: Vec<(&str, &str, &str, bool)> = segments.iter().map(|(t, h, on)| (t.as_str(), "", h.as_str(), *on)).collect();
    let content = html! {
        form class="k-params" method="get" action={ "/" (HERE) "/matching" } {
            (partner_field(c, partner)?)
            (Button::new(Kind::Second, tr(c.lang, "page-report-show")).submit("", ""))
            (Segments { label: tr(c.lang, "inout-matching"), items: &segments })
            span class="m2 s12 ml-a wide-only" { (keys(c)) }
        }
        @if lines.is_empty() {
            (Empty { icon: "circle-check", title: tr(c.lang, "inout-matching-empty"), text: tr(c.lang, "inout-matching-empty_hint"), actions: Button::new(Kind::Second, tr(c.lang, "inout-lists")).link(&format!("/{HERE}/lists")), bare: true })
        } @else {
            div class="k-scroll wide" {
                table class="table k-grid plain k-match" data-island="matching" aria-label=(tr(c.lang, "inout-matching")) {
                    thead { tr { th scope="col" { (tr(c.lang, "inout-theirs")) } th scope="col" class="r" { (tr(c.lang, "field-price")) } th scope="col" { (tr(c.lang, "inout-ours")) } th scope="col" { span class="vh" { (tr(c.lang, "inout-decision")) } } } }
                    tbody { @for l in &lines { (l.draw(c, None)) } }
                }
            }
            @if let Some(next) = found.next() { p class="pad" { a class="btn btn-2" href=(address(&format!("/{HERE}/matching"), &[("partner_id", partner), ("show", chosen), ("after", next)])) { (tr(c.lang, "page-list-load_more")) } } }
        }
    };
    page(c, StatusCode::OK, "matching", html! {}, content)
}

fn partner_field(c: &Call, partner: &str) -> Result<Markup> {
    let title = c.seen("partners", partner)?.map(|j| super::super::title_of(c, "partners", &j)).unwrap_or_default();
    let field = Reference { id: partner, title: &title, source: "/partners", placeholder: tr(c.lang, "page-all"), ..Default::default() };
    Ok(html! { label { span { (tr(c.lang, "field-partner_id")) } (field.bare("m-partner", "partner_id", false)) } })
}

fn keys(c: &Call) -> Markup {
    html! {
        @for (key, text) in [("↑↓", "key-move"), ("1–4", "inout-key-choose"), ("⏎", "inout-accept"), ("r", "inout-reject"), ("c", "inout-create")] { span class="nw" { kbd { (key) } " " (tr(c.lang, text)) " " } }
    }
}

/// A line with what it may be.
struct Line {
    id: Id,
    href: String,
    name: String,
    code: String,
    group: String,
    partner: String,
    price: String,
    currency: String,
    unit: String,
    matched: String,
    product: Option<(Id, String)>,
    near: Vec<(Candidate, String)>,
}

fn lines(c: &Call, found: &Rows) -> Result<Vec<Line>> {
    let all: Vec<Row> = found.iter().collect();
    let known: Vec<(&str, &str, &str)> =
        all.iter().map(|r| (r.text("supplier_name"), r.text("supplier_code"), r.text("barcode"))).collect();
    let near = candidates(&c.app, &c.ctx, &known, NEAREST)?;
    let mut ids: Vec<Id> = near.iter().flatten().map(|n| n.product).collect();
    ids.extend(all.iter().filter_map(|r| r.id_of("product_id")));
    let prices = our_prices(c, &ids)?;
    Ok(all.iter().zip(near).map(|(r, near)| line(r, near, &prices)).collect())
}

fn line(r: &Row, near: Vec<Candidate>, prices: &HashMap<Id, String>) -> Line {
    let product = r.id_of("product_id").map(|p| (p, r.name_of("product_id").to_owned()));
    let mut near: Vec<(Candidate, String)> =
        near.into_iter().map(|n| (n.product, n)).map(|(p, n)| (n, prices.get(&p).cloned().unwrap_or_default())).collect();
    // What the import chose stands first, also where it is not the likeliest by its name.
    if let Some((p, name)) = &product {
        match near.iter().position(|n| n.0.product == *p) {
            Some(at) => near[..=at].rotate_right(1),
            None => {
                let score = r.value("match_score").as_int().map_or(0.0, |s| s as f64 / 10_000.0);
                let one = Candidate { product: *p, name: name.clone(), sku: String::new(), score };
                near.insert(0, (one, prices.get(p).cloned().unwrap_or_default()));
                near.truncate(NEAREST);
            }
        }
    }
    Line {
        id: r.id(),
        href: r.href(),
        name: r.text("supplier_name").into(),
        code: r.text("supplier_code").into(),
        group: r.text("supplier_group").into(),
        partner: r.name_of("partner_id").into(),
        price: r.decimal("price"),
        currency: r.text("currency").into(),
        unit: r.text("unit").into(),
        matched: r.text("matched").into(),
        product,
        near,
    }
}

/// Today's prices of the usual price type, as they are read.
fn our_prices(c: &Call, products: &[Id]) -> Result<HashMap<Id, String>> {
    let usual = rows(c, "price-types", &[("is_default", "true"), ("limit", "1")], &["currency"])?;
    let Some(of) = usual.first().filter(|_| !products.is_empty()) else { return Ok(HashMap::new()) };
    let (of_type, today) = (of.id().to_string(), c.ctx.today.to_string());
    let ids = products.iter().map(Id::to_string).collect::<Vec<_>>().join(",");
    let conditions = [
        ("product_id.in", ids.as_str()),
        ("price_type_id", &of_type),
        ("valid_from.le", &today),
        ("sort", "-valid_from"),
        ("limit", "500"),
    ];
    let mut out = HashMap::new();
    for r in rows(c, "prices", &conditions, &["product_id", "price", "currency"])?.iter() {
        if let Some(p) = r.id_of("product_id") {
            let text = || format!("{}\u{a0}{}", number(c.lang, &r.decimal("price"), 2), sign(r.text("currency")));
            out.entry(p).or_insert_with(text);
        }
    }
    Ok(out)
}

impl Line {
    fn theirs(&self, c: &Call) -> Markup {
        html! {
            td class="k-theirs" {
                a class="lk" href=(self.href) title=(self.name) dir="auto" { (self.name) }
                div class="m2 s12 cut" { (self.code) @if !self.unit.is_empty() { " · " (self.unit) } @if !self.group.is_empty() { " · " (self.group) } " · " (self.partner) }
            }
            td class="r n" { @if self.price.is_empty() { span class="m2" { (tr(c.lang, "inout-price_asked")) } } @else { (number(c.lang, &self.price, 2)) "\u{a0}" (sign(&self.currency)) } }
        }
    }

    /// What has been decided takes less room; undo and the other filters lead back.
    fn decided(&self, c: &Call, text: &str) -> Markup {
        html! {
            tr tabindex="-1" data-match=(self.id) data-done class="off" {
                (self.theirs(c))
                td colspan="2" { span class="pos" role="status" { (text) } @if let Some((id, name)) = &self.product { " " a class="lk" href={ "/products/" (id) } { (name) } } }
            }
        }
    }

    /// `said`: what was just decided, and whether it failed.
    fn draw(&self, c: &Call, said: Option<(&str, bool)>) -> Markup {
        if let Some((text, false)) = said {
            return self.decided(c, text);
        }
        let name = format!("near-{}", self.id);
        let chosen = |n: usize| if self.product.is_some() || self.matched == "none" { n == 0 } else { false };
        html! {
            tr tabindex="-1" data-match=(self.id) {
                (self.theirs(c))
                td colspan="2" {
                    form class="k-near" method="post" action={ "/" (HERE) "/matching/" (self.id) } hx-post={ "/" (HERE) "/matching/" (self.id) } hx-target="closest tr" hx-swap="outerHTML" {
                        input type="hidden" name="csrf" value=(c.csrf);
                        div role="radiogroup" aria-label=(tr(c.lang, "inout-ours")) {
                            @for (n, (of, price)) in self.near.iter().enumerate() {
                                label class="k-cand" {
                                    input class="form-check-input" type="radio" name="product_id" id=(format!("{name}-{n}")) value=(of.product) checked[chosen(n)];
                                    span class="cut" title=(of.name) { @if !of.sku.is_empty() { span class="m2" { (of.sku) " " } } span dir="auto" { (of.name) } }
                                    span class="n m2" { (price) }
                                    span class={ "n s12 " (if of.score >= 35.0 { "pos" } else { "m2" }) } { (format::percent(c.lang, (of.score * 10_000.0) as i64 / 10_000 * 10_000)) }
                                }
                            }
                            @if self.near.is_empty() { span class="m2 s12" { (tr(c.lang, "inout-near-none")) } }
                            div class="k-other" { (Reference { source: "/products", placeholder: tr(c.lang, "inout-other"), ..Default::default() }.bare(&format!("{name}-other"), "other_id", false)) }
                        }
                        div class="row-f g4 k-decide" {
                            @if let Some((text, _)) = said { span class="neg s12" role="status" { (text) } }
                            @if may(c, "supplier-prices", "update") {
                                button type="submit" class="btn btn-2 btn-s" name="do" value="accept" { (tr(c.lang, "inout-accept")) }
                                button type="submit" class="btn btn-3 btn-s" name="do" value="reject" { (tr(c.lang, "inout-reject")) }
                                @if may(c, "products", "create") { button type="submit" class="btn btn-3 btn-s" name="do" value="create" { (tr(c.lang, "inout-create")) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub fn decide(c: &Call, id: Id) -> Result<Reply> {
    need(c, "matching")?;
    let form = c.req.form();
    let get = |name: &str| form.iter().find(|(k, v)| k == name && !v.is_empty()).map_or("", |(_, v)| v.as_str());
    let chosen = Some(get("other_id")).filter(|s| !s.is_empty()).unwrap_or(get("product_id"));
    let done = match get("do") {
        "reject" => link(c, id, None, None).map(|a| ("inout-rejected", a)),
        "create" => create(c, id).map(|a| ("inout-created", a)),
        _ => Id::parse_str(chosen)
            .map_err(|_| Error::field("product_id", "required"))
            .and_then(|p| link(c, id, Some(p), None))
            .map(|a| ("inout-accepted", a)),
    };
    let (status, said, undo) = match done {
        Ok((key, undo)) => (StatusCode::OK, (tr(c.lang, key).to_owned(), false), undo),
        Err(e) if matches!(e.kind(), ErrorKind::Refused | ErrorKind::Conflict | ErrorKind::Forbidden) => {
            (StatusCode::UNPROCESSABLE_ENTITY, (errors::explain(c.lang, &e), true), Json::Null)
        }
        Err(e) => return Err(e),
    };
    if !c.req.by_script() {
        return Ok(Reply::Go(format!("/{HERE}/matching")));
    }
    let found = rows(c, "supplier-prices", &[("id", &id.to_string()), ("limit", "1")], FIELDS)?;
    let row = lines(c, &found)?.first().map(|l| l.draw(c, Some((&said.0, said.1)))).unwrap_or_default();
    let mut headers = vec![];
    if let (false, Json::Object(mut toast)) = (said.1, undo) {
        let title = found.first().map_or("", |r| r.text("supplier_name"));
        toast.insert("text".into(), json!(tr_args(c.lang, "inout-said", &[("what", said.0.as_str().into()), ("name", title.into())])));
        headers.push((HeaderName::from_static("hx-trigger"), ascii(&json!({"toast": toast}))));
    }
    Ok(Reply::With(status, row, headers))
}

/// Writes what a person decided; without a product it is none of ours. Gives what undo takes back.
fn link(c: &Call, id: Id, product: Option<Id>, group: Option<Id>) -> Result<Json> {
    let version = c.app.record(&c.ctx, "supplier-prices", id)?.version;
    let mut ctx = c.ctx.clone();
    ctx.group = group.or(ctx.group);
    let input =
        json!({"product_id": product, "matched": "manual", "match_score": if product.is_some() { Json::from("100") } else { Json::Null }});
    let done = c.app.execute(&ctx, Envelope::new("supplier-prices.update", input).on(id).seen(version))?;
    Ok(match group {
        Some(g) => json!({"group": g}),
        None => json!({"undo": done.audit_id}),
    })
}

/// A product of ours from the line, and the line linked to it; both are taken back as one.
fn create(c: &Call, id: Id) -> Result<Json> {
    let r = c.app.record(&c.ctx, "supplier-prices", id)?;
    let unit = unit(c, r.text("unit"))?.ok_or_else(|| Error::field("unit_id", "required"))?;
    let mut ctx = c.ctx.clone();
    let group = new_id();
    ctx.group = Some(group);
    let name: String = r.text("supplier_name").chars().take(300).collect();
    let mut input = json!({"name": name, "unit_id": unit, "kind": "goods"});
    for (to, from) in [("sku", "supplier_code"), ("barcode", "barcode")] {
        if !r.text(from).is_empty() {
            input[to] = json!(r.text(from));
        }
    }
    let made = c.app.execute(&ctx, Envelope::new("products.create", input))?;
    link(c, id, made.id, Some(group))
}

/// The unit that the line names, else pieces, else the first there is.
fn unit(c: &Call, said: &str) -> Result<Option<Id>> {
    let all = rows(c, "units", &[("limit", "500")], &["name", "code", "names"])?;
    let said = said.trim().trim_end_matches('.').to_lowercase();
    let names = |r: &Row| {
        let further = r.json("names").as_object().into_iter().flat_map(|o| o.values()).filter_map(Json::as_str);
        [r.text("name"), r.text("code")].into_iter().chain(further).map(str::to_lowercase).collect::<Vec<_>>()
    };
    let named = all.iter().find(|r| !said.is_empty() && names(r).iter().any(|n| *n == said || n.starts_with(&said) && said.len() > 2));
    let named = named.or_else(|| all.iter().find(|r| r.text("code") == "pcs")).or_else(|| all.first());
    Ok(named.map(|r| r.id()))
}
