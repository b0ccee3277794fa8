//! What a new order or quote starts with: the address, its basis, the caller's last document; names beside ids.

use super::rows::rows;
use crate::pages::Call;
use chrono::NaiveDate;
use kontor_kernel::error::Result;
use kontor_platform::spec::Spec;
use kontor_platform::value::{Id, id_in};
use serde_json::{Map, Value as Json, json};

/// Fields that the address may fill in a new document.
const GIVEN: [&str; 9] =
    ["company_id", "partner_id", "agreement_id", "contract_id", "warehouse_id", "price_type_id", "counterparty_id", "deal_id", "quote_id"];
/// With whom and by which terms: taken over from another document.
const TERMS: [&str; 13] = [
    "company_id",
    "partner_id",
    "counterparty_id",
    "agreement_id",
    "contract_id",
    "order_type_id",
    "deal_kind_id",
    "payment_form_id",
    "loyalty_card_id",
    "warehouse_id",
    "price_type_id",
    "currency",
    "ship_to",
];

/// What a new document starts with: our company, today where it is, and what the address or its basis say.
pub fn beginning(c: &Call, spec: &'static Spec) -> Result<Json> {
    let mut m = Map::new();
    if let Some(from) = c.param("from").filter(|s| !s.is_empty()) {
        copy(&c.app.get(&c.ctx, spec.name, Call::id(from)?)?, &mut m, &TERMS);
    }
    if let Some(deal) = given(c, "deal_id") {
        copy(&c.app.get(&c.ctx, "deals", deal)?, &mut m, &["company_id", "partner_id", "currency"]);
    }
    if let Some(quote) = given(c, "quote_id").filter(|_| spec.col("quote_id").is_some()) {
        let quote = c.app.get(&c.ctx, "quotes", quote)?;
        copy(&quote, &mut m, &TERMS);
        copy_field(&quote, &mut m, "deal_id");
    }
    for name in GIVEN.into_iter().filter(|n| spec.col(n).is_some()) {
        if let Some(id) = given(c, name) {
            m.insert(name.into(), json!(id));
        }
    }
    as_last_time(c, spec, &mut m)?;
    m.insert("date".into(), json!(today(c, &m)?.to_string()));
    let mut doc = Json::Object(m);
    titles(c, spec, &mut doc)?;
    name_products(c, &mut doc)?;
    Ok(doc)
}

/// The business date where the document's company is.
fn today(c: &Call, m: &Map<String, Json>) -> Result<NaiveDate> {
    let id = m.get("company_id").and_then(Json::as_str).and_then(|s| Id::parse_str(s).ok());
    // Whose company may not be seen dates it by his own.
    let company = id.map(|id| c.app.record_if_seen(&c.ctx, "companies", id)).transpose()?.flatten();
    Ok(company.map_or(c.ctx.today, |r| c.ctx.today_in(r.text("time_zone"))))
}

/// Our company and the warehouse, where nothing says them: those of the caller's last document, else the first company.
fn as_last_time(c: &Call, spec: &Spec, m: &mut Map<String, Json>) -> Result<()> {
    if m.contains_key("company_id") && m.contains_key("warehouse_id") {
        return Ok(());
    }
    let me = c.ctx.user_id.to_string();
    let mut conditions = vec![("created_by_id", me.as_str()), ("sort", "-created_at"), ("limit", "1")];
    let own = m.get("company_id").and_then(Json::as_str).unwrap_or_default().to_owned();
    if !own.is_empty() {
        conditions.push(("company_id", own.as_str()));
    }
    let last = rows(c, spec.name, &conditions, &["company_id", "warehouse_id"])?;
    if let Some(r) = last.first() {
        for f in ["company_id", "warehouse_id"] {
            if let (false, Some(id)) = (m.contains_key(f), r.id_of(f)) {
                m.insert(f.into(), json!(id));
            }
        }
    }
    if !m.contains_key("company_id")
        && let Some(own) = rows(c, "companies", &[("limit", "1")], &[])?.first()
    {
        m.insert("company_id".into(), json!(own.id()));
    }
    Ok(())
}

fn given(c: &Call, name: &str) -> Option<Id> {
    c.param(name).and_then(|s| Id::parse_str(s).ok())
}

fn copy_field(from: &Json, into: &mut Map<String, Json>, field: &str) {
    if !from[field].is_null() {
        into.insert(field.into(), from[field].clone());
    }
}

/// Fields and lines of another document; prices are asked anew unless they were made by hand.
fn copy(from: &Json, into: &mut Map<String, Json>, fields: &[&str]) {
    fields.iter().for_each(|f| copy_field(from, into, f));
    let lines = from["lines"].as_array().into_iter().flatten().map(|l| {
        let mut line = json!({"product_id": l["product_id"], "product": l["product"], "quantity": if l["quantity"].is_null() { json!("1") } else { l["quantity"].clone() }, "unit_id": l["unit_id"], "unit": l["unit"]});
        for (value, flag) in [("price", "manual_price"), ("discount_percent", "manual_discount")] {
            if l[flag] == json!(true) {
                line[value] = l[value].clone();
                line[flag] = json!(true);
            }
        }
        line
    });
    into.insert("lines".into(), lines.collect());
}

/// Titles of references in a document that is not saved yet; what cannot be seen stays without.
fn titles(c: &Call, spec: &Spec, doc: &mut Json) -> Result<()> {
    for col in &spec.columns {
        if let (kontor_platform::spec::Ty::Ref(of), Some(id)) = (&col.ty, id_in(&doc[col.name]))
            && let Some(r) = c.app.record_if_seen(&c.ctx, of, id)?
        {
            doc[col.ref_name()] = json!({"id": id, "title": r.title()});
        }
    }
    Ok(())
}

/// Article and unit beside each line, which the document itself does not keep.
pub fn name_products(c: &Call, doc: &mut Json) -> Result<()> {
    let ids: std::collections::BTreeSet<String> =
        doc["lines"].as_array().into_iter().flatten().filter_map(|l| l["product_id"].as_str().map(str::to_owned)).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let mut known: kontor_kernel::HashMap<String, (String, String)> = Default::default();
    let units: kontor_kernel::HashMap<String, String> = if ids.is_empty() {
        Default::default()
    } else {
        rows(c, "units", &[("limit", "500"), ("archived", "true")], &["code", "symbols"])?
            .iter()
            .map(|u| (u.id().to_string(), symbol(c, u)))
            .collect()
    };
    for chunk in ids.chunks(200) {
        for r in rows(c, "products", &[("id.in", &chunk.join(",")), ("limit", "200"), ("archived", "true")], &["sku", "unit_id"])?.iter() {
            let unit = r.id_of("unit_id").map(|u| u.to_string()).unwrap_or_default();
            known.insert(r.id().to_string(), (r.text("sku").to_owned(), unit));
        }
    }
    for l in doc["lines"].as_array_mut().into_iter().flatten() {
        if let Some((sku, unit)) = l["product_id"].as_str().and_then(|id| known.get(id)) {
            let own = l["unit_id"].as_str().map(str::to_owned);
            let title = units.get(own.as_ref().unwrap_or(unit)).cloned();
            l["sku"] = json!(sku);
            l["unit"] = json!({"id": own, "title": title});
        }
    }
    Ok(())
}

/// `шт`: the symbol of a unit in the caller's language.
fn symbol(c: &Call, unit: super::rows::Row) -> String {
    unit.json("symbols")[c.lang.code()].as_str().filter(|s| !s.is_empty()).unwrap_or(unit.text("code")).to_owned()
}
