//! The matrix of a role's rights: a form that works without scripts, joined or told when two people changed it, read-only for
//! who may only look.

use super::{Jar, PASSWORD, Pages, Seen, start};
use kontor_platform::spec::Scope;
use kontor_platform::value::Id;
use kontor_platform::{Ctx, Envelope, Source};
use serde_json::{Value as Json, json};

fn role(p: &Pages, code: &str) -> String {
    let sql = "SELECT id FROM roles WHERE code = ?";
    p.app.store.read(|c| c.query_one(sql, &[code.into()])?.id(0)).expect("a role").to_string()
}

fn permissions(p: &Pages, id: &str) -> Json {
    let id = Id::parse_str(id).expect("an id");
    p.app.get(&Ctx::system(), "roles", id).expect("a role")["permissions"].clone()
}

/// As somebody else does it meanwhile: refused fields and their codes.
fn write(p: &Pages, id: &str, permissions: Json) -> Result<(), String> {
    let id = Id::parse_str(id).expect("an id");
    let version = p.app.record(&Ctx::system(), "roles", id).expect("a role").version;
    let env = Envelope::new("roles.update", json!({"permissions": permissions})).on(id).seen(version);
    let done = p.app.execute(&Ctx::system(), env);
    done.map(|_| ())
        .map_err(|e| e.inner().fields.first().map_or_else(|| e.inner().code.to_string(), |f| format!("{}: {}", f.field, f.code)))
}

/// Scopes of a user on a collection, action by action.
fn scopes(p: &Pages, login: &str, collection: &str, actions: &[&str]) -> Vec<Scope> {
    let access = p.app.ctx_of(login, Source::Page).expect("a user").access;
    let spec = p.app.registry.get(collection).expect("a collection");
    actions.iter().map(|a| access.scope(spec, a)).collect()
}

/// Changes rights as a browser without scripts does: with the version of the page it has.
fn post(p: &Pages, jar: &mut Jar, page: &Seen, id: &str, fields: &[(&str, &str)]) -> Seen {
    let (csrf, version) = (page.field("csrf"), page.field("version"));
    let all: Vec<(&str, &str)> =
        [("csrf", csrf.as_str()), ("version", version.as_str())].into_iter().chain(fields.iter().copied()).collect();
    p.post(jar, &format!("/roles/{id}/rights"), &all)
}

#[test]
fn plt_02_rights_of_a_role_are_a_matrix_that_works_without_scripts() {
    let p = start();
    let mut jar = p.signed_in("admin");
    let id = role(&p, "salesperson");
    let path = format!("/roles/{id}");
    let page = p.get(&mut jar, &path);
    assert!(page.has("name=\"g.partners.read\"") && page.has("name=\"h.partners\""), "{}", page.body);
    assert!(page.has("Тарас") && page.has("Усе як звичайно"), "who has the role, and that nothing is unusual");
    assert!(!page.has("name=\"g.regions.post\""), "regions have no such action");
    let fields = [
        ("g.partners.read", "all"),
        ("g.partners.create", "all"),
        ("g.partners.update", "own"),
        ("g.partners.delete", "none"),
        ("g.partners.undo", "own"),
        ("h.partners", "phone"),
        ("h.partners", ""),
        ("g.regions.create", "all"),
    ];
    let done = post(&p, &mut jar, &page, &id, &fields);
    assert_eq!(done.to(), path, "{}", done.body);
    assert_eq!(permissions(&p, &id), json!({"partners": "read delete=none hide:phone", "regions": "create"}));
    assert_eq!(scopes(&p, "seller", "partners", &["read", "update", "delete"]), [Scope::All, Scope::Own, Scope::None]);
    assert!(p.app.ctx_of("seller", Source::Page).expect("a user").access.hidden(p.app.registry.get("partners").expect("one"), "phone"));
    let page = p.get(&mut jar, &path);
    assert!(page.has("td data-label=\"Видалення\" class=\"diff\"") || page.has("class=\"diff\""), "what differs is marked");
    assert!(page.has("Змінено 2 види записів") && page.has("value=\"usual\""));
    let again = post(&p, &mut jar, &page, &id, &fields);
    assert_eq!(again.to(), path);
    assert!(p.get(&mut jar, &path).has("Нічого не змінено"));
    // What is not in the form stays; what it filters is not lost.
    let found = p.get(&mut jar, &format!("{path}?find=валюти"));
    assert!(
        found.has("name=\"g.partners.read\"") && found.body.contains("hidden class=\"unusual\""),
        "a row that is not looked for is hidden"
    );
    let only = p.get(&mut jar, &format!("{path}?only=unusual"));
    let shown =
        only.body.split("<tr data-words=").skip(1).filter(|r| !r.split_once('>').is_some_and(|(head, _)| head.contains("hidden"))).count();
    assert_eq!(shown, 2, "the unusual rows only");
    let history = p.get(&mut jar, &format!("{path}?tab=history"));
    assert!(history.has("перегляд — усі") && history.has("видалення — немає"), "{}", history.body);
    let back = post(&p, &mut jar, &only, &id, &[("then", "usual")]);
    assert_eq!((back.to(), permissions(&p, &id)), (path.as_str(), json!({})));
    assert_eq!(scopes(&p, "seller", "partners", &["read", "delete"]), [Scope::Own, Scope::Own]);
}

