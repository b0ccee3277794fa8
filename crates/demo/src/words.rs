//! The tables that the story is made of: goods, partners, names of people. Everybody and everything in them is invented.

use crate::random::Random;

#[derive(Clone, Debug)]
pub struct Good {
    pub category: &'static str,
    pub sku: &'static str,
    pub unit: &'static str,
    pub service: bool,
    pub supplier: &'static str,
    /// In hundredths of a hryvnia, without VAT.
    pub cost: i64,
    pub markup: i64,
    pub weight: u64,
    pub names: [&'static str; 3],
}

#[derive(Clone, Debug)]
pub struct Firm {
    pub role: &'static str,
    pub name: &'static str,
    /// Line of business of a client, key of a supplier.
    pub line: &'static str,
    pub city: &'static str,
    pub region: &'static str,
    pub country: &'static str,
    /// 1 the largest clients … 5 the smallest.
    pub size: usize,
    pub head: &'static str,
}

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).map(|l| l.split('\t').collect())
}

fn hundredths(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap_or(0)
}

pub fn goods() -> Vec<Good> {
    rows(include_str!("../data/products.tsv"))
        .filter(|r| r.len() == 11)
        .map(|r| Good {
            category: r[0],
            sku: r[1],
            unit: r[2],
            service: r[3] == "service",
            supplier: r[4],
            cost: hundredths(r[5]),
            markup: r[6].parse().unwrap_or(30),
            weight: r[7].parse().unwrap_or(1),
            names: [r[8], r[9], r[10]],
        })
        .collect()
}

pub fn firms() -> Vec<Firm> {
    rows(include_str!("../data/partners.tsv"))
        .filter(|r| r.len() == 8)
        .map(|r| Firm {
            role: r[0],
            name: r[1],
            line: r[2],
            city: r[3],
            region: r[4],
            country: r[5],
            size: r[6].parse().unwrap_or(0),
            head: r[7],
        })
        .collect()
}

/// A scaled amount as people write it in a task: `68 940,00`.
pub fn sum(scaled: i64) -> String {
    let (whole, cents) = (scaled / 10_000, scaled % 10_000 / 100);
    let digits = whole.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push('\u{a0}');
        }
        out.push(c);
    }
    format!("{out},{cents:02}")
}

pub struct People {
    men: Vec<&'static str>,
    women: Vec<&'static str>,
    surnames: Vec<&'static str>,
}

impl People {
    pub fn read() -> People {
        let words = |kind: &str| {
            rows(include_str!("../data/people.tsv")).filter(|r| r[0] == kind).flat_map(|r| r[1].split(' ').collect::<Vec<_>>()).collect()
        };
        People { men: words("man"), women: words("woman"), surnames: words("surname") }
    }
    /// Surname and first name; the surnames are those that do not bend.
    pub fn name(&self, random: &mut Random) -> String {
        let first = if random.chance(45) { random.pick(&self.women) } else { random.pick(&self.men) };
        format!("{} {first}", random.pick(&self.surnames))
    }
}

