//! What each role sees and may do along the chain.

use crate::world::{World, both};
use kontor_kernel::error::{Kind, Result};
use kontor_platform::{Ctx, Envelope, Outcome, Source};
use serde_json::{Value as Json, json};

fn user(w: &World, login: &str, role: &str) -> Ctx {
    w.made("users", json!({"login": login, "name": login, "roles": [role]}));
    w.app.ctx_of(login, Source::Api).unwrap()
}

fn act(w: &World, ctx: &Ctx, command: &str, id: Option<kontor_platform::value::Id>, input: Json) -> Result<Outcome> {
    w.app.execute(ctx, Envelope { command: command.into(), id, input, ..Default::default() })
}

#[test]
fn sal_04_a_storekeeper_ships_and_sees_no_prices() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "10", "6");
        let order = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 3}])).id.unwrap();
        let keeper = user(w, "keeper", "storekeeper");
        let seen = w.app.get(&keeper, "sales-orders", order).unwrap();
        for field in ["total", "vat_total", "margin", "paid_total", "frozen"] {
            assert!(seen.get(field).is_none(), "{field} is hidden");
        }
        for field in ["price", "amount", "cost", "discount_percent", "rule_price"] {
            assert!(seen["lines"][0].get(field).is_none(), "{field} of a line is hidden");
        }
        assert_eq!(seen["lines"][0]["reserved_quantity"], "3");
        let s = act(w, &keeper, "shipments.create", None, json!({"sales_order_id": order, "date": "2026-02-02"})).unwrap();
        assert!(s.data.get("total").is_none());
        act(w, &keeper, "shipments.post", s.id, json!({})).unwrap();
        assert_eq!(w.stock(w.bolt).0, "7");
        assert_eq!(act(w, &keeper, "sales-orders.cancel", Some(order), json!({})).unwrap_err().kind(), Kind::Forbidden);
        let pay = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-02-03", "amount": "5", "currency": "UAH"});
        assert_eq!(act(w, &keeper, "payments.create", None, pay).unwrap_err().kind(), Kind::Forbidden);
        assert!(
            w.app.store.read(|c| kontor_sales::chain(c, &w.app, &keeper, "sales-orders", order)).unwrap().iter().all(|n| n.total.is_none())
        );
    });
}

#[test]
fn sal_02_a_salesperson_works_on_his_own_orders_only() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "10", "6");
        let (anna, borys) = (user(w, "anna", "salesperson"), user(w, "borys", "salesperson"));
        w.run("partners.update", w.client, json!({"manager_id": anna.user_id, "version": 1})).unwrap();
        let o = act(
            w,
            &anna,
            "sales-orders.create",
            None,
            json!({"company_id": w.company, "partner_id": w.client, "lines": [{"product_id": w.bolt, "quantity": 1}]}),
        )
        .unwrap();
        assert_eq!(o.data["manager"]["title"], "anna");
        assert_eq!(act(w, &borys, "sales-orders.confirm", o.id, json!({})).unwrap_err().kind(), Kind::NotFound);
        act(w, &anna, "sales-orders.confirm", o.id, json!({})).unwrap();
        let accountant = user(w, "olha", "accountant");
        let director = user(w, "dir", "director");
        assert_eq!(act(w, &accountant, "sales-orders.cancel", o.id, json!({})).unwrap_err().kind(), Kind::Forbidden);
        let s = act(w, &anna, "shipments.create", None, json!({"sales_order_id": o.id, "post": true})).unwrap();
        assert_eq!(act(w, &anna, "shipments.reverse", s.id, json!({})).unwrap_err().kind(), Kind::Forbidden);
        let pay =
            json!({"company_id": w.company, "partner_id": w.client, "date": "2026-11-03", "amount": "5", "currency": "UAH", "post": true});
        act(w, &accountant, "payments.create", None, pay).unwrap();
        act(w, &director, "shipments.reverse", s.id, json!({})).unwrap();
        act(w, &director, "sales-orders.cancel", o.id, json!({"reason": "тест"})).unwrap();
        let rows = |ctx: &Ctx| w.app.store.read(|c| kontor_settlements::settlements_of(c, &w.app, ctx, None)).map(|r| r.len());
        assert_eq!((rows(&anna).unwrap(), rows(&borys).unwrap(), rows(&accountant).unwrap()), (1, 0, 1));
        w.agrees();
    });
}

/// What a storekeeper may not see of sales documents and their lines.
const UNSEEN: [&str; 12] = [
    "price",
    "rule_price",
    "discount_percent",
    "discount_amount",
    "amount",
    "vat_amount",
    "cost",
    "total",
    "margin",
    "cost_total",
    "payment_terms",
    "frozen",
];

#[track_caller]
fn tells_no_money(what: &str, j: &Json) {
    let told = j.to_string();
    for name in UNSEEN {
        assert!(!told.contains(&format!("\"{name}\"")), "{what} tells {name}: {told}");
    }
}

