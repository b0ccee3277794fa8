//! The office itself: own companies, users, roles, currencies, countries, regions. Everything else refers to these.

mod company;
pub mod document;
mod reference;
mod user;

pub use company::{Company, Control, company, company_frozen, first_company};

use kontor_platform::Registry;

pub fn register(r: Registry) -> Registry {
    kontor_platform::jobs::register(r)
        .entity(user::roles())
        .entity(user::users())
        .entity(reference::countries())
        .entity(reference::currencies())
        .entity(company::companies())
        .entity(reference::regions())
        .entity(reference::lines_of_business())
        .entity(reference::lead_sources())
        .seed(reference::seed)
        .seed(user::seed)
}
