//! Contracts: the legal frame that documents name; numbered, dated, of one counterparty with one of our companies.

use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::Price;
use kontor_kernel::error::{Error, Result};
use kontor_ledger::PaymentTerms;
use kontor_platform::cx::{Change, Cx};
use kontor_platform::jobs::{Job, JobKind, Slice};
use kontor_platform::record::{Line, Record};
use kontor_platform::spec::{Column, Lines, Rules, Spec, Verb};
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx};
use kontor_pricing::What;
use kontor_texts::tr_args;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::Arc;

pub fn contracts() -> Spec {
    Spec::catalog("contracts")
        .section("sales", "contract")
        .title("number")
        .sort("-date")
        .columns([
            // Left open, the next one of the company's contracts.
            Column::text("number", 60).default("").search().list(),
            Column::date("date").required().list(),
            Column::text("name", 300).search().list(),
            Column::reference("company_id", "companies").required(),
            Column::reference("partner_id", "partners").required().list(),
            Column::reference("counterparty_id", "counterparties"),
            Column::reference("manager_id", "users").by_name("manager"),
            Column::code("currency", "currencies").required().list(),
            Column::amount("amount").list(),
            Column::date("valid_from"),
            Column::date("valid_to").list(),
            Column::reference("price_type_id", "price-types"),
            Column::reference("price_list_id", "price-lists"),
            Column::percent("discount_percent"),
            // Of the prices in the lines.
            Column::choice("vat", &["included", "excluded", "exempt"]).default("included"),
            // Where there is a contract, it governs the payment.
            Column::object(
                "payment_terms",
                vec![Column::choice("kind", &["prepay", "credit", "on_delivery"]).required(), Column::int("days", 0, 3_650)],
            ),
            crate::stages::column(),
            Column::text("delivery_terms", 300),
            // Days from the order to the delivery; open orders follow a change.
            Column::int("delivery_days", 0, 3_650),
            // So many days before its end the manager gets a task.
            Column::int("remind_days", 0, 3_650),
            Column::date("reminded_for").derived(),
            Column::long("comment"),
            crate::rules::revision::column(),
        ])
        .lines(Lines {
            name: "lines",
            table: "contract_lines",
            columns: vec![
                Column::date("due_on").required(),
                Column::reference("product_id", "products"),
                // A whole product line instead: by quantity, by amount, or only its price.
                Column::reference("category_id", "product-categories"),
                Column::quantity("quantity"),
                // Agreed; it holds for documents up to the day, from the day of the line before.
                Column::price("price"),
                Column::amount("amount"),
                Column::text("note", 300),
            ],
            max: 5_000,
            required: false,
        })
        .index_on(crate::rules::revision::INDEX.0, crate::rules::revision::INDEX.1)
        .index_on("ends", "(valid_to)")
        .group(&["amount", "currency", "vat"])
        .owner("manager_id")
        .company("company_id")
        .import_key(&["company_id", "number"])
        .verb(Verb::new("order", &[], &[], crate::contract_order::order).input(vec![
            // Lines that are due by then; all where it is open.
            Column::date("until"),
            Column::date("date"),
        ]))
        .grant("director", "read create update delete undo order")
        .grant("sales_manager", "read create update undo order")
        .grant("accountant", "read create update delete undo")
        .grant("salesperson", "read:own create update:own undo:own order:own")
        .grant("field_agent", "read:own")
        .rules(ContractRules)
}

struct ContractRules;
impl Rules for ContractRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        if change.after.text("number").trim().is_empty() && !cx.preview {
            let n = cx.next_number(&format!("contracts-{}", change.after.ref_id("company_id")))?;
            change.after.set("number", format!("C-{n:05}"));
        }
        if change.is_create()
            && !change.given("vat")
            && let Some(id) = change.after.opt_id("price_type_id")
        {
            let vat = cx.load("price-types", id)?.get("vat").clone();
            change.after.set("vat", vat);
        }
        let r = &change.after;
        kontor_office::document::priced_for_sales(cx, change, "price_type_id")?;
        crate::rules::at_most_hundred(r, "discount_percent")?;
        schedule(r)?;
        crate::stages::of(r.json("payment_stages"))?;
        if let (Some(from), Some(to)) = (r.opt_date("valid_from"), r.opt_date("valid_to"))
            && to < from
        {
            return Err(Error::field("valid_to", "before_from"));
        }
        if let Some(c) = r.opt_id("counterparty_id")
            && change.changed("counterparty_id")
            && cx.load("counterparties", c)?.opt_id("partner_id") != change.after.opt_id("partner_id")
        {
            return Err(Error::field("counterparty_id", "counterparty_other_partner"));
        }
        Ok(())
    }
    fn written(&self, cx: &mut Cx, change: &Change) -> Result<()> {
        crate::contract_term::follow(cx, change)?;
        crate::rules::revision::touch(cx, "contracts", change.after.id)
    }
    fn removing(&self, cx: &mut Cx, record: &Record) -> Result<()> {
        crate::rules::revision::touch(cx, "contracts", record.id)
    }
}

