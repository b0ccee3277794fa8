//! Kinds of conditions: for whom, for what and with which value each may be written. The order of columns is that of the form.

/// Columns that say for whom a condition holds.
pub const WHO: [&str; 10] = [
    "partner_id",
    "agreement_id",
    "contract_id",
    "dealer_type_id",
    "segment_id",
    "region_id",
    "order_type_id",
    "deal_kind_id",
    "payment_form_id",
    "loyalty_program_id",
];
/// Columns that say for which products.
pub const WHAT: [&str; 4] = ["product_id", "price_group_id", "category_id", "product_segment_id"];
/// Columns that hold what it does.
pub const VALUE: [&str; 5] = ["price_type_id", "price_list_id", "price", "percent", "amount_off"];

const PRICES: &[&str] = &["price_type_id", "price_list_id", "price"];
const CHANGES: &[&str] = &["percent", "amount_off"];

pub struct Kind {
    pub code: &'static str,
    /// One of these must be given.
    pub who: &'static [&'static str],
    /// Nobody in particular will do.
    pub anyone: bool,
    /// A product, group or category must be given.
    pub goods: bool,
    pub values: &'static [&'static str],
    /// Further columns that it cannot do without.
    pub needs: &'static [&'static str],
}

const fn kind(code: &'static str, who: &'static [&'static str], values: &'static [&'static str]) -> Kind {
    Kind { code, who, anyone: who.is_empty(), goods: false, values, needs: &[] }
}

const SEVERAL: &[&str] = &["partner_id", "agreement_id", "contract_id", "dealer_type_id", "segment_id"];

pub const KINDS: [Kind; 16] = [
    Kind { anyone: true, goods: true, ..kind("special_price", &["partner_id", "segment_id"], PRICES) },
    kind("order_type", &["order_type_id"], PRICES),
    kind("deal_kind", &["deal_kind_id"], PRICES),
    Kind { needs: &["company_id"], ..kind("company_list", &[], PRICES) },
    kind("region", &["region_id"], PRICES),
    kind("dealer_type", &["dealer_type_id"], PRICES),
    kind("surcharge", &[], CHANGES),
    kind("dealer_discount", &["dealer_type_id"], CHANGES),
    Kind { anyone: true, ..kind("special", &["partner_id", "segment_id"], CHANGES) },
    kind("segment", &["segment_id"], CHANGES),
    Kind { anyone: true, ..kind("period", &["partner_id", "segment_id", "region_id"], CHANGES) },
    Kind { anyone: true, needs: &["from_quantity"], ..kind("quantity", SEVERAL, CHANGES) },
    kind("payment_form", &["payment_form_id"], CHANGES),
    kind("card", &["loyalty_program_id"], CHANGES),
    Kind { anyone: true, needs: &["from_amount"], ..kind("amount", SEVERAL, CHANGES) },
    kind("rebate", &["partner_id", "segment_id", "dealer_type_id"], &["percent"]),
];

pub const CODES: &[&str] = &[
    "special_price",
    "order_type",
    "deal_kind",
    "company_list",
    "region",
    "dealer_type",
    "surcharge",
    "dealer_discount",
    "special",
    "segment",
    "period",
    "quantity",
    "payment_form",
    "card",
    "amount",
    "rebate",
];

/// The kind of this code; codes come from a column that takes no others.
pub fn of(code: &str) -> &'static Kind {
    KINDS.iter().find(|k| k.code == code).unwrap_or(&KINDS[0])
}

impl Kind {
    /// It gives a price, not a change of one.
    pub fn is_base(&self) -> bool {
        self.values == PRICES
    }
    /// It can hold for a part of a line only.
    pub fn limitable(&self) -> bool {
        !self.is_base() && !["surcharge", "amount", "rebate"].contains(&self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prc_09_every_kind_has_its_code_and_uses_known_columns() {
        assert_eq!(KINDS.iter().map(|k| k.code).collect::<Vec<_>>(), CODES);
        for k in &KINDS {
            assert!(k.who.iter().all(|c| WHO.contains(c)) && k.values.iter().all(|c| VALUE.contains(c)), "{}", k.code);
        }
    }
}
