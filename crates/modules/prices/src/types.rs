//! Price types as the engine takes them. Formulas are read once per version of a type and shared by all commands.

use crate::price_type::{ranges_of, rounding_of};
use crate::rate_at::currency_of;
use crate::sources::PriceQuery;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Percent, Period, VatMode};
use kontor_platform::cx::Cx;
use kontor_platform::kept::{self, Kept};
use kontor_platform::record::Record;
use kontor_platform::store::Row;
use kontor_platform::value::{Id, Value, id_in, parsed};
use kontor_pricing::formula::Need;
use kontor_pricing::{CompiledPriceType, Formula, GroupMethod, Method, PriceType, Usage};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, Mutex};

/// A price type with what stands below it.
#[derive(Clone, Debug)]
pub struct Known {
    pub id: Id,
    pub currency: Currency,
    pub vat: VatMode,
    /// Somebody else than the author puts its prices into effect.
    pub approval: bool,
    /// Its prices are written down; or they are computed, and those put into effect stand until they move enough.
    pub written: bool,
    pub query: Option<PriceQuery>,
    /// Partners that it is for.
    pub segment: Option<Id>,
    pub compiled: Arc<CompiledPriceType>,
    /// Types that it stands on.
    bases: Vec<Id>,
    needs: Vec<Need>,
    name: String,
}

/// What a type that is only tried says of itself.
pub(crate) struct Trial {
    pub id: Id,
    pub name: String,
    pub currency: Currency,
    pub vat: VatMode,
    pub query: Option<PriceQuery>,
    pub compiled: Arc<CompiledPriceType>,
}

impl Known {
    /// A type as it would be.
    pub(crate) fn tried(t: Trial) -> Known {
        let Trial { id, name, currency, vat, query, compiled } = t;
        let written = compiled.def().method == Method::Manual;
        Known { id, currency, vat, written, approval: false, query, segment: None, compiled, bases: vec![], needs: vec![], name }
    }
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Nothing is computed.
    pub fn manual(&self) -> bool {
        self.compiled.def().method == Method::Manual
    }
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
    pub cost: bool,
    pub receipt: bool,
    pub supply: bool,
    pub stock: bool,
    pub coefficient: bool,
    /// Types that a query values.
    pub queries: Vec<Id>,
}

impl Needs {
    /// Whether more is needed than prices and rates.
    pub fn any(&self) -> bool {
        self.cost || self.receipt || self.supply || self.stock || self.coefficient || !self.queries.is_empty()
    }
    /// What both need.
    pub fn join(&mut self, other: Needs) {
        self.types.extend(other.types);
        self.currencies.extend(other.currencies);
        self.queries.extend(other.queries);
        self.cost |= other.cost;
        self.receipt |= other.receipt;
        self.supply |= other.supply;
        self.stock |= other.stock;
        self.coefficient |= other.coefficient;
    }
    fn take(&mut self, need: &Need) {
        match need {
            Need::Cost => self.cost = true,
            Need::Receipt => self.receipt = true,
            Need::Supply => self.supply = true,
            Need::Stock => self.stock = true,
            Need::Coefficient => self.coefficient = true,
            Need::Rate(code) => self.currencies.extend(Currency::parse(code).ok()),
            Need::Price(_) | Need::Value(_) => {}
        }
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
    /// The same with some types as they would be, and without others.
    pub(crate) fn with(&self, put: Vec<Known>, gone: &[Id], default: Option<Id>) -> Types {
        let mut out = Types { by_id: self.by_id.clone(), by_name: self.by_name.clone(), default: self.default };
        for id in gone.iter().copied().chain(put.iter().map(|t| t.id)) {
            out.by_id.remove(&id);
            out.by_name.retain(|_, of| *of != id);
        }
        for t in put {
            out.by_name.insert(t.name.clone(), t.id);
            out.by_id.insert(t.id, Arc::new(t));
        }
        out.default = default.or(out.default).filter(|id| out.by_id.contains_key(id));
        out
    }
    /// What a formula that is no type's yet would need.
    pub fn needs_of_formula(&self, source: &str) -> Result<Needs> {
        let formula = Formula::compile(source).map_err(|e| e.at("formula"))?;
        let (mut own, mut roots) = (vec![], vec![]);
        for (need, line, column) in formula.needs() {
            let Need::Price(name) = need else {
                own.push(need);
                continue;
            };
            match self.by_name.get(name.trim()) {
                Some(id) => roots.push(*id),
                None => {
                    let e = Error::field("formula", "formula_unknown_name").field_arg("name", name);
                    return Err(e.field_arg("line", line).field_arg("column", column));
                }
            }
        }
        let mut needs = self.needs(roots);
        own.iter().for_each(|n| needs.take(n));
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
            out.queries.extend(t.query.map(|_| t.id));
            for n in &t.needs {
                match n {
                    Need::Price(name) => ahead.extend(self.by_name.get(name.trim())),
                    other => out.take(other),
                }
            }
        }
        out
    }
}

