//! Two nodes on one database are one office: what is written at one is heard at the other by those who may, also after the line
//! between them has broken.

use crate::browser::{Browser, Office};
use crate::fixtures::{system, two_nodes, user};
use axum::http::Method;
use kontor_platform::nodes::{Joined, News};
use kontor_platform::store::Priority;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Envelope};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;

const AT_ONCE: Duration = Duration::from_secs(2);

fn make(app: &Arc<App>, ctx: &Ctx, collection: &str, input: Json) -> Id {
    let done = app.execute(ctx, Envelope::new(format!("{collection}.create"), input));
    done.unwrap_or_else(|e| panic!("{collection}: {e}")).id.expect("an id")
}

fn region(app: &Arc<App>, name: &str) -> Id {
    make(app, &system(), "regions", json!({"name": name}))
}

/// What is told next, if anything is within the time.
fn next(live: &mut Receiver<News>, most: Duration) -> Option<News> {
    let until = Instant::now() + most;
    loop {
        match live.try_recv() {
            Ok(news) => return Some(news),
            Err(TryRecvError::Empty) if Instant::now() < until => std::thread::sleep(Duration::from_millis(5)),
            Err(_) => return None,
        }
    }
}

/// Both nodes on the line, and past their greetings.
fn joined(one: &Arc<App>, two: &Arc<App>) -> [Joined; 2] {
    let mut heard = two.live.subscribe();
    let lines = [one, two].map(|app| app.join_nodes().expect("a line"));
    told_of(&mut heard, region(one, "Вітання"));
    lines
}

/// Passes over everything up to the word of this record.
fn told_of(live: &mut Receiver<News>, id: Id) {
    while !matches!(next(live, AT_ONCE).expect("heard"), News::Changed(l) if l.id == id) {}
}

#[test]
fn plt_15_what_is_written_at_one_node_is_heard_at_another_by_those_who_may() {
    two_nodes(|one, two| {
        let companies =
            ["Перша", "Друга"].map(|name| make(one, &system(), "companies", json!({"name": name, "currency": "UAH", "country": "UA"})));
        for (login, role) in [("boss", "director"), ("seller", "salesperson"), ("keeper", "director")] {
            user(one, login, &[role]);
        }
        let keeper = one.ctx_of("keeper", kontor_platform::Source::Api).expect("there");
        let of_one = Envelope::new("users.update", json!({"companies": [companies[0]]})).on(keeper.user_id).seen(1);
        one.execute(&system(), of_one).expect("limited");
        let _lines = joined(one, two);
        let (here, there) = (Office::new(one), Office::new(two));
        let at_two = |login| Browser::sign_in(&there, two, login);
        let (boss, seller, keeper) = (at_two("boss"), at_two("seller"), at_two("keeper"));
        let (boss_hears, seller_hears, keeper_hears) = (boss.listen(), seller.listen(), keeper.listen());

        let foreign = make(one, &system(), "partners", json!({"name": "Чужий"}));
        let written = Instant::now();
        boss_hears.until(foreign);
        assert!(written.elapsed() < AT_ONCE, "{:?}", written.elapsed());
        let [mine, theirs] = companies.map(|c| make(one, &system(), "warehouses", json!({"name": format!("Склад {c}"), "company_id": c})));
        boss_hears.until(theirs);
        keeper_hears.until(mine);
        // What one does himself at one node, his other windows hear at the other.
        let own = one.ctx_of("seller", kontor_platform::Source::Api).expect("there");
        let own = make(one, &own, "partners", json!({"name": "Свій"}));
        let told = seller_hears.until(own);
        assert!(!told.contains(&foreign.to_string()), "the partner of others: {told}");
        let told = keeper_hears.until(own);
        assert!(!told.contains(&theirs.to_string()), "the warehouse of another company: {told}");

        // They see one another at the same record.
        let look = |who: &Browser| -> Json {
            let answer = who.send(Method::PUT, &format!("/api/v1/presence/partners/{foreign}"), "application/json", vec![]);
            serde_json::from_slice(answer.body()).expect("people")
        };
        let at_one = Browser::sign_in(&here, one, "keeper");
        look(&at_one);
        let since = Instant::now();
        while look(&boss)["people"][0]["name"] != "keeper" {
            assert!(since.elapsed() < AT_ONCE, "nobody else is seen");
            std::thread::sleep(Duration::from_millis(10));
        }
        at_one.send(Method::DELETE, &format!("/api/v1/presence/partners/{foreign}"), "application/json", vec![]);
        while look(&boss)["people"] != json!([]) {
            assert!(since.elapsed() < AT_ONCE * 2, "still there");
            std::thread::sleep(Duration::from_millis(10));
        }
    });
}

#[test]
fn plt_15_a_line_that_breaks_is_opened_anew_and_listeners_look_again() {
    two_nodes(|one, two| {
        let _lines = joined(one, two);
        let mut heard = two.live.subscribe();
        for round in 0..2 {
            let broken = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kontor line'";
            let ended = one.store.write(Priority::People, move |c| Ok(c.query(broken, &[])?.len())).expect("asked");
            assert_eq!(ended, 2);
            region(one, &format!("Поки лінії немає {round}"));
            while !matches!(next(&mut heard, AT_ONCE * 2), Some(News::Missed)) {}
            // From then on each change comes by itself, or with another call to look again.
            let id = region(one, &format!("Знову {round}"));
            loop {
                match next(&mut heard, AT_ONCE).expect("heard") {
                    News::Changed(l) if l.id == id => break,
                    News::Changed(_) => {}
                    News::Missed => break,
                }
            }
        }
        while next(&mut heard, Duration::from_millis(1500)).is_some() {}
        let id = region(one, "Тихо");
        assert!(matches!(next(&mut heard, AT_ONCE), Some(News::Changed(l)) if l.id == id), "by itself, and nothing before it");
    });
}

#[test]
fn plt_15_more_changes_than_can_be_told_are_one_call_to_look_again() {
    two_nodes(|one, two| {
        let _lines = joined(one, two);
        let mut heard = two.live.subscribe();
        let many = (0..1_500).map(|n| Envelope::new("regions.create", json!({"name": format!("Регіон {n}")}))).collect();
        one.execute_slice(&system(), many, false).expect("made");
        let told: Vec<News> = std::iter::from_fn(|| next(&mut heard, AT_ONCE)).collect();
        assert!(matches!(told.last(), Some(News::Missed)) && told.len() < 600, "{} and {:?}", told.len(), told.last());
    });
}
