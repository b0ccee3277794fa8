//! What is in trouble on my day, with the one thing to do about each.

use super::rows::{Row, Rows, may, readable, rows};
use super::words::address;
use crate::pages::Call;
use crate::ui::icons::icon;
use crate::ui::money::Money;
use chrono::Days;
use kontor_kernel::error::Result;
use kontor_texts::{message, tr, tr_args};
use maud::{Markup, html};

/// Orders in trouble that are shown.
const CRITICAL: usize = 8;

/// Something in trouble, and the one thing to do about it.
pub struct Trouble {
    title: String,
    href: String,
    partner: String,
    partner_href: String,
    sum: String,
    what: String,
    red: bool,
    action: (&'static str, String),
}

pub fn critical(c: &Call, late: &Rows) -> Result<Vec<Trouble>> {
    let lang = c.lang;
    let today = c.ctx.today.to_string();
    let fields = ["partner_id", "total", "currency", "ship_on", "shipped_total", "paid_total", "date", "state"];
    let mut out = vec![];
    let waiting = rows(
        c,
        "sales-orders",
        &[
            ("state", "confirmed"),
            ("shipped", "false"),
            ("ship_on.empty", "false"),
            ("ship_on.le", &today),
            ("sort", "ship_on"),
            ("limit", "30"),
        ],
        &fields,
    )?;
    for o in waiting.iter().take(CRITICAL) {
        let late = o.date("ship_on").map_or(0, |d| (c.ctx.today - d).num_days());
        let paid = o.scaled("total") > 0 && o.scaled("paid_total") >= o.scaled("total");
        let what = match (paid, late) {
            (true, n) => tr_args(lang, "work-paid_not_shipped", &[("count", n.into())]),
            (false, 0) => tr(lang, "work-ship_today").to_owned(),
            (false, n) => tr_args(lang, "work-not_shipped", &[("count", n.into())]),
        };
        let action = (
            if may(c, "shipments", "create") { tr(lang, "work-do_ship") } else { tr(lang, "work-do_open") },
            if may(c, "shipments", "create") { format!("/shipments/new?sales_order_id={}", o.id()) } else { o.href() },
        );
        out.push(of_order(o, what, late > 0, action));
    }
    for d in late.iter().take(CRITICAL.saturating_sub(out.len())) {
        let late = d.date("due_date").map_or(0, |x| (c.ctx.today - x).num_days());
        let partner = d.id_of("partner_id").map(|p| p.to_string()).unwrap_or_default();
        out.push(Trouble {
            title: d.title().to_owned(),
            href: super::payment::paper_of(c, d),
            partner: d.name_of("partner_id").to_owned(),
            partner_href: format!("/partners/{partner}"),
            sum: d.decimal("open"),
            what: tr_args(lang, "work-payment_late", &[("count", late.into())]),
            red: late > 14,
            action: (
                tr(lang, "work-do_remind"),
                address(
                    "/interactions/new",
                    &[
                        ("partner_id", &partner),
                        ("kind", "call_out"),
                        ("subject", &tr_args(lang, "work-remind_subject", &[("number", d.title().into())])),
                    ],
                ),
            ),
        });
    }
    if out.len() < CRITICAL {
        let stale = c.ctx.today.checked_sub_days(Days::new(3)).unwrap_or(c.ctx.today).to_string();
        let drafts = rows(c, "sales-orders", &[("state", "draft"), ("date.le", &stale), ("sort", "-date"), ("limit", "8")], &fields)?;
        let room = CRITICAL - out.len();
        for o in drafts.iter().take(room) {
            let n = o.date("date").map_or(0, |d| (c.ctx.today - d).num_days());
            out.push(of_order(o, tr_args(lang, "work-draft_waits", &[("count", n.into())]), false, (tr(lang, "work-do_finish"), o.href())));
        }
    }
    Ok(out)
}

fn of_order(o: Row, what: String, red: bool, action: (&'static str, String)) -> Trouble {
    Trouble {
        title: o.title().to_owned(),
        href: o.href(),
        partner: o.name_of("partner_id").to_owned(),
        partner_href: o.id_of("partner_id").map(|p| format!("/partners/{p}")).unwrap_or_default(),
        sum: o.decimal("total"),
        what,
        red,
        action,
    }
}

/// Documents past due, those that are late the longest first.
pub fn overdue(c: &Call) -> Result<Rows> {
    let today = c.ctx.today.to_string();
    rows(
        c,
        "settlement-documents",
        &[("open.gt", "0"), ("due_date.lt", &today), ("sort", "due_date"), ("limit", "30")],
        &["partner_id", "entity", "open", "currency", "due_date", "opening_balance_id"],
    )
}

pub fn critical_section(c: &Call, all: &[Trouble]) -> Markup {
    let lang = c.lang;
    if !readable(c, "sales-orders") {
        return html! {};
    }
    html! {
        div class="k-h in" { h3 { (tr(lang, "page-home-critical_orders")) @if !all.is_empty() { i { (all.len()) } } } a class="lk s12" href="/sales-orders?state=confirmed&sort=ship_on" { (tr(lang, "work-all_orders")) } }
        @if all.is_empty() { p class="pad m2" { (icon("circle-check")) " " (tr(lang, "work-all_calm")) } }
        @else {
            table class="table k-grid" aria-label=(tr(lang, "page-home-critical_orders")) {
                colgroup { col width="112"; col class="p4" width="180"; col class="p4" width="116"; col; col width="112"; }
                thead { tr { th scope="col" { (tr(lang, "work-order")) } th scope="col" class="p4" { (message::label(lang, "sales-orders", "partner_id")) } th scope="col" class="r p4" { (tr(lang, "field-amount")) } th scope="col" { (tr(lang, "work-what_is_wrong")) } th {} } }
                tbody {
                    @for t in all {
                        tr data-href=(t.href) tabindex="-1" {
                            td class="nm" { a href=(t.href) { (t.title) } } td class="p4" { a href=(t.partner_href) title=(t.partner) { (t.partner) } }
                            td class="r p4" { (Money::new(lang, &t.sum)) } td class="tells" title=(t.what) { span class=(if t.red { "dot r" } else { "dot w" }) {} (t.what) }
                            td class="r" { a class="lk" href=(t.action.1) { (t.action.0) } }
                        }
                    }
                }
            }
        }
    }
}
