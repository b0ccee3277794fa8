//! The program as a process, and calls to it that may stay without an answer.

use serde_json::Value as Json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

const BINARY: &str = env!("CARGO_BIN_EXE_kontor");

pub struct Server {
    child: Child,
    pub at: SocketAddr,
}

impl Server {
    pub fn start(url: &str) -> Server {
        let mut child = Command::new(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0", "--database", url])
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("its address");
        let at = line.trim().rsplit("http://").next().expect("an address").trim_end_matches('/').parse().expect("an address");
        Server { child, at }
    }
    /// Ends it without a word, in the middle of whatever it does.
    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }
}

pub fn kontor(url: &str, args: &[&str]) -> Output {
    Command::new(BINARY).args(args).args(["--database", url]).output().expect("kontor runs")
}

#[derive(Clone)]
pub struct Client {
    pub at: SocketAddr,
    pub token: String,
}

pub struct Reply {
    pub status: u16,
    /// The answer that an earlier call with the same key was given.
    pub replayed: bool,
    pub body: Json,
}

impl Client {
    /// One call on a connection of its own; `None` when the server is gone before it has answered.
    pub fn call(&self, method: &str, path: &str, key: Option<&str>, body: &Json) -> Option<Reply> {
        let mut s = TcpStream::connect(self.at).ok()?;
        s.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let key = key.map(|k| format!("Idempotency-Key: {k}\r\n")).unwrap_or_default();
        let head = format!(
            "{method} /api/v1/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {}\r\n{key}Content-Length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        );
        s.write_all(head.as_bytes()).ok()?;
        let mut raw = String::new();
        s.read_to_string(&mut raw).ok()?;
        let (head, body) = raw.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let replayed = head.to_ascii_lowercase().contains("\r\nidempotent-replayed: true");
        Some(Reply { status, replayed, body: if body.is_empty() { Json::Null } else { serde_json::from_str(body).ok()? } })
    }

    pub fn must(&self, path: &str, body: Json) -> Json {
        let r = self.call("POST", path, None, &body).expect("an answer");
        assert!((200..300).contains(&r.status), "{path}: {} {:#}", r.status, r.body);
        r.body
    }

    pub fn get(&self, path: &str) -> Json {
        let r = self.call("GET", path, None, &Json::Null).expect("an answer");
        assert_eq!(r.status, 200, "{path}: {:#}", r.body);
        r.body
    }

    /// Every record of a list, page by page.
    pub fn all(&self, path: &str) -> Vec<Json> {
        let mut out = vec![];
        let mut after = String::new();
        loop {
            let j = self.get(&format!("{path}?limit=500{after}"));
            out.extend(j["items"].as_array().expect("items").iter().cloned());
            match j["next"].as_str() {
                Some(n) => after = format!("&after={n}"),
                None => return out,
            }
        }
    }
}

pub fn id(j: &Json) -> String {
    j["id"].as_str().expect("an id").to_string()
}

/// Scaled by 1,000,000 as quantities are.
pub fn decimal(j: &Json) -> i64 {
    let s = j.as_str().unwrap_or("0");
    let (whole, part) = s.split_once('.').unwrap_or((s, ""));
    let part = format!("{part:0<6}");
    let n: i64 = whole.trim_start_matches('-').parse::<i64>().expect("a number") * 1_000_000 + part.parse::<i64>().expect("decimals");
    if s.starts_with('-') { -n } else { n }
}
