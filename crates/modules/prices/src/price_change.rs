//! Price changes: the document that puts prices into force from a day on, and its reversal, which brings the earlier prices
//! back. Its lines are the audit of a change of any size (decision 5).

use crate::price::{prices_at, problem};
use crate::types::types;
use chrono::NaiveDate;
use kontor_kernel::HashSet;
use kontor_kernel::Price;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::external_ids;
use kontor_platform::record::{Line, Record};
use kontor_platform::spec::{Column, Lines, Rules, Spec, Verb};
use kontor_platform::value::{Id, Value};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Lines of one document; larger changes are several documents.
pub const MAX_LINES: usize = 10_000;

pub fn price_changes() -> Spec {
    let mut s = Spec::document("price-changes", &["draft", "posted", "reversed"]);
    // Price types are shared by all companies of the group, so a change of prices need not belong to one.
    s.company = None;
    for c in s.columns.iter_mut().filter(|c| c.name == "company_id") {
        c.required = false;
    }
    s.section("prices", "tag-starred")
        .columns([
            Column::date("valid_from").default(Value::Null).list(),
            // The group operation that it is a part of.
            Column::reference("job_id", "jobs").computed(),
        ])
        .index_on("job", "(job_id)")
        .lines(Lines {
            name: "lines",
            table: "price_change_lines",
            columns: vec![
                Column::reference("price_type_id", "price-types").required(),
                Column::reference("product_id", "products").required(),
                Column::price("price").required().signed(),
                Column::price("previous").computed(),
            ],
            max: MAX_LINES,
            required: true,
        })
        .verb(Verb::new("post", &["draft"], &["posted"], post).primary().undone_by("reverse"))
        .verb(Verb::new("reverse", &["posted"], &["reversed"], reverse))
        .grant("director", "read create update delete undo post reverse")
        .grant("sales_manager", "read create update delete undo post reverse")
        .grant("accountant", "read")
        .rules(PriceChangeRules)
}

struct PriceChangeRules;
impl Rules for PriceChangeRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        begin(cx, &mut change.after)?;
        if change.is_create() || change.given("lines") {
            check_lines(cx, &change.after)?;
        }
        fill_previous(cx, &mut change.after)
    }
}

fn begin(cx: &mut Cx, r: &mut Record) -> Result<()> {
    if r.is_null("date") {
        r.set("date", cx.ctx.today);
    }
    if r.is_null("valid_from") {
        let date = r.get("date").clone();
        r.set("valid_from", date);
    }
    if r.text("number").is_empty() && !cx.preview {
        let n = cx.next_number("price-changes")?;
        r.set("number", format!("PC-{n:06}"));
    }
    Ok(())
}

struct Cells {
    price_type: usize,
    product: usize,
    price: usize,
    previous: usize,
}

fn cells(r: &Record) -> Cells {
    let l = &r.spec.lines[0];
    let at = |name: &str| l.index(name).unwrap_or_else(|| panic!("price changes have no column {name}"));
    Cells { price_type: at("price_type_id"), product: at("product_id"), price: at("price"), previous: at("previous") }
}

fn line_of(l: &Line, c: &Cells) -> (Id, Id, Price) {
    let id = |i: usize| l.values[i].as_id().unwrap_or_default();
    (id(c.price_type), id(c.product), Price::from_scaled(l.values[c.price].as_int().unwrap_or_default()))
}

fn check_lines(cx: &mut Cx, r: &Record) -> Result<()> {
    let types = types(cx)?;
    let (c, history) = (cells(r), cx.ctx.is_history());
    let mut seen = HashSet::new();
    let mut wrong = vec![];
    for (n, l) in r.lines[0].iter().enumerate() {
        let (price_type, product, price) = line_of(l, &c);
        wrong.extend(problem(n, types.get(price_type).map(|t| &**t), true, price, history));
        if !seen.insert((price_type, product)) {
            wrong.push(Error::field(format!("lines.{n}.product_id"), "duplicate_line"));
        }
    }
    Error::collect(wrong)
}

/// The price that each line takes the place of, on the first day of its validity.
fn fill_previous(cx: &mut Cx, r: &mut Record) -> Result<()> {
    let Some(day) = r.opt_date("valid_from") else { return Ok(()) };
    let c = cells(r);
    let mut by_type: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for l in &r.lines[0] {
        let (price_type, product, _) = line_of(l, &c);
        by_type.entry(price_type).or_default().push(product);
    }
    for (price_type, products) in by_type {
        let before = prices_at(cx, price_type, &products, day)?;
        for l in r.lines[0].iter_mut().filter(|l| l.values[c.price_type].as_id() == Some(price_type)) {
            let old = l.values[c.product].as_id().and_then(|p| before.get(&p));
            l.values[c.previous] = old.map(|p| p.price.scaled()).into();
        }
    }
    Ok(())
}

