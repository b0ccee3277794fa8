//! Figures that many documents of many days share, each read once: products, all prices of the types that rules lead to, rates.

use super::draft::Prices;
use crate::header;
use crate::pricing::own_rows;
use crate::rate_at::{default_rate_type, published, rate_type};
use crate::rulebook::RuleBook;
use crate::rules::segment::members;
use crate::sources::{Asker, Categories, feed};
use crate::types::Types;
use crate::workbench::edited_at;
use chrono::NaiveDate;
use kontor_catalog::{ProductFacts, product_facts};
use kontor_kernel::error::Result;
use kontor_kernel::{Currency, Price};
use kontor_kernel::{HashMap, HashSet};
use kontor_platform::cx::Cx;
use kontor_platform::store::{marks, padded, parts};
use kontor_platform::value::{Id, Value};
use kontor_pricing::{DatedRate, Facts, Header, RateTable};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Products on a shelf; when there are more, it is filled anew.
const SHELF: usize = 300_000;

#[derive(Default)]
pub(super) struct Shelf {
    pub products: HashMap<Id, Arc<ProductFacts>>,
    /// Product segments that rules look at, by product.
    pub segments: HashMap<Id, Vec<Id>>,
    pub facts: Facts,
    /// Price types and lists, with the products whose prices are here.
    priced: HashMap<Id, HashSet<Id>>,
    /// Products whose receipts, stock and supply terms are here, and the currencies that those are in.
    fed: HashSet<Id>,
    led: BTreeSet<Currency>,
    rates: HashMap<Id, RateTable>,
    days: HashSet<(Id, Currency, NaiveDate)>,
}

/// Under which types, and with which prices in place of those in force, figures are read.
pub(super) struct Look<'a> {
    pub types: &'a Types,
    pub prices: &'a Prices,
    pub categories: &'a Categories,
    pub books: &'a [&'a RuleBook],
}

impl Shelf {
    /// Sees to it that whatever the rules of these books may ask for is here.
    pub fn fetch(&mut self, cx: &mut Cx, look: &Look, heads: &[Header], products: &[Id]) -> Result<()> {
        if self.products.len() > SHELF {
            *self = Shelf::default();
        }
        let mut ids: Vec<Id> = products.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let fresh: Vec<Id> = ids.iter().copied().filter(|id| !self.products.contains_key(id)).collect();
        for (id, p) in product_facts(cx, &fresh)? {
            self.facts.set_vat_rate(id, p.vat_percent);
            self.products.insert(id, p);
        }
        let mut currencies: BTreeSet<Currency> = heads.iter().map(|h| h.currency).collect();
        let mut roots: BTreeSet<Id> = heads.iter().filter_map(|h| h.price_type).collect();
        let (mut lists, mut segments) = (HashMap::new(), BTreeSet::new());
        for book in look.books {
            let state = book.read();
            let (found, led) = state.uses.of(heads.iter().flat_map(header::whom));
            currencies.extend(led);
            lists.extend(found.iter().filter_map(|id| Some((*id, state.lists.get(id)?.clone()))));
            roots.extend(found);
            segments.extend(state.product_segments.keys().copied());
        }
        let segments: Vec<Id> = segments.into_iter().collect();
        self.segments.extend(members(cx, "products", &segments, &fresh)?);
        for l in lists.values() {
            roots.extend(l.base);
            currencies.insert(l.currency);
        }
        let needs = look.types.needs(roots);
        currencies.extend(&needs.currencies);
        for t in needs.types.iter().filter_map(|id| look.types.get(*id)).filter(|t| t.written) {
            let fresh = self.unpriced(t.id, &ids);
            let fresh = self.instead(cx, look.prices, t.id, fresh)?;
            history(cx, &mut self.facts, t.id, &fresh)?;
        }
        for (id, l) in lists {
            let fresh = self.unpriced(id, &ids);
            match look.prices.lists.get(&id) {
                Some(rows) => {
                    for (product, price) in fresh.iter().filter_map(|p| Some((*p, *rows.get(p)?))) {
                        self.facts.set_price(id, product, price, NaiveDate::MIN);
                    }
                }
                None => own_rows(cx, &mut self.facts, &[(id, l)], &fresh)?,
            }
        }
        // Receipts, stock and the like are those of today: a trial of rules asks what they would do, not what was known then.
        if needs.any() {
            let of: HashMap<Id, Arc<ProductFacts>> =
                ids.iter().filter(|id| self.fed.insert(**id)).filter_map(|id| Some((*id, self.products.get(id)?.clone()))).collect();
            let company = heads.first().and_then(|h| h.company).filter(|c| heads.iter().all(|h| h.company == Some(*c)));
            let asker = Asker { company, date: cx.ctx.today, rate_type: default_rate_type(cx.conn)? };
            self.led.extend(feed(cx, &mut self.facts, look.types, &needs, asker, &of)?);
            currencies.extend(&self.led);
        }
        if currencies.len() > 1 { self.rates(cx, look.categories, &currencies, heads, &ids) } else { Ok(()) }
    }

