//! Partners: tabs, typed filters, totals, selection, peek; and the same list when nothing matches.

use crate::UGLY;
use kontor_texts::Lang;
use kontor_web::ui::badge::Tone;
use kontor_web::ui::empty::Empty;
use kontor_web::ui::figures::{Ages, Fig, Next, Section};
use kontor_web::ui::filters::{Chip, FieldType, Fields, FilterField, Filters};
use kontor_web::ui::head::{Button, Kind, Menu, PageHead, Segments, Tab, Tabs};
use kontor_web::ui::icons::{icon, icon_muted};
use kontor_web::ui::peek::Peek;
use kontor_web::ui::table::{Bulk, BulkAction, Cell, Column, List, Row, Show, Sorted, Table};
use kontor_web::ui::{Money, number};
use maud::{Markup, Render, html};

const LANG: Lang = Lang::Uk;

/// Name, line of business, class, manager, debt, overdue, days, turnover.
type Named = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, i64, &'static str);

pub const NAMES: [Named; 14] = [
    ("Київелектропостач", "дилер", "AX", "Коваль О.", "412380.40", "68940", 12, "4812640.20"),
    ("Столичні Кабелі", "дилер", "AX", "Коваль О.", "386912.75", "0", 0, "3974118.60"),
    ("Лівобережжя Світло", "роздріб", "AY", "Гнатюк І.", "298450", "142300", 41, "2716905"),
    ("Ґрант Електро", "монтаж", "AY", "Сидоренко П.", "264018.30", "0", 0, "2488370.15"),
    ("Промінь-Щит", "щитовик", "AX", "Коваль О.", "241775.90", "12480.50", 6, "3120544.80"),
    ("Енергобуд Плюс", "забудова", "BZ", "Мельник Т.", "218600", "218600", 74, "1204800"),
    ("Об’єднані Монтажники", "монтаж", "AY", "Сидоренко П.", "196240.64", "0", 0, "2054716.30"),
    ("Щитова Фабрика №4", "щитовик", "AX", "Коваль О.", "184250", "0", 0, "2890415.75"),
    ("Контактор Груп", "дилер", "BX", "Гнатюк І.", "158730.25", "31200", 18, "1467220.40"),
    ("Дарницький Квартал Буд", "забудова", "BZ", "Мельник Т.", "147905", "0", 0, "986340"),
    ("Теремки Електроопт", "роздріб", "BX", "Гнатюк І.", "121488.10", "0", 0, "1315079.90"),
    ("Сонячний Дах Інжиніринг", "монтаж", "BY", "Сидоренко П.", "118360", "44150", 33, "1122600.50"),
    ("Мережа Монтаж", "монтаж", "BY", "Сидоренко П.", "-96742.88", "0", 0, "874915.20"),
    ("Оболонь Кабель", "дилер", "BX", "Коваль О.", "88214.60", "0", 0, "1038440.70"),
];

fn columns() -> Vec<Column<'static>> {
    let col = |title: &'static str, width: u16, right: bool, show: Show| Column {
        title: title.into(),
        width: (width > 0).then_some(width),
        right,
        show,
        ..Column::default()
    };
    vec![
        Column { sort_href: Some("?sort=name".into()), ..col("Партнер", 0, false, Show::Always) },
        col("Напрям", 84, false, Show::Widest),
        col("Клас", 52, false, Show::Widest),
        col("Менеджер", 112, false, Show::Widest),
        Column { sort_href: Some("?sort=debt".into()), sorted: Some(Sorted::Down), ..col("Борг, ₴", 112, true, Show::Always) },
        col("Простр., ₴", 104, true, Show::Always),
        col("Днів", 50, true, Show::Wide),
        col("12 міс., ₴", 118, true, Show::Wide),
        col("Тренд", 76, false, Show::Widest),
    ]
}

fn rows() -> Vec<Row<'static>> {
    let mut out = vec![];
    for (i, name) in NAMES.iter().map(|n| n.0).chain(UGLY).chain(NAMES.iter().map(|n| n.0)).enumerate() {
        let n = NAMES[i % NAMES.len()];
        let huge = (NAMES.len()..NAMES.len() + 3).contains(&i);
        let days = if n.6 > 0 { n.6.to_string() } else { String::new() };
        let trend: Vec<f32> =
            (0_u8..12).map(|k| f32::from(k) * if n.6 > 30 { -1.0 } else { 0.7 } + f32::from((k * 7 + i as u8 * 5) % 6)).collect();
        out.push(Row {
            id: format!("p{i}").into(),
            href: "/partner.html".into(),
            cells: vec![
                Cell::Name(name.into(), "/partner.html".into()),
                Cell::Sub(n.1.into()),
                Cell::Soft(n.2.into()),
                Cell::Soft(n.3.into()),
                Cell::Money(if huge { "999999999999.99".into() } else { n.4.into() }, 2),
                Cell::Alarm(n.5.into(), 2),
                Cell::Right(days.into(), if n.6 > 30 { Tone::Bad } else { Tone::Plain }),
                Cell::Money(n.7.into(), 2),
                Cell::Spark(trend),
            ],
            off: i == 13,
        });
    }
    out
}

