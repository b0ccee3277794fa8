//! A line of a supplier's or competitor's price list as it stands now; what it was before is in its history. The link to our
//! own product is found by the import; one that a person has set stays.

use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::spec::{Column, Rules, Spec};
use kontor_platform::value::Value;

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
        if change.after.is_null("product_id") && change.after.text("matched") != "none" {
            return Err(Error::field("product_id", "required"));
        }
        Ok(())
    }
}
