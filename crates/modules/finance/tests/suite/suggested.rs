//! "Why not 90?" over offices thrown together: whatever is suggested, saved as the form saves it, comes to the price that was
//! told, and waits for an approval when it was said to.

use crate::world::{World, both, run};
use kontor_kernel::{Amount, Percent, Price, Quantity};
use kontor_platform::app::Asked;
use kontor_platform::execute::Envelope;
use kontor_platform::value::Id;
use kontor_platform::{Ctx, Source};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

const DAY: &str = "2026-11-21";

/// One client, two products and what holds for them.
#[derive(Clone, Debug)]
struct Case {
    prices: [u32; 2],
    quantities: [u32; 2],
    /// Kind, percent, and from where on.
    rules: Vec<(usize, u32, u32)>,
    usd: bool,
    excluded: bool,
    boxes: bool,
    /// Wanted, in percent of the price that it has.
    wanted: u32,
}

const KINDS: usize = 12;

fn cases() -> impl Strategy<Value = Case> {
    let rule = (0..KINDS, 1..40u32, 2..60u32);
    let head = (prop::bool::weighted(0.2), prop::bool::weighted(0.3), prop::bool::weighted(0.2));
    let wanted = prop_oneof![4 => 40..100u32, 1 => 101..130u32];
    (
        prop::array::uniform2(100..50_000u32),
        prop::array::uniform2(1..25u32),
        prop::collection::btree_map(0..KINDS, rule, 1..6),
        head,
        wanted,
    )
        .prop_map(|(prices, quantities, rules, (usd, excluded, boxes), wanted)| Case {
            prices,
            quantities,
            rules: rules.into_iter().map(|(kind, (_, percent, from))| (kind, percent, from)).collect(),
            usd,
            excluded,
            boxes,
            wanted,
        })
}

/// What all cases share: rates that change, a list for wholesale, and two offers that anybody may take.
struct Office<'w> {
    w: &'w World,
    boxes: Id,
    wholesale: Id,
    form: Id,
    round: usize,
}

