//! How partners (and people at them) are related beside the tree of head partners: dealer of, competes with, recommends.

use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::spec::{Column, Rules, Spec};

const KINDS: &[&str] = &[
    "owner",
    "affiliated",
    "branch",
    "dealer",
    "supplier",
    "client",
    "competitor",
    "subcontractor",
    "influencer",
    "recommends",
    "relative",
    "guarantor",
    "other",
];

pub fn partner_relations() -> Spec {
    Spec::catalog("partner-relations")
        .section("partners", "affiliate")
        .columns([
            Column::text("name", 620).computed().search().sort_key().default("").list(),
            Column::reference("partner_id", "partners").required().list(),
            Column::reference("related_partner_id", "partners").required().list(),
            Column::choice("kind", KINDS).required().list(),
            // Read "partner is <kind> of the related one" (to), the other way round (from), or mutual (both).
            Column::choice("direction", &["to", "from", "both"]).default("to").list(),
            Column::reference("contact_id", "contacts"),
            Column::reference("related_contact_id", "contacts"),
            Column::date("valid_from").list(),
            Column::date("valid_to").list(),
            Column::long("comment"),
        ])
        .via("partner_id", "partners")
        .import_key(&["partner_id", "related_partner_id", "kind"])
        .grant("director", "read create update delete undo")
        .grant("sales_manager", "read create update delete undo")
        .grant("salesperson", "read:own create update:own delete:own undo:own")
        .grant("field_agent", "read:own create")
        .grant("accountant", "read")
        .rules(RelationRules)
}

struct RelationRules;
impl Rules for RelationRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let after = &change.after;
        if after.opt_id("partner_id") == after.opt_id("related_partner_id") {
            return Err(Error::field("related_partner_id", "same_record"));
        }
        if let (Some(from), Some(to)) = (after.opt_date("valid_from"), after.opt_date("valid_to"))
            && to < from
        {
            return Err(Error::field("valid_to", "bad_period"));
        }
        if change.changed("partner_id") || change.changed("related_partner_id") {
            let mut title = vec![];
            for side in ["partner_id", "related_partner_id"] {
                let r = cx.conn.query_one("SELECT name FROM partners WHERE id = ?", &[change.after.ref_id(side).into()])?;
                title.push(r.text(0)?.to_string());
            }
            change.after.set("name", title.join(" — "));
        }
        Ok(())
    }
}
