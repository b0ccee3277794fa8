//! Products and services. The SKU is kept exactly as written and need not be unique: suppliers' codes differ by case only.

use crate::category::upwards;
use kontor_kernel::HashSet;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::spec::{Column, Rules, Spec};
use kontor_platform::value::{Id, id_in};
use serde_json::Value as Json;

pub fn products() -> Spec {
    Spec::catalog("products")
        .section("catalog", "package")
        .columns([
            Column::text("name", 300).required().search().sort_key().list(),
            Column::map("names"),
            Column::text("sku", 100).search().list(),
            Column::text("barcode", 60).search().list(),
            Column::choice("kind", &["goods", "service"]).default("goods").list(),
            Column::reference("unit_id", "units").required().list(),
            Column::reference("category_id", "product-categories").by_name("category").list(),
            Column::reference("price_group_id", "price-groups").by_name("price_group"),
            Column::code("vat_rate", "vat-rates").list(),
            Column::reference("manufacturer_id", "partners").by_name("manufacturer").list(),
            Column::reference("season_id", "seasons").by_name("season"),
            Column::reference("seasonal_group_id", "seasonal-groups").by_name("seasonal_group"),
            // The higher, the better it sells.
            Column::int("sales_rating", 0, 1_000).list(),
            Column::text("series", 100).list(),
            Column::reference("parent_id", "products"),
            Column::quantity("weight"),
            Column::quantity("volume"),
            Column::items(
                "units",
                vec![
                    Column::reference("unit_id", "units").required(),
                    Column::int("numerator", 1, 1_000_000_000).required(),
                    Column::int("denominator", 1, 1_000_000_000).default(1i64),
                    Column::text("barcode", 60),
                    // Of the full package.
                    Column::quantity("weight"),
                    Column::quantity("volume"),
                ],
            ),
            // What is in it, where it is a kit.
            Column::items(
                "components",
                vec![Column::reference("product_id", "products").required(), Column::quantity("quantity").required()],
            ),
            Column::long("description"),
        ])
        .import_key(&["sku"])
        .index_on("sku", "(sku)")
        .index_on("barcode", "(barcode)")
        .index_on("parent", "(parent_id)")
        .index_on("category", "(category_id)")
        .reference_data()
        .rules(ProductRules)
}

struct ProductRules;
impl Rules for ProductRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        if change.is_create() {
            of_parent(cx, change)?;
        }
        if change.is_create() && !change.given("vat_rate") && change.after.is_null("vat_rate") {
            vat_of_category(cx, change)?;
        }
        if change.changed("units") || change.changed("unit_id") {
            other_units(cx, change)?;
        }
        crate::kit::check(cx, change)?;
        crate::characteristic::check(cx, change)?;
        if change.changed("parent_id")
            && let Some(parent) = change.after.opt_id("parent_id")
        {
            let of_parent = cx.load("products", parent)?.opt_id("parent_id");
            let has_variants = !change.is_create()
                && cx.conn.query_opt("SELECT 1 FROM products WHERE parent_id = ? LIMIT 1", &[change.after.id.into()])?.is_some();
            if parent == change.after.id || of_parent.is_some() || has_variants {
                return Err(Error::field("parent_id", "cycle"));
            }
        }
        Ok(())
    }
}

/// A new variant is in the category and under the VAT rate of the product that it is a variant of.
fn of_parent(cx: &mut Cx, change: &mut Change) -> Result<()> {
    if let Some(parent) = change.after.opt_id("parent_id")
        && !(change.given("category_id") && change.given("vat_rate"))
    {
        let parent = cx.load("products", parent)?;
        for column in ["category_id", "vat_rate"] {
            if !change.given(column) {
                change.after.set(column, parent.get(column).clone());
            }
        }
    }
    Ok(())
}

/// A new product takes the default of its category or of the nearest one above that has one.
fn vat_of_category(cx: &mut Cx, change: &mut Change) -> Result<()> {
    if let Some(category) = change.after.opt_id("category_id") {
        let found = upwards(cx, category)?.into_iter().find_map(|c| c.1);
        change.after.set("vat_rate", found);
    }
    Ok(())
}

/// Other units refer to existing ones, each once, none of them the stock unit.
fn other_units(cx: &mut Cx, change: &Change) -> Result<()> {
    let Json::Array(items) = change.after.json("units") else { return Ok(()) };
    let items = items.clone();
    let mut seen: HashSet<Id> = change.after.opt_id("unit_id").into_iter().collect();
    for (n, item) in items.iter().enumerate() {
        let field = format!("units.{n}.unit_id");
        let id = id_in(&item["unit_id"]).ok_or_else(|| Error::field(&field, "bad_id"))?;
        if !seen.insert(id) {
            return Err(Error::field(field, "unique"));
        }
        if cx.conn.query_opt("SELECT 1 FROM units WHERE id = ?", &[id.into()])?.is_none() {
            return Err(Error::field(field, "reference_missing").field_arg("value", id));
        }
    }
    Ok(())
}
