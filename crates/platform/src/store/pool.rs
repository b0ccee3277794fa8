//! A small pool of connections, made when first needed, the warmest one given out first.

use kontor_kernel::error::{Error, Kind, Result};
use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

type Make<C> = Box<dyn Fn() -> Result<C> + Send + Sync>;

pub(super) struct Pool<C> {
    state: Mutex<State<C>>,
    freed: Condvar,
    make: Make<C>,
    max: usize,
    wait: Duration,
}

struct State<C> {
    idle: Vec<C>,
    /// Idle and leased ones.
    open: usize,
}

impl<C> Pool<C> {
    pub fn new(max: usize, wait: Duration, make: Make<C>) -> Self {
        Pool { state: Mutex::new(State { idle: vec![], open: 0 }), freed: Condvar::new(), make, max: max.max(1), wait }
    }

    /// Waits for a free connection; `busy` when none comes in time.
    pub fn get(&self) -> Result<Lease<'_, C>> {
        self.get_like(|_| true)
    }

    /// The same; where several are free, one that is liked.
    pub fn get_like(&self, liked: impl Fn(&C) -> bool) -> Result<Lease<'_, C>> {
        let until = Instant::now() + self.wait;
        let mut state = self.lock();
        loop {
            let at = state.idle.iter().rposition(&liked).or(state.idle.len().checked_sub(1));
            if let Some(conn) = at.map(|at| state.idle.remove(at)) {
                return Ok(Lease { pool: self, conn: Some(conn) });
            }
            if state.open < self.max {
                state.open += 1;
                drop(state);
                return self.open_one();
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Error::new(Kind::Unavailable, "busy").cause("no database connection became free in time"));
            }
            state = self.freed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Takes all idle connections out of the pool, for closing.
    pub fn drain(&self) -> Vec<C> {
        let mut state = self.lock();
        state.open -= state.idle.len();
        let idle = std::mem::take(&mut state.idle);
        drop(state);
        self.freed.notify_all();
        idle
    }

    /// Makes the connection whose place is already counted.
    fn open_one(&self) -> Result<Lease<'_, C>> {
        match (self.make)() {
            Ok(conn) => Ok(Lease { pool: self, conn: Some(conn) }),
            Err(e) => {
                self.lock().open -= 1;
                self.freed.notify_one();
                Err(e)
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection on loan; goes back when dropped.
pub(super) struct Lease<'p, C> {
    pool: &'p Pool<C>,
    conn: Option<C>,
}

impl<C> Lease<'_, C> {
    /// Takes a broken connection out for good.
    pub fn discard(mut self) -> Option<C> {
        let conn = self.conn.take();
        self.pool.lock().open -= 1;
        self.pool.freed.notify_one();
        conn
    }
}

impl<C> Drop for Lease<'_, C> {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            self.pool.lock().idle.push(conn);
            self.pool.freed.notify_one();
        }
    }
}

impl<C> Deref for Lease<'_, C> {
    type Target = C;
    fn deref(&self) -> &C {
        self.conn.as_ref().expect("a lease holds its connection until it is dropped")
    }
}
impl<C> DerefMut for Lease<'_, C> {
    fn deref_mut(&mut self) -> &mut C {
        self.conn.as_mut().expect("a lease holds its connection until it is dropped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_12_a_full_pool_says_busy_and_a_discarded_place_is_free_again() {
        let pool: Pool<u8> = Pool::new(1, Duration::from_millis(20), Box::new(|| Ok(7)));
        let first = pool.get().unwrap();
        let refused = pool.get().err().unwrap();
        assert_eq!((refused.kind(), refused.inner().code.as_ref()), (Kind::Unavailable, "busy"));
        assert_eq!(first.discard(), Some(7));
        assert_eq!(*pool.get().unwrap(), 7);
        assert_eq!(pool.drain(), vec![7]);
        assert!(pool.get().is_ok());
    }

    #[test]
    fn plt_12_of_free_connections_a_liked_one_is_given() {
        let made = std::sync::atomic::AtomicU8::new(0);
        let pool: Pool<u8> =
            Pool::new(3, Duration::from_millis(20), Box::new(move || Ok(made.fetch_add(1, std::sync::atomic::Ordering::Relaxed))));
        let (zero, one, two) = (pool.get().unwrap(), pool.get().unwrap(), pool.get().unwrap());
        [zero, one, two].into_iter().for_each(drop);
        assert_eq!(*pool.get_like(|n| *n == 0).unwrap(), 0);
        assert_eq!(*pool.get_like(|n| *n == 9).unwrap(), 0, "else the one that was used last");
    }
}
