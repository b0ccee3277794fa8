//! Keeping to the agreed terms: departures are named when an order is confirmed, and wait for approval where that is wanted.

use crate::world::{World, both, run};
use kontor_platform::execute::{Envelope, Outcome};
use kontor_platform::value::Id;
use kontor_platform::{Ctx, Result, Source};
use serde_json::{Value as Json, json};

fn person(w: &World, login: &str, role: &str) -> Ctx {
    let input = json!({"login": login, "name": login, "password": "correct horse battery", "roles": [role]});
    run(&w.app, "users.create", None, input).unwrap();
    w.app.ctx_of(login, Source::Api).unwrap()
}

fn order(w: &World, ctx: &Ctx, more: Json) -> Outcome {
    let mut all = json!({"company_id": w.company, "partner_id": w.client, "warehouse_id": w.warehouse, "lines": [{"product_id": w.repair, "quantity": "10"}]});
    all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    w.app.execute(ctx, Envelope::new("sales-orders.create", all)).unwrap()
}

fn verb(w: &World, ctx: &Ctx, id: Id, name: &str) -> Result<Outcome> {
    w.app.execute(ctx, Envelope::new(format!("sales-orders.{name}"), json!({})).on(id))
}

fn codes(o: &Outcome) -> Vec<String> {
    o.data["deviations"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|d| format!("{}: {}", d["field"].as_str().unwrap(), d["code"].as_str().unwrap()))
        .collect()
}

#[test]
fn agr_02_departures_are_named_line_by_line_and_wait_for_approval_where_the_company_wants_it() {
    both(|w| {
        let (ann, boss) = (person(w, "ann", "salesperson"), person(w, "dir", "director"));
        run(&w.app, "agreements.create", None, json!({"company_id": w.company, "price_type_id": w.price_type, "currency": "UAH", "partner_id": w.client, "payment_terms": {"kind": "credit", "days": 10}, "discount_percent": "2"})).unwrap();
        run(&w.app, "partners.update", Some(w.client), json!({"version": 1, "manager_id": ann.user_id})).unwrap();
        let by_rules = order(w, &ann, json!({}));
        let done = verb(w, &ann, by_rules.id.unwrap(), "confirm").unwrap();
        assert_eq!((&done.data["state"], codes(&done).len(), done.warnings.len()), (&json!("confirmed"), 0, 0));
        let off = json!({"payment_terms": {"kind": "credit", "days": 30}, "lines": [{"product_id": w.repair, "quantity": "10", "price": "90"}, {"product_id": w.bolt, "quantity": "1", "discount_percent": "7", "supply": "later"}, {"product_id": w.nut, "quantity": "1", "supply": "later"}]});
        let expected =
            ["payment_terms: deviation_payment", "lines.0.price: deviation_price_below", "lines.1.discount_percent: deviation_discount"];
        // By itself the company only warns.
        let typed = w
            .app
            .preview(
                &ann,
                "sales-orders",
                None,
                &json!({"company_id": w.company, "partner_id": w.client, "lines": off["lines"], "payment_terms": off["payment_terms"]}),
            )
            .unwrap();
        let foretold: Vec<&str> = typed["warnings"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|d| d["code"].as_str())
            .filter(|c| c.starts_with("deviation"))
            .collect();
        assert_eq!(foretold.len(), 3, "said before saving: {foretold:?}");
        let warned = order(w, &ann, off.clone());
        let done = verb(w, &ann, warned.id.unwrap(), "confirm").unwrap();
        assert_eq!((&done.data["state"], codes(&done)), (&json!("confirmed"), expected.map(String::from).to_vec()));
        assert_eq!(done.warnings.len(), 3);
        let version = w.app.get(&Ctx::system(), "companies", w.company).unwrap()["version"].clone();
        run(&w.app, "companies.update", Some(w.company), json!({"version": version, "terms_control": "approve"})).unwrap();
        let waits = order(w, &ann, off.clone());
        let id = waits.id.unwrap();
        let done = verb(w, &ann, id, "confirm").unwrap();
        assert_eq!((&done.data["state"], codes(&done)), (&json!("approval"), expected.map(String::from).to_vec()));
        assert!(verb(w, &ann, id, "approve").is_err(), "a salesperson does not approve himself");
        let version = done.version;
        let edit = w.app.execute(&ann, Envelope::new("sales-orders.update", json!({"comment": "x"})).on(id).seen(version));
        assert_eq!(edit.unwrap_err().inner().code, "posted_immutable", "what waits for approval is not changed");
        let done = verb(w, &boss, id, "approve").unwrap();
        assert_eq!(done.data["state"], json!("confirmed"));
        // Who may approve confirms at once; reopening leads back to a draft.
        let own = order(w, &boss, off.clone());
        assert_eq!(verb(w, &boss, own.id.unwrap(), "confirm").unwrap().data["state"], json!("confirmed"));
        let back = order(w, &ann, off);
        verb(w, &ann, back.id.unwrap(), "confirm").unwrap();
        assert_eq!(verb(w, &ann, back.id.unwrap(), "reopen").unwrap().data["state"], json!("draft"));
        let set = verb(w, &ann, back.id.unwrap(), "reprice").unwrap();
        assert_eq!(
            (&set.data["lines"][0]["price"], &set.data["lines"][1]["discount_percent"], &set.data["repriced"]),
            (&json!("100"), &json!("2"), &json!(2))
        );
    });
}

