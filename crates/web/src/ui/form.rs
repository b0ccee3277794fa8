//! Forms: label above, field, error under it with its way out; references; conflicts; what is to be done at the bottom.

use super::head::{Button, Kind};
use super::icons::{icon, icon_small};
use super::words::json_block;
use kontor_texts::{Lang, tr};
use maud::{Markup, Render, html};

/// An error of one field: what is wrong, and a way to mend it (text and address) when there is one.
#[derive(Clone, Copy)]
pub struct Wrong<'a> {
    pub text: &'a str,
    pub hint: &'a str,
}

/// What one types or chooses.
pub enum Control<'a> {
    Text {
        value: &'a str,
        kind: &'static str,
        placeholder: &'a str,
    },
    Area {
        value: &'a str,
        rows: u8,
    },
    /// Decimal string; typed the local way, sent as a decimal string.
    Number {
        value: &'a str,
    },
    Date {
        value: &'a str,
    },
    Check {
        on: bool,
        text: &'a str,
    },
    /// Value, label; the empty value is offered first unless the field is required.
    Select {
        value: &'a str,
        options: &'a [(&'a str, &'a str)],
    },
    /// Several of a few.
    Checks {
        values: &'a [&'a str],
        options: &'a [(&'a str, &'a str)],
    },
    Reference(Reference<'a>),
    /// Shown, not changed.
    Fixed(Markup),
    Custom(Markup),
}

/// A reference found by typing: the hidden input holds the id, `{name}__title` what is seen.
#[derive(Clone, Copy, Default)]
pub struct Reference<'a> {
    pub id: &'a str,
    pub title: &'a str,
    /// Path of the API with fixed filters: `/partners?roles=client`.
    pub source: &'a str,
    /// Names of other fields of the form that narrow the choice.
    pub depends: &'a str,
    /// Page that makes a new one.
    pub create: Option<&'a str>,
    pub placeholder: &'a str,
}

pub struct Field<'a> {
    pub name: &'a str,
    pub label: &'a str,
    pub control: Control<'a>,
    pub required: bool,
    pub wrong: Option<Wrong<'a>>,
    /// Under the field, in the third ink.
    pub hint: &'a str,
    /// Columns of twelve: `w2` … `w12`; six when empty.
    pub width: &'static str,
    pub conflict: Option<Conflict<'a>>,
}

impl<'a> Field<'a> {
    pub fn new(name: &'a str, label: &'a str, control: Control<'a>) -> Self {
        Field { name, label, control, required: false, wrong: None, hint: "", width: "", conflict: None }
    }
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
    pub fn width(mut self, width: &'static str) -> Self {
        self.width = width;
        self
    }
    pub fn wrong(mut self, wrong: Option<Wrong<'a>>) -> Self {
        self.wrong = wrong;
        self
    }
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }
    /// Id of the element: dots and brackets are not liked by labels and tests.
    fn id(&self) -> String {
        let mut id = String::from("f-");
        id.extend(self.name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }));
        id
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let id = self.id();
        let note = format!("{id}-note");
        let noted = self.wrong.is_some() || !self.hint.is_empty();
        let at = Attributes {
            id: &id,
            name: self.name,
            required: self.required,
            invalid: self.wrong.is_some(),
            note: noted.then_some(note.as_str()),
        };
        let grouped = matches!(self.control, Control::Checks { .. } | Control::Check { .. } | Control::Fixed(_));
        html! {
            div class={ "k-field " (self.width) } role=[matches!(self.control, Control::Checks { .. }).then_some("group")] aria-label=[matches!(self.control, Control::Checks { .. }).then_some(self.label)] {
                @if !matches!(self.control, Control::Check { .. }) {
                    @if grouped { span class="lab" { (self.label) } } @else { label for=(id) { (self.label) @if self.required { span class="req" aria-hidden="true" { "*" } } } }
                }
                (self.control.draw(&at))
                @if let Some(w) = &self.wrong { p id=(note) class="neg" { (w.text) @if !w.hint.is_empty() { " " span class="m2" { (w.hint) } } } }
                @else if !self.hint.is_empty() { p id=(note) class="m2" { (self.hint) } }
                @if let Some(c) = &self.conflict { (c) }
            }
        }
    }
}

