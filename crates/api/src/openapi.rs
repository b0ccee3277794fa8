//! OpenAPI 3.1, built from the declarations: what is registered is what is documented.

use crate::Api;
use crate::call::{Answer, Call};
use crate::openapi_more as more;
use axum::extract::State;
use axum::response::Response;
use kontor_platform::Registry;
use kontor_platform::spec::{Column, Kind, Mode, Spec, Ty};
use kontor_texts::{Lang, message, tr};
use serde_json::{Map, Value as Json, json};

pub async fn serve(State(api): State<Api>, _call: Call) -> Response {
    Answer::json(&document(&api.app.registry)).into_response()
}

fn schema_of(c: &Column) -> Json {
    let mut s = match &c.ty {
        Ty::Text { max } | Ty::Long { max } => json!({"type": "string", "maxLength": max}),
        Ty::Bool => json!({"type": "boolean"}),
        Ty::Int { min, max } => json!({"type": "integer", "minimum": min, "maximum": max}),
        Ty::Amount | Ty::Price | Ty::Quantity | Ty::Rate | Ty::Percent => {
            json!({"type": "string", "format": "decimal", "description": format!("at most {} decimals", c.ty.scale().unwrap_or(0))})
        }
        Ty::Date => json!({"type": "string", "format": "date"}),
        Ty::Instant => json!({"type": "string", "format": "date-time"}),
        Ty::Ref(of) => json!({"type": "string", "format": "uuid", "description": format!("id of {of}")}),
        Ty::Record => json!({"type": "string", "format": "uuid", "description": "id of a record"}),
        Ty::Code(of) => json!({"type": "string", "description": format!("code of {of}")}),
        Ty::State => json!({"type": "string", "readOnly": true}),
        Ty::Choice(of) => json!({"type": "string", "enum": of}),
        Ty::Set(of) => json!({"type": "array", "items": {"type": "string", "enum": of}}),
        Ty::Tags => json!({"type": "array", "items": {"type": "string"}}),
        Ty::Items(m) => json!({"type": "array", "items": object(m)}),
        Ty::Object(m) => object(m),
        Ty::Map => json!({"type": "object", "additionalProperties": true}),
    };
    // What need not be there is null when it is not.
    if !c.required && !matches!(c.ty, Ty::Bool | Ty::State) {
        s["type"] = json!([s["type"], "null"]);
        if let Some(of) = s.get_mut("enum").and_then(Json::as_array_mut) {
            of.push(Json::Null);
        }
    }
    if matches!(c.mode, Mode::Computed | Mode::Virtual(_)) {
        s["readOnly"] = json!(true);
    }
    if c.mode == Mode::Secret {
        s["writeOnly"] = json!(true);
    }
    s
}

fn object(columns: &[Column]) -> Json {
    let mut p = Map::new();
    for c in columns.iter().filter(|c| c.visible() || c.mode == Mode::Secret) {
        p.insert(c.name.into(), schema_of(c));
    }
    let required: Vec<&str> = columns.iter().filter(|c| c.required && c.writable()).map(|c| c.name).collect();
    json!({"type": "object", "properties": p, "required": required})
}

/// What a reference is read as, beside its id.
fn names(o: &mut Json, columns: &[Column]) {
    for c in columns.iter().filter(|c| matches!(c.ty, Ty::Ref(_)) && c.visible()) {
        o["properties"][c.ref_name()] = json!({"type": ["object", "null"], "readOnly": true, "properties": {"id": {"type": "string", "format": "uuid"}, "title": {"type": "string"}}});
    }
}

fn entity_schema(s: &Spec) -> Json {
    let mut o = object(&s.columns);
    names(&mut o, &s.columns);
    for c in &s.columns {
        // Written by its name and read as a reference under one word, or under a word of its own.
        match c.by_name {
            Some(n) if n == c.ref_name() => {
                o["properties"][n]["type"] = json!(["object", "string", "null"]);
                o["properties"][n]["description"] = json!(format!("read: the record; written: {} by name", c.name));
                o["properties"][n].as_object_mut().map(|p| p.remove("readOnly"));
            }
            Some(n) => {
                o["properties"][n] = json!({"type": "string", "writeOnly": true, "description": format!("{} by name", c.name)});
            }
            None => {}
        }
    }
    o["properties"]["id"] = json!({"type": "string", "format": "uuid", "readOnly": true});
    o["properties"]["version"] = json!({"type": "integer"});
    if !s.has_column("title") {
        o["properties"]["title"] = json!({"type": "string", "readOnly": true});
    }
    for l in &s.lines {
        let mut item = object(&l.columns);
        names(&mut item, &l.columns);
        item["properties"]["id"] = json!({"type": "string", "format": "uuid"});
        o["properties"][l.name] = json!({"type": "array", "maxItems": l.max, "items": item});
    }
    o
}

/// What an update may say: everything that can be written, nothing of it required.
fn change_schema(s: &Spec) -> Json {
    let mut o = entity_schema(s);
    o.as_object_mut().map(|o| o.remove("required"));
    if let Some(p) = o["properties"].as_object_mut() {
        p.retain(|_, of| of["readOnly"] != json!(true));
    }
    o
}

