//! What keeps one caller from taking everything: turns for requests that read, a time for every request, requests of a token
//! within a minute.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Body as _, Frame, SizeHint};
use kontor_kernel::error::{Error, Kind};
use kontor_kernel::{HashMap, HashSet};
use kontor_platform::App;
use kontor_texts::Lang;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// A request waits for its turn for so long.
const TURN: Duration = Duration::from_secs(10);
/// A request has so long until its answer begins, its body included; what it does in the database has limits of its own.
pub const REQUEST: Duration = Duration::from_secs(130);
/// So many times that for a page that reads a file and says what it has found.
const FILES: u32 = 5;
/// So much of a body is read for nothing when it was refused, in bytes.
const REST: usize = 64 << 20;
const REST_WAIT: Duration = Duration::from_secs(10);
/// Whoever sends nothing for so long has stopped.
const REST_IDLE: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
/// Tokens that are counted at once; with more, those of the last minute are forgotten.
const TOKENS: usize = 10_000;

/// Reading requests wait for their turn, first come first served: more of them at once would only take the cores and the
/// connections from one another, and the unlucky ones would wait longest. Long work has a turn of its own, so that it
/// never takes all connections.
#[derive(Clone)]
pub struct Turns {
    quick: Arc<Semaphore>,
    long: Arc<Semaphore>,
    /// Questions too long for an address, asked while somebody types: they only read.
    posted: Arc<HashSet<String>>,
    wait: Duration,
}

impl Turns {
    pub fn new(app: &App) -> Turns {
        // One more than cores, for the time that a request waits for the disk or for PostgreSQL.
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let readers = kontor_platform::store::StoreOptions::default().readers;
        Turns {
            quick: Arc::new(Semaphore::new(cores + 1)),
            long: Arc::new(Semaphore::new((readers / 2).max(1))),
            posted: Arc::new(app.registry.questions.iter().filter(|q| q.post).map(|q| format!("/api/v1/{}", q.path)).collect()),
            wait: TURN,
        }
    }
    fn of(&self, req: &Request) -> Option<&Semaphore> {
        let path = req.uri().path();
        let long = ["/reports", "/export", "/files"].iter().any(|p| path.contains(p));
        let alone = ["/health", "/metrics", "/assets", "/api/v1/live"].iter().any(|p| path.starts_with(p));
        match req.method() {
            _ if alone => None,
            &Method::GET | &Method::HEAD => Some(if long { &self.long } else { &self.quick }),
            &Method::POST if path.ends_with("/preview") || self.posted.contains(path) => Some(&self.quick),
            _ => None,
        }
    }
}

/// What the caller reads, as his browser says it.
fn languages(req: &Request) -> Option<HeaderValue> {
    req.headers().get(header::ACCEPT_LANGUAGE).cloned()
}

fn busy(languages: Option<HeaderValue>) -> Response {
    refusal(&Error::new(Kind::Unavailable, "busy"), languages)
}

fn refusal(e: &Error, languages: Option<HeaderValue>) -> Response {
    let asked = languages.as_ref().and_then(|v| v.to_str().ok()).unwrap_or_default();
    kontor_api::problem::response(e, Lang::negotiate(asked))
}

/// A body that was not read to its end. Whoever answers before that closes the connection, and a caller that is still sending
/// sees a broken one instead of the answer.
#[derive(Clone)]
struct Rest(Arc<Mutex<Body>>);

impl hyper::body::Body for Rest {
    type Data = hyper::body::Bytes;
    type Error = axum::Error;
    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).poll_frame(cx)
    }
    fn is_end_stream(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_end_stream()
    }
    fn size_hint(&self) -> SizeHint {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).size_hint()
    }
}

impl Rest {
    async fn read_out(mut self) {
        let mut left = REST;
        loop {
            let next = std::future::poll_fn(|cx| Pin::new(&mut self).poll_frame(cx));
            let Ok(Some(Ok(frame))) = tokio::time::timeout(REST_IDLE, next).await else { return };
            let size = frame.data_ref().map_or(0, |d| d.len());
            match left.checked_sub(size) {
                Some(l) => left = l,
                None => return,
            }
        }
    }
}

