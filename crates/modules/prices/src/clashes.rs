//! Rules that contradict each other, or may: two of one key on one day, or for segments that may share members.

use crate::rulebook::RuleBook;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::Cx;
use kontor_platform::{App, Ctx};
use serde_json::{Value as Json, json};

/// A larger book is not looked through while somebody waits; its rules were checked when they were written.
const LOOKED_THROUGH: usize = 50_000;
const TOLD: usize = 100;

/// `GET /prices/clashes`: pairs of conditions of sale that the caller may see, the certain ones first; `looked_through` is false
/// where there are too many rules to compare them all.
pub fn clashes(app: &App, ctx: &Ctx) -> Result<Json> {
    let spec = app.registry.get("price-conditions").ok_or_else(Error::not_found)?;
    if !ctx.access.may(spec, "read") {
        return Err(Error::forbidden().arg("action", "read").arg("entity", spec.name));
    }
    let found = app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        let book = RuleBook::current(&mut cx)?;
        let state = book.read();
        if state.book.len() > LOOKED_THROUGH {
            return Ok(None);
        }
        Ok(Some(state.book.all_clashes()))
    })?;
    let Some(found) = found else { return Ok(json!({"items": [], "looked_through": false})) };
    let mut items = vec![];
    for c in found {
        // Rules of agreements, contracts and dealer types are told by their own cards; what may not be seen is not told.
        let (Ok(one), Ok(other)) = (app.record(ctx, spec.name, c.one), app.record(ctx, spec.name, c.other)) else { continue };
        items.push(json!({
            "one": {"id": one.id, "title": one.title()}, "other": {"id": other.id, "title": other.title()}, "kind": one.text("kind"),
            "from": c.days.from.map(|d| d.to_string()), "to": c.days.to.map(|d| d.to_string()), "certain": c.certain,
        }));
        if items.len() >= TOLD {
            break;
        }
    }
    Ok(json!({"items": items, "looked_through": true}))
}
