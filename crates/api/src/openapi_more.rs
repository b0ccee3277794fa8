//! The part of the OpenAPI document that no declaration tells: session, live updates, drafts, undo, search, and what each
//! collection can besides its records: bulk, files, history, preview.

use serde_json::{Map, Value as Json, json};

/// Method, path, tag, summary, shape of the body (name and type; a trailing `?` may be left out), what is answered.
type Route = (&'static str, &'static str, &'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

const FIXED: &[Route] = &[
    (
        "post",
        "session",
        "session",
        "sign in; answers a token for the Authorization header",
        &[("login", "string"), ("password", "string"), ("code?", "string")],
        "token, user, csrf",
    ),
    ("get", "session", "session", "who is signed in", &[], "user, language, roles, csrf, time_zone"),
    ("delete", "session", "session", "sign out", &[], ""),
    (
        "post",
        "session/password",
        "session",
        "change the own password; other sessions end",
        &[("old_password", "string"), ("new_password", "string")],
        "token",
    ),
    ("get", "session/tokens", "session", "own tokens for programs", &[], "items, next"),
    ("post", "session/tokens", "session", "make a token for a program, shown once", &[("label", "string"), ("days?", "integer")], "token"),
    ("delete", "session/tokens/{id}", "session", "revoke a token", &[], ""),
    ("get", "search", "search", "records of all collections by words", &[], "items"),
    (
        "get",
        "live",
        "live",
        "changes as server-sent events; whoever asks again after the stream has ended looks again at what he shows",
        &[],
        "event stream",
    ),
    ("put", "presence/{collection}/{id}", "live", "the caller looks at a record; answers who else does", &[], "people"),
    ("delete", "presence/{collection}/{id}", "live", "the caller looks away", &[], ""),
    ("get", "drafts/{key}", "drafts", "what was typed and not saved", &[], "body, at"),
    ("put", "drafts/{key}", "drafts", "keep what is typed", &[], "at"),
    ("delete", "drafts/{key}", "drafts", "forget it", &[], ""),
    ("get", "audit", "audit", "changes of all records, latest first; filters as in a list, for who may see everything", &[], "items, next"),
    ("post", "audit/{id}/undo", "audit", "take back one change", &[], "the record"),
    ("post", "audit/groups/{group}/undo", "audit", "take back a bulk change; 202 with a job when it is large", &[], "done, stayed, or job"),
    ("get", "reports", "reports", "reports that the caller may run", &[], "items, next"),
];

fn parts(path: &str) -> Vec<Json> {
    path.split('/')
        .filter_map(|p| p.strip_prefix('{')?.strip_suffix('}'))
        .map(|p| json!({"name": p, "in": "path", "required": true, "schema": {"type": "string"}}))
        .collect()
}

fn body(fields: &[(&str, &str)]) -> Json {
    let all: Map<String, Json> = fields.iter().map(|(n, t)| (n.trim_end_matches('?').to_string(), json!({"type": t}))).collect();
    let required: Vec<&str> = fields.iter().map(|f| f.0).filter(|n| !n.ends_with('?')).collect();
    json!({"type": "object", "properties": all, "required": required})
}

fn answered(what: &str, problem: &Json) -> Json {
    match what {
        "" => json!({"204": {"description": "done"}, "default": problem}),
        "event stream" => json!({"200": {"description": what, "content": {"text/event-stream": {}}}, "default": problem}),
        what => json!({"200": {"description": what, "content": {"application/json": {"schema": {"type": "object"}}}}, "default": problem}),
    }
}

pub fn fixed(paths: &mut Map<String, Json>, problem: &Json) {
    for (method, path, tag, summary, fields, answer) in FIXED {
        let at = paths.entry(format!("/api/v1/{path}")).or_insert_with(|| json!({"parameters": parts(path)}));
        at[*method] = json!({"tags": [tag], "summary": summary, "responses": answered(answer, problem)});
        if !fields.is_empty() {
            at[*method]["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": body(fields)}}});
        }
        if path.starts_with("session") && *method == "post" && *path == "session" {
            // Nobody is signed in yet.
            at[*method]["security"] = json!([]);
        }
    }
}