struct Attributes<'a> {
    id: &'a str,
    name: &'a str,
    required: bool,
    invalid: bool,
    note: Option<&'a str>,
}

impl Control<'_> {
    fn draw(&self, at: &Attributes) -> Markup {
        let invalid = at.invalid.then_some("true");
        match self {
            Control::Text { value, kind, placeholder } => html! {
                input id=(at.id) class="form-control" type=(if *kind == "new-password" { "password" } else { kind }) name=(at.name) value=(value) placeholder=[(!placeholder.is_empty()).then_some(placeholder)]
                    required[at.required] aria-invalid=[invalid] aria-describedby=[at.note] autocomplete=(match *kind { "password" => "current-password", "new-password" => "new-password", _ => "off" });
            },
            Control::Area { value, rows } => {
                html! { textarea id=(at.id) class="form-control" name=(at.name) rows=(rows) required[at.required] aria-invalid=[invalid] aria-describedby=[at.note] { (value) } }
            }
            Control::Number { value } => {
                html! { input id=(at.id) class="form-control r tn" type="text" inputmode="decimal" data-decimal name=(at.name) value=(value) required[at.required] aria-invalid=[invalid] aria-describedby=[at.note] autocomplete="off"; }
            }
            Control::Date { value } => {
                html! { input id=(at.id) class="form-control" type="date" name=(at.name) value=(value) required[at.required] aria-invalid=[invalid] aria-describedby=[at.note]; }
            }
            Control::Check { on, text } => {
                html! { label class="k-check" { input type="hidden" name=(at.name) value="false"; input id=(at.id) class="form-check-input" type="checkbox" name=(at.name) value="true" checked[*on] aria-describedby=[at.note]; (text) } }
            }
            Control::Select { value, options } => html! {
                select id=(at.id) class="form-select" name=(at.name) required[at.required] aria-invalid=[invalid] aria-describedby=[at.note] {
                    @if !at.required || value.is_empty() { option value="" {} }
                    @for (v, text) in *options { option value=(v) selected[v == value] { (text) } }
                }
            },
            Control::Checks { values, options } => html! {
                div class="row-f wrap g12" { @for (v, text) in *options { label class="k-check" { input class="form-check-input" type="checkbox" name=(at.name) value=(v) checked[values.contains(v)]; (text) } } }
            },
            Control::Reference(r) => r.draw(at),
            Control::Fixed(m) => html! { div class="m1 pre" { (m) } },
            Control::Custom(m) => html! { (m) },
        }
    }
}

impl Reference<'_> {
    fn draw(&self, at: &Attributes) -> Markup {
        html! {
            div class="k-combo" data-combobox=(self.source) data-depends=[(!self.depends.is_empty()).then_some(self.depends)] data-create=[self.create] {
                input type="hidden" name=(at.name) value=(self.id);
                input id=(at.id) class="form-control" type="text" name={ (at.name) "__title" } value=(self.title) placeholder=[(!self.placeholder.is_empty()).then_some(self.placeholder)]
                    required[at.required] aria-invalid=[at.invalid.then_some("true")] aria-describedby=[at.note] autocomplete="off";
                (icon_small("chevron-down"))
            }
        }
    }

    /// Without label and message, for a row of properties.
    pub fn bare(&self, id: &str, name: &str, required: bool) -> Markup {
        self.draw(&Attributes { id, name, required, invalid: false, note: None })
    }
}

