//! What the editor of an order or a quote shows beside the document itself while it is typed: stock and margin of each
//! line, figures of the totals, and what would stand in the way of confirming, each with its ways out. Writes nothing.

use chrono::NaiveDate;
use kontor_catalog::{ProductKind, product_facts, unit_symbols};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Percent, Price, Quantity, mul_div};
use kontor_office::{Control, company};
use kontor_platform::app::{App, Asked};
use kontor_platform::ctx::Ctx;
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::value::{Id, id_in, parsed};
use kontor_texts::{Arg, Lang, message, tr, tr_args};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// A margin below so many percent is shown as thin.
const THIN: i64 = 10 * 10_000;

pub fn of_order(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    editor(app, ctx, "sales-orders", asked)
}

pub fn of_quote(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    editor(app, ctx, "quotes", asked)
}

/// `POST …/editor?id=`: the document as it would be saved (with an id: as a change of that one), and what is told above.
/// Without lines only the terms are told, for the header.
fn editor(app: &App, ctx: &Ctx, collection: &'static str, asked: &Asked) -> Result<Json> {
    let Json::Object(mut input) = asked.body.clone() else { return Err(Error::unreadable("object_expected")) };
    input.remove("version");
    if input.get("lines").is_some_and(|l| l.as_array().is_some_and(Vec::is_empty)) {
        return crate::editor_head::header(app, ctx, collection, &input);
    }
    let mut doc = app.preview_then(ctx, collection, asked.id("id")?, &Json::Object(input), |cx, r, mut doc| {
        foretell(cx, r, &mut doc)?;
        Ok(doc)
    })?;
    let mut e = Editor { app, ctx, blockers: vec![], products: HashMap::new(), units: HashMap::new(), free: HashMap::new() };
    app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        e.facts(&mut cx, &doc)?;
        if doc["price_type"].is_null() {
            doc["price_type"] = price_type(&mut cx, &doc)?;
        }
        e.lines(&mut doc);
        e.totals(&mut doc)?;
        e.prices(&doc);
        if collection == "sales-orders" {
            e.stock(&mut cx, &doc)?;
            e.credit(&mut cx, &doc)?;
        }
        Ok(())
    })?;
    doc["payment_text"] = payment(ctx.lang, doc["payment_terms"]["kind"].as_str(), doc["payment_terms"]["days"].as_i64());
    doc["blockers"] = Json::Array(e.blockers);
    Ok(doc)
}

/// What the document earns, what departs from the terms and which gifts are due, before it is saved (PRC-16, PRC-12).
fn foretell(cx: &mut Cx, r: &Record, doc: &mut Json) -> Result<()> {
    if cx.ctx.access.hidden(r.spec, "price") {
        return Ok(());
    }
    doc["deviations"] = Json::Array(crate::outlook::deviations(cx, r)?);
    let found = match crate::outlook::outlook(cx, r) {
        // Terms that do not hold are told by the line above; nothing can be reckoned by them.
        Err(e) if e.kind() == kontor_kernel::error::Kind::Refused => return Ok(()),
        found => found?,
    };
    for (line, p) in doc["lines"].as_array_mut().into_iter().flatten().zip(&found.lines) {
        line["deviation"] = json!(p.deviation.filter(|d| !d.is_zero()));
    }
    doc["deviation_total"] = json!(found.whole.deviation.filter(|d| !d.is_zero()));
    let company = company(cx, r.ref_id("company_id"))?;
    doc["needs_approval"] = json!(
        company.terms_control == Control::Refuse
            && doc["deviations"].as_array().is_some_and(|d| !d.is_empty())
            && !cx.ctx.access.may(r.spec, "approve")
    );
    let ids: Vec<Id> = found.gifts.iter().map(|g| g.product_id).collect();
    let products = product_facts(cx, &ids)?;
    // What was put away is in no new line, as a gift neither.
    let gift = |g: &kontor_prices::GiftDue| products.get(&g.product_id).filter(|p| !p.archived);
    let gifts = found.gifts.iter().filter_map(|g| gift(g).map(|p| (g, p))).map(|(g, p)| {
        json!({
            "promotion": {"id": g.promotion_id, "title": g.promotion}, "product": {"id": g.product_id, "title": p.name}, "sku": p.sku,
            "quantity": g.quantity,
        })
    });
    doc["gifts"] = gifts.collect();
    Ok(())
}

