//! Where one can go: groups of the rail from the sections of the declarations, what can be made from anywhere.

use super::state::Call;
use crate::ui::shell::{NavGroup, NavItem};
use kontor_kernel::HashMap;
use kontor_platform::spec::{Kind, Spec};
use kontor_texts::{Lang, has, message, tr};
use std::sync::{LazyLock, Mutex};

/// Groups of the rail in their order: text key, places. Collections that no group names come under their own section.
const GROUPS: &[(&str, &[&str])] = &[
    ("", &["home", "tasks", "interactions", "reports"]),
    (
        "section-sales",
        &["partners", "contacts", "deals", "quotes", "sales-orders", "shipments", "returns", "payments", "settlements", "contracts"],
    ),
    ("section-products", &["products", "stock", "stock-receipts", "warehouses"]),
    (
        "section-prices",
        &[
            "prices",
            "price-workbench",
            "agreements",
            "price-rules",
            "price-conditions",
            "promotions",
            "rebates",
            "price-changes",
            "price-exchange",
            "price-simulator",
            "rate-matrix",
        ],
    ),
];

/// Groups that stand folded in the rail while their pages are not looked at.
const FOLDED: &[&str] = &["section-prices"];

/// Collections that stand only on the page of settings and in the palette.
const SETTINGS: &[&str] = &[
    "companies",
    "users",
    "roles",
    "currencies",
    "countries",
    "regions",
    "lines-of-business",
    "lead-sources",
    "units",
    "vat-rates",
    "product-categories",
    "seasons",
    "seasonal-groups",
    "characteristics",
    "price-types",
    "price-groups",
    "price-lists",
    "price-limits",
    "price-list-mappings",
    "supplier-prices",
    "supply-terms",
    "price-programs",
    "edited-prices",
    "segments",
    "dealer-types",
    "order-types",
    "payment-forms",
    "loyalty-programs",
    "loyalty-cards",
    "rate-types",
    "rates",
    "rate-feeds",
    "jobs",
    "deal-kinds",
    "stages",
    "loss-reasons",
    "external-ids",
    "counterparties",
    "partner-relations",
    "opening-balances",
];

/// Letters after `g`.
const LETTERS: &[(&str, &str)] = &[
    ("home", "h"),
    ("tasks", "t"),
    ("interactions", "i"),
    ("partners", "p"),
    ("deals", "d"),
    ("quotes", "q"),
    ("sales-orders", "o"),
    ("shipments", "s"),
    ("payments", "m"),
    ("products", "n"),
    ("prices", "c"),
    ("stock", "w"),
    ("reports", "r"),
    ("contacts", "k"),
    ("settings", "y"),
];

/// Places at the bottom of a phone.
const PHONE: &[&str] = &["home", "partners", "deals", "sales-orders"];

/// Tabler names that the sprite has; others of the declarations fall back by entity.
fn icon_of(key: &str, declared: &'static str) -> &'static str {
    match key {
        "home" => "home",
        "tasks" => "checkbox",
        "interactions" => "headset",
        "partners" => "building-store",
        "contacts" => "users",
        "counterparties" => "certificate",
        "partner-relations" => "affiliate",
        "deals" => "target-arrow",
        "quotes" => "file-text",
        "sales-orders" => "shopping-cart",
        "shipments" => "truck-delivery",
        "returns" => "truck-return",
        "payments" => "cash",
        "settlements" | "opening-balances" => "coins",
        "products" => "package",
        "product-categories" => "layers-subtract",
        "prices" | "price-types" => "tags",
        "price-changes" => "tag",
        "price-workbench" => "calculator",
        "price-rules" => "table",
        "price-exchange" => "arrows-sort",
        "price-simulator" => "player-play",
        "rate-matrix" => "currency-dollar",
        "agreements" => "percentage",
        "contracts" => "file-invoice",
        "stock" | "warehouses" => "building-warehouse",
        "stock-receipts" => "box",
        "reports" => "chart-histogram",
        "settings" => "settings",
        "companies" => "building",
        "users" => "user",
        "roles" => "shield",
        "currencies" | "rates" | "rate-types" => "currency-dollar",
        "countries" => "world",
        "regions" => "map-pin",
        "units" => "scale",
        "vat-rates" => "receipt",
        _ if KNOWN.contains(&declared) => declared,
        _ => "list-details",
    }
}

static KNOWN: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let text = include_str!("../../../../frontend/src/icons.json");
    text.split('"').filter(|s| s.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit()) && !s.is_empty()).collect()
});

