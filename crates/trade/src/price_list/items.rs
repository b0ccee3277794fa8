//! Rows of a sheet as goods with prices: group rows give what stands below them its group, merged cells are filled downwards.

use super::layout::{Layout, tidy};
use super::words::{Asked, Role, asked};
use kontor_exchange::read::Sheet;
use kontor_kernel::error::Error;
use kontor_kernel::{Currency, Price};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    pub row: u32,
    pub sheet: usize,
    pub article: String,
    pub barcode: String,
    pub name: String,
    pub group: String,
    /// `None`: told on request.
    pub price: Option<Price>,
    pub currency: Option<Currency>,
    pub unit: String,
    pub stock: String,
}

#[derive(Clone, Debug)]
pub struct Wrong {
    pub row: u32,
    /// `C` of cell C17.
    pub column: String,
    pub error: Error,
}

#[derive(Debug, Default)]
pub struct Taken {
    pub items: Vec<Item>,
    pub on_request: u64,
    pub groups: u64,
    pub wrong: Vec<Wrong>,
}

/// Letters of a column as a spreadsheet shows them.
pub fn letters(mut column: usize) -> String {
    let mut out = vec![];
    loop {
        out.push(b'A' + (column % 26) as u8);
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    out.iter().rev().map(|b| *b as char).collect()
}

pub fn take(s: &Sheet, number: usize, l: &Layout) -> Taken {
    let mut out = Taken::default();
    let mut groups: Vec<String> = vec![];
    let mut after_group = false;
    for (row, cells) in s.rows.iter().filter(|r| r.0 > l.row) {
        let cell = |role: Role| l.at(role).map(|at| merged(s, *row, at, cells)).unwrap_or_default();
        // The heading comes again on each printed page.
        if l.columns.iter().all(|c| cells.get(c.at).is_some_and(|x| tidy(x) == c.heading)) {
            continue;
        }
        let (article, name) = (tidy(&cell(Role::Article)), tidy(&cell(Role::Name)));
        // With a unit or a bar code it is goods, not the title of a group, whatever became of its price.
        let goods = !name.is_empty() && [Role::Unit, Role::Barcode].into_iter().any(|r| !tidy(&cell(r)).is_empty());
        let price = match asked(&cell(Role::Price)) {
            Ok(Asked::Nothing) if goods => None,
            Ok(Asked::Nothing) => {
                let words: Vec<String> = cells.iter().map(|c| tidy(c)).filter(|c| !c.is_empty()).collect();
                if !words.is_empty() {
                    if !after_group {
                        groups.clear();
                    }
                    groups.push(words.join(" "));
                    after_group = true;
                    out.groups += 1;
                }
                continue;
            }
            Ok(Asked::Price(p, c)) => Some((p, c)),
            Ok(Asked::OnRequest) => None,
            Err(error) => {
                let column = letters(l.at(Role::Price).unwrap_or_default());
                out.wrong.push(Wrong { row: *row, column, error });
                continue;
            }
        };
        after_group = false;
        if article.is_empty() && name.is_empty() {
            let column = letters(l.at(Role::Name).or(l.at(Role::Article)).unwrap_or_default());
            out.wrong.push(Wrong { row: *row, column, error: Error::refused("required") });
            continue;
        }
        out.on_request += u64::from(price.is_none());
        let said = super::words::currency_in(&cell(Role::Currency)).or_else(|| Currency::parse(&cell(Role::Currency).to_uppercase()).ok());
        out.items.push(Item {
            row: *row,
            sheet: number,
            name: if name.is_empty() { article.clone() } else { name },
            article,
            barcode: tidy(&cell(Role::Barcode)),
            group: groups.join(" / "),
            price: price.map(|p| p.0),
            currency: price.and_then(|p| p.1).or(said),
            unit: tidy(&cell(Role::Unit)),
            stock: tidy(&cell(Role::Stock)),
        });
    }
    out
}

/// Cells merged downwards hold for each of their rows; those merged to the right are titles.
fn merged(s: &Sheet, row: u32, column: usize, cells: &[String]) -> String {
    let own = cells.get(column).map(String::as_str).unwrap_or_default();
    if !own.is_empty() {
        return own.into();
    }
    let down = s.merged.iter().find(|m| m.columns == (column, column) && (m.rows.0..=m.rows.1).contains(&row));
    let first = down.and_then(|m| s.rows.iter().find(|r| r.0 == m.rows.0)).and_then(|r| r.1.get(column));
    first.cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn prc_15_columns_have_letters() {
        for (n, wanted) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(super::letters(n), wanted);
        }
    }
}
