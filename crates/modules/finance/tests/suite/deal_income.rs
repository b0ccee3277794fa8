//! What a deal brings: revenue less standard costs, from whatever says it best.

use crate::world::both;
use kontor_platform::app::Asked;
use kontor_platform::value::Id;
use kontor_platform::{Ctx, Source};
use serde_json::json;

#[test]
fn prc_04_the_normative_income_of_a_deal_is_its_revenue_less_standard_costs() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "100", "6");
        let ask = |ctx: &Ctx, deal: Id| {
            let q = w.app.registry.questions.iter().find(|q| q.path == "deals/{id}/income").unwrap();
            (q.run)(&w.app, ctx, &Asked { path: [("id".to_string(), deal.to_string())].into(), ..Default::default() })
        };
        let system = Ctx::system();
        let told = |deal: Id| {
            let j = ask(&system, deal).unwrap();
            let text = |f: &str| j[f].as_str().map_or_else(|| j[f].to_string(), str::to_string);
            ["source", "revenue", "cost", "income", "percent", "unknown"].map(text)
        };
        let deal = w.made("deals", json!({"name": "Рік", "partner_id": w.client, "currency": "UAH", "company_id": w.company}));
        assert_eq!(ask(&system, deal).unwrap()["source"], json!(null), "nothing to reckon from");
        // Its own lines: bolts cost 6 each, nobody knows what nuts cost, a repair costs nothing.
        let lines = json!([{"product_id": w.bolt, "quantity": "10", "amount": "100"}, {"product_id": w.nut, "quantity": "5", "amount": "20"}, {"product_id": w.repair, "quantity": "1", "amount": "80"}]);
        let version = w.get("deals", deal)["version"].clone();
        w.run("deals.update", deal, json!({"version": version, "lines": lines})).unwrap();
        assert_eq!(told(deal), ["lines", "200.00", "60.00", "140.00", "70", "1"]);
        // A quote says it better: 20 bolts at 12 with VAT are 200 net. Of two the last one counts.
        let quote = |date: &str, n: &str| {
            let lines = json!([{"product_id": w.bolt, "quantity": n}]);
            w.create("quotes", json!({"company_id": w.company, "partner_id": w.client, "date": date, "deal_id": deal, "lines": lines}))
                .unwrap()
                .id
                .unwrap()
        };
        quote("2026-02-01", "50");
        let last = quote("2026-02-02", "20");
        assert_eq!(told(deal), ["quote", "200.00", "120.00", "80.00", "40", "0"]);
        // Orders are what is sold: all of them.
        w.run("quotes.confirm", last, json!({})).unwrap();
        w.run("quotes.order", last, json!({})).unwrap();
        let more = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-02-03", "deal_id": deal, "lines": [{"product_id": w.bolt, "quantity": "10", "discount_percent": "10"}]});
        let other = w.create("sales-orders", more).unwrap().id.unwrap();
        assert_eq!(told(deal), ["orders", "290.00", "180.00", "110.00", "37.931", "0"]);
        w.run("sales-orders.cancel", other, json!({"reason": "-"})).unwrap();
        assert_eq!(told(deal)[3], "80.00");
        // Costs are not for everybody.
        w.create("users", json!({"login": "keeper", "name": "keeper", "password": "correct horse battery", "roles": ["storekeeper"]}))
            .unwrap();
        assert!(ask(&w.app.ctx_of("keeper", Source::Api).unwrap(), deal).is_err());
    });
}
