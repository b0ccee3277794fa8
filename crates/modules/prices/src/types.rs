//! Price types as the engine takes them. Formulas are read once per version of a type and shared by all commands.

use crate::price_type::{ranges_of, rounding_of};
use crate::rate_at::currency_of;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Percent, VatMode};
use kontor_platform::cx::Cx;
use kontor_platform::value::Id;
use kontor_pricing::formula::Need;
use kontor_pricing::{CompiledPriceType, Formula, GroupMethod, Method, PriceType};
use serde_json::Value as Json;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

/// A price type with what stands below it.
#[derive(Clone, Debug)]
pub struct Known {
    pub id: Id,
    pub currency: Currency,
    pub vat: VatMode,
    pub manual: bool,
    /// Somebody else than the author puts its prices into effect.
    pub approval: bool,
    pub compiled: Arc<CompiledPriceType>,
    /// Types that it stands on.
    bases: Vec<Id>,
    needs: Vec<Need>,
    name: String,
}

pub struct Types {
    by_id: HashMap<Id, Arc<Known>>,
    by_name: HashMap<String, Id>,
    /// The type that holds where neither agreement nor company names one.
    pub default: Option<Id>,
}

/// What the given types and those they stand on need.
#[derive(Default)]
pub struct Needs {
    pub types: BTreeSet<Id>,
    pub currencies: BTreeSet<Currency>,
    /// Costs or receipts.
    pub cost: bool,
}

