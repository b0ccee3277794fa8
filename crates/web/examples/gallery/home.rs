//! My day.

use kontor_texts::Lang;
use kontor_web::ui::badge::{Avatar, Tone};
use kontor_web::ui::figures::{Bars, Fig, Gauge, Section};
use kontor_web::ui::head::PageHead;
use kontor_web::ui::icons::{icon, icon_small};
use kontor_web::ui::table::{Cell, Column, Row, Show, Table};
use maud::{Markup, Render, html};

const LANG: Lang = Lang::Uk;

fn critical() -> Markup {
    let col = |title: &'static str, width, right, show| Column { title: title.into(), width, right, show, ..Column::default() };
    let columns = [
        col("Замовлення", Some(112), false, Show::Always),
        col("Партнер", Some(176), false, Show::Wide),
        col("Сума, ₴", Some(112), true, Show::Always),
        col("Що не так", None, false, Show::Wide),
        col("", Some(122), true, Show::Wide),
    ];
    let row = |n: &'static str, p: &'static str, sum: &'static str, what: &'static str, tone, act: &'static str| Row {
        id: n.into(),
        href: "/order.html".into(),
        off: false,
        cells: vec![
            Cell::Name(n.into(), "/order.html".into()),
            Cell::Text(p.into()),
            Cell::Money(sum.into(), 2),
            Cell::Dot(what.into(), tone),
            Cell::Markup(html! { a class="lk" href="/order.html" { (act) } }),
        ],
    };
    let rows = [
        row("КВ-004812", "Київелектропостач", "146843.04", "кредит +59 223, кабель −260 м", Tone::Bad, "розв’язати"),
        row("КВ-004777", "Ґрант Електро", "184310", "оплачено, не відвантажено 3 дні", Tone::Bad, "відвантажити"),
        row("КВ-004768", "Щитова Фабрика №4", "96420.60", "резерв спливає сьогодні о 18:00", Tone::Waits, "подовжити"),
        row("КВ-004751", crate::UGLY[0], "999999999999.99", "недовидано 2 рядки, прибуття 23.11", Tone::Waits, "частинами"),
    ];
    Table {
        lang: LANG,
        label: "Критичні замовлення",
        columns: &columns,
        rows: &rows,
        totals: None,
        foot: None,
        next: None,
        select: None,
        peek: false,
    }
    .render()
}

pub fn page() -> String {
    let task = |when: &str, late: bool, done: bool, what: &str, who: &str, name: &str| {
        html! {
            li class=(if done { "k-task done" } else { "k-task" }) {
                input class="form-check-input" type="checkbox" checked[done] aria-label={ "Зроблено: " (what) };
                span class=(if late { "tn s12 neg b5" } else { "tn s12 m2" }) { (when) } span class="cut" { (what) } span class="s12 m2 cut" { (who) } span class="m2" { (icon_small(name)) }
            }
        }
    };
    let call = |name: &str, partner: &str, what: &str, when: &str| {
        html! {
            li class="k-call" { (Avatar { name, size: "", me: false }) p class="cut" { b class="b5" { (name) } " " span class="m2" { "· " (partner) } br; span class="s12 m1" { (what) } } span class="tn s12 m2" { (when) } a class="k-icb" href="tel:+380" aria-label={ "Набрати: " (name) } { (icon("phone")) } }
        }
    };
    let content = html! {
        (PageHead { title: "П’ятниця, 20 листопада", list: false, line: true, about: html! { span class="m2 cut" { "Олено, на сьогодні " span class="m0" { "7 справ" } ", 2 критичні замовлення можна розв’язати до обіду" } }, actions: html! { span class="s12 m2 wide-only" { "курс НБУ " span class="n m1" { "€ 48,2510 · $ 41,6830" } } } })
        div class="k-home" {
            div {
                div class="k-h in" { h3 { "Сьогодні" i { "лишилося 5 з 7" } } div class="k-seg" { button type="button" class="on" { "Мої" } button type="button" { "Доручені мною" } button type="button" { "Відділ" } } }
                ul class="k-ul" {
                    (task("вчора", true, false, "Відповісти на претензію 118: три щити з подряпинами", "Київелектропостач", "alert-triangle"))
                    (task("12:00", false, false, "Погодити з Мельником знижку 9 % на щитки поверхові", "Промінь-Щит", "percentage"))
                    (task("14:00", false, false, crate::UGLY[0], crate::UGLY[0], "users"))
                    (task("09:20", false, true, "Надіслати КП-001941 у двох варіантах", "Столичні Кабелі", "file-text"))
                }
                div class="k-h in" { h3 { "Критичні замовлення" i { "8" } } a class="lk s12" href="/partners.html" { "усі правила" } }
                (critical())
                div class="k-h in" { h3 { "Сповіщення" i { "3 нові" } } a class="lk s12" href="#" { "прочитати всі" } }
                ul class="pad" { li class="k-note pos" { (icon("cash")) span class="cut" { "Надійшло " b class="b5 n" { "84 000,00" } " від Київелектропостач за КВ-004731" } time { "09:41" } } li class="k-note" { (icon("tags")) span class="cut" { "З 01.12 активується вид ціни «РРЦ, EUR»: 1 284 артикули, середня зміна +1,5 %" } time { "08:30" } } }
            }
            div {
                (Section { title: "План листопада", count: None, aside: html! { span class="s12 m2" { "15 з 21 робочого дня" } }, body: html! {
                    div class="k-plan" { (Gauge { label: "Виконано 74,8 %", fact: 0.748, due: 0.714, text: "74,8 %", note: "мало бути 71,4 %" })
                        dl class="k-figs" { (Fig::new("Факт", html! { "1 346 800" })) (Fig::new("План", html! { "1 800 000" })) (Fig { note: "104,8 %", note_class: "pos", note_above: true, ..Fig::new("Прогноз", html! { "1 885 520" }) }) (Fig::new("Треба на день", html! { "75 533" })) } }
                } })
                (Section { title: "Воронка", count: None, aside: html! { a class="lk s12" href="/report.html" { "де губимо" } }, body: Bars { rows: &[("Звернення", 0.19, 0.03, "407 450"), ("Кваліфікація", 0.94, 0.3, "1 981 700"), ("Пропозиція", 0.89, 0.39, "1 867 450"), ("Переговори", 1.0, 0.6, "2 107 700"), ("Договір", 0.66, 0.56, "1 400 600")] }.render() })
                div class="k-h in" { h3 { "Кому дзвонити" i { "8" } } button type="button" class="btn btn-2 btn-s" { (icon_small("player-play")) "Почати обдзвін" } }
                ul class="k-ul" { (call("Ірина Шевчук", "Київелектропостач", "оплата 68 940,00, прострочено 12 днів", "до 15:30")) (call("Віктор Луговий", "Лівобережжя Світло", "пропустили дзвінок 18.11, борг 142 300", "2 дні")) (call(crate::UGLY[1], crate::UGLY[1], crate::UGLY[0], "24.11")) }
            }
        }
    };
    crate::page(LANG, "home", &[("Мій день", None)], content, None)
}
