//! Terms of payment and the date they make a debt due.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// When a document is to be paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentKind {
    /// Paid before anything is handed over.
    Prepay,
    /// Paid when the goods are handed over.
    #[default]
    OnDelivery,
    /// Paid so many days after.
    Credit,
}

impl PaymentKind {
    /// The soonest paid first.
    pub const ALL: [PaymentKind; 3] = [PaymentKind::Prepay, PaymentKind::OnDelivery, PaymentKind::Credit];
    /// As it is stored.
    pub fn code(self) -> &'static str {
        match self {
            PaymentKind::Prepay => "prepay",
            PaymentKind::OnDelivery => "on_delivery",
            PaymentKind::Credit => "credit",
        }
    }
    /// By its code; `None` for an unknown one.
    pub fn parse(s: &str) -> Option<PaymentKind> {
        PaymentKind::ALL.into_iter().find(|k| k.code() == s)
    }
}

/// In JSON `{"kind": "credit", "days": 14}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentTerms {
    pub kind: PaymentKind,
    /// Calendar days of credit; other kinds have none.
    #[serde(default)]
    pub days: u32,
}

impl PaymentTerms {
    /// Ten years: longer credit is a slip of the key.
    pub const MAX_DAYS: u32 = 3_650;

    /// The last day on which a document of this date is paid in time. Only the days of [`PaymentKind::Credit`] count.
    /// `None` when the calendar ends before.
    pub fn due(&self, date: NaiveDate) -> Option<NaiveDate> {
        match self.kind {
            PaymentKind::Credit => date.checked_add_days(Days::new(u64::from(self.days))),
            PaymentKind::Prepay | PaymentKind::OnDelivery => Some(date),
        }
    }
}
