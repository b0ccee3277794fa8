//! What a trial comes to: revenue and margin before and after by client, product and manager, and the lines below cost.

use super::Found;
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_kernel::{Amount, Currency, Percent, vat_of_document};
use kontor_platform::cx::Cx;
use kontor_platform::store::{marks, padded, parts};
use kontor_platform::value::{Id, Value, parsed};
use kontor_prices::{Books, Tried};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Rows of each table of the result.
const TOP: usize = 50;
/// By whom and what, and where their names are.
const BY: [(&str, &str); 3] = [("clients", "partners"), ("products", "products"), ("managers", "users")];

/// Sums before and after and the cost of it, scaled amounts net of VAT.
#[derive(Clone, Copy, Default)]
struct Sums {
    before: i64,
    after: i64,
    cost: i64,
    lines: i64,
    /// Lines that would be sold below cost, and how much is lost by them.
    below: i64,
    loss: i64,
}

impl Sums {
    fn add(&mut self, before: i64, after: i64, cost: i64) {
        self.before = self.before.saturating_add(before);
        self.after = self.after.saturating_add(after);
        self.cost = self.cost.saturating_add(cost);
        self.lines += 1;
        if cost > 0 && after < cost {
            self.below += 1;
            self.loss = self.loss.saturating_add(cost - after);
        }
    }
    /// Both revenues, their difference, both margins; what is below cost after.
    fn json(&self) -> Json {
        json!({
            "revenue_before": amount(self.before), "revenue_after": amount(self.after), "change": amount(self.after - self.before),
            "margin_before": amount(self.before - self.cost), "margin_after": amount(self.after - self.cost), "lines": self.lines,
            "below_cost": self.below, "loss": amount(self.loss),
        })
    }
}

/// A line that would be sold below cost.
struct Below {
    loss: i64,
    order: Id,
    number: String,
    product: Id,
    client: Id,
    manager: Id,
    currency: Currency,
    before: i64,
    after: i64,
    cost: i64,
}

#[derive(Default)]
pub struct Totals {
    pub orders: i64,
    lines: i64,
    changed: i64,
    without_price: i64,
    below_cost: i64,
    below_cost_now: i64,
    all: BTreeMap<Currency, Sums>,
    by: [HashMap<(Id, Currency), Sums>; 3],
    /// Of those below cost the ones that lose most; cut down now and then.
    below: Vec<Below>,
}

impl Totals {
    pub fn take(&mut self, f: &Found, tried: &[Tried]) -> Result<()> {
        self.orders += 1;
        let o = &f.order;
        // VAT is of the document as a whole, as when it is written.
        let net = |of: &dyn Fn(&Tried) -> Option<Amount>| -> Result<Vec<Amount>> {
            let amounts: Vec<(Amount, Percent)> =
                tried.iter().zip(&f.figures).map(|(t, (rate, _))| (of(t).unwrap_or(Amount::ZERO), *rate)).collect();
            Ok(vat_of_document(&amounts, o.vat, o.currency.minor())?.into_iter().map(|v| v.net).collect())
        };
        let before = net(&|t| t.now)?;
        let after = if tried.iter().all(|t| t.now == t.then) { before.clone() } else { net(&|t| t.then)? };
        for (n, (l, t)) in o.lines.iter().zip(tried).enumerate() {
            self.lines += 1;
            if t.now.is_none() || t.then.is_none() {
                self.without_price += 1;
                continue;
            }
            let (b, a, cost) = (before[n].scaled(), after[n].scaled(), f.figures[n].1.scaled());
            self.changed += i64::from(a != b);
            if cost > 0 {
                self.below_cost_now += i64::from(b < cost);
                if a < cost {
                    self.below_cost += 1;
                    self.lose(Below {
                        loss: cost - a,
                        order: f.id,
                        number: f.number.clone(),
                        product: l.product,
                        client: o.partner,
                        manager: f.manager,
                        currency: o.currency,
                        before: b,
                        after: a,
                        cost,
                    });
                }
            }
            self.all.entry(o.currency).or_default().add(b, a, cost);
            for (of, id) in self.by.iter_mut().zip([o.partner, l.product, f.manager]) {
                of.entry((id, o.currency)).or_default().add(b, a, cost);
            }
        }
        Ok(())
    }

    fn lose(&mut self, line: Below) {
        self.below.push(line);
        if self.below.len() >= 20 * TOP {
            self.worst();
        }
    }

