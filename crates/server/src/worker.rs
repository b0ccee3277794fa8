//! The worker beside the server: delivers the outbox, removes what has run out. One thread; several nodes share by leases.

use kontor_platform::App;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::JoinHandle;
use std::time::Duration;

pub struct Worker {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    pub fn stop(mut self) {
        self.stop.store(true, Relaxed);
        if let Some(t) = self.thread.take()
            && t.join().is_err()
        {
            tracing::error!("the worker ended with a panic");
        }
    }
}

pub fn start(app: Arc<App>) -> Worker {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    let thread = std::thread::Builder::new().name("worker".into()).spawn(move || {
        let mut idle = 0u32;
        while !flag.load(Relaxed) {
            if !app.registry.consumers.is_empty() {
                match app.deliver_due(50) {
                    Ok(0) => idle = (idle + 1).min(10),
                    Ok(_) => idle = 0,
                    Err(e) => {
                        tracing::warn!(error = %e, "outbox");
                        idle = 10;
                    }
                }
            } else {
                idle = 10;
            }
            std::thread::sleep(Duration::from_millis(50 * u64::from(idle)));
        }
    });
    match thread {
        Ok(t) => Worker { stop, thread: Some(t) },
        Err(e) => {
            tracing::error!(error = %e, "the worker could not start");
            Worker { stop, thread: None }
        }
    }
}
