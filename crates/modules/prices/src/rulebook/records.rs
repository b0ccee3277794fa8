//! What each record with rules says in the engine's terms.

use super::{Changed, ListFacts, other};
use crate::price_type::rounding_of;
use crate::rate_at::currency_of;
use crate::types::vat_of;
use chrono::NaiveDate;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Currency, Percent, Period, Price, Quantity, VatMode};
use kontor_platform::record::{Line, Record};
use kontor_platform::store::Row;
use kontor_platform::value::{Id, Value as Cell};
use kontor_pricing::{Bundle, BundleValue, Condition, From, Gift, Kind, Member, Method, PriceType, Value, What, Who};
use serde_json::Value as Json;

/// Weaker than whatever is written as a condition of its own.
const WEAK: i32 = i32::MAX - 1;

fn version(n: i64) -> Result<u32> {
    u32::try_from(n).map_err(Error::internal)
}

fn percent(n: i64) -> Value {
    Value::Percent(Percent::from_scaled(n))
}

/// A price list gives its own row first, then what it derives: two records of the next priorities.
fn of_list(c: Condition, list: Id) -> [Condition; 2] {
    let rest = Condition { id: other(c.id), value: Value::PriceType(other(list)), priority: c.priority.saturating_add(1), ..c.clone() };
    [Condition { value: Value::PriceType(list), ..c }, rest]
}

fn kind_of(code: &str, product: bool) -> Option<Kind> {
    match code {
        "special_price" if product => Some(Kind::SpecialProduct),
        "special_price" => Some(Kind::SpecialCategory),
        other => Kind::parse(other),
    }
}

/// A row of `load::CONDITION`.
pub fn condition(r: &Row) -> Result<Changed> {
    let mut out = Changed::of(r.id(0)?);
    let kind = kind_of(r.text(2)?, r.opt_id(13)?.is_some());
    let holds = r.bool(35)? && !r.bool(36)?;
    // Rebates change no price.
    let Some(kind) = kind.filter(|_| holds) else { return Ok(out) };
    let name = r.text(3)?;
    // A number says less than what the condition is about.
    if !name.starts_with("D-") {
        out.name = Some(name.into());
    }
    let company = r.opt_id(17)?;
    let who = match kind {
        Kind::CompanyList | Kind::Surcharge => company.map_or(Who::Anyone, Who::Company),
        _ => who(r)?,
    };
    let int = |i: usize| r.opt_int(i);
    let mut c = Condition::new(out.record, kind, who, what(r)?, percent(0));
    c.version = version(r.int(1)?)?;
    c.company = company.filter(|_| !matches!(who, Who::Company(_)));
    c.valid = Period { from: r.opt_date(28)?, to: r.opt_date(29)? };
    c.from = match (int(25)?, int(26)?) {
        (Some(q), _) => From::Quantity(Quantity::from_scaled(q)),
        (None, Some(a)) => From::Amount(Amount::from_scaled(a)),
        (None, None) => From::Nothing,
    };
    c.limit = int(27)?.map(Quantity::from_scaled);
    // Two records of a price list stand side by side.
    c.priority = i32::try_from(r.int(30)?.saturating_mul(2)).unwrap_or(WEAK);
    c.group = u8::try_from(r.int(31)?).unwrap_or(0);
    (c.stop, c.fixed) = (r.bool(32)?, r.bool(33)?);
    if let Some(list) = r.opt_id(19)? {
        out.conditions = of_list(c, list).to_vec();
        return Ok(out);
    }
    // A surcharge is written as what is added.
    let sign = if kind == Kind::Surcharge { -1 } else { 1 };
    let currency = |i: usize| -> Result<Currency> { currency_of(r.opt_text(i)?.unwrap_or_default()) };
    c.value = match (r.opt_id(18)?, int(20)?, int(22)?, int(23)?) {
        (Some(id), ..) => Value::PriceType(id),
        (_, Some(p), ..) => {
            let vat = r.opt_text(21)?.map_or(Ok(VatMode::Included), vat_of)?;
            Value::Price { price: Price::from_scaled(p), currency: currency(24)?, vat }
        }
        (_, _, Some(p), _) => percent(sign * p),
        (_, _, _, Some(a)) => Value::Off { off: Price::from_scaled(sign * a), currency: currency(24)? },
        _ => return Ok(out),
    };
    out.conditions.push(c);
    Ok(out)
}

fn who(r: &Row) -> Result<Who> {
    const OF: [fn(Id) -> Who; 9] = [
        Who::Partner,
        Who::Agreement,
        Who::Contract,
        Who::DealerType,
        Who::Segment,
        Who::Region,
        Who::OrderType,
        Who::PaymentForm,
        Who::Card,
    ];
    for (n, of) in OF.iter().enumerate() {
        if let Some(id) = r.opt_id(4 + n)? {
            return Ok(of(id));
        }
    }
    Ok(r.opt_id(34)?.map_or(Who::Anyone, Who::DealKind))
}

