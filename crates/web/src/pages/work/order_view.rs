//! An order or a quote that is no draft: its chain, how far it has come, its lines with the price explained, totals.

use super::chain::{Next, chain};
use super::order::{line_text, verbs_of};
use super::order_begin::name_products;
use super::told::Told;
use super::words::{self, address, amount};
use super::{View, ask, ref_id, ref_title, rows::may, text};
use crate::pages::Call;
use crate::pages::card::Card;
use crate::ui::head::{Button, Command, Kind, PageHead};
use crate::ui::icons::icon;
use crate::ui::money::{Money, number};
use kontor_kernel::error::Result;
use kontor_kernel::{Amount, Percent, Price, Quantity};
use kontor_texts::{Lang, format, message, tr, tr_args};
use maud::{Markup, html};
use serde_json::{Value as Json, json};

pub fn view(c: &Call, card: &Card) -> Result<View> {
    let (lang, name) = (c.lang, card.spec.name);
    let mut doc = card.json.clone();
    name_products(c, &mut doc)?;
    let p = Page { c, lang, card, doc };
    let (buttons, dialogs) = verbs_of(c, card)?;
    let why = match c.param("why") {
        Some(line) => p.why(line)?,
        None => None,
    };
    let number = card.text("number").to_owned();
    let about = html! {
        (words::state(lang, name, card.state()))
        @if let Ok(d) = card.text("date").parse() { span class="m2 tn" { (format::date(lang, d)) } }
        @if let Some(n) = card.json["revision"].as_i64().filter(|n| *n > 0) { span class="m2 s12" { (tr_args(lang, "work-revision", &[("n", n.into())])) } }
    };
    let content = html! {
        span hidden data-live={ (name) "/" (card.id) } data-version=(card.version()) {}
        div class=(if why.is_some() { "k-cols with-why" } else { "k-cols" }) {
            div class="k-stack" {
                (PageHead { title: &number, about, actions: html! { (p.ship_button()) (buttons) }, list: false, line: false })
                (p.chain()?)
                (p.deviations()?)
                (p.properties()?)
                div class="k-scroll wide" { (p.lines()) }
                div class="k-foot" { (p.progress()) (p.totals()) }
            }
            @if let Some(w) = &why { aside class="k-side why k-why" aria-label=(tr(lang, "page-order-why_price")) { (w) } }
        }
        (dialogs)
    };
    let crumbs = vec![(message::entity(lang, name).to_owned(), Some(format!("/{name}"))), (number.clone(), None)];
    Ok(View { here: name, title: number, crumbs, create: html! {}, content })
}

struct Page<'a> {
    c: &'a Call,
    lang: Lang,
    card: &'a Card,
    doc: Json,
}

fn scaled(j: &Json, f: &str) -> i64 {
    Amount::parse(text(j, f)).map_or(0, Amount::scaled)
}

