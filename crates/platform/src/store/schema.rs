//! What the database says about its own tables, in neutral names.

use super::{Backend, Conn};
use kontor_kernel::error::Result;
use std::collections::BTreeMap;

/// A column as it is in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DbColumn {
    pub name: String,
    /// `id int text bool date instant json bytes`; anything else is the database's own name of the type.
    pub ty: String,
    pub nullable: bool,
}

/// Search tables of FTS5 are no tables of ours, and so are not told.
const SQLITE: &str = "SELECT l.name, c.name, lower(c.type), c.\"notnull\" = 0 AND c.pk = 0
    FROM pragma_table_list AS l JOIN pragma_table_xinfo(l.name) AS c
    WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite%' AND c.hidden <> 1
    ORDER BY l.name, c.cid";
const POSTGRES: &str = "SELECT CAST(t.relname AS TEXT), CAST(c.attname AS TEXT), CAST(y.typname AS TEXT), NOT c.attnotnull
    FROM pg_class AS t JOIN pg_attribute AS c ON c.attrelid = t.oid JOIN pg_type AS y ON y.oid = c.atttypid
    WHERE t.relnamespace = CAST(current_schema() AS regnamespace) AND t.relkind IN ('r', 'p') AND c.attnum > 0 AND NOT c.attisdropped
    ORDER BY t.relname, c.attnum";

pub(super) fn columns(conn: &mut Conn<'_>) -> Result<BTreeMap<String, Vec<DbColumn>>> {
    let sql = if conn.backend() == Backend::Sqlite { SQLITE } else { POSTGRES };
    let mut tables: BTreeMap<String, Vec<DbColumn>> = BTreeMap::new();
    for row in conn.query(sql, &[])? {
        let column = DbColumn { name: row.text(1)?.to_owned(), ty: neutral(row.text(2)?).to_owned(), nullable: row.bool(3)? };
        tables.entry(row.text(0)?.to_owned()).or_default().push(column);
    }
    Ok(tables)
}

fn neutral(declared: &str) -> &str {
    match declared {
        "uuid_blob" | "uuid" => "id",
        "bigint" | "integer" | "int8" | "int4" | "int2" => "int",
        "text" | "varchar" => "text",
        "bool_int" | "bool" => "bool",
        "date_text" | "date" => "date",
        "instant_int" | "timestamptz" => "instant",
        "json_text" | "jsonb" | "json" => "json",
        "bytes_blob" | "bytea" => "bytes",
        other => other,
    }
}
