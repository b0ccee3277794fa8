//! What the other half of the sales has and the given one has not: invoices whose number begins with "A" and lines of a
//! negative price, which write a bad debt off. Through the shipped profile, on a file of the same shape.

use crate::support::*;
use kontor_exchange::{Files, Input, Options, run_profile};
use kontor_platform::{App, Ctx, Envelope};
use serde_json::{Value as Json, json};
use std::sync::Arc;

const SALES: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
    563100,85123A,HEART T-LIGHT HOLDER,6,2011-08-10 08:26:00,2.55,17850.0,United Kingdom\n\
    563100,71053,METAL LANTERN,6,2011-08-10 08:26:00,3.39,17850.0,United Kingdom\n\
    A563185,B,Adjust bad debt,1,2011-08-12 14:50:00,11062.06,,United Kingdom\n\
    A563186,B,Adjust bad debt,1,2011-08-12 14:51:00,-11062.06,,United Kingdom\n\
    A563187,B,Adjust bad debt,1,2011-08-12 14:52:00,-11062.06,,United Kingdom\n\
    C563200,D,Discount,-1,2011-08-13 09:41:00,27.5,14527.0,United Kingdom\n\
    C563201,M,Manual,-1,2011-08-13 09:42:00,-3.10,14527.0,United Kingdom\n\
    A563300,B,Adjust bad debt,1,2011-08-14 10:00:00,-10.04,17850.0,United Kingdom\n\
    563301,85123A,HEART T-LIGHT HOLDER,-4,2011-08-15 10:00:00,0.0,,United Kingdom\n\
    563302,71053,METAL LANTERN,3,2011-08-16 10:00:00,-0.005,17850.0,United Kingdom\n";

fn run(app: &Arc<App>) -> kontor_exchange::Report {
    let files = Files::List(vec![Input::bytes("online_retail_2011-07_2011-12.csv", SALES.as_bytes().to_vec())]);
    run_profile(app, &Ctx::system(), &profile("online_retail"), &files, &Options::default())
}

fn balances(app: &App) -> Json {
    let (partners, totals) = report(app, "settlements", &[("by", "partner"), ("currency", "GBP")]);
    json!([partners.iter().map(|(k, r)| json!([k, r["balance"]])).collect::<Vec<_>>(), totals["balance"]])
}

#[test]
fn plt_06_bad_debts_and_negative_prices_settle_and_change_nothing_twice() {
    kontor_testkit::both(|db| {
        let app = app(db);
        let r = run(&app);
        assert!(r.ok(), "{r:?}");
        assert_eq!((count(&app, "shipments", &[("state", "posted")]), count(&app, "returns", &[("state", "posted")])), (7, 2));
        let (products, all) = report(&app, "sales", &[("by", "product"), ("currency", "GBP")]);
        // 35.64 - 11062.06 - 27.50 + 3.10 - 10.04 - 0.02 (three times -0.005, rounded once and away from zero).
        assert_eq!((all["revenue"].as_str(), &all["lines"]), (Some("-11060.88"), &json!(10)));
        assert_eq!(products["Adjust bad debt"]["revenue"], "-11072.10");
        assert_eq!(products["Manual"]["revenue"], "3.10");
        let wanted =
            json!([[["Customer 14527", "-24.40"], ["Customer 17850", "25.58"], ["Customers without a number", "-11062.06"]], "-11060.88"]);
        assert_eq!(balances(&app), wanted);
        assert!(app.check().expect("the check runs").is_empty());

        let audit = number(&app, "SELECT COUNT(*) FROM audit");
        let again = run(&app);
        assert_eq!((again.created, again.updated, again.errors.len()), (0, 0, 0), "{again:?}");
        assert_eq!(number(&app, "SELECT COUNT(*) FROM audit"), audit);

        settled(&app);
        assert!(app.check().expect("the check runs").is_empty());
    });
}

/// What was written off counts against the debt: paying the rest leaves nothing open.
fn settled(app: &Arc<App>) {
    let ctx = Ctx::system();
    let one = |entity: &str, filters: &[(&str, &str)]| {
        let pairs: Vec<_> = filters.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        let spec = app.registry.get(entity).expect("is registered");
        let q = kontor_platform::query::Query::parse(app, &ctx, spec, &pairs).expect("a query");
        app.list(&ctx, entity, &q).expect("a list").rows[0].id
    };
    let (company, partner) = (one("companies", &[]), one("partners", &[("name", "Customer 17850")]));
    let input = json!({"company_id": company, "partner_id": partner, "date": "2011-08-20", "amount": "25.58", "currency": "GBP", "direction": "in"});
    let paid = app.execute(&ctx, Envelope::new("payments.create", input)).expect("a payment").id.expect("an id");
    app.execute(&ctx, Envelope::new("payments.post", json!({})).on(paid)).expect("posted");
    let (partners, _) = report(app, "settlements", &[("by", "partner"), ("currency", "GBP"), ("partner_id", &partner.to_string())]);
    let left: Vec<&Json> = partners.values().map(|r| &r["balance"]).filter(|b| b.as_str() != Some("0.00")).collect();
    assert!(left.is_empty(), "{partners:?}");
    let payment = app.get(&ctx, "payments", paid).expect("the payment");
    assert_eq!((&payment["state"], &payment["unallocated"]), (&json!("posted"), &json!("0.00")), "all of it has found its invoices");
}
