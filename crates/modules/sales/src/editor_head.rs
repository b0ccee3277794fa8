//! What the editor of an order or a quote is told before it has lines: the terms that its head leads to. Writes nothing.

use crate::editor::payment;
use crate::parties;
use kontor_kernel::error::{Error, Result};
use kontor_office::company;
use kontor_platform::app::App;
use kontor_platform::ctx::Ctx;
use kontor_platform::cx::Cx;
use kontor_platform::input::{self, Problems};
use kontor_platform::spec::{Column, Ty};
use kontor_platform::value::{Id, Value};
use serde_json::{Map, Value as Json, json};

/// What the terms of a document hang on.
const HEAD: [&str; 6] = ["company_id", "partner_id", "agreement_id", "contract_id", "date", "currency"];

/// The terms that a document of this partner would have.
pub fn header(app: &App, ctx: &Ctx, collection: &'static str, input: &Map<String, Json>) -> Result<Json> {
    let spec = app.registry.get(collection).ok_or_else(Error::not_found)?;
    if !ctx.access.may(spec, "create") && !ctx.access.may(spec, "update") {
        return Err(Error::forbidden().arg("action", "update").arg("entity", spec.name));
    }
    let columns: Vec<Column> =
        spec.columns.iter().filter(|c| HEAD.contains(&c.name)).map(|c| Column { required: false, ..c.clone() }).collect();
    let asked: Map<String, Json> = input.iter().filter(|(k, _)| HEAD.contains(&k.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect();
    let mut problems = Problems::default();
    let (found, _) = input::fields(&columns, &asked, false, &[], "", &mut problems);
    problems.finish()?;
    let get = |name: &str| found.iter().find(|(i, _)| columns[*i].name == name).map(|(_, v)| v);
    let id = |name: &str| get(name).and_then(Value::as_id);
    // What the caller does not see has no terms for him.
    for c in &columns {
        if let (Ty::Ref(of), Some(id)) = (&c.ty, id(c.name)) {
            app.record_named(ctx, of, id, c.name)?;
        }
    }
    let (Some(own), Some(partner)) = (id("company_id"), id("partner_id")) else {
        return Ok(json!({"blockers": [], "lines": []}));
    };
    let given = get("date").and_then(Value::as_date);
    let currency = get("currency").and_then(Value::as_text).and_then(|c| kontor_kernel::Currency::parse(c).ok());
    app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        let date = match given {
            Some(d) => d,
            None => company(&mut cx, own)?.today(ctx),
        };
        let mut t = kontor_prices::terms(&mut cx, own, partner, id("agreement_id"), currency, date)?;
        let contract = match id("contract_id") {
            Some(id) => Some(id),
            None => parties::only_contract(&mut cx, own, partner, date)?,
        };
        if let Some(id) = contract
            && let Some(payment) = kontor_prices::contract_payment(&mut cx, id)?
        {
            (t.payment_terms, t.payment_stages) = payment;
        }
        let card = parties::only_card(&mut cx, partner, date)?;
        let [(_, order_type), (_, payment_form)] = parties::ways_of(&mut cx, partner, &t)?;
        let mut title = |collection: &str, id: Option<Id>| -> Result<Json> {
            let Some(id) = id else { return Ok(Json::Null) };
            Ok(json!({"id": id, "title": cx.load(collection, id)?.title()}))
        };
        let (contract, card) = (title("contracts", contract)?, title("loyalty-cards", card)?);
        let (order_type, payment_form) = (title("order-types", order_type)?, title("payment-forms", payment_form)?);
        let (agreement, price_type) = (title("agreements", t.agreement_id)?, title("price-types", t.price_type_id)?);
        let warehouse = match kontor_prices::agreed(&mut cx, t.agreement_id)?.warehouse_id {
            Some(id) => Some(id),
            None => kontor_stock::only_warehouse(&mut cx, own)?,
        };
        let warehouse = match warehouse {
            Some(id) => json!({"id": id, "title": cx.load("warehouses", id)?.title()}),
            None => Json::Null,
        };
        Ok(json!({
            "agreement": agreement, "price_type": price_type, "warehouse": warehouse, "contract": contract, "loyalty_card": card,
            "order_type": order_type, "payment_form": payment_form, "currency": t.currency.code(), "vat": t.vat.code(),
            "payment_text": payment(ctx.lang, Some(t.payment_terms.kind.code()), Some(i64::from(t.payment_terms.days))), "lines": [], "blockers": [],
        }))
    })
}
