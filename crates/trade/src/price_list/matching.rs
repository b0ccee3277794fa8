//! Which of our products a line is: as a person or an earlier list said, otherwise by barcode, article, name.

use super::{Item, ListReport, key, source};
use kontor_kernel::Price;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{HashMap, HashSet};
use kontor_matching::{Decision, Goods, Options, link, nearest};
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx};

#[derive(Clone, Debug, Default)]
pub struct Matched {
    pub product: Option<Id>,
    pub decision: &'static str,
    /// In percent.
    pub score: String,
    before: Option<Before>,
}

impl Matched {
    /// The date of the record that is there, when its price stays.
    pub fn valid_from(&self, i: &Item) -> Option<String> {
        self.before.as_ref().filter(|b| b.price == i.price).and_then(|b| b.valid_from.clone())
    }
}

#[derive(Clone, Debug)]
struct Before {
    product: Option<Id>,
    matched: String,
    score: Option<i64>,
    price: Option<Price>,
    valid_from: Option<String>,
}

struct Ours {
    id: Id,
    name: String,
    sku: String,
    barcode: String,
}

pub fn products(app: &App, ctx: &Ctx, partner: Id, items: &[Item], out: &mut ListReport) -> Result<Vec<Matched>> {
    let before = before(app, partner)?;
    let mut all: Vec<Matched> = vec![];
    let mut open = vec![];
    let mut taken: HashSet<Id> = HashSet::new();
    for (n, i) in items.iter().enumerate() {
        let b = before.get(&key(i)).cloned();
        let settled = b.as_ref().filter(|b| matches!(b.matched.as_str(), "manual" | "same")).cloned();
        let m = match settled {
            Some(b) => {
                out.kept += 1;
                taken.extend(b.product);
                let decision = if b.matched == "manual" { "manual" } else { "same" };
                let score = b.score.map(|s| kontor_kernel::Percent::from_scaled(s).to_string()).unwrap_or_default();
                Matched { product: b.product, decision, score, before: Some(b) }
            }
            None => {
                open.push(n);
                Matched { decision: "none", before: b, ..Default::default() }
            }
        };
        all.push(m);
    }
    let ours: Vec<Ours> = if open.is_empty() { vec![] } else { ours(app, ctx)?.into_iter().filter(|o| !taken.contains(&o.id)).collect() };
    let goods: Vec<Goods> = ours.iter().map(|o| Goods { name: &o.name, article: &o.sku, barcode: &o.barcode, description: "" }).collect();
    let theirs: Vec<Goods> = open
        .iter()
        .map(|n| Goods { name: &items[*n].name, article: &items[*n].article, barcode: &items[*n].barcode, description: "" })
        .collect();
    for p in link(&goods, &theirs, &Options::default()) {
        let m = &mut all[open[p.theirs]];
        m.product = Some(ours[p.ours].id);
        m.decision = p.decision.code();
        m.score = format!("{:.1}", p.score * 100.0);
        match p.decision {
            Decision::Same => out.same += 1,
            _ => out.maybe += 1,
        }
    }
    out.none = all.iter().filter(|m| m.decision == "none").count() as u64;
    Ok(all)
}

fn before(app: &App, partner: Id) -> Result<HashMap<String, Before>> {
    app.store.read(|c| {
        let rows = c.query(
            "SELECT external_id, product_id, matched, match_score, price, valid_from FROM supplier_prices WHERE source = ?",
            &[Value::Text(source(partner))],
        )?;
        rows.iter()
            .map(|r| {
                let b = Before {
                    product: r.opt_id(1)?,
                    matched: r.text(2)?.to_string(),
                    score: r.opt_int(3)?,
                    price: r.opt_int(4)?.map(Price::from_scaled),
                    valid_from: r.opt_date(5)?.map(|d| d.to_string()),
                };
                Ok((r.text(0)?.to_string(), b))
            })
            .collect()
    })
}

/// One of our products that a foreign line may be, likeliest first.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub product: Id,
    pub name: String,
    pub sku: String,
    /// 0 to 100.
    pub score: f64,
}

/// The likeliest products for lines as the list of foreign prices has them (name, article, barcode), at most `limit` each.
pub fn candidates(app: &App, ctx: &Ctx, lines: &[(&str, &str, &str)], limit: usize) -> Result<Vec<Vec<Candidate>>> {
    if lines.is_empty() {
        return Ok(vec![]);
    }
    let ours = ours(app, ctx)?;
    let goods: Vec<Goods> = ours.iter().map(|o| Goods { name: &o.name, article: &o.sku, barcode: &o.barcode, description: "" }).collect();
    let theirs: Vec<Goods> = lines.iter().map(|l| Goods { name: l.0, article: l.1, barcode: l.2, description: "" }).collect();
    let one = |p: &kontor_matching::Pair| {
        let o = &ours[p.ours];
        Candidate { product: o.id, name: o.name.clone(), sku: o.sku.clone(), score: p.score * 100.0 }
    };
    Ok(nearest(&goods, &theirs, limit).iter().map(|of| of.iter().map(one).collect()).collect())
}

fn ours(app: &App, ctx: &Ctx) -> Result<Vec<Ours>> {
    let spec = app.registry.get("products").ok_or_else(Error::not_found)?;
    let seen = ctx.access.predicate(&app.registry, spec, "read", "t");
    let and = seen.and();
    let params: Vec<Value> = std::iter::once(false.into()).chain(seen.params).collect();
    let sql = format!("SELECT t.id, t.name, t.sku, t.barcode FROM products t WHERE t.archived = ?{and} ORDER BY t.seq");
    app.store.read(|c| {
        let text = |r: &kontor_platform::store::Row, i: usize| r.opt_text(i).map(|t| t.unwrap_or_default().to_string());
        let rows = c.query(&sql, &params)?;
        rows.iter().map(|r| Ok(Ours { id: r.id(0)?, name: text(r, 1)?, sku: text(r, 2)?, barcode: text(r, 3)? })).collect()
    })
}
