//! Words that scripts need, sent with every page as `<template id="texts">`; blocks of JSON in general.

use kontor_texts::{Arg, Lang, tr, tr_args};
use maud::{Markup, PreEscaped, html};
use std::sync::LazyLock;

/// Name in the scripts, key of the text, arguments that the scripts fill (`{n}`).
type Text = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const TEXTS: &[Text] = &[
    ("undo", "page-undo", &[]),
    ("close", "page-card-close", &[]),
    ("understood", "ui-understood", &[]),
    ("failed", "ui-failed", &[]),
    ("no-network", "ui-no_network", &[]),
    ("no-answer", "ui-no_answer", &[]),
    ("event", "page-error-event", &[("code", "{id}")]),
    ("palette", "page-search", &[]),
    ("found", "page-palette-found", &[]),
    ("found-in", "ui-found_in", &[("n", "{n}"), ("ms", "{ms}")]),
    ("nothing-found", "ui-nothing_found", &[("q", "{q}")]),
    ("choose", "ui-choose", &[]),
    ("open", "ui-open", &[]),
    ("commands", "page-palette-commands", &[]),
    ("documents", "page-palette-documents", &[]),
    ("people", "page-palette-people", &[]),
    ("calculate", "ui-calculate", &[]),
    ("type-a-sum", "ui-type_a_sum", &[]),
    ("copy", "page-copy", &[]),
    ("recent", "page-palette-recent", &[]),
    ("do", "page-palette-do", &[]),
    ("go", "page-palette-go", &[]),
    ("filter", "page-list-filter", &[]),
    ("remove-condition", "ui-remove_condition", &[("name", "{name}")]),
    ("selected", "ui-selected", &[("n", "{n}")]),
    ("bulk-done", "ui-bulk_done", &[("n", "{n}")]),
    ("create", "page-card-create_named", &[("value", "{name}")]),
    ("draft-saved", "page-card-draft_saved", &[("time", "{at}")]),
    ("draft-found", "ui-draft_found", &[("at", "{at}")]),
    ("draft-restore", "page-card-draft_use", &[]),
    ("draft-discard", "page-card-draft_drop", &[]),
    ("leave-unsaved", "ui-leave_unsaved", &[]),
    ("moved", "ui-moved", &[("name", "{name}"), ("stage", "{stage}")]),
    ("sku", "field-sku", &[]),
    ("name", "field-name", &[]),
    ("price", "field-price", &[]),
    ("available", "field-available", &[]),
    ("suggestions", "ui-suggestions", &[]),
    ("take-to-quantity", "ui-take_to_quantity", &[]),
    ("paste-table", "page-order-paste", &[]),
    ("last-order", "key-last_order", &[]),
    ("why-price", "page-order-why_price", &[]),
    ("line-n", "ui-line_n", &[("n", "{n}")]),
    ("price-by-hand", "ui-price_by_hand", &[]),
    ("no-trace", "ui-no_trace", &[]),
    ("margin", "page-order-margin", &[]),
    ("off-terms", "ui-off_terms", &[]),
    ("line-parts", "ui-line_parts", &[]),
    ("per-own-unit", "ui-per_own_unit", &[("n", "{n}"), ("unit", "{unit}")]),
    ("by-terms", "ui-by_terms", &[]),
    ("all-by-terms", "ui-all_by_terms", &[]),
    ("set-by-terms", "ui-set_by_terms", &[("n", "{n}")]),
    ("why-not", "ui-why_not", &[]),
    ("why-not-hint", "ui-why_not_hint", &[]),
    ("needs-approval", "ui-needs_approval", &[]),
    ("apply", "ui-apply", &[]),
    ("add-goods", "ui-add_goods", &[]),
    ("otherwise", "ui-otherwise", &[]),
    ("other-client", "ui-other_client", &[]),
    ("other-day", "ui-other_day", &[]),
    ("gift-free", "ui-gift_free", &[]),
    ("take-gift", "ui-take_gift", &[]),
    ("gift-taken", "ui-gift_taken", &[("name", "{name}")]),
    ("deviations", "ui-deviations", &[]),
    ("waits-for-approval", "ui-waits_for_approval", &[]),
    ("lost", "ui-lost_rules", &[]),
    ("by-rule", "ui-by_rule", &[("price", "{price}")]),
    ("type-product", "ui-type_product", &[]),
    ("not-a-number", "ui-not_a_number", &[]),
    ("product-unclear", "ui-product_unclear", &[("q", "{q}")]),
    ("line-removed", "ui-line_removed", &[("name", "{name}")]),
    ("looking-up", "ui-looking_up", &[("n", "{n}")]),
    ("pasted", "ui-pasted", &[("n", "{n}")]),
    ("pasted-missing", "ui-pasted_missing", &[("n", "{n}"), ("missing", "{missing}")]),
    ("partner-first", "page-order-partner_first", &[]),
    ("no-last-order", "ui-no_last_order", &[]),
    ("saving", "ui-saving", &[]),
    ("saved-at", "ui-saved_at", &[("at", "{at}")]),
    ("saved", "ui-saved_named", &[("name", "{name}")]),
    ("confirmed", "ui-confirmed_named", &[("name", "{name}")]),
    ("not-saved", "ui-not_saved", &[]),
    ("conflict", "page-conflict-title", &[]),
    ("changed-elsewhere", "ui-changed_elsewhere", &[]),
    ("show", "page-report-show", &[]),
    ("was", "page-conflict-base", &[]),
    ("theirs", "page-conflict-theirs", &[]),
    ("yours", "page-conflict-yours", &[]),
    ("take-theirs", "page-conflict-take_theirs", &[]),
    ("take-mine", "page-conflict-take_yours", &[]),
    ("take-chosen", "ui-take_chosen", &[]),
    ("no-line", "ui-no_line", &[]),
    ("substitutes", "ui-substitutes", &[]),
    ("by-warehouse", "ui-by_warehouse", &[]),
    ("same-category", "ui-same_category", &[]),
    ("none-in-stock", "ui-none_in_stock", &[]),
    ("take-instead", "ui-take_instead", &[]),
    ("warehouse", "field-warehouse_id", &[]),
    ("on-hand", "field-on_hand", &[]),
    ("reserved", "field-reserved", &[]),
    ("bulk-going", "ui-bulk_going", &[("done", "{done}"), ("total", "{total}")]),
    ("bulk-failed", "ui-bulk_failed", &[]),
    ("undone", "ui-undone", &[("n", "{n}")]),
    ("undone-stayed", "ui-undone_stayed", &[("n", "{n}"), ("stayed", "{stayed}")]),
    ("cancel", "page-card-cancel", &[]),
    ("looking", "ui-looking", &[("names", "{names}")]),
    ("calendar", "ui-calendar", &[]),
    ("month-before", "ui-month_before", &[]),
    ("month-after", "ui-month_after", &[]),
    ("today", "work-today", &[]),
    ("clear", "ui-clear", &[]),
];