pub fn page(empty: bool) -> String {
    let columns = columns();
    let rows = if empty { vec![] } else { rows() };
    let chips = [
        Chip { name: "city", value: "Київ", label: "місто", op: ":", text: "Київ" },
        Chip { name: "debt.gt", value: "10000", label: "борг", op: ">", text: "10 000" },
    ];
    let fields = [
        FilterField { field: "city", label: "місто", kind: FieldType::Text, choices: vec![] },
        FilterField { field: "debt", label: "борг", kind: FieldType::Number, choices: vec![] },
        FilterField { field: "class", label: "клас", kind: FieldType::Choice, choices: vec![("AX", "AX".into()), ("BY", "BY".into())] },
    ];
    let totals = vec![
        Cell::Text("Разом 23".into()),
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Money("3279954.42".into(), 2),
        Cell::Alarm("572560.50".into(), 2),
        Cell::Empty,
        Cell::Money("33480582.60".into(), 2),
        Cell::Empty,
    ];
    let nothing = html! {
        div class="pad" { p { "За " (chips[0]) " + " (chips[1]) " нікого. " a class="lk" href="/partners.html" { "Без «борг»: 23" } } }
        (Empty { icon: "building-store", title: "Партнерів ще немає", text: "Створіть першого або завантажте файл.", bare: true,
            actions: html! { (Button::new(Kind::Primary, "Партнер").key("n").link("/form.html")) (Button::new(Kind::Second, "Імпорт").link("/states.html")) } })
    };
    let actions = [
        BulkAction { title: "Менеджер", icon: "user", body: serde_json::json!({}), dialog: Some("#bulk-manager") },
        BulkAction { title: "Завдання", icon: "checkbox", body: serde_json::json!({"verb": "task"}), dialog: None },
        BulkAction { title: "Змінити", icon: "pencil", body: serde_json::json!({"verb": "edit"}), dialog: None },
    ];
    let content = html! {
        (PageHead { title: "Партнери", about: html! { span class="m2" { "23 з 1\u{a0}846" } }, list: true, line: false, actions: html! {
            (Button::new(Kind::Third, "Експорт").icon("download").link("/partners.html"))
            (Menu { label: "Стовпці", icon: "columns-3", worded: true, items: html! { a href="?columns=all" { "Усі" } } })
            (Segments { label: "Вигляд", items: &[("Список", "layout-list", "#", true), ("Зв’язки", "affiliate", "#", false)] })
        } })
        (Tabs { label: "Збережені вигляди", items: &[
            Tab { title: "Усі", href: "/partners.html", count: None, here: false }, Tab { title: "Мої", href: "/partners.html", count: Some(312), here: false },
            Tab { title: "Київ, винні нам", href: "/partners.html", count: Some(23), here: true }, Tab { title: "Прострочені", href: "/partners.html", count: Some(87), here: false },
            Tab { title: "Щитовики А", href: "/partners.html", count: Some(41), here: false },
        ] })
        (Filters { lang: LANG, action: "/partners.html", chips: &chips, fields: &Fields::new(&fields), q: "", keep: &[("sort", "-debt")], aside: html! { button class="btn btn-2 btn-s" type="button" { "Зберегти вигляд" } } })
        (List {
            collection: "partners", count: Some("23"), empty: empty.then_some(nothing), peek_label: "Перегляд",
            table: Table { lang: LANG, label: "Партнери", columns: &columns, rows: &rows, totals: (!empty).then_some(totals), foot: None, next: (!empty).then_some("/more.html"), select: Some("Вибрати всі"), peek: true },
            bulk: Some(Bulk { label: "Дії з вибраними", all: "усі 23 за фільтром", clear: "Зняти вибір", actions: &actions }),
        })
    };
    crate::page(LANG, "partners", &[("Продажі", None), ("Партнери", None)], content, None)
}

pub fn ages() -> Markup {
    Ages {
        label: "Строки боргу",
        parts: &[
            ("c0", "у строк", "343 440", 343_440.0),
            ("c1", "1–7 дн", "22 820", 22_820.0),
            ("c2", "8–14 дн", "46 120", 46_120.0),
            ("cf", "вільно", "87 620", 87_620.0),
        ],
    }
    .render()
}

/// The fragment of the peek.
pub fn peek() -> String {
    let money = |d| Money::new(LANG, d).render();
    let line = |name, text: &str, sum| html! { a class="k-li" href="/order.html" { (icon_muted(name)) span class="cut" { (text) } (Money::new(LANG, sum)) } };
    let body = html! {
        (Section { title: "", count: None, aside: html! {}, body: Next { icon: "phone-outgoing", title: "Передзвонити щодо оплати", note: "Ірина Шевчук · до 15:30", action: html! { button type="button" class="btn btn-2 btn-s" { "Зроблено" } } }.render() })
        (Section { title: "", count: None, aside: html! {}, body: html! {
            dl class="k-figs" {
                (Fig::new("Винні нам", money("412380.40"))) (Fig { note: "12 дн", ..Fig::new("Прострочено", Money::new(LANG, "68940").alarm(true).render()) })
                (Fig::new("Ліміт кредиту", money("500000"))) (Fig::new("Вільно", money("87619.60")))
            }
            (ages())
        } })
        (Section { title: "Відкрите", count: None, aside: html! { a class="lk s12" href="/partner.html" { "усі 7" } }, body: html! {
            (line("shopping-cart", "КВ-004812 · чернетка", "146843.04")) (line("truck-delivery", "КВ-004790 · комплектується", "61480")) (line("target-arrow", "Щитові на ЖК «Русанівка»", "640000"))
        } })
    };
    Peek { lang: LANG, title: "Київелектропостач", href: "/partner.html", note: &format!("Дилер · Київ, Троєщина · {} юрособи", number(LANG, "2", 0)), body,
        actions: html! { a class="btn btn-primary" href="/order.html" { (icon("shopping-cart")) "Замовлення" } button type="button" class="btn btn-2" { (icon("phone")) "Дзвінок" } button type="button" class="btn btn-2" { (icon("mail")) "Лист" } } }
        .render()
        .into_string()
}