#[test]
fn prc_11_within_the_users_limits_nothing_waits() {
    both(|w| {
        let ann = person(w, "ann", "salesperson");
        run(&w.app, "partners.update", Some(w.client), json!({"version": 1, "manager_id": ann.user_id})).unwrap();
        run(&w.app, "companies.update", Some(w.company), json!({"version": 1, "terms_control": "approve"})).unwrap();
        run(
            &w.app,
            "price-limits.create",
            None,
            json!({"name": "Продавці", "role": "salesperson", "discount_max": "5", "price_down_max": "10"}),
        )
        .unwrap();
        let state = |price: &str, discount: &str| {
            let lines = json!({"lines": [{"product_id": w.repair, "quantity": "1", "price": price, "discount_percent": discount}]});
            verb(w, &ann, order(w, &ann, lines).id.unwrap(), "confirm").unwrap().data["state"].clone()
        };
        // Price and discount come to one reduction: 95 less 5 % is 90.25, 94.73 less 5 % is below 90.
        assert_eq!(
            [state("90", "0"), state("95", "5"), state("94.73", "5"), state("100", "5.01")],
            [json!("confirmed"), json!("confirmed"), json!("approval"), json!("approval")]
        );
        // What the rules give beyond his limit needs approval as well, as their explanation says.
        run(&w.app, "price-conditions.create", None, json!({"kind": "special", "partner_id": w.client, "percent": "18"})).unwrap();
        let by_rules = order(w, &ann, json!({"lines": [{"product_id": w.repair, "quantity": "1"}]}));
        let done = verb(w, &ann, by_rules.id.unwrap(), "confirm").unwrap();
        assert_eq!((&done.data["state"], codes(&done)), (&json!("approval"), vec!["lines.0.discount_percent: deviation_discount".into()]));
        let told = &done.data["deviations"][0]["args"];
        assert_eq!((&told["percent"], &told["agreed"]), (&json!("18"), &json!("5")));
    });
}

