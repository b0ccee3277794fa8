//! Heads of a file as people write them: which row they stand in, what a person says of them, and what those that are no name of
//! ours most likely mean.

use crate::entity::{Place, place};
use crate::read::{self, Format, Input, Limits};
use kontor_kernel::error::Result;
use kontor_platform::Ctx;
use kontor_platform::spec::{Column, Spec};
use kontor_texts::Lang;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a person says of the columns of a file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mapping {
    /// Our field for a column of the file, by the column's head; an empty one passes the column over.
    pub columns: BTreeMap<String, String>,
    /// The same value for every row, by field: for what the file does not have.
    pub constants: BTreeMap<String, String>,
}

impl Mapping {
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.constants.is_empty()
    }
}

/// A column of the file as it was understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileColumn {
    /// Its head.
    pub name: String,
    /// The field it goes into, empty where it is passed over; none where nobody said and nothing is called so.
    pub field: Option<String>,
    /// What it most likely means, where nobody said.
    pub guess: Option<String>,
    /// The first value in it.
    pub sample: String,
}

/// Characters of a sample.
pub const SAMPLE: usize = 80;

/// Rows looked through for the heads.
const LOOKED: usize = 30;

/// How many rows stand above the heads: titles, notes, rows that are empty. The heads are the row in which the most names are
/// known; where none is, the first row of several cells.
pub fn above(input: &Input, limits: &Limits, known: impl Fn(&str) -> bool) -> Result<u32> {
    let mut rows = read::open(input, &Format::default(), limits)?;
    let (mut best, mut wide, mut cells) = ((0, 0), None, vec![]);
    for _ in 0..LOOKED {
        let Some(number) = rows.next(&mut cells)? else { break };
        let told = cells.iter().filter(|c| known(c.trim())).count();
        if told > best.0 {
            best = (told, number);
        }
        if wide.is_none() && cells.iter().filter(|c| !c.trim().is_empty()).count() > 1 {
            wide = Some(number);
        }
    }
    let row = if best.0 > 0 { Some(best.1) } else { wide };
    Ok(row.map_or(0, |n| n.saturating_sub(1)))
}

/// Columns in their order; what nobody said a word of is guessed by its name.
pub fn understood(ctx: &Ctx, spec: &'static Spec, header: &[(String, String)], mapping: &Mapping) -> Vec<FileColumn> {
    let mut out: Vec<FileColumn> = header
        .iter()
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, sample)| {
            let field = match mapping.columns.get(name) {
                Some(said) => Some(said.clone()),
                None => place(ctx, spec, name).map(|p| match p {
                    Place::Column(c) => c,
                    Place::Line(l, c) => format!("{l}.{c}"),
                    Place::Id => "id".into(),
                    Place::ReadOnly => String::new(),
                }),
            };
            FileColumn { name: name.clone(), field, guess: None, sample: sample.chars().take(SAMPLE).collect() }
        })
        .collect();
    let mut taken: BTreeSet<String> = out.iter().filter_map(|c| c.field.clone()).collect();
    let fields = fields(ctx, spec);
    for c in out.iter_mut().filter(|c| c.field.is_none()) {
        let words = words(&c.name);
        let best = fields
            .iter()
            .filter(|f| !taken.iter().any(|t| f.is(t)))
            .filter_map(|f| Some((f.called.iter().filter_map(|p| likeness(p, &words)).max()?, f)))
            // Of those that are as like the first declared.
            .reduce(|a, b| if b.0 > a.0 { b } else { a });
        if let Some((_, f)) = best {
            taken.insert(f.name.clone());
            c.guess = Some(f.name.clone());
        }
    }
    out
}

/// A field that a column may go into.
pub struct Field {
    /// As a header names it: `manager_id`, `lines.quantity`.
    pub name: String,
    pub column: &'static Column,
    /// Lines that it belongs to.
    pub of_lines: Option<&'static str>,
    /// The record is nothing without it, and nothing stands there by itself.
    pub needed: bool,
    called: Vec<Vec<String>>,
}

