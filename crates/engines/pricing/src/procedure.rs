//! The procedure: its steps in their fixed order.
//!
//! base → value on the date → currency → VAT basis → rounding → agreement's discount → line's discount → line's price.
//! Conversion comes before rounding, and the discount is kept beside the price, so that a line's amount is rounded once.

use crate::base;
use crate::facts::{Facts, Id};
use crate::question::Question;
use crate::replay::State;
use crate::trace::{Arg, Explained, Note, Op, Rule, RuleKind, Step, StepKind, Trace, Tried};
use crate::value::Fail;
use kontor_kernel::{NumberError, Price};

/// Answers the question, and says why. It always answers: where the rules give no price, `problem` says what is missing.
pub fn price(facts: &Facts, question: &Question) -> Explained {
    let mut run = Run { q: question, steps: vec![], state: State::default(), price_type: None, fixed_by: None };
    let mut problem = None;
    if let Err((tried, fail)) = run.rule_price(facts) {
        problem = Some(run.no_price(tried, fail));
    }
    match base::discount(facts, question, run.fixed_by) {
        Ok(step) => step.into_iter().for_each(|s| run.percent_step(s)),
        // The same agreement was already missed when the price was looked for.
        Err(fail) => problem = problem.or(Some(fail.note())),
    }
    let rules = run.state;
    run.line();
    run.finish(rules, problem)
}

struct Run<'a> {
    q: &'a Question,
    steps: Vec<Step>,
    state: State,
    price_type: Option<Id>,
    fixed_by: Option<crate::facts::Scope>,
}

impl Run<'_> {
    fn rule_price(&mut self, facts: &Facts) -> Result<(), (Vec<Tried>, Fail)> {
        let base = base::find(facts, self.q)?;
        let mut chain = base.chain;
        self.steps.push(base.step);
        self.price_type = base.price_type.map(|t| t.id);
        self.fixed_by = base.fixed_by;
        let done = (|| {
            chain.convert(facts, self.q, self.q.currency)?;
            chain.fit_vat(facts, self.q, self.q.vat)?;
            match base.price_type {
                Some(def) if def.rounding.is_some() => chain.round(def),
                _ if chain.computed => {
                    let minor = self.q.currency.minor();
                    chain.push(StepKind::Rounding, None, Op::RoundMinor { minor }, vec![], |_| Note::new("trace-rounding-minor"))
                }
                _ => Ok(()),
            }
        })();
        self.steps.append(&mut chain.steps);
        done.map_err(|e: Fail| (vec![], e))?;
        self.state.value = chain.state.value;
        Ok(())
    }

    /// Notes why there is no price. Steps that led nowhere are dropped: a trace must not compute a price that was not given.
    fn no_price(&mut self, tried: Vec<Tried>, fail: Fail) -> Note {
        let note = fail.note();
        let tried = if tried.is_empty() { self.steps.first().map(|s| s.tried.clone()).unwrap_or_default() } else { tried };
        self.steps.clear();
        self.price_type = None;
        self.steps.push(plain(StepKind::Problem, None, tried, Op::Choose, None, None, note.clone()));
        note
    }

    fn percent_step(&mut self, step: Step) {
        // Setting a discount cannot fail.
        if self.state.apply(&step.op, &step.steps).is_ok() {
            self.steps.push(step);
        }
    }

    fn line(&mut self) {
        let rule = |name: &str| Some(Rule { kind: RuleKind::Line, id: None, name: name.to_string(), version: None });
        if let Some(percent) = self.q.line_discount {
            let before = self.state.discount();
            let note = Note::new("trace-line_discount").with("percent", percent).with("before", before);
            let op = Op::LineDiscount { percent };
            self.percent_step(plain(StepKind::LineDiscount, rule("discount"), vec![], op, Some(before.into()), Some(percent.into()), note));
        }
        if let Some(price) = self.q.line_price {
            let before = self.state.rule_price().unwrap_or(None);
            let note = match before {
                Some(by_rule) => Note::new("trace-line_price").with("rule_price", by_rule),
                None => Note::new("trace-line_price-no_rule"),
            };
            let note = note.with("price", price).with("currency", self.q.currency);
            let mut step = plain(
                StepKind::LinePrice,
                rule("price"),
                vec![],
                Op::LinePrice { price },
                before.map(Arg::Price),
                Some(price.into()),
                note,
            );
            step.currency = Some(self.q.currency);
            self.percent_step(step);
        }
    }

    fn finish(self, rules: State, problem: Option<Note>) -> Explained {
        let figures: Result<(Option<Price>, Option<Price>), NumberError> = self.state.price().and_then(|p| Ok((p, rules.rule_price()?)));
        let ((price, rule_price), problem) = match figures {
            Ok(figures) => (figures, problem),
            Err(e) => ((self.q.line_price, None), problem.or(Some(Fail::from(e).note()))),
        };
        Explained {
            price,
            discount: self.state.discount(),
            rule_price,
            rule_discount: rules.discount(),
            price_type: self.price_type,
            problem,
            trace: Trace { question: self.q.clone(), steps: self.steps },
        }
    }
}

fn plain(step: StepKind, rule: Option<Rule>, tried: Vec<Tried>, op: Op, before: Option<Arg>, after: Option<Arg>, note: Note) -> Step {
    Step { step, rule, tried, op, before, after, currency: None, note, steps: vec![] }
}
