//! Report with a chart, a form with errors and a conflict, states, the door.

use kontor_texts::Lang;
use kontor_web::ui::Money;
use kontor_web::ui::badge::{Badge, Dot, Tone};
use kontor_web::ui::chart::{Chart, ChartKind, Series, SeriesRole};
use kontor_web::ui::dialog::Dialog;
use kontor_web::ui::empty::{Empty, Failure, Job, Skeleton};
use kontor_web::ui::figures::{Fig, Section, share};
use kontor_web::ui::form::{Conflict, Control, Field, FieldGroup, Form, Reference, Wrong};
use kontor_web::ui::head::{Button, Kind, PageHead, Segments};
use kontor_web::ui::shell::Theme;
use kontor_web::ui::sign_in::SignIn;
use kontor_web::ui::table::{Cell, Column, Row, Table};
use maud::{Render, html};

const LANG: Lang = Lang::Uk;

pub fn report() -> String {
    let stages = [
        ("Звернення", 148, 131),
        ("Кваліфікація", 96, 92),
        ("Пропозиція", 71, 66),
        ("Переговори", 43, 45),
        ("Договір", 31, 33),
        ("Виграно", 24, 27),
    ];
    let col = |title: &'static str, width: u16, right| Column {
        title: title.into(),
        width: (width > 0).then_some(width),
        right,
        ..Column::default()
    };
    let columns = [col("Стадія", 0, false), col("Дійшло", 100, true), col("Частка", 160, false), col("Сума, ₴", 140, true)];
    let rows: Vec<Row> = stages
        .iter()
        .map(|s| Row {
            id: s.0.into(),
            href: "/partners.html".into(),
            off: false,
            cells: vec![
                Cell::Name(s.0.into(), "/partners.html".into()),
                Cell::Number(s.1.to_string().into()),
                Cell::Markup(share(f64::from(s.1) / 148.0)),
                Cell::Money(format!("{}50.20", s.1 * 113).into(), 2),
            ],
        })
        .collect();
    let months = ["12.25", "01.26", "02.26", "03.26", "04.26", "05.26", "06.26", "07.26", "08.26", "09.26", "10.26", "11.26"];
    let money = |v: &str| Fig::new("", Money::new(LANG, v).unit("₴").render());
    let content = html! {
        (PageHead { title: "Воронка", list: false, line: false, about: html! { span class="m2" { "01.09–20.11, проти того ж періоду торік" } }, actions: html! { (Button::new(Kind::Third, "Експорт").icon("download").link("#")) (Segments { label: "Вигляд", items: &[("Графік", "chart-bar", "#", true), ("Таблиця", "layout-list", "#", false)] }) } })
        form class="k-params" method="get" { label { "з" input class="form-control" type="date" name="from" value="2026-09-01"; } label { "до" input class="form-control" type="date" name="to" value="2026-11-20"; } label { "за" select class="form-select" name="by" { option { "стадіями" } option { "менеджерами" } } } button class="btn btn-2 btn-s" { "Показати" } }
        div class="k-body" {
            dl class="k-figures" { (Fig { label: "Виграно", ..money("1846200") }) (Fig { label: "Відкрито", ..money("7764900") }) (Fig { note: "−2,4", note_class: "neg", ..Fig::new("Частка виграних", html! { "16,2 %" }) }) }
            div class="pad" { (Chart { label: "Воронка", kind: ChartKind::Bar, unit: "", height: "h420", links: vec!["/partners.html".into()], categories: stages.iter().map(|s| s.0.to_owned()).collect(), series: vec![
                Series { name: "Цей період", values: stages.iter().map(|s| Some(s.1.to_string())).collect(), role: SeriesRole::Now, bad: vec![3] }, Series { name: "Торік", values: stages.iter().map(|s| Some(s.2.to_string())).collect(), role: SeriesRole::Compare, bad: vec![] },
            ] }) }
            (Table { lang: LANG, label: "Воронка", columns: &columns, rows: &rows, totals: None, foot: None, next: None, select: None, peek: false })
            div class="pad" { h3 { "Оборот за місяцями" } (Chart { label: "Оборот", kind: ChartKind::Column, unit: "₴", height: "", links: vec![], categories: months.map(String::from).to_vec(), series: vec![Series { name: "Оборот", values: (0..12).map(|i| Some(format!("{}.50", 200_000 + i * 31_000 % 170_000))).collect(), role: SeriesRole::Now, bad: vec![] }] }) }
            div class="pad" { h3 { "Борг" } (Chart { label: "Борг", kind: ChartKind::Line, unit: "₴", height: "", links: vec![], categories: months.map(String::from).to_vec(), series: vec![Series { name: "Борг", values: (0..12).map(|i| (i != 4).then(|| format!("{}", 400_000 - i * 21_000 % 170_000))).collect(), role: SeriesRole::Now, bad: vec![] }, Series { name: "Торік", values: (0..12).map(|i| Some(format!("{}", 300_000 + i * 11_000))).collect(), role: SeriesRole::Compare, bad: vec![] }] }) }
        }
    };
    crate::page(LANG, "reports", &[("Звіти", Some("/report.html")), ("Воронка", None)], content, None)
}

