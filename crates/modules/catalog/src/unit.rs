//! Units of measure with their symbols and the codes of UN/ECE Recommendation 20 and 21.

use kontor_kernel::error::Result;
use kontor_kernel::{HashMap, HashSet};
use kontor_platform::Ctx;
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Spec};
use kontor_platform::store::Conn;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

/// The code is the symbol and need not be unique: whoever brings his own units keeps them as they are.
pub fn units() -> Spec {
    Spec::catalog("units")
        .section("catalog", "ruler-measure")
        .columns([
            Column::text("name", 100).required().search().sort_key().list(),
            Column::text("code", 20).required().search().list(),
            Column::map("names"),
            Column::map("symbols"),
            Column::text("international_code", 10).list(),
        ])
        .import_key(&["code"])
        .reference_data()
}

/// Code, international code, names and symbols in English, Ukrainian, Russian.
const UNITS: [(&str, &str, [&str; 3], [&str; 3]); 16] = [
    ("pcs", "H87", ["piece", "штука", "штука"], ["pcs", "шт", "шт"]),
    ("kg", "KGM", ["kilogram", "кілограм", "килограмм"], ["kg", "кг", "кг"]),
    ("g", "GRM", ["gram", "грам", "грамм"], ["g", "г", "г"]),
    ("t", "TNE", ["tonne", "тонна", "тонна"], ["t", "т", "т"]),
    ("m", "MTR", ["metre", "метр", "метр"], ["m", "м", "м"]),
    ("m2", "MTK", ["square metre", "квадратний метр", "квадратный метр"], ["m²", "м²", "м²"]),
    ("m3", "MTQ", ["cubic metre", "кубічний метр", "кубический метр"], ["m³", "м³", "м³"]),
    ("l", "LTR", ["litre", "літр", "литр"], ["l", "л", "л"]),
    ("pack", "XPK", ["pack", "упаковка", "упаковка"], ["pack", "упак", "упак"]),
    ("box", "XBX", ["box", "ящик", "ящик"], ["box", "ящ", "ящ"]),
    ("pair", "PR", ["pair", "пара", "пара"], ["pair", "пара", "пара"]),
    ("set", "SET", ["set", "комплект", "комплект"], ["set", "компл", "компл"]),
    ("h", "HUR", ["hour", "година", "час"], ["h", "год", "ч"]),
    ("day", "DAY", ["day", "день", "день"], ["day", "дн", "дн"]),
    ("month", "MON", ["month", "місяць", "месяц"], ["month", "міс", "мес"]),
    ("service", "E48", ["service", "послуга", "услуга"], ["service", "послуга", "услуга"]),
];

/// Inserts what is not there yet, so that it can be run again after an update.
pub fn seed(cx: &mut Cx) -> Result<()> {
    let spec = cx.spec("units");
    let known: HashSet<String> =
        cx.conn.query("SELECT code FROM units", &[])?.iter().map(|r| r.text(0).map(str::to_string)).collect::<Result<_>>()?;
    for (code, international, names, symbols) in UNITS.iter().filter(|u| !known.contains(u.0)) {
        let mut r = Record::new(spec, cx.new_id());
        r.set("name", names[0]);
        r.set("code", *code);
        r.set("names", json!({"en": names[0], "uk": names[1], "ru": names[2]}));
        r.set("symbols", json!({"en": symbols[0], "uk": symbols[1], "ru": symbols[2]}));
        r.set("international_code", *international);
        cx.insert(&mut r)?;
    }
    Ok(())
}

/// What all units are called beside a figure, in the caller's language; the code where a unit has no symbol in it.
pub fn unit_symbols(conn: &mut Conn, ctx: &Ctx) -> Result<HashMap<Id, String>> {
    let lang = ctx.lang.code();
    let rows = conn.query("SELECT id, code, symbols FROM units", &[])?;
    rows.iter()
        .map(|r| {
            let all = if r.raw(2)?.is_null() { Json::Null } else { r.json(2)? };
            let symbol = all[lang].as_str().filter(|s| !s.is_empty()).unwrap_or(r.text(1)?).to_string();
            Ok((r.id(0)?, symbol))
        })
        .collect()
}
