//! The side column of a partner's card: settlements, turnover, contacts, terms, requisites.

use super::partner::Card;
use super::rows::{Rows, rows};
use super::words::{self, amount, whole};
use super::{ref_title, text};
use crate::pages::Call;
use crate::ui::badge::Avatar;
use crate::ui::figures::{Fig, Months as MonthBars, Pairs, Section};
use crate::ui::icons::{icon, icon_small};
use crate::ui::money::Money;
use crate::ui::table::{self, Cell, Column};
use chrono::{Datelike, Months};
use kontor_kernel::error::Result;
use kontor_platform::report::Table;
use kontor_platform::spec::Spec;
use kontor_platform::value::Value;
use kontor_texts::{Lang, format, message, tr, tr_args};
use maud::{Markup, Render, html};
use serde_json::Value as Json;

/// Sales of the last twelve months and of the twelve before them, in the currency of most.
#[derive(Default)]
pub struct Turnover {
    pub currency: String,
    /// Twelve months, the last one is now.
    months: Vec<(u32, i64)>,
    pub this_year: i64,
    last_year: i64,
    documents: i64,
    margin: Option<i64>,
    readable: bool,
}

impl Turnover {
    pub fn of(c: &Call, sales: Option<&Table>) -> Turnover {
        let mut t = Turnover { readable: sales.is_some(), ..Default::default() };
        let Some(sales) = sales else { return t };
        let at = |name: &str| sales.columns.iter().position(|x| x.name == name);
        let int = |v: &[Value], i: Option<usize>| i.and_then(|i| v.get(i)).and_then(Value::as_int).unwrap_or(0);
        let (key, revenue, documents, margin, currency) = (at("key"), at("revenue"), at("documents"), at("margin"), at("currency"));
        let code = |v: &[Value]| currency.and_then(|i| v.get(i)).and_then(Value::as_text).unwrap_or(&sales.currency).to_owned();
        let mut by: std::collections::BTreeMap<String, i64> = std::collections::BTreeMap::new();
        for r in &sales.rows {
            *by.entry(code(&r.values)).or_default() += int(&r.values, revenue);
        }
        t.currency = by.into_iter().max_by_key(|(_, v)| *v).map(|(k, _)| k).unwrap_or_default();
        let mut sum_margin = 0;
        for back in (0..24).rev() {
            let Some(month) = c.ctx.today.with_day(1).and_then(|d| d.checked_sub_months(Months::new(back))) else { continue };
            let name = month.format("%Y-%m").to_string();
            let rows = sales
                .rows
                .iter()
                .filter(|r| key.and_then(|i| r.values.get(i)).and_then(Value::as_text) == Some(&name) && code(&r.values) == t.currency);
            let mut of_month = 0;
            for r in rows {
                of_month += int(&r.values, revenue);
                if back < 12 {
                    t.documents += int(&r.values, documents);
                    sum_margin += int(&r.values, margin);
                }
            }
            if back < 12 {
                t.this_year += of_month;
                t.months.push((month.month(), of_month));
            } else {
                t.last_year += of_month;
            }
        }
        t.margin = margin.map(|_| sum_margin);
        t
    }

    pub fn change(&self, lang: Lang) -> Option<(String, bool)> {
        words::change(lang, self.this_year, self.last_year)
    }

    pub fn section(&self, c: &Call, partner: &str) -> Markup {
        if !self.readable || (self.this_year == 0 && self.last_year == 0) {
            return html! {};
        }
        let lang = c.lang;
        let bars: Vec<(&str, f64)> = self.months.iter().map(|(m, v)| (format::month_short(lang, *m), *v as f64)).collect();
        let aside = html! { a class="n b6" href=(format!("/reports/sales?by=product&partner_id={partner}")) { (Money::new(lang, &amount(self.this_year)).unit(words::sign(&self.currency))) } };
        let body = html! {
            (MonthBars { label: tr(lang, "page-partner-turnover"), values: &bars })
            dl class="k-figs c3 mt8" {
                @if let Some(p) = self.margin.and_then(|m| words::ratio(lang, m, self.this_year)) { (Fig::new(tr(lang, "page-order-margin"), html! { (p) })) }
                @if self.documents > 0 { (Fig::new(tr(lang, "work-average_check"), html! { (whole(lang, &amount(self.this_year / self.documents))) })) }
                (Fig::new(tr(lang, "work-shipments_count"), html! { (self.documents) }))
            }
        };
        Section { title: tr(lang, "page-partner-turnover"), count: None, aside, body }.render()
    }
}

