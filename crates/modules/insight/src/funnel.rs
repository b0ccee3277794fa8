//! The funnel: how far the deals opened in a period came, stage by stage, where they were lost and how long they stood; beside
//! it what stands at each stage now, and how far those of the period before came.

use crate::cond::{Cond, readable};
use crate::cut::list_url;
use crate::deals::share;
use crate::money::{Money, add};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Percent, mul_div};
use kontor_platform::App;
use kontor_platform::ctx::Ctx;
use kontor_platform::report::{Chart, Params, ReportSpec, Table, TableColumn, TableRow};
use kontor_platform::spec::{Column, Ty};
use kontor_platform::store::{Conn, marks, padded};
use kontor_platform::titles;
use kontor_platform::value::{Id, Value};
use kontor_texts::tr;
use serde_json::Value as Json;
use std::collections::BTreeMap;

pub fn funnel() -> ReportSpec {
    ReportSpec {
        name: "funnel",
        icon: "filter",
        params: vec![
            Column::reference("kind_id", "deal-kinds"),
            Column::date("from"),
            Column::date("to"),
            Column::code("currency", "currencies"),
            Column::reference("manager_id", "users"),
            Column::reference("partner_id", "partners"),
        ],
        roles: &["director", "sales_manager", "salesperson", "field_agent", "accountant"],
        reads: &[&["deals"]],
        chart: Chart::Funnel("reached"),
        filters: |app| app.registry.get("deals"),
        run,
    }
}

fn columns(previous: bool) -> Vec<TableColumn> {
    let count = |name| TableColumn::new(name, Ty::Int { min: 0, max: i64::MAX });
    let mut c = vec![
        TableColumn::new("key", Ty::Text { max: 100 }),
        TableColumn::new("title", Ty::Text { max: 300 }),
        count("reached"),
        TableColumn::share("conversion"),
    ];
    if previous {
        c.push(count("previous"));
        c.push(TableColumn::share("previous_conversion"));
    }
    c.extend([
        count("lost"),
        TableColumn::new("days", Ty::Quantity),
        count("open"),
        TableColumn::new("amount", Ty::Amount),
        TableColumn::new("weighted", Ty::Amount),
        TableColumn::new("currency", Ty::Code("currencies")),
    ]);
    c
}

struct Stage {
    id: Id,
    name: String,
    probability: i64,
}

/// One deal of the kind, as far as the funnel looks at it.
struct Deal {
    id: Id,
    currency: String,
    /// Index of its stage, if it has one of the kind.
    stage: Option<usize>,
    state: String,
    amount: i64,
    opened: Option<NaiveDate>,
    closed: Option<NaiveDate>,
    stage_since: Option<DateTime<Utc>>,
}

/// Figures of a stage (the last one stands for the won deals).
#[derive(Clone, Debug, Default)]
struct Step {
    reached: i64,
    previous: i64,
    lost: i64,
    days: (i64, i64),
    open: i64,
    amount: i64,
    weighted: i64,
}

