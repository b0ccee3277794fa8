//! The register of sales: what was sold to whom, net of VAT, line by line. Returns stand in it with a minus.

use crate::amounts::{net, vat_of};
use crate::columns::{At, Cells};
use kontor_kernel::error::Result;
use kontor_office::document::DocRef;
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::registers::{self, Lead, Movement, RegisterSpec};
use kontor_platform::value::Value;

/// Turnovers by month are kept by company, currency and product; the other dimensions stand in the movements.
pub fn sales() -> RegisterSpec {
    RegisterSpec {
        name: "sales",
        dims: &[
            ("company_id", "id"),
            ("currency", "text"),
            ("product_id", "id"),
            ("partner_id", "id"),
            ("manager_id", "id"),
            ("warehouse_id", "id"),
            ("deal_id", "id"),
            ("country", "text"),
        ],
        keyed: 3,
        resources: &["quantity", "revenue", "vat", "cost"],
        balance: false,
        rises: false,
        lead: Lead::Period,
    }
}

/// One movement for every line, also of those without a price: reports count lines.
pub fn post(cx: &mut Cx, doc: DocRef, r: &Record, at: At, sign: i64) -> Result<()> {
    let mode = vat_of(r);
    let mut out = Vec::with_capacity(r.lines[0].len());
    for (n, l) in r.lines[0].iter().enumerate() {
        let revenue = net(l.amount_at(at.amount), l.amount_at(at.vat), mode)?;
        let dims: Vec<Value> = vec![
            r.ref_id("company_id").into(),
            r.text("currency").into(),
            l.id_at(at.product).unwrap_or_default().into(),
            r.ref_id("partner_id").into(),
            r.ref_id("manager_id").into(),
            l.id_at(at.warehouse).unwrap_or_else(|| r.ref_id("warehouse_id")).into(),
            r.ref_id("deal_id").into(),
            r.text("country").into(),
        ];
        let resources = vec![sign * l.int_at(at.base), sign * revenue.scaled(), sign * l.int_at(at.vat), sign * l.int_at(at.cost)];
        out.push(Movement { date: doc.date, entity: doc.entity, recorder: doc.id, line: n as i64, dims, resources, storno: None });
    }
    registers::post(cx, "sales", &out)
}
