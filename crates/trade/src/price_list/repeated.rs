//! Lines with an article that stands in the list again, told by their rows: one of them counts, and which one must be seen.

use super::items::Item;
use super::{ListReport, key};
use kontor_exchange::read::Sheet;
use kontor_kernel::HashMap;
use kontor_kernel::Price;
use kontor_platform::Ctx;
use kontor_texts::{format, tr, tr_args};

/// More are only counted.
const TOLD: usize = 50;

/// A line that stands again, the line that had the article before, and which of the two counts.
pub struct Again {
    line: Item,
    before: Item,
    takes: bool,
}

/// Each article once: the last line with a price counts.
pub fn distinct(all: impl Iterator<Item = Item>, out: &mut ListReport) -> (Vec<Item>, Vec<Again>) {
    let mut places: HashMap<String, usize> = HashMap::new();
    let (mut items, mut again): (Vec<Item>, Vec<Again>) = (vec![], vec![]);
    for i in all {
        match places.get(&key(&i)) {
            None => {
                places.insert(key(&i), items.len());
                items.push(i);
            }
            Some(n) => {
                out.repeated += 1;
                let takes = i.price.is_some() || items[*n].price.is_none();
                again.push(Again { line: i.clone(), before: items[*n].clone(), takes });
                if takes {
                    items[*n] = i;
                }
            }
        }
    }
    (items, again)
}

/// Sentences for the report, those of different prices first.
pub fn told(ctx: &Ctx, book: &[Sheet], all: &[Again]) -> Vec<String> {
    let differs = |a: &&Again| a.line.price != a.before.price || a.line.currency != a.before.currency;
    let (first, rest): (Vec<&Again>, Vec<&Again>) = all.iter().partition(differs);
    let place = |i: &Item| format!("{}!{}", book.get(i.sheet).map_or("", |s| s.name.as_str()), i.row);
    let price =
        |p: Option<Price>| p.map_or_else(|| tr(ctx.lang, "inout-asked_price").to_string(), |p| format::price(ctx.lang, p.scaled(), 2));
    let one = |a: &&Again| {
        let (counts, other) = if a.takes { (&a.line, &a.before) } else { (&a.before, &a.line) };
        let args = [
            ("name", if a.line.article.is_empty() { a.line.name.as_str() } else { a.line.article.as_str() }.into()),
            ("place", place(&a.line).into()),
            ("first", place(&a.before).into()),
            ("counts", price(counts.price).into()),
            ("other", price(other.price).into()),
        ];
        tr_args(ctx.lang, if differs(a) { "inout-stands_again" } else { "inout-stands_again_alike" }, &args)
    };
    let mut out: Vec<String> = first.iter().chain(&rest).take(TOLD).map(one).collect();
    if all.len() > TOLD {
        out.push(tr_args(ctx.lang, "inout-stands_again_more", &[("count", (all.len() - TOLD).into())]));
    }
    out
}
