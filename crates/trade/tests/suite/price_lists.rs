//! Price lists of suppliers in free form: a real one, and one with every oddity at once.

use crate::support::*;
use kontor_exchange::{Input, Options};
use kontor_platform::execute::Envelope;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx};
use kontor_testkit::TestDb;
use kontor_trade::price_list::{self, ListReport};
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use serde_json::{Value as Json, json};
use std::sync::Arc;

fn take(app: &Arc<App>, partner: Id, input: &Input) -> ListReport {
    price_list::import(app, &Ctx::system(), partner, input, &Options::default())
}

#[test]
fn prc_15_a_real_price_list_is_taken_whole() {
    let Some(folder) = set("pricelists_xlsx") else { return };
    let truth = truth("pricelists_xlsx");
    let db = TestDb::sqlite();
    let app = app(&db);
    let wilo = make(&app, "partners", json!({"name": "Wilo", "roles": ["supplier"]}));
    let input = Input::Path(folder.join("wilo_ua_price.xlsx"));
    let started = std::time::Instant::now();
    let r = take(&app, wilo, &input);
    eprintln!("{:?} in {:?}", counts(&r.report), started.elapsed());
    assert!(r.report.ok(), "{:?}", r.report.errors.first());
    assert_eq!((r.sheets.len(), r.sheets[0].heading, r.sheets[1].heading), (2, Some(1), None));
    let columns: Vec<(&str, &str)> = r.sheets[0].columns.iter().map(|c| (c.0, c.1.as_str())).collect();
    assert_eq!(columns, [("article", "A"), ("name", "B"), ("price", "C")]);
    let priced = r.sheets[0].items - r.sheets[0].on_request;
    assert_eq!(json!(priced), truth["rows_with_price"]);
    assert_eq!(json!(r.sheets[0].on_request), truth["rows_price_on_request_(по запиту)"]);
    assert_eq!(json!(r.sheets[0].groups), truth["rows_group_headers_or_titles"]);
    let whole = kontor_kernel::Price::parse(truth["sum_prices_eur_no_vat"].as_str().expect("a sum")).expect("a price");
    assert_eq!(r.sheets[0].sum, whole, "of all rows, before repeated articles are joined");
    assert_eq!(r.report.to_json()["errors"], json!([]));
    assert_eq!(r.to_json()["sheets"][0]["sum"], json!(whole.to_string()));
    // The supplier's discount groups stand in the titles above the lines and stay readable there; percentages are no prices.
    let group = "SELECT COUNT(*) FROM supplier_prices WHERE supplier_group LIKE '%PG1%'";
    assert!(number(&app, group) > 0);
    assert_eq!((r.sheets[1].items, r.sheets[1].sum), (0, kontor_kernel::Price::ZERO), "the sheet of discounts is none of prices");
    let sql = "SELECT COUNT(*) FROM supplier_prices WHERE price IS NOT NULL";
    assert_eq!(json!(number(&app, sql)), truth["distinct_articles_priced"]);
    let most = number(&app, "SELECT MAX(price) FROM supplier_prices");
    assert_eq!(json!(kontor_kernel::Price::from_scaled(most).to_string()), truth["max_price"]);
    assert_eq!(number(&app, "SELECT COUNT(*) FROM supplier_prices WHERE currency = 'EUR' AND vat = 'excluded'"), r.report.created as i64);
    // A second time nothing changes, by the mapping that was remembered.
    assert_eq!(number(&app, "SELECT COUNT(*) FROM price_list_mappings"), 1);
    let audit = number(&app, "SELECT COUNT(*) FROM audit");
    let again = take(&app, wilo, &input);
    assert_eq!((again.report.ok(), again.report.created, again.report.updated), (true, 0, 0));
    assert_eq!(number(&app, "SELECT COUNT(*) FROM audit"), audit);
}

