//! Pages made for one kind of work: home, order editor, board of deals, card of a partner, reports.

use crate::pages::Web;
use axum::Router;

/// Routes that come before the general ones.
pub fn routes(r: Router<Web>) -> Router<Web> {
    r
}
