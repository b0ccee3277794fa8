//! Price types: named lists of prices. Prices of a manual type are written down; a markup or a formula computes them from
//! others, so types must not refer to each other in a circle.

use crate::rate::one_default;
use crate::sources::{PriceQuery, Source};
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Percent, Price};
use kontor_kernel::{HashMap, HashSet};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Rules, Spec};
use kontor_platform::value::{Id, id_in, parsed};
use kontor_pricing::formula::Need;
use kontor_pricing::{Formula, Rounding, RoundingKind};
use serde_json::Value as Json;

const METHODS: &[&str] = &["manual", "markup", "formula", "receipt", "supply", "query", "program"];

pub fn price_types() -> Spec {
    let spec = Spec::catalog("price-types")
        .section("prices", "tags")
        .columns([
            Column::text("name", 100).required().unique().search().sort_key().list(),
            Column::map("names"),
            Column::code("currency", "currencies").required().list(),
            Column::choice("method", METHODS).required().list(),
            Column::choice("vat", &["included", "excluded", "exempt"]).default("included").list(),
            Column::reference("base_price_type_id", "price-types").list(),
            Column::percent("markup_percent").signed().list(),
            Column::lines("formula", 2_000),
            Column::object(
                "rounding",
                vec![Column::choice("mode", &["nearest", "up", "down"]), Column::price("step").required(), Column::price("ending")],
            ),
            // Other roundings from certain prices on.
            Column::items(
                "rounding_ranges",
                vec![
                    Column::price("from").required(),
                    Column::choice("mode", &["nearest", "up", "down"]),
                    Column::price("step").required(),
                    Column::price("ending"),
                ],
            ),
            // Other ways for the products of a price group: a markup on a type, or a formula.
            Column::items(
                "refinements",
                vec![
                    Column::reference("price_group_id", "price-groups").required(),
                    Column::reference("base_price_type_id", "price-types"),
                    Column::percent("markup_percent").signed(),
                    Column::lines("formula", 2_000),
                ],
            ),
            // Prices of a declared source: the last, average, lowest or highest.
            Column::object(
                "query",
                vec![
                    Column::choice("source", crate::sources::SOURCES).required(),
                    Column::choice("take", crate::sources::TAKES).required(),
                    Column::reference("price_type_id", "price-types"),
                    Column::reference("partner_id", "partners"),
                    Column::int("days", 1, 3_650),
                ],
            ),
            Column::reference("program_id", "price-programs"),
            // A price put into effect stays until the computed one differs by so much.
            Column::percent("threshold_percent"),
            // Conditions of use: rules that lead here for others find no price.
            Column::reference("company_id", "companies"),
            Column::reference("segment_id", "segments"),
            Column::date("valid_from"),
            Column::date("valid_to"),
            Column::choice("usage", &["sales", "purchase", "both"]).default("sales").list(),
            Column::bool("is_default", false).list(),
            // Prices come into effect when somebody else than their author posts them.
            Column::bool("approval", false),
            Column::long("description"),
        ])
        .import_key(&["name"])
        .kept_by(kontor_platform::kept::SETTINGS)
        .group(&["method", "base_price_type_id", "markup_percent", "formula", "query", "program_id"])
        .grant("director", "read create update delete undo edit_prices apply_prices take_prices_back")
        .grant("sales_manager", "read create update undo edit_prices apply_prices take_prices_back")
        .grant("accountant", "read")
        // Purchase prices are costs, and what stands on them would tell them.
        .open_when("{t}.usage <> 'purchase'")
        .grant("salesperson", "read:own hide:formula,markup_percent,base_price_type_id,refinements,query,program_id")
        .grant("field_agent", "read:own hide:formula,markup_percent,base_price_type_id,refinements,query,program_id")
        .rules(PriceTypeRules);
    crate::workbench::verbs().into_iter().fold(spec, Spec::verb)
}

