//! Views of a list as tabs: all, mine, by state, those that the user saved (kept with his settings) and those
//! that colleagues share.

use super::address;
use super::state::{Call, Reply, Req, Web, respond};
use crate::ui::dialog::Dialog;
use crate::ui::form::{Control, Field};
use crate::ui::head::{Tab, Tabs};
use crate::ui::icons::icon_small;
use axum::extract::{Path, State};
use axum::response::Response;
use kontor_api::call::pairs;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_platform::spec::Spec;
use kontor_platform::value::Id;
use kontor_texts::{message, tr};
use maud::{Markup, html};
use serde_json::{Value as Json, json};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// States of what is still to be done, where a collection has them.
const OPEN: [&str; 2] = ["planned", "in_work"];
/// Most views of one list.
const MAX_VIEWS: usize = 20;
/// Seconds after which another node's change of views is seen.
const SECONDS: u64 = 5;

#[derive(Clone, Debug, PartialEq)]
struct View {
    name: String,
    /// Query string without `?`.
    query: String,
    /// Colleagues see it too.
    shared: bool,
    /// Whose it is, where it is a colleague's.
    of: Option<String>,
}

type Known = HashMap<(Id, &'static str), (Instant, Arc<Vec<View>>)>;

/// Views read lately, so that a list costs one read.
#[derive(Default)]
pub struct Cache(Mutex<Known>);

fn key(spec: &Spec) -> String {
    format!("views/{}", spec.name)
}

fn saved(c: &Call, spec: &'static Spec) -> Result<Arc<Vec<View>>> {
    let at = (c.ctx.user_id, spec.name);
    if let Some((when, v)) = c.web.facts.views.0.lock().unwrap_or_else(|e| e.into_inner()).get(&at)
        && when.elapsed() < Duration::from_secs(SECONDS)
    {
        return Ok(v.clone());
    }
    let own = c.app.setting(&c.ctx, &key(spec))?.unwrap_or(Json::Null);
    let mut views = read(&own, None);
    for (_, name, theirs) in c.app.settings_of_others(&c.ctx, &key(spec))? {
        views.extend(read(&theirs, Some(&name)).into_iter().filter(|v| v.shared));
    }
    views.truncate(2 * MAX_VIEWS);
    let views = Arc::new(views);
    let mut known = c.web.facts.views.0.lock().unwrap_or_else(|e| e.into_inner());
    if known.len() > 10_000 {
        known.clear();
    }
    known.insert(at, (Instant::now(), views.clone()));
    Ok(views)
}

fn read(j: &Json, of: Option<&str>) -> Vec<View> {
    let text = |v: &Json, k: &str| v[k].as_str().unwrap_or_default().to_string();
    let one =
        |v: &Json| View { name: text(v, "name"), query: text(v, "query"), shared: v["shared"] == json!(true), of: of.map(str::to_string) };
    j.as_array().into_iter().flatten().map(one).collect()
}

/// What tells one view from another: conditions and words, in any order.
fn essence(q: &[(String, String)]) -> Vec<(String, String)> {
    let mut out: Vec<_> = q
        .iter()
        .filter(|(k, v)| !matches!(k.as_str(), "after" | "count" | "limit" | "lang" | "sort" | "cols" | "totals") && !v.is_empty())
        .cloned()
        .collect();
    out.sort();
    out
}

pub fn tabs(c: &Call, spec: &'static Spec, path: &str) -> Result<Markup> {
    let mut all: Vec<(String, String)> = vec![(c.t("page-list-all").to_string(), String::new())];
    if let Some(owner) = spec.owner {
        all.push((c.t("page-list-mine").to_string(), format!("{owner}={}", c.ctx.user_id)));
    }
    if OPEN.iter().all(|s| spec.states.contains(s)) {
        all.push((
            c.t("page-list-open").to_string(),
            format!("state.in={}{}", OPEN.join(","), if spec.col("due_at").is_some() { "&sort=due_at" } else { "" }),
        ));
    }
    if (2..=7).contains(&spec.states.len()) {
        all.extend(spec.states.iter().take(5).map(|s| (message::state(c.lang, spec.name, s).to_string(), format!("state={s}"))));
    }
    let saved = saved(c, spec)?;
    // a colleague's view says whose it is
    all.extend(saved.iter().map(|v| (v.of.as_ref().map_or_else(|| v.name.clone(), |of| format!("{} · {of}", v.name)), v.query.clone())));
    if all.len() == 1 {
        return Ok(html! { (save_dialog(c, spec)) });
    }
    let now = essence(&c.req.query);
    let links: Vec<(String, String, bool)> = all
        .into_iter()
        .map(|(title, q)| (title, if q.is_empty() { path.to_string() } else { format!("{path}?{q}") }, essence(&pairs(&q)) == now))
        .collect();
    let items: Vec<Tab> = links.iter().map(|(title, href, here)| Tab { title, href, count: None, here: *here }).collect();
    let mine = saved.iter().find(|v| v.of.is_none() && essence(&pairs(&v.query)) == now);
    Ok(html! {
        div class="k-views" {
            (Tabs { label: c.t("page-list-views"), items: &items })
            @if let Some(v) = mine {
                form method="post" action={ "/list" (path) "/views/remove" } {
                    input type="hidden" name="csrf" value=(c.csrf); input type="hidden" name="name" value=(v.name);
                    button type="submit" class="k-icb" aria-label=(c.t("page-list-remove_view")) title=(c.t("page-list-remove_view")) { (icon_small("x")) }
                }
            }
        }
        (save_dialog(c, spec))
    })
}

/// Offered while the conditions are no view yet.
pub fn save_button(c: &Call, spec: &'static Spec) -> Result<Markup> {
    let now = essence(&c.req.query);
    if now.is_empty() && c.param("sort").is_none() || saved(c, spec)?.iter().any(|v| essence(&pairs(&v.query)) == now) {
        return Ok(html! {});
    }
    Ok(html! { button type="button" class="btn btn-2 btn-s" data-open="#save-view" { (c.t("page-list-save_view")) } })
}

fn save_dialog(c: &Call, spec: &'static Spec) -> Markup {
    let query = address::with("", &c.req.query, &["after", "count", "limit", "lang", "totals"], &[]);
    let fields = [
        Field::new("name", c.t("page-list-view_name"), Control::Text { value: "", kind: "text", placeholder: "" }).required().width("w12"),
        Field::new("shared", "", Control::Check { on: false, text: c.t("page-list-share_view") }).width("w12"),
        Field::new("query", "", Control::Custom(html! { input type="hidden" name="query" value=(query.trim_start_matches('?')); })),
    ];
    let action = format!("/list/{}/views", spec.name);
    html! { (Dialog { lang: c.lang, id: "save-view", title: c.t("page-list-save_view"), text: "", fields: &fields, verb: tr(c.lang, "page-card-save"), danger: false, action: Some((&action, &c.csrf)) }) }
}

fn keep(c: &Call, spec: &'static Spec, views: &[View]) -> Result<()> {
    let j: Vec<Json> =
        views.iter().filter(|v| v.of.is_none()).map(|v| json!({"name": v.name, "query": v.query, "shared": v.shared})).collect();
    c.app.keep_setting(&c.ctx, &key(spec), Json::Array(j))?;
    c.web.facts.views.0.lock().unwrap_or_else(|e| e.into_inner()).remove(&(c.ctx.user_id, spec.name));
    Ok(())
}

pub async fn save(State(web): State<Web>, Path(collection): Path<String>, req: Req) -> Response {
    respond(web, req, move |c| {
        let spec = c.spec(&collection)?;
        let form = c.req.form();
        let field = |n: &str| form.iter().find(|(k, _)| k == n).map_or("", |(_, v)| v.trim());
        let name: String = field("name").chars().take(40).collect();
        if name.is_empty() {
            return Err(Error::field("name", "required"));
        }
        let query: String = field("query").chars().take(4000).collect();
        let mut views = saved(c, spec)?.as_ref().clone();
        views.retain(|v| v.of.is_none() && v.name != name);
        if views.len() >= MAX_VIEWS {
            return Err(Error::field("name", "line_limit").field_arg("max", MAX_VIEWS));
        }
        let shared = form.iter().any(|(k, v)| k == "shared" && v == "true");
        views.push(View { name, query: query.clone(), shared, of: None });
        keep(c, spec, &views)?;
        Ok(Reply::Go(format!("/{}{}{query}", spec.name, if query.is_empty() { "" } else { "?" })))
    })
    .await
}

pub async fn remove(State(web): State<Web>, Path(collection): Path<String>, req: Req) -> Response {
    respond(web, req, move |c| {
        let spec = c.spec(&collection)?;
        let form = c.req.form();
        let name = form.iter().find(|(k, _)| k == "name").map_or("", |(_, v)| v.as_str());
        let mut views = saved(c, spec)?.as_ref().clone();
        views.retain(|v| v.of.is_none() && v.name != name);
        keep(c, spec, &views)?;
        Ok(Reply::Go(format!("/{}", spec.name)))
    })
    .await
}
