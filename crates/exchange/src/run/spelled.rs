//! Values as people write them: a choice by its words, a record of a small collection by any of its names.

use kontor_kernel::HashMap;
use kontor_kernel::Percent;
use kontor_kernel::error::{Error, Result};
use kontor_platform::spec::{Column, Kind, Spec, Ty};
use kontor_platform::store::Row;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx};
use kontor_texts::Lang;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is meant, by how it is written.
#[derive(Clone, Debug, Default)]
pub struct Spelled {
    clear: HashMap<String, String>,
    /// What may mean several things, and which.
    unclear: HashMap<String, BTreeSet<String>>,
    /// Whether one cell may hold several; of one value a comma is a part.
    several: bool,
}

/// Collections with more records are asked by code, key and title only.
const SMALL: usize = 500;

impl Spelled {
    fn of(all: impl Iterator<Item = (String, String)>) -> Spelled {
        let mut of: HashMap<String, BTreeSet<String>> = HashMap::new();
        for (written, meant) in all.map(|(w, m)| (plain(&w), m)).filter(|(w, _)| !w.is_empty()) {
            of.entry(written).or_default().insert(meant);
        }
        let (clear, unclear): (HashMap<_, _>, HashMap<_, _>) = of.into_iter().partition(|(_, all)| all.len() == 1);
        let clear = clear.into_iter().filter_map(|(w, mut all)| Some((w, all.pop_first()?))).collect();
        Spelled { clear, unclear, several: false }
    }
    /// What a text may mean that means several things.
    pub fn unclear(&self, written: &str) -> Option<&BTreeSet<String>> {
        self.unclear.get(&plain(written))
    }
    /// Each of several where one cell may hold them; what nobody knows stays as it is.
    pub fn meant(&self, written: &str) -> String {
        let one = |w: &str| self.clear.get(&plain(w)).cloned();
        if let Some(whole) = one(written) {
            return whole;
        }
        if !self.several {
            return written.to_string();
        }
        let by = if written.contains(';') { ";" } else { "," };
        written.split(by).map(|w| one(w).unwrap_or_else(|| w.trim().to_string())).collect::<Vec<_>>().join(by)
    }
}

/// Without what differs from hand to hand: case, spaces (before a percent sign too), the point of an abbreviation.
fn plain(s: &str) -> String {
    let words: Vec<&str> = s.split_whitespace().collect();
    words.join(" ").trim_end_matches('.').to_lowercase().replace('ё', "е").replace(" %", "%")
}

/// A choice by its code, its words in each language, and what people say in place of them (`also-choice-…`).
fn choices(entity: &str, column: &str, codes: &[&str]) -> Spelled {
    let words = |code: &str| {
        let mut out = vec![code.to_string()];
        for lang in [Lang::Uk, Lang::Ru, Lang::En] {
            out.push(kontor_texts::message::choice(lang, entity, column, code).into_owned());
            let also = format!("also-choice-{code}");
            if kontor_texts::has(lang, &also) {
                out.extend(kontor_texts::tr(lang, &also).split(',').map(str::to_string));
            }
        }
        out.into_iter().map(|w| (w, code.to_string())).collect::<Vec<_>>()
    };
    Spelled::of(codes.iter().flat_map(|code| words(code)))
}

/// How people write the values of a column, where it has few; of records, those that the caller may see.
pub fn of(app: &App, ctx: &Ctx, entity: &str, column: &Column) -> Result<Option<Arc<Spelled>>> {
    let spec = |of: &str| app.registry.get(of).ok_or_else(|| Error::internal(format!("no collection {of}")));
    let known = match column.ty {
        Ty::Choice(codes) => choices(entity, column.name, codes),
        Ty::Set(codes) => Spelled { several: true, ..choices(entity, column.name, codes) },
        Ty::Ref(of) => records(app, ctx, spec(of)?, false)?,
        Ty::Code(of) => records(app, ctx, spec(of)?, true)?,
        _ => return Ok(None),
    };
    Ok(Some(known).filter(|k| !k.clear.is_empty()).map(Arc::new))
}

