//! "Why not 95?" over arbitrary worlds: every suggestion keeps its word in the whole document, none is forgotten, and the
//! first is the smallest. What is worth trying is found here by going through all rules, not by the book's indexes.

mod common;

use common::worlds::{Chaos, chaos};
use common::{date, id};
use kontor_kernel::{Amount, Price, Quantity};
use kontor_pricing::*;
use proptest::prelude::*;

/// Whether a rule is for this document and line, some other day or quantity perhaps.
fn concerns(c: &Condition, h: &Header, item: &Item) -> bool {
    let standard = c.kind == Kind::StandardAgreement && c.who == Who::Agreement(h.standard_agreement.unwrap_or_default());
    (standard || (c.kind != Kind::StandardAgreement || !matches!(c.who, Who::Agreement(_))) && is_for(c.who, h)) && asks_for(c.what, item)
}

fn is_for(who: Who, h: &Header) -> bool {
    match who {
        Who::Anyone => true,
        Who::Partner(id) => h.partner == Some(id),
        Who::Agreement(id) => h.agreement == Some(id),
        Who::Contract(id) => h.contract == Some(id),
        Who::OrderType(id) => h.order_type == Some(id),
        Who::DealKind(id) => h.deal_kind == Some(id),
        Who::Company(id) => h.company == Some(id),
        Who::Region(id) => h.region == Some(id),
        Who::DealerType(id) => h.dealer_type == Some(id),
        Who::Segment(id) => h.segments.contains(&id),
        Who::PaymentForm(id) => h.payment_form == Some(id),
        Who::Card(id) => h.card == Some(id),
    }
}

fn asks_for(what: What, item: &Item) -> bool {
    match what {
        What::Any => true,
        What::Product(id) => item.product == id,
        What::PriceGroup(id) => item.price_group == Some(id),
        What::Category(id) => item.categories.contains(&id),
        What::Segment(id) => item.segments.contains(&id),
    }
}

fn around(valid: &kontor_kernel::Period) -> Vec<Change> {
    let from = valid.from.into_iter().flat_map(|d| [Some(d), d.pred_opt()]);
    let to = valid.to.into_iter().flat_map(|d| [Some(d), d.succ_opt()]);
    from.chain(to).flatten().map(Change::Date).collect()
}

/// Everything that could be changed at all.
fn everything(w: &Chaos, item: &Item, all: Option<Amount>) -> Vec<Change> {
    let mut out: Vec<Change> = vec![];
    for n in ["a", "b", "c", "d", "e"].map(id) {
        out.extend([Change::Card(n), Change::PaymentForm(n), Change::Agreement(n), Change::Contract(n)]);
    }
    for c in w.rules.iter().filter(|c| concerns(c, &w.head, item)) {
        match c.from {
            From::Quantity(q) => {
                out.push(Change::Quantity(q));
                let below = if item.quantity.scaled() % Quantity::UNIT == 0 { Quantity::ONE } else { Quantity::from_scaled(1) };
                out.extend(q.checked_sub(below).filter(|q| q.is_positive()).map(Change::Quantity));
            }
            From::Amount(a) if all.is_some_and(|all| a > all) => out.push(Change::OrderAmount(a)),
            _ => {}
        }
        out.extend(c.limit.map(Change::Quantity));
        out.extend(around(&c.valid));
    }
    let own_money = |b: &Bundle| match b.value {
        BundleValue::Percent(_) => true,
        BundleValue::Off { currency, .. } | BundleValue::Price { currency, .. } => currency == w.head.currency,
    };
    for b in w.bundles.iter().filter(|b| is_for(b.who, &w.head) && own_money(b)) {
        for m in b.members.iter().filter(|m| m.product == item.product) {
            out.push(Change::Quantity(m.quantity));
            out.extend(around(&b.valid));
        }
    }
    for g in w.gifts.iter().filter(|g| is_for(g.who, &w.head) && (g.product == item.product || asks_for(g.what, item))) {
        out.extend([g.from, g.quantity, g.from.checked_add(g.quantity).unwrap()].map(Change::Quantity));
        out.extend(around(&g.valid));
    }
    // On another day another bundle may take the goods that one of this line's needs: that is no change of this line.
    if w.bundles.is_empty() {
        out.push(Change::Date(date("2026-12-05")));
    }
    let own = |c: &Change| match c {
        Change::Card(id) => w.head.card == Some(*id),
        Change::PaymentForm(id) => w.head.payment_form == Some(*id),
        Change::Agreement(id) => w.head.agreement == Some(*id),
        Change::Contract(id) => w.head.contract == Some(*id),
        Change::Quantity(q) => *q == item.quantity || !item.quantity.is_positive(),
        Change::Date(d) => *d == w.head.date,
        _ => false,
    };
    out.retain(|c| !own(c));
    out
}

