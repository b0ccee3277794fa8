//! Dialogs: only where undo cannot help, or where a command needs an answer. Consequence in figures, the verb on the button.

use super::form::Field;
use super::head::{Button, Kind};
use kontor_texts::{Lang, tr};
use maud::{Markup, Render, html};

pub struct Dialog<'a> {
    pub lang: Lang,
    /// Without `#`; opened by `data-open="#id"`, or by a command's `dialog`.
    pub id: &'a str,
    pub title: &'a str,
    pub text: &'a str,
    pub fields: &'a [Field<'a>],
    /// The verb.
    pub verb: &'a str,
    pub danger: bool,
    /// Address a plain form is sent to; none when a command collects the fields.
    pub action: Option<(&'a str, &'a str)>,
}

impl Render for Dialog<'_> {
    fn render(&self) -> Markup {
        let title_id = format!("{}-title", self.id);
        html! {
            dialog id=(self.id) class="k-dlg" aria-labelledby=(title_id) {
                form method=(if self.action.is_some() { "post" } else { "dialog" }) action=[self.action.map(|a| a.0)] {
                    @if let Some((_, csrf)) = self.action { input type="hidden" name="csrf" value=(csrf); }
                    h3 id=(title_id) { (self.title) }
                    @if !self.text.is_empty() { p class="m1" { (self.text) } }
                    @for f in self.fields { (f) }
                    div class="acts" {
                        button type="button" class="btn btn-3" data-close { (tr(self.lang, "page-not_needed")) " " kbd { "Esc" } }
                        (Button::new(if self.danger { Kind::Danger } else { Kind::Primary }, self.verb).submit("", ""))
                    }
                }
            }
        }
    }
}