/// Records with names in several languages, by their code, title, names and signs; the id is meant, or the code where `coded`.
fn records(app: &App, ctx: &Ctx, spec: &'static Spec, coded: bool) -> Result<Spelled> {
    let seen = |name: &str| !ctx.access.hidden(spec, name);
    let text = |name: &str| seen(name) && spec.col(name).is_some_and(|c| matches!(c.ty, Ty::Text { .. }) && c.stored());
    if !spec.has_names() || spec.kind != Kind::Catalog || coded && !text("code") {
        return Ok(Spelled::default());
    }
    let map = |name: &str| seen(name) && spec.col(name).is_some_and(|c| matches!(c.ty, Ty::Map));
    let maps: Vec<&str> = ["names", "symbols"].into_iter().filter(|n| map(n)).collect();
    let texts: Vec<&str> = ["code", spec.title].into_iter().filter(|n| text(n)).collect();
    let columns = texts.iter().chain(&maps).map(|n| format!(", t.{n}")).collect::<String>();
    // A name finds only what the caller may see, like an id.
    let scope = ctx.access.predicate(&app.registry, spec, "read", "t");
    let sql = format!("SELECT t.id{columns} FROM {} t WHERE NOT t.archived{} LIMIT {}", spec.table, scope.and(), SMALL + 1);
    let rows = app.store.read(|conn| conn.query(&sql, &scope.params))?;
    if rows.len() > SMALL {
        return Ok(Spelled::default());
    }
    let mut all = if coded { by_percent(app, ctx, spec)? } else { vec![] };
    for r in &rows {
        let id: Id = r.id(0)?;
        let meant = if coded { r.text(1)?.to_string() } else { id.to_string() };
        for n in 0..texts.len() {
            all.push((r.opt_text(n + 1)?.unwrap_or_default().to_string(), meant.clone()));
        }
        for n in 0..maps.len() {
            if let Some(Json::Object(o)) = r.opt_json(texts.len() + n + 1)? {
                all.extend(o.values().filter_map(Json::as_str).map(|w| (w.to_string(), meant.clone())));
            }
        }
    }
    Ok(Spelled::of(all.into_iter()))
}

/// Rates by their percent, as price lists name them (`20 %`): those of the countries of our companies, and of others where these
/// have none of so many percent.
fn by_percent(app: &App, ctx: &Ctx, spec: &'static Spec) -> Result<Vec<(String, String)>> {
    let seen = |spec: &'static Spec, name: &str| spec.col(name).is_some_and(Column::stored) && !ctx.access.hidden(spec, name);
    if !spec.col("percent").is_some_and(|c| matches!(c.ty, Ty::Percent)) || !["code", "percent", "country"].iter().all(|n| seen(spec, n)) {
        return Ok(vec![]);
    }
    let scope = ctx.access.predicate(&app.registry, spec, "read", "t");
    let companies = app.registry.get("companies").filter(|s| ctx.access.may(s, "read") && seen(s, "country"));
    let (ours, mut params) = match companies {
        None => ("0".to_string(), vec![]),
        Some(companies) => {
            let own = ctx.access.predicate(&app.registry, companies, "read", "o");
            let countries = format!("SELECT o.country FROM {} o WHERE NOT o.archived{}", companies.table, own.and());
            (format!("CASE WHEN t.country IN ({countries}) THEN 1 ELSE 0 END"), own.params)
        }
    };
    params.extend(scope.params.iter().cloned());
    let sql = format!("SELECT t.code, t.percent, {ours} FROM {} t WHERE NOT t.archived{} LIMIT {SMALL}", spec.table, scope.and());
    let rows = app.store.read(|conn| conn.query(&sql, &params))?;
    let rate = |r: &Row| Ok((r.text(0)?.to_string(), Percent::from_scaled(r.int(1)?), r.int(2)? == 1));
    let all: Vec<(String, Percent, bool)> = rows.iter().map(rate).collect::<Result<_>>()?;
    let ours = |p: Percent| all.iter().any(|r| r.2 && r.1 == p);
    let written = |p: Percent| ["", "пдв ", "ндс ", "vat "].map(|tax| [format!("{tax}{p}"), format!("{tax}{p}%")]).concat();
    let meant = all.iter().filter(|r| r.2 || !ours(r.1));
    Ok(meant.flat_map(|(code, p, _)| written(*p).into_iter().map(move |w| (w, code.clone()))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_06_values_are_meant_as_people_write_them() {
        let pair = |w: &str, m: &str| (w.to_string(), m.to_string());
        let all = Spelled::of([pair("шт", "1"), pair("piece", "1"), pair("Метр", "2"), pair("м", "2"), pair("м", "3")].into_iter());
        assert_eq!(["шт.", " Шт", "PIECE", "метр"].map(|w| all.meant(w)), ["1", "1", "1", "2"]);
        assert_eq!(all.meant("м"), "м", "it may mean two things");
        assert_eq!(all.unclear(" М.").map(BTreeSet::len), Some(2));
        // Of one value its marks are a part, and what is not known is told as it was written.
        assert_eq!(["шт; piece ;x", "Bolts,  M8; DIN", ""].map(|w| all.meant(w)), ["шт; piece ;x", "Bolts,  M8; DIN", ""]);
        let set = Spelled { several: true, ..all };
        assert_eq!(["шт; piece ;x", "шт,piece", ""].map(|w| set.meant(w)), ["1;1;x", "1,1", ""]);
    }
}
