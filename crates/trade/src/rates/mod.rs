//! Rates of exchange as banks publish them: the European Central Bank's XML and its wide CSV, the National Bank of Ukraine's
//! JSON. What is there already and the same is not written again.

mod feed;

pub use feed::{LoadRates, rate_feeds};

use crate::fault::{Fault, tell};
use kontor_exchange::read::{self, Format, Table, Xml, XmlReader, is_xml};
use kontor_exchange::{Files, Input, Options, Profile, Report, run_profile};
use kontor_kernel::Rate;
use kontor_kernel::error::{Error, Result};
use kontor_platform::{App, Ctx};
use serde_json::Value as Json;
use std::sync::Arc;

/// Who publishes: the rate type that its rates go to.
struct Bank {
    source: &'static str,
    code: &'static str,
    name: &'static str,
    base: &'static str,
    /// `indirect`: so many units of the currency for one of the base; `direct`: the other way round.
    direction: &'static str,
}

/// The same records as by `profiles/fx_ecb.toml`.
const ECB: Bank = Bank { source: "fx_ecb", code: "ecb", name: "ECB", base: "EUR", direction: "indirect" };
const NBU: Bank = Bank { source: "fx_nbu", code: "nbu", name: "НБУ", base: "UAH", direction: "direct" };

const COLUMNS: [&str; 4] = ["date", "currency", "rate", "per"];

enum Shape {
    Xml,
    Json,
    Wide,
}

/// Imports a bank's file; `None`: the file has none of these shapes.
pub fn import(app: &Arc<App>, ctx: &Ctx, input: &Input, options: &Options) -> Option<Report> {
    // What cannot be read at all is told by the reader of tables.
    let shape = shape(input, options).ok().flatten()?;
    let taken = match shape {
        Shape::Xml => xml(input, options).map(|t| (t, ECB)),
        Shape::Json => json(input).map(|t| (t, NBU)),
        Shape::Wide => wide(input, options).map(|t| (t, ECB)),
    };
    let mut report = Report::default();
    let run = taken.and_then(|(t, bank)| Ok((profile(&bank).map_err(|e| Fault::new(0, "", e))?, t)));
    match run {
        Err(f) => tell(&mut report, ctx, &input.name(), &[f]),
        Ok((profile, table)) => {
            let rows = table.len() as u64;
            report = run_profile(app, ctx, &profile, &Files::Tables(vec![("rates".into(), Arc::new(table))]), options);
            report.read = rows;
        }
    }
    Some(report)
}

fn profile(b: &Bank) -> Result<Profile> {
    let Bank { source, code, name, base, direction } = b;
    Profile::parse(&format!(
        r#"
source = "{source}"
[[section]]
entity = "rate-types"
external_id = {{ const = "{code}" }}
match = ["name"]
existing = "keep"
constants = {{ name = "{name}", base_currency = "{base}", direction = "{direction}" }}
[[section]]
entity = "rates"
files = "rates"
external_id = {{ columns = ["currency", "date"], join = " " }}
[section.columns]
rate_type_id = {{ const = "{code}", lookup = "rate-types" }}
currency = {{ column = "currency", lookup = {{ entity = "currencies", by = "code", create = true }} }}
date = "date"
rate = "rate"
per = "per"
"#
    ))
}

fn head(input: &Input, options: &Options) -> Result<Vec<u8>> {
    read::start(input, &options.limits, 512)
}

fn shape(input: &Input, options: &Options) -> Result<Option<Shape>> {
    if is_xml(input, &options.limits)? {
        return Ok(Some(Shape::Xml));
    }
    let head = String::from_utf8_lossy(&head(input, options)?).trim_start_matches('\u{FEFF}').trim_start().to_string();
    if head.starts_with('[') || head.starts_with('{') {
        return Ok(Some(Shape::Json));
    }
    let mut names = head.lines().next().unwrap_or("").split([',', ';', '\t']).map(str::trim);
    let code = |n: &str| n.len() == 3 && n.bytes().all(|b| b.is_ascii_uppercase());
    let wide = names.next() == Some("Date") && names.clone().filter(|n| !n.is_empty()).take(5).all(code) && names.next().is_some();
    Ok(wide.then_some(Shape::Wide))
}

