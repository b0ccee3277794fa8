//! What is exported comes back: into the same base without a change, into another one as it was. Every entity, as CSV and as a
//! workbook, on both databases.

use crate::fixtures::{Samples, app as open, both, system};
use kontor_exchange::{ExportFormat, Input, Options, Report, export_entity, import_entity};
use kontor_platform::query::Query;
use kontor_platform::spec::{Column, Kind, Spec, Ty};
use kontor_platform::{App, Envelope};
use serde_json::Value as Json;
use std::sync::Arc;

/// Written by documents and by the program itself; an export of them is for reading.
const ONLY_READ: [&str; 4] = ["jobs", "settlement-documents", "settlement-stages", "deal-stage-log"];

fn exported(app: &Arc<App>, spec: &Spec, format: ExportFormat) -> Vec<u8> {
    let mut out = vec![];
    let q = Query { limit: 500, archived: true, ..Default::default() };
    export_entity(app, &system(), spec.name, &q, format, &mut out).unwrap_or_else(|e| panic!("{}: {e}", spec.name));
    out
}

fn imported(app: &Arc<App>, spec: &Spec, bytes: Vec<u8>) -> Report {
    import_entity(app, &system(), spec.name, &Input::bytes(spec.name, bytes), &Options::default())
}

fn entries(app: &Arc<App>) -> i64 {
    app.store.read(|c| c.query_one("SELECT COUNT(*) FROM audit", &[])?.int(0)).expect("counted")
}

/// A record with as many of its columns filled as the rules take together.
fn rich(s: &mut Samples, spec: &'static Spec) -> Json {
    let mut input = s.input(spec.name);
    for c in spec.columns.iter().filter(|c| optional(c)) {
        if input.get(c.name).is_some() || leads_to_facts(c) {
            continue;
        }
        let mut more = input.clone();
        more[c.name] = s.value(c);
        let env = Envelope { dry_run: true, ..Envelope::new(format!("{}.create", spec.name), more.clone()) };
        if s.app.execute(&s.ctx, env).is_ok() {
            input = more;
        }
    }
    input
}

fn leads_to_facts(c: &Column) -> bool {
    match &c.ty {
        Ty::Ref(of) => ONLY_READ.contains(of),
        Ty::Items(members) | Ty::Object(members) => members.iter().any(leads_to_facts),
        _ => false,
    }
}

fn optional(c: &Column) -> bool {
    c.writable() && c.visible() && !c.required && !matches!(c.name, "source" | "external_id")
}

#[test]
fn plt_06_every_export_comes_back_without_a_change() {
    both(|app| {
        let mut s = Samples::new(app);
        let mut filled = 0;
        for spec in app.registry.specs.iter().copied().filter(|s| s.kind != Kind::Facts) {
            let input = rich(&mut s, spec);
            filled += spec.columns.iter().filter(|c| optional(c) && !input[c.name].is_null()).count();
            s.create(spec.name, input);
        }
        assert!(filled >= 150, "only {filled} columns beyond the required ones");
        let mut wrong = vec![];
        for spec in &app.registry.specs {
            for format in [ExportFormat::Csv, ExportFormat::Xlsx] {
                let file = exported(app, spec, format);
                let before = entries(app);
                let r = imported(app, spec, file);
                let clean = r.errors.is_empty() && r.created == 0 && r.updated == 0 && entries(app) == before;
                if clean == ONLY_READ.contains(&spec.name) {
                    wrong.push(format!("{} {format:?}: {} created, {} updated, {:?}", spec.name, r.created, r.updated, r.errors.first()));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    });
}

/// What a record says of itself, without what it refers to by an id of its base.
fn own_words(spec: &Spec, card: &Json) -> Json {
    let own = |c: &&Column| c.writable() && c.visible() && !refers(&c.ty);
    spec.columns.iter().filter(own).map(|c| (c.name.to_string(), card[c.name].clone())).collect::<serde_json::Map<_, _>>().into()
}

fn refers(ty: &Ty) -> bool {
    match ty {
        Ty::Ref(_) => true,
        Ty::Items(members) | Ty::Object(members) => members.iter().any(|m| refers(&m.ty)),
        _ => false,
    }
}

fn cards(app: &Arc<App>, spec: &Spec) -> Vec<Json> {
    let q = Query { limit: 500, archived: true, ..Default::default() };
    let page: Json = serde_json::from_slice(&app.list(&system(), spec.name, &q).expect("a list").to_json(true)).expect("JSON");
    let mut all: Vec<Json> = page["items"].as_array().expect("items").iter().map(|card| own_words(spec, card)).collect();
    all.sort_by_key(Json::to_string);
    all
}

/// Entities that stand by themselves: nothing else must be there before them, and nothing is kept in lines.
fn stands_alone(spec: &Spec) -> bool {
    let rests = spec.columns.iter().any(|c| c.required && refers(&c.ty));
    spec.kind == Kind::Catalog && !rests && spec.lines.is_empty()
}

/// Whose keys or contents say what is in the same base: a user of a role, a rule for a partner.
const OF_THIS_BASE: &[&str] = &[];

#[test]
fn plt_06_an_export_fills_another_base_with_the_same() {
    both(|app| {
        let mut s = Samples::new(app);
        let alone: Vec<&'static Spec> = app.registry.specs.iter().copied().filter(|t| stands_alone(t)).collect();
        for spec in &alone {
            let mut input = rich(&mut s, spec);
            input.as_object_mut().expect("an object").retain(|k, _| spec.col(k).is_none_or(|c| !refers(&c.ty)));
            s.create(spec.name, input);
        }
        let mut wrong = vec![];
        for format in [ExportFormat::Csv, ExportFormat::Xlsx] {
            let db = kontor_testkit::TestDb::sqlite();
            let other = open(&db.url);
            for spec in &alone {
                let own: Vec<String> = spec.columns.iter().filter(|c| c.visible() && !refers(&c.ty)).map(|c| c.name.to_string()).collect();
                let mut file = vec![];
                let q = Query { limit: 500, archived: true, fields: Some(own), ..Default::default() };
                export_entity(app, &system(), spec.name, &q, format, &mut file).expect("a file");
                let r = imported(&other, spec, file);
                let same = r.errors.is_empty() && r.created > 0 && cards(app, spec) == cards(&other, spec);
                if same == OF_THIS_BASE.contains(&spec.name) {
                    wrong.push(format!("{} {format:?}: {} created, {:?}", spec.name, r.created, r.errors.first()));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(alone.len() >= 20, "{}", alone.len());
    });
}
