//! Rules of prices and discounts, kind by kind in the order in which they are looked at; of a kind the most particular first.
//! What contradicts, or may, stands above.

use super::{Heed, heeds, looks, period, value_of};
use crate::pages::Call;
use crate::pages::work::rows::{Row, count, may, rows};
use crate::pages::work::words::{self, address};
use crate::pages::work::{View, ask, text};
use crate::ui::badge::{Badge, Tone};
use crate::ui::head::{Button, Kind as ButtonKind, PageHead};
use crate::ui::icons::icon_small;
use crate::ui::money::number;
use chrono::NaiveDate;
use kontor_kernel::HashSet;
use kontor_kernel::error::Result;
use kontor_platform::spec::Ty;
use kontor_texts::{format, message, tr, tr_args};
use maud::{Markup, html};
use serde_json::Value as Json;

const NAME: &str = "price-conditions";
/// Rules of a kind that are shown; the list of all has the rest.
const SHOWN: &str = "100";
const CLASHES: usize = 8;

/// Columns that say for whom, the most particular first, and the collections they lead to.
const WHO: [(&str, &str); 11] = [
    ("partner_id", "partners"),
    ("agreement_id", "agreements"),
    ("contract_id", "contracts"),
    ("dealer_type_id", "dealer-types"),
    ("segment_id", "segments"),
    ("region_id", "regions"),
    ("order_type_id", "order-types"),
    ("deal_kind_id", "deal-kinds"),
    ("payment_form_id", "payment-forms"),
    ("loyalty_program_id", "loyalty-programs"),
    ("company_id", "companies"),
];
const WHAT: [(&str, &str); 4] = [
    ("product_id", "products"),
    ("price_group_id", "price-groups"),
    ("category_id", "product-categories"),
    ("product_segment_id", "segments"),
];
const FIGURES: [&str; 17] = [
    "kind",
    "percent",
    "price",
    "amount_off",
    "currency",
    "price_type_id",
    "price_list_id",
    "from_quantity",
    "from_amount",
    "limit_quantity",
    "valid_from",
    "valid_to",
    "priority",
    "exclusive_group",
    "stop",
    "final_price",
    "active",
];

pub fn view(c: &Call) -> Result<View> {
    c.spec(NAME)?;
    let on = c.date("on")?.unwrap_or(c.ctx.today);
    let all = c.param("all").is_some_and(|v| v == "true");
    let clashes = ask(c, "prices/clashes", &[], &[])?.unwrap_or(Json::Null);
    let page = Rules { c, on, all, clashing: clashing(&clashes) };
    let title = tr(c.lang, "terms-rules").to_owned();
    let actions = html! { @if may(c, NAME, "create") { (Button::new(ButtonKind::Primary, message::entity_new(c.lang, NAME)).icon("plus").key("n").link("/price-conditions/new")) } };
    let content = html! {
        (PageHead { title: &title, about: html! {}, actions, list: false, line: false })
        (looks(c, "/price-rules"))
        (heeds(&told(c, &clashes)))
        div class="k-body" { (page.filter()) (page.kinds()?) div class="k-halves" { (order(c)) (elsewhere(c)?) } }
    };
    let crumbs = vec![(message::entity(c.lang, NAME).to_owned(), Some("/price-conditions".to_owned())), (title.clone(), None)];
    Ok(View { here: "price-rules", title, crumbs, create: html! {}, content })
}

fn clashing(clashes: &Json) -> HashSet<String> {
    let items = clashes["items"].as_array().into_iter().flatten();
    items.flat_map(|i| [text(&i["one"], "id").to_owned(), text(&i["other"], "id").to_owned()]).collect()
}

/// Pairs of rules that contradict each other or may meet in one client.
fn told(c: &Call, clashes: &Json) -> Vec<Heed> {
    let day = |i: &Json, f: &str| text(i, f).parse::<NaiveDate>().ok();
    let items = clashes["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let one = |i: &Json| {
        let (certain, of) = (i["certain"] == true, text(i, "collection"));
        let args = [
            ("one", text(&i["one"], "title").into()),
            ("kind", message::choice(c.lang, of, "kind", text(i, "kind")).into_owned().into()),
            ("period", period(c, day(i, "from"), day(i, "to")).into()),
        ];
        let key = if certain { "terms-clash" } else { "terms-may_clash" };
        Heed::new(certain, tr_args(c.lang, key, &args)).to(text(&i["other"], "title"), format!("/{of}/{}", text(&i["other"], "id")))
    };
    let mut out: Vec<Heed> = items.iter().take(CLASHES).map(one).collect();
    if items.len() > CLASHES {
        out.push(Heed::new(false, tr_args(c.lang, "terms-more_clashes", &[("count", (items.len() - CLASHES).into())])));
    }
    out.extend(dangling(c, clashes));
    if clashes["looked_through"] == false {
        out.push(Heed::new(false, tr(c.lang, "terms-too_many_rules")));
    }
    out
}

