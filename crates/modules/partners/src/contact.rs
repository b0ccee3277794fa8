//! Contacts: people at partners. A person belongs to one partner first and may work for several.

use crate::checks;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::spec::{Column, Lines, Rules, Spec};

const PHONES: &[&str] = &["mobile", "work", "home", "main", "fax", "other"];
const EMAILS: &[&str] = &["work", "personal", "other"];
const MESSENGERS: &[&str] = &["telegram", "viber", "whatsapp", "signal", "other"];

fn values(name: &'static str, max: usize, kinds: &'static [&'static str]) -> Column {
    Column::items(name, vec![Column::text("value", max).required(), Column::choice("kind", kinds)])
}

pub fn contacts() -> Spec {
    Spec::catalog("contacts")
        .section("partners", "address-book")
        .title("full_name")
        .sort("full_name")
        .columns([
            Column::text("full_name", 200).required().search().sort_key().list(),
            Column::reference("partner_id", "partners").required().list(),
            Column::text("position", 200).list(),
            Column::choice("decision_role", &["decides", "influences", "pays", "uses", "blocks"]).list(),
            values("phones", 100, PHONES).search().list(),
            values("emails", 200, EMAILS).search().list(),
            values("messengers", 200, MESSENGERS).search(),
            Column::date("birthday"),
            Column::choice("language", &["uk", "ru", "en"]),
            Column::long("address"),
            Column::long("comment"),
        ])
        .lines(Lines {
            name: "links",
            table: "contact_links",
            columns: vec![
                Column::reference("partner_id", "partners").required(),
                Column::text("job_title", 200),
                Column::date("valid_from"),
                Column::date("valid_to"),
            ],
            max: 100,
            required: false,
        })
        .via("partner_id", "partners")
        .import_key(&["partner_id", "full_name"])
        .index_on("birthday", "(birthday)")
        .grant("director", "read create update delete undo")
        .grant("sales_manager", "read create update delete undo")
        .grant("salesperson", "read:own create update:own delete:own undo:own")
        .grant("field_agent", "read:own create update:own delete:own undo:own")
        .grant("accountant", "read")
        .rules(ContactRules)
}

struct ContactRules;
impl Rules for ContactRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let mut findings = vec![];
        if change.changed("phones") {
            findings.extend(checks::items("phones", change.after.json("phones"), "phone_bad", checks::phone));
        }
        if change.changed("emails") {
            findings.extend(checks::items("emails", change.after.json("emails"), "email_bad", checks::email));
        }
        if change.changed("birthday") && change.after.opt_date("birthday").is_some_and(|d| d > cx.ctx.today) {
            findings.push(checks::Finding::new("birthday", "date_future"));
        }
        checks::settle(cx, findings)?;
        let spec = &change.after.spec.lines[0];
        for (n, l) in change.after.lines[0].iter().enumerate() {
            if let (Some(from), Some(to)) = (l.get(spec, "valid_from").as_date(), l.get(spec, "valid_to").as_date())
                && to < from
            {
                return Err(Error::field(format!("links.{n}.valid_to"), "bad_period"));
            }
        }
        Ok(())
    }
}
