//! Settings are kept in memory: an explanation is a few statements, and a change of any of them holds for the very next one,
//! on every node.

use crate::world::{House, ask, date, registry};
use kontor_platform::cx::Cx;
use kontor_platform::store::{Conn, Priority, Store};
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Error};
use kontor_prices::{explain, price_lines, terms};
use kontor_testkit::{TestDb, both};
use serde_json::{Value as Json, json};

const DAY: &str = "2026-11-21";

impl House {
    /// The same office seen by another node.
    fn beside(&self, db: &TestDb) -> House {
        let app = App::new(Store::open(&db.url, Default::default()).unwrap(), registry());
        let w = crate::common::World { app, users: self.w.users.clone() };
        House { w, company: self.company, client: self.client, tea: self.tea, cup: self.cup, drinks: self.drinks, retail: self.retail }
    }

    fn asked(&self, who: &str, further: Json) -> Json {
        let mut question = json!({"partner_id": self.client, "company_id": self.company, "product_id": self.tea, "date": DAY});
        question.as_object_mut().unwrap().extend(further.as_object().cloned().unwrap_or_default());
        explain(&self.w.app, &self.w.ctx(who), &question).unwrap_or_else(|e| panic!("{e}"))
    }

    fn net(&self) -> String {
        let told = self.asked("ann", json!({}));
        told["net_price"].as_str().unwrap_or("none").to_string()
    }
}

/// A house where a price has much to look at: own terms, a list, segments of both kinds, currencies, a card.
fn busy(db: &TestDb) -> (House, Json) {
    let h = House::new(db);
    h.w.make("dir", "rate-types", json!({"name": "НБУ", "base_currency": "UAH", "direction": "direct"}));
    for (currency, rate) in [("EUR", "48.5"), ("USD", "41")] {
        h.w.make("acc", "rates", json!({"currency": currency, "date": "2026-11-20", "rate": rate}));
    }
    let euro = h.w.make("dir", "price-types", json!({"name": "Експорт", "currency": "EUR", "method": "manual", "vat": "excluded"}));
    let dollar = h.w.make("dir", "price-types", json!({"name": "Імпорт", "currency": "USD", "method": "manual", "vat": "excluded"}));
    for of in [euro, dollar, h.retail] {
        h.price(of, h.tea, "2.5", "2026-10-01");
    }
    let region = h.w.make("dir", "regions", json!({"name": "Київська"}));
    h.w.update("ann", "partners", h.client, 0, json!({"tags": ["vip"], "region_id": region})).unwrap();
    for (name, members, filter) in [
        ("VIP", "partners", json!({"tags": "vip"})),
        ("Київ", "partners", json!({"region_id": region})),
        ("Чаї", "products", json!({"name.contains": "ча"})),
    ] {
        let segment = h.w.make("dir", "segments", json!({"name": name, "members": members, "filter": filter}));
        let rule = match members {
            "partners" => json!({"kind": "segment", "segment_id": segment, "percent": "1"}),
            _ => json!({"kind": "quantity", "product_segment_id": segment, "from_quantity": "5", "percent": "1"}),
        };
        h.w.make("dir", "price-conditions", rule);
    }
    h.w.make(
        "dir",
        "price-lists",
        json!({"name": "Акція", "currency": "USD", "price_type_id": dollar, "partner_id": h.client, "valid_from": "2026-01-01"}),
    );
    h.w.make("dir", "price-limits", json!({"name": "Продавці", "role": "salesperson", "discount_max": "10"}));
    let a = h.agreement(json!({"partner_id": h.client, "name": "Умови", "price_type_id": euro, "vat": "included", "lines": [{"category_id": h.drinks, "discount_percent": "5"}]})).unwrap();
    h.agreement(json!({"kind": "standard", "name": "Загальні"})).unwrap();
    (h, json!({"agreement_id": a, "quantity": "10"}))
}

/// How many statements the answer took, asked for the second time.
fn asked_again(h: &House, who: &str, further: &Json) -> u64 {
    let ctx = h.w.ctx(who);
    let mut whole = json!({"partner_id": h.client, "company_id": h.company, "product_id": h.tea, "date": DAY});
    whole.as_object_mut().unwrap().extend(further.as_object().cloned().unwrap());
    let told = explain(&h.w.app, &ctx, &whole).unwrap();
    let before = Conn::statements_of_thread();
    assert_eq!(told, explain(&h.w.app, &ctx, &whole).unwrap());
    Conn::statements_of_thread() - before
}

#[test]
fn prc_13_an_explanation_asks_the_database_little() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        let a = h.agreement(json!({"kind": "standard", "name": "Загальні"})).unwrap();
        let n = asked_again(&h, "dir", &json!({"agreement_id": a, "quantity": "3"}));
        // What he may see, the revisions, the product, the partner, the price.
        assert!(n <= 5, "{n} statements");
    });
}

