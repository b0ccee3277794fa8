//! The tree of head partners (holdings, branches): what sales, history and balances roll up along.

use kontor_kernel::error::Result;
use kontor_platform::store::Conn;
use kontor_platform::value::Id;

/// A partner and everything below him as `id`, for `WITH RECURSIVE` … or `IN (…)`; one parameter: the partner.
/// UNION (not ALL) ends even where bad data made a circle.
pub const DESCENDANTS: &str = "WITH RECURSIVE tree(id) AS (SELECT p.id FROM partners p WHERE p.id = ? UNION SELECT c.id FROM partners c JOIN tree ON c.head_partner_id = tree.id) SELECT id FROM tree";

const ANCESTORS: &str = "WITH RECURSIVE up(id, head, depth) AS (SELECT p.id, p.head_partner_id, 0 FROM partners p WHERE p.id = ? UNION ALL SELECT h.id, h.head_partner_id, up.depth + 1 FROM partners h JOIN up ON h.id = up.head WHERE up.depth < 100) SELECT id FROM up WHERE depth > 0 ORDER BY depth";

/// The partner himself, his subsidiaries, theirs and so on; nothing when there is no such partner.
pub fn descendants(conn: &mut Conn, partner: Id) -> Result<Vec<Id>> {
    conn.query(DESCENDANTS, &[partner.into()])?.iter().map(|r| r.id(0)).collect()
}

/// Head partners from the nearest to the top.
pub fn ancestors(conn: &mut Conn, partner: Id) -> Result<Vec<Id>> {
    conn.query(ANCESTORS, &[partner.into()])?.iter().map(|r| r.id(0)).collect()
}
