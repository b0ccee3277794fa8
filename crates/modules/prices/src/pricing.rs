//! Prices of a document's lines: facts of all lines are read in a handful of queries, then the engine decides line by line.

use crate::price::prices_at;
use crate::rate_at::{RateAt, RateType, currency_of, published, rate_type};
use crate::terms::{Terms, agreement};
use crate::types::{Types, types, vat_of};
use chrono::NaiveDate;
use kontor_catalog::{ProductFacts, product_facts};
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Percent, Price, Quantity};
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::value::{Id, Value};
use kontor_pricing::{
    Book, Condition, DatedRate, Explained, Facts, Header, Item, Kind, Pricer, RateTable, Value as Holds, What, Who,
};
use serde_json::Value as Json;
use std::collections::{BTreeSet, HashMap};
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
    /// The price type that gave the rule's price.
    pub price_type_id: Option<Id>,
    /// To be kept with the line; `explain_sentences` puts it into words.
    pub trace: Json,
    /// The rules give no price and none was written by hand: `price_missing` on confirming, a warning on a draft.
    pub missing: bool,
}

/// Prices the lines by the terms on a date. Works in commands and in previews on a read connection.
pub fn price_lines(
    cx: &mut Cx,
    terms: &Terms,
    partner_id: Id,
    _company_id: Id,
    date: NaiveDate,
    lines: &[LineQuestion],
) -> Result<Vec<PricedLine>> {
    let asked = Asked { partner: (!partner_id.is_nil()).then_some(partner_id), price_type: None, date };
    explained(cx, terms, &asked, lines)?.into_iter().map(priced).collect()
}

fn priced(e: Explained) -> Result<PricedLine> {
    // What lost is found again by asking anew; the winners are what the line must keep (decision 17).
    let trace = serde_json::to_value(e.trace.winners()).map_err(Error::internal)?;
    Ok(PricedLine {
        price: e.price.unwrap_or(Price::ZERO),
        rule_price: e.rule_price,
        discount: e.discount,
        rule_discount: e.rule_discount,
        price_type_id: e.price_type,
        trace,
        missing: e.price.is_none(),
    })
}

/// What all lines of a question share.
pub(crate) struct Asked {
    pub partner: Option<Id>,
    /// Only this very type is asked.
    pub price_type: Option<Id>,
    pub date: NaiveDate,
}

/// The engine's answers, losers included.
pub(crate) fn explained(cx: &mut Cx, terms: &Terms, asked: &Asked, lines: &[LineQuestion]) -> Result<Vec<Explained>> {
    let ids: Vec<Id> = lines.iter().map(|l| l.product_id).collect();
    let products = product_facts(cx, &ids)?;
    let Loaded { book, facts, mut names } = facts(cx, terms, asked, &products)?;
    let mut items = Vec::with_capacity(lines.len());
    for (n, l) in lines.iter().enumerate() {
        let p = products
            .get(&l.product_id)
            .ok_or_else(|| Error::field(format!("lines.{n}.product_id"), "reference_missing").field_arg("value", l.product_id))?;
        names.extend(p.category_path.iter().copied().zip(p.category_names.iter().cloned()));
        items.push(Item {
            quantity: l.quantity,
            categories: p.category_path.to_vec(),
            line_price: l.manual_price,
            line_discount: l.discount,
            ..Item::new(p.id)
        });
    }
    let head = Header {
        vat: terms.vat,
        partner: asked.partner,
        agreement: terms.agreement_id,
        price_type: asked.price_type,
        rate_type: terms.rate_type_id,
        ..Header::new(asked.date, terms.currency)
    };
    let priced = Pricer::new(&book, &facts, &head).document(&items, true);
    let explained = (0..items.len()).map(|n| priced.explain(&book, &head, &items, n, &names));
    explained.collect::<Option<Vec<Explained>>>().ok_or_else(|| Error::internal("every line is explained"))
}

/// What the engine needs for a document.
struct Loaded {
    book: Book,
    facts: Facts,
    names: HashMap<Id, String>,
}

