//! Partners with their people, legal entities, holdings, relations and terms of sale.

use crate::codes;
use crate::goods::Goods;
use crate::office::{Office, SELLERS};
use crate::random::Random;
use crate::run::{Command, Run, When, create, plus};
use crate::shelves::dealer_type;
use crate::words::{Firm, LINES, People};
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

/// How a client pays: days that payments come later than agreed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Discipline {
    Exact,
    Late,
    Bad,
}

#[derive(Clone, Debug)]
pub struct Client {
    pub id: Id,
    pub firm: usize,
    pub size: usize,
    pub manager: &'static str,
    pub contacts: Vec<(Id, String)>,
    pub agreement: Option<Id>,
    /// In whole hryvnias.
    pub limit: i64,
    /// Days of credit; none: paid in advance.
    pub credit: Option<i64>,
    pub discipline: Discipline,
    /// Index of the warehouse that serves him.
    pub warehouse: usize,
}

pub struct Clients {
    pub clients: Vec<Client>,
    /// Supplier by key, competitors.
    pub suppliers: HashMap<&'static str, Id>,
    pub competitors: Vec<Id>,
}

pub fn fill(run: &mut Run, firms: &[Firm], office: &Office, goods: &Goods) -> Result<Clients> {
    let mut random = Random::new(run.options.seed, "clients");
    let every = run.options.size.every();
    let chosen: Vec<usize> = (0..firms.len()).filter(|i| firms[*i].role != "client" || i % every == 0).collect();
    let ids = partners(run, firms, &chosen, &mut random)?;
    let mut out = Clients { clients: vec![], suppliers: HashMap::new(), competitors: vec![] };
    for i in &chosen {
        let (f, id) = (&firms[*i], ids[i].0);
        match f.role {
            "supplier" => {
                out.suppliers.insert(f.line, id);
            }
            "competitor" => out.competitors.push(id),
            "client" => out.clients.push(Client {
                id,
                firm: *i,
                size: f.size,
                manager: ids[i].1,
                contacts: vec![],
                agreement: None,
                limit: 0,
                credit: None,
                discipline: match random.weighted(&[70, 22, 8]) {
                    0 => Discipline::Exact,
                    1 => Discipline::Late,
                    _ => Discipline::Bad,
                },
                warehouse: warehouse_of(f.city, f.region),
            }),
            _ => {}
        }
    }
    contacts(run, firms, &chosen, &ids, &mut out, &mut random)?;
    counterparties(run, firms, &chosen, &ids, &mut random)?;
    relations(run, &out, &mut random)?;
    agreements(run, firms, office, goods, &mut out, &mut random)?;
    Ok(out)
}

const WEST: [&str; 8] = ["Львів", "Чернів", "Івано", "Закарп", "Волин", "Рівнен", "Терноп", "Хмельн"];

fn is_west(region: &str) -> bool {
    WEST.iter().any(|w| region.starts_with(w))
}

fn warehouse_of(city: &str, region: &str) -> usize {
    if city == "Київ" {
        0
    } else if is_west(region) {
        2
    } else {
        1
    }
}

fn manager_of(f: &Firm, random: &mut Random) -> &'static str {
    match (f.city == "Київ" || f.region.starts_with("Київ"), is_west(f.region)) {
        (true, _) => SELLERS[random.weighted(&[55, 45])],
        (_, true) => SELLERS[2],
        _ => SELLERS[3 + random.below(2)],
    }
}

