//! Deals through commands, on both databases: stages, outcome, undo, history, who sees what, bad input.

#[path = "../../../partners/tests/common/mod.rs"]
mod common;
mod input;
mod people;
mod stages;

use common::{AWKWARD, World, conflict, faults, kind, missing_texts};
use kontor_kernel::error::Kind;
use kontor_platform::Registry;
use kontor_platform::execute::{Envelope, Outcome};
use kontor_platform::store::Priority;
use kontor_platform::value::Id;
use kontor_testkit::{TestDb, both};
use serde_json::{Value as Json, json};

fn registry() -> Registry {
    kontor_deals::register(kontor_catalog::register(kontor_partners::register(kontor_office::register(Registry::default()))))
}

fn world(db: &TestDb) -> World {
    World::new(db, registry())
}

fn id_of(j: &Json) -> Id {
    Id::parse_str(j.as_str().unwrap_or_default()).unwrap_or_else(|_| panic!("no id: {j}"))
}

/// Ids of the stages of a kind in their order.
fn stages(w: &World, kind: Id) -> Vec<Id> {
    let list = w.list("admin", "stages", &[("kind_id", &kind.to_string())]);
    list["items"].as_array().into_iter().flatten().map(|s| id_of(&s["id"])).collect()
}

fn usual(w: &World) -> (Id, Vec<Id>) {
    let kind = id_of(&w.list("admin", "deal-kinds", &[])["items"][0]["id"]);
    (kind, stages(w, kind))
}

fn new_kind(w: &World, name: &str, control: &str, names: &[&str]) -> (Id, Vec<Id>) {
    let kind = w.make("dir", "deal-kinds", json!({"name": name, "control": control}));
    let stages = names.iter().map(|n| w.make("dir", "stages", json!({"name": n, "kind_id": kind}))).collect();
    (kind, stages)
}

fn product(w: &World, name: &str) -> Id {
    let unit = id_of(&w.list("admin", "units", &[])["items"][0]["id"]);
    w.make("admin", "products", json!({"name": name, "unit_id": unit, "kind": "goods"}))
}

fn go(w: &World, who: &str, deal: Id, stage: Id) -> Outcome {
    w.verb(who, "deals", deal, "move", json!({"stage_id": stage})).unwrap_or_else(|e| panic!("{e}"))
}

fn log(w: &World, deal: Id) -> Vec<(String, bool)> {
    let list = w.list("admin", "deal-stage-log", &[("deal_id", &deal.to_string()), ("sort", "entered_at")]);
    list["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|r| (r["stage_name"].as_str().unwrap_or_default().to_string(), r["left_at"].is_null()))
        .collect()
}

fn assert_checked(w: &World) {
    assert_eq!(w.app.check().unwrap(), [], "check finds nothing");
}