#[test]
fn prc_13_an_explanation_of_everything_at_once_asks_the_database_little() {
    both(|db| {
        let (h, named) = busy(db);
        let bare = json!({"quantity": "10"});
        for (who, question, most) in
            [("dir", &named, 11), ("ann", &named, 12), ("dir", &bare, 11), ("dir", &json!({"product_id": h.cup}), 11)]
        {
            let n = asked_again(&h, who, question);
            assert!(n <= most, "{who} asks {question}: {n} statements");
        }
    });
}

#[test]
fn prc_17_a_change_of_any_kept_setting_holds_for_the_next_price_on_every_node() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        let other = h.beside(db);
        let nodes = [&h, &other];
        let mut turn = 0;
        // What one node changes, the other one tells first, and then the one that changed it.
        let mut change = |what: &str, f: &mut dyn FnMut(&House), net: &str| {
            turn += 1;
            let (writes, reads) = (nodes[turn % 2], nodes[(turn + 1) % 2]);
            f(writes);
            assert_eq!((reads.net(), writes.net()), (net.to_string(), net.to_string()), "{what}");
        };
        let set = |collection: &'static str, id: Id, input: Json| {
            move |h: &House| drop(h.w.update("admin", collection, id, 0, input.clone()).unwrap())
        };
        change("nothing yet", &mut |_| {}, "100");
        let mut opt = Id::nil();
        let less = |percent: &str| json!({"name": "Гурт", "method": "markup", "base_price_type_id": h.retail, "markup_percent": percent, "currency": "UAH"});
        change("a new price type", &mut |h| opt = h.w.make("dir", "price-types", less("-10")), "100");
        change("the company's price type", &mut set("companies", h.company, json!({"price_type_id": opt})), "90");
        change("a markup", &mut set("price-types", opt, json!({"markup_percent": "-20"})), "80");
        change("the price type of another", &mut set("companies", h.company, json!({"price_type_id": null})), "100");
        change("the default type", &mut set("price-types", opt, json!({"is_default": true})), "80");
        let dearer = |h: &House| {
            h.price(h.retail, h.tea, "200", "2026-02-01");
        };
        change("a written price", &mut |h| dearer(h), "160");

        let mut segment = Id::nil();
        change(
            "a rule for a segment",
            &mut |h| {
                segment = h.w.make("dir", "segments", json!({"name": "VIP", "filter": {"tags": "vip"}}));
                h.w.make("dir", "price-conditions", json!({"kind": "segment", "segment_id": segment, "percent": "50"}));
            },
            "160",
        );
        change("the partner", &mut set("partners", h.client, json!({"tags": ["vip"]})), "80");
        change("the segment's filter", &mut set("segments", segment, json!({"filter": {"tags": "gold"}})), "160");

        let mut all = Id::nil();
        let standard = |h: &House, input: Json| {
            let mut whole = json!({"company_id": h.company, "price_type_id": h.retail, "currency": "UAH", "kind": "standard"});
            whole.as_object_mut().unwrap().extend(input.as_object().cloned().unwrap());
            h.w.make("dir", "agreements", whole)
        };
        change("a standard agreement", &mut |h| all = standard(h, json!({"name": "Усі", "discount_percent": "1"})), "198");
        change("its discount", &mut set("agreements", all, json!({"discount_percent": "2"})), "196");
        let mut gold = Id::nil();
        change(
            "one of a segment",
            &mut |h| gold = standard(h, json!({"name": "Золото", "segment_id": segment, "discount_percent": "20"})),
            "196",
        );
        change("the segment's filter again", &mut set("segments", segment, json!({"filter": {"tags": "vip"}})), "60");
        let mut own = Id::nil();
        change("his own", &mut |h| own = standard(h, json!({"name": "Його", "kind": "individual", "partner_id": h.client})), "100");
        change("its price type", &mut set("agreements", own, json!({"price_type_id": opt})), "80");
        change("its end", &mut set("agreements", own, json!({"valid_to": "2026-11-20"})), "60");
        change("its beginning again", &mut set("agreements", own, json!({"valid_to": "2026-11-30"})), "80");
        change("it is closed", &mut |h| drop(h.w.verb("dir", "agreements", own, "close", json!({})).unwrap()), "60");
        change("the other is archived", &mut |h| drop(h.w.delete("dir", "agreements", gold).unwrap()), "96");
        let mut undone = None;
        change(
            "the one for all",
            &mut |h| undone = Some(h.w.update("dir", "agreements", all, 0, json!({"discount_percent": "20"})).unwrap()),
            "60",
        );
        change("that is undone", &mut |h| drop(h.w.undo("dir", undone.as_ref().unwrap()).unwrap()), "96");
    });
}

