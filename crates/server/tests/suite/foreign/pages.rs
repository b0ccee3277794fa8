//! The doors of a browser: pages, fragments, files, live events, over the router that is served.

use super::commands::Answers;
use super::{Person, Rows};
use crate::browser::Browser;
use axum::http::{Method, header};
use kontor_platform::App;
use kontor_platform::spec::{Kind, Spec, Ty};
use kontor_platform::value::Id;
use std::io::Read;
use std::sync::Arc;

/// What a door says, to be compared.
trait Asks {
    fn ask(&self, method: Method, path: &str, kind: &str, body: &str) -> String;
    fn get(&self, path: &str) -> String {
        self.ask(Method::GET, path, "", "")
    }
    fn form(&self, path: &str, body: &str) -> String {
        self.ask(Method::POST, path, "application/x-www-form-urlencoded", body)
    }
    fn json(&self, method: Method, path: &str, body: &str) -> String {
        self.ask(method, path, "application/json", body)
    }
}

impl Asks for Browser {
    /// Status, where it leads to, and the body without what is another one every time.
    fn ask(&self, method: Method, path: &str, kind: &str, body: &str) -> String {
        let said = self.send(method.clone(), path, kind, body.into());
        let body = said.body();
        assert!(!said.status().is_server_error(), "{method} {path}: {} {}", said.status(), String::from_utf8_lossy(body));
        let to = said.headers().get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or("");
        let text = if body.starts_with(b"PK") { unpacked(body) } else { String::from_utf8_lossy(body).into_owned() };
        format!("{} {to} {}", said.status().as_u16(), masked(text))
    }
}

/// Everything in a workbook but when it was written.
fn unpacked(file: &[u8]) -> String {
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(file)).expect("a workbook");
    let mut out = String::new();
    for n in 0..book.len() {
        let mut part = book.by_index(n).expect("a part");
        if part.name().expect("a name") != "docProps/core.xml" {
            part.read_to_string(&mut out).expect("text");
        }
    }
    out
}

/// What is another one every time: numbers used once, of a form that makes something and of a price book; when a file was made.
const ONCE: [(&str, char); 3] =
    [("name=\"idempotency_key\" value=\"", '"'), ("kontor-price-book-1</t></si><si><t>", '<'), ("ДатаФормирования=\"", '"')];

fn masked(mut text: String) -> String {
    for (start, end) in ONCE {
        let mut from = 0;
        while let Some(at) = text[from..].find(start).map(|n| from + n + start.len()) {
            let Some(n) = text[at..].find(end) else { break };
            text.replace_range(at..at + n, "once");
            from = at;
        }
    }
    text
}

/// Addresses that name nothing of anybody: pages, then files.
const PAGES: [&str; 26] = [
    "/",
    "/home/sales",
    "/deals",
    "/deals?view=funnel",
    "/deals?view=list",
    "/reports",
    "/settings",
    "/profile",
    "/price-exchange/lists",
    "/price-exchange/matching",
    "/price-exchange/matching?show=all",
    "/price-exchange/comparison",
    "/price-exchange/book",
    "/price-exchange/book/file",
    "/price-exchange/commerceml",
    "/price-exchange/paper",
    "/price-workbench",
    "/rate-matrix",
    "/price-simulator",
    "/price-rules",
    "/price-rules?all=true",
    "/price-matrix",
    "/api/v1/reports",
    "/api/v1/products/export?format=commerceml",
    "/api/v1/prices/export?format=commerceml",
    "/api/v1/products/export?format=price-list-pdf",
];
const SEARCHED: [&str; 3] = ["/api/v1/search?q=%D0%9F%D1%80%D0%BE%D0%B1%D0%B0", "/api/v1/search?q=SO", "/api/v1/search?q=0000"];
const PRINTED: [&str; 4] = ["price-list-xlsx", "price-list-html", "price-book", "labels"];

/// Everything that can be opened without naming what belongs to others.
pub fn answers(app: &Arc<App>, who: &Person, mine: &Rows) -> Answers {
    let b = who.browser();
    let mut at: Vec<String> = PAGES.iter().chain(&SEARCHED).map(|p| p.to_string()).collect();
    at.extend(PRINTED.iter().map(|f| format!("/api/v1/products/export?format={f}")));
    for spec in &app.registry.specs {
        of_collection(spec, &mut at);
    }
    for (spec, id) in mine {
        let here = format!("/{}/{id}", spec.name);
        at.extend(["", "?tab=related", "?tab=history", "/peek", "/edit"].map(|rest| format!("{here}{rest}")));
        at.extend(["", "/history"].map(|rest| format!("/api/v1{here}{rest}")));
        at.extend(app.registry.questions.iter().filter(|q| !q.post && of(q.path, spec)).map(|q| {
            let line = app.record(&who.ctx, spec.name, *id).ok().and_then(|r| Some(r.lines.first()?.first()?.id)).unwrap_or(*id);
            format!("/api/v1/{}", q.path.replace("{id}", &id.to_string()).replace("{line}", &line.to_string()))
        }));
    }
    let mine_of = |name: &str| mine.iter().find(|(s, _)| s.name == name).map(|(_, id)| *id);
    if let Some(id) = mine_of("price-types") {
        at.extend(["/price-workbench?", "/price-exchange/paper?", "/price-exchange/book/file?"].map(|p| format!("{p}price_type_id={id}")));
        at.extend(PRINTED.iter().map(|f| format!("/api/v1/products/export?format={f}&price_type_id={id}")));
    }
    if let Some(id) = mine_of("stock-receipts") {
        at.push(format!("/api/v1/products/export?format=labels&stock_receipt_id={id}"));
    }
    for r in &app.registry.reports {
        let api = format!("/api/v1/reports/{}", r.name);
        at.extend([format!("/reports/{}", r.name), format!("/reports/{}/export?format=csv", r.name)]);
        at.extend(["json", "xlsx", "pdf"].map(|f| format!("{api}?format={f}")));
        at.push(format!("/reports/{}?from=2020-01-01&to=2030-12-31", r.name));
    }
    let all: Answers = at.into_iter().map(|path| (path.clone(), b.get(&path))).collect();
    let open = all.values().filter(|said| said.starts_with("200")).count();
    assert!(open > 300, "only {open} of {} doors are open to {}", all.len(), who.role);
    all
}

