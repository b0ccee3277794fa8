//! How a price is computed, against a reference that reckons with whole fractions and nothing else: markups on types that
//! stand on types, receipts, supply terms with lots and the supplier's own rate, queries, formulas, other methods for a price
//! group, thresholds, rates and cross rates, VAT, surcharges, roundings by range and with whole VAT, discounts in percent and
//! in money.

mod common;

use common::fractions::{Fraction, of, price, scaled, share, to};
use common::{date, id};
use kontor_kernel::{Amount, Currency, Direction, Percent, Price, Quantity, Rate, VatMode};
use kontor_pricing::{From, *};
use num_traits::{One, Signed, Zero};
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct World {
    types: Vec<PriceType>,
    /// Of the type whose prices are written by hand.
    price: Price,
    receipt: (Price, Currency),
    cost: (Price, Currency),
    query: Price,
    stock: i64,
    /// Prices of the lots from 1, 10, 50 and 80 units on.
    lots: [Price; 4],
    supply: Currency,
    /// The supplier's own rate of his currency to the hryvnia, in hundredths.
    own: Option<i64>,
    /// The product belongs to the price group that types may value in another way.
    grouped: bool,
    /// So many thousandths lies the price in force above the one that is computed anew, by type.
    old: Vec<Option<i64>>,
    vat: Percent,
    /// Of USD and EUR, per one, to the hryvnia.
    rates: [Option<(i64, i64, bool)>; 2],
    currency: Currency,
    mode: VatMode,
    asked: usize,
    surcharge: Option<Value>,
    percent: Option<Percent>,
    off: Option<(Price, Currency)>,
    quantity: Quantity,
}

fn currency() -> impl Strategy<Value = Currency> {
    prop::sample::select(vec![Currency::UAH, Currency::USD, Currency::EUR])
}
fn mode() -> impl Strategy<Value = VatMode> {
    prop::sample::select(VatMode::ALL.to_vec())
}
fn tenths(from: i64, to: i64) -> impl Strategy<Value = Percent> {
    (from..to).prop_map(|n| Percent::from_scaled(n * Percent::HUNDRED.scaled() / 1_000))
}
fn cents(to: i64) -> impl Strategy<Value = Price> {
    (1..to).prop_map(|n| Price::from_scaled(n * Price::UNIT / 100))
}
fn rounding() -> impl Strategy<Value = Rounding> {
    let kind = prop::sample::select(vec![RoundingKind::Arithmetic, RoundingKind::Up, RoundingKind::Down]);
    // 0.01, 0.05, 1, 10, with or without an ending just below the step.
    let to = prop::sample::select(vec![10_000i64, 50_000, 1_000_000, 10_000_000]);
    (kind, to, 0u8..3).prop_map(|(kind, to, more)| {
        let ending = (more == 1 && to > 10_000).then(|| Price::from_scaled(to - 10_000));
        Rounding { kind, to: Price::from_scaled(to), ending, whole_vat: more == 2 }
    })
}

const STARTS: [i64; 4] = [1, 10, 50, 80];

/// What a formula says, of a type that it stands on, and the same in fractions.
const FORMULAS: [&str; 5] = [
    "price(\"?\") * 1.25 + 0.5",
    "max(price(\"?\"), receipt)",
    "min(price(\"?\"), supply) + stock * 0.01",
    "if quantity > 50 { price(\"?\") * 0.9 } else { price(\"?\") }",
    "round(price(\"?\") + cost, 1) + rate(\"USD\")",
];

fn method(n: usize) -> impl Strategy<Value = Method> {
    (0u8..12, 0..n.max(1), tenths(-500, 1_000), 0..FORMULAS.len()).prop_map(move |(kind, base, percent, formula)| match (n, kind) {
        (0, _) => Method::Manual,
        (_, 0) => Method::Receipt { percent },
        (_, 1 | 2) => Method::Supply { percent },
        (_, 3) => Method::Query { query: "web".into() },
        (_, 4..=6) => Method::Formula { formula: FORMULAS[formula].replace('?', NAMES[base]) },
        _ => Method::Markup { base: id(NAMES[base]), percent },
    })
}

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

