//! The card of a partner: who he is, what he owes, what is going on, what to do next; then everything about him by tabs.

use super::debts::{self, Debts};
use super::partner_parts::{DOCUMENTS, unfinished};
use super::partner_side as side;
use super::rows::{Rows, count, may, readable, rows};
use super::timeline::{self, Of};
use super::words::{self, amount, whole};
use super::{View, ref_id, ref_title, report, text};
use crate::pages::{Call, history};
use crate::ui::Tone;
use crate::ui::badge::Badge;
use crate::ui::figures::{Answer, Answers};
use crate::ui::head::{Button, Kind, Menu, PageHead, Tab, Tabs};
use crate::ui::icons::{icon, icon_small};
use chrono::Months;
use kontor_kernel::error::Result;
use kontor_platform::value::Id;
use kontor_texts::{message, tr, tr_args};
use maud::{Markup, Render, html};
use serde_json::Value as Json;

/// Tags that stand in the head; of more, how many.
const TAGS: usize = 3;

/// Tabs: name in the address, text key, collection that is counted.
const TABS: [(&str, &str, &str); 9] = [
    ("", "page-card-overview", ""),
    ("timeline", "page-card-timeline", ""),
    ("deals", "deals", "deals"),
    ("documents", "page-card-documents", "sales-orders"),
    ("settlements", "settlements", ""),
    ("contacts", "page-partner-contacts", "contacts"),
    ("relations", "page-partner-relations", "partner-relations"),
    ("details", "page-card-details", ""),
    ("changes", "page-card-history", ""),
];

pub struct Card<'a> {
    pub c: &'a Call,
    pub id: String,
    pub p: Json,
    pub debts: Debts,
    pub contacts: Rows,
    pub deals: Rows,
    /// Drafts and confirmed orders, the latest first.
    pub orders: Rows,
    tasks: Rows,
    pub turnover: side::Turnover,
}

pub fn view(c: &Call, id: Id) -> Result<View> {
    let p = c.app.get(&c.ctx, "partners", id)?;
    let id = id.to_string();
    let contacts = rows(c, "contacts", &[("partner_id", &id), ("limit", "20")], &["position", "decision_role", "phones", "emails"])?;
    let deals = rows(
        c,
        "deals",
        &[("partner_id", &id), ("state", "open"), ("limit", "20"), ("sort", "closes_on")],
        &["stage_id", "amount", "currency", "next_step", "next_step_on", "closes_on", "state"],
    )?;
    let orders = rows(
        c,
        "sales-orders",
        &[("partner_id", &id), ("state.in", "draft,confirmed"), ("limit", "60"), ("sort", "-date")],
        &["state", "total", "date", "ship_on", "shipped", "shipped_total", "paid_total"],
    )?;
    let tasks = open_tasks(c, &id)?;
    let from = c.ctx.today.checked_sub_months(Months::new(23)).unwrap_or(c.ctx.today);
    let sales = report(
        c,
        "sales",
        &[("by", "month"), ("partner_id", &id), ("from", &from.format("%Y-%m-01").to_string()), ("to", &c.ctx.today.to_string())],
    )?;
    let card = Card {
        c,
        debts: debts::of_partner(c, &id)?,
        turnover: side::Turnover::of(c, sales.as_ref()),
        id,
        p,
        contacts,
        deals,
        orders,
        tasks,
    };
    let tab = c.param("tab").unwrap_or("");
    let title = text(&card.p, "name").to_owned();
    let content = html! {
        span hidden data-live={ "partners/" (card.id) } data-version=(card.p["version"].as_i64().unwrap_or(0)) {}
        (card.head())
        (card.phone_actions())
        (card.answers())
        (card.tabs(tab)?)
        (card.body(tab)?)
    };
    let crumbs = vec![(message::entity(c.lang, "partners").to_owned(), Some("/partners".to_owned())), (title.clone(), None)];
    Ok(View { here: "partners", title, crumbs, create: html! {}, content })
}

/// Open tasks about the partner, the most urgent first.
fn open_tasks(c: &Call, partner: &str) -> Result<Rows> {
    super::tasks::of(c, "partner_id", partner, "10")
}

