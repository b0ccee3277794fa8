//! Conditions, order, columns and pages of lists, as they stand in addresses: `products?price.gt=5&sort=-name`. What is
//! understood is asked of the database too.
#![no_main]

use kontor_fuzz::{app, is_told};
use kontor_platform::Ctx;
use kontor_platform::query::Query;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (collection, asked) = text.split_once('?').unwrap_or(("products", text));
    let app = app();
    let Some(spec) = app.registry.get(collection).or_else(|| app.registry.get("products")) else { return };
    let pairs: Vec<(String, String)> =
        asked.split('&').map(|p| p.split_once('=').unwrap_or((p, ""))).map(|(k, v)| (k.to_string(), v.to_string())).collect();
    let ctx = Ctx::system();
    if let Some(query) = is_told(Query::parse(app, &ctx, spec, &pairs)) {
        is_told(app.list(&ctx, spec.name, &query));
    }
});
