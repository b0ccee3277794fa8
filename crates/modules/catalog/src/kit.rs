//! Kits: products with components. A kit is sold and kept in stock as a product of its own; its components say what is in it.

use kontor_kernel::HashSet;
use kontor_kernel::Quantity;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::value::{Id, id_in, parsed};
use serde_json::Value as Json;

/// Kits within kits deeper than this are a mistake.
const DEPTH: usize = 10;

fn of(j: &Json) -> Vec<Option<Id>> {
    j.as_array().into_iter().flatten().map(|c| id_in(&c["product_id"])).collect()
}

/// Each component is there, once, in a quantity above zero, and none of them leads back to the kit.
pub fn check(cx: &mut Cx, change: &Change) -> Result<()> {
    if !change.changed("components") && (!change.is_create() || change.after.is_null("components")) {
        return Ok(());
    }
    let (mut seen, mut wrong, mut level) = (HashSet::new(), vec![], vec![]);
    let all = change.after.json("components").clone();
    for (n, c) in of(&all).into_iter().enumerate() {
        let field = |name: &str| format!("components.{n}.{name}");
        let Some(id) = c else {
            wrong.push(Error::field(field("product_id"), "bad_id"));
            continue;
        };
        if !seen.insert(id) {
            wrong.push(Error::field(field("product_id"), "unique"));
        }
        if !parsed::<Quantity>(&all[n]["quantity"]).is_some_and(|q| q.is_positive()) {
            wrong.push(Error::field(field("quantity"), "number_not_positive"));
        }
        level.push((n, id));
    }
    Error::collect(wrong)?;
    for (n, id) in level {
        let field = format!("components.{n}.product_id");
        if !leads_elsewhere(cx, change.after.id, id, &field)? {
            return Err(Error::field(field, "cycle"));
        }
    }
    Ok(())
}

/// Goes down from a component; `false` where the kit itself is found, or no end.
fn leads_elsewhere(cx: &mut Cx, kit: Id, component: Id, field: &str) -> Result<bool> {
    let mut level = vec![component];
    for depth in 0..DEPTH {
        if level.contains(&kit) {
            return Ok(false);
        }
        let mut below = vec![];
        for id in level {
            match cx.conn.query_opt("SELECT components FROM products WHERE id = ?", &[id.into()])? {
                Some(r) if !r.raw(0)?.is_null() => below.extend(of(&r.json(0)?).into_iter().flatten()),
                Some(_) => {}
                None if depth == 0 => return Err(Error::field(field, "reference_missing").field_arg("value", id)),
                None => {}
            }
        }
        below.sort_unstable();
        below.dedup();
        if below.is_empty() {
            return Ok(true);
        }
        level = below;
    }
    Ok(false)
}