/// Category: key, parent's key, names in Ukrainian, Russian, English.
pub const CATEGORIES: [(&str, &str, [&str; 3]); 22] = [
    ("modular", "", ["Модульне обладнання", "Модульное оборудование", "Modular devices"]),
    ("breakers", "modular", ["Автоматичні вимикачі", "Автоматические выключатели", "Circuit breakers"]),
    ("rcd", "modular", ["ПЗВ і дифавтомати", "УЗО и дифавтоматы", "RCDs and RCBOs"]),
    ("contactors", "modular", ["Контактори", "Контакторы", "Contactors"]),
    ("relays", "modular", ["Реле, лічильники, захист", "Реле, счётчики, защита", "Relays, meters, protection"]),
    ("cables", "", ["Кабель і провід", "Кабель и провод", "Cables and wires"]),
    ("lighting", "", ["Освітлення", "Освещение", "Lighting"]),
    ("panels", "lighting", ["LED-панелі", "LED-панели", "LED panels"]),
    ("lamps", "lighting", ["Лампи", "Лампы", "Lamps"]),
    ("floodlights", "lighting", ["Прожектори", "Прожекторы", "Floodlights"]),
    ("luminaires", "lighting", ["Світильники", "Светильники", "Luminaires"]),
    ("wiring", "", ["Розетки та вимикачі", "Розетки и выключатели", "Wiring devices"]),
    ("sockets", "wiring", ["Розетки", "Розетки", "Sockets"]),
    ("switches", "wiring", ["Вимикачі", "Выключатели", "Switches"]),
    ("frames", "wiring", ["Рамки", "Рамки", "Frames"]),
    ("enclosures", "", ["Щити та монтаж", "Щиты и монтаж", "Boards and mounting"]),
    ("boards", "enclosures", ["Щити й шафи", "Щиты и шкафы", "Boards and cabinets"]),
    ("mounting", "enclosures", ["Монтажні вироби", "Монтажные изделия", "Mounting parts"]),
    ("tools", "", ["Інструмент", "Инструмент", "Tools"]),
    ("backup", "", ["Резервне живлення", "Резервное питание", "Backup power"]),
    ("services", "", ["Послуги", "Услуги", "Services"]),
    ("archive", "", ["Знято з продажу", "Снято с продажи", "Discontinued"]),
];

/// Line of business: key, name, and which categories its buyers like (category, weight in percent of the usual).
pub type Taste = (&'static str, &'static str, &'static [(&'static str, u64)]);
pub const LINES: [Taste; 8] = [
    ("dealer", "Дилер", &[("cables", 180), ("breakers", 160), ("lamps", 130)]),
    ("retail", "Роздріб", &[("lamps", 260), ("sockets", 180), ("switches", 180), ("tools", 160), ("boards", 40)]),
    ("install", "Монтаж", &[("cables", 240), ("mounting", 220), ("sockets", 140), ("switches", 120), ("backup", 60)]),
    (
        "boards",
        "Щитовик",
        &[("breakers", 320), ("rcd", 300), ("boards", 300), ("relays", 240), ("contactors", 260), ("lamps", 10), ("sockets", 10)],
    ),
    ("build", "Забудова", &[("cables", 220), ("panels", 240), ("luminaires", 200), ("sockets", 200), ("frames", 200)]),
    ("solar", "Сонячна енергетика", &[("backup", 900), ("cables", 160), ("rcd", 120), ("lamps", 10), ("sockets", 10), ("switches", 10)]),
    ("agro", "Агросектор", &[("luminaires", 300), ("floodlights", 340), ("backup", 200), ("cables", 120)]),
    ("industry", "Промисловість", &[("luminaires", 280), ("contactors", 240), ("relays", 220), ("panels", 160)]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn sums_are_written_in_groups() {
        assert_eq!(sum(689_400_000), "68\u{a0}940,00");
        assert_eq!(sum(1_234_567_050_000), "123\u{a0}456\u{a0}705,00");
    }

    #[test]
    fn tables_are_whole() {
        let goods = goods();
        assert!(goods.len() >= 140, "{}", goods.len());
        assert_eq!(goods.iter().map(|g| g.sku).collect::<BTreeSet<_>>().len(), goods.len());
        for g in &goods {
            assert!(CATEGORIES.iter().any(|c| c.0 == g.category), "{}", g.sku);
            assert!(g.cost > 0 && g.weight > 0 && g.names.iter().all(|n| !n.is_empty()), "{}", g.sku);
        }
        let firms = firms();
        assert!(firms.iter().filter(|f| f.role == "client").count() >= 110);
        for f in &firms {
            assert!(f.head.is_empty() || firms.iter().any(|o| o.name == f.head), "{}", f.name);
            assert!(f.role != "client" || LINES.iter().any(|l| l.0 == f.line), "{}", f.name);
        }
        for g in goods.iter().filter(|g| !g.service) {
            assert!(firms.iter().any(|f| f.role == "supplier" && f.line == g.supplier), "{}", g.sku);
        }
    }
}
