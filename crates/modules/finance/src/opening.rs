//! Opening balances: what partners owe and are owed on the day on which a company begins here, one line for each document that the old
//! books left open. draft -> posted -> reversed; `revise` corrects a posted one. Settlements only: nothing was sold here.
//!
//! Each line is a settlement document of its own under the line's id, so it falls due, is paid and is shown like any other.

use crate::opening_lines::{Item, belong, check, not_twice};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_office::document::{begin, came_posted, date_of, mark_posted, posts_at_once};
use kontor_office::{Company, company};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Lines, Rules, Spec, Verb};
use kontor_platform::value::Id;
use kontor_sales::refresh_paid;
use kontor_settlements::{Entry, Resting, bring, lock_partners, relabel, rests_on, take_back, touched};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

pub const ENTITY: &str = "opening-balances";
pub const PREFIX: &str = "OB";

/// Most lines that a refusal names.
const NAMED: usize = 5;

pub fn opening_balances() -> Spec {
    Spec::document(ENTITY, &["draft", "posted", "reversed"])
        .section("finance", "scale")
        .columns([
            Column::int("lines_count", 0, i64::MAX)
                .virtual_sql("SELECT COUNT(*) FROM opening_balance_lines n WHERE n.parent_id = {t}.id")
                .list(),
            // Made and posted in one command.
            Column::bool("post", false).secret(),
        ])
        .lines(Lines {
            name: "lines",
            table: "opening_balance_lines",
            columns: vec![
                Column::reference("partner_id", "partners").required(),
                // Number and day of the document that the old books left open.
                Column::text("number", 40),
                Column::date("date"),
                // The day of the opening balances where nothing is said.
                Column::date("due_date"),
                Column::choice("side", &["they_owe", "we_owe"]).default("they_owe"),
                Column::amount("amount").required(),
                // The company's where nothing is said.
                Column::code("currency", "currencies"),
                Column::reference("agreement_id", "agreements"),
                Column::reference("contract_id", "contracts"),
                Column::reference("counterparty_id", "counterparties"),
                Column::amount("open").signed().virtual_sql("SELECT d.open FROM settlement_documents d WHERE d.id = {t}.id"),
            ],
            max: 10_000,
            required: true,
        })
        .verb(Verb::new("post", &["draft"], &["posted"], post).primary().undone_by("reverse"))
        .verb(Verb::new("reverse", &["posted"], &["reversed"], reverse))
        .verb(Verb::new("revise", &["posted"], &["posted"], revise).edits())
        .grant("director", "read create update delete undo post reverse revise")
        .grant("accountant", "read create update delete undo post reverse revise")
        .rules(OpeningRules)
}

struct OpeningRules;
impl Rules for OpeningRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let company = begin(cx, change, PREFIX)?;
        let r = &mut change.after;
        check(r, &company)?;
        belong(cx, r)?;
        if posts_at_once(cx, change)? { prepare(cx, &mut change.after) } else { not_twice(cx, &change.after) }
    }
    fn written(&self, cx: &mut Cx, change: &Change) -> Result<()> {
        if came_posted(change) {
            take_effect(cx, &change.after)?;
        }
        Ok(())
    }
}

fn prepare(cx: &mut Cx, r: &mut Record) -> Result<()> {
    company(cx, r.ref_id("company_id"))?.check_open(date_of(r)?)?;
    lock(cx, r, &[])?;
    // Under the lock: the same lines may have been posted since they were written down.
    not_twice(cx, r)?;
    mark_posted(cx, r);
    Ok(())
}

fn take_effect(cx: &mut Cx, r: &Record) -> Result<()> {
    let company = company(cx, r.ref_id("company_id"))?;
    let lines = items(r, &company)?.into_iter().map(|i| i.entry).collect::<Vec<Entry>>();
    let orders = bring(cx, r.id, &lines)?;
    refresh_paid(cx, &orders)?;
    cx.event("opening-balance.posted", r, json!({}))
}

fn post(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    prepare(cx, r)?;
    take_effect(cx, r)?;
    Ok(Json::Null)
}

