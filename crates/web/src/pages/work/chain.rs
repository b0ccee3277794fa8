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
    let made: Vec<&str> = nodes.iter().map(|n| text(n, "entity")).collect();
    for n in &nodes {
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
    Ok(drawn(c, &items))
}

/// The same for the card of a document: nothing where it stands alone.
pub fn of_card(c: &Call, entity: &str, id: &str) -> Result<Markup> {
    let way = of_its_own(nodes(c, entity, id)?, id);
    if way.len() < 2 {
        return Ok(Markup::default());
    }
    Ok(drawn(c, &way.iter().map(|n| item(c, n, id)).collect::<Vec<_>>()))
}

fn drawn(c: &Call, items: &[Item]) -> Markup {
    let items: Vec<ChainItem> =
        items.iter().map(|i| ChainItem { title: &i.title, note: &i.note, icon: i.icon, href: i.href.as_deref(), link: i.link }).collect();
    Chain { label: tr(c.lang, "page-order-chain"), items: &items }.render()
}

/// Out of the whole tree: the way up to the document, itself, and what was made from it; siblings are no part of its chain.
fn of_its_own(all: Vec<Json>, id: &str) -> Vec<Json> {
    let Some(at) = all.iter().position(|n| text(n, "id") == id) else { return all };
    let mut out = way_to(&all, id);
    out.extend(all[at + 1..].iter().take_while(|n| level(n) > level(&all[at])).take(MADE).cloned());
    out
}

/// The way up to the document and itself; all of the tree where it is no part of it.
fn way_to(all: &[Json], id: &str) -> Vec<Json> {
    let Some(at) = all.iter().position(|n| text(n, "id") == id) else { return all.to_vec() };
    let mut out = vec![all[at].clone()];
    let mut up = level(&all[at]);
    for n in all[..at].iter().rev() {
        if level(n) < up {
            up = level(n);
            out.push(n.clone());
        }
    }
    out.reverse();
    out
}

fn level(n: &Json) -> i64 {
    n["level"].as_i64().unwrap_or(0)
}

fn icon(c: &Call, entity: &str) -> &'static str {
    c.app.registry.get(entity).map_or("file-text", nav::icon)
}

fn nodes(c: &Call, entity: &str, id: &str) -> Result<Vec<Json>> {
    let told = match ask(c, &format!("{entity}/{{id}}/chain"), &[("id", id.to_owned())], &[]) {
        // the page stands without its chain where the caller may not ask for it
        Err(e) if e.kind() == Kind::Forbidden => None,
        told => told?,
    };
    Ok(told.and_then(|j| j["items"].as_array().cloned()).unwrap_or_default())
}

/// For a document not yet saved: the chain of what it is made from.
fn basis_nodes(c: &Call, basis: &[(&str, &str)]) -> Result<Vec<Json>> {
    for (entity, id) in basis.iter().filter(|(_, id)| !id.is_empty()) {
        let found = nodes(c, entity, id)?;
        if !found.is_empty() {
            // Its other children are no part of the new one.
            return Ok(way_to(&found, id));
        }
    }
    Ok(vec![])
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
        let all = vec![node("deal", 0), node("q1", 1), node("q2", 1), node("o2", 2), node("s2", 3), node("q3", 1)];
        let of = |all: &[Json]| all.iter().map(|n| text(n, "id").to_owned()).collect::<Vec<_>>();
        let ids = |id: &str| of(&of_its_own(all.clone(), id));
        assert_eq!(ids("o2"), ["deal", "q2", "o2", "s2"]);
        assert_eq!(ids("q3"), ["deal", "q3"]);
        assert_eq!(ids("deal"), ["deal", "q1", "q2", "o2", "s2", "q3"]);
        assert_eq!(ids("elsewhere").len(), 6);
        assert_eq!(of(&way_to(&all, "o2")), ["deal", "q2", "o2"]);
    }
}
