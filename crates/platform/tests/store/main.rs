//! The store on both databases: what it promises to every command and query above it.

mod backends;
mod bench;
mod concurrency;
mod errors;
mod lifecycle;
mod migrations;
mod values;
mod wire;

use kontor_kernel::error::Result;
use kontor_platform::store::{Conn, Migration, Priority, Store, StoreOptions};
use kontor_platform::value::Value;
use kontor_testkit::TestDb;
use std::sync::Arc;

pub fn open(db: &TestDb) -> Arc<Store> {
    Store::open(&db.url, StoreOptions::default()).expect("the store opens")
}

/// A store with the tables of `sql` (neutral DDL).
pub fn open_with(db: &TestDb, sql: &'static str) -> Arc<Store> {
    let store = open(db);
    store.migrate(&[Migration { name: "0001_test", sql }]).expect("the migration applies");
    store
}

/// Writes as a person does.
pub fn write<T: Send + 'static>(store: &Store, f: impl FnMut(&mut Conn<'_>) -> Result<T> + Send + 'static) -> Result<T> {
    store.write(Priority::People, f)
}

pub fn exec(store: &Store, sql: &'static str, params: Vec<Value>) -> Result<u64> {
    write(store, move |c| c.exec(sql, &params))
}

/// One number, read.
pub fn number(store: &Store, sql: &str) -> i64 {
    store.read(|c| c.query_one(sql, &[])?.int(0)).expect("a number is read")
}

pub const COUNTERS: &str = "CREATE TABLE counters (id {id} NOT NULL PRIMARY KEY, name {text} NOT NULL, n {int} NOT NULL);
CREATE UNIQUE INDEX uq_counters__name__n ON counters (name, n);";
