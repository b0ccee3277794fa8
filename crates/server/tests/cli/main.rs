//! The program as it is called from a terminal: what it answers, and what stays when it is killed.

mod interrupted;
mod settings;
mod support;
mod table;
