//! Fresh databases for tests, on both backends.
//!
//! ```no_run
//! kontor_testkit::both(|db| {
//!     // Store::open(&db.url, …)
//! });
//! ```
//!
//! A SQLite database is a file in a temporary folder. A PostgreSQL database is made on a server that is shared by all
//! test processes of the machine (see `server`) and dropped afterwards. Knows nothing of Kontor's own crates, so that all
//! of them may use it.

pub mod server;

use postgres::{Client, NoTls};
use server::Server;
use std::path::Path;
use tempfile::TempDir;

/// A database of one test; gone when dropped.
pub struct TestDb {
    /// What `Store::open` takes.
    pub url: String,
    folder: TempDir,
    /// Address of the server and name of the database on it.
    on_server: Option<(String, String)>,
}

impl TestDb {
    /// An empty SQLite database.
    pub fn sqlite() -> TestDb {
        let folder = temp_folder();
        TestDb { url: format!("sqlite://{}", folder.path().join("test.db").display()), folder, on_server: None }
    }

    /// An empty PostgreSQL database. Panics when there is no server; see `postgres_missing`.
    pub fn postgres() -> TestDb {
        Self::on_server(server::TEMPLATE)
    }

    /// A copy of a SQLite database that `build` makes (migrations, master data) once per machine and `key`.
    /// The key names everything the content depends on, for instance a checksum of the migrations.
    pub fn sqlite_from(key: &str, build: impl FnOnce(&str)) -> TestDb {
        let db = Self::sqlite();
        let seed = server::seed_file(key, |path| build(&format!("sqlite://{}", path.display())));
        std::fs::copy(&seed, db.folder.path().join("test.db")).expect("the seed can be copied");
        db
    }

    /// The same on PostgreSQL: `build` fills a template database.
    pub fn postgres_from(key: &str, build: impl FnOnce(&str)) -> TestDb {
        let server = the_server();
        let template = server.seed_database(key, build);
        Self::on_server(&template)
    }

    fn on_server(template: &str) -> TestDb {
        let server = the_server();
        let name = format!("t_{}", uuid::Uuid::now_v7().simple());
        server.create_database(&name, template);
        TestDb { url: server.url_of(&name), folder: temp_folder(), on_server: Some((server.url.clone(), name)) }
    }

    pub fn is_postgres(&self) -> bool {
        self.on_server.is_some()
    }

    /// A folder for the test's own files, removed with the database.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let Some((url, name)) = &self.on_server else { return };
        let dropped = with_client(url, |c| c.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        if let Err(e) = dropped {
            eprintln!("test database {name} stays: {e}");
        }
    }
}

/// Why tests on PostgreSQL cannot run here, or nothing. With `KONTOR_REQUIRE_PG` set the reason is a failure instead.
pub fn postgres_missing() -> Option<String> {
    let why = server::missing()?;
    assert!(std::env::var_os("KONTOR_REQUIRE_PG").is_none(), "KONTOR_REQUIRE_PG is set, but {why}");
    Some(why)
}

/// Runs a test on a fresh database of each backend.
pub fn both(mut test: impl FnMut(&TestDb)) {
    run("SQLite", &mut test, TestDb::sqlite);
    match postgres_missing() {
        None => run("PostgreSQL", &mut test, TestDb::postgres),
        Some(why) => eprintln!("SKIPPED on PostgreSQL: {why}"),
    }
}

/// `both` on copies of a database that `build` makes once; see `TestDb::sqlite_from`.
pub fn both_from(key: &str, build: impl Fn(&str), mut test: impl FnMut(&TestDb)) {
    run("SQLite", &mut test, || TestDb::sqlite_from(key, &build));
    match postgres_missing() {
        None => run("PostgreSQL", &mut test, || TestDb::postgres_from(key, &build)),
        Some(why) => eprintln!("SKIPPED on PostgreSQL: {why}"),
    }
}

fn run(backend: &str, test: &mut impl FnMut(&TestDb), make: impl FnOnce() -> TestDb) {
    eprintln!("on {backend}:");
    test(&make());
}

fn the_server() -> &'static Server {
    server::get().unwrap_or_else(|e| panic!("no PostgreSQL for tests: {e}"))
}

fn temp_folder() -> TempDir {
    tempfile::Builder::new().prefix("kontor-test-").tempdir().expect("a temporary folder can be made")
}

/// Runs on a thread of its own, for the blocking client may not be used on a thread of an async test.
fn with_client<T: Send>(url: &str, f: impl FnOnce(&mut Client) -> Result<T, postgres::Error> + Send) -> Result<T, postgres::Error> {
    std::thread::scope(|s| {
        let work = s.spawn(|| Client::connect(url, NoTls).and_then(|mut client| f(&mut client)));
        work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
