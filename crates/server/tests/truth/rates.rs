//! Rates of seventeen years, on both databases.

use crate::support::*;
use kontor_kernel::{Currency, Rate};
use kontor_platform::app::Asked;
use kontor_platform::{App, Ctx};
use serde_json::{Value as Json, json};

fn code(c: &str) -> Currency {
    Currency::parse(c).expect("a code")
}

#[test]
fn prc_02_rates_of_the_ecb_full_also_on_days_without_one() {
    if set("fx_ecb").is_none() {
        return;
    }
    let truth = truth("fx_ecb");
    kontor_testkit::both(|db| {
        let app = app(db);
        import(&app, "fx_ecb");
        // How many different days and currencies there are is a question about the file, not about the business.
        assert_eq!(json!(number(&app, "SELECT COUNT(DISTINCT date) FROM rates")), truth["days"]);
        let currencies = truth["currencies"].as_array().expect("a list").len() as i64;
        assert_eq!(number(&app, "SELECT COUNT(DISTINCT currency) FROM rates"), currencies);
        let end = |sort: &str| first(&app, "rates", sort)["date"].clone();
        assert_eq!([end("date"), end("-date")], [truth["first"].clone(), truth["last"].clone()]);
        published(&app, &truth);
        let at = |date| rate(&app, "USD", date).date.to_string();
        // A Sunday, a day of the year without trade, a Sunday after two holidays: the last earlier day answers.
        assert_eq!([at("2011-07-03"), at("2011-01-01"), at("2015-12-27")], ["2011-07-01", "2010-12-31", "2015-12-24"]);
        crossed(&app, &truth);
    });
}

fn rate(app: &App, currency: &str, date: &str) -> kontor_prices::RateAt {
    app.store
        .read(|c| {
            let of = c.query_one("SELECT id FROM rate_types WHERE name = 'ECB'", &[])?.id(0)?;
            kontor_prices::rate_at(c, of, code(currency), date.parse().expect("a date"))
        })
        .expect("a query")
        .unwrap_or_else(|| panic!("a rate of {currency} on {date}"))
}

fn published(app: &App, truth: &Json) {
    for (date, rates) in truth["sample_eur_to"].as_object().expect("dates") {
        for (currency, said) in rates.as_object().expect("rates") {
            let found = rate(app, currency, date);
            assert_eq!(
                (found.rate, found.date.to_string()),
                (Rate::parse(said.as_str().expect("text")).expect("a rate"), date.clone()),
                "{currency} {date}"
            );
        }
    }
}

/// The product's own cross rates, as `GET /rates/at` tells them, rounded to the six decimals of the truth.
fn crossed(app: &App, truth: &Json) {
    let question = app.registry.questions.iter().find(|q| q.path == "rates/at").expect("the question is there");
    let ask = |from: &str, to: &str, date: &str| {
        let query = [("currency", from), ("to", to), ("date", date)].map(|(k, v)| (k.to_string(), v.to_string())).to_vec();
        (question.run)(app, &Ctx::system(), &Asked { query, ..Default::default() }).expect("an answer")
    };
    for (date, rates) in truth["cross_rate_example"].as_object().expect("dates") {
        let told = ask("GBP", "USD", date);
        let rate = Rate::parse(told["rate"].as_str().expect("text")).expect("a rate").scaled();
        let six = (rate + 50) / 100;
        assert_eq!(json!(format!("{}.{:06}", six / 1_000_000, six % 1_000_000)), rates["GBP->USD"], "{date}");
        assert_eq!(told["used"].as_array().map(Vec::len), Some(2), "both published rates are named");
    }
    // There and back.
    let (there, back) = (ask("GBP", "USD", "2015-12-31"), ask("USD", "GBP", "2015-12-31"));
    let one = Rate::parse(there["rate"].as_str().expect("text")).expect("a rate").scaled() as i128
        * Rate::parse(back["rate"].as_str().expect("text")).expect("a rate").scaled() as i128;
    assert!((one - 10i128.pow(16)).abs() < 10i128.pow(9), "{one}");
}