/// The price type that the terms lead to, where the document names none itself.
fn price_type(cx: &mut Cx, doc: &Json) -> Result<Json> {
    let (Some(own), Some(partner)) = (id_of(doc, "company_id"), id_of(doc, "partner_id")) else { return Ok(Json::Null) };
    let date = match parsed::<NaiveDate>(&doc["date"]) {
        Some(d) => d,
        None => company(cx, own)?.today(cx.ctx),
    };
    let currency = parsed::<kontor_kernel::Currency>(&doc["currency"]);
    match kontor_prices::terms(cx, own, partner, id_of(doc, "agreement_id"), currency, date)?.price_type_id {
        Some(id) => Ok(json!({"id": id, "title": cx.load("price-types", id)?.title()})),
        None => Ok(Json::Null),
    }
}

/// Terms of payment in words.
pub(crate) fn payment(lang: Lang, kind: Option<&str>, days: Option<i64>) -> Json {
    let Some(kind) = kind else { return Json::Null };
    let name = message::choice(lang, "payment_terms", "kind", kind);
    match days.filter(|d| *d > 0) {
        Some(d) => json!(format!("{name}, {}", tr_args(lang, "work-days", &[("count", d.into())]))),
        None => json!(name),
    }
}

struct Product {
    sku: String,
    name: String,
    unit: Id,
    goods: bool,
}

struct Editor<'a> {
    app: &'a App,
    ctx: &'a Ctx,
    blockers: Vec<Json>,
    products: HashMap<Id, Product>,
    /// Symbols of units in the caller's language.
    units: HashMap<Id, String>,
    /// Free today by warehouse and product.
    free: HashMap<(Id, Id), i64>,
}

fn id_of(j: &Json, field: &str) -> Option<Id> {
    id_in(&j[field])
}
fn amount(j: &Json, field: &str) -> Option<i64> {
    parsed::<Amount>(&j[field]).map(Amount::scaled)
}
fn quantity(j: &Json, field: &str) -> i64 {
    parsed::<Quantity>(&j[field]).map_or(0, Quantity::scaled)
}
/// Percent of `part` in `of`.
fn percent(part: i64, of: i64) -> Option<String> {
    (of > 0).then(|| mul_div(part, 1000, of)).flatten().and_then(|t| t.checked_mul(1000)).map(|p| Percent::from_scaled(p).to_string())
}