fn reverse(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    let company = company(cx, r.ref_id("company_id"))?;
    lock(cx, r, &[])?;
    let (mut settled, touched) = (vec![], touched(cx, r.id)?);
    for i in items(r, &company)?.into_iter().filter(|i| touched.contains(&i.entry.doc.id)) {
        if let Some(by) = rests_on(cx, i.entry.doc.id)? {
            settled.push(format!("{} — {}", i.entry.number, by.number));
        }
    }
    if !settled.is_empty() {
        let more = if settled.len() > NAMED { ", …" } else { "" };
        settled.truncate(NAMED);
        return Err(Error::refused("opening_settled").arg("documents", format!("{}{more}", settled.join(", "))));
    }
    let ids: Vec<Id> = r.lines[0].iter().map(|l| l.id).collect();
    let orders = take_lines_back(cx, r, &company, &ids)?;
    refresh_paid(cx, &orders)?;
    r.set("state", "reversed");
    cx.event("opening-balance.reversed", r, json!({}))?;
    Ok(Json::Null)
}

/// Only lines that differ are taken back and enter anew, so that what was paid on the others stays paid. Number and due date of a line
/// may be put right at any time; the rest of it while nothing rests on it.
fn revise(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    let before = cx.load(ENTITY, r.id)?;
    let company = company(cx, r.ref_id("company_id"))?;
    lock(cx, r, &[&before])?;
    not_twice(cx, r)?;
    let was = items(&before, &company)?;
    let now = items(r, &company)?;
    let there: HashMap<Id, (usize, &Item)> = now.iter().enumerate().map(|(n, i)| (i.entry.doc.id, (n, i))).collect();
    let (mut back, mut kept, mut wrong) = (vec![], BTreeSet::new(), vec![]);
    for old in &was {
        let id = old.entry.doc.id;
        let field = match there.get(&id) {
            Some((_, new)) if new.same(old) => {
                kept.insert(id);
                if new.entry.number != old.entry.number || new.entry.due != old.entry.due {
                    relabel(cx, id, &new.entry.number, new.entry.due)?;
                }
                continue;
            }
            Some((n, _)) => format!("lines.{n}.amount"),
            None => "lines".to_string(),
        };
        match rests_on(cx, id)? {
            Some(by) => wrong.push(line_settled(field, old, &by)),
            None => back.push(id),
        }
    }
    Error::collect(wrong)?;
    let mut orders = take_lines_back(cx, &before, &company, &back)?;
    drop(there);
    let lines: Vec<Entry> = now.into_iter().map(|i| i.entry).filter(|e| !kept.contains(&e.doc.id)).collect();
    orders.extend(bring(cx, r.id, &lines)?);
    refresh_paid(cx, &orders)?;
    r.set("revision", r.int("revision") + 1);
    Ok(Json::Null)
}

fn line_settled(field: String, line: &Item, by: &Resting) -> Error {
    Error::field(field, "opening_line_settled")
        .field_arg("number", &line.entry.number)
        .field_arg("entity", &by.entity)
        .field_arg("document", &by.number)
}

/// What these lines wrote goes back, on the first open day where their own is closed.
fn take_lines_back(cx: &mut Cx, r: &Record, company: &Company, lines: &[Id]) -> Result<BTreeSet<Id>> {
    let date = date_of(r)?;
    let open = company.open_day(date);
    let mut orders = BTreeSet::new();
    for id in lines {
        orders.extend(take_back(cx, *id, (open != date).then_some(open))?);
    }
    Ok(orders)
}

fn items(r: &Record, company: &Company) -> Result<Vec<Item>> {
    r.lines[0].iter().enumerate().map(|(n, l)| Item::of(r, n, l, company)).collect()
}

/// Everybody who is named here or was, in one order: two such documents never wait for each other.
fn lock(cx: &mut Cx, r: &Record, others: &[&Record]) -> Result<()> {
    let mut keys = vec![];
    for r in others.iter().copied().chain([r]) {
        let spec = &r.spec.lines[0];
        keys.extend(r.lines[0].iter().map(|l| {
            let partner = l.get(spec, "partner_id").as_id().unwrap_or_default();
            (r.ref_id("company_id"), partner, l.get(spec, "currency").as_text().unwrap_or_default().to_string())
        }));
    }
    lock_partners(cx, keys)
}
