//! An explanation of a price, as the API tells it, put into the steps and losers of a trace.

use super::{text, words};
use crate::ui::money::number;
use crate::ui::trace::{LostRule, Trace, TraceStep};
use kontor_kernel::HashSet;
use kontor_texts::{Lang, tr};
use maud::{Markup, Render};
use serde_json::Value as Json;

struct Step {
    title: String,
    rule: String,
    href: Option<String>,
    note: String,
    value: String,
}

/// Steps in the order in which they happened, and the rules that lost with their reasons.
pub struct Told {
    steps: Vec<Step>,
    lost: Vec<(String, String)>,
}

impl Told {
    pub fn of(lang: Lang, answer: &Json) -> Told {
        let mut t = Told { steps: vec![], lost: vec![] };
        for s in answer["steps"].as_array().into_iter().flatten() {
            t.flat(lang, s);
        }
        let mut seen = HashSet::new();
        t.lost.retain(|l| !l.0.is_empty() && seen.insert(l.clone()));
        t
    }

    /// What a step started from stands before it.
    fn flat(&mut self, lang: Lang, s: &Json) {
        for inner in s["steps"].as_array().into_iter().flatten() {
            self.flat(lang, inner);
        }
        let rule = &s["rule"];
        let (page, id) = (text(&rule["record"], "collection"), text(&rule["record"], "id"));
        let after = text(s, "after");
        let currency = text(s, "currency");
        let unit = if currency.is_empty() { "%" } else { words::sign(currency) };
        self.steps.push(Step {
            title: text(s, "title").to_owned(),
            rule: text(rule, "name").to_owned(),
            href: (!id.is_empty()).then(|| format!("/{page}/{id}")),
            note: text(s, "text").to_owned(),
            value: if after.is_empty() {
                String::new()
            } else {
                format!("{}\u{a0}{unit}", number(lang, after, if currency.is_empty() { 0 } else { 2 }))
            },
        });
        for t in s["tried"].as_array().into_iter().flatten().filter(|t| !t["lost"].is_null()) {
            self.lost.push((text(&t["rule"], "name").to_owned(), text(t, "lost").to_owned()));
        }
    }

    /// `result`: label, value, note.
    pub fn trace(&self, lang: Lang, question: &str, result: (&str, &str, &str)) -> Markup {
        let steps: Vec<TraceStep> = self
            .steps
            .iter()
            .map(|s| TraceStep {
                title: &s.title,
                rule: (!s.rule.is_empty()).then_some((s.rule.as_str(), s.href.as_deref())),
                note: &s.note,
                value: &s.value,
                change: "",
            })
            .collect();
        let lost: Vec<LostRule> = self.lost.iter().map(|(title, reason)| LostRule { title, change: "", reason }).collect();
        Trace {
            title: tr(lang, "page-order-why_price"),
            question,
            steps: &steps,
            result,
            lost_title: tr(lang, "ui-lost_rules"),
            lost: &lost,
            close_label: tr(lang, "page-card-close"),
        }
        .render()
    }
}
