//! What records are called in the source of an import: one that was found by its other keys is known by its external id
//! from then on, beside whatever other sources call it.

use super::build::Ground;
use super::{Error, Run};
use kontor_platform::bulk::Item;
use kontor_platform::external_ids::COLLECTION;
use kontor_platform::spec::Spec;
use kontor_platform::value::Id;
use serde_json::json;

/// A record that shall be called by the external id of a group.
pub struct Name {
    pub group: u32,
    pub record: Id,
}

impl Run<'_> {
    pub(super) fn note_name(&mut self, spec: &Spec, group: usize, record: Id, external_id: &str) {
        // Our own id that comes back from where it was sent is no other name.
        let ours = external_id.ends_with(&record.to_string());
        if !ours && !self.options.dry_run && self.ctx.access.may(spec, "update") {
            self.names.push(Name { group: group as u32, record });
        }
    }

    pub(super) fn name_records(&mut self, ground: &Ground) -> Result<(), Error> {
        for chunk in std::mem::take(&mut self.names).chunks(100) {
            let item = |n: &Name| {
                let (target, key) = (ground.target(n.group as usize)?, ground.external_id(n.group as usize).ok()??);
                let input = json!({"entity": target.spec.name, "record_id": n.record, "source": ground.source, "external_id": key});
                Some(Item { collection: COLLECTION, existing: None, input: Some(input), then: vec![] })
            };
            let items = chunk.iter().filter_map(item).collect();
            ground.whole()?;
            let slice = self.app.execute_items(&self.ctx, items, false).map_err(|s| s.error)?;
            for r in slice.results {
                let applied = r?;
                if !self.options.partial {
                    self.applied.add(applied);
                }
            }
        }
        Ok(())
    }
}
