//! The simulator: a draft of a rule over past orders, as a job. It writes nothing but its own result.

use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Currency, Percent, Price, Quantity, VatMode};
use kontor_office::document::{marks, padded};
use kontor_platform::cx::Cx;
use kontor_platform::jobs::{Job, JobKind, Slice};
use kontor_platform::query::{self, Query};
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx};
use kontor_prices::{Books, Draft, PastLine, PastOrder, Tried};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Rows of each table of the result.
const TOP: usize = 50;
/// Orders of one slice: their lines fit into memory with all prices of their days.
const ORDERS: usize = 500;

/// Sums before and after and the cost of it, scaled amounts net of VAT.
#[derive(Clone, Copy, Default)]
struct Sums {
    before: i64,
    after: i64,
    cost: i64,
    lines: i64,
}

impl Sums {
    fn add(&mut self, before: i64, after: i64, cost: i64) {
        self.before = self.before.saturating_add(before);
        self.after = self.after.saturating_add(after);
        self.cost = self.cost.saturating_add(cost);
        self.lines += 1;
    }
    /// Both revenues, their difference, both margins.
    fn json(&self) -> Json {
        json!({
            "revenue_before": amount(self.before), "revenue_after": amount(self.after), "change": amount(self.after - self.before),
            "margin_before": amount(self.before - self.cost), "margin_after": amount(self.after - self.cost), "lines": self.lines,
        })
    }
}

#[derive(Default)]
struct Totals {
    orders: i64,
    lines: i64,
    changed: i64,
    without_price: i64,
    below_cost: i64,
    below_cost_now: i64,
    all: BTreeMap<Currency, Sums>,
    by: [HashMap<(Id, Currency), Sums>; 3],
}

/// What simulations keep in memory between their slices; after a restart a job begins anew.
#[derive(Default)]
struct Running {
    jobs: Mutex<HashMap<Id, (Arc<Books>, Totals)>>,
}

pub struct Simulate;

