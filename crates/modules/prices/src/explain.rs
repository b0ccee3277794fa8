//! "Why this price": a question without a document, and a kept trace told again with what lost.

use crate::header::{buyer_ahead, card_holds};
use crate::pricing::{Asked, Desk, LineQuestion, asked_again, explained};
use crate::reader::Reader;
use crate::sentences::{Secrets, code, explain_sentences, record_of, secrets, sentences};
use crate::terms::{Terms, terms};
use crate::types::{types, vat_of};
use chrono::NaiveDate;
use kontor_catalog::product_facts_ahead;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Percent, Price, Quantity, VatMode};
use kontor_platform::cx::Cx;
use kontor_platform::input::{self, Problems};
use kontor_platform::spec::{Column, Spec};
use kontor_platform::value::{Id, Value, id_in, parsed};
use kontor_platform::{App, Ctx};
use kontor_pricing::{Change, Explained, Offered, Question, Trace};
use serde_json::{Value as Json, json};

fn question() -> Vec<Column> {
    vec![
        Column::reference("product_id", "products").required(),
        Column::quantity("quantity"),
        Column::date("date"),
        Column::reference("partner_id", "partners"),
        Column::reference("company_id", "companies"),
        Column::reference("agreement_id", "agreements"),
        Column::reference("price_type_id", "price-types"),
        Column::code("currency", "currencies"),
        Column::choice("vat", &["included", "excluded", "exempt"]),
        Column::price("price"),
        Column::percent("discount_percent"),
        Column::reference("contract_id", "contracts"),
        Column::reference("order_type_id", "order-types"),
        Column::reference("deal_kind_id", "deal-kinds"),
        Column::reference("payment_form_id", "payment-forms"),
        Column::reference("loyalty_card_id", "loyalty-cards"),
    ]
}

/// What an explanation takes beside its question: the same for other clients or dates.
fn compared() -> Column {
    Column::items(
        "compare",
        vec![Column::reference("partner_id", "partners"), Column::date("date"), Column::reference("agreement_id", "agreements")],
    )
}

/// What `POST /prices/explain` takes.
pub(crate) fn asks() -> Vec<Column> {
    question().into_iter().chain([compared()]).collect()
}

/// A question put into typed form.
#[derive(Clone)]
pub(crate) struct Put {
    company: Option<Id>,
    partner: Option<Id>,
    agreement: Option<Id>,
    price_type: Option<Id>,
    currency: Option<Currency>,
    vat: Option<VatMode>,
    /// Today where the company is when it is not said.
    date: Option<NaiveDate>,
    others: [Option<Id>; 5],
    pub line: LineQuestion,
}