#[test]
fn plt_02_rights_are_taken_over_from_another_role() {
    let p = start();
    let mut jar = p.signed_in("admin");
    let mine = p.make("roles", json!({"code": "helper", "name": "Помічник"}));
    let path = format!("/roles/{mine}");
    let page = p.get(&mut jar, &path);
    assert!(page.has("Власна роль") && page.has("Ніхто"));
    let form = p.get(&mut jar, &format!("{path}?from=storekeeper"));
    assert!(form.has("k-copied") && permissions(&p, &mine).is_null(), "shown, not written");
    let wrong = p.get(&mut jar, &format!("{path}?from=nobody"));
    assert_eq!(wrong.status.as_u16(), 422);
    // A copy of a role may what that one may, whether it is declared or given.
    let source = role(&p, "storekeeper");
    let copy = p.get(&mut jar, &format!("/roles/new?from={source}"));
    let (_, rest) = copy.body.split_once("<textarea name=\"permissions\" hidden>").expect("the rights come along");
    let rights = rest.split_once("</textarea>").expect("its end").0.to_string();
    assert!(rights.contains("partners: read hide:annual_revenue,comment,employees"), "{rights}");
    let csrf = copy.field("csrf");
    let done = p.post(&mut jar, "/roles/new/edit", &[("csrf", &csrf), ("code", "copy"), ("name", "Копія"), ("permissions", &rights)]);
    assert!(done.to().starts_with("/roles/"), "{}", done.body);
    p.make("users", json!({"login": "kim", "name": "Кім", "password": PASSWORD, "roles": ["copy"]}));
    p.make("users", json!({"login": "sam", "name": "Сем", "password": PASSWORD, "roles": ["storekeeper"]}));
    for s in &p.app.registry.specs {
        assert_eq!(scopes(&p, "kim", s.name, &s.actions()), scopes(&p, "sam", s.name, &s.actions()), "{}", s.name);
    }
}

#[test]
fn plt_08_rights_changed_by_two_are_joined_and_clashes_are_told() {
    let p = start();
    let mut jar = p.signed_in("admin");
    let id = role(&p, "salesperson");
    let path = format!("/roles/{id}");
    let page = p.get(&mut jar, &path);
    let theirs = |permissions: Json| write(&p, &id, permissions).expect("changed");
    theirs(json!({"partners": "read:team", "regions": "create"}));
    // The page still shows partners as they were; another cell is changed: both hold.
    let old = [("g.partners.read", "own"), ("g.regions.create", "none"), ("g.units.update", "all")];
    let done = post(&p, &mut jar, &page, &id, &old);
    assert_eq!(done.to(), path, "{}", done.body);
    assert_eq!(permissions(&p, &id), json!({"partners": "read:team", "regions": "create", "units": "update"}));
    // The same cell: both versions, mine in the cell, theirs beside it; saved again, mine holds.
    let page = p.get(&mut jar, &path);
    theirs(json!({"partners": "read", "regions": "create", "units": "update"}));
    let clash = post(&p, &mut jar, &page, &id, &[("g.partners.read", "own"), ("g.regions.create", "all"), ("g.units.update", "all")]);
    assert_eq!(clash.status.as_u16(), 409);
    assert!(clash.has("class=\"clash\"") && clash.has("було: команди, тепер: усі"), "{}", clash.body);
    assert!(clash.field("version") != page.field("version"));
    let mine = post(&p, &mut jar, &clash, &id, &[("g.partners.read", "own"), ("g.regions.create", "all"), ("g.units.update", "all")]);
    assert_eq!(mine.to(), path, "{}", mine.body);
    assert_eq!(permissions(&p, &id), json!({"regions": "create", "units": "update"}));
}

#[test]
fn plt_02_who_may_only_see_roles_gets_the_rights_to_read() {
    let p = start();
    p.make("roles", json!({"code": "auditor", "name": "Ревізор", "permissions": {"roles": "read", "users": "read"}}));
    p.make("users", json!({"login": "rev", "name": "Ревізор", "password": PASSWORD, "roles": ["auditor"], "language": "uk"}));
    let mut jar = p.signed_in("rev");
    let id = role(&p, "salesperson");
    let page = p.get(&mut jar, &format!("/roles/{id}"));
    assert!(page.has("k-rightsgrid") && !page.has("<select class=\"k-level") && !page.has("/rights\""), "{}", page.body);
    let csrf = page.field("csrf");
    let refused = p.post(&mut jar, &format!("/roles/{id}/rights"), &[("csrf", &csrf), ("g.partners.read", "all")]);
    assert_eq!(refused.status.as_u16(), 403);
    assert!(permissions(&p, &id).is_null());
    // The role that may everything is not a matrix.
    let mut admin = p.signed_in("admin");
    let all = p.get(&mut admin, &format!("/roles/{}", role(&p, "administrator")));
    assert!(all.has("Усе й завжди") && !all.has("k-rightsgrid"));
    // A seller does not come to them at all.
    assert_eq!(p.get(&mut p.signed_in("seller"), &format!("/roles/{id}")).status.as_u16(), 403);
}

#[test]
fn plt_02_words_of_no_right_are_refused_where_they_are_written() {
    let p = start();
    let id = role(&p, "salesperson");
    for (entity, words, wrong) in [
        ("partners", "read fly", "permissions.partners: bad_grant"),
        ("partners", "read:teem", "permissions.partners: bad_grant"),
        ("partners", "hide:nothing_like_it", "permissions.partners: bad_grant"),
        ("dragons", "read", "permissions.dragons: unknown_field"),
    ] {
        assert_eq!(write(&p, &id, json!({entity: words})), Err(wrong.to_string()), "{words}");
    }
    assert_eq!(write(&p, &id, json!({"partners": "read:team update=none hide:phone show:email"})), Ok(()));
}