pub fn form() -> String {
    let text = |value| Control::Text { value, kind: "text", placeholder: "" };
    let groups = [
        FieldGroup {
            title: "Головне",
            fields: vec![
                Field::new("name", "Назва", text(crate::UGLY[2])).required(),
                Field::new("region", "Регіон", Control::Select { value: "kyiv", options: &[("kyiv", "Київ"), ("lviv", "Львів")] })
                    .width("w3"),
                Field::new("since", "Клієнт з", Control::Date { value: "2019-03-01" }).width("w3"),
                Field::new("tax_id", "Код ЄДРПОУ", text("99000017"))
                    .width("w4")
                    .wrong(Some(Wrong {
                        text: "Контрольна цифра не збігається: після 9900001 має бути 1.", hint: "Має бути 99000011"
                    })),
                Field {
                    conflict: Some(Conflict {
                        lang: LANG,
                        field: "payment_days",
                        base: "30 днів",
                        theirs: ("Т. Мельник", "21 день", "21"),
                        yours: ("45 днів", "45"),
                    }),
                    ..Field::new("payment_days", "Відстрочка, днів", Control::Number { value: "45" }).width("w4")
                },
                Field::new("limit", "Ліміт кредиту, ₴", Control::Number { value: "500000" }).width("w4"),
                Field::new(
                    "manager_id",
                    "Менеджер",
                    Control::Reference(Reference {
                        id: "u1",
                        title: "Олена Коваль",
                        source: "/users",
                        depends: "",
                        create: None,
                        placeholder: "Виберіть…",
                    }),
                )
                .hint("Відповідає за партнера"),
                Field::new(
                    "head_partner_id",
                    "Головний партнер",
                    Control::Reference(Reference {
                        id: "",
                        title: "",
                        source: "/partners",
                        depends: "",
                        create: Some("/form.html"),
                        placeholder: "Виберіть…",
                    }),
                ),
                Field::new(
                    "roles",
                    "Ролі",
                    Control::Checks {
                        values: &["client"],
                        options: &[("client", "клієнт"), ("supplier", "постачальник"), ("carrier", "перевізник")],
                    },
                )
                .width("w12"),
                Field::new("vip", "", Control::Check { on: true, text: "Показувати в огляді" }),
                Field::new("note", "Нотатки", Control::Area { value: crate::UGLY[0], rows: 3 }).width("w12"),
            ],
        },
        FieldGroup {
            title: "Реквізити",
            fields: vec![Field::new("iban", "IBAN", text("UA213223130000026007233566001")), Field::new("address", "Адреса", text(""))],
        },
    ];
    let wrong = ["Код ЄДРПОУ: контрольна цифра не збігається".to_owned()];
    let content = html! {
        (PageHead { title: "Київелектропостач", list: false, line: true, about: html! { span class="m2" { "зміни" } }, actions: html! {} })
        (Form { lang: LANG, action: "/form.html", csrf: "gallery", version: "3", draft: Some("partners/p1"), kept: Some(serde_json::json!({"saved_at": "2026-11-20T12:32:00Z", "data": {"name": "Київелектропостач Плюс"}})), wrong: Some(("Не збережено: виправте одне поле", &wrong)), groups: &groups, actions: html! {}, cancel: "/partner.html", multipart: false })
    };
    crate::page(
        LANG,
        "partners",
        &[("Партнери", Some("/partners.html")), ("Київелектропостач", Some("/partner.html")), ("Змінити", None)],
        content,
        None,
    )
}

pub fn states() -> String {
    let content = html! {
        (PageHead { title: "Складові", list: false, line: true, about: html! {}, actions: html! { (Button::new(Kind::Second, "Сторнувати…").opens("#reverse")) } })
        div class="k-body pad" {
            div class="row-f wrap" { (Button::new(Kind::Primary, "Провести")) (Button::new(Kind::Second, "Зберегти")) (Button::new(Kind::Third, "Експорт")) (Button::new(Kind::Negative, "Прибрати")) button class="btn btn-primary" disabled { "Провести" } button class="btn btn-2 is-focus" { "Фокус" } }
            div class="row-f wrap mt12" { @for (text, tone) in [("пропозиція", Tone::Plain), ("чернетка", Tone::Accent), ("оплачено", Tone::Good), ("розгляд", Tone::Waits), ("прострочено", Tone::Bad)] { (Badge { text, tone }) (Dot { text, tone }) } }
            div class="mt12" { (Job { title: "Перерахунок цін, 41 200 з 64 000", note: "лишилося 12 с, можна йти далі", done_percent: 64, stop: html! { button class="btn btn-3 btn-s" { "Зупинити" } } }) }
            div class="mt12" { (Skeleton(3)) }
            div class="mt12" { (Empty { icon: "shopping-cart", title: "Замовлень ще немає", text: "Почніть з артикула або вставте таблицю з Excel.", bare: false, actions: Button::new(Kind::Primary, "Замовлення").key("n").link("/order.html") }) }
            div class="mt12" { (Section { title: "Секція", count: Some(2), aside: html! {}, body: html! { p { "Текст" } } }) }
            (Failure { icon: "refresh", title: "Сервер не відповів за 10 секунд", text: "Введене збережено на цьому комп’ютері.", event: "Номер події 7f3a-19.", actions: html! { (Button::new(Kind::Second, "Ще раз").link("/states.html")) (Button::new(Kind::Third, "Працювати далі").link("/home.html")) } })
        }
        (Dialog { lang: LANG, id: "reverse", title: "Сторнувати відвантаження ВН-003961?", text: "На склад повернуться 19 позицій на 38 215,50 ₴, борг Київелектропостач зменшиться. Документ лишиться в історії.", fields: &[], verb: "Сторнувати", danger: true, action: None })
    };
    crate::page(LANG, "home", &[("Складові", None)], content, None)
}

pub fn sign_in(lang: Lang) -> String {
    SignIn {
        lang,
        theme: Theme::Auto,
        csrf: "gallery",
        back: "/",
        login: "",
        wrong: (lang == Lang::En).then_some("Wrong login or password"),
        code: false,
        demo: &[("director", "demo", "Директор"), ("sales", "demo", "Продавець"), ("store", "demo", "Комірник")],
        nobody: false,
    }
    .render()
    .into_string()
}
