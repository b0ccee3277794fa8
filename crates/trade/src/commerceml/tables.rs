//! A file taken apart: rows of groups, goods, offers, price types and prices, under the names that the profile calls them by.

mod settle;

use super::kits::Kit;
use super::known::{self, Known};
use super::price;
use super::stock::Stated;
use super::units::{self, Unit};
use crate::fault::Fault;
use chrono::NaiveDate;
use kontor_exchange::read::{Node, Table};
use kontor_kernel::Price;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{HashMap, HashSet};
use serde_json::{Map, Value as Json};
use std::sync::Arc;

/// What every row has beside its `Ид`: the id of ours that it may be.
const OWN: &str = "id";
const GROUPS: [&str; 4] = ["Ид", "Наименование", "Родитель", OWN];
const UNITS: [&str; 2] = ["Код", "НаименованиеПолное"];
const VAT: [&str; 3] = ["Код", "Наименование", "Ставка"];
const GOODS: [&str; 11] = [
    "Ид",
    "Наименование",
    "Артикул",
    "Штрихкод",
    "ТипНоменклатуры",
    "БазоваяЕдиница",
    "Группы",
    "СтавкиНалогов",
    "Описание",
    "ЗначенияСвойств",
    OWN,
];
const OFFERS: [&str; 8] = ["Ид", "Наименование", "Артикул", "Штрихкод", "БазоваяЕдиница", "Товар", "ХарактеристикиТовара", OWN];
const TYPES: [&str; 4] = ["Ид", "Наименование", "Валюта", "УчтеноВСумме"];
const PRICES: [&str; 5] = ["Пакет", "ДействительноС", "ИдТипаЦены", "Ид", "ЦенаЗаЕдиницу"];

/// A price of an offer: line, price type, offer, currency, price per base unit.
struct Priced {
    line: u32,
    price_type: String,
    offer: String,
    currency: Option<String>,
    price: Price,
}

pub struct Package {
    pub root: String,
    pub read: u64,
    pub skipped: u64,
    pub documents: u64,
    pub faults: Vec<Fault>,
    /// `Ид` of goods and offers that the file takes out of use.
    pub deleted: Vec<String>,
    /// What is in the kits of the file.
    pub kits: Vec<Kit>,
    /// Kits of goods that stay as they are.
    pub kits_passed: u64,
    /// What the file says of stock.
    pub stated: Stated,
    /// Prices are imported: goods that are there stay as they are.
    pub new_categories_only: bool,
    known: Known,
    groups: Table,
    units: Table,
    vat: Table,
    goods: Table,
    offers: Table,
    types: Table,
    prices: Table,
    priced: Vec<Priced>,
    unit_codes: HashSet<String>,
    vat_codes: HashSet<String>,
    properties: HashMap<String, (String, HashMap<String, String>)>,
    counts: [u64; 4],
    day: Option<NaiveDate>,
}

impl Package {
    pub fn new(file: String, known: Known) -> Result<Self> {
        let table = |columns: &[&str]| Table::new(file.clone(), columns.iter().map(|c| c.to_string()).collect());
        Ok(Package {
            root: String::new(),
            read: 0,
            skipped: 0,
            documents: 0,
            faults: vec![],
            deleted: vec![],
            kits: vec![],
            kits_passed: 0,
            stated: Stated::default(),
            new_categories_only: false,
            known,
            groups: table(&GROUPS)?,
            units: table(&UNITS)?,
            vat: table(&VAT)?,
            goods: table(&GOODS)?,
            offers: table(&OFFERS)?,
            types: table(&TYPES)?,
            prices: table(&PRICES)?,
            priced: vec![],
            unit_codes: HashSet::new(),
            vat_codes: HashSet::new(),
            properties: HashMap::new(),
            counts: [0; 4],
            day: None,
        })
    }

    pub fn tables(self) -> Vec<(String, Arc<Table>)> {
        let all = [
            ("groups", self.groups),
            ("units", self.units),
            ("vat-rates", self.vat),
            ("goods", self.goods),
            ("offers", self.offers),
            ("price-types", self.types),
            ("prices", self.prices),
        ];
        all.into_iter().map(|(n, t)| (n.to_string(), Arc::new(t))).collect()
    }

    fn fault(&mut self, line: u32, element: String, e: Error) {
        self.faults.push(Fault::new(line, element, e));
    }

    /// Whether the record has what it cannot be without.
    fn given(&mut self, n: &Node, ordinal: u64, id: &str) -> bool {
        if id.is_empty() {
            self.fault(n.line, format!("{}[{ordinal}]/Ид", n.name), Error::refused("required"));
        }
        !id.is_empty()
    }

