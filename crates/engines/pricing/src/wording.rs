//! The words of a trace: which sentence each step, lost rule and remark is told by, and its arguments.

use crate::book::{Book, Held, Rec};
use crate::condition::{Kind, What, WhatKind, Who, WhoKind};
use crate::consolidate::Adjustment;
use crate::event::{Absent, Event, Fail, Fate, Priced};
use crate::facts::{Id, Method, PriceType};
use crate::line::{Approval, Remark};
use crate::name::Name;
use crate::order::{Share, Source};
use crate::question::Header;
use crate::render::{Render, Told};
use crate::replay::exchange;
use crate::trace::{Arg, Note, Op, Rule, RuleKind, Step, StepKind, UsedRate};
use chrono::NaiveDate;
use kontor_kernel::{Amount, Currency, Direction, Percent, Price, Quantity, Rate};

pub(crate) fn plain(step: StepKind, op: Op, note: Note) -> Step {
    Step { step, rule: None, tried: vec![], op, before: None, after: None, currency: None, note, steps: vec![] }
}

pub(crate) fn push(t: &mut Told, step: Step) {
    if let Some(list) = t.steps.last_mut() {
        list.push(step);
    }
}

pub(crate) fn adjustment(by: Priced) -> Adjustment {
    match by {
        Priced::Percent(p) => Adjustment::Percent(p),
        Priced::Off(off) => Adjustment::Off(off),
    }
}

