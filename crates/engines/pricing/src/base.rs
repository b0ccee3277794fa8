//! The access sequences: which rule gives the base price and which the discount, from the most specific to the least.

use crate::facts::{Agreement, Facts, Id, IndexedAgreement, PriceType, Refinement, Scope};
use crate::question::{Category, Question};
use crate::trace::{Arg, Note, Op, Rule, RuleKind, Step, StepKind, Tried};
use crate::value::{Chain, Fail, Path, find_type, of_type, type_rule};
use kontor_kernel::{Percent, Price};

/// Where a candidate would take the price from.
#[derive(Clone, Copy)]
enum Source {
    Type(Id),
    Fixed(Price),
    /// The line speaks of the discount only.
    Nothing,
}

struct Candidate<'a> {
    rule: Rule,
    source: Source,
    /// Key of the sentence should it win: `trace-base-{key}`.
    key: &'static str,
    agreement: Option<&'a Agreement>,
    line: Option<(&'a Refinement, Option<&'a Category>)>,
    lost: Option<Note>,
}

/// The winner of the base sequence.
pub(crate) struct Base<'a> {
    pub step: Step,
    pub chain: Chain,
    pub price_type: Option<&'a PriceType>,
    /// The agreement's line that fixed the price.
    pub fixed_by: Option<Scope>,
}

/// Reasons that a list as a whole has for not answering.
const NOTHING_WRITTEN: [&str; 2] = ["trace-lost-no_price", "trace-lost-no_cost"];

/// Looks for the base price; the step is returned also when there is none, with the reason beside it.
pub(crate) fn find<'a>(facts: &'a Facts, q: &'a Question) -> Result<Base<'a>, (Vec<Tried>, Fail)> {
    let candidates = candidates(facts, q).map_err(|e| (vec![], e))?;
    let budget = Path::budget();
    let mut tried: Vec<Tried> = vec![];
    let mut won: Option<Base<'a>> = None;
    for mut c in candidates {
        let lost = match (&won, c.lost.take(), c.source) {
            (_, Some(reason), _) => Some(reason),
            (Some(winner), None, _) => {
                let by = winner.step.rule.as_ref().map_or("", |r| r.name.as_str());
                Some(Note::new("trace-lost-weaker").with("by", by))
            }
            (None, None, Source::Nothing) => {
                Some(Note::new(if c.line.is_some() { "trace-lost-no_price_in_line" } else { "trace-lost-no_price_type" }))
            }
            (None, None, Source::Fixed(price)) => {
                let chain = c.agreement.map(|a| fixed(a, price, &c.rule)).transpose().map_err(|e| (tried.clone(), e))?;
                won = chain.map(|chain| Base {
                    step: winner_step(&c, price_note(&c, price)),
                    chain,
                    price_type: None,
                    fixed_by: c.line.map(|(l, _)| l.scope),
                });
                None
            }
            (None, None, Source::Type(id)) => match of_type(facts, q, id, &Path::new(&budget)) {
                Ok(chain) => {
                    let def = &find_type(facts, id).map_err(|e| (tried.clone(), e))?.def;
                    won = Some(Base { step: winner_step(&c, type_note(&c, def)), chain, price_type: Some(def), fixed_by: None });
                    None
                }
                Err(Fail::Absent(note)) => Some(note),
                Err(broken) => {
                    tried.push(Tried { rule: c.rule, lost: Some(broken.clone().note()) });
                    return Err((tried, broken));
                }
            },
        };
        tried.push(Tried { rule: c.rule, lost });
    }
    match won {
        Some(mut base) => {
            base.step.tried = tried;
            Ok(base)
        }
        None => {
            // The least specific reason is the one worth telling: it is about the list that covers everything.
            let reason = tried.iter().rev().find_map(|t| t.lost.clone().filter(|n| NOTHING_WRITTEN.contains(&&*n.key)));
            let fail = Fail::Absent(reason.unwrap_or_else(|| Note::new("trace-base-none")));
            Err((tried, fail))
        }
    }
}

