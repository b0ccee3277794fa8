//! The chain that a document stands in: what it was made from, itself, what was made from it, what comes next.

use super::words::{self, address};
use super::{ask, rows::may, text};
use crate::pages::{Call, nav};
use crate::ui::chain::{Chain, ChainItem, Link};
use crate::ui::money::number;
use kontor_kernel::error::{Kind, Result};
use kontor_texts::{format, message, tr};
use maud::{Markup, Render};
use serde_json::Value as Json;

/// Documents made from it that are drawn; the rest stands in the lists.
const MADE: usize = 8;

/// A document that may be made on the basis of the one shown.
pub struct Next<'a> {
    pub entity: &'static str,
    pub note: String,
    pub given: Vec<(&'a str, &'a str)>,
}

struct Item {
    title: String,
    note: String,
    icon: &'static str,
    href: Option<String>,
    link: Link,
}

/// `here`: collection and id of the document on the page (no id: it is being made).
pub fn chain(c: &Call, here: (&'static str, &str), new_note: &str, basis: &[(&str, &str)], next: &[Next]) -> Result<Markup> {
    let lang = c.lang;
    let (entity, id) = here;
    let mut items: Vec<Item> = vec![];
    let nodes = if id.is_empty() { basis_nodes(c, basis)? } else { of_its_own(nodes(c, entity, id)?, id) };
    let made: Vec<&str> = nodes.as_array().into_iter().flatten().map(|n| text(n, "entity")).collect();
    for n in nodes.as_array().into_iter().flatten() {
        items.push(item(c, n, id));
    }
    if id.is_empty() {
        items.push(Item {
            title: message::entity_new(lang, entity).to_owned(),
            note: new_note.to_owned(),
            icon: icon(c, entity),
            href: None,
            link: Link::Here,
        });
    }
    for n in next.iter().filter(|n| may(c, n.entity, "create") && !(entity == "deals" && made.contains(&n.entity))) {
        items.push(Item {
            title: message::entity_one(lang, n.entity).to_owned(),
            note: n.note.clone(),
            icon: icon(c, n.entity),
            href: Some(address(&format!("/{}/new", n.entity), &n.given)),
            link: Link::Next,
        });
    }
    let drawn: Vec<ChainItem> =
        items.iter().map(|i| ChainItem { title: &i.title, note: &i.note, icon: i.icon, href: i.href.as_deref(), link: i.link }).collect();
    Ok(Chain { label: tr(lang, "page-order-chain"), items: &drawn }.render())
}

/// The chain that ends with a document which the other one of `of` leads to (a prepayment of an order): `own` as a node.
pub fn around(c: &Call, of: (&str, &str), own: &Json) -> Result<Markup> {
    let here = text(own, "id");
    let all = nodes(c, of.0, of.1)?;
    if all.as_array().is_none_or(Vec::is_empty) {
        return Ok(Markup::default());
    }
    let stands = all.as_array().into_iter().flatten().any(|n| text(n, "id") == here);
    let mut way = of_its_own(all, if stands { here } else { of.1 }).as_array().cloned().unwrap_or_default();
    if !stands {
        let end = way.iter().position(|n| text(n, "id") == of.1).map_or(way.len(), |i| i + 1);
        way.truncate(end);
        way.push(own.clone());
    }
    let items: Vec<Item> = way.iter().map(|n| item(c, n, here)).collect();
    let drawn: Vec<ChainItem> =
        items.iter().map(|i| ChainItem { title: &i.title, note: &i.note, icon: i.icon, href: i.href.as_deref(), link: i.link }).collect();
    Ok(Chain { label: tr(c.lang, "page-order-chain"), items: &drawn }.render())
}

/// Out of the whole tree: the way up to the document, itself, and what was made from it; siblings are no part of its chain.
fn of_its_own(all: Json, id: &str) -> Json {
    let Json::Array(all) = all else { return Json::Null };
    let Some(at) = all.iter().position(|n| text(n, "id") == id) else { return Json::Array(all) };
    let level = |n: &Json| n["level"].as_i64().unwrap_or(0);
    let mut out = vec![];
    let mut up = level(&all[at]);
    for n in all[..at].iter().rev() {
        if level(n) < up {
            up = level(n);
            out.push(n.clone());
        }
    }
    out.reverse();
    out.push(all[at].clone());
    out.extend(all[at + 1..].iter().take_while(|n| level(n) > level(&all[at])).take(MADE).cloned());
    Json::Array(out)
}

fn icon(c: &Call, entity: &str) -> &'static str {
    c.app.registry.get(entity).map_or("file-text", nav::icon)
}

