//! Returns: goods that came back from a client, of a shipment or by themselves. draft -> posted -> reversed.

use crate::amounts::{product_name, products_of, quantities};
use crate::columns::{At, Cells, frozen, head, position, sums};
use crate::fulfil::refresh_paid;
use crate::shipment::{lines, open};
use crate::shipment_lines::finish;
use crate::shipment_post::{Back, entry, goods_leave};
use crate::sold_at::Sold;
use crate::{parties, turnover};
use kontor_kernel::HashMap;
use kontor_kernel::Quantity;
use kontor_kernel::error::{Error, Result};
use kontor_office::company;
use kontor_office::document::{DocRef, begin, came_posted, date_of, int_type, mark_posted, posts_at_once};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::{Line, Record};
use kontor_platform::spec::{Column, Lines, Rules, Spec, Verb};
use kontor_platform::value::Id;
use kontor_settlements::{Settling, enter, lock_partner};
use kontor_stock::move_stock;
use serde_json::{Value as Json, json};

pub const ENTITY: &str = "returns";
pub const PREFIX: &str = "RT";

pub fn returns() -> Spec {
    Spec::document(ENTITY, &["draft", "posted", "reversed"])
        .section("sales", "truck-return")
        .owner("manager_id")
        .columns([Column::reference("shipment_id", "shipments").list()])
        .columns(head())
        .columns([Column::reference("deal_id", "deals"), Column::text("reason", 300)])
        .columns(sums())
        .columns([open(), frozen(), Column::bool("post", false).secret()])
        .lines(Lines { required: true, ..lines("return_lines", vec![]) })
        .group(&["vat", "currency"])
        .basis("shipment_id", "shipments")
        .verb(Verb::new("post", &["draft"], &["posted"], post).primary().undone_by("reverse"))
        .verb(Verb::new("reverse", &["posted"], &["reversed"], reverse))
        .verb(Verb::new("revise", &["posted"], &["posted"], revise).edits())
        .grant("director", "read create update delete undo post reverse revise")
        .grant("sales_manager", "read:team create update:team delete:team undo:team post:team reverse:team revise:team")
        .grant("salesperson", "read:own create update:own delete:own undo:own")
        .grant("accountant", "read create update undo post reverse revise")
        .grant("storekeeper", STOREKEEPER)
        .rules(ReturnRules)
}

const STOREKEEPER: &str = "read create update delete undo post reverse revise hide:total,vat_total,net_total,cost_total,margin,open,price,discount_percent,discount_amount,amount,vat_amount,cost,payment_terms,payment_stages,frozen";

struct ReturnRules;
impl Rules for ReturnRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let company = begin(cx, change, PREFIX)?;
        let at = At::of(change.after.spec);
        let wrong = change.after.lines[0].iter().enumerate().flat_map(|(n, l)| {
            let missing = [(at.product, "product_id"), (at.quantity, "quantity")].into_iter().filter(|(i, _)| l.values[*i].is_null());
            missing.map(move |(_, name)| Error::field(format!("lines.{n}.{name}"), "required")).collect::<Vec<_>>()
        });
        Error::collect(wrong.collect())?;
        of_shipment(cx, change)?;
        finish(cx, change, &company, true)?;
        if posts_at_once(cx, change)? {
            prepare(cx, &mut change.after)?;
        }
        Ok(())
    }
    fn written(&self, cx: &mut Cx, change: &Change) -> Result<()> {
        if came_posted(change) {
            take_effect(cx, &change.after, None)?;
        }
        Ok(())
    }
}

/// What a return does not say itself comes from its shipment: terms, and the price after discount of the same product.
fn of_shipment(cx: &mut Cx, change: &mut Change) -> Result<()> {
    let Some(id) = change.after.opt_id("shipment_id") else { return Ok(()) };
    let shipment = cx.load("shipments", id)?;
    for (column, code) in [("company_id", "company_mismatch"), ("partner_id", "partner_mismatch")] {
        if change.after.get(column) != shipment.get(column) {
            return Err(Error::field("shipment_id", code));
        }
    }
    for column in ["currency", "vat", "agreement_id", "contract_id", "counterparty_id", "warehouse_id", "country", "deal_id"] {
        if change.after.is_null(column) {
            change.after.set(column, shipment.get(column).clone());
        }
    }
    if change.before.is_none() && !change.given("manager_id") {
        change.after.set("manager_id", shipment.get("manager_id").clone());
    }
    let (there, at) = (At::of(shipment.spec), At::of(change.after.spec));
    let (off, sold_off) = (position(&change.after.spec.lines[0], "discount_amount"), position(&shipment.spec.lines[0], "discount_amount"));
    let products = products_of(cx, &change.after, at)?;
    let of_product = |line: &Line| {
        let product = line.values[at.product].clone();
        shipment.lines[0].iter().filter(move |l| l.values[there.product] == product).map(|l| Sold::of(l, there, sold_off))
    };
    for (n, line) in change.after.lines[0].iter_mut().enumerate().filter(|(_, l)| l.values[at.price].is_null()) {
        if let Some(sold) = of_product(line).next() {
            if line.values[at.unit].is_null() {
                line.values[at.unit] = sold.unit().into();
            }
            let field = format!("lines.{n}.price");
            sold.put(line, at, &products).map_err(|e| e.at(field.as_str()))?;
            let mut alike = true;
            for other in of_product(line) {
                alike &= other.is_price_of(line, at, &products).map_err(|e| e.at(field.as_str()))?;
            }
            if !alike && !cx.ctx.is_history() {
                let name = product_name(line, at, &products);
                cx.warn(field, "return_several_prices", vec![("product".into(), name)]);
            }
        }
    }
    quantities(cx, &mut change.after, at, &products)?;
    let minor = change.after.currency("currency")?.minor();
    for (n, line) in change.after.lines[0].iter_mut().enumerate() {
        let mut part = Ok(0);
        for sold in of_product(line) {
            match sold.is_price_of(line, at, &products) {
                Ok(true) => part = sold.part_off(line.int_at(at.base), minor),
                Ok(false) => continue,
                Err(e) => part = Err(e),
            }
            break;
        }
        line.values[off] = part.map_err(|e| e.at(format!("lines.{n}.quantity")))?.into();
    }
    Ok(())
}