    fn worst(&mut self) {
        self.below.sort_by_key(|b| (-b.loss, b.order, b.product));
        self.below.truncate(TOP);
    }

    pub fn result(&mut self, cx: &mut Cx, input: &Json, books: &Books) -> Result<Json> {
        self.worst();
        let more = parsed::<Percent>(&input["more_percent"]).unwrap_or(Percent::from_scaled(5 * Percent::UNIT));
        let currencies: Vec<Json> = self
            .all
            .iter()
            .map(|(currency, s)| {
                let mut row = s.json();
                row["currency"] = json!(currency.code());
                row
            })
            .collect();
        let dearer: Vec<Of> = self.by[0]
            .iter()
            .filter(|(_, s)| {
                s.before > 0
                    && i128::from(s.after - s.before) * i128::from(Percent::HUNDRED.scaled())
                        > i128::from(s.before) * i128::from(more.scaled())
            })
            .collect();
        let mut out = json!({
            "orders": self.orders, "lines": self.lines, "changed_lines": self.changed, "never_wins": self.changed == 0 && self.lines > 0,
            "lines_without_price": self.without_price, "below_cost": self.below_cost, "below_cost_before": self.below_cost_now,
            "more_percent": more.to_string(), "clients_paying_more": dearer.len(), "totals": currencies,
        });
        let mut losing = json!({});
        for ((name, table), by) in BY.into_iter().zip(&self.by) {
            let changed = by.iter().filter(|(_, s)| s.after != s.before).collect();
            out[name] = top(cx, table, changed, |s| (s.after - s.before).abs())?;
            losing[name] = top(cx, table, by.iter().filter(|(_, s)| s.below > 0).collect(), |s| s.loss)?;
        }
        out["below_cost_by"] = losing;
        out["below_cost_lines"] = self.lines_below(cx)?;
        let (idle, count) = books.idle(cx, TOP)?;
        out["idle_rules"] = idle.into_iter().map(|(id, name)| json!({"id": id, "title": name})).collect();
        out["idle_rules_count"] = json!(count);
        out["dearer_clients"] = top(cx, "partners", dearer, |s| s.after - s.before)?;
        Ok(out)
    }

    fn lines_below(&self, cx: &mut Cx) -> Result<Json> {
        let mut of = |table: &str, id: fn(&Below) -> Id| names(cx, table, &self.below.iter().map(id).collect::<Vec<Id>>());
        let (products, clients, managers) = (of("products", |b| b.product)?, of("partners", |b| b.client)?, of("users", |b| b.manager)?);
        let named = |id: Id, names: &HashMap<Id, String>| json!({"id": id, "title": names.get(&id)});
        let row = |b: &Below| {
            json!({
                "order": {"id": b.order, "title": b.number}, "product": named(b.product, &products), "client": named(b.client, &clients),
                "manager": named(b.manager, &managers), "currency": b.currency.code(), "before": amount(b.before), "after": amount(b.after),
                "cost": amount(b.cost), "loss": amount(b.loss),
            })
        };
        Ok(self.below.iter().map(row).collect())
    }
}

fn amount(n: i64) -> String {
    Amount::from_scaled(n).to_string()
}

type Of<'a> = (&'a (Id, Currency), &'a Sums);

fn names(cx: &mut Cx, table: &str, ids: &[Id]) -> Result<HashMap<Id, String>> {
    let mut names = HashMap::new();
    for chunk in parts(ids) {
        let some: Vec<Value> = padded(chunk);
        for r in cx.conn.query(&format!("SELECT id, name FROM {table} WHERE id IN ({})", marks(some.len())), &some)? {
            names.insert(r.id(0)?, r.text(1)?.to_string());
        }
    }
    Ok(names)
}

/// Those with the largest figure, by name.
fn top(cx: &mut Cx, table: &str, mut of: Vec<Of>, figure: fn(&Sums) -> i64) -> Result<Json> {
    of.sort_by_key(|((id, currency), s)| (-figure(s), *id, *currency));
    of.truncate(TOP);
    let names = names(cx, table, &of.iter().map(|((id, _), _)| *id).collect::<Vec<Id>>())?;
    let row = |((id, currency), s): &Of| {
        let mut row = s.json();
        (row["id"], row["title"], row["currency"]) = (json!(id), json!(names.get(id)), json!(currency.code()));
        row
    };
    Ok(of.iter().map(row).collect())
}
