//! Partner files of two countries.

use crate::support::*;
use kontor_platform::query::Query;
use kontor_platform::{App, Ctx, Envelope};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::Arc;

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
        let (valid, invalid) = checked(&app);
        assert_eq!(json!(valid), truth["edrpou_checksum_valid"]);
        assert_eq!(json!(invalid), truth["edrpou_checksum_invalid"]);
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

/// How many codes of the list the program takes when somebody types them anew, and those that it refuses. A code with one
/// figure changed must be refused: otherwise nothing was checked.
fn checked(app: &Arc<App>) -> (usize, Vec<String>) {
    let ctx = Ctx::system();
    let q = Query { limit: 500, ..Default::default() };
    let all: Json = serde_json::from_str(&app.list(&ctx, "counterparties", &q).expect("a list").to_json(true)).expect("JSON");
    let takes = |partner: &str, code: &str| {
        let input = json!({"partner_id": partner, "legal_name": "Typed", "country": "UA", "registration_code": code});
        app.execute(&ctx, Envelope { dry_run: true, ..Envelope::new("counterparties.create", input) }).is_ok()
    };
    let (mut valid, mut invalid) = (0, vec![]);
    for r in all["items"].as_array().expect("items") {
        let (partner, code) = (r["partner"]["id"].as_str().expect("an id"), r["registration_code"].as_str().unwrap_or_default());
        if r["country"] != "UA" || code.len() != 8 {
            continue;
        }
        if takes(partner, code) {
            valid += 1;
            let last = (code.as_bytes()[7] - b'0' + 1) % 10;
            assert!(!takes(partner, &format!("{}{last}", &code[..7])), "a wrong code is refused: {code}");
        } else {
            invalid.push(code.to_string());
        }
    }
    (valid, invalid)
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
        assert_eq!(json!(count(&app, "partners", &[("address", "")])), truth["without_address"]);
        assert_eq!(count(&app, "partners", &[]), number(&app, "SELECT COUNT(*) FROM partners WHERE TRIM(address) <> ''"));
    });
}