impl JobKind for Simulate {
    fn name(&self) -> &'static str {
        "simulate-prices"
    }

    fn slice(&self, app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Slice> {
        let running = app.shared::<Running>();
        let held = running.jobs.lock().unwrap_or_else(|e| e.into_inner()).remove(&job.id);
        let total = job.total;
        let (done, total, answer) = app.store.read_with_timeout(Duration::from_secs(120), |conn| {
            let mut cx = Cx::new(conn, app, ctx, "");
            cx.preview = true;
            let (books, mut totals, after) = match held {
                Some((books, totals)) => (books, totals, job.position["after"].as_str().and_then(|s| Id::parse_str(s).ok())),
                None => (Arc::new(Books::open(&mut cx, app, draft(&job.input)?)?), Totals::default(), None),
            };
            let total = match total {
                Some(t) => t,
                None => count(&mut cx, &job.input["filter"])?,
            };
            let found = next(&mut cx, &job.input["filter"], after)?;
            let Some(last) = found.last().map(|f| f.id) else {
                return Ok((totals.orders, total, Err(result(&mut cx, &job.input, &books, &totals)?)));
            };
            let orders: Vec<PastOrder> = found.iter().map(|f| f.order.clone()).collect();
            let tried = books.price(&mut cx, &orders)?;
            for (f, t) in found.iter().zip(tried) {
                totals.take(f, &t)?;
            }
            let done = totals.orders;
            running.jobs.lock().unwrap_or_else(|e| e.into_inner()).insert(job.id, (books, totals));
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

fn draft(input: &Json) -> Result<Draft> {
    let id = |name: &str| input[name].as_str().and_then(|s| Id::parse_str(s).ok());
    let condition = id("condition_id").ok_or_else(|| Error::field("condition_id", "required"))?;
    Ok(Draft { condition, removed: input["removed"] == json!(true), instead_of: id("instead_of_id") })
}

/// An order with what its rule-independent figures are.
struct Found {
    id: Id,
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
        "SELECT t.id, t.company_id, t.partner_id, t.agreement_id, t.contract_id, t.order_type_id, t.payment_form_id, t.currency, t.vat, t.date, t.manager_id FROM {}{} ORDER BY t.id LIMIT {ORDERS}",
        s.from,
        s.where_sql()
    );
    let mut out = vec![];
    for r in cx.conn.query(&sql, &s.all_params())? {
        let currency = r.text(7)?.parse().map_err(|_| Error::internal("an order without a currency"))?;
        let order = PastOrder {
            company: r.id(1)?,
            partner: r.id(2)?,
            agreement: r.opt_id(3)?,
            contract: r.opt_id(4)?,
            order_type: r.opt_id(5)?,
            payment_form: r.opt_id(6)?,
            currency,
            vat: r.opt_text(8)?.and_then(VatMode::parse).unwrap_or(VatMode::Included),
            date: r.date(9)?,
            lines: vec![],
        };
        out.push(Found { id: r.id(0)?, manager: r.opt_id(10)?.unwrap_or_default(), order, figures: vec![] });
    }
    lines(cx, &mut out)?;
    Ok(out)
}

fn lines(cx: &mut Cx, orders: &mut [Found]) -> Result<()> {
    let at: HashMap<Id, usize> = orders.iter().enumerate().map(|(n, o)| (o.id, n)).collect();
    let ids: Vec<Id> = orders.iter().map(|o| o.id).collect();
    for chunk in ids.chunks(256) {
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

impl Totals {
    fn take(&mut self, f: &Found, tried: &[Tried]) -> Result<()> {
        self.orders += 1;
        let (o, minor) = (&f.order, f.order.currency.minor());
        for ((l, t), (rate, cost)) in o.lines.iter().zip(tried).zip(&f.figures) {
            self.lines += 1;
            let (Some(now), Some(then)) = (t.now, t.then) else {
                self.without_price += 1;
                continue;
            };
            let net = |a: Amount| -> Result<Amount> {
                if o.vat != VatMode::Included {
                    return Ok(a);
                }
                let vats = kontor_kernel::vat_of_document(&[(a, *rate)], o.vat, minor)?;
                Ok(vats.first().map_or(a, |v| v.net))
            };
            let before = net(now)?;
            let after = if then == now { before } else { net(then)? };
            self.changed += i64::from(before != after);
            if cost.is_positive() {
                self.below_cost += i64::from(after < *cost);
                self.below_cost_now += i64::from(before < *cost);
            }
            let (b, a) = (before.scaled(), after.scaled());
            let cost = cost.scaled();
            self.all.entry(o.currency).or_default().add(b, a, cost);
            for (of, id) in self.by.iter_mut().zip([o.partner, l.product, f.manager]) {
                of.entry((id, o.currency)).or_default().add(b, a, cost);
            }
        }
        Ok(())
    }
}

fn amount(n: i64) -> String {
    Amount::from_scaled(n).to_string()
}

fn result(cx: &mut Cx, input: &Json, books: &Books, t: &Totals) -> Result<Json> {
    let more = input["more_percent"].as_str().and_then(|p| Percent::parse(p).ok()).unwrap_or(Percent::from_scaled(5 * Percent::UNIT));
    let currencies: Vec<Json> = t
        .all
        .iter()
        .map(|(currency, s)| {
            let mut row = s.json();
            row["currency"] = json!(currency.code());
            row
        })
        .collect();
    let dearer: Vec<(&(Id, Currency), &Sums)> = t.by[0]
        .iter()
        .filter(|(_, s)| {
            s.before > 0
                && i128::from(s.after - s.before) * i128::from(Percent::HUNDRED.scaled()) > i128::from(s.before) * i128::from(more.scaled())
        })
        .collect();
    let mut out = json!({
        "orders": t.orders, "lines": t.lines, "changed_lines": t.changed, "never_wins": t.changed == 0, "lines_without_price": t.without_price,
        "below_cost": t.below_cost, "below_cost_before": t.below_cost_now, "more_percent": more.to_string(),
        "clients_paying_more": dearer.len(), "totals": currencies,
    });
    for (n, (name, table)) in [("clients", "partners"), ("products", "products"), ("managers", "users")].into_iter().enumerate() {
        out[name] = top(cx, table, t.by[n].iter().collect())?;
    }
    let (idle, count) = books.idle(cx, TOP)?;
    out["idle_rules"] = idle.into_iter().map(|(id, name)| json!({"id": id, "title": name})).collect();
    out["idle_rules_count"] = json!(count);
    out["dearer_clients"] = top(cx, "partners", dearer)?;
    Ok(out)
}

/// Those with the largest change, by name.
fn top(cx: &mut Cx, table: &str, mut of: Vec<(&(Id, Currency), &Sums)>) -> Result<Json> {
    of.retain(|(_, s)| s.after != s.before);
    of.sort_by_key(|((id, _), s)| (-(s.after - s.before).abs(), *id));
    of.truncate(TOP);
    let ids: Vec<Id> = of.iter().map(|((id, _), _)| *id).collect();
    let mut names: HashMap<Id, String> = HashMap::new();
    for chunk in ids.chunks(256) {
        let some: Vec<Value> = padded(chunk);
        for r in cx.conn.query(&format!("SELECT id, name FROM {table} WHERE id IN ({})", marks(some.len())), &some)? {
            names.insert(r.id(0)?, r.text(1)?.to_string());
        }
    }
    let row = |((id, currency), s): &(&(Id, Currency), &Sums)| {
        let mut row = s.json();
        (row["id"], row["title"], row["currency"]) = (json!(id), json!(names.get(id)), json!(currency.code()));
        row
    };
    Ok(of.iter().map(row).collect())
}
