//! Rights of a role as a matrix: what it may see and do with each kind of records, whose of them, and which fields it does
//! not know. It takes the place of the general card of a role and works without scripts; the island `role-matrix` adds keys
//! and searching while typing.

mod matrix;
mod sheet;
mod told;

use super::rows::rows;
use crate::pages::card::{self, Card};
use crate::pages::typed::Typed;
use crate::pages::{Call, Reply, Req, Web, respond};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::Envelope;
use kontor_platform::grants;
use kontor_platform::value::Id;
use kontor_texts::{Arg, message, tr_args};
use maud::Markup;
use serde_json::{Value as Json, json};
use sheet::Sheet;
pub use told::permissions as permissions_words;

/// The role that may everything: nothing of it can be taken away or added.
const EVERYTHING: &str = "administrator";

pub fn routes(r: Router<Web>) -> Router<Web> {
    r.route("/roles/{id}/rights", post(|State(web): State<Web>, Path(id): Path<String>, req: Req| respond(web, req, move |c| save(c, &id))))
}

/// The rights are drawn here and not as a field, where the caller may know them at all.
pub fn knows(c: &Call) -> bool {
    c.spec("roles").is_ok_and(|s| !c.ctx.access.hidden(s, "permissions"))
}

/// What stands in the tab of the card.
pub fn view(c: &Call, card: &Card) -> Result<Markup> {
    let mut sheet = Sheet::of(c, card);
    if let Some(code) = c.param("from").filter(|f| !f.is_empty() && may_change(c, card)) {
        let found = rows(c, "roles", &[("code", code), ("limit", "1")], &["permissions"])?;
        let row = found.first().ok_or_else(|| Error::field("from", "bad_code").field_arg("value", code))?;
        let given = if let kontor_platform::value::Value::Json(j) = row.value("permissions") { j.clone() } else { Json::Null };
        sheet.shown = grants::of_role(&c.app.registry, code, &given);
        sheet.copied = Some(row.title().to_owned());
    }
    matrix::view(c, card, &sheet)
}

/// A new role made as a copy of another begins with what that one may, whether declared or given.
pub fn copied(c: &Call, json: &Json, typed: &mut Typed) {
    let of = grants::of_role(&c.app.registry, json["code"].as_str().unwrap_or(""), &json["permissions"]);
    let none = grants::Grants::default();
    let line = |s: &'static kontor_platform::spec::Spec| {
        let words = of.get(s.name)?.beyond(&none, s);
        (!words.is_empty()).then(|| format!("{}: {words}", s.name))
    };
    let lines: Vec<String> = c.app.registry.granted().filter_map(line).collect();
    typed.replace("permissions", lines.join("\n"));
    // Another role: it has no translated names, and its code is its own.
    typed.0.retain(|(k, _)| k != "code" && !k.starts_with("names["));
    typed.replace("name", json["title"].as_str().unwrap_or(""));
}

/// The form of the rights is there for whoever may change roles, except of the role that may everything.
fn may_change(c: &Call, card: &Card) -> bool {
    card.editable(c) && card.text("code") != EVERYTHING
}

fn draft_key(id: Id) -> String {
    format!("roles/{id}/rights")
}

fn save(c: &Call, id: &str) -> Result<Reply> {
    let card = Card::read(c, "roles", id)?;
    let form = Typed(c.req.form());
    let mut sheet = Sheet::of(c, &card);
    let seen: Option<i64> = form.get("version").parse().ok();
    let usual = form.get("then") == "usual";
    if !usual {
        sheet.take(c, &form);
    }
    let words = if usual { json!({}) } else { sheet.words(c, &card.json["permissions"]) };
    let mut done = write(c, &card, words, seen);
    if let Err(e) = &done
        && e.kind() == Kind::Conflict
        && !e.inner().detail["conflicts"].is_null()
        && !usual
    {
        let base = e.inner().detail["conflicts"][0]["base"].clone();
        sheet.join(c, card.text("code"), &base);
        if !sheet.clashes.is_empty() {
            let by = c.app.history(&c.ctx, "roles", card.id, 1)?.first().map_or_else(String::new, |h| h.user.clone());
            sheet.trouble = Some(tr_args(c.lang, "roles-clash", &[("name", Arg::from(by)), ("count", Arg::from(sheet.clashes.len()))]));
            let body = matrix::view(c, &card, &sheet)?;
            return card::framed(c, &card, StatusCode::CONFLICT, body);
        }
        done = write(c, &card, sheet.words(c, &card.json["permissions"]), Some(card.version()));
    }
    match done {
        Ok((version, audit)) => {
            c.app.drop_draft(&c.ctx, &draft_key(card.id))?;
            let key = if version == card.version() { "page-nothing_changed" } else { "page-changed" };
            Ok(Reply::Done { to: format!("/roles/{}", card.id), key, title: card.title(c), audit })
        }
        Err(e) if matches!(e.kind(), Kind::Refused | Kind::Conflict | Kind::Forbidden | Kind::Unavailable) => {
            let i = e.inner();
            let each = i.fields.iter().map(|f| message::error(c.lang, &f.code, &f.args));
            let all: Vec<String> = std::iter::once(message::error(c.lang, &i.code, &i.args)).chain(each).collect();
            sheet.trouble = Some(all.join(". "));
            let body = matrix::view(c, &card, &sheet)?;
            card::framed(c, &card, kontor_api::problem::status(e.kind()), body)
        }
        Err(e) => Err(e),
    }
}

/// Version after the change and its entry for undo.
fn write(c: &Call, card: &Card, permissions: Json, seen: Option<i64>) -> Result<(i64, Option<Id>)> {
    let mut env = Envelope::new("roles.update", json!({"permissions": permissions})).on(card.id);
    env.seen_version = seen;
    let done = c.app.execute(&c.ctx, env)?;
    Ok((done.version, done.audit_id))
}
