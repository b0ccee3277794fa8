//! Which column of a file goes where: a choice for each head, and one value for all rows in place of what the file does not have.
//! The choices belong to the form with the file, wherever they stand on the page.

use crate::pages::Call;
use kontor_exchange::{Field, FileColumn, Mapping, fields};
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::spec::{Kind as SpecKind, Spec, Ty};
use kontor_texts::label;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Id of the form that the choices belong to.
pub const FORM: &str = "import-form";
/// Columns that a form maps.
const MOST: usize = 2_000;

/// What a form said: `head.N` and `field.N` go together, `const.FIELD` stands alone.
#[derive(Default)]
pub struct Fields {
    heads: BTreeMap<String, String>,
    fields: BTreeMap<String, String>,
    constants: BTreeMap<String, String>,
}

impl Fields {
    pub fn add(&mut self, name: &str, value: &str) -> Result<()> {
        let Some((kind, key)) = name.split_once('.') else { return Ok(()) };
        let into = match kind {
            "head" => &mut self.heads,
            "field" => &mut self.fields,
            "const" => &mut self.constants,
            _ => return Ok(()),
        };
        if into.len() >= MOST {
            return Err(Error::new(Kind::TooLarge, "body_too_large"));
        }
        into.insert(key.to_string(), value.trim().to_string());
        Ok(())
    }
    pub fn mapping(mut self) -> Mapping {
        let columns = self.heads.into_iter().filter_map(|(n, head)| Some((head, self.fields.remove(&n)?))).collect();
        self.constants.retain(|_, v| !v.is_empty());
        Mapping { columns, constants: self.constants }
    }
}

/// A table of the file's columns with a choice for each, the guess before what nobody said.
pub fn section(c: &Call, spec: &'static Spec, columns: &[FileColumn], constants: &BTreeMap<String, String>) -> Markup {
    let all = fields(&c.ctx, spec);
    let chosen = |x: &FileColumn| x.field.clone().or_else(|| x.guess.clone()).unwrap_or_default();
    // What a record needs, and what a document is about: its warehouse, its day.
    let asked = |f: &Field| {
        let about = f.column.list && matches!(f.column.ty, Ty::Ref(_) | Ty::Date);
        f.of_lines.is_none() && (f.needed || spec.kind == SpecKind::Document && about || constants.contains_key(&f.name))
    };
    let missing: Vec<&Field> = all.iter().filter(|f| asked(f) && !columns.iter().any(|x| f.is(&chosen(x)))).collect();
    let named = |f: &Field| match f.of_lines {
        Some(lines) => format!("{}: {}", label(c.lang, spec.name, lines), label(c.lang, lines, f.column.name)),
        None => label(c.lang, spec.name, f.column.name).to_string(),
    };
    let titled: Vec<(&Field, String)> = all.iter().map(|f| (f, named(f))).collect();
    html! {
        section class="k-map mt12" {
            h2 class="b6" { (c.t("page-import-columns")) }
            p class="m2 s12" { (c.t("page-import-map_hint")) }
            div class="k-scroll wide" {
                table class="table k-grid plain k-wraps" aria-label=(c.t("page-import-columns")) {
                    thead { tr { th scope="col" { (c.t("page-import-head")) } th scope="col" class="p4" { (c.t("page-import-sample_value")) } th scope="col" { (c.t("page-import-goes_to")) } } }
                    tbody { @for (n, x) in columns.iter().enumerate() { @let to = chosen(x); tr {
                        td dir="auto" { (x.name) input type="hidden" form=(FORM) name={ "head." (n) } value=(x.name); }
                        td class="m1 p4" dir="auto" title=(x.sample) { (x.sample) }
                        td {
                            select class="form-select" form=(FORM) name={ "field." (n) } aria-label=(x.name) {
                                option value="" { (c.t("page-import-leave_out")) }
                                // What only an address of ours names (`names.uk`, `id`) stays as it is.
                                @if !to.is_empty() && !titled.iter().any(|(f, _)| f.is(&to)) { option value=(to) selected { (to) } }
                                @for (f, title) in &titled { option value=(f.name) selected[f.is(&to)] { (title) @if f.needed { " *" } } }
                            }
                        }
                    } } }
                }
            }
            @if !missing.is_empty() {
                h3 class="b6 mt12" { (c.t("page-import-constants")) }
                div class="k-fields" { @for f in missing {
                    label class="k-field" { span { (named(f)) @if f.needed { " *" } } input class="form-control" type=(if matches!(f.column.ty, Ty::Date) { "date" } else { "text" }) form=(FORM) name={ "const." (f.name) } maxlength="500" value=[constants.get(&f.name)]; }
                } }
            }
        }
    }
}
