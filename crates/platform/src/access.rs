//! What a caller may do: actions with row scopes and hidden fields, compiled from the roles' grants, and the row scope
//! as an SQL predicate that every door to the data takes.

use crate::grants::Grants;
use crate::spec::{Column, Scope, Spec};
use crate::store::{Backend, marks};
use crate::value::{Id, Value};
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{HashMap, HashSet};

/// Rights on one entity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntityAccess {
    pub actions: HashMap<String, Scope>,
    /// Fields that are unknown to the caller.
    pub hidden: HashSet<String>,
}

/// What a caller may do: the sum of his roles.
#[derive(Clone, Debug, Default)]
pub struct Access {
    pub user_id: Id,
    /// Rights of everything; no row or field is hidden.
    pub all: bool,
    pub entities: HashMap<&'static str, EntityAccess>,
    /// The user and everybody below him.
    pub team: Vec<Id>,
    /// Own companies the user works in; empty: all.
    pub companies: Vec<Id>,
    pub roles: Vec<String>,
}

/// A condition over the rows of an alias, with its parameters; empty SQL restricts nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predicate {
    pub sql: String,
    pub params: Vec<Value>,
}

impl Predicate {
    /// As the end of a statement that has conditions already: ` AND …`, or nothing.
    pub fn and(&self) -> String {
        if self.sql.is_empty() { String::new() } else { format!(" AND {}", self.sql) }
    }
}

impl Access {
    /// The program itself: everything.
    pub fn system() -> Self {
        Access { all: true, ..Default::default() }
    }

    /// Adds what a role grants. What it hides depends on the other roles, and is said elsewhere.
    pub fn add(&mut self, entity: &'static str, grants: &Grants) {
        let e = self.entities.entry(entity).or_default();
        for (action, scope) in &grants.actions {
            let at = e.actions.entry(action.clone()).or_insert(Scope::None);
            *at = (*at).max(*scope);
        }
    }

    /// How far an action reaches: none, own, team, all.
    pub fn scope(&self, spec: &Spec, action: &str) -> Scope {
        self.reach(spec.name, action)
    }
    /// The same by the name that grants are given under.
    pub fn reach(&self, name: &str, action: &str) -> Scope {
        if self.all {
            return Scope::All;
        }
        self.entities.get(name).and_then(|e| e.actions.get(action)).copied().unwrap_or(Scope::None)
    }
    /// Whether an action is granted at all.
    pub fn may(&self, spec: &Spec, action: &str) -> bool {
        self.scope(spec, action) > Scope::None
    }
    /// Refuses an action that no role of the caller grants: 403 with `action` and `entity`.
    pub fn require(&self, spec: &Spec, action: &str) -> Result<()> {
        if self.may(spec, action) { Ok(()) } else { Err(Error::forbidden().arg("action", action).arg("entity", spec.name)) }
    }
    /// Whether a field is unknown to the caller.
    pub fn hidden(&self, spec: &Spec, column: &str) -> bool {
        !self.all && self.entities.get(spec.name).is_some_and(|e| e.hidden.contains(column))
    }

    /// Rows of `spec` that `action` may touch, over alias `alias`; empty SQL means every row.
    pub fn predicate(&self, registry: &crate::app::Registry, spec: &Spec, action: &str, alias: &str) -> Predicate {
        if self.all {
            return Predicate::default();
        }
        if let Some((entity, record)) = spec.record_of {
            return self.of_records(registry, spec, action, alias, entity, record);
        }
        let open = if action == "read" { spec.open_when } else { None };
        let scope = self.scope(spec, action);
        self.rows(registry, spec, scope, self.people(scope), open, alias)
    }

    /// What the caller may read, for a page in the list's own order: together these are [`Access::predicate`], and no row is in two
    /// of them. A team is asked for person by person, by the index of each one's rows in that order. So many people that they own
    /// a share of the rows worth meeting in the list's order are not looked for by their index (SQLite would).
    pub fn in_order(&self, registry: &crate::app::Registry, spec: &Spec, alias: &str, backend: Backend) -> Vec<Predicate> {
        if self.scope(spec, "read") != Scope::Team || self.team.len() < 2 || !self.by_owner(spec) {
            return vec![self.predicate(registry, spec, "read", alias)];
        }
        let of = |people: &[Id], alias: &str| self.rows(registry, spec, Scope::Team, people, None, alias);
        match (self.team.len() > Access::APART, backend) {
            (false, _) => self.team.iter().map(|id| of(std::slice::from_ref(id), alias)).collect(),
            (true, Backend::Sqlite) => vec![of(&self.team, &format!("+{alias}"))],
            (true, Backend::Postgres) => vec![of(&self.team, alias)],
        }
    }

    /// Rows are read for no reason but whose they are, so that the index of owners finds them.
    fn by_owner(&self, spec: &Spec) -> bool {
        !self.all && spec.owner.is_some() && spec.seen_by.is_empty() && spec.via.is_none() && spec.open_when.is_none()
    }

