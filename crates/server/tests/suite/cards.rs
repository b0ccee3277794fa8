//! What cards tell beside their plain fields, in the browser of who may see it.

use crate::browser::{Browser, Office};
use crate::fixtures::{Samples, both, user};
use axum::http::Method;
use kontor_platform::Envelope;
use serde_json::{Value as Json, json};

#[test]
fn fin_02_the_card_of_a_payment_links_the_documents_it_pays_for_by_number() {
    both(|app| {
        let mut s = Samples::new(app);
        let run = |s: &Samples, command: &str, id, input: Json| {
            let env = Envelope { id, ..Envelope::new(command, input.clone()) };
            app.execute(&s.ctx, env).unwrap_or_else(|e| panic!("{command} {input}: {e}"))
        };
        let receipt = s.fresh("stock-receipts");
        run(&s, "stock-receipts.post", Some(receipt), json!({}));
        let (shipment, order) = (s.fresh("shipments"), s.fresh("sales-orders"));
        let posted = run(&s, "shipments.post", Some(shipment), json!({})).data;
        let ordered = app.get(&s.ctx, "sales-orders", order).expect("there");
        let parts = json!([{"document_id": shipment, "amount": "1.50"}, {"document_id": order, "amount": "2"}]);
        let head = |allocations: &Json| {
            json!({"company_id": posted["company_id"], "partner_id": posted["partner_id"], "currency": posted["currency"], "amount": "5",
                "date": "2026-03-20", "direction": "in", "allocations": allocations})
        };
        let payment = run(&s, "payments.create", None, head(&parts)).id.expect("an id");
        let plain = run(&s, "payments.create", None, head(&json!([]))).id.expect("an id");
        user(app, "acc", &["accountant"]);
        let office = Office::new(app);
        for (lang, word) in [("uk", "Відвантаження"), ("ru", "Отгрузка"), ("en", "Shipment")] {
            let b = Browser::sign_in(&office, app, "acc").speaks(lang);
            let card = |id| String::from_utf8_lossy(b.send(Method::GET, &format!("/payments/{id}"), "", vec![]).body()).into_owned();
            let page = card(payment);
            for (collection, id, number) in [("shipments", shipment, &posted["number"]), ("sales-orders", order, &ordered["number"])] {
                let link = format!("class=\"lk nw\" href=\"/{collection}/{id}\"");
                let (_, rest) = page.split_once(&link).unwrap_or_else(|| panic!("{lang}: {collection} is not linked: {page}"));
                let words = rest.split_once("</a>").expect("its end").0;
                assert!(words.ends_with(number.as_str().expect("a number")), "{lang}: {words}");
            }
            assert!(page.contains(word) && !page.contains('⟦'), "{lang}");
            assert!(!card(plain).contains(&format!("/shipments/{shipment}")));
        }
    });
}
