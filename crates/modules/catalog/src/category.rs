//! Product categories: a tree. What is said of a category (VAT rate, agreement's refinement) holds for all below it.

use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::spec::{Column, Rules, Spec};
use kontor_platform::value::Id;

pub fn product_categories() -> Spec {
    Spec::catalog("product-categories")
        .section("catalog", "category")
        .columns([
            Column::text("name", 200).required().search().sort_key().list(),
            Column::map("names"),
            Column::reference("parent_id", "product-categories").list(),
            Column::code("vat_rate", "vat-rates").list(),
            // Where no rule gives a price, this list does; its prices are converted by these rates.
            Column::reference("price_type_id", "price-types").list(),
            Column::reference("rate_type_id", "rate-types"),
            // What one unit costs; the average of the receipts where nothing is said.
            Column::choice("cost_method", &["average", "last_receipt", "supply"]),
            Column::long("description"),
        ])
        .import_key(&["name"])
        .kept_by(kontor_platform::kept::SETTINGS)
        .index_on("parent", "(parent_id)")
        // Few say anything of prices; every order asks for those.
        .index_on("base", "(id) WHERE price_type_id IS NOT NULL")
        .index_on("figures", "(id) WHERE cost_method IS NOT NULL OR rate_type_id IS NOT NULL")
        .reference_data()
        .rules(CategoryRules)
}

struct CategoryRules;
impl Rules for CategoryRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        if let Some(parent) = change.after.opt_id("parent_id")
            && !change.is_create()
            && change.changed("parent_id")
            && upwards(cx, parent)?.iter().any(|c| c.0 == change.after.id)
        {
            return Err(Error::field("parent_id", "cycle"));
        }
        kontor_office::document::priced_for_sales(cx, change, "price_type_id")
    }
}

/// The category and those above it, nearest first: id and default VAT rate.
pub fn upwards(cx: &mut Cx, id: Id) -> Result<Vec<(Id, Option<String>)>> {
    let rows = cx.conn.query(
        "WITH RECURSIVE up(id, parent_id, vat_rate, depth) AS (\
         SELECT id, parent_id, vat_rate, 0 FROM product_categories WHERE id = ? UNION ALL \
         SELECT c.id, c.parent_id, c.vat_rate, up.depth + 1 FROM product_categories c JOIN up ON c.id = up.parent_id WHERE up.depth < 50) \
         SELECT id, vat_rate FROM up ORDER BY depth",
        &[id.into()],
    )?;
    rows.iter().map(|r| Ok((r.id(0)?, r.opt_text(1)?.map(str::to_string)))).collect()
}
