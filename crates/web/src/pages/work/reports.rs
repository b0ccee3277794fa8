//! Reports: the index, and one page for any report: parameters, picture, figures, table that opens to its records.

use super::words::{address, url};
use super::{View, words};
use crate::pages::Call;
use crate::ui::chart::{Chart as Picture, ChartKind, Series, SeriesRole};
use crate::ui::empty::Empty;
use crate::ui::figures::Fig;
use crate::ui::head::{Button, Kind, Menu, PageHead, Segments};
use crate::ui::icons::icon;
use crate::ui::money::{Money, number};
use crate::ui::table::{self, Cell, Column};
use chrono::{Datelike, Days, Months, NaiveDate};
use kontor_kernel::error::{Error, Kind as ErrorKind, Result};
use kontor_platform::record::value_json;
use kontor_platform::report::{Chart, ReportSpec, Table, TableColumn};
use kontor_platform::spec::{Column as Param, Ty};
use kontor_platform::value::Value;
use kontor_texts::{Lang, format, message, tr};
use maud::{Markup, Render, html};
use serde_json::Value as Json;

/// Rows drawn as a picture; the table below has all of them.
const DRAWN: usize = 14;

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
        (page.form())
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
        (page.form())
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

struct ReportPage<'a> {
    c: &'a Call,
    lang: Lang,
    spec: &'static ReportSpec,
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
    fn in_force(&self, p: &Param) -> String {
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

    fn by(&self) -> Option<(&Param, &'static [&'static str])> {
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
        let link =
            |format: &str| format!("/reports/{}/export?{query}{}format={format}", self.spec.name, if query.is_empty() { "" } else { "&" });
        Menu {
            label: tr(self.lang, "page-report-export"),
            icon: "download",
            worded: true,
            items: html! { a href=(link("csv")) data-full download="" { (icon("download")) "CSV" } a href=(link("json")) data-full download="" { (icon("download")) "JSON" } },
        }
        .render()
    }

    fn form(&self) -> Markup {
        let dated = self.spec.params.iter().any(|p| p.name == "from");
        let known = |k: &str| self.spec.params.iter().any(|p| p.name == k || p.by_name == Some(k));
        html! {
            form class="k-params" method="get" action=(self.base) {
                @for (k, v) in self.fixed.iter().filter(|(k, _)| !known(k)) { input type="hidden" name=(k) value=(v); }
                @for p in self.spec.params.iter().filter(|p| self.asked(p)) { (self.param(p)) }
                @for (k, v) in self.pairs.iter().filter(|(k, _)| !known(k)) {
                    span class="k-chip" { input type="hidden" name=(k) value=(v); span class="f" { (message::label(self.lang, "report", k)) } span class="o" { ":" } span class="v" { (v) } a href=(self.with(&[(k.as_str(), "")])) aria-label=(tr(self.lang, "page-list-filter_remove")) { (crate::ui::icon_small("x")) } }
                }
                (Button::new(Kind::Second, tr(self.lang, "page-report-show")).submit("", ""))
                @if dated { span class="row-f g12 ml-a wrap" { @for (key, from, to) in periods(self.c.ctx.today) { a class=(if self.given("from") == from && self.given("to") == to { "lk s12 b5" } else { "lk s12" }) href=(self.with(&[("from", &from), ("to", &to)])) { (tr(self.lang, key)) } } } }
            }
        }
    }

    /// Switches and limits are for programs; they are shown only when they are set.
    fn asked(&self, p: &Param) -> bool {
        !matches!(p.ty, Ty::Bool | Ty::Int { .. }) || !self.given(p.name).is_empty()
    }

    fn param(&self, p: &Param) -> Markup {
        let label = message::label(self.lang, "report", p.name);
        let value = self.in_force(p);
        html! {
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
                        Ty::Code(of) => (self.code(p, of, &value)),
                        Ty::Ref(of) => (self.reference(p, of, &value)),
                        _ => input class="form-control" type="text" name=(p.name) value=(value) size="10";,
                    }
                }
            }
        }
    }

    /// Codes: those in use by our companies first, the rest can be typed.
    fn code(&self, p: &Param, of: &str, value: &str) -> Markup {
        let mut codes: Vec<String> = vec![];
        if of == "currencies" {
            if let Ok(found) = super::rows::rows(self.c, "companies", &[("limit", "50")], &["currency"]) {
                codes.extend(found.iter().map(|r| r.text("currency").to_owned()));
            }
            codes.extend(["EUR", "USD"].map(str::to_owned));
            codes.dedup();
        }
        if codes.is_empty() || (!value.is_empty() && !codes.iter().any(|c| c == value)) {
            return html! { input class="form-control" type="text" name=(p.name) value=(value) size="5" maxlength="10"; };
        }
        codes.sort();
        codes.dedup();
        html! { select class="form-select" name=(p.name) { option value="" { (tr(self.lang, "work-as_is")) } @for c in &codes { option value=(c) selected[value == c] { (c) } } } }
    }

    fn reference(&self, p: &Param, of: &str, value: &str) -> Markup {
        let title = kontor_platform::value::Id::parse_str(value)
            .ok()
            .and_then(|id| self.c.app.get(&self.c.ctx, of, id).ok())
            .map(|j| super::title_of(self.c, of, &j))
            .unwrap_or_default();
        crate::ui::form::Reference {
            id: value,
            title: &title,
            source: &format!("/{of}"),
            placeholder: tr(self.lang, "page-all"),
            ..Default::default()
        }
        .bare(&format!("p-{}", p.name), p.name, false)
    }

    fn body(&self, t: &Table) -> Markup {
        if t.rows.is_empty() {
            let all = self.with(&[("from", ""), ("to", "")]);
            return Empty {
                icon: "chart-bar",
                title: tr(self.lang, "report-empty"),
                text: "",
                actions: Button::new(Kind::Second, tr(self.lang, "page-report-all_time")).link(&all),
                bare: false,
            }
            .render();
        }
        html! {
            (self.figures(t))
            div class="k-scroll" {
                (self.ages(t))
                @if let Some(picture) = self.picture(t) { div class="pad" { (picture) } }
                (self.table(t))
                @for n in &t.notes { p class="pad s12 m2" { (tr(self.lang, n)) } }
            }
        }
    }

    /// Debts by age as parts of one whole, where the report tells them in one currency.
    fn ages(&self, t: &Table) -> Markup {
        const PARTS: [(&str, &str); 5] = [("not_due", "c0"), ("age_1_7", "c1"), ("age_8_14", "c2"), ("age_15_30", "c2"), ("age_31", "c3")];
        let found: Vec<(&'static str, &str, i64)> = PARTS
            .iter()
            .filter_map(|(name, class)| {
                let at = t.columns.iter().position(|c| c.name == *name)?;
                let sum = t.totals.get(at)?.as_int().filter(|n| *n > 0)?;
                Some((*class, message::report_column(self.lang, self.spec.name, name), sum))
            })
            .collect();
        if found.is_empty() || t.currency.is_empty() {
            return html! {};
        }
        let texts: Vec<String> = found.iter().map(|f| number(self.lang, &words::amount(f.2), 2)).collect();
        let parts: Vec<(&'static str, &str, &str, f64)> =
            found.iter().zip(&texts).map(|(f, s)| (f.0, f.1, s.as_str(), f.2 as f64)).collect();
        html! { div class="pad" { (crate::ui::figures::Ages { label: tr(self.lang, "page-partner-ageing"), parts: &parts }) } }
    }

    fn figures(&self, t: &Table) -> Markup {
        let shown: Vec<(&TableColumn, &Value)> =
            t.columns.iter().zip(&t.totals).filter(|(c, v)| c.ty.is_number() && !v.is_null()).collect();
        if shown.is_empty() {
            return html! {};
        }
        html! {
            dl class="k-figures" {
                @for (c, v) in &shown {
                    (Fig::new(message::report_column(self.lang, self.spec.name, c.name), html! { (figure(self.lang, c, v, 0)) @if matches!(c.ty, Ty::Amount) && !t.currency.is_empty() { small { (words::sign(&t.currency)) } } }))
                }
            }
        }
    }

    /// The picture draws one currency: that of most rows' money.
    fn drawn<'t>(&self, t: &'t Table, value: usize) -> Vec<&'t kontor_platform::report::TableRow> {
        let Some(at) = t.columns.iter().position(|c| c.name == "currency").filter(|_| t.currency.is_empty()) else {
            return t.rows.iter().collect();
        };
        let mut by: std::collections::BTreeMap<&str, i64> = Default::default();
        for r in &t.rows {
            *by.entry(r.values[at].as_text().unwrap_or("")).or_default() += r.values[value].as_int().unwrap_or(0);
        }
        let most = by.into_iter().max_by_key(|(_, v)| *v).map_or("", |(k, _)| k);
        t.rows.iter().filter(|r| r.values[at].as_text().unwrap_or("") == most).collect()
    }

    fn picture(&self, t: &Table) -> Option<Markup> {
        let (kind, column) = match self.spec.chart {
            Chart::None => return None,
            Chart::Bar(c) | Chart::Funnel(c) => (ChartKind::Bar, c),
            Chart::Line(c) => (ChartKind::Column, c),
        };
        let funnel = matches!(self.spec.chart, Chart::Funnel(_));
        let monthly = self.by().is_some_and(|(p, _)| self.in_force(p) == "month");
        let kind = if monthly { ChartKind::Column } else { kind };
        let find = |name: &str| t.columns.iter().position(|c| c.name == name);
        let (at, name_at) = (find(column)?, find("title")?);
        let rows: Vec<_> = self.drawn(t, at).into_iter().take(if monthly { 60 } else { DRAWN }).collect();
        if rows.len() < 2 {
            return None;
        }
        let text = |i: usize, v: &Value| match value_json(&t.columns[i].ty, v) {
            Json::String(s) => Some(s),
            Json::Number(n) => Some(n.to_string()),
            _ => None,
        };
        // the stage that lets the fewest through stands out
        let worst = find("conversion")
            .filter(|_| funnel)
            .and_then(|i| rows.iter().enumerate().skip(1).filter_map(|(n, r)| r.values[i].as_int().map(|v| (n, v))).min_by_key(|(_, v)| *v))
            .map(|(n, _)| n);
        let label = message::report_column(self.lang, self.spec.name, column);
        let mut series = vec![Series {
            name: label,
            values: rows.iter().map(|r| text(at, &r.values[at])).collect(),
            role: SeriesRole::Now,
            bad: worst.into_iter().collect(),
        }];
        if let Some(i) = find("previous").filter(|_| funnel) {
            series.push(Series {
                name: message::report_column(self.lang, self.spec.name, "previous"),
                values: rows.iter().map(|r| text(i, &r.values[i])).collect(),
                role: SeriesRole::Compare,
                bad: vec![],
            });
        }
        let height = match (kind, rows.len()) {
            (ChartKind::Column, _) | (_, 6..=9) => "",
            (_, 0..=5) => "h160",
            _ => "h360",
        };
        let name = |r: &kontor_platform::report::TableRow| {
            if monthly { find("key").and_then(|k| month_name(self.lang, r.values[k].as_text()?)) } else { None }
        };
        Some(
            Picture {
                label,
                kind,
                categories: rows.iter().map(|r| name(r).unwrap_or_else(|| r.values[name_at].as_text().unwrap_or("").to_owned())).collect(),
                series,
                unit: if matches!(t.columns[at].ty, Ty::Amount) { words::sign(&t.currency) } else { "" },
                links: rows.iter().map(|r| r.link.clone().unwrap_or_default()).collect(),
                height,
            }
            .render(),
        )
    }

    fn table(&self, t: &Table) -> Markup {
        let lang = self.lang;
        // the key is for programs; people read the title
        let one_currency = !t.currency.is_empty();
        let shown: Vec<usize> = (0..t.columns.len())
            .filter(|i| {
                t.columns[*i].name != "key"
                    && !(one_currency && t.columns[*i].name == "currency")
                    && !matches!(t.columns[*i].ty, Ty::Ref(_))
            })
            .collect();
        // further figures that are nought in every row say nothing
        let nought = |i: usize| t.columns[i].ty.is_number() && t.rows.iter().all(|r| r.values[i].as_int().unwrap_or(0) == 0);
        let shown: Vec<usize> = shown.into_iter().enumerate().filter(|(n, i)| *n < 3 || !nought(*i)).map(|(_, i)| i).collect();
        let figures = shown.iter().filter(|i| t.columns[**i].ty.is_number()).count();
        let width = match figures {
            0..=6 => 138,
            7 => 132,
            8 => 118,
            _ => 106,
        };
        let columns: Vec<Column> = shown
            .iter()
            .enumerate()
            .map(|(n, i)| {
                let c = &t.columns[*i];
                let money = if matches!(c.ty, Ty::Amount) && !t.currency.is_empty() {
                    format!(", {}", words::sign(&t.currency))
                } else {
                    String::new()
                };
                Column {
                    title: format!("{}{money}", message::report_column(lang, self.spec.name, c.name)).into(),
                    right: c.ty.is_number(),
                    width: (n > 0).then_some(if c.ty.is_number() { width } else { 90 }),
                    show: if n > 3 { table::Show::Wide } else { table::Show::Always },
                    ..Column::default()
                }
            })
            .collect();
        let rows: Vec<table::Row> = t
            .rows
            .iter()
            .enumerate()
            .map(|(n, r)| {
                let href = r.link.clone().unwrap_or_default();
                let cells = shown.iter().map(|i| cell(lang, &t.columns[*i], &r.values[*i], &href)).collect();
                table::Row { id: n.to_string().into(), href: href.into(), cells, off: false }
            })
            .collect();
        let totals = (!t.totals.is_empty()).then(|| {
            let mut first = true;
            shown
                .iter()
                .map(|i| {
                    if std::mem::take(&mut first) && t.totals.get(*i).is_none_or(|v| v.as_text().is_none()) {
                        return Cell::Text(tr(lang, "report-total").into());
                    }
                    t.totals.get(*i).map_or(Cell::Empty, |v| cell(lang, &t.columns[*i], v, ""))
                })
                .collect()
        });
        table::Table {
            lang,
            label: tr(lang, &format!("report-{}", self.spec.name)),
            columns: &columns,
            rows: &rows,
            totals,
            next: None,
            select: None,
            peek: false,
        }
        .render()
    }
}

