//! Rebates due: what was promised on sales of a period, what of it is settled, what is still owed.

use super::accrual::{Asked, accrued, settled};
use chrono::Datelike;
use kontor_kernel::Amount;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_platform::App;
use kontor_platform::ctx::Ctx;
use kontor_platform::cx::Cx;
use kontor_platform::report::{Chart, Params, ReportSpec, Table, TableColumn, TableRow};
use kontor_platform::spec::{Column, Ty};
use kontor_platform::store::{Conn, marks, padded, parts};
use kontor_platform::value::{Id, Value};
use kontor_texts::tr;
use std::collections::BTreeSet;

pub fn rebates_due() -> ReportSpec {
    ReportSpec {
        name: "rebates-due",
        icon: "receipt-refund",
        params: vec![
            Column::date("from"),
            Column::date("to"),
            Column::reference("company_id", "companies"),
            Column::reference("partner_id", "partners"),
            Column::reference("recipient_id", "partners"),
        ],
        roles: &["director", "sales_manager", "accountant"],
        reads: &[&["price-conditions"]],
        chart: Chart::None,
        filters: |_| None,
        run,
    }
}

fn columns() -> Vec<TableColumn> {
    let text = |name| TableColumn::new(name, Ty::Text { max: 300 });
    let amount = |name| TableColumn::new(name, Ty::Amount);
    vec![
        text("key"),
        text("title"),
        text("partner"),
        text("condition"),
        TableColumn::new("percent", Ty::Percent),
        amount("from_amount"),
        amount("base"),
        amount("accrued"),
        amount("settled"),
        amount("due"),
        TableColumn::new("currency", Ty::Code("currencies")),
    ]
}

fn run(conn: &mut Conn, app: &App, ctx: &Ctx, params: &Params) -> Result<Table> {
    app.granted(ctx, "price-conditions", "read")?;
    let partners = app.registry.get("partners").ok_or_else(Error::not_found)?;
    let seen = ctx.access.predicate(&app.registry, partners, "read", "w");
    let to = params.date("to").unwrap_or(ctx.today);
    let asked = Asked {
        from: params.date("from").or_else(|| to.with_day(1)).unwrap_or(to),
        to,
        company: params.id("company_id"),
        partner: params.id("partner_id"),
        recipient: params.id("recipient_id"),
        seen: (seen.sql, seen.params),
    };
    let mut cx = Cx::new(conn, app, ctx, "");
    cx.preview = true;
    let all = accrued(&mut cx, &asked)?;
    let settled = settled(&mut cx, &asked)?;
    let names = names(&mut cx, all.iter().flat_map(|a| [a.recipient, a.partner]).collect())?;
    let name = |id: Id| names.get(&id).cloned().unwrap_or_default();
    let one = all.iter().map(|a| a.currency).collect::<BTreeSet<_>>().len() <= 1;
    let mut table = Table {
        columns: columns(),
        currency: all.first().filter(|_| one).map_or(String::new(), |a| a.currency.code().into()),
        ..Default::default()
    };
    let (mut sums, value) = ([Amount::ZERO; 4], |a: Amount| Value::Int(a.scaled()));
    let overflow = || Error::refused("number_overflow");
    for a in &all {
        let paid =
            settled.get(&(a.company, a.condition, a.recipient, a.partner, a.currency.code().to_string())).copied().unwrap_or(Amount::ZERO);
        let due = a.amount.checked_sub(paid).ok_or_else(overflow)?;
        for (sum, x) in sums.iter_mut().zip([a.base, a.amount, paid, due]) {
            *sum = sum.checked_add(x).ok_or_else(overflow)?;
        }
        table.rows.push(TableRow {
            values: vec![
                a.recipient.to_string().into(),
                name(a.recipient).into(),
                name(a.partner).into(),
                a.name.as_str().into(),
                Value::Int(a.percent.scaled()),
                a.from_amount.map_or(Value::Null, value),
                value(a.base),
                value(a.amount),
                value(paid),
                value(due),
                a.currency.code().into(),
            ],
            link: Some(format!("/price-conditions/{}", a.condition)),
        });
    }
    table.totals = vec![Value::Null, tr(ctx.lang, "report-total").into(), Value::Null, Value::Null, Value::Null, Value::Null];
    // Sums in several currencies are never added.
    table.totals.extend(sums.map(|s| if one { value(s) } else { Value::Null }));
    table.totals.push(if one { table.currency.as_str().into() } else { Value::Null });
    Ok(table)
}

fn names(cx: &mut Cx, ids: BTreeSet<Id>) -> Result<HashMap<Id, String>> {
    let mut out = HashMap::new();
    for chunk in parts(&ids.into_iter().collect::<Vec<_>>()) {
        let some = padded(chunk);
        for r in cx.conn.query(&format!("SELECT id, name FROM partners WHERE id IN ({})", marks(some.len())), &some)? {
            out.insert(r.id(0)?, r.text(1)?.to_string());
        }
    }
    Ok(out)
}
