//! The simulator: drafts of rules over past orders, as a job. It writes nothing but its own result.

mod totals;

use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_kernel::{Amount, Percent, Price, Quantity, VatMode};
use kontor_platform::cx::Cx;
use kontor_platform::jobs::{Job, JobKind, Slice};
use kontor_platform::query::{self, Query};
use kontor_platform::store::{marks, padded, parts};
use kontor_platform::value::{Id, id_in, parsed};
use kontor_platform::{App, Ctx};
use kontor_prices::{Books, PastLine, PastOrder, drafts};
use kontor_texts::tr_args;
use serde_json::{Map, Value as Json, json};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use totals::Totals;

/// Orders of one slice: their lines fit into memory with all prices of their days.
const ORDERS: usize = 500;

/// What simulations keep in memory between their slices; after a restart a job begins anew.
#[derive(Default)]
struct Running {
    jobs: Mutex<HashMap<Id, Held>>,
}

struct Held {
    books: Arc<Books>,
    totals: Totals,
    since: Instant,
}

/// What nobody has come back for in so long was cancelled.
const KEPT: Duration = Duration::from_secs(600);

pub struct Simulate;

impl JobKind for Simulate {
    fn name(&self) -> &'static str {
        "simulate-prices"
    }

    fn slice(&self, app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Slice> {
        let running = app.shared::<Running>();
        let held = running.jobs.lock().unwrap_or_else(|e| e.into_inner()).remove(&job.id);
        let total = job.total;
        // Drafts are read beside the connection that the slice works on.
        let drafts = if held.is_none() { drafts(app, ctx, &job.input["changes"])? } else { vec![] };
        let (done, total, answer) = app.store.read_with_timeout(Duration::from_secs(120), |conn| {
            let mut cx = Cx::new(conn, app, ctx, "");
            cx.preview = true;
            let (books, mut totals, after) = match held {
                Some(h) => (h.books, h.totals, id_in(&job.position["after"])),
                None => (Arc::new(Books::open(&mut cx, app, &drafts)?), Totals::default(), None),
            };
            let total = match total {
                Some(t) => t,
                None => count(&mut cx, &job.input["filter"])?,
            };
            let found = next(&mut cx, &job.input["filter"], after)?;
            let Some(last) = found.last().map(|f| f.id) else {
                return Ok((totals.orders, total, Err(totals.result(&mut cx, &job.input, &books)?)));
            };
            let orders: Vec<PastOrder> = found.iter().map(|f| f.order.clone()).collect();
            let tried = books.price(&mut cx, &orders)?;
            for (f, t) in found.iter().zip(tried) {
                totals.take(f, &t)?;
            }
            let done = totals.orders;
            let mut jobs = running.jobs.lock().unwrap_or_else(|e| e.into_inner());
            jobs.retain(|_, h| h.since.elapsed() < KEPT);
            jobs.insert(job.id, Held { books, totals, since: Instant::now() });
            Ok((done, total, Ok(json!({"after": last}))))
        })?;
        let mut slice = match answer {
            Ok(position) => Slice::at(job, position, done),
            Err(result) => Slice::end(job, result),
        };
        (slice.step.done, slice.step.total) = (done, Some(total));
        Ok(slice)
    }
}

/// `POST /prices/simulate {changes: [{collection, id?, body?, removed?}], filter?, more_percent?}`: starts the job over past orders
/// under the filter; answers it. What cannot be tried is refused at once: `changes.N.FIELD`, `filter`.
pub fn simulate_prices(app: &Arc<App>, ctx: &Ctx, body: &Json) -> Result<Json> {
    app.granted(ctx, "price-conditions", "simulate")?;
    let Json::Object(given) = body else { return Err(Error::unreadable("object_expected")) };
    let known = ["changes", "filter", "more_percent"];
    if let Some(other) = given.keys().find(|k| !known.contains(&k.as_str())) {
        return Err(Error::field(other.clone(), "unknown_field"));
    }
    if !body["more_percent"].is_null() && parsed::<Percent>(&body["more_percent"]).is_none() {
        return Err(Error::field("more_percent", "not_a_number"));
    }
    let conditions = |f: &Map<String, Json>| f.values().all(|v| v.is_string() || v.is_number() || v.is_boolean());
    if !body["filter"].is_null() && !body["filter"].as_object().is_some_and(conditions) {
        return Err(Error::field("filter", "segment_filter").field_arg("value", &body["filter"]));
    }
    let tried = drafts(app, ctx, &body["changes"])?;
    let title = app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        orders(&mut cx, &body["filter"]).map_err(|e| match e.kind() {
            Kind::Refused => Error::field("filter", "segment_filter").field_arg("value", &body["filter"]),
            _ => e,
        })?;
        let names = tried.iter().map(|d| d.title(&mut cx)).collect::<Result<Vec<_>>>()?;
        Ok(tr_args(ctx.lang, "price-job-simulate", &[("rule", names.join(", ").into())]))
    })?;
    app.start_job(ctx, Simulate.name(), &title, body.clone(), None)
}