/// Icon of a collection, always one of the sprite.
pub fn icon(spec: &Spec) -> &'static str {
    icon_of(spec.name, spec.icon)
}

/// Title and address of a page that is no collection.
fn page_of(lang: Lang, key: &str) -> Option<(&'static str, &'static str)> {
    Some(match key {
        "home" => (tr(lang, "page-home"), "/"),
        "reports" => (tr(lang, "section-reports"), "/reports"),
        "settings" => (tr(lang, "page-settings"), "/settings"),
        "price-workbench" => (tr(lang, "price-work"), "/price-workbench"),
        "price-rules" => (tr(lang, "terms-rules"), "/price-rules"),
        "price-exchange" => (tr(lang, "inout"), "/price-exchange"),
        "price-simulator" => (tr(lang, "price-sim"), "/price-simulator"),
        "rate-matrix" => (tr(lang, "rate-matrix"), "/rate-matrix"),
        // Registers are no collections: they are looked at as reports.
        "settlements" => (tr(lang, "report-settlements"), "/reports/settlements"),
        "stock" => (tr(lang, "report-stock"), "/reports/stock"),
        _ => return None,
    })
}

fn item(c: &Call, key: &'static str) -> Option<NavItem<'static>> {
    let (title, href, icon) = match page_of(c.lang, key) {
        Some((title, href)) => (title, href.to_string(), icon_of(key, "")),
        None => {
            let spec = c.app.registry.get(key).filter(|s| c.ctx.access.may(s, "read"))?;
            // what is still to be done comes first, not what was done last year
            let open = if key == "tasks" { "?state.in=planned,in_work&sort=due_at" } else { "" };
            (short(c.lang, spec.name), format!("/{}{open}", spec.name), icon(spec))
        }
    };
    let reports = &c.app.registry.reports;
    match key {
        "price-workbench"
            if !["edited-prices", "price-types"].iter().all(|k| c.app.registry.get(k).is_some_and(|s| c.ctx.access.may(s, "read"))) =>
        {
            return None;
        }
        "price-rules" if !c.app.registry.get("price-conditions").is_some_and(|s| c.ctx.access.may(s, "read")) => return None,
        "price-exchange" if !super::work::exchanges(c) => return None,
        "price-simulator" if !c.app.registry.get("price-conditions").is_some_and(|s| c.ctx.access.may(s, "simulate")) => return None,
        "rate-matrix" if !c.app.registry.get("rates").is_some_and(|s| c.ctx.access.may(s, "read")) => return None,
        "reports" if !reports.iter().any(|r| r.allowed(&c.ctx)) => return None,
        "settlements" | "stock" if !reports.iter().any(|r| r.name == key && r.allowed(&c.ctx)) => return None,
        _ => {}
    }
    let go = LETTERS.iter().find(|(k, _)| *k == key).map(|(_, l)| *l);
    Some(NavItem { key, title, href: kept(href), icon, count: None, hot: false, go, phone: PHONE.contains(&key) })
}

/// The rail is narrow: a collection may have a shorter name there.
fn short(lang: Lang, entity: &str) -> &'static str {
    let key = format!("{entity}.short");
    if has(lang, &key) { tr(lang, &key) } else { message::entity(lang, entity) }
}

/// Addresses are as many as there are collections, so each is kept once.
pub fn kept(href: String) -> &'static str {
    static ALL: LazyLock<Mutex<HashMap<String, &'static str>>> = LazyLock::new(Mutex::default);
    let mut all = ALL.lock().unwrap_or_else(|e| e.into_inner());
    if let Some(h) = all.get(&href) {
        return h;
    }
    let leaked: &'static str = Box::leak(href.clone().into_boxed_str());
    all.insert(href, leaked);
    leaked
}

/// Address of a collection's list.
pub fn address(collection: &str) -> &'static str {
    kept(format!("/{collection}"))
}

/// The rail as this caller may see it.
pub fn groups(c: &Call) -> Vec<NavGroup<'static>> {
    let mut out: Vec<NavGroup> = vec![];
    for (title, keys) in GROUPS {
        let items: Vec<NavItem> = keys.iter().filter_map(|k| item(c, k)).collect();
        if !items.is_empty() {
            out.push(NavGroup { title: if title.is_empty() { "" } else { tr(c.lang, title) }, folded: FOLDED.contains(title), items });
        }
    }
    let named = |name: &str| SETTINGS.contains(&name) || GROUPS.iter().any(|(_, keys)| keys.contains(&name));
    let rest: Vec<NavItem> = c
        .app
        .registry
        .specs
        .iter()
        .filter(|s| !named(s.name) && s.section != "settings" && s.kind != Kind::Facts)
        .filter_map(|s| item(c, s.name))
        .collect();
    let last =
        NavGroup { title: tr(c.lang, "section-office"), folded: false, items: rest.into_iter().chain(item(c, "settings")).collect() };
    out.push(last);
    out
}

