//! A trace in the words of a language.

use kontor_kernel::error::{Error, Result};
use kontor_pricing::{Arg, Note, Rule, Step, Trace};
use kontor_texts::{Lang, format, tr, tr_args};
use serde::Serialize;
use serde_json::{Value as Json, json};

/// A step of a price in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sentence {
    /// `base`, `value`, `convert`, `vat`, `rounding`, `discount`, `line_discount`, `line_price`, `problem`
    pub step: String,
    pub title: String,
    pub text: String,
    /// Price or percentage before and after, as decimal strings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The rule that decided: kind, id, name, version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Json>,
    /// Candidates in the order they were looked at: the rule, and why it lost (the winner has no reason).
    pub tried: Vec<Json>,
    /// How the figures that the step started from came about.
    pub steps: Vec<Sentence>,
}

/// The sentences of a trace that was kept with a line. Errors: it is none.
pub fn explain_sentences(lang: Lang, trace: &Json) -> Result<Vec<Sentence>> {
    if trace.is_null() {
        return Ok(vec![]);
    }
    let trace: Trace = serde_json::from_value(trace.clone()).map_err(Error::internal)?;
    Ok(sentences(lang, &trace.steps))
}

pub(crate) fn sentences(lang: Lang, steps: &[Step]) -> Vec<Sentence> {
    steps.iter().map(|s| sentence(lang, s)).collect()
}

fn sentence(lang: Lang, s: &Step) -> Sentence {
    let kind = code(&s.step);
    let minor = s.currency.map_or(2, |c| c.minor());
    Sentence {
        title: tr(lang, &format!("price-step-{kind}")).to_string(),
        text: note(lang, &s.note, minor),
        before: s.before.as_ref().map(plain),
        after: s.after.as_ref().map(plain),
        currency: s.currency.map(|c| c.to_string()),
        rule: s.rule.as_ref().map(rule),
        tried: s.tried.iter().map(|t| json!({"rule": rule(&t.rule), "lost": t.lost.as_ref().map(|n| note(lang, n, minor))})).collect(),
        steps: sentences(lang, &s.steps),
        step: kind,
    }
}

fn rule(r: &Rule) -> Json {
    json!({"kind": code(&r.kind), "id": r.id, "name": r.name, "version": r.version})
}

/// The name under which the engine writes a kind.
fn code(kind: &impl Serialize) -> String {
    match serde_json::to_value(kind) {
        Ok(Json::String(s)) => s,
        // Kinds are plain names.
        _ => String::new(),
    }
}

pub(crate) fn note(lang: Lang, n: &Note, minor: u32) -> String {
    let local: Vec<(&str, kontor_texts::Arg)> = n.args.iter().map(|(name, a)| (name.as_ref(), local(lang, a, minor))).collect();
    tr_args(lang, &n.key, &local)
}

fn local(lang: Lang, a: &Arg, minor: u32) -> kontor_texts::Arg<'_> {
    match a {
        Arg::Text(s) => s.as_str().into(),
        Arg::Code(s) => s.as_ref().into(),
        Arg::Price(p) => format::price(lang, p.scaled(), minor).into(),
        // The sentence has the sign.
        Arg::Percent(p) => format::number(lang, p.scaled(), kontor_kernel::Percent::SCALE, 0).into(),
        Arg::Quantity(q) => format::quantity(lang, q.scaled()).into(),
        Arg::Rate(r) => format::rate(lang, r.scaled()).into(),
        Arg::Date(d) => format::date(lang, *d).into(),
        Arg::Number(n) => (*n).into(),
    }
}

fn plain(a: &Arg) -> String {
    match a {
        Arg::Text(s) => s.clone(),
        Arg::Code(s) => s.to_string(),
        Arg::Price(p) => p.to_string(),
        Arg::Percent(p) => p.to_string(),
        Arg::Quantity(q) => q.to_string(),
        Arg::Rate(r) => r.to_string(),
        Arg::Date(d) => d.to_string(),
        Arg::Number(n) => n.to_string(),
    }
}