/// What a collection can besides its records. `writes`: it has commands.
pub fn of_collection(paths: &mut Map<String, Json>, name: &str, writes: bool, problem: &Json) {
    let object = |properties: Json| json!({"content": {"application/json": {"schema": {"type": "object", "properties": properties}}}});
    let tag = json!([name]);
    let id = json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}]);
    let query = |names: &[&str]| names.iter().map(|n| json!({"name": n, "in": "query", "schema": {"type": "string"}})).collect::<Vec<_>>();
    let file = |d: &str| json!({"200": {"description": d, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}, "default": problem});
    let at = |rest: &str| format!("/api/v1/{name}/{rest}");
    // CommerceML tells the stock of offers where it is asked for.
    let exports: &[&str] = match name {
        "prices" => &["format", "q", "sort", "fields", "stock", "warehouse_id"],
        _ => &["format", "q", "sort", "fields"],
    };
    paths.insert(
        at("export"),
        json!({"get": {"tags": tag, "summary": "the list as a file, with the filters of the list", "parameters": query(exports), "responses": file("the file")}}),
    );
    let mut entries = object(json!({"items": {"type": "array", "items": {"type": "object"}}, "next": {"type": "null"}}));
    entries["description"] = json!("changes, latest first");
    paths.insert(
        at("{id}/history"),
        json!({"parameters": id, "get": {"tags": tag, "summary": "who changed what", "responses": {"200": entries, "default": problem}}}),
    );
    if !writes {
        return;
    }
    let input = object(
        json!({"command": {"type": "string"}, "ids": {"type": "array", "items": {"type": "string", "format": "uuid"}}, "filter": {"type": "string", "description": "as in the address of the list"}, "input": {"type": "object"}}),
    );
    let mut done = object(json!({"done": {"type": "integer"}, "group_id": {"type": "string", "format": "uuid"}}));
    done["description"] = json!("all of them");
    let mut job = object(json!({"job": {"$ref": "#/components/schemas/jobs"}}));
    job["description"] = json!("many: a job does it");
    paths.insert(
        at("bulk"),
        json!({"post": {"tags": tag, "summary": "one command for many records, all or nothing", "parameters": query(&["dry_run"]), "requestBody": input, "responses": {"200": done, "202": job, "default": problem}}}),
    );
    let report = json!({"type": "object", "properties": {"read": {"type": "integer"}, "created": {"type": "integer"}, "updated": {"type": "integer"}, "skipped": {"type": "integer"}, "notes": {"type": "array", "items": {"type": "string"}}, "errors": {"type": "array", "items": {"type": "object", "properties": {"file": {"type": "string"}, "row": {"type": "integer"}, "column": {"type": "string"}, "message": {"type": "string"}}}}}});
    let told = |d: &str| json!({"description": d, "content": {"application/json": {"schema": report}}});
    let mut going = object(json!({"job": {"$ref": "#/components/schemas/jobs"}}));
    going["description"] = json!("it goes on: the job, whose address is in `Location`");
    // What does not stand in the file: whose list it is, where the stock is.
    let imports: &[&str] = match name {
        "supplier-prices" => &["dry_run", "partial", "columns", "constants", "partner_id"],
        "stock-receipts" => &["dry_run", "partial", "columns", "constants", "warehouse_id"],
        _ => &["dry_run", "partial", "columns", "constants"],
    };
    paths.insert(
        at("import"),
        json!({"post": {"tags": tag, "summary": "a file into the list; the body is the file", "description": "at most 1 GiB; with `Prefer: respond-async`, or when it takes longer than 20 seconds, a job goes on with it, whose `result` is the report. `columns` is an object in JSON that says of heads which field they are, `{\"Nazwa\": \"name\", \"Uwagi\": \"\"}`, where an empty one passes the column over; `constants` gives a field the same value in every row", "parameters": query(imports), "requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}, "responses": {"200": told("all taken"), "202": going, "422": told("something refused"), "default": problem}}}),
    );
    let one = json!({"content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}}});
    let mut shown = one.clone();
    shown["description"] = json!("the record as it would be saved");
    paths.insert(
        at("preview"),
        json!({"post": {"tags": tag, "summary": "a record with what the rules would fill in; nothing is written", "parameters": query(&["id"]), "requestBody": one, "responses": {"200": shown, "default": problem}}}),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Routes as the router names them, so that none is added without its description.
    #[test]
    fn plt_07_every_route_is_described() {
        let router = include_str!("lib.rs");
        let mut paths = Map::new();
        fixed(&mut paths, &Json::Null);
        of_collection(&mut paths, "{collection}", true, &Json::Null);
        let declared = ["{collection}", "{collection}/{id}", "{collection}/{id}/{verb}", "reports/{name}", "openapi.json"];
        let mut seen = 0;
        for line in router.split(".route(\"/api/v1/").skip(1) {
            let (path, methods) = line.split_once("\", ").expect("a path and its methods");
            let methods = methods.split(".route(").next().unwrap_or_default();
            if declared.contains(&path) {
                continue;
            }
            let at = &paths[&format!("/api/v1/{path}")];
            for method in ["get", "post", "put", "delete"] {
                let mounted = methods.starts_with(&format!("{method}(")) || methods.contains(&format!(").{method}("));
                assert_eq!(at[method].is_object(), mounted, "{method} {path}");
                seen += usize::from(mounted);
            }
        }
        assert!(seen >= 20, "{seen}");
    }
}
