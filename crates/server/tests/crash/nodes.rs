//! Two nodes of one PostgreSQL under load: connections to the database are cut at random all the time, then one node is killed while the
//! other goes on. What was acknowledged by either is there once, what was not is done once when it is asked again at the other
//! node, and the books agree.

use crate::load::{Book, Person, World, prepare};
use crate::machine::{Client, Server};
use crate::{ask_again, books_agree, check, nothing_is_lost, token};
use kontor_platform::store::{Priority, Store};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// People at each node.
const PEOPLE: u64 = 4;
/// Between two cuts.
const CUT: Duration = Duration::from_millis(150);
/// A slow machine is given so long to do a whole sale.
const SLOW: Duration = Duration::from_secs(30);

/// Ends one connection of either node that is at work just now, and one of those that say what was committed.
const CUTS: &str = "SELECT pg_terminate_backend(pid) FROM (\
    (SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kontor' AND pid <> pg_backend_pid() \
    AND state <> 'idle' ORDER BY random() LIMIT 1) UNION ALL \
    (SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kontor line' ORDER BY random() LIMIT 1)) x";

fn cut(store: &Arc<Store>) {
    // It may cut its own leg off: then the next one does it.
    drop(store.write(Priority::People, |c| c.query(CUTS, &[]).map(|_| ())));
}

fn work(c: &Client, w: &World, book: &Mutex<Book>, name: String, n: u64, stop: &AtomicBool) {
    let today = chrono::Utc::now().date_naive().to_string();
    let mut person = Person { client: c.clone(), world: w, book, name, today, luck: n, patient: true };
    let mut going = if n.is_multiple_of(PEOPLE) { person.receive() } else { Ok(()) };
    while !stop.load(Relaxed) && going.is_ok() {
        going = person.sale();
    }
}

#[test]
fn plt_17_crash_of_one_of_two_nodes_and_cut_connections_lose_nothing() {
    if let Some(why) = kontor_testkit::postgres_missing() {
        eprintln!("skipped: {why}");
        return;
    }
    let db = kontor_testkit::TestDb::postgres();
    let token = token(&db.url);
    let [one, two] = [Server::start(&db.url), Server::start(&db.url)];
    let [at_one, at_two] = [&one, &two].map(|s| Client { at: s.at, token: token.clone() });
    let w = prepare(&at_one);
    let book = Mutex::new(Book::default());
    let store = Store::open(&db.url, Default::default()).expect("the database opens");
    let stop = AtomicBool::new(false);
    std::thread::scope(|s| {
        for n in 0..PEOPLE {
            let (at_one, at_two, w, book, stop) = (&at_one, &at_two, &w, &book, &stop);
            s.spawn(move || work(at_one, w, book, format!("one-{n}"), n, stop));
            s.spawn(move || work(at_two, w, book, format!("two-{n}"), PEOPLE + n, stop));
        }
        // For a while, and until there was a whole sale and a cut that somebody felt.
        let until = |most: Duration, whole: usize| {
            let began = Instant::now();
            loop {
                cut(&store);
                std::thread::sleep(CUT);
                let felt = |b: &Book| b.whole > whole && b.interrupted > 0;
                let enough = felt(&book.lock().expect("not poisoned"));
                if began.elapsed() > SLOW || began.elapsed() > most && enough {
                    break;
                }
            }
        };
        until(Duration::from_millis(2500), 0);
        one.kill();
        let whole = book.lock().expect("not poisoned").whole;
        until(Duration::from_millis(1500), whole);
        stop.store(true, Relaxed);
    });
    check(&db.url);
    let mut book = book.into_inner().expect("not poisoned");
    eprintln!(
        "{} calls without an answer, {} interrupted, {} refused, done: {:?}",
        book.open.len(),
        book.interrupted,
        book.refused,
        book.done
    );
    assert!(book.interrupted > 0, "no connection was cut at work");
    assert!(!book.open.is_empty(), "the node was killed at work");
    nothing_is_lost(&at_two, &book);
    ask_again(&at_two, &mut book);
    let one = Server::start(&db.url);
    let at_one = Client { at: one.at, token };
    nothing_is_lost(&at_one, &book);
    books_agree(&at_one, &w);
    one.kill();
    two.kill();
    check(&db.url);
}
