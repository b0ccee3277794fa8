//! Counterparties: legal entities and persons with tax ids, behind a partner. Documents name one of them.

use crate::checks::{self, Finding};
use crate::tax_ids;
use kontor_kernel::error::Result;
use kontor_platform::Source;
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Rules, Spec};

pub fn counterparties() -> Spec {
    Spec::catalog("counterparties")
        .section("partners", "building-bank")
        .title("legal_name")
        .sort("legal_name")
        .columns([
            Column::text("legal_name", 500).required().search().sort_key().list(),
            Column::reference("partner_id", "partners").required().list(),
            Column::choice("kind", &["legal_entity", "entrepreneur", "person"]).default("legal_entity").list(),
            Column::code("country", "countries").required().list(),
            Column::text("tax_id", 40).search().list(),
            Column::text("registration_code", 40).search().list(),
            Column::text("vat_number", 40).search(),
            Column::text("kpp", 20),
            Column::text("iban", 60).search(),
            Column::text("bank_name", 200),
            Column::text("legal_form", 100),
            Column::text("director", 200),
            Column::long("legal_address"),
            Column::long("postal_address"),
            Column::date("registered_on"),
            Column::bool("is_main", false).list(),
            Column::long("comment"),
        ])
        .via("partner_id", "partners")
        .import_key(&["partner_id", "legal_name"])
        .group(&["country", "tax_id", "registration_code"])
        .index_on("tax_id", "(tax_id)")
        .index_on("registration_code", "(registration_code)")
        .grant("director", "read create update delete undo")
        .grant("sales_manager", "read create update delete undo")
        .grant("accountant", "read create update delete undo")
        .grant("salesperson", "read:own create update:own undo:own")
        .grant("field_agent", "read:own create update:own undo:own")
        .rules(CounterpartyRules)
}

struct CounterpartyRules;
impl Rules for CounterpartyRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        for field in ["tax_id", "registration_code", "vat_number"] {
            let kept: String = change.after.text(field).trim().into();
            if kept != change.after.text(field) {
                change.after.set(field, kept);
            }
        }
        let mut findings = vec![];
        let after = &change.after;
        if ["country", "tax_id", "registration_code", "vat_number"].iter().any(|f| change.changed(f)) {
            // An edit elsewhere on the card is not refused for what history brought.
            let found =
                tax_ids::check(after.text("country"), after.text("tax_id"), after.text("registration_code"), after.text("vat_number"));
            findings.extend(found.into_iter().filter(|f| change.changed(&f.field) || change.changed("country")));
        }
        let iban = tax_ids::iban_form(after.text("iban"));
        if change.changed("iban") && !iban.is_empty() {
            if !tax_ids::iban(&iban) {
                findings.push(Finding::new("iban", "iban_bad"));
            }
            change.after.set("iban", iban);
        }
        checks::settle(cx, findings)?;
        // An import takes its rows one after another.
        if (change.after.bool("is_main") || change.is_create()) && cx.ctx.source != Source::Import {
            cx.alone(&format!("counterparties {}", change.after.ref_id("partner_id")))?;
        }
        if change.is_create() && !change.after.bool("is_main") {
            let any = cx
                .conn
                .query_opt("SELECT 1 FROM counterparties WHERE partner_id = ? LIMIT 1", &[change.after.ref_id("partner_id").into()])?;
            change.after.set("is_main", any.is_none());
        }
        if !cx.ctx.is_history() {
            warn_of_twin(cx, change)?;
        }
        Ok(())
    }

    /// One main counterparty per partner: the latest choice counts.
    fn written(&self, cx: &mut Cx, change: &Change) -> Result<()> {
        if !change.after.bool("is_main") || !(change.changed("is_main") || change.changed("partner_id")) {
            return Ok(());
        }
        let spec = change.after.spec;
        let others = Record::load_where(
            cx.conn,
            spec,
            "t.partner_id = ? AND t.is_main = ? AND t.id <> ?",
            &[change.after.ref_id("partner_id").into(), true.into(), change.after.id.into()],
        )?;
        for before in others {
            let mut after = before.clone();
            after.set("is_main", false);
            cx.save(&before, &mut after)?;
        }
        Ok(())
    }
}

/// The same legal entity written down twice is worth a word, not a refusal: branches share codes.
fn warn_of_twin(cx: &mut Cx, change: &Change) -> Result<()> {
    for field in ["registration_code", "tax_id"] {
        let code = change.after.text(field);
        if code.is_empty() || !change.changed(field) {
            continue;
        }
        let sql = format!(
            "SELECT c.legal_name, u.name FROM counterparties c JOIN partners p ON p.id = c.partner_id LEFT JOIN users u ON u.id = p.manager_id WHERE c.{field} = ? AND c.country = ? AND c.id <> ? ORDER BY c.id LIMIT 1"
        );
        if let Some(r) = cx.conn.query_opt(&sql, &[code.into(), change.after.text("country").into(), change.after.id.into()])? {
            let manager = r.opt_text(1)?.unwrap_or("—").to_string();
            cx.warn(field, "similar_exists", vec![("title".into(), r.text(0)?.to_string()), ("name".into(), manager)]);
            return Ok(());
        }
    }
    Ok(())
}
