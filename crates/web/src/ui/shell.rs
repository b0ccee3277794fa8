//! The whole page: head with hashed assets, frame, rail, command field, the sheet with the page's content.

use super::badge::Avatar;
use super::icons::{icon, icon_small, sprite};
use super::keys::KeySheet;
use super::table::Room;
use super::words::{json_block, texts};
use crate::assets;
use kontor_kernel::HashMap;
use kontor_texts::{Lang, tr};
use maud::{DOCTYPE, Markup, PreEscaped, Render, html};
use serde_json::json;
use std::sync::{Arc, LazyLock, Mutex};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    /// From the cookie `theme`.
    pub fn parse(text: &str) -> Theme {
        match text {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::Auto,
        }
    }
    fn attribute(self) -> Option<&'static str> {
        match self {
            Theme::Auto => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        }
    }
}

pub struct NavItem<'a> {
    /// Entity or page; equals `Shell::here` on its own pages.
    pub key: &'static str,
    pub title: &'a str,
    pub href: &'a str,
    pub icon: &'a str,
    pub count: Option<i64>,
    /// The count is an alarm.
    pub hot: bool,
    /// Letter after `g`.
    pub go: Option<&'a str>,
    /// One of the places at the bottom of a phone.
    pub phone: bool,
}

pub struct NavGroup<'a> {
    pub title: &'a str,
    /// Shown as its title alone until it is opened, or one of its places is.
    pub folded: bool,
    pub items: Vec<NavItem<'a>>,
}

/// Something the palette can do from anywhere, e.g. "New order".
pub struct PaletteCommand<'a> {
    pub title: &'a str,
    pub href: &'a str,
    pub icon: &'a str,
}

/// What of a page's frame depends on the language and the caller's rights alone: drawn once for many pages.
pub struct Frame {
    lang: Lang,
    nav: Vec<NavGroup<'static>>,
    /// The sheet of keys, texts for the scripts, what the palette offers.
    tail: Markup,
    /// The rail and the bar of a phone, by the place that is lit; as many as there are places, and one for elsewhere.
    places: Mutex<HashMap<&'static str, Arc<[String; 2]>>>,
}

pub struct Shell<'a> {
    pub lang: Lang,
    pub theme: Theme,
    pub csrf: &'a str,
    /// Of the browser's tab; ` · Kontor` is added.
    pub title: &'a str,
    /// Organisation: short name and legal name.
    pub company: (&'a str, &'a str),
    pub user: &'a str,
    pub frame: &'a Frame,
    pub here: &'a str,
    /// Title and address; the last one is the page.
    pub crumbs: &'a [(&'a str, Option<&'a str>)],
    /// Right of the command field, usually the button that creates.
    pub create: Markup,
    /// Unread notices, address of their page.
    pub notices: Option<(u32, &'a str)>,
    pub content: Markup,
    /// Text of a toast and the audit entry that undoes it.
    pub toast: Option<(&'a str, Option<&'a str>)>,
    /// Answer to a request of the script that swaps `#app`: only that.
    pub partial: bool,
}

static HEAD: LazyLock<Markup> = LazyLock::new(|| {
    html! {
        link rel="icon" type="image/svg+xml" href=(assets::url("favicon.svg"));
        @for font in ["inter-latin.woff2", "inter-cyrillic.woff2"] { link rel="preload" as="font" type="font/woff2" crossorigin href=(assets::url(font)); }
        link rel="stylesheet" href=(assets::url("app.css"));
        @for script in assets::preloads() { link rel="modulepreload" href=(script); }
        script type="module" src=(assets::url("app.js")) {}
        meta name="sprite" content=(sprite());
        meta name="build" content=(assets::build_id());
    }
});

/// The frame of any page, also of those without a shell (sign-in, errors of strangers).
pub fn document(lang: Lang, theme: Theme, title: &str, csrf: &str, body: &Markup) -> Markup {
    html! {
        (Room(body.0.len() + 8_000))
        (DOCTYPE)
        html lang=(lang.code()) data-bs-theme=[theme.attribute()] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="csrf" content=(csrf);
                title { (title) " · Kontor" }
                (*HEAD)
            }
            body { (body) }
        }
    }
}

