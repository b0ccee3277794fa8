//! The key sheet, shown by `?` and printable.

use super::icons::icon;
use kontor_texts::{Lang, tr};
use maud::{Markup, Render, html};

/// What is pressed and what it does (key of the text).
type Press = (&'static str, &'static [&'static str]);

const GROUPS: &[(&str, &[Press])] = &[
    (
        "page-keys-everywhere",
        &[
            ("key-palette", &["Ctrl", "K"]),
            ("key-search", &["/"]),
            ("key-new", &["n"]),
            ("key-edit", &["e"]),
            ("key-save", &["Ctrl", "S"]),
            ("key-save_post", &["Ctrl", "⏎"]),
            ("key-undo", &["Ctrl", "Z"]),
            ("key-escape", &["Esc"]),
            ("key-help", &["?"]),
        ],
    ),
    (
        "page-keys-lists",
        &[
            ("key-move", &["↑", "↓"]),
            ("key-open", &["⏎"]),
            ("key-peek", &["Space"]),
            ("key-select", &["x"]),
            ("ui-key_select_more", &["Shift", "↓"]),
            ("key-select_all", &["Ctrl", "A"]),
            ("key-views", &["[", "]"]),
        ],
    ),
    (
        "page-keys-order",
        &[
            ("key-next_cell", &["⏎"]),
            ("key-paste", &["Ctrl", "V"]),
            ("key-why_price", &["F4"]),
            ("ui-substitutes", &["F8"]),
            ("key-last_order", &["F9"]),
            ("ui-key_take_gifts", &["Alt", "G"]),
            ("key-repeat_line", &["Ctrl", "D"]),
            ("key-remove_line", &["Ctrl", "Del"]),
            ("key-move_line", &["Alt", "↑", "↓"]),
        ],
    ),
    (
        "page-list-board",
        &[
            ("ui-key_board_walk", &["←", "→"]),
            ("ui-key_board_carry", &["Shift", "→"]),
            ("ui-key_board_hold", &["Space"]),
            ("ui-key_board_close", &["Space", "→"]),
        ],
    ),
];

pub struct KeySheet<'a> {
    pub lang: Lang,
    /// Places with a letter after `g`: title, letter.
    pub places: &'a [(&'a str, &'a str)],
}

impl Render for KeySheet<'_> {
    fn render(&self) -> Markup {
        let word = |key: &str| tr(self.lang, key);
        html! {
            dialog id="keys" class="k-keys" aria-labelledby="keys-title" {
                div class="k-pal-in" { (icon("keyboard")) b class="b6" id="keys-title" { (word("page-keys")) } span class="grow" {} kbd { "?" } }
                div class="cols" {
                    @for (i, (title, rows)) in GROUPS.iter().enumerate() {
                        section { h4 { (word(title)) } ul { @for (text, keys) in *rows { li { (word(text)) span { @for k in *keys { kbd { (k) } } } } } } }
                        @if i == 0 && !self.places.is_empty() {
                            section { h4 { (word("page-palette-go")) } ul {
                                @for (title, letter) in self.places { li { (title) span { kbd { "g" } span class="m2" { (word("ui-then")) } kbd { (letter) } } } }
                            } }
                        }
                    }
                }
                footer { label class="k-check s12 m1" { input class="form-check-input" type="checkbox" data-letters checked; (word("ui-letters")) } }
            }
        }
    }
}
