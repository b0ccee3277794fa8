//! Activities: what people do with partners and for each other. Interactions (calls, meetings, mails, planned contacts)
//! and tasks. Sees partners; names deals by reference only, which stand above.

mod interaction;
mod task;

use kontor_platform::Registry;

pub fn register(r: Registry) -> Registry {
    r.entity(interaction::interactions()).entity(task::tasks())
}
