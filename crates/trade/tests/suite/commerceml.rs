//! CommerceML of seven programs, of versions 2.03 to 3.1 and of the time before, in two encodings.

mod by_hand;
mod kits;
mod stock;

use crate::support::*;
use kontor_exchange::{Input, Options, Report};
use kontor_platform::{App, Ctx};
use kontor_testkit::TestDb;
use kontor_trade::commerceml::{self, Exported};
use serde_json::json;
use std::io::Read;
use std::sync::Arc;

const SET: &str = "commerceml";

fn import(app: &Arc<App>, entity: &str, file: &str) -> Report {
    let started = std::time::Instant::now();
    let path = set(SET).expect("is there").join(file);
    let r = kontor_trade::import(app, &Ctx::system(), entity, &Input::Path(path), &Options::default());
    eprintln!("{entity} {file}: {:?} {:.1} s", counts(&r), started.elapsed().as_secs_f64());
    for e in r.errors.iter().take(5) {
        eprintln!("  {} {} {}: {}", e.file, e.row, e.column, e.message);
    }
    r
}

/// Imports twice: the second time nothing is written.
fn twice(app: &Arc<App>, entity: &str, file: &str) -> Report {
    let first = import(app, entity, file);
    assert!(first.ok(), "{file} is taken whole");
    let audit = number(app, "SELECT COUNT(*) FROM audit");
    let again = import(app, entity, file);
    assert_eq!((again.ok(), again.created, again.updated), (true, 0, 0), "{file}: the second time changes nothing");
    assert_eq!(number(app, "SELECT COUNT(*) FROM audit"), audit, "{file}: the second time writes nothing");
    first
}

fn text(file: &str) -> String {
    let data = std::fs::read(set(SET).expect("is there").join(file)).expect("the file is there");
    let mut plain = vec![];
    if data.starts_with(&[0x1F, 0x8B]) {
        flate2::read::GzDecoder::new(&*data).read_to_end(&mut plain).expect("unpacks");
    } else {
        plain = data;
    }
    String::from_utf8(plain).expect("is UTF-8")
}

/// Sum of the prices in force in one price type, in millionths.
fn sum(app: &App, price_type: &str) -> i64 {
    number(
        app,
        &format!(
            "SELECT CAST(COALESCE(SUM(p.price), 0) AS BIGINT) FROM prices p JOIN price_types t ON t.id = p.price_type_id WHERE t.external_id = '{price_type}'"
        ),
    )
}

#[test]
fn plt_08_a_catalogue_and_its_offers_become_products_variants_and_prices() {
    if set(SET).is_none() {
        return;
    }
    kontor_testkit::both(|db| {
        let app = app(db);
        twice(&app, "products", "d16_import0_1.xml.gz");
        assert_eq!(number(&app, "SELECT COUNT(*) FROM products"), 1197);
        assert_eq!(number(&app, "SELECT COUNT(*) FROM products WHERE sku IS NOT NULL"), 1090);
        assert_eq!(number(&app, "SELECT COUNT(*) FROM product_categories"), 59);
        assert_eq!(number(&app, "SELECT COUNT(*) FROM products WHERE category_id IS NULL"), 0);
        assert_eq!(number(&app, "SELECT COUNT(*) FROM products WHERE vat_rate = 'vat10'"), 867);
        assert_eq!(
            texts(&app, "SELECT u.code FROM products p JOIN units u ON u.id = p.unit_id WHERE p.sku = 'Б-130001' AND p.parent_id IS NULL"),
            ["pair"]
        );
        let r = twice(&app, "prices", "d16_offers0_1.xml.gz");
        assert!(r.ok());
        // 541 offers without a characteristic are the goods themselves.
        assert_eq!(number(&app, "SELECT COUNT(*) FROM products"), 1197 + 2100);
        assert_eq!(number(&app, "SELECT COUNT(*) FROM products WHERE parent_id IS NOT NULL"), 2100);
        assert_eq!(number(&app, "SELECT COUNT(*) FROM products WHERE parent_id IS NOT NULL AND category_id IS NULL"), 0);
        // One offer has two prices of one type: the later one counts.
        assert_eq!(number(&app, "SELECT COUNT(*) FROM prices"), 2641);
        assert_eq!(sum(&app, "bb14a3a4-6b17-11e0-9819-e0cb4ed5eed4"), (238_267_875 - 2_770_000) * 10_000);
        assert_eq!(number(&app, "SELECT COUNT(*) FROM price_changes WHERE state = 'posted'"), 1);
        assert!(app.check().expect("the check runs").is_empty());
    });
}

