//! The price workbench: edited prices, group operations, putting into effect and back, comparison, preview.

use crate::common::faults;
use crate::world::House;
use kontor_platform::app::Asked;
use kontor_platform::value::Id;
use kontor_testkit::both;
use serde_json::{Value as Json, json};
use std::time::Duration;

/// Runs a verb of the price type and the job it starts; answers the job.
fn done(h: &House, verb: &str, input: Json) -> Json {
    let started = h.w.verb("dir", "price-types", h.retail, verb, input).unwrap_or_else(|e| panic!("{verb}: {e}"));
    let job = Id::parse_str(started.data["job_id"].as_str().unwrap()).unwrap();
    while h.w.app.run_jobs(Duration::from_secs(60)).unwrap() {}
    let seen = h.w.see("jobs", job);
    assert_eq!(seen["state"], json!("done"), "{verb}: {seen}");
    seen
}

fn edited(h: &House, product: Id) -> Option<String> {
    let list = h.w.list("dir", "edited-prices", &[("product_id", &product.to_string())]);
    list["items"][0]["price"].as_str().map(str::to_string)
}

fn ask(h: &House, path: &str, asked: Asked) -> kontor_platform::Result<Json> {
    let q = h.w.app.registry.questions.iter().find(|q| q.path == path).unwrap();
    (q.run)(&h.w.app, &h.w.ctx("dir"), &asked)
}

/// Forty products of the drinks at 10, 11, 12 …
fn goods(h: &House) -> Vec<Id> {
    let unit = h.w.see("products", h.tea)["unit"]["id"].clone();
    let made: Vec<Id> = (0..40)
        .map(|n| {
            h.w.make(
                "dir",
                "products",
                json!({"name": format!("Товар {n:02}"), "unit_id": unit, "category_id": h.drinks, "vat_rate": "ua20"}),
            )
        })
        .collect();
    for (n, id) in made.iter().enumerate() {
        h.price(h.retail, *id, &(10 + n).to_string(), "2026-01-01");
    }
    made
}

#[test]
fn prc_08_group_operations_change_what_the_filter_matches_and_nothing_else() {
    both(|db| {
        let h = House::new(db);
        let made = goods(&h);
        h.price(h.retail, h.cup, "40", "2026-01-01");
        let drinks = json!({"category_id": h.drinks});
        let job = done(&h, "edit_prices", json!({"operation": "percent", "percent": "10", "filter": drinks}));
        assert_eq!((&job["result"]["changed"], &job["total"]), (&json!(40), &json!(40)));
        assert_eq!((edited(&h, made[0]), edited(&h, made[39]), edited(&h, h.cup)), (Some("11".into()), Some("53.9".into()), None));
        done(&h, "edit_prices", json!({"operation": "coefficient", "coefficient": "1.05", "filter": {"name.starts": "Товар 0"}}));
        assert_eq!((edited(&h, made[0]), edited(&h, made[39])), (Some("11.55".into()), Some("53.9".into())));
        done(&h, "edit_prices", json!({"operation": "round", "rounding": {"mode": "up", "step": "1", "ending": "0.99"}, "filter": drinks}));
        assert_eq!((edited(&h, made[0]), edited(&h, made[39])), (Some("11.99".into()), Some("53.99".into())));
        // 20 % included: the price is a multiple of six minor units, so that its VAT is whole.
        done(&h, "edit_prices", json!({"operation": "fit_vat", "filter": drinks}));
        assert_eq!((edited(&h, made[0]), edited(&h, made[39])), (Some("12".into()), Some("54".into())));
        done(&h, "edit_prices", json!({"operation": "formula", "formula": "price(\"Роздріб\") * 2 + 0.5", "filter": drinks}));
        assert_eq!((edited(&h, made[0]), edited(&h, made[39])), (Some("20.5".into()), Some("98.5".into())));
        let left = done(&h, "edit_prices", json!({"operation": "discard", "filter": {"id": made[0]}}));
        assert_eq!((edited(&h, made[0]), &left["result"]["changed"]), (None, &json!(1)));
        let wrong = |v: Json| faults(h.w.verb("dir", "price-types", h.retail, "edit_prices", v));
        assert_eq!(wrong(json!({"operation": "percent"})), ["percent: required"]);
        assert_eq!(wrong(json!({"operation": "formula", "formula": "1 +"})).len(), 1);
        assert_eq!(wrong(json!({"operation": "effective", "filter": {"no_such": "1"}})), ["filter: segment_filter"]);
        let derived = h.w.make(
            "dir",
            "price-types",
            json!({"name": "Опт", "currency": "UAH", "method": "markup", "base_price_type_id": h.retail, "markup_percent": "-10"}),
        );
        assert_eq!(
            faults(h.w.verb("dir", "price-types", derived, "edit_prices", json!({"operation": "effective"}))),
            ["price_type_id: price_computed"]
        );
        done(&h, "edit_prices", json!({"operation": "price_type", "from_price_type_id": derived, "filter": {"id": made[10]}}));
        assert_eq!(edited(&h, made[10]), Some("18".into()));
        assert!(h.w.verb("ann", "price-types", h.retail, "edit_prices", json!({"operation": "effective"})).is_err());
        // What shall cost nothing is counted when it is edited, and when it comes into force.
        let free = done(&h, "edit_prices", json!({"operation": "percent", "percent": "-100", "filter": {"id": made[11]}}));
        assert_eq!((&free["result"]["changed"], &free["result"]["zero"]), (&json!(1), &json!(1)));
        let applied = done(&h, "apply_prices", json!({"valid_from": "2026-12-01", "filter": {"id": made[11]}}));
        assert_eq!((&applied["result"]["changed"], &applied["result"]["zero"]), (&json!(1), &json!(1)));
    });
}

