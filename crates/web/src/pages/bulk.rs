//! What can be done with the selected rows of a list: change a field, run a verb, archive.

use super::nav;
use super::state::Call;
use crate::ui::dialog::Dialog;
use crate::ui::form::{Control, Field, Reference};
use crate::ui::table::BulkAction;
use kontor_platform::spec::{Column, Kind, Mode, Spec, Ty};
use kontor_texts::{label, message, tr};
use maud::{Markup, html};
use serde_json::json;

/// What may be changed for many at once: writable columns of the list with few values.
fn fields<'a>(c: &Call, spec: &'static Spec, cols: &'a [&'static Column]) -> Vec<&'a &'static Column> {
    if spec.kind != Kind::Catalog && spec.states.is_empty() || !c.ctx.access.may(spec, "update") {
        return vec![];
    }
    cols.iter().filter(|x| x.mode == Mode::Input && matches!(x.ty, Ty::Ref(_) | Ty::Choice(_) | Ty::Bool | Ty::Date)).take(3).collect()
}

pub fn actions<'a>(c: &Call, spec: &'static Spec, cols: &[&'static Column]) -> Vec<BulkAction<'a>> {
    let mut out = vec![];
    if spec.kind == Kind::Facts {
        return out;
    }
    for x in fields(c, spec, cols) {
        let icon = match x.ty {
            Ty::Ref("users") => "user",
            Ty::Date => "calendar",
            _ => "pencil",
        };
        out.push(BulkAction {
            title: label(c.lang, spec.name, x.name),
            icon,
            body: json!({"command": "update"}),
            dialog: Some(dialog_name(x, true)),
        });
    }
    for v in spec.verbs.iter().filter(|v| v.input.is_empty() && !v.edits && !v.restores && c.ctx.access.may(spec, v.name)).take(3) {
        out.push(BulkAction {
            title: message::verb(c.lang, spec.name, v.name),
            icon: if v.primary { "check" } else { "bolt" },
            body: json!({"command": v.name}),
            dialog: None,
        });
    }
    if c.ctx.access.may(spec, "delete") {
        let (word, icon) = if spec.kind == Kind::Catalog { ("verb-archive", "archive") } else { ("verb-delete", "trash") };
        out.push(BulkAction { title: tr(c.lang, word), icon, body: json!({"command": "delete"}), dialog: None });
    }
    out
}

/// Selector or id of the dialog that asks for a column's new value.
fn dialog_name(col: &Column, selector: bool) -> &'static str {
    nav::kept(format!("{}bulk-{}", if selector { "#" } else { "" }, col.name))
}

pub fn dialogs(c: &Call, spec: &'static Spec, cols: &[&'static Column]) -> Markup {
    html! {
        @for x in fields(c, spec, cols) {
            @let words = label(c.lang, spec.name, x.name);
            (Dialog { lang: c.lang, id: dialog_name(x, false), title: words, text: "", fields: &[field(c, spec, x, words)], verb: tr(c.lang, "page-card-save"), danger: false, action: None })
        }
    }
}

fn field<'a>(c: &Call, spec: &'static Spec, x: &'static Column, words: &'a str) -> Field<'a> {
    let control = match &x.ty {
        Ty::Ref(of) => Control::Reference(Reference { source: nav::address(of), ..Default::default() }),
        Ty::Date => Control::Date { value: "" },
        Ty::Choice(of) => Control::Custom(
            html! { select class="form-select" name=(x.name) { @for v in *of { option value=(v) { (message::choice(c.lang, spec.name, x.name, v)) } } } },
        ),
        _ => Control::Check { on: true, text: words },
    };
    Field::new(x.name, words, control)
}
