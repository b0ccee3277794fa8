//! The filter field: conditions as chips, the next one typed (`борг>10000`), words search. Without scripts it is a form
//! with one search box and conditions that can be unticked by editing the address.

use super::icons::{draw, icon, icon_small};
use super::words::json_block;
use kontor_texts::{Lang, tr, tr_args};
use maud::{Markup, Render, html};
use serde_json::json;

/// A condition in force: name and value of the query parameter, and how people read it.
pub struct Chip<'a> {
    pub name: &'a str,
    pub value: &'a str,
    pub label: &'a str,
    /// `:`, `>`, `≤` …
    pub op: &'a str,
    pub text: &'a str,
}

impl Chip<'_> {
    fn draw(&self, lang: Lang) -> Markup {
        html! {
            span class="k-chip" {
                input type="hidden" name=(self.name) value=(self.value);
                span class="f" { (self.label) } span class="o" { (self.op) } span class="v" title=(self.text) { (self.text) }
                button type="button" data-drop aria-label=(tr_args(lang, "ui-remove_condition", &[("name", self.label.into())])) { (icon_small("x")) }
            }
        }
    }
}

/// Read-only: in the sentence of a list that found nothing.
impl Render for Chip<'_> {
    fn render(&self) -> Markup {
        html! { span class="k-chip" { span class="f" { (self.label) } span class="o" { (self.op) } span class="v" { (self.text) } } }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    Text,
    Number,
    Date,
    Bool,
    Choice,
    Reference,
}

impl FieldType {
    fn code(self) -> &'static str {
        match self {
            FieldType::Text => "text",
            FieldType::Number => "number",
            FieldType::Date => "date",
            FieldType::Bool => "bool",
            FieldType::Choice => "choice",
            FieldType::Reference => "ref",
        }
    }
}

/// A field one can filter by.
pub struct FilterField<'a> {
    pub field: &'a str,
    pub label: &'a str,
    pub kind: FieldType,
    /// Value and label.
    pub choices: Vec<(&'a str, String)>,
}

/// The fields as the script reads them.
#[derive(Default)]
pub struct Fields(Markup);

impl Fields {
    pub fn new(fields: &[FilterField]) -> Fields {
        let one = |f: &FilterField| {
            let choices: Vec<_> = f.choices.iter().map(|(v, l)| json!({"value": v, "label": l})).collect();
            let mut o = json!({"field": f.field, "label": f.label, "type": f.kind.code()});
            if !choices.is_empty() {
                o["choices"] = choices.into();
            }
            o
        };
        Fields(json_block("data-fields", &fields.iter().map(one).collect::<Vec<_>>().into()))
    }
}

impl PartialEq for Fields {
    fn eq(&self, other: &Fields) -> bool {
        self.0.0 == other.0.0
    }
}

pub struct Filters<'a> {
    pub lang: Lang,
    pub action: &'a str,
    pub chips: &'a [Chip<'a>],
    pub fields: &'a Fields,
    pub q: &'a str,
    /// Kept when conditions change: sort, view.
    pub keep: &'a [(&'a str, &'a str)],
    /// Right of the field.
    pub aside: Markup,
}

impl Render for Filters<'_> {
    fn render(&self) -> Markup {
        let word = |key| tr(self.lang, key);
        html! {
            form class="k-filters" data-filter method="get" action=(self.action) role="search" {
                (draw("ic m2", "filter-2"))
                @for (name, value) in self.keep { input type="hidden" name=(name) value=(value); }
                @for c in self.chips { (c.draw(self.lang)) }
                input type="search" name="q" value=(self.q) data-typing placeholder=(word("ui-filter_hint")) aria-label=(word("page-list-filter"));
                (self.fields.0)
                span class="k-hint" { span { kbd { "/" } (word("ui-filter")) } }
                @if !self.chips.is_empty() || !self.q.is_empty() { a class="btn btn-3 btn-s" href=(self.action) { (word("ui-clear")) } }
                (self.aside)
                noscript { button class="btn btn-2 btn-s" { (icon("search")) } }
            }
        }
    }
}
