//! Sizes and time limits of the store.

/// Whose write goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// Somebody waits at a screen.
    People = 0,
    /// Background jobs.
    Jobs = 1,
    /// Bulk loads, in slices of at most 20 ms.
    Import = 2,
}

/// Defaults suit a process that stays under 80 MB at rest.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// Read connections of SQLite.
    pub readers: usize,
    /// Connections to PostgreSQL, for reads and writes together.
    pub pg_connections: usize,
    /// A `read` that runs longer is interrupted.
    pub statement_timeout_ms: u64,
    /// A write that runs longer is interrupted; generous, for it is a bug or a migration of data.
    pub write_timeout_ms: u64,
    /// How long to wait for a connection, a lock or another process.
    pub wait_ms: u64,
    pub connect_timeout_ms: u64,
    /// How long a connection to PostgreSQL keeps the plans of its statements before they are made anew.
    pub plans_ms: u64,
    /// A commit of SQLite takes at most so many jobs …
    pub group_jobs: usize,
    /// … and at most so much time since BEGIN.
    pub group_ms: u64,
    /// The same while nobody but imports writes: each commit writes every page it touched, so rare ones write far less.
    pub import_group_ms: u64,
    pub writer_cache_kb: usize,
    /// The same while imports write: they touch pages of every index at random. Given back when the writer is idle.
    pub import_cache_kb: usize,
    pub reader_cache_kb: usize,
    /// Prepared statements kept per connection.
    pub cached_statements: usize,
}

impl Default for StoreOptions {
    fn default() -> Self {
        StoreOptions {
            readers: 4,
            pg_connections: 8,
            statement_timeout_ms: 15_000,
            write_timeout_ms: 120_000,
            wait_ms: 10_000,
            connect_timeout_ms: 5_000,
            plans_ms: 60_000,
            group_jobs: 64,
            group_ms: 2,
            import_group_ms: 300,
            writer_cache_kb: 16 * 1024,
            import_cache_kb: 128 * 1024,
            reader_cache_kb: 8 * 1024,
            cached_statements: 384,
        }
    }
}
