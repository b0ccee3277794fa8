//! The sentences of traces: every key with its arguments. Their texts stand in `pricing.ftl` of each language under the key
//! as it is; every argument comes formatted the local way, except those that a sentence selects on (`kind`).

/// Key and arguments of every sentence that a trace may hold.
///
/// `price`, `rule_price`, `base_price`, `to`, `ending` are prices; `percent`, `rate` of `trace-vat-…` and `before` are
/// percentages; `rate` of `trace-convert-…` is a rate of exchange; `date`, `valid_from`, `from_date`, `to_date` are dates;
/// `currency`, `from`, `to` of `trace-convert-…`, `base` of `trace-convert-cross`, `in_currency`, `of_currency` are currency
/// codes; `per`, `limit`, `line`, `column` are whole numbers; `kind` is `arithmetic`, `up` or `down`; the rest are names.
pub const NOTES: &[(&str, &[&str])] = &[
    // Which rule gives the base price.
    ("trace-base-asked", &["price_type"]),
    ("trace-base-agreement_product", &["agreement", "price_type"]),
    ("trace-base-agreement_product_price", &["agreement", "currency", "price"]),
    ("trace-base-agreement_category", &["agreement", "category", "price_type"]),
    ("trace-base-agreement_category_price", &["agreement", "category", "currency", "price"]),
    ("trace-base-agreement", &["agreement", "price_type"]),
    ("trace-base-default", &["price_type"]),
    ("trace-base-none", &[]),
    // Its value on the date.
    ("trace-value-manual", &["currency", "price", "price_type", "valid_from"]),
    ("trace-value-agreed", &["agreement", "currency", "price"]),
    ("trace-value-markup", &["base", "base_price", "currency", "percent", "price", "price_type"]),
    ("trace-value-markdown", &["base", "base_price", "currency", "percent", "price", "price_type"]),
    ("trace-value-formula", &["currency", "formula", "price", "price_type"]),
    // Currency, VAT basis, rounding.
    ("trace-convert-rate", &["currency", "date", "from", "in_currency", "of_currency", "per", "price", "rate", "to"]),
    ("trace-convert-cross", &["base", "currency", "from", "from_date", "price", "rate", "to", "to_date"]),
    ("trace-vat-added", &["currency", "price", "rate"]),
    ("trace-vat-removed", &["currency", "price", "rate"]),
    ("trace-rounding-rule", &["currency", "kind", "price", "price_type", "to"]),
    ("trace-rounding-ending", &["currency", "ending", "kind", "price", "price_type", "to"]),
    ("trace-rounding-minor", &["currency", "price"]),
    // Discounts, and what was written into the line by hand.
    ("trace-discount-agreement_product", &["agreement", "percent"]),
    ("trace-discount-agreement_category", &["agreement", "category", "percent"]),
    ("trace-discount-agreement", &["agreement", "percent"]),
    ("trace-discount-none", &["agreement"]),
    ("trace-line_discount", &["before", "percent"]),
    ("trace-line_price", &["currency", "price", "rule_price"]),
    ("trace-line_price-no_rule", &["currency", "price"]),
    // Why a candidate lost.
    ("trace-lost-weaker", &["by"]),
    ("trace-lost-expired", &["agreement", "date"]),
    ("trace-lost-tie", &[]),
    ("trace-lost-fixed_price", &[]),
    ("trace-lost-no_discount", &[]),
    ("trace-lost-no_price_in_line", &[]),
    ("trace-lost-no_price_type", &[]),
    ("trace-lost-no_price", &["date", "price_type"]),
    ("trace-lost-no_cost", &["price_type"]),
    // Why there is no price at all; also `trace-base-none`, `trace-lost-no_price`, `trace-lost-no_cost`.
    ("trace-problem-unknown_price_type", &["id"]),
    ("trace-problem-unknown_agreement", &["id"]),
    ("trace-problem-no_rate", &["currency", "date"]),
    ("trace-problem-cycle", &["path"]),
    ("trace-problem-too_deep", &["limit", "price_type"]),
    ("trace-problem-overflow", &[]),
    ("trace-problem-not_positive", &[]),
    ("trace-problem-ambiguous_name", &["name"]),
    ("trace-problem-formula_unknown_type", &["name"]),
    ("trace-problem-formula_unknown_currency", &["name"]),
    ("trace-problem-formula_empty", FORMULA),
    ("trace-problem-formula_too_long", FORMULA),
    ("trace-problem-formula_syntax", FORMULA),
    ("trace-problem-formula_unknown_name", FORMULA),
    ("trace-problem-formula_arithmetic", FORMULA),
    ("trace-problem-formula_limit", FORMULA),
    ("trace-problem-formula_not_a_number", FORMULA),
    ("trace-problem-formula_negative", FORMULA),
];

const FORMULA: &[&str] = &["column", "detail", "line", "name", "price_type"];