impl Office<'_> {
    fn new(w: &World) -> Office<'_> {
        let rates = w.made("rate-types", json!({"name": "НБУ", "base_currency": "UAH", "direction": "direct", "is_default": true}));
        for (day, rate) in [("2026-11-20", "40"), ("2026-12-10", "38")] {
            w.made("rates", json!({"date": day, "currency": "USD", "rate_type_id": rates, "rate": rate}));
        }
        let wholesale = w.made("price-types", json!({"name": "Опт", "currency": "UAH", "method": "manual", "vat": "included"}));
        for (name, list, priority) in [("Роздріб", w.price_type, 1), ("Опт", wholesale, 9)] {
            let a = json!({"name": name, "kind": "standard", "company_id": w.company, "price_type_id": list, "currency": "UAH", "priority": priority});
            w.made("agreements", a);
        }
        let boxes = w.app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'box'", &[])?.id(0)).unwrap();
        let form = w.made("payment-forms", json!({"name": "Передплата"}));
        Office { w, boxes, wholesale, form, round: 0 }
    }

    fn product(&self, name: &str, cents: u32) -> Id {
        let w = self.w;
        let units = json!([{"unit_id": self.boxes, "numerator": 12}]);
        let p = w.made("products", json!({"name": name, "unit_id": w.unit, "kind": "goods", "vat_rate": "ua20", "units": units}));
        self.price(w.price_type, p, cents, "2020-01-01");
        p
    }
    fn price(&self, list: Id, product: Id, cents: u32, from: &str) {
        let price = format!("{}.{:02}", cents / 100, cents % 100);
        self.w.made("prices", json!({"price_type_id": list, "product_id": product, "price": price, "valid_from": from}));
    }

    /// The order of a new client for new goods, with all rules of the case in force.
    fn order(&mut self, c: &Case, manager: Option<Id>) -> Json {
        self.round += 1;
        let w = self.w;
        let name = |what: &str| format!("{what} {}", self.round);
        let client = w.made("partners", json!({"name": name("Клієнт"), "country": "UA", "manager_id": manager}));
        let [p, other] = [0, 1].map(|n| self.product(&name(["Олія", "Мило"][n]), c.prices[n]));
        let mut card = Json::Null;
        for &(kind, percent, from) in &c.rules {
            let part = |of: u32, percent: u32| of - of * percent / 100;
            let rule = |more: Json| {
                let mut all = json!({"product_id": p, "percent": percent.to_string()});
                all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
                all.as_object_mut().unwrap().retain(|_, v| !v.is_null());
                w.made("price-conditions", all)
            };
            match kind {
                0 => drop(rule(json!({"kind": "quantity", "from_quantity": from.to_string()}))),
                1 => drop(rule(json!({"kind": "amount", "from_amount": (from * 300).to_string(), "partner_id": client}))),
                2 => {
                    let off = json!({"kind": "amount", "from_amount": (from * 250).to_string(), "partner_id": client, "product_id": null, "percent": null, "amount_off": from.to_string(), "currency": "UAH"});
                    // Two discounts on the order's amount for one client: the more specific one goes first.
                    rule(off);
                }
                3 => {
                    let program = w.made("loyalty-programs", json!({"name": name("Програма")}));
                    card = json!(w.made("loyalty-cards", json!({"number": name("К"), "program_id": program, "partner_id": client})));
                    rule(json!({"kind": "card", "loyalty_program_id": program}));
                }
                4 => drop(rule(json!({"kind": "payment_form", "payment_form_id": self.form}))),
                5 => self.price(self.wholesale, p, part(c.prices[0], percent), "2020-01-01"),
                6 => {
                    let price = f64::from(part(c.prices[0], percent)) / 100.0;
                    let list =
                        json!({"name": name("Договір"), "currency": "UAH", "lines": [{"product_id": p, "price": format!("{price:.2}")}]});
                    let list = w.made("price-lists", list);
                    let of = json!({"date": "2026-01-01", "company_id": w.company, "partner_id": client, "currency": "UAH", "price_list_id": list});
                    w.made("contracts", of);
                }
                7 => drop(rule(json!({"kind": "period", "valid_from": "2026-12-24", "valid_to": "2026-12-31"}))),
                8 => drop(rule(json!({"kind": "special", "partner_id": client, "limit_quantity": from.to_string()}))),
                9 => self.price(w.price_type, p, part(c.prices[0], percent), "2026-12-01"),
                10 => {
                    let lines = json!([{"product_id": p, "quantity": (1 + from % 5).to_string()}, {"product_id": other, "quantity": "2"}]);
                    w.made("promotions", json!({"name": name("Пара"), "kind": "bundle", "percent": percent.to_string(), "partner_id": client, "lines": lines}));
                }
                _ => {
                    let gift = json!({"name": name("Дарунок"), "kind": "gift", "product_id": p, "from_quantity": (2 + from % 8).to_string(), "gift_product_id": p, "gift_quantity": "1", "repeat": true, "partner_id": client});
                    w.made("promotions", gift);
                }
            }
        }
        let mut first = json!({"product_id": p, "quantity": c.quantities[0].to_string()});
        if c.boxes {
            first["unit_id"] = json!(self.boxes);
        }
        let lines = json!([first, {"product_id": other, "quantity": c.quantities[1].to_string()}]);
        let mut o = json!({"company_id": w.company, "partner_id": client, "warehouse_id": w.warehouse, "date": DAY, "loyalty_card_id": null, "contract_id": null, "lines": lines});
        o["currency"] = json!(if c.usd { "USD" } else { "UAH" });
        o["vat"] = json!(if c.excluded { "excluded" } else { "included" });
        // A client who has nothing but his card and shows it.
        if c.quantities[0].is_multiple_of(3) {
            o["loyalty_card_id"] = card;
        }
        o
    }

    fn preview(&self, ctx: &Ctx, order: &Json) -> Json {
        self.w.app.preview(ctx, "sales-orders", None, order).unwrap()
    }

    fn suggested(&self, ctx: &Ctx, order: &Json, wanted: Price) -> Vec<Json> {
        let q = self.w.app.registry.questions.iter().find(|q| q.path == "sales-orders/explain" && q.post).unwrap();
        let query = [("line", "0".to_string()), ("wanted_price", wanted.to_string())].map(|(k, v)| (k.to_string(), v)).into();
        let told = (q.run)(&self.w.app, ctx, &Asked { query, body: order.clone(), ..Default::default() }).unwrap();
        let found = told["why_not"]["suggestions"].as_array().unwrap().clone();
        assert_eq!(found.is_empty(), told["why_not"]["text"] != "", "that there is none is said: {told}");
        found
    }

    /// The order with a suggestion taken; `None` where one cannot do so by the form alone.
    fn taken(&mut self, ctx: &Ctx, order: &Json, s: &Json) -> Option<Json> {
        let mut o = order.clone();
        let value = s["value"].clone();
        match s["kind"].as_str().unwrap() {
            "card" => o["loyalty_card_id"] = s["id"].clone(),
            "payment_form" => o["payment_form_id"] = s["id"].clone(),
            "agreement" => o["agreement_id"] = s["id"].clone(),
            "contract" => o["contract_id"] = s["id"].clone(),
            "date" => o["date"] = value,
            "quantity" => o["lines"][0]["quantity"] = value,
            "by_hand" => o["lines"][0]["price"] = value,
            "order_amount" => {
                // Other goods, before all discounts, make up what is missing; in hryvnias they have a price to the cent.
                if order["currency"] != "UAH" {
                    return None;
                }
                let lines = self.preview(ctx, order)["lines"].clone();
                let amount = |l: &Json| number::<Price>(&l["price"]).times(number(&l["quantity"]), 2).unwrap();
                let now = Amount::sum(lines.as_array().unwrap().iter().map(amount)).unwrap();
                let missing = number::<Amount>(&value).checked_sub(now).unwrap();
                assert!(missing.is_positive(), "{s}: {now} there already");
                let more = json!({"name": format!("Ще {}", Id::now_v7()), "unit_id": self.w.unit, "kind": "service", "vat_rate": "exempt"});
                let goods = self.w.made("products", more);
                let price = json!({"price_type_id": self.w.price_type, "product_id": goods, "price": missing.to_string(), "valid_from": "2020-01-01"});
                self.w.made("prices", price);
                o["lines"].as_array_mut().unwrap().push(json!({"product_id": goods, "quantity": "1"}));
            }
            other => panic!("{other} is no change"),
        }
        Some(o)
    }
}

