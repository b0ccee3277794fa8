//! Arbitrary worlds: rules, facts and questions that clash, overlap and break in every way.

use super::{date, id};
use kontor_kernel::{Amount, Currency, Direction, Percent, Period, Price, Quantity, Rate, VatMode};
use kontor_pricing::{From, *};
use proptest::prelude::*;

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

pub fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(NAMES.to_vec())
}
fn ident() -> impl Strategy<Value = Id> {
    name().prop_map(id)
}
fn currency() -> impl Strategy<Value = Currency> {
    prop_oneof![6 => Just(Currency::UAH), 1 => Just(Currency::USD), 1 => Just(Currency::EUR)]
}
fn vat() -> impl Strategy<Value = VatMode> {
    prop::sample::select(VatMode::ALL.to_vec())
}
fn number() -> impl Strategy<Value = i64> {
    prop_oneof![20 => 1i64..10i64.pow(10), 1 => any::<i64>(), 1 => Just(0)]
}
fn percent(to: i64) -> impl Strategy<Value = Percent> {
    (0..to).prop_map(Percent::from_scaled)
}

fn method() -> impl Strategy<Value = Method> {
    let signed = || (-500_000i64..2_000_000).prop_map(Percent::from_scaled);
    prop_oneof![
        12 => Just(Method::Manual),
        3 => (ident(), signed()).prop_map(|(base, percent)| Method::Markup { base, percent }),
        1 => signed().prop_map(|percent| Method::Receipt { percent }),
        1 => signed().prop_map(|percent| Method::Supply { percent }),
        1 => Just(Method::Query { query: "web".into() }),
        1 => (name(), name()).prop_map(|(a, b)| Method::Formula { formula: format!("max(price(\"{a}\"), price(\"{b}\") / 3) * rate(\"USD\")") }),
        1 => Just(Method::Formula { formula: "cost * quantity / 7 + stock".into() }),
    ]
}

fn rounding() -> impl Strategy<Value = Rounding> {
    let kind = prop::sample::select(vec![RoundingKind::Arithmetic, RoundingKind::Up, RoundingKind::Down]);
    (kind, 1i64..20_000_000, prop::option::of(0i64..2_000_000), any::<bool>()).prop_map(|(kind, to, ending, whole_vat)| Rounding {
        kind,
        to: Price::from_scaled(to),
        ending: ending.map(Price::from_scaled),
        whole_vat,
    })
}

fn price_type(name: &'static str) -> impl Strategy<Value = PriceType> {
    (currency(), vat(), method(), prop::option::weighted(0.3, rounding()), prop::option::weighted(0.1, percent(200_000))).prop_map(
        move |(currency, vat, method, rounding, threshold)| PriceType {
            rounding,
            threshold,
            ..PriceType::new(id(name), name, currency, vat, method)
        },
    )
}

fn who(n: usize, id: Id) -> Who {
    use Who::*;
    [
        Partner(id),
        Agreement(id),
        Contract(id),
        OrderType(id),
        DealKind(id),
        Company(id),
        Region(id),
        DealerType(id),
        Segment(id),
        PaymentForm(id),
        Card(id),
        Anyone,
    ][n % 12]
}
fn what(n: usize, id: Id) -> What {
    [What::Product(id), What::PriceGroup(id), What::Category(id), What::Segment(id), What::Any][n % 5]
}

/// A record that the book accepts.
pub fn condition() -> impl Strategy<Value = Condition> {
    let value = prop_oneof![
        6 => (-100_000i64..300_000).prop_map(|p| Value::Percent(Percent::from_scaled(p))),
        2 => (-10i64.pow(7)..10i64.pow(8), currency()).prop_map(|(p, currency)| Value::Off { off: Price::from_scaled(p), currency }),
    ];
    let valid = days();
    let from = prop_oneof![
        6 => Just(From::Nothing),
        2 => (1i64..200).prop_map(|q| From::Quantity(Quantity::from_scaled(q * Quantity::UNIT))),
        1 => (1i64..100_000).prop_map(|a| From::Amount(Amount::from_scaled(a * Amount::UNIT))),
    ];
    let limit = prop::option::weighted(0.15, 1i64..50).prop_map(|l| l.map(|l| Quantity::from_scaled(l * Quantity::UNIT)));
    let flags = (0i32..4, 0u8..3, prop::bool::weighted(0.1), prop::bool::weighted(0.1));
    let ids = (any::<u64>(), prop::option::weighted(0.1, ident()));
    let base = prop_oneof![
        2 => ident().prop_map(Value::PriceType),
        1 => (1i64..10i64.pow(9), currency(), vat()).prop_map(|(p, currency, vat)| Value::Price { price: Price::from_scaled(p), currency, vat }),
    ];
    (prop::sample::select(Kind::ALL.to_vec()), (0usize..60, ident(), ident()), (base, value), (valid, from, limit), flags, ids).prop_map(
        |(kind, (n, a, b), (base, value), (valid, from, limit), (priority, group, stop, fixed), (id, company))| {
            // The first pair from the n-th on that the kind may be for, a limit only where one may be.
            let pairs = (n..n + 60).map(|n| (who(n, a), what(n, b)));
            let value = if kind.is_base() { base } else { value };
            let make = |(who, what)| Condition {
                company,
                valid,
                from,
                priority,
                group,
                stop,
                fixed,
                ..Condition::new(Id::from_u64_pair(id, 7), kind, who, what, value)
            };
            let c = pairs.map(make).find(|c| c.check().is_ok()).expect("every kind is for somebody");
            let limited = Condition { limit, ..c.clone() };
            if limited.check().is_ok() { limited } else { c }
        },
    )
}

