//! Past orders priced by the rules of today and by a draft of them: what a change would have meant. Nothing is written.

use crate::pricing::Shelf;
use crate::rulebook::RuleBook;
use chrono::NaiveDate;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Currency, Percent, Price, Quantity, VatMode};
use kontor_office::document::{marks, padded};
use kontor_platform::App;
use kontor_platform::cx::Cx;
use kontor_platform::value::{Id, Value};
use kontor_pricing::{Header, Item, Pricer, Winners};
use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

/// The change that is tried: a condition as if it held, or as if it were gone; another may make room for it.
#[derive(Clone, Copy, Debug)]
pub struct Draft {
    pub condition: Id,
    pub removed: bool,
    pub instead_of: Option<Id>,
}

/// A document of the past, as far as rules look at it.
#[derive(Clone, Debug)]
pub struct PastOrder {
    pub company: Id,
    pub partner: Id,
    pub agreement: Option<Id>,
    pub contract: Option<Id>,
    pub order_type: Option<Id>,
    pub payment_form: Option<Id>,
    pub currency: Currency,
    pub vat: VatMode,
    pub date: NaiveDate,
    pub lines: Vec<PastLine>,
}

#[derive(Clone, Debug)]
pub struct PastLine {
    pub id: Id,
    pub product: Id,
    /// In the product's own unit.
    pub quantity: Quantity,
    /// What was written by hand stays in both.
    pub price: Option<Price>,
    pub discount: Option<Percent>,
}

/// Amount of one line by the rules of today and by the draft, in the order's currency and basis; `None` without a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tried {
    pub now: Option<Amount>,
    pub then: Option<Amount>,
}

/// Two books beside the one that everybody uses.
pub struct Books {
    now: RuleBook,
    then: RuleBook,
    shelf: Mutex<Shelf>,
    /// Records of the draft's book that had a part in some line.
    winners: Mutex<Winners>,
}

impl Books {
    /// Errors: `condition_id` when there is no such condition.
    pub fn open(cx: &mut Cx, app: &App, draft: Draft) -> Result<Books> {
        let (now, then) = (RuleBook::private(cx, app)?, RuleBook::private(cx, app)?);
        if !then.try_out(cx.conn, draft.condition, draft.removed)? {
            return Err(Error::field("condition_id", "reference_missing").field_arg("value", draft.condition));
        }
        if let Some(other) = draft.instead_of {
            then.try_out(cx.conn, other, true)?;
        }
        Ok(Books { now, then, shelf: Mutex::default(), winners: Mutex::default() })
    }

    /// Prices the orders both ways; figures of all of them are read at once.
    pub fn price(&self, cx: &mut Cx, orders: &[PastOrder]) -> Result<Vec<Vec<Tried>>> {
        let ids: Vec<Id> = orders.iter().flat_map(|o| o.lines.iter().map(|l| l.product)).collect();
        let mut heads = vec![];
        let mut known: HashMap<Id, (Option<Id>, Option<Id>)> = HashMap::new();
        for o in orders {
            let of_partner = match known.get(&o.partner) {
                Some(k) => *k,
                None => {
                    let row = cx.conn.query_opt("SELECT dealer_type_id, region_id FROM partners WHERE id = ?", &[o.partner.into()])?;
                    let k = match row {
                        Some(r) => (r.opt_id(0)?, r.opt_id(1)?),
                        None => (None, None),
                    };
                    known.insert(o.partner, k);
                    k
                }
            };
            heads.push(Header {
                vat: o.vat,
                company: Some(o.company),
                partner: Some(o.partner),
                agreement: o.agreement,
                standard_agreement: o.agreement,
                contract: o.contract,
                order_type: o.order_type,
                payment_form: o.payment_form,
                dealer_type: of_partner.0,
                region: of_partner.1,
                ..Header::new(o.date, o.currency)
            });
        }
        self.segments(cx, &mut heads)?;
        let mut shelf = self.shelf.lock().unwrap_or_else(|e| e.into_inner());
        shelf.fetch(cx, &[&self.now, &self.then], &heads, &ids)?;
        let Shelf { products, facts, .. } = &*shelf;
        let mut items: Vec<Vec<Item>> = Vec::with_capacity(orders.len());
        for o in orders {
            let item = |l: &PastLine| {
                let p = products.get(&l.product);
                Item {
                    line: Some(l.id),
                    quantity: l.quantity,
                    categories: p.map(|p| p.category_path.clone()).unwrap_or_default(),
                    price_group: p.and_then(|p| p.price_group_id),
                    line_price: l.price,
                    line_discount: l.discount,
                    ..Item::new(l.product)
                }
            };
            items.push(o.lines.iter().map(item).collect());
        }
        let amounts = |book: &RuleBook, winners: &mut Winners| -> Vec<Vec<Option<Amount>>> {
            let state = book.read();
            let one = |(head, items): (&Header, &Vec<Item>)| {
                Pricer::new(&state.book, facts, head).document_noting(items, winners).lines.iter().map(|l| l.amount).collect()
            };
            heads.iter().zip(&items).map(one).collect()
        };
        // The two books know nothing of each other: each is asked on a core of its own.
        let (now, then) = std::thread::scope(|s| {
            let then = s.spawn(|| amounts(&self.then, &mut self.winners.lock().unwrap_or_else(|e| e.into_inner())));
            (amounts(&self.now, &mut Winners::default()), then.join())
        });
        let then = then.map_err(|_| Error::internal("pricing by the draft ended with a panic"))?;
        let pair =
            |(a, b): (Vec<Option<Amount>>, Vec<Option<Amount>>)| a.into_iter().zip(b).map(|(now, then)| Tried { now, then }).collect();
        Ok(now.into_iter().zip(then).map(pair).collect())
    }

    /// Price conditions that had no part in any line priced so far, with their names: at most so many, and how many there are.
    pub fn idle(&self, cx: &mut Cx, most: usize) -> Result<(Vec<(Id, String)>, usize)> {
        let state = self.then.read();
        let winners = self.winners.lock().unwrap_or_else(|e| e.into_inner());
        let ids: Vec<Id> = state.book.idle(&winners).map(|c| c.id).collect();
        let (mut named, mut count) = (vec![], 0);
        // Agreements and lists have records too; what people call rules are the conditions.
        for chunk in ids.chunks(256) {
            let some = padded(chunk);
            let sql = format!("SELECT id, name FROM price_conditions WHERE archived = ? AND id IN ({}) ORDER BY id", marks(some.len()));
            let params: Vec<Value> = [false.into()].into_iter().chain(some).collect();
            for r in cx.conn.query(&sql, &params)? {
                count += 1;
                if named.len() < most {
                    named.push((r.id(0)?, r.text(1)?.to_string()));
                }
            }
        }
        Ok((named, count))
    }

    /// Clients are in their segments of today.
    fn segments(&self, cx: &mut Cx, heads: &mut [Header]) -> Result<()> {
        let wanted: BTreeMap<Id, u32> =
            self.now.read().partner_segments.iter().chain(&self.then.read().partner_segments).map(|(k, v)| (*k, *v)).collect();
        let wanted: Vec<Id> = wanted.into_keys().collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let mut partners: Vec<Id> = heads.iter().filter_map(|h| h.partner).collect();
        partners.sort_unstable();
        partners.dedup();
        let of = crate::rules::segment::members(cx, "partners", &wanted, &partners)?;
        for h in heads {
            h.segments = h.partner.and_then(|p| of.get(&p).cloned()).unwrap_or_default();
        }
        Ok(())
    }
}