fn figure(lang: Lang, c: &TableColumn, v: &Value, least: usize) -> Markup {
    if c.share {
        return html! { (share_text(lang, v)) };
    }
    match value_json(&c.ty, v) {
        Json::String(s) if matches!(c.ty, Ty::Percent) => html! { (number(lang, &s, 0)) "\u{a0}%" },
        Json::String(_) if c.name.starts_with("days") => {
            html! { (v.as_int().map(|n| format::quantity(lang, (n + 50_000).div_euclid(100_000) * 100_000)).unwrap_or_default()) }
        }
        Json::String(s) if matches!(c.ty, Ty::Amount) && least == 0 => html! { (words::whole(lang, &s)) },
        Json::String(s) => html! { (Money::new(lang, &s).least(least)) },
        Json::Number(n) => html! { (number(lang, &n.to_string(), 0)) },
        _ => html! { "—" },
    }
}

/// A share of one with six decimals, read in percent with one.
fn share_text(lang: Lang, v: &Value) -> String {
    v.as_int().map_or_else(|| "—".to_owned(), |n| format::percent(lang, (n + 500).div_euclid(1000) * 1000))
}

fn cell<'a>(lang: Lang, c: &TableColumn, v: &'a Value, href: &str) -> Cell<'a> {
    if c.share {
        return Cell::Right(share_text(lang, v).into(), crate::ui::Tone::Plain);
    }
    match (&c.ty, v) {
        (ty, Value::Null) if ty.is_number() => Cell::Right("—".into(), crate::ui::Tone::Plain),
        (_, Value::Null) => Cell::Soft("—".into()),
        (Ty::Amount, _) => match value_json(&c.ty, v) {
            Json::String(s) if c.name == "overdue" => Cell::Alarm(s.into(), 2),
            Json::String(s) => Cell::Money(s.into(), 2),
            _ => Cell::Empty,
        },
        (Ty::Percent, Value::Int(n)) => {
            Cell::Right(format::percent(lang, (n + 500).div_euclid(1000) * 1000).into(), crate::ui::Tone::Plain)
        }
        // days on average: a tenth is enough
        (Ty::Quantity, Value::Int(n)) if c.name.starts_with("days") => {
            Cell::Right(format::quantity(lang, (n + 50_000).div_euclid(100_000) * 100_000).into(), crate::ui::Tone::Plain)
        }
        (ty, _) if ty.is_number() => match value_json(ty, v) {
            Json::String(s) => Cell::Number(s.into()),
            Json::Number(n) => Cell::Number(n.to_string().into()),
            _ => Cell::Empty,
        },
        (Ty::Date, Value::Date(d)) => Cell::Date(format::date(lang, *d).into()),
        (_, Value::Text(s)) if c.name == "title" && !href.is_empty() => Cell::Name(s.as_str().into(), href.to_owned().into()),
        (_, Value::Text(s)) if c.name == "title" => Cell::Text(s.as_str().into()),
        (_, Value::Text(s)) => Cell::Soft(s.as_str().into()),
        _ => Cell::Empty,
    }
}

