//! A supplier's or competitor's price list: what is recognised in it, how it is to be read, how many of its lines are ours.

use super::super::rows::{count, rows};
use super::super::words::address;
use super::told::{Asked, FileForm};
use super::{HERE, answer, may, need, page};
use crate::pages::import::tell;
use crate::pages::{Call, Reply};
use crate::ui::form::{Control, Field, Reference};
use crate::ui::head::{Button, Kind};
use axum::http::StatusCode;
use kontor_kernel::error::{Error, Result};
use kontor_platform::Ctx;
use kontor_platform::value::Id;
use kontor_texts::{format, label, message, tr, tr_args};
use kontor_trade::price_list::{self, Given, ListReport, SheetFound, column_letters};
use maud::{Markup, Render, html};

const ROLES: [&str; 7] = ["article", "name", "price", "barcode", "currency", "unit", "stock"];
/// Suppliers beside the form.
const KNOWN: &str = "30";

pub fn show(c: &Call) -> Result<Reply> {
    need(c, "lists")?;
    page(c, StatusCode::OK, "lists", html! {}, content(c, html! {})?)
}

fn content(c: &Call, told: Markup) -> Result<Markup> {
    let partner = c.param("partner_id").unwrap_or("");
    let title = c.seen("partners", partner)?.map(|j| super::super::title_of(c, "partners", &j)).unwrap_or_default();
    let of = Reference { id: partner, title: &title, source: "/partners", create: Some("/partners/new"), ..Default::default() };
    let vat = ["included", "excluded", "exempt"].map(|v| (v, message::choice(c.lang, "price-list-mappings", "vat", v)));
    let vats: Vec<(&str, &str)> = vat.iter().map(|(v, t)| (*v, &**t)).collect();
    let fields = html! {
        div class="k-fields" {
            (Field::new("partner_id", label(c.lang, "supplier-prices", "partner_id"), Control::Reference(of)).required())
            (Field::new("currency", label(c.lang, "supplier-prices", "currency"), Control::Text { value: "", kind: "text", placeholder: tr(c.lang, "inout-as_said") }).width("w3"))
            (Field::new("vat", label(c.lang, "supplier-prices", "vat"), Control::Select { value: "", options: &vats }).width("w3"))
        }
    };
    let form = FileForm { c, action: "/price-exchange/lists", accept: ".xlsx,.csv,.tsv,.txt,.gz", fields, told };
    Ok(html! {
        div class="k-cols with-side" {
            div class="k-body" { @if may(c, "supplier-prices", "create") { (form.draw()) } @else { p class="m2" { (tr(c.lang, "inout-may_not")) } } }
            aside class="k-side" aria-label=(tr(c.lang, "inout-known")) { (known(c)?) }
        }
    })
}

/// Partners whose lists were read before.
fn known(c: &Call) -> Result<Markup> {
    let found = rows(c, "price-list-mappings", &[("limit", KNOWN), ("sort", "name")], &["partner_id", "name"])?;
    let mut lines = vec![];
    for r in found.iter() {
        let Some(partner) = r.id_of("partner_id").map(|p| p.to_string()) else { continue };
        let all = count(c, "supplier-prices", &[("partner_id", &partner)])?.unwrap_or(0);
        let ours = count(c, "supplier-prices", &[("partner_id", &partner), ("product_id.empty", "false")])?.unwrap_or(0);
        lines.push((r, partner, all, ours));
    }
    let body = html! {
        @if lines.is_empty() { p class="m2 s12" { (tr(c.lang, "inout-known-none")) } }
        @for (r, partner, all, ours) in &lines {
            div class="k-li" {
                span class="cut" { a class="lk" href=(address(&format!("/{HERE}/matching"), &[("partner_id", partner)])) { (r.name_of("partner_id")) } }
                span class="s12 m2 tn nw" title=(tr(c.lang, "inout-known-ours")) { (format::integer(c.lang, *ours)) " / " (format::integer(c.lang, *all)) }
                a class="lk s12" href=(r.href()) { (tr(c.lang, "inout-columns")) }
            }
        }
    };
    Ok(crate::ui::figures::Section { title: tr(c.lang, "inout-known"), count: None, aside: html! {}, body }.render())
}

pub fn take(c: &Call) -> Result<Reply> {
    need(c, "lists")?;
    answer(c, "lists", taken(c), |told| content(c, told))
}

fn taken(c: &Call) -> Result<(bool, Markup)> {
    let asked = Asked::of(c)?;
    let partner = Id::parse_str(asked.text("partner_id")).map_err(|_| Error::field("partner_id", "required"))?;
    let (input, options) = (asked.input(), asked.options());
    let looked = price_list::look(&c.app, &c.ctx, partner, &input, &options)?;
    let given = given(&asked, &looked);
    let title = tr_args(c.lang, "jobs-import-title", &[("what", asked.name.as_str().into())]);
    let work = |ctx: &Ctx| price_list::import_as(&c.app, ctx, partner, &input, &options, given.as_ref());
    let found = kontor_exchange::in_job(&c.app, &c.ctx, &title, &options, work, |found| &mut found.report)?;
    let spec = c.spec("supplier-prices")?;
    let told = html! {
        (tell(c, Some(spec), &found.report, asked.checks(), asked.partial()))
        (figures(c, &found, partner, asked.checks()))
        (sheets(c, &asked, &found.sheets, given.as_ref()))
    };
    Ok((found.report.ok(), told))
}

/// The file that the choice of columns belongs to: for another one it is found anew.
fn mark(a: &Asked) -> String {
    format!("{}:{}:{}", a.bytes.len(), a.text("partner_id"), a.name)
}

