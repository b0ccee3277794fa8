//! Past orders priced by the rules of today and by a draft of them: what a change would have meant. Nothing is written.

mod draft;
mod shelf;

pub use draft::{Draft, TRIED, TRIED_AT_ONCE, drafts};

use crate::header;
use crate::pricing::Asked;
use crate::rulebook::RuleBook;
use crate::rules::limit::{LimitRow, UserLimits, all_limits, limits_among, roles_of};
use crate::sources::Categories;
use crate::terms::terms;
use crate::types::{Types, types};
use chrono::NaiveDate;
use draft::{Effects, Prices};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::hash_map::Entry;
use kontor_kernel::{Amount, Currency, Percent, Price, Quantity, VatMode};
use kontor_platform::cx::Cx;
use kontor_platform::store::{marks, padded, parts};
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Source};
use kontor_pricing::{Facts, Header, Item, Pricer, Winners};
use shelf::{Look, Shelf};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// A document of the past, as far as rules look at it.
#[derive(Clone, Debug)]
pub struct PastOrder {
    pub company: Id,
    pub partner: Id,
    pub agreement: Option<Id>,
    pub contract: Option<Id>,
    pub order_type: Option<Id>,
    pub deal_kind: Option<Id>,
    pub payment_form: Option<Id>,
    pub loyalty_card: Option<Id>,
    /// Chosen in the document.
    pub price_type: Option<Id>,
    /// Whose limits and algorithm its prices are put together by.
    pub seller: Id,
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
    types: Arc<Types>,
    limits: Vec<LimitRow>,
    effects: Effects,
    roles: Mutex<HashMap<Id, Vec<String>>>,
    shelf: Mutex<Shelf>,
    /// Figures under the draft, where they are others than those in force.
    other: Mutex<Shelf>,
    /// Records of the draft's book that had a part in some line.
    winners: Mutex<Winners>,
}

impl Books {
    pub fn open(cx: &mut Cx, app: &App, drafts: &[Draft]) -> Result<Books> {
        let (now, then) = (RuleBook::private(cx, app)?, RuleBook::private(cx, app)?);
        let (types, limits) = (types(cx)?, all_limits(cx.conn)?);
        let mut effects = Effects::of(cx, drafts, &types, limits.clone())?;
        if let Some(types) = &effects.types {
            then.try_types(cx, types)?;
        }
        effects.take_into(&then)?;
        let (roles, shelf, other, winners) = Default::default();
        Ok(Books { now, then, types, limits, effects, roles, shelf, other, winners })
    }

    /// Prices the orders both ways; figures of all of them are read at once.
    pub fn price(&self, cx: &mut Cx, orders: &[PastOrder]) -> Result<Vec<Vec<Tried>>> {
        let ids: Vec<Id> = orders.iter().flat_map(|o| o.lines.iter().map(|l| l.product)).collect();
        let mut heads = self.heads(cx, orders)?;
        self.segments(cx, &mut heads)?;
        let others = self.other_heads(cx, orders, &heads)?;
        let categories = Categories::current(cx)?;
        let (both, none) = ([&self.now, &self.then], Prices::default());
        let mut shelf = self.shelf.lock().unwrap_or_else(|e| e.into_inner());
        let mut other = self.other.lock().unwrap_or_else(|e| e.into_inner());
        let apart = self.effects.of_facts();
        let books = if apart { &both[..1] } else { &both[..] };
        let look = Look { types: &self.types, prices: &none, categories: &categories, books };
        // Both kinds of headers may lead to prices, unless the draft has a shelf of its own.
        let all: Vec<Header>;
        let on_shelf = match (&others, apart) {
            (Some(o), false) => {
                all = heads.iter().chain(o).cloned().collect();
                &all
            }
            _ => &heads,
        };
        shelf.fetch(cx, &look, on_shelf, &ids)?;
        if apart {
            let types = self.effects.types.as_ref().unwrap_or(&self.types);
            let look = Look { types, prices: &self.effects.prices, categories: &categories, books: &both[1..] };
            other.fetch(cx, &look, others.as_ref().unwrap_or(&heads), &ids)?;
        }
        let items: Vec<Vec<Item>> = orders.iter().map(|o| o.lines.iter().map(|l| item(l, &shelf, &categories)).collect()).collect();
        let items_then: Option<Vec<Vec<Item>>> =
            apart.then(|| orders.iter().map(|o| o.lines.iter().map(|l| item(l, &other, &categories)).collect()).collect());
        let amounts = |book: &RuleBook, facts: &Facts, heads: &[Header], items: &[Vec<Item>], winners: &mut Winners| {
            let state = book.read();
            let one = |(head, items): (&Header, &Vec<Item>)| -> Vec<Option<Amount>> {
                Pricer::new(&state.book, facts, head).document_noting(items, winners).lines.iter().map(|l| l.amount).collect()
            };
            heads.iter().zip(items).map(one).collect::<Vec<_>>()
        };
        // The two books know nothing of each other: each is asked on a core of its own.
        let (now, then) = std::thread::scope(|s| {
            let then = s.spawn(|| {
                let facts = if apart { &other.facts } else { &shelf.facts };
                let mut winners = self.winners.lock().unwrap_or_else(|e| e.into_inner());
                let (heads, items) = (others.as_deref().unwrap_or(&heads), items_then.as_deref().unwrap_or(&items));
                amounts(&self.then, facts, heads, items, &mut winners)
            });
            (amounts(&self.now, &shelf.facts, &heads, &items, &mut Winners::default()), then.join())
        });
        let then = then.map_err(|_| Error::internal("pricing by the draft ended with a panic"))?;
        let pair =
            |(a, b): (Vec<Option<Amount>>, Vec<Option<Amount>>)| a.into_iter().zip(b).map(|(now, then)| Tried { now, then }).collect();
        Ok(now.into_iter().zip(then).map(pair).collect())
    }