/// Two-row heading in merged cells below a title, groups in groups, prices as text, an article for several rows, a heading
/// that comes again, a second sheet with other columns.
fn odd(prices: [&str; 5]) -> Vec<u8> {
    let mut book = Workbook::new();
    let f = Format::new();
    fn put(s: &mut Worksheet, row: u32, cells: &[&str]) {
        for (c, text) in cells.iter().enumerate().filter(|c| !c.1.is_empty()) {
            s.write(row, c as u16, *text).expect("a cell");
        }
    }
    let s = book.add_worksheet();
    s.set_name("Прайс").expect("a name");
    s.merge_range(0, 0, 0, 5, "ТОВ «Постачальник», прайс-лист на 21.11.2026, ціни з ПДВ", &f).expect("merges");
    s.merge_range(3, 0, 4, 0, "Код товару", &f).expect("merges");
    s.merge_range(3, 1, 4, 1, "Найменування", &f).expect("merges");
    s.merge_range(3, 2, 3, 3, "Ціна, грн", &f).expect("merges");
    put(s, 4, &["", "", "опт", "роздріб"]);
    s.merge_range(3, 4, 4, 4, "Од.вим.", &f).expect("merges");
    s.merge_range(3, 5, 4, 5, "Наявність", &f).expect("merges");
    s.merge_range(5, 0, 5, 5, "Насоси", &f).expect("merges");
    put(s, 6, &["Циркуляційні"]);
    put(s, 7, &["4033776", "Насос Star-RS 25/4", prices[0], "1 500,00", "шт", ">10"]);
    put(s, 8, &["4119787", "Насос Star-RS 25/6", prices[1], "", "шт", "є"]);
    put(s, 9, &["Код товару", "Найменування", "Ціна, грн опт", "Ціна, грн роздріб", "Од.вим.", "Наявність"]);
    put(s, 10, &["Кабелі"]);
    s.merge_range(11, 0, 12, 0, "К-1", &f).expect("merges");
    put(s, 11, &["", "Кабель 3х1.5, 100 м", prices[2], "", "бухта", "2"]);
    put(s, 12, &["", "Кабель 3х1.5, 50 м", prices[3], "", "бухта", "0"]);
    let s = book.add_worksheet();
    s.set_name("Export").expect("a name");
    put(s, 0, &["Item", "Price", "Currency"]);
    put(s, 1, &["Wrench 12 mm", prices[4], "EUR"]);
    book.save_to_buffer().expect("a workbook")
}

fn rows(app: &App) -> Vec<String> {
    texts(
        app,
        "SELECT COALESCE(supplier_code, '') || '|' || supplier_name || '|' || COALESCE(supplier_group, '') || '|' || COALESCE(CAST(price / 10000 AS TEXT), '') || '|' \
         || currency || '|' || vat || '|' || COALESCE(unit, '') || '|' || COALESCE(stock, '') || '|' || matched FROM supplier_prices ORDER BY seq",
    )
}

