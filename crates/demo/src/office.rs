//! The office: own companies, people with their roles, regions, lines of business, warehouses, rates of exchange.

use crate::codes;
use crate::random::Random;
use crate::run::{Command, Run, When, create, is_workday, plus};
use crate::words::{Firm, LINES};
use chrono::{Datelike, Weekday};
use kontor_kernel::error::Result;
use kontor_platform::Envelope;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

pub struct Office {
    pub company: Id,
    pub second: Id,
    /// Kyiv, Brovary, Lviv.
    pub warehouses: [Id; 3],
    pub second_warehouse: Id,
}

/// Login, name, role, head, position.
pub const PEOPLE: [(&str, &str, &str, &str, &str); 12] = [
    ("director", "Вербицька Наталія", "director", "", "Директорка"),
    ("admin", "Адміністратор", "administrator", "", "Системний адміністратор"),
    ("manager", "Мельник Тарас", "sales_manager", "director", "Керівник продажів, Київ"),
    ("manager2", "Ґудзь Андрій", "sales_manager", "director", "Керівник продажів, регіони"),
    ("sales", "Коваль Олена", "salesperson", "manager", "Менеджерка з продажу"),
    ("sales2", "Сидоренко Павло", "salesperson", "manager", "Менеджер з продажу"),
    ("sales3", "Гнатюк Ірина", "salesperson", "manager2", "Менеджерка з продажу"),
    ("sales4", "Лазаренко Юрій", "salesperson", "manager2", "Менеджер з продажу"),
    ("sales5", "Дорошенко Марина", "salesperson", "manager2", "Менеджерка з продажу"),
    ("stock", "Бондар Микола", "storekeeper", "director", "Завідувач складу"),
    ("accountant", "Левченко Світлана", "accountant", "director", "Головна бухгалтерка"),
    ("agent", "Ткачук Роман", "field_agent", "manager2", "Торговий агент"),
];
pub const SELLERS: [&str; 5] = ["sales", "sales2", "sales3", "sales4", "sales5"];

pub fn fill(run: &mut Run, firms: &[Firm]) -> Result<Office> {
    let first = When::new("admin", plus(run.start(), -30), 540);
    let companies = run.all(vec![
        create(first, "companies", company("Вольтарія Трейд", "ТОВ «Вольтарія Трейд»", 4_128_563, "м. Київ, вул. Віскозна, 17")),
        create(
            first,
            "companies",
            company("Електромонтаж Вольтарія", "ТОВ «Електромонтаж Вольтарія»", 4_379_210, "м. Бровари, бул. Незалежності, 9"),
        ),
    ])?;
    let (company, second) = (companies[0], companies[1]);
    people(run, first, company)?;
    let mut commands: Vec<Command> = vec![];
    let regions: BTreeSet<&str> = firms.iter().map(|f| f.region).filter(|r| !r.is_empty()).collect();
    commands.extend(regions.into_iter().map(|r| create(first, "regions", json!({"name": r}))));
    commands.extend(LINES.iter().map(|l| create(first, "lines-of-business", json!({"name": l.1}))));
    let sources = ["Сайт", "Виставка ElektroExpo", "Рекомендація", "Холодний дзвінок", "Реклама в Google", "Соціальні мережі"];
    commands.extend(sources.iter().map(|s| create(first, "lead-sources", json!({"name": s}))));
    run.all(commands)?;
    let warehouse = |name: &str, of: Id, address: &str, keeper: Option<&Id>| {
        let mut j = json!({"name": name, "company_id": of, "address": address});
        if let Some(k) = keeper {
            j["keeper_id"] = json!(k);
        }
        create(first, "warehouses", j)
    };
    let keeper = run.users.get("stock").copied();
    let commands = vec![
        warehouse("Київ, Віскозна", company, "м. Київ, вул. Віскозна, 17", keeper.as_ref()),
        warehouse("Бровари", company, "м. Бровари, вул. Металургів, 4", keeper.as_ref()),
        warehouse("Львів", company, "м. Львів, вул. Городоцька, 355", None),
        warehouse("Сервісний центр", second, "м. Бровари, бул. Незалежності, 9", None),
    ];
    let w = run.all(commands)?;
    Ok(Office { company, second, warehouses: [w[0], w[1], w[2]], second_warehouse: w[3] })
}

