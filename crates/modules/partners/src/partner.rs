//! The partner: a business relationship, whatever legal entities stand behind it.

use crate::checks::{self, Finding};
use kontor_kernel::error::{Error, Result};
use kontor_platform::collate;
use kontor_platform::cx::{Change, Cx};
use kontor_platform::spec::{Column, Rules, Spec};
use kontor_platform::store::Backend;
use serde_json::{Value as Json, json};

/// What a partner is to us; several at once.
pub const ROLES: &[&str] = &["client", "supplier", "competitor", "carrier", "manufacturer", "own"];
/// A holding deeper than this is a mistake.
const DEPTH: usize = 50;

pub fn partners() -> Spec {
    Spec::catalog("partners")
        .section("partners", "users")
        .columns([
            Column::text("name", 300).required().search().sort_key().list(),
            Column::text("full_name", 500).search(),
            Column::set("roles", ROLES).default(json!(["client"])).list(),
            Column::reference("head_partner_id", "partners"),
            Column::reference("manager_id", "users").by_name("manager").list(),
            Column::reference("region_id", "regions").by_name("region").list(),
            Column::reference("line_of_business_id", "lines-of-business").by_name("line_of_business").list(),
            Column::reference("lead_source_id", "lead-sources").by_name("lead_source"),
            Column::reference("dealer_type_id", "dealer-types").by_name("dealer_type").list(),
            // What his documents are, where his agreement does not say.
            Column::reference("order_type_id", "order-types").by_name("order_type"),
            Column::reference("payment_form_id", "payment-forms").by_name("payment_form"),
            Column::code("country", "countries").list(),
            Column::text("phone", 100).search().list(),
            Column::text("email", 200).search(),
            Column::text("website", 300),
            Column::long("address"),
            Column::choice("service_priority", &["low", "normal", "high"]).default("normal"),
            Column::tags("tags").search().list(),
            Column::date("client_since"),
            Column::int("founded_year", 1000, 2200),
            Column::int("employees", 0, 100_000_000),
            Column::amount("annual_revenue").signed(),
            Column::long("comment"),
        ])
        .owner("manager_id")
        .import_key(&["name"])
        .group(&["country", "address"])
        .index_on("region", "(region_id)")
        .grant("director", "read create update delete undo")
        .grant("sales_manager", "read create update delete undo")
        .grant("salesperson", "read:own create update:own delete:own undo:own")
        .grant("field_agent", "read:own create update:own delete:own undo:own")
        .grant("accountant", "read create update undo")
        .grant("storekeeper", "read hide:annual_revenue,employees,comment")
        .rules(PartnerRules)
}

struct PartnerRules;
impl Rules for PartnerRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        one_of_each_role(change);
        let mut findings = vec![];
        for (field, code, good) in [("phone", "phone_bad", checks::phone as fn(&str) -> bool), ("email", "email_bad", checks::email)] {
            let value = change.after.text(field);
            if change.changed(field) && !value.is_empty() && !good(value) {
                findings.push(Finding::new(field, code));
            }
        }
        let site = change.after.text("website");
        if change.changed("website") && !site.is_empty() && !checks::website(site) {
            return Err(Error::field("website", "url_bad"));
        }
        checks::settle(cx, findings)?;
        if change.changed("head_partner_id") {
            no_circle(cx, change)?;
        }
        if change.is_create() && !cx.ctx.is_history() {
            warn_of_namesake(cx, change)?;
        }
        Ok(())
    }
}

/// Roles in one order and without repetition, so that equal sets are equal values.
fn one_of_each_role(change: &mut Change) {
    let given = change.after.json("roles");
    let roles: Vec<&str> = ROLES.iter().copied().filter(|r| given.as_array().is_some_and(|a| a.iter().any(|x| x == r))).collect();
    if *given != json!(roles) {
        change.after.set("roles", Json::from(roles));
    }
}

/// The heads are locked on the way up: of two changes that would close a circle together, one sees the other.
fn no_circle(cx: &mut Cx, change: &Change) -> Result<()> {
    let lock = if cx.conn.backend() == Backend::Postgres && !cx.preview { " FOR UPDATE" } else { "" };
    let mut head = change.after.opt_id("head_partner_id");
    for _ in 0..DEPTH {
        match head {
            None => return Ok(()),
            Some(h) if h == change.after.id => break,
            Some(h) => {
                head = match cx.conn.query_opt(&format!("SELECT head_partner_id FROM partners WHERE id = ?{lock}"), &[h.into()])? {
                    Some(r) => r.opt_id(0)?,
                    None => None,
                }
            }
        }
    }
    Err(Error::field("head_partner_id", "cycle"))
}

/// A colleague may work this client already: who writes him down again is told whom to ask, and nothing else.
fn warn_of_namesake(cx: &mut Cx, change: &Change) -> Result<()> {
    let found = cx.conn.query_opt(
        "SELECT p.name, u.name FROM partners p LEFT JOIN users u ON u.id = p.manager_id WHERE p.name_key = ? AND p.id <> ? ORDER BY p.id LIMIT 1",
        &[collate::key(change.after.text("name")).into(), change.after.id.into()],
    )?;
    if let Some(r) = found {
        let manager = r.opt_text(1)?.unwrap_or("—").to_string();
        cx.warn("name", "similar_exists", vec![("title".into(), r.text(0)?.to_string()), ("name".into(), manager)]);
    }
    Ok(())
}
