//! A trace in the words of a language.

use crate::reader::Reader;
use crate::rulebook::other;
use kontor_kernel::HashSet;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::Cx;
use kontor_platform::value::Id;
use kontor_pricing::{Arg, Header, Op, Rule, RuleKind, Step, StepKind, Trace};
use kontor_texts::{tr, tr_args};
use serde::Serialize;
use serde_json::{Value as Json, json};

/// What a reader must not learn from an explanation: prices of types that he does not see, and costs.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    types: HashSet<Id>,
    cost: bool,
}

/// What is kept from the caller; nothing for who sees every price type.
pub fn secrets(cx: &mut Cx) -> Result<Secrets> {
    let spec = cx.spec("price-types");
    let seen = cx.ctx.access.predicate(&cx.app.registry, spec, "read", "t");
    if seen.sql.is_empty() {
        return Ok(Secrets::default());
    }
    let rows = cx.conn.query(&format!("SELECT t.id FROM price_types t WHERE NOT ({})", seen.sql), &seen.params)?;
    Ok(Secrets { types: rows.iter().map(|r| r.id(0)).collect::<Result<_>>()?, cost: true })
}

impl Secrets {
    /// Whether costs are kept from the caller.
    pub fn of_costs(&self) -> bool {
        self.cost
    }
    fn hide(&self, s: &Step) -> bool {
        let of_type = s.rule.as_ref().and_then(|r| r.id).is_some_and(|id| self.types.contains(&id));
        let paid = |name: &str| matches!(name, "cost" | "receipt" | "supply");
        let of_cost = matches!(&s.op, Op::Formula { inputs, .. } if inputs.iter().any(|i| paid(&i.name)));
        let of_supplier =
            s.rule.as_ref().is_some_and(|r| r.kind == RuleKind::Supplier || (r.kind == RuleKind::Line && paid(&r.name.to_string())));
        of_type || (self.cost && (of_cost || of_supplier)) || s.steps.iter().any(|s| self.hide(s))
    }
}

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
pub fn explain_sentences(reader: &Reader, trace: &Json, secrets: &Secrets) -> Result<Vec<Sentence>> {
    if trace.is_null() {
        return Ok(vec![]);
    }
    let trace: Trace = serde_json::from_value(trace.clone()).map_err(Error::internal)?;
    Ok(sentences(reader, &trace.steps, secrets, &trace.question.head))
}

pub(crate) fn sentences(reader: &Reader, steps: &[Step], secrets: &Secrets, head: &Header) -> Vec<Sentence> {
    steps.iter().map(|s| sentence(reader, s, secrets, head)).collect()
}

fn sentence(reader: &Reader, s: &Step, secrets: &Secrets, head: &Header) -> Sentence {
    let (lang, kind) = (reader.lang, code(&s.step));
    let minor = s.currency.map_or(2, |c| c.minor());
    let mut out = Sentence {
        title: tr(lang, &format!("price-step-{kind}")).to_string(),
        text: reader.note(&s.note, minor),
        before: s.before.as_ref().map(Arg::to_string),
        after: s.after.as_ref().map(Arg::to_string),
        currency: s.currency.map(|c| c.to_string()),
        rule: s.rule.as_ref().map(|r| rule(reader, r, head)),
        tried: s
            .tried
            .iter()
            .map(|t| json!({"rule": rule(reader, &t.rule, head), "lost": t.lost.as_ref().map(|n| reader.note(n, minor))}))
            .collect(),
        steps: vec![],
        step: kind,
    };
    if s.step == StepKind::Value && secrets.hide(s) {
        // Only that it was computed, and to what.
        let figure = s.after.as_ref().map(|a| reader.local(a, minor)).unwrap_or_else(|| "".into());
        let currency = s.currency.map(|c| c.to_string()).unwrap_or_default();
        let name = s.rule.as_ref().map_or_else(String::new, |r| reader.name(&r.name));
        out.text = tr_args(lang, "price-step-computed", &[("price_type", name.into()), ("price", figure), ("currency", currency.into())]);
        out.before = None;
    } else {
        out.steps = sentences(reader, &s.steps, secrets, head);
    }
    out
}

fn rule(reader: &Reader, r: &Rule, head: &Header) -> Json {
    let record = record_of(reader, &code(&r.kind), r.id, head).map(|(collection, id)| json!({"collection": collection, "id": id}));
    json!({"kind": code(&r.kind), "id": r.id, "name": reader.name(&r.name), "version": r.version, "record": record})
}

/// Where a rule is written: rules of agreements, contracts and dealer types are parts of those.
pub(crate) fn record_of(reader: &Reader, kind: &str, id: Option<Id>, head: &Header) -> Option<(&'static str, Id)> {
    let own = id?;
    let dealer = head.dealer_type.filter(|d| *d == own || *d == other(own));
    Some(match kind {
        "line" | "supplier" => return None,
        "price_type" => ("price-types", own),
        "rates" => ("rate-types", own),
        "bundle" | "gift" => ("promotions", own),
        "agreement" | "agreement_product" | "agreement_group" => ("agreements", head.agreement?),
        "standard_agreement" => ("agreements", head.standard_agreement?),
        "contract" | "contract_product" | "contract_group" | "contract_list" => ("contracts", head.contract?),
        "individual_list" if head.agreement == id => ("agreements", own),
        "individual_list" => ("price-lists", own),
        "default" => (reader.default_in(own), own),
        "dealer_type" | "dealer_discount" if dealer.is_some() => ("dealer-types", dealer?),
        _ => ("price-conditions", own),
    })
}

/// The name under which the engine writes a kind.
pub(crate) fn code(kind: &impl Serialize) -> String {
    match serde_json::to_value(kind) {
        Ok(Json::String(s)) => s,
        // Kinds are plain names.
        _ => String::new(),
    }
}
