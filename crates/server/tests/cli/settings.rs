//! Where settings come from: the command line over variables over `kontor.toml` over defaults; and the demo, which keeps to
//! itself.

use crate::support::{command, err, out};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn users(folder: &Path, more: impl FnOnce(&mut Command) -> &mut Command) -> std::process::Output {
    let mut c = command(folder);
    c.args(["user", "add", "--login", "ann", "--password", "correct horse battery"]);
    more(&mut c).output().expect("kontor runs")
}

#[test]
fn plt_06_settings_of_the_command_line_come_before_variables_and_those_before_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let f = folder.path();
    let is = |name: &str| f.join(name).exists();
    assert_eq!(users(f, |c| c).status.code(), Some(0));
    assert!(is("kontor-data/kontor.db"), "the default");
    assert_eq!(users(f, |c| c.env("KONTOR_DATA", "data")).status.code(), Some(0));
    assert!(is("data/kontor.db"));
    std::fs::write(f.join("kontor.toml"), "database = \"sqlite://file.db\"\nreaders = 3\n").expect("written");
    assert_eq!(users(f, |c| c).status.code(), Some(0));
    assert!(is("file.db"));
    assert_eq!(users(f, |c| c.env("KONTOR_DATABASE", "sqlite://variable.db").env("KONTOR_READERS", "2")).status.code(), Some(0));
    assert!(is("variable.db"));
    assert_eq!(users(f, |c| c.env("KONTOR_DATABASE", "sqlite://other.db").args(["--database", "sqlite://said.db"])).status.code(), Some(0));
    assert!(is("said.db") && !is("other.db"));
    std::fs::write(f.join("mine.toml"), "database = \"sqlite://mine.db\"\n").expect("written");
    assert_eq!(users(f, |c| c.env("KONTOR_CONFIG", "mine.toml")).status.code(), Some(0));
    assert!(is("mine.db"));

    for (name, text) in [("unknown.toml", "databse = \"x\"\n"), ("broken.toml", "database = \n"), ("wrong.toml", "readers = \"many\"\n")] {
        std::fs::write(f.join(name), text).expect("written");
        let o = users(f, |c| c.args(["--config", name]));
        assert_eq!((o.status.code(), out(&o).as_str()), (Some(1), ""));
        assert!(err(&o).contains(name), "{}", err(&o));
    }
    assert_eq!(users(f, |c| c.args(["--config", "missing.toml"])).status.code(), Some(1));
    assert_eq!(users(f, |c| c.env("KONTOR_READERS", "many")).status.code(), Some(2));
    let o = users(f, |c| c.args(["--database", "mysql://here"]));
    assert_eq!(o.status.code(), Some(2));
    assert!(err(&o).starts_with("kontor: ") && err(&o).contains("postgres://"), "{}", err(&o));
}

/// Ends the server however the test ends.
struct Ends(Child);
impl Drop for Ends {
    fn drop(&mut self) {
        if self.0.kill().is_ok() {
            let _ = self.0.wait();
        }
    }
}

#[test]
fn plt_06_the_demo_never_goes_into_the_database_of_the_settings() {
    let folder = tempfile::tempdir().expect("a folder");
    let f = folder.path();
    std::fs::write(f.join("kontor.toml"), "database = \"sqlite://file.db\"\n").expect("written");
    let mut c = command(f);
    c.args(["serve", "--demo", "--listen", "127.0.0.1:0"]).env("KONTOR_DATABASE", "sqlite://variable.db");
    let server = Ends(c.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts"));
    let since = Instant::now();
    while !f.join("kontor-data/demo.db.part").exists() {
        assert!(since.elapsed() < Duration::from_secs(60), "the demo is not made where it belongs");
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(server);
    assert!(!f.join("file.db").exists() && !f.join("variable.db").exists());
}

fn get(at: &str, path: &str, headers: &str) -> (u16, String) {
    let mut s = TcpStream::connect(at).expect("it listens");
    s.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
    write!(s, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n").expect("sent");
    let mut raw = String::new();
    s.read_to_string(&mut raw).expect("an answer");
    (raw.split(' ').nth(1).and_then(|c| c.parse().ok()).expect("a status"), raw)
}

#[test]
fn plt_06_metrics_open_to_others_with_the_token_of_the_variable() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut c = command(folder.path());
    c.args(["serve", "--listen", "127.0.0.1:0"]).env("KONTOR_METRICS_TOKEN", "open sesame");
    let mut server = Ends(c.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts"));
    let mut line = String::new();
    BufReader::new(server.0.stdout.take().expect("its output")).read_line(&mut line).expect("its address");
    let at = line.trim().rsplit("http://").next().expect("an address").trim_end_matches('/').to_string();
    // Asked as through a proxy, a caller is no neighbour on this machine.
    let far = "X-Forwarded-For: 203.0.113.9\r\n";
    assert_eq!(get(&at, "/metrics", far).0, 404);
    assert_eq!(get(&at, "/metrics", &format!("{far}Authorization: Bearer wrong\r\n")).0, 404);
    let (status, text) = get(&at, "/metrics", &format!("{far}Authorization: Bearer open sesame\r\n"));
    assert!(status == 200 && text.contains("# TYPE"), "{text}");
}
