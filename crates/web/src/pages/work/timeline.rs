//! What happened with a partner or a deal, newest first: talks, tasks, documents, money; by day, in the caller's time zone.

use super::rows::{Rows, rows};
use super::words::{self, address};
use crate::pages::Call;
use crate::ui::head::Segments;
use crate::ui::timeline::{Day, Event, Mood, Timeline};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use kontor_kernel::error::Result;
use kontor_texts::{format, message, tr};
use maud::{Markup, Render, html};

/// Events of each kind that are read; the newest of them all are shown.
const EACH: &str = "30";
const SHOWN: usize = 60;

/// Kinds that a timeline may be narrowed to: name in the address, text key.
const SHOW: [(&str, &str); 4] = [("", "page-all"), ("talks", "work-talks"), ("documents", "page-card-documents"), ("money", "work-money")];

struct Item {
    at: DateTime<Utc>,
    /// Documents have a day but no hour.
    timed: bool,
    icon: &'static str,
    mood: Mood,
    title: Markup,
    aside: String,
    text: String,
}

/// Events of records whose `column` (`partner_id`, `deal_id`) is `id`.
pub struct Of<'a> {
    pub column: &'a str,
    pub id: &'a str,
    /// Page it stands on, for the choice of kinds.
    pub path: &'a str,
    pub tab: &'a str,
}

fn icon_of(kind: &str) -> &'static str {
    match kind {
        "call_in" => "phone-incoming",
        "call_out" => "phone-outgoing",
        "meeting" => "users",
        "email" => "mail",
        "message" => "message",
        _ => "calendar",
    }
}

pub fn segments(c: &Call, of: &Of) -> Markup {
    let now = c.param("show").unwrap_or("");
    let items: Vec<(&str, String, bool)> =
        SHOW.iter().map(|(show, key)| (tr(c.lang, key), address(of.path, &[("tab", of.tab), ("show", show)]), *show == now)).collect();
    let items: Vec<(&str, &str, &str, bool)> = items.iter().map(|(t, h, on)| (*t, "", h.as_str(), *on)).collect();
    Segments { label: tr(c.lang, "page-card-timeline"), items: &items }.render()
}

pub fn timeline(c: &Call, of: &Of) -> Result<Markup> {
    let show = c.param("show").unwrap_or("");
    let mut all: Vec<Item> = vec![];
    if matches!(show, "" | "talks") {
        talks(c, of, &mut all)?;
    }
    if matches!(show, "" | "documents") {
        for collection in ["quotes", "sales-orders", "shipments", "returns"] {
            documents(c, of, collection, &mut all)?;
        }
    }
    if matches!(show, "" | "money") {
        documents(c, of, "payments", &mut all)?;
    }
    all.sort_by_key(|i| std::cmp::Reverse(i.at));
    all.truncate(SHOWN);
    if all.is_empty() {
        return Ok(html! { p class="m2 pad" { (tr(c.lang, "work-nothing_yet")) } });
    }
    Ok(drawn(c, &all))
}

fn drawn(c: &Call, all: &[Item]) -> Markup {
    let zone = c.identity.zone;
    let mut titles: Vec<(NaiveDate, String)> = vec![];
    let times: Vec<String> = all.iter().map(|i| if i.timed { format::time(i.at, &zone) } else { String::new() }).collect();
    for i in all {
        let day = i.at.with_timezone(&zone).date_naive();
        if titles.last().is_none_or(|(d, _)| *d != day) {
            titles.push((day, day_title(c, day)));
        }
    }
    let days = titles
        .iter()
        .map(|(day, title)| {
            let on_day = |i: &&(&Item, &String)| i.0.at.with_timezone(&zone).date_naive() == *day;
            let pairs: Vec<(&Item, &String)> = all.iter().zip(&times).collect();
            let events = pairs
                .iter()
                .filter(on_day)
                .map(|(i, t)| Event {
                    icon: i.icon,
                    mood: i.mood,
                    title: i.title.clone(),
                    aside: &i.aside,
                    text: &i.text,
                    time: t,
                    actions: None,
                })
                .collect();
            Day { title, events }
        })
        .collect();
    Timeline { days, more: None }.render()
}

