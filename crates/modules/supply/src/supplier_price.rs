//! A line of a supplier's or competitor's price list as it stands now; what it was before is in its history. The link to our
//! own product is found by the import; one that a person has set stays.

use crate::supply_terms::{SupplierTerms, of_partners};
use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Price, Quantity, VatMode};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Rules, Spec};
use kontor_platform::store::{Row, marks, padded, parts};
use kontor_platform::value::{Id, Value};
use serde_json::Value as Json;
use std::collections::BTreeSet;

pub fn supplier_prices() -> Spec {
    Spec::catalog("supplier-prices")
        .section("prices", "truck-delivery")
        .title("supplier_name")
        .sort("supplier_name")
        .columns([
            Column::reference("partner_id", "partners").required().once().list(),
            Column::text("supplier_code", 100).search().list(),
            Column::text("supplier_name", 500).required().search().sort_key().list(),
            Column::text("supplier_group", 500),
            Column::text("barcode", 60).search(),
            Column::reference("product_id", "products").list(),
            Column::choice("matched", &["none", "maybe", "same", "manual"]).default("none").list(),
            Column::percent("match_score"),
            Column::price("price").list(),
            Column::code("currency", "currencies").required().list(),
            Column::choice("vat", &["included", "excluded", "exempt"]).default("included"),
            Column::text("unit", 40),
            Column::text("stock", 60),
            Column::items(
                "lots",
                vec![Column::quantity("quantity").required(), Column::price("price").required(), Column::int("lead_days", 0, 3_650)],
            ),
            Column::date("valid_from").default(Value::Null).list(),
        ])
        .import_key(&["partner_id", "supplier_code"])
        .index_on("product", "(product_id)")
        .index_on("partner", "(partner_id, supplier_code)")
        .grant("director", "read create update delete undo")
        .grant("sales_manager", "read create update delete undo")
        .grant("accountant", "read")
        .rules(SupplierPriceRules)
}

struct SupplierPriceRules;
impl Rules for SupplierPriceRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        if change.after.is_null("valid_from") {
            change.after.set("valid_from", cx.ctx.today);
        }
        let by_person = change.given("product_id") && !change.given("matched");
        if by_person && (change.is_create() || change.changed("product_id")) {
            change.after.set("matched", if change.after.is_null("product_id") { "none" } else { "manual" });
            change.after.set("match_score", Value::Null);
        }
        // A person may also say that it is none of ours: `manual` without a product, which later lists keep.
        if change.after.is_null("product_id") && !matches!(change.after.text("matched"), "none" | "manual") {
            return Err(Error::field("product_id", "required"));
        }
        check_lots(&change.after)
    }
}

/// Lots (four as a rule) of different sizes, each above nothing.
fn check_lots(r: &Record) -> Result<()> {
    let all = lots_of(r.json("lots"));
    if all.len() > LOTS {
        return Err(Error::field("lots", "too_many").field_arg("max", LOTS));
    }
    let mut seen = BTreeSet::new();
    let mut wrong = vec![];
    for (n, l) in all.iter().enumerate() {
        if !l.from.is_positive() {
            wrong.push(Error::field(format!("lots.{n}.quantity"), "number_not_positive"));
        }
        if !seen.insert(l.from) {
            wrong.push(Error::field(format!("lots.{n}.quantity"), "unique"));
        }
    }
    Error::collect(wrong)
}

const LOTS: usize = 20;

/// Whose prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Supplier,
    Competitor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    pub from: Quantity,
    pub price: Price,
    /// Days until the goods come.
    pub days: u16,
}

/// What somebody asks for one of our products, in his own currency and VAT basis.
#[derive(Clone, Debug)]
pub struct Offer {
    pub partner: Id,
    pub price: Option<Price>,
    pub currency: Currency,
    pub vat: VatMode,
    /// By size; the plain price stands where there are none.
    pub lots: Vec<Lot>,
    pub valid_from: NaiveDate,
    pub terms: Option<SupplierTerms>,
}

impl Offer {
    /// For the smallest quantity.
    pub fn single(&self) -> Option<Price> {
        self.price.or_else(|| self.lots.iter().min_by_key(|l| l.from).map(|l| l.price))
    }
}

/// Offers for these products that hold on a date, for each the one to take first at the front: of the supplier with the
/// smallest priority number, then the newest. Lines of which nobody has said whose product they are do not count.
pub fn offers(cx: &mut Cx, side: Side, partner: Option<Id>, products: &[Id], date: NaiveDate) -> Result<HashMap<Id, Vec<Offer>>> {
    let mut found: Vec<(Id, Offer)> = vec![];
    for chunk in parts(products) {
        let ids = padded(chunk);
        let of = if partner.is_some() { " AND s.partner_id = ?" } else { "" };
        let sql = format!(
            "SELECT s.product_id, s.partner_id, s.price, s.currency, s.vat, s.lots, s.valid_from, w.roles FROM supplier_prices s \
             JOIN partners w ON w.id = s.partner_id WHERE s.product_id IN ({}) AND s.archived = ? AND s.matched IN ('same', 'manual') \
             AND s.valid_from <= ?{of} ORDER BY s.product_id, s.valid_from DESC, s.id",
            marks(ids.len())
        );
        let params: Vec<Value> = ids.into_iter().chain([false.into(), date.into()]).chain(partner.map(Value::Id)).collect();
        for r in cx.conn.query(&sql, &params)? {
            if side_of(&r)? == side {
                found.push((r.id(0)?, offer(&r)?));
            }
        }
    }
    let partners: BTreeSet<Id> = found.iter().map(|f| f.1.partner).collect();
    let terms = of_partners(cx, &partners)?;
    let mut out: HashMap<Id, Vec<Offer>> = HashMap::new();
    for (product, mut offer) in found {
        offer.terms = terms.get(&offer.partner).cloned();
        out.entry(product).or_default().push(offer);
    }
    for of in out.values_mut() {
        of.retain(|o| o.single().is_some());
        of.sort_by_key(|o| o.terms.as_ref().map_or(i64::MAX, |t| t.priority));
    }
    Ok(out)
}

/// Who is both is asked as a supplier.
fn side_of(r: &Row) -> Result<Side> {
    let roles = if r.raw(7)?.is_null() { Json::Null } else { r.json(7)? };
    let has = |role: &str| roles.as_array().is_some_and(|a| a.iter().any(|x| x == role));
    Ok(if has("competitor") && !has("supplier") { Side::Competitor } else { Side::Supplier })
}

fn offer(r: &Row) -> Result<Offer> {
    let amiss = |what: &str| Error::internal(format!("{what} of a supplier's price"));
    Ok(Offer {
        partner: r.id(1)?,
        price: r.opt_int(2)?.map(Price::from_scaled),
        currency: Currency::parse(r.text(3)?).map_err(|_| amiss("currency"))?,
        vat: VatMode::parse(r.opt_text(4)?.unwrap_or("included")).ok_or_else(|| amiss("VAT basis"))?,
        lots: if r.raw(5)?.is_null() { vec![] } else { lots_of(&r.json(5)?) },
        valid_from: r.date(6)?,
        terms: None,
    })
}

fn lots_of(j: &Json) -> Vec<Lot> {
    let one = |x: &Json| {
        let from = Quantity::parse(x["quantity"].as_str()?).ok()?;
        let price = Price::parse(x["price"].as_str()?).ok()?;
        Some(Lot { from, price, days: x["lead_days"].as_u64().and_then(|d| u16::try_from(d).ok()).unwrap_or(0) })
    };
    j.as_array().into_iter().flatten().filter_map(one).collect()
}
