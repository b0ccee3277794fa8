//! Agreements: the terms of sale. A standard one holds for everybody, an individual one for its partner. Active at once,
//! unless the company wants them approved.

use kontor_kernel::HashSet;
use kontor_kernel::Percent;
use kontor_kernel::Period;
use kontor_kernel::error::{Error, Result};
use kontor_office::document::{priced_for_sales, type_for_sales};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::{Line, Record};
use kontor_platform::spec::{Column, Lines, Rules, Spec, Verb};
use kontor_platform::value::{Value, id_in};
use serde_json::{Value as Json, json};

pub fn agreements() -> Spec {
    Spec::catalog("agreements")
        .section("prices", "file-certificate")
        .columns([
            Column::text("name", 200).default("").search().sort_key().list(),
            Column::choice("kind", &["standard", "individual"]).default("individual").list(),
            Column::reference("partner_id", "partners").list(),
            // A standard one for some of the partners only.
            Column::reference("segment_id", "segments"),
            // The standard one that this was made from.
            Column::reference("standard_id", "agreements"),
            Column::reference("company_id", "companies").required().list(),
            Column::reference("price_type_id", "price-types").required().list(),
            // Comes before the price type.
            Column::reference("price_list_id", "price-lists"),
            Column::code("currency", "currencies").required().list(),
            Column::choice("vat", &["included", "excluded", "exempt"]).default("included"),
            Column::object(
                "payment_terms",
                vec![Column::choice("kind", &["prepay", "credit", "on_delivery"]).required(), Column::int("days", 0, 3_650)],
            ),
            crate::stages::column(),
            // What its documents are, unless they say otherwise.
            Column::reference("order_type_id", "order-types"),
            Column::reference("payment_form_id", "payment-forms"),
            // What payments settle: the agreement as a whole, the contract, or each order by itself.
            Column::choice("settlement_by", &["agreement", "contract", "order"]).default("agreement"),
            Column::text("delivery_terms", 300),
            // All but the first sell without VAT.
            Column::choice("tax_regime", &["vat", "simplified", "no_vat", "export"]),
            Column::choice("sale_kind", &["sale", "commission"]).default("sale"),
            Column::int("packaging_days", 0, 3_650),
            // Where its orders are filled from, and whether out of stock or by later supply.
            Column::reference("warehouse_id", "warehouses"),
            Column::choice("fulfilment", &["stock", "later"]).default("stock"),
            // Regular deliveries: on these days of the week, so many days after the order at least.
            Column::set("delivery_weekdays", crate::agreed::WEEKDAYS),
            Column::int("delivery_lead_days", 0, 365),
            Column::percent("discount_percent").list(),
            Column::amount("credit_limit").list(),
            Column::date("valid_from").list(),
            Column::date("valid_to").list(),
            Column::int("priority", 0, 1_000_000).default(0i64),
            Column::long("comment"),
            crate::rules::revision::column(),
        ])
        .states(&["draft", "approval", "active", "closed"], &["draft", "active"])
        .lines(Lines {
            name: "lines",
            table: "agreement_lines",
            columns: vec![
                Column::reference("product_id", "products"),
                Column::reference("category_id", "product-categories"),
                Column::reference("price_group_id", "price-groups"),
                Column::reference("product_segment_id", "segments"),
                Column::reference("price_type_id", "price-types"),
                Column::price("price"),
                Column::percent("discount_percent"),
            ],
            max: 5_000,
            required: false,
        })
        .company("company_id")
        .via("partner_id", "partners")
        .open_when("{t}.partner_id IS NULL")
        .import_key(&["name"])
        .kept_by(crate::terms::AGREEMENTS)
        .index_on(crate::rules::revision::INDEX.0, crate::rules::revision::INDEX.1)
        .index_on("terms", "(company_id, partner_id, state)")
        .verb(Verb::new("submit", &["draft"], &["approval"], submit).undone_by("reopen"))
        .verb(Verb::new("activate", &["draft", "approval", "closed"], &["active"], activate).primary().undone_by("reopen"))
        .verb(Verb::new("close", &["active"], &["closed"], close).undone_by("activate"))
        .verb(Verb::new("reopen", &["approval", "active", "closed"], &["draft"], reopen))
        .grant("director", "read create update delete undo submit activate close reopen")
        .grant("sales_manager", "read create update delete undo submit activate close reopen")
        .grant("salesperson", "read:own create update:own undo:own submit:own")
        .grant("accountant", "read update")
        .grant("field_agent", "read:own")
        .rules(AgreementRules)
}

