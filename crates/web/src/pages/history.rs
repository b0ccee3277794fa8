//! The history of a record as people read it: who, when, what; each field from → to; undo.

use super::state::Call;
use super::titles::Titles;
use super::values;
use crate::ui::badge::Avatar;
use crate::ui::empty::Empty;
use crate::ui::icons::icon_small;
use crate::ui::timeline::{Day, Event, Mood, Timeline};
use chrono::{NaiveDate, Timelike};
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_platform::audit::HistoryEntry;
use kontor_platform::spec::{Column, Spec, Ty};
use kontor_platform::value::Id;
use kontor_texts::{Arg, format, label, message, tr_args};
use maud::{Markup, Render, html};
use serde_json::Value as Json;

/// Most entries on a card.
pub const LIMIT: usize = 200;

/// One entry, ready to be drawn.
struct Line<'a> {
    time: String,
    what: Markup,
    undo: Option<Markup>,
    entry: &'a HistoryEntry,
}

pub fn show(c: &Call, spec: &'static Spec, id: Id) -> Result<Markup> {
    let entries = c.app.history(&c.ctx, spec.name, id, LIMIT)?;
    if entries.is_empty() {
        return Ok(Empty { icon: "history", title: c.t("page-history-empty"), text: "", actions: html! {}, bare: true }.render());
    }
    let titles = titles(c, spec, &entries)?;
    let undo = c.ctx.access.may(spec, "undo");
    let mut days: Vec<(NaiveDate, Vec<Line>)> = vec![];
    for e in &entries {
        let at = e.at.with_timezone(&c.identity.zone);
        let time = format!("{:02}:{:02}", at.hour(), at.minute());
        let row = Line { time, what: what(c, spec, e, &titles), undo: (undo && e.action != "delete").then(|| undo_button(c, e)), entry: e };
        match days.last_mut() {
            Some((day, rows)) if *day == at.date_naive() => rows.push(row),
            _ => days.push((at.date_naive(), vec![row])),
        }
    }
    let words: Vec<String> = days.iter().map(|(d, _)| day_words(c, *d)).collect();
    let days = days
        .iter()
        .zip(&words)
        .map(|((_, rows), title)| Day {
            title,
            events: rows
                .iter()
                .map(|l| Event {
                    icon: icon_of(l.entry),
                    mood: mood(l.entry),
                    title: l.what.clone(),
                    aside: "",
                    text: "",
                    time: &l.time,
                    actions: l.undo.clone(),
                })
                .collect(),
        })
        .collect();
    Ok(html! { div class="k-sec" { (Timeline { days, more: None }) } })
}

/// `сьогодні`, `учора`, a date.
pub fn day_words(c: &Call, d: NaiveDate) -> String {
    match (c.ctx.today - d).num_days() {
        0 => c.t("today").to_string(),
        1 => c.t("yesterday").to_string(),
        _ => format::date(c.lang, d),
    }
}

/// The last few changes, one line each, for the side of a card.
pub fn brief(c: &Call, spec: &'static Spec, id: Id, count: usize) -> Result<Vec<(String, String)>> {
    let entries = c.app.history(&c.ctx, spec.name, id, count)?;
    let line = |e: &HistoryEntry| {
        let fields: Vec<&str> = e
            .changes
            .as_object()
            .into_iter()
            .flat_map(|m| m.keys())
            .filter(|k| !QUIET.contains(&k.as_str()))
            .map(|k| label(c.lang, spec.name, k))
            .collect();
        let words = if fields.is_empty() || !e.command.ends_with(".update") {
            action(c, spec, e)
        } else {
            fields.iter().take(3).copied().collect::<Vec<_>>().join(", ")
        };
        (format!("{}: {words}", e.user), day_words(c, e.at.with_timezone(&c.identity.zone).date_naive()))
    };
    Ok(entries.iter().map(line).collect())
}

/// Changes that only follow from others.
const QUIET: &[&str] = &["updated_at", "version"];

fn icon_of(e: &HistoryEntry) -> &'static str {
    match e.action.as_str() {
        "create" => "plus",
        "delete" => "trash",
        _ if e.command.ends_with(".update") => "pencil",
        _ if e.command == "audit.undo" => "arrow-back-up",
        _ => "bolt",
    }
}

fn mood(e: &HistoryEntry) -> Mood {
    match e.command.rsplit('.').next() {
        Some("post" | "confirm" | "win" | "done" | "close") => Mood::Good,
        Some("reverse" | "cancel" | "lose" | "delete") => Mood::Bad,
        _ => Mood::Plain,
    }
}

