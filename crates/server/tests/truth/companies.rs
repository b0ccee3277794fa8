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
        assert_eq!(json!(count(&app, "partners", &[])), truth["rows"]);
        assert_eq!(json!(count(&app, "counterparties", &[])), truth["rows"]);
        let listed = items(&app, "counterparties", &[("country", "UA"), ("registration_code.empty", "false")]);
        let codes: Vec<&str> = listed.iter().filter_map(|c| c["registration_code"].as_str()).collect();
        assert_eq!(json!(codes.iter().filter(|c| c.chars().count() == 8).count()), truth["with_8_digit_edrpou"]);
        let (valid, invalid) = checked(&app);
        assert_eq!(json!(valid), truth["edrpou_checksum_valid"]);
        assert_eq!(json!(invalid), truth["edrpou_checksum_invalid"]);
        let different = codes.iter().collect::<std::collections::BTreeSet<_>>().len();
        assert_eq!(json!(codes.len() - different), json!(truth["duplicate_okpo"].as_array().map(Vec::len)));
        // Letters that only look right are kept as they came.
        for name in truth["names_mixing_latin_and_cyrillic_letters_in_one_word"].as_array().expect("names").iter().filter_map(Json::as_str)
        {
            assert_eq!(count(&app, "partners", &[("name", name)]), 1, "{name}");
        }
    });
}

/// How many codes of the list the program takes when somebody types them anew, and those that it refuses. A code with one
/// figure changed must be refused: otherwise nothing was checked.
fn checked(app: &Arc<App>) -> (usize, Vec<String>) {
    let ctx = Ctx::system();
    let q = Query { limit: 500, ..Default::default() };
    let all: Json = serde_json::from_slice(&app.list(&ctx, "counterparties", &q).expect("a list").to_json(true)).expect("JSON");
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
        assert_eq!(json!(count(&app, "partners", &[])), truth["companies"]);
        let mut forms: BTreeMap<String, i64> = BTreeMap::new();
        for c in items(&app, "counterparties", &[]) {
            *forms.entry(c["legal_form"].as_str().expect("a form").to_string()).or_default() += 1;
        }
        assert_eq!(json!(forms), truth["by_legal_form"]);
        let partners = items(&app, "partners", &[]);
        let same = |column: &str| {
            let mut groups: BTreeMap<String, u32> = BTreeMap::new();
            for p in &partners {
                let said = p[column].as_str().unwrap_or_default().to_lowercase();
                let folded: String = said.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
                *groups.entry(folded.split_whitespace().collect::<Vec<_>>().join(" ")).or_default() += 1;
            }
            groups.values().filter(|n| **n > 1).count()
        };
        assert_eq!(json!(same("name")), truth["exact_same_normalised_name_groups"]);
        assert_eq!(json!(same("address")), truth["same_address_groups"]);
        assert_eq!(json!(count(&app, "partners", &[("address", "")])), truth["without_address"]);
        assert_eq!(count(&app, "partners", &[]), count(&app, "partners", &[("address.empty", "false")]));
    });
}
