//! The same request with the same key is done once; later calls get the first answer.

use crate::app::App;
use crate::ctx::Ctx;
use crate::execute::{Envelope, Outcome};
use crate::store::Conn;
use kontor_kernel::error::{Error, Kind, Result};
use sha2::{Digest, Sha256};

/// Longest accepted key, characters.
const MAX_KEY: usize = 200;

fn hash(env: &Envelope) -> String {
    let mut h = Sha256::new();
    h.update(env.command.as_bytes());
    h.update(env.id.map(|i| i.to_string()).unwrap_or_default());
    h.update(env.input.to_string());
    h.update(env.seen_version.unwrap_or(0).to_le_bytes());
    h.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

/// The answer given before under this key, if any; another request under it is refused.
pub fn earlier(conn: &mut Conn, ctx: &Ctx, env: &Envelope) -> Result<Option<Outcome>> {
    let Some(key) = env.idempotency_key.as_deref().filter(|_| !env.dry_run) else { return Ok(None) };
    let Some(row) =
        conn.query_opt("SELECT request_hash, answer FROM idempotency WHERE user_id = ? AND key = ?", &[ctx.user_id.into(), key.into()])?
    else {
        return Ok(None);
    };
    if row.text(0)? != hash(env) {
        return Err(Error::refused("idempotency_mismatch"));
    }
    let a = row.json(1)?;
    let id = |name: &str| a[name].as_str().and_then(|s| uuid::Uuid::parse_str(s).ok());
    Ok(Some(Outcome {
        id: id("id"),
        version: a["version"].as_i64().unwrap_or(0),
        audit_id: id("audit_id"),
        data: a["data"].clone().into(),
        warnings: vec![],
        replayed: true,
    }))
}

/// Keeps the answer under the key, in the command's own transaction; nothing without a key and in a trial. Errors: retryable when the
/// same key was written at the same time.
pub fn keep(conn: &mut Conn, ctx: &Ctx, env: &Envelope, outcome: &Outcome) -> Result<()> {
    let Some(key) = env.idempotency_key.as_deref().filter(|_| !env.dry_run) else { return Ok(()) };
    let answer = serde_json::to_value(outcome).map_err(Error::internal)?;
    conn.exec(
        "INSERT INTO idempotency (user_id, key, request_hash, answer, at) VALUES (?, ?, ?, ?, ?)",
        &[ctx.user_id.into(), key.into(), hash(env).into(), answer.into(), ctx.now.into()],
    )
    .map_err(|e| if e.inner().unique.is_some() { Error::retryable("the same key was written at the same time") } else { e })?;
    Ok(())
}

/// Holds the key while its command runs; a second call in between is told so.
pub struct InFlight<'a>(&'a App, Option<(crate::value::Id, String)>);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if let Some(k) = self.1.take() {
            self.0.in_flight_keys().remove(&k);
        }
    }
}

impl App {
    pub(crate) fn in_flight(&self, ctx: &Ctx, env: &Envelope) -> Result<InFlight<'_>> {
        let Some(key) = env.idempotency_key.clone() else { return Ok(InFlight(self, None)) };
        if key.is_empty() || key.chars().count() > MAX_KEY || key.contains('\0') {
            return Err(Error::unreadable("idempotency_bad_key"));
        }
        let k = (ctx.user_id, key);
        if !self.in_flight_keys().insert(k.clone()) {
            return Err(Error::new(Kind::Conflict, "idempotency_in_flight"));
        }
        Ok(InFlight(self, Some(k)))
    }
}
