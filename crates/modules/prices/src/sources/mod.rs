//! Figures that price types compute from: what was paid, what suppliers and competitors ask, what is in stock. Read only for
//! types that use them, for all products of a document at once.

mod query;
mod supplier;

pub(crate) use query::answer;
pub use query::{PriceQuery, SOURCES, Source, TAKES};

use crate::types::{Needs, Types};
use chrono::NaiveDate;
use kontor_catalog::ProductFacts;
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_kernel::{Currency, Price, Ratio, VatMode};
use kontor_platform::cx::Cx;
use kontor_platform::kept::{self, Kept};
use kontor_platform::value::Id;
use kontor_pricing::{Cost, Facts};
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use std::sync::Arc;

pub type Products = HashMap<Id, Arc<ProductFacts>>;

/// For whom and when the figures are read. Without a company, of all of them.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    pub company: Option<Id>,
    pub date: NaiveDate,
    /// Rates to convert by.
    pub rate_type: Option<Id>,
}

/// Puts what the types need into the facts; answers the currencies that the figures are in.
pub fn feed(cx: &mut Cx, facts: &mut Facts, types: &Types, needs: &Needs, asker: Asker, products: &Products) -> Result<BTreeSet<Currency>> {
    let mut currencies = BTreeSet::new();
    if !needs.any() {
        return Ok(currencies);
    }
    let mut ids: Vec<Id> = products.keys().copied().collect();
    ids.sort_unstable();
    let companies = companies(cx, asker.company)?;
    if needs.receipt {
        for (product, cost) in last_receipts(cx, &companies, &ids, asker.date)? {
            currencies.insert(cost.currency);
            facts.set_receipt(product, cost);
        }
    }
    if needs.supply || needs.coefficient {
        for s in supplier::of(cx, asker.date, products)? {
            currencies.extend([s.terms.currency].into_iter().chain(s.terms.rate.map(|r| r.0)));
            facts.set_value(s.product, "coefficient", s.coefficient);
            facts.set_supply(s.product, s.terms);
        }
    }
    if needs.cost {
        for (product, cost) in costs(cx, &companies, asker, products)? {
            currencies.insert(cost.currency);
            facts.set_cost(product, cost);
        }
    }
    if needs.stock {
        let mut sums: HashMap<Id, i128> = ids.iter().map(|id| (*id, 0)).collect();
        for (company, _) in &companies {
            for (product, q) in kontor_stock::on_hand(cx, *company, &ids)? {
                *sums.entry(product).or_default() += i128::from(q.scaled());
            }
        }
        for (product, sum) in sums {
            // What cannot be told is absent, and the formula says so.
            if let Ok(n) = Decimal::try_from_i128_with_scale(sum, kontor_kernel::Quantity::SCALE) {
                facts.set_value(product, "stock", n);
            }
        }
    }
    for id in &needs.queries {
        if let Some(t) = types.get(*id) {
            query::answer(cx, facts, t, asker, &companies, products)?;
        }
    }
    Ok(currencies)
}

/// One's own companies, and the currency that their costs are kept in.
pub(crate) fn companies(cx: &mut Cx, only: Option<Id>) -> Result<Vec<(Id, Currency)>> {
    if let Some(id) = only {
        return Ok(vec![(id, kontor_office::company(cx, id)?.currency)]);
    }
    let rows = cx.conn.query("SELECT id FROM companies WHERE archived = ? ORDER BY id LIMIT 100", &[false.into()])?;
    let ids: Vec<Id> = rows.iter().map(|r| r.id(0)).collect::<Result<_>>()?;
    ids.into_iter().map(|id| Ok((id, kontor_office::company(cx, id)?.currency))).collect()
}

/// Of several companies the receipt of the latest day.
fn last_receipts(cx: &mut Cx, companies: &[(Id, Currency)], ids: &[Id], date: NaiveDate) -> Result<HashMap<Id, Cost>> {
    let mut latest: HashMap<Id, (NaiveDate, Cost)> = HashMap::new();
    for (company, currency) in companies {
        for (product, r) in kontor_stock::last_receipts(cx, *company, ids, date)? {
            if latest.get(&product).is_none_or(|(day, _)| *day < r.date) {
                latest.insert(product, (r.date, Cost { price: r.cost, currency: *currency }));
            }
        }
    }
    Ok(latest.into_iter().map(|(product, (_, cost))| (product, cost)).collect())
}

/// What categories say of their products' cost and rates.
pub struct Categories {
    by_id: HashMap<Id, (Option<CostMethod>, Option<Id>)>,
}

/// Most categories kept in memory.
const KEPT: usize = 20_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CostMethod {
    Average,
    LastReceipt,
    Supply,
}

impl Kept for Categories {
    const BY: &'static str = kept::SETTINGS;
    fn load(cx: &mut Cx) -> Result<Self> {
        let sql = "SELECT id, cost_method, rate_type_id FROM product_categories WHERE (cost_method IS NOT NULL OR rate_type_id IS NOT NULL) AND archived = ?";
        let mut by_id = HashMap::new();
        for r in cx.conn.query(sql, &[false.into()])? {
            let method = r.opt_text(1)?.map(|m| match m {
                "last_receipt" => CostMethod::LastReceipt,
                "supply" => CostMethod::Supply,
                _ => CostMethod::Average,
            });
            by_id.insert(r.id(0)?, (method, r.opt_id(2)?));
        }
        Ok(Categories { by_id })
    }
    fn stays(&self) -> bool {
        self.by_id.len() <= KEPT
    }
}

