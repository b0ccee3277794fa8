//! The list of any collection: columns by the declaration or the address, conditions as chips, endless rows, peek,
//! what can be done with the selected. One read of the database; the address bar holds the whole state.

use super::about::About;
use super::address;
use super::bulk;
use super::chips::{self, Condition};
use super::columns::{columns, heads, lead};
use super::groups;
use super::import::takes;
use super::nav;
use super::shell::PageOf;
use super::state::{Call, Reply, Req, Web, respond};
use super::values;
use super::views;
use crate::ui::empty::Empty;
use crate::ui::filters::{Chip, Filters};
use crate::ui::head::{Button, Kind as ButtonKind, Menu, PageHead};
use crate::ui::icons::icon;
use crate::ui::table::{Bulk, Cell, List, Room, Row, Rows, Table};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use kontor_kernel::error::{Kind as ErrorKind, Result};
use kontor_platform::query::{Page, Query};
use kontor_platform::spec::{Column, Kind, Spec, Ty};
use kontor_platform::value::Value;
use kontor_texts::{Arg, format, label, message, tr, tr_args};
use maud::{Markup, Render, html};

pub async fn show(State(web): State<Web>, Path(collection): Path<String>, req: Req) -> Response {
    respond(web, req, move |c| page(c, c.spec(&collection)?)).await
}

fn rows<'a>(c: &Call, spec: &'static Spec, page: &'a Page, about: &About) -> Vec<Row<'a>> {
    let archived = page.columns.iter().position(|i| spec.columns[*i].name == "archived");
    let state = page.columns.iter().position(|i| matches!(spec.columns[*i].ty, Ty::State));
    let untitled = tr(c.lang, "untitled");
    // The platform gives the title with every row, and so no column of that name.
    let apart = lead(spec) == "title";
    page.rows
        .iter()
        .map(|r| {
            let href = format!("/{}/{}", spec.name, r.id);
            let title = if r.title.is_empty() { untitled } else { r.title.as_str() };
            let mut cells = Vec::with_capacity(page.columns.len() + 1);
            if apart {
                cells.push(Cell::Name(values::title(c, spec, title), href.clone().into()));
            }
            for (k, i) in page.columns.iter().enumerate().take(page.columns.len() - usize::from(archived.is_some())) {
                let col = &spec.columns[*i];
                cells.push(if k == 0 && !apart {
                    let name = if col.name == spec.title { title } else { r.titles[k].as_deref().unwrap_or(title) };
                    Cell::Name(name.into(), href.clone().into())
                } else {
                    let record = if matches!(col.ty, Ty::Record) { r.values[k].as_id().and_then(|id| about.cell(c, id)) } else { None };
                    record.unwrap_or_else(|| values::cell(c, spec.name, col, &r.values[k], r.titles[k].as_deref()))
                });
            }
            let off = archived.is_some_and(|k| r.values[k] == Value::Bool(true))
                || state.is_some_and(|k| matches!(&r.values[k], Value::Text(s) if matches!(s.as_str(), "cancelled" | "reversed")));
            Row { id: r.id.to_string().into(), href: href.into(), cells, off }
        })
        .collect()
}

/// What the address asks for.
pub(super) struct Asked {
    pub query: Query,
    conditions: Vec<Condition>,
    pub columns: Vec<&'static Column>,
}

pub(super) fn asked(c: &Call, spec: &'static Spec) -> Result<Asked> {
    let pairs: Vec<(String, String)> =
        c.req.query.iter().filter(|(k, v)| !address::OF_PAGES.contains(&k.as_str()) && !v.is_empty()).cloned().collect();
    let mut query = Query::parse(&c.app, &c.ctx, spec, &pairs)?;
    let conditions = query.filters.iter().map(|f| chips::describe(c, spec, &f.key, &f.value)).collect::<Result<Vec<_>>>()?;
    let columns = columns(c, spec, &conditions);
    let mut fields: Vec<String> = columns.iter().map(|x| x.name.to_string()).collect();
    if query.archived && spec.col("archived").is_some() {
        fields.retain(|f| f != "archived");
        fields.push("archived".into());
    }
    query.fields = Some(fields);
    Ok(Asked { query, conditions, columns: columns.into_iter().filter(|x| x.name != "archived").collect() })
}

