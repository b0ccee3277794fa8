//! The editor of orders and quotes: header with the terms of the partner, lines typed like a spreadsheet, what stands in
//! the way, totals. Works as a plain form; the island makes it fast.

use super::chain::{Next, chain};
use super::order_begin::{beginning, name_products};
use super::order_view as shown;
use super::rows::{may, rows};
use super::words::{self, address};
use super::{View, ref_title, text};
use crate::pages::card::Card;
use crate::pages::{Call, Reply, verbs};
use crate::ui::document::{Editor, LineColumn, PlainLine, Property, Total, save_buttons, saved_mark};
use crate::ui::form::Reference;
use crate::ui::head::{Button, Command, Kind, Menu, PageHead};
use crate::ui::icons::icon;
use kontor_kernel::error::Result;
use kontor_platform::spec::Spec;
use kontor_texts::{message, tr};
use maud::{Markup, Render, html};
use serde_json::{Value as Json, json};

pub fn new(c: &Call, spec: &'static Spec) -> Result<Reply> {
    c.ctx.access.require(spec, "create")?;
    let doc = beginning(c, spec)?;
    Page { c, spec, doc, id: String::new() }.reply()
}

/// A draft is edited, anything else is shown.
pub fn show(c: &Call, collection: &str, id: &str) -> Result<Reply> {
    let card = Card::read(c, collection, id)?;
    if card.editable(c) && matches!(card.spec.name, "sales-orders" | "quotes") {
        edit(c, card)
    } else {
        shown::view(c, &card).map(|v| super::reply(c, v))
    }
}

pub fn edit(c: &Call, card: Card) -> Result<Reply> {
    let mut doc = card.json.clone();
    name_products(c, &mut doc)?;
    Page { c, spec: card.spec, id: card.id.to_string(), doc }.reply()
}

struct Page<'a> {
    c: &'a Call,
    spec: &'static Spec,
    doc: Json,
    id: String,
}