#[test]
fn plt_02_history_and_conflicts_tell_a_storekeeper_no_prices() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "10", "6");
        let keeper = user(w, "keeper", "storekeeper");
        let head = json!({"company_id": w.company, "partner_id": w.client, "warehouse_id": w.warehouse, "date": "2026-02-01"});
        let with = |lines: Json, more: Json| {
            let mut all = head.as_object().unwrap().clone();
            all.insert("lines".into(), lines);
            all.extend(more.as_object().unwrap().clone());
            Json::Object(all)
        };
        let bolt = |quantity: &str, price: &str| json!([{"product_id": w.bolt, "quantity": quantity, "price": price}]);
        for collection in ["shipments", "returns"] {
            let made = w.create(collection, with(bolt("2", "77"), json!({}))).unwrap();
            let (id, line) = (made.id.unwrap(), crate::world::line(&made, 0));
            let lines = |quantity: &str| json!([{"id": line, "product_id": w.bolt, "quantity": quantity}]);
            // The office changes price, quantity and terms; both read what became of it.
            let theirs = json!({"version": 1, "lines": [{"id": line, "product_id": w.bolt, "quantity": "3", "price": "88"}],
                "payment_terms": {"kind": "prepay"}, "comment": "Нова ціна"});
            let edited = w.run(&format!("{collection}.update"), id, theirs).unwrap();
            let entries = w.app.history(&keeper, collection, id, 50).unwrap();
            tells_no_money("the history", &serde_json::to_value(&entries).unwrap());
            let changed = &entries[0].changes;
            assert_eq!(changed["lines"][1][0]["quantity"], "3", "what he may see stays: {changed}");
            assert!(changed.get("comment").is_some());
            let all = w.app.history(&Ctx::system(), collection, id, 50).unwrap();
            assert_eq!(all[0].changes["lines"][1][0]["price"], "88");
            // He edits the same line from an older version: both are shown to him, without prices.
            let update = format!("{collection}.update");
            let e = act(w, &keeper, &update, Some(id), json!({"version": 1, "lines": lines("1")})).unwrap_err();
            assert_eq!(e.kind(), Kind::Conflict, "{e}");
            let detail = &e.inner().detail;
            tells_no_money("the conflict", detail);
            assert_eq!(detail["conflicts"][0]["base"][0]["quantity"], "2", "{detail}");
            assert_eq!(detail["conflicts"][0]["theirs"][0]["quantity"], "3", "{detail}");
            // A field that he does not know is unknown in a conflict, too.
            let e = act(w, &keeper, &update, Some(id), json!({"version": 1, "payment_terms": {"kind": "credit"}})).unwrap_err();
            assert_eq!((e.kind(), e.inner().fields[0].code.as_ref()), (Kind::Refused, "unknown_field"), "{e}");
            tells_no_money("the refusal", &e.inner().detail);
            // Taking back what the office did to a price would be writing it.
            let e = act(w, &keeper, "audit.undo", edited.audit_id, json!({})).unwrap_err();
            assert_eq!(e.kind(), Kind::Forbidden, "{e}");
            // Undo of what was changed again since: of the money that changed with it nothing is told.
            let more = w.run(&update, id, json!({"version": 2, "lines": lines("9")})).unwrap();
            act(w, &keeper, &update, Some(id), json!({"version": 3, "lines": lines("4")})).unwrap();
            let e = act(w, &keeper, "audit.undo", more.audit_id, json!({})).unwrap_err();
            assert_eq!(e.kind(), Kind::Conflict, "{e}");
            tells_no_money("the undo", &e.inner().detail);
            assert_eq!(e.inner().detail["conflicts"][0]["theirs"][0]["quantity"], "4", "{}", e.inner().detail);
            // What others changed only where he does not look is no conflict with his.
            let dearer = json!({"version": 4, "lines": [{"id": line, "product_id": w.bolt, "quantity": "4", "price": "99"}]});
            w.run(&update, id, dearer).unwrap();
            act(w, &keeper, &update, Some(id), json!({"version": 4, "lines": lines("5")})).unwrap();
            let now = w.get(collection, id);
            assert_eq!((&now["lines"][0]["price"], &now["lines"][0]["quantity"]), (&json!("99"), &json!("5")), "both stay");
            let quiet = w.app.history(&keeper, collection, id, 2).unwrap();
            assert!(quiet[1].changes.get("lines").is_none(), "a change of prices alone is none of his: {}", quiet[1].changes);
        }
    });
}