fn candidates<'a>(facts: &'a Facts, q: &'a Question) -> Result<Vec<Candidate<'a>>, Fail> {
    if let Some(id) = q.price_type {
        let rule = type_rule(&find_type(facts, id)?.def);
        return Ok(vec![Candidate { rule, source: Source::Type(id), key: "asked", agreement: None, line: None, lost: None }]);
    }
    let mut all = vec![];
    if let Some(a) = agreement(facts, q)? {
        let expired = expired(&a.def, q);
        for (r, category, rank) in lines(a, q) {
            let source = match (r.price, r.price_type) {
                (Some(price), _) => Source::Fixed(price),
                (None, Some(id)) => Source::Type(id),
                (None, None) => Source::Nothing,
            };
            let (kind, key) = kind_of(r, matches!(source, Source::Fixed(_)));
            let lost = expired.clone().or_else(|| (rank > 0).then(|| Note::new("trace-lost-tie")));
            all.push(Candidate {
                rule: line_rule(&a.def, kind, category),
                source,
                key,
                agreement: Some(&a.def),
                line: Some((r, category)),
                lost,
            });
        }
        let source = a.def.price_type.map_or(Source::Nothing, Source::Type);
        all.push(Candidate {
            rule: agreement_rule(&a.def, RuleKind::Agreement),
            source,
            key: "agreement",
            agreement: Some(&a.def),
            line: None,
            lost: expired,
        });
    }
    if let Some(id) = facts.default_price_type {
        let def = &find_type(facts, id)?.def;
        let rule = Rule { kind: RuleKind::Default, ..type_rule(def) };
        all.push(Candidate { rule, source: Source::Type(id), key: "default", agreement: None, line: None, lost: None });
    }
    Ok(all)
}

fn agreement<'a>(facts: &'a Facts, q: &Question) -> Result<Option<&'a IndexedAgreement>, Fail> {
    let unknown = |id: Id| Fail::Broken(Note::new("trace-problem-unknown_agreement").with("id", id.to_string()));
    q.agreement.map(|id| facts.agreements.get(&id).ok_or_else(|| unknown(id))).transpose()
}

fn expired(a: &Agreement, q: &Question) -> Option<Note> {
    (!a.valid.contains(q.date)).then(|| Note::new("trace-lost-expired").with("agreement", &a.name).with("date", q.date))
}

/// The agreement's lines that cover the product: its own first, then those of its categories, nearest first.
/// The number ranks lines of one scope; only the first of them may win.
fn lines<'a>(a: &'a IndexedAgreement, q: &'a Question) -> impl Iterator<Item = (&'a Refinement, Option<&'a Category>, usize)> {
    let scopes = std::iter::once((Scope::Product(q.product), None));
    let scopes = scopes.chain(q.categories.iter().map(|c| (Scope::Category(c.id), Some(c))));
    scopes.flat_map(move |(scope, category)| {
        let found = a.by_scope.get(&scope).map(Vec::as_slice).unwrap_or(&[]);
        found.iter().enumerate().map(move |(rank, i)| (&a.def.refinements[*i], category, rank))
    })
}

fn kind_of(r: &Refinement, fixed: bool) -> (RuleKind, &'static str) {
    match (r.scope, fixed) {
        (Scope::Product(_), true) => (RuleKind::AgreementProduct, "agreement_product_price"),
        (Scope::Product(_), false) => (RuleKind::AgreementProduct, "agreement_product"),
        (Scope::Category(_), true) => (RuleKind::AgreementCategory, "agreement_category_price"),
        (Scope::Category(_), false) => (RuleKind::AgreementCategory, "agreement_category"),
    }
}

fn agreement_rule(a: &Agreement, kind: RuleKind) -> Rule {
    Rule { kind, id: Some(a.id), name: a.name.clone(), version: a.version }
}

fn line_rule(a: &Agreement, kind: RuleKind, category: Option<&Category>) -> Rule {
    let name = category.map_or_else(|| a.name.clone(), |c| format!("{}: {}", a.name, c.name));
    Rule { name, ..agreement_rule(a, kind) }
}

