//! Sales orders: draft -> (approval, where terms are departed from) -> confirmed (goods reserved, credit checked) -> closed; cancelled while nothing is shipped.
//! A closed one opens again as it was, a cancelled one as a draft. What is shipped and paid are figures, not states.

use crate::{offer, order_verbs as verbs};
use kontor_kernel::error::Result;
use kontor_platform::cx::{Change, Cx};
use kontor_platform::spec::{Column, Rules, Spec, Verb};

pub const ENTITY: &str = "sales-orders";
pub const PREFIX: &str = "SO";

const SHIPPED: &str = "NOT EXISTS (SELECT 1 FROM sales_order_lines l WHERE l.parent_id = {t}.id AND l.shipped_quantity <> l.quantity)";

/// Confirmed orders hold what is not shipped yet of the goods that are not to be had later. Asked for, not kept: confirming need
/// not write every line again. `fulfil` holds the same in stock. Of its order and product one value each is asked: for an EXISTS
/// PostgreSQL may read all the orders there are.
const RESERVED: &str = "CASE WHEN {t}.supply <> 'later' AND {t}.quantity > {t}.shipped_quantity \
     AND (SELECT o.state FROM sales_orders o WHERE o.id = {t}.parent_id) = 'confirmed' \
     AND (SELECT p.kind FROM products p WHERE p.id = {t}.product_id) = 'goods' \
     THEN {t}.quantity - {t}.shipped_quantity ELSE 0 END";

pub fn sales_orders() -> Spec {
    let followed = vec![
        Column::quantity("reserved_quantity").signed().derived().default(0i64).virtual_sql(RESERVED),
        Column::quantity("shipped_quantity").signed().derived().default(0i64),
    ];
    offer::spec(ENTITY, &["draft", "approval", "confirmed", "closed", "cancelled"], "shopping-cart")
        .columns([
            Column::reference("quote_id", "quotes"),
            Column::date("ship_on").list(),
            Column::amount("shipped_total").signed().derived().default(0i64).list(),
            Column::amount("paid_total").signed().derived().default(0i64).list(),
            // By quantities: sums of parts, each rounded by itself, may miss the order's total by a cent.
            Column::bool("shipped", false).virtual_sql(SHIPPED),
            // What was departed from when it was confirmed: field, code, figures.
            Column::items(
                "deviations",
                vec![Column::text("field", 100).required(), Column::text("code", 60).required(), Column::map("args")],
            )
            .computed(),
            // Made and confirmed in one command.
            Column::bool("confirm", false).secret(),
        ])
        .lines(offer::lines("sales_order_lines", followed))
        .basis("quote_id", "quotes")
        .basis("deal_id", "deals")
        .index_on("open", "(state, ship_on)")
        .verb(Verb::new("confirm", &["draft"], &["confirmed", "approval"], verbs::confirm).primary().undone_by("reopen"))
        .verb(Verb::new("approve", &["approval"], &["confirmed"], verbs::approve).primary().undone_by("reopen"))
        .verb(
            Verb::new("reopen", &["approval", "confirmed", "closed", "cancelled"], &["draft", "confirmed"], verbs::reopen)
                .undone_by("confirm")
                .undone_by("close")
                .undone_by("cancel"),
        )
        .verb(Verb::new("revise", &["confirmed"], &["confirmed"], verbs::revise).edits())
        .verb(Verb::new("reprice", &["draft"], &["draft"], verbs::reprice))
        .verb(Verb::new("close", &["confirmed"], &["closed"], verbs::close).undone_by("reopen"))
        .verb(
            Verb::new("cancel", &["draft", "approval", "confirmed"], &["cancelled"], verbs::cancel)
                .input(vec![Column::text("reason", 300)])
                .undone_by("reopen"),
        )
        .grant("director", "read create update delete undo confirm approve reopen revise reprice close cancel")
        .grant(
            "sales_manager",
            "read:team create update:team delete:team undo:team confirm:team approve:team reopen:team revise:team reprice:team close:team cancel:team",
        )
        .grant("salesperson", "read:own create update:own delete:own undo:own confirm:own reopen:own revise:own reprice:own close:own cancel:own")
        .grant("field_agent", "read:own create update:own delete:own undo:own confirm:own reprice:own cancel:own")
        .grant("accountant", "read")
        .grant("storekeeper", STOREKEEPER)
        .rules(OrderRules)
}

const STOREKEEPER: &str = "read hide:total,vat_total,net_total,cost_total,margin,shipped_total,paid_total,price,rule_price,discount_percent,discount_amount,deviations,amount,vat_amount,cost,payment_terms,payment_stages,frozen,price_type_id,manual_price,manual_discount";

/// Nothing said, an order is delivered when its contract says, or on the next day of the agreement's schedule.
fn delivery_day(cx: &mut Cx, change: &mut Change) -> Result<()> {
    let anew = change.is_create() || change.changed("contract_id") || change.changed("agreement_id");
    let Some(date) = change.after.opt_date("date").filter(|_| anew && !change.given("ship_on")) else { return Ok(()) };
    let by_contract = match change.after.opt_id("contract_id") {
        Some(id) => kontor_prices::delivery_day(&cx.load("contracts", id)?, date),
        None => None,
    };
    let day = match by_contract {
        Some(day) => Some(day),
        None if cx.ctx.is_history() => None,
        None => kontor_prices::agreed(cx, change.after.opt_id("agreement_id"))?.delivery_day(date),
    };
    if day.is_some() {
        change.after.set("ship_on", day);
    }
    Ok(())
}

struct OrderRules;
impl Rules for OrderRules {
    fn ahead(&self, cx: &mut Cx, input: &serde_json::Value) -> Result<()> {
        offer::ahead(cx, input)
    }
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        crate::quote::first_order(cx, change)?;
        let company = offer::decide(cx, change, PREFIX)?;
        delivery_day(cx, change)?;
        crate::deviations::foretell(cx, &change.after, &company)?;
        if change.before.is_none() && change.after.bool("confirm") && !cx.preview {
            cx.ctx.access.require(change.after.spec, "confirm")?;
            verbs::prepare(cx, &mut change.after, false)?;
        }
        Ok(())
    }
    fn written(&self, cx: &mut Cx, change: &Change) -> Result<()> {
        if change.before.is_none() && change.after.state() == "confirmed" {
            let mut order = change.after.clone();
            verbs::take_effect(cx, &mut order, true)?;
        } else if change.before.is_none() && change.after.state() == "approval" {
            cx.event(crate::approvals::WAITING, &change.after, serde_json::json!({}))?;
        }
        Ok(())
    }
}