struct AgreementRules;
impl Rules for AgreementRules {
    fn prepare(&self, cx: &mut Cx, before: Option<&Record>, input: &Json) -> Result<Option<Json>> {
        if before.is_some() { Ok(None) } else { from_standard(cx, input) }
    }
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let approval = needs_approval(cx, &change.after)?;
        if change.is_create() {
            begin(cx, change)?;
            change.after.set("state", if approval { "draft" } else { "active" });
        } else if approval && change.after.state() == "active" {
            // What was approved is changed by reopening it, or the approval would mean nothing.
            return Err(Error::refused("posted_immutable").arg("state", "active"));
        }
        tax_regime(change)?;
        check(&change.after)?;
        check_lines(change)?;
        segments(cx, change)?;
        warehouse(cx, change)?;
        priced_for_sales(cx, change, "price_type_id")?;
        if !cx.ctx.is_history() {
            let at = position(&change.after.spec.lines[0], "price_type_id")?;
            for (n, l) in change.after.lines[0].iter().enumerate() {
                if let Some(id) = l.values[at].as_id() {
                    type_for_sales(cx, id, format!("lines.{n}.price_type_id"))?;
                }
            }
        }
        crate::stages::of(change.after.json("payment_stages"))?;
        if change.after.state() == "active" {
            overlap(cx, &change.after)?;
        }
        Ok(())
    }
    fn written(&self, cx: &mut Cx, change: &Change) -> Result<()> {
        touched(cx, &change.after)
    }
    fn removing(&self, cx: &mut Cx, record: &Record) -> Result<()> {
        touched(cx, record)
    }
}

/// Who sells without VAT agrees prices without it.
fn tax_regime(change: &mut Change) -> Result<()> {
    let without = ["simplified", "no_vat", "export"].contains(&change.after.text("tax_regime"));
    if !without || change.after.text("vat") == "exempt" {
        return Ok(());
    }
    if change.given("vat") {
        let regime = change.after.text("tax_regime").to_string();
        return Err(Error::field("vat", "vat_of_regime").field_arg("kind", regime));
    }
    change.after.set("vat", "exempt");
    Ok(())
}

/// Segments of lines are of products.
fn segments(cx: &mut Cx, change: &Change) -> Result<()> {
    let at = position(&change.after.spec.lines[0], "product_segment_id")?;
    for (n, l) in change.after.lines[0].iter().enumerate() {
        if let Some(id) = l.values[at].as_id()
            && cx.conn.query_opt("SELECT 1 FROM segments WHERE id = ? AND members <> 'products'", &[id.into()])?.is_some()
        {
            return Err(Error::field(format!("lines.{n}.product_segment_id"), "segment_of_partners"));
        }
    }
    Ok(())
}

fn warehouse(cx: &mut Cx, change: &Change) -> Result<()> {
    if let Some(id) = change.after.opt_id("warehouse_id")
        && (change.changed("warehouse_id") || change.changed("company_id"))
        && kontor_stock::warehouse(cx, id)?.company_id != change.after.ref_id("company_id")
    {
        return Err(Error::field("warehouse_id", "warehouse_other_company"));
    }
    Ok(())
}

fn position(lines: &Lines, name: &str) -> Result<usize> {
    lines.index(name).ok_or_else(|| Error::internal("a column of agreement lines"))
}

fn touched(cx: &mut Cx, r: &Record) -> Result<()> {
    crate::rules::revision::touch(cx, "agreements", r.id)
}