/// What each file of the set is, and what must be there before its prices.
enum Is {
    /// Goods, or groups, or both.
    Catalogue,
    Prices(&'static [&'static str]),
    /// Goods that the catalogue does not bring come with the offers.
    Offers(&'static str),
    /// Goods of an order without ids: each is told by its line, and none is taken.
    Nameless,
    /// Stock of goods: nothing is written, what is there is compared with ours.
    Stock,
    /// Neither goods nor prices: orders, names of properties.
    Neither,
}

fn is(name: &str) -> Is {
    match name {
        "carono_import.xml"
        | "carono_import_wo_classifier.xml"
        | "carono_classifier.xml"
        | "irpsv_off-doc-1c_import.xml"
        | "irpsv_umi-cms_import.xml"
        | "rahimov_import.xml.gz"
        | "rakov_Transformed8x-Sale77.xml"
        | "solopov_import.xml"
        | "d16_import0_1.xml.gz"
        | "santech_import.xml" => Is::Catalogue,
        "carono_offers.xml" => Is::Offers("carono_import.xml"),
        "irpsv_off-doc-1c_offers.xml" => Is::Offers("irpsv_off-doc-1c_import.xml"),
        "irpsv_umi-cms_offers.xml" => Is::Offers("irpsv_umi-cms_import.xml"),
        "d16_offers0_1.xml.gz" => Is::Offers("d16_import0_1.xml.gz"),
        "rahimov_prices.xml" => Is::Prices(&["rahimov_import.xml.gz", "rahimov_offers_7f30.xml"]),
        "solopov_prices.xml" => Is::Prices(&["solopov_import.xml"]),
        "santech_offers.xml" => Is::Prices(&["santech_import.xml"]),
        "rahimov_rests.xml" | "solopov_rests.xml" => Is::Stock,
        "rahimov_offers_7f30.xml"
        | "rahimov_offers_f0ba.xml.gz"
        | "solopov_offers.xml"
        | "carono_orders.xml"
        | "irpsv_off-doc-1c_orders.xml"
        | "rakov_Order8x.xml"
        | "rakov_Sale77.xml" => Is::Neither,
        "rakov_Transformed77-Order8x.xml" => Is::Nameless,
        other => panic!("{other} is new in the set: say what it is"),
    }
}

#[test]
fn plt_08_every_file_of_the_set_has_its_result() {
    let Some(folder) = set(SET) else { return };
    let truth = truth(SET);
    let files = truth["files"].as_array().expect("a list");
    let mut told: std::collections::BTreeSet<String> = Default::default();
    for f in files {
        let name = f["stored_as"].as_str().or(f["file"].as_str()).expect("a name");
        assert!(folder.join(name).exists() && told.insert(name.into()), "{name}");
        let count = |key: &str| f[key].as_i64().unwrap_or(0);
        let (goods, groups, articles) = (count("goods"), count("groups"), count("goods_with_article"));
        let db = TestDb::sqlite();
        let app = self::app(&db);
        match is(name) {
            Is::Catalogue => {
                let r = twice(&app, if goods > 0 { "products" } else { "product-categories" }, name);
                assert_eq!(number(&app, "SELECT COUNT(*) FROM products"), goods, "{name}");
                assert_eq!(number(&app, "SELECT COUNT(*) FROM product_categories"), groups, "{name}");
                assert_eq!(number(&app, "SELECT COUNT(*) FROM products WHERE sku IS NOT NULL"), articles, "{name}");
                assert_eq!(depth(&app), count("max_group_depth"), "{name}");
                assert!(r.read >= (goods + groups) as u64 && goods + groups > 0, "{name}");
            }
            Is::Prices(before) => priced(&app, &truth, f, name, before),
            Is::Offers(catalogue) => {
                priced(&app, &truth, f, name, &[catalogue]);
                let db = TestDb::sqlite();
                let alone = self::app(&db);
                twice(&alone, "prices", name);
                sums(&alone, f, name);
                let goods = f["offers_distinct_goods_id"].as_i64().expect("a count");
                assert!(number(&alone, "SELECT COUNT(*) FROM products") >= goods, "{name} by itself");
            }
            Is::Nameless => {
                let r = import(&app, "products", name);
                assert!(r.created == 0 && !r.errors.is_empty(), "{name}");
                assert!(r.errors.iter().all(|e| e.row > 0 && e.column.ends_with("/Ид")), "{name}: {:?}", r.errors.first());
                assert_eq!(number(&app, "SELECT COUNT(*) FROM products"), 0, "{name}");
            }
            Is::Stock => {
                let r = twice(&app, "prices", name);
                assert_eq!((r.read, r.created), (count("offers") as u64, 0), "{name}");
                assert!(!r.notes.is_empty(), "{name} tells what stock it has of goods that are not here");
            }
            Is::Neither => {
                assert_eq!(f["prices_by_type_id"].as_object().map_or(0, |p| p.len()), 0, "{name} has prices");
                let r = import(&app, "prices", name);
                assert_eq!((r.created, places(&r)), (0, vec![(0, "")]), "{name} says that there is nothing for us in it");
                let kept = ["products", "prices", "price_types"].map(|t| number(&app, &format!("SELECT COUNT(*) FROM {t}")));
                assert_eq!(kept, [0; 3], "{name}");
            }
        }
    }
    // Nothing lies beside it that nobody looks at.
    let there = std::fs::read_dir(&folder).expect("a folder").map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned());
    let there: std::collections::BTreeSet<String> = there.filter(|n| n.contains(".xml")).collect();
    assert_eq!(there, told);
}

