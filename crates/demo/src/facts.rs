//! What a day's events need to know of the documents made before.

use crate::deals::Step;
use crate::story::{Event, Paid, Story};
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{HashMap, HashSet};
use kontor_platform::store::{marks, padded, parts};
use kontor_platform::value::Id;
use std::collections::BTreeMap;

#[derive(Default)]
pub struct Facts {
    pub totals: HashMap<Id, i64>,
    pub nets: HashMap<Id, i64>,
    /// Orders shipped and paid in full.
    pub settled: HashSet<Id>,
    /// What is still to be settled.
    pub open: HashMap<Id, i64>,
    pub lines: HashMap<Id, Vec<(Id, i64)>>,
    pub products: HashMap<Id, Vec<Id>>,
}

impl Story<'_, '_> {
    /// What the day's events need to know of documents made before: totals, lines with their quantities.
    pub fn facts(&self, events: &[Event]) -> Result<Facts> {
        let mut want: BTreeMap<&'static str, Vec<Id>> = BTreeMap::new();
        let order = |n: &usize| self.order_ids.get(n).copied();
        for e in events {
            match e {
                Event::Ship(n, p) if *p < 100 => want.entry("sales_orders").or_default().extend(order(n)),
                Event::Close(n) | Event::Pay(n, Paid::Order, _) | Event::Deal(Step::Win(n, _)) => {
                    want.entry("sales_orders").or_default().extend(order(n))
                }
                Event::Pay(_, Paid::Shipment(id), _) | Event::Return(_, id) => want.entry("shipments").or_default().push(*id),
                Event::Refund(_, id) => want.entry("returns").or_default().push(*id),
                _ => {}
            }
        }
        let mut out = Facts::default();
        for (table, ids) in want {
            self.read(table, &ids, &mut out)?;
        }
        Ok(out)
    }

    fn read(&self, table: &str, ids: &[Id], out: &mut Facts) -> Result<()> {
        let lines = match table {
            "sales_orders" => "sales_order_lines",
            "shipments" => "shipment_lines",
            _ => "return_lines",
        };
        self.run.app.store.read(|conn| {
            for chunk in parts(ids) {
                let params = padded(chunk);
                let marks = marks(params.len());
                for r in conn.query(&format!("SELECT id, open FROM settlement_documents WHERE id IN ({marks})"), &params)? {
                    out.open.insert(r.id(0)?, r.int(1)?);
                }
                for r in conn.query(&format!("SELECT id, total, net_total FROM {table} WHERE id IN ({marks})"), &params)? {
                    out.totals.insert(r.id(0)?, r.int(1)?);
                    out.nets.insert(r.id(0)?, r.int(2)?);
                }
                if table == "sales_orders" {
                    let sql = format!(
                        "SELECT o.id FROM sales_orders o WHERE o.id IN ({marks}) AND o.state = 'confirmed' AND o.shipped_total > 0 AND o.paid_total >= o.shipped_total \
                         AND NOT EXISTS (SELECT 1 FROM sales_order_lines l WHERE l.parent_id = o.id AND l.shipped_quantity <> l.quantity)"
                    );
                    for r in conn.query(&sql, &params)? {
                        out.settled.insert(r.id(0)?);
                    }
                }
                for r in conn.query(
                    &format!(
                        "SELECT parent_id, id, quantity, product_id FROM {lines} WHERE parent_id IN ({marks}) ORDER BY parent_id, position"
                    ),
                    &params,
                )? {
                    out.lines.entry(r.id(0)?).or_default().push((r.id(1)?, r.int(2)?));
                    out.products.entry(r.id(0)?).or_default().push(r.id(3)?);
                }
            }
            Ok::<(), Error>(())
        })
    }
}
