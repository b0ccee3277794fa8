//! What a user may do: rights compiled from his roles, and the context that his calls run in.

use super::Identity;
use crate::access::Access;
use crate::app::App;
use crate::ctx::{Ctx, Source};
use crate::grants::Grants;
use crate::spec::Scope;
use crate::store::Conn;
use crate::value::{Id, Value};
use chrono::Utc;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_kernel::hash_map::Entry;
use kontor_kernel::{HashMap, HashSet};
use kontor_texts::Lang;
use serde_json::Value as Json;
use std::sync::Arc;

impl App {
    pub(super) fn zone_of(&self, conn: &mut Conn, access: &Access) -> Result<chrono_tz::Tz> {
        let row = match access.companies.first() {
            Some(c) => conn.query_opt("SELECT time_zone FROM companies WHERE id = ?", &[(*c).into()])?,
            None => conn.query_opt("SELECT time_zone FROM companies ORDER BY id LIMIT 1", &[])?,
        };
        let Some(row) = row else { return Ok(chrono_tz::UTC) };
        row.opt_text(0)?.map_or(Ok(chrono_tz::UTC), |z| z.parse().map_err(Error::internal))
    }

    /// Rights of a user: the sum of his roles' grants. `administrator` may everything.
    pub fn access_of(&self, conn: &mut Conn, user_id: Id) -> Result<Access> {
        let Some(r) = conn.query_opt("SELECT roles, companies FROM users WHERE id = ?", &[user_id.into()])? else {
            return Ok(Access::default());
        };
        let words = |j: Json| -> Vec<String> {
            j.as_array().map(|a| a.iter().filter_map(|x| x.as_str().map(str::to_string)).collect()).unwrap_or_default()
        };
        let roles = if r.raw(0)?.is_null() { vec![] } else { words(r.json(0)?) };
        let companies = if r.raw(1)?.is_null() { vec![] } else { words(r.json(1)?) };
        let mut a = Access {
            user_id,
            all: roles.iter().any(|r| r == "administrator"),
            // No company means every company: an id that cannot be read must not widen what is seen.
            companies: companies.iter().map(|c| Id::parse_str(c).map_err(Error::internal)).collect::<Result<_>>()?,
            team: team(conn, user_id)?,
            roles,
            ..Default::default()
        };
        if a.all && !a.companies.is_empty() {
            // An administrator of some companies only sees those; his rights are otherwise complete.
            a.all = false;
            for s in self.registry.granted() {
                let mut every = Grants::default();
                every.add(&s.actions().join(" "));
                a.add(s.name, &every);
            }
        }
        let mut granted = vec![];
        for role in &a.roles {
            let row = conn.query_opt("SELECT permissions FROM roles WHERE code = ?", &[role.as_str().into()])?;
            let given = row.map(|r| if r.raw(0)?.is_null() { Ok(Json::Null) } else { r.json(0) }).transpose()?;
            granted.push(crate::grants::of_role(&self.registry, role, &given.unwrap_or(Json::Null)));
        }
        granted.iter().flatten().for_each(|(entity, grants)| a.add(entity, grants));
        hide_fields(&mut a, &granted);
        Ok(a)
    }

    /// Context of a call by this identity.
    pub fn ctx(&self, i: &Identity, source: Source, lang: Option<Lang>) -> Ctx {
        let now = Utc::now();
        Ctx {
            user_id: i.user_id,
            login: i.login.clone(),
            lang: lang.unwrap_or(i.lang),
            access: i.access.clone(),
            now,
            today: now.with_timezone(&i.zone).date_naive(),
            zone: i.zone,
            source,
            group: None,
            lease: None,
        }
    }

    /// Context of a user by login, for the command line and tests.
    pub fn ctx_of(self: &Arc<Self>, login: &str, source: Source) -> Result<Ctx> {
        self.ctx_where("login = ?", login.into(), source)?.ok_or_else(|| Error::refused("login_unknown").arg("login", login))
    }

    /// Context of a user who may sign in now, for work that goes on without him.
    pub fn ctx_of_user(self: &Arc<Self>, id: Id, source: Source) -> Result<Ctx> {
        self.ctx_where("active AND id = ?", id.into(), source)?.ok_or_else(|| Error::new(Kind::SignedOut, "signed_out"))
    }

    fn ctx_where(self: &Arc<Self>, condition: &str, key: Value, source: Source) -> Result<Option<Ctx>> {
        let now = Utc::now();
        let found = self.store.read(|conn| {
            let Some(r) = conn.query_opt(&format!("SELECT id, login, language FROM users WHERE {condition}"), &[key])? else {
                return Ok(None);
            };
            let access = self.access_of(conn, r.id(0)?)?;
            let zone = self.zone_of(conn, &access)?;
            let lang = r.opt_text(2)?.and_then(Lang::parse).unwrap_or(Lang::En);
            Ok(Some((r.id(0)?, Arc::<str>::from(r.text(1)?), lang, access, zone)))
        })?;
        Ok(found.map(|(user_id, login, lang, access, zone)| Ctx {
            user_id,
            login,
            lang,
            access: Arc::new(access),
            now,
            today: now.with_timezone(&zone).date_naive(),
            zone,
            source,
            group: None,
            lease: None,
        }))
    }
}

/// The user and everybody whose chain of heads leads to him.
fn team(conn: &mut Conn, user_id: Id) -> Result<Vec<Id>> {
    let rows = conn.query(
        "WITH RECURSIVE team(id) AS (SELECT u.id FROM users u WHERE u.id = ? UNION SELECT c.id FROM users c JOIN team ON c.head_id = team.id) SELECT id FROM team",
        &[Value::Id(user_id)],
    )?;
    rows.iter().map(|r| r.id(0)).collect()
}

/// A field is hidden when every role that reads the entity hides it (rights add up).
fn hide_fields(a: &mut Access, granted: &[HashMap<&'static str, Grants>]) {
    let mut hidden: HashMap<&'static str, HashSet<String>> = HashMap::new();
    for (entity, grants) in granted.iter().flatten().filter(|(_, g)| g.scope("read") > Scope::None) {
        match hidden.entry(entity) {
            Entry::Vacant(v) => {
                v.insert(grants.hidden.iter().cloned().collect());
            }
            Entry::Occupied(mut o) => o.get_mut().retain(|h| grants.hidden.contains(h)),
        }
    }
    for (entity, fields) in hidden {
        if let Some(e) = a.entities.get_mut(entity) {
            e.hidden = fields;
        }
    }
}
