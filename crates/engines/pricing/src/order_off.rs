//! What discounts by the order's amount take off its lines.

use crate::event::Priced;
use crate::line::Line;
use kontor_kernel::scaled::{div_round, pow10};
use kontor_kernel::{Amount, NumberError, Percent, Quantity};

impl Line {
    pub(crate) fn take_off(&mut self, off: Amount) -> Result<(), NumberError> {
        let amount = self.amount.unwrap_or_default().checked_sub(off).ok_or(NumberError::Overflow)?;
        self.order_off = self.order_off.checked_add(off).ok_or(NumberError::Overflow)?;
        self.amount = Some(amount);
        Ok(())
    }
}

/// Parts of an amount's last decimal in which lines are discounted, so that only their sum is rounded.
pub(crate) const FINE: i128 = Percent::HUNDRED.scaled() as i128;

/// What a record takes off one of its lines, in such parts.
pub(crate) fn part_off(by: Priced, line: &Line) -> i128 {
    let of = |a: Amount| i128::from(a.scaled());
    let (base, left) = (line.order.map_or(0, |o| of(o.of)), of(line.amount.unwrap_or_default()) * FINE);
    match by {
        // No line gives more than it costs.
        Priced::Percent(p) if p.is_positive() && (base * i128::from(p.scaled())).abs() > left.abs() => left,
        Priced::Percent(p) => base * i128::from(p.scaled()),
        Priced::Off(_) => left,
    }
}

/// What a record takes off all its lines together, by the sum of their parts.
pub(crate) fn whole_off(by: Priced, parts: i128, minor: u32) -> Result<Amount, NumberError> {
    let step = pow10(Amount::SCALE - minor.min(Amount::SCALE));
    let sum = div_round(parts, FINE * step).and_then(|n| i64::try_from(n * step).ok());
    let sum = Amount::from_scaled(sum.ok_or(NumberError::Overflow)?);
    match by {
        Priced::Percent(_) => Ok(sum),
        Priced::Off(off) => {
            let off = off.times(Quantity::ONE, minor)?;
            Ok(if off.is_positive() { smaller(off, sum) } else { off })
        }
    }
}

/// The discount by the order's amount of a line by itself. There is nothing to share out: the line takes all of it, and gives
/// no more than it costs.
pub(crate) fn take_off_order(line: &mut Line, minor: u32) -> Result<(), NumberError> {
    let Some(o) = line.order else { return Ok(()) };
    let off = whole_off(o.by, part_off(o.by, line), minor)?;
    let most = line.amount.unwrap_or_default();
    line.take_off(if off.is_positive() && !most.is_negative() && off > most { most } else { off })
}

pub(crate) fn smaller(off: Amount, left: Amount) -> Amount {
    if off.abs() > left.abs() { left } else { off }
}