#[test]
fn prc_12_what_conditions_take_off_the_order_is_in_its_lines_and_total() {
    both(|w| {
        run(&w.app, "price-conditions.create", None, json!({"kind": "amount", "from_amount": "1000", "percent": "10"})).unwrap();
        let form = run(&w.app, "payment-forms.create", None, json!({"name": "Готівка"})).unwrap().id;
        run(&w.app, "price-conditions.create", None, json!({"kind": "payment_form", "payment_form_id": form, "percent": "1"})).unwrap();
        let small = order(w, &Ctx::system(), json!({"lines": [{"product_id": w.repair, "quantity": "9"}]}));
        assert_eq!(small.data["total"], json!("900.00"));
        let large = order(
            w,
            &Ctx::system(),
            json!({"lines": [{"product_id": w.repair, "quantity": "10"}, {"product_id": w.nut, "quantity": "1"}]}),
        );
        let l = &large.data["lines"];
        assert_eq!((&l[0]["amount"], &l[0]["discount_amount"], &l[1]["amount"]), (&json!("900.00"), &json!("100.00"), &json!("3.15")));
        assert_eq!(large.data["total"], json!("903.15"));
        let cash = order(w, &Ctx::system(), json!({"payment_form_id": form, "lines": [{"product_id": w.repair, "quantity": "9"}]}));
        assert_eq!(cash.data["total"], json!("891.00"));
        let why = w.app.registry.questions.iter().find(|q| q.path == "sales-orders/{id}/lines/{line}/price").unwrap();
        let asked = kontor_platform::app::Asked {
            path: [("id", large.id.unwrap().to_string()), ("line", l[0]["id"].as_str().unwrap().to_string())]
                .map(|(k, v)| (k.to_string(), v))
                .into(),
            ..Default::default()
        };
        let told = (why.run)(&w.app, &Ctx::system(), &asked).unwrap();
        assert!(told["steps"].as_array().unwrap().iter().any(|s| s["step"] == json!("order")), "{told}");
        assert!(w.app.check().unwrap().is_empty());
    });
}

#[test]
fn prc_12_parts_of_an_order_carry_their_part_of_its_discount_and_so_do_returns() {
    both(|w| {
        run(&w.app, "price-conditions.create", None, json!({"kind": "amount", "from_amount": "1000", "percent": "10"})).unwrap();
        let o = order(w, &Ctx::system(), json!({"lines": [{"product_id": w.repair, "quantity": "11"}]}));
        assert_eq!(o.data["total"], json!("990.00"));
        verb(w, &Ctx::system(), o.id.unwrap(), "confirm").unwrap();
        let ship = |quantity: &str| {
            let line = json!([{"order_line_id": o.data["lines"][0]["id"], "quantity": quantity}]);
            let made = run(&w.app, "shipments.create", None, json!({"sales_order_id": o.id, "lines": line})).unwrap();
            run(&w.app, "shipments.post", made.id, json!({})).unwrap()
        };
        let (one, rest) = (ship("3"), ship("8"));
        assert_eq!(
            (&one.data["total"], &one.data["lines"][0]["discount_amount"], &rest.data["total"]),
            (&json!("270.00"), &json!("30.00"), &json!("720.00"))
        );
        let back = json!({"company_id": w.company, "partner_id": w.client, "shipment_id": one.id, "lines": [{"product_id": w.repair, "quantity": "1"}]});
        let back = run(&w.app, "returns.create", None, back).unwrap();
        assert_eq!(back.data["total"], json!("90.00"));
        assert!(w.app.check().unwrap().is_empty());
    });
}

