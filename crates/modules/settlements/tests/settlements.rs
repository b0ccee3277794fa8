//! Settlements by themselves, on both databases: what is open, what is owed at each date, credit under pressure.

use chrono::NaiveDate;
use kontor_kernel::error::Result;
use kontor_kernel::{Amount, Currency};
use kontor_office::Control;
use kontor_office::document::DocRef;
use kontor_platform::cx::Cx;
use kontor_platform::execute::Envelope;
use kontor_platform::registers;
use kontor_platform::store::Priority;
use kontor_platform::value::{Id, Value, new_id};
use kontor_platform::{App, Ctx, Registry, schema};
use kontor_settlements::{Credit, Entry, Settled, Settling, check_credit, enter, exposure, order_ahead, settlements_of, take_back};
use kontor_testkit::TestDb;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::Arc;

struct World {
    app: Arc<App>,
    company: Id,
    partner: Id,
}

fn world(db: &TestDb) -> World {
    let r = kontor_settlements::register(kontor_partners::register(kontor_office::register(Registry::default())));
    let app = schema::open_draft(&db.url, r).unwrap();
    let made = |c: &str, input: Json| app.execute(&Ctx::system(), Envelope::new(format!("{c}.create"), input)).unwrap().id.unwrap();
    let company = made("companies", json!({"name": "ТОВ Гайка", "currency": "UAH", "country": "UA"}));
    let partner = made("partners", json!({"name": "Клієнт"}));
    World { app, company, partner }
}

fn amount(s: &str) -> Amount {
    Amount::parse(s).unwrap()
}

fn day(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(u64::from(n))
}

impl World {
    fn write<T: Send + 'static>(&self, f: impl Fn(&mut Cx) -> Result<T> + Send + 'static) -> Result<T> {
        let app = self.app.clone();
        self.app.store.write(Priority::People, move |conn| {
            let ctx = Ctx::system();
            f(&mut Cx::new(conn, &app, &ctx, "test"))
        })
    }
    fn entry(&self, id: Id, on: u32, days: u32, owed: Amount) -> Entry {
        Entry {
            doc: DocRef { entity: "settlement-documents", id, date: day(on) },
            number: format!("T-{on}"),
            company: self.company,
            partner: self.partner,
            currency: Currency::UAH,
            counterparty: Id::nil(),
            agreement: Id::nil(),
            contract: Id::nil(),
            order: None,
            due: day(on + days),
            stages: vec![],
            amount: owed,
        }
    }
    fn enter(&self, on: u32, days: u32, owed: &str) -> (Id, Settled) {
        let e = self.entry(new_id(), on, days, amount(owed));
        let id = e.doc.id;
        (id, self.write(move |cx| enter(cx, &e, Settling::Oldest)).unwrap())
    }
    fn chosen(&self, on: u32, owed: &str, parts: Vec<(Id, Amount)>) -> Result<Settled> {
        let e = self.entry(new_id(), on, 0, amount(owed));
        self.write(move |cx| enter(cx, &e, Settling::Chosen(&parts)))
    }
    fn back(&self, id: Id) {
        self.write(move |cx| take_back(cx, id, None)).unwrap();
    }
    fn open(&self, id: Id) -> String {
        self.app
            .store
            .read(|c| {
                Ok(Amount::from_scaled(c.query_one("SELECT open FROM settlement_documents WHERE id = ?", &[id.into()])?.int(0)?)
                    .to_string())
            })
            .unwrap()
    }
    fn balance(&self) -> (String, String) {
        let rows = self.app.store.read(|c| settlements_of(c, &self.app, &Ctx::system(), Some(self.partner))).unwrap();
        rows.first().map_or(("0.00".into(), "0.00".into()), |r| (r.balance.to_string(), r.overdue.to_string()))
    }
    fn debt_at(&self, at: NaiveDate) -> i64 {
        let reg = self.app.registry.register_of("exposure").unwrap();
        let key: Vec<Value> = vec![self.company.into(), self.partner.into(), "UAH".into()];
        self.app.store.read(|c| registers::balance(c, reg, &key, Some(at))).unwrap()[0]
    }
    fn agrees(&self) {
        assert_eq!(self.app.check().unwrap(), []);
    }
}

