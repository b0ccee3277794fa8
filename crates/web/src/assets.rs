//! Scripts, styles, fonts and icons, embedded under hashed names and served for ever, in the best encoding the caller takes.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use kontor_kernel::HashMap;
use rust_embed::RustEmbed;
use std::borrow::Cow;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "../../frontend/dist"]
struct Dist;

/// Logical name (`app.css`) to file (`app.35485aea2e.css`).
static MANIFEST: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let Some(file) = Dist::get("manifest.json") else { return HashMap::new() };
    serde_json::from_slice(&file.data).expect("frontend/dist/manifest.json is written by our own build")
});

/// Address of an asset by its logical name. A name that was not built gives an address that answers 404.
pub fn url(logical: &str) -> String {
    match MANIFEST.get(logical) {
        Some(file) => format!("/assets/{file}"),
        None => format!("/assets/missing/{logical}"),
    }
}

/// Scripts that the first one imports at once; pages ask for them together with it.
pub fn preloads() -> Vec<String> {
    (0..).map_while(|n| MANIFEST.get(&format!("preload.{n}.js"))).map(|file| format!("/assets/{file}")).collect()
}

/// Changes when any asset changes; pages carry it so that an old tab knows a new version is served.
pub fn build_id() -> &'static str {
    MANIFEST.get("app.js").map_or("none", |f| f.trim_start_matches("app.").trim_end_matches(".js"))
}

/// An asset in one of its encodings.
pub struct Asset {
    pub body: Cow<'static, [u8]>,
    pub content_type: &'static str,
    pub encoding: Option<&'static str>,
}

/// Finds a file of `dist` by its hashed name; `accept` is the caller's `Accept-Encoding`.
pub fn find(file: &str, accept: &str) -> Option<Asset> {
    // compressed copies and the manifest are not files of their own
    let content_type = content_type(file)?;
    if !MANIFEST.values().any(|f| f == file) && !is_chunk(file) {
        return None;
    }
    for (encoding, suffix) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts(accept, encoding)
            && let Some(found) = Dist::get(&format!("{file}{suffix}"))
        {
            return Some(Asset { body: found.data, content_type, encoding: Some(encoding) });
        }
    }
    Dist::get(file).map(|found| Asset { body: found.data, content_type, encoding: None })
}

/// Parts that scripts share are named by their content and not listed in the manifest.
fn is_chunk(file: &str) -> bool {
    file.ends_with(".js")
}

fn content_type(file: &str) -> Option<&'static str> {
    Some(match file.rsplit_once('.')?.1 {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

/// Whether `Accept-Encoding` names `encoding` without `q=0`.
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|part| {
        let mut bits = part.split(';').map(str::trim);
        let named = bits.next().is_some_and(|n| n.eq_ignore_ascii_case(encoding));
        named && !bits.any(|p| p.strip_prefix("q=").is_some_and(|q| q.trim_matches(['0', '.']).is_empty()))
    })
}

/// `GET /assets/{file}`.
pub async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response<Body> {
    let accept = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("");
    let mut response = Response::new(Body::empty());
    let Some(asset) = find(&file, accept) else {
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let h = response.headers_mut();
    h.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    h.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    h.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(encoding) = asset.encoding {
        h.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    *response.body_mut() = match asset.body {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_10_encodings_are_negotiated() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("GZIP;q=0.5", "gzip"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("br;q=0.0", "br"));
        assert!(!accepts("", "gzip"));
    }

    #[test]
    fn plt_10_only_built_files_are_served() {
        for bad in ["manifest.json", "../Cargo.toml", "app.css.br", "nothing.css", "x", ""] {
            assert!(find(bad, "br").is_none(), "{bad}");
        }
        if !MANIFEST.is_empty() {
            let css = find(url("app.css").trim_start_matches("/assets/"), "gzip, br").expect("the style sheet is built");
            assert_eq!((css.content_type, css.encoding), ("text/css; charset=utf-8", Some("br")));
        }
    }
}
