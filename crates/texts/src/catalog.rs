//! The texts themselves: one Fluent bundle per language, and a table of all texts that need no arguments.

use crate::{Lang, format};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{LazyLock, Mutex};

#[derive(rust_embed::RustEmbed)]
#[folder = "locales/"]
struct Locales;

/// How many different unknown keys are remembered; keys come from code, so more than this means a key built from data.
const MISSING_LIMIT: usize = 4_096;

struct Catalog {
    bundle: FluentBundle<FluentResource>,
    /// Texts without variables, by `key` and `key.attribute`; those in English stand in for missing ones.
    plain: FxHashMap<Box<str>, Box<str>>,
    /// Variables of every text, by `key` and `key.attribute`.
    variables: BTreeMap<String, BTreeSet<String>>,
    problems: Vec<String>,
}

static CATALOGS: [LazyLock<Catalog>; 3] =
    [LazyLock::new(|| Catalog::load(Lang::Uk)), LazyLock::new(|| Catalog::load(Lang::Ru)), LazyLock::new(|| Catalog::load(Lang::En))];

static MISSING: LazyLock<Mutex<HashMap<String, &'static str>>> = LazyLock::new(|| Mutex::new(HashMap::new()));

fn catalog(lang: Lang) -> &'static Catalog {
    &CATALOGS[lang.index()]
}

/// A value put into a text. Numbers choose plural forms and are grouped the local way; text is put in as it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg<'a> {
    Text(std::borrow::Cow<'a, str>),
    Number(i64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(v: &'a str) -> Self {
        Arg::Text(v.into())
    }
}
impl<'a> From<&'a String> for Arg<'a> {
    fn from(v: &'a String) -> Self {
        Arg::Text(v.as_str().into())
    }
}
impl From<String> for Arg<'_> {
    fn from(v: String) -> Self {
        Arg::Text(v.into())
    }
}
macro_rules! arg_from_number {
    ($($t:ty)*) => { $(
        impl From<$t> for Arg<'_> {
            fn from(v: $t) -> Self {
                i64::try_from(v).map_or_else(|_| Arg::Text(v.to_string().into()), Arg::Number)
            }
        }
    )* };
}
arg_from_number!(i32 u32 i64 u64 usize u8 u16);

/// Whole numbers beyond this lose digits in the floating point that Fluent counts with, so they go in as text.
const EXACT_NUMBER: i64 = 1 << 53;

impl<'a> Arg<'a> {
    fn to_fluent(&'a self, lang: Lang) -> FluentValue<'a> {
        match self {
            Arg::Text(t) => FluentValue::String(t.as_ref().into()),
            Arg::Number(n) if n.abs() < EXACT_NUMBER => FluentValue::from(*n),
            Arg::Number(n) => FluentValue::String(format::integer(lang, *n).into()),
        }
    }
}

impl Catalog {
    fn load(lang: Lang) -> Catalog {
        let id = lang.code().parse().expect("a two-letter code is a language tag");
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match lang {
            Lang::Uk => |v, _| local_number(Lang::Uk, v),
            Lang::Ru => |v, _| local_number(Lang::Ru, v),
            Lang::En => |v, _| local_number(Lang::En, v),
        }));
        let mut out = Catalog { bundle, plain: FxHashMap::default(), variables: BTreeMap::new(), problems: vec![] };
        let folder = format!("{}/", lang.code());
        for path in Locales::iter().filter(|p| p.starts_with(&folder) && p.ends_with(".ftl")) {
            out.add_file(&path);
        }
        out.fill_plain();
        if lang != Lang::En {
            for (key, text) in &catalog(Lang::En).plain {
                out.plain.entry(key.clone()).or_insert_with(|| text.clone());
            }
        }
        out
    }

    fn add_file(&mut self, path: &str) {
        let Some(file) = Locales::get(path) else { return };
        let source = match String::from_utf8(file.data.into_owned()) {
            Ok(s) => s,
            Err(e) => return self.problems.push(format!("{path}: {e}")),
        };
        let resource = match FluentResource::try_new(source) {
            Ok(r) => r,
            Err((r, errors)) => {
                self.problems.extend(errors.iter().map(|e| format!("{path}: {e} near {:?}", near(r.source(), e.pos.start))));
                r
            }
        };
        for entry in resource.entries() {
            let Entry::Message(m) = entry else { continue };
            if let Some(value) = &m.value {
                self.variables.insert(m.id.name.to_owned(), variables_of(value));
            }
            for a in &m.attributes {
                self.variables.insert(format!("{}.{}", m.id.name, a.id.name), variables_of(&a.value));
            }
        }
        if let Err(errors) = self.bundle.add_resource(resource) {
            self.problems.extend(errors.iter().map(|e| format!("{path}: {e}")));
        }
    }

    fn fill_plain(&mut self) {
        let keys: Vec<String> = self.variables.iter().filter(|(_, v)| v.is_empty()).map(|(k, _)| k.clone()).collect();
        for key in keys {
            match self.format(&key, None) {
                Some((text, errors)) if errors.is_empty() => {
                    self.plain.insert(key.into_boxed_str(), text.into_boxed_str());
                }
                Some((_, errors)) => self.problems.push(format!("{key}: {}", errors.join("; "))),
                None => self.problems.push(format!("{key}: no text")),
            }
        }
    }

    fn format(&self, key: &str, args: Option<&FluentArgs>) -> Option<(String, Vec<String>)> {
        let (id, attribute) = key.split_once('.').map_or((key, None), |(id, a)| (id, Some(a)));
        let message = self.bundle.get_message(id)?;
        let pattern = match attribute {
            None => message.value()?,
            Some(a) => message.get_attribute(a)?.value(),
        };
        let mut errors = vec![];
        let text = self.bundle.format_pattern(pattern, args, &mut errors).into_owned();
        Some((text, errors.iter().map(ToString::to_string).collect()))
    }
}

