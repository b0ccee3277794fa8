//! Catalogues, prices and rates in the formats of the trade: CommerceML both ways, price lists of suppliers and competitors. Takes foreign files apart into rows and
//! hands them to the import of `kontor_exchange`, so that checks, keys, dry run and taking back are the same everywhere.

mod book_cells;
pub mod commerceml;
mod fault;
pub mod fetch;
pub mod pairs;
pub mod price_book;
pub mod price_list;
pub mod printing;
mod rates;
pub mod report_paper;

pub use book_cells::Become;
use kontor_exchange::{Input, Options, Report};
use kontor_kernel::error::Error;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Registry};
use std::sync::Arc;

/// Feeds of rates, and the job that asks them.
pub fn register(r: Registry) -> Registry {
    register_with(r, fetch::Http::default())
}

/// The same with another way to get files.
pub fn register_with<F: fetch::Fetch + 'static>(r: Registry, fetch: F) -> Registry {
    r.entity(rates::rate_feeds()).job(rates::LoadRates(fetch))
}

/// A file by path, or what stands behind an `http(s)` address.
pub fn input(of: &str, fetch: &dyn fetch::Fetch) -> kontor_kernel::error::Result<Input> {
    if !fetch::is_url(of) {
        return Ok(Input::Path(of.into()));
    }
    let name = of.split(['?', '#']).next().and_then(|p| p.rsplit('/').next()).filter(|n| !n.is_empty()).unwrap_or("file").to_string();
    Ok(Input::bytes(name, fetch.get(of)?))
}

/// What the changed cells of a price book become that is imported as this collection.
pub fn becomes(entity: &str) -> Option<Become> {
    match entity {
        "edited-prices" | "prices" => Some(Become::Edited),
        "price-changes" => Some(Become::Draft),
        _ => None,
    }
}

/// What a file is about that does not stand in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct About {
    /// Whose price list it is.
    pub partner: Option<Id>,
    /// Where the stock is that the file gives without a warehouse.
    pub warehouse: Option<Id>,
}

/// What came of a file: the report, and what its kind tells besides.
pub struct Told {
    pub report: Report,
    more: Option<serde_json::Value>,
}

impl Told {
    pub fn json(&self) -> serde_json::Value {
        self.more.clone().unwrap_or_else(|| self.report.to_json())
    }
}

/// Takes any file in: of one collection, a partner's price list, a book of our prices.
pub fn take(app: &Arc<App>, ctx: &Ctx, entity: &str, input: &Input, options: &Options, about: About) -> Told {
    if is_commerceml(entity, input, options) {
        let found = commerceml::import(app, ctx, entity, input, options, about.warehouse);
        return Told { more: Some(found.to_json()), report: found.report };
    }
    if let ("supplier-prices", Some(partner)) = (entity, about.partner) {
        let found = price_list::import(app, ctx, partner, input, options);
        return Told { more: Some(found.to_json()), report: found.report };
    }
    if let Some(target) = becomes(entity)
        && price_book::is_book(input, &options.limits)
    {
        let found = price_book::import(app, ctx, input, target, options);
        return Told { more: Some(found.to_json()), report: found.report };
    }
    Told { report: import(app, ctx, entity, input, options), more: None }
}

fn is_commerceml(entity: &str, input: &Input, options: &Options) -> bool {
    // What cannot be read at all is told by the reader of tables.
    commerceml::takes(entity) && kontor_exchange::read::is_xml(input, &options.limits).is_ok_and(|x| x)
}

/// A record by id or by title, for those who type it; `field` names it in errors.
pub fn named(app: &App, ctx: &Ctx, collection: &str, field: &str, said: &str) -> kontor_kernel::error::Result<Id> {
    if let Ok(id) = Id::parse_str(said) {
        return app.record(ctx, collection, id).map(|r| r.id);
    }
    let spec = app.registry.get(collection).ok_or_else(Error::not_found)?;
    let seen = ctx.access.predicate(&app.registry, spec, "read", "t");
    let and = seen.and();
    let params: Vec<_> = [said.into(), false.into()].into_iter().chain(seen.params).collect();
    let sql = format!("SELECT t.id FROM {} t WHERE t.{} = ? AND t.archived = ?{and} LIMIT 2", spec.table, spec.title);
    let rows = app.store.read(|c| c.query(&sql, &params))?;
    match rows.as_slice() {
        [] => Err(Error::field(field, "name_missing").field_arg("value", said)),
        [one] => one.id(0),
        _ => Err(Error::field(field, "name_ambiguous").field_arg("value", said)),
    }
}

/// Imports a file of one collection; its format is found by content.
pub fn import(app: &Arc<App>, ctx: &Ctx, entity: &str, input: &Input, options: &Options) -> Report {
    if is_commerceml(entity, input, options) {
        return commerceml::import(app, ctx, entity, input, options, None).report;
    }
    if let Some(target) = becomes(entity)
        && price_book::is_book(input, &options.limits)
    {
        return price_book::import(app, ctx, input, target, options).report;
    }
    if entity == "rates"
        && let Some(report) = rates::import(app, ctx, input, options)
    {
        return report;
    }
    kontor_exchange::import_entity(app, ctx, entity, input, options)
}