/// Collections of the page of settings, with their sections.
pub fn settings(c: &Call) -> Vec<NavGroup<'static>> {
    let mut out: Vec<NavGroup> = vec![];
    for spec in c
        .app
        .registry
        .specs
        .iter()
        .filter(|s| SETTINGS.contains(&s.name) || s.section == "settings" || (s.kind == Kind::Facts && s.name != "prices"))
    {
        let Some(i) = item(c, spec.name) else { continue };
        let title = tr(c.lang, section_key(spec.section));
        match out.iter_mut().find(|g| g.title == title) {
            Some(g) => g.items.push(i),
            None => out.push(NavGroup { title, folded: false, items: vec![i] }),
        }
    }
    out
}

fn section_key(section: &'static str) -> &'static str {
    match section {
        "sales" => "section-sales",
        "partners" => "section-partners",
        "catalog" => "section-catalog",
        "prices" => "section-prices",
        "stock" => "section-stock",
        "finance" => "section-finance",
        "activities" => "section-activities",
        "deals" => "section-deals",
        "settlements" => "section-settlements",
        "settings" => "section-settings",
        _ => "section-other",
    }
}

/// All collections by area of work, in the order of the rail: text key of the area, its collections.
pub fn areas(c: &Call) -> Vec<(&'static str, Vec<&'static Spec>)> {
    let of_section = |section: &'static str| match section_key(section) {
        "section-partners" | "section-deals" => "section-sales",
        "section-catalog" | "section-stock" => "section-products",
        "section-activities" => "section-work",
        "section-settlements" => "section-finance",
        "section-other" => "section-settings",
        key => key,
    };
    let area = |s: &Spec| {
        let named = GROUPS.iter().find(|(_, keys)| keys.contains(&s.name)).map(|(title, _)| *title);
        named.map_or_else(|| of_section(s.section), |title| if title.is_empty() { "section-work" } else { title })
    };
    // What is worked with stands before what is set up.
    let place = |s: &Spec| GROUPS.iter().flat_map(|(_, keys)| *keys).position(|k| *k == s.name).unwrap_or(usize::MAX);
    let mut out: Vec<(&'static str, Vec<&'static Spec>)> =
        ["section-work", "section-sales", "section-products", "section-prices", "section-finance", "section-settings"]
            .into_iter()
            .map(|key| (key, c.app.registry.granted().filter(|s| area(s) == key).collect()))
            .collect();
    for (_, specs) in &mut out {
        specs.sort_by_key(|s| (place(s), SETTINGS.iter().position(|k| *k == s.name)));
    }
    out.retain(|(_, specs)| !specs.is_empty());
    out
}

/// Title and address of the group that a collection stands in, for crumbs.
pub fn group_title(c: &Call, name: &str) -> Option<(&'static str, Option<&'static str>)> {
    if let Some((title, _)) = GROUPS.iter().find(|(_, keys)| keys.contains(&name)) {
        return (!title.is_empty()).then(|| (tr(c.lang, title), None));
    }
    if SETTINGS.contains(&name) {
        return Some((tr(c.lang, "page-settings"), Some("/settings")));
    }
    None
}

/// Something that can be made from anywhere.
pub struct Creatable {
    pub title: &'static str,
    pub href: String,
    pub icon: &'static str,
}

/// What people make all day, before what is set up once.
const MADE: &[&str] =
    &["sales-orders", "quotes", "deals", "partners", "tasks", "interactions", "contacts", "shipments", "payments", "returns", "products"];

pub fn creatable(c: &Call) -> Vec<Creatable> {
    let mut specs: Vec<&Spec> =
        c.app.registry.specs.iter().copied().filter(|s| s.kind != Kind::Facts && c.ctx.access.may(s, "create")).collect();
    specs.sort_by_key(|s| (MADE.iter().position(|m| *m == s.name).unwrap_or(MADE.len()), SETTINGS.contains(&s.name)));
    specs
        .into_iter()
        .map(|s| Creatable { title: message::entity_new(c.lang, s.name), href: format!("/{}/new", s.name), icon: icon(s) })
        .collect()
}