impl Page<'_> {
    fn hidden(&self, column: &str) -> bool {
        self.c.ctx.access.hidden(self.spec, column)
    }

    fn reply(&self) -> Result<Reply> {
        let (c, lang, name) = (self.c, self.c.lang, self.spec.name);
        let key = format!("{name}/{}", if self.id.is_empty() { "new" } else { &self.id });
        let kept = c.app.draft(&c.ctx, &key)?.map(|(body, at)| json!({"saved_at": at.to_rfc3339(), "data": body["data"]}));
        let columns = self.columns();
        let texts: Vec<Vec<String>> =
            self.doc["lines"].as_array().into_iter().flatten().map(|l| columns.iter().map(|x| line_text(l, x.name)).collect()).collect();
        let lines: Vec<PlainLine> = self.doc["lines"]
            .as_array()
            .into_iter()
            .flatten()
            .zip(&texts)
            .map(|(l, t)| PlainLine {
                id: text(l, "id"),
                product_id: text(l, "product_id"),
                values: t.iter().zip(&columns).map(|(v, x)| if by_rule(l, x.name) { "" } else { v.as_str() }).collect(),
                rules: t.iter().map(String::as_str).collect(),
            })
            .collect();
        let sign = words::sign(text(&self.doc, "currency"));
        let to_pay = format!("{}{}", tr(lang, "work-to_pay"), if sign.is_empty() { String::new() } else { format!(", {sign}") });
        let totals = self.totals(&to_pay);
        let version = self.doc["version"].as_i64().map(|v| v.to_string()).unwrap_or_default();
        let properties = self.properties()?;
        let preview = format!("/{name}/editor");
        let action = format!("/{name}/{}/edit", if self.id.is_empty() { "new" } else { &self.id });
        let confirms = c.ctx.access.may(self.spec, "confirm");
        let content = Editor {
            lang,
            collection: name,
            id: &self.id,
            version: &version,
            csrf: &c.csrf,
            action: &action,
            readonly: false,
            draft: Some(&key),
            kept,
            document: &self.doc,
            head: html! { (self.head(confirms)) (self.chain()?) (self.unseen()) },
            properties: &properties,
            columns: &columns,
            lines: &lines,
            totals: &totals,
            confirm: if confirms { "confirm" } else { "" },
            confirm_field: None,
            preview: Some(&preview),
        }
        .render();
        let title = self.title();
        let crumbs = vec![(message::entity(lang, name).to_owned(), Some(format!("/{name}"))), (title.clone(), None)];
        Ok(super::reply(c, View { here: name, title, crumbs, create: html! {}, content }))
    }

    fn title(&self) -> String {
        let number = text(&self.doc, "number");
        if number.is_empty() { message::entity_new(self.c.lang, self.spec.name).to_owned() } else { number.to_owned() }
    }

    fn head(&self, confirms: bool) -> Markup {
        let (c, lang, name) = (self.c, self.c.lang, self.spec.name);
        let about = html! {
            (words::state(lang, name, if self.id.is_empty() { self.spec.initial } else { text(&self.doc, "state") }))
            (saved_mark())
        };
        let path = format!("/{name}/{}", self.id);
        let menu = html! {
            @if !self.id.is_empty() {
                a href={ (path) "?tab=history" } { (icon("history")) (tr(lang, "page-card-history")) }
                a href={ (path) "?tab=related" } { (icon("link")) (tr(lang, "page-card-related")) }
                a href=(address(&format!("/{name}/new"), &[("from", &self.id)])) { (icon("copy")) (tr(lang, "page-copy")) }
                @if c.ctx.access.may(self.spec, "cancel") { (Button::new(Kind::Negative, message::verb(lang, name, "cancel")).icon("circle-x").command(&Command { path: &format!("{path}/cancel"), then: Some(&path), ..Default::default() })) }
                @if c.ctx.access.may(self.spec, "delete") { (Button::new(Kind::Negative, tr(lang, "verb-delete")).icon("trash").command(&Command { path: &path, method: Some("DELETE"), done: Some(tr(lang, "work-draft_removed")), then: Some(&format!("/{name}")), ..Default::default() })) }
            }
        };
        let actions = html! {
            @if !self.id.is_empty() { (Menu { label: tr(lang, "page-card-actions"), icon: "dots", worded: false, items: menu }) }
            @if confirms { (save_buttons(lang, message::verb(lang, name, "confirm"), "confirm")) }
            @else { (Button::new(Kind::Primary, tr(lang, "page-card-save")).key("ctrl+s").submit("", "")) }
        };
        PageHead { title: &self.title(), about, actions, list: false, line: false }.render()
    }

    fn chain(&self) -> Result<Markup> {
        let basis = [("quotes", text(&self.doc, "quote_id")), ("deals", text(&self.doc, "deal_id"))];
        let on = text(&self.doc, "ship_on").parse().map(|d| words::day(self.c.lang, self.c.ctx.today, d)).unwrap_or_default();
        // what comes next is shown, and can be made once this one is confirmed
        let next: Vec<Next> = if self.id.is_empty() || self.spec.name == "quotes" {
            vec![]
        } else {
            vec![Next { entity: "shipments", note: on, given: vec![("sales_order_id", &self.id)] }]
        };
        if self.id.is_empty() && basis.iter().all(|b| b.1.is_empty()) {
            return Ok(html! {});
        }
        chain(self.c, (self.spec.name, &self.id), tr(self.c.lang, "state-draft"), &basis, &next)
    }

    /// Fields that are kept without being shown.
    fn unseen(&self) -> Markup {
        html! {
            @for f in ["deal_id", "quote_id"].into_iter().filter(|f| self.spec.col(f).is_some() && !text(&self.doc, f).is_empty()) { input type="hidden" name=(f) value=(text(&self.doc, f)); }
        }
    }

    fn reference(&self, field: &'static str, source: &str, depends: &str, required: bool) -> Property<'static> {
        let base = field.trim_end_matches("_id");
        let id = match field {
            "partner_id" => "f-partner_id",
            "company_id" => "f-company_id",
            "agreement_id" => "f-agreement_id",
            "price_type_id" => "f-price_type_id",
            "warehouse_id" => "f-warehouse_id",
            "counterparty_id" => "f-counterparty_id",
            "contract_id" => "f-contract_id",
            "order_type_id" => "f-order_type_id",
            "deal_kind_id" => "f-deal_kind_id",
            "payment_form_id" => "f-payment_form_id",
            "loyalty_card_id" => "f-loyalty_card_id",
            _ => "f-manager_id",
        };
        let create = (field == "partner_id" && may(self.c, "partners", "create")).then_some("/partners/new");
        let control = Reference {
            id: text(&self.doc, field),
            title: ref_title(&self.doc, base),
            source,
            depends,
            create,
            placeholder: if field == "partner_id" { tr(self.c.lang, "page-order-partner_first") } else { "" },
        }
        .bare(id, field, required);
        Property { id, label: message::label(self.c.lang, self.spec.name, field), control, wrong: "" }
    }

    fn date(&self, field: &'static str, id: &'static str) -> Property<'static> {
        let control = html! { input id=(id) class="form-control" type="date" name=(field) value=(text(&self.doc, field)); };
        Property { id, label: message::label(self.c.lang, self.spec.name, field), control, wrong: "" }
    }

    fn properties(&self) -> Result<Vec<Property<'static>>> {
        let c = self.c;
        let mut p = vec![self.reference("partner_id", "/partners", "", true)];
        let companies = rows(c, "companies", &[("limit", "2")], &[])?;
        if companies.len() > 1 {
            p.push(self.reference("company_id", "/companies", "", true));
        }
        p.push(self.reference("agreement_id", "/agreements?state=active", "company_id", false));
        p.push(self.reference("price_type_id", "/price-types", "", false));
        p.push(self.reference("warehouse_id", "/warehouses", "company_id", false));
        p.push(self.reference("counterparty_id", "/counterparties", "partner_id", false));
        // Asked for only by companies that have such.
        for (field, collection, source, depends) in [
            ("contract_id", "contracts", "/contracts", "partner_id company_id"),
            ("order_type_id", "order-types", "/order-types", ""),
            ("payment_form_id", "payment-forms", "/payment-forms", ""),
            ("loyalty_card_id", "loyalty-cards", "/loyalty-cards", ""),
        ] {
            if !text(&self.doc, field).is_empty() || !rows(c, collection, &[("limit", "1")], &[])?.is_empty() {
                p.push(self.reference(field, source, depends, false));
            }
        }
        // Comes with the deal.
        if !text(&self.doc, "deal_kind_id").is_empty() || !text(&self.doc, "deal_id").is_empty() {
            p.push(self.reference("deal_kind_id", "/deal-kinds", "", false));
        }
        p.push(self.date("date", "f-date"));
        p.push(if self.spec.col("ship_on").is_some() {
            self.date("ship_on", "f-ship_on")
        } else {
            self.date("valid_until", "f-valid_until")
        });
        let currency = html! { input id="f-currency" class="form-control" type="text" name="currency" maxlength="3" size="4" value=(text(&self.doc, "currency")) autocomplete="off"; };
        p.push(Property { id: "f-currency", label: message::label(c.lang, self.spec.name, "currency"), control: currency, wrong: "" });
        if !self.hidden("payment_terms") {
            let terms = super::partner_side::payment_terms(c.lang, &self.doc["payment_terms"]);
            let control = html! { output id="f-payment" class="form-control cut" data-shown="payment_text" { (if terms.is_empty() { "—" } else { &terms }) } };
            p.push(Property { id: "f-payment", label: tr(c.lang, "work-payment"), control, wrong: "" });
        }
        if companies.len() <= 1 {
            // the only company is not asked for, and yet sent
            let own = text(&self.doc, "company_id").to_owned();
            if let Some(first) = p.first_mut() {
                let control = std::mem::take(&mut first.control);
                first.control = html! { (control) input type="hidden" name="company_id" value=(own); };
            }
        }
        Ok(p)
    }

    fn columns(&self) -> Vec<LineColumn<'static>> {
        let lang = self.c.lang;
        let money = |n: &str| !self.hidden(n);
        let all = [
            ("n", "№", Some(32), true, false, 0, true),
            ("sku", tr(lang, "field-sku"), Some(100), false, true, 0, true),
            ("name", tr(lang, "field-name"), None, false, false, 0, true),
            ("quantity", tr(lang, "work-quantity"), Some(68), true, true, 0, true),
            ("unit", tr(lang, "work-unit"), Some(40), false, false, 0, true),
            ("price", tr(lang, "field-price"), Some(88), true, true, 2, money("price")),
            ("discount_percent", tr(lang, "work-discount"), Some(66), true, true, 0, money("discount_percent")),
            ("amount", tr(lang, "field-amount"), Some(112), true, false, 2, money("amount")),
            ("available", tr(lang, "field-available"), Some(86), true, false, 0, true),
            ("margin_percent", tr(lang, "page-order-margin"), Some(68), true, false, 0, money("cost")),
        ];
        all.into_iter()
            .filter(|x| x.6)
            .map(|(name, title, width, right, edit, least, _)| LineColumn { name, title, width, right, edit, least })
            .collect()
    }

    fn totals<'b>(&'b self, to_pay: &'b str) -> Vec<Total<'b>> {
        let lang = self.c.lang;
        if self.hidden("total") {
            return vec![];
        }
        let value = |k: &str| text(&self.doc, k);
        let mut t = vec![
            Total { key: "subtotal", label: tr(lang, "work-before_discounts"), value: value("subtotal"), least: 2, main: false },
            Total { key: "discount_total", label: tr(lang, "work-discounts"), value: value("discount_total"), least: 2, main: false },
            Total { key: "net_total", label: tr(lang, "work-net"), value: value("net_total"), least: 2, main: false },
            Total { key: "vat_total", label: tr(lang, "work-vat"), value: value("vat_total"), least: 2, main: false },
            Total { key: "total", label: to_pay, value: value("total"), least: 2, main: true },
            Total { key: "deviation_total", label: tr(lang, "ui-off_terms"), value: value("deviation_total"), least: 2, main: false },
        ];
        if !self.hidden("margin") {
            // without a cost there is no margin to speak of
            let known = value("cost_total").bytes().any(|b| (b'1'..=b'9').contains(&b));
            t.push(Total {
                key: "margin",
                label: tr(lang, "page-order-margin"),
                value: if known { value("margin") } else { "" },
                least: 2,
                main: false,
            });
            t.push(Total {
                key: "margin_percent",
                label: tr(lang, "work-margin_percent"),
                value: value("margin_percent"),
                least: 0,
                main: false,
            });
        }
        t
    }
}

/// Whether a figure of the line was left to the rules: sent back as it stands it would become one set by hand.
fn by_rule(l: &Json, column: &str) -> bool {
    match column {
        "price" => l["manual_price"] != json!(true),
        "discount_percent" => l["manual_discount"] != json!(true),
        _ => false,
    }
}

pub fn line_text(l: &Json, column: &str) -> String {
    match column {
        "name" => ref_title(l, "product").to_owned(),
        "unit" => ref_title(l, "unit").to_owned(),
        c => text(l, c).to_owned(),
    }
}

/// Buttons and dialogs of a document that is only shown.
pub fn verbs_of(c: &Call, card: &Card) -> Result<(Markup, Markup)> {
    Ok((verbs::buttons(c, card), verbs::dialogs(c, card, None)?))
}
