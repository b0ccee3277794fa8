//! Prices of a document's lines: facts of all lines are read in a handful of queries, then the engine decides line by line.

use crate::document::{GiftDue, Outlook};
use crate::header;
use crate::price::prices_of;
use crate::rate_at::{RateAt, RateType, all_published, kept_rate_type};
use crate::rulebook::{ListFacts, RuleBook, other};
use crate::sources::{Asker, Categories, feed};
use crate::terms::Terms;
use crate::types::types;
use chrono::NaiveDate;
use kontor_catalog::{ProductFacts, product_facts};
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Currency, Percent, Price, Quantity};
use kontor_kernel::{HashMap, HashSet};
use kontor_platform::cx::Cx;
use kontor_platform::store::{marks, padded, parts};
use kontor_platform::value::{Id, Value};
use kontor_pricing::{
    Book, Change, Choices, DatedRate, Document, Earned, Explained, Facts, Header, Item, Names, Note, Offered, Pricer, RateTable, changes,
    document_profit, offered, offered_with,
};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A line that wants its price.
#[derive(Clone, Debug, PartialEq)]
pub struct LineQuestion {
    pub product_id: Id,
    /// In the product's own unit, which prices are kept for.
    pub quantity: Quantity,
    /// Written into the line by hand: it stays, and the rule's price becomes a hint.
    pub manual_price: Option<Price>,
    /// Written into the line by hand: it takes the place of the agreement's.
    pub discount: Option<Percent>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PricedLine {
    /// For one unit in the terms' currency and VAT basis, before the discount; zero where there is none (`missing`).
    pub price: Price,
    pub rule_price: Option<Price>,
    pub discount: Percent,
    pub rule_discount: Percent,
    /// What the line costs by the rules: discounts on the order shared out, parts of the line each by its own discount.
    pub amount: Option<Amount>,
    /// The price type that gave the rule's price.
    pub price_type_id: Option<Id>,
    /// JSON, to be kept with the line; `explain_sentences` puts it into words.
    pub trace: String,
    /// The rules give no price and none was written by hand: `price_missing` on confirming, a warning on a draft.
    pub missing: bool,
}

/// Prices the lines by the terms on a date. Works in commands and in previews on a read connection.
pub fn price_lines(
    cx: &mut Cx,
    terms: &Terms,
    partner_id: Id,
    company_id: Id,
    date: NaiveDate,
    lines: &[LineQuestion],
) -> Result<Vec<PricedLine>> {
    let asked = Asked { company: company_id, partner: (!partner_id.is_nil()).then_some(partner_id), price_type: None, date };
    // What lost is found again by asking anew; the winners are what the line must keep (decision 17).
    whole(Desk::open(cx, terms, &asked, lines)?.decided(), lines)?.into_iter().map(priced).collect()
}

fn priced(e: Explained) -> Result<PricedLine> {
    let trace = serde_json::to_string(&e.trace).map_err(Error::internal)?;
    Ok(PricedLine {
        price: e.price.unwrap_or(Price::ZERO),
        rule_price: e.rule_price,
        discount: e.discount,
        rule_discount: e.rule_discount,
        amount: e.amount,
        price_type_id: e.price_type,
        trace,
        missing: e.price.is_none(),
    })
}

/// What all lines of a question share, beside the terms.
pub(crate) struct Asked {
    pub company: Id,
    pub partner: Option<Id>,
    /// Only this very type is asked.
    pub price_type: Option<Id>,
    pub date: NaiveDate,
}

/// The engine's answers, losers included.
pub(crate) fn explained(cx: &mut Cx, terms: &Terms, asked: &Asked, lines: &[LineQuestion]) -> Result<Vec<Explained>> {
    whole(Desk::open(cx, terms, asked, lines)?.explained(), lines)
}

fn whole(all: Vec<Explained>, lines: &[LineQuestion]) -> Result<Vec<Explained>> {
    if all.len() == lines.len() { Ok(all) } else { Err(Error::internal("every line is explained")) }
}

/// A line of a document that was asked before, asked again among the others under the rules of today.
pub(crate) fn asked_again(cx: &mut Cx, head: &Header, items: Vec<Item>, line: usize) -> Result<Option<Explained>> {
    let ids: Vec<Id> = items.iter().map(|i| i.product).collect();
    let products = product_facts(cx, &ids)?;
    if items.iter().any(|i| !products.contains_key(&i.product)) {
        return Ok(None);
    }
    Ok(Desk::of(cx, head.clone(), items, &products)?.explained_line(line))
}

/// [`Document::explain`] or [`Document::decided`].
type Tell = fn(&Document, &Book, &Header, &[Item], usize, &dyn Names) -> Option<Explained>;

/// A document laid out for the engine: rules, facts, header, lines, and what everything is called.
pub(crate) struct Desk {
    pub book: Arc<RuleBook>,
    pub facts: Facts,
    pub head: Header,
    pub items: Vec<Item>,
    names: HashMap<Id, String>,
    /// Products of the lines that are put away: they are priced all the same, for what was promised stays promised.
    archived: HashSet<Id>,
}

impl Desk {
    pub fn open(cx: &mut Cx, terms: &Terms, asked: &Asked, lines: &[LineQuestion]) -> Result<Desk> {
        let ids: Vec<Id> = lines.iter().map(|l| l.product_id).collect();
        let products = product_facts(cx, &ids)?;
        let head = header::of(cx, terms, asked)?;
        let rates = Categories::current(cx)?;
        let mut items = Vec::with_capacity(lines.len());
        for (n, l) in lines.iter().enumerate() {
            let p = products
                .get(&l.product_id)
                .ok_or_else(|| Error::field(format!("lines.{n}.product_id"), "reference_missing").field_arg("value", l.product_id))?;
            items.push(Item {
                quantity: l.quantity,
                categories: p.category_path.to_vec(),
                rate_type: rates.rate_type(&p.category_path),
                price_group: p.price_group_id,
                line_price: l.manual_price,
                line_discount: l.discount,
                ..Item::new(p.id)
            });
        }
        header::segments_of_items(cx, &mut items)?;
        Desk::of(cx, head, items, &products)
    }

