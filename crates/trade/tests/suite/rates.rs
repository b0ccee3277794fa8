//! Rates in the shapes in which banks publish them.

use crate::support::*;
use kontor_exchange::Options;
use kontor_kernel::Currency;
use kontor_platform::{App, Ctx};
use kontor_testkit::TestDb;
use kontor_trade::fetch::{Fetch, Http};
use std::sync::Arc;

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