#[test]
fn fin_01_a_payment_closes_the_oldest_due_and_the_rest_waits_for_the_next_shipment() {
    kontor_testkit::both(|db| {
        let w = world(db);
        let (late, _) = w.enter(10, 5, "100");
        let (early, _) = w.enter(12, 1, "50");
        let (payment, settled) = w.enter(20, 0, "-120");
        assert_eq!(settled.parts, [(early, amount("50")), (late, amount("70"))]);
        assert_eq!((w.open(early), w.open(late), w.open(payment)), ("0.00".into(), "30.00".into(), "0.00".into()));
        let (rest, _) = w.enter(21, 0, "-45.50");
        assert_eq!((w.open(late), w.open(rest)), ("0.00".into(), "-15.50".into()));
        let (next, settled) = w.enter(25, 0, "20");
        assert_eq!(settled.parts, [(rest, amount("15.50"))]);
        assert_eq!((w.open(rest), w.open(next), w.balance().0), ("0.00".into(), "4.50".into(), "4.50".into()));
        w.agrees();
    });
}

#[test]
fn fin_01_what_was_set_off_is_open_again_when_a_document_leaves() {
    kontor_testkit::both(|db| {
        let w = world(db);
        let (payment, _) = w.enter(5, 0, "-80");
        let (shipment, _) = w.enter(10, 0, "100");
        assert_eq!((w.open(payment), w.open(shipment)), ("0.00".into(), "20.00".into()));
        w.back(payment);
        assert_eq!((w.open(payment), w.open(shipment), w.balance().0), ("0.00".into(), "100.00".into(), "100.00".into()));
        w.agrees();
        let (second, _) = w.enter(11, 0, "-100");
        w.back(shipment);
        assert_eq!((w.open(second), w.balance().0), ("-100.00".into(), "-100.00".into()));
        w.agrees();
        w.back(second);
        assert_eq!((w.open(second), w.open(shipment), w.balance().0), ("0.00".into(), "0.00".into(), "0.00".into()));
        w.agrees();
    });
}

#[test]
fn fin_02_chosen_documents_and_their_limits() {
    kontor_testkit::both(|db| {
        let w = world(db);
        let (first, _) = w.enter(10, 5, "100");
        let (second, _) = w.enter(12, 9, "50");
        let settled = w.chosen(20, "-60", vec![(second, amount("40"))]).unwrap();
        assert_eq!((settled.rest, w.open(first), w.open(second)), (amount("20"), "100.00".into(), "10.00".into()));
        let code = |parts: Vec<(Id, Amount)>| {
            let e = w.chosen(20, "-60", parts).unwrap_err();
            let f = &e.inner().fields[0];
            (f.field.clone(), f.code.to_string())
        };
        assert_eq!(code(vec![(second, amount("11"))]), ("allocations.0.amount".into(), "allocation_over_document".into()));
        assert_eq!(code(vec![(first, amount("61"))]), ("allocations".into(), "allocation_exceeds".into()));
        assert_eq!(code(vec![(first, amount("1")), (first, amount("1"))]), ("allocations.1.document_id".into(), "duplicate".into()));
        assert_eq!(code(vec![(new_id(), amount("1"))]), ("allocations.0.document_id".into(), "reference_missing".into()));
        assert_eq!(code(vec![(first, Amount::ZERO)]), ("allocations.0.amount".into(), "amount_zero".into()));
        w.agrees();
    });
}