fn run(conn: &mut Conn, app: &App, ctx: &Ctx, params: &Params) -> Result<Table> {
    let spec = readable(app, ctx, "deals")?;
    let mut cond = Cond::default();
    cond.scope(app, ctx, spec, "d");
    cond.and("d.archived = ?", [false.into()]);
    for name in ["manager_id", "partner_id"] {
        cond.given(params, name, &format!("d.{name}"));
    }
    cond.filters(app, ctx, conn.backend(), params, "d")?;
    let mut money = Money::asked(conn, params)?;
    let Some(kind) = kind(conn, params, &cond)? else {
        return Ok(Table { columns: columns(false), totals: vec![Value::Null; columns(false).len()], ..Default::default() });
    };
    let stages = stages(conn, app, ctx, kind)?;
    let mut of_kind = cond.clone();
    of_kind.and("d.kind_id = ?", [kind.into()]);
    let deals = load(conn, &stages, &of_kind, &mut money)?;
    let (from, to) = (params.date("from"), params.date("to"));
    let before = before(from, to);
    let cohort: Vec<&Deal> = deals.iter().filter(|d| within(d.opened, from, to)).collect();
    let stays = stays(conn, &stages, &cohort, ctx.now)?;
    let mut funnels: BTreeMap<&str, Vec<Step>> = BTreeMap::new();
    for d in &deals {
        let steps = funnels.entry(&d.currency).or_insert_with(|| vec![Step::default(); stages.len() + 1]);
        now(d, &stages, steps)?;
        if within(d.opened, from, to) {
            came(d, steps, |s| &mut s.reached);
            lost(d, steps);
        }
        if before.is_some_and(|(a, b)| within(d.opened, Some(a), Some(b))) {
            came(d, steps, |s| &mut s.previous);
        }
    }
    for (d, stage, days) in stays {
        if let Some(s) = funnels.get_mut(d.currency.as_str()).and_then(|f| f.get_mut(stage)) {
            s.days.0 += days;
            s.days.1 += 1;
        }
    }
    Ok(table(ctx, params, &money, kind, &stages, &funnels, before.is_some()))
}

/// The kind asked for, else the one with most deals.
fn kind(conn: &mut Conn, params: &Params, cond: &Cond) -> Result<Option<Id>> {
    if let Some(id) = params.id("kind_id") {
        return Ok(Some(id));
    }
    let row = conn.query_opt(&format!("SELECT d.kind_id, COUNT(*) FROM deals d{} GROUP BY d.kind_id ORDER BY CASE WHEN d.kind_id IS NULL THEN 1 ELSE 0 END, COUNT(*) DESC LIMIT 1", cond.sql()), &cond.params)?;
    let found = match row {
        Some(r) => r.opt_id(0)?,
        None => None,
    };
    match found {
        Some(id) => Ok(Some(id)),
        None => conn
            .query_opt("SELECT id FROM deal_kinds WHERE archived = ? ORDER BY created_at, id LIMIT 1", &[false.into()])?
            .map(|r| r.id(0))
            .transpose(),
    }
}

fn stages(conn: &mut Conn, app: &App, ctx: &Ctx, kind: Id) -> Result<Vec<Stage>> {
    let spec = app.registry.get("stages").ok_or_else(Error::not_found)?;
    let title = titles::sql(spec, "t", Some(ctx.lang), conn.backend());
    let rows = conn.query(
        &format!("SELECT t.id, {title}, t.probability FROM stages t WHERE t.kind_id = ? AND t.archived = ? ORDER BY t.position, t.id"),
        &[kind.into(), false.into()],
    )?;
    rows.iter().map(|r| Ok(Stage { id: r.id(0)?, name: r.text(1)?.to_string(), probability: r.opt_int(2)?.unwrap_or(0) })).collect()
}

fn load(conn: &mut Conn, stages: &[Stage], cond: &Cond, money: &mut Money) -> Result<Vec<Deal>> {
    let at: HashMap<Id, usize> = stages.iter().enumerate().map(|(i, s)| (s.id, i)).collect();
    let rows = conn.query(
        &format!(
            "SELECT d.id, d.currency, d.stage_id, d.state, d.amount, d.opened_on, d.closed_on, d.stage_since FROM deals d{}",
            cond.sql()
        ),
        &cond.params,
    )?;
    rows.iter()
        .map(|r| {
            let (from, opened) = (r.opt_text(1)?.unwrap_or_default(), r.opt_date(5)?);
            Ok(Deal {
                id: r.id(0)?,
                currency: money.shown(from),
                stage: r.opt_id(2)?.and_then(|s| at.get(&s).copied()),
                state: r.text(3)?.to_string(),
                // Only what is open is summed up; of the rest no rate is needed.
                amount: if r.text(3)? == "open" { money.convert(conn, r.opt_int(4)?.unwrap_or(0), from, opened)? } else { 0 },
                opened,
                closed: r.opt_date(6)?,
                stage_since: r.opt_instant(7)?,
            })
        })
        .collect()
}