/// Everything that may refuse or fill before the rows are written.
fn prepare(cx: &mut Cx, r: &mut Record) -> Result<()> {
    company(cx, r.ref_id("company_id"))?.check_open(date_of(r)?)?;
    not_beyond(cx, r)?;
    parties::freeze(cx, r)?;
    mark_posted(cx, r);
    Ok(())
}

/// No more comes back of a product than its shipment took there, all returns together. The shipment stays locked meanwhile.
fn not_beyond(cx: &mut Cx, r: &Record) -> Result<()> {
    let Some(id) = r.opt_id("shipment_id") else { return Ok(()) };
    let shipment = cx.load_locked("shipments", id)?;
    if shipment.state() != "posted" {
        return Err(Error::field("shipment_id", "not_posted"));
    }
    let (there, at) = (At::of(shipment.spec), At::of(r.spec));
    let mut left: HashMap<Id, i64> = HashMap::new();
    for l in &shipment.lines[0] {
        *left.entry(l.id_at(there.product).unwrap_or_default()).or_default() += l.int_at(there.base);
    }
    let shipped = left.clone();
    let int = int_type(cx.conn);
    let sql = format!(
        "SELECT l.product_id, CAST(SUM(l.base_quantity) AS {int}) FROM returns r JOIN return_lines l ON l.parent_id = r.id WHERE r.shipment_id = ? AND r.state = 'posted' AND r.id <> ? GROUP BY l.product_id"
    );
    for row in cx.conn.query(&sql, &[id.into(), r.id.into()])? {
        *left.entry(row.id(0)?).or_default() -= row.int(1)?;
    }
    let mut wrong = vec![];
    for (n, l) in r.lines[0].iter().enumerate() {
        let product = l.id_at(at.product).unwrap_or_default();
        let rest = left.entry(product).or_default();
        *rest -= l.int_at(at.base);
        if *rest < 0 {
            let s = Quantity::from_scaled(shipped.get(&product).copied().unwrap_or(0));
            wrong.push(Error::field(format!("lines.{n}.quantity"), "over_returned").field_arg("shipped", s));
        }
    }
    Error::collect(wrong)
}

fn take_effect(cx: &mut Cx, r: &Record, before: Option<&Record>) -> Result<()> {
    let company = company(cx, r.ref_id("company_id"))?;
    let doc = DocRef { entity: ENTITY, id: r.id, date: company.open_day(date_of(r)?) };
    lock_partner(cx, company.id, r.ref_id("partner_id"), r.text("currency"))?;
    let mut moves = vec![];
    if let Some(b) = before {
        moves = Back::of(b, &company)?.moves(cx)?;
    }
    moves.extend(goods_leave(cx, r, doc, 1)?);
    move_stock(cx, &moves)?;
    if let Some(b) = before {
        Back::of(b, &company)?.debts_and_turnover(cx)?;
    }
    let settling = r.opt_id("shipment_id").map_or(Settling::Oldest, Settling::First);
    let settled = enter(cx, &entry(r, doc, -1)?, settling)?;
    refresh_paid(cx, &settled.orders)?;
    turnover::post(cx, doc, r, At::of(r.spec), -1)?;
    cx.event("return.posted", r, json!({}))
}

fn post(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    prepare(cx, r)?;
    take_effect(cx, r, None)?;
    Ok(Json::Null)
}

fn reverse(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    let company = company(cx, r.ref_id("company_id"))?;
    let back = Back::of(r, &company)?;
    lock_partner(cx, company.id, r.ref_id("partner_id"), r.text("currency"))?;
    let moves = back.moves(cx)?;
    move_stock(cx, &moves)?;
    back.debts_and_turnover(cx)?;
    r.set("state", "reversed");
    cx.event("return.reversed", r, json!({}))?;
    Ok(Json::Null)
}

fn revise(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    let before = cx.load(ENTITY, r.id)?;
    if r.get("shipment_id") != before.get("shipment_id") {
        return Err(Error::field("shipment_id", "read_only"));
    }
    not_beyond(cx, r)?;
    parties::freeze(cx, r)?;
    take_effect(cx, r, Some(&before))?;
    r.set("revision", r.int("revision") + 1);
    Ok(Json::Null)
}
