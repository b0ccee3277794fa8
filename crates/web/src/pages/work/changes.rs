//! Who changed what on a card, newest first, by field: was, became.

use crate::pages::Call;
use crate::ui::timeline::{Day, Event, Mood, Timeline};
use kontor_kernel::error::Result;
use kontor_platform::spec::{Spec, Ty};
use kontor_platform::value::Id;
use kontor_texts::{Lang, format, message, tr};
use maud::{Markup, html};
use serde_json::Value as Json;

const SHOWN: usize = 100;

pub fn view(c: &Call, collection: &str, id: &str) -> Result<Markup> {
    let Ok(id) = Id::parse_str(id) else { return Ok(html! {}) };
    let Some(spec) = c.app.registry.get(collection) else { return Ok(html! {}) };
    let found = c.app.history(&c.ctx, collection, id, SHOWN)?;
    if found.is_empty() {
        return Ok(html! { p class="pad m2" { (tr(c.lang, "page-history-empty")) } });
    }
    let zone = c.identity.zone;
    let times: Vec<String> = found.iter().map(|e| format::instant(c.lang, e.at, &zone)).collect();
    let events = found
        .iter()
        .zip(&times)
        .map(|(e, time)| {
            let verb = e.command.rsplit('.').next().unwrap_or(&e.action);
            let what = match verb {
                "create" => tr(c.lang, "page-history-created"),
                "update" => tr(c.lang, "work-edited"),
                v => message::verb(c.lang, collection, v),
            };
            Event {
                icon: if verb == "create" { "plus" } else { "pencil" },
                mood: Mood::Plain,
                title: html! { b class="b5" { (e.user) } " " span class="m1" { (what) } (differences(c.lang, spec, &e.changes)) },
                aside: "",
                text: "",
                time,
                actions: None,
            }
        })
        .collect();
    Ok(html! { div class="pad" { (Timeline { days: vec![Day { title: "", events }], more: None }) } })
}

fn differences(lang: Lang, spec: &Spec, changes: &Json) -> Markup {
    let Some(m) = changes.as_object().filter(|m| !m.is_empty()) else { return html! {} };
    html! {
        div class="k-diff" {
            @for (field, pair) in m {
                span class="f" { (message::label(lang, spec.name, field)) }
                del { (shown(lang, spec, field, &pair[0])) } span class="m2" { "→" } ins { (shown(lang, spec, field, &pair[1])) }
            }
        }
    }
}

fn shown(lang: Lang, spec: &Spec, field: &str, v: &Json) -> String {
    let ty = spec.col(field).map(|c| &c.ty);
    match (ty, v) {
        (_, Json::Null) => "—".to_owned(),
        (Some(Ty::State), Json::String(s)) => message::state(lang, spec.name, s).to_owned(),
        (Some(Ty::Choice(_)), Json::String(s)) => message::choice(lang, spec.name, field, s).into_owned(),
        (Some(Ty::Date), Json::String(s)) => s.parse().map_or_else(|_| s.clone(), |d| format::date(lang, d)),
        (Some(t), Json::String(s)) if t.scale().is_some() => crate::ui::number(lang, s, 0),
        (_, Json::Bool(b)) => tr(lang, if *b { "yes" } else { "no" }).to_owned(),
        (_, Json::String(s)) => s.chars().take(200).collect(),
        (_, Json::Array(a)) => format!("{}", a.len()),
        (_, j) => j.to_string().chars().take(120).collect(),
    }
}