/// What the person chose, where he did.
fn given(a: &Asked, looked: &[SheetFound]) -> Option<Given> {
    let text = |name: &str| Some(a.text(name).trim().to_owned()).filter(|s| !s.is_empty());
    let mut out = Given { currency: text("currency").map(|c| c.to_uppercase()), vat: text("vat"), ..Default::default() };
    if a.text("file-mark") == mark(a) {
        let at = a.text("of-sheet").parse::<usize>().unwrap_or(0);
        let row = a.text("row").parse::<u32>().unwrap_or(0);
        let cells = looked.get(at).and_then(|s| s.first.iter().find(|r| r.0 == row)).map(|r| r.1.as_slice()).unwrap_or(&[]);
        for (k, role) in a.fields() {
            let heading = k.strip_prefix("role.").and_then(|n| n.parse::<usize>().ok()).and_then(|n| cells.get(n));
            if let Some(heading) = heading.filter(|h| !h.is_empty() && !role.is_empty()) {
                out.columns.push((role.to_owned(), heading.clone()));
            }
        }
        let wanted: Vec<String> = a.fields().filter(|(k, _)| *k == "sheet").map(|(_, v)| v.to_owned()).collect();
        if !wanted.is_empty() && wanted.len() < looked.len() {
            out.sheets = wanted;
        }
    }
    (!out.columns.is_empty() || out.currency.is_some() || out.vat.is_some()).then_some(out)
}

fn figures(c: &Call, r: &ListReport, partner: Id, checked: bool) -> Markup {
    let n = |key: &str, n: u64| tr_args(c.lang, key, &[("count", n.into())]);
    let (on_request, groups) = r.sheets.iter().fold((0, 0), |a, s| (a.0 + s.on_request, a.1 + s.groups));
    let left = r.maybe + r.none;
    html! {
        div class="row-f wrap g12 mt8" {
            @if on_request > 0 { span class="m1" { (n("inout-on_request", on_request)) } }
            @if groups > 0 { span class="m1" { (n("inout-groups", groups)) } }
            @if r.repeated > 0 { span class="m1" { (n("inout-repeated", r.repeated)) } }
            span class="pos" { (n("inout-same", r.same + r.kept)) }
            span class="m1" { (n("inout-maybe", r.maybe)) }
            span class="m1" { (n("inout-none", r.none)) }
            @if !checked && left > 0 { (Button::new(Kind::Second, tr(c.lang, "inout-to_matching")).link(&address(&format!("/{HERE}/matching"), &[("partner_id", &partner.to_string())]))) }
        }
    }
}

/// The sheets; the first with a list (or the first of all) with its columns to choose.
fn sheets(c: &Call, a: &Asked, all: &[SheetFound], given: Option<&Given>) -> Markup {
    let chosen = all.iter().position(|s| s.heading.is_some()).unwrap_or(0);
    let read = |s: &SheetFound| given.is_none_or(|g| g.sheets.is_empty() || g.sheets.contains(&s.name));
    html! {
        @if let Some(s) = all.get(chosen) {
            input type="hidden" name="file-mark" value=(mark(a));
            input type="hidden" name="of-sheet" value=(chosen);
            @if all.len() > 1 {
                div class="k-field mt12" role="group" aria-label=(tr(c.lang, "inout-sheets")) {
                    span class="lab" { (tr(c.lang, "inout-sheets")) }
                    div class="row-f wrap g12" { @for x in all { label class="k-check" { input class="form-check-input" type="checkbox" name="sheet" value=(x.name) checked[read(x)]; (x.name) " " span class="m2 tn" { (format::integer(c.lang, i64::try_from(x.items).unwrap_or(i64::MAX))) } } } }
                }
            }
            p class="mt12" { b class="b5" { (s.name) } " " span class="m2" { (match s.heading { Some(n) => tr_args(c.lang, "inout-heading_at", &[("row", n.into())]), None => tr(c.lang, "inout-heading_none").to_owned() }) } }
            (columns(c, s))
            p class="m2 s12 mt8" { (tr(c.lang, "inout-columns-hint")) }
        }
    }
}

fn columns(c: &Call, s: &SheetFound) -> Markup {
    let width = s.first.iter().map(|r| r.1.len()).max().unwrap_or(0).min(24);
    let role_of = |n: usize| s.columns.iter().find(|x| x.1 == column_letters(n)).map_or("", |x| x.0);
    let word = |r: &str| message::choice(c.lang, "price-list-mappings", "columns-role", r).into_owned();
    // The heading stands first, the rows of the sheet below it; a heading of one row is among them.
    let mut seen = kontor_kernel::HashSet::new();
    let first: Vec<&(u32, Vec<String>)> = s.first.iter().filter(|r| seen.insert(r.0)).collect();
    html! {
        div class="k-scroll wide mt8" {
            table class="table k-grid plain k-look" aria-label=(s.name) {
                thead {
                    tr { th scope="col" {} @for n in 0..width { th scope="col" {
                        select class="form-select" name={ "role." (n) } aria-label={ (tr(c.lang, "inout-column")) " " (column_letters(n)) } {
                            option value="" { (column_letters(n)) }
                            @for r in ROLES { option value=(r) selected[role_of(n) == r] { (word(r)) } }
                        }
                    } } }
                }
                tbody {
                    @for (row, cells) in first {
                        tr class=[(s.heading == Some(*row)).then_some("b5")] {
                            td class="r" { label class="row-f g4" { input class="form-check-input" type="radio" name="row" value=(row) checked[s.heading == Some(*row)] aria-label=(tr_args(c.lang, "inout-heading_is", &[("row", (*row).into())])); span class="m2 tn" { (row) } } }
                            @for n in 0..width { td title=[cells.get(n)] { (cells.get(n).map_or("", String::as_str)) } }
                        }
                    }
                }
            }
        }
    }
}