fn facts(cx: &mut Cx, terms: &Terms, asked: &Asked, products: &HashMap<Id, Arc<ProductFacts>>) -> Result<Loaded> {
    let types = types(cx)?;
    let (mut book, mut facts, mut names) = (Book::new(), Facts::new(), HashMap::new());
    let mut roots: BTreeSet<Id> = asked.price_type.into_iter().chain(terms.price_type_id).chain(terms.default_price_type_id).collect();
    let mut currencies = BTreeSet::from([terms.currency]);
    if let Some(id) = terms.agreement_id {
        let r = agreement(cx, id)?;
        names.insert(id, r.title().to_string());
        for c in conditions(&r)? {
            match c.value {
                Holds::PriceType(id) => drop(roots.insert(id)),
                Holds::Price { currency, .. } => drop(currencies.insert(currency)),
                Holds::Percent(_) | Holds::Off { .. } => {}
            }
            book.put(&c)?;
        }
    }
    for t in types.all() {
        book.put_type(t.compiled.clone());
    }
    if let Some(id) = terms.default_price_type_id {
        book.put(&Condition::new(id, Kind::Default, Who::Anyone, What::Any, Holds::PriceType(id)))?;
    }
    let needs = types.needs(roots);
    currencies.extend(&needs.currencies);
    written(cx, &mut facts, &types, &needs.types, products, asked.date)?;
    for p in products.values() {
        facts.set_vat_rate(p.id, p.vat_percent);
    }
    if currencies.len() > 1
        && let Some(id) = terms.rate_type_id
        && let Some(t) = rate_type(cx.conn, id)?
    {
        names.insert(t.id, t.name.clone());
        facts.add_rates(rate_table(cx, t, currencies, asked.date)?);
    }
    Ok(Loaded { book, facts, names })
}

fn written(
    cx: &mut Cx,
    facts: &mut Facts,
    types: &Types,
    of: &BTreeSet<Id>,
    products: &HashMap<Id, Arc<ProductFacts>>,
    date: NaiveDate,
) -> Result<()> {
    let mut ids: Vec<Id> = products.keys().copied().collect();
    ids.sort_unstable();
    for t in of.iter().filter_map(|id| types.get(*id)).filter(|t| t.manual) {
        for (product, p) in prices_at(cx, t.id, &ids, date)? {
            facts.set_price(t.id, product, p.price, p.valid_from);
        }
    }
    Ok(())
}

const MEMO: &str = "prices.rates";
type Rates = HashMap<(Id, Currency, NaiveDate), Option<RateAt>>;

fn rate_table(cx: &mut Cx, t: RateType, currencies: BTreeSet<Currency>, date: NaiveDate) -> Result<RateTable> {
    let mut known: Rates = cx.memo.remove(MEMO).and_then(|m| m.downcast::<Rates>().ok()).map(|r| *r).unwrap_or_default();
    let mut table = RateTable::new(t.id, &t.name, t.base);
    for currency in currencies.into_iter().filter(|c| *c != t.base) {
        let key = (t.id, currency, date);
        let found = match known.get(&key) {
            Some(r) => *r,
            None => published(cx.conn, &t, currency, date)?,
        };
        known.insert(key, found);
        if let Some(r) = found {
            table.add(currency, DatedRate { date: r.date, rate: r.rate, per: r.per, direction: r.direction });
        }
    }
    cx.memo.insert(MEMO, Box::new(known));
    Ok(table)
}

/// The agreement's lines and general terms as the engine's records. A price that a line fixes bears no general discount.
fn conditions(r: &Record) -> Result<Vec<Condition>> {
    let spec = &r.spec.lines[0];
    let (currency, vat, valid) = (currency_of(r.text("currency"))?, vat_of(r.text("vat"))?, crate::agreement::validity(r)?);
    let version = u32::try_from(r.version).map_err(Error::internal)?;
    let mut found = vec![];
    // A line makes two records, so one of them needs an id beside the line's own.
    let mut add = |id: Id, kind: Kind, what: What, value: Holds, fixed: bool| {
        let id = if kind.is_base() { id } else { Id::from_u128(!id.as_u128()) };
        found.push(Condition { version, valid, fixed, ..Condition::new(id, kind, Who::Agreement(r.id), what, value) });
    };
    for l in &r.lines[0] {
        let int = |name: &str| l.get(spec, name).as_int();
        let id = |name: &str| l.get(spec, name).as_id();
        let Some(what) = id("product_id").map(What::Product).or(id("category_id").map(What::Category)) else { continue };
        let kind = if matches!(what, What::Product(_)) { Kind::AgreementProduct } else { Kind::AgreementGroup };
        match (int("price").map(Price::from_scaled), id("price_type_id")) {
            (Some(price), _) => add(l.id, kind, what, Holds::Price { price, currency, vat }, true),
            (None, Some(id)) => add(l.id, kind, what, Holds::PriceType(id), false),
            (None, None) => {}
        }
        if let Some(p) = int("discount_percent") {
            add(l.id, Kind::Agreement, what, Holds::Percent(Percent::from_scaled(p)), false);
        }
    }
    if let Some(id) = r.opt_id("price_type_id") {
        add(r.id, Kind::IndividualList, What::Any, Holds::PriceType(id), false);
    }
    if let Value::Int(p) = r.get("discount_percent") {
        add(r.id, Kind::Agreement, What::Any, Holds::Percent(Percent::from_scaled(*p)), false);
    }
    Ok(found)
}
