//! Whether an order keeps to the agreed terms, looked at when it is confirmed.

use crate::amounts::{self};
use crate::columns::{At, Cells, position};
use kontor_kernel::Percent;
use kontor_kernel::error::Result;
use kontor_office::document::date_of;
use kontor_office::{Company, Control};
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::value::Value;
use kontor_prices::{ByHand, Deviation, Offered, OfferedLine, payment_of};
use serde_json::Value as Json;

/// Notes the departures in the order, warns of them, and answers whether it has to wait for approval.
pub fn settle(cx: &mut Cx, r: &mut Record, company: &Company) -> Result<bool> {
    // History is as it was.
    if cx.ctx.is_history() || company.terms_control == Control::Allow {
        return Ok(false);
    }
    let found = of(cx, r, company)?;
    let noted: Vec<Json> = found.iter().map(Deviation::json).collect();
    if found.is_empty() {
        r.set("deviations", Value::Null);
        return Ok(false);
    }
    r.set("deviations", Json::Array(noted));
    for d in &found {
        cx.warn(d.field.clone(), d.code, d.args.iter().map(|(k, v)| ((*k).into(), v.clone())).collect());
    }
    Ok(company.terms_control == Control::Refuse && !cx.ctx.access.may(r.spec, "approve"))
}

/// Says while a document is still being typed what departs from the terms (PRC-16).
pub fn foretell(cx: &mut Cx, r: &Record, company: &Company) -> Result<()> {
    if cx.preview && !cx.ctx.is_history() && company.terms_control != Control::Allow {
        for d in of(cx, r, company)? {
            cx.warn(d.field, d.code, d.args.into_iter().map(|(k, v)| (k.into(), v)).collect());
        }
    }
    Ok(())
}

/// All departures of an order or quote as it stands.
pub fn of(cx: &mut Cx, r: &Record, company: &Company) -> Result<Vec<Deviation>> {
    let at = At::of(r.spec);
    let spec = &r.spec.lines[0];
    let p = |name: &str| position(spec, name);
    let (by_hand, discounted, rule) = (p("manual_price"), p("manual_discount"), p("rule_price"));
    let (cost, vat) = (at.cost, at.vat);
    let yes = Value::Bool(true);
    let mut rule_discounts = crate::offer::rule_discounts(cx, r)?.into_iter();
    let mut agreed = crate::offer::contract_prices(cx, r)?.into_iter();
    let mode = amounts::vat_of(r);
    let mut lines = vec![];
    for (n, l) in r.lines[0].iter().enumerate() {
        let rule_discount = rule_discounts.next().unwrap_or(Percent::ZERO);
        let net = amounts::net(l.amount_at(at.amount), l.amount_at(vat), mode)?;
        let known = l.amount_at(cost);
        let by_hand = ByHand { price: l.values[by_hand] == yes, discount: l.values[discounted] == yes };
        lines.push(OfferedLine {
            n,
            product_id: l.id_at(at.product),
            quantity: l.quantity_at(at.base),
            price: l.price_at(at.price),
            by_hand,
            rule_price: l.values[rule].as_int().map(kontor_kernel::Price::from_scaled),
            discount: l.percent_at(at.discount),
            rule_discount,
            contract_price: agreed.next().flatten(),
            margin: known.is_positive().then_some((net, known)),
        });
    }
    let payment = payment_of(r.json("payment_terms"));
    let stages = kontor_prices::stages::of(r.json("payment_stages"))?;
    let offered = Offered {
        document: r.id,
        company_id: company.id,
        agreement_id: r.opt_id("agreement_id"),
        contract_id: r.opt_id("contract_id"),
        counterparty_id: r.opt_id("counterparty_id"),
        price_type_id: r.opt_id("price_type_id"),
        sale_kind: Some(r.text("sale_kind")).filter(|s| !s.is_empty()),
        packaging_days: r.opt_int("packaging_days"),
        ship_on: if r.spec.has_column("ship_on") { r.opt_date("ship_on") } else { None },
        currency: r.currency("currency")?,
        vat: mode,
        total: r.amount("total"),
        payment,
        stages: &stages,
        date: date_of(r)?,
        lines: &lines,
        margin: &|cx| crate::outlook::margin(cx, r),
    };
    kontor_prices::deviations(cx, &offered)
}
