//! What the engine must know of a document beside its lines: who buys, in which way, and what the seller may give.

use crate::pricing::Asked;
use crate::rulebook::{RuleBook, whom as key};
use crate::rules::limit::{UserLimits, limits_of};
use crate::rules::segment::members;
use crate::terms::Terms;
use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_platform::cx::Cx;
use kontor_platform::store::{Wanted, by_ids};
use kontor_platform::value::Id;
use kontor_pricing::{Algorithm, Header, Item, Limits, Who};

pub(crate) fn of(cx: &mut Cx, terms: &Terms, asked: &Asked) -> Result<Header> {
    let mut head = bare(cx, terms, asked)?;
    if let Some(partner) = asked.partner {
        let book = RuleBook::current(cx)?;
        let segments: Vec<Id> = {
            let state = book.read();
            state.partner_segments.keys().chain(&state.type_segments).copied().collect()
        };
        head.segments = members(cx, "partners", &segments, &[partner])?.remove(&partner).unwrap_or_default();
    }
    limit(&mut head, &limits_of(cx, cx.ctx.user_id, asked.company, asked.date)?);
    Ok(head)
}

/// What the seller may give, and how discounts are put together for him.
pub(crate) fn limit(head: &mut Header, limits: &UserLimits) {
    head.algorithm = Algorithm::parse(&limits.algorithm).unwrap_or_default();
    head.limits = Limits { discount: limits.discount, down: limits.down, up: limits.up, cost: limits.cost };
}

/// The header without the client's segments and the seller's limits.
pub(crate) fn bare(cx: &mut Cx, terms: &Terms, asked: &Asked) -> Result<Header> {
    let mut head = Header {
        vat: terms.vat,
        company: Some(asked.company),
        partner: asked.partner,
        agreement: terms.agreement_id,
        standard_agreement: terms.standard_id,
        contract: terms.contract_id,
        order_type: terms.order_type_id,
        deal_kind: terms.deal_kind_id,
        payment_form: terms.payment_form_id,
        price_type: asked.price_type.or(terms.chosen_price_type_id),
        rate_type: terms.rate_type_id,
        ..Header::new(asked.date, terms.currency)
    };
    if let Some(b) = buyer(cx, asked.partner)? {
        (head.dealer_type, head.region) = (b.dealer_type, b.region);
    }
    if let Some(card) = terms.loyalty_card_id {
        head.card = program(cx, card, asked)?;
    }
    Ok(head)
}

/// What prices look at in a partner, and what he is called.
#[derive(Clone)]
pub struct Buyer {
    pub id: Id,
    pub name: String,
    pub dealer_type: Option<Id>,
    pub region: Option<Id>,
    pub order_type: Option<Id>,
    pub payment_form: Option<Id>,
}

const MEMO: &str = "prices.buyer";

const BUYER: &str = "SELECT name, dealer_type_id, region_id, order_type_id, payment_form_id FROM partners WHERE id = ?";

/// Asks who buys beforehand; see `Conn::ahead`.
pub(crate) fn buyer_ahead(cx: &mut Cx, partner: Id) -> Result<()> {
    cx.conn.ahead(BUYER, &[partner.into()])
}

/// Read once for the command's partner; a document has one.
fn buyer(cx: &mut Cx, partner: Option<Id>) -> Result<Option<Buyer>> {
    let Some(id) = partner else { return Ok(None) };
    if let Some(b) = cx.memo.get(MEMO).and_then(|m| m.downcast_ref::<Buyer>()).filter(|b| b.id == id) {
        return Ok(Some(b.clone()));
    }
    let Some(r) = cx.conn.query_opt(BUYER, &[id.into()])? else { return Ok(None) };
    let b = Buyer {
        id,
        name: r.text(0)?.to_string(),
        dealer_type: r.opt_id(1)?,
        region: r.opt_id(2)?,
        order_type: r.opt_id(3)?,
        payment_form: r.opt_id(4)?,
    };
    cx.memo.insert(MEMO, Box::new(b.clone()));
    Ok(Some(b))
}

/// Says who buys, where the command has read the partner anyway.
pub fn sold_to(cx: &mut Cx, buyer: Buyer) {
    cx.memo.insert(MEMO, Box::new(buyer));
}

/// Type of order and form of payment that a partner is sold by, unless his terms say otherwise.
pub fn ways_of(cx: &mut Cx, partner: Id) -> Result<(Option<Id>, Option<Id>)> {
    Ok(buyer(cx, Some(partner))?.map_or((None, None), |b| (b.order_type, b.payment_form)))
}

