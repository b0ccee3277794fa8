//! How a partner's price list is read: which heading is which column. Written by the first import that finds the headings by
//! itself, corrected by people, and taken by every later import.

use kontor_platform::spec::{Column, Spec};

/// What a column of a price list may be.
pub const ROLES: &[&str] = &["article", "barcode", "name", "price", "currency", "unit", "stock"];

pub fn price_list_mappings() -> Spec {
    Spec::catalog("price-list-mappings")
        .section("prices", "columns-3")
        .columns([
            Column::text("name", 300).required().search().sort_key().list(),
            Column::reference("partner_id", "partners").required().once().unique().list(),
            Column::items("columns", vec![Column::choice("role", ROLES).required(), Column::text("heading", 300).required()]),
            Column::code("currency", "currencies").list(),
            Column::choice("vat", &["included", "excluded", "exempt"]),
            Column::tags("sheets"),
            Column::long("comment"),
        ])
        .import_key(&["partner_id"])
        .grant("director", "read create update delete undo")
        .grant("sales_manager", "read create update delete undo")
        .grant("accountant", "read")
}
