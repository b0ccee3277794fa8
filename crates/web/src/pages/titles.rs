//! Titles of the records that a history or a form names by id: one read per collection.

use super::state::Call;
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_platform::query::Query;
use kontor_platform::spec::{Column, Ty};
use kontor_platform::value::{Id, id_in};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// Titles found so far; ids that the caller may not see have none.
#[derive(Default)]
pub struct Titles {
    wanted: BTreeMap<&'static str, BTreeSet<Id>>,
    found: HashMap<Id, String>,
}

impl Titles {
    pub fn want(&mut self, of: &'static str, id: Id) {
        self.wanted.entry(of).or_default().insert(id);
    }
    pub fn want_json(&mut self, col: &Column, j: &Json) {
        if let (Ty::Ref(of), Some(id)) = (&col.ty, id_in(j)) {
            self.want(of, id);
        }
    }
    pub fn read(&mut self, c: &Call) -> Result<()> {
        for (of, ids) in std::mem::take(&mut self.wanted) {
            let Some(spec) = c.app.registry.get(of).filter(|s| c.ctx.access.may(s, "read")) else { continue };
            for chunk in ids.into_iter().collect::<Vec<_>>().chunks(200) {
                let list = chunk.iter().map(Id::to_string).collect::<Vec<_>>().join(",");
                let mut q = Query::parse(&c.app, &c.ctx, spec, &[("id".into(), list), ("archived".into(), "true".into())])?;
                (q.limit, q.fields) = (200, Some(vec![]));
                self.found.extend(c.app.list(&c.ctx, of, &q)?.rows.into_iter().map(|r| (r.id, r.title)));
            }
        }
        Ok(())
    }
    pub fn get(&self, id: &str) -> Option<&str> {
        self.found.get(&Id::parse_str(id).ok()?).map(String::as_str)
    }
}
