//! Questions, with a body or with parameters: anything wrong in them is refused by name, nothing is passed over.

use crate::fixtures::{Samples, both};
use crate::hostile::{TEXTS, Walk, bodies};
use axum::http::Method;
use serde_json::{Value as Json, json};

/// Questions with a body: what each of their fields is.
const ASKED: [(&str, &[(&str, &str)]); 7] = [
    (
        "prices/explain",
        &[
            ("product_id", "id"),
            ("quantity", "number"),
            ("date", "date"),
            ("partner_id", "id"),
            ("currency", "code"),
            ("vat", "code"),
            ("price", "number"),
            ("compare", "list"),
            ("compare.date", "date"),
            ("compare.partner_id", "id"),
        ],
    ),
    ("prices/why-not", &[("product_id", "id"), ("wanted_price", "number"), ("date", "date"), ("agreement_id", "id")]),
    (
        "prices/matrix",
        &[
            ("company_id", "id"),
            ("date", "date"),
            ("quantity", "number"),
            ("currency", "code"),
            ("rows", "list"),
            ("columns", "list"),
            ("rows.partner_id", "id"),
            ("columns.product_id", "id"),
            ("explain", "bool"),
        ],
    ),
    (
        "prices/preview-edit",
        &[
            ("price_type_id", "id"),
            ("operation", "code"),
            ("price", "number"),
            ("percent", "number"),
            ("date", "date"),
            ("products", "list"),
            ("products.", "named"),
        ],
    ),
    (
        "prices/try-type",
        &[("price_type", "object"), ("price_type_id", "id"), ("date", "date"), ("products", "list"), ("products.", "named")],
    ),
    ("prices/simulate", &[("changes", "list"), ("filter", "object"), ("more_percent", "number")]),
    (
        "sales-orders/editor",
        &[
            ("company_id", "id"),
            ("partner_id", "id"),
            ("date", "date"),
            ("currency", "code"),
            ("lines", "list"),
            ("lines.product_id", "id"),
            ("lines.quantity", "number"),
        ],
    ),
];

/// Questions without one: their parameters.
const PUT: [(&str, &[(&str, &str)]); 11] = [
    ("stock", &[("product_id", "id"), ("product_id.in", "id"), ("warehouse_id", "id"), ("as_of", "date")]),
    ("settlements", &[("partner_id", "id"), ("as_of", "date")]),
    ("rates/at", &[("currency", "code"), ("rate_type_id", "id"), ("date", "date")]),
    ("rates/matrix", &[("rate_type_id", "id"), ("from", "date"), ("to", "date"), ("currency", "code")]),
    ("prices/at", &[("product_id", "id"), ("price_type_id", "id"), ("date", "date")]),
    ("prices/workbench", &[("price_type_id", "id"), ("date", "date"), ("to", "date"), ("limit", "number"), ("after", "id")]),
    ("prices/compare", &[("price_type_id", "id"), ("from", "date"), ("to", "date"), ("limit", "number"), ("after", "id")]),
    ("prices/applied", &[("price_type_id", "id")]),
    ("prices/limits", &[("company_id", "id")]),
    ("deals/board", &[("kind_id", "id"), ("manager_id", "id"), ("partner_id", "id")]),
    ("reports/sales", &[("from", "date"), ("to", "date"), ("partner_id", "id"), ("currency", "code")]),
];

fn wrong(kind: &str) -> &'static [&'static str] {
    match kind {
        "id" => &["\"x\"", "5", "[]", "\"01890000-0000-7000-8000-000000000000\""],
        "named" => &["\"x\"", "5", "[]"],
        "date" => &["\"2026-02-31\"", "20260101", "\"31.12.2026\"", "{}"],
        "number" => &["\"x\"", "\"1e5\"", "\"99999999999999999999\"", "{}"],
        "code" => &["\"№№№\"", "5", "[]"],
        "list" => &["\"x\"", "5", "{\"a\":1}"],
        "object" => &["\"x\"", "5", "[1]"],
        "bool" => &["\"maybe\"", "[]"],
        other => panic!("{other}"),
    }
}

#[test]
fn plt_07_a_question_with_anything_wrong_in_it_is_refused_and_names_it() {
    both(|app| {
        let w = Walk::new(app);
        let mut s = Samples::new(app);
        let id = |s: &mut Samples, of: &str| json!(s.record(of));
        let of = |s: &mut Samples, name: &str| match name {
            "product_id" => id(s, "products"),
            "price_type_id" => id(s, "price-types"),
            "company_id" => id(s, "companies"),
            "rate_type_id" => id(s, "rate-types"),
            "partner_id" => id(s, "partners"),
            "rows" | "columns" => json!([{}]),
            "lines" => json!([{"product_id": s.record("products"), "quantity": "1"}]),
            "currency" => json!("EUR"),
            "operation" => json!("set"),
            "wanted_price" | "price" => json!("5"),
            "price_type" => json!({"currency": "UAH", "method": "manual"}),
            "changes" => json!([{"collection": "price-conditions", "id": s.record("price-conditions"), "removed": true}]),
            _ => Json::Null,
        };
        for (path, fields) in ASKED {
            let at = format!("/api/v1/{path}");
            bodies().into_iter().for_each(|b| drop(w.json(&Method::POST, &at, b)));
            let mut good = json!({});
            for (name, _) in fields.iter().filter(|(n, _)| !n.contains('.')) {
                let v = of(&mut s, name);
                if !v.is_null() {
                    good[*name] = v;
                }
            }
            for (name, kind) in fields {
                for v in wrong(kind) {
                    let v: Json = serde_json::from_str(v).expect("JSON");
                    let mut body = good.clone();
                    let field = match name.split_once('.') {
                        None => {
                            body[*name] = v;
                            name.to_string()
                        }
                        Some((list, "")) => {
                            body[list] = json!([v]);
                            list.to_string()
                        }
                        Some((list, member)) => {
                            // Beside what a line must have.
                            body[list] = json!([body[list][0].as_object().cloned().unwrap_or_default()]);
                            body[list][0][member] = v;
                            format!("{list}.0.{member}")
                        }
                    };
                    // An id of nothing is refused where it is looked for.
                    w.names(&Method::POST, &at, body.to_string(), &field);
                }
            }
            w.json(&Method::POST, &at, json!({"no_such_field": 1}).to_string());
        }
        for (path, fields) in PUT {
            let given = |s: &mut Samples, but: &str| {
                let pairs = fields
                    .iter()
                    .filter(|(n, k)| (*k == "id" || path == "rates/at") && *n != but && *n != "after" && *n != "product_id.in")
                    .filter_map(|(n, _)| {
                        let v = of(s, n);
                        v.as_str().map(|v| format!("{n}={v}"))
                    });
                pairs.collect::<Vec<_>>().join("&")
            };
            for (name, kind) in fields {
                for v in wrong(kind).iter().filter(|v| v.starts_with('"') && !(*kind == "id" && v.len() > 30)) {
                    let v = v.trim_matches('"').replace('№', "%E2%84%96");
                    w.names(&Method::GET, &format!("/api/v1/{path}?{}&{name}={v}", given(&mut s, name)), "", name);
                }
                for v in TEXTS {
                    w.get(&format!("/api/v1/{path}?{}&{name}={v}", given(&mut s, name)));
                }
            }
        }
    });
}
