//! On what terms a supplier delivers: his own rates, how much his goods bear, and whom to ask first.

use kontor_kernel::Rate;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{HashMap, HashSet};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::spec::{Column, Lines, Rules, Spec};
use kontor_platform::store::{marks, padded, parts};
use kontor_platform::value::{Id, Value};
use std::collections::BTreeSet;

pub fn supply_terms() -> Spec {
    Spec::catalog("supply-terms")
        .section("prices", "truck-loading")
        .columns([
            Column::text("name", 200).default("").search().sort_key().list(),
            Column::reference("partner_id", "partners").required().once().unique().list(),
            // His prices are converted by these rates; by the document's where there are none.
            Column::reference("rate_type_id", "rate-types").list(),
            // Read by formulas as `coefficient`.
            Column::rate("coefficient").default(Rate::UNIT).list(),
            // Of several suppliers of a product the one with the smallest number.
            Column::int("priority", 0, 1_000_000).default(0i64).list(),
            Column::long("comment"),
        ])
        .lines(Lines {
            name: "lines",
            table: "supply_terms_lines",
            columns: vec![Column::reference("category_id", "product-categories").required(), Column::rate("coefficient").required()],
            max: 1_000,
            required: false,
        })
        .import_key(&["partner_id"])
        .grant("director", "read create update delete undo")
        .grant("sales_manager", "read create update delete undo")
        .grant("accountant", "read")
        .rules(SupplyTermsRules)
}

struct SupplyTermsRules;
impl Rules for SupplyTermsRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        if change.after.text("name").trim().is_empty() {
            let partner = cx.load("partners", change.after.ref_id("partner_id"))?;
            change.after.set("name", partner.title());
        }
        let positive = |n: Option<i64>| n.is_some_and(|n| n > 0);
        if !positive(change.after.opt_int("coefficient")) {
            return Err(Error::field("coefficient", "number_not_positive"));
        }
        let spec = &change.after.spec.lines[0];
        let mut seen = HashSet::new();
        let mut wrong = vec![];
        for (n, l) in change.after.lines[0].iter().enumerate() {
            if !seen.insert(l.get(spec, "category_id").as_id()) {
                wrong.push(Error::field(format!("lines.{n}.category_id"), "duplicate_line"));
            }
            if !positive(l.get(spec, "coefficient").as_int()) {
                wrong.push(Error::field(format!("lines.{n}.coefficient"), "number_not_positive"));
            }
        }
        Error::collect(wrong)
    }
}

/// The terms of one supplier.
#[derive(Clone, Debug)]
pub struct SupplierTerms {
    pub id: Id,
    pub rate_type: Option<Id>,
    pub priority: i64,
    coefficient: Rate,
    by_category: HashMap<Id, Rate>,
}

impl SupplierTerms {
    /// For a product of these categories, nearest first.
    pub fn coefficient(&self, categories: &[Id]) -> Rate {
        categories.iter().find_map(|c| self.by_category.get(c)).copied().unwrap_or(self.coefficient)
    }
}

/// Terms of these partners; two queries for every 256.
pub(crate) fn of_partners(cx: &mut Cx, partners: &BTreeSet<Id>) -> Result<HashMap<Id, SupplierTerms>> {
    let all: Vec<Id> = partners.iter().copied().collect();
    let mut out = HashMap::new();
    for chunk in parts(&all) {
        let ids = padded(chunk);
        let sql = format!(
            "SELECT partner_id, id, rate_type_id, priority, coefficient FROM supply_terms WHERE partner_id IN ({}) AND archived = ?",
            marks(ids.len())
        );
        let params: Vec<Value> = ids.iter().cloned().chain([false.into()]).collect();
        for r in cx.conn.query(&sql, &params)? {
            let coefficient = Rate::from_scaled(r.int(4)?);
            let terms =
                SupplierTerms { id: r.id(1)?, rate_type: r.opt_id(2)?, priority: r.int(3)?, coefficient, by_category: HashMap::new() };
            out.insert(r.id(0)?, terms);
        }
        let sql = format!(
            "SELECT t.partner_id, l.category_id, l.coefficient FROM supply_terms t JOIN supply_terms_lines l ON l.parent_id = t.id \
             WHERE t.partner_id IN ({}) AND t.archived = ?",
            marks(ids.len())
        );
        for r in cx.conn.query(&sql, &params)? {
            if let Some(t) = out.get_mut(&r.id(0)?) {
                t.by_category.insert(r.id(1)?, Rate::from_scaled(r.int(2)?));
            }
        }
    }
    Ok(out)
}