trait Parsed: Sized {
    fn of(text: &str) -> Self;
}
macro_rules! parsed {
    ($($t:ty),*) => { $(impl Parsed for $t { fn of(text: &str) -> Self { <$t>::parse(text).unwrap() } })* };
}
parsed!(Amount, Percent, Price, Quantity);

fn number<T: Parsed>(j: &Json) -> T {
    T::of(j.as_str().unwrap_or_else(|| panic!("{j} is no number")))
}

/// Price of one unit of a line after all discounts, as its amount says.
fn unit(line: &Json) -> Price {
    number::<Amount>(&line["amount"]).per_unit(number(&line["quantity"])).unwrap()
}

/// Whether so much for each unit is what the line costs: the amount is rounded once.
fn costs(line: &Json, each: Price) -> bool {
    unit(line) == each || each.times(number(&line["quantity"]), 2).unwrap() == number::<Amount>(&line["amount"])
}

#[test]
fn prc_13_every_suggestion_of_any_office_is_kept_by_the_saved_order() {
    both(|w| {
        let office = std::cell::RefCell::new(Office::new(w));
        let kinds = std::cell::RefCell::new(BTreeMap::<String, usize>::new());
        let ctx = Ctx::system();
        let config = Config { cases: 40, max_shrink_iters: 40, failure_persistence: None, ..Config::default() };
        let played = TestRunner::new(config).run(&cases(), |c| {
            let mut office = office.borrow_mut();
            let order = office.order(&c, None);
            let line = office.preview(&ctx, &order)["lines"][0].clone();
            let now = unit(&line);
            let wanted = Price::from_scaled(now.scaled() / 1_000_000 * 10_000 * i64::from(c.wanted));
            prop_assume!(wanted.is_positive() && wanted != now);
            for s in office.suggested(&ctx, &order, wanted) {
                let Some(body) = office.taken(&ctx, &order, &s) else { continue };
                let saved = run(&w.app, "sales-orders.create", None, body).unwrap_or_else(|e| panic!("{s}: {e:?}")).data;
                let told: Price = number(&s["price"]);
                prop_assert!(costs(&saved["lines"][0], told), "{} was kept as {}", s, saved["lines"][0]);
                prop_assert!(if wanted < now { told <= wanted } else { told >= wanted }, "{} does not lead from {} to {}", s, now, wanted);
                prop_assert_eq!(&s["exact"], &json!(told == wanted));
                *kinds.borrow_mut().entry(s["kind"].as_str().unwrap().into()).or_default() += 1;
            }
            Ok(())
        });
        played.unwrap_or_else(|e| panic!("{e}"));
        println!("{:?}", kinds.borrow());
        assert!(kinds.borrow().len() >= 4, "{:?}", kinds.borrow());
    });
}