#[test]
fn prc_17_limits_rates_and_categories_hold_at_once_on_every_node() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        let other = h.beside(db);
        let approvals = |h: &House| h.asked("ann", json!({"discount_percent": "8"}))["approvals"].as_array().map_or(0, Vec::len);
        assert_eq!((approvals(&h), approvals(&other)), (0, 0));
        let limit = other.w.make("dir", "price-limits", json!({"name": "Продавці", "role": "salesperson", "discount_max": "5"}));
        assert_eq!((approvals(&h), approvals(&other)), (1, 1), "a limit for his role");
        h.w.update("dir", "price-limits", limit, 0, json!({"discount_max": "9"})).unwrap();
        assert_eq!((approvals(&other), approvals(&h)), (0, 0));
        other.w.update("dir", "price-limits", limit, 0, json!({"discount_max": "1", "role": "sales_manager"})).unwrap();
        assert_eq!((approvals(&h), approvals(&other)), (0, 0));
        h.w.update("admin", "users", h.w.user("ann"), 0, json!({"roles": ["salesperson", "sales_manager"]})).unwrap();
        assert_eq!((approvals(&other), approvals(&h)), (1, 1), "another role of his");

        // A price in euro: by the default rates, by the company's, by those of the category.
        let rates = |name: &str, rate: &str| {
            let id = h.w.make("dir", "rate-types", json!({"name": name, "base_currency": "UAH", "direction": "direct"}));
            h.w.make("acc", "rates", json!({"currency": "EUR", "date": "2026-11-01", "rate": rate, "rate_type_id": id}));
            id
        };
        let first = rates("НБУ", "40");
        let euro = h.w.make("dir", "price-types", json!({"name": "Євро", "currency": "EUR", "method": "manual"}));
        h.price(euro, h.tea, "2", "2026-01-01");
        h.w.update("admin", "companies", h.company, 0, json!({"price_type_id": euro})).unwrap();
        assert_eq!((other.net(), h.net()), ("80".into(), "80".into()));
        let second = rates("Готівка", "50");
        assert_eq!((other.net(), h.net()), ("80".into(), "80".into()));
        other.w.update("admin", "rate-types", second, 0, json!({"is_default": true})).unwrap();
        assert_eq!((h.net(), other.net()), ("100".into(), "100".into()), "the default rates");
        h.w.update("admin", "companies", h.company, 0, json!({"rate_type_id": first})).unwrap();
        assert_eq!((other.net(), h.net()), ("80".into(), "80".into()), "the company's rates");
        other.w.update("dir", "product-categories", h.drinks, 0, json!({"rate_type_id": second})).unwrap();
        assert_eq!((h.net(), other.net()), ("100".into(), "100".into()), "rates of the category above the product's");
        h.w.make("acc", "rates", json!({"currency": "EUR", "date": "2026-11-20", "rate": "60", "rate_type_id": second}));
        assert_eq!((other.net(), h.net()), ("120".into(), "120".into()), "a newer rate");

        // Names in the answer.
        h.w.make("dir", "price-conditions", json!({"kind": "special", "partner_id": h.client, "category_id": h.drinks, "percent": "5"}));
        other.w.update("dir", "product-categories", h.drinks, 0, json!({"name": "Смаколики"})).unwrap();
        for node in [&h, &other] {
            let steps = node.asked("dir", json!({}))["steps"].to_string();
            assert!(steps.contains("Смаколики") && !steps.contains("Напої"), "{steps}");
        }
        // The tree itself: the product's category leaves the one above.
        let teas = h.w.see("products", h.tea)["category"]["id"].clone();
        let teas = Id::parse_str(teas.as_str().unwrap()).unwrap();
        h.w.update("dir", "product-categories", teas, 0, json!({"parent_id": null})).unwrap();
        assert_eq!((other.net(), h.net()), ("80".into(), "80".into()), "neither its rates nor its discount");
    });
}

#[test]
fn plt_12_what_was_rolled_back_is_kept_by_nobody() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        assert_eq!(h.net(), "100");
        let opt = json!({"name": "Гурт", "method": "markup", "base_price_type_id": h.retail, "markup_percent": "-10", "currency": "UAH"});
        let opt = h.w.make("dir", "price-types", opt);
        h.w.update("admin", "companies", h.company, 0, json!({"price_type_id": opt})).unwrap();
        assert_eq!(h.net(), "90");
        let (app, company, client, tea) = (h.w.app.clone(), h.company, h.client, h.tea);
        for markup in ["-20", "-30"] {
            let app_in = app.clone();
            let refused = app.store.write(Priority::People, move |conn| {
                let ctx = Ctx::system();
                let mut cx = Cx::new(conn, &app_in, &ctx, "test");
                let before = cx.load("price-types", opt)?;
                let mut after = before.clone();
                after.set("markup_percent", kontor_kernel::Percent::parse(markup).unwrap().scaled());
                cx.save(&before, &mut after)?;
                // The command sees what it has written, and nobody else does.
                let t = terms(&mut cx, company, client, None, None, date(DAY))?;
                let own = price_lines(&mut cx, &t, client, company, date(DAY), &[ask(tea)])?[0].price;
                Err::<(), Error>(Error::refused(if own.to_string() == "90" { "unseen" } else { "seen" }))
            });
            assert_eq!(refused.unwrap_err().inner().code, "seen", "{markup}");
            assert_eq!(h.net(), "90");
        }
        h.w.update("dir", "price-types", opt, 0, json!({"markup_percent": "-40"})).unwrap();
        assert_eq!((h.net(), h.beside(db).net()), ("60".into(), "60".into()));
    });
}
