//! The HTTP server: pages, API, health, metrics; the worker beside it; stops gracefully.

use crate::config::File;
use crate::{cli, demo, metrics, worker};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, ServiceExt};
use kontor_kernel::error::{Error, Result};
use kontor_platform::App;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

pub struct Options {
    pub url: String,
    pub listen: String,
    pub demo: bool,
    pub public_url: Option<String>,
    pub file: File,
}

/// Threads for blocking work; more would only queue at the database, and each keeps memory that it has used once.
const BLOCKING_THREADS: usize = 10;
/// Open requests are given so long to end.
const GRACE: Duration = Duration::from_secs(10);

pub fn run(o: Options) -> Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .with_writer(std::io::stderr)
        .init();
    let address: SocketAddr = o.listen.parse().map_err(|_| Error::field("listen", "bad_code").field_arg("value", &o.listen))?;
    if o.demo && !address.ip().is_loopback() {
        return Err(Error::refused("demo_loopback_only"));
    }
    if o.demo {
        demo::prepare(&o.url, &o.file)?;
    }
    let app = cli::open(&o.url, &o.file)?;
    app.migrate()?;
    if o.demo {
        demo::tell();
        app.demo.get_or_init(demo::people);
    }
    let rt =
        tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(BLOCKING_THREADS).build().map_err(Error::internal)?;
    let https = o.public_url.as_deref().is_some_and(|u| u.starts_with("https://"));
    let router = router(&app, https, o.file.metrics_token.clone());
    let setup = app.offer_setup()?;
    let stop = worker::start(app.clone());
    let done = rt.block_on(async move {
        let listener =
            tokio::net::TcpListener::bind(address).await.map_err(|e| Error::refused("listen_failed").arg("address", address).cause(e))?;
        let at = listener.local_addr().map_err(Error::internal)?;
        println!("Kontor: http://{at}/");
        if let Some(code) = setup {
            println!("First administrator: http://{at}/setup?code={code}");
        }
        use std::io::Write;
        std::io::stdout().flush().map_err(Error::internal)?;
        let service = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(router);
        let served = axum::serve(listener, service).with_graceful_shutdown(stopped());
        tokio::select! {
            r = served => r.map_err(Error::internal),
            () = async { stopped().await; tokio::time::sleep(GRACE).await } => Ok(()),
        }
    });
    stop.stop();
    rt.shutdown_timeout(Duration::from_secs(2));
    done
}

async fn stopped() {
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
pub fn router(app: &Arc<App>, https: bool, metrics_token: Option<String>) -> Router {
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
        .layer(middleware::from_fn(headers))
        .layer(middleware::from_fn_with_state(Turns::new(), in_turn))
        .layer(middleware::from_fn(metrics::count))
}

/// Reading requests wait for their turn, first come first served: more of them at once would only take the cores and the
/// connections from one another, and the unlucky ones would wait longest. Long work has a turn of its own, so that it
/// never takes all connections.
#[derive(Clone)]
struct Turns {
    quick: Arc<Semaphore>,
    long: Arc<Semaphore>,
}

impl Turns {
    fn new() -> Turns {
        // One more than cores, for the time that a request waits for the disk or for PostgreSQL.
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let readers = kontor_platform::store::StoreOptions::default().readers;
        Turns { quick: Arc::new(Semaphore::new(cores + 1)), long: Arc::new(Semaphore::new((readers / 2).max(1))) }
    }
    fn of(&self, req: &Request) -> Option<&Semaphore> {
        let path = req.uri().path();
        let long = ["/reports", "/export", "/files"].iter().any(|p| path.contains(p));
        let alone = ["/health", "/metrics", "/assets", "/api/v1/live"].iter().any(|p| path.starts_with(p));
        match req.method() {
            _ if alone => None,
            &Method::GET | &Method::HEAD => Some(if long { &self.long } else { &self.quick }),
            _ => None,
        }
    }
}

async fn in_turn(State(turns): State<Turns>, req: Request, next: Next) -> Response {
    let _turn = match turns.of(&req) {
        // Only a closed semaphore fails, and this one is never closed.
        Some(turn) => turn.acquire().await.ok(),
        None => None,
    };
    next.run(req).await
}

async fn headers(req: Request, next: Next) -> Response {
    let mut r = next.run(req).await;
    let h = r.headers_mut();
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
    if !from.ip().is_loopback() && !by_token {
        return StatusCode::NOT_FOUND.into_response();
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics::text()).into_response()
}
