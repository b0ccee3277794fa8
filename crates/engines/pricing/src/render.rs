//! From the hot trace to steps that people read: names are looked up only here.

use crate::book::Book;
use crate::condition::Kind;
use crate::event::{Base, Event, Fate, Log};
use crate::facts::Id;
use crate::line::Line;
use crate::name::Name;
use crate::order::Share;
use crate::question::{Header, Item, Question};
use crate::trace::{Arg, Explained, Input, Note, Op, Rule, RuleKind, Step, StepKind, Trace, Tried};
use crate::wording::{absent_note, adjustment, approval, plain, push, remark};
use kontor_kernel::{Currency, Price};
use std::collections::HashMap;

/// Names of what rules refer to: agreements, products, categories, segments, cards, rate types, bundles, and of the
/// records themselves where they have one. A record without a name is called by whom and what it is for.
pub trait Names {
    fn title(&self, id: Id) -> Option<String>;
}

impl Names for HashMap<Id, String> {
    fn title(&self, id: Id) -> Option<String> {
        self.get(&id).cloned()
    }
}
impl<F: Fn(Id) -> Option<String>> Names for F {
    fn title(&self, id: Id) -> Option<String> {
        self(id)
    }
}

pub(crate) struct Render<'a> {
    pub book: &'a Book,
    pub names: &'a dyn Names,
    pub head: &'a Header,
    pub item: &'a Item,
    pub log: &'a Log,
    /// Whether candidates are told as well, most of which lost.
    pub tried: bool,
}

/// The steps so far.
#[derive(Default)]
pub(crate) struct Told {
    /// The innermost list last.
    pub steps: Vec<Vec<Step>>,
    pub inner: Vec<Step>,
    base: Vec<Tried>,
    surcharge: Vec<Tried>,
    adjust: Vec<Tried>,
    /// Whether there were candidates for a discount since the last that was given.
    adjusting: bool,
    won: Option<u32>,
    asked: Option<u32>,
    pub currency: Option<Currency>,
    /// Price of the line before discounts, as far as it is known.
    pub last: Option<Price>,
}

impl Told {
    /// Candidates for the discount that is told now.
    pub fn adjusted(&mut self) -> Vec<Tried> {
        self.adjusting = false;
        std::mem::take(&mut self.adjust)
    }
}

