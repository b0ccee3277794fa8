//! A server over a database of its own, and a client that knows no more of HTTP than the tests ask for.

use crate::fixtures::{app, user};
use axum::serve::ListenerExt;
use kontor::serve::{Edge, router};
use kontor::tls::{TlsListener, acceptor};
use kontor_platform::App;
use serde_json::{Value as Json, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

pub struct Server {
    pub at: SocketAddr,
    pub app: Arc<App>,
    _db: kontor_testkit::TestDb,
}

pub struct Reply {
    pub status: u16,
    /// In small letters.
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn of(raw: &[u8]) -> Reply {
        let text = String::from_utf8_lossy(raw);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        let head = head.to_lowercase();
        let body = if head.contains("transfer-encoding: chunked") { unchunk(body) } else { body.to_string() };
        Reply { status, head, body }
    }
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }
}

/// A server of its own over each database.
pub fn on_both(test: impl Fn(&Server)) {
    let mut all = vec![kontor_testkit::TestDb::sqlite()];
    match kontor_testkit::postgres_missing() {
        Some(why) => eprintln!("without PostgreSQL: {why}"),
        None => all.push(kontor_testkit::TestDb::postgres()),
    }
    for db in all {
        eprintln!("on {}:", if db.is_postgres() { "PostgreSQL" } else { "SQLite" });
        test(&server_on(db));
    }
}

pub fn server() -> Server {
    server_on(kontor_testkit::TestDb::sqlite())
}

fn server_on(db: kontor_testkit::TestDb) -> Server {
    let app = app(&db.url);
    Server { at: serve(&app, Edge::default(), None), app, _db: db }
}

/// Serves until the test ends; with `edge.tls` by HTTPS.
pub fn serve(app: &Arc<App>, edge: Edge, token: Option<&str>) -> SocketAddr {
    let router = router(app, &edge, token.map(str::to_string)).into_make_service_with_connect_info::<SocketAddr>();
    let (tx, rx) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        rt.block_on(async move {
            let l = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            tx.send(l.local_addr().expect("an address")).expect("sent");
            match &edge.tls {
                Some(files) => {
                    let l = TlsListener::new(l, acceptor(files).expect("a certificate")).expect("a listener").tap_io(|_| {});
                    axum::serve(l, router).await.expect("served");
                }
                None => axum::serve(l, router).await.expect("served"),
            }
        });
    });
    rx.recv_timeout(Duration::from_secs(10)).expect("started")
}

/// What is sent before the body, which has so many bytes.
pub fn head(method: &str, path: &str, headers: &[(&str, &str)], length: usize) -> String {
    let mut out = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n");
    for (k, v) in headers {
        out.push_str(&format!("{k}: {v}\r\n"));
    }
    out + "\r\n"
}

fn connected(at: SocketAddr) -> TcpStream {
    let s = TcpStream::connect(at).expect("connected");
    s.set_read_timeout(Some(Duration::from_secs(30))).expect("a time-out");
    s
}

/// A question in the clear; an answer of status 0 is none.
pub fn ask(at: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    let mut s = connected(at);
    s.write_all(head(method, path, headers, body.len()).as_bytes()).expect("sent");
    // The server may answer before it has read an oversized body.
    let _ = s.write_all(body.as_bytes());
    let mut raw = vec![];
    let _ = s.read_to_end(&mut raw);
    Reply::of(&raw)
}

impl Server {
    pub fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        ask(self.at, method, path, headers, body)
    }
    /// Says how long a body it would send, sends its beginning only and reads what is answered to that.
    pub fn begin(&self, path: &str, headers: &[(&str, &str)], length: usize, sent: usize) -> Reply {
        let mut s = connected(self.at);
        s.write_all(head("POST", path, headers, length).as_bytes()).expect("sent");
        s.write_all(&vec![b'x'; sent]).expect("taken up to the limit");
        let mut raw = [0u8; 4096];
        let n = s.read(&mut raw).expect("an answer");
        Reply::of(&raw[..n])
    }
    pub fn token(&self, login: &str, roles: &[&str]) -> String {
        user(&self.app, login, roles);
        let r = self.call("POST", "/api/v1/session", &[], &json!({"login": login, "password": "correct horse battery"}).to_string());
        assert_eq!(r.status, 200, "{}", r.body);
        format!("Bearer {}", r.json()["token"].as_str().expect("a token"))
    }
}

fn unchunk(mut s: &str) -> String {
    let mut out = String::new();
    while let Some((len, rest)) = s.split_once("\r\n") {
        let n = usize::from_str_radix(len.trim(), 16).unwrap_or(0);
        if n == 0 || rest.len() < n {
            break;
        }
        out.push_str(&rest[..n]);
        s = rest[n..].trim_start_matches("\r\n");
    }
    out
}
