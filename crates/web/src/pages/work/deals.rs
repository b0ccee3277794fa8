//! Deals as a board of stages and as a funnel. Any other condition in the address shows the general list.

mod board;

use super::rows::{Row, Rows, may, rows};
use super::words::{self, address, amount, whole};
use super::{View, ask, reports, text};
use crate::pages::Call;
use crate::ui::head::{Button, Kind, Menu, PageHead, Segments};
use kontor_kernel::Amount;
use kontor_kernel::error::Result;
use kontor_platform::value::Id;
use kontor_texts::{Lang, tr, tr_args};
use maud::{Markup, Render, html};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Conditions that the board takes; in the address they stand beside `view=board`.
const KEPT: [&str; 4] = ["kind_id", "manager_id", "partner_id", "q"];

/// Whether the address asks for the board (or the funnel) and not for the list.
pub fn is_board(query: &[(String, String)]) -> bool {
    let view = query.iter().find(|(k, _)| k == "view").map_or("", |(_, v)| v.as_str());
    matches!(view, "board" | "funnel") || (view.is_empty() && query.iter().all(|(k, _)| matches!(k.as_str(), "kind_id" | "lang")))
}

/// Figures of one stage or state in the board's currency, and what stands there in others.
#[derive(Default, Clone)]
struct Sums {
    count: i64,
    amount: i64,
    weighted: i64,
}

struct Figures {
    currency: String,
    by: BTreeMap<(String, Option<Id>), Sums>,
    /// Sums of open deals in other currencies.
    others: Vec<(String, i64)>,
}

impl Figures {
    fn read(c: &Call, kept: &[(&str, String)]) -> Result<Figures> {
        let answer = ask(c, "deals/board", &[], kept)?.unwrap_or(Json::Null);
        let items = answer["items"].as_array().cloned().unwrap_or_default();
        let scaled = |j: &Json, f: &str| Amount::parse(text(j, f)).map_or(0, Amount::scaled);
        // the currency in which most of the open money stands is the board's
        let mut open: BTreeMap<String, i64> = BTreeMap::new();
        for i in items.iter().filter(|i| text(i, "state") == "open") {
            *open.entry(text(i, "currency").to_owned()).or_default() += scaled(i, "amount");
        }
        let currency = open
            .iter()
            .max_by_key(|(_, v)| **v)
            .map(|(k, _)| k.clone())
            .or_else(|| items.first().map(|i| text(i, "currency").to_owned()))
            .unwrap_or_default();
        let mut by: BTreeMap<(String, Option<Id>), Sums> = BTreeMap::new();
        for i in &items {
            let s = by.entry((text(i, "state").to_owned(), Id::parse_str(text(i, "stage_id")).ok())).or_default();
            s.count += i["count"].as_i64().unwrap_or(0);
            if text(i, "currency") == currency {
                s.amount += scaled(i, "amount");
                s.weighted += scaled(i, "weighted");
            }
        }
        Ok(Figures { others: open.into_iter().filter(|(k, v)| *k != currency && *v != 0).collect(), currency, by })
    }
    fn of(&self, state: &str, stage: Option<Id>) -> Sums {
        self.by.get(&(state.to_owned(), stage)).cloned().unwrap_or_default()
    }
    fn all(&self, state: &str) -> Sums {
        self.by.iter().filter(|((s, _), _)| s == state).fold(Sums::default(), |a, (_, b)| Sums {
            count: a.count + b.count,
            amount: a.amount + b.amount,
            weighted: a.weighted + b.weighted,
        })
    }
}

/// A name in the caller's language where one was given.
pub fn named(lang: Lang, r: Row) -> String {
    r.json("names")[lang.code()].as_str().filter(|s| !s.is_empty()).unwrap_or(r.title()).to_owned()
}

pub fn view(c: &Call) -> Result<View> {
    let kinds = rows(c, "deal-kinds", &[("limit", "50")], &["name", "names"])?;
    let asked = c.param("kind_id").and_then(|s| Id::parse_str(s).ok());
    let kind = asked.or_else(|| kinds.first().map(|k| k.id()));
    let kind_text = kind.map(|k| k.to_string()).unwrap_or_default();
    let mut kept: Vec<(&str, String)> =
        KEPT[1..].iter().filter_map(|k| c.param(k).filter(|v| !v.is_empty()).map(|v| (*k, v.to_owned()))).collect();
    if !kind_text.is_empty() {
        kept.push(("kind_id", kind_text.clone()));
    }
    let figures = Figures::read(c, &kept)?;
    let funnel = c.param("view") == Some("funnel");
    let content = html! {
        (head(c, &figures, &kinds, kind, &kept, funnel))
        @if !funnel { (bar(c, &kind_text)) }
        @if funnel { (reports::inside(c, "funnel", "/deals", &funnel_of(&kept))?) } @else { (board::board(c, &figures, kind, &kept)?) }
    };
    let create = if may(c, "deals", "create") {
        Button::new(Kind::Second, kontor_texts::message::entity_one(c.lang, "deals"))
            .icon("plus")
            .key("n")
            .link(&address("/deals/new", &[("kind_id", &kind_text)]))
    } else {
        html! {}
    };
    let title = kontor_texts::message::entity(c.lang, "deals").to_owned();
    let crumbs = vec![(tr(c.lang, "section-sales").to_owned(), None), (title.clone(), None)];
    Ok(View { here: "deals", title, crumbs, create, content })
}

