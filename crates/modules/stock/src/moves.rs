//! The stock register and the one way into it. Moves are written first, which locks the balance rows in key order, and looked
//! at afterwards: of two takers of the last piece one waits, sees that it is gone, is told so, and nothing of his remains.

use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::Quantity;
use kontor_kernel::error::{Error, Result};
use kontor_office::Control;
use kontor_office::document::{DocRef, int_type};
use kontor_platform::cx::Cx;
use kontor_platform::registers::{self, BALANCE, Lead, Movement, RegisterSpec};
use kontor_platform::store::{Backend, Conn, Param, Row, marks, padded, parts};
use kontor_platform::value::{Id, Value};
use std::collections::BTreeMap;

pub fn stock() -> RegisterSpec {
    RegisterSpec {
        name: "stock",
        dims: &[("warehouse_id", "id"), ("product_id", "id")],
        keyed: 2,
        resources: &["on_hand", "reserved"],
        balance: true,
        rises: true,
        lead: Lead::Month,
    }
}

/// One change of stock. A shipment of an order's line makes two: the goods leave, and the order's reserve with them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StockMove {
    /// Who writes it; storno asks for what was written by a document.
    pub doc: DocRef,
    pub warehouse: Id,
    pub product: Id,
    /// Position of the document's line, from 0: errors name `lines.{line}.quantity`.
    pub line: i64,
    pub on_hand: Quantity,
    pub reserved: Quantity,
    /// Takes back what the document wrote before, for this day.
    pub storno: Option<NaiveDate>,
}

type Key = (Id, Id);
/// What the moves that are looked at put on hand, by key and day.
type Own = HashMap<(Key, NaiveDate), i128>;

/// What there was of one product in one warehouse before the moves that are looked at.
#[derive(Clone, Copy, Debug, Default)]
struct Left {
    /// Lowest on-hand balance from the first of the moves on: a back-dated posting may not break a later day.
    on_hand: i128,
    /// On hand less reserved, today.
    free: i128,
}

/// Balances on hand and reserved, today.
pub fn available(conn: &mut Conn, warehouse: Id, products: &[Id]) -> Result<HashMap<Id, (Quantity, Quantity)>> {
    Ok(balances(conn, warehouse, products)?.into_iter().map(|(id, b)| (id, (b.on_hand, b.reserved))).collect())
}

/// What the register says of one product in one warehouse today.
struct Balance {
    on_hand: Quantity,
    reserved: Quantity,
    /// From this day on there was never more than on the day before.
    risen_on: NaiveDate,
}

fn balances(conn: &mut Conn, warehouse: Id, products: &[Id]) -> Result<HashMap<Id, Balance>> {
    let mut out = HashMap::new();
    let mut take = |r: Row| -> Result<()> {
        let (on_hand, reserved) = (Quantity::from_scaled(r.int(1)?), Quantity::from_scaled(r.int(2)?));
        out.insert(r.id(0)?, Balance { on_hand, reserved, risen_on: r.date(3)? });
        Ok(())
    };
    if conn.backend() == Backend::Sqlite {
        let sql = "SELECT t.product_id, t.on_hand, t.reserved, t.risen_on FROM rarray(?) few CROSS JOIN reg_stock_totals t \
                   ON t.product_id = few.value AND t.warehouse_id = ? AND t.month = ?";
        let params = [Param::Ids(products), Param::One(&warehouse.into()), Param::One(&BALANCE.into())];
        conn.query_lists(sql, &params, |r| take(r).map(|()| true))?;
        return Ok(out);
    }
    for chunk in parts(products) {
        let ids = padded(chunk);
        let sql = format!(
            "SELECT product_id, on_hand, reserved, risen_on FROM reg_stock_totals WHERE warehouse_id = ? AND product_id IN ({}) AND month = ?",
            marks(ids.len())
        );
        let mut params: Vec<Value> = vec![warehouse.into()];
        params.extend(ids);
        params.push(BALANCE.into());
        conn.query(&sql, &params)?.into_iter().try_for_each(&mut take)?;
    }
    Ok(out)
}

/// Writes the moves if the control of each warehouse agrees; its refusal ends the transaction. Moves of one command are looked
/// at together, so that a revision may take back more than there is and give it again.
pub fn move_stock(cx: &mut Cx, moves: &[StockMove]) -> Result<()> {
    let moves: Vec<&StockMove> = moves.iter().filter(|m| !m.on_hand.is_zero() || !m.reserved.is_zero()).collect();
    let movements: Vec<Movement> = moves
        .iter()
        .map(|m| Movement {
            date: m.doc.date,
            entity: m.doc.entity,
            recorder: m.doc.id,
            line: m.line,
            dims: vec![m.warehouse.into(), m.product.into()],
            resources: vec![m.on_hand.scaled(), m.reserved.scaled()],
            storno: m.storno,
        })
        .collect();
    registers::post(cx, "stock", &movements)?;
    guard(cx, &moves)
}

