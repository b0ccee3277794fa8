//! The board of deals.

use kontor_texts::Lang;
use kontor_web::ui::badge::Tone;
use kontor_web::ui::board::{Board, Card, Folded, Stage};
use kontor_web::ui::filters::{Chip, Fields, Filters};
use kontor_web::ui::head::{PageHead, Segments};
use maud::html;

const LANG: Lang = Lang::Uk;

pub fn page() -> String {
    let titles = [
        "Кабель для СТО, 1,2 км",
        "Розетки й вимикачі, 2 під’їзди",
        "Щит обліку для котеджу",
        "Генератор і АВР",
        "LED-вивіски, 14 точок",
        crate::UGLY[0],
        "Електрика під ключ, офіс 1 800 м²",
    ];
    let partners = [
        "Рубіж-Автоматика",
        "Нивки Будпостач",
        "сайт, Максим Р.",
        "Теремки Електроопт",
        "Віта-Лайт",
        crate::UGLY[1],
        "Об’єднані Монтажники",
    ];
    let managers = ["Олена Коваль", "Іван Гнатюк", "Павло Сидоренко", "Тарас Мельник"];
    let card = |s: usize, i: usize| Card {
        id: ["d0", "d1", "d2", "d3", "d4", "d5", "d6"][i % 7],
        version: 1,
        href: "/partner.html",
        title: titles[(i + s) % 7],
        partner: partners[(i + s) % 7],
        amount: ["74200", "38600", "12450", "196000.50", "58900", "999999999999", "1124000"][(i + s) % 7],
        unit: "",
        percent: Some([18, 31, 44, 63, 84, 9, 58][(i * 3 + s) % 7]),
        idle: (i == 2).then_some("12 дн"),
        next: Some(if i == 2 {
            ("дефектний акт", "17.11", true)
        } else {
            ("зателефонувати", "сьогодні", false)
        }),
        manager: managers[(i + s) % 4],
    };
    let stages: Vec<Stage> = [
        ("Звернення", 6, "407450", "54248", 0.19),
        ("Кваліфікація", 5, "1981700", "638127", 0.94),
        ("Пропозиція", 5, "1867450", "825707", 0.89),
        ("Переговори", 4, "2107700", "1273940", 1.0),
        ("Договір", 3, "1400600", "1188262", 0.66),
    ]
    .into_iter()
    .enumerate()
    .map(|(s, (title, n, sum, weighted, share))| Stage {
        id: ["s0", "s1", "s2", "s3", "s4"][s],
        title,
        count: n,
        sum,
        weighted,
        share,
        cards: (0..n as usize).map(|i| card(s, i)).collect(),
        more: (s == 0).then_some("/partners.html"),
    })
    .collect();
    let content = html! {
        (PageHead { title: "Угоди", list: true, line: false, about: html! { span class="m2" { "23 відкриті · " span class="n m0" { "7 764 900 ₴" } " · зважено " span class="n m0" { "3 980 284 ₴" } } },
            actions: html! { (Segments { label: "Вигляд", items: &[("Дошка", "layout-kanban", "/deals.html", true), ("Список", "layout-list", "/partners.html", false), ("Воронка", "filter", "/report.html", false)] }) } })
        (Filters { lang: LANG, action: "/deals.html", chips: &[Chip { name: "state", value: "open", label: "стан", op: ":", text: "відкрита" }], fields: &Fields::default(), q: "", keep: &[], aside: html! { span class="row-f s12 m1 wide-only" { span class="dot r" {} "прострочений крок 4" span class="dot w" {} "без руху 5" } } })
        (Board { lang: LANG, label: "Дошка угод", collection: "deals", stages: &stages, moves: true, begin: html! {}, folded: &[
            Folded { title: "Виграно", count: 12, sum: "1846200", tone: Tone::Good, href: "/partners.html", verb: None }, Folded { title: "Програно", count: 7, sum: "692400", tone: Tone::Bad, href: "/partners.html", verb: None },
        ] })
    };
    crate::page(
        LANG,
        "deals",
        &[("Продажі", None), ("Угоди", None)],
        content,
        Some(("«Трансформаторна, АВР» тепер у стадії «Договір»", Some("a1"))),
    )
}
