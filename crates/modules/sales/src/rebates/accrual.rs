//! What is accrued in a period. Of a sale each recipient gets one rebate, by the most particular condition: for whom (partner,
//! dealer type, segment), then for what (product, price group, nearest category, segment, everything), then of the own company,
//! then the smaller priority number. Conditions that differ only in `from_amount` are steps of one scale: the highest that the sales
//! of the period reach counts for all of them.

use chrono::NaiveDate;
use kontor_catalog::product_facts;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Currency, Percent, mul_div};
use kontor_office::document::int_type;
use kontor_platform::cx::Cx;
use kontor_platform::store::{Row, marks, padded, parts};
use kontor_platform::value::{Id, Value};
use kontor_prices::segment_members;
use std::collections::{BTreeMap, BTreeSet};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub company: Option<Id>,
    pub partner: Option<Id>,
    pub recipient: Option<Id>,
    /// Conditions on partners `w`, and their parameters.
    pub seen: (String, Vec<Value>),
}

#[derive(Clone, Debug)]
pub struct Accrued {
    pub company: Id,
    pub condition: Id,
    pub name: String,
    pub recipient: Id,
    pub partner: Id,
    pub currency: Currency,
    pub percent: Percent,
    /// Sales net of VAT, returns taken off.
    pub base: Amount,
    /// Sales from which on there is a rebate.
    pub from_amount: Option<Amount>,
    pub amount: Amount,
}

struct Condition {
    id: Id,
    name: String,
    who: Who,
    what: What,
    company: Option<Id>,
    percent: Percent,
    from_amount: Option<Amount>,
    valid: (Option<NaiveDate>, Option<NaiveDate>),
    priority: i64,
    recipient: Option<Id>,
}

#[derive(Clone, Copy, PartialEq)]
enum Who {
    Partner(Id),
    DealerType(Id),
    Segment(Id),
}

#[derive(Clone, Copy, PartialEq)]
enum What {
    Product(Id),
    Group(Id),
    Category(Id),
    Segment(Id),
    Any,
}

const CONDITIONS: &str = "SELECT id, name, partner_id, dealer_type_id, segment_id, product_id, price_group_id, category_id, product_segment_id, \
    company_id, percent, from_amount, valid_from, valid_to, priority, recipient_id FROM price_conditions \
    WHERE kind = 'rebate' AND active = ? AND archived = ? AND (valid_from IS NULL OR valid_from <= ?) AND (valid_to IS NULL OR valid_to >= ?) \
    ORDER BY id LIMIT 2000";

fn condition(r: &Row) -> Result<Option<Condition>> {
    let who = match (r.opt_id(2)?, r.opt_id(3)?, r.opt_id(4)?) {
        (Some(id), ..) => Who::Partner(id),
        (_, Some(id), _) => Who::DealerType(id),
        (_, _, Some(id)) => Who::Segment(id),
        _ => return Ok(None),
    };
    let what = match (r.opt_id(5)?, r.opt_id(6)?, r.opt_id(7)?, r.opt_id(8)?) {
        (Some(id), ..) => What::Product(id),
        (_, Some(id), ..) => What::Group(id),
        (_, _, Some(id), _) => What::Category(id),
        (.., Some(id)) => What::Segment(id),
        _ => What::Any,
    };
    Ok(Some(Condition {
        id: r.id(0)?,
        name: r.text(1)?.to_string(),
        who,
        what,
        company: r.opt_id(9)?,
        percent: Percent::from_scaled(r.opt_int(10)?.unwrap_or(0)),
        from_amount: r.opt_int(11)?.map(Amount::from_scaled),
        valid: (r.opt_date(12)?, r.opt_date(13)?),
        priority: r.int(14)?,
        recipient: r.opt_id(15)?,
    }))
}

impl Condition {
    /// Steps of one scale.
    fn same_scale(&self, o: &Condition) -> bool {
        (self.who, self.what, self.company, self.valid, self.priority, self.recipient)
            == (o.who, o.what, o.company, o.valid, o.priority, o.recipient)
    }
    fn holds(&self, from: NaiveDate, to: NaiveDate) -> bool {
        self.valid.0.is_none_or(|d| d <= from) && self.valid.1.is_none_or(|d| d >= to)
    }
}

/// Days of the period on which what holds may change: each stretch between them has the same conditions.
fn stretches(all: &[Condition], from: NaiveDate, to: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
    let mut starts: BTreeSet<NaiveDate> = [from].into();
    for c in all {
        starts.extend(c.valid.0.filter(|d| *d > from && *d <= to));
        starts.extend(c.valid.1.and_then(|d| d.succ_opt()).filter(|d| *d > from && *d <= to));
    }
    let starts: Vec<NaiveDate> = starts.into_iter().collect();
    let end = |n: usize| starts.get(n + 1).and_then(|d| d.pred_opt()).unwrap_or(to);
    starts.iter().enumerate().map(|(n, d)| (*d, end(n))).collect()
}

