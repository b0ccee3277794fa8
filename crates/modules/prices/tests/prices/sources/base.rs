//! Where a category takes its costs and base prices from; lists that stand on several base prices of a product.

use super::DAY;
use crate::world::{House, date};
use kontor_platform::value::Id;
use kontor_testkit::both;
use serde_json::json;

#[test]
fn prc_04_a_category_says_where_cost_base_price_and_rates_come_from() {
    both(|db| {
        let h = House::new(db);
        h.rates("НБУ", "50");
        let cash = h.rates("Готівка", "55");
        h.receipt(h.tea, "10", "80", "2026-03-01");
        h.receipt(h.tea, "10", "100", "2026-05-01");
        let cost = |product: Id| {
            h.read(|cx| Ok(kontor_prices::standard_costs(cx, h.company, &[product], date(DAY))?.get(&product).map(|p| p.to_string())))
                .unwrap()
        };
        assert_eq!((cost(h.tea), cost(h.cup)), (Some("90".into()), None), "the average where nothing is said");
        let a = h.by(h.price_type("Від собівартості", json!({"method": "formula", "formula": "cost * 2"})));
        assert_eq!((h.told(a, h.tea, DAY), h.told(a, h.cup, DAY)), ("180".into(), "missing".into()));
        h.w.update("dir", "product-categories", h.drinks, 0, json!({"cost_method": "last_receipt"})).unwrap();
        assert_eq!((cost(h.tea), h.told(a, h.tea, DAY)), (Some("100".into()), "200".into()));
        let acme = h.supplier("ACME", "supplier");
        h.offer(acme, h.tea, json!({"price": "3"}));
        h.w.update("dir", "product-categories", h.drinks, 0, json!({"cost_method": "supply"})).unwrap();
        assert_eq!((cost(h.tea), h.told(a, h.tea, DAY)), (Some("150".into()), "300".into()));
        // The base list of the category stands before that of everybody, and is converted by the category's rates.
        h.price(h.retail, h.tea, "999", "2026-01-01");
        h.price(h.retail, h.cup, "20", "2026-01-01");
        let euro = h.w.make("dir", "price-types", json!({"name": "Base EUR", "currency": "EUR", "vat": "included", "method": "manual"}));
        h.price(euro, h.tea, "4", "2026-01-01");
        h.w.update("dir", "product-categories", h.drinks, 0, json!({"price_type_id": euro})).unwrap();
        let bare = h.agreement(json!({"partner_id": h.client, "price_type_id": h.price_type("Порожній", json!({"method": "manual", "vat": "included"})), "priority": 99})).ok();
        assert_eq!((h.told(bare, h.tea, DAY), h.told(bare, h.cup, DAY)), ("200".into(), "20".into()));
        h.w.update("dir", "product-categories", h.drinks, 0, json!({"rate_type_id": cash})).unwrap();
        assert_eq!(h.told(bare, h.tea, DAY), "220");
    });
}

#[test]
fn prc_04_a_product_has_four_base_prices_and_lists_derived_from_each() {
    both(|db| {
        let h = House::new(db);
        h.rates("НБУ", "50");
        let base = |name: &str, currency: &str, price: &str| {
            let id = h.price_type(name, json!({"method": "manual", "currency": currency}));
            h.price(id, h.tea, price, "2026-01-01");
            id
        };
        let four = [
            base("Закупівельна", "EUR", "2"),
            base("Роздрібна база", "UAH", "150"),
            base("Гуртова база", "UAH", "130"),
            base("Тендерна", "EUR", "2.5"),
        ];
        // With a row of its own a list need not derive the product.
        let list = h.w.make("dir", "price-lists", json!({"name": "Свій", "currency": "EUR", "vat": "excluded", "price_type_id": four[0], "markup_percent": "20", "partner_id": h.client, "lines": [{"product_id": h.cup, "price": "1"}]}));
        // Without an agreement prices are told with their VAT of a fifth.
        assert_eq!((h.told(None, h.tea, DAY), h.told(None, h.cup, DAY)), ("144".into(), "60".into()), "{list}");
        let told = |id: Id| h.told(h.by(id), h.tea, DAY);
        assert_eq!(four.map(told), ["100", "150", "130", "125"], "each is told for itself, in the currency of the sale");
        let derived = four.map(|base| {
            let name = format!("Похідна {base}");
            h.price_type(&name, json!({"method": "markup", "base_price_type_id": base, "markup_percent": "10"}))
        });
        assert_eq!(derived.map(told), ["110", "165", "143", "137.5"]);
    });
}
