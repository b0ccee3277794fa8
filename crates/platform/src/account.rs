//! What people do with their own account: another password, tokens for programs that act in their name. Sessions and tokens
//! are exempt from `execute` (decision 20); the password is a change of the user like any other.

use crate::access::Access;
use crate::app::App;
use crate::auth::Identity;
use crate::ctx::Ctx;
use crate::execute::Envelope;
use crate::store::Priority;
use chrono::{DateTime, Duration, Utc};
use kontor_kernel::error::{Error, Kind, Result};
use serde_json::json;
use std::sync::Arc;

/// Kind of a session that is a token of a program.
const TOKEN: &str = "token";
/// Most tokens of one user.
const MOST: usize = 20;

/// A token as its owner sees it again: never the token itself.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnToken {
    /// Names it among the owner's tokens.
    pub id: String,
    pub label: String,
    pub created_at: DateTime<Utc>,
    /// When it was used last, to the minute.
    pub seen_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
}

impl App {
    /// Another password for oneself. The old one is asked for and its tries are limited, as at the door; every session and
    /// token made with the old one ends. Answers a new session.
    pub fn change_own_password(self: &Arc<Self>, ctx: &Ctx, who: &Identity, old: &str, new: &str, origin: &str) -> Result<String> {
        let checked = self.sign_in(&who.login, old, origin).map_err(|e| match e.kind() {
            Kind::SignedOut => Error::field("old_password", "wrong_password"),
            _ => e,
        })?;
        self.sign_out(&checked)?;
        crate::auth::check_password(new).map_err(|_| Error::field("new_password", "weak_password").field_arg("min", 10))?;
        // Whoever may change no users may still change this of his own.
        let mut own = ctx.clone();
        own.access = Arc::new(Access { user_id: ctx.user_id, ..Access::system() });
        let version = self.record(&own, "users", ctx.user_id)?.version;
        self.execute(&own, Envelope::new("users.update", json!({"password": new})).on(ctx.user_id).seen(version))?;
        self.sign_in(&who.login, new, origin)
    }

    /// The caller's tokens, the newest first.
    pub fn own_tokens(&self, ctx: &Ctx) -> Result<Vec<OwnToken>> {
        let rows = self.store.read(|conn| {
            conn.query(
                "SELECT token_hash, label, created_at, seen_at, expires_at FROM sessions WHERE user_id = ? AND kind = ? ORDER BY created_at DESC",
                &[ctx.user_id.into(), TOKEN.into()],
            )
        })?;
        rows.iter()
            .map(|r| {
                Ok(OwnToken {
                    id: name_of(r.bytes(0)?),
                    label: r.text(1)?.to_string(),
                    created_at: r.instant(2)?,
                    seen_at: r.instant(3)?,
                    expires_at: r.opt_instant(4)?,
                })
            })
            .collect()
    }

    /// A new token with the caller's rights; its clear text is given once. `days`: how long it lives; none for ever.
    pub fn make_own_token(self: &Arc<Self>, ctx: &Ctx, label: &str, days: Option<i64>) -> Result<String> {
        let label = label.trim();
        if label.is_empty() {
            return Err(Error::field("label", "required"));
        }
        if label.contains('\0') {
            return Err(Error::field("label", "bad_text"));
        }
        if label.chars().count() > 100 {
            return Err(Error::field("label", "too_long").field_arg("max", 100));
        }
        if self.own_tokens(ctx)?.len() >= MOST {
            return Err(Error::field("label", "line_limit").field_arg("max", MOST));
        }
        self.open_session(ctx.user_id, TOKEN, label, days.map(|d| Duration::days(d.clamp(1, 3650))))
    }

    /// Ends one of the caller's tokens at once; 404 when there is none of that id.
    pub fn revoke_own_token(self: &Arc<Self>, ctx: &Ctx, id: &str) -> Result<()> {
        let user = ctx.user_id;
        let mine = self
            .store
            .read(|conn| conn.query("SELECT token_hash FROM sessions WHERE user_id = ? AND kind = ?", &[user.into(), TOKEN.into()]))?;
        let hashes = mine.iter().map(|r| r.bytes(0)).collect::<Result<Vec<_>>>()?;
        let hash = hashes.into_iter().find(|h| name_of(h) == id).ok_or_else(Error::not_found)?.to_vec();
        self.store
            .write(Priority::People, move |conn| conn.exec("DELETE FROM sessions WHERE token_hash = ?", &[hash.clone().into()]).map(|_| ()))
    }
}

fn name_of(hash: &[u8]) -> String {
    hash.iter().take(8).map(|b| format!("{b:02x}")).collect()
}
