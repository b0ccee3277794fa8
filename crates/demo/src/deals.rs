//! Deals: those that became orders, those that were lost, those still open; each with its stages and talks.

use crate::facts::Facts;
use crate::office::decimal;
use crate::plan::Order;
use crate::random::Random;
use crate::run::{Command, Run, When, create, plus, verb, workdays};
use crate::story::{Event, Story};
use crate::work::{Note, Work};
use chrono::NaiveDate;
use kontor_kernel::Amount;
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

#[derive(Clone, Debug)]
pub enum Step {
    Begin(usize),
    Move(usize, usize),
    /// A quote of a deal that is no order (yet).
    Offer(usize),
    /// Order and deal.
    Win(usize, Id),
    Lose(usize),
}

#[derive(Clone, Debug)]
struct Plan {
    client: usize,
    name: String,
    /// In hundredths.
    amount: i64,
    opened: NaiveDate,
    closes: NaiveDate,
    /// The order it ends in.
    order: Option<usize>,
    /// Stage on which it stands or was lost.
    stage: usize,
    lost: Option<NaiveDate>,
    lines: Vec<(usize, i64)>,
}

#[derive(Default)]
pub struct Deals {
    pub of_order: HashMap<usize, Id>,
    plans: Vec<Plan>,
    ids: HashMap<usize, Id>,
    stages: Vec<Id>,
    reasons: Vec<(String, Id)>,
}

const THEMES: [&str; 12] = [
    "Щитові",
    "Освітлення",
    "Кабельна продукція",
    "Електрика під ключ",
    "Резервне живлення",
    "Розетки та вимикачі",
    "Модернізація щитової",
    "Аварійне освітлення",
    "Сонячна станція",
    "Вуличне освітлення",
    "Автоматика вентиляції",
    "Річне постачання",
];
const PLACES: [&str; 18] = [
    "ЖК «Русанівка»",
    "офіс 1 800 м²",
    "школа № 214",
    "склад у Броварах",
    "СТО на Окружній",
    "клініка «Здоров’я»",
    "готель на узбережжі",
    "ресторан на Подолі",
    "котеджне містечко",
    "елеватор",
    "теплиці, друга черга",
    "цех деревообробки",
    "дитячий садок",
    "логістичний центр",
    "бізнес-центр «Дельта»",
    "спорткомплекс",
    "супермаркет",
    "приватний будинок",
];

pub fn plan(run: &Run, orders: &[Order], clients: usize, sizes: &[usize], goods: &[crate::words::Good]) -> Result<Deals> {
    let mut random = Random::new(run.options.seed, "deals");
    let (stages, reasons) = run.app.store.read(|conn| {
        let stages = conn
            .query("SELECT id FROM stages ORDER BY kind_id, position, id", &[])?
            .iter()
            .map(|r| r.id(0))
            .collect::<Result<Vec<Id>>>()?;
        let reasons = conn.query("SELECT name, id FROM loss_reasons ORDER BY id", &[])?;
        Ok((stages, reasons.iter().map(|r| Ok((r.text(0)?.to_string(), r.id(1)?))).collect::<Result<Vec<_>>>()?))
    })?;
    let mut out = Deals { stages, reasons, ..Default::default() };
    let name = |random: &mut Random| format!("{}: {}", random.pick(&THEMES), random.pick(&PLACES));
    for (n, o) in orders.iter().enumerate() {
        let Some(days) = o.deal_days else { continue };
        let opened = workdays(plus(o.day, -days), 0).max(run.start());
        if opened >= o.day {
            continue;
        }
        out.plans.push(Plan {
            client: o.client,
            name: name(&mut random),
            amount: o.value(goods),
            opened,
            closes: plus(o.day, random.between(-4, 12)),
            order: Some(n),
            stage: 4,
            lost: None,
            lines: o.lines.clone(),
        });
    }
    let won = out.plans.len();
    let span = (run.today() - run.start()).num_days().max(2);
    for n in 0..(won * 8 / 10 + run.options.size.open_deals()) {
        let lost = n < won * 8 / 10;
        // Larger clients are talked to more.
        let weights: Vec<u64> = sizes.iter().map(|s| 6 - (*s as u64).min(5)).collect();
        let client = random.weighted(&weights).min(clients - 1);
        let length = random.between(8, 64);
        let opened = if lost { plus(run.start(), random.between(0, span - 2)) } else { plus(run.today(), -random.between(1, 55)) };
        let opened = workdays(opened, 0).max(run.start()).min(run.today());
        let ended = lost.then(|| workdays(plus(opened, length), 0)).filter(|d| *d <= run.today());
        let lines: Vec<(usize, i64)> = (0..random.between(2, 7))
            .map(|_| random.below(goods.len() - 3))
            .map(|g| (g, (1_200_000 / goods[g].cost).clamp(1, 400)))
            .collect();
        let amount: i64 = lines.iter().map(|(g, q)| goods[*g].cost * q * 13 / 10).sum::<i64>() * random.between(60, 400) / 100;
        let stage = random.weighted(if lost { &[18, 26, 28, 20, 8] } else { &[16, 26, 24, 22, 12] });
        let closes = if lost { plus(opened, length) } else { plus(run.today(), random.between(-9, 40)).max(opened) };
        out.plans.push(Plan { client, name: name(&mut random), amount, opened, closes, order: None, stage, lost: ended, lines });
    }
    Ok(out)
}