fn worlds() -> impl Strategy<Value = World> {
    let range = || {
        (prop::sample::select(vec![0i64, 10, 1_000]), rounding())
            .prop_map(|(from, rounding)| Range { from: Price::from_scaled(from * Price::UNIT), rounding })
    };
    let one = move |n: usize| {
        let ranges = prop_oneof![2 => Just(vec![]), 1 => prop::collection::vec(range(), 1..4)];
        let groups = prop_oneof![2 => Just(vec![]), 1 => method(n).prop_map(|method| vec![GroupMethod { group: id("g"), method }])];
        let rest = (prop::option::weighted(0.6, rounding()), ranges, groups, prop::option::weighted(0.4, tenths(1, 100)));
        (currency(), mode(), method(n), rest).prop_map(move |(currency, vat, method, (rounding, mut ranges, groups, threshold))| {
            // Of two ranges from one price on, neither is the right one.
            ranges.sort_by_key(|r| r.from);
            ranges.dedup_by_key(|r| r.from);
            let groups = if n == 0 { vec![] } else { groups };
            PriceType { rounding, ranges, groups, threshold, ..PriceType::new(id(NAMES[n]), NAMES[n], currency, vat, method) }
        })
    };
    let types = (one(0), one(1), one(2), one(3)).prop_map(|(a, b, c, d)| vec![a, b, c, d]);
    let rate = || prop::option::weighted(0.9, (1i64..9_999, prop::sample::select(vec![1i64, 10, 100]), any::<bool>()));
    let figures = (cents(10_000_000), (cents(1_000_000), currency()), tenths(0, 300), [rate(), rate()]);
    let lots = [cents(1_000_000), cents(1_000_000), cents(1_000_000), cents(1_000_000)];
    let bought = (lots, currency(), prop::option::of(1i64..9_999), (cents(1_000_000), currency()), cents(1_000_000), 0i64..1_000);
    let old = prop::collection::vec(prop::option::weighted(0.7, -150i64..150), 4);
    let surcharge = prop_oneof![
        tenths(-300, 300).prop_map(Value::Percent),
        (cents(10_000), currency()).prop_map(|(off, currency)| Value::Off { off: Price::from_scaled(-off.scaled()), currency }),
    ];
    let discounts = (prop::option::of(surcharge), prop::option::of(tenths(0, 900)), prop::option::of((cents(100_000), currency())));
    let quantity = (1i64..100_000).prop_map(|q| Quantity::from_scaled(q * Quantity::UNIT / 1_000));
    (types, figures, (bought, any::<bool>(), old), currency(), mode(), 0usize..4, discounts, quantity).prop_map(
        |(types, (price, receipt, vat, rates), (bought, grouped, old), currency, mode, asked, (surcharge, percent, off), quantity)| World {
            types,
            price,
            receipt,
            lots: bought.0,
            supply: bought.1,
            own: bought.2,
            cost: bought.3,
            query: bought.4,
            stock: bought.5,
            grouped,
            old,
            vat,
            rates,
            currency,
            mode,
            asked,
            surcharge,
            percent,
            off,
            quantity,
        },
    )
}

/// A value with its currency and basis, and whether it was reckoned rather than read.
struct Money(Fraction, Currency, VatMode, bool);

