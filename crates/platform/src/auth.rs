//! Who is calling: sign-in, sessions, API tokens. Sessions and tokens are opaque 256-bit values, stored hashed.

mod password;
mod rights;

pub use password::{check_password, hash_password, verify_password};

use crate::access::Access;
use crate::app::App;
use crate::ctx::Ctx;
use crate::cx::Cx;
use crate::store::{Conn, Priority};
use crate::value::Id;
use base64::Engine;
use chrono::{DateTime, Duration, Utc};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_texts::Lang;
use password::decoy;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex};

/// A session ends after so long without use.
pub const IDLE_HOURS: i64 = 12;
/// Counts changes of users, roles and companies, in their transactions: rights compiled before the last one are compiled anew.
const REVISION: &str = "access";
/// Wrong passwords per login in a window before it has to wait.
const TRIES: usize = 10;
const WINDOW_SECONDS: i64 = 300;

/// Who calls, as a session or a token says.
#[derive(Clone)]
pub struct Identity {
    pub user_id: Id,
    pub login: Arc<str>,
    pub name: Arc<str>,
    pub lang: Lang,
    /// The user chose no language: the browser's is taken.
    pub lang_open: bool,
    pub access: Arc<Access>,
    pub zone: chrono_tz::Tz,
    /// Token that forms and islands must send back; empty for API tokens.
    pub csrf: Arc<str>,
    pub is_session: bool,
    seen_at: DateTime<Utc>,
    revision: i64,
}

/// Rights that were compiled, and wrong passwords; in memory only.
#[derive(Default)]
pub struct Sessions {
    known: Mutex<HashMap<Vec<u8>, Identity>>,
    wrong: Mutex<HashMap<String, Vec<DateTime<Utc>>>>,
}

/// What somebody may do is no longer what it was; every node learns it with the next call.
pub(crate) fn touch(cx: &mut Cx, entity: &str) -> Result<()> {
    if matches!(entity, "users" | "roles" | "companies") {
        cx.next_number(REVISION)?;
    }
    Ok(())
}

/// Ends the user's sessions and tokens in the command's own transaction: with another password goes whatever the old one opened.
pub fn end_sessions(cx: &mut Cx, user: Id) -> Result<()> {
    cx.conn.exec("DELETE FROM sessions WHERE user_id = ?", &[user.into()])?;
    Ok(())
}

fn new_token() -> Result<String> {
    let mut b = [0u8; 32];
    getrandom::fill(&mut b).map_err(Error::internal)?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(b))
}

fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

impl App {
    /// Checks login and password; answers a session token. `origin` (address) is limited together with the login.
    pub fn sign_in(self: &Arc<Self>, login: &str, password: &str, origin: &str) -> Result<String> {
        let key = format!("{origin} {}", login.to_lowercase());
        self.throttle(&key)?;
        let known = || {
            self.store.read(|conn| {
                let r = conn
                    .query_opt("SELECT id, password_hash FROM users WHERE login = ? AND active = ?", &[login.trim().into(), true.into()])?;
                r.map(|r| Ok((r.id(0)?, r.opt_text(1)?.unwrap_or_default().to_string()))).transpose()
            })
        };
        // No login has such a character, and not every database may be asked for it.
        let row = if login.contains('\0') { None } else { known()? };
        let (id, hash) = match row {
            Some((id, hash)) => (Some(id), hash),
            None => (None, decoy()?.to_string()),
        };
        let fits = password.len() <= 1024 && verify_password(password, &hash);
        let (true, Some(id)) = (fits, id) else {
            let mut wrong = self.sessions.wrong.lock().unwrap_or_else(|e| e.into_inner());
            wrong.entry(key).or_default().push(Utc::now());
            return Err(Error::new(Kind::SignedOut, "wrong_password"));
        };
        self.sessions.wrong.lock().unwrap_or_else(|e| e.into_inner()).remove(&key);
        self.open_session(id, "session", "", Some(Duration::hours(IDLE_HOURS)))
    }

    /// A one-time code for the first administrator, for the server's log; none once somebody can sign in.
    pub fn offer_setup(&self) -> Result<Option<String>> {
        if self.anybody()? {
            return Ok(None);
        }
        let code = new_token()?[..20].to_string();
        *self.setup.lock().unwrap_or_else(|e| e.into_inner()) = Some(code.clone());
        Ok(Some(code))
    }

    /// Whether the first administrator is still to be made.
    pub fn awaits_setup(&self) -> bool {
        self.setup.lock().unwrap_or_else(|e| e.into_inner()).is_some()
    }

    fn anybody(&self) -> Result<bool> {
        self.store.read(|conn| Ok(conn.query_opt("SELECT 1 FROM users LIMIT 1", &[])?.is_some()))
    }

    /// Makes the first administrator and opens his session. The code works once, from few tries.
    pub fn set_up(self: &Arc<Self>, code: &str, mut input: Json, origin: &str) -> Result<String> {
        let key = format!("{origin} setup");
        self.throttle(&key)?;
        let fits = self.setup.lock().unwrap_or_else(|e| e.into_inner()).as_deref().is_some_and(|c| token_hash(c) == token_hash(code));
        if !fits || self.anybody()? {
            self.sessions.wrong.lock().unwrap_or_else(|e| e.into_inner()).entry(key).or_default().push(Utc::now());
            return Err(Error::field("code", "setup_code_wrong"));
        }
        input["roles"] = serde_json::json!(["administrator"]);
        let done = self.execute(&Ctx::system(), crate::Envelope::new("users.create", input))?;
        *self.setup.lock().unwrap_or_else(|e| e.into_inner()) = None;
        let id = done.id.ok_or_else(|| Error::internal("a user without id"))?;
        self.open_session(id, "session", "", Some(Duration::hours(IDLE_HOURS)))
    }

