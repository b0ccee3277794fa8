//! Who gets what: clients or kinds of them down, goods across; in each cell the discount and the price by today's rules (or those
//! of another day), which opens its explanation.

use super::looks;
use super::matrix_cell;
use crate::pages::Call;
use crate::pages::reader::decimal;
use crate::pages::work::rows::{may, rows};
use crate::pages::work::words::{self, address};
use crate::pages::work::{View, ask_with, text};
use crate::ui::form::Reference;
use crate::ui::head::PageHead;
use crate::ui::icons::icon_small;
use crate::ui::money::number;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Percent, Price, Quantity};
use kontor_texts::{format, message, tr};
use maud::{Markup, html};
use serde_json::{Value as Json, json};

/// Kinds of clients and of goods listed by themselves; chosen ones are as many as the question takes.
const LISTED: &str = "24";
const CHOSEN: usize = 30;

/// Ways to list clients: code in the address, field of the question, collection, conditions.
type Side = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);
const ROWS: [Side; 4] = [
    ("types", "dealer_type_id", "dealer-types", &[]),
    ("segments", "segment_id", "segments", &[("members", "partners")]),
    ("terms", "agreement_id", "agreements", &[("kind", "standard"), ("state", "active")]),
    ("clients", "partner_id", "partners", &[]),
];
const COLUMNS: [Side; 3] = [
    ("categories", "category_id", "product-categories", &[]),
    ("groups", "price_group_id", "price-groups", &[]),
    ("products", "product_id", "products", &[]),
];

/// A client or kind of clients, a product or kind of products: field of the question, id, title.
pub struct Head {
    pub field: &'static str,
    pub id: String,
    pub title: String,
}

impl Head {
    pub fn json(&self) -> Json {
        if self.id.is_empty() { json!({}) } else { json!({self.field: self.id}) }
    }
}

pub struct Matrix<'a> {
    pub c: &'a Call,
    who: Side,
    what: Side,
    pub rows: Vec<Head>,
    pub columns: Vec<Head>,
    pub date: String,
    pub quantity: String,
}

pub fn view(c: &Call) -> Result<View> {
    c.spec("prices")?;
    let m = Matrix::of(c)?;
    let answer = if m.rows.is_empty() || m.columns.is_empty() {
        None
    } else {
        ask_with(c, "prices/matrix", m.question(&m.rows, &m.columns, false))?
    };
    let cell = matrix_cell::chosen(&m);
    let aside = match &cell {
        Some((row, column)) => Some(matrix_cell::view(&m, row, column)?),
        None => None,
    };
    let title = tr(c.lang, "terms-matrix").to_owned();
    let content = html! {
        (PageHead { title: &title, about: html! {}, actions: html! {}, list: false, line: false })
        (looks(c, "/price-matrix"))
        div class=(if aside.is_some() { "k-cols with-why" } else { "k-cols" }) {
            div class="k-stack" {
                (m.controls())
                div class="k-scroll wide" { @match &answer { Some(a) => (m.table(a)), None => p class="k-sec m2" { (tr(c.lang, "terms-choose_both")) } } }
            }
            @if let Some(a) = &aside { aside class="k-side why k-why" aria-label=(tr(c.lang, "page-order-why_price")) { (a) } }
        }
    };
    let crumbs = vec![(tr(c.lang, "terms-rules").to_owned(), Some("/price-rules".to_owned())), (title.clone(), None)];
    Ok(View { here: "price-rules", title, crumbs, create: html! {}, content })
}

impl<'a> Matrix<'a> {
    fn of(c: &'a Call) -> Result<Matrix<'a>> {
        let side = |of: &'static [Side], name: &str| {
            let asked = c.param(name).unwrap_or("");
            of.iter().find(|s| s.0 == asked && may(c, s.2, "read")).or_else(|| of.iter().find(|s| may(c, s.2, "read"))).copied()
        };
        let (Some(who), Some(what)) = (side(&ROWS, "who"), side(&COLUMNS, "what")) else {
            return Err(Error::forbidden().arg("action", "read").arg("entity", "partners"));
        };
        let mut m = Matrix { c, who, what, rows: vec![], columns: vec![], date: String::new(), quantity: String::new() };
        m.date = c.date("date")?.unwrap_or(c.ctx.today).to_string();
        let typed = c
            .param("quantity")
            .filter(|q| !q.is_empty())
            .map(|q| Quantity::parse(&decimal(c.lang, q)).map_err(|e| e.at("quantity")))
            .transpose()?;
        if typed.is_some_and(|q| !q.is_positive()) {
            return Err(Error::field("quantity", "number_not_positive"));
        }
        m.quantity = typed.unwrap_or(Quantity::ONE).to_string();
        m.rows = heads(c, who)?;
        // Kinds of clients end with those who are of none.
        if matches!(who.0, "types" | "segments") {
            m.rows.push(Head { field: who.1, id: String::new(), title: tr(c.lang, "terms-others").to_owned() });
        }
        m.columns = heads(c, what)?;
        Ok(m)
    }

