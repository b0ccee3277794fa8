//! "Why this price": a question without a document, and a kept trace told again with what lost.

use crate::pricing::{Asked, LineQuestion, explained};
use crate::sentences::{Secrets, explain_sentences, note, secrets, sentences};
use crate::terms::{Terms, terms};
use crate::types::{types, vat_of};
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Percent, Quantity};
use kontor_platform::cx::Cx;
use kontor_platform::input::{self, Problems};
use kontor_platform::spec::Column;
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx};
use kontor_pricing::{Explained, Trace};
use serde_json::{Value as Json, json};

fn question() -> Vec<Column> {
    vec![
        Column::reference("product_id", "products").required(),
        Column::quantity("quantity").signed(),
        Column::date("date"),
        Column::reference("partner_id", "partners"),
        Column::reference("company_id", "companies"),
        Column::reference("agreement_id", "agreements"),
        Column::reference("price_type_id", "price-types"),
        Column::code("currency", "currencies"),
        Column::choice("vat", &["included", "excluded", "exempt"]),
        Column::price("price"),
        Column::percent("discount_percent"),
    ]
}

/// `POST /prices/explain`: the price of one product for a partner on a date, step by step, and what was tried and lost.
pub fn explain(app: &App, ctx: &Ctx, body: &Json) -> Result<Json> {
    may_read(app, ctx)?;
    let Json::Object(o) = body else { return Err(Error::unreadable("object_expected")) };
    let columns = question();
    let mut problems = Problems::default();
    let (found, _) = input::fields(&columns, o, true, &[], "", &mut problems);
    problems.finish()?;
    let get = |name: &str| found.iter().find(|(i, _)| columns[*i].name == name).map(|(_, v)| v).filter(|v| !v.is_null());
    let id = |name: &str| get(name).and_then(Value::as_id);
    for (i, v) in &found {
        if let (Some(of), Value::Id(id)) = (app.registry.get_ref(&columns[*i].ty), v) {
            // What the caller may not see is as if it were not there.
            app.record(ctx, of.name, *id).map_err(|_| Error::field(columns[*i].name, "reference_missing").field_arg("value", id))?;
        }
    }
    let currency = match get("currency").and_then(Value::as_text) {
        Some(c) => Some(currency(app, c)?),
        None => None,
    };
    let date = get("date").and_then(Value::as_date).unwrap_or(ctx.today);
    let int = |name: &str| get(name).and_then(Value::as_int);
    let line = LineQuestion {
        product_id: id("product_id").unwrap_or_default(),
        quantity: int("quantity").map_or(Quantity::ONE, Quantity::from_scaled),
        manual_price: int("price").map(kontor_kernel::Price::from_scaled),
        discount: int("discount_percent").map(Percent::from_scaled),
    };
    app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        let company = match id("company_id") {
            Some(c) => c,
            None => own_company(&mut cx)?,
        };
        let mut t = terms(&mut cx, company, id("partner_id").unwrap_or_default(), id("agreement_id"), currency, date)?;
        if let Some(asked) = id("price_type_id") {
            of_type(&mut cx, &mut t, asked, currency.is_some())?;
        }
        if let Some(vat) = get("vat").and_then(Value::as_text) {
            t.vat = vat_of(vat)?;
        }
        let asked = Asked { partner: id("partner_id"), price_type: id("price_type_id"), date };
        let e =
            explained(&mut cx, &t, &asked, std::slice::from_ref(&line))?.pop().ok_or_else(|| Error::internal("an answer was expected"))?;
        let hidden = secrets(&mut cx)?;
        answer(ctx, &t, &e, &hidden)
    })
}

fn currency(app: &App, code: &str) -> Result<Currency> {
    let known = app.store.read(|conn| conn.query_opt("SELECT 1 FROM currencies WHERE code = ?", &[code.into()]))?.is_some();
    let parsed = Currency::parse(code).ok().filter(|_| known);
    parsed.ok_or_else(|| Error::field("currency", "bad_code").field_arg("value", code))
}

fn may_read(app: &App, ctx: &Ctx) -> Result<()> {
    let spec = app.registry.get("prices").ok_or_else(Error::not_found)?;
    if ctx.access.may(spec, "read") { Ok(()) } else { Err(Error::forbidden().arg("action", "read").arg("entity", spec.name)) }
}

/// The caller's first company.
fn own_company(cx: &mut Cx) -> Result<Id> {
    if let Some(id) = cx.ctx.access.companies.first() {
        return Ok(*id);
    }
    let row = cx.conn.query_opt("SELECT id FROM companies WHERE archived = ? ORDER BY id LIMIT 1", &[false.into()])?;
    row.ok_or_else(|| Error::field("company_id", "required"))?.id(0)
}

