//! Unsaved work of a user: kept on the server while typing, so that nothing is lost. Exempt from `execute` (decision 20).

use crate::app::App;
use crate::ctx::Ctx;
use crate::store::Priority;
use crate::value::Id;
use chrono::{DateTime, Utc};
use kontor_kernel::error::{Error, Result};
use serde_json::Value as Json;
use std::sync::Arc;

/// The largest draft in bytes. Old ones are removed by `jobs::Housekeeping`.
const MAX_BYTES: usize = 4 << 20;
/// Drafts of one user.
const MAX_DRAFTS: i64 = 200;

fn check_key(key: &str) -> Result<()> {
    if key.is_empty() || key.len() > 200 || key.contains('\0') {
        return Err(Error::field("key", "bad_code").field_arg("value", key.chars().take(40).collect::<String>()));
    }
    Ok(())
}

impl App {
    /// What the caller typed last under a key, and when.
    pub fn draft(&self, ctx: &Ctx, key: &str) -> Result<Option<(Json, DateTime<Utc>)>> {
        check_key(key)?;
        self.store.read(|conn| {
            let r = conn.query_opt("SELECT body, at FROM drafts WHERE user_id = ? AND key = ?", &[ctx.user_id.into(), key.into()])?;
            r.map(|r| Ok((r.json(0)?, r.instant(1)?))).transpose()
        })
    }

    /// Keeps what the caller is typing; not a business record, so outside of `execute`.
    pub fn keep_draft(self: &Arc<Self>, ctx: &Ctx, key: &str, body: Json) -> Result<DateTime<Utc>> {
        check_key(key)?;
        if body.to_string().len() > MAX_BYTES {
            return Err(Error::new(kontor_kernel::error::Kind::TooLarge, "body_too_large"));
        }
        let (user, key, now) = (ctx.user_id, key.to_string(), ctx.now);
        self.store.write(Priority::People, move |conn| {
            if conn.query_one("SELECT COUNT(*) FROM drafts WHERE user_id = ? AND key NOT LIKE 'setting/%'", &[user.into()])?.int(0)? >= MAX_DRAFTS {
                conn.exec("DELETE FROM drafts WHERE user_id = ? AND key NOT LIKE 'setting/%' AND at = (SELECT MIN(at) FROM drafts WHERE user_id = ? AND key NOT LIKE 'setting/%')", &[user.into(), user.into()])?;
            }
            conn.exec(
                "INSERT INTO drafts (user_id, key, body, at) VALUES (?, ?, ?, ?) ON CONFLICT (user_id, key) DO UPDATE SET body = excluded.body, at = excluded.at",
                &[user.into(), key.as_str().into(), body.clone().into(), now.into()],
            )?;
            Ok(())
        })?;
        Ok(now)
    }

    /// Forgets a draft.
    pub fn drop_draft(self: &Arc<Self>, ctx: &Ctx, key: &str) -> Result<()> {
        check_key(key)?;
        let (user, key) = (ctx.user_id, key.to_string());
        self.store.write(Priority::People, move |conn| {
            conn.exec("DELETE FROM drafts WHERE user_id = ? AND key = ?", &[user.into(), key.as_str().into()])?;
            Ok(())
        })
    }

    /// A setting of the user (views of lists, chosen columns): kept for ever, beside the drafts.
    pub fn setting(&self, ctx: &Ctx, name: &str) -> Result<Option<Json>> {
        Ok(self.draft(ctx, &format!("setting/{name}"))?.map(|(body, _)| body))
    }

    /// The same setting of everybody else who can sign in: user, name, what he keeps.
    pub fn settings_of_others(&self, ctx: &Ctx, name: &str) -> Result<Vec<(Id, String, Json)>> {
        self.store.read(|conn| {
            let rows = conn.query(
                "SELECT d.user_id, u.name, d.body FROM drafts d JOIN users u ON u.id = d.user_id WHERE d.key = ? AND d.user_id <> ? ORDER BY u.name LIMIT 500",
                &[format!("setting/{name}").into(), ctx.user_id.into()],
            )?;
            rows.iter().map(|r| Ok((r.id(0)?, r.text(1)?.to_string(), r.json(2)?))).collect()
        })
    }

    /// Keeps a setting of the caller: columns, views.
    pub fn keep_setting(self: &Arc<Self>, ctx: &Ctx, name: &str, body: Json) -> Result<()> {
        self.keep_draft(ctx, &format!("setting/{name}"), body)?;
        Ok(())
    }
}
