//! Sums of the board: how many deals stand in each stage, what they are worth, and what they are worth by probability.
//! Takes the filters of the list, so that board and list agree.

use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Percent, mul_div};
use kontor_platform::app::{App, Asked};
use kontor_platform::ctx::Ctx;
use kontor_platform::query::{self, Query};
use kontor_platform::store::Backend;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

#[derive(Default)]
struct Sums {
    count: i64,
    amount: i64,
    weighted: i64,
}

/// `GET /deals/board?kind_id=…`: one row per state, stage and currency.
pub fn board(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    let spec = app.granted(ctx, "deals", "read")?;
    let q = Query::parse(app, ctx, spec, &asked.query)?;
    app.store.read(|conn| {
        let src = query::source(conn, app, ctx, spec, &q, "read")?;
        let int = if conn.backend() == Backend::Postgres { "BIGINT" } else { "INTEGER" };
        // What is won is certain, what is lost is gone; percents have four decimals.
        let chance = "CASE t.state WHEN 'won' THEN 1000000 WHEN 'lost' THEN 0 ELSE COALESCE(t.probability, s.probability, 0) END";
        let sql = format!(
            "SELECT t.state, t.stage_id, t.currency, {chance}, COUNT(*), CAST(COALESCE(SUM(COALESCE(CASE WHEN t.state = 'won' THEN t.won_amount END, t.amount)), 0) AS {int}) FROM {} LEFT JOIN stages s ON s.id = t.stage_id{} GROUP BY 1, 2, 3, 4",
            src.from,
            src.where_sql()
        );
        let mut all: BTreeMap<(String, Option<Id>, String), Sums> = BTreeMap::new();
        for r in conn.query(&sql, &src.all_params())? {
            let at = all.entry((r.text(0)?.to_string(), r.opt_id(1)?, r.opt_text(2)?.unwrap_or("").to_string())).or_default();
            let amount = r.int(5)?;
            let overflow = || Error::refused("number_overflow");
            at.count += r.int(4)?;
            at.amount = at.amount.checked_add(amount).ok_or_else(overflow)?;
            let weighted = mul_div(amount, r.int(3)?, Percent::HUNDRED.scaled()).ok_or_else(overflow)?;
            at.weighted = at.weighted.checked_add(weighted).ok_or_else(overflow)?;
        }
        let items: Vec<Json> = all
            .iter()
            .map(|((state, stage, currency), s)| {
                json!({"state": state, "stage_id": stage, "currency": currency, "count": s.count, "amount": Amount::from_scaled(s.amount), "weighted": Amount::from_scaled(s.weighted)})
            })
            .collect();
        Ok(json!({"items": items, "next": null}))
    })
}
