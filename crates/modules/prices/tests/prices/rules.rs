//! The rule book: conditions give prices at once, in the order of decision 16, and explain themselves.

use crate::world::{House, ask, date};
use kontor_kernel::{Percent, Price, Quantity};
use kontor_platform::value::Id;
use kontor_prices::{LineQuestion, PricedLine, explain, price_lines, terms, why_not};
use kontor_testkit::both;
use serde_json::{Value as Json, json};

const DAY: &str = "2026-11-21";

fn condition(h: &House, input: Json) -> Id {
    h.w.make("dir", "price-conditions", input)
}

/// Price and discount of a line for the client.
fn priced(h: &House, product: Id, quantity: i64) -> PricedLine {
    h.lines(None, DAY, &[LineQuestion { quantity: Quantity::from_scaled(quantity * Quantity::UNIT), ..ask(product) }]).unwrap().remove(0)
}

fn p(s: &str) -> Price {
    Price::parse(s).unwrap()
}

/// Base prices from the weakest rule to the strongest: each one written takes the price over.
#[test]
fn prc_09_base_prices_take_each_other_over_in_the_agreed_order() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        let now = |what: &str, expected: &str| assert_eq!(priced(&h, h.tea, 1).price, p(expected), "{what}");
        now("default", "100");
        let list = |name: &str, price: &str, more: Json| {
            let mut v = json!({"name": name, "currency": "UAH", "lines": [{"product_id": h.tea, "price": price}]});
            v.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            h.w.make("dir", "price-lists", v)
        };
        let dealers = list("Дилери", "90", json!({}));
        let dealer = h.w.make("dir", "dealer-types", json!({"name": "Золотий", "price_list_id": dealers}));
        h.w.update("ann", "partners", h.client, 0, json!({"dealer_type_id": dealer})).unwrap();
        now("dealer type", "90");
        let region = h.w.make("dir", "regions", json!({"name": "Захід"}));
        h.w.update("ann", "partners", h.client, 0, json!({"region_id": region})).unwrap();
        condition(&h, json!({"kind": "region", "region_id": region, "price": "89", "currency": "UAH"}));
        now("region", "89");
        condition(&h, json!({"kind": "company_list", "company_id": h.company, "price": "88", "currency": "UAH"}));
        now("own company", "88");
        list("Свій", "87", json!({"partner_id": h.client}));
        now("individual list", "87");
        let of_category = condition(
            &h,
            json!({"kind": "special_price", "partner_id": h.client, "category_id": h.drinks, "price": "86", "currency": "UAH"}),
        );
        now("special price of the category above", "86");
        condition(&h, json!({"kind": "special_price", "partner_id": h.client, "product_id": h.tea, "price": "85", "currency": "UAH"}));
        now("special price of the product", "85");
        h.agreement(json!({"partner_id": h.client, "lines": [{"product_id": h.tea, "price": "84"}]})).unwrap();
        now("agreement's product line", "84");
        // What is taken back gives way at once.
        h.w.delete("dir", "price-conditions", of_category).unwrap();
        h.w.update("dir", "partners", h.client, 0, json!({"dealer_type_id": null})).unwrap();
        now("still the strongest", "84");
    });
}

#[test]
fn prc_09_a_price_list_gives_its_own_rows_and_derives_the_rest() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        h.price(h.retail, h.cup, "40", "2026-01-01");
        let list = json!({"name": "Свій", "currency": "UAH", "partner_id": h.client, "price_type_id": h.retail, "markup_percent": "-10", "rounding": {"step": "1", "mode": "up"}, "lines": [{"product_id": h.tea, "price": "77.7"}]});
        let id = h.w.make("dir", "price-lists", list);
        assert_eq!((priced(&h, h.tea, 1).price, priced(&h, h.cup, 1).price), (p("77.7"), p("36")));
        h.w.update("dir", "price-lists", id, 0, json!({"markup_percent": "-25", "lines": []})).unwrap();
        assert_eq!((priced(&h, h.tea, 1).price, priced(&h, h.cup, 1).price), (p("75"), p("30")));
        h.w.delete("dir", "price-lists", id).unwrap();
        assert_eq!(priced(&h, h.tea, 1).price, p("100"));
    });
}