/// A line of the schedule says when, and how much or for how much or at which price, within the contract's days.
fn schedule(r: &Record) -> Result<()> {
    let spec = &r.spec.lines[0];
    let mut wrong = vec![];
    let mut priced: HashMap<(What, NaiveDate), Price> = HashMap::new();
    for (n, l) in r.lines[0].iter().enumerate() {
        let none = |name: &str| l.get(spec, name).is_null();
        if none("quantity") && none("amount") && none("price") {
            wrong.push(Error::field(format!("lines.{n}.quantity"), "required"));
        }
        if !none("product_id") && !none("category_id") {
            wrong.push(Error::field(format!("lines.{n}.category_id"), "product_or_category"));
        }
        if (!none("quantity") || !none("price")) && none("product_id") && none("category_id") {
            wrong.push(Error::field(format!("lines.{n}.product_id"), "required"));
        }
        // Of two prices for one day it would be chance which of them holds.
        if let (Some(what), Some(due), Some(price)) = agreed(spec, l)
            && *priced.entry((what, due)).or_insert(price) != price
        {
            wrong.push(Error::field(format!("lines.{n}.price"), "contract_price_twice"));
        }
        if let Some(day) = l.get(spec, "due_on").as_date()
            && (r.opt_date("valid_from").is_some_and(|f| day < f) || r.opt_date("valid_to").is_some_and(|t| t < day))
        {
            wrong.push(Error::field(format!("lines.{n}.due_on"), "outside_contract"));
        }
    }
    Error::collect(wrong)
}

type Agreed = (Option<What>, Option<NaiveDate>, Option<Price>);

/// What a line is about, its day, its price.
fn agreed(spec: &Lines, l: &Line) -> Agreed {
    let what = match (l.get(spec, "product_id").as_id(), l.get(spec, "category_id").as_id()) {
        (Some(id), _) => Some(What::Product(id)),
        (None, id) => id.map(What::Category),
    };
    (what, l.get(spec, "due_on").as_date(), l.get(spec, "price").as_int().map(Price::from_scaled))
}

/// A price that a line of the contract agrees, and the days of documents that it holds for.
pub(crate) struct AgreedPrice {
    pub line: Id,
    pub what: What,
    pub price: Price,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// The price of a line holds up to its day, from the day after that of the line before; the last one until the contract ends.
pub(crate) fn agreed_prices(r: &Record) -> Vec<AgreedPrice> {
    let spec = &r.spec.lines[0];
    let mut by_what: HashMap<What, BTreeMap<NaiveDate, (Id, Price)>> = HashMap::new();
    for l in &r.lines[0] {
        if let (Some(what), Some(due), Some(price)) = agreed(spec, l) {
            by_what.entry(what).or_default().entry(due).or_insert((l.id, price));
        }
    }
    let mut out = vec![];
    for (what, days) in by_what {
        let mut from = None;
        let last = days.len() - 1;
        for (n, (due, (line, price))) in days.into_iter().enumerate() {
            out.push(AgreedPrice { line, what, price, from, to: (n < last).then_some(due) });
            from = due.succ_opt();
        }
    }
    out
}

/// What the contract says of payment, when it says something: terms and stages.
pub fn payment(cx: &mut Cx, id: Id) -> Result<Option<(PaymentTerms, Json)>> {
    let c = cx.load("contracts", id)?;
    let said = !c.is_null("payment_terms") || !c.is_null("payment_stages");
    Ok(said.then(|| (crate::terms::payment_terms(&c), c.json("payment_stages").clone())))
}

/// Reminds managers of contracts that end soon: a task each, once for each end.
pub struct Reminders;

impl JobKind for Reminders {
    fn name(&self) -> &'static str {
        "contract-reminders"
    }
    fn every(&self) -> Option<chrono::Duration> {
        Some(chrono::Duration::hours(24))
    }
    fn slice(&self, app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Slice> {
        if app.registry.get("tasks").is_none() {
            return Ok(Slice::end(job, json!({"done": 0})));
        }
        let (today, size) = (ctx.today, job.size);
        let due: Vec<Record> = app.store.read(|conn| {
            let spec = app.registry.get("contracts").ok_or_else(Error::not_found)?;
            // The day of the reminder differs by contract; few of those that end at all are near it.
            let sql = "t.archived = ? AND t.remind_days IS NOT NULL AND t.valid_to IS NOT NULL AND t.valid_to >= ? AND t.valid_to <= ? \
                       AND (t.reminded_for IS NULL OR t.reminded_for <> t.valid_to)";
            let last = today + chrono::Duration::days(3_650);
            let near = |r: &Record| r.opt_date("valid_to").is_some_and(|d| (d - today).num_days() <= r.int("remind_days"));
            let all = Record::load_where(conn, spec, sql, &[false.into(), today.into(), last.into()])?;
            Ok(all.into_iter().filter(near).take(size).collect())
        })?;
        if due.is_empty() {
            return Ok(Slice::end(job, json!({"done": job.done})));
        }
        let done = job.done + due.len() as i64;
        Ok(Slice::at(job, json!({}), done).writing(move |cx, _| due.iter().try_for_each(|c| remind(cx, c))))
    }
}

fn remind(cx: &mut Cx, c: &Record) -> Result<()> {
    let ends = c.opt_date("valid_to").map(|d| d.to_string()).unwrap_or_default();
    let subject = tr_args(cx.ctx.lang, "contracts-reminder", &[("number", c.title().into()), ("date", ends.as_str().into())]);
    let due = c.opt_date("valid_to").and_then(|d| d.and_hms_opt(9, 0, 0)).map(|t| t.and_utc().to_rfc3339());
    let doer = c.opt_id("manager_id").map(|id| id.to_string());
    cx.create("tasks", json!({"subject": subject, "partner_id": c.ref_id("partner_id"), "doer_id": doer, "due_at": due}))?;
    cx.conn.exec("UPDATE contracts SET reminded_for = ? WHERE id = ?", &[c.get("valid_to").clone(), c.id.into()])?;
    Ok(())
}
