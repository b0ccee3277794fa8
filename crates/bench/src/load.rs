//! A small HTTP/1.1 client over kept connections, many at once, and the figures of a run.

use kontor_kernel::error::{Error, Result};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::time::{Duration, Instant};

pub struct Client {
    stream: BufReader<TcpStream>,
    auth: String,
}

pub struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
    /// What the server says it took, in milliseconds.
    pub served_ms: Option<f64>,
}

fn io(e: std::io::Error) -> Error {
    Error::internal(e)
}

impl Client {
    pub fn new(at: SocketAddr, token: &str) -> Result<Client> {
        let s = TcpStream::connect(at).map_err(io)?;
        s.set_nodelay(true).map_err(io)?;
        s.set_read_timeout(Some(Duration::from_secs(60))).map_err(io)?;
        Ok(Client {
            stream: BufReader::with_capacity(64 * 1024, s),
            auth: format!("Authorization: Bearer {token}\r\nCookie: kontor_session={token}\r\n"),
        })
    }

    pub fn get(&mut self, path: &str) -> Result<Reply> {
        self.call("GET", path, "")
    }
    pub fn post(&mut self, path: &str, body: &str) -> Result<Reply> {
        self.call("POST", path, body)
    }

    fn call(&mut self, method: &str, path: &str, body: &str) -> Result<Reply> {
        let mut out =
            format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{}Content-Length: {}\r\n\r\n", self.auth, body.len()).into_bytes();
        out.extend_from_slice(body.as_bytes());
        self.stream.get_mut().write_all(&out).map_err(io)?;
        let mut line = String::new();
        self.stream.read_line(&mut line).map_err(io)?;
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(|| Error::internal("no status line"))?;
        let (mut length, mut chunked, mut served_ms) = (0usize, false, None);
        loop {
            line.clear();
            self.stream.read_line(&mut line).map_err(io)?;
            let l = line.trim_end().to_ascii_lowercase();
            if l.is_empty() {
                break;
            }
            if let Some(v) = l.strip_prefix("content-length:") {
                length = v.trim().parse().map_err(Error::internal)?;
            }
            if let Some(v) = l.strip_prefix("server-timing: total;dur=") {
                served_ms = Some(v.parse().map_err(Error::internal)?);
            }
            chunked |= l.starts_with("transfer-encoding:") && l.contains("chunked");
        }
        let mut body = vec![];
        if chunked {
            loop {
                line.clear();
                self.stream.read_line(&mut line).map_err(io)?;
                let n = usize::from_str_radix(line.trim(), 16).map_err(Error::internal)?;
                let at = body.len();
                body.resize(at + n, 0);
                self.stream.read_exact(&mut body[at..]).map_err(io)?;
                line.clear();
                self.stream.read_line(&mut line).map_err(io)?;
                if n == 0 {
                    break;
                }
            }
        } else {
            body.resize(length, 0);
            self.stream.read_exact(&mut body).map_err(io)?;
        }
        Ok(Reply { status, body, served_ms })
    }
}

/// What a run gave: sorted times in milliseconds and calls a second.
pub struct Times {
    pub ms: Vec<f64>,
    pub per_second: f64,
}

impl Times {
    pub fn quantile(&self, q: f64) -> f64 {
        if self.ms.is_empty() {
            return f64::NAN;
        }
        self.ms[((self.ms.len() as f64 * q) as usize).min(self.ms.len() - 1)]
    }
    pub fn of(mut ms: Vec<f64>, took: Duration) -> Times {
        ms.sort_by(f64::total_cmp);
        Times { per_second: ms.len() as f64 / took.as_secs_f64(), ms }
    }
}

/// `clients` threads call `f(thread, turn)` until the time is over; the first error ends the run.
pub fn many(clients: usize, lasts: Duration, f: impl Fn(usize, usize) -> Result<()> + Sync) -> Result<Times> {
    let all = Mutex::new(vec![]);
    let failed: Mutex<Option<Error>> = Mutex::new(None);
    let start = Instant::now();
    std::thread::scope(|s| {
        for c in 0..clients {
            let (all, failed, f) = (&all, &failed, &f);
            s.spawn(move || {
                let mut mine = vec![];
                let mut turn = 0;
                while start.elapsed() < lasts {
                    let t = Instant::now();
                    if let Err(e) = f(c, turn) {
                        *failed.lock().unwrap_or_else(|e| e.into_inner()) = Some(e);
                        break;
                    }
                    mine.push(t.elapsed().as_secs_f64() * 1000.0);
                    turn += 1;
                }
                all.lock().unwrap_or_else(|e| e.into_inner()).extend(mine);
            });
        }
    });
    if let Some(e) = failed.into_inner().unwrap_or_else(|e| e.into_inner()) {
        return Err(e);
    }
    Ok(Times::of(all.into_inner().unwrap_or_else(|e| e.into_inner()), start.elapsed()))
}

/// Median of the figures of `n` runs.
pub fn median(n: usize, mut f: impl FnMut() -> Result<f64>) -> Result<f64> {
    let mut v = (0..n).map(|_| f()).collect::<Result<Vec<_>>>()?;
    v.sort_by(f64::total_cmp);
    Ok(v[v.len() / 2])
}
