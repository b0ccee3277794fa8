//! My day: what is to be done today, what is in trouble with one action each, how sales stand, whom to call.

use super::deals::named;
use super::rows::{Row, may, readable, rows};
use super::words::{self, address, amount, whole};
use super::{View, ask, report, tasks, text, timeline};
use crate::pages::Call;
use crate::ui::badge::Avatar;
use crate::ui::empty::Empty;
use crate::ui::figures::{Bars, Fig, Gauge, Section};
use crate::ui::head::{Button, Kind, PageHead, Segments};
use crate::ui::icons::icon;
use crate::ui::money::Money;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeZone, Utc};
use kontor_kernel::Amount;
use kontor_kernel::error::Result;
use kontor_platform::report::Table;
use kontor_platform::value::Value;
use kontor_texts::{format, message, tr, tr_args};
use maud::{Markup, Render, html};
use serde_json::Value as Json;

/// Orders in trouble that are shown.
const CRITICAL: usize = 8;

pub fn view(c: &Call) -> Result<View> {
    let lang = c.lang;
    let title = tr(lang, "page-home").to_owned();
    let tasks = Tasks::read(c)?;
    let critical = critical(c)?;
    let today = format!("{}, {}", timeline::capital(format::weekday(lang, c.ctx.today)), day_of(c));
    let about = html! { span class="m2" { (tr_args(lang, "work-day_ahead", &[("count", tasks.open.len().into())])) @if !critical.is_empty() { ", " (tr_args(lang, "work-critical_count", &[("count", critical.len().into())])) } } };
    let content = html! {
        (PageHead { title: &today, about, actions: html! {}, list: false, line: true })
        (begin(c)?)
        div class="k-home" {
            div { (tasks.section(c)) (critical_section(c, &critical)) (recent(c)?) }
            div { (sales(c)?) (funnel(c)?) (calls(c)?) (scarce(c)?) }
        }
    };
    Ok(View { here: "home", title: title.clone(), crumbs: vec![(title, None)], create: html! {}, content })
}

/// The first steps of an empty office, for who may take them.
fn begin(c: &Call) -> Result<Markup> {
    if !may(c, "companies", "create") || !rows(c, "companies", &[("limit", "1")], &[])?.is_empty() {
        return Ok(html! {});
    }
    let lang = c.lang;
    let actions = html! { (Button::new(Kind::Primary, message::entity_new(lang, "companies")).icon("building").link("/companies/new")) (Button::new(Kind::Second, tr(lang, "page-settings")).icon("settings").link("/settings")) };
    Ok(
        html! { div class="pad" { (Empty { icon: "building", title: tr(lang, "work-begin"), text: tr(lang, "work-begin_text"), actions, bare: false }) } },
    )
}

/// `21 листопада`: the year is known.
fn day_of(c: &Call) -> String {
    let long = format::date_long(c.lang, c.ctx.today);
    let year = c.ctx.today.year().to_string();
    long.split(&year).next().unwrap_or(&long).trim().trim_end_matches(',').to_owned()
}

