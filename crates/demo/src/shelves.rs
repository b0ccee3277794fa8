//! What stands around the trade: kinds of dealers, makers of the goods, segments, lists of suppliers and of a competitor,
//! limits, prices that are being edited, and the points that the field agent drives round.

use crate::clients::Clients;
use crate::goods::{Goods, retail};
use crate::office::{decimal, names};
use crate::random::Random;
use crate::run::{Command, Run, When, create, plus};
use crate::story::Story;
use crate::words::{Firm, Good};
use chrono::NaiveDate;
use kontor_kernel::error::Result;
use kontor_platform::Envelope;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

/// Kind of dealer by the line of business of a client and its size; most buyers are no dealers at all.
pub fn dealer_type(f: &Firm) -> Option<&'static str> {
    match (f.line, f.size) {
        ("dealer", 1) => Some("Дилер А"),
        ("dealer", _) => Some("Дилер Б"),
        ("install" | "boards", _) => Some("Монтажник"),
        ("retail", 1..=3) => Some("Роздрібна мережа"),
        _ => None,
    }
}

/// Before the partners, who refer to them.
pub fn dealer_types(run: &mut Run, goods: &Goods) -> Result<()> {
    let at = When::new("director", plus(run.start(), -22), 620);
    let one = |names: Json, price_type: Option<Id>| {
        let mut j = json!({"name": names["uk"], "names": names});
        if let Some(id) = price_type {
            j["price_type_id"] = json!(id);
        }
        create(at, "dealer-types", j)
    };
    run.all(vec![
        one(names("Дилер А", "Дилер А", "Dealer A"), Some(goods.dealer)),
        one(names("Дилер Б", "Дилер Б", "Dealer B"), Some(goods.dealer)),
        one(names("Монтажник", "Монтажник", "Fitter"), Some(goods.fitter)),
        one(names("Роздрібна мережа", "Розничная сеть", "Retail chain"), None),
    ])?;
    Ok(())
}

/// Who makes the goods, known once the suppliers are, and how well they sell.
pub fn makers(run: &mut Run, goods: &[Good], of: &Goods, clients: &Clients) -> Result<()> {
    let at = When::new("manager", plus(run.start(), -6), 610);
    let commands = goods
        .iter()
        .zip(&of.products)
        .map(|(g, id)| {
            let mut j = json!({"sales_rating": g.weight.min(1_000)});
            if let Some(maker) = clients.suppliers.get(g.supplier).filter(|_| !g.service) {
                j["manufacturer_id"] = json!(maker);
            }
            (at, Envelope::new("products.update", j).on(*id).seen(1))
        })
        .collect();
    run.all(commands)?;
    Ok(())
}

/// On the last day of the story, so that no document meets them.
pub fn fill(story: &mut Story) -> Result<()> {
    let mut commands = segments(story);
    commands.extend(lists(story));
    commands.extend(offers(story));
    commands.extend(edited(story));
    story.run.all(commands)?;
    points(story)
}

fn segments(story: &Story) -> Vec<Command> {
    let at = When::new("manager", story.run.today(), 545);
    let one = |name: &str, members: &str, filter: Json| create(at, "segments", json!({"name": name, "members": members, "filter": filter}));
    vec![
        one("Ключові клієнти", "partners", json!({"tags": "ключовий"})),
        one("Тендерні", "partners", json!({"tags": "тендери"})),
        one("Ходові товари", "products", json!({"sales_rating.ge": "60"})),
    ]
}

/// A list for abroad, seasons of the trade, terms of supply, how far a field agent may go.
fn lists(story: &Story) -> Vec<Command> {
    let today = story.run.today();
    let at = When::new("director", today, 550);
    let month = |percents: [i64; 12]| -> Vec<Json> {
        percents.iter().enumerate().map(|(m, p)| json!({"month": m + 1, "percent": p.to_string()})).collect()
    };
    let mut commands = vec![
        create(
            at,
            "price-limits",
            json!({"name": "Торгові представники: знижка до 3 %", "role": "field_agent", "discount_max": "3", "below_cost": false}),
        ),
        create(
            at,
            "seasons",
            json!({"name": "Опалювальний сезон", "names": names("Опалювальний сезон", "Отопительный сезон", "Heating season"), "from_month": 10, "to_month": 4}),
        ),
        create(
            at,
            "seasonal-groups",
            json!({"name": "Освітлення", "names": names("Освітлення", "Освещение", "Lighting"), "months": month([110, 100, 95, 85, 80, 75, 75, 85, 100, 115, 130, 150])}),
        ),
        create(
            at,
            "price-groups",
            json!({"name": "Кабель за метр", "names": names("Кабель за метр", "Кабель за метр", "Cable by the metre")}),
        ),
        create(
            at,
            "price-groups",
            json!({"name": "Проєктні позиції", "names": names("Проєктні позиції", "Проектные позиции", "Project items")}),
        ),
    ];
    if let Some(cable) = story.clients.suppliers.get("kabelny") {
        commands.push(create(
            at,
            "supply-terms",
            json!({"name": "Кабель: доставка й тара", "partner_id": cable, "coefficient": "1.035", "priority": 1}),
        ));
    }
    commands
}