/// A card that is not the client's, or not valid on the day, gives nothing: that is told, not refused.
pub fn card_holds(cx: &mut Cx, card: Option<Id>, partner: Option<Id>, date: NaiveDate) -> Result<()> {
    let Some(id) = card else { return Ok(()) };
    let Some(row) =
        cx.conn.query_opt("SELECT number, partner_id, valid_from, valid_to, archived FROM loyalty_cards WHERE id = ?", &[id.into()])?
    else {
        return Ok(());
    };
    let his = row.opt_id(1)?.is_none_or(|p| Some(p) == partner);
    let valid = !row.bool(4)? && row.opt_date(2)?.is_none_or(|d| d <= date) && row.opt_date(3)?.is_none_or(|d| date <= d);
    let code = match (his, valid) {
        (true, true) => return Ok(()),
        (false, _) => "card_of_another",
        (true, false) => "card_not_valid",
    };
    cx.warn("loyalty_card_id", code, vec![("number".into(), row.text(0)?.into()), ("date".into(), date.to_string())]);
    Ok(())
}

/// What the card is of, while it is valid and the client's (or nobody's).
fn program(cx: &mut Cx, card: Id, asked: &Asked) -> Result<Option<Id>> {
    let sql = "SELECT program_id, partner_id FROM loyalty_cards WHERE id = ? AND archived = ? \
               AND (valid_from IS NULL OR valid_from <= ?) AND (valid_to IS NULL OR valid_to >= ?)";
    match cx.conn.query_opt(sql, &[card.into(), false.into(), asked.date.into(), asked.date.into()])? {
        Some(r) => {
            let whose = r.opt_id(1)?;
            Ok((whose.is_none() || whose == asked.partner).then_some(r.id(0)?))
        }
        None => Ok(None),
    }
}

pub(crate) fn segments_of_items(cx: &mut Cx, items: &mut [Item]) -> Result<()> {
    let segments: Vec<Id> = RuleBook::current(cx)?.read().product_segments.keys().copied().collect();
    if segments.is_empty() {
        return Ok(());
    }
    let mut ids: Vec<Id> = items.iter().map(|i| i.product).collect();
    ids.sort_unstable();
    ids.dedup();
    let of = members(cx, "products", &segments, &ids)?;
    for i in items {
        i.segments = of.get(&i.product).cloned().unwrap_or_default();
    }
    Ok(())
}

/// For whom rules may be that hold for this header.
pub(crate) fn whom(h: &Header) -> Vec<Id> {
    let one = [h.agreement, h.standard_agreement, h.contract, h.order_type, h.company, h.partner, h.region, h.dealer_type];
    let two = [h.deal_kind, h.payment_form, h.card];
    one.into_iter().chain(two).flatten().chain(h.segments.iter().copied()).map(|id| key(Who::Partner(id))).collect()
}

/// What the parts of the header are called, most of them in one statement; agreements, contracts and lists are known to the
/// rule book.
pub(crate) fn names(cx: &mut Cx, h: &Header, items: &[Item], names: &mut HashMap<Id, String>) -> Result<()> {
    let groups: Vec<Id> = items.iter().filter_map(|i| i.price_group).collect();
    let segments: Vec<Id> = h.segments.iter().copied().chain(items.iter().flat_map(|i| i.segments.iter().copied())).collect();
    if let Some(b) = buyer(cx, h.partner)? {
        names.insert(b.id, b.name);
    }
    if let Some(c) = h.company {
        names.insert(c, kontor_office::company(cx, c)?.name);
    }
    crate::rules::segment::names(cx, &segments, names)?;
    let one = |id: Option<Id>| id.into_iter().collect::<Vec<Id>>();
    let wanted = [
        ("regions", one(h.region)),
        ("order_types", one(h.order_type)),
        ("deal_kinds", one(h.deal_kind)),
        ("payment_forms", one(h.payment_form)),
        ("loyalty_programs", one(h.card)),
        ("segments", segments),
        ("price_groups", groups),
    ];
    let wanted = wanted.map(|(table, mut ids)| {
        ids.sort_unstable();
        ids.dedup();
        ids.retain(|id| !names.contains_key(id));
        Wanted { columns: "t.id, t.name".into(), table: table.into(), ids, and: String::new(), params: vec![] }
    });
    by_ids(cx.conn, wanted.into_iter().collect(), |r| {
        names.insert(r.id(0)?, r.text(1)?.to_string());
        Ok(())
    })
}
