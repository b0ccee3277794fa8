//! The board of stages: sums, weighted sums, cards that move by mouse, touch and keyboard.

use super::badge::{Avatar, Badge, Tone};
use super::icons::icon;
use super::money::{Money, number};
use kontor_texts::{Lang, format, tr};
use maud::{Markup, Render, html};

pub struct Card<'a> {
    pub id: &'a str,
    pub version: i64,
    pub href: &'a str,
    pub title: &'a str,
    pub partner: &'a str,
    /// Decimal string.
    pub amount: &'a str,
    /// Sign of its currency where it is not the board's: shown, and not added to the column.
    pub unit: &'a str,
    /// Probability in whole percent.
    pub percent: Option<u8>,
    /// Days without a move, when too many: text of it.
    pub idle: Option<&'a str>,
    /// Next step: text, when, late.
    pub next: Option<(&'a str, &'a str, bool)>,
    pub manager: &'a str,
}

pub struct Stage<'a> {
    pub id: &'a str,
    pub title: &'a str,
    /// All in the stage, also those not shown.
    pub count: i64,
    pub sum: &'a str,
    pub weighted: &'a str,
    /// Share of the largest stage, 0 to 1.
    pub share: f64,
    pub cards: Vec<Card<'a>>,
    /// Address of the list with the rest.
    pub more: Option<&'a str>,
}

/// A folded column: won, lost.
pub struct Folded<'a> {
    pub title: &'a str,
    pub count: i64,
    pub sum: &'a str,
    pub tone: Tone,
    pub href: &'a str,
    /// Verb of a card that is dropped here; its dialog is `#drop-{verb}`. None: nothing can be dropped.
    pub verb: Option<&'a str>,
}

pub struct Board<'a> {
    pub lang: Lang,
    pub label: &'a str,
    pub collection: &'a str,
    pub stages: &'a [Stage<'a>],
    pub folded: &'a [Folded<'a>],
    /// May cards be moved?
    pub moves: bool,
    /// Stands in the first column while there is no card at all: how to begin.
    pub begin: Markup,
}

impl Render for Board<'_> {
    fn render(&self) -> Markup {
        html! {
            div class="k-board" data-island=[self.moves.then_some("kanban")] data-collection=(self.collection) data-live=(self.collection) role="group" aria-label=(self.label) {
                @for (n, s) in self.stages.iter().enumerate() { (self.column(s, if n == 0 { Some(&self.begin) } else { None })) }
                @for f in self.folded {
                    a class="k-fold" href=(f.href) data-verb=[f.verb] data-dialog=[f.verb.map(|v| format!("#drop-{v}"))] { (Badge { text: &f.count.to_string(), tone: f.tone }) span class="b5" { (f.title) } span class="m2 n" { (number(self.lang, &whole(f.sum), 0)) } }
                }
            }
        }
    }
}

/// The whole part: a board shows no kopecks.
fn whole(decimal: &str) -> String {
    decimal.split('.').next().unwrap_or_default().to_owned()
}

impl Board<'_> {
    fn column(&self, s: &Stage, begin: Option<&Markup>) -> Markup {
        html! {
            section class="k-col" aria-label=(s.title) data-stage=(s.id) data-sum=(s.sum) data-weighted=(s.weighted) data-count=(s.count) {
                header {
                    div { h3 title=(s.title) { (s.title) } span class="m2" data-count { (s.count) } span class="grow" {} span class="n b6" data-total { (number(self.lang, &whole(s.sum), 0)) } }
                    div class="s" { span { (tr(self.lang, "ui-weighted")) } span class="n" data-weight { (number(self.lang, &whole(s.weighted), 0)) } }
                    svg class="k-colbar" aria-hidden="true" { rect width=(format!("{:.1}%", s.share.clamp(0.0, 1.0) * 100.0)) height="100%" rx="1.5" {} }
                }
                div class="cards" {
                    @for c in &s.cards { (self.card(c)) }
                    @if let Some(begin) = begin { (begin) }
                    @if let Some(more) = s.more { a class="lk s12" href=(more) { (tr(self.lang, "page-list-load_more")) } }
                }
            }
        }
    }

    fn card(&self, c: &Card) -> Markup {
        html! {
            article class="k-dc" tabindex=[self.moves.then_some("0")] data-id=(c.id) data-version=(c.version) data-amount=(if c.unit.is_empty() { c.amount } else { "0" }) data-percent=[c.percent] {
                h4 { a href=(c.href) tabindex=[self.moves.then_some("-1")] draggable="false" { (c.title) } }
                div class="who cut" { (c.partner) }
                div class="mny" {
                    (Money::new(self.lang, &whole(c.amount)).unit(c.unit).least(0))
                    span class="row-f" {
                        @if let Some(idle) = c.idle { span class="idle" { (icon("clock-pause")) (idle) } }
                        @if let Some(p) = c.percent { (Ring(self.lang, p)) }
                    }
                }
                @if c.next.is_some() || !c.manager.is_empty() {
                    @let (text, when, late) = c.next.unwrap_or(("", "", false));
                    div class=(if late { "nx late" } else { "nx" }) {
                        @if late { (icon("clock")) }
                        span class="cut" { (text) } span class="nw" { (when) }
                        @if !c.manager.is_empty() { span title=(c.manager) { (Avatar { name: c.manager, size: "s18", me: false }) } }
                    }
                }
            }
        }
    }
}

/// Probability as a ring and a figure.
pub struct Ring(pub Lang, pub u8);

impl Render for Ring {
    fn render(&self) -> Markup {
        let p = self.1.min(100);
        html! {
            span class="k-prob" {
                svg class="k-ring" viewBox="0 0 14 14" aria-hidden="true" { circle cx="7" cy="7" r="5.5" {} circle cx="7" cy="7" r="5.5" pathLength="100" stroke-dasharray={ (p) " 100" } {} }
                (format::percent(self.0, i64::from(p) * 10_000))
            }
        }
    }
}
