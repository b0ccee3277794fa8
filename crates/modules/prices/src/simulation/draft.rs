//! Changes of rules that are tried: records as they would be, of any collection that prices depend on.

use crate::rulebook::{Changed, RuleBook, of_record};
use crate::rules::limit::LimitRow;
use crate::types::{Known, Types, drafted};
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{HashMap, HashSet};
use kontor_kernel::{Period, Price};
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::value::{Id, id_in};
use kontor_platform::{App, Ctx};
use kontor_pricing::Header;
use kontor_texts::message;
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

/// Collections that a change can be tried in; of edited prices those of a whole type.
pub const TRIED: [&str; 9] = [
    "price-conditions",
    "price-types",
    "price-lists",
    "edited-prices",
    "promotions",
    "dealer-types",
    "agreements",
    "contracts",
    "price-limits",
];

/// Changes that are tried at once.
pub const TRIED_AT_ONCE: usize = 20;

/// One change: a record as it would be, or as if it were gone; or all edited prices of a type, as if they were in force.
#[derive(Clone)]
pub enum Draft {
    Put { collection: &'static str, new: bool, record: Box<Record> },
    Gone { collection: &'static str, id: Id },
    Edited { price_type: Id },
}

/// Reads `[{collection, id?, body?, removed?}]`. With an id the fields of the body are laid over the record; without a body it is
/// tried as it stands, switched on. `{collection: "edited-prices", body: {price_type_id}}` means all edited prices of the type.
/// Errors: `changes.N.FIELD`, as the collection itself would refuse it; the caller must be allowed to write what he tries.
pub fn drafts(app: &App, ctx: &Ctx, changes: &Json) -> Result<Vec<Draft>> {
    let all = changes.as_array().filter(|a| !a.is_empty()).ok_or_else(|| Error::field("changes", "required"))?;
    if all.len() > TRIED_AT_ONCE {
        return Err(Error::field("changes", "too_many").field_arg("max", TRIED_AT_ONCE));
    }
    all.iter().enumerate().map(|(n, c)| one(app, ctx, c).map_err(|e| at(e, n))).collect()
}

fn at(mut e: Error, n: usize) -> Error {
    for f in &mut e.inner_mut().fields {
        f.field = format!("changes.{n}.{}", f.field);
    }
    e
}

fn one(app: &App, ctx: &Ctx, c: &Json) -> Result<Draft> {
    let said = c["collection"].as_str().unwrap_or_default();
    let Some(collection) = TRIED.into_iter().find(|t| *t == said) else {
        return Err(Error::field("collection", "bad_choice").field_arg("choices", TRIED.join(", ")));
    };
    let id = match &c["id"] {
        Json::Null => None,
        Json::String(s) if s.is_empty() => None,
        j => Some(id_in(j).ok_or_else(|| Error::field("id", "bad_id"))?),
    };
    let mut body: Map<String, Json> = match &c["body"] {
        Json::Null => Map::new(),
        Json::Object(body) => body.clone(),
        _ => return Err(Error::field("body", "wrong_type").field_arg("expected", "object")),
    };
    let missing = |e: Error| match (e.kind(), id) {
        (kontor_kernel::Kind::NotFound, Some(id)) => Error::field("id", "reference_missing").field_arg("value", id),
        _ => e,
    };
    if c["removed"] == json!(true) {
        let id = id.ok_or_else(|| Error::field("id", "required"))?;
        app.record(ctx, collection, id).map_err(missing)?;
        return Ok(Draft::Gone { collection, id });
    }
    if collection == "edited-prices" && id.is_none() && body.get("product_id").is_none_or(Json::is_null) {
        let id = body.get("price_type_id").and_then(Json::as_str).and_then(|s| Id::parse_str(s).ok());
        let price_type = id.ok_or_else(|| Error::field("price_type_id", "required"))?;
        app.record_named(ctx, "price-types", price_type, "price_type_id")?;
        return Ok(Draft::Edited { price_type });
    }
    if let Some(id) = id.filter(|_| body.is_empty()) {
        // As it stands; only what the caller writes himself needs the right to write.
        let record = in_force(app.record(ctx, collection, id).map_err(missing)?);
        return Ok(Draft::Put { collection, new: false, record: Box::new(record) });
    }
    let spec = app.registry.get(collection).ok_or_else(Error::not_found)?;
    // What is tried is not in force yet: it meets nothing of its own key. It is tried as if it were.
    if spec.index("active").is_some() {
        body.insert("active".into(), json!(false));
    }
    // A name may come last.
    let unnamed = body.get(spec.title).and_then(Json::as_str).is_none_or(|t| t.trim().is_empty());
    if id.is_none() && unnamed && spec.col(spec.title).is_some_and(|c| c.writable()) {
        body.insert(spec.title.into(), json!("…"));
    }
    let record = app.preview_then(ctx, collection, id, &Json::Object(body), |_, r, _| Ok(r.clone())).map_err(missing)?;
    Ok(Draft::Put { collection, new: id.is_none(), record: Box::new(in_force(record)) })
}

fn in_force(mut r: Record) -> Record {
    for (column, value) in [("active", true), ("archived", false)] {
        if r.spec.index(column).is_some() {
            r.set(column, value);
        }
    }
    r
}

impl Draft {
    /// What it is about, in a word.
    pub fn title(&self, cx: &mut Cx) -> Result<String> {
        Ok(match self {
            Draft::Put { collection: "edited-prices", record, .. } => cx.load("products", record.ref_id("product_id"))?.title().to_string(),
            // It may not have been named yet.
            Draft::Put { collection, record, .. } if record.title() == "…" || record.title().is_empty() => {
                message::entity_new(cx.ctx.lang, collection).to_string()
            }
            Draft::Put { record, .. } => record.title().to_string(),
            Draft::Gone { collection, id } => format!("− {}", cx.load(collection, *id)?.title()),
            Draft::Edited { price_type } => cx.load("price-types", *price_type)?.title().to_string(),
        })
    }
}

/// Prices that are tried in place of those in force.
#[derive(Default)]
pub(super) struct Prices {
    /// Types whose edited prices all count.
    pub edited: HashSet<Id>,
    /// Single ones, by type and product.
    pub rows: HashMap<Id, HashMap<Id, Price>>,
    /// Rows of price lists, each list whole.
    pub lists: HashMap<Id, HashMap<Id, Price>>,
}

impl Prices {
    pub fn is_empty(&self) -> bool {
        self.edited.is_empty() && self.rows.is_empty() && self.lists.is_empty()
    }
}

/// An agreement or contract that nobody has yet, with whom it would be for.
pub(super) struct Agreed {
    id: Id,
    contract: bool,
    company: Id,
    partner: Option<Id>,
    /// Of a standard agreement; everybody's without one.
    pub segment: Option<Id>,
    valid: Period,
}

/// What the drafts come to.
pub(super) struct Effects {
    pub rules: Vec<Changed>,
    /// The types as they would be, where one changes.
    pub types: Option<Arc<Types>>,
    pub prices: Prices,
    pub agreed: Vec<Agreed>,
    pub limits: Vec<LimitRow>,
}

impl Effects {
    pub fn of(cx: &mut Cx, drafts: &[Draft], types: &Types, mut limits: Vec<LimitRow>) -> Result<Effects> {
        let (mut put, mut gone, mut default): (Vec<Known>, Vec<Id>, Option<Id>) = (vec![], vec![], None);
        let (mut rules, mut prices, mut agreed) = (vec![], Prices::default(), vec![]);
        for d in drafts {
            match d {
                Draft::Edited { price_type } => {
                    prices.edited.insert(*price_type);
                }
                Draft::Gone { collection, id } => match *collection {
                    "price-types" => gone.push(*id),
                    "price-limits" => limits.retain(|l| l.limits.id != Some(*id)),
                    "edited-prices" => {}
                    _ => rules.push(Changed::of(*id)),
                },
                Draft::Put { collection, new, record: r } => match *collection {
                    "price-types" => {
                        put.push(drafted(cx, r)?);
                        default = default.or(r.bool("is_default").then_some(r.id));
                    }
                    "price-limits" => {
                        limits.retain(|l| l.limits.id != Some(r.id));
                        limits.push(LimitRow::of(r)?);
                    }
                    "edited-prices" => {
                        let of = prices.rows.entry(r.ref_id("price_type_id")).or_default();
                        of.insert(r.ref_id("product_id"), r.price("price"));
                    }
                    _ => {
                        if *collection == "price-lists" {
                            prices.lists.insert(r.id, rows(r));
                        }
                        if *new && matches!(*collection, "agreements" | "contracts") {
                            agreed.push(Agreed::of(r, *collection == "contracts")?);
                        }
                        rules.push(of_record(r)?);
                    }
                },
            }
        }
        let types = if put.is_empty() && gone.is_empty() { None } else { Some(Arc::new(types.with(put, &gone, default))) };
        Ok(Effects { rules, types, prices, agreed, limits })
    }

    /// Whether other prices have to be read than those in force.
    pub fn of_facts(&self) -> bool {
        self.types.is_some() || !self.prices.is_empty()
    }

    pub fn take_into(&mut self, book: &RuleBook) -> Result<()> {
        std::mem::take(&mut self.rules).into_iter().try_for_each(|c| book.try_out(c))
    }

    /// The header with the agreements and contracts that would hold for it.
    pub fn agree(&self, h: &mut Header) {
        for a in self.agreed.iter().filter(|a| a.valid.contains(h.date) && h.company == Some(a.company)) {
            match (a.contract, a.partner) {
                (true, whose) => {
                    if h.contract.is_none() && whose == h.partner {
                        h.contract = Some(a.id);
                    }
                }
                (false, Some(whose)) => {
                    if h.partner == Some(whose) {
                        h.agreement = Some(a.id);
                    }
                }
                (false, None) if a.segment.is_none_or(|s| h.segments.contains(&s)) => {
                    if h.agreement.is_none() || h.agreement == h.standard_agreement {
                        h.agreement = Some(a.id);
                    }
                    h.standard_agreement = Some(a.id);
                }
                (false, None) => {}
            }
        }
    }
}

impl Agreed {
    fn of(r: &Record, contract: bool) -> Result<Agreed> {
        let valid = if contract { crate::rules::validity(r)? } else { crate::agreement::validity(r)? };
        let segment = if contract { None } else { r.opt_id("segment_id") };
        Ok(Agreed { id: r.id, contract, company: r.ref_id("company_id"), partner: r.opt_id("partner_id"), segment, valid })
    }
}

fn rows(list: &Record) -> HashMap<Id, Price> {
    let spec = &list.spec.lines[0];
    let row =
        |l: &kontor_platform::record::Line| Some((l.get(spec, "product_id").as_id()?, Price::from_scaled(l.get(spec, "price").as_int()?)));
    list.lines[0].iter().filter_map(row).collect()
}
