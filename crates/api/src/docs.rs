//! A browsable page of the API: plain HTML from the same document, no script.

use crate::Api;
use crate::call::{Answer, Call};
use axum::extract::State;
use axum::response::Response;
use serde_json::Value as Json;

const CSS: &str = "body{font:14px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}code{font-size:13px}summary{cursor:pointer;padding:.25rem 0}h2{margin:1.5rem 0 .25rem;font-size:16px}table{border-collapse:collapse;margin:.25rem 0 .75rem 1rem}td{padding:.1rem .75rem .1rem 0;vertical-align:top}b{display:inline-block;min-width:4rem;text-transform:uppercase;font-size:12px}";

pub async fn css() -> Response {
    Answer { status: axum::http::StatusCode::OK, content_type: "text/css", body: CSS.into(), headers: vec![] }.into_response()
}

fn esc(s: &str) -> String {
    s.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

pub async fn page(State(api): State<Api>, _call: Call) -> Response {
    let doc = crate::openapi::document(&api.app.registry);
    let mut out = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Kontor API</title><link rel=\"stylesheet\" href=\"/api/docs/docs.css\"></head><body><h1>Kontor API</h1><p><a href=\"/api/v1/openapi.json\">OpenAPI 3.1</a></p>",
    );
    if let Json::Object(paths) = &doc["paths"] {
        for (path, item) in paths {
            let Json::Object(methods) = item else { continue };
            for (method, op) in methods.iter().filter(|(m, _)| *m != "parameters") {
                let summary = op["summary"].as_str().unwrap_or("");
                out.push_str(&format!("<details><summary><b>{method}</b> <code>{}</code> {}</summary>", esc(path), esc(summary)));
                let name = path.split('/').nth(3).unwrap_or("");
                if matches!(method.as_str(), "post" | "patch")
                    && let Json::Object(props) = &doc["components"]["schemas"][name]["properties"]
                {
                    out.push_str("<table>");
                    for (field, s) in props.iter().filter(|(_, s)| s["readOnly"] != true) {
                        let ty = s["type"].as_str().or_else(|| s["type"][0].as_str()).unwrap_or("");
                        let more = s["enum"]
                            .as_array()
                            .map(|a| a.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(" | "))
                            .or_else(|| s["description"].as_str().map(str::to_string))
                            .or_else(|| s["format"].as_str().map(str::to_string))
                            .unwrap_or_default();
                        out.push_str(&format!("<tr><td><code>{}</code></td><td>{ty}</td><td>{}</td></tr>", esc(field), esc(&more)));
                    }
                    out.push_str("</table>");
                }
                out.push_str("</details>");
            }
        }
    }
    out.push_str("</body></html>");
    Answer { status: axum::http::StatusCode::OK, content_type: "text/html; charset=utf-8", body: out.into_bytes(), headers: vec![] }
        .into_response()
}