impl Render<'_> {
    /// A step that gives a price; its sentence ends with the price and the currency.
    #[expect(clippy::too_many_arguments, reason = "a step has that many parts")]
    pub(crate) fn step(
        &self,
        t: &mut Told,
        kind: StepKind,
        rule: Option<Rule>,
        op: Op,
        before: Option<Price>,
        after: Price,
        currency: Option<Currency>,
        note: Note,
    ) {
        let mut note = note.with("price", after);
        if let Some(c) = currency {
            note = note.with("currency", c);
        }
        t.currency = currency;
        t.last = Some(after);
        let steps = std::mem::take(&mut t.inner);
        let (before, after) = (before.map(Arg::Price), Some(Arg::Price(after)));
        push(t, Step { rule, before, after, currency, steps, ..plain(kind, op, note) });
    }
    #[expect(clippy::too_many_arguments, reason = "a step has that many parts")]
    pub(crate) fn value(
        &self,
        t: &mut Told,
        rule: Rule,
        op: Op,
        before: Option<Price>,
        after: Price,
        currency: Option<Currency>,
        note: Note,
    ) {
        self.step(t, StepKind::Value, Some(rule), op, before, after, currency, note);
    }

    pub(crate) fn round(&self, t: &mut Told, ty: u32, to: Price, before: Price, after: Price) {
        let Some(def) = self.def(ty) else { return };
        let Some(rounding) = def.rounding_at(before) else { return };
        let rounding = crate::Rounding { to, whole_vat: false, ..*rounding };
        let note = Note::new(if rounding.ending.is_some() { "trace-rounding-ending" } else { "trace-rounding-rule" });
        let note = note.with("price_type", self.type_name(ty)).with("kind", Arg::code(rounding.kind.code())).with("to", to);
        let note = if let Some(ending) = rounding.ending { note.with("ending", ending) } else { note };
        self.step(t, StepKind::Rounding, Some(self.type_rule(ty)), Op::Round { rounding }, Some(before), after, t.currency, note);
    }

    /// The discounts of a part of the line: each by a step, the last of them with the figures of all.
    pub(crate) fn part(&self, t: &mut Told, e: &Event) {
        let Event::Part { quantity, items, cascade, discount, net, final_to } = *e else { return };
        let items = items.of(&self.log.items);
        let of = self.head.currency;
        let fitted = self.head.rounding.zip(final_to).map(|(r, to)| crate::Rounding { to, whole_vat: false, ..r });
        let op = Op::Adjust { quantity, cascade, items: items.iter().map(|(_, by)| adjustment(*by)).collect(), rounding: fitted };
        let price = t.last.unwrap_or_default();
        let left = net.or_else(|| price.plus_percent(discount.checked_neg()?).ok()).unwrap_or(price);
        let mut steps: Vec<Step> = vec![];
        for (slot, by) in items {
            let note = self.with_value(self.scoped(self.kinded("trace-adjust", *slot), *slot), *by);
            steps.push(Step { rule: Some(self.rule(*slot)), ..plain(StepKind::Discount, Op::Choose, note) });
        }
        if items.len() != 1 || quantity != self.item.quantity || fitted.is_some() {
            let (key, kind) = match fitted.is_some() {
                true => ("trace-net", StepKind::NetRounding),
                // What a discount for so many units leaves over.
                false if items.is_empty() => ("trace-adjust-bare", StepKind::Discount),
                false => ("trace-adjust-together", StepKind::Discount),
            };
            let note = Note::new(key).with("percent", discount).with("quantity", quantity).with("net", left).with("currency", of);
            let algorithm = Arg::code(self.head.algorithm.code());
            steps.push(plain(kind, Op::Choose, if fitted.is_some() { note } else { note.with("algorithm", algorithm) }));
        }
        let tried = t.adjusted();
        if let Some(last) = steps.last_mut() {
            (last.op, last.tried, last.currency) = (op, tried, Some(of));
            (last.before, last.after) = (Some(price.into()), Some(left.into()));
        }
        steps.into_iter().for_each(|s| push(t, s));
    }

    pub(crate) fn share(&self, s: &Share) -> Step {
        let (source, kind) = match s.source {
            Source::Amount => ("amount", RuleKind::Condition(Kind::Amount)),
            Source::Bundle => ("bundle", RuleKind::Bundle),
            Source::Gift => ("gift", RuleKind::Gift),
        };
        let (id, version) = s.rule;
        let name = match s.source {
            Source::Amount => self.book.slot(id).map_or_else(Name::default, |slot| self.rule_name(slot)),
            Source::Bundle | Source::Gift => self.title(id),
        };
        let note =
            Note::new("trace-order").with("source", Arg::code(source)).with("by", name.clone()).with("off", s.off).with("whole", s.whole);
        let form = Arg::code(if s.percent.is_some() { "percent" } else { "sum" });
        let note = note.with("form", form).with("percent", s.percent.unwrap_or(Percent::ZERO)).with("currency", self.head.currency);
        let rule = Rule { kind, id: Some(id), name, version: Some(version.into()) };
        let currency = Some(self.head.currency);
        Step { rule: Some(rule), after: Some(s.off.into()), currency, ..plain(StepKind::Order, Op::Share { off: s.off }, note) }
    }

    pub(crate) fn base_note(&self, won: Option<u32>, asked: Option<u32>) -> Option<Note> {
        if let Some(ty) = asked {
            return Some(Note::new("trace-base-asked").with("price_type", self.type_name(ty)));
        }
        let slot = won?;
        let note = self.scoped(self.kinded("trace-base", slot), slot);
        Some(match self.book.rec(slot).held() {
            Held::Type(ty) => {
                note.with("form", Arg::code("type")).with("price_type", self.type_name(ty)).with("price", Price::ZERO).with("currency", "")
            }
            Held::Price(price, currency, _) => {
                note.with("form", Arg::code("price")).with("price_type", "").with("price", price).with("currency", currency)
            }
            // A base holds neither; the book refuses it.
            Held::Percent(_) | Held::Off(..) => return None,
        })
    }

    pub(crate) fn kinded(&self, key: &'static str, slot: u32) -> Note {
        let r = self.book.rec(slot);
        let from = if r.scaled_by_quantity() { r.from } else { 0 };
        Note::new(key).with("kind", Arg::code(r.kind.code())).with("from", Quantity::from_scaled(from))
    }
    /// For whom (`whom`, `by`) and for what (`scope`, `what`).
    pub(crate) fn scoped(&self, note: Note, slot: u32) -> Note {
        let r = self.book.rec(slot);
        let by = match r.who_kind {
            WhoKind::Anyone => None,
            _ => Some(self.title(self.book.ids.id(r.who))),
        };
        let (scope, what) = match r.what_kind {
            WhatKind::Any => ("none", Name::default()),
            WhatKind::Product => ("product", Name::default()),
            WhatKind::PriceGroup => ("price_group", self.title(self.book.ids.id(r.what))),
            WhatKind::Category => ("category", self.title(self.book.ids.id(r.what))),
            WhatKind::Segment => ("segment", self.title(self.book.ids.id(r.what))),
        };
        let whom = if by.is_none() { "anyone" } else { "somebody" };
        note.with("whom", Arg::code(whom)).with("by", by.unwrap_or_default()).with("scope", Arg::code(scope)).with("what", what)
    }
    pub(crate) fn with_value(&self, note: Note, by: Priced) -> Note {
        let (form, percent, off) = match by {
            Priced::Percent(p) => (if p.is_negative() { "markup" } else { "discount" }, p.abs(), Price::ZERO),
            Priced::Off(off) => (if off.is_negative() { "extra" } else { "off" }, Percent::ZERO, off.abs()),
        };
        note.with("form", Arg::code(form)).with("percent", percent).with("off", off).with("currency", self.head.currency)
    }

    pub(crate) fn convert_note(&self, from: Currency, to: Currency, base: Currency, rates: &[UsedRate]) -> Note {
        let age = |r: &UsedRate| (self.head.date - r.date).num_days();
        let old = Arg::code(if rates.iter().all(|r| age(r) <= 0) { "today" } else { "earlier" });
        let note = |key| Note::new(key).with("from", from).with("to", to).with("asked", self.head.date).with("old", old.clone());
        match rates {
            [r] => {
                // "41.25 UAH for 1 USD", or "1.08 USD for 1 EUR": as published.
                let (in_currency, of_currency) = match r.direction {
                    Direction::Direct => (base, r.currency),
                    Direction::Indirect => (r.currency, base),
                };
                let note = note("trace-convert-rate").with("rate", r.rate).with("date", r.date).with("per", r.per);
                note.with("in_currency", in_currency).with("of_currency", of_currency)
            }
            _ => {
                let day = |n: usize| rates.get(n).map_or(self.head.date, |r| r.date);
                // The step is there because these rates were enough; a figure too large for a rate is told as nought.
                let cross = exchange(from, to, base, rates).ok().and_then(|f| f.ratio().ok()?.as_rate().ok()).unwrap_or(Rate::ZERO);
                note("trace-convert-cross").with("rate", cross).with("base", base).with("from_date", day(0)).with("to_date", day(1))
            }
        }
    }

    pub(crate) fn lost(&self, slot: u32, fate: Fate) -> Option<Note> {
        let r = self.book.rec(slot);
        let by = |key: &'static str, by: u32| Note::new(key).with("by", self.rule_name(by));
        let date = |n: i32| NaiveDate::from_num_days_from_ce_opt(n).unwrap_or(self.head.date);
        Some(match fate {
            Fate::Won => return None,
            Fate::Weaker(o) => by("trace-lost-weaker", o),
            Fate::Tie(o) => by("trace-lost-tie", o),
            Fate::Clash(o) => by("trace-lost-clash", o),
            Fate::NotYet => Note::new("trace-lost-not_yet").with("date", date(r.days().0)),
            Fate::Expired => Note::new("trace-lost-expired").with("date", date(r.days().1)),
            Fate::OtherCompany => Note::new("trace-lost-other_company"),
            Fate::BelowQuantity => Note::new("trace-lost-below_quantity").with("from", Quantity::from_scaled(r.from)),
            Fate::BelowAmount => {
                Note::new("trace-lost-below_amount").with("from", Amount::from_scaled(r.from)).with("currency", self.head.currency)
            }
            Fate::UsedUp => Note::new("trace-lost-used_up").with("limit", self.book.limit(slot)),
            Fate::Absent(a) => absent_note(self.book, self.head, a),
            Fate::Fixed(o) => by("trace-lost-fixed_price", o),
            Fate::Stopped(o) => by("trace-lost-stopped", o),
            Fate::Group(o) => by("trace-lost-group", o),
            Fate::Smaller(o) => by("trace-lost-smaller", o),
            Fate::Later(o) => by("trace-lost-later", o),
        })
    }

    pub(crate) fn def(&self, ty: u32) -> Option<&PriceType> {
        self.book.types.get(ty as usize).and_then(|(_, t)| t.as_ref()).map(|t| &t.def)
    }
    pub(crate) fn type_name(&self, ty: u32) -> Name {
        type_name(self.book, ty)
    }
    pub(crate) fn type_rule(&self, ty: u32) -> Rule {
        let id = self.book.types.get(ty as usize).map(|(id, _)| *id);
        Rule { kind: RuleKind::PriceType, id, name: self.type_name(ty), version: self.def(ty).and_then(|d| d.version) }
    }
    fn method(&self, ty: u32) -> Option<&Method> {
        let found = self.book.types.get(ty as usize).and_then(|(_, t)| t.as_ref());
        found.map(|t| t.method(self.item).0)
    }
    pub(crate) fn formula(&self, ty: u32) -> String {
        if let Some(Method::Formula { formula }) = self.method(ty) { formula.clone() } else { String::new() }
    }
    pub(crate) fn query(&self, ty: u32) -> String {
        if let Some(Method::Query { query }) = self.method(ty) { query.clone() } else { String::new() }
    }
    pub(crate) fn title(&self, id: Id) -> Name {
        title(self.names, id)
    }
    pub(crate) fn rule(&self, slot: u32) -> Rule {
        let r = self.book.rec(slot);
        Rule { kind: RuleKind::Condition(r.kind), id: Some(r.id), name: self.rule_name(slot), version: Some(r.version.into()) }
    }
    pub(crate) fn rule_name(&self, slot: u32) -> Name {
        let r: &Rec = self.book.rec(slot);
        rule_name(self.names, r.id, self.book.who(r), self.book.what(r), self.type_of(r))
    }
    fn type_of(&self, r: &Rec) -> Option<Name> {
        if let Held::Type(ty) = r.held() { Some(self.type_name(ty)) } else { None }
    }
}

