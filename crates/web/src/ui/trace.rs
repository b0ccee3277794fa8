//! Why this price: the steps that led to it, the rules that lost, what it would be otherwise.

use super::icons::icon;
use maud::{Markup, Render, html};

pub struct TraceStep<'a> {
    /// `Знижка`; the rule's name follows as a link.
    pub title: &'a str,
    pub rule: Option<(&'a str, Option<&'a str>)>,
    /// Second line: where from, on which date.
    pub note: &'a str,
    /// Price after the step, in local form with its unit.
    pub value: &'a str,
    /// What the step did: `−22 %`, `× 48,7340`.
    pub change: &'a str,
}

pub struct LostRule<'a> {
    pub title: &'a str,
    pub change: &'a str,
    pub reason: &'a str,
}

pub struct Trace<'a> {
    pub title: &'a str,
    /// `Рядок 2 · EB63-2C25 · 120 шт · на 20.11.2026`.
    pub question: &'a str,
    pub steps: &'a [TraceStep<'a>],
    /// The price itself: label, value, note.
    pub result: (&'a str, &'a str, &'a str),
    pub lost_title: &'a str,
    pub lost: &'a [LostRule<'a>],
    pub close_label: &'a str,
}

impl Render for Trace<'_> {
    fn render(&self) -> Markup {
        let (label, value, note) = self.result;
        html! {
            div class="k-sec tight" {
                div class="row-f sp" {
                    h2 { (self.title) }
                    span class="row-f g2" {
                        span class="k-hint" { kbd { "F4" } }
                        button type="button" class="k-icb" data-close-peek aria-label=(self.close_label) { (icon("x")) }
                    }
                }
                p class="s12 m1 cut" { (self.question) }
            }
            div class="k-sec tight" {
                ol class="k-trace" {
                    @for s in self.steps { (s) }
                    li class="fin" { span class="pt" {} b { (label) } span class="v n" { (value) } @if !note.is_empty() { small { (note) } } }
                }
            }
            @if !self.lost.is_empty() {
                div class="k-sec tight" {
                    header { h3 { (self.lost_title) i { (self.lost.len()) } } }
                    ol class="lost" { @for l in self.lost { (l) } }
                }
            }
        }
    }
}

impl Render for TraceStep<'_> {
    fn render(&self) -> Markup {
        html! {
            li {
                span class="pt" {}
                b {
                    (self.title)
                    @if let Some((name, href)) = self.rule {
                        @if !self.title.is_empty() { " " }
                        @if let Some(href) = href { a class="lk" href=(href) { (name) } } @else { (name) }
                    }
                }
                span class="v n" { (self.value) @if !self.change.is_empty() { small class="s12" { (self.change) } } }
                @if !self.note.is_empty() { small { (self.note) } }
            }
        }
    }
}

impl Render for LostRule<'_> {
    fn render(&self) -> Markup {
        html! {
            li { (icon("circle-x")) b { (self.title) } span class="v n s12" { (self.change) } @if !self.reason.is_empty() { small { (self.reason) } } }
        }
    }
}