    /// The caller reads the rows of one person, which an index gives in the list's order.
    pub fn of_one_person(&self, spec: &Spec) -> bool {
        let one = match self.scope(spec, "read") {
            Scope::Own => true,
            Scope::Team => self.team.len() == 1,
            _ => false,
        };
        one && self.by_owner(spec)
    }

    /// The most people whose rows are read one by one.
    const APART: usize = 100;

    fn people(&self, scope: Scope) -> &[Id] {
        if scope == Scope::Team { &self.team } else { std::slice::from_ref(&self.user_id) }
    }

    fn rows(
        &self,
        registry: &crate::app::Registry,
        spec: &Spec,
        scope: Scope,
        people: &[Id],
        open: Option<&str>,
        alias: &str,
    ) -> Predicate {
        let mut p = Predicate::default();
        let mut parts: Vec<String> = vec![];
        match scope {
            Scope::None => parts.push("1 = 0".into()),
            Scope::All => {}
            s => {
                let marks = marks(people.len());
                let mut any = vec![];
                for o in spec.owner.iter().chain(&spec.seen_by) {
                    any.push(format!("{alias}.{o} IN ({marks})"));
                    p.params.extend(people.iter().map(|i| Value::Id(*i)));
                }
                if spec.owner.is_none() && spec.via.is_none() {
                    any.push(format!("{alias}.created_by_id IN ({marks})"));
                    p.params.extend(people.iter().map(|i| Value::Id(*i)));
                }
                if let Some((column, of)) = spec.via
                    && let Some(target) = registry.get(of)
                {
                    // What belongs to a record is seen by its owner, too, or by his team, but not by everybody who reads it:
                    // the narrower of both scopes counts.
                    let reads = self.scope(target, "read").min(s);
                    let inner = self.rows(registry, target, reads, self.people(reads), target.open_when, "v");
                    any.push(format!("{alias}.{column} IN (SELECT v.id FROM {} v WHERE {})", target.table, inner.sql));
                    p.params.extend(inner.params);
                }
                any.extend(open.map(|o| o.replace("{t}", alias)));
                if any.is_empty() {
                    any.push("1 = 0".into());
                }
                parts.push(format!("({})", any.join(" OR ")));
            }
        }
        if !self.companies.is_empty() {
            parts.extend(self.of_companies(registry, spec, alias, &mut p.params));
        }
        p.sql = parts.join(" AND ");
        p
    }

    /// Rows about records of any collection: those of records that he may read, or change where the row is to be written.
    fn of_records(&self, registry: &crate::app::Registry, spec: &Spec, action: &str, alias: &str, entity: &str, record: &str) -> Predicate {
        if !self.may(spec, action) {
            return Predicate { sql: "1 = 0".into(), params: vec![] };
        }
        let right = if action == "read" { "read" } else { "update" };
        let (mut whole, mut any, mut params) = (vec![], vec![], vec![]);
        for target in registry.specs.iter().filter(|t| t.record_of.is_none() && self.may(t, right)) {
            if ["source", "external_id"].iter().any(|c| self.hidden(target, c)) {
                continue;
            }
            let inner = self.predicate(registry, target, right, "e");
            if inner.sql.is_empty() {
                whole.push(format!("'{}'", target.name));
                continue;
            }
            let there = format!("SELECT 1 FROM {} e WHERE e.id = {alias}.{record} AND {}", target.table, inner.sql);
            any.push(format!("({alias}.{entity} = '{}' AND EXISTS ({there}))", target.name));
            params.extend(inner.params);
        }
        if !whole.is_empty() {
            any.push(format!("{alias}.{entity} IN ({})", whole.join(", ")));
        }
        if any.is_empty() {
            any.push("1 = 0".into());
        }
        Predicate { sql: format!("({})", any.join(" OR ")), params }
    }

    /// Rows of the caller's own companies: by the entity's company, or by that of what it belongs to. None where neither has one.
    fn of_companies(&self, registry: &crate::app::Registry, spec: &Spec, alias: &str, params: &mut Vec<Value>) -> Option<String> {
        let column = if spec.name == "companies" { Some("id") } else { spec.company };
        let (column, within) = match (column, spec.via) {
            (Some(c), _) => {
                params.extend(self.companies.iter().map(|i| Value::Id(*i)));
                (c, marks(self.companies.len()))
            }
            (None, Some((c, of))) => {
                let target = registry.get(of)?;
                let inner = self.of_companies(registry, target, "v", params)?;
                (c, format!("SELECT v.id FROM {} v WHERE {inner}", target.table))
            }
            (None, None) => return None,
        };
        // What belongs to no company (a deal whose company is still open) belongs to the group.
        let free = if spec.col(column).is_some_and(Column::nullable) { format!("{alias}.{column} IS NULL OR ") } else { String::new() };
        Some(format!("({free}{alias}.{column} IN ({within}))"))
    }
}
