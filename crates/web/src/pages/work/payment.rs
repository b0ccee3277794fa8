//! What a payment is for: the documents that its sender chose, by number and linked, each with its part.

use super::rows::rows;
use super::words;
use crate::pages::Call;
use crate::ui::money::Money;
use kontor_kernel::error::Result;
use kontor_texts::message;
use maud::{Markup, html};
use serde_json::Value as Json;
use std::collections::HashMap;

/// A document that a part goes to, as its link shows it.
struct Paid {
    collection: String,
    number: String,
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
                    Some(d) => { a class="lk nw" href={ "/" (d.collection) "/" (id) } { (message::entity_one(c.lang, &d.collection)) " " (d.number) } }
                    None => { span class="m2" { (c.t("work-not_for_you")) } }
                }
                " " (Money::new(c.lang, p["amount"].as_str().unwrap_or("0")).unit(sign))
            }
        }
    }))
}

/// Documents that are settled, and orders that are paid for before anything is shipped.
fn documents(c: &Call, ids: &[&str]) -> Result<HashMap<String, Paid>> {
    let mut out = HashMap::new();
    for chunk in ids.chunks(200) {
        let list = chunk.join(",");
        let asked = [("id", list.as_str()), ("limit", "200")];
        for r in rows(c, "sales-orders", &asked, &["number"])?.iter() {
            out.insert(r.id().to_string(), Paid { collection: "sales-orders".into(), number: r.text("number").into() });
        }
        for r in rows(c, "settlement-documents", &asked, &["number", "entity"])?.iter() {
            out.insert(r.id().to_string(), Paid { collection: r.text("entity").into(), number: r.text("number").into() });
        }
    }
    Ok(out)
}
