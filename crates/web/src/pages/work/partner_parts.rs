//! Parts of the card of a partner: what is open, documents, settlements, the holding, the line that writes down a talk.

use super::partner::Card;
use super::partner_side as side;
use super::ref_id;
use super::rows::{may, readable, rows};
use super::sublist::sublist;
use super::words::{self, amount};
use crate::pages::Call;
use crate::ui::badge::Badge;
use crate::ui::icons::{icon, icon_muted, icon_small};
use crate::ui::{Money, Tone};
use kontor_kernel::error::Result;
use kontor_platform::value::Id;
use kontor_texts::{format, message, tr, tr_args};
use maud::{Markup, html};
use serde_json::json;

impl Card<'_> {
    /// Deals, orders, shipments and debts that wait for something.
    pub(super) fn open_things(&self) -> Result<Markup> {
        let (c, lang) = (self.c, self.c.lang);
        let orders: Vec<super::rows::Row> = self.orders.iter().filter(|o| unfinished(*o)).take(8).collect();
        let quotes = rows(
            c,
            "quotes",
            &[("partner_id", &self.id), ("state.in", "draft,confirmed"), ("limit", "4"), ("sort", "-date")],
            &["state", "total", "date", "valid_until"],
        )?;
        let late: Vec<_> = self
            .debts
            .open
            .iter()
            .filter(|r| r.scaled("open") > 0 && r.date("due_date").is_some_and(|d| d < c.ctx.today))
            .take(4)
            .collect();
        let n = self.deals.len() + orders.len() + quotes.len() + late.len();
        if n == 0 {
            return Ok(html! {});
        }
        let day = |d: Option<chrono::NaiveDate>| d.map(|d| words::day(lang, c.ctx.today, d)).unwrap_or_default();
        Ok(html! {
            div class="k-h in" { h3 { (tr(lang, "page-card-open")) i { (n) } } a class="lk s12" href={ (self.path()) "?tab=documents" } { (tr(lang, "work-all_documents")) } }
            table class="table k-grid" aria-label=(tr(lang, "page-card-open")) {
                colgroup { col width="128"; col; col width="112"; col width="156"; col class="p4" width="140"; col width="100"; }
                tbody {
                    @for d in self.deals.iter().take(6) {
                        tr data-href=(d.href()) tabindex="-1" {
                            td class="m1" { (icon_muted("target-arrow")) " " (message::entity_one(lang, "deals")) } td class="nm" { a href=(d.href()) { (d.title()) } }
                            td { (Badge { text: d.name_of("stage_id"), tone: Tone::Plain }) } td class="r" { (Money::new(lang, &d.decimal("amount"))) }
                            td class="sub p4" { (d.text("next_step")) } td class=(if d.date("closes_on").is_some_and(|x| x < c.ctx.today) { "r neg s12" } else { "r m1 s12" }) { (day(d.date("closes_on"))) }
                        }
                    }
                    @for q in quotes.iter() { (self.document_row(q, "file-text", q.date("valid_until").or(q.date("date")), "")) }
                    @for o in &orders { (self.document_row(*o, "shopping-cart", o.date("ship_on").or(o.date("date")), &self.fulfilment(*o))) }
                    @for r in &late {
                        tr {
                            td class="m1" { (icon_muted("file-invoice")) " " (r.title()) } td class="nm" { a href=(super::payment::paper_of(c, *r)) { (message::entity_one(lang, r.text("entity"))) } }
                            td { (Badge { text: tr(lang, "work-overdue"), tone: Tone::Bad }) } td class="r" { (Money::new(lang, &r.decimal("open"))) }
                            td class="sub p4" { (r.date("due_date").map(|d| words::days(lang, (c.ctx.today - d).num_days())).unwrap_or_default()) } td class="r neg s12" { (day(r.date("due_date"))) }
                        }
                    }
                }
            }
        })
    }

    pub(super) fn document_row(&self, r: super::rows::Row, name: &str, on: Option<chrono::NaiveDate>, note: &str) -> Markup {
        let lang = self.c.lang;
        html! {
            tr data-href=(r.href()) tabindex="-1" {
                td class="m1" { (icon_muted(name)) " " (r.title()) } td class="nm" { a href=(r.href()) { (message::entity_one(lang, r.entity())) } }
                td { (words::state(lang, r.entity(), r.state())) } td class="r" { (Money::new(lang, &r.decimal("total"))) }
                td class="sub p4" { (note) } td class="r m1 s12" { (on.map(|d| words::day(lang, self.c.ctx.today, d)).unwrap_or_default()) }
            }
        }
    }

    /// `відвантажено 40 %, оплачено 0 %`: how far an order has come.
    pub(super) fn fulfilment(&self, r: super::rows::Row) -> String {
        let total = r.scaled("total");
        if r.state() != "confirmed" || total <= 0 {
            return String::new();
        }
        let percent = |part: i64| format::percent(self.c.lang, part.saturating_mul(100) / total * 10_000);
        tr_args(
            self.c.lang,
            "work-shipped_paid",
            &[
                ("shipped", percent(if r.flag("shipped") { total } else { r.scaled("shipped_total") }).into()),
                ("paid", percent(r.scaled("paid_total")).into()),
            ],
        )
    }

    /// One line to write down a talk, at once.
    pub(super) fn compose(&self) -> Markup {
        let (c, lang) = (self.c, self.c.lang);
        if !may(c, "interactions", "create") {
            return html! {};
        }
        html! {
            form class="k-compose" method="post" action=(format!("/partners/{}/note", self.id)) data-form {
                input type="hidden" name="csrf" value=(c.csrf);
                input type="text" name="subject" maxlength="300" required placeholder=(tr(lang, "page-partner-note_talk")) aria-label=(tr(lang, "page-partner-note_talk")) data-key="n" autocomplete="off";
                @for (kind, name) in [("call_out", "phone"), ("meeting", "users"), ("email", "mail")] {
                    button type="submit" class="k-icb" name="kind" value=(kind) aria-label=(message::choice(lang, "interactions", "kind", kind)) title=(message::choice(lang, "interactions", "kind", kind)) { (icon(name)) }
                }
                @if may(c, "tasks", "create") { button type="submit" class="k-icb" name="kind" value="task" aria-label=(message::entity_one(lang, "tasks")) title=(message::entity_one(lang, "tasks")) { (icon("checkbox")) } }
            }
        }
    }

    pub(super) fn list(&self, collection: &str, column: &str, columns: &[&str], sort: &str) -> Result<Markup> {
        let c = self.c;
        let Some(spec) = c.app.registry.get(collection).filter(|s| c.ctx.access.may(s, "read")) else { return Ok(html! {}) };
        let found = rows(
            c,
            collection,
            &[(column, &self.id), ("sort", sort), ("limit", "100")],
            &columns.iter().copied().chain(["state"]).collect::<Vec<_>>(),
        )?;
        let all = format!("/{collection}?{column}={}", self.id);
        Ok(html! {
            div class="k-h in" { h3 { (message::entity(c.lang, collection)) } @if may(c, collection, "create") { a class="btn btn-3 btn-s" href=(format!("/{collection}/new?{column}={}", self.id)) { (icon_small("plus")) (tr(c.lang, "page-card-add")) } } }
            @if found.is_empty() { p class="pad m2" { (tr(c.lang, "page-list-empty")) } }
            (sublist(c, spec, &found, columns, &all))
        })
    }

    pub(super) fn documents(&self) -> Result<Markup> {
        let mut all = vec![];
        for (collection, columns) in DOCUMENTS {
            if readable(self.c, collection) {
                all.push(self.list(collection, "partner_id", columns, "-date")?);
            }
        }
        Ok(html! { @for part in all { (part) } })
    }

    pub(super) fn settlements(&self) -> Markup {
        let c = self.c;
        let Some(spec) = c.app.registry.get("settlement-documents") else { return html! {} };
        html! {
            @if !self.debts.by.is_empty() {
                dl class="k-figures" {
                    @for d in &self.debts.by {
                        (crate::ui::figures::Fig::new(tr(c.lang, if d.balance < 0 { "settlement-we_owe" } else { "settlement-they_owe" }), html! { (Money::new(c.lang, &amount(d.balance)).unit(words::sign(&d.currency))) }))
                        @if d.overdue > 0 { (crate::ui::figures::Fig::new(tr(c.lang, "work-overdue"), html! { span class="neg" { (Money::new(c.lang, &amount(d.overdue)).unit(words::sign(&d.currency))) } })) }
                        @if d.ordered > 0 { (crate::ui::figures::Fig::new(tr(c.lang, "work-ordered"), html! { (Money::new(c.lang, &amount(d.ordered)).unit(words::sign(&d.currency))) })) }
                    }
                }
            }
            div class="pad" { (self.debts.section(c, &self.id)) }
            @if self.debts.open.is_empty() { p class="pad m2" { (tr(c.lang, "page-partner-no_debt")) } }
            (side::open_documents(c, spec, &self.debts.open))
        }
    }

    /// Other partners of the same holding.
    pub(super) fn holding(&self) -> Result<Markup> {
        let c = self.c;
        let head = ref_id(&self.p, "head_partner");
        let top = if head.is_empty() { self.id.as_str() } else { head };
        let found = rows(c, "partners", &[("head_partner_id", top), ("limit", "50")], &["name", "roles", "region_id", "manager_id"])?;
        let Some(spec) = c.app.registry.get("partners").filter(|_| !found.is_empty()) else { return Ok(html! {}) };
        Ok(
            html! { div class="k-h in" { h3 { (tr(c.lang, "page-partner-holding")) } } (sublist(c, spec, &found, &["name", "roles", "region_id", "manager_id"], &format!("/partners?head_partner_id={top}"))) },
        )
    }
}

