//! Edited prices: what the next prices of a type shall be, one per product, beside the price in force.

use crate::price::problem;
use crate::types::types;
use kontor_kernel::HashMap;
use kontor_kernel::Price;
use kontor_kernel::error::Result;
use kontor_platform::cx::{Change, Cx};
use kontor_platform::external_ids;
use kontor_platform::spec::{Column, Rules, Spec};
use kontor_platform::store::{marks, padded, parts};
use kontor_platform::value::{Id, Value};

pub const TABLE: &str = "edited_prices";

const EFFECTIVE: &str = "SELECT p.price FROM prices p WHERE p.price_type_id = {t}.price_type_id AND p.product_id = {t}.product_id \
    AND p.valid_from <= CURRENT_DATE ORDER BY p.valid_from DESC, p.seq DESC LIMIT 1";
const CHANGED: &str = "{t}.price <> COALESCE((SELECT p.price FROM prices p WHERE p.price_type_id = {t}.price_type_id \
    AND p.product_id = {t}.product_id AND p.valid_from <= CURRENT_DATE ORDER BY p.valid_from DESC, p.seq DESC LIMIT 1), -1)";

pub fn edited_prices() -> Spec {
    Spec::catalog("edited-prices")
        .section("prices", "edit")
        .title("currency")
        // The newest first without an index of its own: a million are changed at once.
        .sort("-id")
        .columns([
            Column::reference("price_type_id", "price-types").required().once().list(),
            Column::reference("product_id", "products").required().once().list(),
            Column::price("price").required().list(),
            Column::code("currency", "currencies").computed().default("").list(),
            Column::price("effective_price").virtual_sql(EFFECTIVE).list(),
            Column::bool("changed", false).virtual_sql(CHANGED).list(),
            Column::text("note", 300),
            // What a group operation found here, and which: so it can be taken back.
            Column::price("previous").computed().hidden(),
            Column::reference("job_id", "jobs").computed().hidden(),
        ])
        .import_key(&["price_type_id", "product_id"])
        .unique_over(&["price_type_id", "product_id"])
        .led("product_id", "price_type_id")
        .grant("director", "read create update delete undo")
        .grant("sales_manager", "read create update delete undo")
        .rules(EditedRules)
}

/// An edited price of a product, to be written over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EditedPrice {
    pub id: Id,
    pub version: i64,
    pub price: Price,
}

/// Edited prices of these products in one type, by product.
pub fn edited_at(cx: &mut Cx, price_type: Id, products: &[Id]) -> Result<HashMap<Id, EditedPrice>> {
    let mut out = HashMap::new();
    for chunk in parts(products) {
        let ids = padded(chunk);
        let sql = format!(
            "SELECT product_id, id, version, price FROM {TABLE} WHERE price_type_id = ? AND archived = ? AND product_id IN ({})",
            marks(ids.len())
        );
        let params: Vec<Value> = [price_type.into(), false.into()].into_iter().chain(ids).collect();
        for r in cx.conn.query(&sql, &params)? {
            out.insert(r.id(0)?, EditedPrice { id: r.id(1)?, version: r.int(2)?, price: Price::from_scaled(r.int(3)?) });
        }
    }
    Ok(out)
}

struct EditedRules;
impl Rules for EditedRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let r = &mut change.after;
        let types = types(cx)?;
        let of = types.get(r.ref_id("price_type_id")).map(|t| &**t);
        if let Some(e) = problem(0, of, true, r.price("price"), false) {
            let mut e = e;
            for f in &mut e.inner_mut().fields {
                f.field = f.field.trim_start_matches("lines.0.").to_string();
            }
            return Err(e);
        }
        if let Some(t) = of {
            r.set("currency", t.currency.code());
        }
        // A person's own price is no group's any more.
        r.set("previous", Value::Null);
        r.set("job_id", Value::Null);
        if change.is_create() && !cx.preview {
            // One that was dropped makes room for the next.
            let dropped = "FROM edited_prices WHERE price_type_id = ? AND product_id = ? AND archived = ?";
            let key = [change.after.get("price_type_id").clone(), change.after.get("product_id").clone(), true.into()];
            if cx.conn.query_opt(&format!("SELECT 1 {dropped} LIMIT 1"), &key)?.is_some() {
                external_ids::forget_many(cx.conn, &format!("SELECT id {dropped} AND external_id IS NOT NULL"), &key)?;
                cx.conn.exec(&format!("DELETE {dropped}"), &key)?;
            }
        }
        Ok(())
    }
}