fn local_number(lang: Lang, value: &FluentValue) -> Option<String> {
    match value {
        // Only whole numbers below 2^53 are ever put in (see `Arg::to_fluent`), so the conversion is exact.
        FluentValue::Number(n) => Some(format::integer(lang, n.value as i64)),
        _ => None,
    }
}

fn near(source: &str, position: usize) -> &str {
    source.get(position..).map_or("", |rest| rest.lines().next().unwrap_or(""))
}

fn variables_of(pattern: &Pattern<&str>) -> BTreeSet<String> {
    fn pattern_into(p: &Pattern<&str>, out: &mut BTreeSet<String>) {
        for e in &p.elements {
            if let PatternElement::Placeable { expression } = e {
                expression_into(expression, out);
            }
        }
    }
    fn expression_into(e: &Expression<&str>, out: &mut BTreeSet<String>) {
        match e {
            Expression::Inline(i) => inline_into(i, out),
            Expression::Select { selector, variants } => {
                inline_into(selector, out);
                variants.iter().for_each(|v| pattern_into(&v.value, out));
            }
        }
    }
    fn inline_into(i: &InlineExpression<&str>, out: &mut BTreeSet<String>) {
        match i {
            InlineExpression::VariableReference { id } => {
                out.insert(id.name.to_owned());
            }
            InlineExpression::Placeable { expression } => expression_into(expression, out),
            InlineExpression::FunctionReference { arguments, .. } => arguments_into(arguments, out),
            _ => {}
        }
    }
    fn arguments_into(a: &CallArguments<&str>, out: &mut BTreeSet<String>) {
        a.positional.iter().for_each(|i| inline_into(i, out));
        a.named.iter().for_each(|n| inline_into(&n.value, out));
    }
    let mut out = BTreeSet::new();
    pattern_into(pattern, &mut out);
    out
}

/// The text of a key (`key` or `key.attribute`): in the language, else in English, else the key itself in ⟦⟧.
/// A text that wants arguments shows its variables' names here; use [`tr_args`].
pub fn tr(lang: Lang, key: &str) -> &'static str {
    find(lang, key).unwrap_or_else(|| remember(key))
}

/// The text of an attribute: `tr_attr(lang, "partners", "one")`.
pub fn tr_attr(lang: Lang, key: &str, attribute: &str) -> &'static str {
    tr(lang, &format!("{key}.{attribute}"))
}

/// The text of a key with arguments. Plural forms follow the numbers given.
pub fn tr_args(lang: Lang, key: &str, args: &[(&str, Arg)]) -> String {
    if let Some(text) = find(lang, key) {
        return text.to_owned();
    }
    for l in [lang, Lang::En] {
        let fluent: FluentArgs = args.iter().map(|(k, v)| (*k, v.to_fluent(l))).collect();
        if let Some((text, _)) = catalog(l).format(key, Some(&fluent)) {
            return text;
        }
    }
    remember(key).to_owned()
}

/// Whether the language itself has the text (no falling back).
pub fn has(lang: Lang, key: &str) -> bool {
    catalog(lang).variables.contains_key(key)
}

/// All keys of a language, attributes as `key.attribute`, sorted.
pub fn keys(lang: Lang) -> impl Iterator<Item = &'static str> {
    catalog(lang).variables.keys().map(String::as_str)
}

/// Names of the arguments that a text takes; `None` when there is no such text.
pub fn variables(lang: Lang, key: &str) -> Option<&'static BTreeSet<String>> {
    catalog(lang).variables.get(key)
}

/// What is wrong with the locale files of a language: syntax errors, keys given twice, references that lead nowhere.
pub fn problems(lang: Lang) -> &'static [String] {
    &catalog(lang).problems
}

pub(crate) fn find(lang: Lang, key: &str) -> Option<&'static str> {
    catalog(lang).plain.get(key).map(|s| &**s)
}

fn remember(key: &str) -> &'static str {
    let mut missing = MISSING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(text) = missing.get(key) {
        return text;
    }
    if missing.len() >= MISSING_LIMIT {
        return "⟦…⟧";
    }
    // A text with arguments, asked for without them, is shown as it stands rather than as a bare key.
    let text = [Lang::En].into_iter().find_map(|l| catalog(l).format(key, None)).map_or_else(|| format!("⟦{key}⟧"), |(t, _)| t);
    let text: &'static str = Box::leak(text.into_boxed_str());
    missing.insert(key.to_owned(), text);
    text
}
