//! Rebates on posted sales: by product and group, to the client or somebody else, shown and settled.

use crate::world::{World, both, refused};
use kontor_platform::Ctx;
use kontor_platform::report::Params;
use kontor_platform::value::{Id, Value};
use serde_json::{Value as Json, json};

/// A posted shipment of so many repairs (100 with VAT, 83.33 net) and nuts (3.50, no VAT).
fn sell(w: &World, date: &str, repairs: i64, nuts: i64) -> Id {
    let mut lines = vec![json!({"product_id": w.repair, "quantity": repairs.to_string()})];
    if nuts > 0 {
        lines.push(json!({"product_id": w.nut, "quantity": nuts.to_string()}));
    }
    let prices = ["100", "3.5"];
    lines.iter_mut().zip(prices).for_each(|(l, p)| l["price"] = json!(p));
    w.made("shipments", json!({"company_id": w.company, "partner_id": w.client, "date": date, "post": true, "lines": lines}))
}

fn rebate(w: &World, more: Json) -> Id {
    let mut all = json!({"kind": "rebate", "partner_id": w.client});
    all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    w.made("price-conditions", all)
}

/// Recipient, base, accrued, settled, due.
fn report(w: &World, from: &str, to: &str) -> Vec<String> {
    let spec = w.app.registry.reports.iter().find(|r| r.name == "rebates-due").unwrap();
    let mut params = Params::default();
    params.values.insert("from", Value::Date(crate::world::day(from)));
    params.values.insert("to", Value::Date(crate::world::day(to)));
    let table = w.app.store.read(|c| (spec.run)(c, &w.app, &Ctx::system(), &params)).unwrap();
    let amount = |v: &Value| kontor_kernel::Amount::from_scaled(v.as_int().unwrap()).to_string();
    let row = |v: &[Value]| format!("{} {} {} {} {}", v[1].as_text().unwrap(), amount(&v[6]), amount(&v[7]), amount(&v[8]), amount(&v[9]));
    let mut rows: Vec<String> = table.rows.iter().map(|r| row(&r.values)).collect();
    rows.sort();
    rows
}

#[test]
fn prc_09_rebates_by_product_and_group_go_to_their_recipients() {
    both(|w| {
        w.receive("2026-01-01", w.nut, "1000", "1");
        let group = w.made("price-groups", json!({"name": "Метизи"}));
        let version = w.get("products", w.nut)["version"].clone();
        w.run("products.update", w.nut, json!({"version": version, "price_group_id": group})).unwrap();
        let chain = w.made("partners", json!({"name": "Закупівельна група"}));
        // Everything 1 %, repairs 5 %, nuts 10 %: of one recipient the most particular one counts.
        rebate(w, json!({"percent": "1"}));
        rebate(w, json!({"percent": "5", "product_id": w.repair}));
        rebate(w, json!({"percent": "10", "price_group_id": group, "valid_from": "2026-03-10"}));
        // Somebody else gets his own beside them.
        rebate(w, json!({"percent": "2", "recipient_id": chain}));
        sell(w, "2026-03-05", 3, 100);
        sell(w, "2026-03-15", 3, 100);
        assert_eq!(
            report(w, "2026-03-01", "2026-03-31"),
            [
                "Закупівельна група 1200.00 24.00 0.00 24.00",
                "Клієнт 350.00 3.50 0.00 3.50",
                "Клієнт 350.00 35.00 0.00 35.00",
                "Клієнт 500.00 25.00 0.00 25.00",
            ]
        );
        assert_eq!(report(w, "2026-04-01", "2026-04-30"), [] as [&str; 0]);
        // A return takes its part back.
        let shipment = sell(w, "2026-03-20", 1, 0);
        w.run("shipments.reverse", shipment, json!({})).unwrap();
        assert_eq!(report(w, "2026-03-01", "2026-03-31")[0], "Закупівельна група 1200.00 24.00 0.00 24.00");
        // Another condition for the same and the same recipient is refused; another step of the scale is not.
        let again = json!({"kind": "rebate", "partner_id": w.client, "percent": "3", "recipient_id": chain});
        assert_eq!(refused(w.create("price-conditions", again)).1, "overlap");
        rebate(w, json!({"percent": "3", "recipient_id": chain, "from_amount": "1000"}));
        rebate(w, json!({"percent": "9", "recipient_id": chain, "from_amount": "5000"}));
        assert_eq!(report(w, "2026-03-01", "2026-03-31")[0], "Закупівельна група 1200.00 36.00 0.00 36.00");
    });
}

