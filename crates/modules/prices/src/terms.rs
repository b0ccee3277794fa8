//! Terms of sale for a document: from the partner's own agreement, else from a standard one, else the company's price type.

use crate::agreement::validity;
use crate::rate_at::{currency_of, rate_types};
use crate::rules::segment::members;
use crate::types::{types, vat_of};
use chrono::NaiveDate;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Currency, Percent, VatMode};
use kontor_ledger::{PaymentKind, PaymentTerms};
use kontor_platform::cx::Cx;
use kontor_platform::kept::KeptEach;
use kontor_platform::record::Record;
use kontor_platform::store::Row;
use kontor_platform::value::{Id, Value};
use serde_json::Value as Json;
use std::sync::Arc;

impl Terms {
    /// The document names a price type of its own.
    pub fn choose(&mut self, price_type: Id) {
        if self.price_type_id != Some(price_type) {
            self.price_type_id = Some(price_type);
            self.chosen_price_type_id = Some(price_type);
        }
    }
}

/// Terms of payment as they stand in a record, whose declaration has checked them; what is not written is on delivery, at once.
pub fn payment_of(j: &Json) -> PaymentTerms {
    let days = j["days"].as_u64().and_then(|d| u32::try_from(d).ok()).unwrap_or(0);
    PaymentTerms { kind: j["kind"].as_str().and_then(PaymentKind::parse).unwrap_or_default(), days }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    pub agreement_id: Option<Id>,
    pub agreement_name: Option<String>,
    /// The standard agreement that stands behind the client's own conditions.
    pub standard_id: Option<Id>,
    /// What else conditions of sale look at; whoever makes a document fills it in. Of these the agreement may name the type of
    /// the order and the form of payment.
    pub contract_id: Option<Id>,
    pub order_type_id: Option<Id>,
    pub deal_kind_id: Option<Id>,
    pub payment_form_id: Option<Id>,
    pub loyalty_card_id: Option<Id>,
    /// The agreement's, else the default one.
    pub price_type_id: Option<Id>,
    /// Chosen in the document instead of the agreement's: base prices come from it alone.
    pub chosen_price_type_id: Option<Id>,
    /// Asked when the agreement has no price for a product.
    pub default_price_type_id: Option<Id>,
    /// Rates to convert by.
    pub rate_type_id: Option<Id>,
    pub currency: Currency,
    pub vat: VatMode,
    pub discount: Percent,
    pub payment_terms: PaymentTerms,
    /// Stages of payment, as the record has them; null where there are none.
    pub payment_stages: Json,
    pub credit_limit: Option<Amount>,
}

/// Terms on a date. An agreement that is named must be the partner's or a standard one, the company's, active and valid, or
/// the answer is an error of `agreement_id`. A currency that is given rules over the agreement's.
pub fn terms(
    cx: &mut Cx,
    company_id: Id,
    partner_id: Id,
    agreement_id: Option<Id>,
    currency: Option<Currency>,
    date: NaiveDate,
) -> Result<Terms> {
    let company = kontor_office::company(cx, company_id)?;
    let default = match company.price_type_id {
        Some(id) => Some(id),
        None => types(cx)?.default,
    };
    let rate_type_id = match company.rate_type_id {
        Some(id) => Some(id),
        None => rate_types(cx)?.default,
    };
    let found = match agreement_id {
        Some(id) => Some(named(cx, id, company_id, partner_id, date)?),
        None => best(cx, company_id, partner_id, currency.unwrap_or(company.currency), date)?,
    };
    let bare = Terms {
        agreement_id: None,
        agreement_name: None,
        standard_id: None,
        contract_id: None,
        order_type_id: None,
        deal_kind_id: None,
        payment_form_id: None,
        loyalty_card_id: None,
        price_type_id: default,
        chosen_price_type_id: None,
        default_price_type_id: default,
        rate_type_id,
        currency: currency.unwrap_or(company.currency),
        vat: VatMode::Included,
        discount: Percent::ZERO,
        payment_terms: PaymentTerms { kind: PaymentKind::OnDelivery, days: 0 },
        payment_stages: Json::Null,
        credit_limit: None,
    };
    let Some(a) = found else {
        let vat = match default {
            Some(id) => types(cx)?.get(id).map_or(VatMode::Included, |t| t.vat),
            None => VatMode::Included,
        };
        return Ok(Terms { vat, ..bare });
    };
    let standard_id = match a.opt_id("partner_id") {
        None => Some(a.id),
        Some(_) => standard(cx, company_id, partner_id, bare.currency, date)?,
    };
    Ok(Terms {
        agreement_id: Some(a.id),
        agreement_name: Some(a.title().to_string()),
        standard_id,
        order_type_id: a.opt_id("order_type_id"),
        payment_form_id: a.opt_id("payment_form_id"),
        price_type_id: a.opt_id("price_type_id").or(default),
        currency: match currency {
            Some(c) => c,
            None => currency_of(a.text("currency"))?,
        },
        vat: vat_of(a.text("vat"))?,
        discount: a.percent("discount_percent"),
        payment_terms: payment_terms(&a),
        payment_stages: a.json("payment_stages").clone(),
        credit_limit: a.opt_int("credit_limit").map(Amount::from_scaled),
        ..bare
    })
}

pub(crate) fn payment_terms(a: &Record) -> PaymentTerms {
    payment_of(a.json("payment_terms"))
}

/// The revision of agreements: they change more often than settings do.
pub const AGREEMENTS: &str = "kept:agreements";