fn table(input: &Input) -> Result<Table, Fault> {
    Table::new(input.name(), COLUMNS.iter().map(|c| c.to_string()).collect()).map_err(|e| Fault::new(0, "", e))
}

fn push(t: &mut Table, line: u32, place: &str, date: &str, currency: &str, rate: &str, per: &str) -> Result<(), Fault> {
    let wrong = |what: &str, e: Error| Fault::new(line, format!("{place}{what}"), e);
    if kontor_kernel::Currency::parse(currency).is_err() {
        return Err(wrong("currency", Error::refused("bad_code").arg("value", currency)));
    }
    if Rate::parse(rate).map_or(true, |r| !r.is_positive()) {
        return Err(wrong("rate", Error::refused("rate_not_positive")));
    }
    t.push(line, [date, currency, rate, per].into_iter()).map_err(|e| wrong("", e))
}

/// `<Cube time="2015-12-31"><Cube currency="USD" rate="1.0887"/></Cube>`, one day or all history.
fn xml(input: &Input, options: &Options) -> Result<Table, Fault> {
    let mut r = XmlReader::open(input, &options.limits).map_err(|e| Fault::new(0, "", e))?;
    let mut t = table(input)?;
    let mut day = String::new();
    while let Some(x) = r.pull().map_err(|e| Fault::new(r.line(), "", e))? {
        let Xml::Start(n) = x else { continue };
        if n.name != "Cube" {
            continue;
        }
        if let Some(time) = n.attribute("time") {
            day = time.to_string();
        }
        if let (Some(currency), Some(rate)) = (n.attribute("currency"), n.attribute("rate")) {
            push(&mut t, n.line, "Cube@", &day, currency, rate, "1")?;
        }
    }
    if t.is_empty() { Err(Fault::new(0, "", Error::refused("rates_nothing"))) } else { Ok(t) }
}

/// `[{"cc": "USD", "rate": 42.1, "exchangedate": "21.11.2026"}]`; some answers say how many units the rate is for.
fn json(input: &Input) -> Result<Table, Fault> {
    let whole = |e: Error| Fault::new(0, "", e);
    let data = read::all(input, 64 << 20).map_err(whole)?;
    let j: Json =
        serde_json::from_slice(&data).map_err(|e| Fault::new(e.line() as u32, "", Error::refused("file_unreadable").arg("message", e)))?;
    let mut t = table(input)?;
    for (n, r) in j.as_array().map(Vec::as_slice).unwrap_or_default().iter().enumerate() {
        // The text of the number as it stands; it is never computed with.
        let text = |name: &str| match &r[name] {
            Json::String(s) => s.trim().to_string(),
            Json::Number(n) => n.to_string(),
            _ => String::new(),
        };
        let units = text("units");
        let per = if units.is_empty() { "1".into() } else { units };
        push(&mut t, n as u32 + 1, &format!("[{n}]."), &text("exchangedate"), &text("cc"), &text("rate"), &per)?;
    }
    if t.is_empty() { Err(Fault::new(0, "", Error::refused("rates_nothing"))) } else { Ok(t) }
}

/// `Date,USD,JPY,…` with `N/A` where a currency has no rate.
fn wide(input: &Input, options: &Options) -> Result<Table, Fault> {
    let source = read::load(input, &Format::default(), &options.limits).map_err(|(e, row)| Fault::new(row.unwrap_or(0), "", e))?;
    let mut t = table(input)?;
    for r in source.rows() {
        for (c, currency) in source.header.iter().enumerate().skip(1).filter(|(_, n)| !n.is_empty()) {
            let rate = r.cell(c).trim();
            if !rate.is_empty() && rate != "N/A" {
                push(&mut t, r.number(), &format!("{currency} "), r.cell(0), currency, rate, "1")?;
            }
        }
    }
    source.whole().map_err(|e| Fault::new(0, "", e))?;
    Ok(t)
}
