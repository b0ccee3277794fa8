//! Conditions of sale: one rule of the trade per record. A kind, for whom, for which products, what it does, when.

use super::kinds::{self, CODES, Kind, VALUE, WHAT, WHO};
use super::{condition_key, revision, validity};
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Rules, Spec, Verb};
use kontor_texts::tr_args;
use serde_json::{Value as Json, json};

pub const ENTITY: &str = "price-conditions";
pub const TABLE: &str = "price_conditions";

pub fn price_conditions() -> Spec {
    Spec::catalog(ENTITY)
        .section("prices", "discount-2")
        .sort("-updated_at")
        .columns([
            Column::text("name", 200).default("").search().list(),
            Column::choice("kind", CODES).required().list(),
            Column::reference("partner_id", "partners").list(),
            Column::reference("agreement_id", "agreements"),
            Column::reference("contract_id", "contracts"),
            Column::reference("dealer_type_id", "dealer-types").by_name("dealer_type").list(),
            Column::reference("segment_id", "segments"),
            Column::reference("region_id", "regions").by_name("region"),
            Column::reference("order_type_id", "order-types").by_name("order_type"),
            Column::reference("deal_kind_id", "deal-kinds").by_name("deal_kind"),
            Column::reference("payment_form_id", "payment-forms").by_name("payment_form"),
            Column::reference("loyalty_program_id", "loyalty-programs"),
            Column::reference("product_id", "products").list(),
            Column::reference("price_group_id", "price-groups").by_name("price_group").list(),
            Column::reference("category_id", "product-categories").by_name("category").list(),
            Column::reference("product_segment_id", "segments"),
            // Only in documents of this company.
            Column::reference("company_id", "companies"),
            Column::reference("price_type_id", "price-types"),
            Column::reference("price_list_id", "price-lists"),
            Column::price("price").list(),
            Column::choice("vat", &["included", "excluded", "exempt"]),
            // Off the price; of a surcharge, on top of it. Below zero the other way.
            Column::percent("percent").signed().list(),
            Column::price("amount_off").signed().list(),
            Column::code("currency", "currencies"),
            Column::quantity("from_quantity"),
            Column::amount("from_amount"),
            Column::quantity("limit_quantity"),
            Column::date("valid_from").list(),
            Column::date("valid_to").list(),
            Column::int("priority", 0, 1_000_000).default(0i64),
            // Of the discounts of one group only the largest applies.
            Column::int("exclusive_group", 0, 255).default(0i64),
            // No discount of a later kind applies after it.
            Column::bool("stop", false),
            // The price bears no further discounts.
            Column::bool("final_price", false),
            // Who gets the rebate, when it is not the client himself.
            Column::reference("recipient_id", "partners"),
            Column::bool("active", true).list(),
            Column::long("comment"),
            Column::int("key_hash", i64::MIN, i64::MAX).default(0i64).computed().hidden(),
            revision::column(),
        ])
        .group(&["price", "currency", "vat"])
        .group(&["percent", "amount_off"])
        .import_key(&["name"])
        .index_on(revision::INDEX.0, revision::INDEX.1)
        .index_on("key", "(key_hash)")
        .index_on("partner", "(partner_id)")
        .index_on("product", "(product_id)")
        .index_on("name", "(name)")
        .verb(Verb::new("simulate", &[], &[], simulate).input(vec![
            // Past orders, as lists take filters.
            Column::map("filter"),
            // Tell clients who would pay more than so many percent more.
            Column::percent("more_percent"),
            Column::bool("removed", false),
            Column::reference("instead_of_id", "price-conditions"),
        ]))
        .grant("director", "read create update delete undo simulate")
        .grant("sales_manager", "read create update delete undo simulate")
        .grant("accountant", "read")
        .via("partner_id", "partners")
        .open_when("{t}.partner_id IS NULL AND {t}.kind <> 'rebate'")
        .grant("salesperson", "read:own")
        .grant("field_agent", "read:own")
        .rules(ConditionRules)
}

struct ConditionRules;
impl Rules for ConditionRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        check(&change.after)?;
        chosen_is_there(cx, change)?;
        kontor_office::document::priced_for_sales(cx, change, "price_type_id")?;
        basis(change)?;
        change.after.set("key_hash", condition_key::hash(&change.after));
        if change.after.text("name").trim().is_empty() && !cx.preview {
            let n = cx.next_number(ENTITY)?;
            change.after.set("name", format!("D-{n:06}"));
        }
        for_all(cx, &change.after);
        condition_key::refuse_equal(cx, &change.after)?;
        condition_key::warn_possible(cx, &change.after)
    }
    fn written(&self, cx: &mut Cx, change: &Change) -> Result<()> {
        revision::touch(cx, TABLE, change.after.id)
    }
    fn removing(&self, cx: &mut Cx, record: &Record) -> Result<()> {
        revision::touch(cx, TABLE, record.id)
    }
}

/// A rule that is written now is not for somebody or something that was deleted.
fn chosen_is_there(cx: &mut Cx, change: &Change) -> Result<()> {
    if cx.ctx.is_history() {
        return Ok(());
    }
    const OF: [(&str, &str); 6] = [
        ("partner_id", "partners"),
        ("agreement_id", "agreements"),
        ("contract_id", "contracts"),
        ("product_id", "products"),
        ("category_id", "product-categories"),
        ("recipient_id", "partners"),
    ];
    let mut wrong = vec![];
    for (column, collection) in OF {
        let Some(id) = change.after.opt_id(column).filter(|_| change.is_create() || change.changed(column)) else { continue };
        // One that is not there at all is told with the other references.
        if let Some(found) = Record::load(cx.conn, cx.spec(collection), id)?
            && found.bool("archived")
        {
            wrong.push(Error::field(column, "reference_archived").field_arg("title", found.title()));
        }
    }
    Error::collect(wrong)
}