/// The document; built on demand, since it is asked for rarely.
pub fn document(registry: &Registry) -> Json {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    let problem = json!({"description": "problem (RFC 9457)", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}});
    more::fixed(&mut paths, &problem);
    for s in &registry.specs {
        more::of_collection(&mut paths, s.name, s.kind != Kind::Facts, &problem);
        schemas.insert(s.name.into(), entity_schema(s));
        let one = json!({"$ref": format!("#/components/schemas/{}", s.name)});
        let ok = |d: &str| json!({"200": {"description": d, "content": {"application/json": {"schema": one}}}, "default": problem});
        let body = json!({"required": true, "content": {"application/json": {"schema": one}}});
        let tag = json!([s.name]);
        let list = json!({"type": "object", "properties": {"items": {"type": "array", "items": one}, "next": {"type": ["string", "null"]}, "count": {"type": "integer"}}});
        let params: Vec<Json> = ["q", "sort", "limit", "after", "fields", "count", "archived", "as_of"]
            .iter()
            .map(|p| json!({"name": p, "in": "query", "schema": {"type": "string"}}))
            .collect();
        let title = message::entity(Lang::En, s.name);
        let mut at = json!({"get": {"tags": tag, "summary": title, "parameters": params, "responses": {"200": {"description": title, "content": {"application/json": {"schema": list}}}, "default": problem}}});
        let writable = s.kind != Kind::Facts;
        if writable || s.recorded_by.is_some() {
            at["post"] = json!({"tags": tag, "summary": message::entity_new(Lang::En, s.name), "requestBody": body, "responses": {"201": ok("made")["200"], "default": problem}});
        }
        paths.insert(format!("/api/v1/{}", s.name), at);
        let id = json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}]);
        let mut at = json!({"parameters": id, "get": {"tags": tag, "summary": message::entity_one(Lang::En, s.name), "responses": ok("the record")}});
        if writable {
            let change = json!({"required": true, "content": {"application/json": {"schema": change_schema(s)}}});
            at["patch"] = json!({"tags": tag, "summary": "change; carries the version it was based on", "requestBody": change, "responses": ok("changed")});
            at["delete"] = json!({"tags": tag, "summary": "archive, or remove a draft", "responses": ok("archived")});
        } else if s.removable() {
            at["delete"] = json!({"tags": tag, "summary": "remove", "responses": ok("removed")});
        }
        paths.insert(format!("/api/v1/{}/{{id}}", s.name), at);
        for v in &s.verbs {
            let mut input = object(&v.input);
            if v.edits {
                input = json!({"allOf": [change_schema(s), input]});
            }
            paths.insert(
                format!("/api/v1/{}/{{id}}/{}", s.name, v.name),
                json!({"parameters": id, "post": {"tags": tag, "summary": message::verb(Lang::En, s.name, v.name), "requestBody": {"content": {"application/json": {"schema": input}}}, "responses": ok("done")}}),
            );
        }
    }
    for q in &registry.questions {
        let parts: Vec<Json> = q
            .path
            .split('/')
            .filter_map(|p| p.strip_prefix('{')?.strip_suffix('}'))
            .map(|p| json!({"name": p, "in": "path", "required": true, "schema": {"type": "string"}}))
            .collect();
        let method = if q.post { "post" } else { "get" };
        let mut of = json!({"responses": {"200": {"description": "answer", "content": {"application/json": {"schema": {"type": "object"}}}}, "default": problem}});
        match registry.asked.get(q.path) {
            Some(columns) if q.post => {
                of["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": object(columns)}}})
            }
            Some(columns) => {
                let one = |c: &Column| json!({"name": c.name, "in": "query", "required": c.required, "schema": schema_of(c)});
                of["parameters"] = columns.iter().map(one).collect();
            }
            None => {}
        }
        paths.insert(format!("/api/v1/{}", q.path), json!({"parameters": parts, method: of}));
    }
    for s in &registry.starts {
        let answer =
            json!({"202": {"description": "the job", "content": {"application/json": {"schema": {"type": "object"}}}}, "default": problem});
        let body = json!({"required": true, "content": {"application/json": {"schema": {"type": "object"}}}});
        paths.insert(format!("/api/v1/{}", s.path), json!({"post": {"requestBody": body, "responses": answer}}));
    }
    for r in &registry.reports {
        let params: Vec<Json> =
            r.params.iter().map(|p| json!({"name": p.name, "in": "query", "required": p.required, "schema": schema_of(p)})).collect();
        let title = tr(Lang::En, &format!("report-{}", r.name));
        paths.insert(format!("/api/v1/reports/{}", r.name), json!({"get": {"tags": ["reports"], "summary": title, "parameters": params, "responses": {"200": {"description": "table", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Table"}}}}, "default": problem}}}));
    }
    schemas.insert("Problem".into(), json!({"type": "object", "properties": {"type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "code": {"type": "string"}, "errors": {"type": "array", "minItems": 1, "items": {"type": "object", "properties": {"field": {"type": "string"}, "code": {"type": "string"}, "message": {"type": "string"}, "hint": {"type": ["string", "null"]}, "args": {"type": "object"}}}}, "conflicts": {"type": "array", "description": "409: what it was, what it is, what was sent", "items": {"type": "object", "properties": {"field": {"type": "string"}, "base": {}, "theirs": {}, "yours": {}}}}}}));
    schemas.insert("Table".into(), json!({"type": "object", "properties": {"currency": {"type": "string"}, "columns": {"type": "array", "items": {"type": "string"}}, "rows": {"type": "array", "items": {"type": "object"}}, "totals": {"type": "object"}, "notes": {"type": "array", "items": {"type": "string"}}}}));
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Kontor", "version": env!("CARGO_PKG_VERSION"), "description": "CRM and sales office. Sums, prices, quantities and rates are decimal strings; a reference is written as x_id and read as x: {id, title}."},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        "security": [{"bearer": []}],
    })
}
