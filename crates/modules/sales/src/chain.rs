//! The chain of documents made on the basis of one another: deal, quote, order, shipments, returns, payments. Drawn from its
//! top, whichever of them is looked at; what the caller may not see is left out.

use kontor_kernel::Amount;
use kontor_kernel::HashSet;
use kontor_kernel::error::{Error, Result};
use kontor_platform::app::{App, Asked};
use kontor_platform::ctx::Ctx;
use kontor_platform::spec::{NONE, Spec};
use kontor_platform::store::{Conn, marks};
use kontor_platform::value::{Id, Value};
use serde_json::{Value as Json, json};

#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct ChainNode {
    pub entity: String,
    pub id: Id,
    pub number: String,
    pub date: Option<chrono::NaiveDate>,
    pub state: String,
    /// Unknown to those from whom it is hidden.
    pub total: Option<Amount>,
    pub currency: String,
    /// Depth below the top of the chain.
    pub level: usize,
}

/// No chain of people's making is longer; an import's may be.
const MOST: usize = 300;

/// The whole chain that a document stands in, in the order of a tree: each one followed by what was made from it.
pub fn chain(conn: &mut Conn, app: &App, ctx: &Ctx, entity: &str, id: Id) -> Result<Vec<ChainNode>> {
    let spec = app.registry.get(entity).ok_or_else(Error::not_found)?;
    if node(conn, app, ctx, spec, id, 0)?.is_none() {
        return Err(Error::not_found());
    }
    let mut walk = Walk { app, ctx, seen: HashSet::new(), out: vec![] };
    let (top, top_id) = walk.top(conn, spec, id)?;
    walk.down(conn, top, top_id, 0)?;
    Ok(walk.out)
}

struct Walk<'a> {
    app: &'a App,
    ctx: &'a Ctx,
    seen: HashSet<Id>,
    out: Vec<ChainNode>,
}

impl Walk<'_> {
    /// Climbs to what has no visible basis.
    fn top(&self, conn: &mut Conn, spec: &'static Spec, id: Id) -> Result<(&'static Spec, Id)> {
        let (mut at, mut climbed) = ((spec, id), HashSet::new());
        while climbed.insert(at.1) {
            match self.above(conn, at.0, at.1)? {
                Some(up) if node(conn, self.app, self.ctx, up.0, up.1, 0)?.is_some() => at = up,
                _ => break,
            }
        }
        Ok(at)
    }

    fn above(&self, conn: &mut Conn, spec: &'static Spec, id: Id) -> Result<Option<(&'static Spec, Id)>> {
        if !spec.basis.is_empty() {
            let columns: Vec<&str> = spec.basis.iter().map(|b| b.0).collect();
            if let Some(row) = conn.query_opt(&format!("SELECT {} FROM {} WHERE id = ?", columns.join(", "), spec.table), &[id.into()])? {
                for (i, (_, of)) in spec.basis.iter().enumerate() {
                    if let (Some(up), Some(target)) = (row.opt_id(i)?, self.app.registry.get(of)) {
                        return Ok(Some((target, up)));
                    }
                }
            }
        }
        if spec.name == "payments" {
            let paid = self.settled_with(conn, id, &["shipments", "returns"])?;
            return Ok(paid.into_iter().next());
        }
        Ok(None)
    }

    fn down(&mut self, conn: &mut Conn, spec: &'static Spec, id: Id, level: usize) -> Result<()> {
        if self.out.len() >= MOST || !self.seen.insert(id) {
            return Ok(());
        }
        let Some(n) = node(conn, self.app, self.ctx, spec, id, level)? else { return Ok(()) };
        self.out.push(n);
        for (child, id) in self.below(conn, spec, id)? {
            self.down(conn, child, id, level + 1)?;
        }
        Ok(())
    }

    /// Documents made from this one; what has a nearer basis stands below that.
    fn below(&self, conn: &mut Conn, spec: &'static Spec, id: Id) -> Result<Vec<(&'static Spec, Id)>> {
        let mut out = vec![];
        for child in &self.app.registry.specs {
            for (i, (column, _)) in child.basis.iter().enumerate().filter(|(_, b)| b.1 == spec.name) {
                let nearer: String = child.basis[..i].iter().map(|(c, _)| format!(" AND {c} IS NULL")).collect();
                let sql = format!("SELECT id FROM {} WHERE {column} = ?{nearer} ORDER BY id LIMIT {MOST}", child.table);
                for r in conn.query(&sql, &[id.into()])? {
                    out.push((*child, r.id(0)?));
                }
            }
        }
        if matches!(spec.name, "shipments" | "returns") {
            out.extend(self.settled_with(conn, id, &["payments"])?);
        }
        Ok(out)
    }

    /// Documents that this one is set off with: they wrote a part against it, or it against them.
    fn settled_with(&self, conn: &mut Conn, id: Id, entities: &[&str]) -> Result<Vec<(&'static Spec, Id)>> {
        let marks = marks(entities.len());
        let sql = format!(
            "SELECT o.entity, o.id, o.date FROM settlement_documents o WHERE o.entity IN ({marks}) AND o.id IN (
                SELECT m.recorder_id FROM settlement_documents d JOIN reg_settlements_movements m ON m.company_id = d.company_id AND m.partner_id = d.partner_id AND m.currency = d.currency AND m.document_id = d.id
                WHERE d.id = ? AND m.recorder_id <> d.id GROUP BY m.recorder_id HAVING SUM(m.amount) <> 0
                UNION SELECT m.document_id FROM reg_settlements_movements m WHERE m.recorder_id = ? AND m.document_id <> ? GROUP BY m.document_id HAVING SUM(m.amount) <> 0)
             ORDER BY o.date, o.id LIMIT {MOST}"
        );
        let mut params: Vec<Value> = entities.iter().map(|e| (*e).into()).collect();
        params.extend([id.into(), id.into(), id.into()]);
        let mut out = vec![];
        for r in conn.query(&sql, &params)? {
            if let Some(spec) = self.app.registry.get(r.text(0)?) {
                out.push((spec, r.id(1)?));
            }
        }
        Ok(out)
    }
}

