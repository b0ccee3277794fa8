//! The formats of the trade against real files and their known answers. The sets are no part of the program: their folder is
//! named by KONTOR_TEST_DATA; without it these tests say that they are skipped, with KONTOR_REQUIRE_DATA they fail.

mod commerceml;
mod matching;
mod pairs;
mod plain_rows;
mod price_book;
mod price_lists;
mod rates;
mod support;
