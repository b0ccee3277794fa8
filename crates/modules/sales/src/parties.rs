//! Who a document is with: checks of partner and counterparty, defaults taken from them, and their image at posting.

use chrono::NaiveDate;
use kontor_kernel::error::{Error, Result};
use kontor_office::Company;
use kontor_office::document::date_of;
use kontor_partners::{PartnerFacts, partner_facts};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::value::{Id, Value};
use kontor_prices::{Buyer, Terms, card_holds};
use serde_json::json;

/// Facts of the document's partner; counterparty and contract must be his.
pub fn partner(cx: &mut Cx, r: &Record) -> Result<PartnerFacts> {
    if let Some(id) = r.opt_id("contract_id") {
        let row = cx
            .conn
            .query_opt("SELECT partner_id, company_id FROM contracts WHERE id = ?", &[id.into()])?
            .ok_or_else(|| Error::field("contract_id", "reference_missing"))?;
        if row.id(0)? != r.ref_id("partner_id") {
            return Err(Error::field("contract_id", "partner_mismatch"));
        }
        if row.id(1)? != r.ref_id("company_id") {
            return Err(Error::field("contract_id", "company_mismatch"));
        }
    }
    let p = partner_facts(cx, r.ref_id("partner_id"), r.opt_id("counterparty_id"))?;
    let (dealer_type, region, order_type, payment_form) = (p.dealer_type_id, p.region_id, p.order_type_id, p.payment_form_id);
    kontor_prices::sold_to(cx, Buyer { id: p.id, name: p.name.clone(), dealer_type, region, order_type, payment_form });
    Ok(p)
}

/// Fills what the document leaves to its partner.
pub fn defaults(r: &mut Record, p: &PartnerFacts) {
    if r.is_null("counterparty_id") {
        r.set("counterparty_id", p.counterparty.as_ref().map(|c| c.id));
    }
    if r.is_null("country") {
        let country = if p.country.is_empty() { p.counterparty.as_ref().map_or("", |c| c.country.as_str()) } else { &p.country };
        if !country.is_empty() {
            r.set("country", country);
        }
    }
    if r.is_null("manager_id") {
        r.set("manager_id", p.manager_id);
    }
    if r.is_null("ship_to") && !p.address.is_empty() {
        r.set("ship_to", p.address.as_str());
    }
}

/// Whether the document leaves a column to its partner: nothing was written there, and nobody emptied it for this partner.
pub fn leaves(change: &Change, column: &str) -> bool {
    change.after.is_null(column) && (!change.given(column) || (!change.is_create() && change.changed("partner_id")))
}

/// What rules look at beside the partner: his only contract with the company on the day, his only card, the kind of the deal.
pub fn conditions(cx: &mut Cx, change: &mut Change) -> Result<()> {
    if cx.ctx.is_history() {
        return Ok(());
    }
    let whose = change.is_create() || change.changed("partner_id") || change.changed("company_id");
    let (partner, company) = (change.after.ref_id("partner_id"), change.after.ref_id("company_id"));
    let left = ["contract_id", "loyalty_card_id"].map(|column| whose && leaves(change, column));
    if left.contains(&true) {
        let found = only(cx, [(CONTRACTS, &[company, partner]), (CARDS, &[partner])], date_of(&change.after)?)?;
        for (column, id) in ["contract_id", "loyalty_card_id"].into_iter().zip(found).zip(left).filter(|f| f.1).map(|f| f.0) {
            change.after.set(column, id);
        }
    }
    card_holds(cx, change.after.opt_id("loyalty_card_id"), change.after.opt_id("partner_id"), date_of(&change.after)?)?;
    if let Some(deal) = change.after.opt_id("deal_id")
        && (change.is_create() || change.changed("deal_id"))
        && !change.given("deal_kind_id")
    {
        let kind = cx.load("deals", deal)?.opt_id("kind_id");
        change.after.set("deal_kind_id", kind);
    }
    Ok(())
}