    pub fn group(&mut self, line: u32, id: &str, name: &str, parent: &str) {
        self.counts[0] += 1;
        let ordinal = self.counts[0];
        for (what, text) in [("Ид", id), ("Наименование", name)] {
            if text.is_empty() {
                self.fault(line, format!("Группа[{ordinal}]/{what}"), Error::refused("required"));
                return;
            }
        }
        push(&mut self.groups, &mut self.faults, line, &[id, name, parent, known::own_part(id)]);
    }

    pub fn good(&mut self, n: &Node) {
        self.counts[1] += 1;
        let id = said(n, "Ид", "Идентификатор").to_string();
        if !self.given(n, self.counts[1], &id) {
            return;
        }
        if deleted(n) {
            return self.deleted.push(id);
        }
        let name = said(n, "Наименование", "Наименование");
        if name.is_empty() {
            return self.fault(n.line, format!("Товар[{}]/Наименование", self.counts[1]), Error::refused("required"));
        }
        let unit = match n.attribute("Единица") {
            Some(u) => units::named(None, Some(u), None),
            None => units::of(n.child("БазоваяЕдиница")),
        };
        let unit = self.unit(n.line, unit);
        let vat = n.child("СтавкиНалогов").and_then(|s| s.children.iter().find_map(|r| r.value("Ставка")));
        let vat = match vat.map(|v| (v, self.known.vat(v))) {
            None => String::new(),
            Some((said, None)) => {
                let e = Error::refused("not_a_number").arg("value", said);
                return self.fault(n.line, format!("Товар[{}]/СтавкиНалогов", self.counts[1]), e);
            }
            Some((_, Some(v))) => self.vat_rate(n.line, v),
        };
        let service = requisites(n).any(|(k, v)| k == "ТипНоменклатуры" && matches!(v.to_lowercase().as_str(), "услуга" | "послуга"));
        let group = n.child("Группы").and_then(|g| g.value("Ид")).or(n.attribute("Родитель")).unwrap_or_default();
        let custom = characteristics(n).chain(self.values(n)).collect();
        let name = with_characteristics(name, &id, n);
        let row = [
            id.as_str(),
            &name,
            n.value("Артикул").unwrap_or_default(),
            n.value("Штрихкод").unwrap_or_default(),
            if service { "service" } else { "goods" },
            &unit,
            group,
            &vat,
            n.value("Описание").unwrap_or_default(),
            &object(custom),
            known::own_part(&id),
        ];
        push(&mut self.goods, &mut self.faults, n.line, &row);
        self.kit(n, &id);
    }

    /// Components, where it is a kit.
    fn kit(&mut self, n: &Node, id: &str) {
        match Kit::of(n, id) {
            Ok(kit) => self.kits.extend(kit),
            Err(f) => self.faults.push(f),
        }
    }

    /// Properties by the names and words that the classifier gives them.
    fn values(&self, n: &Node) -> impl Iterator<Item = (String, String)> {
        let all = n.child("ЗначенияСвойств").map(|v| v.children.as_slice()).unwrap_or_default();
        let of = |v: &Node| {
            let (name, words) = self.properties.get(v.value("Ид")?)?;
            let value = v.value("Значение").or(v.value("ИдЗначения"))?;
            Some((name.clone(), words.get(value).map_or(value, String::as_str).to_string()))
        };
        all.iter().filter_map(of).collect::<Vec<_>>().into_iter()
    }

    pub fn property(&mut self, n: &Node) {
        let (Some(id), Some(name)) = (n.value("Ид"), n.value("Наименование")) else { return };
        let words = n.child("ВариантыЗначений").map(|v| v.children.as_slice()).unwrap_or_default();
        let words = words.iter().filter_map(|w| Some((w.value("ИдЗначения")?.to_string(), w.value("Значение")?.to_string())));
        self.properties.insert(id.into(), (name.into(), words.collect()));
    }

    pub fn offer(&mut self, n: &Node) {
        self.counts[2] += 1;
        let ordinal = self.counts[2];
        let id = n.value("Ид").unwrap_or_default().to_string();
        if !self.given(n, ordinal, &id) {
            return;
        }
        if deleted(n) {
            return self.deleted.push(id);
        }
        if let Some(name) = n.value("Наименование") {
            let unit = self.unit(n.line, units::of(n.child("БазоваяЕдиница")));
            let good = id.split_once('#').map_or("", |x| x.0);
            let name = with_characteristics(name, &id, n);
            let custom = object(characteristics(n).collect());
            let (sku, barcode) = (n.value("Артикул").unwrap_or_default(), n.value("Штрихкод").unwrap_or_default());
            push(&mut self.offers, &mut self.faults, n.line, &[&id, &name, sku, barcode, &unit, good, &custom, known::own_part(&id)]);
        }
        self.kit(n, &id);
        if let Err(f) = self.stated.offer(n, ordinal, &id) {
            self.faults.push(f);
        }
        for p in n.child("Цены").map(|p| p.children.as_slice()).unwrap_or_default() {
            // Programs write the element and leave it empty where there is no price.
            if p.value("ЦенаЗаЕдиницу").is_none() {
                continue;
            }
            match priced(p) {
                Ok((price_type, currency, price)) => {
                    self.priced.push(Priced { line: p.line, price_type, offer: id.clone(), currency, price })
                }
                Err((element, e)) => self.fault(p.line, format!("Предложение[{ordinal}]/{element}"), e),
            }
        }
    }

