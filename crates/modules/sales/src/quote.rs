//! Quotes: an offer to a client. draft -> confirmed (sent, accepted) -> closed; an order is made of a confirmed one. As long
//! as that order lives, the quote is what it rests on: it is neither cancelled nor a draft again, nor ordered twice.

use crate::offer;
use kontor_kernel::HashSet;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::{Record, value_json};
use kontor_platform::spec::{Column, Rules, Spec, Verb};
use kontor_platform::value::{Id, Value};
use serde_json::{Map, Value as Json, json};

pub const PREFIX: &str = "Q";

pub fn quotes() -> Spec {
    offer::spec("quotes", &["draft", "confirmed", "closed", "cancelled"], "file-text")
        .column(Column::date("valid_until").list())
        .lines(offer::lines("quote_lines", vec![]))
        .basis("deal_id", "deals")
        .verb(Verb::new("confirm", &["draft"], &["confirmed"], confirm).primary().undone_by("reopen"))
        .verb(Verb::new("order", &["confirmed"], &["confirmed"], order).primary())
        .verb(Verb::new("revise", &["confirmed"], &["confirmed"], revise).edits())
        .verb(Verb::new("reprice", &["draft"], &["draft"], |cx, r, _| offer::reprice(cx, r, PREFIX)))
        .verb(
            Verb::new("reopen", &["confirmed", "closed", "cancelled"], &["draft", "confirmed"], reopen)
                .undone_by("confirm")
                .undone_by("close")
                .undone_by("cancel"),
        )
        .verb(Verb::new("close", &["confirmed"], &["closed"], close).undone_by("reopen"))
        .verb(Verb::new("cancel", &["draft", "confirmed"], &["cancelled"], cancel).input(vec![Column::text("reason", 300)]).undone_by("reopen"))
        .grant("director", "read create update delete undo confirm order revise reprice reopen close cancel")
        .grant(
            "sales_manager",
            "read:team create update:team delete:team undo:team confirm:team order:team revise:team reprice:team reopen:team close:team cancel:team",
        )
        .grant(
            "salesperson",
            "read:own create update:own delete:own undo:own confirm:own order:own revise:own reprice:own reopen:own close:own cancel:own",
        )
        .grant("field_agent", "read:own create update:own delete:own undo:own confirm:own order:own reprice:own cancel:own")
        .grant("accountant", "read")
        .rules(QuoteRules)
}

struct QuoteRules;
impl Rules for QuoteRules {
    fn ahead(&self, cx: &mut Cx, input: &Json) -> Result<()> {
        offer::ahead(cx, input)
    }
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let company = offer::decide(cx, change, PREFIX)?;
        crate::deviations::foretell(cx, &change.after, &company)?;
        let r = &change.after;
        match (r.opt_date("date"), r.opt_date("valid_until")) {
            (Some(date), Some(until)) if until < date => Err(Error::field("valid_until", "before_from")),
            _ => Ok(()),
        }
    }
}

fn confirm(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    offer::prices_known(cx, r)?;
    crate::parties::freeze(cx, r)?;
    r.set("state", "confirmed");
    r.set("posted_at", cx.ctx.now);
    cx.event("quote.confirmed", r, json!({}))?;
    Ok(Json::Null)
}

/// An order with the quote's lines at the quoted prices: they were promised, whatever the rules say by now.
fn order(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    let today = kontor_office::company(cx, r.ref_id("company_id"))?.today(cx.ctx);
    if let Some(until) = r.opt_date("valid_until").filter(|d| *d < today) {
        return Err(Error::refused("quote_expired").arg("date", until));
    }
    no_order(cx, r.id)?;
    let mut input = Map::new();
    for name in [
        "company_id",
        "partner_id",
        "counterparty_id",
        "agreement_id",
        "contract_id",
        "warehouse_id",
        "currency",
        "vat",
        "sale_kind",
        "packaging_days",
        "payment_terms",
        "payment_stages",
        "manager_id",
        "ship_to",
        "country",
        "price_type_id",
        "order_type_id",
        "deal_kind_id",
        "payment_form_id",
        "loyalty_card_id",
        "deal_id",
        "comment",
    ] {
        // What the quote was made without, the order is made without too.
        let open = !["contract_id", "order_type_id", "deal_kind_id", "payment_form_id", "loyalty_card_id"].contains(&name);
        if let Some(c) = r.spec.col(name)
            && !(open && r.is_null(name))
        {
            input.insert(name.into(), value_json(&c.ty, r.get(name)));
        }
    }
    let spec = &r.spec.lines[0];
    let lines = r.lines[0].iter().map(|l| {
        let mut line = Map::new();
        for name in ["product_id", "quantity", "unit_id", "price", "discount_percent", "warehouse_id", "ship_on", "supply", "note"] {
            let i = crate::columns::position(spec, name);
            if !l.values[i].is_null() {
                line.insert(name.into(), value_json(&spec.columns[i].ty, &l.values[i]));
            }
        }
        Json::Object(line)
    });
    input.insert("lines".into(), lines.collect());
    input.insert("quote_id".into(), json!(r.id));
    let order = cx.create("sales-orders", Json::Object(input))?;
    Ok(json!({"sales_order_id": order.id, "sales_order": {"id": order.id, "title": order.title()}}))
}