fn what(r: &Row) -> Result<What> {
    const OF: [fn(Id) -> What; 4] = [What::Product, What::PriceGroup, What::Category, What::Segment];
    for (n, of) in OF.iter().enumerate() {
        if let Some(id) = r.opt_id(13 + n)? {
            return Ok(of(id));
        }
    }
    Ok(What::Any)
}

/// A row of the price lists.
pub fn price_list(r: &Row) -> Result<Changed> {
    let mut out = Changed::of(r.id(0)?);
    let (id, name) = (out.record, r.text(2)?);
    out.name = Some(name.into());
    let (currency, vat) = (currency_of(r.text(3)?)?, vat_of(r.text(4)?)?);
    let own = PriceType { version: Some(r.int(1)?), ..PriceType::new(id, name, currency, vat, Method::Manual) };
    let method = match r.opt_id(5)? {
        Some(base) => Method::Markup { base, percent: Percent::from_scaled(r.opt_int(6)?.unwrap_or(0)) },
        // Nothing is written under this id, so there is no price.
        None => Method::Manual,
    };
    let rounding = rounding_of(&if r.raw(7)?.is_null() { Json::Null } else { r.json(7)? })?;
    let rest = PriceType { version: Some(r.int(1)?), rounding, ..PriceType::new(other(id), name, currency, vat, method) };
    let since = r.opt_date(10)?.or(NaiveDate::from_ymd_opt(2000, 1, 1)).unwrap_or_default();
    out.list = Some((own.compile(), rest.compile(), ListFacts { currency, base: r.opt_id(5)?, since }));
    if let Some(partner) = r.opt_id(8)?
        && !r.bool(13)?
    {
        let mut c = Condition::new(id, Kind::IndividualList, Who::Partner(partner), What::Any, Value::PriceType(id));
        c.version = version(r.int(1)?)?;
        c.company = r.opt_id(9)?;
        c.valid = Period { from: r.opt_date(10)?, to: r.opt_date(11)? };
        c.priority = i32::try_from(r.int(12)?.saturating_mul(2)).unwrap_or(WEAK);
        out.conditions = of_list(c, id).to_vec();
    }
    Ok(out)
}

/// Conditions of a record, all for the same one and of one version.
struct Maker {
    out: Vec<Condition>,
    who: Who,
    version: u32,
    valid: Period,
}

impl Maker {
    fn new(r: &Record, who: Who, valid: Period) -> Result<Maker> {
        Ok(Maker { out: vec![], who, version: version(r.version)?, valid })
    }
    fn put(&mut self, id: Id, kind: Kind, what: What, value: Value) -> &mut Condition {
        self.out.push(Condition { version: self.version, valid: self.valid, ..Condition::new(id, kind, self.who, what, value) });
        let last = self.out.len() - 1;
        &mut self.out[last]
    }
    /// The list before the type: the more particular one first.
    fn base(&mut self, r: &Record, kind: Kind, priority: i32) {
        if let Some(list) = r.opt_id("price_list_id") {
            let c = Condition { priority, ..self.put(salted(r.id, 1), kind, What::Any, Value::PriceType(list)).clone() };
            self.out.pop();
            self.out.extend(of_list(c, list));
        }
        if let Some(id) = r.opt_id("price_type_id") {
            self.put(r.id, kind, What::Any, Value::PriceType(id)).priority = priority.saturating_add(2).min(WEAK);
        }
    }
}

/// Further ids of one record.
fn salted(id: Id, n: u8) -> Id {
    Id::from_u128(id.as_u128() ^ (u128::from(n) << 40))
}

pub fn dealer_type(r: &Record) -> Result<Changed> {
    let mut out = Changed { name: Some(r.title().into()), ..Changed::of(r.id) };
    if r.bool("archived") {
        return Ok(out);
    }
    let mut m = Maker::new(r, Who::DealerType(r.id), Period::ALWAYS)?;
    m.base(r, Kind::DealerType, WEAK - 4);
    if let Some(p) = r.opt_int("discount_percent") {
        m.put(other(r.id), Kind::DealerDiscount, What::Any, percent(p)).priority = WEAK;
    }
    out.conditions = m.out;
    Ok(out)
}

