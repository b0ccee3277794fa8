//! What a payment is for: the documents that its sender chose, by number and linked, each with its part; and what it was set off
//! against, chosen or not.

use super::rows::{Row, may, readable, rows};
use super::{ask, text, words};
use crate::pages::card::Card;
use crate::pages::{Call, nav};
use crate::ui::figures::Section;
use crate::ui::icons::icon;
use crate::ui::money::Money;
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_platform::app::if_seen;
use kontor_texts::{format, message};
use maud::{Markup, html};
use serde_json::Value as Json;

/// A document that a part goes to, as its link shows it.
struct Paid {
    collection: String,
    number: String,
    href: String,
}

/// `allocations` of a payment. A document that the caller may not see has neither number nor link.
pub fn allocations(c: &Call, payment: &Json) -> Result<Option<Markup>> {
    let Some(parts) = payment["allocations"].as_array().filter(|a| !a.is_empty()) else { return Ok(None) };
    let ids: Vec<&str> = parts.iter().filter_map(|p| p["document_id"].as_str()).collect();
    let known = documents(c, &ids)?;
    let sign = words::sign(payment["currency"].as_str().unwrap_or(""));
    Ok(Some(html! {
        @for p in parts {
            @let id = p["document_id"].as_str().unwrap_or("");
            div {
                @match known.get(id) {
                    Some(d) => { a class="lk nw" href=(d.href) { (message::entity_one(c.lang, &d.collection)) " " (d.number) } }
                    None => { span class="m2" { (c.t("work-not_for_you")) } }
                }
                " " (Money::new(c.lang, p["amount"].as_str().unwrap_or("0")).unit(sign))
            }
        }
    }))
}

/// What the document was set off against; what is left of it tells a field of its own. Nothing for one that is not posted, or whose
/// settlements the caller may not see.
pub fn settled(c: &Call, card: &Card) -> Result<Markup> {
    if card.spec.name == "payments" && card.state() != "posted" {
        return Ok(html! {});
    }
    let Some(Some(answer)) = if_seen(ask(c, "settlement-documents/{id}/parts", &[("id", card.id.to_string())], &[]))? else {
        return Ok(html! {});
    };
    let parts: Vec<&Json> = answer["items"].as_array().into_iter().flatten().collect();
    let sign = words::sign(text(&answer, "currency"));
    let body = html! {
        @for p in &parts { (part(c, p, sign)) }
        @if parts.is_empty() { p class="m2" { (c.t("work-settled_none")) } }
        @if answer["more"] == true { p class="m2" { (c.t("work-settled_more")) } }
    };
    let title = if card.spec.name == "payments" { "work-settled_closed" } else { "work-settled_against" };
    Ok(html! {
        (itself(c, card)?)
        (Section { title: c.t(title), count: (parts.len() > 1).then_some(parts.len()), aside: html! {}, body })
    })
}

/// The way from a row of the settlements to the document that it tells of.
fn itself(c: &Call, card: &Card) -> Result<Markup> {
    let of = text(&card.json, "entity");
    // A line of opening balances is looked at among the others.
    let record = text(&card.json, "opening_balance_id").parse().unwrap_or(card.id);
    if card.spec.name != "settlement-documents" || !readable(c, of) || c.app.record_if_seen(&c.ctx, of, record)?.is_none() {
        return Ok(html! {});
    }
    Ok(html! {
        div class="k-sec" {
            a class="btn btn-2" href={ "/" (of) "/" (record) } {
                @if let Some(spec) = c.app.registry.get(of) { (icon(nav::icon(spec))) }
                (message::entity_one(c.lang, of)) " " (text(&card.json, "number"))
            }
        }
    })
}

fn part(c: &Call, p: &Json, sign: &str) -> Markup {
    let href = paper(c, text(p, "entity"), text(p, "document_id"), text(p, "record_id"));
    html! {
        a class="k-li" href=(href) {
            span class="cut" { (message::entity_one(c.lang, text(p, "entity"))) " " (text(&p["document"], "title")) }
            @if let Ok(day) = text(p, "date").parse() { time class="s12 m2" { (format::date(c.lang, day)) } }
            span class="n b5" { (Money::new(c.lang, text(p, "amount")).unit(sign)) }
        }
    }
}

/// Which lines of opening balances something was set off against, and what that was.
pub fn settled_lines(c: &Call, card: &Card) -> Result<Markup> {
    let Some(Some(answer)) = if_seen(ask(c, "opening-balances/{id}/parts", &[("id", card.id.to_string())], &[]))? else {
        return Ok(html! {});
    };
    let lines: Vec<&Json> = answer["items"].as_array().into_iter().flatten().collect();
    if lines.is_empty() {
        return Ok(html! {});
    }
    let body = html! {
        @for l in &lines {
            @let sign = words::sign(text(l, "currency"));
            div class="k-li" {
                span class="cut" { a class="lk" href={ "/partners/" (text(l, "partner_id")) } { (text(&l["partner"], "title")) } " · " b class="b5" { (text(l, "number")) } }
                span class="n s12 m2" { (c.t("opening-balances-open")) " " (Money::new(c.lang, text(l, "open")).unit(sign)) }
            }
            @for p in l["settled"].as_array().into_iter().flatten() { (part(c, p, sign)) }
        }
        @if answer["more"] == true { p class="m2" { (c.t("work-settled_more_lines")) } }
    };
    Ok(html! { (Section { title: c.t("work-settled_lines"), count: (lines.len() > 1).then_some(lines.len()), aside: html! {}, body }) })
}

/// Where a settlement document is looked at: a row with `entity` and `opening_balance_id`.
pub fn paper_of(c: &Call, r: Row) -> String {
    let own = r.id().to_string();
    let record = r.id_of("opening_balance_id").map_or_else(|| own.clone(), |id| id.to_string());
    paper(c, r.text("entity"), &own, &record)
}

/// A line of opening balances is looked at among the others, by who may see them; else by itself.
fn paper(c: &Call, entity: &str, document: &str, record: &str) -> String {
    if document == record || may(c, entity, "read") { format!("/{entity}/{record}") } else { format!("/settlement-documents/{document}") }
}

/// Documents that are settled, and orders that are paid for before anything is shipped.
fn documents(c: &Call, ids: &[&str]) -> Result<HashMap<String, Paid>> {
    let mut out = HashMap::new();
    for chunk in ids.chunks(200) {
        let list = chunk.join(",");
        let asked = [("id", list.as_str()), ("limit", "200")];
        for r in rows(c, "sales-orders", &asked, &["number"])?.iter() {
            out.insert(r.id().to_string(), Paid { collection: "sales-orders".into(), number: r.text("number").into(), href: r.href() });
        }
        for r in rows(c, "settlement-documents", &asked, &["number", "entity", "opening_balance_id"])?.iter() {
            let paid = Paid { collection: r.text("entity").into(), number: r.text("number").into(), href: paper_of(c, r) };
            out.insert(r.id().to_string(), paid);
        }
    }
    Ok(out)
}