#[test]
fn prc_13_what_a_suggestion_says_of_approval_is_what_confirming_does() {
    both(|w| {
        let input = json!({"login": "ann", "name": "ann", "password": "correct horse battery", "roles": ["salesperson"]});
        run(&w.app, "users.create", None, input).unwrap();
        let ann = w.app.ctx_of("ann", Source::Api).unwrap();
        run(&w.app, "companies.update", Some(w.company), json!({"version": 1, "terms_control": "approve"})).unwrap();
        w.made(
            "price-limits",
            json!({"name": "Продавці", "role": "salesperson", "discount_max": "15", "price_down_max": "10", "price_up_max": "10"}),
        );
        let mut office = Office::new(w);
        let p = w.made("products", json!({"name": "Порада", "unit_id": w.unit, "kind": "service", "vat_rate": "ua20"}));
        office.price(w.price_type, p, 10_000, "2020-01-01");
        for (from, percent) in [("10", "8"), ("20", "15"), ("30", "16")] {
            w.made("price-conditions", json!({"kind": "quantity", "product_id": p, "from_quantity": from, "percent": percent}));
        }
        w.made("price-conditions", json!({"kind": "payment_form", "payment_form_id": office.form, "product_id": p, "percent": "20"}));
        let client = w.made("partners", json!({"name": "Клієнт Анни", "country": "UA", "manager_id": ann.user_id}));
        let order = json!({"company_id": w.company, "partner_id": client, "date": DAY, "currency": "UAH", "vat": "included", "lines": [{"product_id": p, "quantity": "1"}]});
        let mut seen = BTreeMap::<(String, bool), usize>::new();
        for wanted in ["95", "92", "90", "89.99", "85", "84", "80", "105", "110", "110.01"] {
            for s in office.suggested(&ann, &order, Price::of(wanted)) {
                let body = office.taken(&ann, &order, &s).unwrap();
                let create = Envelope { command: "sales-orders.create".into(), input: body, ..Default::default() };
                let id = w.app.execute(&ann, create).unwrap().id;
                let confirm = Envelope { command: "sales-orders.confirm".into(), id, ..Default::default() };
                let done = w.app.execute(&ann, confirm).unwrap().data;
                let state = if s["needs_approval"] == true { "approval" } else { "confirmed" };
                assert_eq!(done["state"], json!(state), "{wanted}: {s} ended as {}", done["deviations"]);
                *seen.entry((s["kind"].as_str().unwrap().into(), s["needs_approval"] == true)).or_default() += 1;
            }
        }
        for kind in [("by_hand", true), ("by_hand", false), ("quantity", true), ("quantity", false), ("payment_form", true)] {
            assert!(seen.contains_key(&(kind.0.to_string(), kind.1)), "{kind:?} of {seen:?}");
        }
    });
}