    pub fn question(&self, rows: &[Head], columns: &[Head], explain: bool) -> Json {
        let all = |of: &[Head]| of.iter().map(Head::json).collect::<Vec<_>>();
        json!({"rows": all(rows), "columns": all(columns), "date": self.date, "quantity": self.quantity, "explain": explain})
    }

    /// The address of the page as it is, with further parameters.
    pub fn address(&self, more: &[(&str, &str)]) -> String {
        let chosen = |of: Side, all: &[Head]| {
            if picks(of) { all.iter().map(|h| h.id.as_str()).collect::<Vec<_>>().join(",") } else { String::new() }
        };
        let (partners, products) = (chosen(self.who, &self.rows), chosen(self.what, &self.columns));
        let mut pairs =
            vec![("who", self.who.0), ("what", self.what.0), ("date", self.date.as_str()), ("quantity", self.quantity.as_str())];
        pairs.extend([("partner_id", partners.as_str()), ("product_id", products.as_str())]);
        pairs.retain(|(k, _)| more.iter().all(|(m, _)| m != k));
        pairs.extend_from_slice(more);
        address("/price-matrix", &pairs)
    }

    fn controls(&self) -> Markup {
        let (c, lang) = (self.c, self.c.lang);
        let select = |name: &str, label: &str, of: &[Side], now: Side| {
            html! {
                label class="row-f g4" { (tr(lang, label))
                    select class="form-select" name=(name) { @for s in of.iter().filter(|s| may(c, s.2, "read")) { option value=(s.0) selected[s.0 == now.0] { (tr(lang, &format!("terms-by_{}", s.0))) } } }
                }
            }
        };
        html! {
            form class="k-sec row-f g8 k-params k-matrixbar" method="get" action="/price-matrix" {
                (select("who", "terms-whose", &ROWS, self.who)) (select("what", "terms-for_what", &COLUMNS, self.what))
                label class="row-f g4" { (tr(lang, "work-quantity")) input class="form-control k-short" name="quantity" value=(number(lang, &self.quantity, 0)) inputmode="decimal" autocomplete="off"; }
                label class="row-f g4" { (tr(lang, "terms-in_force_on")) input class="form-control k-day" type="date" name="date" value=(self.date); }
                (self.picked("partner_id", self.who, &self.rows)) (self.picked("product_id", self.what, &self.columns))
                button class="btn btn-2 btn-s" type="submit" { (tr(lang, "page-report-show")) }
            }
        }
    }

    /// Chosen clients or products as chips, and a field for one more.
    fn picked(&self, name: &str, of: Side, all: &[Head]) -> Markup {
        if !picks(of) {
            return html! {};
        }
        let lang = self.c.lang;
        let ids: Vec<&str> = all.iter().map(|h| h.id.as_str()).collect();
        let without = |id: &str| self.address(&[(name, &ids.iter().copied().filter(|i| *i != id).collect::<Vec<_>>().join(","))]);
        let add = format!("add_{name}");
        let one_more = message::entity_one(lang, of.2);
        let control = Reference { id: "", title: "", source: &format!("/{}", of.2), depends: "", create: None, placeholder: one_more }
            .bare(&format!("f-{add}"), &add, false);
        html! {
            input type="hidden" name=(name) value=(ids.join(","));
            @for h in all { span class="k-chip" { span class="v" { (h.title) } a class="k-out" href=(without(&h.id)) aria-label={ (tr(lang, "terms-take_out")) ": " (h.title) } { (icon_small("x")) } } }
            label class="visually-hidden" for={ "f-" (add) } { (one_more) }
            (control)
        }
    }

