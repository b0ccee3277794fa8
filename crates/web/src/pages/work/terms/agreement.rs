//! The card of an agreement: whose, at what prices, paid how, until when; what it refines; what stands on it.

use super::{Heed, date, documents, heeds, of_period, period, stages};
use crate::pages::Call;
use crate::pages::card::{self, Card};
use crate::pages::values::percent;
use crate::pages::work::partner_side::payment_terms;
use crate::pages::work::rows::{Rows, may, rows};
use crate::pages::work::sublist::sublist;
use crate::pages::work::words::{self, whole};
use crate::pages::work::{ref_id, ref_title, text};
use crate::ui::figures::{Answer, Answers, Pairs, Section};
use crate::ui::icons::icon_small;
use crate::ui::money::{Money, number};
use chrono::{Days, NaiveDate};
use kontor_kernel::Percent;
use kontor_kernel::error::Result;
use kontor_texts::{format, label, message, tr, tr_args};
use maud::{Markup, Render, html};
use serde_json::Value as Json;

const NAME: &str = "agreements";

pub fn view(c: &Call, card: &Card) -> Result<Markup> {
    let a = Agreement { c, card, j: &card.json, id: card.id.to_string() };
    let side = html! { (a.delivery()) (a.conditions()?) (card::kept(c, card)?) };
    Ok(html! {
        (heeds(&a.heed()?))
        (a.answers())
        div class="k-cols with-side" {
            div class="k-body" { (a.refinements()) (a.made_from_it()?) (documents(c, "agreement_id", &a.id)?) }
            aside class="k-side" aria-label=(c.t("page-card-details")) { (side) }
        }
    })
}

struct Agreement<'a> {
    c: &'a Call,
    card: &'a Card,
    j: &'a Json,
    id: String,
}

/// What a line may be about, and where that is kept.
const SCOPES: [(&str, &str); 4] =
    [("product", "products"), ("price_group", "price-groups"), ("category", "product-categories"), ("product_segment", "segments")];

