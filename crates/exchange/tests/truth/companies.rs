//! Partner files of two countries.

use crate::support::*;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

#[test]
fn plt_06_companies_of_ukraine() {
    if set("companies_ua").is_none() {
        return;
    }
    let truth = truth("companies_ua");
    kontor_testkit::both(|db| {
        let app = app(db);
        import(&app, "companies_ua");
        assert_eq!(json!(number(&app, "SELECT COUNT(*) FROM partners")), truth["rows"]);
        assert_eq!(json!(number(&app, "SELECT COUNT(*) FROM counterparties")), truth["rows"]);
        assert_eq!(
            json!(number(&app, "SELECT COUNT(*) FROM counterparties WHERE country = 'UA' AND length(registration_code) = 8")),
            truth["with_8_digit_edrpou"]
        );
        assert_eq!(truth["edrpou_checksum_invalid"], json!([]), "the file has no wrong code, so a wrong one below is our mistake");
        let twice = "SELECT COUNT(*) FROM (SELECT registration_code FROM counterparties WHERE registration_code IS NOT NULL GROUP BY registration_code HAVING COUNT(*) > 1) t";
        assert_eq!(json!(number(&app, twice)), json!(truth["duplicate_okpo"].as_array().map(Vec::len)));
        // Letters that only look right are kept as they came.
        for name in truth["names_mixing_latin_and_cyrillic_letters_in_one_word"].as_array().expect("names").iter().filter_map(Json::as_str)
        {
            let found = app.store.read(|c| c.query_one("SELECT COUNT(*) FROM partners WHERE name = ?", &[name.into()])?.int(0));
            assert_eq!(found.expect("a number"), 1, "{name}");
        }
    });
}

#[test]
fn plt_06_companies_of_russia() {
    if set("companies_ru").is_none() {
        return;
    }
    let truth = truth("companies_ru");
    kontor_testkit::both(|db| {
        let app = app(db);
        import(&app, "companies_ru");
        assert_eq!(json!(number(&app, "SELECT COUNT(*) FROM partners")), truth["companies"]);
        let forms: BTreeMap<String, i64> = app
            .store
            .read(|c| {
                c.query("SELECT legal_form, COUNT(*) FROM counterparties GROUP BY legal_form", &[])?
                    .iter()
                    .map(|r| Ok((r.text(0)?.to_string(), r.int(1)?)))
                    .collect()
            })
            .expect("a query");
        assert_eq!(json!(forms), truth["by_legal_form"]);
        let same = |column: &str| {
            let mut groups: BTreeMap<String, u32> = BTreeMap::new();
            app.store
                .read(|c| {
                    for r in c.query(&format!("SELECT {column} FROM partners"), &[])? {
                        let folded: String = r.text(0)?.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
                        *groups.entry(folded.split_whitespace().collect::<Vec<_>>().join(" ")).or_default() += 1;
                    }
                    Ok(())
                })
                .expect("a query");
            groups.values().filter(|n| **n > 1).count()
        };
        assert_eq!(json!(same("name")), truth["exact_same_normalised_name_groups"]);
        assert_eq!(json!(same("address")), truth["same_address_groups"]);
    });
}