fn post(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    // A type may have become a computed one since the draft was written.
    check_lines(cx, r)?;
    somebody_else(cx, r)?;
    fill_previous(cx, r)?;
    into_force(cx, r)?;
    Ok(json!({}))
}

/// Prices of some types are put into effect by another person than the one who wrote them.
fn somebody_else(cx: &mut Cx, r: &Record) -> Result<()> {
    if r.opt_id("created_by_id") != Some(cx.ctx.user_id) || cx.ctx.user_id.is_nil() {
        return Ok(());
    }
    let (types, c) = (types(cx)?, cells(r));
    match r.lines[0].iter().find_map(|l| types.get(line_of(l, &c).0).filter(|t| t.approval)) {
        Some(t) => Err(Error::refused("price_approval_other").arg("price_type", t.name())),
        None => Ok(()),
    }
}

/// Columns of a price as a change writes it.
pub const PRICE_COLUMNS: [&str; 12] = [
    "id",
    "version",
    "price_type_id",
    "product_id",
    "valid_from",
    "price",
    "currency",
    "price_change_id",
    "recorded_at",
    "created_by_id",
    "created_at",
    "updated_at",
];

/// An empty change for the lines of a group operation, which writes them itself.
pub fn begin_of_job(cx: &mut Cx, id: Id, valid_from: NaiveDate, job: Id, draft: bool, comment: Option<&str>) -> Result<()> {
    let mut r = Record::new(cx.spec("price-changes"), id);
    r.set("valid_from", valid_from);
    r.set("job_id", job);
    r.set("comment", comment);
    begin(cx, &mut r)?;
    if !draft {
        r.set("state", "posted");
        r.set("posted_at", cx.ctx.now);
    }
    cx.insert(&mut r)
}

/// Writes the prices and marks the document posted; the caller saves it.
fn into_force(cx: &mut Cx, r: &mut Record) -> Result<()> {
    let types = types(cx)?;
    let valid_from = r.get("valid_from").clone();
    let c = cells(r);
    let now: Value = cx.ctx.now.into();
    let author = if cx.ctx.user_id.is_nil() { Value::Null } else { cx.ctx.user_id.into() };
    let mut rows = Vec::with_capacity(r.lines[0].len());
    for l in &r.lines[0] {
        let (price_type, product, price) = line_of(l, &c);
        let currency = types.get(price_type).ok_or_else(Error::not_found)?.currency;
        rows.push(vec![
            Id::now_v7().into(),
            1i64.into(),
            price_type.into(),
            product.into(),
            valid_from.clone(),
            price.scaled().into(),
            currency.code().into(),
            r.id.into(),
            now.clone(),
            author.clone(),
            now.clone(),
            now.clone(),
        ]);
    }
    cx.conn.insert_rows("prices", &PRICE_COLUMNS, &rows, "")?;
    r.set("state", "posted");
    r.set("posted_at", cx.ctx.now);
    Ok(())
}

fn reverse(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    // The lines stay as what was once decided; in force is what was before.
    let named = "SELECT id FROM prices WHERE price_change_id = ? AND external_id IS NOT NULL";
    external_ids::forget_many(cx.conn, named, &[r.id.into()])?;
    cx.conn.exec("DELETE FROM prices WHERE price_change_id = ?", &[r.id.into()])?;
    r.set("state", "reversed");
    Ok(json!({}))
}

/// Makes a posted change in one go: for imports and single prices. The caller has checked the lines.
pub fn posted(cx: &mut Cx, valid_from: NaiveDate, lines: &[(Id, Id, Price)]) -> Result<Id> {
    let spec = cx.spec("price-changes");
    let mut r = Record::new(spec, cx.new_id());
    r.set("valid_from", valid_from);
    begin(cx, &mut r)?;
    let c = cells(&r);
    debug_assert_eq!(lines.iter().map(|l| (l.0, l.1)).collect::<HashSet<_>>().len(), lines.len(), "a line is there twice");
    for (price_type, product, price) in lines {
        let mut l = Line::new(&spec.lines[0], cx.new_id());
        l.values[c.price_type] = (*price_type).into();
        l.values[c.product] = (*product).into();
        l.values[c.price] = price.scaled().into();
        r.lines[0].push(l);
    }
    fill_previous(cx, &mut r)?;
    into_force(cx, &mut r)?;
    cx.insert(&mut r)?;
    Ok(r.id)
}