/// Values of phones or mails: `[{value, kind}]`.
pub fn values(items: &Json) -> Vec<String> {
    items
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|x| x["value"].as_str().or(x.as_str()))
        .filter(|s| !s.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A number as a phone dials it.
pub fn dial(number: &str) -> String {
    number.chars().filter(|x| x.is_ascii_digit() || *x == '+').collect()
}

pub fn column(card: &Card) -> Result<Markup> {
    let c = card.c;
    Ok(html! {
        aside class="k-side" {
            (card.debts.section(c, &card.id))
            (card.turnover.section(c, &card.id))
            (contacts(card))
            (terms(card))
            (requisites(card)?)
            (about(card))
            (crate::pages::about::known(c, c.spec("partners")?, &card.id)?.section(c))
        }
    })
}

fn contacts(card: &Card) -> Markup {
    let (c, lang) = (card.c, card.c.lang);
    if !card.contacts.readable() {
        return html! {};
    }
    let add = format!("/contacts/new?partner_id={}", card.id);
    let aside = html! { @if super::rows::may(c, "contacts", "create") { a class="btn btn-3 btn-s" href=(add) { (icon_small("plus")) (tr(lang, "page-card-add")) } } };
    let body = html! {
        @if card.contacts.is_empty() { p class="m2" { (tr(lang, "page-partner-no_contacts")) } }
        @for r in card.contacts.iter().take(6) {
            @let phone = values(r.json("phones")).into_iter().next();
            @let mail = values(r.json("emails")).into_iter().next();
            div class="k-person" {
                (Avatar { name: r.title(), size: "s32", me: false })
                div class="grow" { div class="b5 cut" { a href=(r.href()) { (r.title()) } } div class="s12 m2 cut" { (r.text("position")) } }
                @if let Some(p) = &phone { span class="n m1 s12 p3" { (crate::pages::values::phone(p)) } }
                @if let Some(m) = mail.as_ref().filter(|_| phone.is_none()) { a class="k-icb" href={ "mailto:" (m) } aria-label={ (tr(lang, "work-mail")) ": " (r.title()) } title=(m) { (icon("mail")) } }
                @if let Some(p) = &phone { a class="k-icb" href={ "tel:" (dial(p)) } aria-label={ (tr(lang, "work-call")) ": " (r.title()) } title=(p) { (icon("phone")) } }
            }
        }
        @if card.contacts.len() > 6 { p { a class="lk s12" href=(format!("/partners/{}?tab=contacts", card.id)) { (tr(lang, "work-show_all")) } } }
    };
    Section { title: tr(lang, "page-partner-contacts"), count: Some(card.contacts.len()).filter(|n| *n > 0), aside, body }.render()
}

/// The agreement in force, in words.
fn terms(card: &Card) -> Markup {
    let (c, lang) = (card.c, card.c.lang);
    let Some(t) = card.debts.terms.first() else {
        return if card.debts.terms.readable() {
            Section {
                title: tr(lang, "page-partner-terms"),
                count: None,
                aside: html! {},
                body: html! { p class="m2" { (tr(lang, "work-standard_terms")) } },
            }
            .render()
        } else {
            html! {}
        };
    };
    let discount = t.value("discount_percent").as_int().filter(|n| *n != 0).map(|n| format!(" −{}", format::percent(lang, n)));
    let payment = payment_terms(lang, t.json("payment_terms"));
    let until = t.date("valid_to").map(|d| {
        let left = (d - c.ctx.today).num_days();
        html! { (format::date(lang, d)) @if left < 60 { " · " span class=(if left < 0 { "neg" } else { "warn" }) { (words::days(lang, left)) } } }
    });
    let mut items: Vec<(&str, Markup)> = vec![(
        tr(lang, "field-price"),
        html! { @if t.name_of("price_type_id").is_empty() { "—" } @else { (t.name_of("price_type_id")) } ", " (t.text("currency")) @if let Some(d) = &discount { (d) } },
    )];
    if !payment.is_empty() {
        items.push((tr(lang, "work-payment"), html! { (payment) }));
    }
    if t.value("credit_limit").as_int().is_some() {
        items.push((tr(lang, "field-credit_limit"), html! { span class="n" { (whole(lang, &t.decimal("credit_limit"))) } }));
    }
    if let Some(u) = until {
        items.push((tr(lang, "field-valid_to"), u));
    }
    let name = if t.title().is_empty() { message::entity_one(lang, "agreements") } else { t.title() };
    Section {
        title: tr(lang, "page-partner-terms"),
        count: None,
        aside: html! { a class="lk s12" href=(t.href()) { (name) } },
        body: Pairs { items: &items, wide: false }.render(),
    }
    .render()
}

/// `відстрочка, 30 дн`.
pub fn payment_terms(lang: Lang, j: &Json) -> String {
    let kind = text(j, "kind");
    if kind.is_empty() {
        return String::new();
    }
    let name = message::choice(lang, "payment_terms", "kind", kind);
    match j["days"].as_i64().filter(|n| *n > 0) {
        Some(n) => format!("{name}, {}", words::days(lang, n)),
        None => name.into_owned(),
    }
}

fn requisites(card: &Card) -> Result<Markup> {
    let (c, lang) = (card.c, card.c.lang);
    let found = rows(
        c,
        "counterparties",
        &[("partner_id", &card.id), ("limit", "8"), ("sort", "-is_main,legal_name")],
        &["country", "tax_id", "registration_code", "vat_number", "iban"],
    )?;
    if found.is_empty() {
        return Ok(html! {});
    }
    let body = html! {
        @for r in found.iter() {
            div class="k-li" { a class="cut b5" href=(r.href()) { (r.title()) } }
            p class="s12 m2" {
                @for (n, f) in ["registration_code", "tax_id", "vat_number", "iban"].into_iter().filter(|f| !r.text(f).is_empty()).enumerate() {
                    @if n > 0 { " · " } (message::label(lang, "counterparties", f)) "\u{a0}" span class="n m1" { (r.text(f)) }
                }
            }
        }
    };
    Ok(Section { title: tr(lang, "work-requisites"), count: None, aside: html! {}, body }.render())
}

fn about(card: &Card) -> Markup {
    let lang = card.c.lang;
    let p = &card.p;
    let mut items: Vec<(&str, Markup)> = vec![];
    for f in ["full_name", "phone", "email", "website", "address", "comment"] {
        let v = text(p, f);
        if !v.is_empty() {
            let shown = match f {
                "phone" => html! { a class="lk" href={ "tel:" (dial(v)) } { (crate::pages::values::phone(v)) } },
                "email" => html! { a class="lk" href={ "mailto:" (v) } { (v) } },
                "website" if v.starts_with("http") => html! { a class="lk" href=(v) rel="noopener noreferrer" target="_blank" { (v) } },
                _ => html! { span class="pre" { (v) } },
            };
            items.push((message::label(lang, "partners", f), shown));
        }
    }
    if !ref_title(p, "lead_source").is_empty() {
        items.push((message::label(lang, "partners", "lead_source_id"), html! { (ref_title(p, "lead_source")) }));
    }
    if items.is_empty() {
        return html! {};
    }
    Section { title: tr(lang, "page-card-details"), count: None, aside: html! {}, body: Pairs { items: &items, wide: false }.render() }
        .render()
}

/// Every filled field of a record, in two columns; who wrote it when beside them.
pub fn details(c: &Call, collection: &str, j: &Json) -> Result<Markup> {
    let card = crate::pages::card::Card { spec: c.spec(collection)?, id: Call::id(text(j, "id"))?, json: j.clone() };
    let rows = card.properties(c)?;
    Ok(html! {
        div class="k-cols with-side" {
            div class="k-body" { section class="k-sec" { dl class="k-kv wide k-kv2" { @for (k, v) in &rows { div { dt { (k) } dd { (v) } } } } } }
            aside class="k-side" aria-label=(c.t("page-card-details")) { (crate::pages::card::kept(c, &card)?) }
        }
    })
}

/// Documents that are open, with what is late.
pub fn open_documents(c: &Call, spec: &Spec, open: &Rows) -> Markup {
    if open.is_empty() {
        return html! {};
    }
    let lang = c.lang;
    let heads: Vec<Column> = [
        ("number", None, false),
        ("date", Some(104), false),
        ("due_date", Some(104), false),
        ("late", Some(110), true),
        ("amount", Some(128), true),
        ("open", Some(128), true),
        ("currency", Some(76), false),
    ]
    .into_iter()
    .map(|(n, width, right)| Column {
        title: if n == "late" { tr(lang, "work-overdue").into() } else { message::label(lang, spec.name, n).into() },
        width,
        right,
        ..Column::default()
    })
    .collect();
    let rows: Vec<table::Row> = open
        .iter()
        .map(|r| {
            let href = super::payment::paper_of(c, r);
            let late = r.date("due_date").map(|d| (c.ctx.today - d).num_days()).filter(|n| *n > 0 && r.scaled("open") > 0);
            let cells = vec![
                Cell::Name(format!("{} {}", message::entity_one(lang, r.text("entity")), r.title()).into(), href.clone().into()),
                Cell::Date(r.date("date").map(|d| format::date(lang, d)).unwrap_or_default().into()),
                Cell::Date(r.date("due_date").map(|d| format::date(lang, d)).unwrap_or_default().into()),
                late.map_or(Cell::Empty, |n| Cell::Right(words::days(lang, n).into(), crate::ui::Tone::Bad)),
                Cell::Money(r.decimal("amount").into(), 2),
                if late.is_some() { Cell::Alarm(r.decimal("open").into(), 2) } else { Cell::Money(r.decimal("open").into(), 2) },
                Cell::Soft(r.text("currency").into()),
            ];
            table::Row { id: r.id().to_string().into(), href: href.into(), cells, off: false }
        })
        .collect();
    html! {
        (table::Table { lang, label: tr(lang, "work-by_documents"), columns: &heads, rows: &rows, totals: None, foot: None, next: None, select: None, peek: false })
        @if open.more() { p class="pad s12 m2" { (tr_args(lang, "work-first_rows", &[("count", open.len().into())])) } }
    }
}
