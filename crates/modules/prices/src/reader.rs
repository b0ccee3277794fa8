//! Who reads an explanation: his language, and in it the names of what traces speak of.

use crate::rulebook::other;
use kontor_kernel::error::Result;
use kontor_platform::cx::Cx;
use kontor_platform::titles;
use kontor_platform::value::Id;
use kontor_pricing::{Arg, Explained, Name, Note, Rule, Step, Trace};
use kontor_texts::{Lang, format, tr_args};
use std::collections::{BTreeSet, HashMap};

/// What rules refer to and has names in several languages.
const NAMED: [&str; 10] = [
    "price-types",
    "products",
    "product-categories",
    "price-groups",
    "rate-types",
    "order-types",
    "deal-kinds",
    "payment-forms",
    "dealer-types",
    "loyalty-programs",
];

pub struct Reader {
    pub lang: Lang,
    names: HashMap<Id, String>,
}

impl Reader {
    /// To whom names are told as they were kept.
    pub fn plain(lang: Lang) -> Reader {
        Reader { lang, names: HashMap::new() }
    }
    /// The caller, as a reader of fresh answers.
    pub(crate) fn of<'e>(cx: &mut Cx, all: impl IntoIterator<Item = &'e Explained>) -> Result<Reader> {
        let mut ids = BTreeSet::new();
        for e in all {
            of_steps(&e.trace.steps, &mut ids);
            e.problem.iter().chain(&e.approvals).chain(&e.remarks).for_each(|n| of_note(n, &mut ids));
        }
        Reader::knowing(cx, &ids)
    }
    /// The caller, as a reader of traces.
    pub(crate) fn of_traces<'t>(cx: &mut Cx, all: impl IntoIterator<Item = &'t Trace>) -> Result<Reader> {
        let mut ids = BTreeSet::new();
        all.into_iter().for_each(|t| of_steps(&t.steps, &mut ids));
        Reader::knowing(cx, &ids)
    }
    /// The caller, as a reader of single sentences.
    pub(crate) fn of_notes<'n>(cx: &mut Cx, all: impl IntoIterator<Item = &'n Note>) -> Result<Reader> {
        let mut ids = BTreeSet::new();
        all.into_iter().for_each(|n| of_note(n, &mut ids));
        Reader::knowing(cx, &ids)
    }
    fn knowing(cx: &mut Cx, ids: &BTreeSet<Id>) -> Result<Reader> {
        // A dealer type may stand behind two rules.
        let all: BTreeSet<Id> = ids.iter().copied().chain(ids.iter().map(|id| other(*id))).collect();
        let lang = cx.ctx.lang;
        Ok(Reader { lang, names: titles::translated(cx.conn, cx.app, lang, &NAMED, &all)? })
    }

    pub fn name(&self, n: &Name) -> String {
        self.told(n, ": ")
    }
    fn told(&self, n: &Name, between: &str) -> String {
        n.told(between, |id| self.names.get(&id).or_else(|| self.names.get(&other(id))).map(String::as_str))
    }

    /// A sentence; prices have the decimals of the currency.
    pub(crate) fn note(&self, n: &Note, minor: u32) -> String {
        let local: Vec<(&str, kontor_texts::Arg)> = n.args.iter().map(|(name, a)| (name.as_ref(), self.local(a, minor))).collect();
        tr_args(self.lang, &n.key, &local)
    }

    pub(crate) fn local<'a>(&self, a: &'a Arg, minor: u32) -> kontor_texts::Arg<'a> {
        let lang = self.lang;
        match a {
            Arg::Text(s) => s.as_str().into(),
            Arg::Name(n) => self.name(n).into(),
            Arg::Path(n) => self.told(n, " → ").into(),
            Arg::Code(s) => s.as_ref().into(),
            Arg::Price(p) => format::price(lang, p.scaled(), minor).into(),
            Arg::Amount(a) => format::price(lang, a.scaled() * (kontor_kernel::Price::UNIT / kontor_kernel::Amount::UNIT), minor).into(),
            // The sentence has the sign.
            Arg::Percent(p) => format::number(lang, p.scaled(), kontor_kernel::Percent::SCALE, 0).into(),
            Arg::Quantity(q) => format::quantity(lang, q.scaled()).into(),
            Arg::Rate(r) => format::rate(lang, r.scaled()).into(),
            Arg::Date(d) => format::date(lang, *d).into(),
            Arg::Number(n) => (*n).into(),
        }
    }
}

fn of_steps(steps: &[Step], ids: &mut BTreeSet<Id>) {
    for s in steps {
        s.rule.iter().for_each(|r| of_rule(r, ids));
        of_note(&s.note, ids);
        for t in &s.tried {
            of_rule(&t.rule, ids);
            t.lost.iter().for_each(|n| of_note(n, ids));
        }
        of_steps(&s.steps, ids);
    }
}

fn of_rule(r: &Rule, ids: &mut BTreeSet<Id>) {
    ids.extend(r.name.ids());
}

fn of_note(n: &Note, ids: &mut BTreeSet<Id>) {
    for a in n.args.values() {
        if let Arg::Name(name) | Arg::Path(name) = a {
            ids.extend(name.ids());
        }
    }
}
