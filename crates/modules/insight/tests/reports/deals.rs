//! Deals and the funnel.

use crate::firm::Firm;
use crate::{line, p, rows};
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

/// Won by ann in ten days, lost by ann in twenty, open at bob's, won by bob in euro.
pub fn deals(f: &Firm) -> Vec<Id> {
    let w = &f.w;
    let stages: Vec<Id> = w
        .app
        .store
        .read(|c| c.query("SELECT id FROM stages ORDER BY position", &[])?.iter().map(|r| r.id(0)).collect())
        .expect("stages are seeded");
    let reason =
        w.app.store.read(|c| c.query_one("SELECT id FROM loss_reasons ORDER BY id LIMIT 1", &[])?.id(0)).expect("reasons are seeded");
    let deal = |name: &str, partner: Id, who: &str, more: Json| {
        let mut j = json!({"name": name, "partner_id": partner, "manager_id": w.user(who), "currency": "UAH", "stage_id": stages[0]});
        if let (Json::Object(to), Json::Object(from)) = (&mut j, more) {
            to.extend(from);
        }
        f.make("deals", j)
    };
    let lines = json!([{"product_id": f.cable, "amount": "200"}, {"product_id": f.lamp, "amount": "100"}]);
    let won = deal("Won", f.one, "ann", json!({"amount": "1000", "opened_on": "2026-01-01", "lines": lines}));
    f.verb("deals", won, "move", json!({"stage_id": stages[3]}));
    f.verb("deals", won, "win", json!({"amount": "900", "on": "2026-01-11"}));
    let lost = deal("Lost", f.one, "ann", json!({"amount": "50", "opened_on": "2026-01-05", "stage_id": stages[1]}));
    f.verb("deals", lost, "lose", json!({"reason_id": reason, "on": "2026-01-25"}));
    deal(
        "Open",
        f.two,
        "bob",
        json!({"amount": "500", "opened_on": "2026-02-10", "stage_id": stages[2], "lines": [{"product_id": f.lamp, "amount": "500"}]}),
    );
    let euro = deal("Euro", f.two, "bob", json!({"amount": "100", "currency": "EUR", "opened_on": "2026-01-22"}));
    f.verb("deals", euro, "win", json!({"on": "2026-02-21"}));
    stages
}

#[test]
fn ana_06_deals_by_manager_month_product_and_team() {
    kontor_testkit::both(|db| {
        let f = Firm::new(db);
        deals(&f);
        let ctx = f.ctx("dir");
        let columns = [
            "title",
            "currency",
            "open",
            "won",
            "lost",
            "win_rate",
            "won_amount",
            "open_amount",
            "days_to_close",
            "days_to_win",
            "days_to_lose",
        ];
        let t = f.table(&ctx, "deals", &[p("by", "manager"), p("currency", "UAH")]);
        // 100 euro at 42 on the day of closing.
        let want = ["bob the salesperson UAH 1 1 0 1 4200.00 500.00 30 30 null", "ann the salesperson UAH 0 1 1 0.5 900.00 0.00 15 10 20"];
        assert_eq!(rows(&t, &columns), want);
        assert_eq!(line(&t["totals"], &columns[1..]), "UAH 1 2 1 0.666667 5100.00 500.00 20 20 20");
        let t = f.table(&ctx, "deals", &[p("by", "month")]);
        assert_eq!(rows(&t, &["key", "currency", "won", "lost", "won_amount"]), ["2026-01 UAH 1 1 900.00", "2026-02 EUR 1 0 100.00"]);
        let t = f.table(&ctx, "deals", &[p("by", "team"), p("currency", "UAH")]);
        assert_eq!(rows(&t, &["title", "won", "won_amount"]), ["boss the sales_manager 2 5100.00"]);
        // A deal counts once for each product; its sum is split by the lines.
        let t = f.table(&ctx, "deals", &[p("by", "product"), p("currency", "UAH")]);
        let found = rows(&t, &["title", "open", "won", "lost", "won_amount", "open_amount"]);
        assert_eq!(found[1..], ["Cable 0 1 0 600.00 0.00", "Lamp 1 1 0 300.00 500.00"]);
        assert!(found[0].ends_with("0 1 1 4200.00 0.00"), "{found:?}");
        assert_eq!(line(&t["totals"], &["open", "won", "lost", "won_amount"]), "1 2 1 5100.00");
        let t = f.table(&ctx, "deals", &[p("by", "region"), p("from", "2026-02-01"), p("to", "2026-02-28")]);
        assert_eq!(rows(&t, &["currency", "open", "won", "lost"]), ["EUR 0 1 0", "UAH 1 0 0"]);
        let t = f.table(&ctx, "deals", &[p("by", "reason")]);
        assert_eq!(rows(&t, &["title", "lost"]), ["Price 1"]);
        // Own rows only; list filters work here too.
        assert_eq!(line(&f.table(&f.ctx("ann"), "deals", &[])["totals"], &["open", "won", "lost"]), "0 1 1");
        assert_eq!(
            line(
                &f.table(&ctx, "deals", &[p("partner.country", "PL"), p("state", "won")])["totals"],
                &["open", "won", "lost", "won_amount"]
            ),
            "0 1 0 100.00"
        );
    });
}

#[test]
fn ana_06_the_funnel_shows_how_far_deals_came() {
    kontor_testkit::both(|db| {
        let f = Firm::new(db);
        let stages = deals(&f);
        let ctx = f.ctx("dir");
        let t = f.table(&ctx, "funnel", &[p("currency", "UAH"), p("from", "2026-01-01"), p("to", "2026-02-28")]);
        let keys: Vec<&str> = t["rows"].as_array().expect("rows").iter().map(|r| r["key"].as_str().expect("a key")).collect();
        assert_eq!(keys.len(), stages.len() + 1);
        assert_eq!((keys[0], keys[5]), (stages[0].to_string().as_str(), "won"));
        // Two won through all, one lost at the second stage, one stands at the third.
        assert_eq!(
            rows(&t, &["reached", "conversion", "lost", "open", "amount", "weighted", "previous"]),
            [
                "4 1 0 0 0.00 0.00 0",
                "4 1 1 0 0.00 0.00 0",
                "3 0.75 0 1 500.00 225.00 0",
                "2 0.666667 0 0 0.00 0.00 0",
                "2 1 0 0 0.00 0.00 0",
                "2 1 0 0 0.00 0.00 0",
            ]
        );
        assert_eq!(line(&t["totals"], &["reached", "conversion", "lost", "open"]), "4 0.5 1 1");
        // The period before: what was opened in January, against February.
        let t = f.table(&ctx, "funnel", &[p("currency", "UAH"), p("from", "2026-01-30"), p("to", "2026-02-28")]);
        assert_eq!(rows(&t, &["reached", "previous"])[..3], ["1 3", "1 3", "1 2"]);
        // Euro and hryvnias are two funnels unless asked for in one.
        let t = f.table(&ctx, "funnel", &[]);
        assert_eq!(t["rows"].as_array().expect("rows").len(), 2 * keys.len());
    });
}
