//! Daily work: talks with clients as they were, tasks that were done, and what waits for everybody today.

use crate::office::SELLERS;
use crate::random::Random;
use crate::run::{Command, When, create, moment, plus, rfc, verb, workdays};
use crate::story::{Event, Story};
use chrono::NaiveDate;
use kontor_kernel::error::Result;
use kontor_platform::value::{Id, Value};
use serde_json::{Value as Json, json};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Note {
    First,
    Need,
    Offer,
    Talk,
    Refusal,
    Usual,
}

#[derive(Clone, Debug)]
pub enum Work {
    Note {
        client: usize,
        deal: Option<Id>,
        note: Note,
    },
    /// A task of the past, done on its day.
    Task {
        by: &'static str,
        client: usize,
    },
}

type Words = (&'static str, &'static str, &'static str);

/// Kind, subject, result.
const FIRST: [Words; 4] = [
    ("call_in", "Звернення щодо постачання", "Записали потребу, обіцяли пропозицію"),
    ("email", "Запит із сайту", "Відповіли того ж дня"),
    ("call_out", "Перший дзвінок", "Зацікавлені, чекають специфікацію"),
    ("meeting", "Знайомство на виставці", "Обмінялися контактами"),
];
const NEED: [Words; 3] = [
    ("meeting", "Огляд об’єкта", "Заміряли траси, уточнили щитову"),
    ("call_out", "Уточнення специфікації", "Потрібні два варіанти за ціною"),
    ("email", "Отримали проєкт", "Передали інженеру"),
];
const OFFER: [Words; 3] = [
    ("email", "Надіслано пропозицію у двох варіантах", "Обіцяли відповідь до п’ятниці"),
    ("call_out", "Обговорили пропозицію", "Просять відстрочку 30 днів"),
    ("meeting", "Презентація пропозиції", "Сподобалась автоматика Elkor"),
];
const TALK: [Words; 4] = [
    ("call_out", "Торг за знижку", "Зійшлися на мінус три відсотки"),
    ("meeting", "Погодження договору", "Юристи читають"),
    ("email", "Уточнення строків", "Кабель потрібен першим"),
    ("call_in", "Питання про гарантію", "Відповіли, гарантія 36 місяців"),
];
const REFUSAL: [Words; 2] = [
    ("call_out", "З’ясували причину відмови", "Домовились про контакт навесні"),
    ("email", "Відмова листом", "Подякували, лишилися на зв’язку"),
];
const USUAL: [Words; 6] = [
    ("call_out", "Плановий дзвінок", "Замовлять наступного тижня"),
    ("call_out", "Залишки на складі клієнта", "Закінчуються лампи, надішлють заявку"),
    ("call_in", "Питання щодо рахунку", "Надіслали копію"),
    ("message", "Нові ціни", "Прочитано"),
    ("meeting", "Візит у магазин", "Оновили стенд Lumira"),
    ("email", "Акт звірки", "Підписано"),
];

impl Note {
    fn words(self) -> &'static [Words] {
        match self {
            Note::First => &FIRST,
            Note::Need => &NEED,
            Note::Offer => &OFFER,
            Note::Talk => &TALK,
            Note::Refusal => &REFUSAL,
            Note::Usual => &USUAL,
        }
    }
}

/// Regular calls and tasks over the year.
pub fn agenda(story: &mut Story) {
    let mut random = Random::new(story.run.options.seed, "work");
    let (start, today) = (story.run.start(), story.run.today());
    for (n, c) in story.clients.clients.iter().enumerate() {
        let every = [24, 34, 52, 90, 150][c.size.clamp(1, 5) - 1];
        let by = c.manager;
        let mut day = workdays(plus(start, random.between(0, every)), 0);
        while day < today {
            story.later(day, Event::Work(Work::Note { client: n, deal: None, note: Note::Usual }));
            if random.chance(30) {
                story.later(workdays(day, 1), Event::Work(Work::Task { by, client: n }));
            }
            day = workdays(plus(day, every + random.between(-8, 12)), 0);
        }
    }
}

pub fn commands(story: &mut Story, day: NaiveDate, work: &Work) -> Vec<Command> {
    let minute = story.random.between(9 * 60 + 10, 17 * 60 + 40);
    match work {
        Work::Note { client, deal, note } => {
            let c = &story.clients.clients[*client];
            let (kind, subject, result) = *story.random.pick(note.words());
            let mut j = json!({
                "kind": kind, "subject": subject, "result": result, "partner_id": c.id, "responsible_id": story.run.users.get(c.manager),
                "happened_at": rfc(moment(day, minute)), "duration_minutes": if kind == "meeting" { 60 } else { story.random.between(2, 14) },
            });
            if let Some((contact, _)) = c.contacts.get(story.random.below(c.contacts.len())) {
                j["contact_id"] = json!(contact);
            }
            if let Some(d) = deal {
                j["deal_id"] = json!(d);
            }
            vec![create(When::new(c.manager, day, minute + 15), "interactions", j)]
        }
        Work::Task { by, client } => {
            let subject = *story.random.pick(&[
                "Надіслати акт звірки",
                "Підготувати специфікацію",
                "Перевірити залишки під замовлення",
                "Узгодити знижку з керівником",
                "Надіслати сертифікати",
            ]);
            let j = json!({
                "subject": subject, "kind": "task", "partner_id": story.clients.clients[*client].id, "doer_id": story.run.users.get(by),
                "due_at": rfc(moment(day, 17 * 60)),
            });
            vec![create(When::new(by, day, minute), "tasks", j)]
        }
    }
}