fn midnight(c: &Call, day: NaiveDate) -> DateTime<Utc> {
    let local = day.and_time(NaiveTime::MIN);
    c.identity.zone.from_local_datetime(&local).earliest().map_or_else(|| local.and_utc(), |t| t.with_timezone(&Utc))
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

struct Tasks {
    whose: &'static str,
    open: super::rows::Rows,
    done: super::rows::Rows,
}

impl Tasks {
    fn read(c: &Call) -> Result<Tasks> {
        let whose = match c.param("tasks") {
            Some("given") => "given",
            Some("team") => "team",
            _ => "mine",
        };
        let me = c.ctx.user_id.to_string();
        let tomorrow = instant(midnight(c, c.ctx.today.checked_add_days(Days::new(1)).unwrap_or(c.ctx.today)));
        let this_day = instant(midnight(c, c.ctx.today));
        let mut who: Vec<(&str, &str)> = match whose {
            "given" => vec![("author_id", me.as_str()), ("doer_id.ne", me.as_str())],
            "team" => vec![],
            _ => vec![("doer_id", me.as_str())],
        };
        let mut closed = who.clone();
        who.extend([
            ("state.in", "planned,in_work"),
            ("due_at.empty", "false"),
            ("due_at.lt", tomorrow.as_str()),
            ("sort", "due_at"),
            ("limit", "20"),
        ]);
        closed.extend([("state", "done"), ("done_at.ge", this_day.as_str()), ("sort", "-done_at"), ("limit", "5")]);
        Ok(Tasks { whose, open: rows(c, "tasks", &who, &tasks::FIELDS)?, done: rows(c, "tasks", &closed, &tasks::FIELDS)? })
    }

    fn section(&self, c: &Call) -> Markup {
        let lang = c.lang;
        if !self.open.readable() {
            return html! {};
        }
        let all = self.open.len() + self.done.len();
        let segments =
            [("mine", "work-tasks_mine", "/"), ("given", "work-tasks_given", "/?tasks=given"), ("team", "work-tasks_team", "/?tasks=team")]
                .map(|(k, t, h)| (tr(lang, t), "", h, self.whose == k));
        html! {
            div class="k-h in" {
                h3 { (timeline::capital(tr(lang, "work-today"))) i { (tr_args(lang, "work-left_of", &[("left", self.open.len().into()), ("all", all.into())])) } }
                (Segments { label: tr(lang, "page-home-my_tasks"), items: &segments })
            }
            ul class="k-ul" {
                @for t in self.open.iter().chain(self.done.iter()) { (tasks::line(c, t)) }
                @if all == 0 { li class="k-task" { span {} span {} span class="m2" { (tr(lang, "page-home-nothing_today")) } @if may(c, "tasks", "create") { a class="lk s12" href="/tasks/new" { (message::entity_new(lang, "tasks")) } } } }
            }
            @if self.open.more() { p class="pad s12" { a class="lk" href="/tasks?state.in=planned,in_work&sort=due_at" { (tr(lang, "work-show_all")) } } }
        }
    }
}

/// Something in trouble, and the one thing to do about it.
struct Trouble {
    title: String,
    href: String,
    partner: String,
    partner_href: String,
    sum: String,
    what: String,
    red: bool,
    action: (&'static str, String),
}

fn critical(c: &Call) -> Result<Vec<Trouble>> {
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
    for d in overdue(c)?.iter().take(CRITICAL.saturating_sub(out.len())) {
        let late = d.date("due_date").map_or(0, |x| (c.ctx.today - x).num_days());
        let partner = d.id_of("partner_id").map(|p| p.to_string()).unwrap_or_default();
        out.push(Trouble {
            title: d.title().to_owned(),
            href: format!("/{}/{}", d.text("entity"), d.id()),
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
fn overdue(c: &Call) -> Result<super::rows::Rows> {
    let today = c.ctx.today.to_string();
    rows(
        c,
        "settlement-documents",
        &[("open.gt", "0"), ("due_date.lt", &today), ("sort", "due_date"), ("limit", "30")],
        &["partner_id", "entity", "open", "currency", "due_date"],
    )
}

fn critical_section(c: &Call, all: &[Trouble]) -> Markup {
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
                            td class="r p4" { (Money::new(lang, &t.sum)) } td title=(t.what) { span class=(if t.red { "dot r" } else { "dot w" }) {} (t.what) }
                            td class="r" { a class="lk" href=(t.action.1) { (t.action.0) } }
                        }
                    }
                }
            }
        }
    }
}

/// What was entered last, by whom.
fn recent(c: &Call) -> Result<Markup> {
    let lang = c.lang;
    let mut all: Vec<(DateTime<Utc>, &'static str, &'static str, Markup)> = vec![];
    for (collection, name, tone) in [
        ("payments", "cash", "pos"),
        ("sales-orders", "shopping-cart", ""),
        ("shipments", "truck-delivery", ""),
        ("price-changes", "tags", ""),
        ("stock-receipts", "package", ""),
    ] {
        let Some(spec) = c.app.registry.get(collection) else { continue };
        let fields = ["partner_id", "supplier_id", "total", "amount", "currency", "state", "created_at", "created_by_id"];
        for r in rows(c, collection, &[("sort", "-created_at"), ("limit", "4")], &fields)?.iter() {
            let sum = if collection == "payments" { r.decimal("amount") } else { r.decimal("total") };
            let who = [r.name_of("partner_id"), r.name_of("supplier_id")].into_iter().find(|s| !s.is_empty()).unwrap_or("");
            let line = html! {
                (message::entity_one(lang, spec.name)) " " a class="b5" href=(r.href()) { (r.title()) }
                @if !sum.is_empty() { " · " b class="b5 n" { (crate::ui::number(lang, &sum, 2)) } "\u{a0}" (words::sign(r.text("currency"))) }
                @if !who.is_empty() { " · " (who) }
                @if !r.name_of("created_by_id").is_empty() { span class="m2" { " · " (r.name_of("created_by_id")) } }
            };
            all.push((r.instant("created_at").unwrap_or(c.ctx.now), name, tone, line));
        }
    }
    if all.is_empty() {
        return Ok(html! {});
    }
    all.sort_by_key(|x| std::cmp::Reverse(x.0));
    let zone = c.identity.zone;
    Ok(html! {
        div class="k-h in" { h3 { (tr(lang, "work-recent")) } }
        ul class="k-notes" { @for (at, name, tone, line) in all.iter().take(7) { li class={ "k-note " (tone) } { (icon(name)) span class="cut" { (line) } time { (format::ago(lang, *at, c.ctx.now, &zone)) } } } }
    })
}