/// Whose deals, and words to find among them.
fn bar(c: &Call, kind: &str) -> Markup {
    let lang = c.lang;
    let me = c.ctx.user_id.to_string();
    let (q, whose) = (c.param("q").unwrap_or(""), c.param("manager_id").unwrap_or(""));
    let kept = c.param("kind_id").map_or("", |_| kind);
    let all = address("/deals", &[("view", if q.is_empty() { "" } else { "board" }), ("kind_id", kept), ("q", q)]);
    let mine = address("/deals", &[("view", "board"), ("kind_id", kept), ("q", q), ("manager_id", &me)]);
    html! {
        form class="k-params" method="get" action="/deals" role="search" {
            @for (k, v) in [("view", "board"), ("kind_id", kept), ("manager_id", whose)] { @if !v.is_empty() { input type="hidden" name=(k) value=(v); } }
            input class="form-control" type="search" name="q" value=(q) placeholder=(tr(lang, "page-list-search")) aria-label=(tr(lang, "page-list-search")) data-key="/";
            (Segments { label: tr(lang, "work-whose"), items: &[(tr(lang, "page-list-all"), "", &all, whose.is_empty()), (tr(lang, "page-list-mine"), "", &mine, whose == me)] })
            span class="row-f g12 ml-a s12 m2" { span class="row-f g4" { span class="dot r" {} (tr(lang, "work-step_late")) } span class="row-f g4" { span class="dot w" {} (tr(lang, "work-idle")) } }
        }
    }
}

/// Conditions of the board as those of its funnel.
fn funnel_of<'a>(kept: &[(&'a str, String)]) -> Vec<(&'a str, String)> {
    let mut all = kept.to_vec();
    all.push(("view", "funnel".to_owned()));
    all
}

fn head(c: &Call, figures: &Figures, kinds: &Rows, kind: Option<Id>, kept: &[(&str, String)], funnel: bool) -> Markup {
    let lang = c.lang;
    let open = figures.all("open");
    let sign = words::sign(&figures.currency);
    let pairs: Vec<(&str, &str)> = kept.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let about = html! {
        span class="m2" {
            (tr_args(lang, "work-deals_open", &[("count", open.count.into())]))
            @if open.amount != 0 { " · " span class="n m0" { (whole(lang, &amount(open.amount))) "\u{a0}" (sign) } " · " (tr(lang, "ui-weighted")) " " span class="n m0" { (whole(lang, &amount(open.weighted))) "\u{a0}" (sign) } }
            @for (code, sum) in &figures.others { " · " span class="n" { (whole(lang, &amount(*sum))) "\u{a0}" (words::sign(code)) } }
        }
    };
    let others: Vec<(String, String, bool)> = kinds
        .iter()
        .map(|k| {
            let id = k.id().to_string();
            let mut p: Vec<(&str, &str)> = pairs.iter().copied().filter(|(n, _)| *n != "kind_id").collect();
            p.push(("kind_id", &id));
            if funnel {
                p.push(("view", "funnel"));
            }
            (named(lang, k), address("/deals", &p), Some(k.id()) == kind)
        })
        .collect();
    let current = others.iter().find(|o| o.2).map_or("", |o| o.0.as_str());
    let actions = html! {
        @if others.len() > 1 { (Menu { label: current, icon: "route", worded: true, items: html! { @for (t, href, on) in &others { a href=(href) class=[on.then_some("on")] { (t) } } } }) }
        (looks(c, kept, if funnel { "funnel" } else { "board" }))
    };
    PageHead { title: kontor_texts::message::entity(lang, "deals"), about, actions, list: false, line: false }.render()
}

/// Board, list and funnel of the same deals.
fn looks(c: &Call, kept: &[(&str, String)], here: &str) -> Markup {
    let pairs: Vec<(&str, &str)> = kept.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let to = |more: (&'static str, &'static str)| address("/deals", &pairs.iter().copied().chain([more]).collect::<Vec<_>>());
    let plain = kept.iter().all(|(k, _)| *k == "kind_id");
    let board = if plain { address("/deals", &pairs) } else { to(("view", "board")) };
    let (list, funnel) = (to(("state", "open")), to(("view", "funnel")));
    let items = [
        (tr(c.lang, "page-list-board"), "layout-kanban", board.as_str(), here == "board"),
        (tr(c.lang, "page-list-table"), "list-details", &list, here == "list"),
        (tr(c.lang, "page-list-funnel"), "filter", &funnel, here == "funnel"),
    ];
    Segments { label: tr(c.lang, "page-list-looks"), items: &items }.render()
}

/// The way from the list back to the board; what the board does not know of the list's conditions is left behind.
pub fn looks_of_list(c: &Call) -> Markup {
    let kept: Vec<(&str, String)> = KEPT.iter().filter_map(|k| c.param(k).filter(|v| !v.is_empty()).map(|v| (*k, v.to_owned()))).collect();
    looks(c, &kept, "list")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crm_02_other_conditions_show_the_list() {
        let q = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>();
        assert!(is_board(&q(&[])));
        assert!(is_board(&q(&[("kind_id", "1")])));
        assert!(is_board(&q(&[("view", "board"), ("manager_id", "1"), ("q", "кабель")])));
        assert!(!is_board(&q(&[("manager_id", "1")])));
        assert!(!is_board(&q(&[("stage_id", "1")])));
        assert!(!is_board(&q(&[("state", "open")])));
        assert!(is_board(&q(&[("view", "funnel"), ("from", "2026-01-01")])));
    }
}
