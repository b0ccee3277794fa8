//! "Why not 95?": the smallest changes that would give a wanted price, in words. The engine says what is worth trying; each
//! change is then made to the question or the document, which is priced anew by its own terms, and only what truly reaches the
//! price is told.

use crate::explain::{Put, may_read};
use crate::pricing::{Asked, Desk};
use crate::rules::segment::members;
use crate::terms::Terms;
use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_kernel::{Price, Quantity, Ratio};
use kontor_platform::cx::Cx;
use kontor_platform::spec::Column;
use kontor_platform::titles;
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx};
use kontor_pricing::{Change, Choices, Header, Item, Offered, Suggestion, reached};
use kontor_texts::{format, tr, tr_args};
use serde_json::{Value as Json, json};

/// Changes of one kind that are tried at most, the nearest ones.
const TRIED: usize = 10;

/// `POST /prices/why-not`: the question of an explanation with `wanted_price` (of one unit, after discounts): the changes that
/// would give it or a better one, the smallest first.
pub fn why_not(app: &App, ctx: &Ctx, body: &Json) -> Result<Json> {
    may_read(app, ctx)?;
    let (put, further) = Put::read(app, ctx, body, vec![Column::price("wanted_price").required()])?;
    let wanted = further.iter().find(|(n, _)| *n == "wanted_price").and_then(|(_, v)| v.as_int()).map_or(Price::ZERO, Price::from_scaled);
    app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        let (t, asked) = put.terms(&mut cx)?;
        let desk = Desk::open(&mut cx, &t, &asked, std::slice::from_ref(&put.line))?;
        let mut trial = Trial::of(&mut cx, &desk, &t, &asked, 0, wanted, Unit::OWN)?;
        for change in trial.untried() {
            let offered = refused_is_none(put.with(&change).offered(&mut cx))?;
            trial.found(change, offered);
        }
        let mut out = trial.told(ctx)?;
        out["product_id"] = json!(put.line.product_id);
        out["wanted_price"] = json!(wanted.to_string());
        out["price"] = json!(trial.now.map(|p| p.to_string()));
        out["currency"] = json!(t.currency.code());
        Ok(out)
    })
}

/// A change that the document would not take gives nothing.
pub fn refused_is_none<T>(r: Result<Option<T>>) -> Result<Option<T>> {
    match r {
        Err(e) if e.kind() == Kind::Refused => Ok(None),
        other => other,
    }
}

/// Changes to one line or its document that may give a wanted price, and those that were found to.
pub struct Trial {
    line: usize,
    /// Of the product's own unit.
    wanted: Price,
    /// Of `unit`, as it was asked for: what comes back from the own unit may have lost its last decimals.
    asked: Price,
    unit: Unit,
    minor: u32,
    head: Header,
    item: Item,
    /// Price of one unit as it is.
    now: Option<Price>,
    names: HashMap<Id, String>,
    changes: Vec<Change>,
    found: Vec<(Change, Offered)>,
}

impl Trial {
    pub(crate) fn of(cx: &mut Cx, desk: &Desk, t: &Terms, asked: &Asked, line: usize, price: Price, unit: Unit) -> Result<Trial> {
        let wanted = unit.own_price(price)?;
        let item = desk.items.get(line).cloned().ok_or_else(|| Error::field("line", "out_of_range"))?;
        let (choices, names) = choices(cx, asked, t, item.product)?;
        let mut tried: HashMap<u8, usize> = HashMap::new();
        let mut few = |c: &Change| {
            let n = tried.entry(c.weight()).or_default();
            *n += 1;
            *n <= TRIED
        };
        let (mut changes, mut found) = (vec![], vec![]);
        // Nobody sells on a day that is over.
        let earliest = cx.ctx.today.min(asked.date);
        let over = |c: &Change| matches!(c, Change::Date(d) if *d < earliest);
        for change in desk.changes(line, wanted, &choices).into_iter().filter(|c| !over(c) && few(c)) {
            match change {
                // Nothing in the document changes by it: other goods would have to be bought.
                Change::OrderAmount(amount) => found.extend(desk.offered_from(line, amount).map(|o| (change, o))),
                Change::Quantity(q) => {
                    let q = Change::Quantity(unit.own(unit.reaching(q)?)?);
                    if !changes.contains(&q) && q != Change::Quantity(item.quantity) {
                        changes.push(q);
                    }
                }
                other => changes.push(other),
            }
        }
        let (head, now) = (desk.head.clone(), desk.offered(line).map(|o| o.price));
        Ok(Trial { line, wanted, asked: price, unit, minor: t.currency.minor(), head, item, now, names, changes, found })
    }