/// Puts all of it on the agenda.
pub fn agenda(story: &mut Story) {
    let plans = story.deals.plans.clone();
    for (n, p) in plans.iter().enumerate() {
        story.later(p.opened, Event::Deal(Step::Begin(n)));
        let end = match (p.order, p.lost) {
            (Some(o), _) => story.orders[o].day,
            (_, Some(d)) => d,
            _ => story.run.today(),
        };
        let span = (end - p.opened).num_days().max(1);
        for stage in 1..=p.stage {
            let day = workdays(plus(p.opened, span * stage as i64 / (p.stage as i64 + 1)), 0);
            if day > p.opened && day < end {
                story.later(day, Event::Deal(Step::Move(n, stage)));
                if stage == 2 {
                    story.later(day, p.order.map_or(Event::Deal(Step::Offer(n)), Event::Quote));
                }
            }
        }
        if let Some(d) = p.lost {
            story.later(d, Event::Deal(Step::Lose(n)));
        }
    }
}

pub fn commands(story: &mut Story, day: NaiveDate, step: &Step, facts: &Facts) -> Vec<Command> {
    let minute = story.random.between(9 * 60, 18 * 60);
    let by = |story: &Story, client: usize| When::new(story.clients.clients[client].manager, day, minute);
    match step {
        Step::Begin(n) => {
            let p = &story.deals.plans[*n].clone();
            vec![create(by(story, p.client), "deals", begin(story, p))]
        }
        Step::Move(n, stage) => {
            let (Some(id), Some(to)) = (story.deals.ids.get(n).copied(), story.deals.stages.get(*stage).copied()) else { return vec![] };
            let who = by(story, story.deals.plans[*n].client);
            vec![verb(who, "deals", id, "move", json!({"stage_id": to}))]
        }
        Step::Offer(n) => {
            let p = &story.deals.plans[*n];
            let c = &story.clients.clients[p.client];
            let lines: Vec<Json> = unique(&p.lines)
                .into_iter()
                .map(|(g, q)| json!({"product_id": story.shelf.products[g], "quantity": q.to_string()}))
                .collect();
            let mut j = json!({
                "company_id": story.office.company, "partner_id": c.id, "warehouse_id": story.office.warehouses[c.warehouse], "date": day, "country": "UA",
                "manager_id": story.run.users.get(c.manager), "deal_id": story.deals.ids.get(n), "valid_until": plus(day, 14), "lines": lines,
            });
            if let Some(a) = c.agreement {
                j["agreement_id"] = json!(a);
            }
            vec![create(by(story, p.client), "quotes", j)]
        }
        Step::Win(order, id) => {
            let amount = story.order_ids.get(order).and_then(|o| facts.nets.get(o)).copied().unwrap_or(0);
            let who = by(story, story.orders[*order].client);
            vec![verb(who, "deals", *id, "win", json!({"amount": Amount::from_scaled(amount), "on": story.orders[*order].day}))]
        }
        Step::Lose(n) => {
            let Some(id) = story.deals.ids.get(n).copied() else { return vec![] };
            let at = story.random.weighted(&[38, 19, 15, 13, 9, 7]).min(story.deals.reasons.len().saturating_sub(1));
            let Some((reason, reason_id)) = story.deals.reasons.get(at).cloned() else { return vec![] };
            let mut j = json!({"reason_id": reason_id, "on": day});
            if reason.contains("конкурент") || (reason == "Ціна" && story.random.chance(60)) {
                j["winner_id"] = json!(story.clients.competitors.get(story.random.below(story.clients.competitors.len())));
            }
            let who = by(story, story.deals.plans[*n].client);
            vec![verb(who, "deals", id, "lose", j)]
        }
    }
}