/// An order with what its rule-independent figures are.
struct Found {
    id: Id,
    number: String,
    manager: Id,
    order: PastOrder,
    /// By line: VAT percent, cost.
    figures: Vec<(Percent, Amount)>,
}

/// Orders under the filter that were meant to be sold.
fn orders(cx: &mut Cx, filter: &Json) -> Result<query::Source> {
    let spec = cx.spec("sales-orders");
    let text = |v: &Json| v.as_str().map_or_else(|| v.to_string(), str::to_string);
    let pairs: Vec<(String, String)> = filter.as_object().into_iter().flatten().map(|(k, v)| (k.clone(), text(v))).collect();
    let q = Query::parse(cx.app, cx.ctx, spec, &pairs)?;
    let mut s = query::source(cx.conn, cx.app, cx.ctx, spec, &q, "read")?;
    s.wheres.push("t.state IN ('confirmed', 'closed')".into());
    Ok(s)
}

fn count(cx: &mut Cx, filter: &Json) -> Result<i64> {
    let s = orders(cx, filter)?;
    cx.conn.query_one(&format!("SELECT COUNT(*) FROM {}{}", s.from, s.where_sql()), &s.all_params())?.int(0)
}

/// The next of them by id, with their lines.
fn next(cx: &mut Cx, filter: &Json, after: Option<Id>) -> Result<Vec<Found>> {
    let mut s = orders(cx, filter)?;
    s.wheres.push("t.id > ?".into());
    s.params.push(after.unwrap_or_default().into());
    let sql = format!(
        "SELECT t.id, t.company_id, t.partner_id, t.agreement_id, t.contract_id, t.order_type_id, t.payment_form_id, t.currency, t.vat, t.date, t.manager_id, t.loyalty_card_id, t.price_type_id, t.number, t.deal_kind_id FROM {}{} ORDER BY t.id LIMIT {ORDERS}",
        s.from,
        s.where_sql()
    );
    let mut out = vec![];
    for r in cx.conn.query(&sql, &s.all_params())? {
        let manager = r.opt_id(10)?.unwrap_or_default();
        let currency = r.text(7)?.parse().map_err(|_| Error::internal("an order without a currency"))?;
        let order = PastOrder {
            company: r.id(1)?,
            partner: r.id(2)?,
            agreement: r.opt_id(3)?,
            contract: r.opt_id(4)?,
            order_type: r.opt_id(5)?,
            deal_kind: r.opt_id(14)?,
            payment_form: r.opt_id(6)?,
            loyalty_card: r.opt_id(11)?,
            price_type: r.opt_id(12)?,
            seller: manager,
            currency,
            vat: r.opt_text(8)?.and_then(VatMode::parse).unwrap_or(VatMode::Included),
            date: r.date(9)?,
            lines: vec![],
        };
        out.push(Found { id: r.id(0)?, number: r.text(13)?.to_string(), manager, order, figures: vec![] });
    }
    lines(cx, &mut out)?;
    Ok(out)
}

fn lines(cx: &mut Cx, orders: &mut [Found]) -> Result<()> {
    let at: HashMap<Id, usize> = orders.iter().enumerate().map(|(n, o)| (o.id, n)).collect();
    let ids: Vec<Id> = orders.iter().map(|o| o.id).collect();
    for chunk in parts(&ids) {
        let some = padded(chunk);
        let sql = format!(
            "SELECT parent_id, id, product_id, base_quantity, quantity, price, discount_percent, manual_price, manual_discount, vat_percent, cost \
             FROM sales_order_lines WHERE parent_id IN ({}) ORDER BY parent_id, position",
            marks(some.len())
        );
        for r in cx.conn.query(&sql, &some)? {
            let Some(o) = at.get(&r.id(0)?).and_then(|n| orders.get_mut(*n)) else { continue };
            let (base, quantity) = (r.int(3)?, r.int(4)?);
            // Prices stand for the line's unit, rules speak of the product's own.
            let own = |p: i64| if base == quantity || base == 0 { Some(p) } else { kontor_kernel::mul_div(p, quantity, base) };
            let price = if r.bool(7)? { r.opt_int(5)?.and_then(own).map(Price::from_scaled) } else { None };
            let discount = if r.bool(8)? { r.opt_int(6)?.map(Percent::from_scaled) } else { None };
            o.order.lines.push(PastLine { id: r.id(1)?, product: r.id(2)?, quantity: Quantity::from_scaled(base), price, discount });
            o.figures.push((Percent::from_scaled(r.int(9)?), Amount::from_scaled(r.int(10)?)));
        }
    }
    Ok(())
}