    /// Products whose prices in this type or list are not here yet; from now on they count as here.
    fn unpriced(&mut self, of: Id, ids: &[Id]) -> Vec<Id> {
        let here = self.priced.entry(of).or_default();
        ids.iter().copied().filter(|id| here.insert(*id)).collect()
    }

    /// Prices that are tried in place of those in force, on whatever day; answers the products that keep theirs.
    fn instead(&mut self, cx: &mut Cx, prices: &Prices, price_type: Id, fresh: Vec<Id>) -> Result<Vec<Id>> {
        let mut tried: HashMap<Id, Price> = HashMap::new();
        if prices.edited.contains(&price_type) {
            tried.extend(edited_at(cx, price_type, &fresh)?.into_iter().map(|(product, e)| (product, e.price)));
        }
        if let Some(rows) = prices.rows.get(&price_type) {
            tried.extend(fresh.iter().filter_map(|p| Some((*p, *rows.get(p)?))));
        }
        for (product, price) in &tried {
            self.facts.set_price(price_type, *product, *price, NaiveDate::MIN);
        }
        Ok(fresh.into_iter().filter(|id| !tried.contains_key(id)).collect())
    }

    /// Rates of the documents' types and of those that categories name, for all days at once.
    fn rates(
        &mut self,
        cx: &mut Cx,
        categories: &Categories,
        currencies: &BTreeSet<Currency>,
        heads: &[Header],
        products: &[Id],
    ) -> Result<()> {
        let mut of: BTreeSet<Id> = heads.iter().filter_map(|h| h.rate_type).collect();
        if !categories.silent() {
            let paths = products.iter().filter_map(|id| self.products.get(id));
            of.extend(paths.filter_map(|p| categories.rate_type(&p.category_path)));
        }
        // The default table comes first: it is taken where nothing else is named.
        let default = default_rate_type(cx.conn)?;
        of.extend(default);
        let first = default.into_iter().chain(of.iter().copied().filter(|id| Some(*id) != default));
        let days: BTreeSet<NaiveDate> = heads.iter().map(|h| h.date).collect();
        for id in first.collect::<Vec<Id>>() {
            let Some(t) = rate_type(cx.conn, id)? else { continue };
            let mut more = !self.rates.contains_key(&id);
            let table = self.rates.entry(id).or_insert_with(|| RateTable::new(t.id, &t.name, t.base));
            for currency in currencies.iter().copied().filter(|c| *c != t.base) {
                for day in days.iter().filter(|d| self.days.insert((id, currency, **d))) {
                    if let Some(r) = published(cx.conn, &t, currency, *day)? {
                        table.add(currency, DatedRate { date: r.date, rate: r.rate, per: r.per, direction: r.direction });
                        more = true;
                    }
                }
            }
            if more {
                self.facts.add_rates(table.clone());
            }
        }
        Ok(())
    }
}

/// All prices that these products ever had in a type, from the index alone.
fn history(cx: &mut Cx, facts: &mut Facts, price_type: Id, products: &[Id]) -> Result<()> {
    for chunk in parts(products) {
        let some = padded(chunk);
        let sql = format!(
            "SELECT product_id, price, valid_from FROM prices WHERE price_type_id = ? AND product_id IN ({}) ORDER BY product_id, valid_from, seq",
            marks(some.len())
        );
        let params: Vec<Value> = [price_type.into()].into_iter().chain(some).collect();
        for r in cx.conn.query(&sql, &params)? {
            facts.set_price(price_type, r.id(0)?, Price::from_scaled(r.int(1)?), r.date(2)?);
        }
    }
    Ok(())
}
