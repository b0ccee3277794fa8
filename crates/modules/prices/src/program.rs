//! Price programs: a formula for each category, tried on products before it is used. Formulas read what suppliers ask
//! (`supply`), how much their goods bear (`coefficient`) and what is in stock (`stock`).

use crate::price_type::formula;
use crate::reader::Reader;
use crate::types::types;
use crate::unit::product_ids;
use crate::unit::{InType, units};
use chrono::NaiveDate;
use kontor_catalog::product_facts;
use kontor_kernel::HashSet;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Lines, Rules, Spec, Verb};
use kontor_platform::store::Conn;
use kontor_platform::value::{Id, Value, id_in, parsed};
use kontor_pricing::{GroupMethod, Method, PriceType};
use serde_json::{Value as Json, json};
use std::hash::{DefaultHasher, Hash, Hasher};

pub fn price_programs() -> Spec {
    Spec::catalog("price-programs")
        .section("prices", "math-function")
        .columns([
            Column::text("name", 200).required().unique().search().sort_key().list(),
            // For products of no category below.
            Column::text("formula", 2_000),
            Column::instant("tested_at").computed().list(),
            Column::int("tested_products", 0, 1_000).computed().list(),
            Column::int("tested_failed", 0, 1_000).computed().list(),
            // What was tried: the formulas as they were.
            Column::int("tested_key", i64::MIN, i64::MAX).computed().hidden(),
            Column::long("comment"),
        ])
        .states(&["draft", "active"], &["draft"])
        .lines(Lines {
            name: "lines",
            table: "price_program_lines",
            columns: vec![Column::reference("category_id", "product-categories").required(), Column::text("formula", 2_000).required()],
            max: 1_000,
            required: false,
        })
        .import_key(&["name"])
        .kept_by(kontor_platform::kept::SETTINGS)
        .verb(Verb::new("test", &[], &[], test).input(vec![
            // In whose currency, VAT basis and rounding it is tried.
            Column::reference("price_type_id", "price-types").required(),
            Column::tags("products"),
            // As lists of products take filters; the first of them are tried.
            Column::map("filter"),
            Column::date("date"),
        ]))
        .verb(Verb::new("activate", &["draft"], &["active"], activate).primary().undone_by("reopen"))
        .verb(Verb::new("reopen", &["active"], &["draft"], reopen))
        .grant("director", "read create update delete undo test activate reopen")
        .grant("sales_manager", "read create update delete undo test activate reopen")
        .grant("accountant", "read")
        .rules(ProgramRules)
}

/// So many products are tried at once.
const TRIED: usize = 200;

struct ProgramRules;
impl Rules for ProgramRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let r = &change.after;
        let spec = &r.spec.lines[0];
        if r.is_null("formula") && r.lines[0].is_empty() {
            return Err(Error::field("formula", "required"));
        }
        if !r.is_null("formula") {
            formula(cx, r.text("formula"), "")?;
        }
        let mut seen = HashSet::new();
        let mut wrong = vec![];
        for (n, l) in r.lines[0].iter().enumerate() {
            if !seen.insert(l.get(spec, "category_id").as_id()) {
                wrong.push(Error::field(format!("lines.{n}.category_id"), "duplicate_line"));
            }
            if let Err(mut e) = formula(cx, l.get(spec, "formula").as_text().unwrap_or_default(), "") {
                for f in &mut e.inner_mut().fields {
                    f.field = format!("lines.{n}.{}", f.field);
                }
                wrong.push(e);
            }
        }
        Error::collect(wrong)
    }
    fn removing(&self, cx: &mut Cx, record: &Record) -> Result<()> {
        unused(cx, record)
    }
}

/// Methods of the program's categories.
pub fn groups(conn: &mut Conn, id: Id) -> Result<Vec<GroupMethod>> {
    let sql = "SELECT category_id, formula FROM price_program_lines WHERE parent_id = ? ORDER BY position";
    let one =
        |r: &kontor_platform::store::Row| Ok(GroupMethod { group: r.id(0)?, method: Method::Formula { formula: r.text(1)?.to_string() } });
    conn.query(sql, &[id.into()])?.iter().map(one).collect()
}

/// All formulas of a program.
pub fn formulas(conn: &mut Conn, id: Id) -> Result<Vec<String>> {
    let own = conn.query_opt("SELECT formula FROM price_programs WHERE id = ?", &[id.into()])?;
    let mut out: Vec<String> = own.map(|r| r.opt_text(0).map(|f| f.map(str::to_string))).transpose()?.flatten().into_iter().collect();
    out.extend(groups(conn, id)?.into_iter().filter_map(|g| if let Method::Formula { formula } = g.method { Some(formula) } else { None }));
    Ok(out)
}