#[test]
fn prc_15_headings_groups_merged_cells_and_text_prices_are_understood() {
    kontor_testkit::both(|db| {
        let app = app(db);
        make(&app, "companies", json!({"name": "Ми", "currency": "UAH", "country": "UA"}));
        let supplier = make(&app, "partners", json!({"name": "Постачальник", "roles": ["supplier"]}));
        let pieces = app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'pcs'", &[])?.id(0)).expect("an id");
        let pump = make(&app, "products", json!({"name": "Насос циркуляційний", "sku": "4033776", "unit_id": pieces, "vat_rate": "ua20"}));
        let cable = make(&app, "products", json!({"name": "Кабель ВВГ 3х1,5 бухта 50 м", "unit_id": pieces, "vat_rate": "ua20"}));
        let data = odd(["1 234,50 грн", "по запиту", "2400", "1 300.00", "12.5"]);
        let r = take(&app, supplier, &Input::bytes("list.xlsx", data.clone()));
        assert!(r.report.ok(), "{:?}", r.report.errors);
        assert_eq!((r.report.read, r.report.created, r.repeated), (5, 4, 1), "{:?}", r.sheets);
        assert_eq!(
            rows(&app)[..2],
            [
                "4033776|Насос Star-RS 25/4|Насоси / Циркуляційні|123450|UAH|included|шт|>10|same",
                "4119787|Насос Star-RS 25/6|Насоси / Циркуляційні||UAH|included|шт|є|none"
            ]
        );
        // The article of merged cells holds for both rows: the last one with a price counts.
        assert!(rows(&app)[2].starts_with("К-1|Кабель 3х1.5, 50 м|Кабелі|130000|UAH|included|бухта|0|"), "{:?}", rows(&app));
        assert_eq!(rows(&app)[3], "|Wrench 12 mm||1250|EUR|included|||none");
        // Which of the two counts is told by their rows.
        assert_eq!(r.report.notes, ["“К-1” stands at Прайс!13 again, after Прайс!12: the price 1,300.00 counts, 2,400.00 does not"]);
        let product = |code: &str| {
            let sql = format!("SELECT product_id FROM supplier_prices WHERE supplier_code = '{code}'");
            app.store.read(|c| c.query_one(&sql, &[])?.opt_id(0)).expect("a line")
        };
        assert_eq!((product("4033776"), product("4119787"), product("К-1")), (Some(pump), None, Some(cable)));
        // A person corrects a link; later lists keep it, and only what differs is written.
        let id = app.store.read(|c| c.query_one("SELECT id FROM supplier_prices WHERE supplier_code = 'К-1'", &[])?.id(0)).expect("an id");
        let version = app.record(&Ctx::system(), "supplier-prices", id).expect("is there").version;
        app.execute(&Ctx::system(), Envelope::new("supplier-prices.update", json!({"product_id": pump})).on(id).seen(version))
            .expect("is changed");
        let dearer = take(&app, supplier, &Input::bytes("list.xlsx", odd(["1 300,00 грн", "по запиту", "2400", "1 300.00", "12.5"])));
        assert_eq!((dearer.report.created, dearer.report.updated, dearer.kept), (0, 1, 2), "{:?}", dearer.report.errors);
        assert_eq!(product("К-1"), Some(pump));
        let mapped = app.store.read(|c| c.query_one("SELECT columns FROM price_list_mappings", &[])?.json(0)).expect("a mapping");
        assert!(
            mapped.as_array().is_some_and(|m| m.iter().any(|c| c == &json!({"role": "price", "heading": "Ціна, грн опт"}))),
            "{mapped}"
        );
    });
}

#[test]
fn prc_15_what_is_no_price_is_told_by_its_cell_and_nothing_is_taken() {
    let db = TestDb::sqlite();
    let app = app(&db);
    make(&app, "companies", json!({"name": "Ми", "currency": "UAH", "country": "UA"}));
    let supplier = make(&app, "partners", json!({"name": "П", "roles": ["competitor"]}));
    let r = take(&app, supplier, &Input::bytes("list.xlsx", odd(["дешево", "по запиту", "1,234", "-5", "12.5"])));
    assert_eq!(places(&r.report), [(8, "Прайс!C8"), (12, "Прайс!C12"), (13, "Прайс!C13")]);
    assert!(r.report.errors[0].message.contains("дешево"), "{:?}", r.report.errors[0]);
    assert_eq!((r.report.created, number(&app, "SELECT COUNT(*) FROM supplier_prices")), (0, 0));
    assert_eq!(number(&app, "SELECT COUNT(*) FROM price_list_mappings"), 0);
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "Привіт").expect("a cell");
    let r = take(&app, supplier, &Input::bytes("x.xlsx", book.save_to_buffer().expect("a workbook")));
    assert_eq!(places(&r.report), [(0, "")]);
    let r = take(&app, supplier, &Input::bytes("x.xlsx", &b"PK\x03\x04broken"[..]));
    assert_eq!(places(&r.report), [(0, "")]);
}

