//! Head of a page: title, what it says about itself, its actions; tabs; segments; buttons and menus.

use super::icons::{icon, icon_small};
use maud::{Markup, Render, html};

/// `data-key` of a button is also its key on the keyboard and printed on it.
#[derive(Clone, Copy)]
pub struct Button<'a> {
    pub text: &'a str,
    pub icon: &'a str,
    /// `n`, `ctrl+s`, `ctrl+Enter`.
    pub key: &'a str,
    pub kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One per page.
    Primary,
    Second,
    Third,
    /// Only in its dialog.
    Danger,
    /// Bare red.
    Negative,
}

impl Kind {
    pub fn class(self) -> &'static str {
        match self {
            Kind::Primary => "btn btn-primary",
            Kind::Second => "btn btn-2",
            Kind::Third => "btn btn-3",
            Kind::Danger => "btn btn-danger",
            Kind::Negative => "btn btn-neg",
        }
    }
}

/// `ctrl+Enter` as people read it: `Ctrl ⏎`.
pub fn key_text(key: &str) -> String {
    key.split(' ')
        .next()
        .unwrap_or("")
        .split('+')
        .map(|k| match k {
            "ctrl" => "Ctrl",
            "shift" => "Shift",
            "alt" => "Alt",
            "Enter" => "⏎",
            "s" if key.contains('+') => "S",
            other => other,
        })
        .collect::<Vec<_>>()
        .join(" ")
}

impl<'a> Button<'a> {
    pub fn new(kind: Kind, text: &'a str) -> Self {
        Button { text, icon: "", key: "", kind }
    }
    pub fn icon(mut self, icon: &'a str) -> Self {
        self.icon = icon;
        self
    }
    pub fn key(mut self, key: &'a str) -> Self {
        self.key = key;
        self
    }
    fn inside(&self) -> Markup {
        html! {
            @if !self.icon.is_empty() { (icon(self.icon)) }
            (self.text)
            @if !self.key.is_empty() { " " kbd { (key_text(self.key)) } }
        }
    }
    pub fn link(&self, href: &str) -> Markup {
        html! { a class=(self.kind.class()) href=(href) data-key=[(!self.key.is_empty()).then_some(self.key)] { (self.inside()) } }
    }
    pub fn submit(&self, name: &str, value: &str) -> Markup {
        html! {
            button type="submit" class=(self.kind.class()) name=[(!name.is_empty()).then_some(name)] value=[(!name.is_empty()).then_some(value)]
                data-key=[(!self.key.is_empty()).then_some(self.key)] data-main[self.kind == Kind::Primary] { (self.inside()) }
        }
    }
    /// Opens a dialog of the page by its selector.
    pub fn opens(&self, dialog: &str) -> Markup {
        html! { button type="button" class=(self.kind.class()) data-open=(dialog) data-key=[(!self.key.is_empty()).then_some(self.key)] { (self.inside()) } }
    }
    /// Calls a command of the API, see `frontend/ISLANDS.md`.
    pub fn command(&self, c: &Command) -> Markup {
        html! {
            button type="button" class=(self.kind.class()) data-key=[(!self.key.is_empty()).then_some(self.key)]
                data-command=(c.path) data-method=[c.method] data-body=[c.body.map(ToString::to_string)] data-dialog=[c.dialog] data-done=[c.done] data-then=[c.then] {
                (self.inside())
            }
        }
    }
}

/// A button without a meaning of its own, e.g. for a script of its page.
impl Render for Button<'_> {
    fn render(&self) -> Markup {
        html! { button type="button" class=(self.kind.class()) data-key=[(!self.key.is_empty()).then_some(self.key)] { (self.inside()) } }
    }
}

/// A call of the API by a button: path below `/api/v1`, body, the dialog that asks for more, the toast, where to go.
#[derive(Clone, Copy, Default)]
pub struct Command<'a> {
    pub path: &'a str,
    pub method: Option<&'a str>,
    pub body: Option<&'a serde_json::Value>,
    pub dialog: Option<&'a str>,
    pub done: Option<&'a str>,
    pub then: Option<&'a str>,
}

/// An icon alone, with its name for those who do not see it.
pub struct IconButton<'a> {
    pub icon: &'a str,
    pub label: &'a str,
    pub href: Option<&'a str>,
}

impl Render for IconButton<'_> {
    fn render(&self) -> Markup {
        html! {
            @match self.href {
                Some(href) => a class="k-icb" href=(href) aria-label=(self.label) title=(self.label) { (icon(self.icon)) },
                None => button type="button" class="k-icb" aria-label=(self.label) title=(self.label) { (icon(self.icon)) },
            }
        }
    }
}

/// A menu behind an icon or a word; works without scripts.
pub struct Menu<'a> {
    pub label: &'a str,
    pub icon: &'a str,
    /// Show the label beside the icon.
    pub worded: bool,
    pub items: Markup,
}

impl Render for Menu<'_> {
    fn render(&self) -> Markup {
        html! {
            details class="k-menu" {
                summary class=(if self.worded { "btn btn-3" } else { "k-icb" }) aria-label=(self.label) title=[(!self.worded).then_some(self.label)] {
                    (icon(self.icon)) @if self.worded { (self.label) (icon_small("chevron-down")) }
                }
                div { (self.items) }
            }
        }
    }
}

pub struct PageHead<'a> {
    pub title: &'a str,
    /// Badges, counts, a line of facts: right of the title.
    pub about: Markup,
    pub actions: Markup,
    /// A list hides its secondary actions on a phone.
    pub list: bool,
    pub line: bool,
}

impl Render for PageHead<'_> {
    fn render(&self) -> Markup {
        html! {
            div class={ "k-head" @if self.list { " list" } @else { " card" } @if self.line { " ln" } } {
                h1 title=(self.title) { (self.title) } (self.about)
                span class="grow" {}
                (self.actions)
            }
        }
    }
}

pub struct Tab<'a> {
    pub title: &'a str,
    pub href: &'a str,
    pub count: Option<i64>,
    pub here: bool,
}

pub struct Tabs<'a> {
    pub label: &'a str,
    pub items: &'a [Tab<'a>],
}

impl Render for Tabs<'_> {
    fn render(&self) -> Markup {
        html! {
            nav class="k-tabs" aria-label=(self.label) {
                @for t in self.items {
                    a href=(t.href) class=[t.here.then_some("on")] aria-current=[t.here.then_some("page")] { (t.title) @if let Some(n) = t.count { " " i { (n) } } }
                }
            }
        }
    }
}

/// Ways to look at the same: list, board, funnel.
pub struct Segments<'a> {
    pub label: &'a str,
    /// Title, icon (or none), address, chosen.
    pub items: &'a [(&'a str, &'a str, &'a str, bool)],
}

impl Render for Segments<'_> {
    fn render(&self) -> Markup {
        html! {
            nav class="k-seg" aria-label=(self.label) {
                @for (title, name, href, on) in self.items {
                    a href=(href) class=[on.then_some("on")] aria-current=[on.then_some("true")] { @if !name.is_empty() { (icon_small(name)) } (title) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_10_keys_are_printed_on_buttons() {
        assert_eq!(key_text("ctrl+Enter"), "Ctrl ⏎");
        assert_eq!(key_text("n"), "n");
        let html = Button::new(Kind::Primary, "Провести").key("ctrl+Enter").link("/x").into_string();
        assert!(html.contains("data-key=\"ctrl+Enter\"") && html.contains("<kbd>Ctrl ⏎</kbd>"));
    }
}
