//! Renders the components with invented and ugly data into HTML files, to be looked at and tested in a browser:
//! `cargo run -p kontor-web --example gallery -- OUT_FOLDER`; `tests/browser/gallery.mjs` serves and photographs them.

mod card;
mod deals;
mod home;
mod list;
mod order;
mod others;

use kontor_texts::{Lang, tr};
use kontor_web::ui::head::{Button, Kind};
use kontor_web::ui::shell::{Frame, NavGroup, NavItem, PaletteCommand, Shell, Theme};
use maud::{Markup, Render};
use std::path::PathBuf;

/// A name that is too long, one from right to left, one that tries to be markup.
pub const UGLY: [&str; 3] = [
    "Товариство з обмеженою відповідальністю «Науково-виробниче підприємство з монтажу, налагодження та обслуговування низьковольтних комплектних пристроїв і систем автоматизації будівель Півдня України», філія 4",
    "شركة الكهرباء للتجارة والمقاولات",
    "<script>alert('x')</script> & \"лапки\"",
];

pub fn nav(lang: Lang) -> Vec<NavGroup<'static>> {
    let item = |key: &'static str, icon, count, go, phone| NavItem {
        key,
        title: tr(lang, key),
        href: href(key),
        icon,
        count,
        hot: false,
        go,
        phone,
    };
    vec![
        NavGroup {
            title: "",
            folded: false,
            items: vec![NavItem { title: tr(lang, "page-home"), ..item("home", "home", Some(7), Some("h"), true) }],
        },
        NavGroup {
            title: "Продажі",
            folded: false,
            items: vec![
                item("partners", "building-store", None, Some("p"), true),
                item("deals", "target-arrow", Some(23), Some("d"), true),
                item("quotes", "file-text", Some(11), Some("q"), false),
                item("sales-orders", "shopping-cart", Some(28), Some("o"), true),
                item("shipments", "truck-delivery", Some(9), None, false),
                NavItem { hot: true, ..item("payments", "cash", Some(2), None, false) },
            ],
        },
        NavGroup {
            title: "Товари",
            folded: false,
            items: vec![
                item("products", "box", None, None, false),
                item("prices", "tags", None, None, false),
                item("stock-receipts", "building-warehouse", None, Some("s"), false),
            ],
        },
        NavGroup {
            title: "Робота",
            folded: false,
            items: vec![item("interactions", "headset", Some(5), None, false), item("reports", "chart-histogram", None, Some("r"), false)],
        },
    ]
}

fn href(key: &str) -> &'static str {
    match key {
        "home" => "/home.html",
        "partners" => "/partners.html",
        "deals" => "/deals.html",
        "sales-orders" => "/order.html",
        "reports" => "/report.html",
        _ => "/states.html",
    }
}

/// A page in the frame.
pub fn page(lang: Lang, here: &str, crumbs: &[(&str, Option<&str>)], content: Markup, toast: Option<(&str, Option<&str>)>) -> String {
    let commands = [PaletteCommand { title: "Нове замовлення", href: "/order.html", icon: "shopping-cart" }];
    let frame = Frame::new(lang, nav(lang), &commands);
    let title = crumbs.last().map_or("", |c| c.0);
    Shell {
        lang,
        theme: Theme::Auto,
        csrf: "gallery",
        title,
        company: ("Вольтарія", "ТОВ «Вольтарія Трейд»"),
        user: "Олена Коваль",
        frame: &frame,
        here,
        crumbs,
        create: Button::new(Kind::Second, tr(lang, "page-list-new")).icon("plus").key("n").link("/form.html"),
        notices: Some((3, "/states.html")),
        content,
        toast,
        partial: false,
    }
    .render()
    .into_string()
}

fn main() -> std::io::Result<()> {
    let out = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "gallery".into()));
    std::fs::create_dir_all(&out)?;
    let pages = [
        ("partners.html", list::page(false)),
        ("partners-empty.html", list::page(true)),
        ("peek.html", list::peek()),
        ("partner.html", card::page()),
        ("order.html", order::page(false)),
        ("order-big.html", order::page(true)),
        ("deals.html", deals::page()),
        ("home.html", home::page()),
        ("report.html", others::report()),
        ("form.html", others::form()),
        ("states.html", others::states()),
        ("sign-in.html", others::sign_in(Lang::Uk)),
        ("sign-in-en.html", others::sign_in(Lang::En)),
    ];
    for (name, html) in pages {
        std::fs::write(out.join(name), html)?;
    }
    println!("{}", out.display());
    Ok(())
}
