//! Prices computed from receipts, supply terms, queries and programs; conditions of use; thresholds; costs by category.

mod base;

use crate::common::{faults, missing_texts};
use crate::world::{House, ask, registry};
use kontor_kernel::Quantity;
use kontor_platform::value::Id;
use kontor_prices::LineQuestion;
use kontor_testkit::both;
use serde_json::{Value as Json, json};
use std::time::Duration;

const DAY: &str = "2026-11-21";

impl House {
    fn price_type(&self, name: &str, input: Json) -> Id {
        let mut all = json!({"name": name, "currency": "UAH", "vat": "excluded"});
        all.as_object_mut().unwrap().extend(input.as_object().cloned().unwrap());
        self.w.make("dir", "price-types", all)
    }
    /// An agreement by which the client buys in this type.
    fn by(&self, price_type: Id) -> Option<Id> {
        let n = self.w.count("dir", "agreements", &[]);
        Some(self.agreement(json!({"partner_id": self.client, "price_type_id": price_type, "priority": n + 1})).unwrap())
    }
    fn warehouse(&self) -> Id {
        let found = self.w.list("dir", "warehouses", &[]);
        match found["items"][0]["id"].as_str() {
            Some(id) => Id::parse_str(id).unwrap(),
            None => self.w.make("dir", "warehouses", json!({"name": "Склад", "company_id": self.company})),
        }
    }
    fn receipt(&self, product: Id, quantity: &str, cost: &str, on: &str) -> Id {
        let input = json!({
            "company_id": self.company, "warehouse_id": self.warehouse(), "date": on, "post": true,
            "lines": [{"product_id": product, "quantity": quantity, "cost": cost}],
        });
        self.w.make("dir", "stock-receipts", input)
    }
    fn supplier(&self, name: &str, role: &str) -> Id {
        self.w.make("dir", "partners", json!({"name": name, "roles": [role]}))
    }
    fn offer(&self, partner: Id, product: Id, more: Json) -> Id {
        let mut all = json!({"partner_id": partner, "product_id": product, "supplier_name": "Tea", "currency": "EUR", "vat": "excluded", "valid_from": "2026-01-01"});
        all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        self.w.make("dir", "supplier-prices", all)
    }
    fn rates(&self, name: &str, eur: &str) -> Id {
        let id = self.w.make("admin", "rate-types", json!({"name": name, "base_currency": "UAH", "direction": "direct"}));
        self.w.make("admin", "rates", json!({"rate_type_id": id, "currency": "EUR", "date": "2026-01-02", "rate": eur}));
        id
    }
    fn pieces(&self, agreement: Option<Id>, product: Id, n: i64) -> String {
        let line = LineQuestion { quantity: Quantity::from_scaled(n * Quantity::UNIT), ..ask(product) };
        self.lines(agreement, DAY, &[line]).unwrap().remove(0).price.to_string()
    }
}

#[test]
fn prc_03_a_markup_on_the_receipt_follows_the_last_receipt_that_stands() {
    both(|db| {
        let h = House::new(db);
        let a = h.by(h.price_type("Від надходження", json!({"method": "receipt", "markup_percent": "25"})));
        assert_eq!(h.told(a, h.tea, DAY), "missing", "never received");
        h.receipt(h.tea, "10", "100", "2026-03-01");
        let last = h.receipt(h.tea, "5", "120", "2026-05-01");
        assert_eq!(h.told(a, h.tea, DAY), "150");
        assert_eq!(h.told(a, h.tea, "2026-04-01"), "125", "at the date of the document");
        // A revision that no longer has the product, or the reversal: the one before counts again.
        let lines = json!([{"product_id": h.cup, "quantity": "1", "cost": "7"}]);
        let seen = h.w.version("stock-receipts", last);
        let revise = kontor_platform::execute::Envelope::new("stock-receipts.revise", json!({"lines": lines})).on(last).seen(seen);
        h.w.execute("dir", revise).unwrap();
        assert_eq!((h.told(a, h.tea, DAY), h.told(a, h.cup, DAY)), ("125".into(), "8.75".into()));
        h.w.verb("dir", "stock-receipts", last, "reverse", json!({})).unwrap();
        assert_eq!(h.told(a, h.cup, DAY), "missing");
    });
}