/// An agreement's lines and general terms. A price that a line fixes bears no general discount. Agreements that are not in
/// force stay: only a document that names one asks for it, and what was sold by it is explained by it.
pub fn agreement(r: &Record) -> Result<Changed> {
    let spec = &r.spec.lines[0];
    let (currency, vat) = (currency_of(r.text("currency"))?, vat_of(r.text("vat"))?);
    let mut m = Maker::new(r, Who::Agreement(r.id), crate::agreement::validity(r)?)?;
    for l in &r.lines[0] {
        let int = |name: &str| l.get(spec, name).as_int();
        let id = |name: &str| l.get(spec, name).as_id();
        let what = match (id("product_id"), id("price_group_id"), id("category_id"), id("product_segment_id")) {
            (Some(p), ..) => What::Product(p),
            (_, Some(g), ..) => What::PriceGroup(g),
            (_, _, Some(c), _) => What::Category(c),
            (.., Some(s)) => What::Segment(s),
            _ => continue,
        };
        let kind = if matches!(what, What::Product(_)) { Kind::AgreementProduct } else { Kind::AgreementGroup };
        match (int("price").map(Price::from_scaled), id("price_type_id")) {
            (Some(price), _) => m.put(l.id, kind, what, Value::Price { price, currency, vat }).fixed = true,
            (None, Some(id)) => drop(m.put(l.id, kind, what, Value::PriceType(id))),
            (None, None) => {}
        }
        if let Some(p) = int("discount_percent") {
            m.put(other(l.id), Kind::Agreement, what, percent(p));
        }
    }
    // A standard agreement stands behind the client's own conditions, an individual one is among them.
    m.base(r, if r.text("kind") == "standard" { Kind::StandardAgreement } else { Kind::IndividualList }, 0);
    if let Cell::Int(p) = r.get("discount_percent") {
        m.put(other(r.id), Kind::Agreement, What::Any, percent(*p));
    }
    Ok(Changed { name: Some(r.title().into()), conditions: m.out, ..Changed::of(r.id) })
}

/// A contract's lines, list and discount. The price of a line is agreed: it bears no discount.
pub fn contract(r: &Record) -> Result<Changed> {
    let valid = crate::rules::validity(r)?;
    let (currency, vat) = (currency_of(r.text("currency"))?, vat_of(r.text("vat"))?);
    let mut m = Maker::new(r, Who::Contract(r.id), valid)?;
    for p in crate::contract::agreed_prices(r) {
        let kind = if matches!(p.what, What::Product(_)) { Kind::ContractProduct } else { Kind::ContractGroup };
        let c = m.put(p.line, kind, p.what, Value::Price { price: p.price, currency, vat });
        c.fixed = true;
        c.valid = Period { from: p.from.or(valid.from), to: p.to.or(valid.to) };
    }
    m.base(r, Kind::ContractList, 0);
    if let Some(p) = r.opt_int("discount_percent") {
        m.put(other(r.id), Kind::Contract, What::Any, percent(p));
    }
    Ok(Changed { name: Some(r.title().into()), conditions: m.out, ..Changed::of(r.id) })
}

pub fn promotion(r: &Record) -> Result<Changed> {
    let mut out = Changed { name: Some(r.title().into()), ..Changed::of(r.id) };
    if !r.bool("active") || r.bool("archived") {
        return Ok(out);
    }
    let who = [("partner_id", Who::Partner as fn(Id) -> Who), ("segment_id", Who::Segment), ("dealer_type_id", Who::DealerType)]
        .into_iter()
        .find_map(|(c, of)| r.opt_id(c).map(of))
        .unwrap_or(Who::Anyone);
    let (valid, version, company) = (crate::rules::validity(r)?, version(r.version)?, r.opt_id("company_id"));
    let priority = i32::try_from(r.int("priority")).unwrap_or(WEAK);
    if r.text("kind") == "bundle" {
        let spec = &r.spec.lines[0];
        let member = |l: &Line| {
            let quantity = Quantity::from_scaled(l.get(spec, "quantity").as_int().unwrap_or(0));
            Some(Member { product: l.get(spec, "product_id").as_id()?, quantity })
        };
        let amount = |c: &str| r.opt_int(c).map(Amount::from_scaled);
        let value = match (amount("bundle_price"), amount("amount_off")) {
            (Some(price), _) => BundleValue::Price { price, currency: currency_of(r.text("currency"))? },
            (_, Some(off)) => BundleValue::Off { off, currency: currency_of(r.text("currency"))? },
            _ => BundleValue::Percent(r.percent("percent")),
        };
        let limit = r.opt_int("limit_bundles").and_then(|n| u32::try_from(n).ok());
        let members = r.lines[0].iter().filter_map(member).collect();
        out.bundle = Some(Bundle { id: r.id, version, members, value, who, company, valid, priority, limit });
        return Ok(out);
    }
    let what = [
        ("product_id", What::Product as fn(Id) -> What),
        ("price_group_id", What::PriceGroup),
        ("category_id", What::Category),
        ("product_segment_id", What::Segment),
    ]
    .into_iter()
    .find_map(|(c, of)| r.opt_id(c).map(of))
    .unwrap_or(What::Any);
    out.gift = Some(Gift {
        id: r.id,
        version,
        what,
        from: r.quantity("from_quantity"),
        product: r.ref_id("gift_product_id"),
        quantity: r.quantity("gift_quantity"),
        repeat: r.bool("repeat"),
        who,
        company,
        valid,
        priority,
    });
    Ok(out)
}
