//! Catalogues, prices and rates in the formats of the trade: CommerceML both ways, price lists of suppliers and competitors. Takes foreign files apart into rows and
//! hands them to the import of `kontor_exchange`, so that checks, keys, dry run and taking back are the same everywhere.

pub mod commerceml;
mod fault;
pub mod price_list;

use kontor_exchange::{Input, Options, Report};
use kontor_platform::{App, Ctx};
use std::sync::Arc;

/// Imports a file of one collection; its format is found by content.
pub fn import(app: &Arc<App>, ctx: &Ctx, entity: &str, input: &Input, options: &Options) -> Report {
    // What cannot be read at all is told by the reader of tables.
    if commerceml::takes(entity) && kontor_exchange::read::is_xml(input, &options.limits).is_ok_and(|x| x) {
        return commerceml::import(app, ctx, entity, input, options);
    }
    kontor_exchange::import_entity(app, ctx, entity, input, options)
}