/// Sales of one partner and product in a stretch.
struct Sold {
    company: Id,
    currency: String,
    partner: Id,
    product: Id,
    revenue: i64,
}

fn sold(cx: &mut Cx, asked: &Asked, from: NaiveDate, to: NaiveDate) -> Result<Vec<Sold>> {
    let mut wheres = vec!["m.period >= ?".to_string(), "m.period <= ?".to_string()];
    let mut params: Vec<Value> = vec![from.into(), to.into()];
    for (column, id) in [("m.company_id", asked.company), ("m.partner_id", asked.partner)] {
        if let Some(id) = id {
            wheres.push(format!("{column} = ?"));
            params.push(id.into());
        }
    }
    if !asked.seen.0.is_empty() {
        wheres.push(asked.seen.0.clone());
        params.extend(asked.seen.1.iter().cloned());
    }
    let int = int_type(cx.conn);
    let sql = format!(
        "SELECT m.company_id, m.currency, m.partner_id, m.product_id, CAST(SUM(m.revenue) AS {int}) FROM reg_sales_movements m \
         JOIN partners w ON w.id = m.partner_id WHERE {} GROUP BY m.company_id, m.currency, m.partner_id, m.product_id HAVING SUM(m.revenue) <> 0",
        wheres.join(" AND ")
    );
    let one = |r: &Row| {
        Ok(Sold { company: r.id(0)?, currency: r.text(1)?.to_string(), partner: r.id(2)?, product: r.id(3)?, revenue: r.int(4)? })
    };
    cx.conn.query(&sql, &params)?.iter().map(one).collect()
}

/// What partners and products belong to, as far as the conditions look at it.
struct Known {
    dealer: HashMap<Id, Id>,
    partner_segments: HashMap<Id, Vec<Id>>,
    groups: HashMap<Id, Id>,
    categories: HashMap<Id, Vec<Id>>,
    product_segments: HashMap<Id, Vec<Id>>,
}

fn known(cx: &mut Cx, all: &[Condition], sales: &[Sold]) -> Result<Known> {
    let set = |of: fn(&Sold) -> Id| -> Vec<Id> { sales.iter().map(of).collect::<BTreeSet<_>>().into_iter().collect() };
    let (partners, products) = (set(|s| s.partner), set(|s| s.product));
    let mut dealer = HashMap::new();
    for chunk in parts(&partners) {
        let ids = padded(chunk);
        let sql = format!("SELECT id, dealer_type_id FROM partners WHERE dealer_type_id IS NOT NULL AND id IN ({})", marks(ids.len()));
        for r in cx.conn.query(&sql, &ids)? {
            dealer.insert(r.id(0)?, r.id(1)?);
        }
    }
    let of_partners: Vec<Id> = all.iter().filter_map(|c| if let Who::Segment(id) = c.who { Some(id) } else { None }).collect();
    let of_products: Vec<Id> = all.iter().filter_map(|c| if let What::Segment(id) = c.what { Some(id) } else { None }).collect();
    let facts = product_facts(cx, &products)?;
    Ok(Known {
        dealer,
        partner_segments: segment_members(cx, "partners", &of_partners, &partners)?,
        groups: facts.values().filter_map(|p| Some((p.id, p.price_group_id?))).collect(),
        categories: facts.values().map(|p| (p.id, p.category_path.clone())).collect(),
        product_segments: segment_members(cx, "products", &of_products, &products)?,
    })
}

/// The smaller, the more particular; `None` where the condition does not hold for the sale.
type Rank = (u8, usize, u8, i64, Id);

fn rank(c: &Condition, s: &Sold, k: &Known) -> Option<Rank> {
    let has = |of: &HashMap<Id, Vec<Id>>, key: Id, id: Id| of.get(&key).is_some_and(|all| all.contains(&id));
    let who = match c.who {
        Who::Partner(id) => (id == s.partner).then_some(0),
        Who::DealerType(id) => (k.dealer.get(&s.partner) == Some(&id)).then_some(1),
        Who::Segment(id) => has(&k.partner_segments, s.partner, id).then_some(2),
    }?;
    let what = match c.what {
        What::Product(id) => (id == s.product).then_some(0),
        What::Group(id) => (k.groups.get(&s.product) == Some(&id)).then_some(1),
        What::Category(id) => k.categories.get(&s.product).and_then(|path| path.iter().position(|c| *c == id)).map(|n| 2 + n),
        What::Segment(id) => has(&k.product_segments, s.product, id).then_some(1_000),
        What::Any => Some(1_001),
    }?;
    if c.company.is_some_and(|id| id != s.company) {
        return None;
    }
    Some((who, what, u8::from(c.company.is_none()), c.priority, c.id))
}

