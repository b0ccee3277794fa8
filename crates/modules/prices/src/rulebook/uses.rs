//! Which price types and currencies rules lead to, by whom the rules are for: so a document reads no more prices than its
//! rules can ask for.

use kontor_kernel::Currency;
use kontor_kernel::HashMap;
use kontor_platform::value::Id;
use kontor_pricing::{Condition, Value, Who};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
struct Led {
    types: BTreeMap<Id, u32>,
    currencies: BTreeMap<Currency, u32>,
}

#[derive(Default)]
pub struct Uses {
    by_whom: HashMap<Id, Led>,
}

/// Whom a rule is for; nil for everybody.
pub fn whom(who: Who) -> Id {
    match who {
        Who::Anyone => Id::nil(),
        Who::Partner(id)
        | Who::Agreement(id)
        | Who::Contract(id)
        | Who::OrderType(id)
        | Who::DealKind(id)
        | Who::Company(id)
        | Who::Region(id)
        | Who::DealerType(id)
        | Who::Segment(id)
        | Who::PaymentForm(id)
        | Who::Card(id) => id,
    }
}

impl Uses {
    pub fn add(&mut self, c: &Condition) {
        let led = match c.value {
            Value::Percent(_) => return,
            _ => self.by_whom.entry(whom(c.who)).or_default(),
        };
        match c.value {
            Value::PriceType(id) => *led.types.entry(id).or_default() += 1,
            Value::Price { currency, .. } | Value::Off { currency, .. } => *led.currencies.entry(currency).or_default() += 1,
            Value::Percent(_) => {}
        }
    }
    pub fn remove(&mut self, c: &Condition) {
        fn less<K: Ord>(of: &mut BTreeMap<K, u32>, key: K) {
            if let Some(n) = of.get_mut(&key) {
                *n = n.saturating_sub(1);
                if *n == 0 {
                    of.remove(&key);
                }
            }
        }
        let key = whom(c.who);
        let Some(led) = self.by_whom.get_mut(&key) else { return };
        match c.value {
            Value::PriceType(id) => less(&mut led.types, id),
            Value::Price { currency, .. } | Value::Off { currency, .. } => less(&mut led.currencies, currency),
            Value::Percent(_) => {}
        }
        if led.types.is_empty() && led.currencies.is_empty() {
            self.by_whom.remove(&key);
        }
    }
    /// Of everybody's rules and those for these.
    pub fn of(&self, whom: impl IntoIterator<Item = Id>) -> (BTreeSet<Id>, BTreeSet<Currency>) {
        let (mut types, mut currencies) = (BTreeSet::new(), BTreeSet::new());
        for led in whom.into_iter().chain([Id::nil()]).filter_map(|id| self.by_whom.get(&id)) {
            types.extend(led.types.keys().copied());
            currencies.extend(led.currencies.keys().copied());
        }
        (types, currencies)
    }
}
