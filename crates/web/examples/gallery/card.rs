//! Card of a partner: four answers, tabs, open things, timeline, side column.

use kontor_texts::Lang;
use kontor_web::ui::Money;
use kontor_web::ui::badge::{Avatar, Badge, Tone};
use kontor_web::ui::figures::{Answer, Answers, Fig, Months, Pairs, Section};
use kontor_web::ui::head::{Button, IconButton, Kind, Menu, PageHead, Tab, Tabs};
use kontor_web::ui::icons::{icon, icon_muted, icon_small};
use kontor_web::ui::table::{Cell, Column, Row, Show, Table};
use kontor_web::ui::timeline::{Day, Event, Mood, Timeline};
use maud::{Markup, Render, html};

const LANG: Lang = Lang::Uk;

fn open_things() -> Markup {
    let columns: Vec<Column> = [
        (Some(136), false, Show::Always),
        (None, false, Show::Always),
        (Some(126), false, Show::Wide),
        (Some(104), true, Show::Always),
        (Some(198), false, Show::Widest),
        (Some(80), true, Show::Wide),
    ]
    .into_iter()
    .map(|(width, right, show)| Column { width, right, show, ..Column::default() })
    .collect();
    let row = |name: &str,
               kind: &str,
               title: &'static str,
               state: &'static str,
               tone,
               sum: &'static str,
               note: &'static str,
               date: &'static str| Row {
        id: kind.to_owned().into(),
        href: "/order.html".into(),
        cells: vec![
            Cell::Markup(html! { span class="m1" { (icon_muted(name)) " " (kind) } }),
            Cell::Name(title.into(), "/order.html".into()),
            Cell::Badge(state.into(), tone),
            Cell::Money(sum.into(), 2),
            Cell::Sub(note.into()),
            Cell::Right(date.into(), if tone == Tone::Bad { Tone::Bad } else { Tone::Plain }),
        ],
        off: false,
    };
    let rows = [
        row("target-arrow", "Угода", "Щитові на ЖК «Русанівка»", "Договір", Tone::Accent, "640000", "чекаємо підпис специфікації", "24.11"),
        row(
            "shopping-cart",
            "КВ-004812",
            "Модульне обладнання, кабель",
            "чернетка",
            Tone::Accent,
            "146843.04",
            "2 перешкоди: кредит, залишок",
            "24.11",
        ),
        row("truck-delivery", "ВН-003961", "за КВ-004768", "у дорозі", Tone::Accent, "38215.50", "водій Бойко, прибуття 16:20", "сьогодні"),
        row("file-invoice", "РФ-005120", "за КВ-004655", "прострочено", Tone::Bad, "46120", "12 дн, обіцяли 20.11", "08.11"),
        row("alert-triangle", "Претензія 118", "3 щити з подряпинами", "розгляд", Tone::Waits, "2226", "чекаємо постачальника", "25.11"),
    ];
    Table {
        lang: LANG, label: "Відкрите", columns: &columns, rows: &rows, totals: None, foot: None, next: None, select: None, peek: false
    }
    .render()
}

fn timeline() -> Markup {
    let event = |icon: &'static str, mood, title: &'static str, aside, text, time| Event {
        icon,
        mood,
        title: html! { b class="b5" { (title) } },
        aside,
        text,
        time,
        actions: None,
    };
    Timeline {
        more: None,
        days: vec![
            Day { title: "Сьогодні, 20 листопада", events: vec![
                event("phone-outgoing", Mood::Now, "Дзвінок заплановано", "Ірина Шевчук, бухгалтерія", "Уточнити дату оплати за РФ-005120; без неї КВ-004812 не пройде за кредитом.", "до 15:30"),
                Event { icon: "pencil", mood: Mood::Plain, title: html! { b class="b5" { "Олена Коваль" } " створила замовлення " a class="lk" href="/order.html" { "КВ-004812" } }, aside: "з пропозиції КП-001934", text: "", time: "13:58", actions: None },
            ] },
            Day { title: "Вчора", events: vec![
                event("cash", Mood::Good, "Оплата 84 000,00", "закрила КВ-004731 повністю, лишок 1 120,00 на КВ-004655", "", "17:41"),
                event("mail", Mood::Plain, "Лист від О. Бондаря", "Re: Специфікація щитів, версія 3", "«Погоджуємо, але ґратку вентиляції ставте з фільтром. Рахунок чекаємо у понеділок…»", "11:06"),
            ] },
            Day { title: "18 листопада", events: vec![event("alert-triangle", Mood::Bad, "Претензія 118", "3 щити SM-24PZ з подряпинами, 4 фото", "", "09:15")] },
        ],
    }
    .render()
}

