//! Changes of rules that a person tries on past orders: written in the usual forms, kept for him alone, in force for nobody.

use super::super::words::{address, url};
use crate::pages::typed::Typed;
use crate::pages::{Call, Reply};
use crate::ui::figures::Section;
use crate::ui::form::Reference;
use crate::ui::head::{Button, Kind as ButtonKind};
use crate::ui::icons::icon;
use kontor_kernel::error::{Error, Result};
use kontor_platform::spec::Spec;
use kontor_platform::value::Id;
use kontor_prices::{TRIED, TRIED_AT_ONCE};
use kontor_texts::message;
use maud::{Markup, Render, html};
use serde_json::{Map, Value as Json, json};

const PATH: &str = "/price-simulator";
const KEY: &str = "price-simulator";

pub fn may(c: &Call) -> bool {
    c.app.registry.get("price-conditions").is_some_and(|s| c.ctx.access.may(s, "simulate"))
}

fn kept(c: &Call) -> Result<Vec<Json>> {
    Ok(c.app.draft(&c.ctx, KEY)?.and_then(|(body, _)| body["changes"].as_array().cloned()).unwrap_or_default())
}

fn keep(c: &Call, all: Vec<Json>) -> Result<()> {
    if all.is_empty() {
        return c.app.drop_draft(&c.ctx, KEY);
    }
    c.app.keep_draft(&c.ctx, KEY, json!({"changes": all})).map(|_| ())
}

/// As the simulator takes them.
pub fn changes(c: &Call) -> Result<Vec<Json>> {
    let one = |k: &Json| json!({"collection": k["collection"], "id": k["id"], "removed": k["removed"], "body": k["body"]});
    Ok(kept(c)?.iter().map(one).collect())
}

fn add_one(c: &Call, change: Json, at: Option<usize>) -> Result<Reply> {
    let mut all = kept(c)?;
    let same = |k: &Json| !change["id"].is_null() && k["collection"] == change["collection"] && k["id"] == change["id"];
    match at.filter(|n| *n < all.len()).or_else(|| all.iter().position(same)) {
        Some(n) => all[n] = change,
        None if all.len() >= TRIED_AT_ONCE => return Err(Error::refused("line_limit").arg("max", TRIED_AT_ONCE)),
        None => all.push(change),
    }
    keep(c, all)?;
    Ok(Reply::Go(PATH.into()))
}

/// Under the form of a record of the trade's rules.
pub fn button(c: &Call, spec: &Spec) -> Option<Markup> {
    let tried = TRIED.contains(&spec.name) && spec.name != "edited-prices" && may(c);
    tried.then(|| {
        html! {
            @if let Some(n) = c.param("tried") { input type="hidden" name="tried" value=(n); }
            button type="submit" class="btn btn-2" name="then" value="try" { (icon("player-play")) (c.t("price-sim-try")) }
        }
    })
}

/// What stands in the form of a change that is kept, to go on with it.
pub fn typed(c: &Call, spec: &Spec, n: &str) -> Result<Option<Typed>> {
    let Ok(n) = n.parse::<usize>() else { return Ok(None) };
    let Some(k) = kept(c)?.into_iter().nth(n) else { return Ok(None) };
    // Kept by an earlier version in another shape, it is begun anew.
    let pairs: Option<Vec<(String, String)>> = serde_json::from_value(k["typed"].clone()).ok();
    Ok(pairs.filter(|p| k["collection"] == spec.name && !p.is_empty()).map(Typed))
}

/// The form as it was posted, to be tried instead of saved. What the collection would refuse is refused here.
pub fn take(c: &Call, spec: &'static Spec, id: Option<Id>, mut body: Map<String, Json>, typed: &Typed, at: &str) -> Result<Reply> {
    // What is not in force meets nothing of its own key.
    if spec.index("active").is_some() {
        body.insert("active".into(), json!(false));
    }
    body.remove("version");
    let seen = c.app.preview(&c.ctx, spec.name, id, &Json::Object(body.clone()))?;
    // Names may be given when it is saved.
    let title = seen[spec.title].as_str().map(str::trim).filter(|t| !t.is_empty()).unwrap_or(message::entity_new(c.lang, spec.name));
    let change = json!({"collection": spec.name, "id": id, "removed": false, "title": title, "body": body, "typed": typed.0});
    add_one(c, change, at.parse().ok())
}