impl Editor<'_> {
    /// Names of the products and what is free of them where the lines take them from.
    fn facts(&mut self, cx: &mut Cx, doc: &Json) -> Result<()> {
        let lines = doc["lines"].as_array().map(Vec::as_slice).unwrap_or_default();
        let ids: Vec<Id> = lines.iter().filter_map(|l| id_of(l, "product_id")).collect();
        self.units = unit_symbols(cx.conn, cx.ctx)?;
        for (id, f) in product_facts(cx, &ids)? {
            self.products
                .insert(id, Product { sku: f.sku.clone(), name: f.name.clone(), unit: f.unit_id, goods: f.kind == ProductKind::Goods });
        }
        let mut by: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        for l in lines {
            if let (Some(w), Some(p)) = (id_of(l, "warehouse_id").or_else(|| id_of(doc, "warehouse_id")), id_of(l, "product_id")) {
                by.entry(w).or_default().push(p);
            }
        }
        for (warehouse, ids) in by {
            let found = kontor_stock::available(cx.conn, warehouse, &ids)?;
            for p in ids {
                let (on_hand, reserved) = found.get(&p).copied().unwrap_or_default();
                self.free.insert((warehouse, p), on_hand.scaled().saturating_sub(reserved.scaled()));
            }
        }
        Ok(())
    }

    fn free_of(&self, doc: &Json, line: &Json) -> Option<i64> {
        let warehouse = id_of(line, "warehouse_id").or_else(|| id_of(doc, "warehouse_id"))?;
        self.free.get(&(warehouse, id_of(line, "product_id")?)).copied()
    }

    fn lines(&self, doc: &mut Json) {
        let excluded = doc["vat"].as_str() != Some("included");
        let head = doc.clone();
        for line in doc["lines"].as_array_mut().into_iter().flatten() {
            let Some(p) = id_of(line, "product_id").and_then(|id| self.products.get(&id)) else { continue };
            let free = self.free_of(&head, line).filter(|_| p.goods);
            let net = amount(line, "amount").map(|a| if excluded { a } else { a - amount(line, "vat_amount").unwrap_or(0) });
            let margin = net.zip(amount(line, "cost")).filter(|(_, cost)| *cost != 0).and_then(|(net, cost)| percent(net - cost, net));
            let thin = margin.as_deref().and_then(|m| Percent::parse(m).ok()).is_some_and(|m| m.scaled() < THIN);
            let Json::Object(m) = line else { continue };
            m.insert("sku".into(), json!(p.sku));
            let own = m.get("unit_id").and_then(Json::as_str).and_then(|s| Id::parse_str(s).ok());
            m.insert("unit".into(), json!({"id": own, "title": self.units.get(&own.unwrap_or(p.unit))}));
            m.insert("available".into(), json!(free.map(|f| Quantity::from_scaled(f).to_string())));
            m.insert("margin_percent".into(), json!(margin));
            m.insert("margin_thin".into(), json!(thin));
        }
    }

    /// Sums before discounts, and the margin in percent.
    fn totals(&self, doc: &mut Json) -> Result<()> {
        let minor = parsed::<kontor_kernel::Currency>(&doc["currency"]).map_or(2, |c| c.minor());
        let (mut before, mut after) = (0_i64, 0_i64);
        for l in doc["lines"].as_array().into_iter().flatten() {
            let price = parsed::<Price>(&l["price"]).unwrap_or(Price::ZERO);
            let whole = price.times(Quantity::from_scaled(quantity(l, "quantity")), minor).map_err(|e| e.at("lines"))?;
            before = before.saturating_add(whole.scaled());
            after = after.saturating_add(amount(l, "amount").unwrap_or(0));
        }
        if before != after {
            doc["subtotal"] = json!(Amount::from_scaled(before));
            doc["discount_total"] = json!(Amount::from_scaled(after.saturating_sub(before)));
        }
        let margin = amount(doc, "margin").zip(amount(doc, "net_total")).filter(|_| amount(doc, "cost_total").is_some_and(|c| c != 0));
        if margin.is_none() && !doc["margin"].is_null() {
            // without a cost there is no margin to speak of
            doc["margin"] = Json::Null;
        }
        doc["margin_percent"] = json!(margin.and_then(|(m, net)| percent(m, net)));
        Ok(())
    }

    fn block(&mut self, field: String, code: &str, args: &[(&str, String)], hint: String, ways: Vec<Json>) {
        let text = message::error(self.ctx.lang, code, args);
        self.blockers.push(json!({"field": field, "code": code, "message": text, "hint": hint, "ways": ways}));
    }

    /// Lines without a price.
    fn prices(&mut self, doc: &Json) {
        let prices = self.app.registry.get("price-changes").is_some_and(|s| self.ctx.access.may(s, "create"));
        for w in doc["warnings"].as_array().into_iter().flatten().filter(|w| w["code"] == "price_missing") {
            let field = w["field"].as_str().unwrap_or_default().to_string();
            let line = field.split('.').nth(1).and_then(|n| n.parse::<usize>().ok()).map_or(&Json::Null, |n| &doc["lines"][n]);
            let product = id_of(line, "product_id");
            let name = product.and_then(|p| self.products.get(&p)).map(|p| p.name.clone()).unwrap_or_default();
            let mut ways = vec![];
            if let (true, Some(p)) = (prices, product) {
                ways.push(json!({"label": tr(self.ctx.lang, "work-way_set_price"), "href": format!("/price-changes/new?product_id={p}")}));
            }
            self.block(field, "price_missing", &[("product", name)], tr(self.ctx.lang, "work-way_type_price").to_string(), ways);
        }
    }

    /// Goods that are not there, by what all lines of the document need together.
    fn stock(&mut self, cx: &mut Cx, doc: &Json) -> Result<()> {
        let Some(own) = id_of(doc, "company_id") else { return Ok(()) };
        if company(cx, own)?.stock_control == Control::Allow {
            return Ok(());
        }
        let goods = |l: &Json| id_of(l, "product_id").and_then(|p| self.products.get(&p)).is_some_and(|p| p.goods);
        let nowhere = |l: &Json| goods(l) && id_of(l, "warehouse_id").is_none() && id_of(doc, "warehouse_id").is_none();
        if doc["lines"].as_array().into_iter().flatten().any(nowhere) {
            self.block("warehouse_id".into(), "warehouse_missing", &[], String::new(), vec![]);
            return Ok(());
        }
        let lang = self.ctx.lang;
        let mut left = self.free.clone();
        for (n, l) in doc["lines"].as_array().into_iter().flatten().enumerate() {
            let Some(product) = id_of(l, "product_id") else { continue };
            let Some(warehouse) = id_of(l, "warehouse_id").or_else(|| id_of(doc, "warehouse_id")) else { continue };
            let Some(p) = self.products.get(&product).filter(|p| p.goods && l["supply"] != "later") else { continue };
            let needed = quantity(l, "base_quantity");
            let free = left.entry((warehouse, product)).or_default();
            let had = *free;
            *free -= needed;
            if *free >= 0 {
                continue;
            }
            let show = |q: i64| Quantity::from_scaled(q.max(0)).to_string();
            let local = |q: i64| Arg::from(kontor_texts::format::quantity(lang, q.max(0)));
            let mut ways = vec![];
            // quantities of another unit are not guessed
            if had > 0 && quantity(l, "quantity") == needed {
                ways.push(json!({"label": tr_args(lang, "work-way_only", &[("quantity", local(had))]), "set": {"quantity": show(had)}}));
            }
            ways.push(json!({"label": tr(lang, "work-way_later"), "set": {"supply": "later"}}));
            let args = [("product", p.name.clone()), ("available", show(had)), ("needed", show(needed))];
            self.block(format!("lines.{n}.quantity"), "not_enough_stock", &args, String::new(), ways);
        }
        Ok(())
    }

    /// The limit of the agreement, against what the partner owes, has ordered and orders now.
    fn credit(&mut self, cx: &mut Cx, doc: &Json) -> Result<()> {
        let (Some(own), Some(partner), Some(agreement)) = (id_of(doc, "company_id"), id_of(doc, "partner_id"), id_of(doc, "agreement_id"))
        else {
            return Ok(());
        };
        let currency = doc["currency"].as_str().unwrap_or_default();
        let (Some(total), false) = (amount(doc, "total"), company(cx, own)?.credit_control == Control::Allow) else { return Ok(()) };
        let limit = cx
            .conn
            .query_opt("SELECT credit_limit FROM agreements WHERE id = ?", &[agreement.into()])?
            .map_or(Ok(None), |r| r.opt_int(0))?;
        let Some(limit) = limit else { return Ok(()) };
        let now = kontor_settlements::exposure(cx.conn, own, partner, currency)?;
        // a confirmed order is in the exposure already
        let adding = if doc["state"] == "draft" { total } else { 0 };
        let all = now.debt.scaled().saturating_add(now.ordered.scaled()).saturating_add(adding);
        let over = all.saturating_sub(limit);
        if over <= 0 {
            return Ok(());
        }
        let lang = self.ctx.lang;
        let text = |a: i64| Amount::from_scaled(a).to_string();
        let local = |a: i64| Arg::from(kontor_texts::format::amount(lang, a, 2));
        let hint = tr_args(lang, "work-credit_now", &[("debt", local(now.debt.scaled())), ("ordered", local(now.ordered.scaled()))]);
        let mut ways = vec![];
        if self.app.registry.get("payments").is_some_and(|s| self.ctx.access.may(s, "create")) {
            let href =
                format!("/payments/new?partner_id={partner}&company_id={own}&currency={currency}&amount={}&direction=in", text(over));
            ways.push(json!({"label": tr_args(lang, "work-way_prepay", &[("sum", local(over))]), "href": href}));
        }
        if self.app.registry.get("agreements").is_some_and(|s| self.ctx.access.may(s, "update")) {
            ways.push(json!({"label": tr(lang, "work-way_limit"), "href": format!("/agreements/{agreement}/edit")}));
        }
        ways.push(json!({"label": tr(lang, "work-way_debts"), "href": format!("/partners/{partner}?tab=settlements")}));
        self.block(
            "partner_id".into(),
            "credit_exceeded",
            &[("limit", text(limit)), ("over", text(over)), ("exposure", text(all))],
            hint,
            ways,
        );
        Ok(())
    }
}