impl Known {
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Types {
    pub fn all(&self) -> impl Iterator<Item = &Arc<Known>> {
        self.by_id.values()
    }
    pub fn len(&self) -> usize {
        self.by_id.len()
    }
    pub fn get(&self, id: Id) -> Option<&Arc<Known>> {
        self.by_id.get(&id)
    }
    /// What a formula that is no type's yet would need.
    pub fn needs_of_formula(&self, source: &str) -> Result<Needs> {
        let formula = Formula::compile(source).map_err(|e| e.at("formula"))?;
        let mut currencies = BTreeSet::new();
        let (mut roots, mut cost) = (vec![], false);
        for (need, line, column) in formula.needs() {
            match need {
                Need::Price(name) => match self.by_name.get(name.trim()) {
                    Some(id) => roots.push(*id),
                    None => {
                        let e = Error::field("formula", "formula_unknown_name").field_arg("name", name);
                        return Err(e.field_arg("line", line).field_arg("column", column));
                    }
                },
                Need::Rate(code) => currencies.extend(Currency::parse(&code).ok()),
                Need::Cost | Need::Receipt => cost = true,
                Need::Supply | Need::Stock | Need::Coefficient | Need::Value(_) => {}
            }
        }
        let mut needs = self.needs(roots);
        needs.cost |= cost;
        needs.currencies.extend(currencies);
        Ok(needs)
    }
    pub fn needs(&self, of: impl IntoIterator<Item = Id>) -> Needs {
        let mut out = Needs::default();
        let mut ahead: Vec<Id> = of.into_iter().collect();
        while let Some(id) = ahead.pop() {
            // Price lists are price types of the rule book, not of this list.
            let Some(t) = self.by_id.get(&id) else { continue };
            if !out.types.insert(t.id) {
                continue;
            }
            out.currencies.insert(t.currency);
            ahead.extend(&t.bases);
            for n in &t.needs {
                match n {
                    Need::Price(name) => ahead.extend(self.by_name.get(name.trim())),
                    Need::Rate(code) => out.currencies.extend(Currency::parse(code).ok()),
                    Need::Cost | Need::Receipt => out.cost = true,
                    Need::Supply | Need::Stock | Need::Coefficient | Need::Value(_) => {}
                }
            }
        }
        out
    }
}

const MEMO: &str = "prices.types";
/// Compiled types by id and version; a version is written once per moment, so the time of writing tells it from one that was
/// rolled back.
type Cache = HashMap<(Id, i64, i64), Arc<Known>>;
static CACHE: LazyLock<Mutex<Cache>> = LazyLock::new(Mutex::default);
const CACHE_LIMIT: usize = 2_000;

/// All price types, read once per command.
pub fn types(cx: &mut Cx) -> Result<Arc<Types>> {
    if let Some(t) = cx.memo.get(MEMO).and_then(|m| m.downcast_ref::<Arc<Types>>()) {
        return Ok(t.clone());
    }
    let rows = cx.conn.query(
        "SELECT id, version, updated_at, is_default, archived, name, currency, vat, method, base_price_type_id, markup_percent, formula, rounding, rounding_ranges, refinements, approval FROM price_types",
        &[],
    )?;
    let mut types = Types { by_id: HashMap::new(), by_name: HashMap::new(), default: None };
    for r in &rows {
        let key = (r.id(0)?, r.int(1)?, r.instant(2)?.timestamp_micros());
        let cached = CACHE.lock().unwrap_or_else(|e| e.into_inner()).get(&key).cloned();
        let known = match cached {
            Some(k) => k,
            None => remember(key, known(r)?),
        };
        if r.bool(3)? && !r.bool(4)? {
            types.default = Some(known.id);
        }
        types.by_name.insert(known.name.clone(), known.id);
        types.by_id.insert(known.id, known);
    }
    let types = Arc::new(types);
    cx.memo.insert(MEMO, Box::new(types.clone()));
    Ok(types)
}

fn remember(key: (Id, i64, i64), known: Known) -> Arc<Known> {
    let known = Arc::new(known);
    let mut cache = CACHE.lock().unwrap_or_else(|e| e.into_inner());
    if cache.len() >= CACHE_LIMIT {
        cache.clear();
    }
    cache.insert(key, known.clone());
    known
}

fn known(r: &kontor_platform::store::Row) -> Result<Known> {
    let (id, version, name) = (r.id(0)?, r.int(1)?, r.text(5)?.trim().to_string());
    let (currency, vat) = (currency_of(r.text(6)?)?, vat_of(r.text(7)?)?);
    let base = r.opt_id(9)?;
    let (mut needs, mut bases): (Vec<Need>, Vec<Id>) = (vec![], vec![]);
    let method = match (r.text(8)?, base) {
        ("markup", Some(base)) => {
            bases.push(base);
            Method::Markup { base, percent: Percent::from_scaled(r.opt_int(10)?.unwrap_or(0)) }
        }
        ("formula", _) => {
            let formula = r.opt_text(11)?.unwrap_or_default().to_string();
            // One that cannot be read says so when its price is asked for.
            needs = Formula::compile(&formula).map_or_else(|_| vec![], |f| f.needs().into_iter().map(|n| n.0).collect());
            Method::Formula { formula }
        }
        _ => Method::Manual,
    };
    let manual = method == Method::Manual;
    let rounding = rounding_of(&if r.raw(12)?.is_null() { Json::Null } else { r.json(12)? })?;
    let json = |i: usize| if r.raw(i)?.is_null() { Ok(Json::Null) } else { r.json(i) };
    let groups = refined(&json(14)?, &mut bases, &mut needs);
    let of = PriceType::new(id, &name, currency, vat, method);
    let compiled = PriceType { version: Some(version), rounding, ranges: ranges_of(&json(13)?)?, groups, ..of }.compile();
    Ok(Known { id, currency, vat, manual, approval: r.bool(15)?, compiled, bases, needs, name })
}

/// Other methods for price groups, and what they stand on.
fn refined(j: &Json, bases: &mut Vec<Id>, needs: &mut Vec<Need>) -> Vec<GroupMethod> {
    let id = |x: &Json, name: &str| x[name].as_str().and_then(|s| Id::parse_str(s).ok());
    let one = |x: &Json| -> Option<GroupMethod> {
        let group = id(x, "price_group_id")?;
        if let Some(formula) = x["formula"].as_str().filter(|f| !f.is_empty()) {
            needs.extend(Formula::compile(formula).map_or_else(|_| vec![], |f| f.needs()).into_iter().map(|n| n.0));
            return Some(GroupMethod { group, method: Method::Formula { formula: formula.to_string() } });
        }
        let base = id(x, "base_price_type_id")?;
        bases.push(base);
        let percent = x["markup_percent"].as_str().and_then(|p| Percent::parse(p).ok()).unwrap_or(Percent::ZERO);
        Some(GroupMethod { group, method: Method::Markup { base, percent } })
    };
    j.as_array().into_iter().flatten().filter_map(one).collect()
}

pub fn vat_of(code: &str) -> Result<VatMode> {
    VatMode::parse(code).ok_or_else(|| Error::internal(format!("{code} is no VAT basis")))
}
