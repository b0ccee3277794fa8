//! What conditions of sale refer to: groups of products and of clients, kinds of orders, ways to pay, loyalty cards.

use super::revision;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::kept::SETTINGS;
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Rules, Spec};

fn named(name: &'static str, section: &'static str, icon: &'static str) -> Spec {
    Spec::catalog(name)
        .section(section, icon)
        .columns([Column::text("name", 200).required().unique().search().sort_key().list(), Column::map("names")])
        .import_key(&["name"])
        .kept_by(SETTINGS)
        .reference_data()
}

/// Products that are priced alike.
pub fn price_groups() -> Spec {
    named("price-groups", "catalog", "stack-2").columns([Column::long("description")])
}

/// Clients with a base price of their own and discounts by category (conditions of the kind `dealer_discount`).
pub fn dealer_types() -> Spec {
    named("dealer-types", "prices", "users-group")
        .columns([
            Column::reference("price_type_id", "price-types").list(),
            Column::reference("price_list_id", "price-lists").list(),
            // A markup when below zero.
            Column::percent("discount_percent").signed().list(),
            Column::long("description"),
            revision::column(),
        ])
        .index_on(revision::INDEX.0, revision::INDEX.1)
        .rules(DealerTypeRules)
}

pub fn order_types() -> Spec {
    named("order-types", "sales", "category").columns([Column::long("description")])
}

pub fn payment_forms() -> Spec {
    named("payment-forms", "prices", "cash").columns([Column::long("description")])
}

/// What cards are issued for; their discounts are conditions of the kind `card`.
pub fn loyalty_programs() -> Spec {
    named("loyalty-programs", "prices", "heart").columns([Column::long("description")])
}

pub fn loyalty_cards() -> Spec {
    Spec::catalog("loyalty-cards")
        .section("prices", "id-badge-2")
        .title("number")
        .sort("number")
        .columns([
            Column::text("number", 60).required().unique().search().list(),
            Column::reference("program_id", "loyalty-programs").required().list(),
            Column::reference("partner_id", "partners").list(),
            Column::date("valid_from").list(),
            Column::date("valid_to").list(),
            Column::long("comment"),
        ])
        .import_key(&["number"])
        .reference_data()
        .rules(CardRules)
}

struct DealerTypeRules;
impl Rules for DealerTypeRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        kontor_office::document::priced_for_sales(cx, change, "price_type_id")?;
        let r = &change.after;
        if !r.is_null("price_type_id") && !r.is_null("price_list_id") {
            return Err(Error::field("price_list_id", "condition_one_value"));
        }
        super::at_most_hundred(r, "discount_percent")
    }
    fn written(&self, cx: &mut Cx, change: &Change) -> Result<()> {
        revision::touch(cx, "dealer_types", change.after.id)
    }
    fn removing(&self, cx: &mut Cx, record: &Record) -> Result<()> {
        revision::touch(cx, "dealer_types", record.id)
    }
}

struct CardRules;
impl Rules for CardRules {
    fn decide(&self, _cx: &mut Cx, change: &mut Change) -> Result<()> {
        super::validity(&change.after).map(|_| ())
    }
}