/// Agreements by id, without their lines: those are rules.
struct Heads;
impl KeptEach for Heads {
    const BY: &'static str = AGREEMENTS;
    const MOST: usize = 5_000;
    type Key = Id;
    type Value = Arc<Record>;
    fn load(cx: &mut Cx, id: &Id) -> Result<Arc<Record>> {
        let mut a = cx.load("agreements", *id)?;
        a.lines.iter_mut().for_each(Vec::clear);
        Ok(Arc::new(a))
    }
}

/// An agreement as it is now, without its lines.
pub(crate) fn agreement(cx: &mut Cx, id: Id) -> Result<Arc<Record>> {
    cx.kept_each::<Heads>(&id)
}

/// How much credit the agreement gives; `None`: it sets no limit.
pub fn credit_limit(cx: &mut Cx, id: Id) -> Result<Option<Amount>> {
    Ok(agreement(cx, id)?.opt_int("credit_limit").map(Amount::from_scaled))
}

fn named(cx: &mut Cx, id: Id, company: Id, partner: Id, date: NaiveDate) -> Result<Arc<Record>> {
    let refuse = |code: &'static str| Error::field("agreement_id", code);
    let a = agreement(cx, id)
        .map_err(|e| if e.kind() == kontor_kernel::Kind::NotFound { refuse("reference_missing").field_arg("value", id) } else { e })?;
    if a.ref_id("company_id") != company {
        return Err(refuse("agreement_other_company"));
    }
    if a.opt_id("partner_id").is_some_and(|p| p != partner) {
        return Err(refuse("agreement_other_partner"));
    }
    // History names what held then, whatever became of it since.
    if !cx.ctx.is_history() {
        if a.state() != "active" || a.bool("archived") {
            return Err(refuse("agreement_not_active"));
        }
        if !validity(&a)?.contains(date) {
            return Err(refuse("agreement_not_valid").field_arg("date", date));
        }
    }
    Ok(a)
}

/// The partner's own before the standard one of a segment of his before the one for all; of each sort the one in the wanted
/// currency, of the smaller priority number, valid from later.
fn best(cx: &mut Cx, company: Id, partner: Id, currency: Currency, date: NaiveDate) -> Result<Option<Arc<Record>>> {
    if let Some(id) = cx.kept_each::<Own>(&(company, partner, currency, date))? {
        return Ok(Some(agreement(cx, id)?));
    }
    match standard(cx, company, partner, currency, date)? {
        Some(id) => Ok(Some(agreement(cx, id)?)),
        None => Ok(None),
    }
}

/// The standard agreement for a partner.
fn standard(cx: &mut Cx, company: Id, partner: Id, currency: Currency, date: NaiveDate) -> Result<Option<Id>> {
    let of_company = cx.kept_each::<Standard>(&(company, currency, date))?;
    if !of_company.of_segments.is_empty() && !partner.is_nil() {
        let segments: Vec<Id> = of_company.of_segments.iter().map(|a| a.1).collect();
        let his = members(cx, "partners", &segments, &[partner])?.remove(&partner).unwrap_or_default();
        if let Some((id, _)) = of_company.of_segments.iter().find(|(_, s)| his.contains(s)) {
            return Ok(Some(*id));
        }
    }
    Ok(of_company.of_all)
}

/// A partner's own agreement with a company on a day.
struct Own;
impl KeptEach for Own {
    const BY: &'static str = AGREEMENTS;
    const MOST: usize = 20_000;
    type Key = (Id, Id, Currency, NaiveDate);
    type Value = Option<Id>;
    fn load(cx: &mut Cx, (company, partner, currency, date): &Self::Key) -> Result<Option<Id>> {
        first(cx, "partner_id = ?", Some(*partner), *company, *currency, *date)?.first().map(|r| r.id(0)).transpose()
    }
}

/// Standard agreements of a company on a day, the one to take first.
#[derive(Default)]
struct Standards {
    /// With the segments of partners that they are for.
    of_segments: Vec<(Id, Id)>,
    of_all: Option<Id>,
}

struct Standard;
impl KeptEach for Standard {
    const BY: &'static str = AGREEMENTS;
    const MOST: usize = 1_000;
    type Key = (Id, Currency, NaiveDate);
    type Value = Arc<Standards>;
    fn load(cx: &mut Cx, (company, currency, date): &Self::Key) -> Result<Arc<Standards>> {
        let mut out = Standards::default();
        for r in first(cx, "partner_id IS NULL AND segment_id IS NOT NULL", None, *company, *currency, *date)? {
            out.of_segments.push((r.id(0)?, r.id(1)?));
        }
        let of_all = first(cx, "partner_id IS NULL AND segment_id IS NULL", None, *company, *currency, *date)?;
        out.of_all = of_all.first().map(|r| r.id(0)).transpose()?;
        Ok(Arc::new(out))
    }
}

/// Agreements in force that the condition names with their segments, the one to take first.
fn first(cx: &mut Cx, whose: &str, who: Option<Id>, company: Id, currency: Currency, date: NaiveDate) -> Result<Vec<Row>> {
    let limit = if who.is_some() { 1 } else { 100 };
    let sql = format!(
        "SELECT id, segment_id FROM agreements WHERE company_id = ? AND {whose} AND state = 'active' AND archived = ? \
         AND (valid_from IS NULL OR valid_from <= ?) AND (valid_to IS NULL OR valid_to >= ?) \
         ORDER BY CASE WHEN currency = ? THEN 0 ELSE 1 END, priority, valid_from IS NULL, valid_from DESC, id LIMIT {limit}"
    );
    let mut params: Vec<Value> = vec![company.into()];
    params.extend(who.map(Value::Id));
    params.extend([false.into(), date.into(), date.into(), currency.code().into()]);
    cx.conn.query(&sql, &params)
}