/// One document as the caller may see it.
fn node(conn: &mut Conn, app: &App, ctx: &Ctx, spec: &'static Spec, id: Id, level: usize) -> Result<Option<ChainNode>> {
    if id == NONE || !ctx.access.may(spec, "read") {
        return Ok(None);
    }
    let scope = ctx.access.predicate(&app.registry, spec, "read", "t");
    let of = |names: &[&str]| -> String {
        let found = names.iter().find(|n| spec.has_column(n) && !ctx.access.hidden(spec, n));
        found.map_or_else(|| "NULL".to_string(), |n| format!("t.{n}"))
    };
    let cast = |sql: String, ty: &str| if sql == "NULL" { format!("CAST(NULL AS {ty})") } else { sql };
    let and = scope.and();
    let sql = format!(
        "SELECT t.{}, {}, {}, {}, {} FROM {} t WHERE t.id = ?{and}",
        spec.title,
        cast(of(&["date", "opened_on"]), "DATE"),
        cast(of(&["state"]), "TEXT"),
        cast(of(&["total", "amount"]), "BIGINT"),
        cast(of(&["currency"]), "TEXT"),
        spec.table
    );
    let mut params: Vec<Value> = vec![id.into()];
    params.extend(scope.params);
    let Some(r) = conn.query_opt(&sql, &params)? else { return Ok(None) };
    Ok(Some(ChainNode {
        entity: spec.name.to_string(),
        id,
        number: r.opt_text(0)?.unwrap_or_default().to_string(),
        date: r.opt_date(1)?,
        state: r.opt_text(2)?.unwrap_or_default().to_string(),
        total: r.opt_int(3)?.map(Amount::from_scaled),
        currency: r.opt_text(4)?.unwrap_or_default().to_string(),
        level,
    }))
}

fn answer(app: &App, ctx: &Ctx, asked: &Asked, entity: &str) -> Result<Json> {
    let id = asked.path.get("id").and_then(|p| Id::parse_str(p).ok()).ok_or_else(Error::not_found)?;
    let nodes = app.store.read(|conn| chain(conn, app, ctx, entity, id))?;
    Ok(json!({"items": nodes}))
}

macro_rules! questions {
    ($($name:ident $entity:literal),*) => { $(
        pub fn $name(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
            answer(app, ctx, asked, $entity)
        }
    )* };
}
questions!(of_deal "deals", of_quote "quotes", of_order "sales-orders", of_shipment "shipments", of_return "returns", of_payment "payments");