#[test]
fn prc_07_edited_prices_come_into_effect_as_one_group_and_go_back_as_one() {
    both(|db| {
        let h = House::new(db);
        let made = goods(&h);
        done(&h, "edit_prices", json!({"operation": "percent", "percent": "10"}));
        let told = |day: &str| h.told(None, made[5], day);
        assert_eq!(told("2026-11-21"), "15", "edited prices are nobody's price yet");
        let job = done(&h, "apply_prices", json!({"valid_from": "2026-12-01", "comment": "Грудень"}));
        assert_eq!(job["result"]["changed"], json!(40));
        assert_eq!((told("2026-11-30"), told("2026-12-01")), ("15".into(), "16.5".into()));
        let changes = h.w.list("dir", "price-changes", &[("job_id", job["id"].as_str().unwrap())]);
        assert_eq!((&changes["items"][0]["state"], &changes["items"][0]["valid_from"]), (&json!("posted"), &json!("2026-12-01")));
        let change = Id::parse_str(changes["items"][0]["id"].as_str().unwrap()).unwrap();
        let lines = h.w.see("price-changes", change)["lines"].clone();
        assert_eq!((lines.as_array().unwrap().len(), &lines[0]["previous"]), (40, &json!("10")));
        assert!(h.w.app.check().unwrap().is_empty());
        // Once more: nothing differs from what is in force then.
        let again = done(&h, "apply_prices", json!({"valid_from": "2026-12-01"}));
        assert_eq!(again["result"]["changed"], json!(0));
        let back = done(&h, "take_prices_back", json!({"job_id": job["id"]}));
        assert_eq!(back["done"], json!(40));
        assert_eq!(told("2026-12-01"), "15");
        assert_eq!(h.w.see("price-changes", change)["state"], json!("reversed"));
        assert!(h.w.app.check().unwrap().is_empty());
        assert_eq!(h.w.list("dir", "edited-prices", &[])["items"].as_array().unwrap().len(), 40, "the edits are still there");
        // For approval: drafts that somebody else posts.
        let draft = done(&h, "apply_prices", json!({"as_draft": true}));
        let changes = h.w.list("dir", "price-changes", &[("job_id", draft["id"].as_str().unwrap())]);
        assert_eq!(changes["items"][0]["state"], json!("draft"));
        assert_eq!(told("2026-12-01"), "15");
        h.w.verb("boss", "price-changes", Id::parse_str(changes["items"][0]["id"].as_str().unwrap()).unwrap(), "post", json!({})).unwrap();
        assert_eq!(told("2027-12-01"), "16.5");
    });
}

