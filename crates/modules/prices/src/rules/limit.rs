//! What users may give: how discounts are put together for them, and how far a price may be changed without approval.

use super::revision;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Percent, Period};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::kept::{self, Kept};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Rules, Spec};
use kontor_platform::store::{Conn, Row};
use kontor_platform::value::Id;
use serde_json::Value as Json;

pub fn price_limits() -> Spec {
    Spec::catalog("price-limits")
        .section("prices", "ruler-2")
        .columns([
            Column::text("name", 200).required().unique().search().sort_key().list(),
            // One user, or everybody of a role; of nobody in particular it holds for the rest.
            Column::reference("user_id", "users").list(),
            Column::code("role", "roles").list(),
            Column::reference("company_id", "companies"),
            Column::choice("algorithm", &["sum", "maximum", "cascade", "priority"]).default("sum").list(),
            Column::percent("discount_max").list(),
            Column::percent("price_down_max").list(),
            Column::percent("price_up_max").list(),
            Column::bool("below_cost", true),
            // Of a document as a whole, in percent of what it brings net of VAT.
            Column::percent("margin_min").signed().list(),
            Column::date("valid_from"),
            Column::date("valid_to"),
            Column::long("comment"),
            revision::column(),
        ])
        .import_key(&["name"])
        .kept_by(kept::SETTINGS)
        .index_on(revision::INDEX.0, revision::INDEX.1)
        .grant("director", "read create update delete undo")
        .grant("sales_manager", "read")
        .rules(LimitRules)
}

struct LimitRules;
impl Rules for LimitRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let r = &change.after;
        let days = super::validity(r)?;
        if !r.is_null("user_id") && !r.is_null("role") {
            return Err(Error::field("role", "condition_one_who"));
        }
        for c in ["discount_max", "price_down_max", "margin_min"] {
            super::at_most_hundred(r, c)?;
        }
        let all =
            kontor_platform::record::Record::load_where(cx.conn, r.spec, "t.archived = ? AND t.id <> ?", &[false.into(), r.id.into()])?;
        let key = |x: &kontor_platform::record::Record| ["user_id", "role", "company_id"].map(|c| x.get(c).clone());
        match all.iter().find(|o| key(o) == key(r) && super::validity(o).is_ok_and(|d| d.overlaps(&days))) {
            Some(o) if !r.bool("archived") => {
                Err(Error::field("valid_from", "overlap").field_arg("rule_a", r.title()).field_arg("rule_b", o.title()))
            }
            _ => Ok(()),
        }
    }
}

/// What holds for a user: figures that are absent do not limit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserLimits {
    pub id: Option<Id>,
    pub name: String,
    pub algorithm: String,
    pub discount: Option<Percent>,
    pub down: Option<Percent>,
    pub up: Option<Percent>,
    /// A price below cost needs approval.
    pub cost: bool,
    /// A document that earns less needs approval.
    pub margin: Option<Percent>,
}

/// A record of limits with whom and when it is for.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitRow {
    pub limits: UserLimits,
    user: Option<Id>,
    role: Option<String>,
    company: Option<Id>,
    valid: Period,
}

impl LimitRow {
    pub fn of(r: &Record) -> Result<LimitRow> {
        let percent = |c: &str| r.opt_int(c).map(Percent::from_scaled);
        let limits = UserLimits {
            id: Some(r.id),
            name: r.title().to_string(),
            algorithm: r.text("algorithm").to_string(),
            discount: percent("discount_max"),
            down: percent("price_down_max"),
            up: percent("price_up_max"),
            cost: r.bool("below_cost"),
            margin: percent("margin_min"),
        };
        let role = if r.is_null("role") { None } else { Some(r.text("role").to_string()) };
        Ok(LimitRow { limits, user: r.opt_id("user_id"), role, company: r.opt_id("company_id"), valid: super::validity(r)? })
    }
}

