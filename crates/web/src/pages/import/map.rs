//! Which column of a file goes where: a choice for each head, and one value for all rows in place of what the file does not have.
//! The choices belong to the form with the file, wherever they stand on the page.

use crate::pages::Call;
use crate::pages::work::rows::rows;
use crate::ui::icons::icon_small;
use kontor_exchange::{Field, FileColumn, Mapping, Report, SAMPLE, fields};
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::spec::{Kind as SpecKind, Spec, Ty};
use kontor_texts::{label, message};
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};

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
///
/// It stands open while something is still to be said; once everything has its place it is folded under its heading.
pub fn section(c: &Call, spec: &'static Spec, r: &Report, constants: &BTreeMap<String, String>) -> Result<Markup> {
    let columns = &r.columns;
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
    let unsaid = columns.iter().any(|x| x.field.is_none()) || missing.iter().any(|f| f.needed && !constants.contains_key(&f.name));
    let constant = |f: &&Field| constant(c, spec, f, constants.get(&f.name).map(String::as_str));
    let inputs = missing.iter().map(constant).collect::<Result<Vec<_>>>()?;
    Ok(html! {
        details class="k-map mt12" open[unsaid] {
            summary { (icon_small("chevron-right")) h2 class="b6" { (c.t("page-import-columns")) } }
            p class="m2 s12" { (c.t("page-import-map_hint")) }
            div class="k-scroll wide" {
                table class="table k-grid plain k-wraps k-map-table" aria-label=(c.t("page-import-columns")) {
                    colgroup { col; col class="p4"; col width="38%"; }
                    thead { tr { th scope="col" { (c.t("page-import-head")) } th scope="col" class="p4" { (c.t("page-import-sample_value")) } th scope="col" { (c.t("page-import-goes_to")) } } }
                    tbody { @for (n, x) in columns.iter().enumerate() { @let to = chosen(x); tr {
                        td dir="auto" title=(x.name) { span class="k-clamp" { (x.name) } input type="hidden" form=(FORM) name={ "head." (n) } value=(x.name); }
                        td class="m1 p4" dir="auto" { span class="k-clamp" { (x.sample) @if x.sample.chars().count() >= SAMPLE { "…" } } }
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
                div class="k-fields" { @for (f, input) in missing.iter().zip(inputs) {
                    label class="k-field" { span class="lab" { (named(f)) @if f.needed { " *" } } (input) }
                } }
            }
        }
    })
}

/// Records of a small collection that are offered by name; of a larger one the name is typed.
const OFFERED: usize = 60;

/// One value for every row: of few records or choices one is chosen, the only one stands there already.
fn constant(c: &Call, spec: &Spec, f: &Field, said: Option<&str>) -> Result<Markup> {
    let name = format!("const.{}", f.name);
    let all = offered(c, spec, f)?;
    if all.is_empty() {
        let kind = if matches!(f.column.ty, Ty::Date) { "date" } else { "text" };
        return Ok(html! { input class="form-control" type=(kind) form=(FORM) name=(name) maxlength="500" value=[said]; });
    }
    let only = all.first().filter(|_| all.len() == 1 && f.needed).map(|(v, _)| v.as_str());
    let value = said.or(only).unwrap_or_default();
    Ok(html! {
        select class="form-select" form=(FORM) name=(name) {
            option value="" {}
            @if !value.is_empty() && !all.iter().any(|(v, _)| v == value) { option value=(value) selected { (value) } }
            @for (v, title) in &all { option value=(v) selected[v == value] { (title) } }
        }
    })
}

/// What a file would say and how it is shown; nothing where there is too much of it to offer.
fn offered(c: &Call, spec: &Spec, f: &Field) -> Result<Vec<(String, String)>> {
    let all: Vec<(String, String)> = match f.column.ty {
        Ty::Choice(codes) => {
            codes.iter().map(|x| (x.to_string(), message::choice(c.lang, spec.name, f.column.name, x).into_owned())).collect()
        }
        Ty::Ref(of) => {
            let found = rows(c, of, &[("limit", &(OFFERED + 1).to_string())], &[])?;
            found.iter().map(|r| (r.title().to_string(), r.title().to_string())).collect()
        }
        _ => vec![],
    };
    // Of two records with one name neither is meant by it.
    let names: BTreeSet<&str> = all.iter().map(|(v, _)| v.as_str()).collect();
    Ok(if all.len() <= OFFERED && names.len() == all.len() { all } else { vec![] })
}