/// The moves that take back all that a document wrote so far, each dated as it was or, in a closed period, on `open_from`.
pub fn taken_back(cx: &mut Cx, doc: DocRef, open_from: Option<NaiveDate>) -> Result<Vec<StockMove>> {
    let int = int_type(cx.conn);
    let rows = cx.conn.query(
        &format!(
            "SELECT period, line_no, warehouse_id, product_id, CAST(SUM(on_hand) AS {int}), CAST(SUM(reserved) AS {int}) FROM reg_stock_movements WHERE recorder_id = ? GROUP BY period, line_no, warehouse_id, product_id"
        ),
        &[doc.id.into()],
    )?;
    let back = |r: &Row| -> Result<StockMove> {
        let was = r.date(0)?;
        let date = open_from.map_or(was, |d| d.max(was));
        let (on_hand, reserved) = (Quantity::from_scaled(-r.int(4)?), Quantity::from_scaled(-r.int(5)?));
        Ok(StockMove {
            doc: DocRef { date, ..doc },
            line: r.int(1)?,
            warehouse: r.id(2)?,
            product: r.id(3)?,
            on_hand,
            reserved,
            storno: Some(was),
        })
    };
    let moves = rows.iter().map(back).collect::<Result<Vec<_>>>()?;
    Ok(moves.into_iter().filter(|m| !m.on_hand.is_zero() || !m.reserved.is_zero()).collect())
}

/// Sum of one line's moves of one key.
#[derive(Default)]
struct Need {
    on_hand: i128,
    reserved: i128,
}

impl Need {
    /// How much less is free afterwards.
    fn taken(&self) -> i128 {
        self.reserved - self.on_hand
    }
    fn drains(&self) -> bool {
        self.on_hand < 0 || self.taken() > 0
    }
    fn asked(&self) -> i128 {
        if self.on_hand < 0 { -self.on_hand } else { self.reserved }
    }
}

fn guard(cx: &mut Cx, moves: &[&StockMove]) -> Result<()> {
    let mut controls: HashMap<Id, Control> = HashMap::new();
    let mut needs: BTreeMap<Key, (NaiveDate, BTreeMap<i64, Need>)> = BTreeMap::new();
    let mut own = Own::new();
    for m in moves {
        let control = match controls.get(&m.warehouse) {
            Some(c) => *c,
            None => *controls.entry(m.warehouse).or_insert(crate::warehouse(cx, m.warehouse)?.control),
        };
        if control == Control::Allow {
            continue;
        }
        let key = (m.warehouse, m.product);
        let of_key = needs.entry(key).or_insert_with(|| (m.doc.date, BTreeMap::new()));
        of_key.0 = of_key.0.min(m.doc.date);
        let need = of_key.1.entry(m.line).or_default();
        need.on_hand += i128::from(m.on_hand.scaled());
        need.reserved += i128::from(m.reserved.scaled());
        *own.entry((key, m.doc.date)).or_default() += i128::from(m.on_hand.scaled());
    }
    needs.retain(|_, (_, lines)| lines.values().any(Need::drains));
    if needs.is_empty() {
        return Ok(());
    }
    let left = look(cx, &needs, &own)?;
    let mut short = vec![];
    for (key, (_, lines)) in &needs {
        let mut left = left.get(key).copied().unwrap_or_default();
        lines.values().filter(|n| !n.drains()).for_each(|n| left.take(n));
        for (line, need) in lines.iter().filter(|(_, n)| n.drains()) {
            let can = left.can(need);
            if can < need.asked() {
                short.push(Short { warehouse: key.0, product: key.1, line: *line, available: can, needed: need.asked() });
            } else {
                left.take(need);
            }
        }
    }
    short.sort_by_key(|s| s.line);
    tell(cx, &controls, short)
}

impl Left {
    fn take(&mut self, need: &Need) {
        self.on_hand += need.on_hand;
        self.free -= need.taken();
    }
    fn can(&self, need: &Need) -> i128 {
        let mut can = i128::MAX;
        if need.on_hand < 0 {
            can = can.min(self.on_hand);
        }
        if need.taken() > 0 {
            // What the line itself gives free (its own reserve) counts for it.
            can = can.min(self.free + need.asked() - need.taken());
        }
        can
    }
}