/// A price type by itself answers in its own currency and basis, without the agreement's discount.
fn of_type(cx: &mut Cx, t: &mut Terms, id: Id, currency_given: bool) -> Result<()> {
    let types = types(cx)?;
    let Some(known) = types.get(id) else { return Err(Error::field("price_type_id", "reference_missing")) };
    (t.agreement_id, t.agreement_name, t.discount) = (None, None, Percent::ZERO);
    t.price_type_id = Some(id);
    t.vat = known.vat;
    if !currency_given {
        t.currency = known.currency;
    }
    Ok(())
}

fn answer(ctx: &Ctx, t: &Terms, e: &Explained, hidden: &Secrets) -> Result<Json> {
    let (head, item) = (&e.trace.question.head, &e.trace.question.item);
    let minor = head.currency.minor();
    Ok(json!({
        "product_id": item.product,
        "partner_id": head.partner,
        "quantity": item.quantity.to_string(),
        "date": head.date.to_string(),
        "price": e.price.map(|p| p.to_string()),
        "rule_price": e.rule_price.map(|p| p.to_string()),
        "net_price": e.net.map(|p| p.to_string()),
        "currency": head.currency.code(),
        "vat": head.vat.code(),
        "discount_percent": e.discount.to_string(),
        "amount": e.amount.map(|a| a.to_string()),
        "price_type_id": e.price_type,
        "agreement": t.agreement_id.map(|id| json!({"id": id, "title": t.agreement_name})),
        "problem": e.problem.as_ref().map(|n| note(ctx.lang, n, minor)),
        "steps": sentences(ctx.lang, &e.trace.steps, hidden),
        "candidates": candidates(ctx, e, minor),
    }))
}

/// Every rule that was tried for the base price, the winner marked.
fn candidates(ctx: &Ctx, e: &Explained, minor: u32) -> Vec<Json> {
    let tried = e.trace.steps.first().map(|s| s.tried.as_slice()).unwrap_or_default();
    tried
        .iter()
        .map(|t| json!({"id": t.rule.id, "name": t.rule.name, "kind": serde_json::to_value(t.rule.kind).unwrap_or_default(), "won": t.lost.is_none(), "lost": t.lost.as_ref().map(|n| note(ctx.lang, n, minor))}))
        .collect()
}

/// A trace that was kept with a line, in words. Asked again today; where the answer is the same, what lost is told too,
/// otherwise `now` says what the rules would give now.
pub fn explain_stored(app: &App, ctx: &Ctx, trace: &Json) -> Result<Json> {
    if trace.is_null() {
        return Ok(json!({"steps": [], "same": false}));
    }
    let kept: Trace = serde_json::from_value(trace.clone()).map_err(Error::internal)?;
    let (head, item) = (kept.question.head.clone(), kept.question.item.clone());
    let (now, hidden) = app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        let hidden = secrets(&mut cx)?;
        let Some(t) = terms_of(&mut cx, &kept)? else { return Ok((None, hidden)) };
        let line = LineQuestion {
            product_id: item.product,
            quantity: item.quantity,
            manual_price: item.line_price,
            discount: item.line_discount,
        };
        let asked = Asked { partner: head.partner, price_type: head.price_type, date: head.date };
        Ok((explained(&mut cx, &t, &asked, std::slice::from_ref(&line))?.pop(), hidden))
    })?;
    let same = now.as_ref().is_some_and(|e| e.trace.winners() == kept);
    let steps = match &now {
        Some(e) if same => sentences(ctx.lang, &e.trace.steps, &hidden),
        _ => explain_sentences(ctx.lang, trace, &hidden)?,
    };
    Ok(json!({
        "product_id": item.product,
        "partner_id": head.partner,
        "quantity": item.quantity.to_string(),
        "date": head.date.to_string(),
        "currency": head.currency.code(),
        "vat": head.vat.code(),
        "steps": steps,
        "same": same,
        "now": now.map(|e| json!({"price": e.price.map(|p| p.to_string()), "discount_percent": e.discount.to_string()})),
    }))
}

/// The terms that a kept question was asked under, without checking whether they would be granted today.
fn terms_of(cx: &mut Cx, kept: &Trace) -> Result<Option<Terms>> {
    let q = &kept.question.head;
    let found = match q.agreement {
        Some(id) => cx.conn.query_opt("SELECT company_id FROM agreements WHERE id = ?", &[id.into()])?.map(|r| r.id(0)).transpose()?,
        None => None,
    };
    let company = match (found, q.agreement) {
        (Some(c), _) => c,
        (None, Some(_)) => return Ok(None),
        (None, None) => own_company(cx)?,
    };
    let mut t = terms(cx, company, Id::nil(), None, Some(q.currency), q.date)?;
    (t.agreement_id, t.vat, t.rate_type_id) = (q.agreement, q.vat, q.rate_type);
    if let Some(id) = q.agreement {
        t.price_type_id = crate::terms::agreement(cx, id)?.opt_id("price_type_id");
    }
    Ok(Some(t))
}