#[test]
fn prc_06_supply_terms_take_the_lot_the_suppliers_currency_and_his_own_rate() {
    both(|db| {
        let h = House::new(db);
        h.rates("НБУ", "50");
        let (first, second) = (h.supplier("ACME", "supplier"), h.supplier("Beta", "supplier"));
        let lots = json!([
            {"quantity": "1", "price": "4", "lead_days": 3}, {"quantity": "10", "price": "3", "lead_days": 5},
            {"quantity": "100", "price": "2.5", "lead_days": 10}, {"quantity": "1000", "price": "2", "lead_days": 30}
        ]);
        h.offer(first, h.tea, json!({"lots": lots}));
        h.offer(second, h.tea, json!({"price": "12", "currency": "UAH", "vat": "included"}));
        let a = h.by(h.price_type("Від постачання", json!({"method": "supply", "markup_percent": "10"})));
        let own = h.rates("Курс ACME", "52");
        let terms = h.w.make("dir", "supply-terms", json!({"partner_id": first, "rate_type_id": own}));
        // 4 EUR at his own 52, and a tenth; smaller lots for smaller quantities.
        assert_eq!(
            (h.pieces(a, h.tea, 1), h.pieces(a, h.tea, 99), h.pieces(a, h.tea, 1000)),
            ("228.8".into(), "171.6".into(), "114.4".into())
        );
        h.w.update("dir", "supply-terms", terms, 0, json!({"rate_type_id": null})).unwrap();
        assert_eq!(h.pieces(a, h.tea, 1), "220", "by the document's rates");
        // Whom to ask first is said by the priority: 12 with VAT are 10 net.
        h.w.make("dir", "supply-terms", json!({"partner_id": second, "priority": 1}));
        assert_eq!(h.pieces(a, h.tea, 1), "220");
        h.w.update("dir", "supply-terms", terms, 0, json!({"priority": 2})).unwrap();
        assert_eq!(h.pieces(a, h.tea, 1), "11");
        let wrong = h.w.create("dir", "supplier-prices", json!({"partner_id": first, "supplier_name": "x", "currency": "EUR", "lots": [{"quantity": "0", "price": "1"}, {"quantity": "5", "price": "2"}, {"quantity": "5", "price": "1"}]}));
        assert_eq!(faults(wrong), ["lots.0.quantity: number_not_positive", "lots.2.quantity: unique"]);
    });
}

#[test]
fn prc_03_a_query_takes_the_last_average_lowest_or_highest_of_its_source() {
    both(|db| {
        let h = House::new(db);
        h.rates("НБУ", "50");
        for (from, p) in [("2025-06-01", "90"), ("2026-02-01", "100"), ("2026-06-01", "110"), ("2026-10-01", "120")] {
            h.price(h.retail, h.tea, p, from);
        }
        let of_type = |take: &str, days: i64| json!({"method": "query", "vat": "included", "query": {"source": "price_type", "price_type_id": h.retail, "take": take, "days": days}});
        for (name, query, wanted) in [
            ("остання", of_type("last", 365), "120"),
            ("середня", of_type("average", 200), "110"),
            ("нижча", of_type("lowest", 365), "90"),
            ("вища", of_type("highest", 365), "120"),
        ] {
            let a = h.by(h.price_type(name, query));
            assert_eq!(h.told(a, h.tea, DAY), wanted, "{name}: the price that was in force when the days began counts too");
        }
        let (rival, other, seller) = (h.supplier("Rival", "competitor"), h.supplier("Other", "competitor"), h.supplier("ACME", "supplier"));
        h.offer(rival, h.tea, json!({"price": "3"}));
        h.offer(other, h.tea, json!({"price": "216", "currency": "UAH", "vat": "included"}));
        h.offer(seller, h.tea, json!({"price": "1"}));
        // An offer in a currency without a rate does not count.
        h.offer(h.supplier("Far", "competitor"), h.tea, json!({"price": "1", "currency": "JPY"}));
        let theirs = |take: &str, more: Json| {
            let mut q = json!({"source": "competitor_prices", "take": take});
            q.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            json!({"method": "query", "query": q})
        };
        let a = h.by(h.price_type("Найдешевші конкуренти", theirs("lowest", json!({}))));
        assert_eq!(h.told(a, h.tea, DAY), "150");
        let a = h.by(h.price_type("Середні конкуренти", theirs("average", json!({}))));
        assert_eq!(h.told(a, h.tea, DAY), "165", "150 and 180 net");
        let a = h.by(h.price_type("Інший конкурент", theirs("last", json!({"partner_id": other}))));
        assert_eq!(h.told(a, h.tea, DAY), "180");
        h.receipt(h.tea, "1", "80", "2026-03-01");
        h.receipt(h.tea, "1", "100", "2026-11-01");
        let a = h.by(h.price_type("Надходження", json!({"method": "query", "query": {"source": "receipts", "take": "average"}})));
        assert_eq!((h.told(a, h.tea, DAY), h.told(a, h.cup, DAY)), ("90".into(), "missing".into()));
        let make = |q: Json| h.w.create("dir", "price-types", json!({"name": "x", "currency": "UAH", "method": "query", "query": q}));
        assert_eq!(
            faults(h.w.create("dir", "price-types", json!({"name": "x", "currency": "UAH", "method": "query"}))),
            ["query.source: required"]
        );
        assert_eq!(faults(make(json!({"source": "price_type", "take": "last"}))), ["query.price_type_id: base_price_type_needed"]);
        let plus = h.price_type("Опт", json!({"method": "markup", "base_price_type_id": h.retail, "markup_percent": "5"}));
        assert_eq!(
            faults(make(json!({"source": "price_type", "take": "last", "price_type_id": plus}))),
            ["query.price_type_id: price_computed"]
        );
        assert_eq!(
            faults(make(json!({"source": "receipts", "take": "last", "partner_id": plus}))),
            ["query.partner_id: reference_missing"]
        );
    });
}

