//! What happened and what is planned, by day, newest first.

use super::icons::icon;
use maud::{Markup, Render, html};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mood {
    #[default]
    Plain,
    /// Planned, to be done.
    Now,
    Good,
    Bad,
}

pub struct Event<'a> {
    pub icon: &'a str,
    pub mood: Mood,
    /// Who or what; links inside are allowed.
    pub title: Markup,
    /// Continues the title in the third ink.
    pub aside: &'a str,
    /// Further lines, plain text.
    pub text: &'a str,
    pub time: &'a str,
    /// Buttons under it.
    pub actions: Option<Markup>,
}

pub struct Day<'a> {
    pub title: &'a str,
    pub events: Vec<Event<'a>>,
}

pub struct Timeline<'a> {
    pub days: Vec<Day<'a>>,
    /// Next page, loaded when it comes into sight.
    pub more: Option<&'a str>,
}

impl Render for Timeline<'_> {
    fn render(&self) -> Markup {
        html! {
            ul class="k-tl" {
                @for day in &self.days {
                    li class="day" { (day.title) }
                    @for e in &day.events { (e) }
                }
                @if let Some(url) = self.more { li class="day" hx-get=(url) hx-trigger="revealed" hx-swap="outerHTML" hx-target="this" { "…" } }
            }
        }
    }
}

impl Render for Event<'_> {
    fn render(&self) -> Markup {
        let class = match self.mood {
            Mood::Plain => "",
            Mood::Now => "now",
            Mood::Good => "ok",
            Mood::Bad => "bad",
        };
        html! {
            li class=(class) {
                span class="gl" { (icon(self.icon)) }
                div {
                    (self.title) @if !self.aside.is_empty() { " " span class="m2" { "· " (self.aside) } }
                    @if !self.text.is_empty() { p { (self.text) } }
                    @if let Some(actions) = &self.actions { div class="k-ways" { (actions) } }
                }
                time { (self.time) }
            }
        }
    }
}
