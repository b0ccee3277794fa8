//! A price on its way from a price type into the document's currency and basis.

use crate::event::{Event, Fail, Sink};
use crate::exact::Exact;
use crate::facts::{DatedRate, Id, PriceType, RateTable};
use crate::name::Name;
use crate::replay::{exchange, markup, vat_factor};
use crate::trace::{Arg, Note, UsedRate};
use crate::value::{Asking, vat_rate};
use kontor_kernel::{Currency, NumberError, Price, VatMode};

/// A price on its way.
pub(crate) struct Chain {
    pub value: Exact,
    pub currency: Currency,
    pub vat: VatMode,
    /// It was computed, not merely read, so it must be rounded in the end.
    pub computed: bool,
    /// The value as a price, once somebody has asked for it.
    shown: Option<Price>,
}

impl Chain {
    pub fn read(price: Price, currency: Currency, vat: VatMode) -> Chain {
        Chain { value: Exact::from_price(price), currency, vat, computed: false, shown: Some(price) }
    }
    /// The value at the price's own precision.
    pub fn price(&mut self) -> Result<Price, NumberError> {
        let price = match self.shown {
            Some(known) => known,
            None => self.value.to_price()?,
        };
        self.shown = Some(price);
        Ok(price)
    }
    /// Takes the next value; `event` is told the price before and after.
    pub fn step<S: Sink>(&mut self, sink: &mut S, value: Exact, event: impl FnOnce(&mut S, Price, Price) -> Event) -> Result<(), Fail> {
        let before = if S::ON { self.price()? } else { Price::ZERO };
        (self.value, self.computed, self.shown) = (value, true, None);
        // A price out of range is refused at the same step whether it is told or not.
        if S::ON || !value.is_surely_a_price() {
            let after = self.price()?;
            let event = event(sink, before, after);
            sink.put(event);
        }
        Ok(())
    }
    /// Takes a price as it is for the next value.
    pub fn step_to<S: Sink>(&mut self, sink: &mut S, price: Price, event: impl FnOnce(Price) -> Event) -> Result<(), Fail> {
        let before = if S::ON { self.price()? } else { Price::ZERO };
        *self = Chain { computed: true, ..Chain::read(price, self.currency, self.vat) };
        sink.put(event(before));
        Ok(())
    }
    /// Into another currency by the document's rates.
    pub fn convert<S: Sink>(&mut self, q: &Asking<'_>, to: Currency, sink: &mut S) -> Result<(), Fail> {
        if self.currency == to {
            return Ok(());
        }
        let from = self.currency;
        let (table, rates, n) = find_rates(q, from, to)?;
        let (rates, base, table) = (&rates[..n], table.base, table.id);
        self.currency = to;
        let value = self.value.times(exchange(from, to, base, rates)?)?;
        self.step(sink, value, |s, before, after| {
            let rates = s.rates(rates);
            Event::Convert { table, own: false, from, to, base, rates, before, after }
        })
    }
    /// By one rate that the caller knows, into the currency it leads to.
    pub fn convert_by<S: Sink>(&mut self, table: Id, base: Currency, rate: &DatedRate, sink: &mut S) -> Result<(), Fail> {
        if self.currency == base {
            return Ok(());
        }
        let from = self.currency;
        let rates = [used(from, rate)];
        self.currency = base;
        let value = self.value.times(exchange(from, base, base, &rates)?)?;
        self.step(sink, value, |s, before, after| {
            let rates = s.rates(&rates);
            Event::Convert { table, own: true, from, to: base, base, rates, before, after }
        })
    }
    /// Into another VAT basis.
    pub fn fit_vat<S: Sink>(&mut self, q: &Asking<'_>, to: VatMode, sink: &mut S) -> Result<(), Fail> {
        let from = self.vat;
        self.vat = to;
        let rate = vat_rate(q);
        let factor = vat_factor(from, to, rate)?;
        if factor.is_one() {
            return Ok(());
        }
        let value = self.value.times(factor)?;
        self.step(sink, value, |_, before, after| Event::Vat { from, to, rate, before, after })
    }
    /// By the price type's own rule; whether it has one.
    pub fn round<S: Sink>(&mut self, q: &Asking<'_>, ty: u32, def: &PriceType, sink: &mut S) -> Result<bool, Fail> {
        // Only where there are several does it matter how large the price is.
        let price = if def.ranges.is_empty() { Price::ZERO } else { self.price()? };
        let Some(rounding) = def.rounding_at(price) else { return Ok(false) };
        let fitted = rounding.fitted(self.vat, vat_rate(q), q.minor_of(self.currency))?;
        let after = fitted.apply(&self.value)?;
        self.step_to(sink, after, |before| Event::Round { ty, to: fitted.to, before, after })?;
        Ok(true)
    }
    pub fn round_minor<S: Sink>(&mut self, q: &Asking<'_>, sink: &mut S) -> Result<(), Fail> {
        let after = crate::rounding::to_minor(&self.value, q.minor_of(self.currency))?;
        self.step_to(sink, after, |before| Event::RoundMinor { before, after })
    }
    pub fn surcharge<S: Sink>(&mut self, slot: u32, by: crate::event::Priced, sink: &mut S) -> Result<(), Fail> {
        let value = surcharged(self.value, by)?;
        self.step(sink, value, |_, before, after| Event::Surcharge { slot, by, before, after })
    }
}

/// Above zero takes off, below zero adds.
pub(crate) fn surcharged(value: Exact, by: crate::event::Priced) -> Result<Exact, NumberError> {
    match by {
        crate::event::Priced::Percent(p) => markup(value, p.checked_neg().ok_or(NumberError::Overflow)?),
        crate::event::Priced::Off(off) => value.plus(off.checked_neg().ok_or(NumberError::Overflow)?),
    }
}

fn used(currency: Currency, r: &DatedRate) -> UsedRate {
    UsedRate { currency, date: r.date, rate: r.rate, per: r.per, direction: r.direction }
}

/// The rates between two currencies: one, or two that make a cross rate.
fn find_rates<'a>(q: &Asking<'a>, from: Currency, to: Currency) -> Result<(&'a RateTable, [UsedRate; 2], usize), Fail> {
    // Rates of another kind may well be there: whose are missing is half of the answer.
    let none = |c: Currency| {
        let note = Note::new("trace-problem-no_rate").with("currency", c).with("date", q.head.date);
        let whose = Arg::code(if q.table.is_some() { "named" } else { "none" });
        Fail::broken(note.with("whose", whose).with("by", q.table.map_or_else(Name::default, |t| Name::of(t.id, t.name.as_str()))))
    };
    let table = q.table.ok_or_else(|| none(from))?;
    let of = |c: Currency| table.at(c, q.head.date).map(|r| used(c, r)).ok_or_else(|| none(c));
    if to == table.base {
        let one = of(from)?;
        return Ok((table, [one, one], 1));
    }
    if from == table.base {
        let one = of(to)?;
        return Ok((table, [one, one], 1));
    }
    Ok((table, [of(from)?, of(to)?], 2))
}