/// What the caller may not see is as if it were not there. References with the names of their fields, asked for together.
pub(crate) fn seen<'a>(app: &App, ctx: &Ctx, refs: impl IntoIterator<Item = (&'a Column, Id, String)>) -> Result<()> {
    let refs: Vec<(&'static Spec, Id, String)> =
        refs.into_iter().filter_map(|(column, id, field)| Some((app.registry.get_ref(&column.ty)?, id, field))).collect();
    let asked: Vec<(&'static Spec, Id)> = refs.iter().map(|r| (r.0, r.1)).collect();
    let there = app.seen(ctx, &asked)?;
    match refs.into_iter().zip(there).find(|(_, there)| !there) {
        Some(((_, id, field), _)) => Err(Error::field(field, "reference_missing").field_arg("value", id)),
        None => Ok(()),
    }
}

impl Put {
    /// Reads the question; `further` are columns beside it, handed back as they were read.
    pub fn read(app: &App, ctx: &Ctx, body: &Json, further: Vec<Column>) -> Result<(Put, Vec<(&'static str, Value)>)> {
        let Json::Object(o) = body else { return Err(Error::unreadable("object_expected")) };
        let own = question();
        let known = own.len();
        let columns: Vec<Column> = own.into_iter().chain(further).collect();
        let mut problems = Problems::default();
        let (found, _) = input::fields(&columns, o, true, &[], "", &mut problems);
        problems.finish()?;
        let get = |name: &str| found.iter().find(|(i, _)| columns[*i].name == name).map(|(_, v)| v).filter(|v| !v.is_null());
        let id = |name: &str| get(name).and_then(Value::as_id);
        seen(app, ctx, found.iter().filter_map(|(i, v)| Some((&columns[*i], v.as_id()?, columns[*i].name.to_string()))))?;
        let int = |name: &str| get(name).and_then(Value::as_int);
        if int("quantity") == Some(0) {
            return Err(Error::field("quantity", "quantity_zero"));
        }
        let put = Put {
            company: id("company_id"),
            partner: id("partner_id"),
            agreement: id("agreement_id"),
            price_type: id("price_type_id"),
            currency: get("currency").and_then(Value::as_text).map(|c| currency(app, c)).transpose()?,
            vat: get("vat").and_then(Value::as_text).map(vat_of).transpose()?,
            date: get("date").and_then(Value::as_date),
            others: ["contract_id", "order_type_id", "deal_kind_id", "payment_form_id", "loyalty_card_id"].map(id),
            line: LineQuestion {
                product_id: id("product_id").unwrap_or_default(),
                quantity: int("quantity").map_or(Quantity::ONE, Quantity::from_scaled),
                manual_price: int("price").map(Price::from_scaled),
                discount: int("discount_percent").map(Percent::from_scaled),
            },
        };
        let rest = found.iter().filter(|(i, _)| *i >= known).map(|(i, v)| (columns[*i].name, v.clone())).collect();
        Ok((put, rest))
    }

    pub fn terms(&self, cx: &mut Cx) -> Result<(Terms, Asked)> {
        let company = match self.company {
            Some(c) => c,
            None => own_company(cx)?,
        };
        let date = match self.date {
            Some(d) => d,
            None => kontor_office::company(cx, company)?.today(cx.ctx),
        };
        let mut t = terms(cx, company, self.partner.unwrap_or_default(), self.agreement, self.currency, date)?;
        if let Some(asked) = self.price_type {
            of_type(cx, &mut t, asked, self.currency.is_some())?;
        }
        if let Some(vat) = self.vat {
            t.vat = vat;
        }
        [t.contract_id, t.order_type_id, t.deal_kind_id, t.payment_form_id, t.loyalty_card_id] = self.others;
        Ok((t, Asked { company, partner: self.partner, price_type: self.price_type, date }))
    }

    /// The question with a change made to it.
    pub fn with(&self, change: &Change) -> Put {
        let mut put = self.clone();
        let [contract, _, _, payment_form, card] = &mut put.others;
        match *change {
            Change::Card(id) => *card = Some(id),
            Change::PaymentForm(id) => *payment_form = Some(id),
            Change::Contract(id) => *contract = Some(id),
            Change::Agreement(id) => put.agreement = Some(id),
            Change::Date(date) => put.date = Some(date),
            Change::Quantity(q) => put.line.quantity = q,
            Change::ByHand(price) => (put.line.manual_price, put.line.discount) = (Some(price), None),
            Change::OrderAmount(_) => {}
        }
        put
    }

    pub fn offered(&self, cx: &mut Cx) -> Result<Option<Offered>> {
        let (t, asked) = self.terms(cx)?;
        Ok(Desk::open(cx, &t, &asked, std::slice::from_ref(&self.line))?.offered(0))
    }

    /// Asks at once for what each answer needs.
    fn ahead(&self, cx: &mut Cx) -> Result<()> {
        cx.revisions_ahead()?;
        if let Some(partner) = self.partner {
            buyer_ahead(cx, partner)?;
        }
        product_facts_ahead(cx, &[self.line.product_id])
    }

    fn explained(&self, cx: &mut Cx) -> Result<(Terms, Explained)> {
        let (t, asked) = self.terms(cx)?;
        let mut all = explained(cx, &t, &asked, std::slice::from_ref(&self.line))?;
        Ok((t, all.pop().ok_or_else(|| Error::internal("an answer was expected"))?))
    }
}

/// `POST /prices/explain`: the price of one product for a partner on a date, step by step, and what was tried and lost. With
/// `compare: [{partner_id?, date?, agreement_id?}]` also what another client or another day would get. `warnings` as of a document:
/// a card that gives nothing.
pub fn explain(app: &App, ctx: &Ctx, body: &Json) -> Result<Json> {
    may_read(app, ctx)?;
    let (put, further) = Put::read(app, ctx, body, vec![compared()])?;
    let others = others(app, ctx, &put, &further)?;
    app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        put.ahead(&mut cx)?;
        let hidden = secrets(&mut cx)?;
        let (t, e) = put.explained(&mut cx)?;
        let mut out = answer(&Reader::of(&mut cx, [&e])?, &t, &e, &hidden)?;
        card_holds(&mut cx, t.loyalty_card_id, put.partner, e.trace.question.head.date)?;
        out["warnings"] = json!(cx.warnings);
        let mut compared = vec![];
        for other in others {
            let (t, e) = other.explained(&mut cx)?;
            compared.push(otherwise(&mut cx, &t, &e)?);
        }
        if !compared.is_empty() {
            out["compared"] = Json::Array(compared);
        }
        Ok(out)
    })
}

/// What somebody else or another day would get, in short.
pub(crate) fn otherwise(cx: &mut Cx, t: &Terms, e: &Explained) -> Result<Json> {
    let reader = Reader::of_notes(cx, &e.problem)?;
    let head = &e.trace.question.head;
    Ok(json!({
        "partner_id": head.partner,
        "date": head.date.to_string(),
        "agreement": t.agreement_id.map(|id| json!({"id": id, "title": t.agreement_name})),
        "price": e.price.map(|p| p.to_string()),
        "discount_percent": e.discount.to_string(),
        "net_price": e.net.map(|p| p.to_string()),
        "currency": head.currency.code(),
        "problem": e.problem.as_ref().map(|n| reader.note(n, t.currency.minor())),
    }))
}

/// At most so many comparisons are made at once.
const COMPARED: usize = 20;

fn others(app: &App, ctx: &Ctx, put: &Put, further: &[(&'static str, Value)]) -> Result<Vec<Put>> {
    let Some(Value::Json(Json::Array(all))) = further.iter().find(|(n, _)| *n == "compare").map(|(_, v)| v) else { return Ok(vec![]) };
    if all.len() > COMPARED {
        return Err(Error::field("compare", "too_many").field_arg("max", COMPARED));
    }
    let mut out = vec![];
    for (n, item) in all.iter().enumerate() {
        let id = |name: &str| id_in(&item[name]);
        let mut other = put.clone();
        for (name, of) in [("partner_id", "partners"), ("agreement_id", "agreements")] {
            if let Some(id) = id(name) {
                seen(app, ctx, [(&Column::reference(name, of), id, format!("compare.{n}.{name}"))])?;
            }
        }
        if let Some(partner) = id("partner_id") {
            // Another client has terms of his own.
            (other.partner, other.agreement, other.others[0], other.others[4]) = (Some(partner), None, None, None);
        }
        other.agreement = id("agreement_id").or(other.agreement);
        if let Some(day) = parsed::<NaiveDate>(&item["date"]) {
            other.date = Some(day);
        }
        out.push(other);
    }
    Ok(out)
}

pub(crate) fn currency(app: &App, code: &str) -> Result<Currency> {
    let known = app.store.read(|conn| conn.query_opt("SELECT 1 FROM currencies WHERE code = ?", &[code.into()]))?.is_some();
    let parsed = Currency::parse(code).ok().filter(|_| known);
    parsed.ok_or_else(|| Error::field("currency", "bad_code").field_arg("value", code))
}

pub(crate) fn may_read(app: &App, ctx: &Ctx) -> Result<()> {
    app.granted(ctx, "prices", "read").map(|_| ())
}

/// The caller's first company.
pub(crate) fn own_company(cx: &mut Cx) -> Result<Id> {
    if let Some(id) = cx.ctx.access.companies.first() {
        return Ok(*id);
    }
    kontor_office::first_company(cx)?.ok_or_else(|| Error::field("company_id", "required"))
}

/// A price type by itself answers in its own currency and basis, without the agreement's discount.
fn of_type(cx: &mut Cx, t: &mut Terms, id: Id, currency_given: bool) -> Result<()> {
    let types = types(cx)?;
    let Some(known) = types.get(id) else { return Err(Error::field("price_type_id", "reference_missing")) };
    (t.agreement_id, t.agreement_name, t.discount) = (None, None, Percent::ZERO);
    t.standard_id = None;
    t.price_type_id = Some(id);
    t.vat = known.vat;
    if !currency_given {
        t.currency = known.currency;
    }
    Ok(())
}

pub(crate) fn answer(reader: &Reader, t: &Terms, e: &Explained, hidden: &Secrets) -> Result<Json> {
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
        "problem": e.problem.as_ref().map(|n| reader.note(n, minor)),
        "steps": sentences(reader, &e.trace.steps, hidden, head),
        "candidates": candidates(reader, e, minor),
        "parts": e.parts.iter().map(|p| json!({"quantity": p.quantity.to_string(), "discount_percent": p.discount.to_string(), "net_price": p.net.to_string(), "amount": p.amount.to_string()})).collect::<Vec<_>>(),
        "approvals": e.approvals.iter().map(|n| reader.note(n, minor)).collect::<Vec<_>>(),
        "remarks": e.remarks.iter().map(|n| reader.note(n, minor)).collect::<Vec<_>>(),
    }))
}