impl Card<'_> {
    pub(super) fn path(&self) -> String {
        format!("/partners/{}", self.id)
    }
    fn of<'b>(&'b self, path: &'b str, tab: &'b str) -> Of<'b> {
        Of { column: "partner_id", id: &self.id, path, tab }
    }

    fn head(&self) -> Markup {
        let (c, lang) = (self.c, self.c.lang);
        let roles: Vec<String> = self.p["roles"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .map(|r| message::choice(lang, "partners", "roles", r).into_owned())
            .collect();
        let tags: Vec<&str> = self.p["tags"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let since = text(&self.p, "client_since").get(..4).map(|y| tr_args(lang, "work-since", &[("year", y.into())]));
        let facts: Vec<String> = [ref_title(&self.p, "region"), ref_title(&self.p, "line_of_business")]
            .into_iter()
            .filter(|s| !s.is_empty())
            .map(str::to_owned)
            .chain(since)
            .collect();
        let about = html! {
            @for r in &roles { (Badge { text: r, tone: Tone::Plain }) }
            @for t in tags.iter().take(TAGS) { (Badge { text: t, tone: Tone::Accent }) }
            @if tags.len() > TAGS { span class="m2 s12" title=(tags[TAGS..].join(", ")) { "+" (tags.len() - TAGS) } }
            @if self.p["archived"] == Json::Bool(true) { (Badge { text: tr(lang, "page-card-archived"), tone: Tone::Waits }) }
            span class="s12 m2 cut" { (facts.join(" · ")) }
        };
        let phone = self.phone();
        let mail = self.mail();
        let order = format!("/sales-orders/new?partner_id={}", self.id);
        let actions = html! {
            (self.menu())
            @if may(c, "partners", "update") { (Button::new(Kind::Third, tr(lang, "page-card-edit")).icon("pencil").key("e").link(&format!("/partners/{}/edit", self.id))) }
            @if let Some(p) = &phone { a class="btn btn-2 wide-only" href={ "tel:" (p.1) } { (icon("phone")) (tr(lang, "work-call")) } }
            @if let Some(m) = &mail { a class="btn btn-2 wide-only" href={ "mailto:" (m) } { (icon("mail")) (tr(lang, "work-mail")) } }
            @if may(c, "sales-orders", "create") { (Button::new(Kind::Primary, tr(lang, "work-order")).icon("shopping-cart").key("o").link(&order)) }
        };
        PageHead { title: text(&self.p, "name"), about, actions, list: false, line: false }.render()
    }

    /// Everything that can be made for this partner.
    fn menu(&self) -> Markup {
        let c = self.c;
        let made: Vec<(&str, &str)> = [
            ("deals", "target-arrow"),
            ("quotes", "file-text"),
            ("sales-orders", "shopping-cart"),
            ("payments", "cash"),
            ("returns", "truck-return"),
            ("tasks", "checkbox"),
            ("interactions", "notes"),
            ("contacts", "user"),
            ("counterparties", "certificate"),
            ("agreements", "percentage"),
            ("partner-relations", "affiliate"),
        ]
        .into_iter()
        .filter(|(e, _)| may(c, e, "create"))
        .collect();
        if made.is_empty() {
            return html! {};
        }
        Menu { label: tr(c.lang, "page-list-new"), icon: "plus", worded: true, items: html! { @for (e, i) in made { a href=(format!("/{e}/new?partner_id={}", self.id)) { (icon(i)) (message::entity_one(c.lang, e)) } } } }.render()
    }

    /// Name and number of the first phone: of a contact, else of the partner.
    fn phone(&self) -> Option<(String, String)> {
        let of_contact =
            self.contacts.iter().find_map(|r| side::values(r.json("phones")).into_iter().next().map(|p| (r.title().to_owned(), p)));
        of_contact
            .or_else(|| Some((String::new(), text(&self.p, "phone").to_owned())).filter(|p| !p.1.is_empty()))
            .map(|(n, p)| (n, side::dial(&p)))
    }
    fn mail(&self) -> Option<String> {
        let own = text(&self.p, "email");
        if !own.is_empty() {
            Some(own.to_owned())
        } else {
            self.contacts.iter().find_map(|r| side::values(r.json("emails")).into_iter().next())
        }
    }

    fn phone_actions(&self) -> Markup {
        let lang = self.c.lang;
        html! {
            div class="k-pact" {
                @if may(self.c, "sales-orders", "create") { a class="pri" href=(format!("/sales-orders/new?partner_id={}", self.id)) { (icon("shopping-cart")) (tr(lang, "work-to_order")) } }
                @if let Some(p) = self.phone() { a href={ "tel:" (p.1) } { (icon("phone")) (tr(lang, "work-call")) } }
                @if let Some(m) = self.mail() { a href={ "mailto:" (m) } { (icon("mail")) (tr(lang, "work-mail")) } }
                @if !text(&self.p, "address").is_empty() { a href=(format!("geo:0,0?q={}", words::url(text(&self.p, "address")))) { (icon("navigation")) (tr(lang, "work-drive")) } }
            }
        }
    }

    fn answers(&self) -> Markup {
        let lang = self.c.lang;
        let owes = self.debts.main().balance;
        let items = [
            Answer { title: tr(lang, "page-partner-who"), body: self.who(), next: false },
            Answer {
                title: tr(lang, if owes < 0 { "settlement-we_owe" } else { "settlement-they_owe" }),
                body: self.debts.answer(self.c),
                next: false,
            },
            Answer { title: tr(lang, "page-partner-going_on"), body: self.going_on(), next: false },
            Answer { title: tr(lang, "page-partner-next"), body: self.next(), next: true },
        ];
        Answers(&items).render()
    }

    fn who(&self) -> Markup {
        let lang = self.c.lang;
        let decides = self.contacts.iter().find(|r| r.text("decision_role") == "decides").or_else(|| self.contacts.first());
        let manager = ref_title(&self.p, "manager");
        html! {
            @match decides {
                Some(r) => {
                    p class="lead" { a href=(r.href()) { (r.title()) } @if !r.text("position").is_empty() { " · " (r.text("position")) } }
                    @if !r.text("decision_role").is_empty() { p { (message::choice(lang, "contacts", "decision_role", r.text("decision_role"))) } }
                }
                None => p class="m2" { (tr(lang, "page-partner-no_contacts")) },
            }
            @if !manager.is_empty() { p class="m2" { (tr_args(lang, "work-led_by", &[("name", manager.into())])) } }
            @let head = ref_title(&self.p, "head_partner");
            @if !head.is_empty() { p class="m2" { (tr(lang, "page-partner-holding")) ": " a class="lk" href=(format!("/partners/{}", ref_id(&self.p, "head_partner"))) { (head) } } }
        }
    }

    fn going_on(&self) -> Markup {
        let lang = self.c.lang;
        let orders = self.orders.iter().filter(|o| unfinished(*o)).count();
        let sum: i64 = self.deals.iter().map(|d| d.scaled("amount")).sum();
        let one_currency = self.deals.iter().all(|d| d.text("currency") == self.deals.first().map_or("", |f| f.text("currency")));
        html! {
            @match self.turnover.change(lang) {
                Some((text, up)) => div class={ "big " (if up { "" } else { "neg" }) } { (text) small { (tr(lang, "work-to_last_year")) } },
                None => div class="big" { (whole(lang, &amount(self.turnover.this_year))) small { (words::sign(&self.turnover.currency)) " · " (tr(lang, "page-report-last_12_months")) } },
            }
            @if !self.deals.is_empty() {
                p { (tr_args(lang, "work-deals_going", &[("count", self.deals.len().into())])) @if one_currency && sum > 0 { " · " span class="n" { (whole(lang, &amount(sum))) } } }
            } @else { p class="m2" { (tr(lang, "work-no_deals")) } }
            @if orders > 0 { p class="m2" { (tr_args(lang, "work-orders_open", &[("count", orders.into())])) } }
        }
    }

    fn next(&self) -> Markup {
        let (c, lang) = (self.c, self.c.lang);
        let step = self.deals.iter().find(|d| !d.text("next_step").is_empty());
        html! {
            @if let Some(t) = self.tasks.first() {
                p class="lead" { a href=(t.href()) { (t.title()) } }
                p { (super::tasks::when(c, t)) @if !t.name_of("doer_id").is_empty() { " · " (t.name_of("doer_id")) } }
                div class="row-f g4 mt4 wrap" {
                    @if let Some(p) = self.phone() { a class="btn btn-2 btn-s" href={ "tel:" (p.1) } { (icon_small("phone")) (tr(lang, "work-dial")) } }
                    (super::tasks::done_button(c, t))
                }
            } @else if let Some(d) = step {
                p class="lead" { a href=(d.href()) { (d.text("next_step")) } }
                p { (d.title()) @if let Some(on) = d.date("next_step_on") { " · " span class=[(on < c.ctx.today).then_some("neg b5")] { (words::day(lang, c.ctx.today, on)) } } }
            } @else {
                p class="m1" { (tr(lang, "page-partner-no_next_step")) }
                @if may(c, "tasks", "create") { div class="mt8" { a class="btn btn-2 btn-s" href=(format!("/tasks/new?partner_id={}", self.id)) { (icon_small("plus")) (tr(lang, "page-partner-plan_next")) } } }
            }
        }
    }

    fn tabs(&self, here: &str) -> Result<Markup> {
        let c = self.c;
        let path = self.path();
        let mut items: Vec<(&str, String, Option<i64>, bool)> = vec![];
        for (tab, key, counted) in TABS {
            let visible = match tab {
                "deals" | "contacts" | "relations" => readable(c, counted),
                "documents" => DOCUMENTS.iter().any(|d| readable(c, d.0)),
                "settlements" => self.debts.readable,
                _ => true,
            };
            if visible {
                let n = if counted.is_empty() { None } else { count(c, counted, &[("partner_id", &self.id)])? };
                items.push((tr(c.lang, key), if tab.is_empty() { path.clone() } else { format!("{path}?tab={tab}") }, n, tab == here));
            }
        }
        let items: Vec<Tab> = items.iter().map(|(t, h, n, on)| Tab { title: t, href: h, count: n.filter(|n| *n > 0), here: *on }).collect();
        Ok(Tabs { label: tr(c.lang, "work-parts"), items: &items }.render())
    }

    fn body(&self, tab: &str) -> Result<Markup> {
        let c = self.c;
        let path = self.path();
        let part = match tab {
            "timeline" => {
                html! { div class="pad" { div class="k-h" { h3 { (tr(c.lang, "page-card-timeline")) } (timeline::segments(c, &self.of(&path, "timeline"))) } (self.compose()) (timeline::timeline(c, &self.of(&path, "timeline"))?) } }
            }
            "deals" => {
                self.list("deals", "partner_id", &["name", "stage_id", "state", "amount", "closes_on", "manager_id"], "-opened_on")?
            }
            "documents" => self.documents()?,
            "settlements" => self.settlements(),
            "contacts" => {
                self.list("contacts", "partner_id", &["full_name", "position", "decision_role", "phones", "emails"], "full_name")?
            }
            "relations" => {
                html! { (self.list("partner-relations", "partner_id", &["name", "kind", "direction", "related_partner_id", "valid_from", "valid_to"], "name")?) (self.holding()?) }
            }
            "details" => return side::details(c, "partners", &self.p),
            "changes" => html! { div class="pad" { (history::show(c, c.spec("partners")?, Call::id(&self.id)?)?) } },
            _ => return self.overview(),
        };
        Ok(html! { div class="k-scroll" { (part) } })
    }

    fn overview(&self) -> Result<Markup> {
        let c = self.c;
        let path = self.path();
        Ok(html! {
            div class="k-cols with-side" {
                div {
                    (self.open_things()?)
                    div class="pad" {
                        div class="k-h" { h3 { (tr(c.lang, "page-card-timeline")) } (timeline::segments(c, &self.of(&path, ""))) }
                        (self.compose())
                        (timeline::timeline(c, &self.of(&path, ""))?)
                    }
                }
                (side::column(self)?)
            }
        })
    }
}
