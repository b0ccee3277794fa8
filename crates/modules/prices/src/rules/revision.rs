//! The revision of the trade's rules: bumped in every transaction that changes one, kept beside the changed record, so that
//! the rule book in memory learns what to read anew (decision 26).

use kontor_kernel::error::Result;
use kontor_platform::cx::Cx;
use kontor_platform::spec::Column;
use kontor_platform::store::Conn;
use kontor_platform::value::Id;

pub const SERIES: &str = "price-rules";

/// The column that every entity with rules has, beside its index.
pub fn column() -> Column {
    Column::int("rule_revision", 0, i64::MAX).default(0i64).derived().hidden()
}
/// Name and columns of the index over it.
pub const INDEX: (&str, &str) = ("rules", "(rule_revision)");

/// Says that the rules in this record are no longer what they were. On PostgreSQL the counter's row stays locked until the
/// commit, so revisions become visible in their order.
pub fn touch(cx: &mut Cx, table: &str, id: Id) -> Result<()> {
    if cx.preview {
        return Ok(());
    }
    let revision = cx.next_number(SERIES)?;
    cx.conn.exec(&format!("UPDATE {table} SET rule_revision = ? WHERE id = ?"), &[revision.into(), id.into()])?;
    Ok(())
}

pub fn current(conn: &mut Conn) -> Result<i64> {
    conn.query_opt("SELECT value FROM sequences WHERE series = ?", &[SERIES.into()])?.map_or(Ok(0), |r| r.int(0))
}
