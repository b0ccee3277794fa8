//! What quotes and orders decide alike: terms of the agreement, the price of every line with its trace, amounts and totals.

use crate::amounts::{self, Products, product_name, vat_of};
use crate::columns::{At, Cells, MAX_LINES, SALE_KINDS, SUPPLY, head, line_sums, position, sums};
use crate::line_prices::{price, questions, ratio, tell_nothing};
use crate::parties;
use kontor_catalog::product_facts_ahead;
use kontor_kernel::HashSet;
use kontor_kernel::error::{Error, FieldError, Result};
use kontor_kernel::{Currency, Percent, Price};
use kontor_office::Company;
use kontor_office::document::{date_of, dated, number_with_gaps};
use kontor_partners::partner_facts_ahead;
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::{Line, Record};
use kontor_platform::spec::{Column, Lines, Spec, Ty};
use kontor_platform::value::{Id, Value, id_in};
use kontor_prices::{LineQuestion, Terms, price_lines, stages};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

pub fn columns() -> Vec<Column> {
    let mut c = head();
    c.push(Column::reference("price_type_id", "price-types"));
    c.push(Column::reference("deal_id", "deals"));
    // What conditions of sale look at beside partner and agreement.
    c.push(Column::reference("order_type_id", "order-types").by_name("order_type"));
    c.push(Column::reference("deal_kind_id", "deal-kinds").by_name("deal_kind"));
    c.push(Column::reference("payment_form_id", "payment-forms").by_name("payment_form"));
    c.push(Column::reference("loyalty_card_id", "loyalty-cards"));
    // As the agreement has them, unless they are written otherwise.
    c.push(Column::choice("sale_kind", SALE_KINDS));
    c.push(Column::int("packaging_days", 0, 3_650));
    c.extend(sums());
    c.push(Column::text("cancel_reason", 300).computed());
    c.push(crate::columns::frozen());
    c
}

/// Lines of an offer; orders add what happens to them afterwards.
pub fn lines(table: &'static str, further: Vec<Column>) -> Lines {
    let mut columns = vec![
        Column::reference("product_id", "products").required(),
        Column::quantity("quantity").required().signed(),
        Column::reference("unit_id", "units"),
        // Left empty, the rules say it; written by hand, it stays.
        Column::price("price").signed().by_hand("manual_price"),
        // A markup when below zero.
        Column::percent("discount_percent").signed().by_hand("manual_discount"),
        Column::reference("warehouse_id", "warehouses"),
        Column::date("ship_on"),
        // Nothing said, as the agreement has it.
        Column::choice("supply", SUPPLY),
        Column::text("note", 300),
        Column::bool("manual_price", false).computed(),
        Column::bool("manual_discount", false).computed(),
        Column::price("rule_price").computed(),
        // What conditions take off beyond the percentage: its share of discounts on the order, bundles, gifts.
        Column::amount("discount_amount").signed().computed().default(0i64),
    ];
    columns.extend(line_sums());
    columns.extend(further);
    // JSON as text: it is read by one page only, and lines are loaded often.
    columns.push(Column::new("trace", Ty::Long { max: 100_000 }).hidden());
    Lines { name: "lines", table, columns, max: MAX_LINES, required: true }
}

/// Asks at once what deciding on such a document will ask; see `Conn::ahead`.
pub fn ahead(cx: &mut Cx, input: &Json) -> Result<()> {
    cx.revisions_ahead()?;
    if let Some(partner) = id_in(&input["partner_id"]) {
        partner_facts_ahead(cx, partner, id_in(&input["counterparty_id"]))?;
    }
    let lines = input["lines"].as_array().map(Vec::as_slice).unwrap_or_default();
    let products: Vec<Id> = lines.iter().take(MAX_LINES).filter_map(|l| id_in(&l["product_id"])).collect();
    product_facts_ahead(cx, &products)
}

/// The same before a verb that goes by partner and products of a document.
pub fn ahead_of(cx: &mut Cx, r: &Record) -> Result<()> {
    let at = At::of(r.spec);
    cx.revisions_ahead()?;
    partner_facts_ahead(cx, r.ref_id("partner_id"), r.opt_id("counterparty_id"))?;
    let products: Vec<Id> = r.lines[0].iter().filter_map(|l| l.id_at(at.product)).collect();
    product_facts_ahead(cx, &products)
}