/// Everything that is accrued in the period, by company, condition, recipient, partner and currency.
pub fn accrued(cx: &mut Cx, asked: &Asked) -> Result<Vec<Accrued>> {
    let params = [true.into(), false.into(), asked.to.into(), asked.from.into()];
    let rows = cx.conn.query(CONDITIONS, &params)?;
    let all: Vec<Condition> = rows.iter().map(condition).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
    if all.is_empty() {
        return Ok(vec![]);
    }
    // Every scale goes by its first condition.
    let scale: Vec<usize> = (0..all.len()).map(|n| (0..n).find(|m| all[*m].same_scale(&all[n])).unwrap_or(n)).collect();
    let mut sums: BTreeMap<(Id, usize, Id, Id, String), i64> = BTreeMap::new();
    for (from, to) in stretches(&all, asked.from, asked.to) {
        let sales = sold(cx, asked, from, to)?;
        let k = known(cx, &all, &sales)?;
        let holding: Vec<usize> = (0..all.len()).filter(|n| scale[*n] == *n && all[*n].holds(from, to)).collect();
        for s in &sales {
            let mut best: BTreeMap<Id, (Rank, usize)> = BTreeMap::new();
            for n in &holding {
                let Some(rank) = rank(&all[*n], s, &k) else { continue };
                let recipient = all[*n].recipient.unwrap_or(s.partner);
                if best.get(&recipient).is_none_or(|(b, _)| rank < *b) {
                    best.insert(recipient, (rank, *n));
                }
            }
            for (recipient, (_, n)) in best.into_iter().filter(|(r, _)| asked.recipient.is_none_or(|a| a == *r)) {
                let sum = sums.entry((s.company, n, recipient, s.partner, s.currency.clone())).or_default();
                *sum = sum.checked_add(s.revenue).ok_or_else(|| Error::refused("number_overflow"))?;
            }
        }
    }
    let one = |((company, n, recipient, partner, code), base): ((Id, usize, Id, Id, String), i64)| {
        let currency = Currency::parse(&code).map_err(|_| Error::internal(format!("{code} is no currency")))?;
        let base = Amount::from_scaled(base);
        let steps = || (0..all.len()).filter(|m| scale[*m] == n).map(|m| &all[m]);
        let from = |c: &&Condition| c.from_amount.unwrap_or(Amount::ZERO);
        let step = steps().filter(|c| from(c) <= base).max_by_key(from);
        // Nobody pays a rebate back because more was returned than sold.
        let reached = base.is_positive() && step.is_some();
        let c = step.or_else(|| steps().min_by_key(from)).unwrap_or(&all[n]);
        let amount = if reached {
            let exact = mul_div(base.scaled(), c.percent.scaled(), Percent::HUNDRED.scaled());
            Amount::from_scaled(exact.ok_or_else(|| Error::refused("number_overflow"))?).round_to(currency.minor())?
        } else {
            Amount::ZERO
        };
        let (condition, name, percent, from_amount) = (c.id, c.name.clone(), c.percent, c.from_amount);
        Ok(Accrued { company, condition, name, recipient, partner, currency, percent, base, from_amount, amount })
    };
    sums.into_iter().map(one).collect()
}

/// Company, condition, recipient, partner, currency.
pub type Key = (Id, Id, Id, Id, String);

/// What posted documents of the period have settled already.
pub fn settled(cx: &mut Cx, asked: &Asked) -> Result<HashMap<Key, Amount>> {
    let int = int_type(cx.conn);
    let sql = format!(
        "SELECT d.company_id, l.condition_id, d.partner_id, l.client_id, d.currency, CAST(SUM(l.amount) AS {int}) FROM rebates d \
         JOIN rebate_lines l ON l.parent_id = d.id WHERE d.state = 'posted' AND d.period_from >= ? AND d.period_to <= ? \
         GROUP BY d.company_id, l.condition_id, d.partner_id, l.client_id, d.currency"
    );
    let rows = cx.conn.query(&sql, &[asked.from.into(), asked.to.into()])?;
    rows.iter().map(|r| Ok(((r.id(0)?, r.id(1)?, r.id(2)?, r.id(3)?, r.text(4)?.to_string()), Amount::from_scaled(r.int(5)?)))).collect()
}
