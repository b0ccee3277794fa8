//! A price type as it is being written, tried on chosen products: what each would cost and how that comes about. Nothing is kept.

use crate::price::prices_at;
use crate::price_type::{formula, ranges_of, rounding_fields, rounding_of};
use crate::program;
use crate::rate_at::{currency_of, default_rate_type};
use crate::reader::Reader;
use crate::sentences::{secrets, sentences};
use crate::sources::{Asker, Categories, PriceQuery, answer, companies, feed};
use crate::types::{Known, Needs, Trial, Types, refined, types, vat_of};
use crate::unit::{prices_in_type, product_ids};
use chrono::NaiveDate;
use kontor_catalog::product_facts;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Percent, VatMode};
use kontor_platform::app::Asked;
use kontor_platform::cx::Cx;
use kontor_platform::input::{self, Problems};
use kontor_platform::record::value_json;
use kontor_platform::spec::Column;
use kontor_platform::titles;
use kontor_platform::value::{Id, Value, id_in, parsed};
use kontor_platform::{App, Ctx};
use kontor_pricing::{Book, Explained, Facts, GroupMethod, Header, Item, Method, PriceType, Pricer};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// Products of one answer.
const MOST: usize = 20;

/// `POST /prices/try-type`: `{price_type: {as the collection takes it}, price_type_id?, products: [id], date?}`; without products the
/// first five of the catalogue. Answers `{currency, vat, items: [{product, price, now, steps}]}`; `now` is what the type as it is kept
/// says. Faults stand at their fields, those of formulas with line and column.
pub fn try_type(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    let spec = app.registry.get("price-types").ok_or_else(Error::not_found)?;
    if !ctx.access.may(spec, "update") && !ctx.access.may(spec, "create") {
        return Err(Error::forbidden().arg("action", "update").arg("entity", spec.name));
    }
    let Json::Object(body) = &asked.body else { return Err(Error::unreadable("object_expected")) };
    let wanted =
        read(&[Column::reference("price_type_id", "price-types"), Column::tags("products"), Column::date("date")], body, &["price_type"])?;
    let mut given = match body.get("price_type") {
        None | Some(Json::Null) => Map::new(),
        Some(Json::Object(given)) => given.clone(),
        Some(_) => return Err(Error::field("price_type", "wrong_type").field_arg("expected", "object")),
    };
    // A name may come last.
    if given.get("name").and_then(Json::as_str).is_none_or(|n| n.trim().is_empty()) {
        given.insert("name".into(), json!("…"));
    }
    let t = read(&spec.columns, &given, &[])?;
    let kept = id_in(&wanted["price_type_id"]);
    let products = product_ids(&wanted["products"], MOST)?;
    let date = parsed::<NaiveDate>(&wanted["date"]).unwrap_or(ctx.today);
    app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        tried(&mut cx, &t, kept, products, date)
    })
}