/// Every rule that was tried for the base price, the winner marked.
fn candidates(reader: &Reader, e: &Explained, minor: u32) -> Vec<Json> {
    let tried = e.trace.steps.first().map(|s| s.tried.as_slice()).unwrap_or_default();
    tried
        .iter()
        .map(|t| {
            let kind = code(&t.rule.kind);
            let record = record_of(reader, &kind, t.rule.id, &e.trace.question.head).map(|(collection, id)| json!({"collection": collection, "id": id}));
            json!({"id": t.rule.id, "name": reader.name(&t.rule.name), "kind": kind, "record": record, "won": t.lost.is_none(), "lost": t.lost.as_ref().map(|n| reader.note(n, minor))})
        })
        .collect()
}

/// A trace that was kept with a line, in words; `document` are the traces of all lines, null where a line has none. The whole
/// document is asked again today: where the answer for the line is the same, what lost is told too, otherwise `now` says what
/// the rules would give now.
pub fn explain_stored(app: &App, ctx: &Ctx, document: &[Json], line: usize) -> Result<Json> {
    let Some(trace) = document.get(line).filter(|t| !t.is_null()) else {
        return Ok(json!({"steps": [], "same": false}));
    };
    let kept: Trace = serde_json::from_value(trace.clone()).map_err(Error::internal)?;
    let (head, item) = (kept.question.head.clone(), kept.question.item.clone());
    let mut items = vec![];
    let mut at = 0;
    for (n, t) in document.iter().enumerate().filter(|(_, t)| !t.is_null()) {
        let q: Question = serde_json::from_value(t["question"].clone()).map_err(Error::internal)?;
        if n == line {
            at = items.len();
        }
        items.push(q.item);
    }
    let (now, hidden, reader) = app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        let hidden = secrets(&mut cx)?;
        let now = asked_again(&mut cx, &head, items, at)?;
        let reader = Reader::of_traces(&mut cx, now.iter().map(|e| &e.trace).chain([&kept]))?;
        Ok((now, hidden, reader))
    })?;
    let same = now.as_ref().is_some_and(|e| e.trace.winners() == kept);
    let steps = match &now {
        Some(e) if same => sentences(&reader, &e.trace.steps, &hidden, &head),
        _ => explain_sentences(&reader, trace, &hidden)?,
    };
    let remarks: Vec<String> = now.iter().flat_map(|e| &e.remarks).map(|n| reader.note(n, head.currency.minor())).collect();
    Ok(json!({
        "product_id": item.product,
        "partner_id": head.partner,
        "quantity": item.quantity.to_string(),
        "date": head.date.to_string(),
        "currency": head.currency.code(),
        "vat": head.vat.code(),
        "remarks": remarks,
        "steps": steps,
        "same": same,
        "now": now.map(|e| json!({"price": e.price.map(|p| p.to_string()), "discount_percent": e.discount.to_string()})),
    }))
}
