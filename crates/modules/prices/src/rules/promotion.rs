//! Bundles (products that are cheaper together) and gifts (goods given free with others).

use super::{revision, validity};
use kontor_kernel::HashSet;
use kontor_kernel::Percent;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Lines, Rules, Spec};

pub(super) const WHO: [&str; 3] = ["partner_id", "segment_id", "dealer_type_id"];
/// What a bundle gives, and what a gift asks for.
const BUNDLE: [&str; 3] = ["percent", "amount_off", "bundle_price"];
pub(super) const ASKED: [&str; 4] = ["product_id", "price_group_id", "category_id", "product_segment_id"];
const GIFT: [&str; 3] = ["from_quantity", "gift_product_id", "gift_quantity"];

pub fn promotions() -> Spec {
    Spec::catalog("promotions")
        .section("prices", "gift")
        .columns([
            Column::text("name", 200).required().unique().search().sort_key().list(),
            Column::choice("kind", &["bundle", "gift"]).required().list(),
            Column::reference("partner_id", "partners"),
            Column::reference("segment_id", "segments"),
            Column::reference("dealer_type_id", "dealer-types").by_name("dealer_type"),
            Column::reference("company_id", "companies"),
            Column::percent("percent").list(),
            Column::amount("amount_off").list(),
            Column::amount("bundle_price").list(),
            Column::code("currency", "currencies"),
            Column::int("limit_bundles", 1, 1_000_000),
            Column::reference("product_id", "products"),
            Column::reference("price_group_id", "price-groups").by_name("price_group"),
            Column::reference("category_id", "product-categories").by_name("category"),
            Column::reference("product_segment_id", "segments"),
            Column::quantity("from_quantity"),
            Column::reference("gift_product_id", "products").list(),
            Column::quantity("gift_quantity").list(),
            // Again for every further `from_quantity`.
            Column::bool("repeat", false),
            Column::date("valid_from").list(),
            Column::date("valid_to").list(),
            Column::int("priority", 0, 1_000_000).default(0i64),
            Column::bool("active", true).list(),
            Column::long("comment"),
            revision::column(),
        ])
        .lines(Lines {
            name: "lines",
            table: "promotion_lines",
            columns: vec![Column::reference("product_id", "products").required(), Column::quantity("quantity").required()],
            max: 1_000,
            required: false,
        })
        .import_key(&["name"])
        .group(&["percent", "amount_off", "bundle_price", "currency"])
        .index_on(revision::INDEX.0, revision::INDEX.1)
        .reference_data()
        .rules(PromotionRules)
}

struct PromotionRules;
impl Rules for PromotionRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let r = &change.after;
        let mut wrong = vec![];
        wrong.extend(validity(r).err());
        if let [_, second, ..] = given(r, &WHO).as_slice() {
            wrong.push(Error::field(*second, "condition_one_who"));
        }
        if r.text("kind") == "bundle" {
            bundle(r, &mut wrong);
        } else {
            gift(r, &mut wrong);
        }
        Error::collect(wrong)?;
        super::promotion_key::refuse_equal(cx, &change.after)
    }
    fn written(&self, cx: &mut Cx, change: &Change) -> Result<()> {
        revision::touch(cx, "promotions", change.after.id)
    }
    fn removing(&self, cx: &mut Cx, record: &Record) -> Result<()> {
        revision::touch(cx, "promotions", record.id)
    }
}

fn given(r: &Record, columns: &[&'static str]) -> Vec<&'static str> {
    columns.iter().copied().filter(|c| !r.is_null(c)).collect()
}

fn unused(r: &Record, columns: &[&'static str], wrong: &mut Vec<Error>) {
    let kind = r.text("kind").to_string();
    wrong.extend(given(r, columns).into_iter().map(|c| Error::field(c, "condition_not_used").field_arg("kind", &kind)));
}

fn bundle(r: &Record, wrong: &mut Vec<Error>) {
    unused(r, &ASKED, wrong);
    unused(r, &GIFT, wrong);
    match given(r, &BUNDLE).as_slice() {
        [] => wrong.push(Error::field("percent", "required")),
        ["percent"] => {
            if r.percent("percent") > Percent::HUNDRED || r.percent("percent").is_zero() {
                wrong.push(Error::field("percent", "out_of_range").field_arg("min", 0).field_arg("max", 100));
            }
        }
        [_] if r.is_null("currency") => wrong.push(Error::field("currency", "required")),
        [_] => {}
        [_, second, ..] => wrong.push(Error::field(*second, "condition_one_value")),
    }
    let spec = &r.spec.lines[0];
    let mut seen = HashSet::new();
    for (n, l) in r.lines[0].iter().enumerate() {
        if !seen.insert(l.get(spec, "product_id").as_id()) {
            wrong.push(Error::field(format!("lines.{n}.product_id"), "duplicate_line"));
        }
        if l.get(spec, "quantity").as_int().unwrap_or(0) <= 0 {
            wrong.push(Error::field(format!("lines.{n}.quantity"), "number_not_positive"));
        }
    }
    if r.lines[0].is_empty() {
        wrong.push(Error::field("lines", "required"));
    }
}

fn gift(r: &Record, wrong: &mut Vec<Error>) {
    unused(r, &BUNDLE, wrong);
    unused(r, &["limit_bundles"], wrong);
    if !r.lines[0].is_empty() {
        wrong.push(Error::field("lines", "condition_not_used").field_arg("kind", "gift"));
    }
    if let [_, second, ..] = given(r, &ASKED).as_slice() {
        wrong.push(Error::field(*second, "product_or_category"));
    }
    wrong.extend(GIFT.iter().filter(|c| r.is_null(c)).map(|c| Error::field(*c, "required")));
    let zero = ["from_quantity", "gift_quantity"].into_iter().filter(|c| r.opt_int(c).is_some_and(|n| n <= 0));
    wrong.extend(zero.map(|c| Error::field(c, "number_not_positive")));
}