/// Rules about something that is archived, with what they still do.
fn dangling(c: &Call, clashes: &Json) -> Vec<Heed> {
    let items = clashes["dangling"].as_array().map(Vec::as_slice).unwrap_or_default();
    let one = |i: &Json| {
        let (of, rule) = (&i["of"], &i["rule"]);
        let what = message::entity_one(c.lang, text(of, "collection")).to_owned();
        let title = text(of, "title");
        let key = match (text(i, "collection"), text(i, "holds")) {
            _ if title.is_empty() => "terms-dangling_deleted",
            (_, "nothing") => "terms-dangling_nothing",
            // What an agreement says of a group or a price type that is archived still prices its products.
            ("agreements", _) => "terms-dangling_terms",
            (_, "promised") => "terms-dangling_promised",
            _ => "terms-dangling",
        };
        Heed::new(true, tr_args(c.lang, key, &[("what", what.into()), ("title", title.into())]))
            .to(text(rule, "title"), format!("/{}/{}", text(i, "collection"), text(rule, "id")))
    };
    let mut out: Vec<Heed> = items.iter().take(CLASHES).map(one).collect();
    if items.len() > CLASHES {
        out.push(Heed::new(true, tr_args(c.lang, "terms-more_dangling", &[("count", (items.len() - CLASHES).into())])));
    }
    out
}

struct Rules<'a> {
    c: &'a Call,
    on: NaiveDate,
    /// Also those that are off, over or not begun.
    all: bool,
    clashing: HashSet<String>,
}

impl Rules<'_> {
    fn filter(&self) -> Markup {
        let lang = self.c.lang;
        html! {
            form class="k-sec row-f g8 k-params" method="get" action="/price-rules" {
                label class="row-f g4" { (tr(lang, "terms-in_force_on")) input class="form-control k-day" type="date" name="on" value=(self.on); }
                label class="row-f g4 k-check" { input class="form-check-input" type="checkbox" name="all" value="true" checked[self.all]; (tr(lang, "terms-also_idle")) }
                button class="btn btn-2 btn-s" type="submit" { (tr(lang, "page-report-show")) }
            }
        }
    }

    fn holds(&self, r: Row) -> bool {
        r.flag("active") && r.date("valid_from").is_none_or(|d| d <= self.on) && r.date("valid_to").is_none_or(|d| self.on <= d)
    }

    fn kinds(&self) -> Result<Markup> {
        let c = self.c;
        let spec = c.spec(NAME)?;
        let codes: &[&str] = match spec.col("kind").map(|k| &k.ty) {
            Some(Ty::Choice(codes)) => codes,
            _ => &[],
        };
        let mut out = vec![];
        for kind in codes {
            if let Some(m) = self.kind(kind)? {
                out.push(m);
            }
        }
        Ok(html! { @for m in &out { (m) } @if out.is_empty() { p class="k-sec m2" { (tr(c.lang, "terms-no_rules")) } } })
    }

    fn kind(&self, kind: &str) -> Result<Option<Markup>> {
        let (c, lang) = (self.c, self.c.lang);
        let fields: Vec<&str> = WHO.iter().chain(&WHAT).map(|w| w.0).chain(FIGURES).collect();
        let found = rows(c, NAME, &[("kind", kind), ("limit", SHOWN)], &fields)?;
        let mut shown: Vec<Row> = found.iter().filter(|r| self.all || self.holds(*r)).collect();
        if shown.is_empty() {
            return Ok(None);
        }
        let rank = |r: &Row, of: &[(&str, &str)]| of.iter().position(|w| r.id_of(w.0).is_some()).unwrap_or(of.len());
        let from = |r: &Row| r.scaled("from_quantity").max(r.scaled("from_amount"));
        shown.sort_by_key(|r| (rank(r, &WHO), rank(r, &WHAT), std::cmp::Reverse(from(r)), r.scaled("priority"), r.title().to_owned()));
        let title = message::choice(lang, NAME, "kind", kind);
        let href = format!("/price-conditions?kind={kind}");
        let new = format!("/price-conditions/new?kind={kind}");
        Ok(Some(html! {
            section class="k-sec" {
                header {
                    h3 { (title) i { (shown.len()) @if found.more() { "+" } } }
                    span class="row-f g4 ml-a" {
                        @if may(c, NAME, "create") { a class="btn btn-3 btn-s" href=(new) aria-label={ (tr(lang, "page-card-add")) ": " (title) } { (icon_small("plus")) } }
                        a class="btn btn-3 btn-s" href=(href) aria-label={ (tr(lang, "page-list-all")) ": " (title) } { (tr(lang, "page-list-all")) }
                    }
                }
                div class="k-scroll wide" { table class="k-plain k-rules" aria-label=(title) {
                    colgroup { col; col; col; col width="120"; col class="p4" width="90"; col class="p4" width="190"; col class="p4" width="80"; col class="p4" width="180"; }
                    thead { tr { th scope="col" { (tr(lang, "terms-rule")) } th scope="col" { (tr(lang, "terms-whose")) } th scope="col" { (tr(lang, "terms-for_what")) } th scope="col" class="r" { (tr(lang, "terms-gives")) } th scope="col" class="r p4" { (tr(lang, "terms-start")) } th scope="col" class="p4" { (tr(lang, "terms-term")) } th scope="col" class="r p4" { (tr(lang, "terms-priority")) } th scope="col" class="p4" { (tr(lang, "terms-flags")) } } }
                    tbody { @for r in &shown { (self.rule(*r)) } }
                } }
            }
        }))
    }

    fn rule(&self, r: Row) -> Markup {
        let (c, lang) = (self.c, self.c.lang);
        let links = |of: &[(&str, &str)], none: &str| {
            let found: Vec<(String, String)> =
                of.iter().filter_map(|(f, page)| r.id_of(f).map(|id| (format!("/{page}/{id}"), r.name_of(f).to_owned()))).collect();
            html! { @if found.is_empty() { span class="m2" { (tr(lang, none)) } } @for (n, (href, title)) in found.iter().enumerate() { @if n > 0 { ", " } a class="lk" href=(href) title=(title) { (title) } } }
        };
        let start = [(r.decimal("from_quantity"), 0), (r.decimal("from_amount"), 2)].into_iter().find(|(d, _)| !d.is_empty());
        html! {
            tr class=[(!self.holds(r)).then_some("off")] {
                td {
                    @if self.clashing.contains(&r.id().to_string()) { span class="warn" title=(tr(lang, "terms-clashes")) { (icon_small("alert-triangle")) } " " }
                    a class="lk" href=(r.href()) title=(r.title()) { (if r.title().is_empty() { tr(lang, "untitled") } else { r.title() }) }
                }
                td { (links(&WHO, "terms-anyone")) }
                td { (links(&WHAT, "terms-everything")) }
                td class="r n b5" { (value_of(lang, r)) }
                td class="r n p4" { @if let Some((d, least)) = &start { (number(lang, d, *least)) } @else { span class="m2" { "—" } } }
                td class="tn p4" { (period(c, r.date("valid_from"), r.date("valid_to"))) }
                td class="r n p4" { (r.scaled("priority")) }
                td class="p4" { (self.flags(r)) }
            }
        }
    }

    fn flags(&self, r: Row) -> Markup {
        let lang = self.c.lang;
        let mut all: Vec<(String, Tone)> = vec![];
        if !r.flag("active") {
            all.push((tr(lang, "terms-off").to_owned(), Tone::Waits));
        } else if r.date("valid_from").is_some_and(|d| d > self.on) {
            all.push((tr(lang, "terms-planned").to_owned(), Tone::Accent));
        } else if r.date("valid_to").is_some_and(|d| d < self.on) {
            all.push((tr(lang, "terms-over").to_owned(), Tone::Plain));
        }
        if r.flag("stop") {
            all.push((tr(lang, "terms-stop").to_owned(), Tone::Plain));
        }
        if r.flag("final_price") {
            all.push((tr(lang, "terms-final").to_owned(), Tone::Plain));
        }
        if let Some(n) = Some(r.scaled("exclusive_group")).filter(|n| *n > 0) {
            all.push((tr_args(lang, "terms-group", &[("n", n.into())]), Tone::Plain));
        }
        let limit = r.decimal("limit_quantity");
        if !limit.is_empty() {
            all.push((tr_args(lang, "terms-limit", &[("quantity", number(lang, &limit, 0).into())]), Tone::Plain));
        }
        html! { @for (t, tone) in &all { (Badge { text: t, tone: *tone }) " " } }
    }
}