/// All limits that are kept.
pub fn all_limits(conn: &mut Conn) -> Result<Vec<LimitRow>> {
    let rows = conn.query(
        "SELECT id, name, algorithm, discount_max, price_down_max, price_up_max, below_cost, user_id, role, company_id, valid_from, valid_to, margin_min FROM price_limits WHERE archived = ?",
        &[false.into()],
    )?;
    let one = |r: &Row| {
        let percent = |i: usize| -> Result<Option<Percent>> { Ok(r.opt_int(i)?.map(Percent::from_scaled)) };
        let limits = UserLimits {
            id: Some(r.id(0)?),
            name: r.text(1)?.to_string(),
            algorithm: r.text(2)?.to_string(),
            discount: percent(3)?,
            down: percent(4)?,
            up: percent(5)?,
            cost: r.bool(6)?,
            margin: percent(12)?,
        };
        let valid = Period { from: r.opt_date(10)?, to: r.opt_date(11)? };
        Ok(LimitRow { limits, user: r.opt_id(7)?, role: r.opt_text(8)?.map(str::to_string), company: r.opt_id(9)?, valid })
    };
    rows.iter().map(one).collect()
}

pub fn roles_of(conn: &mut Conn, user: Id) -> Result<Vec<String>> {
    let row = conn.query_opt("SELECT roles FROM users WHERE id = ?", &[user.into()])?;
    Ok(match row {
        Some(r) if !r.raw(0)?.is_null() => serde_json::from_value::<Vec<String>>(r.json(0)?).map_err(Error::internal)?,
        _ => vec![],
    })
}

/// What holds for a user today; see [`limits_among`].
pub fn limits_of(cx: &mut Cx, user: Id, company: Id, date: chrono::NaiveDate) -> Result<UserLimits> {
    if user.is_nil() {
        return Ok(limits_among(&[], user, &[], company, date));
    }
    let all = &cx.kept::<Limits>()?.0;
    let roles = match all.as_slice() {
        [] => vec![],
        // The caller's rights were made of them.
        _ if user == cx.ctx.user_id => cx.ctx.access.roles.clone(),
        _ => roles_of(cx.conn, user)?,
    };
    Ok(limits_among(all, user, &roles, company, date))
}

/// All limits: some for each role, some for a user.
struct Limits(Vec<LimitRow>);
/// Most limits that are kept in memory.
const KEPT: usize = 10_000;
impl Kept for Limits {
    const BY: &'static str = kept::SETTINGS;
    fn load(cx: &mut Cx) -> Result<Self> {
        all_limits(cx.conn).map(Limits)
    }
    fn stays(&self) -> bool {
        self.0.len() <= KEPT
    }
}

/// The user's own before his role's before everybody's, of his company before any; of several roles the widest discount.
pub fn limits_among(all: &[LimitRow], user: Id, roles: &[String], company: Id, date: chrono::NaiveDate) -> UserLimits {
    let none = UserLimits { algorithm: "sum".into(), ..Default::default() };
    if user.is_nil() {
        return none;
    }
    let rank = |l: &LimitRow| {
        let who = match (l.user, &l.role) {
            (Some(u), _) if u == user => 0,
            (Some(_), _) => return None,
            (None, Some(role)) if roles.contains(role) => 1,
            (None, Some(_)) => return None,
            (None, None) => 2,
        };
        let of_company = match l.company {
            Some(c) if c == company => 0,
            Some(_) => return None,
            None => 1,
        };
        let wide = l.limits.discount.map_or(i64::MIN, |d| -d.scaled());
        l.valid.contains(date).then_some((who, of_company, wide, l.limits.id))
    };
    let best = all.iter().filter_map(|l| Some((rank(l)?, l))).min_by_key(|(rank, _)| *rank);
    best.map_or(none, |(_, l)| l.limits.clone())
}

/// `GET /prices/limits[?company_id=]`: what the caller may give today.
pub fn mine(app: &kontor_platform::App, ctx: &kontor_platform::Ctx, asked: &kontor_platform::app::Asked) -> Result<Json> {
    let company = asked.id("company_id")?.unwrap_or_default();
    app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        let l = limits_of(&mut cx, ctx.user_id, company, ctx.today)?;
        let percent = |p: Option<Percent>| p.map(|p| p.to_string());
        Ok(serde_json::json!({
            "id": l.id, "name": l.name, "algorithm": l.algorithm, "discount_max": percent(l.discount), "price_down_max": percent(l.down),
            "price_up_max": percent(l.up), "below_cost": l.cost, "margin_min": percent(l.margin),
        }))
    })
}
