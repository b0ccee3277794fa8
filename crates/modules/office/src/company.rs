//! Companies: our own legal entities. Every document belongs to one; each has a currency, a time zone, closed periods.

use chrono::NaiveDate;
use kontor_kernel::Currency;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_platform::Ctx;
use kontor_platform::cx::{Change, Cx};
use kontor_platform::kept::{self, Kept};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Rules, Spec};
use kontor_platform::value::Id;
use serde_json::Value as Json;

pub fn companies() -> Spec {
    Spec::catalog("companies")
        .section("settings", "building")
        .columns([
            Column::text("name", 200).required().unique().search().sort_key().list(),
            Column::code("currency", "currencies").required().list(),
            Column::code("country", "countries").required().list(),
            Column::text("time_zone", 60).default("Europe/Kyiv"),
            Column::text("legal_name", 300),
            Column::text("tax_id", 40).search(),
            Column::text("registration_code", 40).search(),
            Column::long("address"),
            Column::date("closed_until").list(),
            Column::choice("stock_control", &["refuse", "warn", "allow"]).default("refuse"),
            Column::choice("credit_control", &["refuse", "warn", "allow"]).default("refuse"),
            // Prices and rates of this company where no agreement says otherwise.
            Column::reference("price_type_id", "price-types"),
            Column::reference("rate_type_id", "rate-types"),
            Column::bool("agreement_approval", false),
            // Sales that depart from the agreed terms.
            Column::choice("terms_control", &["approve", "warn", "allow"]).default("warn"),
        ])
        .import_key(&["name"])
        .kept_by(kept::SETTINGS)
        .grant("director", "read update undo")
        .grant("accountant", "read update")
        .grant("sales_manager", "read")
        .grant("salesperson", "read")
        .grant("storekeeper", "read")
        .grant("field_agent", "read")
        .rules(CompanyRules)
}

struct CompanyRules;
impl Rules for CompanyRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        if change.after.text("time_zone").parse::<chrono_tz::Tz>().is_err() {
            return Err(Error::field("time_zone", "bad_code").field_arg("value", change.after.text("time_zone")));
        }
        crate::document::priced_for_sales(cx, change, "price_type_id")
    }
}

/// What documents need to know of their company.
#[derive(Clone, Debug)]
pub struct Company {
    pub id: Id,
    pub name: String,
    pub currency: Currency,
    pub time_zone: String,
    pub closed_until: Option<NaiveDate>,
    pub stock_control: Control,
    pub credit_control: Control,
    pub price_type_id: Option<Id>,
    pub rate_type_id: Option<Id>,
    /// Agreements come into force by approval.
    pub agreement_approval: bool,
    /// Of sales that depart from the agreed terms; those refused wait for approval.
    pub terms_control: Control,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    Refuse,
    Warn,
    Allow,
}

impl Control {
    pub fn parse(s: &str) -> Control {
        match s {
            "warn" => Control::Warn,
            "allow" => Control::Allow,
            _ => Control::Refuse,
        }
    }
}

impl Company {
    pub fn of(r: &Record) -> Result<Company> {
        Ok(Company {
            id: r.id,
            name: r.text("name").to_string(),
            currency: r.text("currency").parse().map_err(|_| Error::field("currency", "bad_code"))?,
            time_zone: r.text("time_zone").to_string(),
            closed_until: r.opt_date("closed_until"),
            stock_control: Control::parse(r.text("stock_control")),
            credit_control: Control::parse(r.text("credit_control")),
            price_type_id: r.opt_id("price_type_id"),
            rate_type_id: r.opt_id("rate_type_id"),
            agreement_approval: r.bool("agreement_approval"),
            terms_control: Control::parse(r.text("terms_control")),
        })
    }
    /// The business date where this company is: its documents are dated by it, wherever their author sits.
    pub fn today(&self, ctx: &Ctx) -> NaiveDate {
        ctx.today_in(&self.time_zone)
    }
    /// Documents dated in a closed period are refused.
    pub fn check_open(&self, date: NaiveDate) -> Result<()> {
        match self.closed_until {
            Some(d) if date <= d => Err(Error::field("date", "period_closed").field_arg("date", d)),
            _ => Ok(()),
        }
    }
}

/// Most companies kept in memory; others are read when they are asked for.
const KEPT: usize = 1_000;

struct Companies {
    by_id: HashMap<Id, Company>,
    /// As posted documents keep them.
    frozen: HashMap<Id, Json>,
    /// The first one that is not archived.
    first: Option<Id>,
}

impl Kept for Companies {
    const BY: &'static str = kept::SETTINGS;
    fn load(cx: &mut Cx) -> Result<Self> {
        let spec = cx.spec("companies");
        let all = Record::load_where(cx.conn, spec, &format!("t.id IS NOT NULL ORDER BY t.id LIMIT {KEPT}"), &[])?;
        let first = all.iter().find(|r| !r.bool("archived")).map(|r| r.id);
        // One that cannot be read says so when it is asked for.
        let by_id = all.iter().filter_map(|r| Some((r.id, Company::of(r).ok()?))).collect();
        let frozen = all.iter().map(|r| (r.id, frozen(r))).collect();
        Ok(Companies { by_id, frozen, first })
    }
}

/// A company as documents need it.
pub fn company(cx: &mut Cx, id: Id) -> Result<Company> {
    match cx.kept::<Companies>()?.by_id.get(&id) {
        Some(c) => Ok(c.clone()),
        None => Company::of(&cx.load("companies", id)?),
    }
}

/// Name, address and tax ids of a company as a document keeps them.
pub fn company_frozen(cx: &mut Cx, id: Id) -> Result<Json> {
    match cx.kept::<Companies>()?.frozen.get(&id) {
        Some(known) => Ok(known.clone()),
        None => Ok(frozen(&cx.load("companies", id)?)),
    }
}

fn frozen(r: &Record) -> Json {
    let of = |column: &'static str| (column.to_string(), Json::from(r.text(column)));
    Json::Object(["name", "country", "legal_name", "tax_id", "registration_code", "address"].map(of).into_iter().collect())
}

/// The first company that is not archived: of who works in all of them and names none.
pub fn first_company(cx: &mut Cx) -> Result<Option<Id>> {
    Ok(cx.kept::<Companies>()?.first)
}