#[test]
fn sal_04_a_storekeeper_writes_no_prices_and_ships_by_the_terms() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "100", "6");
        w.made("price-conditions", json!({"kind": "special", "partner_id": w.client, "percent": "10", "product_id": w.bolt}));
        let keeper = user(w, "keeper", "storekeeper");
        let input = |lines: Json| json!({"company_id": w.company, "partner_id": w.client, "warehouse_id": w.warehouse, "date": "2026-02-01", "lines": lines});
        for collection in ["shipments", "returns"] {
            let create = format!("{collection}.create");
            for (field, value) in [("price", "1"), ("discount_percent", "50"), ("price", "-5")] {
                let mut line = json!({"product_id": w.bolt, "quantity": "5"});
                line[field] = json!(value);
                let e = act(w, &keeper, &create, None, input(json!([line]))).unwrap_err();
                let first = &e.inner().fields[0];
                assert_eq!((first.field.as_str(), first.code.as_ref()), (format!("lines.0.{field}").as_str(), "unknown_field"), "{e}");
            }
            let mut given = input(json!([{"product_id": w.bolt, "quantity": "5"}]));
            given["payment_terms"] = json!({"kind": "credit", "days": 300});
            let e = act(w, &keeper, &create, None, given).unwrap_err();
            assert_eq!((e.inner().fields[0].field.as_str(), e.inner().fields[0].code.as_ref()), ("payment_terms", "unknown_field"));
            // Without a price the terms of the partner say it: 12.00 less ten percent, in boxes of twelve too.
            let boxes = w.app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'box'", &[])?.id(0)).unwrap();
            let lines = json!([{"product_id": w.bolt, "quantity": "5"}, {"product_id": w.bolt, "quantity": "2", "unit_id": boxes}]);
            let made = act(w, &keeper, &create, None, input(lines)).unwrap();
            tells_no_money("the answer", &made.data);
            let id = made.id.unwrap();
            let now = w.get(collection, id);
            let cells = |n: usize, name: &str| now["lines"][n][name].as_str().unwrap_or("null").to_string();
            assert_eq!([cells(0, "price"), cells(0, "discount_percent"), cells(0, "amount")], ["12", "10", "54.00"], "{now}");
            assert_eq!([cells(1, "price"), cells(1, "discount_percent"), cells(1, "amount")], ["144", "10", "259.20"], "{now}");
            // An edit cannot touch them either, and leaves them as they are.
            let line = crate::world::line(&made, 0);
            let edit = |version: i64, more: Json| {
                let mut l = json!({"id": line, "product_id": w.bolt, "quantity": "6"});
                l.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
                json!({"version": version, "lines": [l]})
            };
            let update = format!("{collection}.update");
            let e = act(w, &keeper, &update, Some(id), edit(1, json!({"price": "1"}))).unwrap_err();
            assert_eq!(e.inner().fields[0].field, "lines.0.price", "{e}");
            act(w, &keeper, &update, Some(id), edit(1, json!({}))).unwrap();
            assert_eq!(w.text(collection, id, "total"), "64.80");
            act(w, &keeper, &format!("{collection}.post"), Some(id), json!({})).unwrap();
            let e = act(w, &keeper, &format!("{collection}.revise"), Some(id), edit(3, json!({"price": "1"}))).unwrap_err();
            assert_eq!(e.inner().fields[0].code, "unknown_field", "{e}");
            // What no rule prices is refused by its name, not taken as free of charge.
            let free =
                w.made("products", json!({"name": "Без ціни", "sku": format!("X-{collection}"), "unit_id": w.unit, "kind": "service"}));
            let e = act(w, &keeper, &create, None, input(json!([{"product_id": free, "quantity": "1"}]))).unwrap_err();
            let first = &e.inner().fields[0];
            assert_eq!((first.field.as_str(), first.code.as_ref()), ("lines.0.price", "price_missing"), "{e}");
        }
        // Who writes prices may leave them to the terms, and what he writes stays.
        let lines = json!([{"product_id": w.bolt, "quantity": "1"}, {"product_id": w.bolt, "quantity": "1", "price": "20"}]);
        let both = w.create("shipments", input(lines)).unwrap();
        let price = |n: usize| both.data["lines"][n]["price"].as_str().unwrap_or("null").to_string();
        assert_eq!((price(0), price(1)), ("12".to_string(), "20".to_string()));
        w.agrees();
    });
}

#[test]
fn plt_02_rights_of_two_roles_add_up_and_neither_hides_what_the_other_shows() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "10", "6");
        let order = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 3}])).id.unwrap();
        w.made("users", json!({"login": "two", "name": "two", "roles": ["storekeeper", "accountant"]}));
        let (keeper, two) = (user(w, "keeper", "storekeeper"), w.app.ctx_of("two", Source::Api).unwrap());
        assert!(w.app.get(&keeper, "sales-orders", order).unwrap().get("total").is_none());
        assert_eq!(w.app.get(&two, "sales-orders", order).unwrap()["total"], "36.00");
    });
}

#[test]
fn fin_01_who_may_not_post_payments_makes_no_posted_ones() {
    both(|w| {
        let agent = user(w, "agent", "field_agent");
        w.run("partners.update", w.client, json!({"manager_id": agent.user_id, "version": 1})).unwrap();
        let pay = |post: bool| {
            let input = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-02-01", "amount": "5", "currency": "UAH", "post": post});
            act(w, &agent, "payments.create", None, input)
        };
        assert_eq!(pay(true).unwrap_err().kind(), Kind::Forbidden);
        let draft = pay(false).unwrap();
        assert_eq!(draft.data["state"], "draft");
        assert_eq!(act(w, &agent, "payments.post", draft.id, json!({})).unwrap_err().kind(), Kind::Forbidden);
        assert_eq!(w.owes().0, "0.00");
    });
}