impl World {
    fn to_base(&self, c: Currency) -> Option<Fraction> {
        let (rate, per, direct) = match c {
            Currency::UAH => return Some(Fraction::one()),
            Currency::USD => self.rates[0]?,
            _ => self.rates[1]?,
        };
        Some(if direct { of(rate, 100 * per) } else { of(100 * per, rate) })
    }
    fn into(&self, m: Money, to: Currency) -> Option<Money> {
        if m.1 == to {
            return Some(m);
        }
        Some(Money(m.0 * self.to_base(m.1)? / self.to_base(to)?, to, m.2, true))
    }
    fn with_vat(&self, m: Money, to: VatMode) -> Money {
        match (m.2 == VatMode::Included, to == VatMode::Included) {
            _ if self.vat.is_zero() => Money(m.0, m.1, to, m.3),
            (true, false) => Money(m.0 / (of(1, 1) + share(self.vat)), m.1, to, true),
            (false, true) => Money(m.0 * (of(1, 1) + share(self.vat)), m.1, to, true),
            _ => Money(m.0, m.1, to, m.3),
        }
    }
    /// By the type's own rule for a price of this size, in decimals of the currency that it stands in; `None` where it has none.
    fn rounded(&self, m: &Money, t: &PriceType) -> Option<Money> {
        let size = to(&m.0, 6);
        let range = t.ranges.iter().rev().find(|r| price(r.from) <= size).map(|r| &r.rounding);
        let r = range.or(t.rounding.as_ref())?;
        let (mut step, ending) = (price(r.to), r.ending.map_or(Fraction::zero(), price));
        if r.whole_vat && m.2 != VatMode::Exempt && !self.vat.is_zero() {
            // The least price above nothing that is a multiple of the step and whose tax is whole cents.
            let rate = share(self.vat);
            let part = if m.2 == VatMode::Included { &rate / (of(1, 1) + &rate) } else { rate.clone() };
            let whole = |f: Fraction| (f * of(100, 1)).is_integer();
            // The net price must be whole cents as well.
            let fits = |n: &i64| {
                let p = &step * of(*n, 1);
                whole(&p * &part) && whole(p)
            };
            step *= of((1..).find(fits)?, 1);
        }
        let steps = (&m.0 - &ending) / &step;
        let n = match r.kind {
            RoundingKind::Down => steps.floor(),
            RoundingKind::Up => steps.ceil(),
            RoundingKind::Arithmetic => (steps + of(1, 2)).floor(),
        };
        // Never to nothing: the first price there is.
        let n = n.max(of(ending.is_zero().into(), 1));
        let rounded = if m.0.is_zero() { Fraction::zero() } else { n * step + ending };
        Some(Money(rounded, m.1, m.2, true))
    }
    /// As the type's list shows it, for another type.
    fn listed(&self, t: usize, to: &PriceType) -> Option<Money> {
        let value = self.value(t)?;
        let shown = self.rounded(&value, &self.types[t]).unwrap_or(value);
        Some(self.with_vat(self.into(shown, to.currency)?, to.vat))
    }
    /// Without VAT, in a currency.
    fn bought(&self, (price_of, of): (Price, Currency), to: Currency) -> Option<Money> {
        self.into(Money(price(price_of), of, VatMode::Excluded, false), to)
    }
    fn supplied(&self, to: Currency) -> Option<Money> {
        let lot = STARTS.iter().rposition(|from| from * Quantity::UNIT <= self.quantity.scaled()).unwrap_or(0);
        match self.own.filter(|_| self.supply != to && self.supply != Currency::UAH) {
            None => self.bought((self.lots[lot], self.supply), to),
            Some(rate) => {
                let base = price(self.lots[lot]) * of(rate, 100);
                self.into(Money(base, Currency::UAH, VatMode::Excluded, true), to)
            }
        }
    }
    fn formula(&self, source: &str, def: &PriceType) -> Option<Fraction> {
        // Formulas see twelve decimals.
        let seen = |m: Option<Money>| Some(to(&m?.0, 12));
        let base = NAMES.iter().position(|n| source.contains(&format!("\"{n}\"")))?;
        let base_price = || seen(self.listed(base, def));
        let which = FORMULAS.iter().position(|f| f.replace('?', NAMES[base]) == source)?;
        Some(match which {
            0 => base_price()? * of(5, 4) + of(1, 2),
            1 => base_price()?.max(seen(self.bought(self.receipt, def.currency))?),
            2 => base_price()?.min(seen(self.supplied(def.currency))?) + of(self.stock, 100),
            3 if self.quantity.scaled() > 50 * Quantity::UNIT => base_price()? * of(9, 10),
            3 => base_price()?,
            _ => {
                let sum = base_price()? + seen(self.bought(self.cost, def.currency))?;
                let one = self.into(Money(Fraction::one(), Currency::USD, VatMode::Exempt, false), def.currency);
                to(&sum, 1) + seen(one)?
            }
        })
    }
    /// Before it is asked whether it differs enough from the price in force.
    fn computed(&self, t: usize) -> Option<Money> {
        let def = &self.types[t];
        let method = def.groups.first().filter(|_| self.grouped).map_or(&def.method, |g| &g.method);
        let (under, percent) = match method {
            Method::Manual => return Some(Money(price(self.price), def.currency, def.vat, false)),
            Method::Query { .. } => return Some(Money(price(self.query), def.currency, def.vat, false)),
            Method::Formula { formula } => return Some(Money(self.formula(formula, def)?, def.currency, def.vat, true)),
            Method::Markup { base, percent } => (self.listed(NAMES.iter().position(|n| id(n) == *base)?, def)?, percent),
            Method::Receipt { percent } => (self.bought(self.receipt, def.currency)?, percent),
            Method::Supply { percent } => (self.supplied(def.currency)?, percent),
        };
        Some(Money(self.with_vat(under, def.vat).0 * (of(1, 1) + share(*percent)), def.currency, def.vat, true))
    }
    /// The price in force of a type that computes.
    fn in_force(&self, t: usize) -> Option<Price> {
        let above = of(1_000 + self.old[t]?, 1_000);
        Some(Price::from_scaled(scaled(&(self.computed(t).filter(|_| t > 0)?.0 * above), 6)?))
    }
    fn value(&self, t: usize) -> Option<Money> {
        let new = self.computed(t)?;
        let (Some(least), Some(old)) = (self.types[t].threshold.filter(|_| t > 0), self.in_force(t)) else { return Some(new) };
        let old = price(old);
        if old.is_zero() {
            return Some(new);
        }
        let change = to(&((to(&new.0, 6) - &old) / &old).abs(), 6);
        let enough = change >= share(least);
        Some(if enough { new } else { Money(old, new.1, new.2, true) })
    }
    /// A sum of money in the document's currency, as a price is kept.
    fn money(&self, off: Price, currency: Currency) -> Option<Fraction> {
        Some(to(&self.into(Money(price(off), currency, self.mode, false), self.currency)?.0, 6))
    }
    /// List price, net price, amount.
    fn line(&self) -> Option<[Fraction; 3]> {
        let mut m = self.with_vat(self.into(self.value(self.asked)?, self.currency)?, self.mode);
        match &self.surcharge {
            Some(Value::Percent(p)) => {
                m.0 *= of(1, 1) - share(*p);
                m.3 = true;
            }
            Some(Value::Off { off, currency }) => {
                let off = self.money(*off, *currency)?;
                m.0 -= off;
                m.3 = true;
            }
            _ => {}
        }
        if let Some(rounded) = self.rounded(&m, &self.types[self.asked]) {
            m = rounded;
        } else if m.3 {
            let minor = to(&m.0, 2);
            m.0 = if minor.is_zero() { m.0 } else { minor };
        }
        let list = to(&m.0, 6);
        let quantity = of(self.quantity.scaled(), Quantity::UNIT);
        let less = &list * (of(1, 1) - share(self.percent.unwrap_or(Percent::ZERO)));
        let (net, amount) = match self.off {
            None => (to(&less, 6), less * quantity),
            Some((off, currency)) => {
                let off = self.money(off, currency)?;
                let net = to(&(less - off).max(Fraction::zero()), 6);
                (net.clone(), net * quantity)
            }
        };
        Some([to(&list, 6), to(&net, 6), to(&amount, 2)])
    }