pub fn decide(cx: &mut Cx, change: &mut Change, prefix: &str) -> Result<Company> {
    let company = dated(cx, change)?;
    if change.before.is_some() && (change.changed("partner_id") || change.changed("company_id")) {
        parties::forget(change);
    }
    if change.before.is_some() && change.changed("company_id") && !change.given("warehouse_id") {
        change.after.set("warehouse_id", Value::Null);
    }
    let partner = parties::partner(cx, &change.after)?;
    let chosen = change.is_create() || change.changed("partner_id");
    if partner.archived && chosen && !cx.ctx.is_history() {
        return Err(Error::field("partner_id", "reference_archived").field_arg("title", &partner.name));
    }
    kontor_office::document::priced_for_sales(cx, change, "price_type_id")?;
    parties::defaults(&mut change.after, &partner);
    parties::conditions(cx, change)?;
    let terms = settle_terms(cx, change, &company)?;
    as_agreed(cx, change)?;
    parties::warehouse(cx, &mut change.after, &company)?;
    line_warehouses(cx, &change.after, &company)?;
    let at = At::of(change.after.spec);
    let products = amounts::products_of(cx, &change.after, at)?;
    still_sold(cx, change, at, &products)?;
    amounts::quantities(cx, &mut change.after, at, &products)?;
    amounts::costs_ahead(cx, &products, &company)?;
    price(cx, change, &terms, at, &products)?;
    tell_nothing(cx, &change.after, &products);
    amounts::fill(&mut change.after, at, &products)?;
    amounts::costs(cx, &mut change.after, at, &products, &company)?;
    number_with_gaps(cx, &mut change.after, prefix)?;
    Ok(company)
}

/// A product that was put away is chosen no more; what the quote of an order or a line had before, stays.
fn still_sold(cx: &mut Cx, change: &Change, at: At, products: &Products) -> Result<()> {
    let r = &change.after;
    if cx.ctx.is_history() {
        return Ok(());
    }
    let had: HashSet<Id> = change.before.iter().flat_map(|b| &b.lines[0]).filter_map(|l| l.id_at(at.product)).collect();
    let chosen = r.lines[0].iter().enumerate().filter_map(|(n, l)| Some((n, products.get(&l.id_at(at.product)?)?)));
    let mut away: Vec<_> = chosen.filter(|(_, p)| p.archived && !had.contains(&p.id)).collect();
    if let (false, Some(quote)) = (away.is_empty(), r.spec.index("quote_id").and_then(|i| r.values[i].as_id())) {
        let promised = crate::quote::products(cx, quote)?;
        away.retain(|(_, p)| !promised.contains(&p.id));
    }
    let mut wrong = vec![];
    for (n, p) in away {
        wrong.push(Error::field(format!("lines.{n}.product_id"), "reference_archived").field_arg("title", &p.name));
    }
    Error::collect(wrong)
}

/// Kind of sale, packaging, warehouse and supply by the agreement, where the document leaves them open.
fn as_agreed(cx: &mut Cx, change: &mut Change) -> Result<()> {
    let agreed = kontor_prices::agreed(cx, change.after.opt_id("agreement_id"))?;
    let anew = change.is_create() || ["partner_id", "company_id", "agreement_id"].iter().any(|c| change.changed(c));
    if anew && !cx.ctx.is_history() {
        if !change.given("sale_kind") {
            change.after.set("sale_kind", agreed.sale_kind.as_deref().unwrap_or("sale"));
        }
        if !change.given("packaging_days") {
            change.after.set("packaging_days", agreed.packaging_days);
        }
        if parties::leaves(change, "warehouse_id") {
            change.after.set("warehouse_id", agreed.warehouse_id);
        }
    }
    let i = position(&change.after.spec.lines[0], "supply");
    let supply = agreed.fulfilment.as_deref().unwrap_or("stock");
    for l in change.after.lines[0].iter_mut().filter(|l| l.values[i].is_null()) {
        l.values[i] = supply.into();
    }
    Ok(())
}