fn days() -> impl Strategy<Value = Period> {
    let day = || prop::option::weighted(0.2, 15u32..28).prop_map(|d| d.map(|d| date(&format!("2026-11-{d}"))));
    (day(), day()).prop_map(|(a, b)| Period::new(a, b).unwrap_or(Period::ALWAYS))
}
fn units(to: i64) -> impl Strategy<Value = Quantity> {
    (1..to).prop_map(|q| Quantity::from_scaled(q * Quantity::UNIT))
}

/// Products that are cheaper together.
pub fn bundle() -> impl Strategy<Value = Bundle> {
    let members = prop::collection::btree_map(ident(), units(4), 1..4)
        .prop_map(|m| m.into_iter().map(|(product, quantity)| Member { product, quantity }).collect());
    let value = prop_oneof![
        3 => (1i64..900_000).prop_map(|p| BundleValue::Percent(Percent::from_scaled(p))),
        2 => (1i64..100_000, currency()).prop_map(|(a, currency)| BundleValue::Off { off: Amount::from_scaled(a * 100), currency }),
        1 => (1i64..1_000_000, currency()).prop_map(|(a, currency)| BundleValue::Price { price: Amount::from_scaled(a * 100), currency }),
    ];
    let of = (any::<u64>(), 0usize..22, ident(), prop::option::weighted(0.1, ident()));
    (of, members, value, days(), 0i32..3, prop::option::weighted(0.3, 1u32..4)).prop_map(
        |((n, kind, whom, company), members, value, valid, priority, limit)| Bundle {
            id: Id::from_u64_pair(n, 8),
            version: 1,
            members,
            value,
            who: if kind < 11 { who(kind, whom) } else { Who::Anyone },
            company,
            valid,
            priority,
            limit,
        },
    )
}

/// Goods given free with others, or more of the same.
pub fn gift() -> impl Strategy<Value = Gift> {
    let of = (any::<u64>(), 0usize..22, ident(), prop::option::weighted(0.1, ident()));
    let goods = (0usize..5, ident(), ident(), any::<bool>());
    (of, goods, units(6), units(4), days(), 0i32..3, any::<bool>()).prop_map(
        |((n, kind, whom, company), (w, bought, given, same), from, quantity, valid, priority, repeat)| Gift {
            id: Id::from_u64_pair(n, 10),
            version: 1,
            what: if same { What::Product(given) } else { what(w, bought) },
            from,
            product: given,
            quantity,
            repeat,
            who: if kind < 11 { who(kind, whom) } else { Who::Anyone },
            company,
            valid,
            priority,
        },
    )
}