/// Tasks of the past are done, a few excepted; then everybody gets what waits for him today.
pub fn today(story: &mut Story) -> Result<()> {
    let open: Vec<(Id, String)> = story.run.app.store.read(|conn| {
        let rows = conn.query(
            "SELECT t.id, u.login FROM tasks t JOIN users u ON u.id = t.doer_id WHERE t.state = 'planned' ORDER BY t.due_at, t.id",
            &[],
        )?;
        rows.iter().map(|r| Ok((r.id(0)?, r.text(1)?.to_string()))).collect()
    })?;
    let today = story.run.today();
    let mut commands = vec![];
    let keep = open.len().saturating_sub(4);
    for (id, login) in open.into_iter().take(keep) {
        let by = SELLERS.into_iter().find(|s| *s == login).unwrap_or("manager");
        commands.push(verb(When::new(by, workdays(today, -2), 990), "tasks", id, "done", json!({"result": "Зроблено"})));
    }
    commands.extend(debts(story)?);
    commands.extend(of_deals(story));
    commands.extend(of_office(story));
    story.run.day(commands)?;
    morning(story)
}

/// Two things of today are done already.
fn morning(story: &mut Story) -> Result<()> {
    let today = story.run.today();
    let mut made = vec![];
    for seller in SELLERS {
        for (n, subject) in ["Надіслати рахунок", "Оновити курс у пропозиціях на EUR"].into_iter().enumerate()
        {
            let due = (today, 9 * 60 + 20 + 45 * n as i64);
            made.push((seller, task(seller, story.run.users.get(seller), workdays(today, -1), subject.into(), "task", due, json!({}))));
        }
    }
    let (sellers, commands): (Vec<&'static str>, Vec<Command>) = made.into_iter().unzip();
    let ids = story.run.day(commands)?;
    let done = sellers
        .into_iter()
        .zip(ids)
        .filter_map(|(s, id)| id.map(|id| verb(When::new(s, today, 9 * 60 + 25), "tasks", id, "done", json!({}))));
    let done = done.collect();
    story.run.day(done)?;
    Ok(())
}

fn task(by: &'static str, doer: Option<&Id>, made: NaiveDate, subject: String, kind: &str, due: (NaiveDate, i64), more: Json) -> Command {
    let mut j = json!({"subject": subject, "kind": kind, "doer_id": doer, "due_at": rfc(moment(due.0, due.1))});
    if let (Json::Object(to), Json::Object(from)) = (&mut j, more) {
        to.extend(from);
    }
    create(When::new(by, made, 560), "tasks", j)
}

/// Whom to call about money: the largest overdue debts of each seller.
fn debts(story: &mut Story) -> Result<Vec<Command>> {
    let today = story.run.today();
    let rows: Vec<(Id, String, i64, String)> = story.run.app.store.read(|conn| {
        let sql = "SELECT s.partner_id, u.login, CAST(SUM(s.open) AS BIGINT), MIN(s.currency) FROM settlement_documents s JOIN partners p ON p.id = s.partner_id JOIN users u ON u.id = p.manager_id WHERE s.open > 0 AND s.due_date < ? GROUP BY s.partner_id, u.login ORDER BY 3 DESC, s.partner_id";
        conn.query(sql, &[Value::Date(today)])?.iter().map(|r| Ok((r.id(0)?, r.text(1)?.to_string(), r.int(2)?, r.text(3)?.to_string()))).collect()
    })?;
    let mut out = vec![];
    for seller in SELLERS {
        for (n, (partner, _, sum, currency)) in rows.iter().filter(|r| r.1 == seller).take(5).enumerate() {
            let sum = crate::words::sum(*sum);
            let due = match n {
                0 => (workdays(today, -1), 11 * 60),
                1 => (today, 12 * 60),
                2 => (today, 15 * 60 + 30),
                _ => (workdays(today, n as i64 - 2), 11 * 60),
            };
            let c = story.clients.clients.iter().find(|c| c.id == *partner);
            let mut more = json!({"partner_id": partner, "importance": if n < 2 { "high" } else { "normal" }});
            if let Some((contact, _)) = c.and_then(|c| c.contacts.first()) {
                more["contact_id"] = json!(contact);
            }
            out.push(task(
                seller,
                story.run.users.get(seller),
                workdays(today, -2),
                format!("Передзвонити щодо оплати {sum} {currency}"),
                "call",
                due,
                more,
            ));
        }
    }
    Ok(out)
}

/// Next steps of open deals: meetings, quotes, contracts; and planned contacts.
fn of_deals(story: &mut Story) -> Vec<Command> {
    let today = story.run.today();
    const STEPS: [(&str, &str); 6] = [
        ("Зустріч", "meeting"),
        ("Надіслати пропозицію", "email"),
        ("Погодити знижку", "task"),
        ("Дізнатися рішення", "call"),
        ("Рахунок на аванс", "task"),
        ("Виїзд на об’єкт", "meeting"),
    ];
    let mut out = vec![];
    let mut seen = kontor_kernel::HashMap::new();
    for (deal, client, name) in story.deals.open() {
        let c = &story.clients.clients[client];
        let n: &mut i64 = seen.entry(c.manager).or_default();
        let (word, kind) = STEPS[(*n as usize) % STEPS.len()];
        let due = match *n {
            0 => (today, 14 * 60),
            1 => (today, 17 * 60),
            2 => (today, 10 * 60),
            3 => (workdays(today, -2), 16 * 60),
            k => (workdays(today, k - 3), 9 * 60 + (k % 8) * 60),
        };
        *n += 1;
        if *n > 12 {
            continue;
        }
        let mut more = json!({"partner_id": c.id, "deal_id": deal});
        if let Some((contact, _)) = c.contacts.first() {
            more["contact_id"] = json!(contact);
        }
        out.push(task(c.manager, story.run.users.get(c.manager), workdays(today, -3), format!("{word}: {name}"), kind, due, more));
        if *n % 3 == 1 {
            let j = json!({
                "kind": "planned", "subject": format!("Плановий контакт: {name}"), "partner_id": c.id, "deal_id": deal,
                "responsible_id": story.run.users.get(c.manager), "planned_at": rfc(moment(workdays(today, *n / 2), 11 * 60)),
            });
            out.push(create(When::new(c.manager, workdays(today, -1), 600), "interactions", j));
        }
    }
    out
}

/// What the others have to do.
fn of_office(story: &mut Story) -> Vec<Command> {
    let today = story.run.today();
    let next = workdays(today, 1);
    /// By whom, for whom, what, of which kind, due when.
    type Given = (&'static str, &'static str, &'static str, &'static str, (NaiveDate, i64));
    let list: [Given; 16] = [
        ("director", "manager", "План продажів на наступний місяць", "task", (today, 16 * 60)),
        ("director", "manager2", "План продажів на наступний місяць", "task", (today, 16 * 60)),
        ("director", "accountant", "Звірка з десятьма найбільшими клієнтами", "task", (next, 15 * 60)),
        ("manager", "director", "Погодити ліміт кредиту для нового об’єкта", "approval", (today, 13 * 60)),
        ("manager2", "director", "Погодити знижку 9 % на щитки поверхові", "approval", (today, 12 * 60)),
        ("accountant", "director", "Підписати договори, 4 примірники", "task", (workdays(today, -1), 17 * 60)),
        ("manager", "manager", "Перевірити прострочені угоди відділу", "task", (today, 11 * 60)),
        ("manager2", "manager2", "Нарада з регіональними менеджерами", "meeting", (next, 9 * 60 + 30)),
        ("manager", "stock", "Перерахувати кабель ВВГнг-LS 3×2,5", "task", (today, 10 * 60)),
        ("stock", "stock", "Підготувати місце під надходження", "task", (today, 15 * 60)),
        ("stock", "stock", "Інвентаризація ламп", "task", (workdays(today, -2), 17 * 60)),
        ("manager", "stock", "Зібрати замовлення на завтра", "task", (next, 9 * 60)),
        ("director", "accountant", "Виставити рахунки за послуги", "task", (today, 14 * 60)),
        ("sales", "accountant", "Надіслати акт звірки Київелектропостачу", "task", (workdays(today, -1), 12 * 60)),
        ("manager2", "agent", "Об’їзд точок: Оболонь, Поділ", "task", (today, 9 * 60)),
        ("director", "admin", "Перевірити резервну копію", "task", (today, 18 * 60)),
    ];
    let users = &story.run.users;
    let given = list
        .into_iter()
        .map(|(by, doer, subject, kind, due)| task(by, users.get(doer), workdays(today, -3), subject.to_string(), kind, due, json!({})));
    let weekly = SELLERS
        .into_iter()
        .map(|s| task("director", users.get(s), workdays(today, -2), "Звіт за тиждень".into(), "task", (today, 17 * 60 + 30), json!({})));
    given.chain(weekly).collect()
}