fn begin(story: &mut Story, p: &Plan) -> Json {
    let c = &story.clients.clients[p.client];
    let lines: Vec<Json> = unique(&p.lines).into_iter().take(4).map(|(g, q)| json!({"product_id": story.shelf.products[g], "quantity": q.to_string(), "amount": decimal(story.goods[g].cost * q * 13 / 10, 2)})).collect();
    let mut j = json!({
        "name": p.name, "partner_id": c.id, "amount": decimal(p.amount / 1000 * 1000, 2), "currency": "UAH", "company_id": story.office.company,
        "manager_id": story.run.users.get(c.manager), "opened_on": p.opened, "closes_on": p.closes.max(p.opened), "lines": lines,
        "stage_id": story.deals.stages.first(),
    });
    if let Some((contact, _)) = c.contacts.first() {
        j["contact_id"] = json!(contact);
        j["participants"] = json!([{"role": "decision_maker", "contact_id": contact}]);
    }
    if p.order.is_none() && p.lost.is_none() {
        j["next_step"] = json!(story.random.pick(&[
            "Надіслати КП",
            "Узгодити знижку",
            "Зустріч на об’єкті",
            "Дотиснути передоплату",
            "Отримати специфікацію",
            "Підписати договір"
        ]));
        j["next_step_on"] = json!(plus(story.run.today(), story.random.between(-3, 12)).max(p.opened));
    }
    j["lead_source"] =
        json!(story.random.pick(&["Сайт", "Рекомендація", "Рекомендація", "Холодний дзвінок", "Виставка ElektroExpo", "Реклама в Google"]));
    if story.random.chance(60) {
        j["initial_need"] = json!(story.random.pick(&[
            "Потрібна комплектація за специфікацією проєктанта",
            "Шукають заміну постачальника",
            "Тендер, три учасники",
            "Повторний об’єкт, умови як минулого разу"
        ]));
    }
    j
}

/// Each product once.
fn unique(lines: &[(usize, i64)]) -> Vec<(usize, i64)> {
    let mut out: Vec<(usize, i64)> = vec![];
    for (g, q) in lines {
        if !out.iter().any(|l| l.0 == *g) {
            out.push((*g, *q));
        }
    }
    out
}

pub fn after(story: &mut Story, day: NaiveDate, step: Step, id: Id) {
    let talk = |n: usize, story: &mut Story, note: Note| {
        let client = story.deals.plans[n].client;
        let deal = story.deals.ids.get(&n).copied();
        story.later(day, Event::Work(Work::Note { client, deal, note }));
    };
    match step {
        Step::Begin(n) => {
            story.deals.ids.insert(n, id);
            if let Some(o) = story.deals.plans[n].order {
                story.deals.of_order.insert(o, id);
            }
            talk(n, story, Note::First);
        }
        Step::Move(n, stage) => talk(
            n,
            story,
            if stage == 1 {
                Note::Need
            } else if stage == 2 {
                Note::Offer
            } else {
                Note::Talk
            },
        ),
        Step::Offer(n) => {
            let by = story.clients.clients[story.deals.plans[n].client].manager;
            story.later(workdays(day, 1), Event::ConfirmQuote(id, by));
        }
        Step::Lose(n) => talk(n, story, Note::Refusal),
        Step::Win(..) => {}
    }
}

impl Deals {
    /// Open deals: id, client, name.
    pub fn open(&self) -> Vec<(Id, usize, String)> {
        let open = |(n, p): (usize, &Plan)| {
            if p.order.is_none() && p.lost.is_none() { self.ids.get(&n).map(|id| (*id, p.client, p.name.clone())) } else { None }
        };
        self.plans.iter().enumerate().filter_map(open).collect()
    }
}