    fn of(cx: &mut Cx, head: Header, items: Vec<Item>, products: &HashMap<Id, Arc<ProductFacts>>) -> Result<Desk> {
        let book = RuleBook::current(cx)?;
        let (facts, mut names) = facts(cx, &book, &head, &items, products)?;
        for p in products.values() {
            names.extend(p.category_path.iter().copied().zip(p.category_names.iter().cloned()));
            // Rules without a name of their own are called by what they are for.
            names.insert(p.id, p.name.clone());
        }
        header::names(cx, &head, &items, &mut names)?;
        let archived = products.values().filter(|p| p.archived).map(|p| p.id).collect();
        Ok(Desk { book, facts, head, items, names, archived })
    }

    /// The same lines under another header, which may look at other rules and lists.
    pub fn for_others(self, cx: &mut Cx, head: Header) -> Result<Desk> {
        let ids: Vec<Id> = self.items.iter().map(|i| i.product).collect();
        let products = product_facts(cx, &ids)?;
        Desk::of(cx, head, self.items, &products)
    }

    /// Each line by itself, as if it were the whole document.
    pub fn alone(&self) -> Vec<Explained> {
        let state = self.book.read();
        let of_rule = |id: Id| state.names.get(&id).or_else(|| state.names.get(&other(id))).map(|n| n.to_string());
        let names = |id: Id| self.names.get(&id).cloned().or_else(|| of_rule(id));
        self.items.iter().map(|item| kontor_pricing::explain(&state.book, &self.facts, &self.head, item, &names)).collect()
    }