/// What is refused before its body was read is answered after the rest of it has come, up to a limit.
pub async fn read_out(req: Request, next: Next) -> Response {
    let (parts, body) = req.into_parts();
    if body.is_end_stream() {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let rest = Rest(Arc::new(Mutex::new(body)));
    let r = next.run(Request::from_parts(parts, Body::new(rest.clone()))).await;
    if r.status().is_client_error() && !rest.is_end_stream() {
        // Whoever sends no further gets his answer all the same.
        let _late = tokio::time::timeout(REST_WAIT, rest.read_out()).await;
    }
    r
}

pub async fn in_turn(State(turns): State<Turns>, req: Request, next: Next) -> Response {
    let _turn = match turns.of(&req) {
        Some(turn) => match tokio::time::timeout(turns.wait, turn.acquire()).await {
            // Only a closed semaphore fails, and this one is never closed.
            Ok(turn) => turn.ok(),
            Err(_) => return busy(languages(&req)),
        },
        None => None,
    };
    next.run(req).await
}

/// Only until the answer begins: event streams go on as long as they are listened to.
pub async fn in_time(State(limit): State<Duration>, req: Request, next: Next) -> Response {
    let (languages, path) = (languages(&req), req.uri().path());
    let limit = match *req.method() {
        // A large file comes as long as it comes, each piece of it within a time of its own.
        Method::POST if path.ends_with("/import") => return next.run(req).await,
        Method::POST if path.starts_with("/price-exchange/") => limit * FILES,
        _ => limit,
    };
    match tokio::time::timeout(limit, next.run(req)).await {
        Ok(r) => r,
        Err(_) => busy(languages),
    }
}

/// Requests with a token, counted within the minute that the first of them begins.
#[derive(Clone)]
pub struct Rates {
    most: Option<u32>,
    seen: Arc<Mutex<HashMap<u64, (Instant, u32)>>>,
    hasher: RandomState,
}

impl Rates {
    pub fn new(most: Option<u32>) -> Rates {
        Rates { most, seen: Arc::default(), hasher: RandomState::new() }
    }
    /// How long to wait, where there were too many.
    fn count(&self, token: &[u8], most: u32) -> Option<Duration> {
        let (now, key) = (Instant::now(), self.hasher.hash_one(token));
        let mut seen = self.seen.lock().unwrap_or_else(|e| e.into_inner());
        if seen.len() >= TOKENS {
            seen.retain(|_, (began, _)| now.duration_since(*began) < MINUTE);
            if seen.len() >= TOKENS {
                seen.clear();
            }
        }
        let (began, n) = seen.entry(key).or_insert((now, 0));
        if now.duration_since(*began) >= MINUTE {
            (*began, *n) = (now, 0);
        }
        *n = n.saturating_add(1);
        (*n > most).then(|| MINUTE.saturating_sub(now.duration_since(*began)))
    }
}

pub async fn per_token(State(rates): State<Rates>, req: Request, next: Next) -> Response {
    let token = req.headers().get(header::AUTHORIZATION).filter(|_| req.uri().path().starts_with("/api/"));
    if let (Some(most), Some(token)) = (rates.most, token)
        && let Some(wait) = rates.count(token.as_bytes(), most)
    {
        let seconds = wait.as_secs() + 1;
        let e = Error::new(Kind::TooMany, "too_many_requests").arg("max", most).arg("seconds", seconds);
        let mut r = refusal(&e, languages(&req));
        r.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        return r;
    }
    next.run(req).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::{get, post};
    use axum::{Router, body::Body, middleware};
    use tower::ServiceExt;

    fn block_on<T>(f: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(f)
    }

    async fn ask(r: &Router) -> Response {
        r.clone().oneshot(Request::get("/x").body(Body::empty()).expect("a request")).await.expect("an answer")
    }

    fn told_to_come_again(r: &Response) {
        assert_eq!(r.status(), 503);
        assert_eq!(r.headers()[header::RETRY_AFTER], "1");
    }

    #[test]
    fn plt_17_who_waits_too_long_for_a_turn_is_told_to_come_again() {
        block_on(async {
            let one = Arc::new(Semaphore::new(1));
            let turns = Turns { quick: one.clone(), long: one.clone(), posted: Arc::default(), wait: Duration::from_millis(30) };
            let r = Router::new().route("/x", get(|| async { "x" })).layer(middleware::from_fn_with_state(turns, in_turn));
            let taken = one.acquire().await.expect("open");
            told_to_come_again(&ask(&r).await);
            drop(taken);
            assert_eq!(ask(&r).await.status(), 200);
        });
    }

    #[test]
    fn plt_17_a_request_without_end_is_ended() {
        block_on(async {
            let limit = Duration::from_millis(30);
            let slow = || async {
                tokio::time::sleep(Duration::from_millis(90)).await;
                "x"
            };
            let r = Router::new().route("/x", get(slow)).route("/x/import", post(slow)).route("/price-exchange/x", post(slow));
            let r = r.layer(middleware::from_fn_with_state(limit, in_time));
            told_to_come_again(&ask(&r).await);
            for files in ["/x/import", "/price-exchange/x"] {
                let sent = Request::post(files).body(Body::empty()).expect("a request");
                assert_eq!(r.clone().oneshot(sent).await.expect("an answer").status(), 200, "files have more time");
            }
        });
    }

    #[test]
    fn plt_07_requests_of_a_token_are_counted_by_the_minute() {
        let rates = Rates::new(Some(2));
        assert_eq!([rates.count(b"a", 2), rates.count(b"a", 2), rates.count(b"b", 2)], [None; 3]);
        assert!(rates.count(b"a", 2).is_some_and(|wait| wait <= MINUTE));
        for (began, _) in rates.seen.lock().expect("not poisoned").values_mut() {
            *began -= MINUTE;
        }
        assert_eq!(rates.count(b"a", 2), None, "a minute later");
    }
}