struct PriceTypeRules;
impl Rules for PriceTypeRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        vat_of_base(cx, change)?;
        let r = &change.after;
        method(cx, r)?;
        if let Some(rounding) = rounding_of(r.json("rounding"))? {
            rounding.check().map_err(|e| rounding_fields(&e))?;
        }
        ranges_of(r.json("rounding_ranges"))?;
        refinements(cx, r)?;
        crate::rules::validity(r)?;
        renamed(cx, change)?;
        let r = &change.after;
        if !change.is_create() && (change.changed("currency") || change.changed("vat")) {
            // Prices that are written down would change their meaning.
            if cx.conn.query_opt("SELECT 1 FROM prices WHERE price_type_id = ? LIMIT 1", &[r.id.into()])?.is_some() {
                let field = if change.changed("currency") { "currency" } else { "vat" };
                return Err(Error::field(field, "in_use").field_arg("what", "prices"));
            }
        }
        if change.after.text("usage") == "purchase" {
            return for_purchases(cx, change);
        }
        one_default(cx, change)
    }
}

/// Formulas name types: whoever calls a type otherwise is told which of them find it no more.
fn renamed(cx: &mut Cx, change: &Change) -> Result<()> {
    let Some(old) = change.before.as_ref().map(|b| b.text("name").trim().to_string()) else { return Ok(()) };
    if !change.changed("name") || old == change.after.text("name").trim() {
        return Ok(());
    }
    let own = change.after.id;
    let names = HashMap::from([(old.as_str(), own)]);
    let types = Record::load_where(cx.conn, change.after.spec, "t.archived = ? AND t.id <> ?", &[false.into(), own.into()])?;
    for r in &types {
        let of_program = match r.opt_id("program_id").filter(|_| r.text("method") == "program") {
            Some(program) => crate::program::formulas(cx.conn, program)?.iter().any(|f| !named_in(f, &names).is_empty()),
            None => false,
        };
        // A base is found by its id, whatever it is called.
        let of_formula = r.text("method") == "formula" && !named_in(r.text("formula"), &names).is_empty();
        let refined = r.json("refinements").as_array().into_iter().flatten().filter_map(|x| x["formula"].as_str());
        if of_program || of_formula || refined.into_iter().any(|f| !named_in(f, &names).is_empty()) {
            cx.warn("name", "name_in_formula", vec![("name".into(), old.as_str().into()), ("price_type".into(), r.title().into())]);
        }
    }
    Ok(())
}

/// A type for purchases prices no sale: it is neither the default nor what terms of sale lead to.
fn for_purchases(cx: &mut Cx, change: &Change) -> Result<()> {
    if change.after.bool("is_default") {
        return Err(Error::field("is_default", "price_type_purchase").field_arg("price_type", change.after.title()));
    }
    if change.is_create() || !change.changed("usage") {
        return Ok(());
    }
    for (table, collection) in [
        ("agreements", "agreements"),
        ("contracts", "contracts"),
        ("dealer_types", "dealer-types"),
        ("price_conditions", "price-conditions"),
        ("companies", "companies"),
        ("product_categories", "product-categories"),
    ] {
        let sql = format!("SELECT 1 FROM {table} WHERE price_type_id = ? AND archived = ? LIMIT 1");
        if cx.conn.query_opt(&sql, &[change.after.id.into(), false.into()])?.is_some() {
            return Err(Error::field("usage", "in_use").field_arg("what", collection));
        }
    }
    Ok(())
}

/// A computed type is in the basis of the one it stands on unless it says otherwise.
fn vat_of_base(cx: &mut Cx, change: &mut Change) -> Result<()> {
    if change.is_create()
        && !change.given("vat")
        && let Some(base) = change.after.opt_id("base_price_type_id")
    {
        let vat = cx.load("price-types", base)?.get("vat").clone();
        change.after.set("vat", vat);
    }
    Ok(())
}

fn method(cx: &mut Cx, r: &Record) -> Result<()> {
    match r.text("method") {
        "markup" => {
            if r.is_null("base_price_type_id") {
                return Err(Error::field("base_price_type_id", "base_price_type_needed"));
            }
            if r.is_null("markup_percent") {
                return Err(Error::field("markup_percent", "required"));
            }
            above_minus_hundred(r)?;
        }
        "formula" => formula(cx, r.text("formula"), r.text("name"))?,
        "receipt" | "supply" => return above_minus_hundred(r),
        "query" => return query(cx, r),
        "program" => {
            let id = r.opt_id("program_id").ok_or_else(|| Error::field("program_id", "required"))?;
            if cx.load("price-programs", id)?.state() != "active" {
                return Err(Error::field("program_id", "program_not_active"));
            }
        }
        _ => return Ok(()),
    }
    no_circle(cx, r)
}

