//! What prices, stock and documents need to know of products, for a whole document at once.

use kontor_kernel::HashMap;
use kontor_kernel::Percent;
use kontor_kernel::error::Result;
use kontor_platform::cx::Cx;
use kontor_platform::kept::{self, Kept};
use kontor_platform::store::{Backend, Param, Row, marks, padded, parts};
use kontor_platform::value::{Id, Value};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProductKind {
    Goods,
    /// Has no stock.
    Service,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ProductFacts {
    pub id: Id,
    pub name: String,
    pub sku: String,
    pub kind: ProductKind,
    /// Unit that stock and prices are kept in.
    pub unit_id: Id,
    /// Other units: so many stock units (numerator, denominator) are one of them.
    pub units: Vec<(Id, i64, i64)>,
    /// Code; none counts as 0 %.
    pub vat_rate: Option<String>,
    pub vat_percent: Percent,
    /// The product's category and those above it, nearest first, and their names.
    pub category_path: Vec<Id>,
    pub category_names: Vec<String>,
    /// Products of one price group are priced alike.
    pub price_group_id: Option<Id>,
    pub archived: bool,
}

impl ProductFacts {
    /// How many stock units one `unit` is, as a fraction; `None` when the product is not kept in it.
    pub fn unit_ratio(&self, unit: Id) -> Option<(i64, i64)> {
        if unit == self.unit_id {
            return Some((1, 1));
        }
        self.units.iter().find(|u| u.0 == unit).map(|u| (u.1, u.2))
    }
}

const MEMO: &str = "catalog.product_facts";
type Known = HashMap<Id, Arc<ProductFacts>>;

/// Facts of these products, loaded once per command: one query for a thousand of them. Unknown ids are not in the answer.
pub fn product_facts(cx: &mut Cx, ids: &[Id]) -> Result<HashMap<Id, Arc<ProductFacts>>> {
    let mut known: Known = cx.memo.remove(MEMO).and_then(|m| m.downcast::<Known>().ok()).map(|k| *k).unwrap_or_default();
    let missing = once(ids.iter().copied().filter(|i| !known.contains_key(i)));
    for chunk in parts(&missing) {
        for f in load(cx, chunk)? {
            known.insert(f.id, Arc::new(f));
        }
    }
    let out = ids.iter().filter_map(|i| known.get(i).map(|f| (*i, f.clone()))).collect();
    cx.memo.insert(MEMO, Box::new(known));
    Ok(out)
}

/// Asks for the facts of these products beforehand; see `Conn::ahead`.
pub fn product_facts_ahead(cx: &mut Cx, ids: &[Id]) -> Result<()> {
    for chunk in parts(&once(ids.iter().copied())) {
        let (sql, params) = question(chunk);
        cx.conn.ahead(&sql, &params)?;
    }
    Ok(())
}

/// Each of them once, in their order.
fn once(ids: impl Iterator<Item = Id>) -> Vec<Id> {
    ids.collect::<BTreeSet<_>>().into_iter().collect()
}

const COLUMNS: &str = "p.id, p.name, p.sku, p.kind, p.unit_id, p.units, p.vat_rate, v.percent, p.category_id, p.archived, p.price_group_id";
const RATE: &str = "LEFT JOIN vat_rates v ON v.code = p.vat_rate";

fn question(ids: &[Id]) -> (String, Vec<Value>) {
    let params = padded(ids);
    let sql = format!("SELECT {COLUMNS} FROM products p {RATE} WHERE p.id IN ({})", marks(params.len()));
    (sql, params)
}

fn load(cx: &mut Cx, ids: &[Id]) -> Result<Vec<ProductFacts>> {
    let rows = match cx.conn.backend() {
        Backend::Sqlite => {
            let mut rows = Vec::with_capacity(ids.len());
            let sql = format!("SELECT {COLUMNS} FROM rarray(?) few CROSS JOIN products p ON p.id = few.value {RATE}");
            cx.conn.query_lists(&sql, &[Param::Ids(ids)], |r| {
                rows.push(r);
                Ok(true)
            })?;
            rows
        }
        Backend::Postgres => {
            let (sql, params) = question(ids);
            cx.conn.query(&sql, &params)?
        }
    };
    let categories: BTreeSet<Id> = rows.iter().map(|r| r.opt_id(8)).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
    let paths = paths(cx, &categories)?;
    let mut out = Vec::with_capacity(rows.len());
    for r in &rows {
        let (category_path, category_names) = r.opt_id(8)?.and_then(|id| paths.get(&id).cloned()).unwrap_or_default();
        out.push(ProductFacts {
            id: r.id(0)?,
            name: r.text(1)?.to_string(),
            sku: r.opt_text(2)?.unwrap_or_default().to_string(),
            kind: if r.text(3)? == "service" { ProductKind::Service } else { ProductKind::Goods },
            unit_id: r.id(4)?,
            units: if r.raw(5)?.is_null() { vec![] } else { other_units(&r.json(5)?) },
            vat_rate: r.opt_text(6)?.map(str::to_string),
            vat_percent: Percent::from_scaled(r.opt_int(7)?.unwrap_or(0)),
            category_path,
            category_names,
            archived: r.bool(9)?,
            price_group_id: r.opt_id(10)?,
        });
    }
    Ok(out)
}

fn other_units(j: &Json) -> Vec<(Id, i64, i64)> {
    let of =
        |u: &Json| Some((Id::parse_str(u["unit_id"].as_str()?).ok()?, u["numerator"].as_i64()?, u["denominator"].as_i64().unwrap_or(1)));
    j.as_array().map(|a| a.iter().filter_map(of).collect()).unwrap_or_default()
}

type Tree = HashMap<Id, (Option<Id>, String)>;

/// The whole tree of categories, where it is not larger than this.
struct Categories(Option<Tree>);
const KEPT: usize = 20_000;

impl Kept for Categories {
    const BY: &'static str = kept::SETTINGS;
    fn load(cx: &mut Cx) -> Result<Self> {
        let rows = cx.conn.query(&format!("SELECT id, parent_id, name FROM product_categories LIMIT {}", KEPT + 1), &[])?;
        Ok(Categories(if rows.len() > KEPT { None } else { Some(tree(&rows)?) }))
    }
}

fn tree(rows: &[Row]) -> Result<Tree> {
    rows.iter().map(|r| Ok((r.id(0)?, (r.opt_id(1)?, r.text(2)?.to_string())))).collect()
}

/// A category and those above it, nearest first, and their names.
type Path = (Vec<Id>, Vec<String>);

fn paths(cx: &mut Cx, of: &BTreeSet<Id>) -> Result<HashMap<Id, Path>> {
    if of.is_empty() {
        return Ok(HashMap::new());
    }
    let kept = cx.kept::<Categories>()?;
    let read;
    let tree = match &kept.0 {
        Some(whole) => whole,
        None => {
            read = tree_above(cx, of)?;
            &read
        }
    };
    Ok(of.iter().map(|id| (*id, path(tree, Some(*id)))).collect())
}

/// These categories and all above them, in one query.
fn tree_above(cx: &mut Cx, of: &BTreeSet<Id>) -> Result<Tree> {
    let params = padded(&of.iter().copied().collect::<Vec<_>>());
    let rows = cx.conn.query(
        &format!(
            "WITH RECURSIVE up(id, parent_id, name) AS (\
             SELECT id, parent_id, name FROM product_categories WHERE id IN ({}) UNION \
             SELECT c.id, c.parent_id, c.name FROM product_categories c JOIN up ON c.id = up.parent_id) \
             SELECT id, parent_id, name FROM up",
            marks(params.len())
        ),
        &params,
    )?;
    tree(&rows)
}

fn path(tree: &Tree, from: Option<Id>) -> Path {
    let (mut ids, mut names) = (vec![], vec![]);
    let mut at = from;
    while let Some((id, (parent, name))) = at.and_then(|id| tree.get(&id).map(|c| (id, c))) {
        // Rules refuse circles; a broken row must not hang the price of an order all the same.
        if ids.contains(&id) {
            break;
        }
        ids.push(id);
        names.push(name.clone());
        at = *parent;
    }
    (ids, names)
}
