//! Rate types and rates of exchange. A rate is kept as its source publishes it and is never inverted: how it is quoted is the
//! rate type's `direction`.

use crate::rate_at::{default_rate_type, kept_rate_type};
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::external_ids;
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Rules, Spec};
use kontor_platform::value::{Id, Value};
use serde_json::json;

pub fn rate_types() -> Spec {
    Spec::catalog("rate-types")
        .section("prices", "exchange")
        .columns([
            Column::text("name", 100).required().unique().search().sort_key().list(),
            Column::map("names"),
            Column::code("base_currency", "currencies").required().list(),
            Column::choice("direction", &["direct", "indirect"]).required().list(),
            Column::bool("is_default", false).list(),
        ])
        .import_key(&["name"])
        .kept_by(kontor_platform::kept::SETTINGS)
        .reference_data()
        .rules(RateTypeRules)
}

pub fn rates() -> Spec {
    Spec::catalog("rates")
        .section("prices", "currency-dollar")
        .title("currency")
        .sort("-date,currency")
        .columns([
            Column::date("date").required().list(),
            Column::code("currency", "currencies").required().search().list(),
            Column::reference("rate_type_id", "rate-types").default(Value::Null).list(),
            Column::rate("rate").required().list(),
            Column::int("per", 1, 1_000_000_000).default(1i64).list(),
        ])
        .latest("date", &["rate_type_id", "currency"])
        .import_key(&["rate_type_id", "currency", "date"])
        .unique_over(&["rate_type_id", "currency", "date"])
        .reference_data()
        .rules(RateRules)
}

struct RateTypeRules;
impl Rules for RateTypeRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        if !change.is_create() {
            let used = cx.conn.query_opt("SELECT 1 FROM rates WHERE rate_type_id = ? LIMIT 1", &[change.after.id.into()])?.is_some();
            // Rates that are there already would all change their meaning.
            for field in ["base_currency", "direction"] {
                if used && change.changed(field) {
                    return Err(Error::field(field, "in_use").field_arg("what", "rates"));
                }
            }
        }
        one_default(cx, change)
    }
}

/// The first of its kind becomes the default; a new default takes the mark from the earlier one.
pub fn one_default(cx: &mut Cx, change: &mut Change) -> Result<()> {
    let spec = change.after.spec;
    if change.is_create() || change.after.bool("is_default") {
        cx.alone(&format!("{} default", spec.name))?;
    }
    let marked = Record::load_where(cx.conn, spec, "t.is_default = ? AND t.archived = ?", &[true.into(), false.into()])?;
    if marked.is_empty() && !change.given("is_default") && change.is_create() {
        change.after.set("is_default", true);
    }
    if change.after.bool("is_default") && !cx.preview {
        for before in marked.into_iter().filter(|r| r.id != change.after.id) {
            let mut after = before.clone();
            after.set("is_default", false);
            cx.save(&before, &mut after)?;
        }
    }
    Ok(())
}

/// The rate type that the first rate of a new database brings along, where nobody has made one: what a unit of another currency
/// costs in the company's own. A company with many kinds of rates makes them itself, and says which of them is the usual one.
/// None where it is only tried what would happen: that makes nothing.
fn usual_rate_type(cx: &mut Cx, currency: &str) -> Result<Option<Id>> {
    let company = match cx.ctx.access.companies.first() {
        Some(own) => Some(*own),
        None => kontor_office::first_company(cx)?,
    };
    let Some(company) = company else {
        return Err(Error::field("rate_type_id", "required").hint("rate_type_missing", vec![]));
    };
    let base = kontor_office::company(cx, company)?.currency;
    if base.code() == currency {
        return Err(Error::field("currency", "currency_same"));
    }
    if cx.preview {
        return Ok(None);
    }
    let mut made = Record::new(cx.spec("rate-types"), cx.new_id());
    made.set("name", "Main");
    made.set("names", json!({"uk": "Основний", "ru": "Основной", "en": "Main"}));
    made.set("base_currency", base.code());
    made.set("direction", "direct");
    made.set("is_default", true);
    cx.insert(&mut made)?;
    Ok(Some(made.id))
}

struct RateRules;
impl Rules for RateRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        if change.after.is_null("rate_type_id") {
            let currency = change.after.text("currency").to_string();
            let usual = cx.found_or_made("rate-types usual", |cx| default_rate_type(cx.conn), |cx| usual_rate_type(cx, &currency))?;
            change.after.set("rate_type_id", usual);
        }
        if !change.after.rate("rate").is_positive() {
            return Err(Error::field("rate", "rate_not_positive"));
        }
        let Some(of) = change.after.opt_id("rate_type_id") else { return Ok(()) };
        let base = kept_rate_type(cx, of)?.ok_or_else(Error::not_found)?.base;
        if base.code() == change.after.text("currency") {
            return Err(Error::field("currency", "currency_same"));
        }
        // In haste a day that is taken is found by its key, and then it is done again.
        if change.is_create() && !cx.preview && !cx.conn.is_hasty() {
            // A removed rate makes room for the right one of the same day; its image stays in the history.
            let dropped = "FROM rates WHERE rate_type_id = ? AND currency = ? AND date = ? AND archived = ?";
            let key = [of.into(), change.after.get("currency").clone(), change.after.get("date").clone(), true.into()];
            if cx.conn.query_opt(&format!("SELECT 1 {dropped} LIMIT 1"), &key)?.is_some() {
                external_ids::forget_many(cx.conn, &format!("SELECT id {dropped} AND external_id IS NOT NULL"), &key)?;
                cx.conn.exec(&format!("DELETE {dropped}"), &key)?;
            }
        }
        Ok(())
    }
}