fn winner_step(c: &Candidate<'_>, note: Note) -> Step {
    Step {
        step: StepKind::Base,
        rule: Some(c.rule.clone()),
        tried: vec![],
        op: Op::Choose,
        before: None,
        after: None,
        currency: None,
        note,
        steps: vec![],
    }
}

fn base_note(c: &Candidate<'_>) -> Note {
    let note = Note::new(match c.key {
        "asked" => "trace-base-asked",
        "agreement_product" => "trace-base-agreement_product",
        "agreement_product_price" => "trace-base-agreement_product_price",
        "agreement_category" => "trace-base-agreement_category",
        "agreement_category_price" => "trace-base-agreement_category_price",
        "agreement" => "trace-base-agreement",
        _ => "trace-base-default",
    });
    match c.line {
        Some((_, Some(category))) => note.with("category", &category.name),
        _ => note,
    }
}

fn type_note(c: &Candidate<'_>, def: &PriceType) -> Note {
    let note = base_note(c).with("price_type", &def.name);
    if let Some(a) = c.agreement { note.with("agreement", &a.name) } else { note }
}

fn price_note(c: &Candidate<'_>, price: Price) -> Note {
    let note = base_note(c).with("price", price);
    if let Some(a) = c.agreement { note.with("agreement", &a.name).with("currency", a.currency) } else { note }
}

fn fixed(a: &Agreement, price: Price, rule: &Rule) -> Result<Chain, Fail> {
    let mut chain = Chain::new(a.currency, a.vat);
    let note = |_| Note::new("trace-value-agreed").with("agreement", &a.name);
    chain.push(StepKind::Value, Some(rule.clone()), Op::Take { price }, vec![], note)?;
    Ok(chain)
}

/// The agreement's discount: its line for the product, for the nearest category, then the general one. A price that a
/// line fixes is final, so then only that line's own discount counts. `None` without an agreement.
pub(crate) fn discount(facts: &Facts, q: &Question, fixed_by: Option<Scope>) -> Result<Option<Step>, Fail> {
    let Some(a) = agreement(facts, q)? else { return Ok(None) };
    let expired = expired(&a.def, q);
    let mut found: Vec<(Rule, Option<Percent>, Note, Option<Note>)> = vec![];
    for (r, category, rank) in lines(a, q) {
        let (kind, _) = kind_of(r, false);
        let note = match category {
            None => Note::new("trace-discount-agreement_product"),
            Some(c) => Note::new("trace-discount-agreement_category").with("category", &c.name),
        };
        let barred = fixed_by.is_some_and(|s| s != r.scope).then(|| Note::new("trace-lost-fixed_price"));
        let lost = expired.clone().or(barred).or_else(|| (rank > 0).then(|| Note::new("trace-lost-tie")));
        found.push((line_rule(&a.def, kind, category), r.discount, note, lost));
    }
    let barred = fixed_by.map(|_| Note::new("trace-lost-fixed_price"));
    let general = agreement_rule(&a.def, RuleKind::Agreement);
    found.push((general, a.def.discount, Note::new("trace-discount-agreement"), expired.or(barred)));

    let mut winner: Option<(Rule, Percent, Note)> = None;
    let mut tried = vec![];
    for (rule, percent, note, lost) in found {
        let lost = lost.or_else(|| match (&winner, percent) {
            (Some((by, ..)), _) => Some(Note::new("trace-lost-weaker").with("by", &by.name)),
            (None, None) => Some(Note::new("trace-lost-no_discount")),
            (None, Some(percent)) => {
                let note = note.with("agreement", &a.def.name).with("percent", percent);
                winner = Some((rule.clone(), percent, note));
                None
            }
        });
        tried.push(Tried { rule, lost });
    }
    let (rule, percent, note) = match winner {
        Some((rule, percent, note)) => (Some(rule), percent, note),
        None => (None, Percent::ZERO, Note::new("trace-discount-none").with("agreement", &a.def.name)),
    };
    let (before, after) = (Some(Arg::Percent(Percent::ZERO)), Some(Arg::Percent(percent)));
    Ok(Some(Step {
        step: StepKind::Discount,
        rule,
        tried,
        op: Op::Discount { percent },
        before,
        after,
        currency: None,
        note,
        steps: vec![],
    }))
}