impl Render<'_> {
    pub fn explain<'e>(&self, line: &Line, events: impl Iterator<Item = &'e Event>, shares: &[Share]) -> Explained {
        let mut t = Told { steps: vec![vec![]], ..Told::default() };
        for e in events {
            self.tell(&mut t, e);
        }
        let mut steps = t.steps.into_iter().next().unwrap_or_default();
        match (&line.problem, line.rule_price) {
            (Some(problem), None) => {
                let hand = |s: &Step| s.step == StepKind::LineDiscount || (s.step == StepKind::LinePrice && line.price.is_some());
                steps.retain(hand);
                // The winner of a price that failed is told as lost.
                t.base.iter_mut().filter(|x| x.lost.is_none()).for_each(|x| x.lost = Some((**problem).clone()));
                steps.insert(0, Step { tried: t.base, ..plain(StepKind::Problem, Op::Choose, (**problem).clone()) });
            }
            _ => {
                if let Some(note) = self.base_note(t.won, t.asked) {
                    let rule = t.won.map(|slot| self.rule(slot)).or_else(|| t.asked.map(|ty| self.type_rule(ty)));
                    steps.insert(0, Step { rule, tried: t.base, ..plain(StepKind::Base, Op::Choose, note) });
                }
                if t.adjusting {
                    let at =
                        steps.iter().position(|s| matches!(s.step, StepKind::LineDiscount | StepKind::LinePrice)).unwrap_or(steps.len());
                    steps.insert(at, Step { tried: t.adjust, ..plain(StepKind::Discount, Op::Choose, Note::new("trace-adjust-none")) });
                }
            }
        }
        steps.extend(shares.iter().map(|s| self.share(s)));
        Explained {
            price: line.price,
            discount: line.discount,
            net: line.net,
            amount: line.amount,
            order_off: line.order_off,
            parts: line.parts.clone(),
            rule_price: line.rule_price,
            rule_discount: line.rule_discount,
            price_type: line.price_type,
            problem: line.problem.as_deref().cloned(),
            approvals: line.approvals.iter().map(|a| approval(*a, self.head.currency)).collect(),
            remarks: line.remarks.iter().map(|r| remark(*r)).collect(),
            trace: Trace { question: Question { head: self.head.clone(), item: self.item.clone() }, steps },
        }
    }

    fn tell(&self, t: &mut Told, e: &Event) {
        match *e {
            Event::Tried { slot, fate } => {
                let kind = self.book.rec(slot).kind;
                let list = match kind {
                    k if k.is_base() => &mut t.base,
                    Kind::Surcharge => &mut t.surcharge,
                    _ => {
                        t.adjusting = true;
                        &mut t.adjust
                    }
                };
                if self.tried {
                    list.push(Tried { rule: self.rule(slot), lost: self.lost(slot, fate) });
                }
                if kind.is_base() && fate == Fate::Won {
                    t.won = Some(slot);
                }
            }
            Event::TriedType { ty, absent } => {
                if self.tried {
                    t.base.push(Tried { rule: self.type_rule(ty), lost: absent.map(|a| absent_note(self.book, self.head, a)) });
                }
                t.asked = Some(ty);
            }
            Event::Enter => t.steps.push(vec![]),
            Event::Leave => t.inner = t.steps.pop().unwrap_or_default(),
            Event::Manual { .. }
            | Event::Queried { .. }
            | Event::Agreed { .. }
            | Event::Sold { .. }
            | Event::Receipt { .. }
            | Event::Lot { .. }
            | Event::Markup { .. }
            | Event::Formula { .. }
            | Event::Kept { .. } => self.worth(t, e),
            Event::Convert { table, own, from, to, base, rates, before, after } => {
                let rates = rates.of(&self.log.rates).to_vec();
                let kind = if own { RuleKind::Supplier } else { RuleKind::Rates };
                let rule = Rule { kind, id: Some(table), name: self.title(table), version: None };
                let note = self.convert_note(from, to, base, &rates).with("whose", Arg::code("named")).with("by", self.title(table));
                let op = Op::Convert { from, to, base, rates };
                self.step(t, StepKind::Convert, Some(rule), op, Some(before), after, Some(to), note);
            }
            Event::Vat { from, to, rate, before, after } => {
                let key = if to == kontor_kernel::VatMode::Included { "trace-vat-added" } else { "trace-vat-removed" };
                let note = Note::new(key).with("rate", rate);
                self.step(t, StepKind::Vat, None, Op::Vat { from, to, rate }, Some(before), after, t.currency, note);
            }
            Event::Surcharge { slot, by, before, after } => {
                let note = self.with_value(self.scoped(Note::new("trace-surcharge"), slot), by);
                let op = Op::Surcharge { by: adjustment(by) };
                self.step(t, StepKind::Surcharge, Some(self.rule(slot)), op, Some(before), after, t.currency, note);
                let tried = std::mem::take(&mut t.surcharge);
                if let Some(s) = t.steps.last_mut().and_then(|s| s.last_mut()) {
                    s.tried = tried;
                }
            }
            Event::Round { ty, to, before, after } => self.round(t, ty, to, before, after),
            Event::RoundMinor { before, after } => {
                let op = Op::RoundMinor { minor: t.currency.map_or(2, |c| c.minor()) };
                self.step(t, StepKind::Rounding, None, op, Some(before), after, t.currency, Note::new("trace-rounding-minor"));
            }
            Event::Part { .. } => self.part(t, e),
            Event::LineDiscount { .. } | Event::LinePrice { .. } => self.by_hand(t, e),
        }
    }

    /// What a price type gives, and where it has it from.
    fn worth(&self, t: &mut Told, e: &Event) {
        match *e {
            Event::Manual { ty, price, since } => {
                let note = Note::new("trace-value-manual").with("price_type", self.type_name(ty)).with("valid_from", since);
                self.value(t, self.type_rule(ty), Op::Take { price }, None, price, self.def(ty).map(|d| d.currency), note);
            }
            Event::Queried { ty, price } => {
                let note = Note::new("trace-value-query").with("price_type", self.type_name(ty)).with("query", self.query(ty));
                self.value(t, self.type_rule(ty), Op::Take { price }, None, price, self.def(ty).map(|d| d.currency), note);
            }
            Event::Agreed { slot, price, currency } => {
                let note = Note::new("trace-value-agreed").with("by", self.rule_name(slot));
                self.value(t, self.rule(slot), Op::Take { price }, None, price, Some(currency), note);
            }
            Event::Sold { price, discount, date } => {
                let rule = Rule { kind: RuleKind::Line, id: None, name: "sold".into(), version: None };
                let note = Note::new("trace-value-sold").with("date", date).with("percent", discount);
                self.value(t, rule, Op::Sold { price, discount }, None, price, Some(self.head.currency), note);
            }
            Event::Receipt { price, currency } => {
                let rule = Rule { kind: RuleKind::Line, id: None, name: "receipt".into(), version: None };
                self.value(t, rule, Op::Take { price }, None, price, Some(currency), Note::new("trace-value-receipt"));
            }
            Event::Lot { supplier, price, currency, from } => {
                let name = self.title(supplier);
                let note = Note::new("trace-value-lot").with("supplier", name.clone()).with("from", from);
                let rule = Rule { kind: RuleKind::Supplier, id: Some(supplier), name, version: None };
                self.value(t, rule, Op::Take { price }, None, price, Some(currency), note);
            }
            Event::Markup { ty, base, percent, before, after } => {
                let key = if percent.is_negative() { "trace-value-markdown" } else { "trace-value-markup" };
                let note = Note::new(key).with("price_type", self.type_name(ty)).with("base_price", before).with("percent", percent.abs());
                let (source, name) = match base {
                    Base::Type(b) => ("type", self.type_name(b)),
                    Base::Receipt => ("receipt", Name::default()),
                    Base::Supply => ("supply", Name::default()),
                };
                let note = note.with("base", name).with("source", Arg::code(source));
                self.value(t, self.type_rule(ty), Op::Markup { percent }, Some(before), after, self.def(ty).map(|d| d.currency), note);
            }
            Event::Formula { ty, inputs, after } => {
                let formula = self.formula(ty);
                let note = Note::new("trace-value-formula").with("price_type", self.type_name(ty)).with("formula", formula.as_str());
                let read = inputs.of(&self.log.inputs).iter().map(|(name, v)| Input { name: name.clone(), value: v.to_string() });
                let op = Op::Formula { formula, inputs: read.collect() };
                self.value(t, self.type_rule(ty), op, None, after, self.def(ty).map(|d| d.currency), note);
            }
            Event::Kept { ty, before, after, percent } => {
                let note =
                    Note::new("trace-value-kept").with("price_type", self.type_name(ty)).with("percent", percent).with("new", before);
                self.value(t, self.type_rule(ty), Op::Keep { price: after }, Some(before), after, t.currency, note);
            }
            _ => {}
        }
    }

    /// What was written into the line.
    fn by_hand(&self, t: &mut Told, e: &Event) {
        match *e {
            Event::LineDiscount { percent, rules } => {
                let rule = Rule { kind: RuleKind::Line, id: None, name: "discount".into(), version: None };
                let note = Note::new("trace-line_discount").with("percent", percent).with("before", rules);
                let s = plain(StepKind::LineDiscount, Op::LineDiscount { percent }, note);
                push(t, Step { rule: Some(rule), before: Some(rules.into()), after: Some(percent.into()), ..s });
            }
            Event::LinePrice { price, rules } => {
                let rule = Rule { kind: RuleKind::Line, id: None, name: "price".into(), version: None };
                let note = match rules {
                    Some(by_rule) => Note::new("trace-line_price").with("rule_price", by_rule),
                    None => Note::new("trace-line_price-no_rule"),
                };
                let note = note.with("price", price).with("currency", self.head.currency);
                let s = plain(StepKind::LinePrice, Op::LinePrice { price }, note);
                let (before, currency) = (rules.map(Arg::Price), Some(self.head.currency));
                push(t, Step { rule: Some(rule), before, after: Some(price.into()), currency, ..s });
            }
            _ => {}
        }
    }
}
