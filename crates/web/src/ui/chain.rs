//! Chain of documents: made on the basis of, and what comes next. Every link opens.

use super::icons::icon;
use maud::{Markup, Render, html};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Link {
    /// Exists and is behind us.
    Done,
    /// The document on the page.
    Here,
    /// Comes next; the address makes it.
    Next,
    /// Cancelled, reversed, lost.
    Undone,
}

pub struct ChainItem<'a> {
    pub title: &'a str,
    pub note: &'a str,
    /// Icon of the entity; behind us a tick stands instead.
    pub icon: &'a str,
    pub href: Option<&'a str>,
    pub link: Link,
}

pub struct Chain<'a> {
    pub label: &'a str,
    pub items: &'a [ChainItem<'a>],
}

impl Render for Chain<'_> {
    fn render(&self) -> Markup {
        html! {
            nav class="k-chain" aria-label=(self.label) {
                @for (i, item) in self.items.iter().enumerate() {
                    @if i > 0 { i {} }
                    (item)
                }
            }
        }
    }
}

impl Render for ChainItem<'_> {
    fn render(&self) -> Markup {
        let (class, name) = match self.link {
            Link::Done => ("", "circle-check"),
            Link::Here => ("on", self.icon),
            Link::Next => ("nxt", self.icon),
            Link::Undone => ("bad", "circle-x"),
        };
        let inside = html! { (icon(name)) b { (self.title) } small { (self.note) } };
        html! {
            @match self.href {
                Some(href) if self.link != Link::Here => a class=(class) href=(href) { (inside) },
                _ => span class=(class) aria-current=[(self.link == Link::Here).then_some("page")] { (inside) },
            }
        }
    }
}