/// What a price type of the book is called.
pub(crate) fn type_name(book: &Book, ty: u32) -> Name {
    let Some((id, Some(t))) = book.types.get(ty as usize) else { return Name::default() };
    Name::of(*id, t.def.name.as_str())
}

/// The name of what an id stands for; of one without a name, its first eight digits.
pub(crate) fn title(names: &dyn crate::Names, id: Id) -> Name {
    Name::of(id, names.title(id).unwrap_or_else(|| id.simple().to_string()[..8].to_string()))
}

/// A record's own name, or whom and what it is for.
pub(crate) fn rule_name(names: &dyn crate::Names, id: Id, who: Who, what: What, price_type: Option<Name>) -> Name {
    if let Some(own) = names.title(id) {
        return Name::of(id, own);
    }
    let parts = [WhoKind::split(who).1, WhatKind::split(what).1];
    let parts: Vec<Name> = parts.into_iter().flatten().map(|id| title(names, id)).collect();
    match (parts.is_empty(), price_type) {
        (true, Some(name)) => name,
        (true, None) => title(names, id),
        (false, _) => Name::joined(parts),
    }
}

pub(crate) fn fail_note(book: &Book, head: &Header, fail: Fail) -> Note {
    match fail {
        Fail::Absent(a) => absent_note(book, head, a),
        Fail::Broken(note) => *note,
    }
}

