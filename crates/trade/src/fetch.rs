//! Files from other servers. Addresses inside of our own network are refused unless allowed, after names are resolved and at
//! every redirect, so that an address typed by a user cannot reach what only this machine can see. Bounded in time and size.

use kontor_kernel::error::{Error, Kind, Result};
use std::io::Read;
use std::net::IpAddr;
use std::time::Duration;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

/// Gets a file. Tests and other transports have their own.
pub trait Fetch: Send + Sync {
    /// The whole body of a successful answer. Errors: `fetch_url_bad`, `fetch_url_private`, `fetch_failed`, `file_too_large`.
    fn get(&self, url: &str) -> Result<Vec<u8>>;
}

/// Over HTTP or HTTPS.
#[derive(Clone, Copy, Debug)]
pub struct Http {
    pub allow_private: bool,
    pub timeout: Duration,
    pub max_bytes: u64,
}

impl Default for Http {
    fn default() -> Self {
        Http { allow_private: false, timeout: Duration::from_secs(30), max_bytes: 64 << 20 }
    }
}

impl Fetch for Http {
    fn get(&self, url: &str) -> Result<Vec<u8>> {
        if !is_url(url) {
            return Err(Error::refused("fetch_url_bad").arg("url", url));
        }
        // A proxy would resolve names for us, unseen.
        let config = ureq::Agent::config_builder().timeout_global(Some(self.timeout)).proxy(None).max_redirects(5).build();
        let agent = ureq::Agent::with_parts(config, DefaultConnector::default(), Guard { allow_private: self.allow_private });
        let failed = |e: ureq::Error| match e {
            ureq::Error::Other(e) if e.is::<Private>() => Error::refused("fetch_url_private").arg("url", url),
            e => Error::new(Kind::Unavailable, "fetch_failed").arg("url", url).arg("message", e),
        };
        let mut answer = agent.get(url).call().map_err(failed)?;
        let mut body = vec![];
        let mut limited = answer.body_mut().as_reader().take(self.max_bytes + 1);
        limited.read_to_end(&mut body).map_err(|e| Error::new(Kind::Unavailable, "fetch_failed").arg("url", url).arg("message", e))?;
        if body.len() as u64 > self.max_bytes {
            return Err(Error::new(Kind::TooLarge, "file_too_large").arg("max", self.max_bytes >> 20));
        }
        Ok(body)
    }
}

pub fn is_url(s: &str) -> bool {
    s.starts_with("http://") || s.starts_with("https://")
}

#[derive(Debug)]
struct Guard {
    allow_private: bool,
}

#[derive(Debug)]
struct Private;
impl std::fmt::Display for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("an address of a private network")
    }
}
impl std::error::Error for Private {}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &ureq::http::Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> std::result::Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        // One private address among public ones is enough: which of them answers is the other side's choice.
        if !self.allow_private && found.iter().any(|a| private(a.ip())) {
            return Err(ureq::Error::Other(Box::new(Private)));
        }
        Ok(found)
    }
}

/// Loopback, private and link-local networks, shared address space, multicast, unspecified; also written as IPv6.
pub fn private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_multicast()
                || v4.is_broadcast()
                || v4.is_documentation()
                || a == 0
                || a == 100 && (64..128).contains(&b)
                || a == 198 && (b == 18 || b == 19)
                || a >= 240
        }
        IpAddr::V6(v6) => {
            let s = v6.segments();
            let inner = v6.to_ipv4_mapped().or_else(|| {
                let hidden = s[..6] == [0; 6] || s[..6] == [0x64, 0xff9b, 0, 0, 0, 0];
                hidden.then(|| std::net::Ipv4Addr::from(((s[6] as u32) << 16) | s[7] as u32))
            });
            inner.is_some_and(|v4| private(IpAddr::V4(v4)))
                || v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || s[0] & 0xfe00 == 0xfc00
                || s[0] & 0xffc0 == 0xfe80
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::net::TcpListener;

    fn serve(answer: Vec<u8>, pause: Duration) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/rates.xml", listener.local_addr().expect("an address"));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut s) = stream else { return };
                let mut request = [0u8; 2048];
                if s.read(&mut request).is_err() {
                    return;
                }
                std::thread::sleep(pause);
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", answer.len());
                // The client may have gone, as it should after its time.
                if s.write_all(head.as_bytes()).and_then(|()| s.write_all(&answer)).is_err() {
                    return;
                }
            }
        });
        url
    }

    fn code(r: Result<Vec<u8>>) -> String {
        r.expect_err("is refused").inner().code.to_string()
    }

    #[test]
    fn prc_02_other_servers_are_asked_within_limits_and_not_inside_our_network() {
        let open = Http { allow_private: true, ..Default::default() };
        let url = serve(b"<a/>".to_vec(), Duration::ZERO);
        assert_eq!(open.get(&url).expect("is got"), b"<a/>");
        assert_eq!(code(Http::default().get(&url)), "fetch_url_private");
        assert_eq!(code(Http::default().get(&url.replace("127.0.0.1", "localhost"))), "fetch_url_private");
        assert_eq!(code(open.get("file:///etc/passwd")), "fetch_url_bad");
        let large = serve(vec![b'x'; 3000], Duration::ZERO);
        assert_eq!(code(Http { max_bytes: 1000, ..open }.get(&large)), "file_too_large");
        let slow = serve(b"<a/>".to_vec(), Duration::from_secs(60));
        let started = std::time::Instant::now();
        assert_eq!(code(Http { timeout: Duration::from_millis(200), ..open }.get(&slow)), "fetch_failed");
        assert!(started.elapsed() < Duration::from_secs(40));
    }

    #[test]
    fn prc_02_private_addresses_in_every_notation() {
        let ip = |s: &str| s.parse::<IpAddr>().expect("an address");
        for s in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "172.16.9.9",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "::1",
            "::",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "::7f00:1",
        ] {
            assert!(private(ip(s)), "{s}");
        }
        for s in ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8"] {
            assert!(!private(ip(s)), "{s}");
        }
    }
}
