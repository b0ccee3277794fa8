//! Stock receipts: goods that came in, with what they cost. draft -> posted -> reversed; `revise` corrects a posted one.

use crate::moves::{StockMove, move_stock, taken_back};
use crate::warehouse::{only_warehouse, warehouse};
use kontor_catalog::{ProductKind, product_facts};
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Price, Quantity};
use kontor_office::document::{DocRef, begin, came_posted, date_of, mark_posted, posts_at_once};
use kontor_office::{Company, company};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::registers::{self, Movement};
use kontor_platform::spec::{Column, Lines, Rules, Spec, Verb};
use kontor_platform::value::{Id, Value};
use serde_json::{Value as Json, json};

const ENTITY: &str = "stock-receipts";
pub(crate) const PREFIX: &str = "SR";

pub fn stock_receipts() -> Spec {
    Spec::document(ENTITY, &["draft", "posted", "reversed"])
        .section("stock", "truck-loading")
        .columns([
            Column::reference("warehouse_id", "warehouses").list(),
            Column::reference("supplier_id", "partners").list(),
            Column::amount("total").signed().computed().default(0i64).list(),
            // Made and posted in one command.
            Column::bool("post", false).secret(),
        ])
        .lines(Lines {
            name: "lines",
            table: "stock_receipt_lines",
            columns: vec![
                Column::reference("product_id", "products").required(),
                Column::quantity("quantity").required().signed(),
                // A draft may be made before it is known what the goods cost.
                Column::price("cost").signed(),
                Column::amount("amount").signed().computed().default(0i64),
            ],
            max: 10_000,
            required: true,
        })
        .verb(Verb::new("post", &["draft"], &["posted"], post).primary().undone_by("reverse"))
        .verb(Verb::new("reverse", &["posted"], &["reversed"], reverse))
        .verb(Verb::new("revise", &["posted"], &["posted"], revise).edits())
        .grant("director", "read create update delete undo post reverse revise")
        .grant("storekeeper", "read create update delete undo post reverse revise")
        .grant("accountant", "read create update undo post reverse revise")
        .grant("sales_manager", "read")
        .rules(ReceiptRules)
}

struct ReceiptRules;
impl Rules for ReceiptRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let company = begin(cx, change, PREFIX)?;
        let r = &mut change.after;
        if r.is_null("warehouse_id") {
            let only = only_warehouse(cx, company.id)?;
            r.set("warehouse_id", only);
        }
        match r.opt_id("warehouse_id") {
            None => return Err(Error::field("warehouse_id", "warehouse_missing")),
            Some(w) if warehouse(cx, w)?.company_id != company.id => return Err(Error::field("warehouse_id", "warehouse_other_company")),
            Some(_) => {}
        }
        lines(cx, r, company.currency.minor())?;
        if posts_at_once(cx, change)? {
            costs_known(&change.after)?;
            mark_posted(cx, &mut change.after);
        }
        Ok(())
    }
    fn written(&self, cx: &mut Cx, change: &Change) -> Result<()> {
        if came_posted(change) {
            let company = company(cx, change.after.ref_id("company_id"))?;
            write(cx, &change.after, &company, vec![])?;
        }
        Ok(())
    }
}

