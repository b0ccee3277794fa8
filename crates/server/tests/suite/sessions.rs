//! What ends sessions and tokens, and changed rights: at once, on every node that serves the database.

use crate::fixtures::{app as node, system, user};
use kontor_kernel::error::Kind;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Envelope, Source};
use serde_json::{Value as Json, json};
use std::process::Command;
use std::sync::Arc;

const PASSWORD: &str = "correct horse battery";

/// Two programs on one database.
fn two(f: impl Fn(&Arc<App>, &Arc<App>, &str)) {
    kontor_testkit::both(|db| {
        let first = node(&db.url);
        f(&first, &node(&db.url), &db.url);
    });
}

fn update(app: &Arc<App>, collection: &str, id: Id, input: Json) {
    let version = app.record(&system(), collection, id).expect("there").version;
    app.execute(&system(), Envelope::new(format!("{collection}.update"), input).on(id).seen(version)).expect("changed");
}

/// A session and a token of the user, known to both programs.
fn opened(one: &Arc<App>, other: &Arc<App>, ctx: &Ctx, password: &str) -> [String; 2] {
    let all = [one.sign_in(&ctx.login, password, "here").expect("a session"), one.make_own_token(ctx, "Каса", None).expect("a token")];
    for token in &all {
        for app in [one, other] {
            assert_eq!(app.identify(token).expect("known").user_id, ctx.user_id);
        }
    }
    all
}

#[track_caller]
fn ended(apps: [&Arc<App>; 2], tokens: &[String], what: &str) {
    for app in apps {
        for token in tokens {
            assert_eq!(app.identify(token).map(|_| ()).expect_err(what).kind(), Kind::SignedOut, "{what}");
        }
    }
}

#[test]
fn plt_03_another_password_by_whomever_ends_sessions_and_tokens() {
    two(|one, other, url| {
        let (ann, bob) = (user(one, "ann", &["salesperson"]), user(one, "bob", &["salesperson"]));
        let stays = opened(one, other, &bob, PASSWORD);
        let all = opened(one, other, &ann, PASSWORD);
        update(one, "users", ann.user_id, json!({"phone": "+380 44 000 00 00"}));
        all.iter().for_each(|t| assert!(other.identify(t).is_ok(), "a telephone number is no password"));
        update(one, "users", ann.user_id, json!({"password": "another good one"}));
        ended([one, other], &all, "the administrator gave another password");
        // Without being asked for it the other program learns it from the database alone.
        let all = opened(other, one, &ann, "another good one");
        let done = Command::new(env!("CARGO_BIN_EXE_kontor"))
            .args(["user", "reset-password", "--login", "ann", "--password", "a third good one"])
            .env("KONTOR_DATABASE", url)
            .output()
            .expect("the command runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        ended([one, other], &all, "the command line gave another password");
        let all = opened(one, other, &ann, "a third good one");
        update(other, "users", ann.user_id, json!({"active": false}));
        ended([one, other], &all, "locked out");
        update(other, "users", ann.user_id, json!({"active": true}));
        ended([one, other], &all, "let in again, but not by what was open before");
        stays.iter().for_each(|t| assert!(one.identify(t).is_ok() && other.identify(t).is_ok(), "another's stay"));
    });
}

#[test]
fn plt_02_changed_rights_hold_at_once_on_every_node() {
    two(|one, other, _| {
        let (ann, bob) = (user(one, "ann", &["salesperson"]), user(one, "bob", &["salesperson"]));
        let [session, token] = opened(one, other, &ann, PASSWORD);
        let access = |token: &str| other.identify(token).expect("signed in").access;
        let regions = other.registry.get("regions").expect("a collection");
        assert!(!access(&session).may(regions, "create"));
        // A role gets more and loses it again.
        let role = one.store.read(|c| c.query_one("SELECT id FROM roles WHERE code = 'salesperson'", &[])?.id(0)).expect("a role");
        update(one, "roles", role, json!({"permissions": {"regions": "create"}}));
        assert!(access(&session).may(regions, "create") && access(&token).may(regions, "create"));
        update(one, "roles", role, json!({"permissions": {}}));
        assert!(!access(&session).may(regions, "create"));
        // Somebody comes under him, is taken away from him.
        update(one, "users", bob.user_id, json!({"head_id": ann.user_id}));
        assert!(access(&session).team.contains(&bob.user_id));
        update(one, "users", bob.user_id, json!({"head_id": null}));
        assert!(!access(&session).team.contains(&bob.user_id));
        // He is limited to one company; loses his role.
        let company = one
            .execute(&system(), Envelope::new("companies.create", json!({"name": "А", "currency": "UAH", "country": "UA"})))
            .expect("made");
        let company = company.id.expect("an id");
        update(one, "users", ann.user_id, json!({"companies": [company]}));
        assert_eq!(access(&token).companies, [company]);
        update(one, "users", ann.user_id, json!({"roles": []}));
        let ctx = other.ctx(&other.identify(&session).expect("signed in"), Source::Page, None);
        assert_eq!(other.list(&ctx, "partners", &Default::default()).map(|_| ()).expect_err("no role").kind(), Kind::Forbidden);
    });
}