fn day_title(c: &Call, day: NaiveDate) -> String {
    let near = words::day(c.lang, c.ctx.today, day);
    let long = format::date_long(c.lang, day);
    if near.chars().any(|x| x.is_ascii_digit()) { long } else { format!("{}, {long}", capital(&near)) }
}

/// First letter large: a word that begins a line.
pub fn capital(s: &str) -> String {
    let mut chars = s.chars();
    chars.next().map_or_else(String::new, |f| f.to_uppercase().chain(chars).collect())
}

fn noon(c: &Call, day: NaiveDate) -> DateTime<Utc> {
    let local = day.and_time(NaiveTime::MIN);
    c.identity.zone.from_local_datetime(&local).earliest().map_or_else(|| local.and_utc(), |t| t.with_timezone(&Utc))
}

fn talks(c: &Call, of: &Of, all: &mut Vec<Item>) -> Result<()> {
    let found: Rows = rows(
        c,
        "interactions",
        &[(of.column, of.id), ("limit", EACH), ("sort", "-at")],
        &["kind", "text", "result", "at", "state", "contact_id", "responsible_id"],
    )?;
    for r in found.iter() {
        let ahead = matches!(r.state(), "planned" | "in_work" | "postponed");
        let kind = message::choice(c.lang, "interactions", "kind", r.text("kind"));
        let who: Vec<&str> = [r.name_of("contact_id"), r.name_of("responsible_id")].into_iter().filter(|s| !s.is_empty()).collect();
        let said = if r.text("result").is_empty() { r.text("text") } else { r.text("result") };
        all.push(Item {
            at: r.instant("at").unwrap_or(c.ctx.now),
            timed: true,
            icon: icon_of(r.text("kind")),
            mood: if ahead { Mood::Now } else { Mood::Plain },
            title: html! { a class="b5" href=(r.href()) { (r.title()) } " " span class="m2" { "· " (kind) } @if ahead { " " (words::state(c.lang, "interactions", r.state())) } },
            aside: who.join(" · "),
            text: said.chars().take(400).collect(),
        });
    }
    Ok(())
}

fn documents(c: &Call, of: &Of, collection: &str, all: &mut Vec<Item>) -> Result<()> {
    let Some(spec) = c.app.registry.get(collection).filter(|s| s.col(of.column).is_some()) else { return Ok(()) };
    let found = rows(
        c,
        collection,
        &[(of.column, of.id), ("limit", EACH), ("sort", "-date")],
        &["number", "date", "state", "total", "amount", "currency", "direction", "created_at", "created_by_id"],
    )?;
    for r in found.iter() {
        let money = collection == "payments";
        let sum = if money { r.decimal("amount") } else { r.decimal("total") };
        let sum = if sum.is_empty() {
            String::new()
        } else {
            format!("{}\u{a0}{}", crate::ui::number(c.lang, &sum, 2), words::sign(r.text("currency")))
        };
        let day = r.date("date").unwrap_or(c.ctx.today);
        // made on its own day: the hour is known too
        let made = r.instant("created_at").filter(|t| t.with_timezone(&c.identity.zone).date_naive() == day);
        let undone = matches!(r.state(), "cancelled" | "reversed");
        let icon = match collection {
            "quotes" => "file-text",
            "sales-orders" => "shopping-cart",
            "shipments" => "truck-delivery",
            "returns" => "truck-return",
            _ => "cash",
        };
        all.push(Item {
            at: made.unwrap_or_else(|| noon(c, day)),
            timed: made.is_some(),
            icon,
            mood: if undone { Mood::Bad } else if money { Mood::Good } else { Mood::Plain },
            title: html! { b class="b5" { (message::entity_one(c.lang, spec.name)) } " " a class="lk" href=(r.href()) { (r.title()) } @if !sum.is_empty() { " " span class="n" { (sum) } } " " (words::state(c.lang, spec.name, r.state())) },
            aside: r.name_of("created_by_id").to_owned(),
            text: String::new(),
        });
    }
    Ok(())
}
