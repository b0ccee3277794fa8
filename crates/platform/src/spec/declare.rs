//! How a declaration is written: one call after another, from a bare one of its kind to the one that is frozen in the registry.

use super::{Column, Grant, Kind, Lines, NoRules, RecordFn, Recording, Rules, Spec, Ty, Verb};
use crate::value::Value;
use kontor_kernel::HashMap;
use serde_json::Value as Json;
use std::sync::OnceLock;

impl Spec {
    pub(super) fn new(name: &'static str, kind: Kind) -> Self {
        Spec {
            name,
            table: name.replace('-', "_"),
            kind,
            section: "",
            icon: "list",
            columns: vec![],
            lines: vec![],
            title: "name",
            sort: "name",
            owner: None,
            seen_by: vec![],
            company: None,
            via: None,
            found_by: None,
            import_key: vec![],
            import_once: vec![],
            groups: vec![],
            uniques: vec![],
            latest: None,
            led: vec![],
            recorded_by: None,
            record_of: None,
            open_when: None,
            verbs: vec![],
            states: &[],
            initial: "",
            editable: &[],
            grants: vec![],
            basis: vec![],
            kept: None,
            indexes: vec![],
            rules: Box::new(NoRules),
            index: HashMap::new(),
            sql: OnceLock::new(),
        }
    }
    /// Reference data; titled and sorted by `name` unless said otherwise.
    pub fn catalog(name: &'static str) -> Self {
        Self::new(name, Kind::Catalog)
    }
    /// A document; adds `number`, `date`, `state`, `company_id`, `comment`.
    pub fn document(name: &'static str, states: &'static [&'static str]) -> Self {
        let mut s = Self::new(name, Kind::Document);
        s.title = "number";
        s.sort = "-date";
        s.states = states;
        s.initial = states[0];
        s.editable = &["draft"];
        s.company = Some("company_id");
        s.columns = vec![
            Column::text("number", 40).computed().search().default("").list(),
            Column::date("date").default(Value::Null).list(),
            Column::new("state", Ty::State).computed().default(states[0]).list(),
            Column::reference("company_id", "companies").required(),
            Column::int("revision", 0, 1_000_000).computed().default(0i64),
            Column::instant("posted_at").computed(),
            Column::long("comment"),
        ];
        s
    }
    /// Values in time or facts that documents write.
    pub fn facts(name: &'static str) -> Self {
        Self::new(name, Kind::Facts)
    }
    /// Place in the navigation, and an icon (Tabler outline name).
    pub fn section(mut self, section: &'static str, icon: &'static str) -> Self {
        self.section = section;
        self.icon = icon;
        self
    }
    /// Adds a column.
    pub fn column(mut self, c: Column) -> Self {
        self.columns.push(c);
        self
    }
    /// Adds columns, in the order in which forms and cards show them.
    pub fn columns(mut self, c: impl IntoIterator<Item = Column>) -> Self {
        self.columns.extend(c);
        self
    }
    /// Adds child rows with a table of their own.
    pub fn lines(mut self, l: Lines) -> Self {
        self.lines.push(l);
        self
    }
    /// The column that names a record; `name` of catalogs, `number` of documents.
    pub fn title(mut self, c: &'static str) -> Self {
        self.title = c;
        self
    }
    /// The usual order of the list; `-` before the column turns it.
    pub fn sort(mut self, c: &'static str) -> Self {
        self.sort = c;
        self
    }
    /// The column with the user to whom a record belongs, for the scopes `own` and `team`.
    pub fn owner(mut self, c: &'static str) -> Self {
        self.owner = Some(c);
        self
    }
    /// Users in these columns see the record as if it were theirs, beside the owner.
    pub fn seen_by(mut self, columns: &[&'static str]) -> Self {
        self.seen_by.extend(columns);
        self
    }
    /// The column with the own company: whoever works in others does not see the record.
    pub fn company(mut self, c: &'static str) -> Self {
        self.company = Some(c);
        self
    }
    /// The record belongs to another one and is seen by whom that is seen by.
    pub fn via(mut self, column: &'static str, collection: &'static str) -> Self {
        self.via = Some((column, collection));
        self
    }
    /// Searched by the words of the record that this column leads to.
    pub fn found_by(mut self, column: &'static str, collection: &'static str) -> Self {
        self.found_by = Some((column, collection));
        self
    }
    /// What stands once in a file; see [`Spec::import_once`].
    pub fn import_once(mut self, columns: &[&'static str]) -> Self {
        self.import_once = columns.to_vec();
        self
    }
    /// Columns that together tell a record in an import that has no external id.
    pub fn import_key(mut self, columns: &[&'static str]) -> Self {
        self.import_key = columns.to_vec();
        self
    }
    /// Columns that are merged as one when two people edit.
    pub fn group(mut self, columns: &[&'static str]) -> Self {
        self.groups.push(columns.to_vec());
        self
    }
    /// Columns whose values together are unique, where none of them is null.
    pub fn unique_over(mut self, columns: &[&'static str]) -> Self {
        self.uniques.push(columns.to_vec());
        self
    }
    /// States, the first one initial; `editable`: those in which fields may be edited.
    pub fn states(mut self, states: &'static [&'static str], editable: &'static [&'static str]) -> Self {
        if !self.columns.iter().any(|c| c.name == "state") {
            self.columns.push(Column::new("state", Ty::State).computed().default(states[0]).list());
        }
        self.states = states;
        self.initial = states[0];
        self.editable = editable;
        self
    }
    /// Adds a command beyond create, update and delete.
    pub fn verb(mut self, v: Verb) -> Self {
        self.verbs.push(v);
        self
    }
    /// Rights of a built-in role: `read:own create update:own confirm hide:cost,margin`; scopes `own`, `team`, `all` (the default).
    pub fn grant(mut self, role: &'static str, actions: &'static str) -> Self {
        self.grants.push(Grant { role, actions });
        self
    }
    /// The usual rights of reference data: everybody of the office reads, managers and administrators write.
    pub fn reference_data(self) -> Self {
        self.grant("director", "read create update delete undo")
            .grant("sales_manager", "read create update undo")
            .grant("accountant", "read create update undo")
            .grant("salesperson", "read")
            .grant("storekeeper", "read")
            .grant("field_agent", "read")
    }
    /// A column that leads to the document that this one was made from.
    pub fn basis(mut self, column: &'static str, collection: &'static str) -> Self {
        self.basis.push((column, collection));
        self
    }
    /// Of the rows of a key the one with the latest day counts.
    pub fn latest(mut self, day: &'static str, key: &[&'static str]) -> Self {
        self.latest = Some((day, key.to_vec()));
        self
    }
    /// Facts that are written one by one through a document of one line; `document` is the column that leads to it.
    pub fn recorded_by(mut self, run: RecordFn, document: &'static str) -> Self {
        self.recorded_by = Some(Recording { run, document: Some(document) });
        self
    }
    /// Facts that are written and removed one by one, without a document.
    pub fn recorded(mut self, run: RecordFn) -> Self {
        self.recorded_by = Some(Recording { run, document: None });
        self
    }
    /// The columns that name the collection and the id of the record that a row is about.
    pub fn record_of(mut self, entity: &'static str, id: &'static str) -> Self {
        self.record_of = Some((entity, id));
        self
    }
    /// Rows that everybody may read who reads any: a condition over `{t}`.
    pub fn open_when(mut self, condition: &'static str) -> Self {
        self.open_when = Some(condition);
        self
    }
    /// Each write of a record draws another revision, which values kept in memory are compared with.
    pub fn kept_by(mut self, series: &'static str) -> Self {
        self.kept = Some(series);
        self
    }
    /// A further index of the entity's table, or of a lines table (`quote_lines.product`).
    pub fn index_on(mut self, name: &'static str, what: &'static str) -> Self {
        self.indexes.push((name, what));
        self
    }
    /// Rows asked for by `column` alone are found by the index that begins with `leader`, a reference that each row has to one of few
    /// records: a look for each of those costs less than an index of its own, which every row that is written would pay for.
    pub fn led(mut self, column: &'static str, leader: &'static str) -> Self {
        self.led.push((column, leader));
        self
    }
    /// The decisions around create and update.
    pub fn rules(mut self, r: impl Rules + 'static) -> Self {
        self.rules = Box::new(r);
        self
    }
    /// Adds the columns that every entity has and freezes the declaration.
    pub(crate) fn finish(mut self) -> Self {
        self.columns.push(Column::map("custom"));
        self.columns.push(Column::text("source", 60).once());
        self.columns.push(Column::text("external_id", 200).once());
        // Whose name it is is half of a name.
        if self.record_of.is_some() {
            self.columns.iter_mut().filter(|c| c.name == "source").for_each(|c| c.list = true);
        }
        if self.kind == Kind::Catalog {
            self.columns.push(Column::bool("archived", false).computed());
            let mut restore = Verb::new("restore", &[], &[], |_, _, _| Ok(Json::Null));
            restore.restores = true;
            self.verbs.push(restore);
        }
        self.columns.push(Column::reference("created_by_id", "users").computed());
        self.columns.push(Column::instant("created_at").computed());
        self.columns.push(Column::instant("updated_at").computed());
        // What a record is called in any language finds it.
        if self.columns.iter().any(|c| c.name == self.title && c.search) {
            self.columns.iter_mut().filter(|c| c.name == crate::titles::NAMES).for_each(|c| c.search = true);
        }
        self.index = self.columns.iter().enumerate().map(|(i, c)| (c.name, i)).collect();
        assert_eq!(self.index.len(), self.columns.len(), "{}: a column is declared twice", self.name);
        for (_, leader) in &self.led {
            let full = self.col(leader).is_some_and(|c| c.required && matches!(c.ty, Ty::Ref(_)));
            assert!(full, "{}: {leader} leads nowhere in rows without it", self.name);
        }
        for l in &self.lines {
            let taken = |c: &Column| matches!(c.name, "id" | "parent_id" | "position");
            assert!(!l.columns.iter().any(taken), "{}: id, parent_id and position are columns of every line", l.table);
        }
        self
    }
    /// A declaration that only names columns to filter by (the rows behind a report); it is no entity and has no table.
    pub fn lens(mut self) -> &'static Spec {
        self.index = self.columns.iter().enumerate().map(|(i, c)| (c.name, i)).collect();
        Box::leak(Box::new(self))
    }
}
