//! The HTTP server: pages, API, health, metrics; the worker beside it; stops gracefully.

use crate::config::File;
use crate::connections::{self, HEAD};
use crate::limits::{self, Rates, Turns};
use crate::proxy::{self, Trusted};
use crate::tls::{self, TlsListener};
use crate::{cli, demo, metrics, worker};
use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kontor_kernel::error::{Error, Result};
use kontor_platform::App;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

pub struct Options {
    pub url: String,
    pub listen: String,
    pub demo: bool,
    /// Folder of files.
    pub data: PathBuf,
    pub edge: Edge,
    pub file: File,
}

/// How the server meets the world outside.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    /// Address under which people reach it, without a slash at the end.
    pub public_url: Option<String>,
    pub tls: Option<tls::Files>,
    pub trusted: Trusted,
    /// Most requests with one token within a minute; none: as many as there are.
    pub requests_per_minute: Option<u32>,
}

impl Edge {
    /// Command line over settings file.
    pub fn of(url: Option<String>, tls: (Option<PathBuf>, Option<PathBuf>), trusted: Vec<String>, file: &File) -> Result<Edge> {
        let url = url.or_else(|| file.public_url.clone());
        let public_url = url.map(|u| checked_url(&u)).transpose()?;
        let tls = tls::Files::of(tls.0.or_else(|| file.tls_cert.clone()), tls.1.or_else(|| file.tls_key.clone()))?;
        let trusted = if trusted.is_empty() { file.trusted_proxies.clone().unwrap_or_default() } else { trusted };
        let requests_per_minute = file.limits.requests_per_minute;
        Ok(Edge { public_url, tls, trusted: Trusted::parse(&trusted)?, requests_per_minute })
    }
    /// Browsers come by HTTPS: cookies are for that only.
    pub fn https(&self) -> bool {
        self.tls.is_some() || self.public_url.as_deref().is_some_and(|u| u.starts_with("https://"))
    }
}

/// `https://crm.example.org`, with a port if need be, without a path.
fn checked_url(url: &str) -> Result<String> {
    let bare = url.trim().trim_end_matches('/');
    let host = bare.strip_prefix("https://").or_else(|| bare.strip_prefix("http://"));
    match host {
        Some(h) if !h.is_empty() && !h.contains(['/', '?', '#', '@', ' ']) => Ok(bare.to_string()),
        _ => Err(Error::field("public-url", "bad_url").field_arg("value", url)),
    }
}

/// Threads for blocking work; more would only queue at the database, and each keeps memory that it has used once.
const BLOCKING_THREADS: usize = 10;
/// What lies among incoming files for so long was left there: another node may be reading the others.
const LEFT: Duration = Duration::from_secs(24 * 3600);
/// Open requests are given so long to end.
const GRACE: Duration = Duration::from_secs(10);

pub fn run(o: Options) -> Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .with_writer(std::io::stderr)
        .init();
    let address: SocketAddr = o.listen.parse().map_err(|_| Error::refused("bad_listen").arg("value", &o.listen))?;
    if o.demo && !address.ip().is_loopback() {
        return Err(Error::refused("demo_loopback_only"));
    }
    if o.demo {
        demo::prepare(&o.url, &o.file)?;
    }
    let app = cli::open(&o.url, &o.file)?;
    app.migrate()?;
    app.data.get_or_init(|| o.data.clone());
    sweep(&app);
    if o.demo {
        demo::tell();
        app.demo.get_or_init(demo::people);
    }
    let rt =
        tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(BLOCKING_THREADS).build().map_err(Error::internal)?;
    let acceptor = o.edge.tls.as_ref().map(tls::acceptor).transpose()?;
    let router = router(&app, &o.edge, o.file.metrics_token.clone());
    let setup = app.offer_setup()?;
    let nodes = app.join_nodes()?;
    let stop = worker::start(app.clone());
    let done = rt.block_on(async move {
        let listener =
            tokio::net::TcpListener::bind(address).await.map_err(|e| Error::refused("listen_failed").arg("address", address).cause(e))?;
        let at = listener.local_addr().map_err(Error::internal)?;
        let scheme = if acceptor.is_some() { "https" } else { "http" };
        let url = o.edge.public_url.clone().unwrap_or_else(|| format!("{scheme}://{at}"));
        let mut told = format!("Kontor: {scheme}://{at}/\n");
        if let Some(code) = setup {
            told.push_str(&format!("First administrator: {url}/setup?code={code}\n"));
        }
        let mut out = std::io::stdout();
        if let Err(e) = out.write_all(told.as_bytes()).and_then(|()| out.flush()) {
            // Whoever started it does not listen; it serves all the same.
            tracing::debug!(error = %e, "standard output");
        }
        let served = async {
            match acceptor {
                Some(a) => connections::serve(TlsListener::new(listener, a)?, router, HEAD, stopped()).await,
                None => connections::serve(listener, router, HEAD, stopped()).await,
            }
            Ok(())
        };
        tokio::select! {
            r = served => r.map_err(|e: std::io::Error| Error::internal(e)),
            () = async { stopped().await; tokio::time::sleep(GRACE).await } => Ok(()),
        }
    });
    stop.stop();
    drop(nodes);
    rt.shutdown_timeout(Duration::from_secs(2));
    done
}

