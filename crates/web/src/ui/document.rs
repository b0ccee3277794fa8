//! The editor of a document with lines. The form works as it is (plain inputs `lines[0][product_id]` …); the island
//! `order-grid` turns its table into a spreadsheet.

use super::head::{Button, Kind};
use super::icons::icon;
use super::money::number;
use super::words::json_block;
use kontor_texts::{Lang, tr};
use maud::{Markup, Render, html};

/// A column of the lines. `name` is `n`, `sku`, `name`, `quantity`, `unit`, `price`, `discount_percent`, `amount`,
/// `available`, `margin_percent`, or any other key of a line in the API.
pub struct LineColumn<'a> {
    pub name: &'a str,
    pub title: &'a str,
    pub width: Option<u16>,
    pub right: bool,
    pub edit: bool,
    /// Decimals shown at least.
    pub least: u8,
}

/// Empty rows of the plain form, in which a product is named by its article or name.
const SPARE: usize = 3;

/// A line as plain inputs, for browsers in which the island did not start.
pub struct PlainLine<'a> {
    pub id: &'a str,
    pub product_id: &'a str,
    pub values: Vec<&'a str>,
    /// What the rules say in each column: shown in a field that a person left to them, and not sent.
    pub rules: Vec<&'a str>,
}

/// A figure of the totals: key of the API's answer, label, decimal string now, decimals.
pub struct Total<'a> {
    pub key: &'a str,
    pub label: &'a str,
    pub value: &'a str,
    pub least: u8,
    /// The sum to pay.
    pub main: bool,
}

pub struct Editor<'a> {
    pub lang: Lang,
    pub collection: &'a str,
    /// Empty for a new document.
    pub id: &'a str,
    pub version: &'a str,
    pub csrf: &'a str,
    pub action: &'a str,
    pub readonly: bool,
    pub draft: Option<&'a str>,
    pub kept: Option<serde_json::Value>,
    /// The document as the API answers it; `lines` fill the grid.
    pub document: &'a serde_json::Value,
    /// Head of the page, chain.
    pub head: Markup,
    /// Fields of the header, see `Property`.
    pub properties: &'a [Property<'a>],
    pub columns: &'a [LineColumn<'a>],
    pub lines: &'a [PlainLine<'a>],
    pub totals: &'a [Total<'a>],
    /// Verb of `Ctrl+Enter`; empty when there is none.
    pub confirm: &'a str,
    /// Field of a new document that confirms it at once (`confirm`, `post`): asked by a dry run what would refuse it.
    pub confirm_field: Option<&'a str>,
    /// Path of the API that prices the document, when it is not its preview.
    pub preview: Option<&'a str>,
}

/// A property of the header, edited in place: control from `form::Reference::bare` or a plain input.
pub struct Property<'a> {
    pub id: &'a str,
    pub label: &'a str,
    pub control: Markup,
    pub wrong: &'a str,
}

impl Render for Editor<'_> {
    fn render(&self) -> Markup {
        html! {
            form class="k-cols" method="post" action=(self.action) novalidate data-island="order-grid" data-collection=(self.collection) data-id=(self.id)
                data-version=(self.version) data-draft=[self.draft] data-confirm=(self.confirm) data-confirm-field=[self.confirm_field] data-preview=[self.preview] data-live=[(!self.id.is_empty()).then(|| format!("{}/{}", self.collection, self.id))] data-readonly[self.readonly] {
                input type="hidden" name="csrf" value=(self.csrf);
                input type="hidden" name="version" value=(self.version);
                (json_block("data-document", self.document))
                @if let Some(kept) = &self.kept { (json_block("data-draft-data", kept)) }
                div class="k-stack" {
                    (self.head)
                    div class="k-props edit" {
                        @for p in self.properties { div { label for=(p.id) { (p.label) } (p.control) @if !p.wrong.is_empty() { span class="err-t" { (p.wrong) } } } }
                    }
                    div class="k-scroll wide" { (self.table()) }
                    div class="k-offers" data-offers role="group" aria-label=(tr(self.lang, "ui-gifts")) hidden {}
                    div class="k-foot" { (self.blockers()) (self.sums()) }
                }
                aside class="k-side why k-why" data-why aria-label=(tr(self.lang, "page-order-why_price")) aria-live="polite" hidden {}
            }
        }
    }
}

