//! Who gets what: the price of goods for clients, kinds of dealers, segments, side by side.

use crate::explain::{answer, may_read, own_company, seen};
use crate::header;
use crate::pricing::{Asked, Desk, LineQuestion};
use crate::reader::Reader;
use crate::sentences::{code, secrets};
use crate::terms::{Terms, terms};
use chrono::NaiveDate;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Quantity};
use kontor_platform::cx::Cx;
use kontor_platform::input::{self, Problems};
use kontor_platform::spec::Column;
use kontor_platform::titles;
use kontor_platform::value::{Id, Value, id_in};
use kontor_platform::{App, Ctx};
use kontor_pricing::{Explained, StepKind};
use serde_json::{Value as Json, json};

/// So many of each at most.
const ROWS: usize = 50;
const COLUMNS: usize = 30;

const WHO: [(&str, &str); 4] =
    [("partner_id", "partners"), ("dealer_type_id", "dealer-types"), ("segment_id", "segments"), ("agreement_id", "agreements")];
const WHAT: [(&str, &str); 3] = [("product_id", "products"), ("category_id", "product-categories"), ("price_group_id", "price-groups")];

fn question() -> Vec<Column> {
    let refs = |all: &[(&'static str, &'static str)]| all.iter().map(|(name, of)| Column::reference(name, of)).collect::<Vec<_>>();
    vec![
        Column::reference("company_id", "companies"),
        Column::date("date"),
        Column::quantity("quantity"),
        Column::code("currency", "currencies"),
        // Nobody in particular is a row too.
        Column::items("rows", refs(&WHO)).required(),
        Column::items("columns", refs(&WHAT)).required(),
        // The steps of every price, as an explanation tells them.
        Column::bool("explain", false),
    ]
}

/// Whom a row is for, or what a column is about: the field and the record.
type Key = Option<(&'static str, Id)>;

struct Put {
    company: Option<Id>,
    /// Today where the company is when it is not said.
    date: Option<NaiveDate>,
    quantity: Quantity,
    currency: Option<Currency>,
    rows: Vec<Key>,
    columns: Vec<Key>,
    explain: bool,
}

fn read(app: &App, ctx: &Ctx, body: &Json) -> Result<Put> {
    let Json::Object(o) = body else { return Err(Error::unreadable("object_expected")) };
    let spec = question();
    let mut problems = Problems::default();
    let (found, _) = input::fields(&spec, o, true, &[], "", &mut problems);
    problems.finish()?;
    let get = |name: &str| found.iter().find(|(i, _)| spec[*i].name == name).map(|(_, v)| v).filter(|v| !v.is_null());
    let keys = |name: &'static str, of: &[(&'static str, &'static str)], max: usize| -> Result<Vec<Key>> {
        let Some(Value::Json(Json::Array(all))) = get(name) else { return Ok(vec![]) };
        if all.len() > max {
            return Err(Error::field(name, "too_many").field_arg("max", max));
        }
        let one = |(n, item): (usize, &Json)| -> Result<Key> {
            let given: Vec<(&'static str, &'static str, Id)> =
                of.iter().filter_map(|(field, to)| Some((*field, *to, id_in(&item[*field])?))).collect();
            match given.as_slice() {
                [] => Ok(None),
                [(field, to, id)] => {
                    seen(app, ctx, [(&Column::reference(field, to), *id, format!("{name}.{n}.{field}"))])?;
                    Ok(Some((*field, *id)))
                }
                [_, (second, ..), ..] => Err(Error::field(format!("{name}.{n}.{second}"), "condition_one_who")),
            }
        };
        all.iter().enumerate().map(one).collect()
    };
    let company = get("company_id").and_then(Value::as_id);
    if let Some(id) = company {
        seen(app, ctx, [(&spec[0], id, "company_id".to_string())])?;
    }
    let currency = get("currency").and_then(Value::as_text);
    Ok(Put {
        company,
        date: get("date").and_then(Value::as_date),
        quantity: get("quantity").and_then(Value::as_int).map_or(Quantity::ONE, Quantity::from_scaled),
        currency: currency.map(|c| crate::explain::currency(app, c)).transpose()?,
        rows: keys("rows", &WHO, ROWS)?,
        columns: keys("columns", &WHAT, COLUMNS)?,
        explain: get("explain").and_then(Value::as_bool).unwrap_or(false),
    })
}

/// `POST /prices/matrix {rows: [{partner_id | dealer_type_id | segment_id | agreement_id}], columns: [{product_id | category_id |
/// price_group_id}], company_id?, date?, quantity?, currency?, explain?}`: a cell for each, row by row. A category or price group
/// is shown by one product of it, which the answer names; a row without a key is a client of whom nothing is known.
pub fn matrix(app: &App, ctx: &Ctx, body: &Json) -> Result<Json> {
    may_read(app, ctx)?;
    let put = read(app, ctx, body)?;
    app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        let company = match put.company {
            Some(id) => id,
            None => own_company(&mut cx)?,
        };
        let date = match put.date {
            Some(d) => d,
            None => kontor_office::company(&mut cx, company)?.today(ctx),
        };
        let asked = Asked { company, partner: None, price_type: None, date };
        let products = put.columns.iter().map(|k| example(&mut cx, *k)).collect::<Result<Vec<_>>>()?;
        let mut cells = vec![];
        for row in &put.rows {
            cells.push(Json::Array(of_row(&mut cx, &put, &asked, *row, &products)?));
        }
        let columns: Vec<Json> = products
            .iter()
            .map(|p| p.as_ref().map_or(json!({"product": null}), |(id, name)| json!({"product": {"id": id, "title": name}})))
            .collect();
        Ok(json!({"company_id": company, "date": date.to_string(), "quantity": put.quantity.to_string(), "columns": columns, "cells": cells}))
    })
}

