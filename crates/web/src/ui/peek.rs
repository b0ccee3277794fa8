//! The quick look beside a list.

use super::icons::icon;
use kontor_texts::{Lang, tr};
use maud::{Markup, Render, html};

pub struct Peek<'a> {
    pub lang: Lang,
    pub title: &'a str,
    pub href: &'a str,
    pub note: &'a str,
    pub actions: Markup,
    /// Sections below.
    pub body: Markup,
}

impl Render for Peek<'_> {
    fn render(&self) -> Markup {
        let word = |key| tr(self.lang, key);
        html! {
            div class="k-sec" {
                div class="row-f sp" {
                    h2 class="cut" title=(self.title) { (self.title) }
                    span class="row-f g2" {
                        a class="k-icb" href=(self.href) aria-label=(word("ui-open_card")) { (icon("external-link")) }
                        button type="button" class="k-icb" data-close-peek aria-label=(word("page-card-close")) { (icon("x")) }
                    }
                }
                @if !self.note.is_empty() { p class="s12 m1" { (self.note) } }
                div class="row-f wrap mt8" { (self.actions) }
            }
            (self.body)
            div class="k-sec keys" {
                div class="k-hint" {
                    span { kbd { "↑" } kbd { "↓" } (word("ui-next")) } span { kbd { "⏎" } (word("ui-card")) }
                    span { kbd { "x" } (word("ui-select")) } span { kbd { "Space" } (word("ui-close")) }
                }
            }
        }
    }
}
