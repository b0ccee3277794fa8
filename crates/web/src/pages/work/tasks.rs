//! Tasks on other pages: the open ones of something, when they are due, the way to tick them off.

use super::rows::{Row, Rows, may, rows};
use super::words;
use crate::pages::Call;
use crate::ui::head::{Button, Command, Kind};
use kontor_kernel::error::Result;
use kontor_texts::{format, tr};
use maud::{Markup, html};

pub const FIELDS: [&str; 7] = ["state", "kind", "due_at", "importance", "partner_id", "deal_id", "doer_id"];

/// Open tasks about a partner or a deal, those due first; tasks without a day come last.
pub fn of(c: &Call, column: &str, id: &str, limit: &str) -> Result<Rows> {
    rows(
        c,
        "tasks",
        &[(column, id), ("state.in", "planned,in_work"), ("due_at.empty", "false"), ("sort", "due_at"), ("limit", limit)],
        &FIELDS,
    )
}

/// When it is due: `15:30` today, else the day; red when it has passed.
pub fn when(c: &Call, t: Row) -> Markup {
    let Some(at) = t.instant("due_at") else { return html! { span class="tn s12 m2" { "—" } } };
    let zone = c.identity.zone;
    let day = at.with_timezone(&zone).date_naive();
    let late = at < c.ctx.now && matches!(t.state(), "planned" | "in_work");
    let text = if day == c.ctx.today { format::time(at, &zone) } else { words::day(c.lang, c.ctx.today, day) };
    html! { span class=(if late { "tn s12 neg b5" } else { "tn s12 m2" }) { (text) } }
}

pub fn icon_of(kind: &str) -> &'static str {
    match kind {
        "call" => "phone",
        "meeting" => "users",
        "email" => "mail",
        "approval" => "certificate",
        _ => "checkbox",
    }
}

/// A small button that ticks a task off.
pub fn done_button(c: &Call, t: Row) -> Markup {
    if !may(c, "tasks", "done") {
        return html! {};
    }
    Button::new(Kind::Third, tr(c.lang, "work-done")).command(&Command {
        path: &format!("/tasks/{}/done", t.id()),
        done: Some(tr(c.lang, "work-task_done")),
        ..Default::default()
    })
}

/// One line of my day: tick, when, what, about whom.
pub fn line(c: &Call, t: Row) -> Markup {
    let done = t.state() == "done";
    let class = if done { "k-task done" } else { "k-task" };
    let path = format!("/tasks/{}/{}", t.id(), if done { "reopen" } else { "done" });
    html! {
        li class=(class) {
            input class="form-check-input" type="checkbox" checked[done] disabled[!may(c, "tasks", "done")] data-command-on-change=(path) data-done=[(!done).then(|| tr(c.lang, "work-task_done"))] aria-label={ (tr(c.lang, "work-done")) ": " (t.title()) };
            (when(c, t))
            a class="cut" href=(t.href()) { (t.title()) }
            span class="s12 m2 cut" { @if let Some(p) = t.id_of("partner_id") { a href=(format!("/partners/{p}")) { (t.name_of("partner_id")) } } @else { (t.name_of("deal_id")) } }
            span class="m2" title=(kontor_texts::message::choice(c.lang, "tasks", "kind", t.text("kind"))) { (crate::ui::icon_small(icon_of(t.text("kind")))) }
        }
    }
}
