//! "Why not 95?": the smallest changes that would give a wanted price, in words.

use crate::explain::{Put, may_read};
use crate::pricing::{Asked, Desk};
use crate::terms::Terms;
use kontor_kernel::error::Result;
use kontor_kernel::{Price, Quantity, Ratio};
use kontor_platform::cx::Cx;
use kontor_platform::spec::Column;
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx};
use kontor_pricing::{Change, Choices, Suggestion};
use kontor_texts::{format, tr, tr_args};
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// `POST /prices/why-not`: the question of an explanation with `wanted_price` (of one unit, after discounts): the changes that
/// would give it or a better one, the smallest first.
pub fn why_not(app: &App, ctx: &Ctx, body: &Json) -> Result<Json> {
    may_read(app, ctx)?;
    let (put, further) = Put::read(app, ctx, body, vec![Column::price("wanted_price").required()])?;
    let wanted = further.iter().find(|(n, _)| *n == "wanted_price").and_then(|(_, v)| v.as_int()).map_or(Price::ZERO, Price::from_scaled);
    app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        let (t, asked) = put.terms(&mut cx)?;
        let desk = Desk::open(&mut cx, &t, &asked, std::slice::from_ref(&put.line))?;
        let now = desk.explained().pop();
        let (choices, names) = choices(&mut cx, &asked, &t)?;
        let mut out = suggestions(ctx, &desk.why_not(0, wanted, &choices), &names, t.currency.minor(), Unit::OWN)?;
        out["product_id"] = json!(put.line.product_id);
        out["wanted_price"] = json!(wanted.to_string());
        out["price"] = json!(now.as_ref().and_then(|e| e.net).map(|p| p.to_string()));
        out["currency"] = json!(t.currency.code());
        Ok(out)
    })
}

/// What the client could choose instead: his agreements and the standard ones, his contracts, programmes of cards, ways to pay.
pub(crate) fn choices(cx: &mut Cx, asked: &Asked, t: &Terms) -> Result<(Choices, HashMap<Id, String>)> {
    let mut names = HashMap::new();
    let mut ids = |cx: &mut Cx, sql: &str, params: &[Value]| -> Result<Vec<Id>> {
        let mut out = vec![];
        for r in cx.conn.query(sql, params)? {
            names.insert(r.id(0)?, r.text(1)?.to_string());
            out.push(r.id(0)?);
        }
        Ok(out)
    };
    let partner = asked.partner.unwrap_or_default();
    let agreements = ids(
        cx,
        "SELECT id, name FROM agreements WHERE company_id = ? AND (partner_id = ? OR (partner_id IS NULL AND segment_id IS NULL)) AND state = 'active' AND archived = ? ORDER BY id LIMIT 20",
        &[asked.company.into(), partner.into(), false.into()],
    )?;
    let contracts = ids(
        cx,
        "SELECT id, number FROM contracts WHERE partner_id = ? AND archived = ? ORDER BY id LIMIT 20",
        &[partner.into(), false.into()],
    )?;
    let cards = ids(cx, "SELECT id, name FROM loyalty_programs WHERE archived = ? ORDER BY id LIMIT 20", &[false.into()])?;
    let payment_forms = ids(cx, "SELECT id, name FROM payment_forms WHERE archived = ? ORDER BY id LIMIT 20", &[false.into()])?;
    let other = |of: Vec<Id>, now: Option<Id>| of.into_iter().filter(|id| Some(*id) != now).collect();
    let choices = Choices {
        agreements: other(agreements, t.agreement_id),
        contracts: other(contracts, t.contract_id),
        cards,
        payment_forms: other(payment_forms, t.payment_form_id),
    };
    Ok((choices, names))
}

/// A unit that figures are told in: so many of the product's own, as a fraction.
#[derive(Clone, Copy)]
pub struct Unit(pub i64, pub i64);

impl Unit {
    pub const OWN: Unit = Unit(1, 1);

    fn price(self, p: Price) -> Result<Price> {
        Ok(p.times_ratio(Ratio::new(self.0.into(), self.1.into())?)?)
    }
    fn quantity(self, q: Quantity) -> Result<Quantity> {
        Ok(q.in_units(self.1, self.0)?)
    }
}

/// The suggestions, and a sentence where there are none.
pub(crate) fn suggestions(ctx: &Ctx, found: &[Suggestion], names: &HashMap<Id, String>, minor: u32, unit: Unit) -> Result<Json> {
    let all = found.iter().map(|s| suggestion(ctx, s, names, minor, unit)).collect::<Result<Vec<Json>>>()?;
    let text = if all.is_empty() { tr(ctx.lang, "price-why_not-none").to_owned() } else { String::new() };
    Ok(json!({"suggestions": all, "text": text}))
}

fn suggestion(ctx: &Ctx, s: &Suggestion, names: &HashMap<Id, String>, minor: u32, unit: Unit) -> Result<Json> {
    let (kind, id, value, shown) = match s.change {
        Change::Card(id) => ("card", Some(id), None, None),
        Change::PaymentForm(id) => ("payment_form", Some(id), None, None),
        Change::Agreement(id) => ("agreement", Some(id), None, None),
        Change::Contract(id) => ("contract", Some(id), None, None),
        Change::Quantity(q) => {
            let q = unit.quantity(q)?;
            ("quantity", None, Some(q.to_string()), Some(format::quantity(ctx.lang, q.scaled())))
        }
        Change::OrderAmount(a) => ("order_amount", None, Some(a.to_string()), Some(format::amount(ctx.lang, a.scaled(), minor))),
        Change::Date(d) => ("date", None, Some(d.to_string()), Some(format::date(ctx.lang, d))),
        Change::ByHand(p) => {
            let p = unit.price(p)?;
            ("by_hand", None, Some(p.to_string()), Some(format::price(ctx.lang, p.scaled(), minor)))
        }
    };
    let name = id.and_then(|id| names.get(&id).cloned()).or(shown).unwrap_or_default();
    let price = unit.price(s.price)?;
    let local = format::price(ctx.lang, price.scaled(), minor);
    let text = tr_args(ctx.lang, &format!("price-why_not-{kind}"), &[("value", name.as_str().into()), ("price", local.into())]);
    Ok(json!({
        "kind": kind, "id": id, "title": id.map(|_| &name), "value": value, "price": price.to_string(), "exact": s.exact,
        "needs_approval": !s.approvals.is_empty(), "text": text,
    }))
}