#[derive(Clone, Debug)]
pub struct Chaos {
    pub types: Vec<PriceType>,
    pub rules: Vec<Condition>,
    pub bundles: Vec<Bundle>,
    pub gifts: Vec<Gift>,
    /// Price type, product, price, and whether it begins only in December.
    pub prices: Vec<(&'static str, &'static str, i64, bool)>,
    /// Cost of one unit of each product.
    pub costs: Vec<(&'static str, i64, Currency)>,
    pub rates: Vec<(Currency, i64, i64, bool)>,
    pub head: Header,
    pub items: Vec<Item>,
}

fn header() -> impl Strategy<Value = Header> {
    let some = || prop::option::weighted(0.6, ident());
    let hands =
        (prop::sample::select(Algorithm::ALL.to_vec()), prop::option::weighted(0.2, rounding()), prop::option::weighted(0.05, ident()));
    let ids = ((some(), some(), some(), some(), some()), (some(), some(), some(), some(), some(), some()));
    (currency(), vat(), ids, prop::collection::vec(ident(), 0..3), hands).prop_map(|(currency, vat, (a, b), segments, hands)| Header {
        vat,
        company: a.0,
        partner: a.1,
        agreement: a.2,
        standard_agreement: a.3,
        contract: a.4,
        order_type: b.0,
        region: b.1,
        dealer_type: b.2,
        payment_form: b.3,
        card: b.4,
        deal_kind: b.5,
        segments,
        algorithm: hands.0,
        rounding: hands.1,
        price_type: hands.2,
        ..Header::new(date("2026-11-21"), currency)
    })
}

fn item() -> impl Strategy<Value = Item> {
    let hand = (prop::option::weighted(0.1, number()), prop::option::weighted(0.1, 0i64..1_000_000));
    let of = (prop::collection::vec(ident(), 0..3), prop::option::of(ident()), prop::collection::vec(ident(), 0..3));
    let quantity = prop_oneof![12 => (1i64..12).prop_map(|q| q * Quantity::UNIT), 10 => 1i64..10i64.pow(9), 2 => -10i64.pow(9)..0, 1 => any::<i64>(), 1 => Just(0)];
    (ident(), any::<u64>(), of, quantity, hand).prop_map(|(product, line, of, quantity, hand)| Item {
        line: Some(Id::from_u64_pair(line, 9)),
        categories: of.0,
        price_group: of.1,
        segments: of.2,
        quantity: Quantity::from_scaled(quantity),
        line_price: hand.0.map(Price::from_scaled),
        line_discount: hand.1.map(Percent::from_scaled),
        ..Item::new(product)
    })
}

pub fn chaos() -> impl Strategy<Value = Chaos> {
    let types = (price_type("a"), price_type("b"), price_type("c"), price_type("d"), price_type("e"))
        .prop_map(|(a, b, c, d, e)| vec![a, b, c, d, e]);
    let prices = prop::collection::vec((name(), name(), number(), prop::bool::weighted(0.15)), 0..40);
    let costs = prop::collection::vec((name(), number(), currency()), 0..6);
    let rates = prop::collection::vec((currency(), number(), 1i64..1_000, any::<bool>()), 0..9);
    let rules = prop::collection::vec(condition(), 0..60);
    let offers = (prop::collection::vec(bundle(), 0..4), prop::collection::vec(gift(), 0..3));
    // A few lines as a rule, sometimes an order of many.
    let items = prop_oneof![6 => prop::collection::vec(item(), 1..6), 2 => prop::collection::vec(item(), 6..40)];
    (types, (rules, offers), prices, costs, rates, header(), items).prop_map(
        |(types, (rules, (bundles, gifts)), prices, costs, rates, head, items)| Chaos {
            types,
            rules,
            bundles,
            gifts,
            prices,
            costs,
            rates,
            head,
            items,
        },
    )
}

impl Chaos {
    pub fn book(&self, backwards: bool) -> Book {
        let mut book = Book::new();
        let mut rules = self.rules.clone();
        let mut types = self.types.clone();
        let (mut bundles, mut gifts) = (self.bundles.clone(), self.gifts.clone());
        if backwards {
            rules.reverse();
            types.reverse();
            bundles.reverse();
            gifts.reverse();
        }
        bundles.into_iter().for_each(|b| book.put_bundle(b).expect("the generator gives good bundles"));
        gifts.into_iter().for_each(|g| book.put_gift(g).expect("the generator gives good gifts"));
        types.into_iter().for_each(|t| book.put_type(t.compile()));
        rules.iter().for_each(|c| book.put(c).expect("the generator gives good records"));
        let default = Condition::new(id("default"), Kind::Default, Who::Anyone, What::Any, Value::PriceType(id("a")));
        book.put(&default).expect("a default");
        book
    }
    pub fn facts(&self) -> Facts {
        let mut facts = Facts::new();
        for (t, p, n, later) in &self.prices {
            facts.set_price(id(t), id(p), Price::from_scaled(*n), date(if *later { "2026-12-05" } else { "2026-01-01" }));
        }
        let mut table = RateTable::new(id("rates"), "rates", Currency::UAH);
        for (c, rate, per, direct) in &self.rates {
            let direction = if *direct { Direction::Direct } else { Direction::Indirect };
            table.add(*c, DatedRate { date: date("2026-11-20"), rate: Rate::from_scaled(*rate), per: *per, direction });
        }
        facts.add_rates(table);
        facts.set_cost(id("a"), Cost { price: super::price_of("12.34"), currency: Currency::USD });
        for (p, n, currency) in &self.costs {
            facts.set_cost(id(p), Cost { price: Price::from_scaled(*n), currency: *currency });
        }
        facts.set_receipt(id("b"), Cost { price: super::price_of("7.77"), currency: Currency::UAH });
        let lots = vec![Lot { from: Quantity::ONE, price: super::price_of("5"), days: 3 }];
        facts.set_supply(id("c"), SupplyTerms { supplier: id("s"), currency: Currency::EUR, rate: None, lots });
        facts.set_query(id("d"), "web", super::price_of("99.99"));
        facts.set_vat_rate(id("a"), super::percent("20"));
        facts.set_vat_rate(id("b"), super::percent("7"));
        facts
    }
}
