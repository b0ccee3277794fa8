//! What is ordered, planned before anything is written: who buys when and what, so that goods can arrive in time.

use crate::clients::{Client, Clients};
use crate::random::Random;
use crate::run::{plus, workdays};
use crate::words::{Firm, Good, LINES};
use chrono::{Datelike, NaiveDate};
use kontor_kernel::HashMap;
use std::collections::BTreeMap;

/// What becomes of an order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fate {
    Shipped,
    /// In two parts.
    Parts,
    Cancelled,
    Draft,
    /// Confirmed, and the goods should have gone by now.
    Waiting,
    /// Of the second company: works, no goods.
    Service,
}

#[derive(Clone, Debug)]
pub struct Order {
    pub client: usize,
    pub day: NaiveDate,
    /// Good and quantity in whole units.
    pub lines: Vec<(usize, i64)>,
    pub warehouse: usize,
    pub fate: Fate,
    /// It ends a deal that began so many days before.
    pub deal_days: Option<i64>,
}

impl Order {
    /// Rough value in kopecks, without VAT.
    pub fn value(&self, goods: &[Good]) -> i64 {
        self.lines.iter().map(|(g, q)| goods[*g].cost * q * 125 / 100).sum()
    }
}

/// Orders of a year by size of the client.
const PER_YEAR: [i64; 5] = [23, 11, 6, 4, 2];
/// What a line is worth in hryvnias, by size.
const LINE_VALUE: [(i64, i64); 5] = [(2_500, 26_000), (1_500, 12_000), (700, 5_000), (300, 2_400), (150, 1_100)];
/// Electrical goods sell in autumn, not in January.
const SEASON: [u64; 12] = [62, 76, 98, 108, 112, 104, 92, 108, 130, 138, 128, 112];

pub fn orders(seed: u64, start: NaiveDate, today: NaiveDate, clients: &Clients, firms: &[Firm], goods: &[Good]) -> Vec<Order> {
    let mut random = Random::new(seed, "orders");
    let days: Vec<NaiveDate> = (0..=(today - start).num_days()).map(|n| plus(start, n)).filter(|d| crate::run::is_workday(*d)).collect();
    let span = days.len().max(1) as u64;
    // The firm grows by a fifth in the year, and the last weeks went well.
    let weight = |(n, d): (usize, &NaiveDate)| {
        SEASON[d.month0() as usize] * (100 + 20 * n as u64 / span) * if *d > plus(today, -26) { 145 } else { 100 }
    };
    let weights: Vec<u64> = days.iter().enumerate().map(weight).collect();
    let mut out = vec![];
    for (n, c) in clients.clients.iter().enumerate() {
        let rate = PER_YEAR[c.size.clamp(1, 5) - 1];
        let wanted = (rate * span as i64 + 200) / 260 + random.between(-1, 1).min(rate / 4);
        let (from, to) = match random.weighted(&[84, 8, 8]) {
            // Some stopped buying, some began lately.
            1 if c.size > 1 => (0, days.len() * 7 / 10),
            2 if c.size > 1 => (days.len() * 6 / 10, days.len()),
            _ => (0, days.len()),
        };
        for _ in 0..wanted.max(1) {
            let day = days[from + random.weighted(&weights[from..to.max(from + 1)])];
            out.push(order(n, c, day, firms, goods, &mut random));
        }
    }
    out.sort_by_key(|o| o.day);
    fates(&mut out, today, goods, &mut random);
    out.extend(services(&days, clients, goods, &mut random));
    out.sort_by_key(|o| o.day);
    out
}

fn order(n: usize, c: &Client, day: NaiveDate, firms: &[Firm], goods: &[Good], random: &mut Random) -> Order {
    let taste: HashMap<&str, u64> =
        LINES.iter().find(|l| l.0 == firms[c.firm].line).map(|l| l.2.iter().copied().collect()).unwrap_or_default();
    let mut weights: Vec<u64> =
        goods.iter().map(|g| if g.service { 0 } else { g.weight * taste.get(g.category).copied().unwrap_or(100) }).collect();
    let most = [14, 11, 8, 6, 4][c.size.clamp(1, 5) - 1];
    let mut lines = vec![];
    for _ in 0..random.between(2, most) {
        let g = random.weighted(&weights);
        weights[g] = 0;
        lines.push((g, quantity(&goods[g], c.size, random)));
    }
    Order { client: n, day, lines, warehouse: c.warehouse, fate: Fate::Shipped, deal_days: None }
}

