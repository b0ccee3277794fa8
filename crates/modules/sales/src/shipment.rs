//! Shipments: goods or works handed over, of an order or by themselves. draft -> posted -> reversed; `revise` corrects a
//! posted one under the same number.

use crate::columns::{MAX_LINES, SALE_KINDS, frozen, head, line_sums, sums};
use crate::{shipment_lines, shipment_post};
use kontor_kernel::error::Result;
use kontor_office::document::{came_posted, posts_at_once};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::spec::{Column, Lines, Rules, Spec, Verb};

pub const ENTITY: &str = "shipments";
pub const PREFIX: &str = "SH";

pub fn shipments() -> Spec {
    let mut spec = Spec::document(ENTITY, &["draft", "posted", "reversed"])
        .section("sales", "truck-delivery")
        .owner("manager_id")
        .columns([Column::reference("sales_order_id", "sales-orders").once().list()])
        .columns(head())
        .columns([
            Column::reference("deal_id", "deals"),
            Column::date("due_date").computed().list(),
            // As the order or the agreement has it.
            Column::choice("sale_kind", SALE_KINDS),
            // Returnable packaging is to be back by then.
            Column::date("packaging_return_on"),
        ])
        .columns(sums())
        .columns([open(), frozen(), Column::bool("post", false).secret()])
        .lines(lines("shipment_lines", vec![Column::text("order_line_id", 36)]))
        .group(&["vat", "currency"])
        .basis("sales_order_id", "sales-orders")
        .basis("deal_id", "deals")
        .verb(Verb::new("post", &["draft"], &["posted"], shipment_post::post).primary().undone_by("reverse"))
        .verb(Verb::new("reverse", &["posted"], &["reversed"], shipment_post::reverse))
        .verb(Verb::new("revise", &["posted"], &["posted"], shipment_post::revise).edits())
        .grant("director", "read create update delete undo post reverse revise")
        .grant("sales_manager", "read:team create update:team delete:team undo:team post:team reverse:team revise:team")
        .grant("salesperson", "read:own create update:own delete:own undo:own post:own")
        .grant("accountant", "read create update undo post reverse revise")
        .grant("storekeeper", STOREKEEPER)
        .rules(ShipmentRules);
    // An order says them; without one they are asked for.
    for c in spec.columns.iter_mut().filter(|c| matches!(c.name, "company_id" | "partner_id")) {
        c.required = false;
        c.not_null = true;
    }
    spec
}

const STOREKEEPER: &str = "read create update delete undo post reverse revise hide:total,vat_total,net_total,cost_total,margin,open,price,discount_percent,discount_amount,amount,vat_amount,cost,payment_terms,payment_stages,frozen";

/// What is not settled yet of a posted document.
pub fn open() -> Column {
    Column::amount("open").signed().virtual_sql("SELECT d.open FROM settlement_documents d WHERE d.id = {t}.id")
}

/// Lines of shipments and returns.
pub fn lines(table: &'static str, mut columns: Vec<Column>) -> Lines {
    columns.extend([
        Column::reference("product_id", "products"),
        Column::quantity("quantity").signed(),
        Column::reference("unit_id", "units"),
        Column::price("price").signed(),
        Column::percent("discount_percent").signed().default(0i64),
        // Its part of what the order's line has off beyond the percentage.
        Column::amount("discount_amount").signed().computed().default(0i64),
        Column::reference("warehouse_id", "warehouses"),
        Column::text("note", 300),
    ]);
    columns.extend(line_sums());
    Lines { name: "lines", table, columns, max: MAX_LINES, required: false }
}

struct ShipmentRules;
impl Rules for ShipmentRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        shipment_lines::decide(cx, change)?;
        if posts_at_once(cx, change)? {
            shipment_post::prepare(cx, &mut change.after)?;
        }
        Ok(())
    }
    fn written(&self, cx: &mut Cx, change: &Change) -> Result<()> {
        if came_posted(change) {
            shipment_post::take_effect(cx, &change.after, None)?;
        }
        Ok(())
    }
}