/// A draft, or something of it is not shipped (services need not be) or not paid yet.
pub(super) fn unfinished(o: super::rows::Row) -> bool {
    o.state() == "draft" || !o.flag("shipped") || o.scaled("paid_total") < o.scaled("total")
}

/// Documents of a partner, in the order of the chain.
pub(super) const DOCUMENTS: [(&str, &[&str]); 5] = [
    ("quotes", &["number", "date", "state", "total", "currency", "manager_id"]),
    ("sales-orders", &["number", "date", "state", "total", "currency", "ship_on", "manager_id"]),
    ("shipments", &["number", "date", "state", "total", "currency", "sales_order_id"]),
    ("returns", &["number", "date", "state", "total", "currency"]),
    ("payments", &["number", "date", "state", "amount", "currency", "direction"]),
];

/// Writes down a talk or a task from the line of the card.
pub fn note(c: &Call, id: Id) -> Result<crate::pages::Reply> {
    let form = c.req.form();
    let field = |n: &str| form.iter().find(|(k, _)| k == n).map_or("", |(_, v)| v.trim());
    let kind = match field("kind") {
        "" => "call_out",
        k => k,
    };
    let subject = field("subject");
    let (collection, input) = if kind == "task" {
        ("tasks", json!({"subject": subject, "partner_id": id, "doer_id": c.ctx.user_id}))
    } else {
        ("interactions", json!({"subject": subject, "kind": kind, "partner_id": id}))
    };
    let done = c.app.execute(&c.ctx, kontor_platform::Envelope::new(format!("{collection}.create"), input))?;
    Ok(crate::pages::Reply::Done { to: format!("/partners/{id}"), key: "page-created", title: subject.to_owned(), audit: done.audit_id })
}