#[test]
fn prc_15_our_prices_stand_beside_theirs_in_one_currency_and_vat_basis() {
    kontor_testkit::both(|db| {
        let app = app(db);
        make(&app, "companies", json!({"name": "Ми", "currency": "UAH", "country": "UA"}));
        let supplier = make(&app, "partners", json!({"name": "Конкурент", "roles": ["competitor"]}));
        let pieces = app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'pcs'", &[])?.id(0)).expect("an id");
        let nbu = make(&app, "rate-types", json!({"name": "НБУ", "base_currency": "UAH", "direction": "direct"}));
        make(&app, "rates", json!({"rate_type_id": nbu, "currency": "EUR", "date": "2020-01-01", "rate": "50"}));
        let retail = make(&app, "price-types", json!({"name": "Роздріб", "currency": "UAH", "method": "manual", "vat": "included"}));
        for (name, own, theirs) in [("Болт М8", "700", "10"), ("Гайка М8", "500", "10"), ("Шайба М8", "600", "10")] {
            let p = make(&app, "products", json!({"name": name, "unit_id": pieces, "vat_rate": "ua20"}));
            make(&app, "prices", json!({"price_type_id": retail, "product_id": p, "price": own}));
            make(
                &app,
                "supplier-prices",
                json!({"partner_id": supplier, "supplier_name": name, "product_id": p, "price": theirs, "currency": "EUR", "vat": "excluded"}),
            );
        }
        let report = |only: &str| -> Vec<Json> {
            let t = app.report(&Ctx::system(), "price-comparison", &[("only".into(), only.into())]).expect("runs").to_json();
            t["rows"].as_array().expect("rows").clone()
        };
        let all = report("all");
        let short: Vec<String> = all
            .iter()
            .map(|r| format!("{} {} {} {} {}", r["title"], r["own_price"], r["their_price"], r["difference"], r["share"]))
            .collect();
        assert_eq!(
            short,
            [
                "\"Болт М8\" \"700\" \"600\" \"100\" \"0.166667\"",
                "\"Гайка М8\" \"500\" \"600\" \"-100\" \"-0.166667\"",
                "\"Шайба М8\" \"600\" \"600\" \"0\" \"0\""
            ]
        );
        assert_eq!((report("dearer").len(), report("cheaper").len()), (1, 1));
    });
}

const TEXT: &str = "Прайс на листопад, ціни з ПДВ, грн;;\n;;\nКод;Товар;Опт;Роздріб\nA-1;Болт М8;10,50;12\nA-2;Гайка;по запиту;3\n";

#[test]
fn prc_15_separated_text_is_a_price_list_too_and_a_person_says_how_it_is_read() {
    kontor_testkit::both(|db| {
        let app = app(db);
        make(&app, "companies", json!({"name": "Ми", "currency": "UAH", "country": "UA"}));
        let supplier = make(&app, "partners", json!({"name": "П", "roles": ["supplier"]}));
        let (ctx, input) = (Ctx::system(), Input::bytes("rival.csv", TEXT.as_bytes().to_vec()));
        let looked = price_list::look(&app, &ctx, supplier, &input, &Options::default()).expect("is read");
        assert_eq!((looked[0].name.as_str(), looked[0].heading), ("rival", Some(3)));
        assert_eq!(looked[0].first[0], (3, ["Код", "Товар", "Опт", "Роздріб"].map(String::from).to_vec()));
        let prices = || texts(&app, "SELECT COALESCE(CAST(price / 10000 AS TEXT), '-') || vat FROM supplier_prices ORDER BY supplier_code");
        let r = take(&app, supplier, &input);
        assert!(r.report.ok(), "{:?}", r.report.errors);
        assert_eq!(prices(), ["1050included", "-included"]);
        // The other column is the price: said once, remembered for the next list.
        let columns = [("article", "Код"), ("name", "Товар"), ("price", "Роздріб")].map(|(a, b)| (a.to_string(), b.to_string()));
        let given = price_list::Given { columns: columns.to_vec(), vat: Some("excluded".into()), ..Default::default() };
        let dry = Options { dry_run: true, ..Default::default() };
        let r = price_list::import_as(&app, &ctx, supplier, &input, &dry, Some(&given));
        assert!(r.report.ok() && prices()[0] == "1050included", "a check writes nothing");
        let r = price_list::import_as(&app, &ctx, supplier, &input, &Options::default(), Some(&given));
        assert!(r.report.ok(), "{:?}", r.report.errors);
        assert_eq!(prices(), ["1200excluded", "300excluded"]);
        let audit = number(&app, "SELECT COUNT(*) FROM audit");
        assert!(take(&app, supplier, &input).report.ok());
        assert_eq!((prices(), number(&app, "SELECT COUNT(*) FROM audit")), (vec!["1200excluded".to_string(), "300excluded".into()], audit));
        assert_eq!(number(&app, "SELECT COUNT(*) FROM price_list_mappings"), 1);
        let wrong = price_list::Given { columns: vec![("colour".into(), "Код".into())], ..Default::default() };
        let r = price_list::import_as(&app, &ctx, supplier, &input, &Options::default(), Some(&wrong));
        assert!(r.report.errors[0].message.contains("article"), "{:?}", r.report.errors);
    });
}

