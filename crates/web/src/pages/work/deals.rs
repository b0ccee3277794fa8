//! Deals as a board of stages and as a funnel. Any other condition in the address shows the general list.

use super::rows::{Row, Rows, may, rows};
use super::words::{self, address, amount, days, whole};
use super::{View, ask, reports, text};
use crate::pages::Call;
use crate::ui::badge::Tone;
use crate::ui::board::{Board, Card, Folded, Stage};
use crate::ui::empty::Empty;
use crate::ui::head::{Button, Kind, Menu, PageHead, Segments};
use kontor_kernel::Amount;
use kontor_kernel::error::Result;
use kontor_platform::value::Id;
use kontor_texts::{Lang, tr, tr_args};
use maud::{Markup, Render, html};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Cards drawn per stage; the column's sums are of all.
const CARDS: usize = 40;
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
        @if funnel { (reports::inside(c, "funnel", "/deals", &funnel_of(&kept))?) } @else { (board(c, &figures, kind, &kept)?) }
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

fn board(c: &Call, figures: &Figures, kind: Option<Id>, kept: &[(&str, String)]) -> Result<Markup> {
    let lang = c.lang;
    let kind_text = kind.map(|k| k.to_string()).unwrap_or_default();
    let stages = if kind.is_some() {
        rows(c, "stages", &[("kind_id", &kind_text), ("limit", "30")], &["names", "probability", "norm_days"])?
    } else {
        rows(c, "stages", &[("limit", "30")], &["names", "probability", "norm_days"])?
    };
    if stages.is_empty() {
        let actions = Button::new(Kind::Second, kontor_texts::message::entity_new(lang, "stages"))
            .link(&address("/stages/new", &[("kind_id", &kind_text)]));
        return Ok(Empty {
            icon: "layout-kanban",
            title: tr(lang, "page-list-empty"),
            text: tr(lang, "work-no_stages"),
            actions,
            bare: false,
        }
        .render());
    }
    let most = stages.iter().map(|s| figures.of("open", Some(s.id())).amount).max().unwrap_or(0);
    let mut columns: Vec<Column> = vec![];
    for s in stages.iter() {
        columns.push(Column::read(c, figures, s, most, kept)?);
    }
    let lost = figures.of("open", None);
    if lost.count > 0 {
        columns.push(Column::without_stage(c, figures, kept)?);
    }
    let drawn: Vec<Stage> = columns.iter().map(Column::stage).collect();
    let pairs: Vec<(&str, &str)> = kept.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let closed: Vec<(&str, Sums, Tone, String, &str)> =
        [("won", "page-deals-won", Tone::Good, "win"), ("lost", "page-deals-lost", Tone::Bad, "lose")]
            .into_iter()
            .map(|(state, title, tone, verb)| {
                let mut p = pairs.clone();
                p.extend([("state", state), ("sort", "-closed_on")]);
                (tr(lang, title), figures.all(state), tone, address("/deals", &p), verb)
            })
            .collect();
    let sums: Vec<String> = closed.iter().map(|x| amount(x.1.amount)).collect();
    let folded: Vec<Folded> = closed
        .iter()
        .zip(&sums)
        .map(|((title, s, tone, href, verb), sum)| Folded {
            title,
            count: s.count,
            sum,
            tone: *tone,
            href,
            verb: may(c, "deals", verb).then_some(*verb),
        })
        .collect();
    let mut dialogs = vec![];
    for (.., verb) in closed.iter().filter(|x| may(c, "deals", x.4)) {
        dialogs.push(crate::pages::verbs::dropped(c, c.spec("deals")?, verb)?);
    }
    let board = Board {
        lang,
        label: tr(lang, "page-deals-board"),
        collection: "deals",
        stages: &drawn,
        folded: &folded,
        moves: may(c, "deals", "move"),
    };
    Ok(html! { (board) @for d in dialogs { (d) } })
}

/// A stage with its cards, owning the words that the component borrows.
struct Column {
    id: String,
    title: String,
    sums: Sums,
    texts: (String, String),
    share: f64,
    cards: Vec<CardTexts>,
    more: Option<String>,
}

struct CardTexts {
    id: String,
    version: i64,
    href: String,
    title: String,
    partner: String,
    amount: String,
    unit: String,
    percent: Option<u8>,
    idle: Option<String>,
    next: Option<(String, String, bool)>,
    manager: String,
}

const FIELDS: [&str; 9] =
    ["partner_id", "amount", "currency", "probability", "manager_id", "stage_since", "next_step", "next_step_on", "closes_on"];

