//! Pages: server-rendered fragments (maud), forms by htmx, small typed islands where the hand needs them.
//! May use the platform's reading and commands; no rule of business lives here.

mod assets;
mod pages;
pub mod ui;

pub use pages::{Web, router};