/// Type of the order and form of payment, as the agreement has them; where it is silent the partner speaks.
pub fn ways(cx: &mut Cx, change: &mut Change, terms: &Terms) -> Result<()> {
    let left = |column: &str| change.after.spec.index(column).is_some() && leaves(change, column);
    if !left("order_type_id") && !left("payment_form_id") {
        return Ok(());
    }
    let partner = change.after.ref_id("partner_id");
    for (column, id) in ways_of(cx, partner, terms)? {
        if change.after.spec.index(column).is_some() && leaves(change, column) {
            change.after.set(column, id);
        }
    }
    Ok(())
}

pub fn ways_of(cx: &mut Cx, partner: Id, terms: &Terms) -> Result<[(&'static str, Option<Id>); 2]> {
    let (kind, form) = kontor_prices::ways_of(cx, partner)?;
    Ok([("order_type_id", terms.order_type_id.or(kind)), ("payment_form_id", terms.payment_form_id.or(form))])
}

/// Of these tables the only row of each that holds on the day; of several, somebody has to choose.
fn only<const N: usize>(cx: &mut Cx, of: [(&str, &[Id]); N], date: NaiveDate) -> Result<[Option<Id>; N]> {
    const VALID: &str = "archived = ? AND (valid_from IS NULL OR valid_from <= ?) AND (valid_to IS NULL OR valid_to >= ?)";
    let mut params: Vec<Value> = vec![];
    let mut each = vec![];
    for (n, (whose, ids)) in of.iter().enumerate() {
        each.push(format!("SELECT * FROM (SELECT {n} AS n, id FROM {whose} AND {VALID} LIMIT 2) t{n}"));
        params.extend(ids.iter().map(|id| Value::Id(*id)));
        params.extend([false.into(), date.into(), date.into()]);
    }
    let mut found: [Vec<Id>; N] = std::array::from_fn(|_| vec![]);
    for r in cx.conn.query(&each.join(" UNION ALL "), &params)? {
        let of = usize::try_from(r.int(0)?).ok().and_then(|n| found.get_mut(n)).ok_or_else(|| Error::internal("a row of no table"))?;
        of.push(r.id(1)?);
    }
    Ok(found.map(|ids| if let [one] = ids.as_slice() { Some(*one) } else { None }))
}

const CONTRACTS: &str = "contracts WHERE company_id = ? AND partner_id = ?";
const CARDS: &str = "loyalty_cards WHERE partner_id = ?";

/// The only contract of the partner with the company that holds on the day.
pub fn only_contract(cx: &mut Cx, company: Id, partner: Id, date: NaiveDate) -> Result<Option<Id>> {
    only(cx, [(CONTRACTS, &[company, partner])], date).map(|[contract]| contract)
}

/// The only card of the partner that is valid on the day.
pub fn only_card(cx: &mut Cx, partner: Id, date: NaiveDate) -> Result<Option<Id>> {
    only(cx, [(CARDS, &[partner])], date).map(|[card]| card)
}

/// What came from the partner before goes with him.
pub fn forget(change: &mut Change) {
    const HIS: [&str; 8] =
        ["counterparty_id", "agreement_id", "contract_id", "loyalty_card_id", "order_type_id", "payment_form_id", "country", "ship_to"];
    let stale: Vec<&str> = HIS.into_iter().filter(|c| !change.given(c)).collect();
    for column in stale {
        change.after.set(column, Value::Null);
    }
}

/// A warehouse is one of the document's company; the only one needs no choosing.
pub fn warehouse(cx: &mut Cx, r: &mut Record, company: &Company) -> Result<()> {
    match r.opt_id("warehouse_id") {
        None => {
            let only = kontor_stock::only_warehouse(cx, company.id)?;
            r.set("warehouse_id", only);
            Ok(())
        }
        Some(id) => of_company(cx, id, company, "warehouse_id"),
    }
}

pub fn of_company(cx: &mut Cx, warehouse: Id, company: &Company, field: &str) -> Result<()> {
    if kontor_stock::warehouse(cx, warehouse)?.company_id == company.id {
        Ok(())
    } else {
        Err(Error::field(field, "warehouse_other_company"))
    }
}

/// Both parties as they are now, kept in the document from here on.
pub fn freeze(cx: &mut Cx, r: &mut Record) -> Result<()> {
    let partner = partner(cx, r)?.frozen();
    let company = kontor_office::company_frozen(cx, r.ref_id("company_id"))?;
    r.set("frozen", json!({"company": company, "partner": partner}));
    Ok(())
}
