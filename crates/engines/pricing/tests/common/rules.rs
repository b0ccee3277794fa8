//! Rules, bundles and gifts of a table of cases.

use super::{World, after, amount, currency, date, id, percent, price_of, quantity};
use kontor_kernel::{Currency, Period, Price, VatMode};
use kontor_pricing::{From, *};

/// `from 2026-11-01 until 2026-11-30`, either of them or none.
pub(super) fn valid(words: &[&str]) -> Period {
    Period::new(after(words, "from").map(date), after(words, "until").map(date)).expect("period")
}

impl World {
    fn who(&mut self, words: &[&str]) -> Who {
        let Some(at) = words.iter().position(|w| *w == "for") else { return Who::Anyone };
        let of = self.named(words[at + 2]);
        match words[at + 1] {
            "partner" => Who::Partner(of),
            "agreement" => Who::Agreement(of),
            "contract" => Who::Contract(of),
            "order_type" => Who::OrderType(of),
            "deal_kind" => Who::DealKind(of),
            "company" => Who::Company(of),
            "region" => Who::Region(of),
            "dealer" => Who::DealerType(of),
            "segment" => Who::Segment(of),
            "payment" => Who::PaymentForm(of),
            "card" => Who::Card(of),
            other => panic!("for {other}"),
        }
    }

    pub(super) fn rule(&mut self, words: &[&str]) -> Condition {
        let kind = Kind::parse(words[1]).unwrap_or_else(|| panic!("{} is no kind", words[1]));
        let who = self.who(words);
        let what = match words.iter().position(|w| *w == "on") {
            None => What::Any,
            Some(at) => {
                let of = self.named(words[at + 2]);
                match words[at + 1] {
                    "product" => What::Product(of),
                    "group" => What::PriceGroup(of),
                    "category" => What::Category(of),
                    "segment" => What::Segment(of),
                    other => panic!("on {other}"),
                }
            }
        };
        let value = value(words);
        let name = after(words, "named").map_or_else(|| words.join(" "), |n| self.named(n).to_string());
        let id = after(words, "named").map_or_else(|| id(&name), id);
        let from = after(words, "from-quantity").map(|q| From::Quantity(quantity(q)));
        let from = from.or(after(words, "order-from").map(|a| From::Amount(amount(a)))).unwrap_or_default();
        Condition {
            company: after(words, "of-company").map(|c| self.named(c)),
            valid: valid(words),
            from,
            limit: after(words, "limit").map(quantity),
            priority: after(words, "priority").map_or(0, |p| p.parse().expect("a number")),
            group: after(words, "set").map_or(0, |p| p.parse().expect("a number")),
            stop: words.contains(&"stop"),
            fixed: words.contains(&"fixed"),
            ..Condition::new(id, kind, who, what, value)
        }
    }

    pub(super) fn bundle(&mut self, words: &[&str]) {
        let members = words.iter().filter_map(|w| w.split_once(':')).map(|(p, q)| Member { product: id(p), quantity: quantity(q) });
        let value = match (after(words, "off"), after(words, "price")) {
            (Some(off), _) => BundleValue::Off { off: amount(off), currency: Currency::UAH },
            (_, Some(price)) => BundleValue::Price { price: amount(price), currency: Currency::UAH },
            _ => BundleValue::Percent(percent(words.iter().find(|w| w.ends_with('%')).expect("percent").trim_start_matches('-'))),
        };
        let b = Bundle {
            id: self.named(words[1]),
            version: 1,
            members: members.collect(),
            value,
            who: self.who(words),
            company: after(words, "of-company").map(|c| self.named(c)),
            valid: valid(words),
            priority: after(words, "priority").map_or(0, |p| p.parse().expect("a number")),
            limit: after(words, "limit").map(|p| p.parse().expect("a number")),
        };
        self.book.put_bundle(b).expect("a bundle");
    }

    /// `gift Name buy bolt 3 give nut 1 [each]`
    pub(super) fn gift(&mut self, words: &[&str]) {
        let g = Gift {
            id: self.named(words[1]),
            version: 1,
            what: What::Product(id(words[3])),
            from: quantity(words[4]),
            product: id(words[6]),
            quantity: quantity(words[7]),
            repeat: words.contains(&"each"),
            who: self.who(words),
            company: after(words, "of-company").map(|c| self.named(c)),
            valid: valid(words),
            priority: after(words, "priority").map_or(0, |p| p.parse().expect("a number")),
        };
        self.book.put_gift(g).expect("a gift");
    }
}

fn value(words: &[&str]) -> Value {
    let at = |key: &str| words.iter().position(|w| *w == key);
    if let Some(n) = at("type") {
        return Value::PriceType(id(words[n + 1]));
    }
    if let Some(n) = at("price") {
        let basis = words.get(n + 3).and_then(|v| VatMode::parse(v)).unwrap_or_default();
        return Value::Price { price: price_of(words[n + 1]), currency: currency(words[n + 2]), vat: basis };
    }
    if let Some(n) = at("off") {
        return Value::Off { off: price_of(words[n + 1]), currency: currency(words[n + 2]) };
    }
    if let Some(n) = at("extra") {
        return Value::Off { off: Price::from_scaled(-price_of(words[n + 1]).scaled()), currency: currency(words[n + 2]) };
    }
    // A salesperson writes a discount as -5% and a markup as +5%.
    let word = words.iter().find(|w| w.ends_with('%')).unwrap_or_else(|| panic!("no value: {words:?}"));
    Value::Percent(percent(word).checked_neg().expect("a percentage"))
}
