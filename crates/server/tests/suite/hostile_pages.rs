//! Pages and their forms: whatever stands in an address or a field is taken or refused.

use crate::fixtures::{Samples, both};
use crate::hostile::{FORM, TEXTS, Walk, writable};
use axum::http::Method;
use kontor_platform::spec::Ty;

/// Pages of work with their parameters.
const WORK: [(&str, &[&str]); 16] = [
    ("/", &["tasks"]),
    ("/deals", &["kind_id", "manager_id", "partner_id", "q", "view"]),
    ("/price-exchange/lists", &["partner_id"]),
    ("/price-exchange/matching", &["partner_id", "show", "after"]),
    ("/price-exchange/comparison", &["from", "partner_id", "category_id"]),
    ("/price-exchange/book", &["q", "category_id"]),
    ("/price-exchange/book/file", &["price_type_id", "category_id", "q"]),
    ("/price-exchange/paper", &["price_type_id", "what", "paper", "code", "copies", "stock_receipt_id", "category_id", "q"]),
    ("/price-workbench", &["price_type_id", "changed", "after", "q", "category_id", "date", "to"]),
    ("/rate-matrix", &["from", "to", "of", "currency", "rate_type_id"]),
    ("/price-simulator", &["rule", "removed", "job", "by", "more", "partner_id"]),
    ("/price-rules", &["on", "all"]),
    ("/price-matrix", &["who", "what", "date", "quantity", "cell", "partners", "products"]),
    ("/sales-orders/new", &["from", "partner_id", "deal_id", "quote_id", "company_id"]),
    ("/quotes/new", &["from", "partner_id", "deal_id"]),
    ("/setup", &["code"]),
];

#[test]
fn plt_12_pages_take_or_refuse_whatever_stands_in_their_address_or_form() {
    both(|app| {
        let w = Walk::new(app);
        let mut s = Samples::new(app);
        for (path, params) in WORK {
            for (name, v) in params.iter().flat_map(|n| TEXTS.map(|v| (n, v))) {
                w.get(&format!("{path}?{name}={v}"));
            }
        }
        for r in &app.registry.reports {
            for (name, v) in r.params.iter().map(|p| p.name).chain(["format"]).flat_map(|n| TEXTS.map(|v| (n, v))) {
                w.get(&format!("/reports/{}?{name}={v}", r.name));
                w.get(&format!("/api/v1/reports/{}?{name}={v}", r.name));
            }
        }
        let form = |path: &str, body: String| w.ask(Method::POST, path, FORM, body.into_bytes());
        for spec in writable(app) {
            let id = s.record(spec.name);
            for c in spec.columns.iter().filter(|c| c.writable() && !matches!(c.ty, Ty::Text { .. } | Ty::Long { .. })) {
                for v in TEXTS {
                    form(&format!("/{}/{id}/edit", spec.name), format!("version=1&{}={v}&{}[0][x]={v}", c.name, c.name));
                }
            }
            for l in &spec.lines {
                for c in l.columns.iter().filter(|c| c.writable()) {
                    let junk = TEXTS[c.name.len() % TEXTS.len()];
                    form(
                        &format!("/{}/{id}/edit", spec.name),
                        format!("version=1&{0}[0][{1}]={junk}&{0}[99999999][{1}]={junk}", l.name, c.name),
                    );
                }
            }
            for v in spec.verbs.iter().filter(|v| !v.input.is_empty()) {
                for c in &v.input {
                    form(&format!("/{}/{id}/do/{}", spec.name, v.name), format!("{}={}", c.name, TEXTS[c.name.len() % TEXTS.len()]));
                }
            }
        }
        for path in
            ["price", "preview", "edit", "apply", "back"].map(|p| format!("/price-workbench/{p}")).iter().map(String::as_str).chain([
                "/price-simulator/run",
                "/price-simulator/add",
                "/price-simulator/forget",
                "/price-type-trial",
                "/rate-matrix/feed",
                "/rate-matrix/load",
                "/list/partners/views",
                "/list/partners/views/remove",
                "/profile/password",
                "/profile/tokens",
                "/profile/tokens/revoke",
                "/price-exchange/lists",
                "/price-exchange/book",
                "/price-exchange/commerceml",
            ])
        {
            for v in TEXTS {
                let all = [
                    "name",
                    "price_type_id",
                    "product_id",
                    "price",
                    "date",
                    "id",
                    "n",
                    "collection",
                    "value",
                    "label",
                    "operation",
                    "job_id",
                    "file",
                ];
                form(path, all.map(|n| format!("{n}={v}")).join("&"));
            }
            for body in ["&&==%%%", "csrf", "a=%zz&a=%"] {
                form(path, body.into());
            }
            w.ask(
                Method::POST,
                path,
                "multipart/form-data; boundary=XX",
                b"--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\0.xlsx\"\r\n\r\nPK\x03\x04junk\r\n--XX--\r\n"
                    .to_vec(),
            );
            w.ask(Method::POST, path, "multipart/form-data", b"--XX".to_vec());
        }
    });
}
