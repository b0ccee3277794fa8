//! Reports: the index, and one page for any report: parameters, picture, figures, table that opens to its records.

use super::View;
use super::rows::may;
use super::words::{address, url};
use crate::pages::Call;
use crate::ui::empty::Empty;
use crate::ui::head::{Button, Kind, Menu, PageHead, Segments};
use crate::ui::icons::icon;
use chrono::{Datelike, Days, Months, NaiveDate};
use kontor_kernel::error::{Error, Kind as ErrorKind, Result};
use kontor_platform::app::if_seen;
use kontor_platform::record::value_json;
use kontor_platform::report::{Chart, ReportSpec, Table};
use kontor_platform::spec::{Column as Param, Ty};
use kontor_texts::{Lang, message, tr};
use maud::{Markup, Render, html};
use serde_json::Value as Json;

pub fn index(c: &Call) -> View {
    let lang = c.lang;
    let about = |name: &str| {
        let key = format!("work-report-{name}");
        if kontor_texts::has(lang, &key) { tr(lang, &key) } else { "" }
    };
    let content = html! {
        (PageHead { title: tr(lang, "reports"), about: html! {}, actions: html! {}, list: false, line: true })
        div class="k-body" {
            div class="k-tiles" {
                @for r in c.app.registry.reports.iter().filter(|r| r.allowed(&c.ctx)) {
                    a href={ "/reports/" (r.name) } { (icon(chart_icon(r))) b { (tr(lang, &format!("report-{}", r.name))) } small { (about(r.name)) } }
                }
            }
        }
    };
    View {
        here: "reports",
        title: tr(lang, "reports").to_owned(),
        crumbs: vec![(tr(lang, "reports").to_owned(), None)],
        content,
        create: html! {},
    }
}

fn chart_icon(r: &ReportSpec) -> &'static str {
    match r.chart {
        Chart::Line(_) => "trending-up",
        Chart::Funnel(_) => "filter",
        Chart::Bar(_) => "chart-bar",
        Chart::None => "list-details",
    }
}

pub fn one(c: &Call, name: &str) -> Result<View> {
    let spec = c.app.registry.report_of(name).ok_or_else(Error::not_found)?;
    let lang = c.lang;
    let pairs: Vec<(String, String)> =
        c.req.query.iter().filter(|(k, v)| !v.is_empty() && k != "lang" && !k.ends_with("__title")).cloned().collect();
    let title = tr(lang, &format!("report-{name}"));
    let table = match c.app.report(&c.ctx, name, &pairs) {
        Err(e) if e.kind() != ErrorKind::Refused => return Err(e),
        other => other,
    };
    let page = ReportPage { c, lang, spec, pairs: &pairs, base: format!("/reports/{name}"), fixed: &[] };
    let content = html! {
        (PageHead { title, about: page.by_segments(), actions: page.export(), list: false, line: true })
        (page.form()?)
        @match &table {
            Ok(t) => (page.body(t)),
            Err(e) => (wrong(lang, e)),
        }
    };
    let crumbs = vec![(tr(lang, "reports").to_owned(), Some("/reports".to_owned())), (title.to_owned(), None)];
    Ok(View { here: "reports", title: title.to_owned(), crumbs, content, create: html! {} })
}

/// A report inside another page: its parameters are read from and kept in that page's address, beside `fixed`.
pub fn inside(c: &Call, name: &str, base: &str, fixed: &[(&str, String)]) -> Result<Markup> {
    let Some(spec) = c.app.registry.report_of(name).filter(|r| r.allowed(&c.ctx)) else {
        return Ok(Empty { icon: "chart-bar", title: tr(c.lang, "report-empty"), text: "", actions: html! {}, bare: false }.render());
    };
    let known = |k: &str| spec.params.iter().any(|p| p.name == k);
    let mut pairs: Vec<(String, String)> = c.req.query.iter().filter(|(k, v)| !v.is_empty() && known(k)).cloned().collect();
    for (k, v) in fixed.iter().filter(|(k, _)| known(k)) {
        if !pairs.iter().any(|(n, _)| n == k) {
            pairs.push(((*k).to_owned(), v.clone()));
        }
    }
    let table = match c.app.report(&c.ctx, name, &pairs) {
        Err(e) if e.kind() != ErrorKind::Refused => return Err(e),
        other => other,
    };
    let page = ReportPage { c, lang: c.lang, spec, pairs: &pairs, base: base.to_owned(), fixed };
    Ok(html! {
        (page.form()?)
        @match &table {
            Ok(t) => (page.body(t)),
            Err(e) => (wrong(c.lang, e)),
        }
    })
}

/// Parameters that cannot be: which and why, while the form stays.
fn wrong(lang: Lang, e: &Error) -> Markup {
    let i = e.inner();
    html! {
        div class="pad" {
            div class="k-sum-err" role="alert" {
                (icon("alert-triangle")) b { (message::error(lang, &i.code, &i.args)) }
                @if !i.fields.is_empty() { ul { @for f in &i.fields { li { (message::label(lang, "report", &f.field)) ": " (message::error(lang, &f.code, &f.args)) } } } }
            }
        }
    }
}

