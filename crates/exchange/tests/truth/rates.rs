//! Rates of seventeen years.

use crate::support::*;
use kontor_kernel::{Currency, Rate};
use kontor_testkit::TestDb;
use serde_json::json;

#[test]
fn prc_02_rates_of_the_ecb_full_also_on_days_without_one() {
    if set("fx_ecb").is_none() {
        return;
    }
    let truth = truth("fx_ecb");
    let db = TestDb::sqlite();
    let app = app(&db);
    import(&app, "fx_ecb");
    assert_eq!(json!(number(&app, "SELECT COUNT(DISTINCT date) FROM rates")), truth["days"]);
    assert_eq!(number(&app, "SELECT COUNT(DISTINCT currency) FROM rates"), truth["currencies"].as_array().expect("a list").len() as i64);
    let of = app.store.read(|c| c.query_one("SELECT id FROM rate_types WHERE name = 'ECB'", &[])?.id(0)).expect("the rate type is there");
    let at = |currency: &str, date: &str| {
        app.store
            .read(|c| kontor_prices::rate_at(c, of, Currency::parse(currency).expect("a code"), date.parse().expect("a date")))
            .expect("a query")
            .unwrap_or_else(|| panic!("a rate of {currency} on {date}"))
    };
    for (date, rates) in truth["sample_eur_to"].as_object().expect("dates") {
        for (currency, rate) in rates.as_object().expect("rates") {
            let found = at(currency, date);
            assert_eq!(
                (found.rate, found.date.to_string()),
                (Rate::parse(rate.as_str().expect("text")).expect("a rate"), date.clone()),
                "{currency} {date}"
            );
        }
    }
    // A Sunday, and the day of the year without trade: the last earlier day answers.
    assert_eq!(at("USD", "2011-07-03").date.to_string(), "2011-07-01");
    assert_eq!(at("USD", "2011-01-01").date.to_string(), "2010-12-31");
    for (date, rates) in truth["cross_rate_example"].as_object().expect("dates") {
        let (gbp, usd) = (at("GBP", date), at("USD", date));
        let cross = (i128::from(usd.rate.scaled()) * 1_000_000 * 10 / i128::from(gbp.rate.scaled()) + 5) / 10;
        assert_eq!(json!(format!("{}.{:06}", cross / 1_000_000, cross % 1_000_000)), rates["GBP->USD"], "{date}");
    }
}
