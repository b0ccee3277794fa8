//! Codes of currencies, countries, VAT rates and the like: whether they are known. Collections that are kept are held in memory and go
//! by their revision; of others all codes of a command are asked in one question.

use crate::cx::Cx;
use crate::kept::{KeptEach, SETTINGS};
use crate::store::marks;
use crate::value::Value;
use kontor_kernel::HashSet;
use kontor_kernel::error::Result;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The codes of a collection; none where there are more than are kept.
struct Codes;

/// Most codes of a collection that are kept.
const KEPT: usize = 5_000;
/// Codes of one question.
const CHUNK: usize = 256;

impl KeptEach for Codes {
    const BY: &'static str = SETTINGS;
    const MOST: usize = 32;
    type Key = &'static str;
    type Value = Option<Arc<HashSet<String>>>;
    fn load(cx: &mut Cx, of: &&'static str) -> Result<Self::Value> {
        let sql = format!("SELECT code FROM {} LIMIT {}", cx.spec(of).table, KEPT + 1);
        let rows = cx.conn.query(&sql, &[])?;
        let all = rows.iter().map(|r| Ok(r.text(0)?.to_string())).collect::<Result<HashSet<String>>>()?;
        Ok((all.len() <= KEPT).then(|| Arc::new(all)))
    }
}

/// Those of the codes that the collection does not have.
pub(crate) fn unknown(cx: &mut Cx, of: &'static str, mut codes: BTreeSet<String>) -> Result<BTreeSet<String>> {
    let spec = cx.spec(of);
    if spec.kept == Some(SETTINGS)
        && let Some(all) = cx.kept_each::<Codes>(&spec.name)?
    {
        codes.retain(|c| !all.contains(c));
        return Ok(codes);
    }
    let asked: Vec<Value> = codes.iter().map(|c| c.as_str().into()).collect();
    for chunk in asked.chunks(CHUNK) {
        // The last one again and again, up to one of a few lengths, so that statements stay prepared.
        let n = chunk.len().next_power_of_two();
        let params: Vec<Value> = chunk.iter().chain(std::iter::repeat(&chunk[chunk.len() - 1])).take(n).cloned().collect();
        for r in cx.conn.query(&format!("SELECT code FROM {} WHERE code IN ({})", spec.table, marks(n)), &params)? {
            codes.remove(r.text(0)?);
        }
    }
    Ok(codes)
}