/// What an individual agreement does not say itself, it takes from the standard one that it is made from.
fn from_standard(cx: &mut Cx, input: &Json) -> Result<Option<Json>> {
    let Some(id) = id_in(&input["standard_id"]) else { return Ok(None) };
    let spec = cx.spec("agreements");
    // One that is not there for the caller is told with the other references.
    let Some(standard) = cx.seen("agreements", id)? else { return Ok(None) };
    if standard.text("kind") != "standard" || standard.state() != "active" {
        return Err(Error::field("standard_id", "agreement_not_standard"));
    }
    let Json::Object(mut m) = input.clone() else { return Ok(None) };
    const OWN: [&str; 8] = ["name", "kind", "partner_id", "segment_id", "standard_id", "priority", "source", "external_id"];
    for (c, v) in spec.columns.iter().zip(&standard.values) {
        if c.writable() && !v.is_null() && !OWN.contains(&c.name) && !m.contains_key(c.name) {
            m.insert(c.name.into(), kontor_platform::record::value_json(&c.ty, v));
        }
    }
    if !m.contains_key("lines") {
        let lines = kontor_platform::record::lines_json(&spec.lines[0], &standard.lines[0]);
        let bare = lines.as_array().into_iter().flatten().map(|l| {
            Json::Object(
                l.as_object()
                    .into_iter()
                    .flatten()
                    .filter(|(k, v)| *k != "id" && !v.is_null())
                    .map(|(k, v)| (k.clone(), v.clone()))
                    .collect(),
            )
        });
        m.insert("lines".into(), bare.collect());
    }
    Ok(Some(Json::Object(m)))
}

fn needs_approval(cx: &mut Cx, r: &Record) -> Result<bool> {
    Ok(kontor_office::company(cx, r.ref_id("company_id"))?.agreement_approval)
}

fn begin(cx: &mut Cx, change: &mut Change) -> Result<()> {
    if !change.given("kind") && change.after.is_null("partner_id") {
        change.after.set("kind", "standard");
    }
    if !change.given("vat") {
        let vat = cx.load("price-types", change.after.ref_id("price_type_id"))?.get("vat").clone();
        change.after.set("vat", vat);
    }
    if change.after.text("name").trim().is_empty() && !cx.preview {
        let n = cx.next_number("agreements")?;
        change.after.set("name", format!("A-{n:06}"));
    }
    Ok(())
}

pub fn validity(r: &Record) -> Result<Period> {
    Period::new(r.opt_date("valid_from"), r.opt_date("valid_to")).map_err(|_| Error::field("valid_to", "ends_before_start"))
}

fn check(r: &Record) -> Result<()> {
    validity(r)?;
    match (r.text("kind"), r.opt_id("partner_id")) {
        ("individual", None) => return Err(Error::field("partner_id", "partner_needed")),
        ("standard", Some(_)) => return Err(Error::field("partner_id", "standard_has_no_partner")),
        ("individual", Some(_)) if !r.is_null("segment_id") => return Err(Error::field("segment_id", "condition_one_who")),
        _ => {}
    }
    percent("discount_percent", r.percent("discount_percent"))
}

fn percent(field: impl Into<String>, p: Percent) -> Result<()> {
    if p > Percent::from_scaled(100 * Percent::UNIT) {
        return Err(Error::field(field, "out_of_range").field_arg("min", 0).field_arg("max", 100));
    }
    Ok(())
}

/// Each line speaks of one product, category, price group or segment of products, says something, and is the only one to speak of it.
fn check_lines(change: &Change) -> Result<()> {
    let spec = &change.after.spec.lines[0];
    let mut seen = HashSet::new();
    let mut wrong = vec![];
    for (n, l) in change.after.lines[0].iter().enumerate() {
        let field = |name: &str| format!("lines.{n}.{name}");
        let id = |name: &str| l.get(spec, name).as_id();
        const SCOPES: [&str; 4] = ["product_id", "category_id", "price_group_id", "product_segment_id"];
        let scope: Vec<_> = SCOPES.into_iter().filter_map(|name| id(name).map(|id| (name, id))).collect();
        match scope.as_slice() {
            [] => wrong.push(Error::field(field("product_id"), "required")),
            [(name, id)] => {
                if !seen.insert((*name, *id)) {
                    wrong.push(Error::field(field(name), "duplicate_line"));
                }
            }
            [_, (second, _), ..] => wrong.push(Error::field(field(second), "product_or_category")),
        }
        if l.get(spec, "price").is_null() && l.get(spec, "price_type_id").is_null() && l.get(spec, "discount_percent").is_null() {
            wrong.push(Error::field(field("price"), "required"));
        }
        wrong.extend(percent(field("discount_percent"), percent_of(l, spec)).err());
    }
    Error::collect(wrong)
}