#[test]
fn fin_03_sixty_four_orders_on_the_last_credit() {
    kontor_testkit::both(|db| {
        let w = world(db);
        w.enter(1, 30, "900");
        let (company, partner) = (w.company, w.partner);
        let order = |w: &World| {
            w.write(move |cx| {
                let c = Credit { company, partner, currency: "UAH", limit: amount("1000"), control: Control::Refuse, adding: amount("60") };
                check_credit(cx, &c)?;
                order_ahead(
                    cx,
                    DocRef { entity: "settlement-documents", id: new_id(), date: day(2) },
                    company,
                    partner,
                    "UAH",
                    amount("60"),
                )
            })
        };
        let results: Vec<Result<()>> = std::thread::scope(|s| {
            let threads: Vec<_> = (0..64).map(|_| s.spawn(|| order(&w))).collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1);
        for e in results.into_iter().filter_map(Result::err) {
            let f = &e.inner().fields[0];
            let args: Vec<&str> = f.args.iter().map(|a| a.1.as_str()).collect();
            assert_eq!((f.code.as_ref(), args.as_slice()), ("credit_exceeded", ["1000.00", "1020.00", "20.00", "UAH"].as_slice()));
        }
        let e = w.app.store.read(|c| exposure(c, company, partner, "UAH")).unwrap();
        assert_eq!((e.debt, e.ordered), (amount("900"), amount("60")));
        assert_eq!(w.balance(), ("900.00".into(), "900.00".into()), "due in January, long ago");
        w.agrees();
    });
}

#[derive(Clone, Debug)]
enum Op {
    Enter { on: u32, days: u32, amount: i64 },
    Back(usize),
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let op = prop_oneof![
        3 => (0u32..90, 0u32..40, prop_oneof![-500i64..500, -20i64..20]).prop_map(|(on, days, amount)| Op::Enter { on, days, amount: amount * 2_500 }),
        1 => any::<usize>().prop_map(Op::Back),
    ];
    prop::collection::vec(op, 1..30)
}

/// Whatever happens in whatever order: the debt on each day is the sum of the documents that are still in, and what is
/// open adds up to the debt, on one side only when everything was set off.
#[test]
fn fin_01_debts_are_the_sum_of_documents_on_every_day() {
    kontor_testkit::both(|db| {
        let mut w = world(db);
        let mut runner =
            TestRunner::new(Config { cases: if db.is_postgres() { 20 } else { 40 }, failure_persistence: None, ..Config::default() });
        let app = w.app.clone();
        let made = |name: &str| app.execute(&Ctx::system(), Envelope::new("partners.create", json!({"name": name}))).unwrap().id.unwrap();
        let mut partners: Vec<Id> = (0..60).map(|n| made(&format!("P{n}"))).collect();
        let cell = std::cell::RefCell::new((&mut w, &mut partners));
        runner
            .run(&ops(), |ops| {
                let mut both = cell.borrow_mut();
                let next = both.1.pop().unwrap_or_else(new_id);
                both.0.partner = next;
                random(both.0, ops);
                Ok(())
            })
            .unwrap();
    });
}

fn random(w: &World, ops: Vec<Op>) {
    let mut inside: BTreeMap<Id, (u32, i64)> = BTreeMap::new();
    for op in ops {
        match op {
            Op::Enter { on, days, amount } => {
                let e = w.entry(new_id(), on, days, Amount::from_scaled(amount));
                inside.insert(e.doc.id, (on, amount));
                w.write(move |cx| enter(cx, &e, Settling::Oldest)).unwrap();
            }
            Op::Back(n) => {
                if let Some(id) = inside.keys().nth(n % inside.len().max(1)).copied() {
                    inside.remove(&id);
                    w.back(id);
                }
            }
        }
    }
    w.agrees();
    for n in (0..130).step_by(13) {
        let want: i64 = inside.values().filter(|(on, _)| *on <= n).map(|(_, a)| a).sum();
        assert_eq!(w.debt_at(day(n)), want, "on day {n}");
    }
    let total: i64 = inside.values().map(|(_, a)| a).sum();
    let open: Vec<i64> = w
        .app
        .store
        .read(|c| {
            c.query("SELECT open FROM settlement_documents WHERE partner_id = ?", &[w.partner.into()])?.iter().map(|r| r.int(0)).collect()
        })
        .unwrap();
    assert_eq!(open.iter().sum::<i64>(), total);
}