#[test]
fn prc_07_two_days_and_the_edited_prices_are_compared_and_an_operation_is_tried_first() {
    both(|db| {
        let h = House::new(db);
        let made = goods(&h);
        h.price(h.retail, made[1], "22", "2026-06-01");
        h.w.make("dir", "edited-prices", json!({"price_type_id": h.retail, "product_id": made[2], "price": "18"}));
        let get = |q: &[(&str, &str)]| {
            let mut query: Vec<(String, String)> = q.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
            query.push(("price_type_id".into(), h.retail.to_string()));
            ask(&h, "prices/compare", Asked { query, ..Default::default() }).unwrap()["items"].clone()
        };
        let days = get(&[("from", "2026-02-01"), ("to", "2026-07-01"), ("changed", "true")]);
        assert_eq!(
            (days.as_array().unwrap().len(), &days[0]["before"], &days[0]["after"], &days[0]["percent"]),
            (1, &json!("11"), &json!("22"), &json!("100"))
        );
        let edits = get(&[("changed", "true")]);
        assert_eq!((edits.as_array().unwrap().len(), &edits[0]["after"]), (1, &json!("18")));
        let body = json!({"price_type_id": h.retail, "operation": "add", "add": "0.5", "products": [made[2], made[3]]});
        let tried = ask(&h, "prices/preview-edit", Asked { body, ..Default::default() }).unwrap();
        assert_eq!((&tried["items"][0]["new"], &tried["items"][1]["new"]), (&json!("18.5"), &json!("13.5")));
        assert_eq!(edited(&h, made[3]), None, "nothing was written");
        let listed = h.w.list("dir", "edited-prices", &[]);
        assert_eq!((&listed["items"][0]["effective_price"], &listed["items"][0]["changed"]), (&json!("12"), &json!(true)));
        assert_eq!(
            faults(h.w.create("dir", "edited-prices", json!({"price_type_id": h.retail, "product_id": made[2], "price": "1"}))),
            ["product_id: unique"]
        );
    });
}

#[test]
fn prc_07_the_workbench_reads_one_page_of_what_differs_and_says_where_to_go_on() {
    both(|db| {
        let h = House::new(db);
        let made = goods(&h);
        for n in [3, 7, 20] {
            h.w.make("dir", "edited-prices", json!({"price_type_id": h.retail, "product_id": made[n], "price": "18"}));
        }
        // The same as in force: no difference.
        h.w.make("dir", "edited-prices", json!({"price_type_id": h.retail, "product_id": made[9], "price": "19"}));
        let get = |q: &[(&str, &str)]| {
            let mut query: Vec<(String, String)> = q.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
            query.push(("price_type_id".into(), h.retail.to_string()));
            ask(&h, "prices/workbench", Asked { query, ..Default::default() }).unwrap()
        };
        let titles = |j: &Json| {
            j["items"].as_array().unwrap().iter().map(|i| i["product"]["title"].as_str().unwrap().to_string()).collect::<Vec<_>>()
        };
        let first = get(&[("limit", "25"), ("name.starts", "Товар")]);
        assert_eq!((first["items"].as_array().unwrap().len(), &first["items"][3]["edited"]), (25, &json!("18")));
        let row = &first["items"][3];
        assert_eq!((&row["effective"], &row["percent"], &row["valid_from"]), (&json!("13"), &json!("38.4615"), &json!("2026-01-01")));
        let rest = get(&[("limit", "25"), ("name.starts", "Товар"), ("after", first["next"].as_str().unwrap())]);
        assert_eq!((titles(&rest).len(), &rest["next"]), (15, &Json::Null));
        let changed = get(&[("changed", "true"), ("limit", "2")]);
        assert_eq!(titles(&changed), ["Товар 03", "Товар 07"]);
        let more = get(&[("changed", "true"), ("limit", "2"), ("after", changed["next"].as_str().unwrap())]);
        assert_eq!((titles(&more), &more["next"]), (vec!["Товар 20".to_string()], &Json::Null));
        assert_eq!(titles(&get(&[("changed", "true"), ("name", "Товар 07")])), ["Товар 07"]);
        let days = get(&[("date", "2025-12-31"), ("to", "2026-01-01"), ("name", "Товар 05")]);
        assert_eq!((&days["items"][0]["effective"], &days["items"][0]["edited"]), (&Json::Null, &json!("15")));
    });
}