fn company(name: &str, legal: &str, code: u32, address: &str) -> Json {
    let code = codes::registration(code);
    json!({
        "name": name, "currency": "UAH", "country": "UA", "time_zone": "Europe/Kyiv", "legal_name": legal,
        "registration_code": code, "tax_id": codes::vat_number(&code, 26_550), "address": address,
    })
}

fn people(run: &mut Run, first: When, company: Id) -> Result<()> {
    for (login, name, role, head, position) in PEOPLE {
        let mut j = json!({
            "login": login, "name": name, "roles": [role], "position": position,
            "email": format!("{login}@voltaria.example"), "password": run.options.password,
        });
        // Who sells and ships works for the trading company only.
        if matches!(role, "salesperson" | "storekeeper" | "field_agent") {
            j["companies"] = json!([company]);
        }
        if let Some(h) = run.users.get(head) {
            j["head_id"] = json!(h);
        }
        let id = run.one(create(first, "users", j))?;
        run.users.insert(login, id);
    }
    Ok(())
}

/// The central bank's rates day by day, and the company's own a little above them.
pub fn rates(run: &mut Run) -> Result<Id> {
    let by = "accountant";
    let from = plus(run.start(), -30);
    let first = When::new(by, from, 560);
    let types = run.all(vec![
        create(first, "rate-types", json!({"name": "НБУ", "names": names("НБУ", "НБУ", "National Bank"), "base_currency": "UAH", "direction": "direct", "is_default": true})),
        create(first, "rate-types", json!({"name": "Комерційний", "names": names("Комерційний", "Коммерческий", "Commercial"), "base_currency": "UAH", "direction": "direct"})),
    ])?;
    let mut random = Random::new(run.options.seed, "rates");
    let days = (run.today() - from).num_days().max(1);
    // Ten-thousandths of a hryvnia: where the year begins and ends.
    let ends = [("USD", 412_140i64, 416_830i64), ("EUR", 449_350, 482_510), ("PLN", 105_240, 113_620)];
    let mut noise = [0i64; 3];
    let mut commands = vec![];
    for n in 0..=days {
        let day = plus(from, n);
        if !is_workday(day) {
            continue;
        }
        for (i, (currency, a, b)) in ends.into_iter().enumerate() {
            noise[i] = (noise[i] * 9 / 10) + random.between(-a / 600, a / 600);
            let rate = a + (b - a) * n / days + if n == days { 0 } else { noise[i] };
            let at = When::new(by, day, 555);
            let row =
                |of: Id, rate: i64| json!({"rate_type_id": of, "currency": currency, "date": day, "rate": decimal(rate, 4), "per": 1});
            commands.push(create(at, "rates", row(types[0], rate)));
            if currency != "PLN" && matches!(day.weekday(), Weekday::Mon | Weekday::Thu) {
                commands.push(create(at, "rates", row(types[1], rate + rate / 100)));
            }
        }
    }
    run.all(commands)?;
    Ok(types[1])
}

/// What our companies price and convert by where no agreement says otherwise.
pub fn prices_by(run: &mut Run, office: &Office, price_type: Id, rate_type: Id) -> Result<()> {
    let when = When::new("director", plus(run.start(), -24), 700);
    let set = |id: Id| {
        let e = Envelope::new("companies.update", json!({"price_type_id": price_type, "rate_type_id": rate_type}));
        (when, e.on(id).seen(1))
    };
    run.all(vec![set(office.company), set(office.second)])?;
    Ok(())
}

pub fn names(uk: &str, ru: &str, en: &str) -> Json {
    json!({"uk": uk, "ru": ru, "en": en})
}

/// A count of `10^-scale` as a decimal string.
pub fn decimal(n: i64, scale: u32) -> String {
    let unit = 10i64.pow(scale);
    let sign = if n < 0 { "-" } else { "" };
    format!("{sign}{}.{:0width$}", n.abs() / unit, n.abs() % unit, width = scale as usize)
}
