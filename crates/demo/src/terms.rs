//! What the price office has agreed on: contracts with deliveries, price conditions of several kinds, a gift. Written
//! on the last day of the story, so that its documents keep the prices they had.

use crate::run::{When, create, plus};
use crate::story::Story;
use chrono::{Datelike, Months, NaiveDate};
use kontor_kernel::error::Result;
use serde_json::{Value as Json, json};

/// Clients with a contract.
const CONTRACTS: usize = 4;

pub fn fill(story: &mut Story) -> Result<()> {
    let today = story.run.today();
    let at = When::new("manager", today, 540);
    let next_month = today.with_day(1).unwrap_or(today).checked_add_months(Months::new(1)).unwrap_or(today);
    let its_end = next_month.checked_add_months(Months::new(1)).and_then(|d| d.pred_opt()).unwrap_or(next_month);
    let mut large: Vec<usize> = (0..story.clients.clients.len()).collect();
    large.sort_by_key(|i| (std::cmp::Reverse(story.clients.clients[*i].size), *i));
    let mut commands = vec![];
    for (n, client) in large.iter().take(CONTRACTS).enumerate() {
        commands.push(create(at, "contracts", contract(story, *client, n, today)));
    }
    let of = |key: &str| json!(story.shelf.categories.get(key));
    let conditions = [
        json!({"name": "Кабель від 1 000 м", "kind": "quantity", "category_id": of("cables"), "from_quantity": "1000", "percent": "3"}),
        json!({"name": "Кабель від 5 000 м", "kind": "quantity", "category_id": of("cables"), "from_quantity": "5000", "percent": "5"}),
        json!({"name": "Світло до свят", "kind": "period", "category_id": of("lighting"), "percent": "7", "valid_from": next_month, "valid_to": its_end}),
        json!({"name": "Замовлення від 1 млн грн", "kind": "amount", "from_amount": "1000000", "currency": "UAH", "percent": "1.5"}),
        json!({"name": "Щити для будівельників", "kind": "special", "partner_id": large.first().map(|i| story.clients.clients[*i].id), "category_id": of("boards"), "percent": "4"}),
    ];
    commands.extend(conditions.into_iter().map(|j| create(at, "price-conditions", j)));
    let product = |sku: &str| story.goods.iter().position(|g| g.sku == sku).map(|g| story.shelf.products[g]);
    commands.push(create(
        at,
        "promotions",
        json!({
            "name": "Панель за двісті автоматів", "kind": "gift", "category_id": of("breakers"), "from_quantity": "200",
            "gift_product_id": product("LP-60-36"), "gift_quantity": "1", "repeat": true, "valid_from": today, "valid_to": its_end,
        }),
    ));
    story.run.all(commands)?;
    Ok(())
}

/// A year of deliveries, quarter by quarter.
fn contract(story: &Story, client: usize, n: usize, today: NaiveDate) -> Json {
    let c = &story.clients.clients[client];
    let from = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
    let to = NaiveDate::from_ymd_opt(today.year() + 1, 12, 31).unwrap_or(today);
    let amount = (n as i64 + 3) * 1_200_000;
    let lines: Vec<Json> =
        (1..=4).map(|quarter| json!({"due_on": plus(today, 90 * quarter), "amount": (amount / 4).to_string()})).collect();
    let terms = c.credit.map_or_else(|| json!({"kind": "prepay"}), |days| json!({"kind": "credit", "days": days}));
    json!({
        "date": from, "name": "Річне постачання", "company_id": story.office.company, "partner_id": c.id, "manager_id": story.run.users.get(c.manager),
        "currency": "UAH", "amount": amount.to_string(), "valid_from": from, "valid_to": to,
        "payment_terms": terms, "delivery_terms": "До об’єкта замовника", "delivery_days": 5, "remind_days": 30, "lines": lines,
    })
}