/// What was done, in a word or two.
fn action(c: &Call, spec: &Spec, e: &HistoryEntry) -> String {
    let (entity, verb) = e.command.split_once('.').unwrap_or(("", ""));
    match (e.action.as_str(), verb) {
        ("create", _) => c.t("page-history-created").to_string(),
        (_, "undo") if entity == "audit" => c.t("page-undone").to_string(),
        (_, "update") => c.t("page-history-changed").to_string(),
        (_, "delete") => c.t("page-history-removed").to_string(),
        (_, v) if entity == spec.name && spec.verb_of(v).is_some() => format!("«{}»", message::verb(c.lang, spec.name, v)),
        // Changed by what happened elsewhere: an order by its shipment.
        (_, v) if c.app.registry.get(entity).is_some_and(|s| s.verb_of(v).is_some()) => {
            format!("{} · «{}»", message::entity_one(c.lang, entity), message::verb(c.lang, entity, v))
        }
        _ => c.t("page-history-changed").to_string(),
    }
}

fn titles(c: &Call, spec: &'static Spec, entries: &[HistoryEntry]) -> Result<Titles> {
    let mut t = Titles::default();
    for (field, pair) in entries.iter().filter_map(|e| e.changes.as_object()).flatten() {
        if let Some(col) = spec.col(field) {
            t.want_json(col, &pair[0]);
            t.want_json(col, &pair[1]);
        }
    }
    t.read(c)?;
    Ok(t)
}

fn what(c: &Call, spec: &'static Spec, e: &HistoryEntry, titles: &Titles) -> Markup {
    let by_hand = if e.source == "page" { "" } else { c.t(source_key(&e.source)) };
    let rows: Vec<(&str, String, String)> = e
        .changes
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(k, _)| !QUIET.contains(&k.as_str()))
        .filter_map(|(k, pair)| change(c, spec, k, pair, titles))
        .collect();
    html! {
        (Avatar { name: &e.user, size: "s18", me: e.user_id == c.ctx.user_id }) " "
        b class="b5" { (if e.user == "Kontor" { c.t("page-history-by_system") } else { e.user.as_str() }) }
        " " span class="m1" { (action(c, spec, e)) } @if !by_hand.is_empty() { " " span class="m2 s12" { "· " (by_hand) } }
        @if !rows.is_empty() {
            div class="k-diff" {
                @for (field, was, now) in &rows {
                    span class="f" { (field) } del dir="auto" { (if was.is_empty() { "—" } else { was.as_str() }) } span class="m2" aria-hidden="true" { (icon_small("arrow-right")) } ins dir="auto" { (if now.is_empty() { "—" } else { now.as_str() }) }
                }
            }
        }
    }
}

fn source_key(source: &str) -> &'static str {
    match source {
        "import" => "page-history-by_import",
        "job" => "page-history-by_job",
        "command" => "page-history-by_command",
        _ => "page-history-by_api",
    }
}

fn change<'a>(c: &Call, spec: &'static Spec, field: &'a str, pair: &Json, titles: &Titles) -> Option<(&'a str, String, String)> {
    if let Some((_, lines)) = spec.lines_of(field) {
        return Some((label(c.lang, spec.name, lines.name), String::new(), lines_words(c, &pair[0], &pair[1])));
    }
    let col = spec.col(field)?;
    Some((label(c.lang, spec.name, col.name), one(c, spec, col, &pair[0], titles), one(c, spec, col, &pair[1], titles)))
}

fn one(c: &Call, spec: &Spec, col: &Column, j: &Json, titles: &Titles) -> String {
    let words = match (&col.ty, j) {
        (Ty::Ref(_), Json::String(id)) => titles.get(id).unwrap_or("…").to_string(),
        _ => values::json_words(c, spec.name, col, j),
    };
    if words.chars().count() > 240 { words.chars().take(240).chain(['…']).collect() } else { words }
}

/// How many lines came, went and changed.
fn lines_words(c: &Call, before: &Json, after: &Json) -> String {
    let by_id = |j: &Json| -> HashMap<String, Json> {
        j.as_array().into_iter().flatten().map(|l| (l["id"].as_str().unwrap_or_default().to_string(), l.clone())).collect()
    };
    let (was, now) = (by_id(before), by_id(after));
    let added = now.keys().filter(|k| !was.contains_key(*k)).count();
    let removed = was.keys().filter(|k| !now.contains_key(*k)).count();
    let changed = now.iter().filter(|(k, l)| was.get(*k).is_some_and(|w| w != *l)).count();
    tr_args(c.lang, "page-history-lines", &[("added", Arg::from(added)), ("removed", Arg::from(removed)), ("changed", Arg::from(changed))])
}

fn undo_button(c: &Call, e: &HistoryEntry) -> Markup {
    html! {
        button type="button" class="btn btn-3 btn-s" data-command={ "/audit/" (e.id) "/undo" } data-done=(c.t("page-undone")) { (icon_small("arrow-back-up")) (c.t("page-history-undo")) }
    }
}
