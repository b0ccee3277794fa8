//! Sums as large as a number has room for: what one document may have may be more than there is room for in several. A balance that
//! has no room is refused where it would come about, and nothing of it is kept; a sum over many is told to be too large; no page
//! that shows something else beside it is lost.

use crate::fixtures::{Samples, both};
use crate::hostile::Walk;
use axum::http::Method;
use kontor_platform::App;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// Two of them have no room in 64 bits.
const MOST: &str = "900000000000000";

struct Office<'a> {
    w: &'a Walk,
    company: Json,
    warehouse: Json,
    goods: Json,
    service: Json,
    partners: Vec<Json>,
}

impl Office<'_> {
    fn new<'a>(app: &'a Arc<App>, w: &'a Walk) -> Office<'a> {
        let mut s = Samples::new(app);
        let unit = s.record("units");
        let mut made = |collection: &str, more: Json| {
            let mut input = s.input(collection);
            input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            json!(s.create(collection, input))
        };
        let company = made("companies", json!({"currency": "UAH"}));
        Office {
            w,
            warehouse: made("warehouses", json!({"company_id": company})),
            goods: made("products", json!({"unit_id": unit, "kind": "goods"})),
            service: made("products", json!({"unit_id": unit, "kind": "service"})),
            partners: (0..2).map(|_| made("partners", json!({}))).collect(),
            company,
        }
    }

    fn post(&self, collection: &str, more: Json) -> (u16, String) {
        let mut body = json!({"company_id": self.company, "post": true});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let said = self.w.json(&Method::POST, &format!("/api/v1/{collection}"), body.to_string());
        (said.status().as_u16(), String::from_utf8_lossy(said.body()).into_owned())
    }

    fn pay(&self, partner: &Json, amount: &str) -> (u16, String) {
        self.post("payments", json!({"partner_id": partner, "amount": amount, "currency": "UAH", "direction": "in"}))
    }

    fn receive(&self, quantity: &str) -> (u16, String) {
        let lines = json!([{"product_id": self.goods, "quantity": quantity, "cost": "0.01"}]);
        self.post("stock-receipts", json!({"warehouse_id": self.warehouse, "lines": lines}))
    }

    fn sell(&self, partner: &Json) -> (u16, String) {
        let lines = json!([{"product_id": self.service, "quantity": "100", "price": "9000000000000"}]);
        self.post(
            "shipments",
            json!({"partner_id": partner, "warehouse_id": self.warehouse, "vat": "exempt", "currency": "UAH", "lines": lines}),
        )
    }
}

#[test]
fn plt_07_a_balance_without_room_is_refused_and_a_sum_without_room_is_told() {
    both(|app| {
        let w = Walk::new(app);
        let o = Office::new(app, &w);
        let refused = |said: (u16, String)| {
            assert_eq!(said.0, 422, "{}", said.1);
            assert!(said.1.contains("number_overflow"), "{}", said.1);
        };
        assert_eq!(o.pay(&o.partners[0], MOST).0, 201);
        refused(o.pay(&o.partners[0], MOST));
        assert_eq!(o.receive("9000000000000").0, 201);
        refused(o.receive("9000000000000"));
        assert!(app.check().expect("the check runs").is_empty(), "nothing of what was refused is kept");
        // Each for itself has room; all of them together have not.
        assert_eq!(o.pay(&o.partners[1], MOST).0, 201);
        for partner in &o.partners {
            let (status, said) = o.sell(partner);
            assert!(status == 201 || said.contains("number_overflow"), "{said}");
        }
        for name in ["Перша", "Друга"] {
            let deal = json!({"name": name, "currency": "UAH", "amount": MOST}).to_string();
            assert_eq!(w.json(&Method::POST, "/api/v1/deals", deal).status(), 201);
        }
        for r in &app.registry.reports {
            for by in ["", "by=partner", "by=product", "by=company", "currency=EUR"] {
                w.get(&format!("/api/v1/reports/{}?{by}", r.name));
                w.get(&format!("/reports/{}?{by}", r.name));
            }
        }
        for path in ["stock", "settlements", "deals/board"] {
            w.get(&format!("/api/v1/{path}"));
        }
        for path in ["/deals", "/deals?view=funnel", "/payments?group=state", "/shipments?group=partner_id", "/stock-receipts?group=state"]
        {
            w.get(path);
        }
        for partner in &o.partners {
            let at = format!("/partners/{}", partner.as_str().expect("an id"));
            assert_eq!(w.get(&at).status(), 200);
            assert_eq!(w.get(&format!("{at}?tab=settlements")).status(), 200);
        }
        assert_eq!(w.get("/").status(), 200, "the day goes on");
        assert!(app.check().expect("the check runs").is_empty());
    });
}
