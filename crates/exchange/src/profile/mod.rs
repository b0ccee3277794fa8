//! What a profile file says: which files, which columns, what becomes what. Plain data read from TOML; a mistake is told
//! with its line. `docs/import.md` explains it to users; what it does is in `run`.

mod decimal;
mod expr;
mod test;

pub use decimal::cleaned;
pub use expr::{Expr, Lookup, MapElse, MapRef, Maps, Missing, OneOrMany, negated};
pub use test::{Decision, Test};

use crate::read::Format;
use kontor_kernel::error::{Error, Result};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Shown to people.
    #[serde(default)]
    pub title: String,
    /// Name of the origin: with `external_id` it is the key of every record brought in.
    pub source: String,
    #[serde(default)]
    pub settings: Settings,
    /// Of all files, unless a section says otherwise.
    #[serde(default)]
    pub format: Format,
    /// Maps of values used in several places, by name.
    #[serde(default)]
    pub maps: Maps,
    #[serde(default, rename = "section")]
    pub sections: Vec<Section>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What warehouses of this profile do when stock would become negative: `refuse`, `warn` or `allow`.
    pub negative_stock: Option<String>,
}

/// What happens to records that are there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Existing {
    /// Catalogs are updated, documents kept.
    #[default]
    Auto,
    Update,
    Keep,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Section {
    /// Collection, as in the API.
    pub entity: String,
    /// Instead of the profile's.
    pub source: Option<String>,
    /// Globs relative to the folder; none: one record of constants.
    pub files: Option<OneOrMany<String>>,
    /// No fault when no file matches.
    pub optional: bool,
    pub format: Option<Format>,
    /// One row per column instead of one column per value.
    pub unpivot: Option<Unpivot>,
    /// Only rows for which every test holds.
    #[serde(rename = "where")]
    pub filter: Vec<Test>,
    /// One record per different value of these columns; its fields come from the first such row.
    pub distinct: Vec<String>,
    /// Rows with equal values of these columns make one document.
    pub group_by: Vec<String>,
    /// All rows together make one document.
    pub one_record: bool,
    pub external_id: Option<Expr>,
    /// Columns of the record by which it is found when `(source, external_id)` knows none.
    #[serde(rename = "match")]
    pub match_by: Vec<String>,
    pub existing: Existing,
    /// An empty cell empties the field instead of leaving it as it is.
    pub clear_empty: bool,
    pub constants: toml::Table,
    pub columns: BTreeMap<String, Expr>,
    pub lines: Option<Lines>,
    /// Kinds of documents; the first whose tests hold is taken.
    pub documents: Vec<Variant>,
    pub then: Vec<Then>,
    /// Column with the ids of our own records, in files that we exported.
    #[serde(skip)]
    pub id_column: Option<String>,
    /// Groups have no key that would find them again.
    #[serde(skip)]
    pub(crate) no_key: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unpivot {
    /// Columns that stay in every row.
    pub keep: Vec<String>,
    /// Name of the new column with the old column's name …
    pub name: String,
    /// … and of the one with its value.
    pub value: String,
    /// Values that make no row, beside empty ones.
    #[serde(default)]
    pub skip: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lines {
    /// Which lines of the record; `lines` unless said otherwise.
    #[serde(default = "lines_name")]
    pub name: String,
    /// Another file with the lines; without it they are the rows of the group.
    pub files: Option<OneOrMany<String>>,
    #[serde(default)]
    pub format: Option<Format>,
    /// Column of the other file that says whose line it is …
    pub key: Option<String>,
    /// … and the column of the section's file that it is compared with; the same name unless said otherwise.
    pub of: Option<String>,
    #[serde(default, rename = "where")]
    pub filter: Vec<Test>,
    #[serde(default)]
    pub constants: toml::Table,
    #[serde(default)]
    pub columns: BTreeMap<String, Expr>,
}

fn lines_name() -> String {
    "lines".into()
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Variant {
    pub when: OneOrMany<Test>,
    pub entity: String,
    /// Numbers of the record or of its lines whose sign is turned.
    pub negate: Vec<String>,
    pub constants: toml::Table,
    pub columns: BTreeMap<String, Expr>,
    /// Instead of the section's.
    pub then: Option<Vec<Then>>,
}

/// A verb to run on the new record.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "toml::Value")]
pub struct Then {
    pub verb: String,
    pub when: Vec<Test>,
    pub constants: toml::Table,
    pub columns: BTreeMap<String, Expr>,
}

impl TryFrom<toml::Value> for Then {
    type Error = toml::de::Error;
    fn try_from(v: toml::Value) -> Result<Self, Self::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Full {
            verb: String,
            #[serde(default)]
            when: OneOrMany<Test>,
            #[serde(default)]
            constants: toml::Table,
            #[serde(default)]
            columns: BTreeMap<String, Expr>,
        }
        if let toml::Value::String(verb) = v {
            return Ok(Then { verb, when: vec![], constants: Default::default(), columns: Default::default() });
        }
        let f: Full = v.try_into()?;
        Ok(Then { verb: f.verb, when: f.when.into_vec(), constants: f.constants, columns: f.columns })
    }
}

impl Profile {
    pub fn parse(text: &str) -> Result<Profile> {
        let bad = |message: String| Error::refused("profile_bad").arg("message", message);
        let p: Profile = toml::from_str(text).map_err(|e| {
            let line = e.span().map(|s| text[..s.start.min(text.len())].matches('\n').count() + 1);
            let said = e.message().to_string();
            bad(line.map_or(said.clone(), |n| format!("line {n}: {said}")))
        })?;
        if p.source.trim().is_empty() || p.source.chars().count() > 60 {
            return Err(bad("source: a name of 1 to 60 characters is wanted".into()));
        }
        for (n, s) in p.sections.iter().enumerate() {
            if s.entity.is_empty() && s.documents.is_empty() {
                return Err(bad(format!("section {}: entity is missing", n + 1)));
            }
        }
        Ok(p)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_06_reads_a_profile_and_names_the_line_of_a_mistake() {
        let p = Profile::parse(
            r#"
            source = "shop"
            [maps.countries]
            EIRE = "IE"
            [[section]]
            entity = "partners"
            files = "*.csv"
            where = [{ column = "CustomerID", empty = false }]
            distinct = ["CustomerID"]
            external_id = { column = "CustomerID", strip_suffix = ".0" }
            then = ["activate", { verb = "lose", when = { column = "x", is = "1" } }]
            [section.columns]
            name = "CustomerID"
            country = { column = "Country", map = "countries", lookup = { entity = "countries", by = ["code", "name"] } }
            "#,
        )
        .expect("a profile");
        assert_eq!((p.sections.len(), p.sections[0].then.len(), p.sections[0].columns.len()), (1, 2, 2));
        let e = Profile::parse("source = \"x\"\n\n[[section]]\nentity = \"a\"\nfile = \"b\"\n").expect_err("a mistake");
        let said = &e.inner().args[0].1;
        assert!(said.contains("line 5") && said.contains("file"), "{said}");
    }
}