/// Runs the condition over past orders as if it held (or were gone): a job of the sales room.
fn simulate(cx: &mut Cx, r: &mut Record, input: &Json) -> Result<Json> {
    let mut changes = vec![json!({"collection": ENTITY, "id": r.id, "removed": input["removed"] == json!(true)})];
    if !input["instead_of_id"].is_null() {
        changes.push(json!({"collection": ENTITY, "id": input["instead_of_id"], "removed": true}));
    }
    let asked = json!({"changes": changes, "filter": input["filter"], "more_percent": input["more_percent"]});
    let title = tr_args(cx.ctx.lang, "price-job-simulate", &[("rule", r.title().into())]);
    let job = kontor_platform::jobs::start(cx, "simulate-prices", &title, asked, None)?;
    Ok(json!({"job_id": job.id}))
}

/// A price without a basis of its own includes VAT.
fn basis(change: &mut Change) -> Result<()> {
    if !change.after.is_null("price") && change.after.is_null("vat") {
        change.after.set("vat", "included");
    }
    Ok(())
}

fn given(r: &Record, columns: &[&'static str]) -> Vec<&'static str> {
    columns.iter().copied().filter(|c| !r.is_null(c)).collect()
}

/// Everything that is wrong with the record by itself, each fault at its column.
fn check(r: &Record) -> Result<()> {
    let kind = kinds::of(r.text("kind"));
    let mut wrong: Vec<Error> = vec![];
    whom(r, kind, &mut wrong);
    goods(r, kind, &mut wrong);
    value(r, kind, &mut wrong);
    wrong.extend(kind.needs.iter().filter(|c| r.is_null(c)).map(|c| Error::field(*c, "required")));
    for (column, used) in [
        ("from_quantity", kind.code != "amount" && kind.code != "rebate"),
        ("from_amount", !kind.is_base() && kind.code != "surcharge"),
        ("limit_quantity", kind.limitable()),
        ("recipient_id", kind.code == "rebate"),
        ("company_id", true),
    ] {
        if !used && !r.is_null(column) {
            wrong.push(not_used(column, kind));
        }
    }
    if !r.is_null("from_quantity") && !r.is_null("from_amount") {
        wrong.push(Error::field("from_amount", "condition_one_start"));
    }
    for column in ["stop", "final_price"] {
        if r.bool(column) && kind.is_base() == (column == "stop") {
            wrong.push(not_used(column, kind));
        }
    }
    if r.opt_int("limit_quantity").is_some_and(|l| l == 0) {
        wrong.push(Error::field("limit_quantity", "number_not_positive"));
    }
    wrong.extend(validity(r).err());
    if kind.code == "period" && r.is_null("valid_from") && r.is_null("valid_to") {
        wrong.push(Error::field("valid_from", "required"));
    }
    Error::collect(wrong)
}

/// A special discount for nobody in particular on nothing in particular may be meant, but more often something was left out.
fn for_all(cx: &mut Cx, r: &Record) {
    if r.text("kind") == "special" && WHO.iter().chain(&WHAT).all(|c| r.is_null(c)) {
        cx.warn("kind", "condition_for_all", vec![]);
    }
}

fn not_used(column: &'static str, kind: &Kind) -> Error {
    Error::field(column, "condition_not_used").field_arg("kind", kind.code)
}

fn whom(r: &Record, kind: &Kind, wrong: &mut Vec<Error>) {
    let found = given(r, &WHO);
    wrong.extend(found.iter().filter(|c| !kind.who.contains(c)).map(|c| not_used(c, kind)));
    let allowed: Vec<_> = found.iter().filter(|c| kind.who.contains(c)).collect();
    match allowed.as_slice() {
        [] if !kind.anyone => wrong.extend(kind.who.first().map(|c| Error::field(*c, "required"))),
        [_, second, ..] => wrong.push(Error::field(**second, "condition_one_who")),
        _ => {}
    }
}

fn goods(r: &Record, kind: &Kind, wrong: &mut Vec<Error>) {
    match given(r, &WHAT).as_slice() {
        [] if kind.goods => wrong.push(Error::field("product_id", "required")),
        [_, second, ..] => wrong.push(Error::field(*second, "product_or_category")),
        _ => {}
    }
}

fn value(r: &Record, kind: &Kind, wrong: &mut Vec<Error>) {
    let found = given(r, &VALUE);
    wrong.extend(found.iter().filter(|c| !kind.values.contains(c)).map(|c| not_used(c, kind)));
    let allowed: Vec<_> = found.iter().filter(|c| kind.values.contains(c)).collect();
    match allowed.as_slice() {
        [] => wrong.extend(kind.values.first().map(|c| Error::field(*c, "required"))),
        [_, second, ..] => wrong.push(Error::field(**second, "condition_one_value")),
        _ => {}
    }
    let money = !r.is_null("price") || !r.is_null("amount_off");
    if money && r.is_null("currency") {
        wrong.push(Error::field("currency", "required"));
    }
    if kind.code != "surcharge" {
        wrong.extend(super::at_most_hundred(r, "percent").err());
    }
}