/// Compiled types by id, version and that of their program; a version is written once per moment, so the time of writing tells
/// it from one that was rolled back.
type Key = (Id, i64, i64, i64);
type Cache = HashMap<Key, Arc<Known>>;
static CACHE: LazyLock<Mutex<Cache>> = LazyLock::new(Mutex::default);
const CACHE_LIMIT: usize = 2_000;

const SELECT: &str = "SELECT t.id, t.version, t.updated_at, t.is_default, t.archived, t.name, t.currency, t.vat, t.method, t.base_price_type_id, \
    t.markup_percent, t.formula, t.rounding, t.rounding_ranges, t.refinements, t.query, t.threshold_percent, t.company_id, t.segment_id, \
    t.valid_from, t.valid_to, t.program_id, g.updated_at, g.formula, t.approval FROM price_types t LEFT JOIN price_programs g ON g.id = t.program_id";

/// All price types; there are few.
pub fn types(cx: &mut Cx) -> Result<Arc<Types>> {
    cx.kept()
}

/// Most price types kept in memory.
const KEPT: usize = CACHE_LIMIT;

impl Kept for Types {
    const BY: &'static str = kept::SETTINGS;
    fn load(cx: &mut Cx) -> Result<Types> {
        read(cx)
    }
    fn stays(&self) -> bool {
        self.by_id.len() <= KEPT
    }
}

fn read(cx: &mut Cx) -> Result<Types> {
    let rows = cx.conn.query(SELECT, &[])?;
    let mut types = Types { by_id: HashMap::new(), by_name: HashMap::new(), default: None };
    for r in &rows {
        let program = r.opt_instant(22)?.map_or(0, |t| t.timestamp_micros());
        let key = (r.id(0)?, r.int(1)?, r.instant(2)?.timestamp_micros(), program);
        let cached = CACHE.lock().unwrap_or_else(|e| e.into_inner()).get(&key).cloned();
        let known = match cached {
            Some(k) => k,
            None => {
                let groups = match r.opt_id(21)? {
                    Some(id) if r.text(8)? == "program" => crate::program::groups(cx.conn, id)?,
                    _ => vec![],
                };
                remember(key, known(r, groups)?)
            }
        };
        if r.bool(3)? && !r.bool(4)? {
            types.default = Some(known.id);
        }
        types.by_name.insert(known.name.clone(), known.id);
        types.by_id.insert(known.id, known);
    }
    Ok(types)
}

fn remember(key: Key, known: Known) -> Arc<Known> {
    let known = Arc::new(known);
    let mut cache = CACHE.lock().unwrap_or_else(|e| e.into_inner());
    if cache.len() >= CACHE_LIMIT {
        cache.clear();
    }
    cache.insert(key, known.clone());
    known
}

/// A type as its record says, which may not be written.
pub(crate) fn drafted(cx: &mut Cx, r: &Record) -> Result<Known> {
    let program = r.opt_id("program_id").filter(|_| r.text("method") == "program");
    let (formula, groups) = match program {
        Some(id) => {
            let row = cx.conn.query_opt("SELECT formula FROM price_programs WHERE id = ?", &[id.into()])?;
            (row.map(|r| r.raw(0).cloned()).transpose()?.unwrap_or(Value::Null), crate::program::groups(cx.conn, id)?)
        }
        None => (Value::Null, vec![]),
    };
    let cell = |column: &str| match column {
        "t.id" => r.id.into(),
        "t.version" => r.version.into(),
        "t.updated_at" | "g.updated_at" => Value::Null,
        "g.formula" => formula.clone(),
        column => r.get(column.trim_start_matches("t.")).clone(),
    };
    let columns = SELECT.trim_start_matches("SELECT ").split(" FROM ").next().unwrap_or_default();
    known(&Row(columns.split(',').map(|c| cell(c.trim())).collect()), groups)
}

