//! The PostgreSQL server of the tests.
//!
//! `KONTOR_TEST_PG` names a running one. Without it, the first test process starts a throw-away server in the temporary
//! folder, on a free loopback port and without disk flushes; all later processes of the same user find and share it
//! (nextest runs every test in a process of its own). `testpg stop` ends it and removes its files.

use crate::with_client;
use postgres::{Client, NoTls};
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The empty database that tests begin with; it has the trigram extension.
pub const TEMPLATE: &str = "kontor_template";

/// Users who sign in by a password; all others are trusted.
const PASSWORDS: &str =
    "host all kontor_scram_sha_256 all scram-sha-256\nhost all kontor_md5 all md5\nhost all kontor_password all password\n";

/// A running server.
pub struct Server {
    /// Address of its maintenance database.
    pub url: String,
}

/// The server of this process: found or started at the first call.
pub fn get() -> Result<&'static Server, String> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    let found = SERVER.get_or_init(|| {
        let url = match std::env::var("KONTOR_TEST_PG") {
            Ok(url) => url,
            Err(_) => start()?,
        };
        let server = Server { url };
        server.make_template()?;
        Ok(server)
    });
    found.as_ref().map_err(Clone::clone)
}

/// Why there can be no server here, or nothing.
pub fn missing() -> Option<String> {
    if std::env::var_os("KONTOR_TEST_PG").is_some() {
        return None;
    }
    binaries().err()
}

/// Starts the shared server unless it answers already; gives its address.
pub fn start() -> Result<String, String> {
    let home = home()?;
    let _lock = lock(&home.join("lock"))?;
    let note = home.join("url");
    if let Ok(url) = fs::read_to_string(&note)
        && answers(&url)
    {
        return Ok(url);
    }
    halt(&home)?;
    let url = launch(&home)?;
    fs::write(&note, &url).map_err(|e| format!("{}: {e}", note.display()))?;
    Ok(url)
}

/// Stops the shared server and removes everything of it.
pub fn stop() -> Result<(), String> {
    let home = home()?;
    let _lock = lock(&home.join("lock"))?;
    halt(&home)?;
    fs::remove_dir_all(&home).map_err(|e| format!("{}: {e}", home.display()))
}

impl Server {
    /// Address of another database on the same server.
    pub fn url_of(&self, database: &str) -> String {
        let (base, query) = self.url.split_once('?').map_or((self.url.as_str(), None), |(b, q)| (b, Some(q)));
        let scheme = base.find("://").map_or(0, |i| i + 3);
        let authority = base[scheme..].find('/').map_or(base, |i| &base[..scheme + i]);
        query.map_or_else(|| format!("{authority}/{database}"), |q| format!("{authority}/{database}?{q}"))
    }

    pub(crate) fn create_database(&self, name: &str, template: &str) {
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template}");
        with_client(&self.url, |c| c.batch_execute(&sql)).unwrap_or_else(|e| panic!("{sql}: {e:?}"));
    }

    /// A template database filled by `build`, made once per server and key. Gives its name.
    pub(crate) fn seed_database(&self, key: &str, build: impl FnOnce(&str)) -> String {
        let name = format!("seed_{}", short_hash(key));
        let _lock = home().and_then(|h| lock(&h.join("seed-lock"))).expect("the lock of the seeds");
        let there = with_client(&self.url, |c| c.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]));
        if there.expect("the server lists its databases").is_none() {
            // Built under another name: one that is half done must not be taken for a seed.
            let draft = format!("draft_{}", uuid::Uuid::now_v7().simple());
            self.create_database(&draft, TEMPLATE);
            build(&self.url_of(&draft));
            let sql = format!("ALTER DATABASE {draft} RENAME TO {name}");
            with_client(&self.url, |c| c.batch_execute(&sql)).expect("the seed closes its connections");
        }
        name
    }

    fn make_template(&self) -> Result<(), String> {
        let made = with_client(&self.url, |c| {
            c.batch_execute("SELECT pg_advisory_lock(7)")?;
            let there = c.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&TEMPLATE])?;
            if there.is_none() {
                // One left by a killed process would stand in the way.
                c.batch_execute("DROP DATABASE IF EXISTS kontor_template_draft WITH (FORCE)")?;
                c.batch_execute("CREATE DATABASE kontor_template_draft TEMPLATE template0 ENCODING 'UTF8'")?;
                let mut inside = Client::connect(&self.url_of("kontor_template_draft"), NoTls)?;
                inside.batch_execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")?;
                inside.close()?;
                c.batch_execute("ALTER DATABASE kontor_template_draft RENAME TO kontor_template")?;
            }
            Ok(())
        });
        made.map_err(|e| format!("{}: {e:?}", self.url))
    }
}

/// A SQLite file made by `build`, once per machine and key.
pub(crate) fn seed_file(key: &str, build: impl FnOnce(&Path)) -> PathBuf {
    let home = home().expect("a folder for shared test files");
    let seed = home.join(format!("seed_{}.db", short_hash(key)));
    let _lock = lock(&home.join("seed-lock")).expect("the lock of the seeds");
    if !seed.exists() {
        let draft = home.join(format!("draft_{}.db", uuid::Uuid::now_v7().simple()));
        build(&draft);
        fs::rename(&draft, &seed).expect("the seed can be renamed");
    }
    seed
}