fn within(d: Option<NaiveDate>, from: Option<NaiveDate>, to: Option<NaiveDate>) -> bool {
    // A deal without a day of opening belongs to the whole time only.
    match d {
        None => from.is_none() && to.is_none(),
        Some(d) => from.is_none_or(|f| d >= f) && to.is_none_or(|t| d <= t),
    }
}

/// The period of the same length right before.
fn before(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Option<(NaiveDate, NaiveDate)> {
    let (from, to) = (from?, to?);
    let days = (to - from).num_days() + 1;
    Some((from.checked_sub_signed(Duration::days(days))?, from.pred_opt()?))
}

/// A deal came to its stage through all before it; a won one through all there are.
fn came(d: &Deal, steps: &mut [Step], of: fn(&mut Step) -> &mut i64) {
    let last = match (d.state.as_str(), d.stage) {
        ("won", _) => steps.len(),
        (_, Some(s)) => s + 1,
        // Deals without a stage came in, no further.
        (_, None) => 1,
    };
    let last = last.min(steps.len());
    steps[..last].iter_mut().for_each(|s| *of(s) += 1);
}

fn lost(d: &Deal, steps: &mut [Step]) {
    if d.state == "lost"
        && let Some(s) = steps.get_mut(d.stage.unwrap_or(0))
    {
        s.lost += 1;
    }
}

/// What stands at each stage today, whenever it was opened.
fn now(d: &Deal, stages: &[Stage], steps: &mut [Step]) -> Result<()> {
    let (true, Some(at)) = (d.state == "open", d.stage) else { return Ok(()) };
    let s = &mut steps[at];
    s.open += 1;
    add(&mut s.amount, d.amount)?;
    add(&mut s.weighted, Amount::from_scaled(d.amount).percent(Percent::from_scaled(stages[at].probability), 2)?.scaled())
}

/// Days that deals stood at stages, from the history of their moves.
fn stays<'d>(conn: &mut Conn, stages: &[Stage], deals: &[&'d Deal], now: DateTime<Utc>) -> Result<Vec<(&'d Deal, usize, i64)>> {
    let at: HashMap<String, usize> = stages.iter().enumerate().map(|(i, s)| (s.id.to_string(), i)).collect();
    let by_id: HashMap<Id, &'d Deal> = deals.iter().map(|d| (d.id, *d)).collect();
    let mut out = vec![];
    for chunk in deals.chunks(256) {
        let params = padded(&chunk.iter().map(|d| d.id).collect::<Vec<_>>());
        let marks = marks(params.len());
        let rows = conn.query(
            &format!("SELECT record_id, at, changes, action FROM audit WHERE record_id IN ({marks}) ORDER BY record_id, version"),
            &params,
        )?;
        // Since when a deal stands where it stands; where that is, the next move says.
        let mut since: HashMap<Id, DateTime<Utc>> = HashMap::new();
        for r in &rows {
            let (id, when) = (r.id(0)?, r.instant(1)?);
            let from = moved_from(&r.json(2)?);
            if from.is_none() && r.text(3)? != "create" {
                continue;
            }
            if let (Some(start), Some(stage), Some(d)) = (since.insert(id, when), from.and_then(|s| at.get(&s).copied()), by_id.get(&id)) {
                out.push((*d, stage, (when - start).num_days().max(0)));
            }
        }
        for d in chunk {
            let end = match d.closed {
                Some(c) => c.and_hms_opt(0, 0, 0).map_or(now, |t| t.and_utc()),
                None => now,
            };
            let since = d.stage_since.or_else(|| since.get(&d.id).copied());
            if let (Some(stage), Some(since)) = (d.stage, since) {
                out.push((d, stage, (end - since).num_days().max(0)));
            }
        }
    }
    Ok(out)
}