    pub fn explained(&self) -> Vec<Explained> {
        self.explain(0..self.items.len(), Document::explain)
    }

    /// Without the candidates.
    pub fn decided(&self) -> Vec<Explained> {
        self.explain(0..self.items.len(), Document::decided)
    }

    /// One line among the others.
    pub fn explained_line(&self, line: usize) -> Option<Explained> {
        self.explain(line..line + 1, Document::explain).pop()
    }

    fn explain(&self, lines: std::ops::Range<usize>, tell: Tell) -> Vec<Explained> {
        let state = self.book.read();
        let of_rule = |id: Id| state.names.get(&id).or_else(|| state.names.get(&other(id))).map(|n| n.to_string());
        let names = |id: Id| self.names.get(&id).cloned().or_else(|| of_rule(id));
        let priced = Pricer::new(&state.book, &self.facts, &self.head).document(&self.items, true);
        let mut all: Vec<Explained> = lines.filter_map(|n| tell(&priced, &state.book, &self.head, &self.items, n, &names)).collect();
        for e in all.iter_mut().filter(|e| self.archived.contains(&e.trace.question.item.product)) {
            e.remarks.push(Note::new("trace-remark-archived"));
        }
        all
    }

    /// What is worth trying to get a wanted price for one unit of a line, the smallest change first.
    pub fn changes(&self, line: usize, wanted: Price, choices: &Choices) -> Vec<Change> {
        changes(&self.book.read().book, &self.facts, &self.head, &self.items, line, wanted, choices)
    }

    /// What one unit of a line comes to.
    pub fn offered(&self, line: usize) -> Option<Offered> {
        offered(&self.book.read().book, &self.facts, &self.head, &self.items, line)
    }

    /// The same, if other goods brought the order to this amount before discounts.
    pub fn offered_from(&self, line: usize, amount: Amount) -> Option<Offered> {
        offered_with(&self.book.read().book, &self.facts, &self.head, &self.items, line, &Change::OrderAmount(amount))
    }