/// Revenue of a month out of the report.
fn month_of(table: &Table, month: &str, currency: &str) -> i64 {
    let at = |name: &str| table.columns.iter().position(|x| x.name == name);
    let (Some(key), Some(revenue)) = (at("key"), at("revenue")) else { return 0 };
    let code = at("currency");
    let same = |r: &&kontor_platform::report::TableRow| {
        r.values[key].as_text() == Some(month) && (currency.is_empty() || code.is_none_or(|i| r.values[i].as_text() == Some(currency)))
    };
    table.rows.iter().filter(same).map(|r| r.values[revenue].as_int().unwrap_or(0)).sum()
}

fn sales(c: &Call) -> Result<Markup> {
    let (lang, today) = (c.lang, c.ctx.today);
    let first = today.with_day(1).unwrap_or(today);
    let last = first.checked_sub_months(Months::new(1)).unwrap_or(first);
    let year = first.checked_sub_months(Months::new(12)).unwrap_or(first);
    let Some(table) = report(c, "sales", &[("by", "month"), ("from", &year.to_string()), ("to", &today.to_string())])? else {
        return Ok(html! {});
    };
    let currency = main_currency(&table);
    let of = |d: NaiveDate| month_of(&table, &d.format("%Y-%m").to_string(), &currency);
    let (now, before, year_ago) = (of(first), of(last), of(year));
    if now == 0 && before == 0 && year_ago == 0 {
        return Ok(html! {});
    }
    // the same days of the month before, for a fair comparison
    let upto = last.with_day(today.day()).unwrap_or(first.pred_opt().unwrap_or(last));
    let then = report(c, "sales", &[("by", "month"), ("from", &last.to_string()), ("to", &upto.to_string())])?
        .map_or(0, |t| month_of(&t, &last.format("%Y-%m").to_string(), &currency));
    let days = first.checked_add_months(Months::new(1)).map_or(30, |n| (n - first).num_days()).max(1);
    let percent = |a: i64, b: i64| {
        if b > 0 {
            format::percent(lang, i64::try_from(i128::from(a) * 1000 / i128::from(b)).unwrap_or(0) * 1000)
        } else {
            "—".to_owned()
        }
    };
    let money = |v: i64| html! { (whole(lang, &amount(v))) };
    let change = words::change(lang, now, then);
    let note = tr_args(lang, "work-should_be", &[("percent", percent(i64::from(today.day()), days).into())]);
    let forecast = i64::try_from(i128::from(now) * i128::from(days) / i128::from(today.day())).unwrap_or(now);
    let month = format::month_name(lang, today.month());
    let body = html! {
        div class="k-plan" {
            (Gauge { label: tr(lang, "page-home-sales_month"), fact: words::share(now, before.max(1)), due: f64::from(today.day()) / days as f64, text: &percent(now, before), note: &note })
            dl class="k-figs" {
                (Fig::new(month, money(now)))
                (Fig::new(format::month_name(lang, last.month()), money(before)))
                @if let Some((t, up)) = &change { (Fig { note: t, note_class: if *up { "pos" } else { "neg" }, ..Fig::new(tr(lang, "work-same_days"), money(then)) }) }
                (Fig::new(tr(lang, "work-at_this_pace"), money(forecast)))
            }
        }
    };
    let aside = html! { a class="lk s12" href="/reports/sales" { (tr(lang, "page-report-drill")) } };
    Ok(Section { title: &format!("{}, {}", tr(lang, "page-home-sales_month"), words::sign(&currency)), count: None, aside, body }.render())
}