type Made = HashMap<usize, (Id, &'static str)>;

/// Heads of holdings before those who belong to them.
fn partners(run: &mut Run, firms: &[Firm], chosen: &[usize], random: &mut Random) -> Result<Made> {
    let mut out: Made = HashMap::new();
    let mut left: Vec<usize> = chosen.to_vec();
    while !left.is_empty() {
        let known = |name: &str, out: &Made| firms.iter().position(|f| f.name == name).and_then(|i| out.get(&i)).map(|m| m.0);
        let is_chosen = |name: &str| chosen.iter().any(|i| firms[*i].name == name);
        let (ready, later): (Vec<usize>, Vec<usize>) = left.iter().partition(|i| {
            let head = firms[**i].head;
            head.is_empty() || !is_chosen(head) || known(head, &out).is_some()
        });
        let mut commands = vec![];
        let mut managers = vec![];
        for i in &ready {
            let f = &firms[*i];
            let manager = if f.role == "client" { manager_of(f, random) } else { "manager" };
            let day = plus(run.start(), random.between(-18, -8));
            let mut j = partner(f, random);
            j["manager_id"] = json!(run.users.get(manager));
            if let Some(head) = known(f.head, &out) {
                j["head_partner_id"] = json!(head);
            }
            managers.push(manager);
            commands.push(create(When::new(manager, day, 560 + random.between(0, 400)), "partners", j));
        }
        for ((i, id), manager) in ready.iter().zip(run.all(commands)?).zip(managers) {
            out.insert(*i, (id, manager));
        }
        left = later;
    }
    Ok(out)
}

fn partner(f: &Firm, random: &mut Random) -> Json {
    let role = if f.role == "client" {
        json!(["client"])
    } else if f.role == "supplier" {
        json!(["supplier", "manufacturer"])
    } else {
        json!([f.role])
    };
    let mut j = json!({
        "name": f.name, "roles": role, "country": f.country, "phone": phone(random),
        "address": format!("{}, вул. {}, {}", f.city, random.pick(&STREETS), random.between(1, 140)),
    });
    if !f.region.is_empty() {
        j["region"] = json!(f.region);
    }
    if f.role == "client" {
        j["line_of_business"] = json!(LINES.iter().find(|l| l.0 == f.line).map(|l| l.1));
        j["lead_source"] = json!(random.pick(&["Сайт", "Виставка ElektroExpo", "Рекомендація", "Холодний дзвінок", "Реклама в Google"]));
        j["employees"] = json!(random.between(4, 40) * (6 - f.size as i64));
        j["founded_year"] = json!(random.between(1994, 2023));
        if let Some(kind) = dealer_type(f) {
            j["dealer_type"] = json!(kind);
        }
        if f.size == 1 {
            j["tags"] = json!(["ключовий"]);
            j["service_priority"] = json!("high");
        } else if random.chance(12) {
            j["tags"] = json!([random.pick(&["тендери", "новий", "доставка вранці", "ЕДО"])]);
        }
    }
    j
}

const STREETS: [&str; 12] = [
    "Промислова",
    "Шевченка",
    "Лесі Українки",
    "Соборна",
    "Зелена",
    "Садова",
    "Вокзальна",
    "Героїв Дніпра",
    "Миру",
    "Заводська",
    "Незалежності",
    "Франка",
];

fn phone(random: &mut Random) -> String {
    let code = random.pick(&["50", "63", "66", "67", "68", "73", "93", "95", "96", "97", "98", "99"]);
    format!("+380{code}{:07}", random.between(1_000_000, 9_999_999))
}

fn contacts(run: &mut Run, firms: &[Firm], chosen: &[usize], ids: &Made, out: &mut Clients, random: &mut Random) -> Result<()> {
    let people = People::read();
    const POSITIONS: [(&str, &str); 6] = [
        ("Директор", "decides"),
        ("Керівник відділу закупівель", "decides"),
        ("Менеджер із закупівель", "influences"),
        ("Головний енергетик", "influences"),
        ("Бухгалтер", "pays"),
        ("Комірник", "uses"),
    ];
    let mut commands: Vec<Command> = vec![];
    let mut whose = vec![];
    for i in chosen {
        let (f, (partner, manager)) = (&firms[*i], ids[i]);
        let count = if f.role == "client" { (4 - f.size as i64 / 2).clamp(1, 4) } else { 1 };
        for n in 0..count {
            let name = people.name(random);
            let (position, decides) = POSITIONS[((n as usize) * 2 + random.below(2)) % POSITIONS.len()];
            let login = format!("p{}", whose.len() + 101);
            let mut j = json!({
                "partner_id": partner, "full_name": name, "position": position, "decision_role": decides,
                "phones": [{"value": phone(random), "kind": "mobile"}],
                "emails": [{"value": format!("{login}@clients.example"), "kind": "work"}],
            });
            if random.chance(35) {
                j["birthday"] = json!(format!("{}-{:02}-{:02}", random.between(1966, 2001), random.between(1, 12), random.between(1, 28)));
            }
            if random.chance(30) {
                j["messengers"] = json!([{"value": phone(random), "kind": random.pick(&["viber", "telegram"])}]);
            }
            commands.push(create(When::new(manager, plus(run.start(), -7), 560 + random.between(0, 400)), "contacts", j));
            whose.push((partner, name));
        }
    }
    for ((partner, name), id) in whose.into_iter().zip(run.all(commands)?) {
        if let Some(c) = out.clients.iter_mut().find(|c| c.id == partner) {
            c.contacts.push((id, name));
        }
    }
    Ok(())
}

fn counterparties(run: &mut Run, firms: &[Firm], chosen: &[usize], ids: &Made, random: &mut Random) -> Result<()> {
    let mut commands: Vec<Command> = vec![];
    let mut code = 4_301_117u32;
    for i in chosen.iter().filter(|i| firms[**i].country == "UA") {
        let (f, (partner, _)) = (&firms[*i], ids[i]);
        let legal = f.name.replace(['«', '»'], "");
        let own = if f.size <= 2 && random.chance(50) { 2 } else { 1 };
        for n in 0..own {
            code += random.between(11, 2_900) as u32;
            let registration = codes::registration(code);
            let form = if n == 0 { "ТОВ" } else { "ПП" };
            let name = if n == 0 { format!("{form} «{legal}»") } else { format!("{form} «{legal} Плюс»") };
            let mut j = json!({
                "partner_id": partner, "legal_name": name, "kind": "legal_entity", "country": "UA", "registration_code": registration,
                "legal_form": form, "iban": codes::iban(305_299, 26_000_000_000_000 + u64::from(code)),
                "bank_name": "АТ «Дніпровський розрахунковий банк»", "legal_address": format!("{}, вул. {}, {}", f.city, random.pick(&STREETS), random.between(1, 140)),
            });
            if f.size <= 3 {
                j["tax_id"] = json!(codes::vat_number(&registration, random.between(10_000, 99_999) as u32));
            }
            commands.push(create(When::new("accountant", plus(run.start(), -6), 560 + random.between(0, 400)), "counterparties", j));
        }
    }
    run.all(commands)?;
    Ok(())
}

fn relations(run: &mut Run, clients: &Clients, random: &mut Random) -> Result<()> {
    let when = When::new("manager", plus(run.start(), -5), 620);
    let mut commands = vec![];
    let large: Vec<Id> = clients.clients.iter().filter(|c| c.size <= 2).map(|c| c.id).collect();
    let small: Vec<Id> = clients.clients.iter().filter(|c| c.size >= 3).map(|c| c.id).collect();
    for (n, c) in small.iter().enumerate().step_by(6) {
        if large.is_empty() {
            break;
        }
        let other = large[(n * 7 + random.below(3)) % large.len()];
        let kind = random.pick(&["recommends", "subcontractor", "dealer", "affiliated"]);
        commands.push(create(
            when,
            "partner-relations",
            json!({"partner_id": c, "related_partner_id": other, "kind": kind, "direction": "to"}),
        ));
    }
    for pair in clients.competitors.windows(2) {
        commands.push(create(
            when,
            "partner-relations",
            json!({"partner_id": pair[0], "related_partner_id": pair[1], "kind": "competitor", "direction": "both"}),
        ));
    }
    run.all(commands)?;
    Ok(())
}

fn agreements(run: &mut Run, firms: &[Firm], office: &Office, goods: &Goods, out: &mut Clients, random: &mut Random) -> Result<()> {
    let from = plus(run.start(), -4);
    let when = When::new("director", from, 640);
    let standard = |name: &str, company: Id, price_type: Id, vat: &str, terms: Json, priority: i64| json!({"name": name, "kind": "standard", "company_id": company, "price_type_id": price_type, "currency": "UAH", "vat": vat, "payment_terms": terms, "valid_from": from, "priority": priority});
    run.all(vec![
        create(
            when,
            "agreements",
            standard("Роздріб, передоплата", office.company, goods.retail, "included", json!({"kind": "prepay", "days": 3}), 0),
        ),
        create(
            when,
            "agreements",
            standard("Монтажникам, за фактом", office.company, goods.fitter, "included", json!({"kind": "on_delivery", "days": 0}), 10),
        ),
        create(
            when,
            "agreements",
            standard("Сервіс, передоплата", office.second, goods.retail, "included", json!({"kind": "prepay", "days": 3}), 0),
        ),
    ])?;
    let mut commands = vec![];
    let mut whose = vec![];
    for (n, c) in out.clients.iter_mut().enumerate() {
        let f = &firms[c.firm];
        let wholesale = matches!(f.line, "dealer" | "boards" | "solar") || c.size == 1;
        if !(wholesale || (c.size <= 2) || random.chance(20)) {
            continue;
        }
        let days = *random.pick(&[14i64, 21, 30]);
        let limit = [560_000, 280_000, 140_000, 80_000, 45_000][c.size.clamp(1, 5) - 1] + random.between(0, 6) * 10_000;
        c.credit = Some(days);
        c.limit = limit;
        let euro_list = wholesale && n % 7 == 3;
        let (price_type, vat) = if euro_list {
            (goods.euro, "excluded")
        } else if wholesale {
            (goods.dealer, "excluded")
        } else {
            (goods.fitter, "included")
        };
        let mut lines = vec![];
        for (category, discount) in refinements(f.line, random) {
            if let Some(id) = goods.categories.get(category) {
                lines.push(json!({"category_id": id, "discount_percent": discount.to_string()}));
            }
        }
        if c.size == 1 && wholesale && !euro_list {
            // A price agreed for one product.
            let product = goods.products[random.below(goods.products.len().min(20))];
            lines.push(json!({"product_id": product, "discount_percent": "6"}));
        }
        let discount = if euro_list { 24 } else { [3, 2, 1, 0, 0][c.size.clamp(1, 5) - 1] };
        let j = json!({
            "name": format!("{} {}", f.name, from.format("%Y")), "kind": "individual", "partner_id": c.id, "company_id": office.company,
            "price_type_id": price_type, "currency": "UAH", "vat": vat, "payment_terms": {"kind": "credit", "days": days},
            "credit_limit": format!("{limit}.00"), "discount_percent": discount.to_string(), "valid_from": from, "lines": lines,
        });
        commands.push(create(When::new(c.manager, from, 600 + random.between(0, 300)), "agreements", j));
        whose.push(n);
    }
    for (n, id) in whose.into_iter().zip(run.all(commands)?) {
        out.clients[n].agreement = Some(id);
    }
    Ok(())
}

fn refinements(line: &str, random: &mut Random) -> Vec<(&'static str, i64)> {
    let of: &[&'static str] = match line {
        "boards" => &["breakers", "boards", "rcd"],
        "dealer" => &["cables", "modular"],
        "install" | "build" => &["cables", "mounting"],
        "solar" => &["backup"],
        _ => &["lighting"],
    };
    let mut out = vec![];
    for c in of {
        if random.chance(70) {
            out.push((*c, random.between(1, 5)));
        }
    }
    out
}
