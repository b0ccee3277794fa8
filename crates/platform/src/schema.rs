//! Tables as the declarations want them: drafts the DDL of a migration, and compares the migrated schema with the
//! declarations. Migrations rule; drafts serve authors and tests.

use crate::app::{App, Registry};
use crate::spec::{Column, Kind, Lines, Spec, Ty};
use crate::store::{Migration, Store, StoreOptions};
use kontor_kernel::error::Result;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Tables of the platform itself.
pub const PLATFORM: Migration = Migration { name: "0001_platform", sql: include_str!("../migrations/0001_platform.sql") };

fn column_ddl(c: &Column) -> String {
    format!("  {} {{{}}}{}", c.name, c.ty.storage(), if c.nullable() { "" } else { " NOT NULL" })
}

/// Neutral DDL of an entity with its lines and the indexes that its lists need.
pub fn entity_ddl(s: &Spec) -> String {
    let mut cols = vec![
        "  seq {seq}".to_string(),
        format!("  id {{id}} NOT NULL CONSTRAINT uq_{}__id UNIQUE", s.table),
        "  version {int} NOT NULL".into(),
    ];
    cols.extend(s.columns.iter().filter(|c| c.stored()).map(column_ddl));
    cols.extend(s.columns.iter().filter(|c| c.sort_key).map(|c| format!("  {}_key {{bytes}} NOT NULL", c.name)));
    if s.has_search() {
        cols.push("  search_text {text} NOT NULL".into());
    }
    let mut out = format!("CREATE TABLE {} (\n{}\n);\n", s.table, cols.join(",\n"));
    // What says it of others has a key of its own.
    if s.record_of.is_none() {
        out.push_str(&format!(
            "CREATE UNIQUE INDEX uq_{0}__source__external_id ON {0} (source, external_id) WHERE external_id IS NOT NULL;\n",
            s.table
        ));
    }
    for c in s.columns.iter().filter(|c| c.unique) {
        out.push_str(&format!("CREATE UNIQUE INDEX uq_{0}__{1} ON {0} ({1});\n", s.table, c.name));
    }
    for c in &s.uniques {
        out.push_str(&format!("CREATE UNIQUE INDEX uq_{0}__{1} ON {0} ({2});\n", s.table, c.join("__"), c.join(", ")));
    }
    let sort: String = s
        .sort
        .split(',')
        .map(|x| x.trim_start_matches('-'))
        .filter(|n| *n != "id")
        .map(|n| if s.col(n).is_some_and(|c| c.sort_key) { format!("{n}_key, ") } else { format!("{n}, ") })
        .collect();
    // What a list leaves out unasked is told by its index, or each row would be read to find out.
    let left_out = if s.kind == Kind::Catalog { ", archived" } else { "" };
    // What is sorted by id alone has its index already.
    if !sort.is_empty() {
        out.push_str(&format!("CREATE INDEX ix_{0}__sort ON {0} ({sort}id{left_out});\n", s.table));
    }
    let mut refs: Vec<&str> = vec![];
    refs.extend(s.owner);
    refs.extend(s.via.map(|v| v.0));
    refs.extend(s.basis.iter().map(|b| b.0));
    for c in &s.columns {
        if matches!(c.ty, Ty::Ref("partners")) {
            refs.push(c.name);
        }
    }
    refs.sort_unstable();
    refs.dedup();
    for r in refs {
        out.push_str(&format!("CREATE INDEX ix_{0}__{1} ON {0} ({1}, {sort}id{left_out});\n", s.table, r));
    }
    if s.has_search() {
        out.push_str(&format!("{{search {}}}\n", s.table));
    }
    for l in &s.lines {
        out.push_str(&lines_ddl(s, l));
    }
    for (name, what) in &s.indexes {
        // `quote_lines.product` is an index of a lines table, a plain name one of the entity's own.
        let (table, short) = name.split_once('.').unwrap_or((s.table.as_str(), name));
        out.push_str(&format!("CREATE INDEX ix_{table}__{short} ON {table} {what};\n"));
    }
    out
}

fn lines_ddl(s: &Spec, l: &Lines) -> String {
    let mut cols = vec![
        format!("  id {{id}} NOT NULL CONSTRAINT pk_{} PRIMARY KEY", l.table),
        format!("  parent_id {{id}} NOT NULL REFERENCES {} (id)", s.table),
        "  position {int} NOT NULL".into(),
    ];
    cols.extend(l.columns.iter().filter(|c| c.stored()).map(column_ddl));
    format!("CREATE TABLE {0} (\n{1}\n);\nCREATE INDEX ix_{0}__parent ON {0} (parent_id, position);\n", l.table, cols.join(",\n"))
}

/// One migration that makes everything declared; for tests and for authors of migrations.
pub fn draft(r: &Registry) -> String {
    let mut out = String::new();
    for s in &r.specs {
        out.push_str(&entity_ddl(s));
        out.push('\n');
    }
    for g in &r.registers {
        out.push_str(&g.ddl());
        out.push('\n');
    }
    out
}

/// Opens a new database with the draft for its tables: for tests and examples, each of which registers modules of its own.
pub fn open_draft(url: &str, r: Registry) -> Result<Arc<App>> {
    let sql: &'static str = Box::leak(draft(&r).into_boxed_str());
    let r = r.migrations([PLATFORM, Migration { name: "0002_draft", sql }]);
    let app = App::new(Store::open(url, StoreOptions::default())?, r);
    app.migrate()?;
    Ok(app)
}

/// Columns that differ between the migrated schema and the declarations: `table.column: what`.
pub fn differences(store: &Store, r: &Registry) -> Result<Vec<String>> {
    let have = store.columns()?;
    let mut want: BTreeMap<String, BTreeMap<String, (String, bool)>> = BTreeMap::new();
    for s in &r.specs {
        let t = want.entry(s.table.clone()).or_default();
        t.insert("id".into(), ("id".into(), false));
        t.insert("version".into(), ("int".into(), false));
        for c in s.columns.iter().filter(|c| c.stored()) {
            t.insert(c.name.into(), (c.ty.storage().into(), c.nullable()));
            if c.sort_key {
                t.insert(format!("{}_key", c.name), ("bytes".into(), false));
            }
        }
        if s.has_search() {
            t.insert("search_text".into(), ("text".into(), false));
        }
        for l in &s.lines {
            let t = want.entry(l.table.to_string()).or_default();
            for (n, ty) in [("id", "id"), ("parent_id", "id"), ("position", "int")] {
                t.insert(n.into(), (ty.into(), false));
            }
            for c in l.columns.iter().filter(|c| c.stored()) {
                t.insert(c.name.into(), (c.ty.storage().into(), c.nullable()));
            }
        }
    }
    let mut out = vec![];
    for (table, columns) in want {
        let Some(found) = have.get(&table) else {
            out.push(format!("{table}: the table is missing"));
            continue;
        };
        for (name, (ty, nullable)) in &columns {
            match found.iter().find(|c| c.name == *name) {
                None => out.push(format!("{table}.{name}: missing")),
                Some(c) if c.ty != *ty => out.push(format!("{table}.{name}: is {}, declared {ty}", c.ty)),
                Some(c) if c.nullable != *nullable => out.push(format!("{table}.{name}: nullable is {}, declared {nullable}", c.nullable)),
                Some(_) => {}
            }
        }
        for c in found.iter().filter(|c| c.name != "seq" && !columns.contains_key(&c.name)) {
            out.push(format!("{table}.{}: not declared", c.name));
        }
    }
    Ok(out)
}