fn page(c: &Call, spec: &'static Spec) -> Result<Reply> {
    let path = format!("/{}", spec.name);
    let a = match asked(c, spec) {
        Ok(a) => a,
        // A condition that cannot be read must not hide the list: it is named, and the way back stands beside it.
        Err(e) if e.kind() == ErrorKind::Refused => return Ok(unreadable(c, spec, &super::errors::explain(c.lang, &e))),
        Err(e) => return Err(e),
    };
    if let Some(by) = groups::asked_for(c, spec) {
        return grouped(c, spec, &a, by, &path);
    }
    let page = c.app.list(&c.ctx, spec.name, &a.query)?;
    let columns = heads(c, spec, &a.columns, &a.query, &path);
    let rows = rows(c, spec, &page, &About::of(c, &page)?);
    let next = page.next.as_ref().map(|n| address::with(&path, &c.req.query, &["count"], &[("after", n)]));
    let title = message::entity(c.lang, spec.name);
    let bulk = bulk::actions(c, spec, &a.columns);
    // a first page that is all, or a narrowed list, is added up by itself
    let narrow = !a.conditions.is_empty() || !a.query.q.is_empty() || page.next.is_none();
    let foot = if rows.is_empty() || a.query.after.is_some() {
        None
    } else {
        groups::foot(c, spec, &a.query, &a.columns, !bulk.is_empty(), narrow)?
    };
    let table = Table {
        lang: c.lang,
        label: title,
        columns: &columns,
        rows: &rows,
        totals: None,
        foot,
        next: next.as_deref(),
        select: (!bulk.is_empty()).then_some(tr(c.lang, "page-list-select_all")),
        peek: true,
    };
    if c.req.by_script() && !c.req.partial() && a.query.after.is_some() {
        return Ok(Reply::ok(Rows { table: &table }.render()));
    }
    // Without anything after it, a first page is all there is.
    let known = page.count.or_else(|| (page.next.is_none() && a.query.after.is_none()).then_some(page.rows.len() as i64));
    let count = known.map(|n| n.to_string());
    let empty = rows.is_empty().then(|| nothing(c, spec, &a, &path));
    let dialogs = bulk::dialogs(c, spec, &a.columns);
    let list = List {
        collection: spec.name,
        count: count.as_deref(),
        table,
        empty,
        bulk: (!bulk.is_empty()).then_some(Bulk {
            label: tr(c.lang, "page-list-bulk"),
            all: tr(c.lang, "page-list-select_all"),
            clear: tr(c.lang, "page-list-unselect"),
            actions: &bulk,
        }),
        peek_label: tr(c.lang, "page-list-peek"),
    };
    let content = html! {
        (Room::rows(list.table.rows.len()))
        (head(c, spec, &a, known, page.next.is_some(), &path))
        (views::tabs(c, spec, &path)?)
        (filters(c, spec, &a, &path)?)
        @if page.newest { (newest(c, spec, &path)) }
        (list)
        (dialogs)
    };
    let crumbs = crumbs(c, spec);
    Ok(c.page(&PageOf { title, here: spec.name, crumbs: &crumbs, create: create_button(c, spec), toast: None }, content))
}

/// The list in groups, with the same head, views and conditions.
fn grouped(c: &Call, spec: &'static Spec, a: &Asked, by: &'static Column, path: &str) -> Result<Reply> {
    let title = message::entity(c.lang, spec.name);
    let content = html! {
        (head(c, spec, a, None, false, path))
        (views::tabs(c, spec, path)?)
        (filters(c, spec, a, path)?)
        (groups::view(c, spec, &a.query, by, &a.conditions, &a.columns)?)
    };
    let crumbs = crumbs(c, spec);
    Ok(c.page(&PageOf { title, here: spec.name, crumbs: &crumbs, create: create_button(c, spec), toast: None }, content))
}

/// Group and list, as crumbs.
pub fn crumbs(c: &Call, spec: &'static Spec) -> Vec<(&'static str, Option<&'static str>)> {
    let title = message::entity(c.lang, spec.name);
    nav::group_title(c, spec.name).into_iter().chain([(title, Some(nav::address(spec.name)))]).collect()
}

/// The button that makes a new record, for who may.
pub fn create_button(c: &Call, spec: &'static Spec) -> Option<Markup> {
    let may = spec.kind != Kind::Facts && c.ctx.access.may(spec, "create");
    may.then(|| {
        Button::new(ButtonKind::Second, message::entity_one(c.lang, spec.name)).icon("plus").key("n").link(&format!("/{}/new", spec.name))
    })
}