fn percent_of(l: &Line, spec: &Lines) -> Percent {
    Percent::from_scaled(l.get(spec, "discount_percent").as_int().unwrap_or(0))
}

/// Two agreements that would both hold for the same partner, company, currency and priority on one day: which of them wins
/// would be chance, so the second is refused and both are named (decision 16).
fn overlap(cx: &mut Cx, r: &Record) -> Result<()> {
    if !cx.preview {
        // Two that are written at the same moment would not see each other.
        cx.load_locked("companies", r.ref_id("company_id"))?;
    }
    let mut sql =
        "t.state = 'active' AND t.archived = ? AND t.id <> ? AND t.company_id = ? AND t.currency = ? AND t.priority = ? AND ".to_string();
    let mut params: Vec<Value> =
        vec![false.into(), r.id.into(), r.ref_id("company_id").into(), r.get("currency").clone(), r.get("priority").clone()];
    match r.opt_id("partner_id") {
        Some(p) => {
            sql.push_str("t.partner_id = ?");
            params.push(p.into());
        }
        None => sql.push_str("t.partner_id IS NULL"),
    }
    match r.opt_id("segment_id") {
        Some(s) => {
            sql.push_str(" AND t.segment_id = ?");
            params.push(s.into());
        }
        None => sql.push_str(" AND t.segment_id IS NULL"),
    }
    let mine = validity(r)?;
    // Lines are not needed here, and of standard agreements there are few.
    for other in Record::load_where(cx.conn, r.spec, &sql, &params)? {
        if validity(&other)?.overlaps(&mine) {
            let e = Error::field("valid_from", "overlap").field_arg("rule_a", r.title()).field_arg("rule_b", other.title());
            return Err(e.detail(json!({"overlaps": [{"id": r.id, "title": r.title()}, {"id": other.id, "title": other.title()}]})));
        }
    }
    segments_may_meet(cx, r)
}

/// Members of segments change by themselves: standard agreements of two segments may meet in one client. That is told, no more.
fn segments_may_meet(cx: &mut Cx, r: &Record) -> Result<()> {
    let Some(segment) = r.opt_id("segment_id") else { return Ok(()) };
    let sql = "SELECT name, valid_from, valid_to FROM agreements WHERE state = 'active' AND archived = ? AND id <> ? AND company_id = ? \
               AND currency = ? AND priority = ? AND partner_id IS NULL AND segment_id <> ? ORDER BY id LIMIT 100";
    let params: [Value; 6] =
        [false.into(), r.id.into(), r.ref_id("company_id").into(), r.get("currency").clone(), r.get("priority").clone(), segment.into()];
    let mine = validity(r)?;
    for other in cx.conn.query(sql, &params)? {
        if (Period { from: other.opt_date(1)?, to: other.opt_date(2)? }).overlaps(&mine) {
            let args = vec![("rule_a".into(), r.title().into()), ("rule_b".into(), other.text(0)?.into())];
            cx.warn("segment_id", "overlap_possible", args);
            break;
        }
    }
    Ok(())
}

fn submit(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    r.set("state", "approval");
    touched(cx, r)?;
    Ok(json!({}))
}

fn activate(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    check(r)?;
    overlap(cx, r)?;
    r.set("state", "active");
    touched(cx, r)?;
    Ok(json!({}))
}

fn close(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    r.set("state", "closed");
    touched(cx, r)?;
    Ok(json!({}))
}

fn reopen(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    r.set("state", "draft");
    touched(cx, r)?;
    Ok(json!({}))
}
