//! Columns that a role hides stand nowhere in what is answered to it, are written by nobody of it, and are unknown to its
//! questions: for each role and entity with hidden columns, at every door.

use crate::fixtures::{Samples, both, system, user};
use kontor_exchange::{ExportFormat, Input, Options, export_entity, import_entity};
use kontor_kernel::error::{Error, Kind as ErrorKind};
use kontor_platform::access::Access;
use kontor_platform::app::Asked;
use kontor_platform::query::Query;
use kontor_platform::spec::{Spec, Ty};
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Envelope};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::sync::Arc;

const ROLES: [&str; 6] = ["director", "sales_manager", "salesperson", "storekeeper", "accountant", "field_agent"];

/// Keys anywhere in the answer; what is told as nothing is not told.
fn keys(j: &Json, out: &mut BTreeSet<String>) {
    match j {
        Json::Object(m) => m.iter().filter(|(_, v)| !v.is_null()).for_each(|(k, v)| {
            out.insert(k.clone());
            keys(v, out);
        }),
        Json::Array(a) => a.iter().for_each(|v| keys(v, out)),
        _ => {}
    }
}

struct Door<'a> {
    role: &'a str,
    spec: &'static Spec,
    hidden: BTreeSet<String>,
}

impl Door<'_> {
    #[track_caller]
    fn tells_nothing(&self, what: &str, j: &Json) {
        let mut found = BTreeSet::new();
        keys(j, &mut found);
        let told: Vec<&String> = found.intersection(&self.hidden).collect();
        assert!(told.is_empty(), "{} of {} tells {} {told:?}: {j}", what, self.spec.name, self.role);
    }
    #[track_caller]
    fn unknown(&self, what: &str, field: &str, e: &Error) {
        let known = e.inner().fields.iter().any(|f| f.field == field && f.code == "unknown_field");
        assert!(known, "{}: {what} of {} as {}: {e}", field, self.spec.name, self.role);
        self.tells_nothing(what, &e.inner().detail);
    }
}

#[test]
fn plt_02_hidden_columns_are_told_and_taken_at_no_door() {
    both(|app| {
        let mut proved = 0;
        let mut s = Samples::new(app);
        for role in ROLES {
            let ctx = user(app, role, &[role]);
            s.ctx = Ctx { access: Arc::new(Access { user_id: ctx.user_id, ..Access::system() }), ..ctx.clone() };
            let narrowed: Vec<&'static Spec> = app
                .registry
                .specs
                .iter()
                .copied()
                .filter(|t| ctx.access.entities.get(t.name).is_some_and(|e| !e.hidden.is_empty()))
                .collect();
            for spec in narrowed {
                let hidden = ctx.access.entities[spec.name].hidden.iter().cloned().collect();
                let door = Door { role, spec, hidden };
                let id = s.fresh(spec.name);
                read(app, &ctx, &door, id);
                changed(app, &ctx, &door, &mut s, id);
                written(app, &ctx, &door, &mut s, id);
                in_a_file(app, &ctx, &door, id);
                proved += 1;
            }
        }
        assert!(proved >= 9, "{proved}");
    });
}

fn read(app: &Arc<App>, ctx: &Ctx, door: &Door, id: Id) {
    let spec = door.spec;
    door.tells_nothing("the card", &app.get(ctx, spec.name, id).unwrap_or_else(|e| panic!("{} as {}: {e}", spec.name, door.role)));
    let page = app.list(ctx, spec.name, &Query { limit: 500, ..Default::default() }).expect("a list");
    door.tells_nothing("the list", &serde_json::from_slice(&page.to_json(true)).expect("JSON"));
    let mut file = vec![];
    export_entity(app, ctx, spec.name, &Query { limit: 500, ..Default::default() }, ExportFormat::Csv, &mut file).expect("a file");
    let head = String::from_utf8_lossy(&file).lines().next().unwrap_or_default().trim_start_matches('\u{feff}').to_string();
    let told: Vec<&str> = head.split(',').filter(|n| door.hidden.contains(*n)).collect();
    assert!(told.is_empty(), "the export of {} tells {} {told:?}", spec.name, door.role);
    for name in &door.hidden {
        for pair in [(name.clone(), "1".to_string()), (format!("{name}.empty"), "true".into()), ("sort".into(), name.clone())] {
            let e = Query::parse(app, ctx, spec, std::slice::from_ref(&pair)).map(|_| ()).expect_err("unknown");
            assert_eq!(e.inner().fields[0].code, "unknown_field", "{}?{}={} as {}", spec.name, pair.0, pair.1, door.role);
        }
        let fields = Query { limit: 1, fields: Some(vec![name.clone()]), ..Default::default() };
        let e = app.list(ctx, spec.name, &fields).map(|_| ()).expect_err("unknown");
        assert_eq!(e.inner().fields[0].code, "unknown_field", "{}?fields={name}", spec.name);
        assert!(app.totals(ctx, spec.name, &Query::default(), Some(name), &[]).is_err(), "{} by {name}", spec.name);
        assert!(app.totals(ctx, spec.name, &Query::default(), None, &[name]).is_err(), "sums of {} of {name}", spec.name);
        // A search would find what it must not know.
        assert!(!spec.col(name).is_some_and(|c| c.search), "{}.{name} is hidden from {} and searched", spec.name, door.role);
    }
    let start = format!("{}/{{id}}", spec.name);
    for q in app.registry.questions.iter().filter(|q| q.path.starts_with(&start)) {
        let r = app.record(ctx, spec.name, id).expect("there");
        let line = r.lines.first().and_then(|l| l.first()).map(|l| l.id.to_string()).unwrap_or_default();
        let path = [("id".to_string(), id.to_string()), ("line".to_string(), line)].into();
        let answer = (q.run)(app, ctx, &Asked { path, body: json!({}), ..Default::default() });
        // A refusal says no more than that.
        door.tells_nothing(q.path, &answer.unwrap_or_else(|e| e.inner().detail.clone()));
    }
}