    /// Headers as the orders would get them today, without segments.
    fn heads(&self, cx: &mut Cx, orders: &[PastOrder]) -> Result<Vec<Header>> {
        // What held then may have ended since.
        let past = cx.ctx.clone().with_source(Source::Import);
        let mut heads = Vec::with_capacity(orders.len());
        {
            let mut cx = Cx::new(cx.conn, cx.app, &past, "");
            cx.preview = true;
            for o in orders {
                let mut t = terms(&mut cx, o.company, o.partner, o.agreement, Some(o.currency), o.date)?;
                t.vat = o.vat;
                if let Some(id) = o.price_type {
                    t.choose(id);
                }
                (t.contract_id, t.order_type_id, t.deal_kind_id) = (o.contract, o.order_type, o.deal_kind);
                (t.payment_form_id, t.loyalty_card_id) = (o.payment_form, o.loyalty_card);
                let asked = Asked { company: o.company, partner: Some(o.partner), price_type: None, date: o.date };
                heads.push(header::bare(&mut cx, &t, &asked)?);
            }
        }
        for (o, h) in orders.iter().zip(&mut heads) {
            header::limit(h, &self.limits_of(cx, &self.limits, o)?);
        }
        Ok(heads)
    }

    /// The same under the draft, where it changes who has which terms.
    fn other_heads(&self, cx: &mut Cx, orders: &[PastOrder], heads: &[Header]) -> Result<Option<Vec<Header>>> {
        let same = self.effects.limits == self.limits;
        if self.effects.agreed.is_empty() && same {
            return Ok(None);
        }
        let mut out = heads.to_vec();
        for (o, h) in orders.iter().zip(&mut out) {
            self.effects.agree(h);
            header::limit(h, &self.limits_of(cx, &self.effects.limits, o)?);
        }
        Ok(Some(out))
    }

    fn limits_of(&self, cx: &mut Cx, among: &[LimitRow], o: &PastOrder) -> Result<UserLimits> {
        let mut known = self.roles.lock().unwrap_or_else(|e| e.into_inner());
        let roles = match known.entry(o.seller) {
            Entry::Occupied(e) => e.into_mut(),
            Entry::Vacant(e) => e.insert(roles_of(cx.conn, o.seller)?),
        };
        Ok(limits_among(among, o.seller, roles, o.company, o.date))
    }

    /// Price conditions that had no part in any line priced so far, with their names: at most so many, and how many there are.
    pub fn idle(&self, cx: &mut Cx, most: usize) -> Result<(Vec<(Id, String)>, usize)> {
        let state = self.then.read();
        let winners = self.winners.lock().unwrap_or_else(|e| e.into_inner());
        let ids: Vec<Id> = state.book.idle(&winners).map(|c| c.id).collect();
        let (mut named, mut count) = (vec![], 0);
        // Agreements and lists have records too; what people call rules are the conditions.
        for chunk in parts(&ids) {
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
        let mut wanted: BTreeSet<Id> = self.effects.agreed.iter().filter_map(|a| a.segment).collect();
        for book in [&self.now, &self.then] {
            let state = book.read();
            wanted.extend(state.partner_segments.keys().chain(&state.type_segments).copied());
        }
        let wanted: Vec<Id> = wanted.into_iter().collect();
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

fn item(l: &PastLine, shelf: &Shelf, categories: &Categories) -> Item {
    let p = shelf.products.get(&l.product);
    let path = p.map(|p| p.category_path.as_slice()).unwrap_or_default();
    Item {
        line: Some(l.id),
        quantity: l.quantity,
        rate_type: if categories.silent() { None } else { categories.rate_type(path) },
        categories: path.to_vec(),
        price_group: p.and_then(|p| p.price_group_id),
        segments: shelf.segments.get(&l.product).cloned().unwrap_or_default(),
        line_price: l.price,
        line_discount: l.discount,
        ..Item::new(l.product)
    }
}