#[test]
fn prc_15_what_a_person_says_is_none_of_ours_stays_so() {
    kontor_testkit::both(|db| {
        let app = app(db);
        make(&app, "companies", json!({"name": "Ми", "currency": "UAH", "country": "UA"}));
        let pieces = app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'pcs'", &[])?.id(0)).expect("an id");
        let bolt = make(&app, "products", json!({"name": "Болт М8 оцинкований", "unit_id": pieces, "vat_rate": "ua20"}));
        let supplier = make(&app, "partners", json!({"name": "П", "roles": ["supplier"]}));
        let (ctx, input) = (Ctx::system(), Input::bytes("rival.csv", TEXT.as_bytes().to_vec()));
        assert!(take(&app, supplier, &input).report.ok());
        let near = price_list::candidates(&app, &ctx, &[("Болт М8", "A-1", ""), ("Ковдра", "", "")], 3).expect("candidates");
        assert_eq!((near[0].first().map(|c| c.product), near[1].len()), (Some(bolt), 0));
        let line =
            app.store.read(|c| c.query_one("SELECT id FROM supplier_prices WHERE supplier_code = 'A-1'", &[])?.id(0)).expect("an id");
        let seen = || app.record(&ctx, "supplier-prices", line).expect("is there");
        assert_eq!(seen().opt_id("product_id"), Some(bolt), "the import finds it by its name");
        let said = json!({"product_id": null, "matched": "manual", "match_score": null});
        app.execute(&ctx, Envelope::new("supplier-prices.update", said).on(line).seen(seen().version)).expect("is none of ours");
        let dearer = Input::bytes("rival.csv", TEXT.replace("10,50", "11").into_bytes());
        let r = take(&app, supplier, &dearer);
        assert_eq!((r.report.ok(), r.kept), (true, 1), "{:?}", r.report);
        assert_eq!((seen().opt_id("product_id"), seen().text("matched")), (None, "manual"));
        let half = json!({"product_id": null, "matched": "same"});
        assert!(app.execute(&ctx, Envelope::new("supplier-prices.update", half).on(line).seen(seen().version)).is_err());
    });
}

#[test]
fn prc_15_goods_without_a_price_are_no_title_and_a_failed_formula_is_told() {
    let db = TestDb::sqlite();
    let app = app(&db);
    make(&app, "companies", json!({"name": "Ми", "currency": "UAH", "country": "UA"}));
    let supplier = make(&app, "partners", json!({"name": "П", "roles": ["supplier"]}));
    let list = |second: &str| {
        let text = format!("Код;Товар;Ціна, грн;Од.\n;Кріплення;;\nA-1;Болт;10;шт\nA-2;Гайка;{second};шт\nA-3;Шайба;3;шт\n");
        take(&app, supplier, &Input::bytes("list.csv", text.into_bytes()))
    };
    for failed in ["#DIV/0!", "#N/A"] {
        let r = list(failed);
        assert_eq!((places(&r.report), r.report.created), (vec![(4, "list!C4")], 0), "{failed}: {:?}", r.report);
    }
    let r = list("");
    assert_eq!((r.report.ok(), r.report.created, r.sheets[0].on_request, r.sheets[0].groups), (true, 3, 1, 1), "{:?}", r.report);
    let four = |l: &String| l.split('|').take(4).collect::<Vec<_>>().join("|");
    let told: Vec<String> = rows(&app).iter().map(four).collect();
    assert_eq!(told, ["A-1|Болт|Кріплення|1000", "A-2|Гайка|Кріплення|", "A-3|Шайба|Кріплення|300"]);
}