fn quantity(g: &Good, size: usize, random: &mut Random) -> i64 {
    let (from, to) = LINE_VALUE[size.clamp(1, 5) - 1];
    let exact = random.between(from, to) * 100 / (g.cost * 13 / 10).max(1);
    let step = match (g.unit, exact) {
        ("m", 200..) => 100,
        ("m", _) => 10,
        (_, 240..) => 48,
        (_, 60..) => 12,
        (_, 20..) => 5,
        _ => 1,
    };
    // Nobody empties the warehouse of terminals for one hand-made board.
    ((exact / step) * step).clamp(step.max(1), if g.unit == "m" { 2_000 } else { 480 })
}

fn fates(orders: &mut [Order], today: NaiveDate, goods: &[Good], random: &mut Random) {
    for o in orders {
        let fresh = o.day >= workdays(today, -1);
        o.fate = match random.weighted(&[84, 13, 3]) {
            _ if fresh && random.chance(45) => Fate::Draft,
            1 if o.lines.len() > 1 => Fate::Parts,
            2 => Fate::Cancelled,
            _ => Fate::Shipped,
        };
        if o.day >= workdays(today, -10) && o.fate == Fate::Shipped && random.chance(26) {
            o.fate = Fate::Waiting;
        }
        let large = o.value(goods) > 2_500_000;
        if !matches!(o.fate, Fate::Draft | Fate::Cancelled | Fate::Waiting) && large && random.chance(38) {
            o.deal_days = Some(random.between(9, 58));
        }
    }
}

/// Boards put together and schemes drawn by the second company.
fn services(days: &[NaiveDate], clients: &Clients, goods: &[Good], random: &mut Random) -> Vec<Order> {
    let works: Vec<usize> = (0..goods.len()).filter(|i| goods[*i].service).collect();
    let mut out = vec![];
    for month in days.chunks(21) {
        for _ in 0..2 {
            let client = random.below(clients.clients.len());
            let lines = vec![(works[random.below(works.len())], random.between(1, 3))];
            out.push(Order { client, day: *random.pick(month), lines, warehouse: 0, fate: Fate::Service, deal_days: None });
        }
    }
    out
}

/// What has to arrive: day, warehouse, supplier -> good and quantity.
pub type Arrivals = BTreeMap<(NaiveDate, usize, &'static str), Vec<(usize, i64)>>;

/// Goods arrive twice a month, a little more than is going to be ordered until the next time.
pub fn arrivals(orders: &[Order], goods: &[Good], start: NaiveDate, seed: u64) -> Arrivals {
    let mut random = Random::new(seed, "arrivals");
    let mut need: BTreeMap<(NaiveDate, usize, usize), i64> = BTreeMap::new();
    for o in orders.iter().filter(|o| !matches!(o.fate, Fate::Service)) {
        for (g, q) in &o.lines {
            *need.entry((half_month(o.day, start), o.warehouse, *g)).or_default() += q;
        }
    }
    // The shelves are not empty at the beginning.
    for warehouse in 0..3 {
        for (g, good) in goods.iter().enumerate().filter(|(_, g)| !g.service) {
            let stock = if good.unit == "m" { 300 } else { (6_000 / (good.cost / 100).max(20)).clamp(1, 40) };
            *need.entry((half_month(start, start), warehouse, g)).or_default() += stock;
        }
    }
    let mut out = Arrivals::new();
    // What was left over of earlier arrivals; days come in order.
    let mut left: HashMap<(usize, usize), i64> = HashMap::new();
    for ((day, warehouse, g), q) in need {
        let left = left.entry((warehouse, g)).or_default();
        let more = q * random.between(2, 14) / 100;
        let step = if goods[g].unit == "m" {
            100
        } else if q > 60 {
            12
        } else {
            1
        };
        let arrives = ((q + more - *left).max(0) + step - 1) / step * step;
        *left += arrives - q;
        if arrives > 0 {
            out.entry((day, warehouse, goods[g].supplier)).or_default().push((g, arrives));
        }
    }
    out
}

fn half_month(d: NaiveDate, start: NaiveDate) -> NaiveDate {
    let first = d.with_day(if d.day() < 16 { 1 } else { 16 }).unwrap_or(d);
    first.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_months_do_not_reach_before_the_story() {
        let day = |s: &str| s.parse::<NaiveDate>().expect("a date");
        assert_eq!(half_month(day("2026-03-17"), day("2026-01-10")), day("2026-03-16"));
        assert_eq!(half_month(day("2026-01-12"), day("2026-01-10")), day("2026-01-10"));
    }
}
