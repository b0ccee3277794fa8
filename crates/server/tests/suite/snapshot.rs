//! The public API as a golden file: names that outsiders rely on do not change unseen.

use crate::fixtures::both;
use crate::matrix::golden;
use serde_json::Value as Json;

#[test]
fn plt_07_api_is_the_released_one() {
    both(|app| {
        let doc = kontor_api::openapi_document(&app.registry);
        let mut out = String::new();
        let Json::Object(paths) = &doc["paths"] else { panic!("paths") };
        for (path, item) in paths {
            let methods: Vec<&str> =
                item.as_object().map(|o| o.keys().map(String::as_str).filter(|k| *k != "parameters").collect()).unwrap_or_default();
            out.push_str(&format!("{path} {}\n", methods.join(" ")));
        }
        let Json::Object(schemas) = &doc["components"]["schemas"] else { panic!("schemas") };
        for (name, s) in schemas {
            let Json::Object(p) = &s["properties"] else { continue };
            for (field, f) in p {
                // `[type, "null"]` where it may be missing; a reference is told by what it holds.
                let named = f["type"].as_str().or_else(|| f["type"][0].as_str());
                let ty = if f["properties"]["title"].is_object() { "reference" } else { named.unwrap_or("") };
                let format = f["format"].as_str().map(|x| format!(" {x}")).unwrap_or_default();
                let read = if f["readOnly"] == true { " read-only" } else { "" };
                let must = if s["required"].as_array().is_some_and(|r| r.iter().any(|x| x == field)) { " required" } else { "" };
                out.push_str(&format!("{name}.{field}: {ty}{format}{read}{must}\n"));
            }
        }
        golden("api.txt", &out);
    });
}

#[test]
fn plt_07_the_document_says_what_may_be_missing_and_what_a_question_takes() {
    let doc = kontor_api::openapi_document(&kontor::registry::registry());
    let partner = &doc["components"]["schemas"]["partners"]["properties"];
    assert_eq!((&partner["name"]["type"], &partner["full_name"]["type"]), (&"string".into(), &serde_json::json!(["string", "null"])));
    assert_eq!(partner["region"]["type"], serde_json::json!(["object", "string", "null"]), "read as a reference, written as a name");
    let line = &doc["components"]["schemas"]["sales-orders"]["properties"]["lines"]["items"]["properties"];
    assert!(line["product"]["properties"]["title"].is_object(), "{line}");
    for (path, method, name) in [
        ("rates/at", "get", "currency"),
        ("stock", "get", "warehouse_id"),
        ("settlements", "get", "partner_id"),
        ("prices/explain", "post", "product_id"),
        ("shipments/{id}/revise", "post", "lines"),
    ] {
        let of = &doc["paths"][format!("/api/v1/{path}")][method];
        let asked = if method == "get" { &of["parameters"] } else { &of["requestBody"] };
        assert!(asked.to_string().contains(&format!("\"{name}\"")), "{path}: {of}");
    }
    // A key that is there and empty makes a schema that fits nothing.
    fn nothing(at: &str, j: &Json) {
        match j {
            Json::Null => panic!("{at} is null"),
            Json::Object(o) => o.iter().filter(|(k, _)| *k != "enum").for_each(|(k, v)| nothing(&format!("{at}.{k}"), v)),
            Json::Array(a) => a.iter().for_each(|v| nothing(at, v)),
            _ => {}
        }
    }
    nothing("components", &doc["components"]);
}
