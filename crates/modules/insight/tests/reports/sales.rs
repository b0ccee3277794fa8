//! Sales: what is counted, in which currency, who sees it.

use crate::common::faults;
use crate::firm::Firm;
use crate::{line, p, rows};
use serde_json::{Value as Json, json};
use std::sync::Arc;

const SALES: [&str; 9] = ["title", "currency", "revenue", "quantity", "lines", "documents", "partners", "cost", "margin"];

#[test]
fn ana_05_sales_by_month_count_lines_documents_and_partners_exactly() {
    kontor_testkit::both(|db| {
        let f = Firm::new(db);
        f.sell();
        let ctx = f.ctx("dir");
        let t = f.table(&ctx, "sales", &[p("by", "month"), p("lang", "en")]);
        let keys: Vec<&Json> = t["rows"].as_array().expect("rows").iter().map(|r| &r["key"]).collect();
        assert_eq!(keys, ["2026-01", "2026-02", "2026-02"]);
        assert_eq!(
            rows(&t, &SALES[1..]),
            ["UAH 210.00 16 3 2 2 95.00 115.00", "EUR 3.00 1 1 1 1 0.13 2.87", "UAH 71.11 0 2 2 1 30.00 41.11"]
        );
        // Sums of two currencies are not added; counts are.
        assert_eq!(line(&t["totals"], &SALES[1..]), "null null 17 6 5 2 null null");
        assert_eq!(t["currency"], "");
        // Half a month: from the movements.
        let t = f.table(&ctx, "sales", &[p("by", "month"), p("from", "2026-01-15"), p("to", "2026-02-09")]);
        assert_eq!(rows(&t, &["key", "revenue", "lines"]), ["2026-01 60.00 1", "2026-02 91.11 1"]);
        assert_eq!(line(&t["totals"], &["revenue", "lines", "documents", "currency"]), "151.11 2 2 UAH");
    });
}

#[test]
fn ana_05_sales_are_converted_at_the_rate_of_each_document() {
    kontor_testkit::both(|db| {
        let f = Firm::new(db);
        f.sell();
        let ctx = f.ctx("dir");
        let t = f.table(&ctx, "sales", &[p("by", "month"), p("currency", "UAH")]);
        assert_eq!(
            rows(&t, &["key", "revenue", "documents", "partners", "cost"]),
            ["2026-01 210.00 2 2 95.00", "2026-02 191.11 3 2 35.20"]
        );
        assert_eq!(line(&t["totals"], &SALES[1..]), "UAH 401.11 17 6 5 2 130.20 270.91");
        assert_eq!(t["notes"][0], "report-note-converted");
        // No rate was published by January: named, not guessed.
        assert_eq!(faults(f.try_table(&ctx, "sales", &[p("currency", "EUR")])), ["currency: currency_rate_missing"]);
    });
}

#[test]
fn ana_05_sales_without_returns_and_gifts_and_what_came_back() {
    kontor_testkit::both(|db| {
        let f = Firm::new(db);
        f.sell();
        // A present is not sold for money.
        let gift = json!([{"product_id": f.lamp, "quantity": "1", "price": "0"}]);
        f.document("shipments", f.two, "bob", "2026-02-25", gift, json!({}));
        let ctx = f.ctx("dir");
        let only = |what: &str, by: &str| f.table(&ctx, "sales", &[p("by", by), p("only", what), p("currency", "UAH")]);
        let columns = ["title", "revenue", "lines", "documents", "last_on"];
        // The reversed one of the fifteenth is no sale any more.
        let t = only("sold", "partner");
        assert_eq!(rows(&t, &columns), ["One 241.11 3 2 2026-02-05", "Two 180.00 2 2 2026-02-20"]);
        assert_eq!(line(&t["totals"], &columns[1..]), "421.11 5 4 2026-02-20");
        let t = only("returned", "product");
        assert_eq!(rows(&t, &["title", "revenue", "quantity", "documents", "last_on"]), ["Cable -20.00 -2 1 2026-02-10"]);
        let all = f.table(&ctx, "sales", &[p("by", "partner"), p("currency", "UAH")]);
        assert_eq!(rows(&all, &columns), ["One 221.11 4 3 2026-02-10", "Two 180.00 3 3 2026-02-25"]);
        assert_eq!(faults(f.try_table(&ctx, "sales", &[p("only", "everything")])), ["only: bad_choice"]);
    });
}