fn main_currency(t: &Table) -> String {
    let Some(at) = t.columns.iter().position(|x| x.name == "currency") else { return t.currency.clone() };
    let revenue = t.columns.iter().position(|x| x.name == "revenue");
    let mut by: std::collections::BTreeMap<&str, i64> = Default::default();
    for r in &t.rows {
        *by.entry(r.values[at].as_text().unwrap_or("")).or_default() +=
            revenue.and_then(|i| r.values.get(i)).and_then(Value::as_int).unwrap_or(0);
    }
    by.into_iter().max_by_key(|(_, v)| *v).map_or_else(|| t.currency.clone(), |(k, _)| k.to_owned())
}

fn funnel(c: &Call) -> Result<Markup> {
    let lang = c.lang;
    if !readable(c, "deals") {
        return Ok(html! {});
    }
    let answer = ask(c, "deals/board", &[], &[("state", "open".to_owned())])?.unwrap_or(Json::Null);
    let items = answer["items"].as_array().cloned().unwrap_or_default();
    let scaled = |j: &Json, f: &str| Amount::parse(text(j, f)).map_or(0, Amount::scaled);
    let mut by: std::collections::BTreeMap<String, i64> = Default::default();
    for i in &items {
        *by.entry(text(i, "currency").to_owned()).or_default() += scaled(i, "amount");
    }
    let Some((currency, total)) = by.into_iter().max_by_key(|(_, v)| *v) else { return Ok(html! {}) };
    let stages = rows(c, "stages", &[("limit", "40"), ("sort", "kind_id,position")], &["names"])?;
    let mut found: Vec<(String, i64, i64)> = vec![];
    for s in stages.iter() {
        let id = s.id().to_string();
        let of = items.iter().filter(|i| text(i, "stage_id") == id && text(i, "currency") == currency);
        let (sum, part) = of.fold((0, 0), |a, i| (a.0 + scaled(i, "amount"), a.1 + scaled(i, "weighted")));
        if sum > 0 {
            found.push((named(lang, s), sum, part));
        }
    }
    let most = found.iter().map(|f| f.1).max().unwrap_or(1);
    let texts: Vec<String> = found.iter().map(|f| whole(lang, &amount(f.1))).collect();
    let bars: Vec<(&str, f64, f64, &str)> = found
        .iter()
        .zip(&texts)
        .map(|((t, sum, part), s)| (t.as_str(), words::share(*sum, most), words::share(*part, most), s.as_str()))
        .collect();
    let count: i64 = items.iter().map(|i| i["count"].as_i64().unwrap_or(0)).sum();
    let title = format!(
        "{} · {}, {}\u{a0}{}",
        tr(lang, "page-home-funnel"),
        tr_args(lang, "work-deals_going", &[("count", count.into())]),
        whole(lang, &amount(total)),
        words::sign(&currency)
    );
    let aside = html! { a class="lk s12" href="/deals?view=funnel" { (tr(lang, "work-where_lost")) } };
    Ok(Section { title: &title, count: None, aside, body: Bars { rows: &bars }.render() }.render())
}

