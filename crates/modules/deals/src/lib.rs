//! Deals: possible sales with their kinds, stages, participants and outcome. Sees partners and activities; quotes and
//! orders refer to deals, not the other way.

mod board;
mod deal;
mod kind;
mod process;
mod seed;
mod stage_log;
mod verbs;

use kontor_platform::Registry;
use kontor_platform::app::Question;

pub fn register(r: Registry) -> Registry {
    r.entity(kind::deal_kinds())
        .entity(kind::stages())
        .entity(kind::loss_reasons())
        .entity(deal::deals())
        .entity(stage_log::deal_stage_log())
        .question(Question { path: "deals/board", post: false, run: board::board })
        .seed(seed::seed)
        .check(stage_log::check)
}
