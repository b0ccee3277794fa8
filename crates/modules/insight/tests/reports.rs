//! Reports against figures computed by hand, on both databases.

#[path = "../../partners/tests/common/mod.rs"]
mod common;

use chrono::NaiveDate;
use common::{World, faults};
use kontor_platform::report::Table;
use kontor_platform::value::Id;
use kontor_platform::{Ctx, Registry};
use serde_json::{Value as Json, json};
use std::sync::Arc;

fn registry() -> Registry {
    let r = kontor_office::register(Registry::default());
    let r = kontor_partners::register(r);
    let r = kontor_catalog::register(r);
    let r = kontor_prices::register(r);
    let r = kontor_stock::register(r);
    let r = kontor_settlements::register(r);
    let r = kontor_activities::register(r);
    let r = kontor_deals::register(r);
    let r = kontor_sales::register(r);
    let r = kontor_finance::register(r);
    kontor_insight::register(r)
}

/// A small firm whose figures fit on a sheet of paper.
struct Firm {
    w: World,
    company: Id,
    warehouse: Id,
    cable: Id,
    lamp: Id,
    cables: Id,
    one: Id,
    two: Id,
    three: Id,
}

impl Firm {
    fn new(db: &kontor_testkit::TestDb) -> Firm {
        let w = World::new(db, registry());
        let make = |c: &str, j: Json| w.import(&format!("{c}.create"), None, j).unwrap_or_else(|e| panic!("{c}: {e:?}")).id.expect("an id");
        let company = make("companies", json!({"name": "Firm", "currency": "UAH", "country": "UA"}));
        let warehouse = make("warehouses", json!({"name": "Main", "company_id": company}));
        let (cables, lamps) = (make("product-categories", json!({"name": "Cables"})), make("product-categories", json!({"name": "Lamps"})));
        let power = make("product-categories", json!({"name": "Power cables", "parent_id": cables}));
        let unit = w.app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'pcs'", &[])?.id(0)).expect("units are seeded");
        let product =
            |name: &str, category: Id| make("products", json!({"name": name, "sku": name, "unit_id": unit, "category_id": category}));
        let (cable, lamp) = (product("Cable", power), product("Lamp", lamps));
        let north = make("regions", json!({"name": "North"}));
        let partner = |name: &str, who: &str, country: &str| {
            make(
                "partners",
                json!({"name": name, "manager_id": w.user(who), "country": country, "region_id": if name == "One" { json!(north) } else { Json::Null }}),
            )
        };
        let (one, two, three) = (partner("One", "ann", "UA"), partner("Two", "bob", "PL"), partner("Three", "bob", "UA"));
        let rates = make("rate-types", json!({"name": "Bank", "base_currency": "UAH", "direction": "direct", "is_default": true}));
        for (date, rate) in [("2026-02-20", "40"), ("2026-02-21", "42")] {
            make("rates", json!({"rate_type_id": rates, "currency": "EUR", "date": date, "rate": rate}));
        }
        let lines = json!([{"product_id": cable, "quantity": "1000", "cost": "5"}, {"product_id": lamp, "quantity": "10", "cost": "20"}]);
        make(
            "stock-receipts",
            json!({"company_id": company, "warehouse_id": warehouse, "date": "2026-01-01", "lines": lines, "post": true}),
        );
        Firm { w, company, warehouse, cable, lamp, cables, one, two, three }
    }

    fn make(&self, collection: &str, j: Json) -> Id {
        self.w.import(&format!("{collection}.create"), None, j).unwrap_or_else(|e| panic!("{collection}: {e:?}")).id.expect("an id")
    }
    fn verb(&self, collection: &str, id: Id, verb: &str, j: Json) {
        self.w.import(&format!("{collection}.{verb}"), Some(id), j).unwrap_or_else(|e| panic!("{collection}.{verb}: {e:?}"));
    }