/// A markup of -100 % would leave nothing of any price.
fn above_minus_hundred(r: &Record) -> Result<()> {
    if r.percent("markup_percent") <= Percent::from_scaled(-100 * Percent::UNIT) {
        return Err(Error::field("markup_percent", "out_of_range").field_arg("min", -100).field_arg("max", "99999"));
    }
    Ok(())
}

/// The query is of a known kind, and what it names is there. Prices of a type can only be asked for where they are written.
fn query(cx: &mut Cx, r: &Record) -> Result<()> {
    let q = PriceQuery::of(r.json("query"))?;
    let id = |name: &str| id_in(&r.json("query")[name]);
    for (name, table) in [("price_type_id", "price_types"), ("partner_id", "partners")] {
        if let Some(id) = id(name)
            && cx.conn.query_opt(&format!("SELECT 1 FROM {table} WHERE id = ?"), &[id.into()])?.is_none()
        {
            return Err(Error::field(format!("query.{name}"), "reference_missing").field_arg("value", id));
        }
    }
    if let Source::PriceType(id) = q.from {
        let sql = "SELECT 1 FROM price_types WHERE id = ? AND (method = 'manual' OR threshold_percent > 0)";
        if id == r.id || cx.conn.query_opt(sql, &[id.into()])?.is_none() {
            return Err(Error::field("query.price_type_id", "price_computed"));
        }
    }
    Ok(())
}

/// A formula that can be read and names what is there. `own` is the type's name, which it will have. Errors of `formula`.
pub fn formula(cx: &mut Cx, source: &str, own: &str) -> Result<()> {
    formula_of(cx, source, own, "formula")
}

fn formula_of(cx: &mut Cx, source: &str, own: &str, field: &str) -> Result<()> {
    let compiled = Formula::compile(source).map_err(|e| e.at(field))?;
    for (need, line, column) in compiled.needs() {
        let (known, name) = match &need {
            Need::Price(name) => (
                name.trim() == own.trim()
                    || cx.conn.query_opt("SELECT 1 FROM price_types WHERE name = ?", &[name.trim().into()])?.is_some(),
                name.as_str(),
            ),
            Need::Rate(code) => (Currency::parse(code).is_ok(), code.as_str()),
            // Nothing gives products figures of other names.
            Need::Value(name) => (false, name.as_str()),
            Need::Cost | Need::Receipt | Need::Supply | Need::Stock | Need::Coefficient => (true, ""),
        };
        if !known {
            return Err(Error::field(field, "formula_unknown_name")
                .field_arg("name", name)
                .field_arg("line", line)
                .field_arg("column", column));
        }
    }
    Ok(())
}

/// Follows bases and names in formulas over all types as they would be after this change.
fn no_circle(cx: &mut Cx, changed: &Record) -> Result<()> {
    let others = Record::load_where(cx.conn, changed.spec, "t.id <> ?", &[changed.id.into()])?;
    let all: Vec<&Record> = others.iter().chain([changed]).collect();
    let names: HashMap<&str, Id> = all.iter().map(|r| (r.text("name").trim(), r.id)).collect();
    let mut under: HashMap<Id, Vec<Id>> = all.iter().map(|r| (r.id, stands_on(r, &names))).collect();
    for r in all.iter().filter(|r| r.text("method") == "program") {
        let Some(program) = r.opt_id("program_id") else { continue };
        for f in crate::program::formulas(cx.conn, program)? {
            under.entry(r.id).or_default().extend(named_in(&f, &names));
        }
    }
    let mut seen = HashSet::new();
    let mut ahead = under.get(&changed.id).cloned().unwrap_or_default();
    while let Some(id) = ahead.pop() {
        if id == changed.id {
            let field = match changed.text("method") {
                "formula" => "formula",
                "program" => "program_id",
                _ => "base_price_type_id",
            };
            return Err(Error::field(field, "cycle"));
        }
        if seen.insert(id) {
            ahead.extend(under.get(&id).into_iter().flatten());
        }
    }
    Ok(())
}