fn line_warehouses(cx: &mut Cx, r: &Record, company: &Company) -> Result<()> {
    let i = position(&r.spec.lines[0], "warehouse_id");
    let mut seen: BTreeSet<Id> = BTreeSet::new();
    for (n, l) in r.lines[0].iter().enumerate() {
        if let Some(w) = l.id_at(i)
            && seen.insert(w)
        {
            parties::of_company(cx, w, company, &format!("lines.{n}.warehouse_id"))?;
        }
    }
    Ok(())
}

/// The agreement's terms; what the user wrote into the document himself rules over them.
pub fn settle_terms(cx: &mut Cx, change: &mut Change, company: &Company) -> Result<Terms> {
    let anew = change.before.is_none()
        || ["partner_id", "company_id", "agreement_id", "contract_id", "currency"].iter().any(|c| change.changed(c));
    let r = &change.after;
    let currency = if r.is_null("currency") { None } else { Some(r.currency("currency")?) };
    let mut terms = kontor_prices::terms(cx, company.id, r.ref_id("partner_id"), r.opt_id("agreement_id"), currency, date_of(r)?)?;
    let (vat, payment) = (change.given("vat"), change.given("payment_terms"));
    // Where there is a contract, it governs the payment.
    if let Some(id) = r.opt_id("contract_id")
        && let Some(payment) = kontor_prices::contract_payment(cx, id)?
    {
        (terms.payment_terms, terms.payment_stages) = payment;
    }
    let staged = change.given("payment_stages");
    let r = &mut change.after;
    r.set("agreement_id", terms.agreement_id);
    r.set("currency", terms.currency.code());
    if r.is_null("vat") || (anew && !vat) {
        r.set("vat", terms.vat.code());
    }
    if !staged && anew {
        // Plain terms written by hand stand by themselves.
        r.set("payment_stages", if payment { Json::Null } else { terms.payment_stages.clone() });
    }
    stages::of(r.json("payment_stages"))?;
    if r.is_null("payment_terms") || (anew && !payment) {
        r.set("payment_terms", json!({"kind": terms.payment_terms.kind.code(), "days": terms.payment_terms.days}));
    }
    terms.vat = vat_of(r);
    terms.currency = Currency::parse(r.text("currency")).unwrap_or(terms.currency);
    if let Some(price_type) = r.spec.index("price_type_id").and_then(|i| r.values[i].as_id()) {
        terms.choose(price_type);
    }
    if anew && !cx.ctx.is_history() {
        parties::ways(cx, change, &terms)?;
    }
    conditions_of(&mut terms, &change.after);
    Ok(terms)
}

/// What conditions of sale look at beside partner and agreement.
fn conditions_of(terms: &mut Terms, r: &Record) {
    // Shipments and returns do not have them all.
    let id = |name: &str| r.spec.index(name).and_then(|i| r.values[i].as_id());
    terms.contract_id = id("contract_id");
    terms.order_type_id = id("order_type_id");
    terms.deal_kind_id = id("deal_kind_id");
    terms.payment_form_id = id("payment_form_id");
    terms.loyalty_card_id = id("loyalty_card_id");
}

/// The terms of a document as it stands. Errors: what it names does not hold (any more).
pub fn terms_of(cx: &mut Cx, r: &Record) -> Result<Terms> {
    let (company, partner) = (r.ref_id("company_id"), r.ref_id("partner_id"));
    let mut terms = kontor_prices::terms(cx, company, partner, r.opt_id("agreement_id"), Some(r.currency("currency")?), date_of(r)?)?;
    terms.vat = vat_of(r);
    if let Some(price_type) = r.opt_id("price_type_id") {
        terms.choose(price_type);
    }
    conditions_of(&mut terms, r);
    Ok(terms)
}

/// The same for a document whose agreement has ended or was put away since: that is told as a departure by itself, and the
/// client's other terms say what he would get. Errors: any other fault of the terms, which nobody may take for "no discount".
pub fn terms_without_what_ended(cx: &mut Cx, r: &Record) -> Result<Terms> {
    match terms_of(cx, r) {
        Err(e) if has_ended(&e) => {
            let mut free = r.clone();
            free.set("agreement_id", Value::Null);
            terms_of(cx, &free)
        }
        found => found,
    }
}