fn nodes(c: &Call, entity: &str, id: &str) -> Result<Json> {
    match ask(c, &format!("{entity}/{{id}}/chain"), &[("id", id.to_owned())], &[]) {
        Ok(Some(j)) => Ok(if j.is_array() { j } else { j["items"].clone() }),
        Ok(None) => Ok(Json::Null),
        // the page stands without its chain where the caller may not ask for it
        Err(e) if e.kind() == Kind::Forbidden => Ok(Json::Null),
        Err(e) => Err(e),
    }
}

/// For a document not yet saved: the chain of what it is made from.
fn basis_nodes(c: &Call, basis: &[(&str, &str)]) -> Result<Json> {
    for (entity, id) in basis.iter().filter(|(_, id)| !id.is_empty()) {
        let found = nodes(c, entity, id)?;
        if !found.is_null() {
            // only the way up to it; its other children are no part of the new one
            let all = found.as_array().cloned().unwrap_or_default();
            let at = all.iter().position(|n| text(n, "id") == *id).unwrap_or(0);
            let mut level = all.get(at).and_then(|n| n["level"].as_i64()).unwrap_or(0);
            let mut up: Vec<Json> = all.get(at).cloned().into_iter().collect();
            for n in all[..at.min(all.len())].iter().rev() {
                if n["level"].as_i64().unwrap_or(0) < level {
                    level = n["level"].as_i64().unwrap_or(0);
                    up.push(n.clone());
                }
            }
            up.reverse();
            return Ok(Json::Array(up));
        }
    }
    Ok(Json::Null)
}

fn item(c: &Call, n: &Json, here: &str) -> Item {
    let (entity, id, state) = (text(n, "entity"), text(n, "id"), text(n, "state"));
    let spec = c.app.registry.get(entity);
    let name = spec.map_or("", |s| message::entity_one(c.lang, s.name));
    let number_text = text(n, "number");
    let title = if entity == "deals" || number_text.is_empty() { name.to_owned() } else { number_text.to_owned() };
    let state_text = spec.filter(|_| !state.is_empty()).map_or("", |s| message::state(c.lang, s.name, state));
    let total = text(n, "total");
    let sum =
        if total.is_empty() { String::new() } else { format!("{}\u{a0}{}", number(c.lang, total, 2), words::sign(text(n, "currency"))) };
    let date = text(n, "date").parse().map(|d| format::date_short(c.lang, d)).unwrap_or_default();
    let first = match (entity, state_text) {
        ("deals", _) if id != here => number_text.chars().take(32).collect(),
        (_, "") => date,
        (_, s) => s.to_owned(),
    };
    let parts = [first, sum];
    let note = parts.into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" · ");
    let link = match state {
        _ if id == here => Link::Here,
        "cancelled" | "reversed" | "lost" => Link::Undone,
        _ => Link::Done,
    };
    Item { title, note, icon: spec.map_or("file-text", nav::icon), href: (!id.is_empty()).then(|| format!("/{entity}/{id}")), link }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn sal_01_a_chain_leaves_siblings_out() {
        let node = |id: &str, level: i64| json!({"id": id, "level": level});
        let all = json!([node("deal", 0), node("q1", 1), node("q2", 1), node("o2", 2), node("s2", 3), node("q3", 1)]);
        let ids =
            |id: &str| of_its_own(all.clone(), id).as_array().expect("a list").iter().map(|n| text(n, "id").to_owned()).collect::<Vec<_>>();
        assert_eq!(ids("o2"), ["deal", "q2", "o2", "s2"]);
        assert_eq!(ids("q3"), ["deal", "q3"]);
        assert_eq!(ids("deal"), ["deal", "q1", "q2", "o2", "s2", "q3"]);
        assert_eq!(ids("elsewhere").len(), 6);
    }
}