/// Fields by their declarations, as the API writes them.
fn read(columns: &[Column], body: &Map<String, Json>, without: &[&str]) -> Result<Json> {
    let body: Map<String, Json> =
        body.iter().filter(|(k, _)| !without.contains(&k.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect();
    let mut problems = Problems::default();
    let (found, _) = input::fields(columns, &body, true, &[], "", &mut problems);
    problems.finish()?;
    Ok(found.into_iter().map(|(i, v)| (columns[i].name.to_string(), value_json(&columns[i].ty, &v))).collect::<Map<_, _>>().into())
}

fn tried(cx: &mut Cx, j: &Json, kept: Option<Id>, products: Vec<Id>, date: NaiveDate) -> Result<Json> {
    let types = types(cx)?;
    let (of, needs) = compile(cx, &types, j, kept)?;
    let ids = if products.is_empty() { first(cx)? } else { products };
    let facts_of = product_facts(cx, &ids)?;
    let (mut book, mut facts) = (Book::new(), Facts::new());
    for t in types.all() {
        book.put_type(t.compiled.clone());
    }
    book.put_type(of.compiled.clone());
    let own = (of.written).then_some(of.id);
    for t in needs.types.iter().filter(|id| types.get(**id).is_some_and(|t| t.written)).copied().chain(own) {
        for (product, p) in prices_at(cx, t, &ids, date)? {
            facts.set_price(t, product, p.price, p.valid_from);
        }
    }
    for p in facts_of.values() {
        facts.set_vat_rate(p.id, p.vat_percent);
    }
    let rate_type = default_rate_type(cx.conn)?;
    let asker = Asker { company: None, date, rate_type };
    let mut currencies: BTreeSet<_> = needs.currencies.iter().copied().chain([of.currency]).collect();
    currencies.extend(feed(cx, &mut facts, &types, &needs, asker, &facts_of)?);
    if of.query.is_some() {
        let companies = companies(cx, None)?;
        answer(cx, &mut facts, &of, asker, &companies, &facts_of)?;
    }
    let categories = Categories::current(cx)?;
    let items: Vec<Item> = ids
        .iter()
        .filter_map(|id| facts_of.get(id))
        .map(|p| Item {
            rate_type: categories.rate_type(&p.category_path),
            categories: p.category_path.clone(),
            price_group: p.price_group_id,
            ..Item::new(p.id)
        })
        .collect();
    let mut names = crate::pricing::add_rates(cx, &mut facts, rate_type, &items, &currencies, date)?;
    names.extend(types.all().map(|t| (t.id, t.name().to_string())));
    names.insert(of.id, of.name().to_string());
    let head = Header { vat: of.vat, price_type: Some(of.id), ..Header::new(date, of.currency) };
    let priced = Pricer::new(&book, &facts, &head).document(&items, true);
    let named = |id: Id| names.get(&id).cloned();
    let hidden = secrets(cx)?;
    let now = match kept {
        Some(id) => prices_in_type(cx, id, None, &ids, date)?,
        None => HashMap::new(),
    };
    let titles = titles::titles(cx.conn, cx.app, cx.ctx.lang, BTreeMap::from([("products", ids.iter().copied().collect())]))?;
    let told: Vec<Option<Explained>> = (0..items.len()).map(|n| priced.explain(&book, &head, &items, n, &named)).collect();
    let reader = Reader::of(cx, told.iter().flatten())?;
    let mut out = vec![];
    for (item, e) in items.iter().zip(&told) {
        let (Some(e), Some(p)) = (e, facts_of.get(&item.product)) else { continue };
        out.push(json!({
            "product": {"id": p.id, "title": titles.get(&p.id), "sku": p.sku}, "price": e.price.map(|p| p.to_string()),
            "now": now.get(&p.id).map(|p| p.to_string()), "steps": sentences(&reader, &e.trace.steps, &hidden, &e.trace.question.head),
        }));
    }
    Ok(json!({"currency": of.currency.code(), "vat": of.vat.code(), "date": date.to_string(), "items": out}))
}

fn first(cx: &mut Cx) -> Result<Vec<Id>> {
    let rows = cx.conn.query("SELECT id FROM products WHERE archived = ? ORDER BY name_key, id LIMIT 5", &[false.into()])?;
    rows.iter().map(|r| r.id(0)).collect()
}

/// The type as the engine takes it, and what its products must bring. Checks what a formula, a markup, a rounding need to be tried.
fn compile(cx: &mut Cx, types: &Types, j: &Json, kept: Option<Id>) -> Result<(Known, Needs)> {
    let text = |name: &str| j[name].as_str().unwrap_or("").to_string();
    let reference = |name: &str| id_in(&j[name]);
    let percent = |name: &str| parsed::<Percent>(&j[name]);
    let id = kept.unwrap_or_else(Id::now_v7);
    for needed in ["currency", "method"] {
        if text(needed).is_empty() {
            return Err(Error::field(needed, "required"));
        }
    }
    let base = reference("base_price_type_id").and_then(|id| types.get(id));
    // Left open, the basis is that of the type it stands on, as when it is written.
    let vat = match text("vat").as_str() {
        "" => base.map_or(VatMode::Included, |b| b.vat),
        code => vat_of(code)?,
    };
    let (name, currency) = (text("name"), currency_of(&text("currency"))?);
    let markup = percent("markup_percent").unwrap_or(Percent::ZERO);
    let (mut needs, mut groups, mut query) = (Needs::default(), vec![], None);
    let method = match text("method").as_str() {
        "markup" => {
            let base = reference("base_price_type_id").ok_or_else(|| Error::field("base_price_type_id", "base_price_type_needed"))?;
            needs.join(types.needs([base]));
            Method::Markup { base, percent: markup }
        }
        "formula" => {
            needs.join(of_formula(cx, types, &text("formula"), &name, "formula")?);
            Method::Formula { formula: text("formula") }
        }
        "program" => {
            let program = reference("program_id").ok_or_else(|| Error::field("program_id", "required"))?;
            let all = program::formulas(cx.conn, program)?;
            for f in &all {
                needs.join(of_formula(cx, types, f, &name, "program_id")?);
            }
            groups = program::groups(cx.conn, program)?;
            let row = cx.conn.query_opt("SELECT formula FROM price_programs WHERE id = ?", &[Value::from(program)])?;
            Method::Formula {
                formula: row.map(|r| r.opt_text(0).map(|f| f.unwrap_or_default().to_string())).transpose()?.unwrap_or_default(),
            }
        }
        "receipt" => {
            needs.receipt = true;
            Method::Receipt { percent: markup }
        }
        "supply" => {
            needs.supply = true;
            Method::Supply { percent: markup }
        }
        "query" => {
            query = Some(PriceQuery::of(&j["query"])?);
            Method::Query { query: id.to_string() }
        }
        _ => Method::Manual,
    };
    groups.extend(refinements(cx, types, &j["refinements"], &name, &mut needs)?);
    let rounding = rounding_of(&j["rounding"])?;
    if let Some(r) = &rounding {
        r.check().map_err(|e| rounding_fields(&e))?;
    }
    let of = PriceType::new(id, &name, currency, vat, method);
    let compiled = PriceType { rounding, ranges: ranges_of(&j["rounding_ranges"])?, groups, ..of }.compile();
    Ok((Known::tried(Trial { id, name, currency, vat, query, compiled }), needs))
}

/// What a formula needs; its faults at the field that it stands in.
fn of_formula(cx: &mut Cx, types: &Types, source: &str, own: &str, field: &str) -> Result<Needs> {
    let moved = |e: Error| {
        let mut e = e;
        for f in e.inner_mut().fields.iter_mut().filter(|f| f.field == "formula") {
            f.field = field.to_string();
        }
        e
    };
    formula(cx, source, own).map_err(moved)?;
    types.needs_of_formula(source).map_err(moved)
}

fn refinements(cx: &mut Cx, types: &Types, j: &Json, own: &str, needs: &mut Needs) -> Result<Vec<GroupMethod>> {
    for (n, x) in j.as_array().into_iter().flatten().enumerate() {
        if let Some(f) = x["formula"].as_str().filter(|f| !f.is_empty()) {
            needs.join(of_formula(cx, types, f, own, &format!("refinements.{n}.formula"))?);
        }
    }
    let (mut bases, mut read) = (vec![], vec![]);
    let groups = refined(j, &mut bases, &mut read);
    needs.join(types.needs(bases));
    Ok(groups)
}