fn of_row(cx: &mut Cx, put: &Put, asked: &Asked, row: Key, products: &[Option<(Id, String)>]) -> Result<Vec<Json>> {
    let of = |field: &str| row.filter(|r| r.0 == field).map(|r| r.1);
    let (company, date) = (asked.company, asked.date);
    let (partner, segment) = (of("partner_id"), of("segment_id"));
    let agreement = match segment {
        Some(s) => of_segment(cx, company, s, date)?,
        None => of("agreement_id"),
    };
    let t = match terms(cx, company, partner.unwrap_or_default(), agreement, put.currency, date) {
        Ok(t) => t,
        // An agreement that does not hold on the day gives no price; the others are told all the same.
        Err(e) if e.kind() == kontor_kernel::error::Kind::Refused => {
            let why = e.inner().fields.first().map(|f| kontor_texts::message::error(cx.ctx.lang, &f.code, &f.args));
            return Ok(products.iter().map(|_| json!({"price": null, "problem": why})).collect());
        }
        Err(e) => return Err(e),
    };
    let lines: Vec<LineQuestion> = products
        .iter()
        .flatten()
        .map(|(id, _)| LineQuestion { product_id: *id, quantity: put.quantity, manual_price: None, discount: None })
        .collect();
    let asked = Asked { partner, ..*asked };
    let mut desk = Desk::open(cx, &t, &asked, &lines)?;
    if row.is_some_and(|r| matches!(r.0, "dealer_type_id" | "segment_id")) {
        let mut head = header::of(cx, &t, &asked)?;
        head.dealer_type = of("dealer_type_id").or(head.dealer_type);
        head.segments.extend(segment);
        desk = desk.for_others(cx, head)?;
    }
    let told = desk.alone();
    let (hidden, reader) = (secrets(cx)?, Reader::of(cx, &told)?);
    let mut told = told.iter();
    products
        .iter()
        .map(|p| match p {
            Some(_) => cell(&reader, &t, told.next(), put.explain, &hidden),
            None => Ok(json!({"price": null})),
        })
        .collect()
}

fn cell(reader: &Reader, t: &Terms, e: Option<&Explained>, explain: bool, hidden: &crate::sentences::Secrets) -> Result<Json> {
    let Some(e) = e else { return Ok(json!({"price": null})) };
    if explain {
        return answer(reader, t, e, hidden);
    }
    let decided = |s: &kontor_pricing::Step| matches!(s.step, StepKind::Base | StepKind::Surcharge | StepKind::Discount | StepKind::Order);
    let rules: Vec<Json> = e
        .trace
        .steps
        .iter()
        .filter(|s| decided(s))
        .filter_map(|s| s.rule.as_ref())
        .map(|r| json!({"kind": code(&r.kind), "id": r.id, "name": reader.name(&r.name)}))
        .collect();
    Ok(json!({
        "price": e.price.map(|p| p.to_string()), "discount_percent": e.discount.to_string(), "net_price": e.net.map(|p| p.to_string()),
        "currency": t.currency.code(), "vat": t.vat.code(), "rules": rules,
        "problem": e.problem.as_ref().map(|n| reader.note(n, t.currency.minor())),
    }))
}

/// The standard agreement of a segment on a day.
fn of_segment(cx: &mut Cx, company: Id, segment: Id, date: NaiveDate) -> Result<Option<Id>> {
    let sql = "SELECT id FROM agreements WHERE company_id = ? AND segment_id = ? AND partner_id IS NULL AND state = 'active' AND archived = ? \
               AND (valid_from IS NULL OR valid_from <= ?) AND (valid_to IS NULL OR valid_to >= ?) ORDER BY priority, id LIMIT 1";
    let params: [Value; 5] = [company.into(), segment.into(), false.into(), date.into(), date.into()];
    cx.conn.query_opt(sql, &params)?.map(|r| r.id(0)).transpose()
}

/// The product itself, or the first by name that has a price: of the group, or of the category and those below it.
fn example(cx: &mut Cx, column: Key) -> Result<Option<(Id, String)>> {
    let Some((field, id)) = column else { return Ok(None) };
    const BELOW: &str = "WITH RECURSIVE down(id, depth) AS (SELECT id, 0 FROM product_categories WHERE id = ? UNION ALL \
                         SELECT c.id, down.depth + 1 FROM product_categories c JOIN down ON c.parent_id = down.id WHERE down.depth < 50) ";
    const FIRST: &str = "t.archived = ? AND EXISTS (SELECT 1 FROM price_types y JOIN prices p ON p.price_type_id = y.id AND p.product_id = t.id) \
                         ORDER BY t.name_key, t.id LIMIT 1";
    let name = titles::sql(cx.spec("products"), "t", Some(cx.ctx.lang), cx.conn.backend());
    let (sql, params): (String, Vec<Value>) = match field {
        "product_id" => (format!("SELECT t.id, {name} FROM products t WHERE t.id = ?"), vec![id.into()]),
        "price_group_id" => {
            (format!("SELECT t.id, {name} FROM products t WHERE t.price_group_id = ? AND {FIRST}"), vec![id.into(), false.into()])
        }
        _ => (
            format!("{BELOW}SELECT t.id, {name} FROM products t WHERE t.category_id IN (SELECT id FROM down) AND {FIRST}"),
            vec![id.into(), false.into()],
        ),
    };
    cx.conn.query_opt(&sql, &params)?.map(|r| Ok((r.id(0)?, r.text(1)?.to_string()))).transpose()
}