fn of_record(r: &Record) -> (String, Vec<GroupMethod>) {
    let spec = &r.spec.lines[0];
    let one = |l: &kontor_platform::record::Line| {
        let formula = l.get(spec, "formula").as_text().unwrap_or_default().to_string();
        Some(GroupMethod { group: l.get(spec, "category_id").as_id()?, method: Method::Formula { formula } })
    };
    (r.text("formula").to_string(), r.lines[0].iter().filter_map(one).collect())
}

fn key(r: &Record) -> i64 {
    let (formula, groups) = of_record(r);
    let mut h = DefaultHasher::new();
    formula.hash(&mut h);
    for g in &groups {
        g.group.hash(&mut h);
        if let Method::Formula { formula } = &g.method {
            formula.hash(&mut h);
        }
    }
    i64::from_ne_bytes(h.finish().to_ne_bytes())
}

/// Prices products by the program as if a type used it. Answers the price of each, or why there is none.
fn test(cx: &mut Cx, r: &mut Record, input: &Json) -> Result<Json> {
    let asked = id_in(&input["price_type_id"]).ok_or_else(|| Error::field("price_type_id", "required"))?;
    let date = parsed::<NaiveDate>(&input["date"]).unwrap_or(cx.ctx.today);
    let all = types(cx)?;
    let of = all.get(asked).ok_or_else(|| Error::field("price_type_id", "reference_missing"))?.clone();
    let mut chosen = product_ids(&input["products"], TRIED)?;
    if chosen.is_empty() {
        let now = crate::workbench::next(cx, asked, &input["filter"], date, Id::nil(), TRIED)?;
        chosen = now.iter().map(|n| n.product).collect();
    }
    let (own, groups) = of_record(r);
    let mut needs = all.needs([]);
    for f in std::iter::once(&own)
        .chain(groups.iter().filter_map(|g| if let Method::Formula { formula } = &g.method { Some(formula) } else { None }))
    {
        if !f.is_empty() {
            needs.join(all.needs_of_formula(f)?);
        }
    }
    let def = of.compiled.def();
    let tried = PriceType {
        groups,
        rounding: def.rounding,
        ranges: def.ranges.clone(),
        ..PriceType::new(Id::from_u128(!r.id.as_u128()), r.title(), of.currency, of.vat, Method::Formula { formula: own })
    };
    let tried = InType { id: tried.id, currency: of.currency, vat: of.vat, needs, trial: Some(tried.compile()), company: None };
    let found = units(cx, &tried, date, &chosen)?;
    let products = product_facts(cx, &chosen)?;
    let reader = Reader::of_notes(cx, found.iter().filter_map(|u| u.problem.as_ref()))?;
    let items: Vec<Json> = found
        .iter()
        .map(|u| {
            let p = products.get(&u.product);
            json!({
                "product": {"id": u.product, "title": p.map(|p| p.name.clone())},
                "category": p.and_then(|p| p.category_names.first().cloned()),
                "price": u.price.map(|p| p.to_string()),
                "problem": u.problem.as_ref().map(|n| reader.note(n, of.currency.minor())),
            })
        })
        .collect();
    let failed = found.iter().filter(|u| u.price.is_none()).count();
    r.set("tested_at", cx.ctx.now);
    r.set("tested_products", found.len() as i64);
    r.set("tested_failed", failed as i64);
    r.set("tested_key", key(r));
    Ok(json!({"currency": of.currency.code(), "vat": of.vat.code(), "date": date.to_string(), "failed": failed, "items": items}))
}

/// What was never tried, or changed since, or gave no price at all, prices nothing.
fn activate(_: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    if r.get("tested_key") != &Value::Int(key(r)) {
        return Err(Error::refused("program_not_tested"));
    }
    if r.int("tested_products") == r.int("tested_failed") {
        return Err(Error::refused("program_test_failed").arg("products", r.int("tested_products")));
    }
    r.set("state", "active");
    Ok(Json::Null)
}

fn unused(cx: &mut Cx, r: &Record) -> Result<()> {
    let sql = "SELECT 1 FROM price_types WHERE program_id = ? AND method = 'program' AND archived = ? LIMIT 1";
    match cx.conn.query_opt(sql, &[r.id.into(), false.into()])? {
        Some(_) => Err(Error::refused("in_use").arg("what", "price-types")),
        None => Ok(()),
    }
}

fn reopen(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    unused(cx, r)?;
    r.set("state", "draft");
    Ok(Json::Null)
}
