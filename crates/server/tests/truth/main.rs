//! Profiles against the known answers of the full data sets. The sets are no part of the program: their folder is named by
//! KONTOR_TEST_DATA; without it these tests say that they are skipped, with KONTOR_REQUIRE_DATA they fail.

mod companies;
mod debts;
mod documents;
mod maven;
mod northwind;
mod opening;
mod rates;
mod retail;
mod support;