/// Two people changed the same field: what it was, theirs, mine. Taking one puts it into the field.
pub struct Conflict<'a> {
    pub lang: Lang,
    pub field: &'a str,
    pub base: &'a str,
    /// Who, text, value.
    pub theirs: (&'a str, &'a str, &'a str),
    /// Text, value.
    pub yours: (&'a str, &'a str),
}

impl Render for Conflict<'_> {
    fn render(&self) -> Markup {
        let word = |key| tr(self.lang, key);
        let take = |value: &str, text: &str, whose: &str| html! { button type="button" class="btn btn-2 btn-s" data-take=(value) data-take-title=(text) title=(whose) { (word("ui-take")) } };
        html! {
            div class="k-conf mt4" data-conflict=(self.field) role="group" aria-label=(word("page-conflict-title")) {
                span class="m2" { (word("page-conflict-base")) } span { (self.base) } span {}
                span class="m2" { (self.theirs.0) } b class="b5" { (self.theirs.1) } (take(self.theirs.2, self.theirs.1, word("page-conflict-take_theirs")))
                span class="m2" { (word("page-conflict-yours")) } b class="b5" { (self.yours.0) } (take(self.yours.1, self.yours.0, word("page-conflict-take_yours")))
            }
        }
    }
}

pub struct FieldGroup<'a> {
    pub title: &'a str,
    pub fields: Vec<Field<'a>>,
}

pub struct Form<'a> {
    pub lang: Lang,
    pub action: &'a str,
    pub csrf: &'a str,
    /// Version the form was drawn from; empty for a new record.
    pub version: &'a str,
    /// Key of the draft kept while typing, e.g. `partners/{id}`.
    pub draft: Option<&'a str>,
    /// A kept draft: `{"saved_at": …, "data": {…}}`.
    pub kept: Option<serde_json::Value>,
    /// What is wrong with the whole; lines of it.
    pub wrong: Option<(&'a str, &'a [String])>,
    pub groups: &'a [FieldGroup<'a>],
    /// Beside the main button.
    pub actions: Markup,
    pub cancel: &'a str,
    pub multipart: bool,
}

impl Render for Form<'_> {
    fn render(&self) -> Markup {
        let word = |key| tr(self.lang, key);
        html! {
            div class="k-body" {
                form class="k-form" method="post" action=(self.action) data-form data-draft=[self.draft] enctype=[self.multipart.then_some("multipart/form-data")] novalidate {
                    input type="hidden" name="csrf" value=(self.csrf);
                    @if !self.version.is_empty() { input type="hidden" name="version" value=(self.version); }
                    @if let Some(kept) = &self.kept { (json_block("data-draft-data", kept)) }
                    @if let Some((title, lines)) = self.wrong {
                        div class="k-sum-err" role="alert" { (icon("alert-triangle")) b { (title) } @if !lines.is_empty() { ul { @for l in lines { li { (l) } } } } }
                    }
                    @for g in self.groups {
                        fieldset { @if !g.title.is_empty() { legend { (g.title) } } div class="k-fields" { @for f in &g.fields { (f) } } }
                    }
                    div class="k-acts" {
                        (Button::new(Kind::Primary, word("page-card-save")).key("ctrl+s").submit("", ""))
                        (self.actions)
                        a class="btn btn-3" href=(self.cancel) { (word("page-card-cancel")) }
                        span class="k-saved ml-a" data-saved role="status" {}
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_10_fields_tie_label_and_error() {
        let f = Field::new("lines[0][a]", "Код", Control::Text { value: "\"><script>", kind: "text", placeholder: "" })
            .wrong(Some(Wrong { text: "Не той", hint: "" }));
        let html = f.render().into_string();
        assert!(
            html.contains("for=\"f-lines-0--a-\"")
                && html.contains("id=\"f-lines-0--a-\"")
                && html.contains("aria-describedby=\"f-lines-0--a--note\"")
                && html.contains("aria-invalid=\"true\""),
            "{html}"
        );
        assert!(!html.contains("<script>"));
    }
}
