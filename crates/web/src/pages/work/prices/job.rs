//! Long work inside a page: how far it is, a way to stop it, what came of it. The part asks again by itself; the page stays live.

use crate::pages::{Call, Reply};
use crate::ui::empty::Job;
use crate::ui::icons::icon;
use kontor_kernel::error::Result;
use kontor_platform::Envelope;
use kontor_platform::value::Id;
use kontor_texts::{format, tr_args};
use maud::{Markup, html};
use serde_json::{Value as Json, json};

/// Where the progress of a job stands on a page; `then` is the address of the page that shows what came of it.
pub fn place(c: &Call, id: &str, then: &str) -> Result<Markup> {
    let j = c.app.get(&c.ctx, "jobs", Call::id(id)?)?;
    Ok(progress(c, &j, then))
}

pub fn show(c: &Call, id: Id) -> Result<Reply> {
    let j = c.app.get(&c.ctx, "jobs", id)?;
    Ok(Reply::ok(progress(c, &j, then(c))))
}

pub fn stop(c: &Call, id: Id) -> Result<Reply> {
    // One that has just ended by itself says so.
    if let Err(e) = c.app.execute(&c.ctx, Envelope::new("jobs.cancel", json!({})).on(id))
        && e.kind() != kontor_kernel::error::Kind::Refused
    {
        return Err(e);
    }
    show(c, id)
}

/// Pages of this server only.
fn then(c: &Call) -> &str {
    c.param("then").filter(|t| t.starts_with('/') && !t.starts_with("//")).unwrap_or("")
}

fn progress(c: &Call, j: &Json, then: &str) -> Markup {
    let id = j["id"].as_str().unwrap_or("");
    let address = |path: &str| super::super::words::address(&format!("/jobs/{id}/{path}"), &[("then", then)]);
    let title = j["title"].as_str().unwrap_or("");
    match j["state"].as_str().unwrap_or("") {
        "queued" | "running" => {
            let done = j["done"].as_i64().unwrap_or(0);
            let total = j["total"].as_i64().filter(|t| *t > 0);
            let percent = total.map_or(0, |t| u8::try_from((i128::from(done) * 100 / i128::from(t)).clamp(0, 100)).unwrap_or(100));
            let note = match total {
                Some(t) => tr_args(
                    c.lang,
                    "price-work-done_of",
                    &[("done", format::integer(c.lang, done).into()), ("total", format::integer(c.lang, t).into())],
                ),
                None => tr_args(c.lang, "price-work-done", &[("done", format::integer(c.lang, done).into())]),
            };
            let stop = html! {
                button type="button" class="btn btn-2 btn-s" hx-post=(address("stop")) hx-target="closest .k-going" hx-swap="outerHTML" { (icon("player-stop")) (c.t("price-work-stop")) }
            };
            html! {
                div class="k-going" data-job=(id) hx-get=(address("progress")) hx-trigger="load delay:700ms" hx-swap="outerHTML" {
                    (Job { title, note: &note, done_percent: percent, stop })
                }
            }
        }
        state => html! {
            div class="k-going" data-job=(id) data-state=(state) role="status" {
                (ended(c, j, state, title))
                @if !then.is_empty() {
                    span hx-get=(then) hx-trigger="load" hx-select="#job-shows" hx-target="#job-shows" hx-swap="outerHTML" hx-select-oob="#price-applied" {}
                }
            }
        },
    }
}

fn ended(c: &Call, j: &Json, state: &str, title: &str) -> Markup {
    let key = match state {
        "done" => "price-work-job_done",
        "cancelled" => "price-work-job_cancelled",
        _ => "price-work-job_failed",
    };
    let result = &j["result"];
    if j["kind"] == "import" && result.is_object() {
        return crate::pages::import::came(c, j);
    }
    let figures = ["changed", "without_price", "zero", "taken_back"]
        .into_iter()
        .filter_map(|f| Some((f, result[f].as_i64()?)))
        .filter(|(f, n)| *f == "changed" || *n > 0);
    html! {
        p class=(if state == "failed" { "k-told neg" } else { "k-told" }) {
            (icon(if state == "done" { "circle-check" } else { "alert-triangle" })) span {
                b { (title) } ". " (c.t(key))
                @for (name, n) in figures { " " (tr_args(c.lang, &format!("price-work-result-{name}"), &[("n", n.into())])) }
                @if state == "failed" { " " (j["error"]["message"].as_str().unwrap_or("")) }
            }
        }
    }
}
