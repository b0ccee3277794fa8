//! Columns that quotes, orders, shipments and returns have in common, and where they stand in a line.

use kontor_kernel::{Amount, Percent, Price, Quantity};
use kontor_platform::record::Line;
use kontor_platform::spec::{Column, Lines, Spec};
use kontor_platform::value::{Id, Value};

pub const VAT: &[&str] = &["included", "excluded", "exempt"];
/// Goods that wait for later supply are not reserved.
pub const SUPPLY: &[&str] = &["stock", "later"];
/// Goods on commission stay ours until the agent has sold them.
pub const SALE_KINDS: &[&str] = &["sale", "commission"];
pub const MAX_LINES: usize = 10_000;

/// With whom, by which terms.
pub fn head() -> Vec<Column> {
    vec![
        Column::reference("partner_id", "partners").required().list(),
        Column::reference("counterparty_id", "counterparties"),
        Column::reference("agreement_id", "agreements"),
        Column::reference("contract_id", "contracts"),
        Column::reference("warehouse_id", "warehouses"),
        Column::code("currency", "currencies").list(),
        Column::choice("vat", VAT),
        Column::object(
            "payment_terms",
            vec![Column::choice("kind", &["prepay", "credit", "on_delivery"]).required(), Column::int("days", 0, 3_650)],
        ),
        kontor_prices::stages::column(),
        Column::reference("manager_id", "users").list(),
        // Where the goods go; turnover by country is counted by it.
        Column::long("ship_to"),
        Column::code("country", "countries"),
    ]
}

/// Sums, in the document's currency.
pub fn sums() -> Vec<Column> {
    vec![
        Column::amount("total").signed().computed().default(0i64).list(),
        Column::amount("vat_total").signed().computed().default(0i64),
        Column::amount("net_total").signed().computed().default(0i64),
        Column::amount("cost_total").signed().computed().default(0i64),
        Column::amount("margin").signed().computed().default(0i64),
    ]
}

/// Names, addresses and tax ids of both parties as they were when the document took effect.
pub fn frozen() -> Column {
    Column::map("frozen").computed()
}

pub fn line_sums() -> Vec<Column> {
    vec![
        // Quantity in the product's own unit, which registers are kept in.
        Column::quantity("base_quantity").signed().computed().default(0i64),
        Column::amount("amount").signed().computed().default(0i64),
        Column::percent("vat_percent").computed().default(0i64),
        Column::amount("vat_amount").signed().computed().default(0i64),
        Column::amount("cost").signed().computed().default(0i64),
    ]
}

/// Positions of the common columns in a kind of lines; what a kind does not have is `None` and reads as empty.
#[derive(Clone, Copy)]
pub struct At {
    pub product: usize,
    pub quantity: usize,
    pub unit: usize,
    pub price: usize,
    pub discount: usize,
    pub base: usize,
    pub amount: usize,
    pub vat_percent: usize,
    pub vat: usize,
    pub cost: usize,
    pub warehouse: usize,
}

impl At {
    pub fn of(spec: &Spec) -> At {
        let lines = &spec.lines[0];
        let at = |name: &str| position(lines, name);
        At {
            product: at("product_id"),
            quantity: at("quantity"),
            unit: at("unit_id"),
            price: at("price"),
            discount: at("discount_percent"),
            base: at("base_quantity"),
            amount: at("amount"),
            vat_percent: at("vat_percent"),
            vat: at("vat_amount"),
            cost: at("cost"),
            warehouse: at("warehouse_id"),
        }
    }
}

pub fn position(lines: &Lines, name: &str) -> usize {
    lines.index(name).unwrap_or_else(|| panic!("{} has no column {name}", lines.table))
}

/// Typed reading of a line's cells.
pub trait Cells {
    fn int_at(&self, i: usize) -> i64;
    fn id_at(&self, i: usize) -> Option<Id>;
    fn quantity_at(&self, i: usize) -> Quantity {
        Quantity::from_scaled(self.int_at(i))
    }
    fn price_at(&self, i: usize) -> Price {
        Price::from_scaled(self.int_at(i))
    }
    fn amount_at(&self, i: usize) -> Amount {
        Amount::from_scaled(self.int_at(i))
    }
    fn percent_at(&self, i: usize) -> Percent {
        Percent::from_scaled(self.int_at(i))
    }
}

impl Cells for Line {
    fn int_at(&self, i: usize) -> i64 {
        self.values[i].as_int().unwrap_or(0)
    }
    fn id_at(&self, i: usize) -> Option<Id> {
        match self.values[i] {
            Value::Id(id) => Some(id),
            _ => None,
        }
    }
}