#[test]
fn prc_07_prices_of_a_type_under_approval_are_put_into_effect_by_somebody_else() {
    both(|db| {
        let h = House::new(db);
        let made = goods(&h);
        h.w.update("dir", "price-types", h.retail, 1, json!({"approval": true})).unwrap();
        assert_eq!(
            faults(h.w.create("dir", "prices", json!({"price_type_id": h.retail, "product_id": made[0], "price": "99"}))),
            ["price_type_id: price_approval_needed"]
        );
        done(&h, "edit_prices", json!({"operation": "percent", "percent": "10"}));
        let job = done(&h, "apply_prices", json!({"valid_from": "2026-12-01"}));
        let changes = h.w.list("dir", "price-changes", &[("job_id", job["id"].as_str().unwrap())]);
        assert_eq!(changes["items"][0]["state"], json!("draft"), "nobody puts his own prices into effect");
        let change = Id::parse_str(changes["items"][0]["id"].as_str().unwrap()).unwrap();
        let own = h.w.verb("dir", "price-changes", change, "post", json!({})).unwrap_err();
        assert_eq!(own.inner().code, "price_approval_other");
        h.w.verb("boss", "price-changes", change, "post", json!({})).unwrap();
        assert_eq!(h.told(None, made[5], "2026-12-01"), "16.5");
        let query = vec![("price_type_id".to_string(), h.retail.to_string())];
        let told = ask(&h, "prices/applied", Asked { query, ..Default::default() }).unwrap();
        let first = &told["items"][0];
        assert_eq!(
            (&first["changed"], &first["posted"], &first["draft"], &first["valid_from"]),
            (&json!(40), &json!(1), &json!(0), &json!("2026-12-01"))
        );
        assert_eq!(told["running"], json!([]));
    });
}

/// So many products at 10 each; a first slice of a price job takes 200 of them.
fn many(h: &House, count: usize) -> Vec<Id> {
    let unit = h.w.see("products", h.tea)["unit"]["id"].clone();
    let ctx = h.w.ctx("dir").with_source(kontor_platform::Source::Import);
    let made = |command: &str, inputs: Vec<Json>| -> Vec<Id> {
        let all = inputs.into_iter().map(|i| kontor_platform::Envelope::new(command, i)).collect();
        h.w.app.execute_slice(&ctx, all, false).unwrap().into_iter().map(|o| o.unwrap().id.unwrap()).collect()
    };
    let product = |n: usize| json!({"name": format!("Дрібниця {n:04}"), "unit_id": unit, "category_id": h.drinks, "vat_rate": "ua20"});
    let ids = made("products.create", (0..count).map(product).collect());
    let price = |id: &Id| json!({"price_type_id": h.retail, "product_id": id, "price": "10", "valid_from": "2026-01-01"});
    made("prices.create", ids.iter().map(price).collect());
    ids
}