struct Short {
    warehouse: Id,
    product: Id,
    line: i64,
    available: i128,
    needed: i128,
}

fn tell(cx: &mut Cx, controls: &HashMap<Id, Control>, short: Vec<Short>) -> Result<()> {
    let mut refusal: Option<Error> = None;
    for s in short {
        let product = cx
            .conn
            .query_opt("SELECT name FROM products WHERE id = ?", &[s.product.into()])?
            .map_or(Ok(String::new()), |r| r.text(0).map(str::to_string))?;
        let shown = |n: i128| Quantity::from_scaled(n.clamp(i64::MIN.into(), i64::MAX.into()) as i64).to_string();
        let args = vec![("product".into(), product), ("available".into(), shown(s.available)), ("needed".into(), shown(s.needed))];
        let field = format!("lines.{}.quantity", s.line);
        if controls.get(&s.warehouse) == Some(&Control::Warn) {
            cx.warn(field, "not_enough_stock", args);
            continue;
        }
        let mut e = refusal.take().unwrap_or_else(|| Error::refused("invalid")).with_field(field, "not_enough_stock");
        for (name, value) in args {
            e = e.field_arg(name, value);
        }
        refusal = Some(e.hint("reduce_quantity", vec![("available".into(), shown(s.available))]));
    }
    refusal.map_or(Ok(()), Err)
}

/// Reads what was left before the moves, for all keys of a warehouse at once.
fn look(cx: &mut Cx, needs: &BTreeMap<Key, (NaiveDate, BTreeMap<i64, Need>)>, own: &Own) -> Result<HashMap<Key, Left>> {
    let mut by_warehouse: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for (w, p) in needs.keys() {
        by_warehouse.entry(*w).or_default().push(*p);
    }
    let mut out = HashMap::new();
    for (warehouse, products) in by_warehouse {
        let from = |p: &Id| needs.get(&(warehouse, *p)).map(|n| n.0);
        let mut rose = vec![];
        for (product, b) in balances(cx.conn, warehouse, &products)? {
            let key = (warehouse, product);
            let Some((first, lines)) = needs.get(&key) else { continue };
            if b.risen_on > *first {
                rose.push(product);
            }
            let (put, taken) = lines.values().fold((0, 0), |(p, t), n| (p + n.on_hand, t + n.taken()));
            let (on_hand, reserved) = (i128::from(b.on_hand.scaled()), i128::from(b.reserved.scaled()));
            out.insert(key, Left { on_hand: on_hand - put, free: on_hand - reserved + taken });
        }
        // Of the others, today's balance is the lowest since.
        rose.sort_unstable();
        later_days(cx, warehouse, &rose, from, own, &mut out)?;
    }
    Ok(out)
}

/// Walks back from today over the days after the first move and keeps the lowest balance on hand.
fn later_days(
    cx: &mut Cx,
    warehouse: Id,
    products: &[Id],
    from: impl Fn(&Id) -> Option<NaiveDate>,
    own: &Own,
    out: &mut HashMap<Key, Left>,
) -> Result<()> {
    let Some(first) = products.iter().filter_map(&from).min() else { return Ok(()) };
    let reg = cx.app.registry.register_of("stock").ok_or_else(Error::not_found)?;
    let months = registers::months_from(cx.conn, reg, first)?;
    if months.is_empty() {
        return Ok(());
    }
    let int = int_type(cx.conn);
    for chunk in parts(products) {
        let ids = padded(chunk);
        let sql = format!(
            "SELECT product_id, period, CAST(SUM(on_hand) AS {int}) FROM reg_stock_movements WHERE month IN ({}) AND warehouse_id = ? AND product_id IN ({}) AND period > ? AND on_hand <> 0 GROUP BY product_id, period ORDER BY product_id, period DESC",
            marks(months.len()),
            marks(ids.len())
        );
        let mut params: Vec<Value> = months.iter().map(|m| Value::from(*m)).collect();
        params.push(warehouse.into());
        params.extend(ids);
        params.push(first.into());
        let (mut product, mut at) = (Id::nil(), 0i128);
        for r in cx.conn.query(&sql, &params)? {
            let (id, day) = (r.id(0)?, r.date(1)?);
            let key = (warehouse, id);
            let left = out.entry(key).or_default();
            if id != product {
                (product, at) = (id, left.on_hand);
            }
            at -= i128::from(r.int(2)?) - own.get(&(key, day)).copied().unwrap_or_default();
            if from(&id).is_some_and(|d| day > d) {
                left.on_hand = left.on_hand.min(at);
            }
        }
    }
    Ok(())
}