#[test]
fn prc_12_discounts_add_up_and_the_users_algorithm_combines_them() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        condition(&h, json!({"kind": "special", "partner_id": h.client, "percent": "5"}));
        condition(&h, json!({"kind": "quantity", "from_quantity": "10", "category_id": h.drinks, "percent": "3"}));
        condition(&h, json!({"kind": "quantity", "from_quantity": "100", "category_id": h.drinks, "percent": "8"}));
        let d = |n: i64| priced(&h, h.tea, n).discount;
        let percent = |s: &str| Percent::parse(s).unwrap();
        assert_eq!([d(1), d(10), d(99), d(100)], ["5", "8", "8", "13"].map(percent));
        let vip = h.w.make("dir", "segments", json!({"name": "VIP", "filter": {"tags": "vip"}}));
        let of_segment = condition(&h, json!({"kind": "segment", "segment_id": vip, "percent": "2"}));
        assert_eq!(d(1), percent("5"), "the client is no member");
        h.w.update("ann", "partners", h.client, 0, json!({"tags": ["vip"]})).unwrap();
        assert_eq!(d(1), percent("7"));
        h.w.update("dir", "price-conditions", of_segment, 0, json!({"active": false})).unwrap();
        assert_eq!(d(1), percent("5"));
        let undone = h.w.update("dir", "price-conditions", of_segment, 0, json!({"active": true, "percent": "4"})).unwrap();
        assert_eq!(d(1), percent("9"));
        h.w.undo("dir", &undone).unwrap();
        assert_eq!(d(1), percent("5"), "undo of a rule changes prices too");
        h.w.make("dir", "price-limits", json!({"name": "Енн", "user_id": h.w.user("ann"), "algorithm": "maximum"}));
        let asked = json!({"product_id": h.tea, "partner_id": h.client, "quantity": "100", "date": DAY});
        let of = |who: &str| explain(&h.w.app, &h.w.ctx(who), &asked).unwrap()["discount_percent"].clone();
        assert_eq!((of("boss"), of("ann")), (json!("13"), json!("8")));
    });
}

#[test]
fn prc_12_order_amount_and_bundles_are_shared_out_to_the_minor_unit() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "33.33", "2026-01-01");
        h.price(h.retail, h.cup, "10", "2026-01-01");
        let by_amount = condition(&h, json!({"kind": "amount", "from_amount": "100", "percent": "10"}));
        let line = |product, n: i64| LineQuestion { quantity: Quantity::from_scaled(n * Quantity::UNIT), ..ask(product) };
        let amounts = |lines: &[LineQuestion]| -> Vec<String> {
            h.lines(None, DAY, lines).unwrap().iter().map(|l| l.amount.unwrap().to_string()).collect()
        };
        assert_eq!(amounts(&[line(h.tea, 2), line(h.cup, 1)]), ["66.66", "10.00"]);
        // 99.99 + 10 = 109.99; a tenth off is 11.00, shared out exactly.
        assert_eq!(amounts(&[line(h.tea, 3), line(h.cup, 1)]), ["89.99", "9.00"]);
        assert_eq!(amounts(&[line(h.cup, 1), line(h.tea, 3)]), ["9.00", "89.99"], "the order of lines does not matter");
        // Three teas and a cup for 100 instead of 109.99: 9.99 off, 9.08 and 0.91; a second set is not among the lines.
        h.w.make("dir", "promotions", json!({"name": "Чаювання", "kind": "bundle", "bundle_price": "100", "currency": "UAH", "lines": [{"product_id": h.tea, "quantity": "3"}, {"product_id": h.cup, "quantity": "1"}]}));
        h.w.delete("dir", "price-conditions", by_amount).unwrap();
        assert_eq!(amounts(&[line(h.tea, 3), line(h.cup, 1)]), ["90.91", "9.09"]);
        assert_eq!(amounts(&[line(h.cup, 1), line(h.tea, 3)]), ["9.09", "90.91"]);
        assert_eq!(amounts(&[line(h.tea, 2), line(h.cup, 1)]), ["66.66", "10.00"], "not the whole set");
        assert_eq!(amounts(&[line(h.tea, 5), line(h.cup, 1)]), ["157.57", "9.09"], "what is beyond the set costs what it costs");
    });
}