static BLOCKS: [LazyLock<String>; 3] =
    [LazyLock::new(|| block(Lang::Uk)), LazyLock::new(|| block(Lang::Ru)), LazyLock::new(|| block(Lang::En))];

fn block(lang: Lang) -> String {
    let mut map = serde_json::Map::new();
    for (name, key, args) in TEXTS {
        let text = if args.is_empty() {
            tr(lang, key).to_owned()
        } else {
            let args: Vec<(&str, Arg)> = args.iter().map(|(k, v)| (*k, Arg::from(*v))).collect();
            tr_args(lang, key, &args)
        };
        map.insert((*name).to_owned(), text.into());
    }
    json_text(&serde_json::Value::Object(map))
}

/// The block for a page in `lang`.
pub fn texts(lang: Lang) -> Markup {
    let block = match lang {
        Lang::Uk => &BLOCKS[0],
        Lang::Ru => &BLOCKS[1],
        Lang::En => &BLOCKS[2],
    };
    html! { template id="texts" { (PreEscaped(block.as_str())) } }
}

/// JSON that may stand in markup: nothing in it begins a tag or an entity, whatever people typed.
pub fn json_text(value: &serde_json::Value) -> String {
    let text = value.to_string();
    if !text.contains(['&', '<', '>']) {
        return text;
    }
    text.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e")
}

/// A JSON block for an island: `<template {attribute}>`. Not a script: htmx drops scripts from what it swaps.
pub fn json_block(attribute: &str, value: &serde_json::Value) -> Markup {
    PreEscaped(format!("<template {attribute}>{}</template>", json_text(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_10_scripts_have_all_their_words() {
        for lang in Lang::ALL {
            let block = block(lang);
            assert!(!block.contains('⟦'), "{}: {block}", lang.code());
            let read: serde_json::Value = serde_json::from_str(&block).expect("json");
            assert_eq!(read["selected"].as_str().map(|s| s.contains("{n}")), Some(true));
        }
    }

    #[test]
    fn plt_10_data_cannot_leave_its_block() {
        let html = json_block("data-x", &serde_json::json!({"name": "</script><script>alert(1)"})).into_string();
        assert_eq!(html, "<template data-x>{\"name\":\"\\u003c/script\\u003e\\u003cscript\\u003ealert(1)\"}</template>");
    }
}
