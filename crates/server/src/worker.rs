//! Workers beside the server: one delivers the outbox, one runs jobs and starts those that the clock asks for. Several
//! nodes share both by leases.

use kontor_kernel::error::Result;
use kontor_platform::App;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A job has its turn for about so long before the next one has.
const TURN: Duration = Duration::from_secs(1);
/// How often the clock is asked for jobs.
const SCHEDULE: Duration = Duration::from_secs(60);
/// Pauses without work grow by this step, up to so many steps.
const PAUSE: Duration = Duration::from_millis(50);
const PAUSES: u32 = 10;

pub struct Worker {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Worker {
    pub fn stop(self) {
        self.stop.store(true, Relaxed);
        for t in self.threads {
            if t.join().is_err() {
                tracing::error!("a worker ended with a panic");
            }
        }
    }
}

pub fn start(app: Arc<App>) -> Worker {
    let stop = Arc::new(AtomicBool::new(false));
    // Imports whose process was killed are taken back at once.
    if let Err(e) = app.free_abandoned() {
        tracing::warn!(error = %e, "what was left over is found when its lease is over");
    }
    let mut threads = vec![];
    if !app.registry.consumers.is_empty() {
        let app = app.clone();
        threads.extend(thread("outbox", &stop, std::thread::sleep, move || Ok(app.deliver_due(50)? > 0)));
    }
    let mut scheduled: Option<Instant> = None;
    let (going, waiting) = (stop.clone(), app.clone());
    threads.extend(thread(
        "jobs",
        &stop,
        move |pause| waiting.wait_for_job(pause),
        move || {
            if scheduled.is_none_or(|at| at.elapsed() > SCHEDULE) {
                scheduled = Some(Instant::now());
                app.schedule_jobs(chrono::Utc::now())?;
            }
            app.run_jobs_while(TURN, &|| !going.load(Relaxed))
        },
    ));
    Worker { stop, threads }
}

/// Calls `work` until the end of the program; it answers whether there was anything to do. Without, it rests.
fn thread(
    name: &'static str,
    stop: &Arc<AtomicBool>,
    rest: impl Fn(Duration) + Send + 'static,
    mut work: impl FnMut() -> Result<bool> + Send + 'static,
) -> Option<JoinHandle<()>> {
    let stop = stop.clone();
    let started = std::thread::Builder::new().name(name.into()).spawn(move || {
        let mut idle = 0u32;
        while !stop.load(Relaxed) {
            match work() {
                Ok(true) => {
                    idle = 0;
                    continue;
                }
                Ok(false) => idle = (idle + 1).min(PAUSES),
                Err(e) => {
                    tracing::warn!(error = %e, "{name}");
                    idle = PAUSES;
                }
            }
            rest(PAUSE * idle);
        }
    });
    started.inspect_err(|e| tracing::error!(error = %e, "the worker {name} could not start")).ok()
}