    fn table(&self, answer: &Json) -> Markup {
        let lang = self.c.lang;
        let examples = &answer["columns"];
        // Kinds of goods of which nothing has a price say nothing.
        let shown = |n: &usize| picks(self.what) || !examples[*n]["product"].is_null();
        let columns: Vec<usize> = (0..self.columns.len()).filter(shown).collect();
        html! {
            table class="table k-grid k-matrix" aria-label=(tr(lang, "terms-matrix")) {
                thead { tr {
                    th scope="col" { (message::entity_one(lang, self.who.2)) }
                    @for (n, h) in columns.iter().map(|n| (*n, &self.columns[*n])) {
                        @let example = text(&examples[n]["product"], "title");
                        th scope="col" class="r" title=(example) { span class="cut" { (h.title) } @if self.what.0 != "products" { small class="cut" { (if example.is_empty() { "—" } else { example }) } } }
                    }
                } }
                tbody { @for (y, row) in self.rows.iter().enumerate() { tr {
                    th scope="row" { @if row.id.is_empty() { (row.title) } @else { a href=(format!("/{}/{}", self.who.2, row.id)) title=(row.title) { (row.title) } } }
                    @for x in columns.iter().copied() { (self.cell(y, x, &answer["cells"][y][x])) }
                } } }
            }
        }
    }

    fn cell(&self, y: usize, x: usize, cell: &Json) -> Markup {
        let lang = self.c.lang;
        let at = format!("{y}.{x}");
        let here = self.c.param("cell") == Some(at.as_str());
        let net = text(cell, "net_price");
        if net.is_empty() {
            return html! { td class="r m2" title=(text(cell, "problem")) { "—" } };
        }
        // To the kopeck, as prices are compared; the explanation has them whole.
        let kopeck = Price::UNIT / 100;
        let net = Price::parse(net).map_or(0, |p| (p.scaled() + p.scaled().signum() * kopeck / 2) / kopeck * kopeck);
        let off = Percent::parse(text(cell, "discount_percent")).unwrap_or(Percent::ZERO);
        let rules: Vec<&str> = cell["rules"].as_array().into_iter().flatten().map(|r| text(r, "name")).filter(|n| !n.is_empty()).collect();
        // A markup is a discount below zero.
        let shown = if off.is_zero() {
            String::new()
        } else {
            format!("{}{}", if off.is_negative() { "+" } else { "−" }, format::percent(lang, off.scaled().abs() / 1_000 * 1_000))
        };
        html! {
            td class=(if here { "r cell-pin" } else { "r" }) {
                a href=(self.address(&[("cell", &at)])) title=(rules.join(" · ")) {
                    span class="n b5" { (number(lang, &Price::from_scaled(net).to_string(), 2)) "\u{a0}" (words::sign(text(cell, "currency"))) }
                    small class=(if off.is_negative() { "n warn" } else { "n m1" }) { (if shown.is_empty() { "—" } else { &shown }) }
                }
            }
        }
    }
}

/// Whether each of this side is chosen by hand.
fn picks(of: Side) -> bool {
    matches!(of.0, "clients" | "products")
}

fn heads(c: &Call, of: Side) -> Result<Vec<Head>> {
    let (_, field, collection, conditions) = of;
    let head = |id: String, title: &str| Head {
        field,
        id,
        title: if title.is_empty() { tr(c.lang, "untitled").to_owned() } else { title.to_owned() },
    };
    if picks(of) {
        let mut ids: Vec<String> = c.param(field).unwrap_or("").split(',').filter(|s| !s.is_empty()).map(str::to_owned).collect();
        ids.extend(c.param(&format!("add_{field}")).filter(|s| !s.is_empty()).map(str::to_owned));
        let mut seen = kontor_kernel::HashSet::new();
        ids.retain(|id| kontor_platform::value::Id::parse_str(id).is_ok() && seen.insert(id.clone()));
        ids.truncate(CHOSEN);
        if ids.is_empty() {
            return Ok(vec![]);
        }
        let found = rows(c, collection, &[("id.in", &ids.join(",")), ("limit", "50")], &[])?;
        // In the order in which they were chosen.
        return Ok(ids
            .iter()
            .filter_map(|id| found.iter().find(|r| r.id().to_string() == *id))
            .map(|r| head(r.id().to_string(), r.title()))
            .collect());
    }
    let mut all = conditions.to_vec();
    all.extend([("limit", LISTED), ("sort", "name")]);
    if collection == "product-categories" {
        let mut top = all.clone();
        top.push(("parent_id.empty", "true"));
        let found = rows(c, collection, &top, &[])?;
        // One root says nothing: then what lies below it.
        if found.len() > 2 {
            return Ok(found.iter().map(|r| head(r.id().to_string(), r.title())).collect());
        }
    }
    Ok(rows(c, collection, &all, &[])?.iter().map(|r| head(r.id().to_string(), r.title())).collect())
}