/// FNV-1a: a name must not change from run to run, as the standard library's hash may.
fn short_hash(key: &str) -> String {
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

/// The folder of everything shared between test processes of this user.
fn home() -> Result<PathBuf, String> {
    let uid = uid()?;
    let home = std::env::temp_dir().join(format!("kontor-test-{uid}"));
    fs::create_dir_all(&home).map_err(|e| format!("{}: {e}", home.display()))?;
    let owner = fs::metadata(&home).map_err(|e| format!("{}: {e}", home.display()))?.uid();
    if owner == uid { Ok(home) } else { Err(format!("{} belongs to another user", home.display())) }
}

fn uid() -> Result<u32, String> {
    fs::metadata("/proc/self").map(|m| m.uid()).map_err(|e| format!("/proc/self: {e}"))
}

/// Held until dropped; waits for other processes.
fn lock(path: &Path) -> Result<File, String> {
    let file = File::create(path).and_then(|f| f.lock().map(|()| f));
    file.map_err(|e| format!("{}: {e}", path.display()))
}

fn answers(url: &str) -> bool {
    with_client(url, |c| c.batch_execute("SELECT 1")).is_ok()
}

/// Folder of `initdb` and `pg_ctl`, of the newest version installed.
fn binaries() -> Result<PathBuf, String> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    if let Ok(folders) = fs::read_dir("/usr/lib/postgresql") {
        for folder in folders.flatten() {
            let bin = folder.path().join("bin");
            if let (Ok(version), true) = (folder.file_name().to_string_lossy().parse(), bin.join("initdb").exists()) {
                found.push((version, bin));
            }
        }
    }
    for folder in std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()) {
        if folder.join("initdb").exists() && folder.join("pg_ctl").exists() {
            found.push((0, folder));
        }
    }
    let newest = found.into_iter().max_by_key(|(version, _)| *version);
    newest.map(|(_, bin)| bin).ok_or_else(|| "no PostgreSQL server is installed (initdb, pg_ctl)".to_owned())
}

/// A command as a user that PostgreSQL accepts: it refuses to run as root.
fn command(program: &Path) -> Result<Command, String> {
    let mut command = if uid()? == 0 {
        let mut c = Command::new("runuser");
        c.args(["-u", "postgres", "--"]).arg(program);
        c
    } else {
        Command::new(program)
    };
    // The server must not hold pipes of the test runner, nor stand in a folder its user may not enter.
    command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Ok(command)
}

fn call(mut command: Command, log: &Path) -> Result<(), String> {
    let status = command.status().map_err(|e| format!("{command:?}: {e}"))?;
    if status.success() {
        return Ok(());
    }
    let said = fs::read_to_string(log).unwrap_or_else(|e| format!("no log: {e}"));
    Err(format!("{command:?} ended with {status}: {said}"))
}

fn launch(home: &Path) -> Result<String, String> {
    let (bin, place) = (binaries()?, home.join("pg"));
    let (data, log) = (place.join("data"), place.join("log"));
    fs::create_dir_all(&place).map_err(|e| format!("{}: {e}", place.display()))?;
    if uid()? == 0 {
        let mut chown = Command::new("chown");
        chown.arg("postgres").arg(&place);
        call(chown, &log)?;
    }
    let mut initdb = command(&bin.join("initdb"))?;
    initdb.arg("-D").arg(&data).args(["-U", "kontor", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);
    call(initdb, &log)?;
    let rules = data.join("pg_hba.conf");
    let usual = fs::read_to_string(&rules).map_err(|e| format!("{}: {e}", rules.display()))?;
    fs::write(&rules, format!("{PASSWORDS}{usual}")).map_err(|e| format!("{}: {e}", rules.display()))?;
    let port = free_port()?;
    let settings = format!(
        "-p {port} -k {} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
         -c max_connections=400 -c shared_buffers=128MB -c max_wal_size=2GB",
        place.display()
    );
    let mut start = command(&bin.join("pg_ctl"))?;
    start.arg("-D").arg(&data).arg("-l").arg(&log).args(["-w", "-t", "60", "-o", &settings, "start"]);
    call(start, &log)?;
    Ok(format!("postgres://kontor@127.0.0.1:{port}/postgres"))
}

/// Stops what runs in the folder, if anything, and removes its data.
fn halt(home: &Path) -> Result<(), String> {
    let place = home.join("pg");
    if place.join("data/postmaster.pid").exists() {
        let mut stop = command(&binaries()?.join("pg_ctl"))?;
        stop.arg("-D").arg(place.join("data")).args(["-w", "-m", "immediate", "stop"]);
        // A pid file left by a crash names no process: then there is nothing to stop.
        if let Err(e) = call(stop, &place.join("log")) {
            eprintln!("{e}");
        }
    }
    match fs::remove_dir_all(&place) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(format!("{}: {e}", place.display())),
        _ => Ok(()),
    }
}

fn free_port() -> Result<u16, String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
    listener.local_addr().map(|a| a.port()).map_err(|e| e.to_string())
}