impl Column {
    fn read(c: &Call, figures: &Figures, stage: Row, most: i64, kept: &[(&str, String)]) -> Result<Column> {
        let id = stage.id().to_string();
        let sums = figures.of("open", Some(stage.id()));
        let found = deals_of(c, kept, ("stage_id", &id))?;
        let norm = stage.value("norm_days").as_int();
        let chance = stage.scaled("probability");
        let cards = found.iter().map(|d| card(c, d, &figures.currency, chance, norm)).collect();
        Ok(Column::new(named(c.lang, stage), id, sums, most, cards, &found, kept))
    }

    fn without_stage(c: &Call, figures: &Figures, kept: &[(&str, String)]) -> Result<Column> {
        let sums = figures.of("open", None);
        let found = deals_of(c, kept, ("stage_id.empty", "true"))?;
        let cards = found.iter().map(|d| card(c, d, &figures.currency, 0, None)).collect();
        let most = sums.amount;
        Ok(Column::new(tr(c.lang, "page-deals-no_stage").to_owned(), String::new(), sums, most, cards, &found, kept))
    }

    fn new(title: String, id: String, sums: Sums, most: i64, cards: Vec<CardTexts>, found: &Rows, kept: &[(&str, String)]) -> Column {
        let mut p: Vec<(&str, &str)> = kept.iter().map(|(k, v)| (*k, v.as_str())).collect();
        p.extend([("state", "open"), ("stage_id", id.as_str())]);
        let more = found.more().then(|| address("/deals", &p));
        Column { texts: (amount(sums.amount), amount(sums.weighted)), share: words::share(sums.amount, most), id, title, sums, cards, more }
    }

    fn stage(&self) -> Stage<'_> {
        Stage {
            id: &self.id,
            title: &self.title,
            count: self.sums.count,
            sum: &self.texts.0,
            weighted: &self.texts.1,
            share: self.share,
            cards: self.cards.iter().map(CardTexts::card).collect(),
            more: self.more.as_deref(),
        }
    }
}

fn deals_of(c: &Call, kept: &[(&str, String)], stage: (&str, &str)) -> Result<Rows> {
    let limit = CARDS.to_string();
    let mut p: Vec<(&str, &str)> = kept.iter().map(|(k, v)| (*k, v.as_str())).collect();
    p.extend([("state", "open"), stage, ("limit", limit.as_str()), ("sort", "next_step_on,-amount")]);
    rows(c, "deals", &p, &FIELDS)
}

fn card(c: &Call, d: Row, currency: &str, stage_chance: i64, norm: Option<i64>) -> CardTexts {
    let chance = d.value("probability").as_int().unwrap_or(stage_chance);
    let idle = d.instant("stage_since").map(|t| (c.ctx.now - t).num_days()).filter(|n| norm.is_some_and(|m| *n > m));
    let next = match (d.text("next_step"), d.date("next_step_on")) {
        ("", None) => d.date("closes_on").map(|on| (tr(c.lang, "work-closes").to_owned(), on)),
        (text, Some(on)) => Some((text.to_owned(), on)),
        (text, None) => Some((text.to_owned(), chrono::NaiveDate::MAX)),
    };
    let next = next.map(|(text, on)| {
        let when = if on == chrono::NaiveDate::MAX { String::new() } else { words::day(c.lang, c.ctx.today, on) };
        (text, when, on < c.ctx.today)
    });
    // sums of other currencies are shown with the deal, not added to the column
    let unit = if d.text("currency") == currency { "" } else { words::sign(d.text("currency")) };
    CardTexts {
        id: d.id().to_string(),
        version: d.version(),
        href: d.href(),
        title: d.title().to_owned(),
        partner: d.name_of("partner_id").to_owned(),
        amount: d.decimal("amount"),
        unit: unit.to_owned(),
        percent: u8::try_from(chance / 10_000).ok(),
        idle: idle.map(|n| days(c.lang, n)),
        next,
        manager: d.name_of("manager_id").to_owned(),
    }
}

impl CardTexts {
    fn card(&self) -> Card<'_> {
        Card {
            id: &self.id,
            version: self.version,
            href: &self.href,
            title: &self.title,
            partner: &self.partner,
            amount: &self.amount,
            unit: &self.unit,
            percent: self.percent,
            idle: self.idle.as_deref(),
            next: self.next.as_ref().map(|(t, w, l)| (t.as_str(), w.as_str(), *l)),
            manager: &self.manager,
        }
    }
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
