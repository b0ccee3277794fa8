//! Users and roles. A role is a code with grants that the entities declare; administrators may add grants to it.

use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::grants::unknown_word;
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Rules, Spec};
use serde_json::{Value as Json, json};

/// Built-in roles with their names in English, Ukrainian, Russian.
pub const ROLES: [(&str, &str, &str, &str); 8] = [
    ("administrator", "Administrator", "Адміністратор", "Администратор"),
    ("director", "Director", "Директор", "Директор"),
    ("sales_manager", "Sales manager", "Керівник продажів", "Руководитель продаж"),
    ("salesperson", "Salesperson", "Менеджер з продажу", "Менеджер по продажам"),
    ("storekeeper", "Storekeeper", "Комірник", "Кладовщик"),
    ("accountant", "Accountant", "Бухгалтер", "Бухгалтер"),
    ("field_agent", "Field agent", "Торговий агент", "Торговый агент"),
    ("portal_client", "Portal client", "Клієнт порталу", "Клиент портала"),
];

pub fn roles() -> Spec {
    Spec::catalog("roles")
        .section("settings", "shield-lock")
        .columns([
            Column::text("code", 40).required().unique().once().search().list(),
            Column::text("name", 100).required().search().sort_key().list(),
            Column::map("names"),
            Column::map("permissions"),
        ])
        .import_key(&["code"])
        .rules(RoleRules)
}

pub fn users() -> Spec {
    Spec::catalog("users")
        .section("settings", "user")
        .columns([
            Column::text("login", 100).required().unique().search().list(),
            Column::text("name", 200).required().search().sort_key().list(),
            Column::text("email", 200).search().list(),
            Column::text("phone", 60).search(),
            Column::text("position", 200),
            // Left open: the language of the browser.
            Column::choice("language", &["uk", "ru", "en"]),
            Column::tags("roles").list(),
            Column::reference("head_id", "users").list(),
            Column::tags("companies"),
            Column::bool("active", true).list(),
            Column::text("password", 256).secret(),
            Column::text("password_hash", 300).hidden(),
        ])
        .import_key(&["login"])
        .grant("director", "read hide:password_hash")
        .grant("sales_manager", "read")
        .grant("salesperson", "read")
        .grant("storekeeper", "read")
        .grant("accountant", "read")
        .grant("field_agent", "read")
        .rules(UserRules)
}

struct RoleRules;
impl Rules for RoleRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let before = change.before.as_ref().map_or(&Json::Null, |b| b.json("permissions"));
        // What stood before may name an action that is no more; it stands until it is changed.
        for (entity, words) in
            change.after.json("permissions").as_object().into_iter().flatten().filter(|(e, w)| before.get(*e) != Some(*w))
        {
            let field = format!("permissions.{entity}");
            let (Some(spec), Some(words)) = (cx.app.registry.granted_as(entity), words.as_str()) else {
                return Err(Error::field(field, "unknown_field"));
            };
            if let Some(word) = unknown_word(spec, words) {
                let known = vec![("actions".into(), spec.actions().join(", "))];
                return Err(Error::field(field, "bad_grant").field_arg("value", word).hint("bad_grant", known));
            }
        }
        Ok(())
    }
}

struct UserRules;
impl Rules for UserRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        for (field, table, column) in [("roles", "roles", "code"), ("companies", "companies", "id")] {
            let list: Vec<String> = change
                .after
                .json(field)
                .as_array()
                .map(|a| a.iter().filter_map(|x| x.as_str().map(str::to_string)).collect())
                .unwrap_or_default();
            for value in list {
                let found = if column == "id" {
                    match kontor_platform::value::Id::parse_str(&value) {
                        Ok(id) => cx.conn.query_opt(&format!("SELECT 1 FROM {table} WHERE id = ?"), &[id.into()])?.is_some(),
                        Err(_) => false,
                    }
                } else {
                    cx.conn.query_opt(&format!("SELECT 1 FROM {table} WHERE code = ?"), &[value.as_str().into()])?.is_some()
                };
                if !found {
                    return Err(Error::field(field, "bad_code").field_arg("value", value));
                }
            }
        }
        if !change.after.is_null("password") {
            let password = change.after.text("password").to_string();
            kontor_platform::auth::check_password(&password)?;
            change.after.set("password_hash", kontor_platform::auth::hash_password(&password)?);
            change.after.set("password", kontor_platform::value::Value::Null);
        }
        let me = change.after.id;
        let mut head = change.after.opt_id("head_id");
        for _ in 0..50 {
            match head {
                Some(h) if h == me => return Err(Error::field("head_id", "cycle")),
                Some(h) => head = cx.load("users", h)?.opt_id("head_id"),
                None => return Ok(()),
            }
        }
        Err(Error::field("head_id", "cycle"))
    }
    fn written(&self, cx: &mut Cx, change: &Change) -> Result<()> {
        let locked_out = change.changed("active") && !change.after.bool("active");
        if change.before.is_some() && (change.changed("password_hash") || locked_out) {
            kontor_platform::auth::end_sessions(cx, change.after.id)?;
        }
        Ok(())
    }
}

pub fn seed(cx: &mut Cx) -> Result<()> {
    let spec = cx.spec("roles");
    for (code, en, uk, ru) in ROLES {
        if cx.conn.query_opt("SELECT 1 FROM roles WHERE code = ?", &[code.into()])?.is_none() {
            let mut r = Record::new(spec, cx.new_id());
            r.set("code", code);
            r.set("name", en);
            r.set("names", json!({"en": en, "uk": uk, "ru": ru}));
            cx.insert(&mut r)?;
        }
    }
    Ok(())
}
