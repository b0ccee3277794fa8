//! Figures for Prometheus: requests by status class, time taken, memory.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

static BY_CLASS: [AtomicU64; 6] = [const { AtomicU64::new(0) }; 6];
/// Upper bounds in microseconds.
const BUCKETS: [u64; 10] = [500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 1_000_000, 10_000_000];
static TOOK: [AtomicU64; 11] = [const { AtomicU64::new(0) }; 11];
static TOTAL_US: AtomicU64 = AtomicU64::new(0);

pub async fn count(req: Request, next: Next) -> Response {
    let start = Instant::now();
    let mut r = next.run(req).await;
    let us = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    BY_CLASS[usize::from(r.status().as_u16() / 100).min(5)].fetch_add(1, Relaxed);
    TOOK[BUCKETS.iter().position(|b| us <= *b).unwrap_or(BUCKETS.len())].fetch_add(1, Relaxed);
    TOTAL_US.fetch_add(us, Relaxed);
    // Until the answer begins, waiting for a turn included; browsers show it beside what the network took.
    if let Ok(took) = HeaderValue::try_from(format!("total;dur={}.{:03}", us / 1_000, us % 1_000)) {
        r.headers_mut().insert(SERVER_TIMING, took);
    }
    r
}

/// Resident memory in bytes; 0 where the system does not tell.
pub fn memory() -> u64 {
    let Ok(s) = std::fs::read_to_string("/proc/self/status") else { return 0 };
    s.lines().find_map(|l| l.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()).map_or(0, |k| k * 1024)
}

pub fn text() -> String {
    let mut o = String::from("# TYPE kontor_requests_total counter\n");
    for (i, c) in BY_CLASS.iter().enumerate().skip(1) {
        // Writing to a string cannot fail.
        let _ = writeln!(o, "kontor_requests_total{{class=\"{i}xx\"}} {}", c.load(Relaxed));
    }
    o.push_str("# TYPE kontor_request_seconds histogram\n");
    let mut sum = 0;
    for (b, c) in BUCKETS.iter().zip(&TOOK) {
        sum += c.load(Relaxed);
        let _ = writeln!(o, "kontor_request_seconds_bucket{{le=\"{}\"}} {sum}", *b as f64 / 1e6);
    }
    sum += TOOK[BUCKETS.len()].load(Relaxed);
    let _ = writeln!(
        o,
        "kontor_request_seconds_bucket{{le=\"+Inf\"}} {sum}\nkontor_request_seconds_sum {}\nkontor_request_seconds_count {sum}",
        TOTAL_US.load(Relaxed) as f64 / 1e6
    );
    let _ = writeln!(o, "# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes {}", memory());
    o
}