    fn throttle(&self, key: &str) -> Result<()> {
        let since = Utc::now() - Duration::seconds(WINDOW_SECONDS);
        let mut wrong = self.sessions.wrong.lock().unwrap_or_else(|e| e.into_inner());
        if wrong.len() > 100_000 {
            wrong.clear();
        }
        if let Some(times) = wrong.get_mut(key) {
            times.retain(|t| *t > since);
            if times.len() >= TRIES {
                return Err(Error::new(Kind::TooMany, "too_many_attempts").arg("seconds", WINDOW_SECONDS));
            }
        }
        Ok(())
    }

    /// Writes a session or an API token; the clear text is given once.
    pub fn open_session(self: &Arc<Self>, user: Id, kind: &'static str, label: &str, lives: Option<Duration>) -> Result<String> {
        let (token, csrf) = (new_token()?, new_token()?);
        let hash = token_hash(&token);
        let now = Utc::now();
        let until = lives.map(|d| now + d);
        let label = label.to_string();
        self.store.write(Priority::People, move |conn| {
            conn.exec("DELETE FROM sessions WHERE expires_at < ?", &[now.into()])?;
            conn.exec(
                "INSERT INTO sessions (token_hash, user_id, kind, csrf, label, created_at, seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                &[hash.clone().into(), user.into(), kind.into(), csrf.as_str().into(), label.as_str().into(), now.into(), now.into(), until.into()],
            )?;
            Ok(())
        })?;
        Ok(token)
    }

    /// Ends the session or token.
    pub fn sign_out(self: &Arc<Self>, token: &str) -> Result<()> {
        let hash = token_hash(token);
        self.sessions.known.lock().unwrap_or_else(|e| e.into_inner()).remove(&hash);
        self.store.write(Priority::People, move |conn| {
            conn.exec("DELETE FROM sessions WHERE token_hash = ?", &[hash.clone().into()])?;
            Ok(())
        })
    }

    /// Who a token belongs to; 401 when it is unknown or ran out. The session is looked up each time, so that what ends it
    /// ends it at once on every node; the rights are kept until somebody's change.
    pub fn identify(self: &Arc<Self>, token: &str) -> Result<Identity> {
        let out = || Error::new(Kind::SignedOut, "signed_out");
        if token.is_empty() || token.len() > 200 {
            return Err(out());
        }
        let hash = token_hash(token);
        let now = Utc::now();
        let mut found = self.store.read_one(|conn| session(conn, &hash, now))?.ok_or_else(out)?;
        let known = self.sessions.known.lock().unwrap_or_else(|e| e.into_inner()).get(&hash).cloned();
        match known.filter(|k| k.revision == found.revision) {
            Some(k) => (found.access, found.zone) = (k.access, k.zone),
            None => {
                let (access, zone) = self.store.read(|conn| {
                    let access = self.access_of(conn, found.user_id)?;
                    let zone = self.zone_of(conn, &access)?;
                    Ok((access, zone))
                })?;
                (found.access, found.zone) = (Arc::new(access), zone);
                let mut known = self.sessions.known.lock().unwrap_or_else(|e| e.into_inner());
                if known.len() > 20_000 {
                    known.clear();
                }
                known.insert(hash.clone(), found.clone());
            }
        }
        // Idle time is extended by the minute, not by the request.
        if found.is_session && now - found.seen_at > Duration::seconds(60) {
            let until = now + Duration::hours(IDLE_HOURS);
            self.store.write(Priority::People, move |conn| {
                conn.exec(
                    "UPDATE sessions SET seen_at = ?, expires_at = ? WHERE token_hash = ?",
                    &[now.into(), until.into(), hash.clone().into()],
                )?;
                Ok(())
            })?;
        }
        Ok(found)
    }
}

/// The session or token that is still good, with its user; his rights are not in it yet. The revision is read with it, before
/// the rights: what changes between the two is read anew with the next call.
fn session(conn: &mut Conn, hash: &[u8], now: DateTime<Utc>) -> Result<Option<Identity>> {
    let row = conn.query_opt(
        "SELECT s.user_id, s.kind, s.csrf, s.seen_at, u.login, u.name, u.language, (SELECT q.value FROM sequences q WHERE q.series = ?) FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = ? AND (s.expires_at IS NULL OR s.expires_at > ?) AND u.active = ?",
        &[REVISION.into(), hash.into(), now.into(), true.into()],
    )?;
    let Some(r) = row else { return Ok(None) };
    Ok(Some(Identity {
        user_id: r.id(0)?,
        is_session: r.text(1)? == "session",
        csrf: r.text(2)?.into(),
        seen_at: r.instant(3)?,
        login: r.text(4)?.into(),
        name: r.text(5)?.into(),
        lang: r.opt_text(6)?.and_then(Lang::parse).unwrap_or(Lang::En),
        lang_open: r.opt_text(6)?.is_none(),
        revision: r.opt_int(7)?.unwrap_or(0),
        zone: chrono_tz::UTC,
        access: Arc::default(),
    }))
}
