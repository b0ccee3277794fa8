//! Records of any columns: which of one list are the same, or which of one list is which of another. Columns are recognised
//! or given; candidates share something rare; what each column says of a pair is weighed by the lists themselves.

mod block;
mod decide;
mod goods;
mod kind;
mod near;
#[cfg(test)]
mod tests;
mod value;
mod weight;

pub use decide::{Link, link};
pub use kind::{Kind, recognise};

/// A column that both lists have; of one list only the first index counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub left: usize,
    pub right: usize,
    pub kind: Kind,
}

/// Rows of cells.
pub trait Rows {
    fn len(&self) -> usize;
    fn cell(&self, row: usize, column: usize) -> &str;
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Rows for Vec<Vec<String>> {
    fn len(&self) -> usize {
        self.as_slice().len()
    }
    fn cell(&self, row: usize, column: usize) -> &str {
        self[row].get(column).map_or("", String::as_str)
    }
}
