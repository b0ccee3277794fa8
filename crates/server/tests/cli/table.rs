//! Command after command on one database: exit code, standard output, standard error.

use crate::support::{app, command, count, err, kontor, out};
use kontor_platform::query::Query;
use kontor_platform::{Ctx, Envelope};
use kontor_testkit::TestDb;
use serde_json::Value as Json;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;

struct Row<'a> {
    args: &'a [&'a str],
    code: i32,
    /// All of standard output, or with `…` at its ends what it holds.
    stdout: &'a str,
    /// What standard error holds; empty: nothing is written there.
    stderr: &'a str,
}

const fn row<'a>(args: &'a [&'a str], code: i32, stdout: &'a str, stderr: &'a str) -> Row<'a> {
    Row { args, code, stdout, stderr }
}

const NEW: &str = "name,phone\nAlpha,+380441234567\nBeta,\n";
/// The line of business is made along with it.
const MORE: &str = "name,line_of_business\nGamma,Pumps\n";
/// The second row is no partner.
const BAD: &str = "name,country\nDelta,UA\nEpsilon,Nowhere\n";
const PEOPLE: &str = "id;name;phone;born\n1;Олена Коваленко;044 123-45-67;1985-03-12\n2;Коваленко Олена;+380441234567;12.03.1985\n3;Іван Мельник;067 555-11-22;1970-01-30\n4;Марія Ткаченко;066 909-80-70;1988-12-01\n";
/// "id;name;phone;born", Олена and Марія with a slip, in windows-1251.
const WIN: &[u8] = b"id;name;phone;born\na;\xCE\xEB\xE5\xED\xE0 \xCA\xEE\xE2\xE0\xEB\xE5\xED\xEA\xEE;0441234567;1985-03-12\nb;\xCC\xE0\xF0\xB3\xFF \xD2\xEA\xE0\xF7\xE5\xED\xEA;0669098070;1988-12-01\n";
/// For the storekeeper.
const PASS: &str = "correct horse battery";

const TABLE: &[Row] = &[
    row(&[], 2, "", "Usage: kontor"),
    row(&["--version"], 0, "kontor…", ""),
    row(&["frobnicate"], 2, "", "unrecognized subcommand"),
    row(&["migrate"], 0, "…0003_storno…", ""),
    row(&["migrate"], 0, "up to date\n", ""),
    row(&["check"], 0, "0 differences\n", ""),
    row(&["check", "now"], 2, "", "unexpected argument"),
    row(&["user", "add", "--login", "olena", "--password", PASS, "--role", "administrator"], 0, "olena\n", ""),
    row(&["user", "add", "--login", "olena", "--password", PASS], 1, "", "kontor: "),
    row(&["user", "add", "--login", "short", "--password", "x"], 1, "", "password"),
    row(&["user", "add", "--login", "petro", "--password", PASS, "--role", "no-such-role"], 1, "", "no-such-role"),
    row(&["user", "add", "--login", "petro", "--password", PASS, "--role", "storekeeper"], 0, "petro\n", ""),
    row(&["user", "reset-password", "--login", "petro", "--password", "another good one"], 0, "petro\n", ""),
    row(&["user", "reset-password", "--login", "nobody", "--password", PASS], 1, "", "nobody"),
    row(&["token", "create", "--user", "olena", "--label", "test"], 0, "……", ""),
    row(&["token", "create", "--user", "nobody"], 1, "", "nobody"),
    row(&["token", "create", "--user", "olena", "--scope", "some"], 2, "", "some"),
    row(&["import", "partners", "new.csv", "--dry-run"], 0, "read 2, created 0, updated 0, skipped 0, errors 0\n", ""),
    row(&["import", "partners", "new.csv"], 0, "read 2, created 2, updated 0, skipped 0, errors 0\n", ""),
    row(&["import", "partners", "new.csv"], 0, "read 2, created 0, updated 0, skipped 2, errors 0\n", ""),
    row(&["import", "partners", "bad.csv"], 1, "read 2, created 0, updated 0, skipped 0, errors 1\n", "bad.csv:3:country: "),
    row(&["import", "partners", "bad.csv", "--partial"], 1, "read 2, created 1, updated 0, skipped 0, errors 1\n", "bad.csv:3:country: "),
    row(&["import", "partners", "more.csv", "--as", "olena"], 0, "read 1, created 2, updated 0, skipped 0, errors 0\n", ""),
    row(&["import", "partners", "other.csv", "--as", "petro"], 1, "…created 0, updated 0, skipped 0, errors 1\n", "other.csv"),
    row(&["import", "partners", "more.csv", "--as", "nobody"], 1, "", "nobody"),
    row(&["import", "partners", "missing.csv"], 1, "…errors 1\n", "missing.csv"),
    row(&["import", "no-such-list", "new.csv"], 1, "…errors 1\n", "no-such-list"),
    row(&["import", "partners"], 2, "", "--profile"),
    row(&["import", "--profile", "shop.toml", "partners", "new.csv"], 2, "", "--profile"),
    row(&["import", "--profile", "missing.toml", "."], 1, "", "missing.toml"),
    row(&["import", "--profile", "broken.toml", "."], 1, "", "kontor: "),
    row(&["import", "partners", "http://127.0.0.1:9/x.csv"], 1, "", "kontor: "),
    row(&["backup", "all.backup"], 0, "", ""),
    row(&["backup", "no/such/folder/all.backup"], 1, "", "kontor: "),
    row(&["restore", "all.backup"], 1, "", "kontor: "),
    row(&["restore", "missing.backup"], 1, "", "kontor: "),
    row(&["match", "people.csv", "--out", "pairs.csv"], 0, "columns: name=name,phone=phone,born=date\nsame 1, maybe 0, different 0\n", ""),
    row(&["match", "people.csv", "win.csv", "--out", "two.csv"], 0, "…same 2, maybe…", ""),
    row(&["match", "people.csv", "--out", "pairs.csv", "--columns", "born=ignore"], 0, "…born=ignore\nsame 1…", ""),
    row(&["match", "people.csv", "--out", "x.csv", "--columns", "born=colour"], 1, "", "born=colour"),
    row(&["match", "people.csv", "--out", "x.csv", "--columns", "town=name"], 1, "", "town"),
    row(&["match", "missing.csv", "--out", "x.csv"], 1, "", "missing.csv"),
    row(&["match", "none.csv", "--out", "x.csv"], 1, "", "none.csv"),
    row(&["match", "empty.csv", "--out", "x.csv"], 1, "", "empty"),
    row(&["match", "people.csv", "--out", "no/such/folder/x.csv"], 1, "", "x.csv"),
    row(&["match", "people.csv"], 2, "", "--out"),
    row(&["match", "people.csv", "win.csv", "new.csv", "--out", "x.csv"], 2, "", "new.csv"),
    row(&["openapi"], 0, "{…", ""),
    row(&["bench", "--size", "huge"], 2, "", "huge"),
    row(&["serve", "--listen", "nowhere"], 2, "", "nowhere"),
    row(&["serve", "--demo", "--listen", "0.0.0.0:0"], 1, "", "kontor: "),
    row(&["serve", "--tls-cert", "x.pem"], 2, "", "--tls-key"),
    row(&["check"], 0, "0 differences\n", ""),
];

fn fits(said: &str, wanted: &str) -> bool {
    let (open, shut) = (wanted.starts_with('…'), wanted.ends_with('…'));
    let core = wanted.trim_matches('…');
    match (open, shut) {
        (true, true) => said.contains(core) && !said.trim().is_empty(),
        (true, false) => said.ends_with(core),
        (false, true) => said.starts_with(core),
        (false, false) => said == core,
    }
}

fn files(folder: &Path) {
    std::fs::write(folder.join("win.csv"), WIN).expect("written");
    for (name, text) in [
        ("new.csv", NEW),
        ("people.csv", PEOPLE),
        ("none.csv", "id,name\n"),
        ("empty.csv", ""),
        ("more.csv", MORE),
        ("bad.csv", BAD),
        ("other.csv", "name\nEta\n"),
        ("broken.toml", "source = \"x\"\n[[section]]\nno_such_key = 1\n"),
        ("shop.toml", include_str!("shop.toml")),
    ] {
        std::fs::write(folder.join(name), text).expect("written");
    }
}

fn table(db: &TestDb) {
    files(db.folder());
    let mut wrong = vec![];
    for r in TABLE {
        let o = kontor(db.folder(), &db.url, r.args);
        let said = format!("{:?}\nexit {:?}\nstdout: {}\nstderr: {}", r.args, o.status.code(), out(&o), err(&o));
        let quiet = if r.stderr.is_empty() { err(&o).is_empty() } else { err(&o).contains(r.stderr) };
        if o.status.code() != Some(r.code) || !fits(&out(&o), r.stdout) || !quiet {
            wrong.push(format!("wanted exit {}, stdout {:?}, stderr {:?}: {said}", r.code, r.stdout, r.stderr));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let pairs = std::fs::read_to_string(db.folder().join("pairs.csv")).expect("written");
    assert!(pairs.starts_with("id_a,id_b,score,decision\n1,2,0.") && pairs.trim_end().ends_with(",same"), "{pairs}");
    assert!(!db.folder().join("x.csv").exists() && !db.folder().join("x.csv.part").exists(), "nothing is left of what failed");
    let app = app(&db.url);
    assert_eq!(count(&app, "partners", &[]), 4, "Alpha, Beta, Gamma and what was good of the bad file");
    author(&app, "Gamma", "olena");
    author(&app, "Alpha", "Kontor");
    json_alone(db);
    another(db);
}

/// Who brought a partner.
fn author(app: &std::sync::Arc<kontor_platform::App>, name: &str, user: &str) {
    let ctx = Ctx::system();
    let q =
        Query::parse(app, &ctx, app.registry.get("partners").expect("is registered"), &[("name".into(), name.into())]).expect("a query");
    let id = app.list(&ctx, "partners", &q).expect("a list").rows[0].id;
    let first = app.history(&ctx, "partners", id, 10).expect("its history").pop().expect("an entry");
    assert_eq!(first.user, user, "{name}");
}

/// With `--json` there is one document on standard output, whatever happens.
fn json_alone(db: &TestDb) {
    for (args, code, errors) in [
        (&["partners", "new.csv"][..], 0, 0),
        (&["partners", "bad.csv"], 1, 1),
        (&["partners", "bad.csv", "--dry-run"], 1, 1),
        (&["partners", "missing.csv"], 1, 1),
        (&["no-such-list", "new.csv"], 1, 1),
        (&["partners", "http://127.0.0.1:9/x.csv"], 1, 1),
        (&["partners", "new.csv", "--as", "nobody"], 1, 1),
        (&["--profile", "missing.toml", "."], 1, 1),
        (&["--profile", "broken.toml", "."], 1, 1),
        (&["--profile", "shop.toml", "."], 1, 1),
        (&["supplier-prices", "new.csv", "--partner", "Nobody at all"], 1, 1),
    ] {
        let o = kontor(db.folder(), &db.url, &[&["import", "--json"], args].concat());
        let report: Json = serde_json::from_str(&out(&o)).unwrap_or_else(|e| panic!("{args:?}: {e}: {:?}", out(&o)));
        assert_eq!((o.status.code(), report["errors"].as_array().map(Vec::len)), (Some(code), Some(errors)), "{args:?}: {report}");
        for key in ["read", "created", "updated", "skipped"] {
            assert!(report[key].is_u64(), "{args:?}: {report}");
        }
        for e in report["errors"].as_array().into_iter().flatten() {
            assert!(e["message"].as_str().is_some_and(|m| !m.is_empty() && m != "internal") && e["file"].is_string(), "{args:?}: {e}");
        }
        assert_eq!(err(&o), "", "{args:?}");
    }
    // What is no call at all has no report either.
    assert_eq!(kontor(db.folder(), &db.url, &["import", "--json"]).status.code(), Some(2));
}

/// A backup goes into an empty database of the other kind, and nothing is lost.
fn another(db: &TestDb) {
    let other = if db.is_postgres() { TestDb::sqlite() } else { TestDb::postgres() };
    let o = kontor(db.folder(), &other.url, &["restore", "missing.backup"]);
    assert!(o.status.code() == Some(1) && err(&o).contains("missing.backup"), "{}", err(&o));
    for args in [&["check"][..], &["backup", "none.backup"]] {
        let o = command(db.folder()).args(args).args(["--database", "sqlite://not-there.db"]).output().expect("kontor runs");
        assert!(o.status.code() == Some(1) && err(&o).contains("not-there.db"), "{args:?}: {}", err(&o));
    }
    assert!(!db.folder().join("not-there.db").exists() && !db.folder().join("none.backup").exists(), "they only looked");
    let o = command(db.folder()).args(["restore", "all.backup", "--database", &other.url]).output().expect("kontor runs");
    assert_eq!((o.status.code(), err(&o).as_str()), (Some(0), ""), "{}", out(&o));
    assert_eq!(out(&kontor(db.folder(), &other.url, &["check"])), "0 differences\n");
    let (a, b) = (app(&db.url), app(&other.url));
    for entity in ["partners", "users", "lines-of-business", "currencies"] {
        assert_eq!(count(&a, entity, &[]), count(&b, entity, &[]), "{entity}");
    }
    let input = serde_json::json!({"name": "Zeta"});
    b.execute(&Ctx::system(), Envelope::new("partners.create", input)).expect("it can be worked with");
}

#[test]
fn plt_06_the_command_line_answers_as_it_says_on_sqlite() {
    if let Some(why) = kontor_testkit::postgres_missing() {
        eprintln!("SKIPPED: {why}");
        return;
    }
    table(&TestDb::sqlite());
}

#[test]
fn plt_06_the_command_line_answers_as_it_says_on_postgres() {
    match kontor_testkit::postgres_missing() {
        Some(why) => eprintln!("SKIPPED on PostgreSQL: {why}"),
        None => table(&TestDb::postgres()),
    }
}

#[test]
fn plt_06_who_has_had_enough_of_a_long_answer_gets_no_failure() {
    let db = TestDb::sqlite();
    let mut child = command(db.folder()).arg("openapi").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // `| head -c 1`: the document is far longer than what a pipe holds.
    let mut first = [0; 1];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let done = child.wait_with_output().unwrap();
    assert_eq!((first, done.status.code(), err(&done).as_str()), (*b"{", Some(0), ""));
}