/// Every price of every type of the file is in force.
fn sums(app: &App, f: &serde_json::Value, name: &str) {
    let by_type = f["prices_by_type_id"].as_object().expect("prices");
    assert!(!by_type.is_empty(), "{name}");
    for (price_type, figures) in by_type {
        let wanted = kontor_kernel::Price::parse(figures[1].as_str().expect("text")).expect("a sum").scaled();
        // One offer of d16 has two prices of one type: the later one counts.
        let double = if name.starts_with("d16") { 27_700 * 1_000_000 } else { 0 };
        assert_eq!(sum(app, price_type), wanted - double, "{name} {price_type}");
    }
    assert_eq!(number(app, "SELECT COUNT(*) FROM price_types WHERE external_id IS NOT NULL"), by_type.len() as i64, "{name}");
}

/// Offers after their catalogue: those with a characteristic are variants, others the goods themselves, known or new.
fn priced(app: &Arc<App>, truth: &serde_json::Value, f: &serde_json::Value, name: &str, before: &[&str]) {
    for catalogue in before {
        twice(app, "products", catalogue);
    }
    let known = number(app, "SELECT COUNT(*) FROM products");
    twice(app, "prices", name);
    sums(app, f, name);
    let count = |key: &str| f[key].as_i64().unwrap_or(0);
    let stem = name.trim_end_matches(".gz").trim_end_matches(".xml");
    let joined = truth["join_import_offers"].as_array().expect("a list").iter().find(|j| j["right"] == stem);
    let joined = |key: &str| joined.and_then(|j| j[key].as_i64());
    let new = joined("right_without_left").unwrap_or(0);
    // A catalogue may list the characteristics as goods of their own: then the offers bring none.
    let listed = !before.is_empty() && joined("left_ids").is_some_and(|ids| ids < known);
    let variants = if listed { 0 } else { count("offers_with_characteristic") };
    assert_eq!(number(app, "SELECT COUNT(*) FROM products WHERE parent_id IS NOT NULL"), variants, "{name}");
    assert_eq!(number(app, "SELECT COUNT(*) FROM products"), known + variants + new, "{name}");
    assert!(number(app, "SELECT COUNT(DISTINCT product_id) FROM prices") <= count("offers"), "{name}");
}

/// Levels of the tree of categories.
fn depth(app: &App) -> i64 {
    number(
        app,
        "WITH RECURSIVE down(id, depth) AS (SELECT id, 1 FROM product_categories WHERE parent_id IS NULL UNION ALL \
         SELECT c.id, d.depth + 1 FROM product_categories c JOIN down d ON c.parent_id = d.id) SELECT CAST(COALESCE(MAX(depth), 0) AS BIGINT) FROM down",
    )
}

#[test]
fn plt_08_what_has_neither_goods_nor_prices_says_so() {
    if set(SET).is_none() {
        return;
    }
    let db = TestDb::sqlite();
    let app = app(&db);
    for (entity, file) in [
        ("products", "carono_orders.xml"),
        ("prices", "irpsv_off-doc-1c_orders.xml"),
        ("stock-receipts", "rahimov_prices.xml"),
        ("stock-receipts", "d16_import0_1.xml.gz"),
        ("products", "rakov_Order8x.xml"),
        ("prices", "rahimov_offers_f0ba.xml.gz"),
    ] {
        let r = import(&app, entity, file);
        assert_eq!((r.created, places(&r)), (0, vec![(0, "")]), "{file}");
    }
    // A classifier by itself, and goods in the notation of 7.7.
    let r = twice(&app, "product-categories", "carono_classifier.xml");
    assert_eq!((r.read, r.created), (22, 22));
    twice(&app, "products", "rakov_Sale77.xml");
    assert!(number(&app, "SELECT COUNT(*) FROM products WHERE category_id IS NOT NULL") > 50);
    // Prices of goods that nobody knows are refused by offer, and nothing stays.
    let r = import(&app, "prices", "rahimov_prices.xml");
    assert_eq!((r.errors.len(), r.created), (978, 0));
    assert_eq!((r.errors[0].row, r.errors[0].column.as_str()), (12, "Предложение/ИдТипаЦены"), "{:?}", r.errors[0]);
}