pub fn page() -> String {
    let money = |d| Money::new(LANG, d).render();
    let answers = [
        Answer {
            title: "Хто",
            next: false,
            body: html! { p class="lead" { "Олександр Бондар · закупівлі" } p { "вирішує сам до 300 000" } p class="m2" { "веде Олена Коваль · заміна Гнатюк І." } },
        },
        Answer {
            title: "Винні нам",
            next: false,
            body: html! { div class="big" { (Money::new(LANG, "412380.40").unit("₴")) } p { span class="neg b5 n" { "68 940,00 прострочено" } " · 12 дн" } p class="m2" { "вільний кредит 87 619,60 з 500 000" } },
        },
        Answer {
            title: "Що відбувається",
            next: false,
            body: html! { div class="big" { "+18,4 %" small { "до торік" } } p { "2 угоди на 926 400 у роботі" } p class="m2" { "3 замовлення, 1 претензія" } },
        },
        Answer {
            title: "Далі",
            next: true,
            body: html! { p class="lead" { "Передзвонити: оплата 68 940,00" } p { "Ірина Шевчук · сьогодні до 15:30" } div class="row-f g4 mt4" { button type="button" class="btn btn-2 btn-s" { (icon_small("phone")) "Набрати" } button type="button" class="btn btn-3 btn-s" { "Зроблено" } button type="button" class="btn btn-3 btn-s" { "На завтра" } } },
        },
    ];
    let person = |name: &str, role: &str, phone: &str| html! { div class="k-person" { (Avatar { name, size: "s32", me: false }) div class="grow" { div class="b5" { (name) } div class="s12 m2" { (role) } } span class="n m1 s12" { (phone) } (IconButton { icon: "phone", label: &format!("Подзвонити: {name}"), href: Some("tel:+380") }) } };
    let months: Vec<(&str, f64)> = ["гру", "січ", "лют", "бер", "кві", "тра", "чер", "лип", "сер", "вер", "жов", "лис"]
        .into_iter()
        .zip([27.7, 30.6, 34.2, 32.7, 37.7, 39.6, 36.5, 41.2, 43.5, 42.3, 49.2, 47.6])
        .collect();
    let content = html! {
        (PageHead { title: "Київелектропостач", list: false, line: false,
            about: html! { (Badge { text: "клієнт", tone: Tone::Plain }) (Badge { text: "дилер А", tone: Tone::Plain }) (Badge { text: "AX", tone: Tone::Accent }) span class="s12 m2 cut" { "Київ, Троєщина · з 2019 · 2 юрособи" } },
            actions: html! {
                span class="wide-only" title="Тарас Мельник теж тут" { (Avatar { name: "Тарас Мельник", size: "s18", me: false }) }
                (Menu { label: "Ще", icon: "dots", worded: false, items: html! { button type="button" { (icon("archive")) "До архіву" } hr; button type="button" { (icon("history")) "Зміни" } } })
                (Button::new(Kind::Third, "Змінити").icon("pencil").key("e").link("/form.html"))
                (Button::new(Kind::Second, "Дзвінок").icon("phone").link("/form.html"))
                (Button::new(Kind::Primary, "Замовлення").icon("shopping-cart").key("o").link("/order.html"))
            } })
        (Answers(&answers))
        (Tabs { label: "Частини картки", items: &[
            Tab { title: "Огляд", href: "/partner.html", count: None, here: true }, Tab { title: "Хронологія", href: "/partner.html", count: Some(248), here: false }, Tab { title: "Угоди", href: "/partner.html", count: Some(11), here: false },
            Tab { title: "Документи", href: "/partner.html", count: Some(164), here: false }, Tab { title: "Розрахунки", href: "/partner.html", count: None, here: false }, Tab { title: "Контакти", href: "/partner.html", count: Some(6), here: false }, Tab { title: "Зміни", href: "/partner.html", count: None, here: false },
        ] })
        div class="k-cols with-side" {
            div {
                div class="k-h in" { h3 { "Відкрите" i { "7" } } a class="lk s12" href="/partners.html" { "усі документи" } }
                (open_things())
                div class="pad" {
                    div class="k-h" { h3 { "Хронологія" } div class="k-seg" role="group" aria-label="Що показати" { button type="button" class="on" { "Усе" } button type="button" { "Розмови" } button type="button" { "Документи" } button type="button" { "Гроші" } } }
                    form class="k-compose" { input type="text" aria-label="Нотатка" placeholder="Занотувати розмову, поставити завдання…"; (IconButton { icon: "phone", label: "Дзвінок", href: None }) (IconButton { icon: "users", label: "Зустріч", href: None }) (IconButton { icon: "checkbox", label: "Завдання", href: None }) }
                    (timeline())
                }
            }
            aside class="k-side" {
                (Section { title: "Розрахунки", count: None, aside: html! { a class="lk s12" href="#" { "акт звірки" } }, body: crate::list::ages() })
                (Section { title: "Оборот, 12 місяців", count: None, aside: html! { span class="b6" { (money("4812640.20")) } }, body: html! {
                    (Months { label: "Оборот за 12 місяців", values: &months })
                    dl class="k-figs c3 mt8" {
                        (Fig { note: "−0,8", note_class: "neg", spark: Some(&[9.0, 8.0, 8.5, 7.0, 6.0]), ..Fig::new("Маржа", html! { "17,6 %" }) })
                        (Fig { spark: Some(&[2.0, 3.0, 3.5, 5.0]), ..Fig::new("Середній чек", html! { "58 690" }) })
                        (Fig { note: "має 30", spark: Some(&[2.0, 4.0, 1.0, 3.0]), ..Fig::new("Платять за", html! { "34 дн" }) })
                    }
                } })
                (Section { title: "Контакти", count: Some(6), aside: html! { button type="button" class="btn btn-3 btn-s" { (icon_small("plus")) "Додати" } }, body: html! {
                    (person("Олександр Бондар", "директор закупівель", "+380 67 000 41 12")) (person("Ірина Шевчук", "головна бухгалтерка", "+380 50 000 18 30")) (person(crate::UGLY[0], "комірник, приймає товар", "+380 63 000 77 05"))
                } })
                (Section { title: "Умови", count: None, aside: html! { a class="lk s12" href="#" { "Дилер-Київ 2026" } }, body: Pairs { wide: false, items: &[("Ціна", html! { "РРЦ EUR −22 %, від 100 шт ще −4 %" }), ("Оплата", html! { "30 днів, ліміт 500 000" }), ("Діє до", html! { "31.12.2026 · " span class="warn" { "41 день" } })] }.render() })
            }
        }
    };
    crate::page(
        LANG,
        "partners",
        &[("Партнери", Some("/partners.html")), ("Київ, винні нам", Some("/partners.html")), ("Київелектропостач", None)],
        content,
        None,
    )
}