#[test]
fn prc_03_a_price_in_effect_stays_until_the_computed_one_moves_by_the_threshold() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        let plus = h.price_type(
            "Опт",
            json!({"method": "markup", "base_price_type_id": h.retail, "markup_percent": "10", "vat": "included", "threshold_percent": "5"}),
        );
        let a = h.by(plus);
        assert_eq!(h.told(a, h.tea, DAY), "110", "nothing is in effect yet: as computed");
        let job = |verb: &str, input: Json| {
            let started = h.w.verb("dir", "price-types", plus, verb, input).unwrap();
            while h.w.app.run_jobs(Duration::from_secs(60)).unwrap() {}
            let id = Id::parse_str(started.data["job_id"].as_str().unwrap()).unwrap();
            let seen = h.w.see("jobs", id);
            assert_eq!(seen["state"], json!("done"), "{seen}");
            seen["result"]["changed"].clone()
        };
        let recalculate = json!({"operation": "recalculate", "date": "2026-11-21"});
        assert_eq!(job("edit_prices", recalculate.clone()), json!(1));
        assert_eq!(job("apply_prices", json!({"valid_from": "2026-11-21"})), json!(1));
        // 4 % up: 114.4 would be the price, and 110 stays; with 5.5 % it moves.
        h.price(h.retail, h.tea, "104", DAY);
        assert_eq!(h.told(a, h.tea, DAY), "110");
        assert_eq!(job("edit_prices", recalculate.clone()), json!(0));
        h.price(h.retail, h.tea, "105.5", DAY);
        assert_eq!(h.told(a, h.tea, DAY), "116.05");
        assert_eq!(job("edit_prices", recalculate), json!(1));
        let by_hand = h.w.verb("dir", "price-types", h.retail, "edit_prices", json!({"operation": "recalculate"}));
        assert!(by_hand.is_ok(), "the arguments are right, the type is not: the job says so");
        while h.w.app.run_jobs(Duration::from_secs(60)).unwrap() {}
        let id = Id::parse_str(by_hand.unwrap().data["job_id"].as_str().unwrap()).unwrap();
        assert_eq!(h.w.see("jobs", id)["state"], json!("failed"));
    });
}

