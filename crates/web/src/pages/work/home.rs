//! My day: what is to be done today, what is in trouble with one action each, how sales stand, whom to call.

use super::home_side::{calls, funnel, or_why_not, sales_later, scarce};
use super::home_trouble::{critical, critical_section, overdue};
use super::rows::{may, rows};
use super::{View, first_steps, tasks, timeline, words};
use crate::pages::{Call, nav};
use crate::ui::head::{PageHead, Segments};
use crate::ui::icons::icon;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use kontor_kernel::error::Result;
use kontor_texts::{format, message, tr, tr_args};
use maud::{Markup, html};

/// As many kinds of records as are made every day.
const CREATABLE: usize = 8;

pub fn view(c: &Call) -> Result<View> {
    let lang = c.lang;
    let title = tr(lang, "page-home").to_owned();
    let tasks = Tasks::read(c)?;
    let late = overdue(c)?;
    let critical = critical(c, &late)?;
    let today = format!("{}, {}", timeline::capital(format::weekday(lang, c.ctx.today)), day_of(c));
    // A day without anything says so below, once.
    let ahead = [("work-day_ahead", tasks.open.len()), ("work-critical_count", critical.len())]
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .map(|(key, n)| tr_args(lang, key, &[("count", n.into())]))
        .collect::<Vec<_>>();
    let about = html! { @if !ahead.is_empty() { span class="m2" { (ahead.join(", ")) } } };
    let content = html! {
        (PageHead { title: &today, about, actions: html! {}, list: false, line: true })
        (first_steps::section(c)?)
        div class="k-home" {
            div { (tasks.section(c)) (critical_section(c, &critical)) (recent(c)?) }
            div { (sales_later(c)) (or_why_not(c, funnel(c))?) (calls(c, &late)?) (or_why_not(c, scarce(c))?) }
        }
    };
    Ok(View { here: "home", title: title.clone(), crumbs: vec![(title, None)], create: create(c), content })
}

/// What people make all day, from where their day begins.
fn create(c: &Call) -> Markup {
    let all = nav::creatable(c);
    html! {
        @if !all.is_empty() {
            details class="k-menu" {
                summary class="btn btn-2" data-key="n" { (icon("plus")) span { (tr(c.lang, "page-list-new")) } " " kbd { "n" } }
                div { @for x in all.into_iter().take(CREATABLE) { a href=(x.href) { (icon(x.icon)) (x.title) } } }
            }
        }
    }
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
                h3 { (timeline::capital(tr(lang, "work-today"))) @if all > 0 { i { (tr_args(lang, "work-left_of", &[("left", self.open.len().into()), ("all", all.into())])) } } }
                (Segments { label: tr(lang, "page-home-my_tasks"), items: &segments })
            }
            ul class="k-ul" {
                @for t in self.open.iter().chain(self.done.iter()) { (tasks::line(c, t)) }
                @if all == 0 { li class="k-task none" { span class="m2" { (tr(lang, "page-home-nothing_today")) } @if may(c, "tasks", "create") { a class="lk s12" href="/tasks/new" { (message::entity_new(lang, "tasks")) } } } }
            }
            @if self.open.more() { p class="pad s12" { a class="lk" href="/tasks?state.in=planned,in_work&sort=due_at" { (tr(lang, "work-show_all")) } } }
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
        for r in rows(c, collection, &[("sort", "-id"), ("limit", "4")], &fields)?.iter() {
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