    /// What each line and the whole document earn, and gifts that are due and not taken yet.
    pub fn outlook(&self) -> Result<Outlook> {
        let state = self.book.read();
        let priced = Pricer::new(&state.book, &self.facts, &self.head).document(&self.items, false);
        let (lines, whole) = document_profit(&state.book, &self.facts, &self.head, &self.items, &priced).map_err(|e| e.at("lines"))?;
        let due = |e: &Earned| GiftDue {
            promotion_id: e.gift,
            promotion: state.names.get(&e.gift).map(|n| n.to_string()).unwrap_or_default(),
            product_id: e.product,
            quantity: e.quantity,
        };
        Ok(Outlook { lines, whole, gifts: priced.earned.iter().map(due).collect() })
    }
}

/// Prices, rates and VAT that the rules for this header may ask for.
fn facts(
    cx: &mut Cx,
    book: &RuleBook,
    head: &Header,
    items: &[Item],
    products: &HashMap<Id, Arc<ProductFacts>>,
) -> Result<(Facts, HashMap<Id, String>)> {
    let types = types(cx)?;
    let (mut facts, mut names) = (Facts::new(), HashMap::new());
    let (roots, mut currencies, lists) = {
        let state = book.read();
        let (mut roots, currencies) = state.uses.of(header::whom(head));
        roots.extend(head.price_type);
        let lists: Vec<(Id, ListFacts)> = roots.iter().filter_map(|id| Some((*id, state.lists.get(id)?.clone()))).collect();
        (roots, currencies, lists)
    };
    currencies.insert(head.currency);
    let mut roots: BTreeSet<Id> = roots;
    for (_, l) in &lists {
        roots.extend(l.base);
        currencies.insert(l.currency);
    }
    let needs = types.needs(roots);
    currencies.extend(&needs.currencies);
    let mut ids: Vec<Id> = products.keys().copied().collect();
    ids.sort_unstable();
    let written: Vec<Id> = needs.types.iter().filter_map(|id| types.get(*id)).filter(|t| t.written).map(|t| t.id).collect();
    prices_of(cx, &written, &ids, head.date, |of, product, p| facts.set_price(of, product, p.price, p.valid_from))?;
    own_rows(cx, &mut facts, &lists, &ids)?;
    for p in products.values() {
        facts.set_vat_rate(p.id, p.vat_percent);
    }
    let asker = Asker { company: head.company, date: head.date, rate_type: head.rate_type };
    currencies.extend(feed(cx, &mut facts, &types, &needs, asker, products)?);
    names.extend(add_rates(cx, &mut facts, head.rate_type, items, &currencies, head.date)?);
    Ok((facts, names))
}

/// Rows that price lists have for these products.
pub(crate) fn own_rows(cx: &mut Cx, facts: &mut Facts, lists: &[(Id, ListFacts)], products: &[Id]) -> Result<()> {
    for chunk in parts(products) {
        let ids = padded(chunk);
        for some in lists.chunks(64) {
            let sql = format!(
                "SELECT product_id, price, parent_id FROM price_list_lines WHERE parent_id IN ({}) AND product_id IN ({})",
                marks(some.len()),
                marks(ids.len())
            );
            let params: Vec<Value> = some.iter().map(|l| l.0.into()).chain(ids.iter().cloned()).collect();
            for r in cx.conn.query(&sql, &params)? {
                let list = r.id(2)?;
                if let Some((_, of)) = some.iter().find(|l| l.0 == list) {
                    facts.set_price(list, r.id(0)?, Price::from_scaled(r.int(1)?), of.since);
                }
            }
        }
    }
    Ok(())
}

/// Rates between these currencies: of the document's type, and of those that categories of the items name. Answers the names of
/// the types.
pub(crate) fn add_rates(
    cx: &mut Cx,
    facts: &mut Facts,
    of: Option<Id>,
    items: &[Item],
    currencies: &BTreeSet<Currency>,
    date: NaiveDate,
) -> Result<HashMap<Id, String>> {
    let mut names = HashMap::new();
    if currencies.len() < 2 {
        return Ok(names);
    }
    // The document's table comes first: it is taken where nothing else is named.
    let others: BTreeSet<Id> = items.iter().filter_map(|i| i.rate_type).filter(|id| Some(*id) != of).collect();
    for id in of.into_iter().chain(others) {
        if let Some(t) = kept_rate_type(cx, id)? {
            names.insert(t.id, t.name.clone());
            facts.add_rates(rate_table(cx, t, currencies, date)?);
        }
    }
    Ok(names)
}

const MEMO: &str = "prices.rates";
type Rates = HashMap<(Id, Currency, NaiveDate), Option<RateAt>>;

fn rate_table(cx: &mut Cx, t: RateType, currencies: &BTreeSet<Currency>, date: NaiveDate) -> Result<RateTable> {
    let mut known: Rates = cx.memo.remove(MEMO).and_then(|m| m.downcast::<Rates>().ok()).map(|r| *r).unwrap_or_default();
    let mut table = RateTable::new(t.id, &t.name, t.base);
    let of: Vec<Currency> = currencies.iter().copied().filter(|c| *c != t.base).collect();
    let missing: Vec<Currency> = of.iter().copied().filter(|c| !known.contains_key(&(t.id, *c, date))).collect();
    let mut found = all_published(cx.conn, &t, &missing, date)?;
    for currency in missing {
        known.insert((t.id, currency, date), found.remove(&currency));
    }
    for currency in of {
        if let Some(r) = known.get(&(t.id, currency, date)).copied().flatten() {
            table.add(currency, DatedRate { date: r.date, rate: r.rate, per: r.per, direction: r.direction });
        }
    }
    cx.memo.insert(MEMO, Box::new(known));
    Ok(table)
}