impl Agreement<'_> {
    fn label(&self, column: &str) -> &'static str {
        label(self.c.lang, NAME, column)
    }
    fn choice(&self, column: &str) -> String {
        message::choice(self.c.lang, NAME, column, text(self.j, column)).into_owned()
    }
    fn standard(&self) -> bool {
        text(self.j, "kind") == "standard"
    }
    fn days(&self) -> (Option<NaiveDate>, Option<NaiveDate>) {
        (date(self.j, "valid_from"), date(self.j, "valid_to"))
    }
    fn link(&self, column: &str, collection: &str) -> Option<Markup> {
        let (id, title) = (ref_id(self.j, column), ref_title(self.j, column));
        (!id.is_empty()).then(|| html! { a class="lk" href=(format!("/{collection}/{id}")) { (if title.is_empty() { tr(self.c.lang, "untitled") } else { title }) } })
    }

    /// Others of the same client (or standard ones of the same segment) in the same company.
    fn siblings(&self) -> Result<Rows> {
        let (partner, segment) = (text(self.j, "partner_id"), text(self.j, "segment_id"));
        let whose = match (partner.is_empty(), segment.is_empty()) {
            (false, _) => ("partner_id", partner),
            (true, false) => ("segment_id", segment),
            (true, true) => ("kind", "standard"),
        };
        let conditions = [
            whose,
            ("company_id", text(self.j, "company_id")),
            ("id.ne", &self.id),
            ("state.in", "draft,approval,active"),
            ("limit", "50"),
            ("sort", "valid_from"),
        ];
        rows(self.c, NAME, &conditions, &["state", "valid_from", "valid_to", "currency", "priority", "segment_id", "partner_id"])
    }

    fn heed(&self) -> Result<Vec<Heed>> {
        let (c, mut out) = (self.c, vec![]);
        let (from, to) = self.days();
        of_period(c, from, to, &mut out);
        let state = self.card.state();
        if state == "approval" {
            out.push(Heed::new(false, tr(c.lang, "terms-waits_approval")));
        }
        let siblings = self.siblings()?;
        let alike =
            siblings.iter().filter(|s| text(self.j, "partner_id") == s.id_of("partner_id").map(|i| i.to_string()).unwrap_or_default());
        let alike: Vec<_> =
            alike.filter(|s| text(self.j, "segment_id") == s.id_of("segment_id").map(|i| i.to_string()).unwrap_or_default()).collect();
        for s in alike.iter().filter(|s| s.state() == "active" && meet((from, to), (s.date("valid_from"), s.date("valid_to")))) {
            let same = s.text("currency") == text(self.j, "currency") && s.scaled("priority") == self.j["priority"].as_i64().unwrap_or(0);
            let key = match (same, state) {
                // Two of one key cannot both hold: the second one stays a draft until it is settled.
                (true, "active") => continue,
                (true, _) => "terms-overlap_refused",
                _ => "terms-overlap",
            };
            let days = period(c, s.date("valid_from"), s.date("valid_to"));
            out.push(Heed::new(same, tr_args(c.lang, key, &[("period", days.into())])).to(s.title(), s.href()));
        }
        if let Some(end) = to.filter(|_| state == "active" && !self.standard()) {
            self.gap(
                end,
                &alike.iter().filter(|s| s.state() == "active").map(|s| (s.date("valid_from"), s.date("valid_to"))).collect::<Vec<_>>(),
                &mut out,
            );
        }
        Ok(out)
    }

    /// Days after the end on which no agreement of the client holds.
    fn gap(&self, end: NaiveDate, others: &[(Option<NaiveDate>, Option<NaiveDate>)], out: &mut Vec<Heed>) {
        let Some(next_day) = end.checked_add_days(Days::new(1)) else { return };
        if others.iter().any(|o| meet((Some(next_day), Some(next_day)), *o)) {
            return;
        }
        let lang = self.c.lang;
        let text = match others.iter().filter_map(|o| o.0).filter(|f| *f > next_day).min() {
            Some(next) => {
                let last = next.pred_opt().unwrap_or(next);
                tr_args(
                    lang,
                    "terms-gap",
                    &[
                        ("from", format::date(lang, next_day).into()),
                        ("to", format::date(lang, last).into()),
                        ("count", (next - next_day).num_days().into()),
                    ],
                )
            }
            None => tr_args(lang, "terms-gap_open", &[("from", format::date(lang, next_day).into())]),
        };
        out.push(Heed::new(false, text));
    }

    fn answers(&self) -> Markup {
        let (c, lang, j) = (self.c, self.c.lang, self.j);
        let whose = html! {
            p class="lead" {
                @if let Some(p) = self.link("partner", "partners") { (p) }
                @else if let Some(s) = self.link("segment", "segments") { (message::entity_one(lang, "segments")) " " (s) }
                @else { (tr(lang, "terms-for_all")) }
            }
            p { (self.choice("kind")) @if let Some(s) = self.link("standard", "agreements") { " · " (tr(lang, "terms-made_from")) " " (s) } }
            @if let Some(x) = self.link("company", "companies") { p class="m2" { (self.label("company_id")) ": " (x) } }
            @if text(j, "sale_kind") == "commission" { p class="m2" { (self.choice("sale_kind")) } }
        };
        let discount = Percent::parse(text(j, "discount_percent")).ok().filter(|p| !p.is_zero());
        let prices = html! {
            p class="lead" {
                @if let Some(l) = self.link("price_list", "price-lists") { (l) " · " }
                @if let Some(t) = self.link("price_type", "price-types") { (t) }
            }
            p { (text(j, "currency")) ", " (self.choice("vat")) }
            @if let Some(d) = discount { p { (self.label("discount_percent").trim_end_matches(", %")) " " b class="n" { (format::percent(lang, d.scaled())) } } }
            @if !text(j, "tax_regime").is_empty() { p class="m2" { (self.label("tax_regime")) ": " (self.choice("tax_regime")) } }
        };
        let paid = payment_terms(lang, &j["payment_terms"]);
        let credit = text(j, "credit_limit");
        let payment = html! {
            p class="lead" { (if paid.is_empty() { "—" } else { &paid }) }
            (stages(c, &j["payment_stages"]))
            @if !credit.is_empty() { p { (self.label("credit_limit")) " " (Money::new(lang, credit).unit(words::sign(text(j, "currency")))) } }
            p class="m2" { (self.label("settlement_by")) ": " (self.choice("settlement_by")) }
        };
        let (from, to) = self.days();
        let left = to.map(|d| (d - c.ctx.today).num_days());
        let term = html! {
            p class="lead tn" { (period(c, from, to)) }
            @if let Some(n) = left.filter(|n| *n >= 0) { p { (tr_args(lang, "terms-left", &[("count", n.into())])) } }
            @if let Some(p) = j["priority"].as_i64().filter(|p| *p != 0) { p class="m2" { (self.label("priority")) " " (p) } }
        };
        Answers(&[
            Answer { title: tr(lang, "terms-whose"), body: whose, next: false },
            Answer { title: tr(lang, "terms-prices"), body: prices, next: false },
            Answer { title: tr(lang, "work-payment"), body: payment, next: false },
            Answer { title: tr(lang, "terms-term"), body: term, next: false },
        ])
        .render()
    }

    /// Lines of the agreement: products before price groups before categories, as they are looked for.
    fn refinements(&self) -> Markup {
        let (c, lang) = (self.c, self.c.lang);
        let lines = self.j["lines"].as_array().map(Vec::as_slice).unwrap_or_default();
        let of = |l: &Json| SCOPES.iter().position(|(f, _)| !ref_id(l, f).is_empty()).unwrap_or(SCOPES.len());
        let mut all: Vec<&Json> = lines.iter().collect();
        all.sort_by_key(|l| of(l));
        let edit = self.card.editable(c);
        let head = |f: &str| label(lang, NAME, f);
        html! {
            section class="k-sec" {
                header { h3 { (self.label("lines")) i { (lines.len()) } } @if edit { a class="btn btn-3 btn-s ml-a" href=(format!("/agreements/{}/edit", self.id)) { (icon_small("pencil")) (tr(lang, "page-card-edit")) } } }
                @if lines.is_empty() { p class="m2" { (tr(lang, "terms-no_refinements")) } }
                @else { div class="k-scroll wide" { table class="k-plain" aria-label=(self.label("lines")) {
                    thead { tr { th scope="col" { (tr(lang, "terms-for_what")) } th scope="col" class="p4" { (tr(lang, "terms-which_kind")) } th scope="col" class="p4" { (head("price_type_id")) } th scope="col" class="r" { (tr(lang, "field-price")) } th scope="col" class="r" { (head("discount_percent")) } } }
                    tbody { @for l in &all {
                        @let (field, collection) = SCOPES.into_iter().find(|(f, _)| !ref_id(l, f).is_empty()).unwrap_or(("", ""));
                        tr {
                            td { @if !field.is_empty() { a class="lk" href=(format!("/{collection}/{}", ref_id(l, field))) { (ref_title(l, field)) } } }
                            td class="m1 p4" { (message::entity_one(lang, collection)) }
                            td class="p4" { @if !ref_id(l, "price_type").is_empty() { a class="lk" href=(format!("/price-types/{}", ref_id(l, "price_type"))) { (ref_title(l, "price_type")) } } @else { span class="m2" { "—" } } }
                            td class="r n" { @if text(l, "price").is_empty() { "—" } @else { (number(lang, text(l, "price"), 2)) "\u{a0}" (words::sign(text(self.j, "currency"))) } }
                            td class="r n" { @if text(l, "discount_percent").is_empty() { "—" } @else { (percent(lang, text(l, "discount_percent"))) } }
                        }
                    } }
                } } }
            }
        }
    }

    /// Individual agreements made from a standard one.
    fn made_from_it(&self) -> Result<Markup> {
        let c = self.c;
        if !self.standard() {
            return Ok(html! {});
        }
        let columns = ["partner_id", "state", "valid_from", "valid_to", "discount_percent"];
        let found = rows(c, NAME, &[("standard_id", &self.id), ("sort", "-valid_from"), ("limit", "20")], &columns)?;
        let create = may(c, NAME, "create") && self.card.state() == "active";
        Ok(html! {
            div class="k-h in" {
                h3 { (tr(c.lang, "terms-made_from_it")) i { (found.len()) @if found.more() { "+" } } }
                @if create { a class="btn btn-3 btn-s" href=(format!("/agreements/new?standard_id={}&kind=individual", self.id)) { (icon_small("plus")) (tr(c.lang, "terms-make_individual")) } }
            }
            (sublist(c, self.card.spec, &found, &columns, &format!("/agreements?standard_id={}", self.id)))
            @if found.is_empty() { p class="pad m2" { (tr(c.lang, "terms-none_made")) } }
        })
    }

    fn delivery(&self) -> Markup {
        let (lang, j) = (self.c.lang, self.j);
        let mut items: Vec<(&str, Markup)> = vec![];
        if !text(j, "delivery_terms").is_empty() {
            items.push((self.label("delivery_terms"), html! { (text(j, "delivery_terms")) }));
        }
        let days = j["delivery_weekdays"].as_array().into_iter().flatten().filter_map(Json::as_str);
        let days: Vec<String> = days.map(|d| message::choice(lang, NAME, "delivery_weekdays", d).into_owned()).collect();
        if !days.is_empty() {
            items.push((self.label("delivery_weekdays"), html! { (days.join(", ")) }));
        }
        if let Some(n) = j["delivery_lead_days"].as_i64() {
            items.push((self.label("delivery_lead_days"), html! { (words::days(lang, n)) }));
        }
        if let Some(x) = self.link("warehouse", "warehouses") {
            items.push((self.label("warehouse_id"), x));
        }
        if text(j, "fulfilment") == "later" {
            items.push((self.label("fulfilment"), html! { (self.choice("fulfilment")) }));
        }
        if let Some(n) = j["packaging_days"].as_i64() {
            items.push((self.label("packaging_days"), html! { (words::days(lang, n)) }));
        }
        items.push((self.label("sale_kind"), html! { (self.choice("sale_kind")) }));
        let comment = text(j, "comment");
        html! {
            (Section { title: tr(lang, "terms-delivery"), count: None, aside: html! {}, body: Pairs { items: &items, wide: false }.render() })
            @if !comment.is_empty() { (Section { title: self.label("comment"), count: None, aside: html! {}, body: html! { p class="pre m1" dir="auto" { (comment) } } }) }
        }
    }

    /// Conditions of sale written for this agreement.
    fn conditions(&self) -> Result<Markup> {
        let (c, lang) = (self.c, self.c.lang);
        let found = rows(
            c,
            "price-conditions",
            &[("agreement_id", &self.id), ("active", "true"), ("limit", "20")],
            &["kind", "percent", "price", "amount_off", "from_quantity", "from_amount"],
        )?;
        if !found.readable() {
            return Ok(html! {});
        }
        let aside = html! { @if may(c, "price-conditions", "create") { a class="btn btn-3 btn-s" href=(format!("/price-conditions/new?kind=quantity&agreement_id={}", self.id)) { (icon_small("plus")) (tr(lang, "page-card-add")) } } };
        let body = html! {
            @if found.is_empty() { p class="m2" { (tr(lang, "terms-no_conditions")) } }
            @for r in found.iter() {
                a class="k-li" href=(r.href()) {
                    span class="cut" { (message::choice(lang, "price-conditions", "kind", r.text("kind"))) @let from = [r.decimal("from_quantity"), r.decimal("from_amount")].concat(); @if !from.is_empty() { " " span class="m2 s12" { (tr_args(lang, "terms-from", &[("value", whole(lang, &from).into())])) } } }
                    span class="n" { (super::value_of(lang, r)) }
                }
            }
        };
        Ok(Section { title: tr(lang, "terms-own_conditions"), count: Some(found.len()).filter(|n| *n > 0), aside, body }.render())
    }
}

/// Whether two periods share a day; an open end is open.
fn meet(a: (Option<NaiveDate>, Option<NaiveDate>), b: (Option<NaiveDate>, Option<NaiveDate>)) -> bool {
    let before = |to: Option<NaiveDate>, from: Option<NaiveDate>| matches!((to, from), (Some(t), Some(f)) if t < f);
    !before(a.1, b.0) && !before(b.1, a.0)
}
