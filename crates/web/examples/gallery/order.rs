//! The order editor; `big` is one of a thousand lines with long names.

use kontor_texts::Lang;
use kontor_web::ui::badge::{Badge, Tone};
use kontor_web::ui::chain::{Chain, ChainItem, Link};
use kontor_web::ui::document::{Editor, LineColumn, PlainLine, Property, Total, save_buttons, saved_mark};
use kontor_web::ui::form::Reference;
use kontor_web::ui::head::{IconButton, PageHead};
use maud::{Render, html};
use serde_json::{Value, json};

const LANG: Lang = Lang::Uk;

/// Article, name, quantity, unit, price, discount, amount, free, margin.
type Sold = [&'static str; 9];

const LINES: [Sold; 9] = [
    ["EB63-1C16", "Автомат Elkor EB-63 1P C16, 6 кА", "240", "шт", "62.30", "25.1", "14952", "1860", "21.2"],
    ["EB63-2C25", "Автомат Elkor EB-63 2P C25, 6 кА", "120", "шт", "105.55", "25.1", "12666", "412", "20.2"],
    ["EB63-3C40", "Автомат Elkor EB-63 3P C40, 6 кА", "36", "шт", "214.90", "22", "7736.40", "58", "20.2"],
    ["RD2-40-30", "ПЗВ Elkor RD-2 2P 40 А, 30 мА, тип A", "24", "шт", "486.20", "22", "11668.80", "31", "19.4"],
    [
        "SM-24PZ",
        "Щит Lumira SM-24 навісний, IP41, дверцята димчасті, з клемами і шиною заземлення",
        "12",
        "шт",
        "742",
        "18",
        "8904",
        "19",
        "19.4",
    ],
    ["VV-3X2,5", "Кабель ВВГнг-LS 3×2,5 мм², бухта 100 м", "600", "м", "48.35", "12", "29010", "340", "10.9"],
    ["VV-3X1,5", "Кабель ВВГнг-LS 3×1,5 мм², бухта 100 м", "400", "м", "31.20", "12", "12480", "2150", "11.5"],
    ["LP-60-36", "Панель LED Lumira LP-60, 36 Вт, 4000 K", "40", "шт", "389", "19.1", "15560", "96", "17.2"],
    ["RZ-16W", "Розетка Lumira Rondo 16 А із заземленням, біла", "160", "шт", "58.70", "20", "9392", "744", "23.5"],
];

fn line(i: usize) -> Value {
    let l = LINES[i % LINES.len()];
    json!({
        "id": format!("l{i}"), "product": {"id": format!("p{i}"), "title": l[1]}, "sku": l[0], "quantity": l[2], "unit": {"id": "u1", "title": l[3]},
        "price": l[4], "discount_percent": l[5], "amount": l[6], "available": l[7], "margin_percent": l[8], "margin_thin": l[8].starts_with("1") && l[8] < "12",
        "price_by_hand": i % LINES.len() == 7, "rule_price": "405.60", "currency": "₴",
        "trace": {"steps": [
            {"step": "value", "rule": {"kind": "price_type", "name": "РРЦ, EUR"}, "text": "діє з 01.11.2026, увів Мельник Т.", "after": {"price": "2.85"}, "currency": "EUR"},
            {"step": "convert", "rule": {"kind": "rates", "name": "Комерційний", "url": "/states.html"}, "text": "20.11.2026: 1 € = 48,7340 ₴", "after": {"price": "138.8919"}, "change": "× 48,7340",
             "tried": [{"rule": {"kind": "rates", "name": "Курс НБУ"}, "lost": {"text": "в умовах комерційний курс"}}]},
            {"step": "discount", "rule": {"kind": "agreement", "name": "Дилер А"}, "text": "категорія «Модульне обладнання»", "after": {"price": "105.55"}, "change": "−22 %"},
        ]}
    })
}

pub fn page(big: bool) -> String {
    let count = if big { 1000 } else { LINES.len() };
    let lines: Vec<Value> = (0..count).map(line).collect();
    let document = json!({"id": "o1", "version": 3, "number": "КВ-004812", "lines": lines, "total": "146843.04"});
    let plain: Vec<PlainLine> = LINES
        .iter()
        .map(|l| PlainLine {
            id: "l",
            product_id: "p",
            values: vec!["", l[0], l[1], l[2], l[3], l[4], l[5], l[6], l[7], l[8]],
            rules: vec![],
        })
        .collect();
    let c = |name, title, width, right, edit, least| LineColumn { name, title, width, right, edit, least };
    let columns = [
        c("n", "№", Some(40), true, false, 0),
        c("sku", "Артикул", Some(100), false, true, 0),
        c("name", "Назва", None, false, false, 0),
        c("quantity", "К-сть", Some(64), true, true, 0),
        c("unit", "Од.", Some(42), false, false, 0),
        c("price", "Ціна, ₴", Some(80), true, true, 2),
        c("discount_percent", "Зн., %", Some(60), true, true, 0),
        c("amount", "Сума, ₴", Some(104), true, false, 2),
        c("available", "Вільно", Some(70), true, false, 0),
        c("margin_percent", "Маржа", Some(72), true, false, 0),
    ];
    let reference =
        |id, name, title, source| Reference { id: "1", title, source, depends: "", create: None, placeholder: "" }.bare(id, name, true);
    let properties = [
        Property {
            id: "f-partner_id",
            label: "Партнер",
            control: reference("f-partner_id", "partner_id", "Київелектропостач", "/partners"),
            wrong: "",
        },
        Property {
            id: "f-agreement_id",
            label: "Умови",
            control: reference("f-agreement_id", "agreement_id", "Дилер-Київ 2026", "/agreements"),
            wrong: "",
        },
        Property {
            id: "f-warehouse_id",
            label: "Склад",
            control: reference("f-warehouse_id", "warehouse_id", "Київ, Віскозна", "/warehouses"),
            wrong: "",
        },
        Property {
            id: "f-date",
            label: "Дата",
            control: html! { input id="f-date" class="form-control" type="date" name="date" value="2026-11-20"; },
            wrong: "",
        },
        Property {
            id: "f-ship_to",
            label: "Доставка",
            control: html! { input id="f-ship_to" class="form-control" name="ship_to" value="24.11, наш транспорт"; },
            wrong: "",
        },
    ];
    let item = |title, note, icon, link| ChainItem { title, note, icon, href: Some("/order.html"), link };
    let head = html! {
        (PageHead { title: "КВ-004812", list: false, line: false, about: html! { (Badge { text: "чернетка", tone: Tone::Accent }) (saved_mark()) },
            actions: html! { (IconButton { icon: "printer", label: "Друк", href: None }) (save_buttons(LANG, "Підтвердити", "confirm")) } })
        (Chain { label: "Ланцюг документів", items: &[
            item("Угода", "ЖК «Русанівка» · 640 000", "target-arrow", Link::Done), item("КП-001934, в. 3", "прийнято 18.11", "file-text", Link::Done), item("КВ-004812", "чернетка · 146 843,04", "shopping-cart", Link::Here),
            item("Відвантаження", "бажано 24.11", "truck-delivery", Link::Next), item("Оплата", "30 днів · до 24.12", "cash", Link::Next),
        ] })
    };
    let t = |key, label, value, least, main| Total { key, label, value, least, main };
    let content = Editor {
        lang: LANG,
        collection: "sales-orders",
        id: "o1",
        version: "3",
        csrf: "gallery",
        action: "/order.html",
        readonly: false,
        draft: Some("sales-orders/o1"),
        kept: None,
        document: &document,
        head,
        properties: &properties,
        columns: &columns,
        lines: &plain,
        totals: &[
            t("gross", "До знижок", "150731.51", 2, false),
            t("discount_total", "Знижки", "-28362.31", 2, false),
            t("net_total", "Без ПДВ", "122369.20", 2, false),
            t("vat_total", "ПДВ", "24473.84", 2, false),
            t("total", "До сплати, ₴", "146843.04", 2, true),
            t("margin", "Маржа", "20762.80", 2, false),
        ],
        confirm: "confirm",
        confirm_field: Some("confirm"),
        preview: None,
    }
    .render();
    crate::page(LANG, "sales-orders", &[("Замовлення", Some("/partners.html")), ("КВ-004812", None)], content, None)
}
