//! A file taken apart: rows of groups, goods, offers, price types and prices, under the names that the profile calls them by.

use super::known::{self, Known};
use super::price;
use super::units::{self, Unit};
use crate::fault::Fault;
use chrono::NaiveDate;
use kontor_exchange::read::{Node, Table};
use kontor_kernel::error::{Error, Result};
use kontor_platform::value::{Id, new_id};
use kontor_platform::{App, Ctx};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Lines of one price change.
const MAX_LINES: usize = 10_000;

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
    price: kontor_kernel::Price,
}

pub struct Package {
    pub root: String,
    pub read: u64,
    pub skipped: u64,
    pub documents: u64,
    pub faults: Vec<Fault>,
    /// `Ид` of goods and offers that the file takes out of use.
    pub deleted: Vec<String>,
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

    /// Compares with what is there: goods that stay as they are, prices that are in force already.
    pub fn settle(&mut self, app: &App, ctx: &Ctx, entity: &str) -> Result<()> {
        let [groups, goods, offers, types] = self.counts;
        self.read = match entity {
            "product-categories" => groups,
            "price-types" => types,
            _ => groups + goods + offers + types,
        };
        let wanted = match entity {
            "prices" => !self.priced.is_empty() || types > 0 || !self.faults.is_empty(),
            _ => self.read > 0,
        };
        if !wanted {
            let code = if self.documents > 0 { "commerceml_documents" } else { "commerceml_nothing" };
            return Err(Error::refused(code));
        }
        self.new_categories_only = entity == "prices";
        let in_file: HashSet<String> = column(&self.goods, 0).chain(column(&self.offers, 0)).collect();
        let asked: Vec<String> = self.priced.iter().map(|p| p.offer.clone()).chain(in_file.iter().cloned()).collect();
        let there = known::products(app, ctx, &asked)?;
        self.plain_offers(&there)?;
        if entity == "prices" {
            self.changed_prices(app, ctx, &in_file, &there)?;
        }
        Ok(())
    }

    /// An offer without a characteristic is its product: only those are made that nobody knows.
    fn plain_offers(&mut self, there: &HashMap<String, known::Product>) -> Result<()> {
        let goods: HashSet<String> = column(&self.goods, 0).collect();
        let mut kept = Table::new(self.offers.file.clone(), self.offers.header.clone())?;
        for r in self.offers.rows() {
            let id = r.cell(0);
            if !id.contains('#') && (goods.contains(id) || there.contains_key(id)) || goods.contains(id) {
                self.skipped += u64::from(!goods.contains(id));
                continue;
            }
            kept.push(r.number(), (0..OFFERS.len()).map(|c| r.cell(c)))?;
        }
        self.goods.whole()?;
        self.offers.whole()?;
        self.offers = kept;
        Ok(())
    }

    fn changed_prices(&mut self, app: &App, ctx: &Ctx, in_file: &HashSet<String>, there: &HashMap<String, known::Product>) -> Result<()> {
        let priced = std::mem::take(&mut self.priced);
        let mut named: BTreeMap<String, String> = priced.iter().map(|p| (p.price_type.clone(), String::new())).collect();
        let mut currencies: HashMap<String, String> = HashMap::new();
        for r in self.types.rows() {
            named.insert(r.cell(0).into(), r.cell(1).into());
            currencies.insert(r.cell(0).into(), r.cell(2).into());
        }
        self.types.whole()?;
        let types = known::price_types(app, ctx, &named)?;
        currencies.extend(types.iter().map(|(k, t)| (k.clone(), t.currency.clone())));
        let day = self.day.unwrap_or(ctx.today);
        // Of one product and type the last one counts.
        let mut last: HashMap<(&str, &str), usize> = HashMap::new();
        for (n, p) in priced.iter().enumerate() {
            let wrong = match currencies.get(&p.price_type) {
                None => Some(("ИдТипаЦены", Error::refused("name_missing").arg("value", &p.price_type))),
                Some(c) if p.currency.as_ref().is_some_and(|own| own != c) => {
                    Some(("Валюта", Error::refused("currency_mismatch").arg("expected", c)))
                }
                Some(_) if !in_file.contains(&p.offer) && !there.contains_key(&p.offer) => {
                    Some(("Ид", Error::refused("commerceml_product_missing").arg("value", &p.offer)))
                }
                Some(_) => None,
            };
            match wrong {
                Some((element, e)) => self.faults.push(Fault::new(p.line, format!("Предложение/{element}"), e)),
                None => {
                    last.insert((&p.price_type, &p.offer), n);
                }
            }
        }
        let mut in_force: HashMap<(&str, Id), kontor_kernel::Price> = HashMap::new();
        for (id, t) in &types {
            let products: Vec<Id> =
                priced.iter().filter(|p| p.price_type == *id).filter_map(|p| there.get(&p.offer)).map(|p| p.id).collect();
            let found = known::in_force(app, ctx, t.id, &products, day)?;
            in_force.extend(found.into_iter().map(|(product, price)| ((id.as_str(), product), price)));
        }
        let mut package = (new_id().to_string(), 0);
        for (n, p) in priced.iter().enumerate() {
            if last.get(&(p.price_type.as_str(), p.offer.as_str())) != Some(&n) {
                continue;
            }
            let product = there.get(&p.offer).map(|x| x.id);
            if product.is_some_and(|id| in_force.get(&(p.price_type.as_str(), id)) == Some(&p.price)) {
                self.skipped += 1;
                continue;
            }
            if package.1 == MAX_LINES {
                package = (new_id().to_string(), 0);
            }
            package.1 += 1;
            let product = product.map_or_else(|| p.offer.clone(), |id| id.to_string());
            let row = [&package.0, &day.to_string(), &p.price_type, &product, &p.price.to_string()];
            push(&mut self.prices, &mut self.faults, p.line, &row.map(String::as_str));
        }
        Ok(())
    }
}

fn push(t: &mut Table, faults: &mut Vec<Fault>, line: u32, cells: &[&str]) {
    if let Err(e) = t.push(line, cells.iter().copied()) {
        faults.push(Fault::new(line, "", e));
    }
}

fn column(t: &Table, c: usize) -> impl Iterator<Item = String> {
    t.rows().map(move |r| r.cell(c).to_string())
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

type Read = (String, Option<String>, kontor_kernel::Price);

fn priced(p: &Node) -> Result<Read, (&'static str, Error)> {
    let price_type = p.value("ИдТипаЦены").ok_or(("ИдТипаЦены", Error::refused("required")))?.to_string();
    let price = price::price(p.value("ЦенаЗаЕдиницу").unwrap_or_default(), p.value("Коэффициент")).map_err(|e| ("ЦенаЗаЕдиницу", e))?;
    let currency = p.value("Валюта").map(price::currency).transpose().map_err(|e| ("Валюта", e))?;
    Ok((price_type, currency.map(|c| c.code().to_string()), price))
}