/// Others change everything that may be changed; then history, conflict and undo.
fn changed(app: &Arc<App>, ctx: &Ctx, door: &Door, s: &mut Samples, id: Id) {
    let spec = door.spec;
    let before = app.get(&system(), spec.name, id).expect("there");
    let mut edits = json!({});
    for c in Samples::editable(spec).into_iter().filter(|c| matches!(c.name, "name" | "comment" | "description" | "ship_to")) {
        edits[c.name] = s.value(c);
    }
    for c in spec
        .columns
        .iter()
        .filter(|c| c.writable() && door.hidden.contains(c.name) && matches!(c.ty, Ty::Percent | Ty::Amount | Ty::Int { .. }))
    {
        edits[c.name] = s.value(c);
    }
    for l in &spec.lines {
        let mut lines = before[l.name].clone();
        for line in lines.as_array_mut().into_iter().flatten().filter_map(Json::as_object_mut) {
            line.retain(|k, v| !v.is_null() && (k == "id" || l.index(k).is_some_and(|i| l.columns[i].writable())));
            for c in l.columns.iter().filter(|c| c.writable() && matches!(c.ty, Ty::Price)) {
                line.insert(c.name.into(), json!("77.5"));
            }
            if l.index("quantity").is_some() {
                line.insert("quantity".into(), json!("3"));
            }
        }
        if lines.as_array().is_some_and(|l| !l.is_empty()) {
            edits[l.name] = lines;
        }
    }
    let update = format!("{}.update", spec.name);
    let done =
        app.execute(&system(), Envelope::new(&update, edits.clone()).on(id).seen(1)).unwrap_or_else(|e| panic!("{}: {e}", spec.name));
    assert_eq!(done.version, 2, "{}", spec.name);
    let told = app.history(ctx, spec.name, id, 50).expect("a history");
    assert!(!told.is_empty());
    door.tells_nothing("the history", &serde_json::to_value(&told).expect("JSON"));
    let mut mine = json!({});
    for (field, value) in edits.as_object().into_iter().flatten().filter(|(f, _)| !door.hidden.contains(*f)) {
        mine[field] = match value {
            Json::Array(lines) => lines
                .iter()
                .cloned()
                .map(|mut l| {
                    l.as_object_mut().expect("a line").retain(|k, _| !door.hidden.contains(k));
                    l["quantity"] = json!("9");
                    l
                })
                .collect(),
            _ => json!("Інша думка"),
        };
    }
    let e = app.execute(ctx, Envelope::new(&update, mine).on(id).seen(1)).expect_err("others changed it, or he may not");
    door.tells_nothing("the conflict", &e.inner().detail);
    let wanted = if ctx.access.may(spec, "update") { ErrorKind::Conflict } else { ErrorKind::Forbidden };
    assert_eq!(e.kind(), wanted, "{} as {}: {e}", spec.name, door.role);
    let entry = done.audit_id.expect("an entry");
    let undo = |ctx: &Ctx| app.execute(ctx, Envelope::new("audit.undo", Json::Null).on(entry));
    match undo(ctx) {
        Ok(o) => door.tells_nothing("the undo", &o.data),
        Err(e) => door.tells_nothing("the undo", &e.inner().detail),
    }
}

/// A file with such a column is refused by its header, whatever stands below: that it changes nothing would tell the value.
fn in_a_file(app: &Arc<App>, ctx: &Ctx, door: &Door, id: Id) {
    let spec = door.spec;
    let lines = spec.lines.iter().flat_map(|l| l.columns.iter().map(move |c| (format!("{}.{}", l.name, c.name), c)));
    let all = spec.columns.iter().map(|c| (c.name.to_string(), c)).chain(lines);
    for (name, _) in all.filter(|(_, c)| c.writable() && door.hidden.contains(c.name)) {
        let file = Input::bytes("file.csv", format!("id,{name}\n{id},1\n").into_bytes());
        let options = Options { dry_run: true, ..Default::default() };
        let told = import_entity(app, ctx, spec.name, &file, &options);
        let problem = told.errors.first().unwrap_or_else(|| panic!("{name} of {} is taken from {}", spec.name, door.role));
        assert_eq!((problem.row, problem.column.as_str()), (1, name.as_str()), "{} as {}: {told:?}", spec.name, door.role);
    }
}

fn written(app: &Arc<App>, ctx: &Ctx, door: &Door, s: &mut Samples, id: Id) {
    let spec = door.spec;
    let good = s.input(spec.name);
    let version = app.record(&system(), spec.name, id).expect("there").version;
    let run = |action: &str, input: Json| {
        let env = Envelope::new(format!("{}.{action}", spec.name), input);
        app.execute(ctx, if action == "update" { env.on(id).seen(version) } else { env }).map(|_| ()).expect_err("unknown")
    };
    for action in ["create", "update"].into_iter().filter(|a| ctx.access.may(spec, a)) {
        for c in spec.columns.iter().filter(|c| door.hidden.contains(c.name)) {
            for key in std::iter::once(c.name).chain(c.by_name) {
                let mut input = if action == "create" { good.clone() } else { json!({}) };
                input[key] = s.value(c);
                door.unknown(action, key, &run(action, input));
            }
        }
        for l in &spec.lines {
            for c in l.columns.iter().filter(|c| door.hidden.contains(c.name)) {
                let mut input = if action == "create" { good.clone() } else { json!({}) };
                input[l.name] = json!([{ c.name: s.value(c) }]);
                door.unknown(action, &format!("{}.0.{}", l.name, c.name), &run(action, input));
            }
        }
    }
}