/// Average days, to one decimal: nobody looks at hours of a stage.
fn tenths((total, count): (i64, i64)) -> Value {
    mul_div(total, 10, count).map_or(Value::Null, |x| Value::Int(x * 100_000))
}

/// Stage that an audit entry takes a deal away from.
fn moved_from(changes: &Json) -> Option<String> {
    changes.get("stage_id")?.get(0)?.as_str().map(str::to_string)
}

fn table(
    ctx: &Ctx,
    params: &Params,
    money: &Money,
    kind: Id,
    stages: &[Stage],
    funnels: &BTreeMap<&str, Vec<Step>>,
    previous: bool,
) -> Table {
    let (currency, _) = money.of_table(funnels.keys().copied());
    let mut rows = vec![];
    let mut total = Step::default();
    for (of, steps) in funnels {
        for (n, s) in steps.iter().enumerate() {
            let before = if n == 0 { None } else { steps.get(n - 1) };
            let (key, title) = match stages.get(n) {
                Some(stage) => (stage.id.to_string(), stage.name.clone()),
                None => ("won".to_string(), tr(ctx.lang, "state-won").to_string()),
            };
            let mut values: Vec<Value> =
                vec![key.as_str().into(), title.into(), s.reached.into(), share(s.reached, before.map_or(s.reached, |b| b.reached))];
            if previous {
                values.push(s.previous.into());
                values.push(share(s.previous, before.map_or(s.previous, |b| b.previous)));
            }
            values.extend([s.lost.into(), tenths(s.days), s.open.into(), s.amount.into(), s.weighted.into(), Value::from(*of)]);
            rows.push(TableRow { values, link: Some(link(params, kind, &key, money.filter(of))) });
            total.lost += s.lost;
            total.open += s.open;
            total.amount = total.amount.saturating_add(s.amount);
            total.weighted = total.weighted.saturating_add(s.weighted);
        }
        // All came in by the first step.
        total.reached += steps.first().map_or(0, |s| s.reached);
        total.previous += steps.first().map_or(0, |s| s.previous);
    }
    let won: i64 = funnels.values().filter_map(|f| f.last()).map(|s| s.reached).sum();
    let mut totals: Vec<Value> = vec![Value::Null, tr(ctx.lang, "report-total").into(), total.reached.into(), share(won, total.reached)];
    if previous {
        let won: i64 = funnels.values().filter_map(|f| f.last()).map(|s| s.previous).sum();
        totals.push(total.previous.into());
        totals.push(share(won, total.previous));
    }
    let one = funnels.len() <= 1;
    let sum = |x: i64| if one { Value::Int(x) } else { Value::Null };
    totals.extend([
        total.lost.into(),
        Value::Null,
        total.open.into(),
        sum(total.amount),
        sum(total.weighted),
        if one { currency.as_str().into() } else { Value::Null },
    ]);
    Table {
        currency,
        columns: columns(previous),
        rows,
        totals,
        notes: if money.to.is_some() { vec!["report-note-converted"] } else { vec![] },
    }
}

/// At a stage stand the deals that are open there or were lost there; what went on has left it.
fn link(params: &Params, kind: Id, key: &str, currency: Option<(String, String)>) -> String {
    let mut filters = vec![("kind_id".to_string(), kind.to_string())];
    if key == "won" {
        filters.push(("state".into(), "won".into()));
    } else {
        filters.extend([("stage_id".into(), key.to_string()), ("state.ne".into(), "won".into())]);
    }
    for (name, end) in [("from", "opened_on.ge"), ("to", "opened_on.le")] {
        if let Some(d) = params.date(name) {
            filters.push((end.into(), d.to_string()));
        }
    }
    for name in ["manager_id", "partner_id"] {
        if let Some(id) = params.id(name) {
            filters.push((name.into(), id.to_string()));
        }
    }
    filters.extend(params.filters.iter().map(|f| (f.key.clone(), f.value.clone())));
    filters.extend(currency);
    list_url("deals", &filters)
}
