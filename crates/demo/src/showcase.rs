//! What a visitor should find on the desks: drafts that cannot be confirmed as they are, for want of credit or of goods,
//! and others that only wait for somebody's hand.

use crate::office::SELLERS;
use crate::run::{When, create, plus};
use crate::story::Story;
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_platform::registers::BALANCE;
use kontor_platform::value::{Id, Value};
use serde_json::{Value as Json, json};

/// Free stock by warehouse and product, in whole units.
type Free = HashMap<(Id, Id), i64>;

pub fn fill(story: &mut Story) -> Result<()> {
    let (debts, free) = (debts(story)?, free(story)?);
    let mut commands = vec![];
    for (n, seller) in SELLERS.into_iter().enumerate() {
        let mut own: Vec<usize> = (0..story.clients.clients.len()).filter(|i| story.clients.clients[*i].manager == seller).collect();
        own.sort_by_key(|i| (story.clients.clients[*i].size, *i));
        let today = story.run.today();
        let draft = |story: &Story, client: usize, minute: i64, lines: Vec<Json>, comment: &str| {
            let c = &story.clients.clients[client];
            let mut j = json!({
                "company_id": story.office.company, "partner_id": c.id, "warehouse_id": story.office.warehouses[c.warehouse], "date": today, "country": "UA",
                "manager_id": story.run.users.get(seller), "ship_on": plus(today, 3), "lines": lines, "comment": comment,
            });
            if let Some(a) = c.agreement {
                j["agreement_id"] = json!(a);
            }
            create(When::new(seller, today, minute), "sales-orders", j)
        };
        if let Some(client) = own.iter().copied().find(|i| story.clients.clients[*i].limit > 0) {
            let c = &story.clients.clients[client];
            let room = (c.limit - debts.get(&c.id).copied().unwrap_or(0)).max(0);
            let lines = worth(story, c.warehouse, &free, room * 115 / 100 + 20_000);
            commands.push(draft(story, client, 565, lines, "Просять відвантажити все одразу"));
        }
        if let Some(client) = own.get(1 + n % 2).copied() {
            let lines = short(story, story.clients.clients[client].warehouse, &free, n);
            commands.push(draft(story, client, 610, lines, "Частину можна пізніше"));
        }
        if let Some(client) = own.last().copied() {
            let lines = (0..3)
                .map(|k| json!({"product_id": story.shelf.products[(n * 11 + k * 5) % 60], "quantity": (k + 1).to_string()}))
                .collect();
            commands.push(draft(story, client, 640, lines, ""));
        }
    }
    story.run.day(commands)?;
    Ok(())
}

/// Lines of cable, breakers and lamps that are together worth so many hryvnias, from what there is.
fn worth(story: &Story, warehouse: usize, free: &Free, wanted: i64) -> Vec<Json> {
    let warehouse = story.office.warehouses[warehouse];
    let mut left = wanted * 100;
    let mut out = vec![];
    let mut stocked: Vec<(usize, i64)> =
        (0..story.goods.len()).filter_map(|g| free.get(&(warehouse, story.shelf.products[g])).map(|q| (g, *q))).collect();
    stocked.sort_by_key(|(g, q)| (-(q * story.goods[*g].cost), *g));
    for (g, q) in stocked.into_iter().take(40) {
        let price = story.goods[g].cost * 14 / 10;
        let take = q.min(left / price + 1);
        if left <= 0 || take <= 0 {
            break;
        }
        left -= take * price;
        out.push(json!({"product_id": story.shelf.products[g], "quantity": take.to_string()}));
    }
    out
}

/// A usual order in which one line asks for more than there is.
fn short(story: &Story, warehouse: usize, free: &Free, n: usize) -> Vec<Json> {
    let warehouse = story.office.warehouses[warehouse];
    let wanted = ["VV-3X2,5", "EB63-1C16", "LP-60-36", "VV-3X1,5", "RZ-16W"][n % 5];
    let mut out = vec![];
    for (g, good) in story.goods.iter().enumerate() {
        let product = story.shelf.products[g];
        let there = free.get(&(warehouse, product)).copied().unwrap_or(0);
        if good.sku == wanted {
            out.push(json!({"product_id": product, "quantity": (there + if good.unit == "m" { 260 } else { 24 }).to_string()}));
        } else if (g + n).is_multiple_of(29) && there > 4 {
            out.push(json!({"product_id": product, "quantity": "4"}));
        }
    }
    out
}

/// What partners owe and have ordered, in whole hryvnias.
fn debts(story: &Story) -> Result<HashMap<Id, i64>> {
    story.run.app.store.read(|conn| {
        let rows = conn.query(
            "SELECT partner_id, debt, ordered FROM reg_exposure_totals WHERE month = ? AND company_id = ?",
            &[Value::Date(BALANCE), story.office.company.into()],
        )?;
        rows.iter().map(|r| Ok((r.id(0)?, (r.int(1)? + r.int(2)?) / 10_000))).collect()
    })
}

fn free(story: &Story) -> Result<Free> {
    story.run.app.store.read(|conn| {
        let rows = conn
            .query("SELECT warehouse_id, product_id, on_hand - reserved FROM reg_stock_totals WHERE month = ?", &[Value::Date(BALANCE)])?;
        rows.iter().map(|r| Ok(((r.id(0)?, r.id(1)?), r.int(2)? / 1_000_000))).collect()
    })
}