impl Editor<'_> {
    fn table(&self) -> Markup {
        html! {
            table class="table k-grid k-lines mw7" data-lines aria-label=(tr(self.lang, "page-card-lines")) {
                colgroup { @for c in self.columns { col width=[c.width]; } }
                thead { tr { @for c in self.columns {
                    th scope="col" class=[c.right.then_some("r")] data-col=(c.name) data-edit[c.edit && !self.readonly] data-least=[(c.least > 0).then_some(c.least)] { (c.title) }
                } } }
                tbody {
                    @for (i, line) in self.lines.iter().enumerate() { (self.line(i, line)) }
                    @if !self.readonly { @for i in self.lines.len()..self.lines.len() + SPARE { (self.spare(i)) } }
                }
            }
        }
    }

    fn line(&self, i: usize, line: &PlainLine) -> Markup {
        html! {
            tr {
                @for (k, c) in self.columns.iter().enumerate() {
                    @let value = line.values.get(k).copied().unwrap_or("");
                    td class=[c.right.then_some("r")] {
                        @if c.name == "n" {
                            (i + 1)
                            @if !line.id.is_empty() { input type="hidden" name={ "lines[" (i) "][id]" } value=(line.id); }
                            input type="hidden" name={ "lines[" (i) "][product_id]" } value=(line.product_id);
                            @if let Some(title) = self.columns.iter().position(|c| c.name == "name").and_then(|k| line.values.get(k)) { input type="hidden" name={ "lines[" (i) "][product_id]__title" } value=(title); }
                        } @else if c.edit && !self.readonly {
                            input class="cell" name={ "lines[" (i) "][" (c.name) "]" } value=(value) placeholder=[line.rules.get(k).filter(|r| value.is_empty() && !r.is_empty())] aria-label={ (c.title) " " (i + 1) } autocomplete="off";
                        } @else if c.right { (number(self.lang, value, c.least.into())) } @else { (value) }
                    }
                }
            }
        }
    }

    /// A row to type a product into; the server finds it by what was typed.
    fn spare(&self, i: usize) -> Markup {
        html! {
            tr class="ghost" {
                @for c in self.columns {
                    td class=[c.right.then_some("r")] {
                        @match c.name {
                            "n" => { (i + 1) input type="hidden" name={ "lines[" (i) "][product_id]" } value=""; }
                            "sku" => input class="cell" name={ "lines[" (i) "][product_id]__title" } aria-label={ (c.title) " " (i + 1) } autocomplete="off";,
                            "quantity" => input class="cell" name={ "lines[" (i) "][quantity]" } aria-label={ (c.title) " " (i + 1) } inputmode="decimal" autocomplete="off";,
                            _ => "",
                        }
                    }
                }
            }
        }
    }

    fn blockers(&self) -> Markup {
        let word = |key| tr(self.lang, key);
        html! {
            div class="k-block" data-blockers aria-live="polite" {
                div class="k-h" data-some-blockers hidden { h3 { (word("page-order-blockers")) " " i data-blockers-count {} } }
                ul {}
                p class="m2 s12 row-f" data-no-blockers { (icon("circle-check")) (word("page-order-no_blockers")) }
                div class="k-dev" data-deviations hidden {}
            }
        }
    }

    fn sums(&self) -> Markup {
        html! {
            dl class="k-tot" {
                @for t in self.totals {
                    dt class=[t.main.then_some("ln")] data-with=[(!t.main).then_some(t.key)] hidden[!t.main && t.value.is_empty()] data-of=[t.main.then_some(tr(self.lang, "work-to_pay"))] { (t.label) }
                    dd class=(if t.main { "n sum ln" } else { "n" }) data-total=(t.key) data-with=[(!t.main).then_some(t.key)] data-least=(t.least) hidden[!t.main && t.value.is_empty()] {
                        (if t.value.is_empty() { "—".to_owned() } else { number(self.lang, t.value, t.least.into()) })
                    }
                }
            }
        }
    }
}

/// Save and post, as the head of an editor shows them.
pub fn save_buttons(lang: Lang, confirm: &str, verb: &str) -> Markup {
    html! {
        (Button::new(Kind::Second, tr(lang, "page-card-save")).key("ctrl+s").submit("", ""))
        button type="submit" class="btn btn-primary" data-key="ctrl+Enter" data-verb=(verb) name="verb" value=(verb) { (confirm) " " kbd { "Ctrl ⏎" } }
    }
}

/// Place where the island says when it saved last.
pub fn saved_mark() -> Markup {
    html! { span class="k-saved" data-saved role="status" {} }
}