impl Page<'_> {
    fn hidden(&self, column: &str) -> bool {
        self.c.ctx.access.hidden(self.card.spec, column)
    }
    fn path(&self) -> String {
        format!("/{}/{}", self.card.spec.name, self.card.id)
    }
    fn is_order(&self) -> bool {
        self.card.spec.name == "sales-orders"
    }
    /// Whether the price of a line can be asked for.
    fn explains(&self) -> bool {
        matches!(self.card.spec.name, "sales-orders" | "quotes")
    }
    fn left_to_pay(&self) -> i64 {
        scaled(&self.doc, "total") - scaled(&self.doc, "paid_total")
    }
    fn unshipped(&self) -> bool {
        let q = |l: &Json, f: &str| Quantity::parse(text(l, f)).map_or(0, Quantity::scaled);
        self.is_order()
            && self.card.state() == "confirmed"
            && self.doc["lines"].as_array().into_iter().flatten().any(|l| q(l, "quantity") > q(l, "shipped_quantity"))
    }

    /// Ships everything that is left, at once.
    fn ship_button(&self) -> Markup {
        if !self.unshipped() || !may(self.c, "shipments", "create") {
            return html! {};
        }
        let body = json!({"sales_order_id": self.card.id});
        Button::new(Kind::Primary, tr(self.lang, "work-ship")).icon("truck-delivery").key("s").command(&Command {
            path: "/shipments",
            body: Some(&body),
            done: Some(tr(self.lang, "work-shipment_made")),
            then: Some("/shipments/{id}"),
            ..Default::default()
        })
    }

    fn chain(&self) -> Result<Markup> {
        let id = self.card.id.to_string();
        let open = amount(self.left_to_pay());
        let (company, partner, currency) = (text(&self.doc, "company_id"), text(&self.doc, "partner_id"), text(&self.doc, "currency"));
        let mut next = vec![];
        if self.card.spec.name == "shipments" && self.card.state() == "posted" {
            let owed = text(&self.doc, "open");
            if scaled(&self.doc, "open") > 0 {
                let note = format!("{}\u{a0}{}", number(self.lang, owed, 2), words::sign(currency));
                next.push(Next {
                    entity: "payments",
                    note,
                    given: vec![
                        ("sales_order_id", text(&self.doc, "sales_order_id")),
                        ("company_id", company),
                        ("partner_id", partner),
                        ("currency", currency),
                        ("amount", owed),
                        ("direction", "in"),
                    ],
                });
            }
            next.push(Next {
                entity: "returns",
                note: String::new(),
                given: vec![
                    ("shipment_id", id.as_str()),
                    ("company_id", company),
                    ("partner_id", partner),
                    ("warehouse_id", text(&self.doc, "warehouse_id")),
                ],
            });
        }
        if self.unshipped() {
            let on = text(&self.doc, "ship_on").parse().map(|d| words::day(self.lang, self.c.ctx.today, d)).unwrap_or_default();
            next.push(Next { entity: "shipments", note: on, given: vec![("sales_order_id", id.as_str())] });
        }
        if self.is_order() && !matches!(self.card.state(), "cancelled") && self.left_to_pay() > 0 {
            let note = format!("{}\u{a0}{}", number(self.lang, &open, 2), words::sign(currency));
            next.push(Next {
                entity: "payments",
                note,
                given: vec![
                    ("sales_order_id", id.as_str()),
                    ("company_id", company),
                    ("partner_id", partner),
                    ("currency", currency),
                    ("amount", &open),
                    ("direction", "in"),
                ],
            });
        }
        chain(self.c, (self.card.spec.name, &id), "", &[], &next)
    }

    /// What was departed from, for who is to approve it and for who asks later.
    fn deviations(&self) -> Result<Markup> {
        if !self.is_order() || self.hidden("deviations") || self.doc["deviations"].as_array().is_none_or(Vec::is_empty) {
            return Ok(html! {});
        }
        let told = ask(self.c, "sales-orders/{id}/deviations", &[("id", self.card.id.to_string())], &[])?.unwrap_or(Json::Null);
        let row = |d: &Json| text(d, "field").strip_prefix("lines.").and_then(|f| f.split('.').next()?.parse::<usize>().ok());
        let waits = self.card.state() == "approval";
        Ok(html! {
            ul class="k-heed" aria-label=(tr(self.lang, "ui-deviations")) {
                @if waits { li class="warn" { (icon("lock")) span { b class="b5" { (tr(self.lang, "work-waits_for_approval")) } } } }
                @for d in told["items"].as_array().into_iter().flatten() {
                    li class="warn" { (icon("alert-triangle")) span { @if let Some(n) = row(d) { (tr_args(self.lang, "ui-line_n", &[("n", (n + 1).into())])) ": " } (text(d, "message")) } }
                }
            }
        })
    }

    fn properties(&self) -> Result<Markup> {
        let lang = self.lang;
        let known = crate::pages::about::known(self.c, self.card.spec, &self.card.id.to_string())?;
        let link = |f: &str, entity: &str| {
            let (id, title) = (ref_id(&self.doc, f), ref_title(&self.doc, f));
            (!title.is_empty()).then(|| crate::pages::values::link(self.c, entity, id, "lk", title))
        };
        let date = |f: &str| text(&self.doc, f).parse().ok().map(|d| html! { (format::date(lang, d)) });
        let terms = super::partner_side::payment_terms(lang, &self.doc["payment_terms"]);
        // only what this kind of document has is asked for a label
        let label = |f: &str| if self.card.spec.col(f).is_some() { message::label(lang, self.card.spec.name, f) } else { "" };
        let items: Vec<(&str, Option<Markup>)> = vec![
            (label("partner_id"), link("partner", "partners")),
            (label("counterparty_id"), link("counterparty", "counterparties")),
            (label("agreement_id"), link("agreement", "agreements")),
            (label("price_type_id"), link("price_type", "price-types")),
            (label("sales_order_id"), link("sales_order", "sales-orders")),
            (label("shipment_id"), link("shipment", "shipments")),
            (label("warehouse_id"), link("warehouse", "warehouses")),
            (label("due_date"), date("due_date")),
            (label("ship_on"), date("ship_on")),
            (label("valid_until"), date("valid_until")),
            (tr(lang, "work-payment"), (!terms.is_empty()).then(|| html! { (terms) })),
            (label("manager_id"), link("manager", "users")),
            (label("company_id"), link("company", "companies")),
            (tr(lang, "page-card-known_elsewhere"), (!known.is_empty()).then(|| known.line())),
        ];
        Ok(
            html! { dl class="k-props" { @for (k, v) in items.iter().filter_map(|(k, v)| v.as_ref().map(|v| (k, v))) { div { dt { (k) } dd { (v) } } } } },
        )
    }

    fn lines(&self) -> Markup {
        let lang = self.lang;
        let money = !self.hidden("price");
        let order = self.is_order();
        let mut columns: Vec<(&str, &str, Option<u16>, bool)> = vec![
            ("sku", tr(lang, "field-sku"), Some(112), false),
            ("name", tr(lang, "field-name"), None, false),
            ("quantity", tr(lang, "work-quantity"), Some(84), true),
            ("unit", tr(lang, "work-unit"), Some(52), false),
        ];
        if money {
            columns.extend([
                ("price", tr(lang, "field-price"), Some(104), true),
                ("discount_percent", tr(lang, "work-discount"), Some(72), true),
                ("amount", tr(lang, "field-amount"), Some(120), true),
            ]);
        }
        if order {
            columns.extend([
                ("reserved_quantity", tr(lang, "work-reserved"), Some(84), true),
                ("shipped_quantity", tr(lang, "work-shipped"), Some(104), true),
            ]);
        }
        html! {
            table class="table k-grid k-lines plain mw7" aria-label=(tr(lang, "page-card-lines")) {
                colgroup { col width="40"; @for x in &columns { col width=[x.2]; } }
                thead { tr { th scope="col" class="r" { "№" } @for x in &columns { th scope="col" class=[x.3.then_some("r")] { (x.1) } } } }
                tbody {
                    @for (i, l) in self.doc["lines"].as_array().into_iter().flatten().enumerate() {
                        tr { td class="r m2" { (i + 1) } @for x in &columns { (self.cell(l, x.0, x.3)) } }
                    }
                }
            }
        }
    }

    fn cell(&self, l: &Json, column: &str, right: bool) -> Markup {
        let lang = self.lang;
        let v = line_text(l, column);
        match column {
            "name" => {
                html! { td title=(v) { @if let Some(p) = l["product_id"].as_str() { a href=(format!("/products/{p}")) { (v) } } @else { (v) } } }
            }
            "price" => html! {
                td class=(if l["manual_price"] == json!(true) { "r man" } else { "r" }) {
                    @if self.explains() { a class="n" href=(address(&self.path(), &[("why", text(l, "id"))])) title=(tr(lang, "page-order-why_price")) { (number(lang, &v, 2)) } }
                    @else { span class="n" { (number(lang, &v, 2)) } }
                }
            },
            "amount" => html! { td class="r" { (Money::new(lang, &v)) } },
            "quantity" => html! { td class="r b5" { (number(lang, &v, 0)) } },
            "shipped_quantity" => {
                let q = |f: &str| Quantity::parse(text(l, f)).map_or(0, Quantity::scaled);
                let (done, all) = (q("shipped_quantity"), q("quantity"));
                let class = if done == 0 {
                    "r m2"
                } else if done < all {
                    "r warn"
                } else {
                    "r pos"
                };
                html! { td class=(class) { (number(lang, &v, 0)) } }
            }
            _ if right => html! { td class="r m1" { (if v.is_empty() { String::new() } else { number(lang, &v, 0) }) } },
            _ => html! { td class="m1" title=(v) { (v) } },
        }
    }

    /// How much is shipped and paid, as two bars.
    fn progress(&self) -> Markup {
        let lang = self.lang;
        let total = scaled(&self.doc, "total");
        let bar = |title: &str, all: bool, done: i64, note: Markup| {
            let percent = if all {
                100.0
            } else if total > 0 {
                (done.clamp(0, total) as f64 / total as f64 * 100.0).round()
            } else {
                0.0
            };
            html! {
                div class="k-pad4" {
                    div class="row-f sp" { span class="m1" { (title) " " b class="b5 n m0" { (format::percent(lang, (percent * 10_000.0) as i64)) } } span class="s12 m2 n" { (note) } }
                    svg class="k-bar" aria-hidden="true" { rect width={ (percent) "%" } height="100%" {} }
                }
            }
        };
        let of = |done: i64| html! { (number(lang, &amount(done), 2)) " / " (number(lang, &amount(total), 2)) };
        let reason = text(&self.doc, "cancel_reason");
        html! {
            div class="k-block" {
                @if self.is_order() && !self.hidden("total") {
                    (bar(tr(lang, "work-shipped"), self.doc["shipped"] == json!(true), scaled(&self.doc, "shipped_total"), of(scaled(&self.doc, "shipped_total"))))
                    (bar(tr(lang, "work-paid"), false, scaled(&self.doc, "paid_total"), of(scaled(&self.doc, "paid_total"))))
                }
                @if self.card.spec.name == "shipments" && !self.hidden("total") && self.card.state() == "posted" {
                    @let paid = total - scaled(&self.doc, "open");
                    (bar(tr(lang, "work-paid"), false, paid, of(paid)))
                }
                @if !reason.is_empty() { p class="mt8" { (icon("circle-x")) " " (message::label(lang, self.card.spec.name, "cancel_reason")) ": " (reason) } }
                @if !text(&self.doc, "ship_to").is_empty() { p class="mt8 m1" { (icon("map-pin")) " " (text(&self.doc, "ship_to")) } }
                @if !text(&self.doc, "comment").is_empty() { p class="mt8 pre m1" { (text(&self.doc, "comment")) } }
                p class="row-f g12 mt8 s12" {
                    a class="lk" href={ (self.path()) "?tab=history" } { (tr(lang, "page-card-history")) }
                    a class="lk" href={ (self.path()) "?tab=related" } { (tr(lang, "page-card-related")) }
                }
            }
        }
    }

    fn totals(&self) -> Markup {
        let lang = self.lang;
        if self.hidden("total") {
            return html! {};
        }
        let sign = words::sign(text(&self.doc, "currency"));
        let row = |key: &str, label: &str| {
            let v = text(&self.doc, key);
            html! { @if !v.is_empty() { dt { (label) } dd class="n" { (number(lang, v, 2)) } } }
        };
        let (margin, net) = (scaled(&self.doc, "margin"), scaled(&self.doc, "net_total"));
        html! {
            dl class="k-tot" {
                (row("net_total", tr(lang, "work-net"))) (row("vat_total", tr(lang, "work-vat")))
                dt class="ln" { (tr(lang, "work-to_pay")) ", " (sign) } dd class="n sum ln" { (number(lang, text(&self.doc, "total"), 2)) }
                @if !self.hidden("margin") && scaled(&self.doc, "cost_total") != 0 {
                    dt { (tr(lang, "page-order-margin")) } dd class="n" { (number(lang, text(&self.doc, "margin"), 2)) @if let Some(share) = words::ratio(lang, margin, net) { " · " (share) } }
                }
            }
        }
    }

    /// The price of one line, as it was reckoned.
    fn why(&self, line: &str) -> Result<Option<Markup>> {
        let (c, lang) = (self.c, self.lang);
        let Some(at) = self.doc["lines"].as_array().and_then(|l| l.iter().position(|x| text(x, "id") == line)) else { return Ok(None) };
        let l = &self.doc["lines"][at];
        let path = format!("{}/{{id}}/lines/{{line}}/price", self.card.spec.name);
        let Some(answer) = ask(c, &path, &[("id", self.card.id.to_string()), ("line", line.to_owned())], &[])? else { return Ok(None) };
        let told = Told::of(lang, &answer);
        let question = format!(
            "{} · {} · {} {}",
            tr_args(lang, "ui-line_n", &[("n", (at + 1).into())]),
            text(l, "sku"),
            number(lang, text(l, "quantity"), 0),
            ref_title(l, "unit")
        );
        let result = format!("{}\u{a0}{}", number(lang, text(l, "price"), 2), words::sign(text(&self.doc, "currency")));
        let by_hand = l["manual_price"] == json!(true);
        let off = Percent::parse(text(l, "discount_percent")).unwrap_or(Percent::ZERO);
        let net = Price::parse(text(l, "price"))
            .ok()
            .filter(|_| !off.is_zero())
            .and_then(|p| kontor_kernel::mul_div(p.scaled(), Percent::HUNDRED.scaled() - off.scaled(), Percent::HUNDRED.scaled()));
        let net = net.map(|n| {
            tr_args(
                lang,
                "work-with_discount",
                &[("percent", format::percent(lang, off.scaled()).into()), ("price", format::price(lang, n, 2).into())],
            )
        });
        let note = if let Some(n) = net {
            n
        } else if by_hand && !text(l, "rule_price").is_empty() {
            tr_args(lang, "ui-by_rule", &[("price", number(lang, text(l, "rule_price"), 2).into())])
        } else {
            String::new()
        };
        let label = tr(lang, if by_hand { "ui-price_by_hand" } else { "field-price" });
        Ok(Some(html! {
            (told.trace(lang, &question, (label, &result, &note)))
            p class="pad s12" { a class="lk" href=(self.path()) { (tr(lang, "page-card-close")) } }
        }))
    }
}