/// Files that came in and were left lying by a process that was killed.
fn sweep(app: &App) {
    let old = |e: &std::fs::DirEntry| {
        let changed = e.metadata().and_then(|m| m.modified()).ok();
        changed.and_then(|at| at.elapsed().ok()).is_some_and(|age| age > LEFT)
    };
    // There is no folder until the first file comes; what cannot be looked at is left to the next start.
    for left in std::fs::read_dir(app.incoming()).into_iter().flatten().flatten().filter(old) {
        if let Err(e) = std::fs::remove_dir_all(left.path()) {
            tracing::warn!(error = %e, file = %left.path().display(), "a file left over stays");
        }
    }
}

async fn stopped() {
    // A signal that cannot be listened to never comes; the other one may.
    let ctrl_c = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let term = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut s) => {
                s.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    tokio::select! { () = ctrl_c => {}, () = term => {} }
}

#[derive(Clone)]
struct Ops {
    app: Arc<App>,
    metrics_token: Option<Arc<str>>,
}

/// Everything that is served.
pub fn router(app: &Arc<App>, edge: &Edge, metrics_token: Option<String>) -> Router {
    let https = edge.https();
    let trusted = edge.trusted.clone();
    let ops = Ops { app: app.clone(), metrics_token: metrics_token.map(Into::into) };
    let health = Router::new()
        .route("/health/live", get(|| async { "live\n" }))
        .route("/health/ready", get(ready))
        .route("/metrics", get(show_metrics))
        .with_state(ops);
    // Small answers cost more to compress than to send; event streams must not be held back.
    let compress = CompressionLayer::new().compress_when(SizeAbove::new(1024).and(NotForContentType::SSE).and(NotForContentType::IMAGES));
    let api = kontor_api::router(kontor_api::Api { app: app.clone(), https });
    health
        .merge(api)
        .merge(kontor_web::router(app.clone(), https))
        .layer(compress)
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(|cause: Box<dyn std::any::Any + Send>| {
            let what =
                cause.downcast_ref::<String>().cloned().or_else(|| cause.downcast_ref::<&str>().map(|s| s.to_string())).unwrap_or_default();
            kontor_api::problem::response(&Error::internal(what), kontor_texts::Lang::En)
        }))
        .layer(middleware::from_fn(move |req, next| headers(https, req, next)))
        .layer(middleware::from_fn_with_state(Turns::new(app), limits::in_turn))
        .layer(middleware::from_fn(limits::read_out))
        .layer(middleware::from_fn_with_state(limits::REQUEST, limits::in_time))
        .layer(middleware::from_fn_with_state(Rates::new(edge.requests_per_minute), limits::per_token))
        .layer(middleware::from_fn(metrics::count))
        .layer(middleware::from_fn(move |req, next| proxy::resolve(trusted.clone(), req, next)))
}

async fn headers(https: bool, req: Request, next: Next) -> Response {
    let mut r = next.run(req).await;
    let h = r.headers_mut();
    if https {
        h.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static("max-age=31536000"));
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("permissions-policy", "camera=(self), geolocation=(self), microphone=()"),
    ] {
        h.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    h.entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; style-src 'self'; frame-ancestors 'none'"));
    r
}

async fn ready(State(o): State<Ops>) -> Response {
    let done = tokio::task::spawn_blocking(move || o.app.store.read(|c| c.query_one("SELECT 1", &[]).map(|_| ()))).await;
    match done {
        Ok(Ok(())) => "ready\n".into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response(),
    }
}

async fn show_metrics(State(o): State<Ops>, ConnectInfo(from): ConnectInfo<SocketAddr>, req: Request) -> Response {
    let given = req.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    let by_token = o.metrics_token.as_deref().is_some_and(|t| given == Some(t));
    // A proxy on this machine must not open it to everybody.
    let local = from.ip().is_loopback() && !proxy::is_forwarded(req.headers());
    if !local && !by_token {
        return StatusCode::NOT_FOUND.into_response();
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics::text()).into_response()
}