fn known(r: &Row, program: Vec<GroupMethod>) -> Result<Known> {
    let (id, version, name) = (r.id(0)?, r.int(1)?, r.text(5)?.trim().to_string());
    let (currency, vat) = (currency_of(r.text(6)?)?, vat_of(r.text(7)?)?);
    let json = |i: usize| if r.raw(i)?.is_null() { Ok(Json::Null) } else { r.json(i) };
    let percent = Percent::from_scaled(r.opt_int(10)?.unwrap_or(0));
    let (mut needs, mut bases): (Vec<Need>, Vec<Id>) = (vec![], vec![]);
    // A formula that cannot be read says so when its price is asked for.
    let mut read = |formula: &str| needs.extend(Formula::compile(formula).map_or_else(|_| vec![], |f| f.needs()).into_iter().map(|n| n.0));
    let mut query = None;
    let method = match (r.text(8)?, r.opt_id(9)?) {
        ("markup", Some(base)) => {
            bases.push(base);
            Method::Markup { base, percent }
        }
        ("formula", _) => {
            let formula = r.opt_text(11)?.unwrap_or_default().to_string();
            read(&formula);
            Method::Formula { formula }
        }
        ("program", _) => {
            let formula = r.opt_text(23)?.unwrap_or_default().to_string();
            read(&formula);
            for g in &program {
                if let Method::Formula { formula } = &g.method {
                    read(formula);
                }
            }
            Method::Formula { formula }
        }
        ("receipt", _) => {
            needs.push(Need::Receipt);
            Method::Receipt { percent }
        }
        ("supply", _) => {
            needs.push(Need::Supply);
            Method::Supply { percent }
        }
        ("query", _) => {
            query = Some(PriceQuery::of(&json(15)?)?);
            Method::Query { query: id.to_string() }
        }
        _ => Method::Manual,
    };
    let threshold = r.opt_int(16)?.map(Percent::from_scaled).filter(|p| p.is_positive());
    let written = method == Method::Manual || threshold.is_some();
    let rounding = rounding_of(&json(12)?)?;
    let mut groups = program;
    groups.extend(refined(&json(14)?, &mut bases, &mut needs));
    let segment = r.opt_id(18)?;
    let usage = Usage { company: r.opt_id(17)?, segment, valid: Period { from: r.opt_date(19)?, to: r.opt_date(20)? } };
    let of = PriceType::new(id, &name, currency, vat, method);
    let compiled = PriceType { version: Some(version), rounding, ranges: ranges_of(&json(13)?)?, groups, threshold, usage, ..of }.compile();
    Ok(Known { id, currency, vat, written, approval: r.bool(24)?, query, segment, compiled, bases, needs, name })
}

/// Other methods for price groups, and what they stand on.
pub(crate) fn refined(j: &Json, bases: &mut Vec<Id>, needs: &mut Vec<Need>) -> Vec<GroupMethod> {
    let id = |x: &Json, name: &str| id_in(&x[name]);
    let one = |x: &Json| -> Option<GroupMethod> {
        let group = id(x, "price_group_id")?;
        if let Some(formula) = x["formula"].as_str().filter(|f| !f.is_empty()) {
            needs.extend(Formula::compile(formula).map_or_else(|_| vec![], |f| f.needs()).into_iter().map(|n| n.0));
            return Some(GroupMethod { group, method: Method::Formula { formula: formula.to_string() } });
        }
        let base = id(x, "base_price_type_id")?;
        bases.push(base);
        let percent = parsed::<Percent>(&x["markup_percent"]).unwrap_or(Percent::ZERO);
        Some(GroupMethod { group, method: Method::Markup { base, percent } })
    };
    j.as_array().into_iter().flatten().filter_map(one).collect()
}

pub fn vat_of(code: &str) -> Result<VatMode> {
    VatMode::parse(code).ok_or_else(|| Error::internal(format!("{code} is no VAT basis")))
}