#[test]
fn prc_10_a_surcharge_of_the_own_company_is_added_by_category() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        condition(&h, json!({"kind": "surcharge", "company_id": h.company, "category_id": h.drinks, "percent": "4"}));
        assert_eq!(priced(&h, h.tea, 1).price, p("104"));
        let types = h.w.make("dir", "order-types", json!({"name": "Експрес"}));
        condition(&h, json!({"kind": "order_type", "order_type_id": types, "product_id": h.tea, "price": "120", "currency": "UAH"}));
        let express = h
            .read(|cx| {
                let mut t = terms(cx, h.company, h.client, None, None, date(DAY))?;
                t.order_type_id = Some(types);
                price_lines(cx, &t, h.client, h.company, date(DAY), &[ask(h.tea)])
            })
            .unwrap();
        assert_eq!(express[0].price, p("124.8"));
    });
}

#[test]
fn prc_13_another_client_or_day_is_compared_and_losers_are_told() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        h.price(h.retail, h.tea, "110", "2026-12-01");
        let other = h.w.make("ann", "partners", json!({"name": "Нова лінія", "roles": ["client"]}));
        condition(
            &h,
            json!({"name": "Ціна Епіцентру", "kind": "special_price", "partner_id": h.client, "product_id": h.tea, "price": "95", "currency": "UAH"}),
        );
        let asked = json!({"product_id": h.tea, "partner_id": h.client, "date": DAY, "compare": [{"partner_id": other}, {"partner_id": other, "date": "2026-12-01"}]});
        let told = explain(&h.w.app, &h.w.ctx("ann"), &asked).unwrap();
        assert_eq!(told["price"], json!("95"));
        assert_eq!([&told["compared"][0]["price"], &told["compared"][1]["price"]], [&json!("100"), &json!("110")]);
        let names: Vec<&str> = told["candidates"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
        assert!(names.contains(&"Ціна Епіцентру"), "{names:?}");
        assert!(told["candidates"].as_array().unwrap().iter().any(|c| c["won"] == json!(false) && c["lost"].is_string()), "{told}");
    });
}

#[test]
fn prc_13_why_not_names_the_smallest_change_that_gives_the_price() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        condition(&h, json!({"kind": "quantity", "from_quantity": "10", "product_id": h.tea, "percent": "5"}));
        let asked = |wanted: &str| {
            let body = json!({"product_id": h.tea, "partner_id": h.client, "quantity": "3", "date": DAY, "wanted_price": wanted});
            why_not(&h.w.app, &h.w.ctx("ann"), &body).unwrap()
        };
        let told = asked("95");
        assert_eq!(
            (&told["price"], &told["suggestions"][0]["kind"], &told["suggestions"][0]["value"]),
            (&json!("100"), &json!("quantity"), &json!("10")),
            "{told}"
        );
        assert_eq!(told["suggestions"][0]["price"], json!("95"));
        // What it costs already needs no change, which is another thing than that none would do.
        let already = asked("100");
        assert_eq!((&already["suggestions"], &already["price"]), (&json!([]), &json!("100")));
        assert_ne!(already["text"], asked("100.5")["text"]);
        assert_eq!(already["text"], json!(kontor_texts::tr(h.w.ctx("ann").lang, "price-why_not-already")));
    });
}

#[test]
fn prc_17_the_book_follows_a_hundred_changes_as_a_fresh_one_would_read_them() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        let mut ids = vec![];
        for n in 0..40i64 {
            let made = condition(
                &h,
                json!({"kind": "quantity", "from_quantity": (n + 2).to_string(), "product_id": h.tea, "percent": (n + 1).to_string()}),
            );
            ids.push(made);
            if n % 3 == 0 {
                h.w.update("dir", "price-conditions", made, 0, json!({"percent": "0.5"})).unwrap();
            }
            if n % 5 == 0 {
                h.w.delete("dir", "price-conditions", made).unwrap();
            }
            let line = priced(&h, h.tea, n + 2);
            let expected = match (n % 3, n % 5) {
                (_, 0) => continue,
                (0, _) => "0.5".to_string(),
                _ => (n + 1).to_string(),
            };
            assert_eq!(line.discount.to_string(), expected, "after change {n}");
        }
        // Another process reads everything anew and says the same.
        let again = crate::world::reopened(db);
        for n in 2..50 {
            assert_eq!(again.discount(&h, n), priced(&h, h.tea, n).discount, "{n} pieces");
        }
    });
}
