//! What the old books left open on the first day: a few invoices and a prepayment, most of which are paid in the first weeks.

use crate::run::{Command, When, create, plus};
use crate::story::{Event, Story};
use chrono::NaiveDate;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

/// Number, days between the old document and the first day, days to its due date from there, whole hryvnias, days until it is paid.
const OPEN: [(&str, i64, i64, i64, Option<i64>); 4] = [
    ("РН-1874", 21, -7, 4_860, Some(3)),
    ("РН-1902", 12, 2, 7_215, Some(5)),
    ("РН-1911", 9, 5, 3_940, Some(11)),
    ("РН-1923", 4, 10, 2_680, None),
];

/// Whole hryvnias that a client had paid ahead.
const AHEAD: i64 = 1_500;

/// Clients who buy on credit: who pays ahead had nothing left open.
fn debtors(story: &Story) -> Vec<usize> {
    let clients = &story.clients.clients;
    (0..clients.len()).filter(|n| clients[*n].credit.is_some()).collect()
}

/// Puts the first day on the agenda.
pub fn agenda(story: &mut Story) {
    let day = story.run.start();
    story.later(day, Event::Opening);
    for (client, line) in debtors(story).into_iter().zip(&OPEN) {
        if let Some(after) = line.4 {
            story.later(plus(day, after), Event::PayOpening(client, line.3));
        }
    }
}

pub fn document(story: &Story, day: NaiveDate) -> Vec<Command> {
    let clients: Vec<Id> = debtors(story).into_iter().map(|n| story.clients.clients[n].id).collect();
    let owed = |((number, before, due, sum, _), client): (&(&str, i64, i64, i64, Option<i64>), &Id)| json!({"partner_id": client, "number": number, "date": plus(day, -before), "due_date": plus(day, *due), "amount": sum.to_string()});
    let mut lines: Vec<Json> = OPEN.iter().zip(&clients).map(owed).collect();
    if let Some(client) = clients.get(OPEN.len()) {
        lines.push(json!({"partner_id": client, "number": "ПД-388", "date": plus(day, -2), "side": "we_owe", "amount": AHEAD.to_string()}));
    }
    if lines.is_empty() {
        return vec![];
    }
    let j =
        json!({"company_id": story.office.company, "date": day, "comment": "Перенесено зі старої програми", "lines": lines, "post": true});
    vec![create(When::new("accountant", day, 8 * 60), "opening-balances", j)]
}

pub fn payment(story: &Story, day: NaiveDate, client: usize, sum: i64) -> Vec<Command> {
    let j = json!({"company_id": story.office.company, "partner_id": story.clients.clients[client].id, "amount": sum.to_string(), "currency": "UAH", "date": day, "direction": "in", "purpose": "Оплата за рахунком минулого року", "post": true});
    vec![create(When::new("accountant", day, 10 * 60), "payments", j)]
}
