//! What is in kits: a component each, by its `Ид`, with its name for who reads the file.

use super::{Out, ident};
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_platform::App;
use kontor_platform::store::{Row, marks};
use kontor_platform::value::{Id, Value, id_in};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::io::Write;

/// `Ид` and name of components.
pub(super) type Known = HashMap<Id, (String, String)>;

const CHUNK: usize = 250;

fn components(r: &Row, column: usize) -> Result<Vec<Json>> {
    let j = if r.raw(column)?.is_null() { Json::Null } else { r.json(column)? };
    Ok(j.as_array().cloned().unwrap_or_default())
}

/// The components of a page of products.
pub(super) fn known(app: &App, page: &[Row], column: usize) -> Result<Known> {
    let mut ids = BTreeSet::new();
    for r in page {
        ids.extend(components(r, column)?.iter().filter_map(|c| id_in(&c["product_id"])));
    }
    let ids: Vec<Value> = ids.into_iter().map(Value::Id).collect();
    let mut out = Known::new();
    for part in ids.chunks(CHUNK) {
        let sql = format!(
            "SELECT c.id, c.source, c.external_id, c.name, p.id, p.source, p.external_id FROM products c LEFT JOIN products p ON p.id = c.parent_id WHERE c.id IN ({})",
            marks(part.len())
        );
        for r in app.store.read(|c| c.query(&sql, part))? {
            let own = ident(&r, 1, 2, 0)?;
            // A variant's begins with that of its product.
            let whole = match r.opt_id(4)? {
                Some(_) if !own.contains('#') => format!("{}#{own}", ident(&r, 5, 6, 4)?),
                _ => own,
            };
            out.insert(r.id(0)?, (whole, r.text(3)?.to_string()));
        }
    }
    Ok(out)
}

pub(super) fn kit(out: &mut Out<impl Write>, r: &Row, column: usize, known: &Known) -> Result<()> {
    let all = components(r, column)?;
    if all.is_empty() {
        return Ok(());
    }
    out.open("Комплектующие", &[])?;
    for c in &all {
        let Some((ident, name)) = id_in(&c["product_id"]).and_then(|id| known.get(&id)) else { continue };
        out.open("Комплектующее", &[])?;
        out.text("Ид", ident)?;
        out.text("Наименование", name)?;
        out.text("Количество", c["quantity"].as_str().unwrap_or("1"))?;
        out.close("Комплектующее")?;
    }
    out.close("Комплектующие")
}