fn head(c: &Call, spec: &'static Spec, a: &Asked, known: Option<i64>, more: bool, path: &str) -> Markup {
    let q = &c.req.query;
    let about = html! {
        @match known {
            Some(n) => span class="m2 tn" { (format::integer(c.lang, n)) },
            None if more => a class="m2 lk" href=(address::with(path, q, &["after"], &[("count", "true")])) title=(c.t("page-list-count"))
                hx-get=(address::with(&format!("/list{path}/count"), q, &["after", "count", "sort"], &[])) hx-swap="outerHTML" hx-target="this" { (a.query.limit) "+" },
            None => "",
        }
    };
    let archived = spec.col("archived").is_some();
    let actions = html! {
        (export_menu(c, spec, a))
        (groups::menu(c, spec, path))
        (column_menu(c, spec, a, path))
        (super::work::other_looks(c, spec.name))
        @if archived {
            @let on = a.query.archived;
            a class={ "btn btn-3" @if on { " is-hover" } } href=(address::with(path, q, &["after", "count", "archived"], &[("archived", if on { "" } else { "true" })])) title=(c.t("page-list-archived")) aria-current=[on.then_some("true")] {
                (icon("archive")) span class="vh" { (c.t("page-list-archived")) }
            }
        }
    };
    PageHead { title: message::entity(c.lang, spec.name), about, actions, list: true, line: false }.render()
}

/// A frequent word: what comes first, and the way to the list's own order.
fn newest(c: &Call, spec: &'static Spec, path: &str) -> Markup {
    let sort = if spec.sort.is_empty() { spec.title } else { spec.sort };
    html! {
        p class="k-word" role="status" {
            (icon("clock")) (c.t("page-list-newest")) " "
            a class="lk" href=(address::with(path, &c.req.query, &["after", "sort"], &[("sort", sort)])) { (c.t("page-list-newest_sort")) }
        }
    }
}

/// Exactly what is seen, all pages of it, as a file.
fn export_menu(c: &Call, spec: &'static Spec, a: &Asked) -> Markup {
    let fields = a.columns.iter().map(|x| x.name).collect::<Vec<_>>().join(",");
    let path = format!("/api/v1/{}/export", spec.name);
    let href = |format: &str| {
        address::with(
            &path,
            &c.req.query,
            &["after", "count", "cols", "lang", "view", "tab", "limit", "group", "totals"],
            &[("fields", &fields), ("format", format)],
        )
    };
    let items = html! {
        a href=(href("xlsx")) download data-full { (icon("download")) "XLSX" }
        a href=(href("csv")) download data-full { (icon("download")) "CSV" }
        @if let Some(href) = super::work::print_of_list(c, spec.name) { a href=(href) { (icon("printer")) (c.t("inout-paper")) } }
        @if takes(spec) && c.ctx.access.may(spec, "create") { hr; a href={ "/list/" (spec.name) "/import" } { (icon("upload")) (c.t("page-import")) } }
    };
    Menu { label: c.t("page-list-export"), icon: "download", worded: true, items }.render()
}

/// Columns to choose from, as a plain form.
fn column_menu(c: &Call, spec: &'static Spec, a: &Asked, path: &str) -> Markup {
    let keep = c.req.query.iter().filter(|(k, v)| !matches!(k.as_str(), "cols" | "after" | "count") && !v.is_empty());
    let offered = spec
        .columns
        .iter()
        .filter(|x| x.visible() && x.name != spec.title && !matches!(x.name, "custom" | "archived") && !c.ctx.access.hidden(spec, x.name));
    let items = html! {
        form class="k-colpick" method="get" action=(path) {
            @for (k, v) in keep { input type="hidden" name=(k) value=(v); }
            div {
                @for x in offered {
                    label class="k-check" { input class="form-check-input" type="checkbox" name="cols" value=(x.name) checked[a.columns.iter().any(|y| y.name == x.name)]; (label(c.lang, spec.name, x.name)) }
                }
            }
            div class="row-f" {
                button type="submit" class="btn btn-primary btn-s" { (c.t("page-list-show_columns")) }
                a class="btn btn-3 btn-s" href=(address::with(path, &c.req.query, &["cols", "after", "count"], &[])) { (c.t("page-list-usual_columns")) }
            }
        }
    };
    Menu { label: c.t("page-list-columns"), icon: "columns-3", worded: true, items }.render()
}

