//! Who gets what: clients and kinds of them against goods; rules that contradict each other.

use crate::common::{faults, kind};
use crate::world::House;
use kontor_kernel::error::{Kind, Result};
use kontor_platform::app::Asked;
use kontor_platform::value::Id;
use kontor_testkit::both;
use serde_json::{Value as Json, json};

fn ask(h: &House, who: &str, path: &str, body: Json) -> Result<Json> {
    let q = h.w.app.registry.questions.iter().find(|q| q.path == path).unwrap();
    (q.run)(&h.w.app, &h.w.ctx(who), &Asked { body, ..Default::default() })
}

/// `90 -10`: net price and discount of each cell.
fn cells(told: &Json) -> Vec<Vec<String>> {
    let one = |c: &Json| format!("{} -{}", c["net_price"].as_str().unwrap_or("?"), c["discount_percent"].as_str().unwrap_or("?"));
    told["cells"].as_array().unwrap().iter().map(|r| r.as_array().unwrap().iter().map(one).collect()).collect()
}

#[test]
fn prc_09_the_matrix_tells_who_gets_what_and_explains_each_cell() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        h.price(h.retail, h.cup, "50", "2026-01-01");
        let gold = h.w.make("dir", "dealer-types", json!({"name": "Золотий", "price_type_id": h.retail}));
        let kyiv = h.w.make("dir", "segments", json!({"name": "Епіцентри", "members": "partners", "filter": {"name.contains": "епі"}}));
        let group = h.w.make("dir", "price-groups", json!({"name": "Посуд"}));
        h.w.update("dir", "products", h.cup, 1, json!({"price_group_id": group})).unwrap();
        let rule = |input: Json| h.w.make("dir", "price-conditions", input);
        let dealers = rule(json!({"kind": "dealer_discount", "dealer_type_id": gold, "category_id": h.drinks, "percent": "20"}));
        rule(json!({"kind": "segment", "segment_id": kyiv, "percent": "10"}));
        rule(json!({"kind": "special_price", "partner_id": h.client, "price_group_id": group, "price": "40", "currency": "UAH"}));
        rule(json!({"kind": "quantity", "from_quantity": "5", "category_id": h.drinks, "percent": "1"}));
        let body = json!({"company_id": h.company, "date": "2026-11-22", "rows": [{"dealer_type_id": gold}, {"segment_id": kyiv}, {"partner_id": h.client}, {}],
            "columns": [{"category_id": h.drinks}, {"price_group_id": group}, {"product_id": h.tea}]});
        let told = ask(&h, "dir", "prices/matrix", body.clone()).unwrap();
        // The category is shown by a product of a category below it; the client is in the segment.
        assert_eq!(told["columns"][0]["product"]["id"], json!(h.tea));
        assert_eq!(
            cells(&told),
            [["80 -20", "50 -0", "80 -20"], ["90 -10", "45 -10", "90 -10"], ["90 -10", "36 -10", "90 -10"], ["100 -0", "50 -0", "100 -0"]]
        );
        assert!(told["cells"][0][0]["rules"].as_array().unwrap().iter().any(|r| r["id"] == json!(dealers)), "{told}");
        let more = |name: &str, v: Json| {
            let mut b = body.clone();
            b[name] = v;
            ask(&h, "dir", "prices/matrix", b)
        };
        assert_eq!(cells(&more("quantity", json!("5")).unwrap())[3][0], "99 -1");
        assert_eq!(more("date", json!("2025-01-01")).unwrap()["cells"][3][2]["net_price"], Json::Null, "there was no price then");
        let why = more("explain", json!(true)).unwrap();
        assert!(why["cells"][0][0]["steps"].as_array().unwrap().iter().any(|s| s["rule"]["id"] == json!(dealers)), "{why}");
        assert_eq!(faults(more("rows", json!([{"partner_id": Id::nil()}]))), ["rows.0.partner_id: reference_missing"]);
        assert_eq!(faults(more("rows", json!([{"partner_id": h.client, "segment_id": kyiv}]))), ["rows.0.segment_id: condition_one_who"]);
        assert_eq!(faults(more("columns", json!(vec![json!({"product_id": h.tea}); 31]))), ["columns: too_many"]);
        assert_eq!(
            faults(ask(&h, "bob", "prices/matrix", body.clone())),
            ["rows.2.partner_id: reference_missing"],
            "others' clients are not seen"
        );
        assert_eq!(kind(ask(&h, "store", "prices/matrix", body)), Kind::Forbidden);
    });
}

#[test]
fn prc_12_rules_of_two_segments_that_may_share_members_are_told() {
    both(|db| {
        let h = House::new(db);
        let segment =
            |name: &str| h.w.make("dir", "segments", json!({"name": name, "members": "partners", "filter": {"name.contains": name}}));
        let (a, b) = (segment("а"), segment("б"));
        let rule = |s: Id, from: &str, to: Json| {
            h.w.make(
                "dir",
                "price-conditions",
                json!({"kind": "segment", "segment_id": s, "percent": "5", "valid_from": from, "valid_to": to}),
            )
        };
        rule(a, "2026-01-01", json!("2026-03-31"));
        rule(b, "2026-04-01", Json::Null);
        assert_eq!(ask(&h, "dir", "prices/clashes", Json::Null).unwrap(), json!({"items": [], "dangling": [], "looked_through": true}));
        rule(a, "2026-06-01", json!("2026-08-31"));
        let told = ask(&h, "dir", "prices/clashes", Json::Null).unwrap();
        let i = &told["items"][0];
        assert_eq!(
            (&i["certain"], &i["from"], &i["to"], &i["kind"]),
            (&json!(false), &json!("2026-06-01"), &json!("2026-08-31"), &json!("segment"))
        );
        assert_eq!(i["collection"], json!("price-conditions"));
        assert_eq!(kind(ask(&h, "store", "prices/clashes", Json::Null)), Kind::Forbidden);
    });
}