fn of(path: &str, spec: &Spec) -> bool {
    path.strip_prefix(spec.name).is_some_and(|rest| rest.starts_with("/{id}"))
}

fn of_collection(spec: &Spec, at: &mut Vec<String>) {
    let name = spec.name;
    at.extend([format!("/{name}"), format!("/{name}?q=%D0%9F%D1%80%D0%BE%D0%B1%D0%B0&count=true&totals=true")]);
    at.extend([format!("/list/{name}/count"), format!("/list/{name}/totals"), format!("/api/v1/{name}?count=true")]);
    at.extend(["csv", "xlsx"].map(|f| format!("/api/v1/{name}/export?format={f}")));
    if let Some(by) = spec.columns.iter().find(|c| c.visible() && matches!(c.ty, Ty::Ref(_))) {
        at.push(format!("/{name}?group={}", by.name));
    }
    if spec.kind != Kind::Facts {
        at.extend([format!("/{name}/new"), format!("/list/{name}/import")]);
    }
}

/// Everything that can be asked with the id of one record.
pub fn by_id(app: &Arc<App>, who: &Person, spec: &'static Spec, id: Id) -> Answers {
    let b = who.browser();
    let here = format!("/{}/{id}", spec.name);
    let mut out = Answers::new();
    let mut get = |path: String| {
        let said = b.get(&path);
        out.insert(path.replace(&id.to_string(), "ID"), said);
    };
    for rest in ["", "?tab=related", "?tab=history", "/peek", "/edit"] {
        get(format!("{here}{rest}"));
    }
    for rest in ["", "/history"] {
        get(format!("/api/v1{here}{rest}"));
    }
    let name = match spec.name {
        "companies" => "company_id".to_string(),
        name => format!("{}_id", name.trim_end_matches("ies").trim_end_matches('s').replace('-', "_")),
    };
    for page in
        PAGES.iter().filter(|p| !p.contains('?')).copied().chain(["/price-simulator/choose?x=", "/api/v1/products/export?format=labels"])
    {
        let and = if page.contains('?') { '&' } else { '?' };
        get(format!("{page}{and}{name}={id}"));
    }
    for param in ["rule", "removed", "job", "tried"] {
        get(format!("/price-simulator?{param}={id}"));
    }
    for r in &app.registry.reports {
        get(format!("/reports/{}?{name}={id}", r.name));
    }
    for other in &app.registry.specs {
        for c in other.columns.iter().filter(|c| matches!(c.ty, Ty::Ref(of) if of == spec.name)) {
            get(format!("/{}?{}={id}", other.name, c.name));
            get(format!("/{}/new?{}={id}", other.name, c.name));
            get(format!("/api/v1/{}/export?{}={id}", other.name, c.name));
        }
        if other.kind == Kind::Document {
            get(format!("/{}/new?from={id}", other.name));
        }
    }
    get(format!("/jobs/{id}/progress"));
    let mut put = |key: String, said: String| out.insert(key, said);
    put("presence".into(), b.json(Method::PUT, &format!("/api/v1/presence{here}"), ""));
    put("change".into(), b.json(Method::PATCH, &format!("/api/v1{here}"), r#"{"version":1,"comment":"x"}"#));
    put("save".into(), b.form(&format!("{here}/edit"), "version=1&comment=x"));
    put("remove".into(), b.form(&format!("{here}/delete"), ""));
    put("note".into(), b.form(&format!("{here}/note"), "text=x"));
    put("stop".into(), b.form(&format!("/jobs/{id}/stop"), ""));
    put("matching".into(), b.form(&format!("/price-exchange/matching/{id}"), "what=accept"));
    put("group".into(), b.json(Method::POST, &format!("/api/v1/audit/groups/{id}/undo"), "{}"));
    for v in &spec.verbs {
        put(format!("do {}", v.name), b.form(&format!("{here}/do/{}", v.name), ""));
        put(format!("verb {}", v.name), b.json(Method::POST, &format!("/api/v1{here}/{}", v.name), "{}"));
    }
    for q in app.registry.questions.iter().filter(|q| !q.post && of(q.path, spec)) {
        let path = format!("/api/v1/{}", q.path.replace("{id}", &id.to_string()).replace("{line}", &id.to_string()));
        put(q.path.into(), b.get(&path));
    }
    let bulk = format!(r#"{{"command":"delete","ids":["{id}"]}}"#);
    put("bulk".into(), b.json(Method::POST, &format!("/api/v1/{}/bulk?dry_run=true", spec.name), &bulk));
    out
}
