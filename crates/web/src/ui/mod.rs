//! Components of pages: plain structs that render themselves. They know words (texts) and looks (classes of
//! `frontend/src/css`), and nothing of the platform, of rights or of requests.
//!
//! No style attributes and no inline scripts: widths and shares are SVG presentation attributes or HTML `width`,
//! behaviour is data attributes read by `frontend/src` (contracts in `frontend/ISLANDS.md`).

pub mod badge;
pub mod board;
pub mod chain;
pub mod chart;
pub mod dialog;
pub mod document;
pub mod empty;
pub mod figures;
pub mod filters;
pub mod form;
pub mod head;
pub mod icons;
pub mod keys;
pub mod money;
pub mod peek;
pub mod shell;
pub mod sign_in;
pub mod table;
pub mod timeline;
pub mod trace;
pub mod words;

pub use badge::{Badge, Tone};
pub use icons::{icon, icon_small};
pub use money::{Money, number};
