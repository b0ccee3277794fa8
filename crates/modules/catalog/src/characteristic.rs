//! Declared characteristics: which properties products of a category have (`custom.CODE`), of which kind, with which values. What is
//! not declared may be written too, and is not checked.

use crate::category::upwards;
use kontor_kernel::Quantity;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::spec::{Column, Rules, Spec};
use kontor_platform::value::Id;
use serde_json::Value as Json;

pub fn characteristics() -> Spec {
    Spec::catalog("characteristics")
        .section("catalog", "list-details")
        .columns([
            Column::text("name", 200).required().search().sort_key().list(),
            Column::map("names"),
            // As it stands in the product's own fields; filters take it as `custom.CODE`.
            Column::text("code", 60).required().unique().search().list(),
            Column::choice("kind", &["text", "number", "bool", "choice"]).default("text").list(),
            Column::tags("choices"),
            // Of this category and all below it; of all products where it is open.
            Column::reference("category_id", "product-categories").by_name("category").list(),
            Column::bool("mandatory", false).list(),
            Column::long("description"),
        ])
        .import_key(&["code"])
        .reference_data()
        .rules(CharacteristicRules)
}

struct CharacteristicRules;
impl Rules for CharacteristicRules {
    fn decide(&self, _cx: &mut Cx, change: &mut Change) -> Result<()> {
        let r = &change.after;
        let code = r.text("code");
        if !code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err(Error::field("code", "bad_code").field_arg("value", code));
        }
        let some = r.json("choices").as_array().is_some_and(|v| !v.is_empty());
        match (r.text("kind") == "choice", some) {
            (true, false) => Err(Error::field("choices", "required")),
            (false, true) => Err(Error::field("choices", "condition_not_used").field_arg("kind", r.text("kind"))),
            _ => Ok(()),
        }
    }
}

struct Declared {
    code: String,
    kind: String,
    values: Json,
    mandatory: bool,
}

/// Holds the product's own fields against what is declared for its category.
pub fn check(cx: &mut Cx, change: &Change) -> Result<()> {
    let looked_at = change.is_create() || change.changed("custom") || change.changed("category_id");
    if !looked_at || cx.ctx.is_history() {
        return Ok(());
    }
    let path: Vec<Id> = match change.after.opt_id("category_id") {
        Some(c) => upwards(cx, c)?.into_iter().map(|c| c.0).collect(),
        None => vec![],
    };
    let mut declared = vec![];
    let sql = "SELECT code, kind, choices, mandatory, category_id FROM characteristics WHERE archived = ? ORDER BY code";
    for r in cx.conn.query(sql, &[false.into()])? {
        if r.opt_id(4)?.is_none_or(|c| path.contains(&c)) {
            let values = if r.raw(2)?.is_null() { Json::Null } else { r.json(2)? };
            declared.push(Declared { code: r.text(0)?.into(), kind: r.text(1)?.into(), values, mandatory: r.bool(3)? });
        }
    }
    let own = change.after.json("custom");
    Error::collect(declared.iter().filter_map(|d| fault(d, &own[d.code.as_str()])).collect())
}

fn fault(d: &Declared, value: &Json) -> Option<Error> {
    let field = format!("custom.{}", d.code);
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_string);
    if value.is_null() || text.trim().is_empty() {
        return d.mandatory.then(|| Error::field(field, "required"));
    }
    match d.kind.as_str() {
        "number" if Quantity::parse(&text).is_err() => Some(Error::field(field, "not_a_number").field_arg("value", text)),
        "bool" if !matches!(text.as_str(), "true" | "false") => Some(Error::field(field, "bad_choice").field_arg("value", text)),
        "choice" if !d.values.as_array().is_some_and(|v| v.iter().any(|v| *v == text)) => {
            Some(Error::field(field, "bad_choice").field_arg("value", text))
        }
        _ => None,
    }
}
