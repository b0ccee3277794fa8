//! Agreements: the terms of sale. A standard one holds for everybody, an individual one for its partner. Active at once,
//! unless the company wants them approved.

use kontor_kernel::Percent;
use kontor_kernel::Period;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::{Line, Record};
use kontor_platform::spec::{Column, Lines, Rules, Spec, Verb};
use kontor_platform::value::Value;
use serde_json::{Value as Json, json};
use std::collections::HashSet;

pub fn agreements() -> Spec {
    Spec::catalog("agreements")
        .section("prices", "file-certificate")
        .columns([
            Column::text("name", 200).default("").search().sort_key().list(),
            Column::choice("kind", &["standard", "individual"]).default("individual").list(),
            Column::reference("partner_id", "partners").list(),
            Column::reference("company_id", "companies").required().list(),
            Column::reference("price_type_id", "price-types").required().list(),
            Column::code("currency", "currencies").required().list(),
            Column::choice("vat", &["included", "excluded", "exempt"]).default("included"),
            Column::object(
                "payment_terms",
                vec![Column::choice("kind", &["prepay", "credit", "on_delivery"]).required(), Column::int("days", 0, 3_650)],
            ),
            Column::percent("discount_percent").list(),
            Column::amount("credit_limit").list(),
            Column::date("valid_from").list(),
            Column::date("valid_to").list(),
            Column::int("priority", 0, 1_000_000).default(0i64),
            Column::long("comment"),
        ])
        .states(&["draft", "approval", "active", "closed"], &["draft", "active"])
        .lines(Lines {
            name: "lines",
            table: "agreement_lines",
            columns: vec![
                Column::reference("product_id", "products"),
                Column::reference("category_id", "product-categories"),
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
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let approval = needs_approval(cx, &change.after)?;
        if change.is_create() {
            begin(cx, change)?;
            change.after.set("state", if approval { "draft" } else { "active" });
        } else if approval && change.after.state() == "active" {
            // What was approved is changed by reopening it, or the approval would mean nothing.
            return Err(Error::refused("posted_immutable").arg("state", "active"));
        }
        check(&change.after)?;
        check_lines(change)?;
        if change.after.state() == "active" {
            overlap(cx, &change.after)?;
        }
        Ok(())
    }
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

/// Each line speaks of one product or one category, says something, and is the only one to speak of it.
fn check_lines(change: &Change) -> Result<()> {
    let spec = &change.after.spec.lines[0];
    let mut seen = HashSet::new();
    let mut wrong = vec![];
    for (n, l) in change.after.lines[0].iter().enumerate() {
        let field = |name: &str| format!("lines.{n}.{name}");
        let id = |name: &str| l.get(spec, name).as_id();
        let scope = (id("product_id"), id("category_id"));
        match scope {
            (None, None) => wrong.push(Error::field(field("product_id"), "required")),
            (Some(_), Some(_)) => wrong.push(Error::field(field("category_id"), "product_or_category")),
            _ => {
                if !seen.insert(scope) {
                    let name = if scope.0.is_some() { "product_id" } else { "category_id" };
                    wrong.push(Error::field(field(name), "duplicate_line"));
                }
            }
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
    let mine = validity(r)?;
    // Lines are not needed here, and of standard agreements there are few.
    for other in Record::load_where(cx.conn, r.spec, &sql, &params)? {
        if validity(&other)?.overlaps(&mine) {
            let e = Error::field("valid_from", "overlap").field_arg("rule_a", r.title()).field_arg("rule_b", other.title());
            return Err(e.detail(json!({"overlaps": [{"id": r.id, "title": r.title()}, {"id": other.id, "title": other.title()}]})));
        }
    }
    Ok(())
}

fn submit(_: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    r.set("state", "approval");
    Ok(json!({}))
}

fn activate(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    check(r)?;
    overlap(cx, r)?;
    r.set("state", "active");
    Ok(json!({}))
}

fn close(_: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    r.set("state", "closed");
    Ok(json!({}))
}

fn reopen(_: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    r.set("state", "draft");
    Ok(json!({}))
}
