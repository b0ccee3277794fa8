//! What records are called in the source of an import: one that was found by its other keys is known by its external id
//! from then on, beside whatever other sources call it.

use super::{Error, Run};
use kontor_platform::bulk::Item;
use kontor_platform::external_ids::COLLECTION;
use kontor_platform::spec::Spec;
use kontor_platform::value::Id;
use serde_json::json;

/// A name that a record shall get.
pub struct Name {
    pub group: usize,
    pub entity: &'static str,
    pub record: Id,
    pub source: String,
    pub external_id: String,
}

impl Run<'_> {
    pub(super) fn note_name(&mut self, spec: &Spec, group: usize, record: Id, source: &str, external_id: String) {
        // Our own id that comes back from where it was sent is no other name.
        let ours = external_id.ends_with(&record.to_string());
        if !ours && !self.options.dry_run && self.ctx.access.may(spec, "update") {
            self.names.push(Name { group, entity: spec.name, record, source: source.to_string(), external_id });
        }
    }

    pub(super) fn name_records(&mut self) -> Result<(), Error> {
        for chunk in std::mem::take(&mut self.names).chunks(100) {
            let item = |n: &Name| {
                let input = json!({"entity": n.entity, "record_id": n.record, "source": n.source, "external_id": n.external_id});
                Item { collection: COLLECTION, existing: None, input: Some(input), then: vec![] }
            };
            let slice = self.app.execute_items(&self.ctx, chunk.iter().map(item).collect(), false).map_err(|s| s.error)?;
            for r in slice.results {
                let applied = r?;
                if !self.options.partial {
                    self.applied.push(applied);
                }
            }
        }
        Ok(())
    }
}
