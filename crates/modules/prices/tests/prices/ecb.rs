//! The European Central Bank's rates of seventeen years against their truth.

use crate::common::World;
use crate::world::{date, registry};
use kontor_kernel::{Currency, Rate};
use kontor_platform::store::Priority;
use kontor_platform::value::{Id, Value};
use kontor_prices::{exchange, rate_at};
use kontor_testkit::both;
use serde_json::{Value as Json, json};
use std::path::PathBuf;

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("KONTOR_TEST_DATA").map(PathBuf::from).map(|d| d.join("fx_ecb")).filter(|d| d.is_dir());
    assert!(folder.is_some() || std::env::var_os("KONTOR_REQUIRE_DATA").is_none(), "KONTOR_REQUIRE_DATA is set, but there is no fx_ecb");
    if folder.is_none() {
        eprintln!("SKIPPED: KONTOR_TEST_DATA with fx_ecb is not set");
    }
    folder
}

/// All rows as (currency, date, rate), without the cells that have no rate.
fn rows(folder: &std::path::Path) -> Vec<(String, String, String)> {
    let file = std::fs::File::open(folder.join("eurofxref-hist.csv.gz")).expect("the file is there");
    let mut csv = csv::ReaderBuilder::new().flexible(true).from_reader(flate2::read::GzDecoder::new(file));
    let heads = csv.headers().expect("a first row").clone();
    let mut out = vec![];
    for row in csv.records() {
        let row = row.expect("a readable row");
        for (head, cell) in heads.iter().zip(&row).skip(1).filter(|(h, c)| !h.is_empty() && Rate::parse(c).is_ok()) {
            out.push((head.to_string(), row[0].to_string(), cell.to_string()));
        }
    }
    out
}

#[test]
fn prc_02_rates_of_the_ecb_equal_their_truth() {
    let Some(folder) = folder() else { return };
    let truth: Json = serde_json::from_slice(&std::fs::read(folder.join("TRUTH.json")).expect("the truth is there")).expect("JSON");
    let rows = rows(&folder);
    both(|db| {
        let w = World::new(db, registry());
        let ecb = w.make("dir", "rate-types", json!({"name": "ECB", "base_currency": "EUR", "direction": "indirect"}));
        load(&w, ecb, &rows);
        w.app
            .store
            .read(|conn| {
                let days = conn.query_one("SELECT COUNT(DISTINCT date) FROM rates", &[])?.int(0)?;
                assert_eq!(json!(days), truth["days"]);
                for (day, of_day) in truth["sample_eur_to"].as_object().unwrap() {
                    for (currency, rate) in of_day.as_object().unwrap() {
                        let found = rate_at(conn, ecb, currency.parse().unwrap(), date(day))?.expect("a rate");
                        assert_eq!(
                            (found.rate, found.date),
                            (Rate::parse(rate.as_str().unwrap()).unwrap(), date(day)),
                            "{currency} on {day}"
                        );
                    }
                }
                for (day, of_day) in truth["cross_rate_example"].as_object().unwrap() {
                    for (pair, rate) in of_day.as_object().unwrap() {
                        let (from, to) = pair.split_once("->").unwrap();
                        let found = exchange(conn, ecb, from.parse().unwrap(), to.parse().unwrap(), date(day))?.ratio;
                        // The truth has six decimals.
                        let six = found.apply(1_000_000, 1)?;
                        assert_eq!(
                            six,
                            i128::from(kontor_kernel::Price::parse(rate.as_str().unwrap()).unwrap().scaled()),
                            "{pair} on {day}"
                        );
                    }
                }
                // New Year and week-ends have no rate of their own.
                for (asked, used) in
                    [("2016-01-01", "2015-12-31"), ("2010-12-04", "2010-12-03"), ("2010-12-05", "2010-12-03"), ("1999-01-04", "1999-01-04")]
                {
                    assert_eq!(rate_at(conn, ecb, Currency::USD, date(asked))?.expect("a rate").date, date(used));
                }
                assert_eq!(rate_at(conn, ecb, Currency::USD, date("1999-01-03"))?, None);
                Ok(())
            })
            .unwrap();
    });
}

/// Slices of rows as they are; the import has tests of its own.
fn load(w: &World, of: Id, rows: &[(String, String, String)]) {
    for slice in rows.chunks(20_000) {
        let slice = slice.to_vec();
        w.app
            .store
            .write(Priority::Import, move |conn| {
                let now: Value = chrono::Utc::now().into();
                let columns = [
                    "id",
                    "version",
                    "rate_type_id",
                    "currency",
                    "date",
                    "rate",
                    "per",
                    "archived",
                    "created_at",
                    "updated_at",
                    "search_text",
                ];
                let row = |(currency, day, rate): &(String, String, String)| -> Vec<Value> {
                    let rate = Rate::parse(rate).unwrap().scaled();
                    vec![
                        Id::now_v7().into(),
                        1i64.into(),
                        of.into(),
                        currency.into(),
                        date(day).into(),
                        rate.into(),
                        1i64.into(),
                        false.into(),
                        now.clone(),
                        now.clone(),
                        currency.to_lowercase().into(),
                    ]
                };
                conn.insert_rows("rates", &columns, &slice.iter().map(row).collect::<Vec<_>>(), "")?;
                Ok(())
            })
            .unwrap();
    }
}
