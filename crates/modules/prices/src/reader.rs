//! Who reads an explanation: his language, and in it the names of what traces speak of.

use crate::rulebook::{RuleBook, other};
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_platform::cx::Cx;
use kontor_platform::kept::{self, Kept};
use kontor_platform::titles;
use kontor_platform::value::Id;
use kontor_pricing::{Arg, Explained, Name, Note, Rule, Step, Trace};
use kontor_texts::{Lang, format, tr_args};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// What rules refer to and has names in several languages, beside products.
const NAMED: [&str; 9] = [
    "price-types",
    "product-categories",
    "price-groups",
    "rate-types",
    "order-types",
    "deal-kinds",
    "payment-forms",
    "dealer-types",
    "loyalty-programs",
];

/// Names of settings in all languages, null where a record has only the one that it was given.
struct Names {
    known: HashMap<Id, Json>,
    /// Collections that are asked each time: products, and what is too large to be kept.
    asked: Vec<&'static str>,
}

/// Most records of a collection whose names are kept.
const KEPT: usize = 20_000;

impl Kept for Names {
    const BY: &'static str = kept::SETTINGS;
    fn load(cx: &mut Cx) -> Result<Self> {
        let mut out = Names { known: HashMap::new(), asked: vec!["products"] };
        for spec in NAMED.iter().filter_map(|c| cx.app.registry.get(c)) {
            let rows = cx.conn.query(&format!("SELECT id, {} FROM {} LIMIT {}", titles::NAMES, spec.table, KEPT + 1), &[])?;
            if rows.len() > KEPT {
                out.asked.push(spec.name);
                continue;
            }
            for r in &rows {
                out.known.insert(r.id(0)?, if r.raw(1)?.is_null() { Json::Null } else { r.json(1)? });
            }
        }
        Ok(out)
    }
}

pub struct Reader {
    pub lang: Lang,
    names: HashMap<Id, String>,
    /// Where defaults are written: the collection by the id that their rule has.
    defaults: HashMap<Id, &'static str>,
}

impl Reader {
    /// To whom names are told as they were kept.
    pub fn plain(lang: Lang) -> Reader {
        Reader { lang, names: HashMap::new(), defaults: HashMap::new() }
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
        let lang = cx.ctx.lang;
        let kept = cx.kept::<Names>()?;
        let rules = RuleBook::at_hand(cx);
        let (mut names, mut rest) = (HashMap::new(), BTreeSet::new());
        // A dealer type may stand behind two rules.
        for id in ids.iter().flat_map(|id| [*id, other(*id)]) {
            match kept.known.get(&id).map(|all| all[lang.code()].as_str()) {
                Some(told) => names.extend(told.filter(|n| !n.is_empty()).map(|n| (id, n.to_string()))),
                // Rules are called what people have called them.
                None if rules.as_ref().is_some_and(|b| b.read().names.contains_key(&id)) => {}
                None => drop(rest.insert(id)),
            }
        }
        if kept.asked.len() == 1 {
            // Whatever is known to be something else is no product.
            rest.retain(|id| ids.contains(id) && !names.contains_key(&other(*id)));
        }
        names.extend(titles::translated(cx.conn, cx.app, lang, &kept.asked, &rest)?);
        Ok(Reader { lang, names, defaults: RuleBook::written_in(cx)? })
    }

    /// The collection that a default is written in: of a category, a company, or a price type that is the default of everybody.
    pub(crate) fn default_in(&self, id: Id) -> &'static str {
        self.defaults.get(&id).copied().unwrap_or("price-types")
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