    /// What is to be tried on the document, the smallest first.
    pub fn untried(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// The fields that a change sets: those of the header, or of the line with figures in its unit. `None`: it sets none.
    pub fn fields(&self, change: &Change) -> Result<Option<Fields>> {
        let head = |name: &'static str, value: String| Some(Fields { line: None, set: vec![(name, json!(value))] });
        let own = |set| Some(Fields { line: Some(self.line), set });
        Ok(match *change {
            Change::Card(id) => head("loyalty_card_id", id.to_string()),
            Change::PaymentForm(id) => head("payment_form_id", id.to_string()),
            Change::Agreement(id) => head("agreement_id", id.to_string()),
            Change::Contract(id) => head("contract_id", id.to_string()),
            Change::Date(d) => head("date", d.to_string()),
            Change::Quantity(q) => own(vec![("quantity", json!(self.unit.quantity(q)?.to_string()))]),
            Change::ByHand(p) => own(vec![("price", json!(self.shown(p)?.to_string())), ("discount_percent", Json::Null)]),
            Change::OrderAmount(_) => None,
        })
    }

    /// A price of the own unit in the unit of the line.
    fn shown(&self, p: Price) -> Result<Price> {
        if p == self.wanted { Ok(self.asked) } else { self.unit.price(p) }
    }

    /// Takes down what a change gave.
    pub fn found(&mut self, change: Change, offered: Option<Offered>) {
        self.found.extend(offered.map(|o| (change, o)));
    }

    /// What reaches the wanted price, and a sentence where nothing does.
    pub fn told(&mut self, ctx: &Ctx) -> Result<Json> {
        let found = reached(self.now, self.wanted, std::mem::take(&mut self.found), &self.head, &self.item);
        let all = found.iter().map(|s| self.suggestion(ctx, s)).collect::<Result<Vec<Json>>>()?;
        let text = match (all.is_empty(), self.now == Some(self.wanted)) {
            (false, _) => "",
            (true, true) => tr(ctx.lang, "price-why_not-already"),
            (true, false) => tr(ctx.lang, "price-why_not-none"),
        };
        Ok(json!({"suggestions": all, "text": text}))
    }

    fn suggestion(&self, ctx: &Ctx, s: &Suggestion) -> Result<Json> {
        let (kind, id, value, shown) = match s.change {
            Change::Card(id) => ("card", Some(id), None, None),
            Change::PaymentForm(id) => ("payment_form", Some(id), None, None),
            Change::Agreement(id) => ("agreement", Some(id), None, None),
            Change::Contract(id) => ("contract", Some(id), None, None),
            Change::Quantity(q) => {
                let q = self.unit.quantity(q)?;
                ("quantity", None, Some(q.to_string()), Some(format::quantity(ctx.lang, q.scaled())))
            }
            Change::OrderAmount(a) => ("order_amount", None, Some(a.to_string()), Some(format::amount(ctx.lang, a.scaled(), self.minor))),
            Change::Date(d) => ("date", None, Some(d.to_string()), Some(format::date(ctx.lang, d))),
            Change::ByHand(p) => {
                let p = self.shown(p)?;
                ("by_hand", None, Some(p.to_string()), Some(format::price(ctx.lang, p.scaled(), self.minor)))
            }
        };
        let name = id.and_then(|id| self.names.get(&id).cloned()).or(shown).unwrap_or_default();
        // A share of the order's discount is whole in money, not in each of the product's own units.
        let price = match s.whole {
            Some((amount, quantity)) if self.unit.0 != self.unit.1 => amount.per_unit(self.unit.quantity(quantity)?)?,
            _ => self.shown(s.price)?,
        };
        let local = format::price(ctx.lang, price.scaled(), self.minor);
        let text = tr_args(ctx.lang, &format!("price-why_not-{kind}"), &[("value", name.as_str().into()), ("price", local.into())]);
        Ok(json!({
            "kind": kind, "id": id, "title": id.map(|_| &name), "value": value, "price": price.to_string(), "exact": price == self.asked,
            "needs_approval": !s.approvals.is_empty(), "text": text,
        }))
    }
}

/// Fields of a document or, with its place, of a line.
pub struct Fields {
    pub line: Option<usize>,
    pub set: Vec<(&'static str, Json)>,
}

/// What the client could choose instead: his agreements and the standard ones open to him, his contracts with this company,
/// his own cards, ways to pay; and days on which a price, a rate or an agreement begins.
fn choices(cx: &mut Cx, asked: &Asked, t: &Terms, product: Id) -> Result<(Choices, HashMap<Id, String>)> {
    let mut names = HashMap::new();
    let mut ids = |cx: &mut Cx, sql: &str, params: &[Value]| -> Result<Vec<Id>> {
        let mut out = vec![];
        for r in cx.conn.query(sql, params)? {
            names.insert(r.id(0)?, r.text(1)?.to_string());
            out.push(r.id(0)?);
        }
        Ok(out)
    };
    let (company, partner, date): (Value, Value, Value) =
        (asked.company.into(), asked.partner.unwrap_or_default().into(), asked.date.into());
    let agreements = ids(
        cx,
        "SELECT id, name FROM agreements WHERE company_id = ? AND (partner_id = ? OR partner_id IS NULL) AND state = 'active' AND archived = ? \
         AND (valid_from IS NULL OR valid_from <= ?) AND (valid_to IS NULL OR valid_to >= ?) ORDER BY partner_id IS NULL, id LIMIT 50",
        &[company.clone(), partner.clone(), false.into(), date.clone(), date.clone()],
    )?;
    let contracts = ids(
        cx,
        "SELECT id, number FROM contracts WHERE partner_id = ? AND company_id = ? AND archived = ? ORDER BY id LIMIT 50",
        &[partner.clone(), company.clone(), false.into()],
    )?;
    let cards = ids(
        cx,
        "SELECT id, number FROM loyalty_cards WHERE partner_id = ? AND archived = ? AND (valid_from IS NULL OR valid_from <= ?) \
         AND (valid_to IS NULL OR valid_to >= ?) ORDER BY id LIMIT 50",
        &[partner.clone(), false.into(), date.clone(), date.clone()],
    )?;
    let payment_forms = ids(cx, "SELECT id, name FROM payment_forms WHERE archived = ? ORDER BY id LIMIT 50", &[false.into()])?;
    names.extend(titles::translated(cx.conn, cx.app, cx.ctx.lang, &["payment-forms"], &payment_forms.iter().copied().collect())?);
    let agreements = open_to(cx, agreements, asked.partner)?;
    let other = |of: Vec<Id>, now: Option<Id>| of.into_iter().filter(|id| Some(*id) != now).collect();
    let choices = Choices {
        agreements: other(agreements, t.agreement_id),
        contracts: other(contracts, t.contract_id),
        cards: other(cards, t.loyalty_card_id),
        payment_forms: other(payment_forms, t.payment_form_id),
        dates: later(cx, asked, product)?,
    };
    Ok((choices, names))
}

/// Standard agreements of a segment are for its members.
fn open_to(cx: &mut Cx, agreements: Vec<Id>, partner: Option<Id>) -> Result<Vec<Id>> {
    let mut segments = vec![];
    for id in &agreements {
        segments.push(cx.conn.query_one("SELECT segment_id FROM agreements WHERE id = ?", &[(*id).into()])?.opt_id(0)?);
    }
    let all: Vec<Id> = segments.iter().copied().flatten().collect();
    let his = match partner {
        Some(p) => members(cx, "partners", &all, &[p])?.remove(&p).unwrap_or_default(),
        None => vec![],
    };
    Ok(agreements.into_iter().zip(segments).filter(|(_, s)| s.is_none_or(|s| his.contains(&s))).map(|(id, _)| id).collect())
}

/// The next days on which the product's price, a rate of exchange or the client's terms change.
fn later(cx: &mut Cx, asked: &Asked, product: Id) -> Result<Vec<NaiveDate>> {
    let (day, partner): (Value, Value) = (asked.date.into(), asked.partner.unwrap_or_default().into());
    let mut days = vec![];
    for (sql, params) in [
        (
            "SELECT DISTINCT valid_from FROM prices WHERE price_type_id IN (SELECT id FROM price_types) AND product_id = ? AND valid_from > ? \
             ORDER BY valid_from LIMIT 10",
            vec![product.into(), day.clone()],
        ),
        ("SELECT DISTINCT date FROM rates WHERE date > ? ORDER BY date LIMIT 10", vec![day.clone()]),
        (
            "SELECT DISTINCT valid_from FROM agreements WHERE company_id = ? AND (partner_id = ? OR partner_id IS NULL) AND state = 'active' \
             AND archived = ? AND valid_from > ? ORDER BY valid_from LIMIT 10",
            vec![asked.company.into(), partner, false.into(), day],
        ),
    ] {
        for r in cx.conn.query(sql, &params)? {
            days.push(r.date(0)?);
        }
    }
    Ok(days)
}

/// A unit that figures are told in: so many of the product's own, as a fraction.
#[derive(Clone, Copy)]
pub struct Unit(pub i64, pub i64);

impl Unit {
    pub const OWN: Unit = Unit(1, 1);

    fn price(self, p: Price) -> Result<Price> {
        Ok(p.times_ratio(Ratio::new(self.0.into(), self.1.into())?)?)
    }
    fn quantity(self, q: Quantity) -> Result<Quantity> {
        Ok(q.in_units(self.1, self.0)?)
    }
    fn own_price(self, p: Price) -> Result<Price> {
        if self.0 == self.1 { Ok(p) } else { Ok(p.times_ratio(Ratio::new(self.1.into(), self.0.into())?)?) }
    }
    /// Of the product's own unit.
    fn own(self, q: Quantity) -> Result<Quantity> {
        Ok(q.in_units(self.0, self.1)?)
    }
    /// So many of this unit as come to a quantity of the product's own: whole ones of any other unit.
    fn reaching(self, q: Quantity) -> Result<Quantity> {
        if self.0 == self.1 {
            return Ok(q);
        }
        let whole = self.quantity(q)?.scaled().div_euclid(Quantity::UNIT).saturating_mul(Quantity::UNIT);
        let whole = Quantity::from_scaled(whole);
        if self.own(whole)? >= q {
            Ok(whole)
        } else {
            Ok(whole.checked_add(Quantity::ONE).ok_or_else(|| Error::refused("number_overflow"))?)
        }
    }
}