/// The changes that are tried, and the way to another one.
pub fn section(c: &Call) -> Result<Markup> {
    let all = kept(c)?;
    let body = html! {
        @if !all.is_empty() {
            ul class="k-trials" {
                @for (n, k) in all.iter().enumerate() {
                    @let collection = k["collection"].as_str().unwrap_or("");
                    @let form = !k["typed"].is_null();
                    li class="row-f" {
                        span class="m2" { (message::entity_one(c.lang, collection)) }
                        @if form {
                            @let to = match k["id"].as_str() { Some(id) => format!("/{collection}/{}/edit?tried={n}", url(id)), None => format!("/{collection}/new?tried={n}") };
                            a class="b5" href=(to) { (k["title"].as_str().unwrap_or("…")) }
                        } @else { b class="b5" { (k["title"].as_str().unwrap_or("…")) } }
                        @if k["removed"] == true { span class="k-chip" { (c.t("price-sim-without")) } }
                        form method="post" action={ (PATH) "/forget" } { input type="hidden" name="csrf" value=(c.csrf); button type="submit" class="btn btn-3 btn-s" name="n" value=(n) title=(c.t("price-sim-forget")) aria-label=(c.t("price-sim-forget")) { (icon("x")) } }
                    }
                }
            }
        }
        form class="row-f wrap g12" method="post" action={ (PATH) "/add" } {
            input type="hidden" name="csrf" value=(c.csrf);
            label { span class="vh" { (c.t("price-sim-kind")) }
                select class="form-select" name="collection" aria-label=(c.t("price-sim-kind")) hx-get={ (PATH) "/choose" } hx-target="#sim-choose" hx-trigger="change" {
                    option value="" { (c.t("price-sim-kind")) }
                    @for x in TRIED { @if c.app.registry.get(x).is_some_and(|s| c.ctx.access.may(s, "read")) { option value=(x) { (message::entity(c.lang, x)) } } }
                }
            }
            span id="sim-choose" class="row-f wrap g12" {}
        }
    };
    Ok(Section { title: c.t("price-sim-changes"), count: (!all.is_empty()).then_some(all.len()), aside: html! {}, body }.render())
}

/// `GET /price-simulator/choose?collection=`: which record, and what to do with it.
pub fn choose(c: &Call) -> Result<Reply> {
    let collection = c.param("collection").unwrap_or("");
    if !TRIED.contains(&collection) {
        return Ok(Reply::ok(html! {}));
    }
    let spec = c.spec(collection)?;
    let edited = collection == "edited-prices";
    let source = if edited { "/price-types?method=manual".to_string() } else { format!("/{collection}") };
    let of = Reference {
        source: &source,
        placeholder: message::entity_one(c.lang, if edited { "price-types" } else { collection }),
        ..Default::default()
    };
    let act = |value: &str, key: &str| html! { button type="submit" class="btn btn-2" name="do" value=(value) { (c.t(key)) } };
    Ok(Reply::ok(html! {
        (of.bare("sim-record", "id", false))
        @if edited { (act("edited", "price-sim-edited_all")) }
        @else {
            @if c.ctx.access.may(spec, "update") { (act("change", "price-sim-change_it")) }
            (act("as_is", "price-sim-as_is"))
            (act("remove", "price-sim-take_out"))
            @if c.ctx.access.may(spec, "create") { (Button::new(ButtonKind::Third, c.t("price-sim-new")).icon("plus").link(&format!("/{collection}/new"))) }
        }
    }))
}

/// `POST /price-simulator/add`.
pub fn add(c: &Call) -> Result<Reply> {
    let form = c.req.form();
    let get = |name: &str| form.iter().rev().find(|(k, _)| k == name).map_or("", |(_, v)| v.trim());
    let Some(collection) = TRIED.into_iter().find(|x| *x == get("collection")) else { return Ok(Reply::Go(PATH.into())) };
    let Ok(id) = Id::parse_str(get("id")) else { return Ok(Reply::Go(PATH.into())) };
    if get("do") == "change" {
        return Ok(Reply::Go(format!("/{collection}/{id}/edit")));
    }
    let of = if get("do") == "edited" { "price-types" } else { collection };
    let found = c.app.get(&c.ctx, of, id)?;
    let title = found["title"].as_str().unwrap_or_default();
    let change = match get("do") {
        "edited" => json!({"collection": collection, "title": title, "body": {"price_type_id": id}}),
        done => json!({"collection": collection, "id": id, "title": title, "removed": done == "remove"}),
    };
    add_one(c, change, None)
}

/// `POST /price-simulator/forget`.
pub fn forget(c: &Call) -> Result<Reply> {
    let n = c.req.form().iter().find(|(k, _)| k == "n").and_then(|(_, v)| v.parse::<usize>().ok());
    let mut all = kept(c)?;
    if let Some(n) = n.filter(|n| *n < all.len()) {
        all.remove(n);
        keep(c, all)?;
    }
    Ok(Reply::Go(address(PATH, &[])))
}
