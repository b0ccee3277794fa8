//! Contracts: the legal frame that documents name; numbered, dated, of one counterparty with one of our companies.

use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::spec::{Column, Rules, Spec};

pub fn contracts() -> Spec {
    Spec::catalog("contracts")
        .section("sales", "contract")
        .title("number")
        .sort("-date")
        .columns([
            Column::text("number", 60).required().search().list(),
            Column::date("date").required().list(),
            Column::text("name", 300).search().list(),
            Column::reference("company_id", "companies").required(),
            Column::reference("partner_id", "partners").required().list(),
            Column::reference("counterparty_id", "counterparties"),
            Column::reference("manager_id", "users").by_name("manager"),
            Column::code("currency", "currencies").required().list(),
            Column::amount("amount").list(),
            Column::date("valid_from"),
            Column::date("valid_to").list(),
            Column::long("comment"),
        ])
        .group(&["amount", "currency"])
        .owner("manager_id")
        .company("company_id")
        .import_key(&["company_id", "number"])
        .grant("director", "read create update delete undo")
        .grant("sales_manager", "read create update undo")
        .grant("accountant", "read create update delete undo")
        .grant("salesperson", "read:own create update:own undo:own")
        .grant("field_agent", "read:own")
        .rules(ContractRules)
}

struct ContractRules;
impl Rules for ContractRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let r = &change.after;
        if let (Some(from), Some(to)) = (r.opt_date("valid_from"), r.opt_date("valid_to"))
            && to < from
        {
            return Err(Error::field("valid_to", "before_from"));
        }
        if let Some(c) = r.opt_id("counterparty_id")
            && change.changed("counterparty_id")
            && cx.load("counterparties", c)?.opt_id("partner_id") != change.after.opt_id("partner_id")
        {
            return Err(Error::field("counterparty_id", "counterparty_other_partner"));
        }
        Ok(())
    }
}