fn stands_on(r: &Record, names: &HashMap<&str, Id>) -> Vec<Id> {
    let mut out = stands_on_itself(r, names);
    for x in r.json("refinements").as_array().into_iter().flatten() {
        out.extend(id_in(&x["base_price_type_id"]));
        out.extend(x["formula"].as_str().map(|f| named_in(f, names)).unwrap_or_default());
    }
    out
}

fn stands_on_itself(r: &Record, names: &HashMap<&str, Id>) -> Vec<Id> {
    match r.text("method") {
        "markup" => r.opt_id("base_price_type_id").into_iter().collect(),
        "formula" => named_in(r.text("formula"), names),
        _ => vec![],
    }
}

/// Types that a formula names. One that cannot be read refers to nothing; asking for its price says what is wrong with it.
fn named_in(formula: &str, names: &HashMap<&str, Id>) -> Vec<Id> {
    let of = |n: Need| if let Need::Price(name) = n { names.get(name.trim()).copied() } else { None };
    Formula::compile(formula).map_or_else(|_| vec![], |f| f.needs().into_iter().filter_map(|n| of(n.0)).collect())
}

/// Each price group once, with a base and a markup or with a formula that can be read; the figures must not go round in a circle.
fn refinements(cx: &mut Cx, r: &Record) -> Result<()> {
    let Some(all) = r.json("refinements").as_array().filter(|a| !a.is_empty()) else { return Ok(()) };
    let mut seen = HashSet::new();
    for (n, x) in all.iter().enumerate() {
        let field = |name: &str| format!("refinements.{n}.{name}");
        let id = |name: &str| id_in(&x[name]);
        for (name, table) in [("price_group_id", "price_groups"), ("base_price_type_id", "price_types")] {
            if let Some(id) = id(name)
                && cx.conn.query_opt(&format!("SELECT 1 FROM {table} WHERE id = ?"), &[id.into()])?.is_none()
            {
                return Err(Error::field(field(name), "reference_missing").field_arg("value", id));
            }
        }
        if !seen.insert(id("price_group_id")) {
            return Err(Error::field(field("price_group_id"), "unique"));
        }
        match x["formula"].as_str().filter(|f| !f.is_empty()) {
            Some(f) => formula_of(cx, f, r.text("name"), &field("formula"))?,
            None if id("base_price_type_id").is_none() => return Err(Error::field(field("base_price_type_id"), "base_price_type_needed")),
            None => {}
        }
    }
    no_circle(cx, r)
}

/// Roundings by size of the price.
pub fn ranges_of(j: &Json) -> Result<Vec<kontor_pricing::Range>> {
    let mut out = vec![];
    for (n, x) in j.as_array().into_iter().flatten().enumerate() {
        let from = parsed::<Price>(&x["from"]);
        let from = from.ok_or_else(|| Error::field(format!("rounding_ranges.{n}.from"), "required"))?;
        let rounding = rounding_of(x)?.ok_or_else(|| Error::field(format!("rounding_ranges.{n}.step"), "required"))?;
        rounding.check().map_err(|e| {
            let mut e = rounding_fields(&e);
            for f in &mut e.inner_mut().fields {
                f.field = f.field.replacen("rounding.", &format!("rounding_ranges.{n}."), 1);
            }
            e
        })?;
        out.push(kontor_pricing::Range { from, rounding });
    }
    Ok(out)
}

/// The rounding rule as the engine takes it. Errors: a step or an ending that is no price.
pub fn rounding_of(j: &Json) -> Result<Option<Rounding>> {
    if !j.is_object() {
        return Ok(None);
    }
    let price = |name: &str| {
        j[name].as_str().map(|s| Price::parse(s).map_err(|_| Error::field(format!("rounding.{name}"), "not_a_number"))).transpose()
    };
    let kind = match j["mode"].as_str() {
        Some("up") => RoundingKind::Up,
        Some("down") => RoundingKind::Down,
        _ => RoundingKind::Arithmetic,
    };
    let to = price("step")?.ok_or_else(|| Error::field("rounding.step", "required"))?;
    Ok(Some(Rounding { kind, to, ending: price("ending")?, whole_vat: false }))
}

/// The engine's names of the fields become those of the record.
pub fn rounding_fields(e: &Error) -> Error {
    let mut e = e.clone();
    for f in &mut e.inner_mut().fields {
        f.field = format!("rounding.{}", if f.field == "to" { "step" } else { &f.field });
    }
    e
}
