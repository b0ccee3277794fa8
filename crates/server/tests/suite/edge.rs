//! The server's outer edge: HTTPS by its own certificate, proxies in front, metrics.

use crate::fixtures::app;
use crate::wire::{self, Reply, ask};
use kontor::serve::Edge;
use kontor::tls::{Files, acceptor};
use kontor_testkit::TestDb;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

fn serve(db: &TestDb, edge: Edge, token: Option<&str>) -> SocketAddr {
    wire::serve(&app(&db.url), edge, token)
}

fn plain(at: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Reply {
    ask(at, "GET", path, headers, "")
}

/// A certificate for `localhost` in the test's folder, and its encoding for the client.
fn certificate(db: &TestDb, name: &str) -> (Files, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_string()]).expect("a certificate");
    let file = |ending: &str, text: String| {
        let path = db.folder().join(format!("{name}.{ending}"));
        std::fs::write(&path, text).expect("written");
        path
    };
    let files = Files { cert: file("crt", made.cert.pem()), key: file("key", made.signing_key.serialize_pem()) };
    (files, made.cert.der().clone())
}

fn secure(at: SocketAddr, trusted: CertificateDer<'static>, path: &str) -> Result<Reply, String> {
    let rt = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    rt.block_on(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut roots = RootCertStore::empty();
        roots.add(trusted).expect("a root");
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let tcp = tokio::net::TcpStream::connect(at).await.map_err(|e| e.to_string())?;
        let name = ServerName::try_from("localhost").expect("a name");
        let mut s = TlsConnector::from(Arc::new(config)).connect(name, tcp).await.map_err(|e| e.to_string())?;
        s.write_all(wire::head("GET", path, &[], 0).as_bytes()).await.map_err(|e| e.to_string())?;
        let mut out = vec![];
        let _ = s.read_to_end(&mut out).await;
        Ok(Reply::of(&out))
    })
}

#[test]
fn plt_03_https_by_an_own_certificate() {
    let db = TestDb::sqlite();
    let (files, der) = certificate(&db, "own");
    let at = serve(&db, Edge { tls: Some(files.clone()), ..Default::default() }, None);
    // Whoever connects and says nothing holds nobody up.
    let silent: Vec<TcpStream> = (0..20).map(|_| TcpStream::connect(at).expect("connected")).collect();
    let r = secure(at, der.clone(), "/health/live").expect("answered");
    assert!(r.status == 200 && r.head.contains("strict-transport-security: max-age="), "{}", r.head);
    assert!(secure(at, der, "/metrics").expect("answered").body.contains("kontor_requests_total"), "the caller's address is known");
    assert!(plain(at, "/health/live", &[]).status != 200, "nothing is answered in the clear");
    drop(silent);
    let (other, stranger) = certificate(&db, "other");
    assert!(secure(at, stranger, "/health/live").is_err(), "another certificate is not taken for it");
    // Files that do not belong together, are none, or are not there.
    let wrong = |cert: &std::path::Path, key: &std::path::Path| {
        let e = acceptor(&Files { cert: cert.into(), key: key.into() }).err().expect("refused");
        assert_eq!(e.inner().code, "tls_file_unreadable");
    };
    wrong(&files.cert, &other.key);
    wrong(&files.key, &files.key);
    wrong(&files.cert, &files.cert);
    wrong(&db.folder().join("nothing"), &files.key);
    assert_eq!(Files::of(Some(files.cert), None).expect_err("half of it").inner().code, "tls_needs_both");
}

#[test]
fn plt_03_settings_of_the_edge_are_checked() {
    let of = |url: &str| Edge::of(Some(url.into()), (None, None), vec![], &Default::default());
    assert!(of("https://crm.example.org/").expect("an address").https());
    assert!(!of("http://crm.example.org:8080").expect("an address").https());
    for bad in ["crm.example.org", "https://", "ftp://x", "https://x/kontor", "https://user@x"] {
        assert_eq!(of(bad).expect_err(bad).inner().fields[0].code, "bad_url", "{bad}");
    }
    let proxies = |p: &str| Edge::of(None, (None, None), vec![p.into()], &Default::default());
    assert!(proxies("10.0.0.0/8").is_ok());
    assert_eq!(proxies("everybody").expect_err("no address").inner().fields[0].field, "trusted-proxy");
}

