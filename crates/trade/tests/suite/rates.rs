//! Rates in the shapes in which banks publish them.

use crate::support::*;
use kontor_exchange::Options;
use kontor_kernel::Currency;
use kontor_platform::execute::Envelope;
use kontor_platform::{App, Ctx};
use kontor_testkit::TestDb;
use kontor_trade::fetch::{Fetch, Http};
use serde_json::{Value as Json, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn at(app: &Arc<App>, of: &str, currency: &str, date: &str) -> Option<(String, String)> {
    let id = app.store.read(|c| c.query_one(&format!("SELECT id FROM rate_types WHERE name = '{of}'"), &[])?.id(0)).expect("a rate type");
    let (currency, date) = (Currency::parse(currency).expect("a code"), date.parse().expect("a date"));
    let found = app.store.read(|c| kontor_prices::rate_at(c, id, currency, date)).expect("a query");
    found.map(|r| (r.rate.to_string(), r.date.to_string()))
}

const ECB: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject><gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
<Cube><Cube time="2015-12-31"><Cube currency="USD" rate="1.0887"/><Cube currency="GBP" rate="0.73395"/></Cube>
<Cube time="2015-12-30"><Cube currency="USD" rate="1.0926"/></Cube></Cube></gesmes:Envelope>"#;

const NBU: &str = r#"[{"r030":840,"txt":"Долар США","rate":42.1058,"cc":"USD","exchangedate":"20.11.2026"},
{"r030":392,"txt":"Єна","rate":2.71,"cc":"JPY","units":10,"exchangedate":"20.11.2026"}]"#;