impl Render for Shell<'_> {
    fn render(&self) -> Markup {
        if self.partial {
            return html! { title { (self.title) " · Kontor" } (self.app()) };
        }
        let body = html! {
            (Room(self.content.0.len() + self.frame.tail.0.len() + 24_000))
            a class="k-skip" href="#main" { (tr(self.lang, "page-skip")) }
            div class="k-busy" aria-hidden="true" {}
            (self.app())
            (self.frame.tail)
            div class="k-toasts" role="status" aria-live="polite" {}
        };
        document(self.lang, self.theme, self.title, self.csrf, &body)
    }
}

impl Shell<'_> {
    fn app(&self) -> Markup {
        let places = self.frame.places(self.here);
        let [rail, phone_bar] = &*places;
        html! {
            (Room(self.content.0.len() + 24_000))
            div id="app" class="k-app" {
                div class="k-org" {
                    span class="k-mark" { (icon("scale")) }
                    div class="grow" { b class="cut" { (self.company.0) } small class="cut" { (self.company.1) } }
                }
                (self.top())
                (PreEscaped(rail))
                main id="main" class="k-main" tabindex="-1" {
                    (self.content)
                    @if let Some((text, undo)) = self.toast { span hidden data-toast=(text) data-undo=[undo] {} }
                }
                (PreEscaped(phone_bar))
            }
        }
    }

    fn top(&self) -> Markup {
        let word = |key| tr(self.lang, key);
        html! {
            header class="k-top" {
                nav class="k-crumb" aria-label=(word("ui-path")) {
                    @for (i, (title, href)) in self.crumbs.iter().enumerate() {
                        @if i > 0 { (icon_small("chevron-right")) }
                        @match href {
                            Some(href) if i + 1 < self.crumbs.len() => a href=(href) { (title) },
                            _ if i + 1 < self.crumbs.len() => span { (title) },
                            _ => b aria-current="page" { (title) },
                        }
                    }
                }
                button type="button" class="k-cmd" data-palette { (icon_small("search")) span { (word("page-search")) } kbd { "Ctrl K" } }
                div class="k-top-r" {
                    (self.create)
                    @if let Some((n, href)) = self.notices {
                        a class="k-icb" href=(href) aria-label={ (word("page-notifications")) @if n > 0 { ": " (n) } } { (icon("bell")) @if n > 0 { em { (n) } } }
                    }
                    button type="button" class="k-icb" data-theme-toggle aria-label=(word("page-theme")) title=(word("page-theme")) { (icon("moon")) }
                    (self.user_menu())
                }
            }
        }
    }

    fn user_menu(&self) -> Markup {
        let word = |key| tr(self.lang, key);
        html! {
            details class="k-menu" {
                summary class="k-icb" title=(self.user) { span class="vh" { (self.user) } (Avatar { name: self.user, size: "", me: true }) }
                div {
                    p { (self.user) }
                    a href="/profile" { (icon("user")) (word("page-profile")) }
                    button type="button" data-keys { (icon("keyboard")) (word("page-keys")) kbd { "?" } }
                    hr;
                    p { (word("page-language")) }
                    @for l in Lang::ALL { a href={ "/language/" (l.code()) } lang=(l.code()) data-full data-lang=(l.code()) class=[(l == self.lang).then_some("on")] { (icon("language")) (l.name()) } }
                    hr;
                    p { (word("page-theme")) }
                    @for (theme, key, name) in [("auto", "page-theme-auto", "adjustments-horizontal"), ("light", "page-theme-light", "sun"), ("dark", "page-theme-dark", "moon")] {
                        button type="button" data-theme=(theme) { (icon(name)) (word(key)) }
                    }
                    hr;
                    button type="submit" form="sign-out" { (icon("logout")) (word("page-sign_out")) }
                }
            }
            form id="sign-out" method="post" action="/sign-out" hidden { input type="hidden" name="csrf" value=(self.csrf); }
        }
    }
}