    pub fn price_type(&mut self, n: &Node) {
        self.counts[3] += 1;
        let ordinal = self.counts[3];
        let id = n.value("Ид").unwrap_or_default().to_string();
        if !self.given(n, ordinal, &id) || deleted(n) {
            return;
        }
        let currency = match price::currency(n.value("Валюта").unwrap_or_default()) {
            Ok(c) => c.code().to_string(),
            Err(e) => return self.fault(n.line, format!("ТипЦены[{ordinal}]/Валюта"), e),
        };
        let taxes: Vec<&Node> = n.all("Налог").collect();
        let vat = match taxes.first().and_then(|t| t.value("УчтеноВСумме")) {
            Some("false") => "excluded",
            _ => "included",
        };
        let name = n.value("Наименование").unwrap_or(&id);
        push(&mut self.types, &mut self.faults, n.line, &[&id, name, &currency, vat]);
    }

    pub fn valid_from(&mut self, n: &Node) {
        let text = n.text.trim();
        match text.get(..10).unwrap_or(text).parse() {
            Ok(d) => self.day = Some(d),
            Err(_) if text.is_empty() => {}
            Err(_) => self.fault(n.line, "ДействительноС".into(), Error::refused("bad_date")),
        }
    }

    fn unit(&mut self, line: u32, u: Unit) -> String {
        if !u.known && self.unit_codes.insert(u.code.clone()) {
            push(&mut self.units, &mut self.faults, line, &[&u.code, &u.name]);
        }
        u.code
    }

    fn vat_rate(&mut self, line: u32, v: known::Vat) -> String {
        if v.new && self.vat_codes.insert(v.code.clone()) {
            let percent = v.percent.to_string();
            push(&mut self.vat, &mut self.faults, line, &[&v.code, &format!("VAT {percent}%"), &percent]);
        }
        v.code
    }
}

fn push(t: &mut Table, faults: &mut Vec<Fault>, line: u32, cells: &[&str]) {
    if let Err(e) = t.push(line, cells.iter().copied()) {
        faults.push(Fault::new(line, "", e));
    }
}

/// An element, or the attribute of the older notation.
fn said<'n>(n: &'n Node, element: &str, attribute: &str) -> &'n str {
    n.value(element).or(n.attribute(attribute)).unwrap_or_default()
}

fn deleted(n: &Node) -> bool {
    n.value("ПометкаУдаления") == Some("true") || matches!(n.attribute("Статус").or(n.value("Статус")), Some("Удален" | "Удалён"))
}

fn requisites(n: &Node) -> impl Iterator<Item = (&str, &str)> {
    let all = n.child("ЗначенияРеквизитов").map(|v| v.children.as_slice()).unwrap_or_default();
    all.iter().filter_map(|r| Some((r.value("Наименование")?, r.value("Значение")?)))
}

fn characteristics(n: &Node) -> impl Iterator<Item = (String, String)> {
    let all = n.child("ХарактеристикиТовара").map(|v| v.children.as_slice()).unwrap_or_default();
    all.iter().filter_map(|c| Some((c.value("Наименование")?.to_string(), c.value("Значение")?.to_string())))
}

/// A variant is told from the others by its values, where its name does not do so.
fn with_characteristics(name: &str, id: &str, n: &Node) -> String {
    if requisites(n).any(|r| r == (super::WHOLE_NAME, "true")) {
        return name.into();
    }
    let values: Vec<String> = characteristics(n).map(|c| c.1).collect();
    if !id.contains('#') || values.is_empty() || name.contains('(') { name.into() } else { format!("{name} ({})", values.join(", ")) }
}

fn object(of: Vec<(String, String)>) -> String {
    if of.is_empty() {
        return String::new();
    }
    let map: Map<String, Json> = of.into_iter().map(|(k, v)| (k, Json::String(v))).collect();
    Json::Object(map).to_string()
}

type Read = (String, Option<String>, Price);

fn priced(p: &Node) -> Result<Read, (&'static str, Error)> {
    let price_type = p.value("ИдТипаЦены").ok_or(("ИдТипаЦены", Error::refused("required")))?.to_string();
    let price = price::price(p.value("ЦенаЗаЕдиницу").unwrap_or_default(), p.value("Коэффициент")).map_err(|e| ("ЦенаЗаЕдиницу", e))?;
    let currency = p.value("Валюта").map(price::currency).transpose().map_err(|e| ("Валюта", e))?;
    Ok((price_type, currency.map(|c| c.code().to_string()), price))
}
