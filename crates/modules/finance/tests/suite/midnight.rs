//! The day on which a price changes, at the hour when it is two days at once: each company's documents follow its own zone.

use crate::world::{World, both, day};
use chrono::{DateTime, Utc};
use kontor_platform::Ctx;
use kontor_platform::app::Asked;
use kontor_platform::execute::Envelope;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

/// Somebody of Kyiv at a moment of the clock.
fn at(moment: &str) -> Ctx {
    let now: DateTime<Utc> = moment.parse().unwrap();
    let zone = chrono_tz::Europe::Kyiv;
    Ctx { now, zone, today: now.with_timezone(&zone).date_naive(), ..Ctx::system() }
}

struct Offices {
    kyiv: Id,
    york: Id,
}

/// 100 until 21.11, 110 from 22.11 on, in both; a discount of 5 % holds to the 21st.
fn offices(w: &World) -> Offices {
    let york = w.made("companies", json!({"name": "Hayka Inc", "currency": "UAH", "country": "US", "time_zone": "America/New_York"}));
    w.made("warehouses", json!({"name": "New York", "company_id": york}));
    w.made("prices", json!({"price_type_id": w.price_type, "product_id": w.repair, "price": "110", "valid_from": "2026-11-22"}));
    w.made("price-conditions", json!({"kind": "period", "product_id": w.repair, "percent": "5", "valid_to": "2026-11-21"}));
    Offices { kyiv: w.company, york }
}

fn document(w: &World, company: Id) -> Json {
    json!({"company_id": company, "partner_id": w.client, "lines": [{"product_id": w.repair, "quantity": "1"}]})
}

/// Date, price and discount of an order without a date.
fn order(w: &World, ctx: &Ctx, company: Id) -> [String; 3] {
    let made = w.app.execute(ctx, Envelope::new("sales-orders.create", document(w, company))).unwrap().data;
    let line = &made["lines"][0];
    [&made["date"], &line["price"], &line["discount_percent"]].map(|v| v.as_str().unwrap().to_string())
}

#[test]
fn prc_13_at_midnight_a_price_changes_where_the_company_is() {
    both(|w| {
        let o = offices(w);
        let told = |moment: &str| [o.kyiv, o.york].map(|c| order(w, &at(moment), c).join(" "));
        // Kyiv is two hours ahead of Greenwich in November, New York five behind.
        assert_eq!(told("2026-11-21T21:59:59Z"), ["2026-11-21 100 5", "2026-11-21 100 5"]);
        assert_eq!(told("2026-11-21T22:00:00Z"), ["2026-11-22 110 0", "2026-11-21 100 5"]);
        assert_eq!(told("2026-11-21T22:30:00Z"), ["2026-11-22 110 0", "2026-11-21 100 5"]);
        assert_eq!(told("2026-11-22T04:59:59Z"), ["2026-11-22 110 0", "2026-11-21 100 5"]);
        assert_eq!(told("2026-11-22T05:00:00Z"), ["2026-11-22 110 0", "2026-11-22 110 0"]);
        // A day that is said stays what was said.
        let mut said = document(w, o.york);
        said["date"] = json!("2026-11-22");
        let made = w.app.execute(&at("2026-11-21T22:30:00Z"), Envelope::new("sales-orders.create", said)).unwrap();
        assert_eq!((&made.data["date"], &made.data["lines"][0]["price"]), (&json!("2026-11-22"), &json!("110")));
    });
}

#[test]
fn prc_13_explanations_and_the_editor_ask_for_the_day_of_the_company() {
    both(|w| {
        let o = offices(w);
        let ctx = at("2026-11-21T22:30:00Z");
        let ask = |path: &str, body: Json| {
            let q = w.app.registry.questions.iter().find(|q| q.path == path && q.post).unwrap();
            (q.run)(&w.app, &ctx, &Asked { body, ..Default::default() }).unwrap()
        };
        for (company, date, price) in [(o.kyiv, "2026-11-22", "110"), (o.york, "2026-11-21", "100")] {
            let why = ask("prices/explain", json!({"product_id": w.repair, "company_id": company, "partner_id": w.client}));
            assert_eq!((&why["date"], &why["price"]), (&json!(date), &json!(price)), "{why}");
            let typed = ask("sales-orders/editor", document(w, company));
            assert_eq!((&typed["date"], &typed["lines"][0]["price"]), (&json!(date), &json!(price)));
            let cell = ask("prices/matrix", json!({"company_id": company, "rows": [{}], "columns": [{"product_id": w.repair}]}));
            assert_eq!(cell["date"], json!(date));
        }
        // Without a company, the caller's first one says which day it is.
        assert_eq!(ctx.today, day("2026-11-22"));
        // A quote to the end of the 21st: over in Kyiv, good for another six hours in New York.
        let quote = |company: Id| {
            let mut body = document(w, company);
            (body["date"], body["valid_until"]) = (json!("2026-11-20"), json!("2026-11-21"));
            let id = w.app.execute(&ctx, Envelope::new("quotes.create", body)).unwrap().id.unwrap();
            w.app.execute(&ctx, Envelope::new("quotes.confirm", json!({})).on(id)).unwrap();
            w.app.execute(&ctx, Envelope::new("quotes.order", json!({})).on(id))
        };
        assert_eq!(quote(o.kyiv).unwrap_err().inner().code, "quote_expired");
        assert!(quote(o.york).is_ok());
    });
}

#[test]
fn prc_13_who_works_on_a_day_of_his_own_stays_on_it() {
    let own = Ctx { today: day("2025-03-01"), ..at("2026-11-21T22:30:00Z") };
    assert_eq!(own.today_in("America/New_York"), day("2025-03-01"));
    assert_eq!(at("2026-11-21T22:30:00Z").today_in("America/New_York"), day("2026-11-21"));
    assert_eq!(at("2026-11-21T22:30:00Z").today_in("nowhere"), day("2026-11-22"), "his own, where the zone is not known");
}