impl Categories {
    /// As they are now; most categories say nothing.
    pub fn current(cx: &mut Cx) -> Result<Arc<Categories>> {
        cx.kept()
    }
    /// No category says anything.
    pub fn silent(&self) -> bool {
        self.by_id.is_empty()
    }
    /// Rates for a product of these categories, nearest first.
    pub fn rate_type(&self, path: &[Id]) -> Option<Id> {
        path.iter().find_map(|c| self.by_id.get(c)?.1)
    }
    fn cost_method(&self, path: &[Id]) -> CostMethod {
        path.iter().find_map(|c| self.by_id.get(c)?.0).unwrap_or(CostMethod::Average)
    }
}

/// Standard cost of one unit, net, in the company's currency: as the product's category says, the average of all receipts by
/// default. Products whose cost is not known are not in the answer.
pub fn standard_costs(cx: &mut Cx, company: Id, products: &[Id], date: NaiveDate) -> Result<HashMap<Id, Price>> {
    let facts = kontor_catalog::product_facts(cx, products)?;
    let companies = companies(cx, Some(company))?;
    let asker = Asker { company: Some(company), date, rate_type: kontor_office::company(cx, company)?.rate_type_id };
    let mut out = HashMap::new();
    for (product, cost) in costs(cx, &companies, asker, &facts)? {
        let into = companies[0].1;
        if let Some(r) = ratio(cx, asker.rate_type, cost.currency, into, date)? {
            out.insert(product, cost.price.times_ratio(r)?);
        }
    }
    Ok(out)
}

/// Asks for the averages that `standard_costs` will ask; see `Conn::ahead`.
pub fn standard_costs_ahead(cx: &mut Cx, company: Id, products: &Products) -> Result<()> {
    let average = by_method(cx, products)?.0;
    kontor_stock::average_costs_ahead(cx, company, &average)
}

/// What products cost and what was paid for them last, both net, by every company together.
pub fn paid(cx: &mut Cx, date: NaiveDate, products: &Products) -> Result<HashMap<Id, Paid>> {
    let companies = companies(cx, None)?;
    let asker = Asker { company: None, date, rate_type: crate::rate_at::rate_types(cx)?.default };
    let mut out: HashMap<Id, Paid> = HashMap::new();
    for (product, cost) in costs(cx, &companies, asker, products)? {
        out.entry(product).or_default().cost = Some(cost);
    }
    let ids: Vec<Id> = products.keys().copied().collect();
    for (product, cost) in last_receipts(cx, &companies, &ids, date)? {
        out.entry(product).or_default().receipt = Some(cost);
    }
    Ok(out)
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Paid {
    pub cost: Option<Cost>,
    pub receipt: Option<Cost>,
}

/// Products by how their categories have costs worked out: by average, by last receipt, by terms of supply.
fn by_method(cx: &mut Cx, products: &Products) -> Result<(Vec<Id>, Vec<Id>, Products)> {
    let categories = Categories::current(cx)?;
    let (mut average, mut last, mut supply) = (vec![], vec![], Products::new());
    let mut ids: Vec<&Arc<ProductFacts>> = products.values().collect();
    ids.sort_unstable_by_key(|p| p.id);
    for p in ids {
        match categories.cost_method(&p.category_path) {
            CostMethod::Average => average.push(p.id),
            CostMethod::LastReceipt => last.push(p.id),
            CostMethod::Supply => drop(supply.insert(p.id, p.clone())),
        }
    }
    Ok((average, last, supply))
}

fn costs(cx: &mut Cx, companies: &[(Id, Currency)], asker: Asker, products: &Products) -> Result<HashMap<Id, Cost>> {
    let (average, last, supply) = by_method(cx, products)?;
    let mut out = HashMap::new();
    for (company, currency) in companies {
        for (product, price) in kontor_stock::average_costs(cx, *company, &average)? {
            out.entry(product).or_insert(Cost { price, currency: *currency });
        }
    }
    if !last.is_empty() {
        out.extend(last_receipts(cx, companies, &last, asker.date)?);
    }
    if !supply.is_empty() {
        for s in supplier::of(cx, asker.date, &supply)? {
            let Some(price) = s.terms.lots.iter().min_by_key(|l| l.from).map(|l| l.price) else { continue };
            let cost = match s.terms.rate {
                // By the supplier's own rate, where he has one.
                Some((into, rate)) => Cost { price: price.times_ratio(rate.quote().to_base()?)?, currency: into },
                None => Cost { price, currency: s.terms.currency },
            };
            out.insert(s.product, cost);
        }
    }
    Ok(out)
}

/// How many `to` one `from` is; `None` where a rate is missing. By the default rates where none are named.
pub fn ratio(cx: &mut Cx, rate_type: Option<Id>, from: Currency, to: Currency, date: NaiveDate) -> Result<Option<Ratio>> {
    if from == to {
        return Ok(Some(Ratio::ONE));
    }
    let rate_type = match rate_type {
        Some(id) => Some(id),
        None => crate::rate_at::rate_types(cx)?.default,
    };
    let Some(id) = rate_type else { return Ok(None) };
    match crate::rate_at::exchange(cx.conn, id, from, to, date) {
        Ok(e) => Ok(Some(e.ratio)),
        Err(e) if e.kind() == kontor_kernel::Kind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

/// A price in another VAT basis; an exempt one counts as net.
fn basis(price: Price, from: VatMode, to: VatMode, p: &ProductFacts) -> Result<Price> {
    let (hundred, gross) = (100 * kontor_kernel::Percent::UNIT, 100 * kontor_kernel::Percent::UNIT + p.vat_percent.scaled());
    let (hundred, gross) = (i128::from(hundred), i128::from(gross));
    Ok(match (from == VatMode::Included, to == VatMode::Included) {
        (true, false) => price.times_ratio(Ratio::new(hundred, gross)?)?,
        (false, true) => price.times_ratio(Ratio::new(gross, hundred)?)?,
        _ => price,
    })
}