#[test]
fn prc_03_conditions_of_use_hold_a_type_back_and_the_next_rule_answers() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        let chains = h.w.make("dir", "segments", json!({"name": "Мережі", "members": "partners", "filter": {"name": "Мережа"}}));
        let special =
            h.price_type("Для мереж", json!({"method": "manual", "vat": "included", "segment_id": chains, "valid_to": "2026-11-30"}));
        h.price(special, h.tea, "70", "2026-01-01");
        let a = h.by(special);
        let trace = h.lines(a, DAY, &[ask(h.tea)]).unwrap().remove(0);
        assert_eq!((trace.price.to_string(), trace.price_type_id), ("100".into(), Some(h.retail)), "the default answers");
        h.w.update("dir", "partners", h.client, 0, json!({"name": "Мережа"})).unwrap();
        assert_eq!((h.told(a, h.tea, DAY), h.told(a, h.tea, "2026-12-01")), ("70".into(), "100".into()));
        let asked = json!({"product_id": h.tea, "partner_id": h.client, "date": "2026-12-01"});
        let told = kontor_prices::explain(&h.w.app, &h.w.ctx("dir"), &asked).unwrap();
        assert!(told.to_string().contains("Для мереж"), "{told}");
        let wrong = h.w.update("dir", "price-types", special, 0, json!({"valid_from": "2026-12-05"}));
        assert_eq!(faults(wrong), ["valid_to: ends_before_start"]);
    });
}

#[test]
fn prc_05_a_price_program_has_formulas_by_category_coefficients_and_stock_and_is_tried_before_use() {
    both(|db| {
        let h = House::new(db);
        h.rates("НБУ", "50");
        let acme = h.supplier("ACME", "supplier");
        h.offer(acme, h.tea, json!({"price": "2"}));
        h.offer(acme, h.cup, json!({"price": "1"}));
        h.w.make(
            "dir",
            "supply-terms",
            json!({"partner_id": acme, "coefficient": "1.2", "lines": [{"category_id": h.drinks, "coefficient": "1.5"}]}),
        );
        h.receipt(h.tea, "40", "90", "2026-03-01");
        let by_stock = "supply * coefficient * if stock > 30 { 0.9 } else { 1 }";
        let program = h.w.make(
            "dir",
            "price-programs",
            json!({"name": "Від постачальника", "formula": "supply * coefficient", "lines": [{"category_id": h.drinks, "formula": by_stock}]}),
        );
        let use_it = || {
            h.w.create(
                "dir",
                "price-types",
                json!({"name": "За програмою", "currency": "UAH", "vat": "excluded", "method": "program", "program_id": program}),
            )
        };
        assert_eq!(faults(use_it()), ["program_id: program_not_active"]);
        assert_eq!(faults(h.w.verb("dir", "price-programs", program, "activate", json!({}))), ["program_not_tested"]);
        let net = h.price_type("Нетто", json!({"method": "manual"}));
        let tried =
            h.w.verb("dir", "price-programs", program, "test", json!({"price_type_id": net, "products": [h.tea, h.cup], "date": DAY}))
                .unwrap();
        let prices: Vec<&str> = tried.data["items"].as_array().unwrap().iter().map(|i| i["price"].as_str().unwrap_or("-")).collect();
        assert_eq!(prices, ["135", "60"], "2 × 50 × 1.5 × 0.9; 1 × 50 × 1.2");
        h.w.verb("dir", "price-programs", program, "activate", json!({})).unwrap();
        let a = h.by(use_it().unwrap().id.unwrap());
        assert_eq!((h.told(a, h.tea, DAY), h.told(a, h.cup, DAY)), ("135".into(), "60".into()));
        // What is in use is not changed under the feet of those who sell by it.
        assert_eq!(faults(h.w.update("dir", "price-programs", program, 0, json!({"formula": "1"}))), ["posted_immutable"]);
        assert_eq!(faults(h.w.verb("dir", "price-programs", program, "reopen", json!({}))), ["in_use"]);
        // A test without any price does not open the way, and a change asks for another test.
        let bad = h.w.make("dir", "price-programs", json!({"name": "Ділить на нуль", "formula": "supply / (stock - stock)"}));
        let tried = h.w.verb("dir", "price-programs", bad, "test", json!({"price_type_id": net, "products": [h.tea]})).unwrap();
        let said = tried.data["items"][0]["problem"].as_str().unwrap();
        assert!(tried.data["failed"] == json!(1) && !said.is_empty() && !said.contains("trace-"), "{said}");
        assert_eq!(faults(h.w.verb("dir", "price-programs", bad, "activate", json!({}))), ["program_test_failed"]);
        h.w.update("dir", "price-programs", bad, 0, json!({"formula": "supply"})).unwrap();
        assert_eq!(faults(h.w.verb("dir", "price-programs", bad, "activate", json!({}))), ["program_not_tested"]);
        let wrong = json!({"name": "x", "lines": [{"category_id": h.drinks, "formula": "1 +"}, {"category_id": h.drinks, "formula": "price(\"Нема\")"}]});
        assert_eq!(
            faults(h.w.create("dir", "price-programs", wrong)),
            ["lines.0.formula: formula_syntax", "lines.1.category_id: duplicate_line", "lines.1.formula: formula_unknown_name"]
        );
    });
}