fn has_ended(e: &Error) -> bool {
    let ended = |f: &FieldError| f.field == "agreement_id" && matches!(&*f.code, "agreement_not_active" | "agreement_not_valid");
    let fields = &e.inner().fields;
    !fields.is_empty() && fields.iter().all(ended)
}

/// The discount that the rules would give each line; only where something was written by hand are they asked at all.
pub fn rule_discounts(cx: &mut Cx, r: &Record) -> Result<Vec<Percent>> {
    let (at, spec) = (At::of(r.spec), &r.spec.lines[0]);
    let hand = ["manual_price", "manual_discount"].map(|name| position(spec, name));
    let zero = vec![Percent::ZERO; r.lines[0].len()];
    if !r.lines[0].iter().any(|l| hand.iter().any(|i| l.values[*i] == Value::Bool(true))) {
        return Ok(zero);
    }
    let terms = terms_without_what_ended(cx, r)?;
    let ask = |l: &Line| LineQuestion {
        product_id: l.id_at(at.product).unwrap_or_default(),
        quantity: l.quantity_at(at.base),
        manual_price: None,
        discount: None,
    };
    let questions: Vec<LineQuestion> = r.lines[0].iter().map(ask).collect();
    let priced = price_lines(cx, &terms, r.ref_id("partner_id"), r.ref_id("company_id"), date_of(r)?, &questions)?;
    Ok(priced.into_iter().map(|p| p.rule_discount).collect())
}

/// What the contract agrees for one unit of each line, in the line's own unit.
pub fn contract_prices(cx: &mut Cx, r: &Record) -> Result<Vec<Option<Price>>> {
    let none = vec![None; r.lines[0].len()];
    if r.is_null("contract_id") {
        return Ok(none);
    }
    let terms = terms_without_what_ended(cx, r)?;
    let at = At::of(r.spec);
    let products = amounts::products_of(cx, r, at)?;
    let asked = questions(r, &products)?;
    let found = kontor_prices::contract_prices(cx, &terms, r.ref_id("partner_id"), r.ref_id("company_id"), date_of(r)?, &asked)?;
    let mut out = vec![];
    for (l, price) in r.lines[0].iter().zip(found) {
        let (num, den) = ratio(l, at, &products);
        out.push(match price {
            Some(p) if (num, den) != (1, 1) => Some(p.times_ratio(kontor_kernel::Ratio::new(num.into(), den.into())?)?),
            p => p,
        });
    }
    Ok(out)
}

/// The same document with nothing written by hand. Answers how many lines cost something else now.
pub fn reprice(cx: &mut Cx, r: &mut Record, prefix: &str) -> Result<Json> {
    let at = At::of(r.spec);
    let before = r.clone();
    let mut after = r.clone();
    for l in &mut after.lines[0] {
        l.values[at.price] = Value::Null;
        l.values[at.discount] = Value::Null;
    }
    let mut change = Change { before: Some(before.clone()), after, given: ["lines"].into_iter().collect() };
    decide(cx, &mut change, prefix)?;
    let changed = before.lines[0].iter().zip(&change.after.lines[0]).filter(|(a, b)| a.values[at.amount] != b.values[at.amount]).count();
    *r = change.after;
    Ok(json!({"repriced": changed}))
}

/// Every line must have its price before others rely on it; what is given away for nothing is said.
pub fn prices_known(cx: &mut Cx, r: &Record) -> Result<()> {
    let at = At::of(r.spec);
    let products = amounts::products_of(cx, r, at)?;
    let missing = r.lines[0].iter().enumerate().filter(|(_, l)| l.values[at.price].is_null()).map(|(n, l)| {
        let name = product_name(l, at, &products);
        Error::field(format!("lines.{n}.price"), "price_missing").field_arg("product", name).hint("price_missing", vec![])
    });
    Error::collect(missing.collect())?;
    tell_nothing(cx, r, &products);
    Ok(())
}

pub fn spec(name: &'static str, states: &'static [&'static str], icon: &'static str) -> Spec {
    Spec::document(name, states).section("sales", icon).owner("manager_id").columns(columns()).group(&["vat", "currency"])
}
