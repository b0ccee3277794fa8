//! What each role sees and may do along the chain.

use crate::world::{World, both};
use kontor_kernel::error::{Kind, Result};
use kontor_platform::{Ctx, Envelope, Outcome, Source};
use serde_json::{Value as Json, json};

fn user(w: &World, login: &str, role: &str) -> Ctx {
    w.made("users", json!({"login": login, "name": login, "roles": [role]}));
    w.app.ctx_of(login, Source::Api).unwrap()
}

fn act(w: &World, ctx: &Ctx, command: &str, id: Option<kontor_platform::value::Id>, input: Json) -> Result<Outcome> {
    w.app.execute(ctx, Envelope { command: command.into(), id, input, ..Default::default() })
}

#[test]
fn sal_04_a_storekeeper_ships_and_sees_no_prices() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "10", "6");
        let order = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 3}])).id.unwrap();
        let keeper = user(w, "keeper", "storekeeper");
        let seen = w.app.get(&keeper, "sales-orders", order).unwrap();
        for field in ["total", "vat_total", "margin", "paid_total", "frozen"] {
            assert!(seen.get(field).is_none(), "{field} is hidden");
        }
        for field in ["price", "amount", "cost", "discount_percent", "rule_price"] {
            assert!(seen["lines"][0].get(field).is_none(), "{field} of a line is hidden");
        }
        assert_eq!(seen["lines"][0]["reserved_quantity"], "3");
        let s = act(w, &keeper, "shipments.create", None, json!({"sales_order_id": order, "date": "2026-02-02"})).unwrap();
        assert!(s.data.get("total").is_none());
        act(w, &keeper, "shipments.post", s.id, json!({})).unwrap();
        assert_eq!(w.stock(w.bolt).0, "7");
        assert_eq!(act(w, &keeper, "sales-orders.cancel", Some(order), json!({})).unwrap_err().kind(), Kind::Forbidden);
        let pay = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-02-03", "amount": "5", "currency": "UAH"});
        assert_eq!(act(w, &keeper, "payments.create", None, pay).unwrap_err().kind(), Kind::Forbidden);
        assert!(
            w.app.store.read(|c| kontor_sales::chain(c, &w.app, &keeper, "sales-orders", order)).unwrap().iter().all(|n| n.total.is_none())
        );
    });
}

#[test]
fn sal_02_a_salesperson_works_on_his_own_orders_only() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "10", "6");
        let (anna, borys) = (user(w, "anna", "salesperson"), user(w, "borys", "salesperson"));
        w.run("partners.update", w.client, json!({"manager_id": anna.user_id, "version": 1})).unwrap();
        let o = act(
            w,
            &anna,
            "sales-orders.create",
            None,
            json!({"company_id": w.company, "partner_id": w.client, "lines": [{"product_id": w.bolt, "quantity": 1}]}),
        )
        .unwrap();
        assert_eq!(o.data["manager"]["title"], "anna");
        assert_eq!(act(w, &borys, "sales-orders.confirm", o.id, json!({})).unwrap_err().kind(), Kind::NotFound);
        act(w, &anna, "sales-orders.confirm", o.id, json!({})).unwrap();
        let accountant = user(w, "olha", "accountant");
        let director = user(w, "dir", "director");
        assert_eq!(act(w, &accountant, "sales-orders.cancel", o.id, json!({})).unwrap_err().kind(), Kind::Forbidden);
        let s = act(w, &anna, "shipments.create", None, json!({"sales_order_id": o.id, "post": true})).unwrap();
        assert_eq!(act(w, &anna, "shipments.reverse", s.id, json!({})).unwrap_err().kind(), Kind::Forbidden);
        let pay =
            json!({"company_id": w.company, "partner_id": w.client, "date": "2026-11-03", "amount": "5", "currency": "UAH", "post": true});
        act(w, &accountant, "payments.create", None, pay).unwrap();
        act(w, &director, "shipments.reverse", s.id, json!({})).unwrap();
        act(w, &director, "sales-orders.cancel", o.id, json!({"reason": "тест"})).unwrap();
        let rows = |ctx: &Ctx| w.app.store.read(|c| kontor_settlements::settlements_of(c, &w.app, ctx, None)).map(|r| r.len());
        assert_eq!((rows(&anna).unwrap(), rows(&borys).unwrap(), rows(&accountant).unwrap()), (1, 0, 1));
        w.agrees();
    });
}
