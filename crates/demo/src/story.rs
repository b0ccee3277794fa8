//! The story day by day: an agenda of events, each of which may put later ones on it. All of one day is written together.

use crate::clients::{Client, Clients, Discipline};
use crate::facts::Facts;
use crate::goods::Goods;
use crate::office::{Office, decimal};
use crate::plan::{Arrivals, Fate, Order};
use crate::random::Random;
use crate::run::{Command, Run, When, create, plus, verb, workdays};
use crate::words::{Firm, Good};
use chrono::NaiveDate;
use kontor_kernel::error::Result;
use kontor_kernel::{Amount, Quantity};
use kontor_kernel::{HashMap, HashSet};
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// What happens. Numbers are indexes into the story's tables.
#[derive(Clone, Debug)]
pub enum Event {
    Arrival(usize, &'static str, Vec<(usize, i64)>),
    Quote(usize),
    ConfirmQuote(Id, &'static str),
    Order(usize),
    Cancel(usize),
    /// Order, and percent of each line that goes now.
    Ship(usize, i64),
    /// Order, document to be paid, percent of its total.
    Pay(usize, Paid, i64),
    Return(usize, Id),
    Refund(usize, Id),
    /// Everything is shipped and paid.
    Close(usize),
    Deal(crate::deals::Step),
    Work(crate::work::Work),
    /// What the old books left open.
    Opening,
    /// Client, and whole hryvnias that he pays of it.
    PayOpening(usize, i64),
}

/// What a payment is for.
#[derive(Clone, Copy, Debug)]
pub enum Paid {
    Order,
    Shipment(Id),
}

pub struct Story<'r, 'a> {
    pub run: &'r mut Run<'a>,
    pub firms: &'r [Firm],
    pub goods: &'r [Good],
    pub shelf: &'r Goods,
    pub office: &'r Office,
    pub clients: &'r Clients,
    pub orders: &'r [Order],
    pub agenda: BTreeMap<NaiveDate, Vec<Event>>,
    pub order_ids: HashMap<usize, Id>,
    pub quote_ids: HashMap<usize, Id>,
    pub closed: HashSet<usize>,
    pub deals: crate::deals::Deals,
    pub random: Random,
}

impl Story<'_, '_> {
    pub fn client(&self, order: usize) -> &Client {
        &self.clients.clients[self.orders[order].client]
    }
    /// Puts an event on the agenda; what lies beyond today does not happen.
    pub fn later(&mut self, day: NaiveDate, event: Event) {
        if day <= self.run.today() {
            self.agenda.entry(day).or_default().push(event);
        }
    }

    pub fn tell(&mut self, arrivals: Arrivals) -> Result<()> {
        for ((day, warehouse, supplier), lines) in arrivals {
            self.later(day, Event::Arrival(warehouse, supplier, lines));
        }
        for n in 0..self.orders.len() {
            self.later(self.orders[n].day, Event::Order(n));
        }
        while let Some((day, events)) = self.agenda.pop_first() {
            self.day(day, events)?;
        }
        Ok(())
    }

    fn day(&mut self, day: NaiveDate, events: Vec<Event>) -> Result<()> {
        // Goods arrive before they are ordered, and money moves at the end of the day, when all else is known.
        let (money, other): (Vec<Event>, Vec<Event>) =
            events.into_iter().partition(|e| matches!(e, Event::Pay(..) | Event::Refund(..) | Event::PayOpening(..)));
        let (goods, other): (Vec<Event>, Vec<Event>) = other.into_iter().partition(|e| matches!(e, Event::Arrival(..)));
        self.part_of_day(day, goods.into_iter().chain(other).collect())?;
        self.part_of_day(day, money)
    }

    fn part_of_day(&mut self, day: NaiveDate, events: Vec<Event>) -> Result<()> {
        let facts = self.facts(&events)?;
        let mut commands: Vec<Command> = vec![];
        let mut of = vec![];
        for e in events {
            for c in self.commands(day, &e, &facts) {
                commands.push(c);
                of.push(e.clone());
            }
        }
        let made = self.run.day(commands)?;
        for (event, id) in of.into_iter().zip(made) {
            if let Some(id) = id {
                self.after(day, event, id);
            }
        }
        Ok(())
    }

    fn at(&mut self, by: &'static str, day: NaiveDate) -> When {
        let minute = self.random.between(9 * 60, 18 * 60);
        When::new(by, day, minute)
    }

    fn commands(&mut self, day: NaiveDate, event: &Event, facts: &Facts) -> Vec<Command> {
        match event {
            Event::Arrival(warehouse, supplier, lines) => {
                let lines: Vec<Json> = lines.iter().map(|(g, q)| json!({"product_id": self.shelf.products[*g], "quantity": q.to_string(), "cost": decimal(self.goods[*g].cost * self.level(day) / 1000, 2)})).collect();
                let j = json!({"company_id": self.office.company, "warehouse_id": self.office.warehouses[*warehouse], "supplier_id": self.clients.suppliers.get(supplier), "date": day, "lines": lines, "post": true});
                vec![create(When::new("stock", day, 8 * 60 + 10), "stock-receipts", j)]
            }
            Event::Opening => crate::opening::document(self, day),
            Event::PayOpening(client, sum) => crate::opening::payment(self, day, *client, *sum),
            Event::Quote(n) => {
                let j = self.offer(*n, day, true);
                let when = self.at(self.client(*n).manager, day);
                vec![create(when, "quotes", j)]
            }
            Event::ConfirmQuote(id, by) => {
                let when = self.at(by, day);
                vec![verb(when, "quotes", *id, "confirm", json!({}))]
            }
            Event::Order(n) => {
                let j = self.offer(*n, day, false);
                let when = self.at(self.client(*n).manager, day);
                vec![create(when, "sales-orders", j)]
            }
            Event::Cancel(n) => {
                let Some(id) = self.order_ids.get(n).copied() else { return vec![] };
                let reason =
                    self.random.pick(&["Клієнт передумав", "Не влаштував строк", "Замовлено двічі", "Знайшли дешевше"]).to_string();
                let when = self.at(self.client(*n).manager, day);
                vec![verb(when, "sales-orders", id, "cancel", json!({"reason": reason}))]
            }
            Event::Ship(n, percent) => self.ship(*n, *percent, day, facts),
            Event::Pay(n, what, percent) => self.pay(*n, *what, *percent, day, facts),
            Event::Return(n, shipment) => self.take_back(*n, *shipment, day, facts),
            Event::Refund(n, id) => self.refund(*n, *id, day, facts),
            Event::Close(n) => {
                let Some(id) = self.order_ids.get(n).copied().filter(|id| facts.settled.contains(id)) else { return vec![] };
                if !self.closed.insert(*n) {
                    return vec![];
                }
                let when = self.at(self.client(*n).manager, day);
                vec![verb(when, "sales-orders", id, "close", json!({}))]
            }
            Event::Deal(step) => crate::deals::commands(self, day, step, facts),
            Event::Work(work) => crate::work::commands(self, day, work),
        }
    }

    /// Suppliers raised their prices twice, as ours followed.
    fn level(&self, day: NaiveDate) -> i64 {
        let span = (self.run.today() - self.run.start()).num_days().max(1);
        match (day - self.run.start()).num_days() * 10 / span {
            ..=2 => 940,
            3..=6 => 970,
            _ => 1000,
        }
    }

    /// Fields of a quote or an order.
    fn offer(&mut self, n: usize, day: NaiveDate, quote: bool) -> Json {
        let o = &self.orders[n];
        let c = &self.clients.clients[o.client];
        let service = o.fate == Fate::Service;
        let lines: Vec<Json> = o
            .lines
            .iter()
            .map(|(g, q)| {
                let mut l = json!({"product_id": self.shelf.products[*g], "quantity": q.to_string()});
                // Now and then a discount is given by hand.
                if self.random.chance(4) {
                    l["discount_percent"] = json!(self.random.between(3, 9).to_string());
                }
                l
            })
            .collect();
        let company = if service { self.office.second } else { self.office.company };
        let warehouse = if service { self.office.second_warehouse } else { self.office.warehouses[o.warehouse] };
        let mut j = json!({
            "company_id": company, "partner_id": c.id, "warehouse_id": warehouse, "date": day, "country": "UA",
            "manager_id": self.run.users.get(c.manager), "lines": lines,
        });
        if let Some(a) = c.agreement.filter(|_| !service) {
            j["agreement_id"] = json!(a);
        }
        if let Some(deal) = self.deals.of_order.get(&n) {
            j["deal_id"] = json!(deal);
        }
        if quote {
            j["valid_until"] = json!(plus(day, 21));
            return j;
        }
        if let Some(q) = self.quote_ids.get(&n) {
            j["quote_id"] = json!(q);
        }
        j["ship_on"] = json!(self.ship_day(n));
        j["confirm"] = json!(o.fate != Fate::Draft);
        j
    }

    fn ship_day(&self, n: usize) -> NaiveDate {
        let o = &self.orders[n];
        let c = &self.clients.clients[o.client];
        // Who pays in advance waits for his money to come.
        workdays(o.day, if c.credit.is_some() { 1 } else { 3 } + (n % 3) as i64)
    }

    fn after(&mut self, day: NaiveDate, event: Event, id: Id) {
        match event {
            Event::Quote(n) => {
                self.quote_ids.insert(n, id);
                let by = self.client(n).manager;
                self.later(workdays(day, 1), Event::ConfirmQuote(id, by));
            }
            Event::Order(n) => self.ordered(n, day, id),
            Event::Ship(n, _) => self.shipped(n, day, id),
            Event::Return(n, _) if self.client(n).credit.is_none() => self.later(workdays(day, 3), Event::Refund(n, id)),
            Event::Pay(n, ..) => self.later(workdays(day, 2), Event::Close(n)),
            Event::Deal(step) => crate::deals::after(self, day, step, id),
            _ => {}
        }
    }

    fn ordered(&mut self, n: usize, day: NaiveDate, id: Id) {
        self.order_ids.insert(n, id);
        let ship = self.ship_day(n);
        let in_advance = self.client(n).credit.is_none();
        match self.orders[n].fate {
            Fate::Draft => return,
            Fate::Cancelled => {
                self.later(workdays(day, 1), Event::Cancel(n));
                return;
            }
            Fate::Parts => {
                self.later(ship, Event::Ship(n, 60));
                let rest = workdays(ship, self.random.between(3, 8));
                self.later(rest, Event::Ship(n, 100));
            }
            Fate::Waiting => {}
            Fate::Shipped | Fate::Service => self.later(ship, Event::Ship(n, 100)),
        }
        if in_advance {
            let paid = workdays(day, self.random.between(1, 2));
            self.later(paid, Event::Pay(n, Paid::Order, 100));
        }
        if let Some(deal) = self.deals.of_order.get(&n).copied() {
            self.later(workdays(day, 1), Event::Deal(crate::deals::Step::Win(n, deal)));
        }
    }

    fn shipped(&mut self, n: usize, day: NaiveDate, id: Id) {
        self.later(workdays(day, 2), Event::Close(n));
        if self.orders[n].fate != Fate::Service && (n % 20 == 7 || self.random.chance(2)) {
            let back = workdays(day, self.random.between(4, 12));
            self.later(back, Event::Return(n, id));
        }
        let Some(days) = self.client(n).credit else { return };
        let discipline = self.client(n).discipline;
        let late = match discipline {
            Discipline::Exact => self.random.between(-4, 2),
            Discipline::Late => self.random.between(2, 19),
            Discipline::Bad if self.random.chance(18) => return,
            Discipline::Bad => self.random.between(14, 55),
        };
        let due = workdays(plus(day, days + late), 0);
        if self.random.chance(16) {
            self.later(due, Event::Pay(n, Paid::Shipment(id), 60));
            let rest = workdays(due, self.random.between(3, 9));
            self.later(rest, Event::Pay(n, Paid::Shipment(id), 100));
        } else {
            self.later(due, Event::Pay(n, Paid::Shipment(id), 100));
        }
    }

    fn ship(&mut self, n: usize, percent: i64, day: NaiveDate, facts: &Facts) -> Vec<Command> {
        let Some(id) = self.order_ids.get(&n).copied() else { return vec![] };
        let mut j = json!({"sales_order_id": id, "date": day, "post": true});
        if percent < 100 {
            let lines: Vec<Json> = facts
                .lines
                .get(&id)
                .into_iter()
                .flatten()
                .filter_map(|(line, q)| part(*q, percent).map(|q| json!({"order_line_id": line, "quantity": q})))
                .collect();
            if lines.is_empty() {
                return vec![];
            }
            j["lines"] = json!(lines);
        }
        let when = self.at("stock", day);
        vec![create(when, "shipments", j)]
    }

    fn pay(&mut self, n: usize, what: Paid, percent: i64, day: NaiveDate, facts: &Facts) -> Vec<Command> {
        let mut j = match what {
            Paid::Order => {
                let Some((id, total)) =
                    self.order_ids.get(&n).and_then(|id| facts.totals.get(id).map(|t| (*id, *t))).filter(|(_, t)| *t > 0)
                else {
                    return vec![];
                };
                let mut j = self.money(n, day, total, "in");
                j["sales_order_id"] = json!(id);
                j
            }
            Paid::Shipment(id) => {
                // Less than its total when goods came back in between.
                let open = facts.open.get(&id).copied().unwrap_or(0);
                let part = if percent < 100 { share(open, percent) } else { open };
                if part <= 0 {
                    return vec![];
                }
                let mut j = self.money(n, day, part, "in");
                j["allocations"] = json!([{"document_id": id, "amount": Amount::from_scaled(part)}]);
                j
            }
        };
        j["purpose"] = json!(format!("Оплата за електротовари, {}", self.firms[self.client(n).firm].name));
        let when = self.at("accountant", day);
        vec![create(when, "payments", j)]
    }

    fn refund(&mut self, n: usize, id: Id, day: NaiveDate, facts: &Facts) -> Vec<Command> {
        // The next shipment may have taken it already.
        let Some(total) = facts.open.get(&id).map(|o| -o).filter(|t| *t > 0) else { return vec![] };
        let mut j = self.money(n, day, total, "out");
        j["allocations"] = json!([{"document_id": id, "amount": Amount::from_scaled(total)}]);
        j["purpose"] = json!("Повернення коштів за товар");
        let when = self.at("accountant", day);
        vec![create(when, "payments", j)]
    }

    fn money(&self, n: usize, day: NaiveDate, amount: i64, direction: &str) -> Json {
        let o = &self.orders[n];
        let company = if o.fate == Fate::Service { self.office.second } else { self.office.company };
        json!({"company_id": company, "partner_id": self.client(n).id, "amount": Amount::from_scaled(amount), "currency": "UAH", "date": day, "direction": direction, "post": true})
    }

    fn take_back(&mut self, n: usize, shipment: Id, day: NaiveDate, facts: &Facts) -> Vec<Command> {
        let Some(lines) = facts.lines.get(&shipment).filter(|l| !l.is_empty()) else { return vec![] };
        let products = facts.products.get(&shipment).cloned().unwrap_or_default();
        let at = self.random.below(lines.len());
        let share = self.random.between(15, 60);
        let (Some(quantity), Some(product)) = (part(lines[at].1, share), products.get(at)) else { return vec![] };
        let reason = self.random.pick(&["Пошкоджена упаковка", "Не підійшов номінал", "Зайвина на об’єкті", "Брак"]).to_string();
        let o = &self.orders[n];
        let j = json!({
            "company_id": self.office.company, "partner_id": self.client(n).id, "warehouse_id": self.office.warehouses[o.warehouse],
            "shipment_id": shipment, "date": day, "reason": reason, "lines": [{"product_id": product, "quantity": quantity}], "post": true,
        });
        let when = self.at("stock", day);
        vec![create(when, "returns", j)]
    }
}

/// So many percent of a quantity in whole units; none when nothing is left.
fn part(quantity: i64, percent: i64) -> Option<Quantity> {
    let units = quantity / 1_000_000 * percent / 100;
    (units > 0).then(|| Quantity::from_scaled(units * 1_000_000))
}

/// So many percent of an amount, in kopecks.
fn share(total: i64, percent: i64) -> i64 {
    total / 10_000 * percent * 100
}