pub(crate) fn absent_note(book: &Book, head: &Header, absent: Absent) -> Note {
    let (key, ty) = match absent {
        Absent::Price(ty) => ("trace-lost-no_price", ty),
        Absent::Cost(ty) => ("trace-lost-no_cost", ty),
        Absent::Receipt(ty) => ("trace-lost-no_receipt", ty),
        Absent::Supply(ty) => ("trace-lost-no_supply", ty),
        Absent::Query(ty) => ("trace-lost-no_query", ty),
        Absent::Value(ty) => ("trace-lost-no_value", ty),
        Absent::Unused(ty) => ("trace-lost-unused_type", ty),
    };
    let note = Note::new(key).with("price_type", type_name(book, ty));
    if matches!(absent, Absent::Price(_)) { note.with("date", head.date) } else { note }
}

pub(crate) fn approval(a: Approval, currency: Currency) -> Note {
    let percents = |key, percent: Percent, limit: Percent| Note::new(key).with("percent", percent).with("limit", limit);
    match a {
        Approval::Discount { percent, limit } => percents("trace-approval-discount", percent, limit),
        Approval::Lower { percent, limit } => percents("trace-approval-lower", percent, limit),
        Approval::Higher { percent, limit } => percents("trace-approval-higher", percent, limit),
        Approval::BelowCost { price, cost } => {
            Note::new("trace-approval-cost").with("price", price).with("cost", cost).with("currency", currency)
        }
    }
}

pub(crate) fn remark(r: Remark) -> Note {
    Note::new(match r {
        Remark::ReturnAtTodaysPrice => "trace-remark-return",
        Remark::NoCategory => "trace-remark-no_category",
        Remark::OverHundred => "trace-remark-over_hundred",
        Remark::ZeroPrice => "trace-remark-zero_price",
    })
}