/// Calls that are planned, then those who are late with paying.
fn calls(c: &Call) -> Result<Markup> {
    let lang = c.lang;
    let me = c.ctx.user_id.to_string();
    let planned = rows(
        c,
        "tasks",
        &[
            ("doer_id", &me),
            ("kind", "call"),
            ("state.in", "planned,in_work"),
            ("due_at.empty", "false"),
            ("sort", "due_at"),
            ("limit", "6"),
        ],
        &["partner_id", "contact_id", "due_at", "state"],
    )?;
    let late = overdue(c)?;
    let mut people: Vec<(String, String, String, Markup, Option<String>)> = vec![];
    let mut seen: Vec<String> = vec![];
    for t in planned.iter() {
        let partner = t.id_of("partner_id").map(|p| p.to_string()).unwrap_or_default();
        let name = [t.name_of("contact_id"), t.name_of("partner_id")].into_iter().find(|s| !s.is_empty()).unwrap_or(t.title());
        people.push((
            name.to_owned(),
            t.name_of("partner_id").to_owned(),
            t.title().to_owned(),
            tasks::when(c, t),
            Some(partner.clone()).filter(|p| !p.is_empty()),
        ));
        seen.push(partner);
    }
    for d in late.iter() {
        let partner = d.id_of("partner_id").map(|p| p.to_string()).unwrap_or_default();
        if people.len() >= 8 || seen.contains(&partner) {
            continue;
        }
        let n = d.date("due_date").map_or(0, |x| (c.ctx.today - x).num_days());
        let sum = format!("{}\u{a0}{}", crate::ui::number(lang, &d.decimal("open"), 2), words::sign(d.text("currency")));
        let what = tr_args(lang, "work-owes_late", &[("sum", sum.into()), ("count", n.into())]);
        people.push((
            d.name_of("partner_id").to_owned(),
            String::new(),
            what,
            html! { span class="tn s12 neg b5" { (words::days(lang, n)) } },
            Some(partner.clone()),
        ));
        seen.push(partner);
    }
    if people.is_empty() {
        return Ok(html! {});
    }
    let phones = phones(c, &seen)?;
    Ok(html! {
        div class="k-h in" { h3 { (tr(lang, "page-home-whom_to_call")) i { (people.len()) } } }
        ul class="k-ul" {
            @for (name, partner, what, when, id) in &people {
                li class="k-call" {
                    (Avatar { name, size: "", me: false })
                    p class="cut" { @if let Some(id) = id { a class="b5" href=(format!("/partners/{id}")) { (name) } } @else { b class="b5" { (name) } } @if !partner.is_empty() && partner != name { " " span class="m2" { "· " (partner) } } br; span class="s12 m1" { (what) } }
                    (when)
                    @match id.as_ref().and_then(|i| phones.iter().find(|p| p.0 == *i)) { Some((_, n)) => a class="k-icb" href={ "tel:" (n) } aria-label={ (tr(lang, "work-dial")) ": " (name) } title=(n) { (icon("phone")) }, None => span {} }
                }
            }
        }
    })
}

/// What is running out, for those who look after the stock and not after deals.
fn scarce(c: &Call) -> Result<Markup> {
    let lang = c.lang;
    if readable(c, "deals") {
        return Ok(html! {});
    }
    let Some(t) = report(c, "stock", &[("by", "product"), ("limit", "5000")])? else { return Ok(html! {}) };
    let at = |name: &str| t.columns.iter().position(|x| x.name == name);
    let (Some(title), Some(free), Some(held)) = (at("title"), at("available"), at("reserved")) else { return Ok(html! {}) };
    let mut found: Vec<&kontor_platform::report::TableRow> = t.rows.iter().collect();
    found.sort_by_key(|r| r.values[free].as_int().unwrap_or(0));
    if found.is_empty() {
        return Ok(html! {});
    }
    let quantity = |r: &kontor_platform::report::TableRow, i: usize| format::quantity(lang, r.values[i].as_int().unwrap_or(0));
    Ok(html! {
        div class="k-h in" { h3 { (tr(lang, "page-home-low_stock")) } a class="lk s12" href="/reports/stock" { (tr(lang, "work-show_all")) } }
        table class="table k-grid" aria-label=(tr(lang, "page-home-low_stock")) {
            colgroup { col; col width="90"; col width="90"; }
            thead { tr { th scope="col" { (message::entity_one(lang, "products")) } th scope="col" class="r" { (tr(lang, "work-reserved")) } th scope="col" class="r" { (tr(lang, "field-available")) } } }
            tbody {
                @for r in found.iter().take(12) {
                    tr { td class="nm" { a href=(r.link.clone().unwrap_or_default()) { (r.values[title].as_text().unwrap_or("")) } } td class="r m1" { (quantity(r, held)) } td class=(if r.values[free].as_int().unwrap_or(0) <= 0 { "r neg" } else { "r" }) { (quantity(r, free)) } }
                }
            }
        }
    })
}

fn phones(c: &Call, partners: &[String]) -> Result<Vec<(String, String)>> {
    let ids: Vec<&str> = partners.iter().filter(|p| !p.is_empty()).map(String::as_str).collect();
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let found = rows(c, "partners", &[("id.in", &ids.join(",")), ("limit", "50")], &["phone"])?;
    Ok(found
        .iter()
        .filter(|r| !r.text("phone").is_empty())
        .map(|r| (r.id().to_string(), super::partner_side::dial(r.text("phone"))))
        .collect())
}