#[test]
fn prc_05_a_program_that_names_its_own_type_is_a_circle() {
    both(|db| {
        let h = House::new(db);
        let plus = h.price_type("Опт", json!({"method": "markup", "base_price_type_id": h.retail, "markup_percent": "5"}));
        h.price(h.retail, h.tea, "100", "2026-01-01");
        let program = h.w.make("dir", "price-programs", json!({"name": "П", "formula": "price(\"Опт\") * 2"}));
        h.w.verb("dir", "price-programs", program, "test", json!({"price_type_id": h.retail, "products": [h.tea]})).unwrap();
        h.w.verb("dir", "price-programs", program, "activate", json!({})).unwrap();
        let change = h.w.update("dir", "price-types", plus, 0, json!({"method": "program", "program_id": program}));
        assert_eq!(faults(change), ["program_id: cycle"]);
    });
}

#[test]
fn prc_17_an_order_of_a_thousand_products_by_supply_and_stock_is_a_few_reads() {
    both(|db| {
        let h = House::new(db);
        h.rates("НБУ", "50");
        let acme = h.supplier("ACME", "supplier");
        let unit = h.w.see("products", h.tea)["unit"]["id"].clone();
        let ctx = h.w.ctx("dir").with_source(kontor_platform::Source::Import);
        let made = |command: &str, inputs: Vec<Json>| -> Vec<Id> {
            let all = inputs.into_iter().map(|i| kontor_platform::Envelope::new(command, i)).collect();
            h.w.app.execute_slice(&ctx, all, false).unwrap().into_iter().map(|o| o.unwrap().id.unwrap()).collect()
        };
        let product = |n: usize| json!({"name": format!("Товар {n:04}"), "unit_id": unit, "category_id": h.drinks, "vat_rate": "ua20"});
        let products = made("products.create", (0..1_000).map(product).collect());
        let offer = |(n, id): (usize, &Id)| json!({"partner_id": acme, "product_id": id, "supplier_name": "x", "currency": "EUR", "vat": "excluded", "valid_from": "2026-01-01", "price": (n + 1).to_string()});
        made("supplier-prices.create", products.iter().enumerate().map(offer).collect());
        let a = h.by(h.price_type("Від постачання", json!({"method": "formula", "formula": "supply * coefficient + stock"})));
        let read = |lines: &[LineQuestion]| {
            let before = kontor_platform::store::Conn::statements_of_thread();
            let priced = h.lines(a, DAY, lines).unwrap();
            (priced, kontor_platform::store::Conn::statements_of_thread() - before)
        };
        let all: Vec<LineQuestion> = products.iter().map(|id| ask(*id)).collect();
        // Rules and formulas are in memory from the first question on.
        read(&all[..1]);
        let (_, one) = read(&all[..1]);
        let (priced, thousand) = read(&all);
        let told: Vec<String> = [0, 1, 999].iter().map(|n| priced[*n].price.to_string()).collect();
        assert_eq!(told, ["50", "100", "50000"]);
        // Ids go out 256 at a time: four reads where one product needs one.
        assert!(one > 0 && thousand <= one * 4 && thousand < 100, "{one} statements for a line, {thousand} for a thousand products");
    });
}

#[test]
fn prc_05_the_words_are_there() {
    let r = registry();
    let own = ["price-types", "price-programs", "supply-terms", "supplier-prices", "product-categories"];
    assert_eq!(missing_texts(&r, &own), [] as [String; 0]);
}