fn lines(cx: &mut Cx, r: &mut Record, minor: u32) -> Result<()> {
    let spec = &r.spec.lines[0];
    let ids: Vec<Id> = r.lines[0].iter().filter_map(|l| l.get(spec, "product_id").as_id()).collect();
    let facts = product_facts(cx, &ids)?;
    let mut total = vec![];
    for (n, line) in r.lines[0].iter_mut().enumerate() {
        let at = |column: &str| format!("lines.{n}.{column}");
        let quantity = Quantity::from_scaled(line.get(spec, "quantity").as_int().unwrap_or(0));
        let cost = Price::from_scaled(line.get(spec, "cost").as_int().unwrap_or(0));
        if quantity.is_zero() {
            return Err(Error::field(at("quantity"), "quantity_zero"));
        }
        if !cx.ctx.is_history() && quantity.is_negative() {
            return Err(Error::field(at("quantity"), "quantity_negative"));
        }
        if !cx.ctx.is_history() && cost.is_negative() {
            return Err(Error::field(at("cost"), "negative_price"));
        }
        let product = line.get(spec, "product_id").as_id().and_then(|id| facts.get(&id));
        if let Some(p) = product.filter(|p| p.kind == ProductKind::Service) {
            return Err(Error::field(at("product_id"), "service_has_no_stock").field_arg("product", &p.name));
        }
        let amount = cost.times(quantity, minor).map_err(|e| e.at(at("cost")))?;
        line.set(spec, "amount", amount.scaled());
        total.push(amount);
    }
    r.set("total", Amount::sum(total).map_err(|e| e.at("lines"))?.scaled());
    Ok(())
}

/// Goods without a cost would come in for nothing and bring the average down: zero has to be said.
fn costs_known(r: &Record) -> Result<()> {
    let spec = &r.spec.lines[0];
    let unknown = r.lines[0].iter().enumerate().filter(|(_, l)| l.get(spec, "cost").is_null());
    Error::collect(unknown.map(|(n, _)| Error::field(format!("lines.{n}.cost"), "cost_missing")).collect())
}

/// Both registers, together with what is taken back of an earlier revision.
fn write(cx: &mut Cx, r: &Record, company: &Company, mut moves: Vec<StockMove>) -> Result<()> {
    let doc = DocRef { entity: ENTITY, id: r.id, date: company.open_day(date_of(r)?) };
    let warehouse = r.ref_id("warehouse_id");
    let mut costs = vec![];
    let spec = &r.spec.lines[0];
    for (n, l) in r.lines[0].iter().enumerate() {
        let product = l.get(spec, "product_id").as_id().unwrap_or_default();
        let quantity = l.get(spec, "quantity").as_int().unwrap_or(0);
        moves.push(StockMove {
            doc,
            warehouse,
            product,
            line: n as i64,
            on_hand: Quantity::from_scaled(quantity),
            reserved: Quantity::ZERO,
            storno: None,
        });
        costs.push(Movement {
            date: doc.date,
            entity: ENTITY,
            recorder: r.id,
            line: n as i64,
            dims: vec![Value::Id(company.id), product.into()],
            resources: vec![quantity, l.get(spec, "amount").as_int().unwrap_or(0)],
            storno: None,
        });
    }
    move_stock(cx, &moves)?;
    registers::post(cx, "stock_cost", &costs)
}

fn post(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    let company = company(cx, r.ref_id("company_id"))?;
    company.check_open(date_of(r)?)?;
    costs_known(r)?;
    mark_posted(cx, r);
    write(cx, r, &company, vec![])?;
    cx.event("stock-receipt.posted", r, json!({}))?;
    Ok(Json::Null)
}

/// What was written so far goes back; the stock part is returned, to be looked at together with what comes next.
fn take_back(cx: &mut Cx, r: &Record, company: &Company) -> Result<Vec<StockMove>> {
    let date = date_of(r)?;
    let open = company.open_day(date);
    let open_from = (open != date).then_some(open);
    if let Some(reg) = cx.app.registry.register_of("stock_cost") {
        registers::reverse_in(cx, reg, r.id, open_from)?;
    }
    taken_back(cx, DocRef { entity: ENTITY, id: r.id, date: open }, open_from)
}

fn reverse(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    let company = company(cx, r.ref_id("company_id"))?;
    let moves = take_back(cx, r, &company)?;
    move_stock(cx, &moves)?;
    r.set("state", "reversed");
    cx.event("stock-receipt.reversed", r, json!({}))?;
    Ok(Json::Null)
}

fn revise(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    let company = company(cx, r.ref_id("company_id"))?;
    costs_known(r)?;
    let moves = take_back(cx, r, &company)?;
    write(cx, r, &company, moves)?;
    r.set("revision", r.int("revision") + 1);
    Ok(Json::Null)
}