#[test]
fn prc_09_a_rebate_is_settled_once_and_set_off_against_what_is_owed() {
    both(|w| {
        let condition = rebate(w, json!({"percent": "5", "from_amount": "500"}));
        let sold = sell(w, "2026-03-05", 3, 0);
        assert_eq!(report(w, "2026-03-01", "2026-03-31"), ["Клієнт 250.00 0.00 0.00 0.00"], "below the threshold, and seen");
        let input = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-04-01", "period_from": "2026-03-01", "period_to": "2026-03-31"});
        let doc = w.made("rebates", input.clone());
        assert_eq!(refused(w.run("rebates.post", doc, json!({}))).1, "rebate_nothing_due");
        sell(w, "2026-03-15", 9, 0);
        let done = w.run("rebates.post", doc, json!({})).unwrap();
        assert_eq!(
            (&done.data["total"], &done.data["lines"][0]["base"]),
            (&json!("50.00"), &json!("1000.00")),
            "as the sales say when it is posted"
        );
        assert_eq!(done.data["lines"][0]["condition"]["id"], json!(condition));
        assert_eq!(w.text("settlement-documents", sold, "open"), "250.00", "300 less 50");
        assert_eq!(w.owes().0, "1150.00");
        assert_eq!(report(w, "2026-03-01", "2026-03-31"), ["Клієнт 1000.00 50.00 50.00 0.00"]);
        // The same days are not settled again; a posted document does not change.
        let again = w.made("rebates", input);
        let (field, code, _) = refused(w.run("rebates.post", again, json!({})));
        assert_eq!((field.as_str(), code.as_str()), ("period_from", "rebate_settled"));
        let version = w.get("rebates", doc)["version"].clone();
        assert_eq!(refused(w.run("rebates.update", doc, json!({"version": version, "period_to": "2026-03-30"}))).1, "posted_immutable");
        w.run("rebates.reverse", doc, json!({})).unwrap();
        assert_eq!(
            (w.owes().0, report(w, "2026-03-01", "2026-03-31")),
            ("1200.00".into(), vec!["Клієнт 1000.00 50.00 0.00 50.00".to_string()])
        );
        w.run("rebates.post", again, json!({})).unwrap();
        let found = w.app.check().unwrap();
        assert!(found.is_empty(), "{found:?}");
    });
}

#[test]
fn prc_09_a_rebate_counts_sales_of_its_own_company_up_to_its_last_day() {
    both(|w| {
        let other = w.made("companies", json!({"name": "ТОВ Шайба", "currency": "UAH", "country": "UA"}));
        rebate(w, json!({"percent": "5", "company_id": w.company, "valid_from": "2026-03-05", "valid_to": "2026-03-15"}));
        for (company, date) in [
            (w.company, "2026-03-04"),
            (w.company, "2026-03-05"),
            (w.company, "2026-03-15"),
            (w.company, "2026-03-16"),
            (other, "2026-03-10"),
        ] {
            let lines = json!([{"product_id": w.repair, "quantity": 1, "price": "120"}]);
            w.made("shipments", json!({"company_id": company, "partner_id": w.client, "date": date, "post": true, "lines": lines}));
        }
        assert_eq!(report(w, "2026-03-01", "2026-03-31"), ["Клієнт 200.00 10.00 0.00 10.00"]);
    });
}
