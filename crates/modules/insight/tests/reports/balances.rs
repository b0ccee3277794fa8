//! What is owed and what is in stock, today and as of a day.

use crate::firm::Firm;
use crate::{line, p, rows};
use serde_json::json;

#[test]
fn fin_01_settlements_by_partner_with_ages() {
    kontor_testkit::both(|db| {
        let f = Firm::new(db);
        f.sell();
        let ctx = f.ctx("acc");
        let columns =
            ["title", "currency", "balance", "overdue", "not_due", "age_1_7", "age_8_14", "age_15_30", "age_31", "prepaid", "documents"];
        let t = f.table(&ctx, "settlements", &[]);
        // One: 150 of January less a return of 20 and a payment of 30; 91.11 due on 15 February.
        let want = [
            "One UAH 191.11 191.11 0.00 0.00 91.11 0.00 100.00 0.00 2",
            "Two UAH 60.00 60.00 0.00 0.00 0.00 60.00 0.00 0.00 1",
            "Two EUR 3.00 0.00 3.00 0.00 0.00 0.00 0.00 0.00 1",
            "Three UAH -500.00 0.00 0.00 0.00 0.00 0.00 0.00 500.00 1",
        ];
        assert_eq!(rows(&t, &columns), want);
        assert_eq!(line(&t["totals"], &columns[1..3]), "null null");
        // In one currency, each document at the rate of its date.
        let t = f.table(&ctx, "settlements", &[p("currency", "UAH")]);
        assert_eq!(rows(&t, &["title", "balance"]), ["One 191.11", "Two 180.00", "Three -500.00"]);
        assert_eq!(line(&t["totals"], &["balance", "overdue", "prepaid", "documents"]), "-128.89 251.11 500.00 5");
        let t = f.table(&ctx, "settlements", &[p("currency", "UAH"), p("limit", "1")]);
        assert_eq!(
            (rows(&t, &["title"]).len(), line(&t["totals"], &["balance"]).as_str(), &t["notes"][1]),
            (1, "-128.89", &json!("report-note-cut"))
        );
        // As it stood in January, from the movements.
        let t = f.table(&ctx, "settlements", &[p("to", "2026-01-15")]);
        assert_eq!(rows(&t, &["title", "balance", "not_due"]), ["One 150.00 150.00"]);
        let t = f.table(&ctx, "settlements", &[p("to", "2026-01-25")]);
        assert_eq!(rows(&t, &["title", "balance", "age_1_7"]), ["One 150.00 150.00", "Two 60.00 0.00"]);
    });
}

#[test]
fn fin_01_settlements_with_turnovers_and_scope() {
    kontor_testkit::both(|db| {
        let f = Firm::new(db);
        f.sell();
        let period = [p("from", "2026-02-01"), p("to", "2026-02-28")];
        let columns = ["title", "currency", "opening", "debit", "credit", "balance"];
        let t = f.table(&f.ctx("acc"), "settlements", &period);
        let want = [
            "One UAH 150.00 91.11 50.00 191.11",
            "Two UAH 60.00 0.00 0.00 60.00",
            "Two EUR 0.00 3.00 0.00 3.00",
            "Three UAH 0.00 0.00 500.00 -500.00",
        ];
        assert_eq!(rows(&t, &columns), want);
        // A salesperson sees what his partners owe, nobody else's.
        assert_eq!(rows(&f.table(&f.ctx("ann"), "settlements", &period), &columns), want[..1]);
        let t = f.table(&f.ctx("dir"), "settlements", &[p("by", "manager"), p("currency", "UAH")]);
        assert_eq!(rows(&t, &["title", "balance"]), ["ann the salesperson 191.11", "bob the salesperson -320.00"]);
    });
}

#[test]
fn ana_09_stock_today_and_as_of_a_day() {
    kontor_testkit::both(|db| {
        let f = Firm::new(db);
        f.sell();
        let t = f.table(&f.ctx("dir"), "stock", &[]);
        // 1000 - 10 - 5 + 2 - 1 cables at 5, 10 - 1 - 2 lamps at 20.
        assert_eq!(
            rows(&t, &["title", "sku", "on_hand", "reserved", "available", "cost", "currency"]),
            ["Cable Cable 986 0 986 4930.00 UAH", "Lamp Lamp 7 0 7 140.00 UAH"]
        );
        assert_eq!(line(&t["totals"], &["on_hand", "cost", "products"]), "993 5070.00 2");
        let t = f.table(&f.ctx("dir"), "stock", &[p("as_of", "2026-01-31"), p("by", "warehouse")]);
        assert_eq!(rows(&t, &["title", "on_hand", "products"]), ["Main 994 2"]);
        let t = f.table(&f.ctx("dir"), "stock", &[p("category_id", f.cables)]);
        assert_eq!(rows(&t, &["title", "on_hand"]), ["Cable 986"]);
        // A salesperson does not see receipts, hence no cost.
        let t = f.table(&f.ctx("ann"), "stock", &[]);
        assert!(t["rows"][0].get("cost").is_none() && t["rows"][0]["on_hand"] == "986", "{t}");
    });
}
