//! Stock in files: what they say is there, how far that is from the stock register, and drafts of receipts for what they have more.

mod compare;
mod receipts;

pub use compare::{Difference, Found, Passed};
pub use receipts::Made;

use super::price;
use crate::fault::Fault;
use kontor_exchange::read::Node;
use kontor_kernel::HashMap;
use kontor_kernel::Quantity;
use kontor_kernel::error::Error;

pub(super) use compare::{Compared, compare};
pub(super) use receipts::make;

/// What an offer says is there.
pub(super) struct Said {
    line: u32,
    offer: String,
    total: Option<Quantity>,
    /// `Ид` of the warehouse and quantity.
    by_warehouse: Vec<(String, Quantity)>,
}

/// All that a file says of stock.
#[derive(Default)]
pub(super) struct Stated {
    /// Warehouses by `Ид`, with their names.
    warehouses: Vec<(String, String)>,
    offers: Vec<Said>,
    /// Where an offer stands among them: of an offer that is said twice the last counts.
    places: HashMap<String, usize>,
}

impl Stated {
    pub fn is_empty(&self) -> bool {
        self.offers.is_empty()
    }

    pub fn warehouse(&mut self, n: &Node) {
        if let Some(id) = n.value("Ид") {
            self.met(id, n.value("Наименование").unwrap_or_default());
        }
    }

    fn met(&mut self, id: &str, name: &str) {
        match self.warehouses.iter_mut().find(|w| w.0 == id) {
            Some(w) if w.1.is_empty() => w.1 = name.into(),
            Some(_) => {}
            None => self.warehouses.push((id.into(), name.into())),
        }
    }

    /// Takes the quantities of an offer in any of the ways in which versions of the format write them; passes over an offer without any.
    pub fn offer(&mut self, n: &Node, ordinal: u64, id: &str) -> Result<(), Fault> {
        let wrong = |line: u32, element: &str, e: Error| Fault::new(line, format!("Предложение[{ordinal}]/{element}"), e);
        let read = |line: u32, element: &str, said: &str| price::quantity(said).map_err(|e| wrong(line, element, e));
        let mut total = n.value("Количество").map(|said| read(n.line, "Количество", said)).transpose()?;
        let mut by_warehouse: Vec<(String, Quantity)> = vec![];
        let mut add = |line: u32, warehouse: &str, quantity: Quantity| match by_warehouse.iter_mut().find(|w| w.0 == warehouse) {
            Some(w) => Quantity::sum([w.1, quantity]).map(|sum| w.1 = sum).map_err(|e| wrong(line, "Количество", e.into())),
            None => {
                by_warehouse.push((warehouse.into(), quantity));
                Ok(())
            }
        };
        // 2.05 and later: an attribute each; `КоличествоНаСкладах`: elements.
        for w in n.all("Склад") {
            if let (Some(id), Some(said)) = (w.attribute("ИдСклада"), w.attribute("КоличествоНаСкладе")) {
                add(w.line, id, read(w.line, "Склад", said)?)?;
            }
        }
        for w in n.child("КоличествоНаСкладах").into_iter().flat_map(|all| all.all("КоличествоНаСкладе"))
        {
            if let (Some(id), Some(said)) = (w.value("ИдСклада").or(w.value("Ид")), w.value("Количество")) {
                add(w.line, id, read(w.line, "КоличествоНаСкладе", said)?)?;
            }
        }
        // 3.0 and later.
        for rest in n.child("Остатки").into_iter().flat_map(|all| all.all("Остаток")) {
            for w in rest.all("Склад") {
                if let (Some(id), Some(said)) = (w.value("Ид"), w.value("Количество")) {
                    add(w.line, id, read(w.line, "Остаток", said)?)?;
                }
            }
            if let Some(said) = rest.value("Количество") {
                total = Some(read(rest.line, "Остаток", said)?);
            }
        }
        if total.is_none() && by_warehouse.is_empty() {
            return Ok(());
        }
        for (warehouse, _) in &by_warehouse {
            self.met(warehouse, "");
        }
        let said = Said { line: n.line, offer: id.into(), total, by_warehouse };
        match self.places.get(id) {
            Some(at) => self.offers[*at] = said,
            None => {
                self.places.insert(id.into(), self.offers.len());
                self.offers.push(said);
            }
        }
        Ok(())
    }
}
