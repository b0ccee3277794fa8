//! `kill -9` under load: every acknowledged write is there after the restart, drafts too; nothing unacknowledged is half there;
//! a call that stayed without an answer, made again under its key, is done once; registers agree with the documents, and `kontor
//! check` finds nothing after each kill. Then a movement altered behind its back is found.

mod load;
mod machine;
mod nodes;

use kontor_kernel::HashMap;
use load::{Asked, Book, DOCUMENTS, Person, World, is_contention, prepare, rank};
use machine::{Client, Server, decimal, id, kontor};
use serde_json::Value as Json;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

const PASSWORD: &str = "correct horse battery";
const ROUNDS: u64 = 3;
const PEOPLE: u64 = 8;

/// Every acknowledged record is there, in the state and version it was acknowledged in or a later one.
fn nothing_is_lost(c: &Client, book: &Book) {
    let mut there = HashMap::new();
    let mut comments: HashMap<String, usize> = HashMap::new();
    for collection in DOCUMENTS {
        for d in c.all(collection) {
            *comments.entry(d["comment"].as_str().unwrap_or_default().to_string()).or_default() += 1;
            there.insert((collection, id(&d)), (d["state"].as_str().unwrap_or_default().to_string(), d["version"].as_i64().unwrap_or(0)));
        }
    }
    for (at, (state, version)) in &book.known {
        let (now, current) = there.get(at).unwrap_or_else(|| panic!("{at:?}, acknowledged as {state}, is lost"));
        assert!(rank(now) >= rank(state) && current >= version, "{at:?} was acknowledged as {state} ({version}) and is {now} ({current})");
    }
    for key in &book.made {
        assert_eq!(comments.get(key), Some(&1), "made once under the key {key}");
    }
    for a in book.open.iter().filter(|a| a.path == a.collection) {
        assert!(comments.get(&a.key).is_none_or(|n| *n == 1), "a create without an answer was done twice");
    }
}

/// What nobody answered is asked again under its key: it is done now or it was done then, and once more changes nothing.
fn ask_again(c: &Client, book: &mut Book) {
    for Asked { collection, path, key, body } in std::mem::take(&mut book.open) {
        let ask = || c.call("POST", &path, Some(&key), &body).expect("an answer");
        let first = ask();
        if is_contention(first.status, &first.body) {
            continue;
        }
        assert!((200..300).contains(&first.status), "{path} again: {} {:#}", first.status, first.body);
        let second = ask();
        assert!(second.replayed && second.body["id"] == first.body["id"], "{path} a third time: {} {:#}", second.status, second.body);
        assert_eq!(second.body["version"], first.body["version"], "{path} a third time");
        book.note(collection, &path, &key, &first.body);
    }
}

/// Stock, reserve and settlements as the program answers them against what the documents say.
fn books_agree(c: &Client, w: &World) {
    let of = |collection: &str, state: &str| -> Vec<Json> {
        let found = c.all(collection).into_iter().filter(|d| d["state"] == state);
        found.map(|d| c.get(&format!("{collection}/{}", id(&d)))).collect()
    };
    let (orders, shipments, payments) = (of("sales-orders", "confirmed"), of("shipments", "posted"), of("payments", "posted"));
    let receipts = of("stock-receipts", "posted");
    let sum = |documents: &[Json], product: &str, column: &str| -> i64 {
        let lines = documents.iter().flat_map(|d| d["lines"].as_array().expect("lines"));
        lines.filter(|l| l["product_id"] == *product).map(|l| decimal(&l[column])).sum()
    };
    for p in &w.products {
        let stock = c.get(&format!("stock?product_id={p}&warehouse_id={}", w.warehouse));
        let row = stock["items"].get(0).cloned().unwrap_or_default();
        let (on_hand, reserved) = (decimal(&row["on_hand"]), decimal(&row["reserved"]));
        assert_eq!(on_hand, sum(&receipts, p, "quantity") - sum(&shipments, p, "quantity"), "stock against receipts and shipments");
        assert_eq!(reserved, sum(&orders, p, "quantity") - sum(&orders, p, "shipped_quantity"), "reserve against orders");
        assert!(0 <= reserved && reserved <= on_hand, "{reserved} of {on_hand} are promised");
    }
    for p in &w.partners {
        let s = c.get(&format!("settlements?partner_id={p}"));
        let balance = s["items"].as_array().and_then(|a| a.first()).map_or(0, |r| decimal(&r["balance"]));
        let total = |documents: &[Json], column: &str| -> i64 {
            documents.iter().filter(|d| d["partner_id"] == *p).map(|d| decimal(&d[column])).sum()
        };
        assert_eq!(balance, total(&shipments, "total") - total(&payments, "amount"), "settlements against shipments and payments");
    }
}

