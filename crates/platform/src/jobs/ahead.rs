//! Reading ahead: while slices are on their way to the database, the next ones are read and computed. Each is written only where
//! the one before it ended, so that after a failure none is left out.

use super::run::{Held, Ran, Written, read_slice};
use crate::app::App;
use crate::cx::Progress;
use crate::store::{Pending, Priority};
use kontor_kernel::error::{Error, Result};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

/// Slices on their way: two commits of bulk work, so that the writer has the next at hand while the last is flushed.
const AHEAD: usize = 40;
/// While slices grow to their size, few are on their way: each tells how large the next may be.
const GROWING: usize = 3;
const GROWN: usize = 400;
/// Browsers are told of progress at most so often.
const TELL: Duration = Duration::from_millis(250);

struct OnWay {
    pending: Pending<Written>,
    took: Arc<AtomicU64>,
    size: usize,
}

impl App {
    /// Runs slices while `more` holds. What is on its way is waited for in any case, so that the job stands where its row says.
    pub(super) fn run_ahead(self: &Arc<Self>, held: &mut Held, more: &dyn Fn() -> bool) -> Result<Ran> {
        let kind = self.registry.job_of(&held.job.kind).ok_or_else(|| Error::internal("the kind of job is not known"))?;
        let ctx = match self.context(held) {
            Ok(ctx) => ctx,
            Err(e) => return self.failed(held, e),
        };
        let mut on_way: VecDeque<OnWay> = VecDeque::with_capacity(AHEAD);
        let mut reading = held.job.clone();
        let (mut open, mut failure, mut ran, mut told) = (true, None, Ran::On, Instant::now());
        loop {
            let room = if held.job.size < GROWN { GROWING } else { AHEAD };
            if open && on_way.len() < room {
                reading.size = held.job.size;
                match read_slice(self, kind, &ctx, &reading) {
                    Ok(slice) => {
                        let from = std::mem::replace(&mut reading.position, slice.step.position.clone());
                        (reading.done, reading.total) = (slice.step.done, slice.step.total);
                        open = slice.step.finished.is_none() && more();
                        let took: Arc<AtomicU64> = Arc::default();
                        match self.store.submit(Priority::Import, self.writing(held, &ctx, slice, Some(from), took.clone())) {
                            Ok(pending) => on_way.push_back(OnWay { pending, took, size: reading.size }),
                            Err(e) => (open, failure) = (false, Some(e)),
                        }
                    }
                    Err(e) => (open, failure) = (false, Some(e)),
                }
                if open && on_way.len() < room {
                    continue;
                }
            }
            let Some(first) = on_way.pop_front() else { break };
            match first.pending.wait() {
                Ok(written) => match self.settle(held, written, first.size, &first.took) {
                    Ran::On if held.cancel_asked => open = false,
                    Ran::On => {}
                    end => (open, ran) = (false, end),
                },
                // Those behind it find the job elsewhere and write nothing.
                Err(e) => (open, failure) = (false, failure.or(Some(e))),
            }
            if told.elapsed() > TELL {
                told = Instant::now();
                self.tell(held, Progress::RUNNING);
            }
        }
        match failure {
            Some(e) if !matches!(ran, Ran::Lost | Ran::Over) => self.failed(held, e),
            _ => Ok(ran),
        }
    }
}
