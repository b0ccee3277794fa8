//! Paper: price lists, price tags and labels as PDF, with bar codes. Takes plain data and gives bytes; knows nothing of the
//! database. Fonts are embedded as subsets, so a file looks the same everywhere and stays small.

mod barcode;
mod font;
mod label;
mod list;
mod pdf;
mod svg;

pub use barcode::{Code, Modules};
pub use label::{Label, Paper, labels, labels_picture};
pub use list::{Column, Group, PriceList, price_list, price_list_picture};

#[derive(Debug, thiserror::Error, PartialEq)]
pub enum PrintError {
    /// The program was built without a font.
    #[error("no font is built in")]
    NoFont,
    #[error("{0} cannot be written as this kind of bar code")]
    Barcode(String),
    #[error("a label of {0} × {1} mm is too small")]
    TooSmall(u32, u32),
    #[error("the font cannot be embedded")]
    Font,
}

pub type Result<T> = std::result::Result<T, PrintError>;