/// A supplier's list as it was matched, and a competitor's: most found by article, some to be decided by a person.
fn offers(story: &Story) -> Vec<Command> {
    let mut random = Random::new(story.run.options.seed, "offers");
    let today = story.run.today();
    let at = When::new("manager", today, 555);
    let mut suppliers: Vec<(&str, Id)> = story.clients.suppliers.iter().map(|(k, id)| (*k, *id)).collect();
    suppliers.sort_unstable();
    let mut out = vec![];
    for (key, partner) in suppliers.into_iter().take(2) {
        let own = story.goods.iter().enumerate().filter(|(_, g)| g.supplier == key && !g.service);
        for (n, (g, good)) in own.enumerate().take(24) {
            let price = good.cost * random.between(985, 1_040) / 1_000;
            out.push(offer(story, at, partner, (n, g), price, today));
        }
    }
    if let Some(rival) = story.clients.competitors.first() {
        for (n, g) in (0..story.goods.len()).filter(|g| g % 6 == 0 && !story.goods[*g].service).enumerate() {
            let good = &story.goods[g];
            // Without VAT, near our retail price.
            let price = retail(good.cost, good.markup) * 10 / 12 * random.between(930, 1_060) / 1_000;
            out.push(offer(story, at, *rival, (n, g), price, today));
        }
    }
    out
}

fn offer(story: &Story, at: When, partner: Id, (n, g): (usize, usize), price: i64, today: NaiveDate) -> Command {
    let good = &story.goods[g];
    let mut j = json!({
        "partner_id": partner, "supplier_code": format!("{}-{}", good.sku, n + 1), "supplier_name": good.names[0], "price": decimal(price, 2),
        "currency": "UAH", "vat": "excluded", "unit": if good.unit == "m" { "м" } else { "шт" }, "valid_from": today, "stock": if n % 3 == 0 { "під замовлення" } else { "є" },
    });
    let (matched, score) = match n % 8 {
        5 => ("maybe", Some("72")),
        7 => ("none", None),
        _ => ("same", Some("100")),
    };
    j["matched"] = json!(matched);
    if let Some(score) = score {
        j["match_score"] = json!(score);
        j["product_id"] = json!(story.shelf.products[g]);
    }
    create(at, "supplier-prices", j)
}

/// Retail prices that somebody is about to bring into force.
fn edited(story: &Story) -> Vec<Command> {
    let at = When::new("manager", story.run.today(), 560);
    let lamps = story.goods.iter().enumerate().filter(|(_, g)| g.category == "lamps");
    lamps
        .take(10)
        .map(|(g, good)| {
            let price = retail(good.cost * 1_045 / 1_000, good.markup);
            let j = json!({"price_type_id": story.shelf.retail, "product_id": story.shelf.products[g], "price": decimal(price, 2), "note": "Подорожчання світла"});
            create(at, "edited-prices", j)
        })
        .collect()
}

/// Points of the field agent: shops that buy little and must be seen, each with a visit of these days.
const POINTS: [(&str, &str); 6] = [
    ("Електрика на Подолі", "Київ, вул. Верхній Вал, 28"),
    ("Магазин «Лампочка»", "Київ, просп. Оболонський, 16"),
    ("Будмаркет «Цеглина»", "Київ, вул. Автозаводська, 41"),
    ("Світло для дому", "Київ, вул. Мостицька, 9"),
    ("Кабель і К°", "Київ, вул. Копилівська, 3"),
    ("Домашній майстер", "Київ, вул. Вишгородська, 52"),
];

fn points(story: &mut Story) -> Result<()> {
    let today = story.run.today();
    let made = When::new("agent", plus(today, -20), 600);
    let points = story.run.all(
        POINTS
            .iter()
            .map(|(name, address)| {
                create(
                    made,
                    "partners",
                    json!({"name": name, "roles": ["client"], "country": "UA", "region": "Київ", "line_of_business": "Роздріб", "address": address, "manager_id": story.run.users.get("agent"), "tags": ["точка"]}),
                )
            })
            .collect(),
    )?;
    let agent = story.run.users.get("agent").copied();
    let at = When::new("agent", plus(today, -1), 1_020);
    const DOES: [&str; 3] = ["Візит: полиця й цінники", "Візит: замовлення на тиждень", "Візит: забрати підписані документи"];
    let mut commands = vec![];
    for (n, point) in points.iter().enumerate() {
        let (day, hour) = (plus(today, (n / 4) as i64), 8 + 2 * (n % 4) as i64);
        let due = format!("{day}T{hour:02}:30:00Z");
        commands.push(create(
            at,
            "tasks",
            json!({"subject": DOES[n % 3], "kind": "meeting", "doer_id": agent, "partner_id": point, "due_at": due}),
        ));
    }
    story.run.all(commands)?;
    Ok(())
}