    /// A posted shipment or return without VAT, on ten days of credit.
    fn document(&self, collection: &str, partner: Id, manager: &str, date: &str, lines: Json, more: Json) -> Id {
        let mut j = json!({
            "company_id": self.company, "partner_id": partner, "warehouse_id": self.warehouse, "date": date, "currency": "UAH", "vat": "exempt",
            "manager_id": self.w.user(manager), "lines": lines, "post": true,
        });
        if collection == "shipments" {
            j["payment_terms"] = json!({"kind": "credit", "days": 10});
        }
        if let (Json::Object(to), Json::Object(from)) = (&mut j, more) {
            to.extend(from);
        }
        self.make(collection, j)
    }

    fn sell(&self) {
        let (cable, lamp) = (self.cable, self.lamp);
        let line = |p: Id, q: &str, price: &str| json!({"product_id": p, "quantity": q, "price": price});
        let first =
            self.document("shipments", self.one, "ann", "2026-01-10", json!([line(cable, "10", "10"), line(lamp, "1", "50")]), json!({}));
        self.document("shipments", self.two, "bob", "2026-01-20", json!([line(cable, "5", "12")]), json!({}));
        self.document("shipments", self.one, "ann", "2026-02-05", json!([line(lamp, "2", "45.555")]), json!({}));
        self.document("returns", self.one, "ann", "2026-02-10", json!([line(cable, "2", "10")]), json!({"shipment_id": first}));
        let gone = self.document("shipments", self.two, "bob", "2026-02-15", json!([line(cable, "1", "10")]), json!({}));
        self.verb("shipments", gone, "reverse", json!({}));
        self.document("shipments", self.two, "bob", "2026-02-20", json!([line(cable, "1", "3")]), json!({"currency": "EUR"}));
        let pay = |partner: Id, amount: &str, date: &str| {
            self.make("payments", json!({"company_id": self.company, "partner_id": partner, "amount": amount, "currency": "UAH", "date": date, "direction": "in", "post": true}));
        };
        pay(self.one, "30", "2026-02-12");
        pay(self.three, "500", "2026-02-13");
    }

    fn ctx(&self, who: &str) -> Ctx {
        let mut ctx = self.w.ctx(who);
        ctx.today = day("2026-03-01");
        ctx
    }
    fn table(&self, ctx: &Ctx, name: &str, params: &[(&str, String)]) -> Json {
        let t = self.try_table(ctx, name, params).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        assert!(t.rows.iter().all(|r| r.values.len() == t.columns.len()) && t.totals.len() == t.columns.len(), "{name}");
        t.to_json()
    }
    fn try_table(&self, ctx: &Ctx, name: &str, params: &[(&str, String)]) -> kontor_platform::Result<Table> {
        let pairs: Vec<(String, String)> = params.iter().map(|(k, v)| (k.to_string(), v.clone())).collect();
        self.w.app.report(ctx, name, &pairs)
    }
}

fn day(s: &str) -> NaiveDate {
    s.parse().expect("a date")
}

fn p(k: &str, v: impl ToString) -> (&str, String) {
    (k, v.to_string())
}

/// The named columns of each row, as one line of text.
fn rows(t: &Json, columns: &[&str]) -> Vec<String> {
    t["rows"].as_array().expect("rows").iter().map(|r| line(r, columns)).collect()
}

fn line(r: &Json, columns: &[&str]) -> String {
    let cell = |c: &&str| match &r[*c] {
        Json::String(s) => s.clone(),
        other => other.to_string(),
    };
    columns.iter().map(cell).collect::<Vec<_>>().join(" ")
}

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

/// Won by ann in ten days, lost by ann in twenty, open at bob's, won by bob in euro.
fn deals(f: &Firm) -> Vec<Id> {
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

#[test]
fn ana_05_reports_are_exported_as_csv_and_workbook() {
    kontor_testkit::both(|db| {
        let f = Firm::new(db);
        f.sell();
        let t = f.try_table(&f.ctx("dir"), "sales", &[p("by", "partner"), p("currency", "UAH")]).expect("the report runs");
        let mut csv = vec![];
        kontor_exchange::export_table(&t, kontor_exchange::ExportFormat::Csv, &mut csv).expect("CSV is written");
        let text = String::from_utf8(csv).expect("CSV is text");
        let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines[0], "key,title,revenue,quantity,lines,documents,partners,last_on,cost,margin,currency");
        assert_eq!(lines[1], format!("{},One,221.11,11,4,3,1,2026-02-10,100.00,121.11,UAH", f.one));
        assert_eq!(lines.len(), 3);
        let mut book = vec![];
        kontor_exchange::export_table(&t, kontor_exchange::ExportFormat::Xlsx, &mut book).expect("the workbook is written");
        assert!(book.starts_with(b"PK"));
    });
}

