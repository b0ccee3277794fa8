//! A document while it is typed: how one of its lines comes to its price among the others, what would give another price,
//! what somebody else would get, what the whole earns and which gifts are due.

use crate::explain::{answer, otherwise};
use crate::pricing::{Asked, Desk, LineQuestion};
use crate::reader::Reader;
use crate::sentences::secrets;
use crate::terms::{Terms, terms};
use crate::why_not::{Trial, Unit};
use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Price, Quantity};
use kontor_platform::cx::Cx;
use kontor_platform::value::Id;
use kontor_pricing::{Cost, Explained, Offered, Profit};
use serde_json::Value as Json;

/// All lines of a document with what they share.
pub struct Typed<'a> {
    pub terms: &'a Terms,
    pub company: Id,
    pub partner: Option<Id>,
    pub date: NaiveDate,
    pub lines: &'a [LineQuestion],
}

/// A gift that the lines earn and that is not among them yet; the quantity is in the product's own unit.
#[derive(Clone, Debug, PartialEq)]
pub struct GiftDue {
    pub promotion_id: Id,
    pub promotion: String,
    pub product_id: Id,
    pub quantity: Quantity,
}

/// Figures in the document's currency, net of VAT.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    pub lines: Vec<Profit>,
    pub whole: Profit,
    pub gifts: Vec<GiftDue>,
}

impl Typed<'_> {
    fn asked(&self) -> Asked {
        Asked { company: self.company, partner: self.partner, price_type: None, date: self.date }
    }

    fn desk(&self, cx: &mut Cx) -> Result<Desk> {
        Desk::open(cx, self.terms, &self.asked(), self.lines)
    }

    /// `costs`: of one unit in the document's currency, net of VAT; what is not in it is not known.
    pub fn outlook(&self, cx: &mut Cx, costs: &HashMap<Id, Price>) -> Result<Outlook> {
        let mut desk = self.desk(cx)?;
        for (product, price) in costs {
            desk.facts.set_cost(*product, Cost { price: *price, currency: self.terms.currency });
        }
        desk.outlook()
    }

    /// The steps of one line's price, as `POST /prices/explain` tells them, with what the rest of the document does to it.
    pub fn explain(&self, cx: &mut Cx, line: usize) -> Result<Json> {
        let hidden = secrets(cx)?;
        let e = of_line(self.desk(cx)?.explained(), line)?;
        answer(&Reader::of(cx, [&e])?, self.terms, &e, &hidden)
    }

    /// What may give one unit of the line the wanted price. Prices and quantities that are told and
    /// asked for are of `unit`; each change is to be tried on the document itself.
    pub fn trial(&self, cx: &mut Cx, line: usize, wanted: Price, unit: Unit) -> Result<Trial> {
        let desk = self.desk(cx)?;
        Trial::of(cx, &desk, self.terms, &self.asked(), line, wanted, unit)
    }

    /// What one unit of the line comes to: of the product's own unit, after all discounts. `None`: it has no price.
    pub fn offered(&self, cx: &mut Cx, line: usize) -> Result<Option<Offered>> {
        Ok(self.desk(cx)?.offered(line))
    }

    /// What the same line would cost another client (by his own terms), or on another day.
    pub fn compare(&self, cx: &mut Cx, line: usize, partner: Option<Id>, date: Option<NaiveDate>) -> Result<Json> {
        let day = date.unwrap_or(self.date);
        let whose = partner.or(self.partner);
        let own = partner.is_none() || partner == self.partner;
        let agreement = self.terms.agreement_id.filter(|_| own);
        let ask = |cx: &mut Cx, agreement| terms(cx, self.company, whose.unwrap_or_default(), agreement, Some(self.terms.currency), day);
        let mut t = match ask(cx, agreement) {
            // The agreement does not hold on that day: what does is told.
            Err(e) if agreement.is_some() && e.kind() == kontor_kernel::error::Kind::Refused => ask(cx, None)?,
            other => other?,
        };
        t.vat = self.terms.vat;
        (t.order_type_id, t.deal_kind_id) = (self.terms.order_type_id, self.terms.deal_kind_id);
        t.payment_form_id = self.terms.payment_form_id;
        if own {
            (t.contract_id, t.loyalty_card_id) = (self.terms.contract_id, self.terms.loyalty_card_id);
        }
        // What was written by hand was written for this client and this day.
        let bare: Vec<LineQuestion> = self.lines.iter().map(|l| LineQuestion { manual_price: None, discount: None, ..l.clone() }).collect();
        let other = Typed { terms: &t, partner: whose, date: day, lines: &bare, ..*self };
        let e = of_line(other.desk(cx)?.explained(), line)?;
        otherwise(cx, &t, &e)
    }
}

fn of_line(mut all: Vec<Explained>, line: usize) -> Result<Explained> {
    if line < all.len() {
        Ok(all.swap_remove(line))
    } else {
        Err(Error::field("line", "out_of_range").field_arg("min", 0).field_arg("max", all.len().saturating_sub(1)))
    }
}
