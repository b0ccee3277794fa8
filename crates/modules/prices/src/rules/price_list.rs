//! Price lists: prices of some products by themselves, those of all others derived from a price type by a percentage.

use super::{revision, validity};
use crate::price_type::{rounding_fields, rounding_of};
use kontor_kernel::HashSet;
use kontor_kernel::Percent;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Lines, Rules, Spec};

pub fn price_lists() -> Spec {
    Spec::catalog("price-lists")
        .section("prices", "list-details")
        .columns([
            Column::text("name", 200).required().unique().search().sort_key().list(),
            Column::code("currency", "currencies").required().list(),
            Column::choice("vat", &["included", "excluded", "exempt"]).default("included"),
            Column::reference("rate_type_id", "rate-types"),
            // Where the list has no row of its own; without it there is no price then.
            Column::reference("price_type_id", "price-types").list(),
            Column::percent("markup_percent").signed().list(),
            Column::object(
                "rounding",
                vec![Column::choice("mode", &["nearest", "up", "down"]), Column::price("step").required(), Column::price("ending")],
            ),
            // The list of this very client.
            Column::reference("partner_id", "partners").list(),
            Column::reference("company_id", "companies"),
            Column::date("valid_from").list(),
            Column::date("valid_to").list(),
            Column::int("priority", 0, 1_000_000).default(0i64),
            Column::long("comment"),
            revision::column(),
        ])
        .lines(Lines {
            name: "lines",
            table: "price_list_lines",
            columns: vec![Column::reference("product_id", "products").required(), Column::price("price").required()],
            max: 50_000,
            required: false,
        })
        .import_key(&["name"])
        .index_on(revision::INDEX.0, revision::INDEX.1)
        .index_on("price_list_lines.product", "(parent_id, product_id)")
        .via("partner_id", "partners")
        .open_when("{t}.partner_id IS NULL")
        .grant("director", "read create update delete undo")
        .grant("sales_manager", "read create update delete undo")
        .grant("accountant", "read")
        .grant("salesperson", "read:own hide:markup_percent,price_type_id")
        .grant("field_agent", "read:own hide:markup_percent,price_type_id")
        .rules(PriceListRules)
}

struct PriceListRules;
impl Rules for PriceListRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let r = &change.after;
        validity(r)?;
        if let Some(rounding) = rounding_of(r.json("rounding"))? {
            rounding.check().map_err(|e| rounding_fields(&e))?;
        }
        if r.percent("markup_percent") <= Percent::from_scaled(-100 * Percent::UNIT) {
            return Err(Error::field("markup_percent", "out_of_range").field_arg("min", -100).field_arg("max", "99999"));
        }
        let at = r.spec.lines[0].index("product_id").ok_or_else(|| Error::internal("price lists have products"))?;
        let mut seen = HashSet::new();
        let twice = r.lines[0].iter().enumerate().filter(|(_, l)| !seen.insert(l.values[at].as_id()));
        Error::collect(twice.map(|(n, _)| Error::field(format!("lines.{n}.product_id"), "duplicate_line")).collect())?;
        one_of_partner(cx, r)
    }
    fn written(&self, cx: &mut Cx, change: &Change) -> Result<()> {
        revision::touch(cx, "price_lists", change.after.id)
    }
    fn removing(&self, cx: &mut Cx, record: &Record) -> Result<()> {
        revision::touch(cx, "price_lists", record.id)
    }
}

/// Of one client, company and priority there is one list on a day.
fn one_of_partner(cx: &mut Cx, r: &Record) -> Result<()> {
    let Some(partner) = r.opt_id("partner_id") else { return Ok(()) };
    let days = validity(r)?;
    let rows = cx.conn.query(
        "SELECT name, valid_from, valid_to, company_id FROM price_lists WHERE partner_id = ? AND priority = ? AND archived = ? AND id <> ?",
        &[partner.into(), r.get("priority").clone(), false.into(), r.id.into()],
    )?;
    for other in &rows {
        let theirs = kontor_kernel::Period { from: other.opt_date(1)?, to: other.opt_date(2)? };
        if other.opt_id(3)? == r.opt_id("company_id") && theirs.overlaps(&days) && !r.bool("archived") {
            return Err(Error::field("valid_from", "overlap").field_arg("rule_a", r.title()).field_arg("rule_b", other.text(0)?));
        }
    }
    Ok(())
}