/// What a row's link leads to: how many records the list shows, or how many rows the next report has.
fn opened(f: &Firm, ctx: &Ctx, link: &str) -> usize {
    let (path, query) = link.split_once('?').unwrap_or((link, ""));
    let pairs: Vec<(String, String)> =
        query.split('&').filter_map(|kv| kv.split_once('=')).map(|(k, v)| (k.to_string(), v.to_string())).collect();
    let path = path.trim_start_matches('/');
    if let Some(report) = path.strip_prefix("reports/") {
        return f.w.app.report(ctx, report, &pairs).unwrap_or_else(|e| panic!("{link}: {e:?}")).rows.len();
    }
    if let Some((collection, id)) = path.split_once('/') {
        return usize::from(f.w.app.get(ctx, collection, id.parse().expect("an id")).is_ok());
    }
    let spec = f.w.app.registry.get(path).unwrap_or_else(|| panic!("{link}"));
    let q = kontor_platform::query::Query::parse(&f.w.app, ctx, spec, &pairs).unwrap_or_else(|e| panic!("{link}: {e:?}"));
    f.w.app.list(ctx, path, &q).expect("the list opens").rows.len()
}

#[test]
fn ana_09_every_row_opens_to_its_records() {
    kontor_testkit::both(|db| {
        let f = Firm::new(db);
        f.sell();
        deals(&f);
        let ctx = f.ctx("dir");
        let counts = |name: &str, params: &[(&str, String)]| -> Vec<usize> {
            let t = f.try_table(&ctx, name, params).expect("the report runs");
            t.rows.iter().filter_map(|r| r.link.as_deref()).map(|l| opened(&f, &ctx, l)).collect()
        };
        let in_euro = |by: &'static str| [p("by", by), p("currency", "UAH")];
        // Shipments of One: two; of Two: two posted.
        assert_eq!(counts("sales", &in_euro("partner")), [2, 2]);
        assert_eq!(counts("sales", &in_euro("month")), [2, 2]);
        assert_eq!(counts("sales", &[p("by", "month")]), [2, 1, 1]);
        assert_eq!(counts("sales", &in_euro("manager")), [2, 2]);
        assert_eq!(counts("sales", &in_euro("country")), [2, 2]);
        assert_eq!(counts("sales", &in_euro("region")), [2, 2]);
        // Products open to who bought them, categories to their products.
        assert_eq!(counts("sales", &in_euro("product")), [2, 1]);
        assert_eq!(counts("sales", &in_euro("category")), [1, 1]);
        // With a product asked for, a row opens to the same question in detail.
        assert_eq!(counts("sales", &[p("by", "month"), p("product_id", f.lamp)]), [1, 1]);
        assert_eq!(counts("deals", &in_euro("manager")), [2, 2]);
        assert_eq!(counts("deals", &in_euro("team")), [4]);
        assert_eq!(counts("deals", &in_euro("region")), [2, 2]);
        assert_eq!(counts("deals", &[p("by", "month"), p("manager_id", f.w.user("ann"))]), [2]);
        assert_eq!(counts("settlements", &[p("currency", "UAH")]), [2, 2, 1]);
        assert_eq!(counts("settlements", &[p("by", "manager"), p("currency", "UAH")]), [2, 3]);
        assert_eq!(counts("stock", &[]), [1, 1]);
        assert_eq!(counts("stock", &[p("by", "warehouse")]), [2]);
        assert_eq!(
            counts(
                "funnel",
                &[p("kind_id", f.w.app.store.read(|c| c.query_one("SELECT kind_id FROM deals LIMIT 1", &[])?.id(0)).expect("a deal"))]
            )
            .iter()
            .sum::<usize>(),
            4
        );
    });
}
