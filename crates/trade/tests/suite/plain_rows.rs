//! Plain tables of goods and of suppliers' prices as people write them.

use crate::support::*;
use kontor_exchange::Report;
use kontor_testkit::both;
use serde_json::json;

fn messages(r: &Report) -> Vec<&str> {
    r.errors.iter().map(|e| e.message.as_str()).collect()
}

#[test]
fn prc_15_an_article_that_stands_twice_in_a_suppliers_table_is_told_by_row() {
    both(|db| {
        let app = app(db);
        make(&app, "partners", json!({"name": "Постачальник", "roles": ["supplier"]}));
        let head = "partner,supplier_code,supplier_name,price,currency\n";
        let row = |code: &str, name: &str, price: &str| format!("Постачальник,{code},{name},{price},UAH\n");
        let twice = [head, &row("A-1", "Болт", "10"), &row("A-2", "Гайка", "5"), &row("A-1", "Болт", "12")].concat();
        let r = bytes(&app, "supplier-prices", &twice);
        assert_eq!((places(&r), messages(&r)), (vec![(4, "supplier_code")], vec!["Row 2 is about the same. Leave one of the two"]));
        assert_eq!(number(&app, "SELECT COUNT(*) FROM supplier_prices"), 0, "nothing is half imported");
        // What has no article is told apart by nothing, so both stay; another list brings the known article up to date.
        let r = bytes(&app, "supplier-prices", [head, &row("A-1", "Болт", "10"), &row("", "Шайба", "1"), &row("", "Шплінт", "2")].concat());
        assert_eq!(counts(&r), (3, 3, 0, 0, 0), "{r:?}");
        let r = bytes(&app, "supplier-prices", [head, &row("A-1", "Болт", "11")].concat());
        assert_eq!(counts(&r), (1, 0, 1, 0, 0), "{r:?}");
        assert_eq!(number(&app, "SELECT price FROM supplier_prices WHERE supplier_code = 'A-1'"), 11_000_000);
    });
}

#[test]
fn prc_01_goods_without_an_article_are_not_all_one() {
    both(|db| {
        let app = app(db);
        let r = bytes(&app, "products", "sku,name,unit\n,Перший,шт\n,Другий,шт\nX-1,Третій,шт\n");
        assert_eq!(counts(&r), (3, 3, 0, 0, 0), "{r:?}");
        let r = bytes(&app, "products", "sku,name,unit\nX-2,П'ятий,шт\nX-2,Шостий,шт\n");
        assert_eq!((places(&r), messages(&r)), (vec![(3, "sku")], vec!["Row 2 is about the same. Leave one of the two"]));
    });
}

#[test]
fn prc_01_vat_rates_are_meant_as_people_write_them_and_what_is_unclear_names_its_codes() {
    both(|db| {
        let app = app(db);
        make(&app, "companies", json!({"name": "Ми", "currency": "UAH", "country": "UA"}));
        let file = "name,unit,vat_rate\nА,шт,20%\nБ,шт,20\nВ,шт,ПДВ 20 %\nГ,шт,НДС 7%\nД,шт,19 %\nЕ,шт,без ПДВ\nЖ,шт,ua14\n";
        let r = bytes(&app, "products", file);
        assert_eq!(counts(&r), (7, 7, 0, 0, 0), "{r:?}");
        assert_eq!(texts(&app, "SELECT vat_rate FROM products ORDER BY name"), ["ua20", "ua20", "ua20", "ua7", "de19", "exempt", "ua14"]);
        // Five percent are none of ours and of two others: the codes to choose from are named.
        let r = bytes(&app, "products", "name,unit,vat_rate\nИ,шт,20%\nК,шт,5%\n");
        assert_eq!((places(&r), messages(&r)), (vec![(3, "vat_rate")], vec!["“5%” may mean gb5, pl5. Write one of these codes"]));
        // With a company in a second country twenty are unclear as well.
        make(&app, "companies", json!({"name": "Вони", "currency": "GBP", "country": "GB"}));
        let r = bytes(&app, "products", "name,unit,vat_rate\nЛ,шт,20%\nМ,шт,5%\n");
        assert_eq!((places(&r), messages(&r)), (vec![(2, "vat_rate")], vec!["“20%” may mean gb20, ua20. Write one of these codes"]));
    });
}

#[test]
fn prc_07_two_prices_for_one_day_in_a_file_are_told_by_row() {
    both(|db| {
        let app = app(db);
        make(&app, "price-types", json!({"name": "Роздріб", "currency": "UAH", "method": "manual", "vat": "included"}));
        bytes(&app, "products", "sku,name,unit\nX-1,Болт,шт\nX-2,Гайка,шт\n");
        let head = "price_type,product,price,valid_from\n";
        let two = format!("{head}Роздріб,X-1,10,2026-12-01\nРоздріб,X-2,5,2026-12-01\nРоздріб,X-1,11,2026-12-01\n");
        let r = bytes(&app, "prices", two);
        assert_eq!((places(&r), messages(&r)), (vec![(4, "valid_from")], vec!["Row 2 is about the same. Leave one of the two"]));
        assert_eq!(number(&app, "SELECT COUNT(*) FROM prices"), 0);
        // Of two days, and the same file once more, it is in order.
        let days = format!("{head}Роздріб,X-1,10,2026-12-01\nРоздріб,X-1,11,2026-12-02\n");
        assert_eq!(counts(&bytes(&app, "prices", &days)), (2, 2, 0, 0, 0));
        assert_eq!(counts(&bytes(&app, "prices", &days)), (2, 0, 0, 2, 0));
    });
}
