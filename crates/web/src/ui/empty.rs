//! Empty, nothing matching, waiting, failed, long work.

use super::icons::icon;
use maud::{Markup, Render, html};

/// A place with nothing in it yet: what belongs here, the first action, its key.
pub struct Empty<'a> {
    pub icon: &'static str,
    pub title: &'a str,
    pub text: &'a str,
    /// Buttons.
    pub actions: Markup,
    /// Without its dashed frame: inside a list.
    pub bare: bool,
}

impl Render for Empty<'_> {
    fn render(&self) -> Markup {
        html! {
            div class=(if self.bare { "k-empty bare" } else { "k-empty" }) {
                (icon(self.icon)) b class="b6" { (self.title) }
                @if !self.text.is_empty() { p class="m2" { (self.text) } }
                div class="row-f wrap mt8" { (self.actions) }
            }
        }
    }
}

/// What happened, what is safe, the event's number, again. Also the page of an error status.
pub struct Failure<'a> {
    pub icon: &'static str,
    pub title: &'a str,
    pub text: &'a str,
    pub event: &'a str,
    pub actions: Markup,
}

impl Render for Failure<'_> {
    fn render(&self) -> Markup {
        html! {
            div class="k-empty page" role="alert" {
                (icon(self.icon)) b class="b6" { (self.title) }
                p class="m2" { (self.text) @if !self.event.is_empty() { " " span class="nw" { (self.event) } } }
                div class="row-f wrap mt8" { (self.actions) }
            }
        }
    }
}

/// Rows that are on their way; shows itself after 150 ms.
pub struct Skeleton(pub usize);

impl Render for Skeleton {
    fn render(&self) -> Markup {
        html! { div class="k-sk" aria-hidden="true" { @for _ in 0..self.0 { div { i {} i {} i {} } } } }
    }
}

/// Long work: bar, count, time left, stop.
pub struct Job<'a> {
    pub title: &'a str,
    pub note: &'a str,
    pub done_percent: u8,
    pub stop: Markup,
}

impl Render for Job<'_> {
    fn render(&self) -> Markup {
        let done = self.done_percent.min(100);
        html! {
            div class="k-job" {
                span { (self.title) } (self.stop)
                svg class="k-bar" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow=(done) aria-label=(self.title) { rect width={ (done) "%" } height="100%" {} }
                span class="s12 m2" { (self.note) }
            }
        }
    }
}