#[test]
fn plt_15_metrics_count_requests_and_are_for_this_machine_or_a_token() {
    let db = TestDb::sqlite();
    let at = serve(&db, Edge::default(), Some("secret"));
    let value = |text: &str, name: &str| -> f64 {
        let line = text.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(' ')).unwrap_or_else(|| panic!("{name}: {text}"));
        line.parse().expect("a number")
    };
    let before = plain(at, "/metrics", &[]).body;
    for _ in 0..3 {
        assert_eq!(plain(at, "/health/live", &[]).status, 200);
    }
    plain(at, "/api/v1/partners", &[]);
    let after = plain(at, "/metrics", &[]).body;
    let grown = |name: &str| value(&after, name) - value(&before, name);
    // The earlier look at the metrics counts as well.
    assert_eq!(grown("kontor_requests_total{class=\"2xx\"}"), 4.0);
    assert_eq!(grown("kontor_requests_total{class=\"4xx\"}"), 1.0);
    assert_eq!(grown("kontor_request_seconds_count"), 5.0);
    assert_eq!(value(&after, "kontor_request_seconds_bucket{le=\"+Inf\"}"), value(&after, "kontor_request_seconds_count"));
    let buckets: Vec<f64> = after
        .lines()
        .filter(|l| l.starts_with("kontor_request_seconds_bucket"))
        .map(|l| l.rsplit(' ').next().and_then(|n| n.parse().ok()).expect("a number"))
        .collect();
    assert!(buckets.is_sorted() && buckets.len() > 5, "a histogram adds up: {buckets:?}");
    assert!(value(&after, "process_resident_memory_bytes") > 1e6 && grown("kontor_request_seconds_sum") > 0.0);
    let status = |headers: &[(&str, &str)]| plain(at, "/metrics", headers).status;
    assert_eq!(status(&[("X-Forwarded-For", "203.0.113.9")]), 404, "a proxy on this machine opens it to nobody");
    assert_eq!(status(&[("X-Forwarded-For", "203.0.113.9"), ("Authorization", "Bearer secret")]), 200);
    assert_eq!(status(&[("X-Forwarded-For", "203.0.113.9"), ("Authorization", "Bearer guess")]), 404);
}

#[test]
fn plt_03_behind_a_trusted_proxy_each_caller_has_tries_of_his_own() {
    let db = TestDb::sqlite();
    let trusted = Edge::of(None, (None, None), vec!["127.0.0.0/8".into()], &Default::default()).expect("settings");
    let at = serve(&db, trusted, None);
    let sign_in = |from: &str| {
        let body = r#"{"login":"eve","password":"wrong"}"#;
        ask(at, "POST", "/api/v1/session", &[("X-Forwarded-For", from)], body).status
    };
    let tries: Vec<u16> = (0..11).map(|_| sign_in("203.0.113.9")).collect();
    assert_eq!((tries[0], tries[10]), (401, 429));
    assert_eq!(sign_in("203.0.113.10"), 401, "another caller is not locked out with him");
}

#[test]
fn plt_07_a_token_has_so_many_requests_a_minute_and_is_told_when_to_come_again() {
    let db = TestDb::sqlite();
    let edge = Edge { requests_per_minute: Some(3), ..Edge::default() };
    let at = serve(&db, edge, None);
    let of = |path: &str, token: &str| plain(at, path, &[("Authorization", &format!("Bearer {token}")), ("Accept-Language", "uk")]);
    for _ in 0..3 {
        assert_eq!(of("/api/v1/partners", "one").status, 401, "a wrong token counts too");
    }
    let refused = of("/api/v1/partners", "one");
    assert_eq!(refused.status, 429);
    assert!(refused.body.contains("\"too_many_requests\"") && refused.body.contains("Забагато"), "{}", refused.body);
    let seconds: u64 =
        refused.head.split("retry-after: ").nth(1).and_then(|s| s.split("\r\n").next()?.parse().ok()).expect("when to come again");
    assert!((1..=61).contains(&seconds), "{seconds}");
    assert_eq!(of("/api/v1/partners", "other").status, 401);
    assert_eq!(of("/health/live", "one").status, 200, "only what the token is for");
}

#[test]
fn plt_17_who_does_not_finish_his_question_is_not_waited_for() {
    use std::io::{Read, Write};
    let (tx, rx) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let rt = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        rt.block_on(async move {
            let l = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            tx.send(l.local_addr().expect("an address")).expect("sent");
            let router = axum::Router::new().route("/", axum::routing::get(|| async { "x" }));
            kontor::connections::serve(l, router, std::time::Duration::from_millis(300), std::future::pending()).await;
        });
    });
    let at: SocketAddr = rx.recv().expect("started");
    let connect = || {
        let s = std::net::TcpStream::connect(at).expect("connected");
        s.set_read_timeout(Some(std::time::Duration::from_secs(10))).expect("a time-out");
        s
    };
    let mut slow = connect();
    slow.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n").expect("sent");
    let mut said = String::new();
    slow.read_to_string(&mut said).expect("closed by the server, not by our own time-out");
    assert!(!said.contains("200"), "{said}");
    let mut quick = connect();
    quick.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").expect("sent");
    let mut said = String::new();
    quick.read_to_string(&mut said).expect("an answer");
    assert!(said.starts_with("HTTP/1.1 200") && said.ends_with('x'), "{said}");
}
