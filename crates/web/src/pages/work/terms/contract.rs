//! The card of a contract: the parties, how much of it is fulfilled, until when; contracted against delivered, the schedule by day,
//! documents under it.

use super::{Heed, date, documents, heeds, of_period, period, stages};
use crate::pages::Call;
use crate::pages::card::{self, Card};
use crate::pages::work::partner_side::payment_terms;
use crate::pages::work::words;
use crate::pages::work::{ask, ref_id, ref_title, text};
use crate::ui::badge::{Badge, Tone};
use crate::ui::figures::{Answer, Answers, Section};
use crate::ui::icons::icon_small;
use crate::ui::money::{Money, number};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Kind, Result};
use kontor_kernel::{Amount, Quantity};
use kontor_texts::{format, label, message, tr, tr_args};
use maud::{Markup, Render, html};
use serde_json::Value as Json;

const NAME: &str = "contracts";

pub fn view(c: &Call, card: &Card) -> Result<Markup> {
    // Who may not see the sums of orders sees the contract without them.
    let delivery = match ask(c, "contracts/{id}/delivery", &[("id", card.id.to_string())], &[]) {
        Ok(answer) => answer,
        Err(e) if e.kind() == Kind::Forbidden => None,
        Err(e) => return Err(e),
    };
    let k = Contract { c, card, j: &card.json, delivery };
    let comment = card.text("comment");
    Ok(html! {
        (heeds(&k.heed()))
        (k.answers())
        div class="k-cols with-side" {
            div class="k-body" { (k.contracted()) (k.schedule()) (documents(c, "contract_id", &card.id.to_string())?) }
            aside class="k-side" aria-label=(c.t("page-card-details")) {
                @if !comment.is_empty() { (Section { title: label(c.lang, NAME, "comment"), count: None, aside: html! {}, body: html! { p class="pre m1" dir="auto" { (comment) } } }) }
                (card::kept(c, card)?)
            }
        }
    })
}

struct Contract<'a> {
    c: &'a Call,
    card: &'a Card,
    j: &'a Json,
    delivery: Option<Json>,
}

fn money(j: &Json, field: &str) -> i64 {
    Amount::parse(text(j, field)).map_or(0, Amount::scaled)
}
fn quantity(j: &Json, field: &str) -> i64 {
    Quantity::parse(text(j, field)).map_or(0, Quantity::scaled)
}

/// A bar of so much of the whole.
fn bar(part: i64, of: i64) -> Markup {
    let percent = (words::share(part, of) * 100.0).round();
    html! { svg class="k-bar" aria-hidden="true" { rect width={ (percent) "%" } height="100%" {} } }
}