/// What one unit of the line comes to in the changed document, reckoned from the document itself.
fn comes_to(book: &Book, facts: &Facts, h: &Header, items: &[Item], line: usize) -> Option<(Price, bool)> {
    let d = Pricer::new(book, facts, h).document(items, false);
    let l = &d.lines[line];
    let whole = d.problem.is_none() && l.problem.is_none();
    let price =
        if l.order_off.is_zero() && l.parts.is_empty() { l.net } else { l.amount.and_then(|a| a.per_unit(items[line].quantity).ok()) };
    price.filter(|_| whole).map(|p| (p, !l.approvals.is_empty()))
}

/// Whether money comes off the order of this amount: that is shared with goods nobody knows yet.
fn money_off(book: &Book, facts: &Facts, h: &Header, items: &[Item], line: usize) -> bool {
    let d = Pricer::new(book, facts, h).document(items, false);
    d.shares.iter().any(|s| s.line == line && s.source == Source::Amount && s.percent.is_none())
}

fn list_amount(book: &Book, facts: &Facts, h: &Header, items: &[Item]) -> Option<Amount> {
    let lines = Pricer::new(book, facts, h).document(items, false).lines;
    let amounts = lines.iter().zip(items).filter_map(|(l, i)| Some(l.price?.times(i.quantity, h.currency.minor())));
    Amount::sum(amounts.collect::<Result<Vec<_>, _>>().ok()?).ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prc_13_every_suggestion_keeps_its_word_none_is_forgotten_and_the_first_is_the_smallest(
        w in chaos(), which in any::<prop::sample::Index>(), off in -60i64..60,
    ) {
        let mut w = w;
        w.items.truncate(8);
        let line = which.index(w.items.len());
        (w.items[line].line_price, w.items[line].line_discount) = (None, None);
        let (book, facts) = (w.book(false), w.facts());
        let Some((now, _)) = comes_to(&book, &facts, &w.head, &w.items, line) else { return Ok(()) };
        prop_assume!(now >= Price::ONE && now < Price::from_scaled(1 << 50) && off != 0);
        let wanted = Price::from_scaled(now.scaled() / 100 * (100 - off));
        prop_assume!(wanted != now);
        let reaches = |p: Price| if wanted < now { p <= wanted } else { p >= wanted };
        let all = || ["a", "b", "c", "d", "e"].map(id).to_vec();
        let choices = Choices { agreements: all(), contracts: all(), cards: all(), payment_forms: all(), dates: vec![] };
        let found = why_not(&book, &facts, &w.head, &w.items, line, wanted, &choices);
        let item = &w.items[line];

        for s in &found {
            let (h, items) = s.change.apply(&w.head, &w.items, line);
            if !(matches!(s.change, Change::OrderAmount(_)) && money_off(&book, &facts, &h, &items, line)) {
                prop_assert_eq!(comes_to(&book, &facts, &h, &items, line), Some((s.price, !s.approvals.is_empty())), "{:?}", s.change);
            }
            prop_assert_eq!(s.exact, s.price == wanted);
            prop_assert!(reaches(s.price), "{:?}", s);
        }

        let amount = list_amount(&book, &facts, &w.head, &w.items);
        let mut brute: Vec<(bool, u8, i64, bool)> = vec![];
        for change in everything(&w, item, amount) {
            let (h, items) = change.apply(&w.head, &w.items, line);
            if matches!(change, Change::OrderAmount(_)) && money_off(&book, &facts, &h, &items, line) {
                continue;
            }
            if let Some((p, approval)) = comes_to(&book, &facts, &h, &items, line).filter(|(p, _)| reaches(*p)) {
                brute.push((approval, change.weight(), change.distance(&w.head, item), p == wanted));
            }
        }
        let mut told: Vec<(bool, u8, i64, bool)> = found
            .iter()
            .filter(|s| !matches!(s.change, Change::ByHand(_)))
            .map(|s| (!s.approvals.is_empty(), s.change.weight(), s.change.distance(&w.head, item), s.exact))
            .collect();
        // Where some give the price itself, the merely better ones are not told.
        for of in [&mut brute, &mut told] {
            if of.iter().any(|c| c.3) {
                of.retain(|c| c.3);
            }
        }
        prop_assert!(brute.is_empty() || !told.is_empty(), "{} of {} can be had by {:?}", wanted, now, brute);
        if let (Some(first), Some(least)) = (told.first(), brute.iter().min()) {
            prop_assert!(first <= least, "{:?} is told before {:?}", first, least);
        }
        prop_assert!(told.is_sorted(), "the smallest first: {:?}", told);
    }
}