pub(super) struct ReportPage<'a> {
    pub(super) c: &'a Call,
    pub(super) lang: Lang,
    pub(super) spec: &'static ReportSpec,
    pairs: &'a [(String, String)],
    /// Path of the page it stands on, and what that page needs in its address.
    base: String,
    fixed: &'a [(&'a str, String)],
}

impl ReportPage<'_> {
    fn given(&self, name: &str) -> &str {
        self.pairs.iter().find(|(k, _)| k == name).map_or("", |(_, v)| v.as_str())
    }
    /// What is in force: given, or the parameter's default.
    pub(super) fn in_force(&self, p: &Param) -> String {
        let given = self.given(p.name);
        if !given.is_empty() {
            return given.to_owned();
        }
        match p.default.as_ref().map(|d| value_json(&p.ty, d)) {
            Some(Json::String(s)) => s,
            Some(Json::Number(n)) => n.to_string(),
            Some(Json::Bool(b)) => b.to_string(),
            _ => String::new(),
        }
    }
    /// This report's address with some parameters changed.
    fn with(&self, changes: &[(&str, &str)]) -> String {
        let kept = self.pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).filter(|(k, _)| !changes.iter().any(|(c, _)| c == k));
        let fixed = self.fixed.iter().map(|(k, v)| (*k, v.as_str())).filter(|(k, _)| !self.pairs.iter().any(|(n, _)| n == k));
        let all: Vec<(&str, &str)> = kept.chain(fixed).chain(changes.iter().copied()).collect();
        address(&self.base, &all)
    }

    pub(super) fn by(&self) -> Option<(&Param, &'static [&'static str])> {
        self.spec.params.iter().find_map(|p| if let ("by", Ty::Choice(of)) = (p.name, &p.ty) { Some((p, *of)) } else { None })
    }

    fn by_segments(&self) -> Markup {
        let Some((p, of)) = self.by() else { return html! {} };
        let now = self.in_force(p);
        let items: Vec<(String, String, bool)> =
            of.iter().map(|c| (message::choice(self.lang, "report", "by", c).into_owned(), self.with(&[("by", c)]), now == *c)).collect();
        let items: Vec<(&str, &str, &str, bool)> = items.iter().map(|(t, h, on)| (t.as_str(), "", h.as_str(), *on)).collect();
        Segments { label: tr(self.lang, "work-report_by"), items: &items }.render()
    }

    fn export(&self) -> Markup {
        let query = self.pairs.iter().map(|(k, v)| format!("{}={}", url(k), url(v))).collect::<Vec<_>>().join("&");
        let and = if query.is_empty() { "" } else { "&" };
        let here = |format: &str| format!("/reports/{}/export?{query}{and}format={format}", self.spec.name);
        let file = |format: &str| format!("/api/v1/reports/{}?{query}{and}format={format}", self.spec.name);
        let items = [("XLSX", file("xlsx")), ("PDF", file("pdf")), ("CSV", here("csv")), ("JSON", here("json"))];
        Menu {
            label: tr(self.lang, "page-report-export"),
            icon: "download",
            worded: true,
            items: html! { @for (name, href) in &items { a href=(href) data-full download="" { (icon("download")) (name) } } },
        }
        .render()
    }

    fn form(&self) -> Result<Markup> {
        let dated = self.spec.params.iter().any(|p| p.name == "from");
        let known = |k: &str| self.spec.params.iter().any(|p| p.name == k || p.by_name == Some(k));
        Ok(html! {
            form class="k-params" method="get" action=(self.base) {
                label class="fold" { input type="checkbox" class="form-check-input"; span { (tr(self.lang, "page-report-parameters")) } }
                @for (k, v) in self.fixed.iter().filter(|(k, _)| !known(k)) { input type="hidden" name=(k) value=(v); }
                @for p in self.spec.params.iter().filter(|p| self.asked(p)) { (self.param(p)?) }
                @for (k, v) in self.pairs.iter().filter(|(k, _)| !known(k)) {
                    span class="k-chip" { input type="hidden" name=(k) value=(v); span class="f" { (message::label(self.lang, "report", k)) } span class="o" { ":" } span class="v" { (v) } a href=(self.with(&[(k.as_str(), "")])) aria-label=(tr(self.lang, "page-list-filter_remove")) { (crate::ui::icon_small("x")) } }
                }
                (Button::new(Kind::Second, tr(self.lang, "page-report-show")).submit("", ""))
                @if dated { span class="row-f g12 ml-a wrap" { @for (key, from, to) in periods(self.c.ctx.today) { a class=(if self.given("from") == from && self.given("to") == to { "lk s12 b5" } else { "lk s12" }) href=(self.with(&[("from", &from), ("to", &to)])) { (tr(self.lang, key)) } } } }
            }
        })
    }

    /// Switches and limits are for programs; they are shown only when they are set.
    fn asked(&self, p: &Param) -> bool {
        !matches!(p.ty, Ty::Bool | Ty::Int { .. }) || !self.given(p.name).is_empty()
    }

    fn param(&self, p: &Param) -> Result<Markup> {
        let label = message::label(self.lang, "report", p.name);
        let value = self.in_force(p);
        Ok(html! {
            @if p.name == "by" { input type="hidden" name="by" value=(value); }
            @else {
                label {
                    span { (label) }
                    @match &p.ty {
                        Ty::Date => input class="form-control" type="date" name=(p.name) value=(value);,
                        Ty::Choice(of) => select class="form-select" name=(p.name) {
                            @if !p.required { option value="" {} }
                            @for c in *of { option value=(c) selected[value == *c] { (message::choice(self.lang, "report", p.name, c)) } }
                        },
                        Ty::Bool => select class="form-select" name=(p.name) { @for (v, t) in [("true", "yes"), ("false", "no")] { option value=(v) selected[value == v] { (tr(self.lang, t)) } } },
                        Ty::Code(of) => (self.code(p, of, &value)?),
                        Ty::Ref(of) => (self.reference(p, of, &value)?),
                        _ => input class="form-control" type="text" name=(p.name) value=(value) size="10";,
                    }
                }
            }
        })
    }

    /// Codes: those in use by our companies first, the rest can be typed.
    fn code(&self, p: &Param, of: &str, value: &str) -> Result<Markup> {
        let mut codes: Vec<String> = vec![];
        if of == "currencies" {
            // Who sees no companies chooses among the usual ones.
            let found = if_seen(super::rows::rows(self.c, "companies", &[("limit", "50")], &["currency"]))?;
            codes.extend(found.iter().flat_map(|found| found.iter().map(|r| r.text("currency").to_owned()).collect::<Vec<_>>()));
            codes.extend(["EUR", "USD"].map(str::to_owned));
            codes.dedup();
        }
        if codes.is_empty() || (!value.is_empty() && !codes.iter().any(|c| c == value)) {
            return Ok(html! { input class="form-control" type="text" name=(p.name) value=(value) size="5" maxlength="10"; });
        }
        codes.sort();
        codes.dedup();
        Ok(
            html! { select class="form-select" name=(p.name) { option value="" { (tr(self.lang, "work-as_is")) } @for c in &codes { option value=(c) selected[value == c] { (c) } } } },
        )
    }

    fn reference(&self, p: &Param, of: &str, value: &str) -> Result<Markup> {
        let title = self.c.seen(of, value)?.map(|j| super::title_of(self.c, of, &j)).unwrap_or_default();
        Ok(crate::ui::form::Reference {
            id: value,
            title: &title,
            source: &format!("/{of}"),
            placeholder: tr(self.lang, "page-all"),
            ..Default::default()
        }
        .bare(&format!("p-{}", p.name), p.name, false))
    }

    /// Nothing in the period, or nothing at all yet: then what fills the report.
    fn nothing(&self) -> Markup {
        let asked = self.pairs.iter().any(|(k, v)| !v.is_empty() && !matches!(k.as_str(), "by" | "currency" | "counts"));
        let filled_by = match self.spec.name {
            "funnel" | "deals" => "deals",
            "stock" => "stock-receipts",
            _ => "sales-orders",
        };
        let (title, text, actions) = if asked {
            let all = self.with(&[("from", ""), ("to", "")]);
            ("report-empty", "", Button::new(Kind::Second, tr(self.lang, "page-report-all_time")).link(&all))
        } else if may(self.c, filled_by, "create") {
            let new = Button::new(Kind::Second, message::entity_new(self.lang, filled_by)).icon("plus").link(&format!("/{filled_by}/new"));
            ("report-nothing", "report-nothing_hint", new)
        } else {
            ("report-nothing", "report-nothing_hint", html! {})
        };
        let text = if text.is_empty() { "" } else { tr(self.lang, text) };
        Empty { icon: "chart-bar", title: tr(self.lang, title), text, actions, bare: true }.render()
    }

    fn body(&self, t: &Table) -> Markup {
        if t.rows.is_empty() {
            return self.nothing();
        }
        html! {
            (self.figures(t))
            div class="k-scroll k-rep" {
                (self.ages(t))
                @if let Some(picture) = self.picture(t) { div class="pad" { (picture) } }
                (self.table(t))
                @for n in &t.notes { p class="pad s12 m2" { (tr(self.lang, n)) } }
            }
        }
    }
}

/// Usual periods: text key, first and last day.
fn periods(today: NaiveDate) -> Vec<(&'static str, String, String)> {
    let first = today.with_day(1).unwrap_or(today);
    let quarter = NaiveDate::from_ymd_opt(today.year(), (today.month0() / 3) * 3 + 1, 1).unwrap_or(first);
    let year = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(first);
    let last_month = first.checked_sub_months(Months::new(1)).unwrap_or(first);
    let before = first.checked_sub_days(Days::new(1)).unwrap_or(first);
    let twelve = first.checked_sub_months(Months::new(11)).unwrap_or(first);
    [
        ("page-report-this_month", first, today),
        ("page-report-last_month", last_month, before),
        ("page-report-this_quarter", quarter, today),
        ("page-report-this_year", year, today),
        ("page-report-last_12_months", twelve, today),
    ]
    .into_iter()
    .map(|(k, a, b)| (k, a.to_string(), b.to_string()))
    .collect()
}
