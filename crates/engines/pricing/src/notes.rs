//! The sentences of traces: every key with its arguments. Their texts stand in `pricing.ftl` of each language under the key
//! as it is; every argument comes formatted the local way, except those that a sentence selects on (`kind`).

/// Key and arguments of every sentence that a trace may hold.
///
/// `price`, `rule_price`, `base_price`, `new`, `net`, `cost`, `to` of roundings and `ending` are prices; `off` is a price, and
/// an amount in `trace-order`, like `whole` and the `from` of `trace-lost-below_amount`; `percent`, `before`, `limit` of
/// approvals and `rate` of `trace-vat-…` are percentages; `rate` of `trace-convert-…` is a rate of exchange; `date`,
/// `valid_from`, `from_date`, `to_date`, `asked` are dates; `currency`, `from`, `to` of `trace-convert-…`, `base` of
/// `trace-convert-cross`, `in_currency`, `of_currency` are currency codes; `quantity`, the other `from` and `limit` of
/// `trace-lost-used_up` are quantities; `per`, `limit` of `trace-problem-too_deep`, `line`, `column` are whole numbers. Codes
/// to select on: `kind` (of a rounding `arithmetic`, `up`, `down`; else [`crate::Kind::code`]), `whom` (`anyone`, `somebody`),
/// `scope` (`none`, `product`, `price_group`, `category`, `segment`), `form` (`type`, `price`; `discount`, `markup`, `off`,
/// `extra`; `percent`, `sum`), `source` (`type`, `receipt`, `supply`; `amount`, `bundle`, `gift`), `algorithm`, `old` (`today`,
/// `earlier`). The rest are names.
pub const NOTES: &[(&str, &[&str])] = &[
    // Which rule gives the base price.
    ("trace-base-asked", &["price_type"]),
    ("trace-base", &["by", "currency", "form", "from", "kind", "price", "price_type", "scope", "what", "whom"]),
    ("trace-base-none", &[]),
    // Its value on the date.
    ("trace-value-manual", &["currency", "price", "price_type", "valid_from"]),
    ("trace-value-agreed", &["by", "currency", "price"]),
    ("trace-value-query", &["currency", "price", "price_type", "query"]),
    ("trace-value-sold", &["currency", "date", "percent", "price"]),
    ("trace-value-receipt", &["currency", "price"]),
    ("trace-value-lot", &["currency", "from", "price", "supplier"]),
    ("trace-value-markup", &["base", "base_price", "currency", "percent", "price", "price_type", "source"]),
    ("trace-value-markdown", &["base", "base_price", "currency", "percent", "price", "price_type", "source"]),
    ("trace-value-formula", &["currency", "formula", "price", "price_type"]),
    ("trace-value-kept", &["currency", "new", "percent", "price", "price_type"]),
    // Currency, VAT basis, surcharge, rounding.
    (
        "trace-convert-rate",
        &["asked", "by", "currency", "date", "from", "in_currency", "of_currency", "old", "per", "price", "rate", "to", "whose"],
    ),
    ("trace-convert-cross", &["asked", "base", "by", "currency", "from", "from_date", "old", "price", "rate", "to", "to_date", "whose"]),
    ("trace-vat-added", &["currency", "price", "rate"]),
    ("trace-vat-removed", &["currency", "price", "rate"]),
    ("trace-surcharge", &["by", "currency", "form", "off", "percent", "price", "scope", "what", "whom"]),
    ("trace-rounding-rule", &["currency", "kind", "price", "price_type", "to"]),
    ("trace-rounding-ending", &["currency", "ending", "kind", "price", "price_type", "to"]),
    ("trace-rounding-minor", &["currency", "price"]),
    // Discounts, what comes off the order, and what was written into the line by hand.
    ("trace-adjust", &["by", "currency", "form", "from", "kind", "off", "percent", "scope", "what", "whom"]),
    ("trace-adjust-none", &[]),
    ("trace-adjust-bare", &["algorithm", "currency", "net", "percent", "quantity"]),
    ("trace-adjust-together", &["algorithm", "currency", "net", "percent", "quantity"]),
    ("trace-net", &["currency", "net", "percent", "quantity"]),
    ("trace-order", &["by", "currency", "form", "off", "percent", "source", "whole"]),
    ("trace-line_discount", &["before", "percent"]),
    ("trace-line_price", &["currency", "price", "rule_price"]),
    ("trace-line_price-no_rule", &["currency", "price"]),
    // Why a rule lost.
    ("trace-lost-weaker", &["by"]),
    ("trace-lost-tie", &["by"]),
    ("trace-lost-clash", &["by"]),
    ("trace-lost-not_yet", &["date"]),
    ("trace-lost-expired", &["date"]),
    ("trace-lost-other_company", &[]),
    ("trace-lost-below_quantity", &["from"]),
    ("trace-lost-below_amount", &["currency", "from"]),
    ("trace-lost-used_up", &["limit"]),
    ("trace-lost-fixed_price", &["by"]),
    ("trace-lost-stopped", &["by"]),
    ("trace-lost-group", &["by"]),
    ("trace-lost-smaller", &["by"]),
    ("trace-lost-later", &["by"]),
    ("trace-lost-no_price", &["date", "price_type"]),
    ("trace-lost-no_cost", &["price_type"]),
    ("trace-lost-no_receipt", &["price_type"]),
    ("trace-lost-no_supply", &["price_type"]),
    ("trace-lost-no_query", &["price_type"]),
    ("trace-lost-no_value", &["price_type"]),
    ("trace-lost-unused_type", &["price_type"]),
    // Why there is no price at all; also `trace-base-none` and `trace-lost-no_…`.
    ("trace-problem-unknown_price_type", &["id"]),
    ("trace-problem-no_rate", &["by", "currency", "date", "whose"]),
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
    // What needs approval, and remarks.
    ("trace-approval-discount", &["limit", "percent"]),
    ("trace-approval-lower", &["limit", "percent"]),
    ("trace-approval-higher", &["limit", "percent"]),
    ("trace-approval-cost", &["cost", "currency", "price"]),
    ("trace-remark-return", &[]),
    ("trace-remark-no_category", &[]),
    ("trace-remark-archived", &[]),
    ("trace-remark-over_hundred", &[]),
    ("trace-remark-zero_price", &[]),
];

const FORMULA: &[&str] = &["column", "detail", "line", "name", "price_type"];
