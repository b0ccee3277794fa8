//! Who really calls, when a proxy that we trust stands in between: the last address of `X-Forwarded-For` that is not itself
//! one of ours. Of others the header says nothing.

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use kontor_kernel::error::{Error, Result};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Addresses with the length of their common beginning in bits.
#[derive(Clone, Debug, Default)]
pub struct Trusted(Arc<[(IpAddr, u8)]>);

fn bits(a: IpAddr) -> (u128, u8) {
    match a {
        IpAddr::V4(v) => (u128::from(u32::from(v)), 32),
        IpAddr::V6(v) => (u128::from(v), 128),
    }
}

impl Trusted {
    /// `10.0.0.0/8`, `::1`, `192.168.1.5`, …
    pub fn parse(list: &[String]) -> Result<Trusted> {
        let one = |text: &str| -> Option<(IpAddr, u8)> {
            let (address, length) = text.split_once('/').map_or((text, None), |(a, l)| (a, Some(l)));
            let address: IpAddr = address.trim().parse().ok()?;
            let most = bits(address).1;
            let length = length.map_or(Some(most), |l| l.trim().parse().ok())?;
            (length <= most).then_some((address, length))
        };
        let all = list.iter().flat_map(|l| l.split(',')).map(str::trim).filter(|s| !s.is_empty());
        all.map(|t| one(t).ok_or_else(|| Error::field("trusted-proxy", "bad_code").field_arg("value", t)))
            .collect::<Result<Vec<_>>>()
            .map(|v| Trusted(v.into()))
    }

    fn has(&self, a: IpAddr) -> bool {
        let a = a.to_canonical();
        let (n, width) = bits(a);
        self.0.iter().any(|(of, length)| {
            let (m, w) = bits(*of);
            w == width && (*length == 0 || n >> (width - length) == m >> (width - length))
        })
    }

    /// The address that a request came from.
    fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.has(peer) {
            return peer;
        }
        let named: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).collect();
        let mut at = peer;
        for text in named.iter().rev() {
            let text = text.trim();
            let Ok(a) = text.parse::<IpAddr>().or_else(|_| text.parse::<SocketAddr>().map(|s| s.ip())) else { return at };
            at = a.to_canonical();
            if !self.has(at) {
                return at;
            }
        }
        at
    }
}

/// Came through some proxy: then the machine's own address proves nothing.
pub fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded")
}

pub async fn resolve(trusted: Trusted, mut req: Request, next: Next) -> Response {
    if let Some(ConnectInfo(peer)) = req.extensions().get::<ConnectInfo<SocketAddr>>().copied() {
        let caller = trusted.caller(peer.ip(), req.headers());
        if caller != peer.ip() {
            req.extensions_mut().insert(ConnectInfo(SocketAddr::new(caller, 0)));
        }
    }
    next.run(req).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        let mut h = HeaderMap::new();
        for v in values {
            h.append("x-forwarded-for", v.parse().expect("a header"));
        }
        h
    }

    #[test]
    fn plt_03_only_trusted_proxies_say_who_calls() {
        let t = Trusted::parse(&["10.0.0.0/8, ::1".into(), "192.168.1.7".into()]).expect("a list");
        let ip = |s: &str| s.parse::<IpAddr>().expect("an address");
        let cases: [(&str, &[&str], &str); 9] = [
            ("203.0.113.9", &["1.2.3.4"], "203.0.113.9"),
            ("10.1.2.3", &["1.2.3.4"], "1.2.3.4"),
            ("10.1.2.3", &[], "10.1.2.3"),
            // What the caller himself put in front is not believed.
            ("10.1.2.3", &["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
            ("10.1.2.3", &["6.6.6.6", "1.2.3.4, 192.168.1.7"], "1.2.3.4"),
            ("10.1.2.3", &["10.9.9.9"], "10.9.9.9"),
            ("::1", &["2001:db8::5"], "2001:db8::5"),
            ("::ffff:10.1.2.3", &["1.2.3.4:5678"], "1.2.3.4"),
            ("10.1.2.3", &["1.2.3.4, nonsense"], "10.1.2.3"),
        ];
        for (peer, named, want) in cases {
            assert_eq!(t.caller(ip(peer), &headers(named)), ip(want), "{peer} {named:?}");
        }
        assert!(!Trusted::default().has(ip("127.0.0.1")));
        assert!(Trusted::parse(&["0.0.0.0/0".into()]).expect("all").has(ip("8.8.8.8")));
        for wrong in ["10.0.0.0/33", "proxy.example", "::/129", "1.2.3"] {
            assert!(Trusted::parse(&[wrong.into()]).is_err(), "{wrong}");
        }
    }
}