struct Canned(&'static str);
impl Fetch for Canned {
    fn get(&self, url: &str) -> kontor_kernel::error::Result<Vec<u8>> {
        assert_eq!(url, "https://example.com/eurofxref-hist.xml?x=1");
        Ok(self.0.as_bytes().to_vec())
    }
}

#[test]
fn prc_02_rates_of_banks_in_xml_and_json() {
    kontor_testkit::both(|db| {
        let app = app(db);
        let input = kontor_trade::input("https://example.com/eurofxref-hist.xml?x=1", &Canned(ECB)).expect("is got");
        assert_eq!(input.name(), "eurofxref-hist.xml");
        let r = kontor_trade::import(&app, &Ctx::system(), "rates", &input, &Options::default());
        assert_eq!(counts(&r), (3, 4, 0, 0, 0), "{:?}", r.errors);
        assert_eq!(at(&app, "ECB", "USD", "2016-01-02"), Some(("1.0887".into(), "2015-12-31".into())), "the last earlier day answers");
        assert_eq!(at(&app, "ECB", "GBP", "2015-12-30"), None);
        let r = bytes(&app, "rates", NBU);
        assert_eq!(counts(&r), (2, 3, 0, 0, 0), "{:?}", r.errors);
        assert_eq!(at(&app, "НБУ", "USD", "2026-11-21"), Some(("42.1058".into(), "2026-11-20".into())));
        assert_eq!(number(&app, "SELECT per FROM rates WHERE currency = 'JPY'"), 10);
        let audit = number(&app, "SELECT COUNT(*) FROM audit");
        assert!(bytes(&app, "rates", ECB).ok() && bytes(&app, "rates", NBU).ok());
        assert_eq!(number(&app, "SELECT COUNT(*) FROM audit"), audit, "twice is the same as once");
        // A rate that the bank corrects is corrected.
        let r = bytes(&app, "rates", ECB.replace("1.0926", "1.0927"));
        assert_eq!((r.created, r.updated), (0, 1), "{:?}", r.errors);
    });
}

#[test]
fn prc_02_broken_feeds_are_told_by_line_and_nothing_is_taken() {
    let db = TestDb::sqlite();
    let app = app(&db);
    let cases: [(String, (u32, &str)); 7] = [
        (ECB.replace("0.73395", "-1"), (4, "Cube@rate")),
        (ECB.replace("0.73395", "0"), (4, "Cube@rate")),
        (ECB.replace("GBP", "PIRATE"), (4, "Cube@currency")),
        (ECB.replace("</Cube></gesmes:Envelope>", ""), (5, "")),
        ("<rates/>".into(), (0, "")),
        (NBU.replace("42.1058", "\"many\""), (1, "[0].rate")),
        (NBU.replace("}]", "}"), (2, "")),
    ];
    for (data, place) in cases {
        let r = bytes(&app, "rates", data.clone());
        assert_eq!((places(&r), r.created), (vec![place], 0), "{data}");
    }
    assert_eq!(number(&app, "SELECT COUNT(*) FROM rates"), 0);
}

#[test]
fn prc_02_the_wide_table_of_the_ecb_needs_no_profile() {
    let Some(folder) = set("fx_ecb") else { return };
    let db = TestDb::sqlite();
    let app = app(&db);
    let file = kontor_trade::input(&folder.join("eurofxref-hist.csv.gz").to_string_lossy(), &Http::default()).expect("a path");
    let r = kontor_trade::import(&app, &Ctx::system(), "rates", &file, &Options::default());
    assert!(r.ok(), "{:?}", r.errors.first());
    let truth = truth("fx_ecb");
    assert_eq!(serde_json::json!(number(&app, "SELECT COUNT(DISTINCT date) FROM rates")), truth["days"]);
    for (date, rates) in truth["sample_eur_to"].as_object().expect("dates") {
        for (currency, rate) in rates.as_object().expect("rates") {
            let found = at(&app, "ECB", currency, date).expect("a rate");
            assert_eq!((found.0.as_str(), &found.1), (rate.as_str().expect("text"), date), "{currency} {date}");
        }
    }
}

/// Answers what stands in it; nothing there is a server that does not answer.
#[derive(Clone, Default)]
struct Bank(Arc<Mutex<Option<String>>>);
impl Fetch for Bank {
    fn get(&self, url: &str) -> kontor_kernel::error::Result<Vec<u8>> {
        let answer = self.0.lock().expect("nobody panicked").clone();
        answer.map(String::into_bytes).ok_or_else(|| {
            kontor_kernel::error::Error::new(kontor_kernel::error::Kind::Unavailable, "fetch_failed")
                .arg("url", url)
                .arg("message", "timeout")
        })
    }
}

#[test]
fn prc_02_a_feed_is_asked_daily_a_failure_is_told_and_tried_again() {
    kontor_testkit::both(|db| {
        let bank = Bank::default();
        let app = app_with(db, |r| kontor_trade::register_with(r, bank.clone()));
        let wrong = app.execute(&Ctx::system(), Envelope::new("rate-feeds.create", json!({"name": "x", "url": "file:///etc/passwd"})));
        assert_eq!(wrong.expect_err("is refused").inner().fields[0].code, "fetch_url_bad");
        let feed = make(&app, "rate-feeds", json!({"name": "ЄЦБ", "url": "https://example.com/daily.xml"}));
        make(&app, "rate-feeds", json!({"name": "Вимкнено", "url": "https://example.com/off.xml", "active": false}));
        let run = |hours_ago: i64| {
            app.schedule_jobs(chrono::Utc::now() - chrono::Duration::hours(hours_ago)).expect("queued");
            while app.run_jobs(Duration::from_secs(30)).expect("jobs run") {}
        };
        let seen = || -> Json { app.get(&Ctx::system(), "rate-feeds", feed).expect("the feed is there") };
        let before = |minutes: i64| {
            let at = chrono::Utc::now() - chrono::Duration::minutes(minutes);
            let set = move |c: &mut kontor_platform::store::Conn<'_>| {
                c.exec("UPDATE rate_feeds SET loaded_at = ? WHERE id = ? AND loaded_at IS NOT NULL", &[at.into(), feed.into()])?;
                c.exec("UPDATE rate_feeds SET tried_at = ? WHERE id = ?", &[at.into(), feed.into()])
            };
            app.store.write(kontor_platform::store::Priority::Jobs, set).expect("written");
        };
        // The bank does not answer: told at the feed, and the job itself is over.
        run(9);
        let f = seen();
        assert_eq!(
            (&f["error"]["code"], &f["error"]["args"]["message"], &f["loaded_at"]),
            (&json!("fetch_failed"), &json!("timeout"), &Json::Null),
            "{f}"
        );
        assert_eq!(number(&app, "SELECT COUNT(*) FROM jobs WHERE kind = 'load-rates' AND state = 'done'"), 1);
        // Too early for another attempt, then an hour later the bank is back.
        *bank.0.lock().expect("nobody panicked") = Some(ECB.into());
        run(8);
        assert_eq!(seen()["loaded_at"], Json::Null);
        before(60);
        run(7);
        let f = seen();
        assert_eq!((&f["error"], &f["loaded"]), (&Json::Null, &json!(4)), "{f}");
        assert_eq!(at(&app, "ECB", "USD", "2016-01-02"), Some(("1.0887".into(), "2015-12-31".into())));
        // Once a day is enough.
        *bank.0.lock().expect("nobody panicked") = Some(ECB.replace("1.0887", "1.0999"));
        before(60);
        run(6);
        assert_eq!(at(&app, "ECB", "USD", "2016-01-02").map(|r| r.0), Some("1.0887".into()));
        before(24 * 60);
        run(5);
        assert_eq!(at(&app, "ECB", "USD", "2016-01-02").map(|r| r.0), Some("1.0999".into()));
        // By hand at any time; a file that cannot be taken is told by its row.
        *bank.0.lock().expect("nobody panicked") = Some(ECB.replace("1.0887", "-1"));
        app.execute(&Ctx::system(), Envelope::new("rate-feeds.load", json!({})).on(feed)).expect("queued");
        while app.run_jobs(Duration::from_secs(30)).expect("jobs run") {}
        let f = seen();
        assert_eq!(f["error"]["code"], json!("rate_feed_file"), "{f}");
        assert!(!f["loaded_at"].is_null(), "when it was loaded last stays: {f}");
        assert_eq!(at(&app, "ECB", "USD", "2016-01-02").map(|r| r.0), Some("1.0999".into()), "nothing of a wrong file is taken");
    });
}
