//! Deals: possible sales with their kinds, stages, participants and outcome. Sees partners and activities; quotes and
//! orders refer to deals, not the other way.

mod board;
mod deal;
mod kind;
mod seed;
mod verbs;

use kontor_platform::Registry;
use kontor_platform::app::Question;

pub fn register(r: Registry) -> Registry {
    r.entity(kind::deal_kinds()).entity(kind::stages()).entity(kind::loss_reasons()).entity(deal::deals()).question(Question { path: "deals/board", post: false, run: board::board }).seed(seed::seed)
}