#[test]
fn prc_13_a_quantity_takes_an_amount_that_is_said_along() {
    let mut book = Book::new();
    book.put_type(PriceType::new(id("a"), "a", kontor_kernel::Currency::UAH, kontor_kernel::VatMode::Included, Method::Manual).compile());
    book.put(&Condition::new(id("d"), Kind::Default, Who::Anyone, What::Any, Value::PriceType(id("a")))).unwrap();
    let amount = Condition {
        from: From::Amount(common::amount("1000")),
        ..Condition::new(id("o"), Kind::Amount, Who::Anyone, What::Any, Value::Percent(common::percent("10")))
    };
    book.put(&amount).unwrap();
    let mut facts = Facts::new();
    facts.set_price(id("a"), id("p"), common::price_of("100"), date("2026-01-01"));
    let head = Header { order_amount: Some(common::amount("700")), ..Header::new(date("2026-11-21"), kontor_kernel::Currency::UAH) };
    let items = [Item::new(id("p"))];
    let found = why_not(&book, &facts, &head, &items, 0, common::price_of("90"), &Choices::default());
    // 600 of other goods are there already: four more by 100 make a thousand.
    assert_eq!(found[0].change, Change::Quantity(Quantity::from_scaled(4 * Quantity::UNIT)), "{found:?}");
    assert_eq!((found[0].price, found[1].change), (common::price_of("90"), Change::OrderAmount(common::amount("1000"))));
}

#[test]
fn prc_13_goods_that_make_an_order_larger_take_their_share_of_money_and_no_gift() {
    let mut book = Book::new();
    book.put_type(PriceType::new(id("a"), "a", kontor_kernel::Currency::UAH, kontor_kernel::VatMode::Included, Method::Manual).compile());
    book.put(&Condition::new(id("d"), Kind::Default, Who::Anyone, What::Any, Value::PriceType(id("a")))).unwrap();
    let off = Value::Off { off: common::price_of("100"), currency: kontor_kernel::Currency::UAH };
    let from = From::Amount(common::amount("1000"));
    book.put(&Condition { from, ..Condition::new(id("o"), Kind::Amount, Who::Anyone, What::Any, off) }).unwrap();
    let unit = |n: i64| Quantity::from_scaled(n * Quantity::UNIT);
    let (what, valid) = (What::Product(id("p")), Default::default());
    let gift = Gift {
        id: id("g"),
        version: 1,
        what,
        from: unit(4),
        product: id("p"),
        quantity: unit(1),
        repeat: true,
        who: Who::Anyone,
        company: None,
        valid,
        priority: 0,
    };
    book.put_gift(gift).unwrap();
    let mut facts = Facts::new();
    facts.set_price(id("a"), id("p"), common::price_of("10"), date("2026-01-01"));
    facts.set_price(id("a"), id("other"), common::price_of("1"), date("2026-01-01"));
    let head = Header::new(date("2026-11-21"), kontor_kernel::Currency::UAH);
    let mut items = vec![Item { quantity: unit(10), ..Item::new(id("p")) }];
    // Two of ten are free; of 100 off 1,000 goods that cost 900 and these at 80 take their shares.
    let change = Change::OrderAmount(common::amount("1000"));
    let told = offered_with(&book, &facts, &head, &items, 0, &change).map(|o| o.price);
    assert_eq!(told, Some(common::price_of("7.184")));
    items.push(Item { quantity: unit(900), ..Item::new(id("other")) });
    assert_eq!(comes_to(&book, &facts, &head, &items, 0).map(|c| c.0), told, "as it is when they are bought");
}