/// Places of one group of the rail.
fn places(g: &NavGroup, here: &str) -> Markup {
    html! {
        @for i in &g.items {
            @let on = i.key == here;
            a href=(i.href) class=[on.then_some("on")] aria-current=[on.then_some("page")] data-go=[i.go] title=(i.title) {
                (icon(i.icon)) span { (i.title) }
                @if let Some(n) = i.count { i class=[i.hot.then_some("hot")] { (n) } }
            }
        }
    }
}

impl PartialEq for Frame {
    /// The palette offers all that the rail does.
    fn eq(&self, other: &Frame) -> bool {
        self.lang == other.lang && self.tail.0 == other.tail.0
    }
}

impl Frame {
    pub fn new(lang: Lang, nav: Vec<NavGroup<'static>>, commands: &[PaletteCommand]) -> Frame {
        let places: Vec<(&str, &str)> = nav.iter().flat_map(|g| &g.items).filter_map(|i| i.go.map(|g| (i.title, g))).collect();
        let tail = html! {
            (KeySheet { lang, places: &places })
            (texts(lang))
            (json_block("id=\"nav\"", &Self::palette(&nav, commands)))
        };
        Frame { lang, nav, tail, places: Mutex::default() }
    }

    /// The rail and the bar of a phone.
    fn places(&self, here: &str) -> Arc<[String; 2]> {
        let key = self.nav.iter().flat_map(|g| &g.items).find(|i| i.key == here).map_or("", |i| i.key);
        let mut places = self.places.lock().unwrap_or_else(|e| e.into_inner());
        places.entry(key).or_insert_with(|| Arc::new([self.rail(key).0, self.phone_bar(key).0])).clone()
    }

    fn palette(nav: &[NavGroup], commands: &[PaletteCommand]) -> serde_json::Value {
        let places = nav.iter().flat_map(|g| {
            g.items.iter().map(|i| {
                let mut o = json!({"title": i.title, "url": i.href, "icon": i.icon, "entity": i.key});
                if !g.title.is_empty() {
                    o["group"] = g.title.into();
                }
                if let Some(go) = i.go {
                    o["key"] = go.into();
                }
                o
            })
        });
        let commands = commands.iter().map(|c| json!({"title": c.title, "url": c.href, "icon": c.icon, "do": true}));
        places.chain(commands).collect()
    }

    fn rail(&self, here: &str) -> Markup {
        html! {
            nav class="k-rail" aria-label=(tr(self.lang, "page-main_navigation")) {
                @for g in &self.nav {
                    @if g.folded {
                        details data-keep=(g.title) open[g.items.iter().any(|i| i.key == here)] {
                            summary title=(g.title) { (icon_small("chevron-right")) h6 { (g.title) } }
                            (places(g, here))
                        }
                    } @else {
                        @if !g.title.is_empty() { h6 { (g.title) } }
                        (places(g, here))
                    }
                }
                button type="button" class="foot" data-keys title=(tr(self.lang, "page-keys")) { (icon("keyboard")) span { (tr(self.lang, "page-keys")) } kbd { "?" } }
            }
        }
    }

    /// Four places and everything else, at the bottom of a phone.
    fn phone_bar(&self, here: &str) -> Markup {
        html! {
            nav class="k-ptabs" aria-label=(tr(self.lang, "page-menu")) {
                @for i in self.nav.iter().flat_map(|g| &g.items).filter(|i| i.phone).take(4) {
                    @let on = i.key == here;
                    a href=(i.href) class=[on.then_some("on")] aria-current=[on.then_some("page")] { (icon(i.icon)) span { (i.title) } }
                }
                button type="button" data-palette { (icon("dots")) span { (tr(self.lang, "page-more")) } }
            }
        }
    }
}