impl Contract<'_> {
    fn label(&self, column: &str) -> &'static str {
        label(self.c.lang, NAME, column)
    }
    fn link(&self, column: &str, collection: &str) -> Option<Markup> {
        let (id, title) = (ref_id(self.j, column), ref_title(self.j, column));
        (!id.is_empty()).then(|| html! { a class="lk" href=(format!("/{collection}/{id}")) { (title) } })
    }
    fn items(&self) -> &[Json] {
        self.delivery.as_ref().and_then(|d| d["items"].as_array()).map(Vec::as_slice).unwrap_or_default()
    }

    fn heed(&self) -> Vec<Heed> {
        let (c, lang, mut out) = (self.c, self.c.lang, vec![]);
        of_period(c, date(self.j, "valid_from"), date(self.j, "valid_to"), &mut out);
        let behind = self.items().iter().filter(|i| quantity(i, "behind") > 0).count();
        if behind > 0 {
            out.push(Heed::new(true, tr_args(lang, "terms-behind", &[("count", behind.into())])));
        }
        if let Some(d) = &self.delivery {
            let (whole, done, due) = (money(d, "amount"), money(d, "delivered"), money(d, "scheduled_by_now"));
            let sum = |n: i64| format!("{}\u{a0}{}", number(lang, &words::amount(n), 2), words::sign(text(d, "currency")));
            if whole > 0 && done > whole {
                out.push(Heed::new(true, tr_args(lang, "terms-over_amount", &[("sum", sum(done - whole).into())])));
            } else if due > done {
                out.push(Heed::new(false, tr_args(lang, "terms-behind_amount", &[("sum", sum(due - done).into())])));
            }
        }
        out
    }

    fn answers(&self) -> Markup {
        let (c, lang, j) = (self.c, self.c.lang, self.j);
        let sign = words::sign(text(j, "currency"));
        let whose = html! {
            p class="lead" { @if let Some(p) = self.link("partner", "partners") { (p) } }
            @if let Some(x) = self.link("counterparty", "counterparties") { p { (x) } }
            @if let Some(x) = self.link("company", "companies") { p class="m2" { (self.label("company_id")) ": " (x) } }
            @if let Some(x) = self.link("manager", "users") { p class="m2" { (self.label("manager_id")) ": " (x) } }
        };
        let amount = text(j, "amount");
        let done = self.delivery.as_ref().map(|d| money(d, "delivered"));
        let sum = html! {
            div class="big" { @if amount.is_empty() { "—" } @else { (Money::new(lang, amount).unit(sign)) } }
            @if let Some(done) = done {
                p { (tr(lang, "terms-delivered")) " " b class="n b5" { (number(lang, &words::amount(done), 2)) } @if let Some(share) = words::ratio(lang, done, money(j, "amount")) { " · " (share) } }
                @if money(j, "amount") > 0 { (bar(done, money(j, "amount"))) }
            }
        };
        let (from, to) = (date(j, "valid_from"), date(j, "valid_to"));
        let term = html! {
            p class="lead tn" { (period(c, from, to)) }
            @if let Some(d) = date(j, "date") { p { (tr_args(lang, "terms-signed", &[("date", format::date(lang, d).into())])) } }
            @if let Some(n) = to.map(|d| (d - c.ctx.today).num_days()).filter(|n| *n >= 0) { p { (tr_args(lang, "terms-left", &[("count", n.into())])) } }
            @if let Some(n) = j["remind_days"].as_i64() { p class="m2" { (self.label("remind_days")) ": " (n) } }
        };
        let paid = payment_terms(lang, &j["payment_terms"]);
        let terms = html! {
            p class="lead" { (if paid.is_empty() { tr(lang, "terms-payment_by_agreement") } else { &paid }) }
            (stages(c, &j["payment_stages"]))
            p { (text(j, "currency")) @if let Some(l) = self.link("price_list", "price-lists") { " · " (l) } @if let Some(t) = self.link("price_type", "price-types") { " · " (t) } }
            @if !text(j, "discount_percent").is_empty() { p { (self.label("discount_percent")) " " b class="n b5" { (number(lang, text(j, "discount_percent"), 0)) } } }
            @if !text(j, "delivery_terms").is_empty() { p class="m2" { (text(j, "delivery_terms")) } }
            @if let Some(n) = j["delivery_days"].as_i64() { p class="m2" { (self.label("delivery_days")) ": " (n) } }
        };
        Answers(&[
            Answer { title: tr(lang, "terms-parties"), body: whose, next: false },
            Answer { title: self.label("amount"), body: sum, next: false },
            Answer { title: tr(lang, "terms-term"), body: term, next: false },
            Answer { title: tr(lang, "terms-conditions"), body: terms, next: false },
        ])
        .render()
    }

    /// Product by product: contracted, ordered, delivered, what is left and what is late.
    fn contracted(&self) -> Markup {
        let lang = self.c.lang;
        if self.items().is_empty() {
            return html! {};
        }
        let figure = |i: &Json, f: &str| number(lang, text(i, f), 0);
        html! {
            section class="k-sec" {
                header { h3 { (tr(lang, "terms-contracted_delivered")) i { (self.items().len()) } } }
                div class="k-scroll wide" { table class="k-plain" aria-label=(tr(lang, "terms-contracted_delivered")) {
                    thead { tr { th scope="col" { (message::entity_one(lang, "products")) } @for (k, class) in [("terms-contracted", "r"), ("terms-ordered", "r p4"), ("terms-delivered", "r"), ("terms-left_of_it", "r p4"), ("terms-late", "r"), ("field-amount", "r p4")] { th scope="col" class=(class) { (tr(lang, k)) } } th scope="col" class="k-barcol p4" { span class="visually-hidden" { "%" } } } }
                    tbody { @for i in self.items() { tr {
                        td { (of_line(i)) }
                        td class="r n" { (figure(i, "contracted")) }
                        td class="r n m1 p4" { (figure(i, "ordered")) }
                        td class="r n b5" { (figure(i, "delivered")) }
                        td class="r n m1 p4" { (figure(i, "left")) }
                        td class="r n" { @if quantity(i, "behind") > 0 { span class="neg b5" { (figure(i, "behind")) } } @else { span class="m2" { "—" } } }
                        td class="r p4" { (Money::new(lang, text(i, "amount"))) }
                        td class="k-barcol p4" { (bar(quantity(i, "delivered"), quantity(i, "contracted"))) }
                    } } }
                } }
            }
        }
    }

    /// Deliveries by day. What was delivered fills the earliest days first.
    fn schedule(&self) -> Markup {
        let (c, lang) = (self.c, self.c.lang);
        let lines = self.j["lines"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut all: Vec<&Json> = lines.iter().collect();
        all.sort_by_key(|l| text(l, "due_on"));
        let mut left: HashMap<&str, i64> = self.items().iter().map(|i| (line_of(i).1, quantity(i, "delivered"))).collect();
        let told: Vec<(&Json, Option<i64>)> = all
            .into_iter()
            .map(|l| {
                let (product, wanted) = (line_of(l).1, quantity(l, "quantity"));
                let done = (self.delivery.is_some() && wanted > 0).then(|| {
                    let have = left.entry(product).or_default();
                    let done = wanted.min((*have).max(0));
                    *have -= done;
                    done
                });
                (l, done)
            })
            .collect();
        let head = |f: &str| label(lang, NAME, f);
        html! {
            section class="k-sec" {
                header { h3 { (self.label("lines")) i { (lines.len()) } } @if self.card.editable(c) { a class="btn btn-3 btn-s ml-a" href=(format!("/contracts/{}/edit", self.card.id)) { (icon_small("pencil")) (tr(lang, "page-card-edit")) } } }
                @if told.is_empty() { p class="m2" { (tr(lang, "terms-no_schedule")) } }
                @else { div class="k-scroll wide" { table class="k-plain" aria-label=(self.label("lines")) {
                    thead { tr { th scope="col" { (head("due_on")) } th scope="col" { (head("product_id")) } th scope="col" class="r" { (head("quantity")) } th scope="col" class="r p4" { (head("price")) } th scope="col" class="r p4" { (head("amount")) } th scope="col" { (tr(lang, "terms-delivered")) } th scope="col" class="p4" { (head("note")) } } }
                    tbody { @for (l, done) in &told { (self.scheduled(l, *done)) } }
                } } }
            }
        }
    }

    fn scheduled(&self, l: &Json, done: Option<i64>) -> Markup {
        let (c, lang) = (self.c, self.c.lang);
        let due = date(l, "due_on");
        let wanted = quantity(l, "quantity");
        let late = due.is_some_and(|d| d < c.ctx.today);
        let state = done.map(|n| match n {
            n if n >= wanted => (tr(lang, "terms-done").to_owned(), Tone::Good),
            n if late => (
                tr_args(lang, "terms-short", &[("quantity", number(lang, &Quantity::from_scaled(wanted - n).to_string(), 0).into())]),
                Tone::Bad,
            ),
            0 => (tr(lang, "terms-ahead").to_owned(), Tone::Plain),
            n => (
                format!("{} / {}", number(lang, &Quantity::from_scaled(n).to_string(), 0), number(lang, text(l, "quantity"), 0)),
                Tone::Waits,
            ),
        });
        let figure = |f: &str, least: usize| if text(l, f).is_empty() { "—".to_owned() } else { number(lang, text(l, f), least) };
        html! {
            tr {
                td class="tn" { (due.map(|d| format::date(lang, d)).unwrap_or_default()) }
                td { (of_line(l)) }
                td class="r n b5" { (figure("quantity", 0)) }
                td class="r n m1 p4" { (figure("price", 2)) }
                td class="r n p4" { (figure("amount", 2)) }
                td { @if let Some((t, tone)) = &state { (Badge { text: t, tone: *tone }) } }
                td class="m1 p4" dir="auto" { (text(l, "note")) }
            }
        }
    }
}

/// What a line is about: the collection, the id, the title.
fn line_of(l: &Json) -> (&'static str, &str, &str) {
    let of = |name: &str| (ref_id(l, name), ref_title(l, name));
    match of("product") {
        ("", _) => ("product-categories", of("category").0, of("category").1),
        (id, title) => ("products", id, title),
    }
}

fn of_line(l: &Json) -> Markup {
    let (collection, id, title) = line_of(l);
    html! { @if id.is_empty() { span class="m2" { "—" } } @else { a class="lk" href=(format!("/{collection}/{id}")) { (title) } } }
}
