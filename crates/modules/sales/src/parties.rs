//! Who a document is with: checks of partner and counterparty, defaults taken from them, and their image at posting.

use kontor_kernel::error::{Error, Result};
use kontor_office::Company;
use kontor_partners::{PartnerFacts, partner_facts};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::value::Id;
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
    partner_facts(cx, r.ref_id("partner_id"), r.opt_id("counterparty_id"))
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

/// What came from the partner before goes with him.
pub fn forget(change: &mut Change) {
    let stale: Vec<&str> =
        ["counterparty_id", "agreement_id", "contract_id", "country", "ship_to"].into_iter().filter(|c| !change.given(c)).collect();
    for column in stale {
        change.after.set(column, kontor_platform::value::Value::Null);
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
    let c = cx.conn.query_one(
        "SELECT name, country, legal_name, tax_id, registration_code, address FROM companies WHERE id = ?",
        &[r.ref_id("company_id").into()],
    )?;
    let text = |i: usize| -> Result<String> { Ok(c.opt_text(i)?.unwrap_or_default().to_string()) };
    let company = json!({"name": text(0)?, "country": text(1)?, "legal_name": text(2)?, "tax_id": text(3)?, "registration_code": text(4)?, "address": text(5)?});
    r.set("frozen", json!({"company": company, "partner": partner}));
    Ok(())
}