fn revise(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    offer::prices_known(cx, r)?;
    crate::parties::freeze(cx, r)?;
    r.set("revision", r.int("revision") + 1);
    if let Some(number) = live_order(cx, r.id, None)? {
        cx.warn("lines", "quote_ordered_before", vec![("number".into(), number)]);
    }
    Ok(Json::Null)
}

/// A closed quote is an offer again, any other a draft.
fn reopen(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    if r.state() == "closed" {
        r.set("state", "confirmed");
        return Ok(Json::Null);
    }
    no_order(cx, r.id)?;
    r.set("cancel_reason", Value::Null);
    r.set("state", "draft");
    Ok(Json::Null)
}

fn close(_: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    r.set("state", "closed");
    Ok(Json::Null)
}

fn cancel(cx: &mut Cx, r: &mut Record, input: &Json) -> Result<Json> {
    no_order(cx, r.id)?;
    r.set("state", "cancelled");
    r.set("cancel_reason", input["reason"].as_str());
    cx.event("quote.cancelled", r, json!({}))?;
    Ok(Json::Null)
}

/// What the quote offers.
pub fn products(cx: &mut Cx, quote: Id) -> Result<HashSet<Id>> {
    let rows = cx.conn.query("SELECT product_id FROM quote_lines WHERE parent_id = ?", &[quote.into()])?;
    rows.iter().map(|r| r.id(0)).collect()
}

/// Number of an order that was made of the quote and is not cancelled, other than `but`.
fn live_order(cx: &mut Cx, quote: Id, but: Option<Id>) -> Result<Option<String>> {
    let sql = "SELECT number FROM sales_orders WHERE quote_id = ? AND state <> 'cancelled' AND id <> ? ORDER BY id LIMIT 1";
    Ok(match cx.conn.query_opt(sql, &[quote.into(), but.unwrap_or_default().into()])? {
        Some(row) => Some(row.text(0)?.to_string()),
        None => None,
    })
}

fn no_order(cx: &mut Cx, quote: Id) -> Result<()> {
    match live_order(cx, quote, None)? {
        Some(number) => Err(Error::refused("quote_has_order").arg("number", number)),
        None => Ok(()),
    }
}

/// An order that somebody writes on the basis of a quote: the quote has no other one. Locked, for two may write at once.
pub fn first_order(cx: &mut Cx, change: &Change) -> Result<()> {
    let Some(quote) = change.after.opt_id("quote_id").filter(|_| change.changed("quote_id") || change.is_create()) else { return Ok(()) };
    if cx.ctx.is_history() || cx.preview {
        return Ok(());
    }
    cx.load_locked("quotes", quote)?;
    match live_order(cx, quote, Some(change.after.id))? {
        Some(number) => Err(Error::field("quote_id", "quote_has_order").field_arg("number", number)),
        None => Ok(()),
    }
}

/// An order that lives again needs the quote that it was made of: in force, and with no other order in its place.
pub fn still_offered(cx: &mut Cx, order: &Record) -> Result<()> {
    let Some(id) = order.opt_id("quote_id") else { return Ok(()) };
    let quote = cx.load_locked("quotes", id)?;
    if !matches!(quote.state(), "confirmed" | "closed") {
        return Err(Error::refused("quote_not_confirmed").arg("number", quote.text("number")));
    }
    no_order(cx, id)
}