fn check(url: &str) {
    let out = kontor(url, &["check"]);
    assert!(out.status.success(), "check found: {}", String::from_utf8_lossy(&out.stdout));
}

/// People at work until the server is killed under them.
fn busy_until_killed(server: Server, c: &Client, w: &World, book: &Mutex<Book>, round: u64) {
    let today = chrono::Utc::now().date_naive().to_string();
    let stop = AtomicBool::new(false);
    let whole = || book.lock().expect("not poisoned").whole;
    let before = whole();
    std::thread::scope(|s| {
        for n in 0..PEOPLE {
            let mut person = Person {
                client: c.clone(),
                world: w,
                book,
                name: format!("{round}-{n}"),
                today: today.clone(),
                luck: round * 100 + n,
                patient: false,
            };
            let stop = &stop;
            s.spawn(move || {
                let mut going = if n == 0 { person.receive() } else { Ok(()) };
                while !stop.load(Relaxed) && going.is_ok() {
                    going = person.sale();
                }
            });
        }
        std::thread::sleep(Duration::from_millis(1200 + 400 * round));
        // A slow machine is given the time for one whole chain at least: killing an idle server proves nothing.
        for _ in 0..300 {
            if whole() > before {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        server.kill();
        stop.store(true, Relaxed);
    });
}

/// An administrator's token for a new office.
fn token(url: &str) -> String {
    let out = kontor(url, &["user", "add", "--login", "admin", "--password", PASSWORD, "--role", "administrator"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let out = kontor(url, &["token", "create", "--user", "admin", "--scope", "all"]);
    String::from_utf8_lossy(&out.stdout).lines().last().expect("a token").to_string()
}

fn crash(url: &str) {
    let token = token(url);
    let mut server = Server::start(url);
    let mut c = Client { at: server.at, token };
    let w = prepare(&c);
    let book = Mutex::new(Book::default());
    let mut unanswered = 0;
    for round in 0..ROUNDS {
        busy_until_killed(server, &c, &w, &book, round);
        check(url);
        server = Server::start(url);
        c.at = server.at;
        let mut book = book.lock().expect("not poisoned");
        unanswered += book.open.len();
        nothing_is_lost(&c, &book);
        ask_again(&c, &mut book);
        nothing_is_lost(&c, &book);
        books_agree(&c, &w);
    }
    server.kill();
    check(url);
    let book = book.into_inner().expect("not poisoned");
    eprintln!("{unanswered} calls without an answer, {} refused, done: {:?}", book.refused, book.done);
    assert!(unanswered > 0, "the server was killed at work");
    for command in ["sales-orders.confirm", "sales-orders.cancel", "shipments.post", "shipments.reverse", "payments.post"] {
        assert!(book.done.contains_key(command), "the load has no {command}: {:?}", book.done);
    }
    alter_a_movement(url);
    let out = kontor(url, &["check"]);
    assert_eq!(out.status.code(), Some(1), "an altered movement was not found");
    assert!(String::from_utf8_lossy(&out.stdout).contains("stock"), "{}", String::from_utf8_lossy(&out.stdout));
}

/// Past every command, as a hand in the database would.
fn alter_a_movement(url: &str) {
    let store = kontor_platform::store::Store::open(url, Default::default()).expect("the database opens");
    store
        .exec_outside("UPDATE reg_stock_movements SET on_hand = on_hand + 1 WHERE seq = (SELECT MIN(seq) FROM reg_stock_movements)")
        .expect("altered");
}

#[test]
fn plt_17_crash_heavy_loses_nothing_on_sqlite() {
    let db = kontor_testkit::TestDb::sqlite();
    crash(&db.url);
}

#[test]
fn plt_17_crash_heavy_loses_nothing_on_postgres() {
    if let Some(why) = kontor_testkit::postgres_missing() {
        eprintln!("skipped: {why}");
        return;
    }
    let db = kontor_testkit::TestDb::postgres();
    crash(&db.url);
}