fn filters(c: &Call, spec: &'static Spec, a: &Asked, path: &str) -> Result<Markup> {
    let chips: Vec<Chip> =
        a.conditions.iter().map(|x| Chip { name: &x.key, value: &x.value, label: &x.label, op: x.op, text: &x.text }).collect();
    let fields = chips::fields(c, spec);
    let keep: Vec<(&str, &str)> = c
        .req
        .query
        .iter()
        .filter(|(k, v)| matches!(k.as_str(), "sort" | "cols" | "archived" | "group") && !v.is_empty())
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    let aside = views::save_button(c, spec)?;
    let m = Filters { lang: c.lang, action: path, chips: &chips, fields: &fields, q: &a.query.q, keep: &keep, aside }.render();
    Ok(m)
}

/// Nothing there yet, or nothing that matches: then the conditions are named, each with its way out.
fn nothing(c: &Call, spec: &'static Spec, a: &Asked, path: &str) -> Markup {
    if a.conditions.is_empty() && a.query.q.is_empty() {
        let actions = html! {
            @if spec.kind != Kind::Facts && c.ctx.access.may(spec, "create") {
                (Button::new(ButtonKind::Primary, message::entity_new(c.lang, spec.name)).icon("plus").link(&format!("/{}/new", spec.name)))
            }
            @if takes(spec) && c.ctx.access.may(spec, "create") {
                (Button::new(ButtonKind::Second, c.t("page-import")).icon("upload").link(&format!("/list/{}/import", spec.name)))
            }
        };
        return Empty {
            icon: nav::icon(spec),
            title: c.t("page-list-empty"),
            text: match spec.kind {
                Kind::Facts => c.t("page-list-empty_facts"),
                _ if c.ctx.access.may(spec, "create") => c.t("page-list-empty_hint"),
                _ => "",
            },
            actions,
            bare: true,
        }
        .render();
    }
    let q = &c.req.query;
    let ways = html! {
        @for x in &a.conditions {
            a class="btn btn-2 btn-s" href=(address::dropping(path, q, &x.key, &x.value)) { (tr_args(c.lang, "page-list-without", &[("name", Arg::from(x.label.as_str()))])) }
        }
        @if !a.query.q.is_empty() { a class="btn btn-2 btn-s" href=(address::with(path, q, &["q", "after"], &[])) { (tr_args(c.lang, "page-list-without", &[("name", Arg::from(a.query.q.as_str()))])) } }
    };
    let text = if a.query.q.is_empty() {
        String::new()
    } else {
        tr_args(c.lang, "page-list-no_match_search", &[("value", Arg::from(a.query.q.as_str()))])
    };
    Empty { icon: "filter", title: c.t("page-list-no_match"), text: &text, actions: ways, bare: true }.render()
}

/// A list whose address cannot be read: which condition, and the list without it.
fn unreadable(c: &Call, spec: &'static Spec, said: &str) -> Reply {
    let title = message::entity(c.lang, spec.name);
    let actions = Button::new(ButtonKind::Second, c.t("page-list-filter_clear")).link(&format!("/{}", spec.name));
    let content = html! {
        (PageHead { title, about: html! {}, actions: html! {}, list: true, line: true })
        (Empty { icon: "alert-triangle", title: c.t("page-error-422"), text: said, actions, bare: true })
    };
    let crumbs = crumbs(c, spec);
    c.page_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &PageOf { title, here: spec.name, crumbs: &crumbs, create: create_button(c, spec), toast: None },
        content,
    )
}

/// `GET /list/{collection}/count`: how many match, in place of the link that asked.
pub async fn count(State(web): State<Web>, Path(collection): Path<String>, req: Req) -> Response {
    respond(web, req, move |c| {
        let spec = c.spec(&collection)?;
        let mut q = asked(c, spec)?.query;
        (q.count, q.limit, q.after, q.fields) = (true, 1, None, Some(vec![]));
        let n = c.app.list(&c.ctx, spec.name, &q)?.count.unwrap_or(0);
        Ok(Reply::ok(html! { span class="m2 tn" { (format::integer(c.lang, n)) } }))
    })
    .await
}
