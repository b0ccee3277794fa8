//! What an import of CommerceML tells besides its counts.

use super::stock::{Difference, Found};
use kontor_kernel::Quantity;
use kontor_texts::{Arg, Lang, format, tr, tr_args};

/// Differences of either kind that are told in words; a program gets them all.
const EXAMPLES: usize = 3;

pub fn kits_passed(lang: Lang, count: u64) -> String {
    tr_args(lang, "commerceml-kits_passed", &[("count", Arg::from(count))])
}

pub fn stock(lang: Lang, found: &Found) -> Vec<String> {
    let quantity = |q: Quantity| format::quantity(lang, q.scaled());
    let counts = [("compared", found.compared), ("more", found.more_count), ("less", found.less_count)].map(|(k, n)| (k, Arg::from(n)));
    let mut out = vec![tr_args(lang, "commerceml-stock", &counts)];
    out.extend(examples(lang, found));
    for p in &found.passed {
        let name = if p.name.is_empty() { &p.id } else { &p.name };
        let args = [("name", Arg::from(name.as_str())), ("offers", Arg::from(p.offers)), ("quantity", Arg::from(quantity(p.quantity)))];
        out.push(tr_args(lang, "commerceml-warehouse_passed", &args));
    }
    if found.unknown_offers > 0 {
        out.push(tr_args(lang, "commerceml-unknown_offers", &[("count", Arg::from(found.unknown_offers))]));
    }
    for r in &found.receipts {
        let key = if r.id.is_some() { "commerceml-receipt" } else { "commerceml-receipt_would_be" };
        let args = [
            ("number", Arg::from(r.number.as_str())),
            ("warehouse", Arg::from(r.warehouse.as_str())),
            ("lines", Arg::from(r.lines)),
            ("without_cost", Arg::from(r.without_cost)),
        ];
        out.push(tr_args(lang, key, &args));
    }
    out
}

/// The largest differences of either kind in words.
pub fn examples(lang: Lang, found: &Found) -> Vec<String> {
    let quantity = |q: Quantity| format::quantity(lang, q.scaled());
    let example = |d: &Difference| {
        let place = if d.warehouse.is_empty() { tr(lang, "commerceml-all_warehouses") } else { d.warehouse.as_str() };
        let args = [
            ("product", Arg::from(d.product.as_str())),
            ("warehouse", Arg::from(place)),
            ("in_file", Arg::from(quantity(d.in_file))),
            ("available", Arg::from(quantity(d.available))),
        ];
        tr_args(lang, "commerceml-difference", &args)
    };
    found.more.iter().take(EXAMPLES).chain(found.less.iter().take(EXAMPLES)).map(example).collect()
}