#[test]
fn ana_05_sales_by_partner_product_category_country_and_manager() {
    kontor_testkit::both(|db| {
        let f = Firm::new(db);
        f.sell();
        let ctx = f.ctx("dir");
        let by = |by: &str| f.table(&ctx, "sales", &[p("by", by), p("currency", "UAH")]);
        let columns = ["title", "revenue", "lines", "documents", "partners"];
        assert_eq!(rows(&by("partner"), &columns), ["One 221.11 4 3 1", "Two 180.00 2 2 1"]);
        // One document has both products, so the documents of the rows add up to more than there are.
        let t = by("product");
        assert_eq!(rows(&t, &columns), ["Cable 260.00 4 4 2", "Lamp 141.11 2 2 1"]);
        assert_eq!(line(&t["totals"], &columns[1..]), "401.11 6 5 2");
        assert_eq!(rows(&by("category"), &["title", "revenue"]), ["Power cables 260.00", "Lamps 141.11"]);
        assert_eq!(rows(&by("country"), &["key", "revenue"]), ["UA 221.11", "PL 180.00"]);
        assert_eq!(rows(&by("manager"), &["title", "revenue"]), ["ann the salesperson 221.11", "bob the salesperson 180.00"]);
        assert_eq!(rows(&by("region"), &["title", "revenue"])[0], "North 221.11");
        // Filters: a category stands for the tree below it; list filters follow references.
        let t = f.table(&ctx, "sales", &[p("by", "partner"), p("category_id", f.cables), p("currency", "UAH")]);
        assert_eq!(rows(&t, &columns), ["Two 180.00 2 2 1", "One 80.00 2 2 1"]);
        let t = f.table(&ctx, "sales", &[p("by", "product"), p("partner.region", "North")]);
        assert_eq!(rows(&t, &["title", "revenue"]), ["Lamp 141.11", "Cable 80.00"]);
        assert_eq!(faults(f.try_table(&ctx, "sales", &[p("nonsense", "1")])), ["nonsense: unknown_field"]);
        assert_eq!(faults(f.try_table(&ctx, "sales", &[p("from", "2026-02-31")])), ["from: bad_date"]);
        assert_eq!(faults(f.try_table(&ctx, "sales", &[p("by", "colour")])), ["by: bad_choice"]);
    });
}

#[test]
fn ana_05_monthly_totals_and_movements_say_the_same() {
    kontor_testkit::both(|db| {
        let f = Firm::new(db);
        f.sell();
        let ctx = f.ctx("dir");
        for (by, from, to) in
            [("product", "2026-01-01", "2026-01-31"), ("category", "2026-01-15", "2026-02-28"), ("company", "2025-12-01", "2026-02-10")]
        {
            let period = [p("by", by), p("from", from), p("to", to)];
            let slow = f.table(&ctx, "sales", &period);
            let fast = f.table(&ctx, "sales", &[&period[..], &[p("counts", "false")]].concat());
            let columns = ["key", "title", "currency", "revenue", "quantity", "cost", "margin"];
            assert_eq!(rows(&fast, &columns), rows(&slow, &columns), "{by}");
            assert_eq!(line(&fast["totals"], &columns), line(&slow["totals"], &columns), "{by}");
            assert!(fast["rows"][0].get("lines").is_none());
        }
    });
}

#[test]
fn ana_05_sales_keep_to_the_row_scope_and_hidden_fields() {
    kontor_testkit::both(|db| {
        let f = Firm::new(db);
        f.sell();
        let by_partner = [p("by", "partner"), p("currency", "UAH")];
        assert_eq!(rows(&f.table(&f.ctx("ann"), "sales", &by_partner), &["title", "revenue"]), ["One 221.11"]);
        assert_eq!(rows(&f.table(&f.ctx("bob"), "sales", &by_partner), &["title", "revenue"]), ["Two 180.00"]);
        assert_eq!(rows(&f.table(&f.ctx("boss"), "sales", &by_partner), &["title", "revenue"]), ["One 221.11", "Two 180.00"]);
        for (who, code) in [("store", "forbidden"), ("nobody", "forbidden")] {
            assert_eq!(
                f.try_table(&f.ctx(who), "sales", &[]).err().map(|e| e.kind()),
                Some(kontor_kernel::Kind::Forbidden),
                "{who} {code}"
            );
        }
        let mut ctx = f.ctx("ann");
        let mut access = (*ctx.access).clone();
        access.entities.get_mut("shipments").expect("rights").hidden.insert("cost".into());
        ctx.access = Arc::new(access);
        let t = f.table(&ctx, "sales", &by_partner);
        assert!(t["columns"].as_array().expect("columns").iter().all(|c| c != "cost" && c != "margin"), "{}", t["columns"]);
        assert!(t["rows"][0].get("margin").is_none());
    });
}