/// `січ 26` of `2026-01`, for an axis.
fn month_name(lang: Lang, key: &str) -> Option<String> {
    let d: NaiveDate = format!("{key}-01").parse().ok()?;
    Some(format!("{} {:02}", format::month_short(lang, d.month()), d.year() % 100))
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

/// The table as CSV with the titles people see; a leading sign of a formula in a text is defused.
pub fn csv(lang: Lang, spec: &ReportSpec, t: &Table) -> String {
    let quote = |s: &str| if s.contains(['"', ',', '\n', '\r', ';']) { format!("\"{}\"", s.replace('"', "\"\"")) } else { s.to_owned() };
    let text = |c: &TableColumn, v: &Value| match value_json(&c.ty, v) {
        Json::Null => String::new(),
        Json::String(s) if matches!(v, Value::Text(_)) && s.starts_with(['=', '+', '-', '@', '\t']) => format!("'{s}"),
        Json::String(s) => s,
        j => j.to_string(),
    };
    let line = |values: &[Value]| t.columns.iter().zip(values).map(|(c, v)| quote(&text(c, v))).collect::<Vec<_>>().join(",");
    let mut out = String::from("\u{feff}");
    out.push_str(&t.columns.iter().map(|c| quote(message::report_column(lang, spec.name, c.name))).collect::<Vec<_>>().join(","));
    out.push_str("\r\n");
    for r in &t.rows {
        out.push_str(&line(&r.values));
        out.push_str("\r\n");
    }
    out
}
