//! Reads rules that have changed since a revision, or all of them.

use super::{Changed, records};
use kontor_kernel::error::{Error, Result};
use kontor_platform::App;
use kontor_platform::cx::Cx;
use kontor_platform::kept::{self, Kept};
use kontor_platform::record::Record;
use kontor_platform::store::{Conn, Row};
use kontor_platform::value::Value;

/// Records with rules, changed after `since`; those that no longer hold come without conditions.
pub fn changes(conn: &mut Conn, app: &App, since: Option<i64>) -> Result<Vec<Changed>> {
    let mut out = vec![];
    conditions(conn, since, &mut out)?;
    for (collection, make) in [
        ("dealer-types", records::dealer_type as fn(&Record) -> Result<Changed>),
        ("agreements", records::agreement),
        ("contracts", records::contract),
        ("promotions", records::promotion),
    ] {
        let spec = app.registry.get(collection).ok_or_else(Error::not_found)?;
        let all = match since {
            Some(n) => Record::load_where(conn, spec, "t.rule_revision > ?", &[n.into()])?,
            None => Record::load_where(conn, spec, "t.id IS NOT NULL", &[])?,
        };
        for r in &all {
            out.push(make(r)?);
        }
    }
    lists(conn, since, &mut out)?;
    Ok(out)
}

const CONDITION: &str = "SELECT id, version, kind, name, partner_id, agreement_id, contract_id, dealer_type_id, segment_id, region_id, \
    order_type_id, payment_form_id, loyalty_program_id, product_id, price_group_id, category_id, product_segment_id, company_id, \
    price_type_id, price_list_id, price, vat, percent, amount_off, currency, from_quantity, from_amount, limit_quantity, \
    valid_from, valid_to, priority, exclusive_group, stop, final_price, deal_kind_id, active, archived FROM price_conditions";

/// A million of them is read row by row, without records.
fn conditions(conn: &mut Conn, since: Option<i64>, out: &mut Vec<Changed>) -> Result<()> {
    let (sql, params): (String, Vec<Value>) = match since {
        Some(n) => (format!("{CONDITION} WHERE rule_revision > ?"), vec![n.into()]),
        None => (format!("{CONDITION} WHERE active = ? AND archived = ?"), vec![true.into(), false.into()]),
    };
    conn.query_each(&sql, &params, |row| {
        out.push(records::condition(&row)?);
        Ok(true)
    })
}

/// The rules of a record as it stands in memory.
pub fn of_record(r: &Record) -> Result<Changed> {
    match r.spec.name {
        "price-conditions" => records::condition(&row(r, CONDITION)),
        "price-lists" => records::price_list(&row(r, LIST)),
        "promotions" => records::promotion(r),
        "dealer-types" => records::dealer_type(r),
        "agreements" => records::agreement(r),
        "contracts" => records::contract(r),
        other => Err(Error::internal(format!("{other} has no rules"))),
    }
}

/// The record as the SELECT would give it.
fn row(r: &Record, select: &str) -> Row {
    let columns = select.trim_start_matches("SELECT ").split(" FROM ").next().unwrap_or_default();
    let cell = |name: &str| match name {
        "id" => r.id.into(),
        "version" => r.version.into(),
        name => r.get(name).clone(),
    };
    Row(columns.split(',').map(|c| cell(c.trim())).collect())
}

const LIST: &str = "SELECT id, version, name, currency, vat, price_type_id, markup_percent, rounding, partner_id, company_id, valid_from, \
    valid_to, priority, archived FROM price_lists";

/// Lists without their rows: those are read with the prices of a document.
fn lists(conn: &mut Conn, since: Option<i64>, out: &mut Vec<Changed>) -> Result<()> {
    let (sql, params): (String, Vec<Value>) = match since {
        Some(n) => (format!("{LIST} WHERE rule_revision > ?"), vec![n.into()]),
        None => (LIST.to_string(), vec![]),
    };
    for row in conn.query(&sql, &params)? {
        out.push(records::price_list(&row)?);
    }
    Ok(())
}

/// Companies and categories with a price type of their own.
pub struct Defaults(pub Vec<super::Fallback>);
/// Most of them kept in memory.
const KEPT: usize = 20_000;
impl Kept for Defaults {
    const BY: &'static str = kept::SETTINGS;
    fn load(cx: &mut Cx) -> Result<Self> {
        defaults(cx.conn).map(Defaults)
    }
    fn stays(&self) -> bool {
        self.0.len() <= KEPT
    }
}

fn defaults(conn: &mut Conn) -> Result<Vec<super::Fallback>> {
    let sql = "SELECT id, price_type_id, 0 AS place FROM companies WHERE price_type_id IS NOT NULL \
        UNION ALL SELECT id, price_type_id, 1 FROM product_categories WHERE price_type_id IS NOT NULL AND archived = ? ORDER BY 3, 1";
    let one = |r: &Row| -> Result<super::Fallback> {
        let (id, category) = (r.id(0)?, r.int(2)? == 1);
        Ok(super::Fallback { company: (!category).then_some(id), category: category.then_some(id), price_type: r.id(1)? })
    };
    conn.query(sql, &[false.into()])?.iter().map(one).collect()
}