#[test]
fn plt_08_the_same_catalogue_in_every_encoding_is_the_same() {
    if set(SET).is_none() {
        return;
    }
    let db = TestDb::sqlite();
    let app = app(&db);
    let body = text("carono_import.xml").trim_start_matches('\u{FEFF}').to_string();
    let as_said = |encoding: &str| body.replacen("UTF-8", encoding, 1);
    let mut wide = vec![0xFE, 0xFF];
    wide.extend(as_said("UTF-16").encode_utf16().flat_map(u16::to_be_bytes));
    let wide_bare: Vec<u8> = as_said("UTF-16").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cyrillic: Vec<u8> = encode_1251(&as_said("windows-1251"));
    assert!(bytes(&app, "products", body.clone().into_bytes()).ok());
    let audit = number(&app, "SELECT COUNT(*) FROM audit");
    for (n, data) in [wide, wide_bare, cyrillic].into_iter().enumerate() {
        let r = bytes(&app, "products", data);
        assert_eq!((r.ok(), r.created, r.updated), (true, 0, 0), "{n}: {:?}", r.errors);
    }
    assert_eq!(number(&app, "SELECT COUNT(*) FROM audit"), audit);
}

fn encode_1251(s: &str) -> Vec<u8> {
    s.chars()
        .map(|c| match c {
            '\0'..='\x7F' => c as u8,
            'А'..='я' => (c as u32 - 0x410 + 0xC0) as u8,
            'ё' => 0xB8,
            'Ё' => 0xA8,
            '№' => 0xB9,
            '\u{A0}' => 0xA0,
            '«' => 0xAB,
            '»' => 0xBB,
            '–' => 0x96,
            other => panic!("{other:?} is not in windows-1251"),
        })
        .collect()
}

fn export(app: &App, what: Exported) -> String {
    let mut out = vec![];
    let mut ctx = Ctx::system();
    ctx.now = Default::default();
    commerceml::export(app, &ctx, what, &mut out).expect("exports");
    String::from_utf8(out).expect("is UTF-8")
}

#[test]
fn plt_08_what_was_written_reads_back_as_it_was() {
    if set(SET).is_none() {
        return;
    }
    let (db, other) = (TestDb::sqlite(), TestDb::sqlite());
    let (here, there) = (app(&db), app(&other));
    for app in [&here, &there] {
        make(app, "companies", json!({"name": "Ми", "currency": "UAH", "country": "UA"}));
    }
    assert!(import(&here, "products", "d16_import0_1.xml.gz").ok() && import(&here, "prices", "d16_offers0_1.xml.gz").ok());
    // Goods of our own have no foreign key: our ids stand for it.
    let pieces = app_id(&here, "SELECT id FROM units WHERE code = 'pcs'");
    let group = make(&here, "product-categories", json!({"name": "Наші & «свої»"}));
    let own = make(
        &here,
        "products",
        json!({"name": "Ґудзик <1>", "unit_id": pieces, "category_id": group, "vat_rate": "ua20", "custom": {"Колір": "білий"}}),
    );
    make(&here, "products", json!({"name": "Ґудзик <1> чорний", "unit_id": pieces, "parent_id": own, "custom": {"Колір": "чорний"}}));
    let retail = app_id(&here, "SELECT id FROM price_types");
    make(&here, "prices", json!({"price_type_id": retail, "product_id": own, "price": "0.05"}));
    let (catalogue, offers) = (export(&here, Exported::Catalogue), export(&here, Exported::Offers));
    assert!(catalogue.contains("Ґудзик &lt;1&gt;") && offers.contains("<ЦенаЗаЕдиницу>0.05</ЦенаЗаЕдиницу>"));
    let audit = number(&here, "SELECT COUNT(*) FROM audit");
    for (entity, file) in [("products", &catalogue), ("prices", &offers)] {
        let r = bytes(&here, entity, file);
        assert_eq!((r.ok(), r.created, r.updated), (true, 0, 0), "{entity}: our own file changes nothing: {:?}", r.errors);
        assert!(bytes(&there, entity, file).ok());
    }
    assert_eq!(number(&here, "SELECT COUNT(*) FROM audit"), audit);
    for what in [Exported::Catalogue, Exported::Offers] {
        let (a, b) = (export(&here, what), export(&there, what));
        let lines = |s: &str| -> Vec<String> {
            let mut l: Vec<String> = s.lines().map(|l| l.trim().to_string()).collect();
            l.sort();
            l
        };
        let (a, b) = (lines(&a), lines(&b));
        let first = a.iter().zip(&b).find(|(x, y)| x != y);
        assert!(a.len() == b.len() && first.is_none(), "{what:?}: {} and {} lines, first {first:?}", a.len(), b.len());
    }
}

fn app_id(app: &App, sql: &str) -> kontor_platform::value::Id {
    app.store.read(|c| c.query_one(sql, &[])?.id(0)).expect("an id")
}