impl Field {
    /// Whether a header means it by this name.
    pub fn is(&self, name: &str) -> bool {
        self.name == name || self.of_lines.is_none() && self.column.name == name
    }
}

/// Everything that a file may bring into this collection, as far as the caller may know it.
pub fn fields(ctx: &Ctx, spec: &'static Spec) -> Vec<Field> {
    let of = |columns: &'static [Column], lines: Option<&'static str>| {
        let entity = lines.unwrap_or(spec.name);
        columns.iter().filter(|c| c.writable() && c.visible()).map(move |c| Field {
            // What may be given by name is made where it is missing.
            name: lines.map_or_else(|| c.by_name.unwrap_or(c.name).to_string(), |l| format!("{l}.{}", c.name)),
            column: c,
            of_lines: lines,
            needed: lines.is_none() && c.required && c.default.is_none(),
            called: called(entity, c),
        })
    };
    let own = of(&spec.columns, None);
    let lines = spec.lines.iter().flat_map(|l| of(&l.columns, Some(l.name)));
    own.chain(lines).filter(|f| place(ctx, spec, &f.name).is_some()).collect()
}

/// Everything a column is called by: its code, its labels, and what people write in place of them (`also-…`).
fn called(entity: &str, c: &Column) -> Vec<Vec<String>> {
    let mut out = vec![words(c.name), words(c.ref_name())];
    for lang in [Lang::Uk, Lang::Ru, Lang::En] {
        out.push(words(kontor_texts::label(lang, entity, c.name)));
        let key = format!("also-{}", c.name);
        if kontor_texts::has(lang, &key) {
            out.extend(kontor_texts::tr(lang, &key).split(',').map(words));
        }
    }
    out.retain(|w| !w.is_empty());
    out
}

fn words(s: &str) -> Vec<String> {
    let s = s.to_lowercase().replace('ё', "е");
    s.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_string).collect()
}

/// How like a head is to what a field is called: each word of the one stands in the other; the fewer besides, the liker.
fn likeness(called: &[String], head: &[String]) -> Option<i64> {
    let there = called.iter().all(|w| head.iter().any(|h| same(w, h)));
    let besides = head.len().saturating_sub(called.len()) as i64;
    there.then_some(called.len() as i64 * 10 - besides)
}

/// One word, whatever its ending: `телефон`, `телефоны`.
fn same(a: &str, b: &str) -> bool {
    let common = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    let longer = a.chars().count().max(b.chars().count());
    common == longer || (common >= 4 && common * 10 >= longer * 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_06_a_head_is_as_like_as_its_words() {
        let like = |called: &str, head: &str| likeness(&words(called), &words(head));
        assert_eq!(like("Телефоны", "Телефон"), Some(10));
        assert_eq!(like("Название", "Наименование"), None);
        assert_eq!(like("наименование", "Наименование контрагента"), Some(9));
        assert_eq!(like("Единица хранения", "Единица"), None, "half of a name is no name");
        assert_eq!(like("ед", "Ед. изм."), Some(9));
        assert_eq!(like("e-mail", "E-Mail (основной)"), Some(19));
        assert_eq!(like("Ціна", "Оцінка"), None);
    }

    #[test]
    fn plt_06_the_heads_stand_under_titles_and_empty_rows() {
        let at = |text: &str| {
            let input = Input::bytes("a.csv", text.as_bytes().to_vec());
            above(&input, &Limits::default(), |name| ["name", "sku"].contains(&name)).expect("reads")
        };
        assert_eq!(at("name;sku\na;1\n"), 0);
        assert_eq!(at("Price list of May;\n;\nname;sku;x\na;1;2\n"), 2);
        assert_eq!(at("Title;;\nTitel;Nummer;x\na;1;2\n"), 1, "nothing is known: the first row of several cells");
        assert_eq!(at("nothing\nelse\n"), 0);
    }
}