    fn engine(&self) -> (Book, Facts, Header, Item) {
        let mut book = Book::new();
        self.types.iter().for_each(|t| book.put_type(t.clone().compile()));
        let mut put = |name: &str, kind: Kind, value: Value| {
            let from = if kind == Kind::Quantity { From::Quantity(Quantity::from_scaled(1)) } else { From::Nothing };
            book.put(&Condition { from, ..Condition::new(id(name), kind, Who::Anyone, What::Any, value) }).unwrap();
        };
        if let Some(v) = self.surcharge {
            put("surcharge", Kind::Surcharge, v);
        }
        if let Some(p) = self.percent {
            put("special", Kind::Special, Value::Percent(p));
        }
        if let Some((off, currency)) = self.off {
            put("quantity", Kind::Quantity, Value::Off { off, currency });
        }
        let mut facts = Facts::new();
        facts.set_price(id("a"), id("x"), self.price, date("2026-01-01"));
        for (t, name) in NAMES.iter().enumerate() {
            if let Some(price) = self.in_force(t) {
                facts.set_price(id(name), id("x"), price, date("2026-01-01"));
            }
        }
        let cost = |(price, currency)| Cost { price, currency };
        facts.set_receipt(id("x"), cost(self.receipt));
        facts.set_cost(id("x"), cost(self.cost));
        facts.set_query(id("x"), "web", self.query);
        facts.set_value(id("x"), "stock", self.stock.into());
        let lot = |(from, price): (&i64, &Price)| Lot { from: Quantity::from_scaled(from * Quantity::UNIT), price: *price, days: 7 };
        let rate = |n: i64| {
            let rate = Rate::from_scaled(n * Rate::UNIT / 100);
            (Currency::UAH, DatedRate { date: date("2026-11-21"), rate, per: 1, direction: Direction::Direct })
        };
        let lots = STARTS.iter().zip(&self.lots).map(lot).collect();
        facts.set_supply(id("x"), SupplyTerms { supplier: id("ACME"), currency: self.supply, rate: self.own.map(rate), lots });
        facts.set_vat_rate(id("x"), self.vat);
        let mut table = RateTable::new(id("rates"), "rates", Currency::UAH);
        for (currency, rate) in [Currency::USD, Currency::EUR].into_iter().zip(self.rates) {
            if let Some((n, per, direct)) = rate {
                let direction = if direct { Direction::Direct } else { Direction::Indirect };
                table.add(currency, DatedRate { date: date("2026-11-20"), rate: Rate::from_scaled(n * Rate::UNIT / 100), per, direction });
            }
        }
        facts.add_rates(table);
        let head = Header { vat: self.mode, price_type: Some(id(NAMES[self.asked])), ..Header::new(date("2026-11-21"), self.currency) };
        let price_group = self.grouped.then(|| id("g"));
        (book, facts, head, Item { quantity: self.quantity, price_group, ..Item::new(id("x")) })
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prc_03_values_rates_vat_and_roundings_agree_with_whole_fractions(w in worlds()) {
        let (book, facts, head, item) = w.engine();
        let line = Pricer::new(&book, &facts, &head).line(&item);
        // What has no room in 64 bits is told, and is another test's.
        let no_room = line.problem.as_ref().is_some_and(|p| p.key == "trace-problem-overflow");
        prop_assume!(!no_room);
        let got = line.price.map(|p| [price(p), price(line.net.unwrap()), of(line.amount.unwrap().scaled(), Amount::UNIT)]);
        // A surcharge may leave less than nothing; nobody rounds that by hand.
        prop_assume!(got.as_ref().is_none_or(|g| !g[0].is_negative()));
        prop_assert_eq!(got, w.line());
    }
}
