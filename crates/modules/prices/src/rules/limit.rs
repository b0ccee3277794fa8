//! What users may give: how discounts are put together for them, and how far a price may be changed without approval.

use super::revision;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Percent, Period};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::spec::{Column, Rules, Spec};
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

/// The user's own before his role's before everybody's, of his company before any; of several roles the widest discount.
pub fn limits_of(cx: &mut Cx, user: Id, company: Id, date: chrono::NaiveDate) -> Result<UserLimits> {
    if user.is_nil() {
        return Ok(UserLimits { algorithm: "sum".into(), ..Default::default() });
    }
    let row = cx.conn.query_opt("SELECT roles FROM users WHERE id = ?", &[user.into()])?;
    let roles: Vec<String> = match row {
        Some(r) if !r.raw(0)?.is_null() => serde_json::from_value::<Vec<String>>(r.json(0)?).map_err(Error::internal)?,
        _ => vec![],
    };
    let rows = cx.conn.query(
        "SELECT id, name, algorithm, discount_max, price_down_max, price_up_max, below_cost, user_id, role, company_id, valid_from, valid_to, margin_min FROM price_limits WHERE archived = ?",
        &[false.into()],
    )?;
    let mut best: Option<((u8, u8, i64, Id), UserLimits)> = None;
    for r in &rows {
        let rank = match (r.opt_id(7)?, r.opt_text(8)?) {
            (Some(u), _) if u == user => 0,
            (Some(_), _) => continue,
            (None, Some(role)) if roles.iter().any(|x| x == role) => 1,
            (None, Some(_)) => continue,
            (None, None) => 2,
        };
        let of_company = match r.opt_id(9)? {
            Some(c) if c == company => 0,
            Some(_) => continue,
            None => 1,
        };
        if !(Period { from: r.opt_date(10)?, to: r.opt_date(11)? }).contains(date) {
            continue;
        }
        let percent = |i: usize| -> Result<Option<Percent>> { Ok(r.opt_int(i)?.map(Percent::from_scaled)) };
        let found = UserLimits {
            id: Some(r.id(0)?),
            name: r.text(1)?.to_string(),
            algorithm: r.text(2)?.to_string(),
            discount: percent(3)?,
            down: percent(4)?,
            up: percent(5)?,
            cost: r.bool(6)?,
            margin: percent(12)?,
        };
        let wide = found.discount.map_or(i64::MIN, |d| -d.scaled());
        let key = (rank, of_company, wide, r.id(0)?);
        if best.as_ref().is_none_or(|(k, _)| key < *k) {
            best = Some((key, found));
        }
    }
    Ok(best.map_or(UserLimits { algorithm: "sum".into(), ..Default::default() }, |b| b.1))
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
