//! VAT rates. Products carry the code; documents freeze the percentage in their lines.

use kontor_kernel::HashSet;
use kontor_kernel::Percent;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Rules, Spec};
use serde_json::json;

pub fn vat_rates() -> Spec {
    Spec::catalog("vat-rates")
        .section("catalog", "receipt-tax")
        .sort("code")
        .columns([
            Column::text("code", 20).required().unique().once().search().list(),
            Column::text("name", 100).required().search().sort_key().list(),
            Column::map("names"),
            Column::percent("percent").required().list(),
            Column::code("country", "countries").list(),
        ])
        .import_key(&["code"])
        .kept_by(kontor_platform::kept::SETTINGS)
        .reference_data()
        .rules(VatRateRules)
}

struct VatRateRules;
impl Rules for VatRateRules {
    fn decide(&self, _cx: &mut Cx, change: &mut Change) -> Result<()> {
        let most = Percent::from_scaled(100 * Percent::UNIT);
        if change.after.percent("percent") > most {
            return Err(Error::field("percent", "out_of_range").field_arg("min", 0).field_arg("max", 100));
        }
        Ok(())
    }
}

/// Country, percentages; the code is both together. Rates of one country only differ from those of another by their law.
const RATES: [(&str, &[i64]); 6] = [
    ("UA", &[20, 14, 7, 0]),
    ("RU", &[22, 20, 10, 0]),
    ("PL", &[23, 8, 5, 0]),
    ("DE", &[19, 7, 0]),
    ("GB", &[20, 5, 0]),
    ("RO", &[21, 11, 0]),
];

/// Inserts what is not there yet, so that it can be run again after an update.
pub fn seed(cx: &mut Cx) -> Result<()> {
    let spec = cx.spec("vat-rates");
    let known: HashSet<String> =
        cx.conn.query("SELECT code FROM vat_rates", &[])?.iter().map(|r| r.text(0).map(str::to_string)).collect::<Result<_>>()?;
    let mut rates: Vec<(String, i64, Option<&str>, [String; 3])> =
        vec![("exempt".into(), 0, None, ["Exempt from VAT".into(), "Без ПДВ".into(), "Без НДС".into()])];
    for (country, percents) in RATES {
        for p in percents {
            let names = [format!("VAT {p}% ({country})"), format!("ПДВ {p} % ({country})"), format!("НДС {p} % ({country})")];
            rates.push((format!("{}{p}", country.to_lowercase()), *p, Some(country), names));
        }
    }
    for (code, percent, country, names) in rates.into_iter().filter(|r| !known.contains(&r.0)) {
        let mut r = Record::new(spec, cx.new_id());
        r.set("code", code);
        r.set("name", names[0].as_str());
        r.set("names", json!({"en": names[0], "uk": names[1], "ru": names[2]}));
        r.set("percent", percent * Percent::UNIT);
        r.set("country", country);
        cx.insert(&mut r)?;
    }
    Ok(())
}
