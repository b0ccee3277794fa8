//! What documents take from a partner: read when they are written, frozen in them when they are posted.

use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

/// A partner as a document sees him.
#[derive(Clone, Debug, PartialEq)]
pub struct PartnerFacts {
    pub id: Id,
    pub name: String,
    pub full_name: String,
    /// Codes out of `ROLES`.
    pub roles: Vec<String>,
    pub country: String,
    pub address: String,
    pub phone: String,
    pub email: String,
    pub archived: bool,
    pub manager_id: Option<Id>,
    pub region_id: Option<Id>,
    pub dealer_type_id: Option<Id>,
    pub order_type_id: Option<Id>,
    pub payment_form_id: Option<Id>,
    /// The one asked for, else the main one, else the oldest.
    pub counterparty: Option<CounterpartyFacts>,
}

/// The legal entity that a document names.
#[derive(Clone, Debug, PartialEq)]
pub struct CounterpartyFacts {
    pub id: Id,
    pub legal_name: String,
    pub country: String,
    pub tax_id: String,
    pub registration_code: String,
    pub vat_number: String,
    pub kpp: String,
    pub iban: String,
    pub bank_name: String,
    pub legal_address: String,
    pub director: String,
}

impl PartnerFacts {
    pub fn is(&self, role: &str) -> bool {
        self.roles.iter().any(|r| r == role)
    }

    /// Names, addresses and tax ids as they are kept in a posted document.
    pub fn frozen(&self) -> Json {
        let counterparty = self.counterparty.as_ref().map(|c| {
            json!({
                "id": c.id,
                "legal_name": c.legal_name,
                "country": c.country,
                "tax_id": c.tax_id,
                "registration_code": c.registration_code,
                "vat_number": c.vat_number,
                "kpp": c.kpp,
                "iban": c.iban,
                "bank_name": c.bank_name,
                "legal_address": c.legal_address,
                "director": c.director,
            })
        });
        json!({
            "id": self.id,
            "name": self.name,
            "full_name": self.full_name,
            "country": self.country,
            "address": self.address,
            "phone": self.phone,
            "email": self.email,
            "counterparty": counterparty,
        })
    }
}

impl CounterpartyFacts {
    fn of(r: &Record) -> Self {
        let t = |c: &str| r.text(c).to_string();
        CounterpartyFacts {
            id: r.id,
            legal_name: t("legal_name"),
            country: t("country"),
            tax_id: t("tax_id"),
            registration_code: t("registration_code"),
            vat_number: t("vat_number"),
            kpp: t("kpp"),
            iban: t("iban"),
            bank_name: t("bank_name"),
            legal_address: t("legal_address"),
            director: t("director"),
        }
    }
}

/// Which of his counterparties speaks for a partner.
const MAIN: &str = "t.partner_id = ? AND t.archived = ? ORDER BY t.is_main DESC, t.id LIMIT 1";

/// Asks for what `partner_facts` will be asked; see `Conn::ahead`.
pub fn partner_facts_ahead(cx: &mut Cx, partner: Id, counterparty: Option<Id>) -> Result<()> {
    cx.load_ahead("partners", partner)?;
    match counterparty {
        Some(id) => cx.load_ahead("counterparties", id),
        None => {
            let spec = cx.spec("counterparties");
            Record::where_ahead(cx.conn, spec, MAIN, &[partner.into(), false.into()])
        }
    }
}

const MEMO: &str = "partners.partner_facts";

/// Facts of a partner, loaded once per command; `counterparty` must be one of his (a field error of `counterparty_id` otherwise).
pub fn partner_facts(cx: &mut Cx, partner: Id, counterparty: Option<Id>) -> Result<PartnerFacts> {
    if let Some((asked, known)) = cx.memo.get(MEMO).and_then(|m| m.downcast_ref::<(Option<Id>, PartnerFacts)>())
        && known.id == partner
        && (counterparty == *asked || counterparty.is_some() && counterparty == known.counterparty.as_ref().map(|c| c.id))
    {
        return Ok(known.clone());
    }
    let facts = load(cx, partner, counterparty)?;
    cx.memo.insert(MEMO, Box::new((counterparty, facts.clone())));
    Ok(facts)
}

fn load(cx: &mut Cx, partner: Id, counterparty: Option<Id>) -> Result<PartnerFacts> {
    let p = cx.load("partners", partner)?;
    let spec = cx.spec("counterparties");
    let found = match counterparty {
        Some(id) => {
            let c = Record::load(cx.conn, spec, id)?
                .ok_or_else(|| Error::field("counterparty_id", "reference_missing").field_arg("value", id))?;
            if c.opt_id("partner_id") != Some(partner) {
                return Err(Error::field("counterparty_id", "counterparty_other_partner"));
            }
            Some(c)
        }
        None => Record::load_where(cx.conn, spec, MAIN, &[partner.into(), false.into()])?.into_iter().next(),
    };
    let t = |c: &str| p.text(c).to_string();
    Ok(PartnerFacts {
        id: p.id,
        name: t("name"),
        full_name: t("full_name"),
        roles: p.json("roles").as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_string).collect(),
        country: t("country"),
        address: t("address"),
        phone: t("phone"),
        email: t("email"),
        archived: p.bool("archived"),
        manager_id: p.opt_id("manager_id"),
        region_id: p.opt_id("region_id"),
        dealer_type_id: p.opt_id("dealer_type_id"),
        order_type_id: p.opt_id("order_type_id"),
        payment_form_id: p.opt_id("payment_form_id"),
        counterparty: found.as_ref().map(CounterpartyFacts::of),
    })
}
