//! The public API as a golden file: names that outsiders rely on do not change unseen.

use crate::fixtures::both;
use crate::matrix::golden;
use serde_json::Value as Json;

#[test]
fn plt_07_api_is_the_released_one() {
    both(|app| {
        let doc = kontor_api::openapi_document(app);
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
                let ty = if f["type"].is_string() { f["type"].as_str().unwrap_or("").to_string() } else { "reference".into() };
                let format = f["format"].as_str().map(|x| format!(" {x}")).unwrap_or_default();
                let read = if f["readOnly"] == true { " read-only" } else { "" };
                let must = if s["required"].as_array().is_some_and(|r| r.iter().any(|x| x == field)) { " required" } else { "" };
                out.push_str(&format!("{name}.{field}: {ty}{format}{read}{must}\n"));
            }
        }
        golden("api.txt", &out);
    });
}
