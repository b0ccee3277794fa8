//! A browser at the served router, without a network in between: pages, API, files, live events.

use axum::body::Body;
use axum::http::{Method, Request, Response, header};
use kontor_platform::App;
use kontor_platform::value::Id;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio_stream::StreamExt;
use tower::ServiceExt;

/// The served router, and what drives it.
pub struct Office {
    router: axum::Router,
    rt: tokio::runtime::Runtime,
}

impl Office {
    pub fn new(app: &Arc<App>) -> Arc<Office> {
        let router = kontor::serve::router(app, &Default::default(), None);
        let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(1).max_blocking_threads(4).enable_all().build();
        Arc::new(Office { router, rt: rt.expect("a runtime") })
    }
}

/// A browser that is signed in.
#[derive(Clone)]
pub struct Browser {
    office: Arc<Office>,
    cookie: String,
    csrf: String,
    lang: &'static str,
}

impl Browser {
    pub fn sign_in(office: &Arc<Office>, app: &Arc<App>, login: &str) -> Browser {
        let token = app.sign_in(login, "correct horse battery", "test").expect("signed in");
        let csrf = app.identify(&token).expect("known").csrf.to_string();
        Browser { office: office.clone(), cookie: format!("kontor_session={token}"), csrf, lang: "en" }
    }

    /// One that nobody has signed in with.
    pub fn stranger(office: &Arc<Office>) -> Browser {
        Browser { office: office.clone(), cookie: String::new(), csrf: String::new(), lang: "en" }
    }

    /// From now on he reads this.
    pub fn speaks(mut self, lang: &'static str) -> Browser {
        self.lang = lang;
        self.cookie = format!("{}; kontor_lang={lang}", self.cookie);
        self
    }

    fn request(&self, method: &Method, path: &str, kind: &str, body: Vec<u8>) -> Request<Body> {
        let b = Request::builder().method(method).uri(path).header(header::COOKIE, &self.cookie).header("x-csrf-token", &self.csrf);
        let b = b.header(header::CONTENT_TYPE, kind).header(header::ACCEPT_LANGUAGE, self.lang);
        b.body(Body::from(body)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// The answer, whole.
    pub fn send(&self, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Response<Vec<u8>> {
        let req = self.request(&method, path, kind, body);
        let router = self.office.router.clone();
        self.office.rt.block_on(async move {
            let (head, body) = router.oneshot(req).await.expect("an answer").into_parts();
            Response::from_parts(head, axum::body::to_bytes(body, 64 << 20).await.expect("a body").to_vec())
        })
    }

    /// Hears live events until the office closes.
    pub fn listen(&self) -> Heard {
        let heard = Arc::new(Mutex::new(String::new()));
        let (req, router, to) = (self.request(&Method::GET, "/api/v1/live", "", vec![]), self.office.router.clone(), heard.clone());
        let answer = self.office.rt.block_on(router.oneshot(req)).expect("an answer");
        assert_eq!(answer.status(), 200);
        self.office.rt.spawn(async move {
            let mut data = answer.into_body().into_data_stream();
            while let Some(Ok(piece)) = data.next().await {
                to.lock().expect("not poisoned").push_str(&String::from_utf8_lossy(&piece));
            }
        });
        Heard(heard)
    }
}

pub struct Heard(Arc<Mutex<String>>);

impl Heard {
    pub fn all(&self) -> String {
        self.0.lock().expect("not poisoned").clone()
    }
    /// Everything up to the word of this record.
    pub fn until(&self, id: Id) -> String {
        let since = Instant::now();
        while !self.all().contains(&id.to_string()) {
            assert!(since.elapsed() < Duration::from_secs(20), "not told of {id}: {}", self.all());
            std::thread::sleep(Duration::from_millis(10));
        }
        self.all()
    }
}