#[test]
fn prc_12_a_draft_of_a_rule_is_tried_on_past_orders_and_nothing_is_written() {
    both(|w| {
        let system = Ctx::system();
        for n in ["1", "10", "20"] {
            let o = order(
                w,
                &system,
                json!({"lines": [{"product_id": w.repair, "quantity": n}, {"product_id": w.nut, "quantity": "2", "supply": "later"}]}),
            );
            verb(w, &system, o.id.unwrap(), "confirm").unwrap();
        }
        let draft = json!({"kind": "quantity", "from_quantity": "10", "product_id": w.repair, "percent": "10", "active": false});
        let rule = run(&w.app, "price-conditions.create", None, draft).unwrap().id.unwrap();
        let tried = |input: Json| {
            let started = run(&w.app, "price-conditions.simulate", Some(rule), input).unwrap();
            let job = Id::parse_str(started.data["job_id"].as_str().unwrap()).unwrap();
            while w.app.run_jobs(std::time::Duration::from_secs(30)).unwrap() {}
            let seen = w.app.get(&system, "jobs", job).unwrap();
            assert_eq!(seen["state"], json!("done"), "{seen}");
            seen["result"].clone()
        };
        let orders_before = w.app.list(&system, "sales-orders", &Default::default()).unwrap().to_json(true);
        let r = tried(json!({}));
        assert_eq!((&r["orders"], &r["lines"], &r["changed_lines"], &r["never_wins"]), (&json!(3), &json!(6), &json!(2), &json!(false)));
        // 3,100 with VAT of repairs, a tenth off 3,000; net of 20 % VAT that is 250.
        assert_eq!(
            (&r["totals"][0]["change"], &r["clients"][0]["change"], &r["products"][0]["title"]),
            (&json!("-250.00"), &json!("-250.00"), &json!("Ремонт"))
        );
        assert_eq!(w.app.list(&system, "sales-orders", &Default::default()).unwrap().to_json(true), orders_before);
        let weaker = run(
            &w.app,
            "price-conditions.create",
            None,
            json!({"kind": "quantity", "from_quantity": "10", "category_id": null, "percent": "50"}),
        )
        .unwrap()
        .id
        .unwrap();
        // With another rule in force the draft takes its place: fewer off than before.
        let r = tried(json!({"more_percent": "1"}));
        assert_eq!((&r["totals"][0]["change"], &r["clients_paying_more"]), (&json!("1000.00"), &json!(1)));
        assert_eq!(
            (&r["idle_rules_count"], &r["idle_rules"][0]["id"]),
            (&json!(1), &json!(weaker)),
            "the other rule never wins beside the draft"
        );
        let r = tried(json!({"removed": true}));
        assert_eq!((&r["changed_lines"], &r["never_wins"]), (&json!(0), &json!(true)));
        let r = tried(json!({"filter": {"date.ge": "2999-01-01"}}));
        assert_eq!((&r["lines"], &r["never_wins"]), (&json!(0), &json!(false)), "tried on nothing, it neither wins nor loses");
        let r = tried(json!({"instead_of_id": weaker, "filter": {"partner_id": w.client}}));
        assert_eq!(r["changed_lines"], json!(2));
        assert!(w.app.check().unwrap().is_empty());
    });
}

#[test]
fn agr_03_contracted_stands_against_ordered_and_delivered_and_the_contract_governs_payment() {
    both(|w| {
        let contract = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-01-01", "currency": "UAH", "amount": "5000", "payment_terms": {"kind": "credit", "days": 45}, "lines": [{"due_on": "2026-01-15", "product_id": w.repair, "quantity": "20"}, {"due_on": "2999-01-15", "product_id": w.repair, "quantity": "30"}]});
        let contract = run(&w.app, "contracts.create", None, contract).unwrap().id.unwrap();
        let o = order(w, &Ctx::system(), json!({"contract_id": contract}));
        assert_eq!(o.data["payment_terms"], json!({"kind": "credit", "days": 45}));
        verb(w, &Ctx::system(), o.id.unwrap(), "confirm").unwrap();
        let line = json!([{"order_line_id": o.data["lines"][0]["id"], "quantity": "4"}]);
        let made = run(&w.app, "shipments.create", None, json!({"sales_order_id": o.id, "lines": line})).unwrap();
        run(&w.app, "shipments.post", made.id, json!({})).unwrap();
        let q = w.app.registry.questions.iter().find(|q| q.path == "contracts/{id}/delivery").unwrap();
        let asked = kontor_platform::app::Asked { path: [("id".to_string(), contract.to_string())].into(), ..Default::default() };
        let told = (q.run)(&w.app, &Ctx::system(), &asked).unwrap();
        let i = &told["items"][0];
        assert_eq!(
            [&i["contracted"], &i["ordered"], &i["delivered"], &i["left"], &i["behind"]],
            [&json!("50"), &json!("10"), &json!("4"), &json!("46"), &json!("16")]
        );
        assert_eq!((&told["amount"], &told["delivered"]), (&json!("5000.00"), &json!("400.00")));
        let nobody = person(w, "store", "storekeeper");
        assert!((q.run)(&w.app, &nobody, &asked).is_err());
    });
}