/// Where else rules are written: how many, and the way there.
fn elsewhere(c: &Call) -> Result<Markup> {
    let mut items = vec![];
    for (collection, conditions) in [
        ("agreements", vec![("state", "active")]),
        ("contracts", vec![]),
        ("dealer-types", vec![]),
        ("price-lists", vec![]),
        ("promotions", vec![("active", "true")]),
        ("price-limits", vec![]),
    ] {
        if let Some(n) = count(c, collection, &conditions)? {
            items.push((message::entity(c.lang, collection), address(&format!("/{collection}"), &conditions), n));
        }
    }
    Ok(html! {
        section class="k-sec" {
            header { h3 { (tr(c.lang, "terms-elsewhere")) } }
            @for (title, href, n) in &items { a class="k-li" href=(href) { span class="cut" { (title) } span class="n m1" { (format::integer(c.lang, *n)) } } }
        }
    })
}

/// Who wins, in short.
fn order(c: &Call) -> Markup {
    html! {
        section class="k-sec" {
            header { h3 { (tr(c.lang, "terms-who_wins")) } }
            ol class="k-order m1 s12" { @for key in ["terms-wins-base", "terms-wins-whom", "terms-wins-start", "terms-wins-priority", "terms-wins-together"] { li { (tr(c.lang, key)) } } }
            p class="s12 mt8" { a class="lk" href=(words::address("/price-matrix", &[])) { (tr(c.lang, "terms-matrix")) } }
        }
    }
}