/// Starts a verb of the price type, lets it work for a moment, does something meanwhile, stops it; answers the job at its end.
fn stopped(h: &House, verb: &str, input: Json, meanwhile: impl Fn()) -> Json {
    let started = h.w.verb("dir", "price-types", h.retail, verb, input).unwrap();
    let job = Id::parse_str(started.data["job_id"].as_str().unwrap()).unwrap();
    h.w.app.run_jobs(Duration::ZERO).unwrap();
    let seen = h.w.see("jobs", job);
    let done = seen["done"].as_i64().unwrap();
    assert!(done > 0 && done < seen["total"].as_i64().unwrap(), "in the middle: {seen}");
    meanwhile();
    h.w.verb("dir", "jobs", job, "cancel", json!({})).unwrap();
    while h.w.app.run_jobs(Duration::from_secs(60)).unwrap() {}
    let seen = h.w.see("jobs", job);
    assert_eq!(seen["state"], json!("cancelled"), "{seen}");
    assert!(h.w.app.check().unwrap().is_empty());
    seen
}

#[test]
fn prc_07_a_price_job_that_is_stopped_takes_back_what_it_did_and_tells_how_much() {
    both(|db| {
        let h = House::new(db);
        let made = many(&h, 900);
        let all = |price: Option<&str>, except: &[Id]| {
            let page = |after: Option<String>| {
                let mut q = vec![("limit", "200".to_string()), ("price_type_id", h.retail.to_string())];
                q.extend(after.map(|a| ("after", a)));
                let pairs: Vec<(&str, &str)> = q.iter().map(|(k, v)| (*k, v.as_str())).collect();
                h.w.list("dir", "edited-prices", &pairs)
            };
            let (mut found, mut next) = (vec![], None);
            loop {
                let p = page(next);
                found.extend(p["items"].as_array().unwrap().clone());
                match p["next"].as_str() {
                    Some(n) => next = Some(n.to_string()),
                    None => break,
                }
            }
            let of: Vec<&Json> = found.iter().filter(|e| !except.iter().any(|x| e["product_id"] == json!(x))).collect();
            match price {
                Some(p) => assert!(of.len() == 900 - except.len() && of.iter().all(|e| e["price"] == json!(p)), "{} of {p}", of.len()),
                None => assert_eq!(of.len(), 0),
            }
        };
        // Nothing was edited before, so nothing is after.
        let job =
            stopped(&h, "edit_prices", json!({"operation": "percent", "percent": "10", "filter": {"name.starts": "Дрібниця"}}), || {});
        assert!(job["result"]["taken_back"].as_i64().unwrap() >= 200, "{job}");
        all(None, &[]);
        // What was edited before is there again; what a person wrote meanwhile stays.
        let set = done(&h, "edit_prices", json!({"operation": "set", "price": "50", "filter": {"name.starts": "Дрібниця"}}));
        assert_eq!(set["result"]["changed"], json!(900));
        let own = made[0];
        stopped(&h, "edit_prices", json!({"operation": "percent", "percent": "10", "filter": {"name.starts": "Дрібниця"}}), || {
            let list = h.w.list("dir", "edited-prices", &[("product_id", &own.to_string())]);
            let (id, version) =
                (Id::parse_str(list["items"][0]["id"].as_str().unwrap()).unwrap(), list["items"][0]["version"].as_i64().unwrap());
            assert_eq!(list["items"][0]["price"], json!("55"), "the operation has been here");
            h.w.update("dir", "edited-prices", id, version, json!({"price": "77"})).unwrap();
        });
        all(Some("50"), &[own]);
        assert_eq!(edited(&h, own), Some("77".into()));
        stopped(&h, "edit_prices", json!({"operation": "discard", "filter": {"name.starts": "Дрібниця"}}), || {
            assert_eq!(edited(&h, own), None)
        });
        all(Some("50"), &[own]);
        // Prices that came into force go out of it again.
        let job = stopped(&h, "apply_prices", json!({"filter": {"name.starts": "Дрібниця"}}), || {
            assert_eq!(h.told(None, made[1], "2027-01-01"), "50")
        });
        assert!(job["result"]["taken_back"].as_i64().unwrap() >= 200 && job["done"] == json!(0), "{job}");
        let in_force: Vec<String> = [0, 1, 450, 899].iter().map(|n| h.told(None, made[*n], "2027-01-01")).collect();
        assert_eq!(in_force, ["10"; 4]);
        let changes = h.w.list("dir", "price-changes", &[("job_id", job["id"].as_str().unwrap())]);
        assert!(changes["items"].as_array().unwrap().iter().all(|c| c["state"] == json!("reversed")), "{changes}");
        // What was done to its end can be taken back as well.
        let more = done(&h, "edit_prices", json!({"operation": "add", "add": "1", "filter": {"name.starts": "Дрібниця"}}));
        all(Some("51"), &[own]);
        let back = done(&h, "take_prices_back", json!({"job_id": more["id"]}));
        assert_eq!(back["result"]["taken_back"], json!(900));
        all(Some("50"), &[own]);
        assert_eq!(edited(&h, own), Some("77".into()));
    });
}

#[test]
fn prc_08_only_what_differs_is_shown_however_many_prices_are_alike() {
    both(|db| {
        let h = House::new(db);
        let made = many(&h, 1_300);
        done(&h, "edit_prices", json!({"operation": "set", "price": "10.5", "filter": {"name.starts": "Дрібниця"}}));
        done(&h, "apply_prices", json!({"valid_from": "2026-02-01"}));
        let other = |id: Id, price: &str| {
            let list = h.w.list("dir", "edited-prices", &[("product_id", &id.to_string())]);
            let (of, version) =
                (Id::parse_str(list["items"][0]["id"].as_str().unwrap()).unwrap(), list["items"][0]["version"].as_i64().unwrap());
            h.w.update("dir", "edited-prices", of, version, json!({"price": price})).unwrap();
        };
        let mut sorted = made.clone();
        sorted.sort();
        let (first, near, last) = (sorted[0], sorted[1_250], sorted[1_299]);
        for id in [first, near, last] {
            other(id, "12");
        }
        let on = |date: &str, more: &[(&str, &str)]| {
            let own = [("price_type_id", h.retail.to_string()), ("changed", "true".into()), ("date", date.into())];
            let query = own.into_iter().map(|(k, v)| (k.to_string(), v)).chain(more.iter().map(|(k, v)| (k.to_string(), v.to_string())));
            let told = ask(&h, "prices/workbench", Asked { query: query.collect(), ..Default::default() }).unwrap();
            let ids: Vec<Id> =
                told["items"].as_array().unwrap().iter().map(|i| Id::parse_str(i["product"]["id"].as_str().unwrap()).unwrap()).collect();
            (ids, told["next"].as_str().map(str::to_string))
        };
        let ask = |more: &[(&str, &str)]| on("2026-03-01", more);
        assert_eq!(ask(&[]), (vec![first, near, last], None), "one answer looks at all of them");
        let (page, next) = ask(&[("limit", "2")]);
        assert_eq!(page, [first, near]);
        assert_eq!(ask(&[("limit", "2"), ("after", &next.unwrap())]), (vec![last], None));
        let name = h.w.see("products", near)["name"].as_str().unwrap().to_string();
        assert_eq!(ask(&[("name", &name)]), (vec![near], None), "under a filter");
        assert_eq!(ask(&[("category_id", &Id::now_v7().to_string())]), (vec![], None));
        // Two days side by side: all of them moved between these.
        let (page, next) = on("2026-01-15", &[("to", "2026-02-15"), ("limit", "200")]);
        assert_eq!((page, next), (sorted[..200].to_vec(), Some(sorted[199].to_string())));
        assert_eq!(on("2026-01-15", &[("to", "2026-02-15"), ("name", &name)]).0, [near]);
        assert_eq!(on("2026-02-15", &[("to", "2026-03-15")]), (vec![], None));
    });
}
