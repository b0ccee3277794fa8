//! The trade's rules in memory, for all commands of this process: read once, then record by record as their revision grows
//! (decision 26). Prices themselves stay in the database.

mod load;
mod records;
mod uses;

pub use load::of_record;
pub use uses::{Uses, whom};

use crate::rules::revision;
use crate::types::Types;
use chrono::NaiveDate;
use kontor_kernel::Currency;
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_platform::App;
use kontor_platform::cx::Cx;
use kontor_platform::store::Conn;
use kontor_platform::value::Id;
use kontor_pricing::{Book, CompiledPriceType, Condition, What, Who};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, RwLock, RwLockReadGuard};

/// Rules as the engine takes them, and what is known of them beside it.
#[derive(Default)]
pub struct State {
    pub book: Book,
    /// Of the last change that is in the book.
    revision: i64,
    loaded: bool,
    /// What the rules of a record became; most make one condition with the record's own id and are not listed.
    made: HashMap<Id, Vec<Id>>,
    /// Names of rules that people gave themselves, of agreements, lists and dealer types.
    pub names: HashMap<Id, Box<str>>,
    /// Price types and currencies that rules lead to, by whom the rules are for.
    pub uses: Uses,
    /// Segments that some rule looks at.
    pub partner_segments: BTreeMap<Id, u32>,
    pub product_segments: BTreeMap<Id, u32>,
    /// Segments of partners that price types are for.
    pub type_segments: BTreeSet<Id>,
    /// Price lists: by the list's id the price type of its own rows, by the other id that of the rest.
    pub lists: HashMap<Id, ListFacts>,
    types: HashMap<Id, Arc<CompiledPriceType>>,
    defaults: Vec<Fallback>,
}

/// A price type that stands behind all rules: of a category, of a company, or of everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fallback {
    pub company: Option<Id>,
    pub category: Option<Id>,
    pub price_type: Id,
}

/// What reading the prices of a list needs.
#[derive(Clone, Debug)]
pub struct ListFacts {
    pub currency: Currency,
    /// The price type that the rest is derived from.
    pub base: Option<Id>,
    /// Its rows hold from this day on.
    pub since: NaiveDate,
}

#[derive(Default)]
pub struct RuleBook {
    state: RwLock<State>,
    /// One at a time brings the book up to date.
    turn: Mutex<()>,
}

const MEMO: &str = "prices.rulebook";

impl RuleBook {
    /// The process's book, brought up to what is committed. A command's own changes of rules count after its commit.
    pub fn current(cx: &mut Cx) -> Result<Arc<RuleBook>> {
        if let Some(b) = Self::at_hand(cx) {
            return Ok(b);
        }
        let book = cx.app.shared::<RuleBook>();
        let seen = cx.revision(revision::SERIES)?;
        let behind = {
            let s = book.read();
            !s.loaded || s.revision < seen
        };
        if behind {
            let _turn = book.turn.lock().unwrap_or_else(|e| e.into_inner());
            if cx.preview {
                book.refresh(cx.conn, cx.app)?;
            } else {
                book.refresh_beside(cx.app)?;
            }
        }
        let types = crate::types::types(cx)?;
        book.fit(&types, cx.kept::<load::Defaults>()?.0.clone());
        cx.memo.insert(MEMO, Box::new(book.clone()));
        Ok(book)
    }

    /// The book that the command has looked at already.
    pub fn at_hand(cx: &Cx) -> Option<Arc<RuleBook>> {
        cx.memo.get(MEMO).and_then(|m| m.downcast_ref::<Arc<RuleBook>>()).cloned()
    }

    /// A book of one's own, to try changes in.
    pub fn private(cx: &mut Cx, app: &App) -> Result<RuleBook> {
        let book = RuleBook::default();
        book.refresh(cx.conn, app)?;
        let types = crate::types::types(cx)?;
        book.fit(&types, cx.kept::<load::Defaults>()?.0.clone());
        Ok(book)
    }

    /// Puts the rules of a record in as if they held.
    pub fn try_out(&self, changed: Changed) -> Result<()> {
        self.state.write().unwrap_or_else(|e| e.into_inner()).take(changed)
    }

    /// Takes other price types than those that are written.
    pub fn try_types(&self, cx: &mut Cx, types: &Types) -> Result<()> {
        self.fit(types, cx.kept::<load::Defaults>()?.0.clone());
        Ok(())
    }

    pub fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(|e| e.into_inner())
    }

    /// From inside a writing transaction: what it has written itself may never be committed, so the rules are read beside it.
    /// All who wait for the book may hold every connection there is, so this one is none of theirs.
    fn refresh_beside(&self, app: &App) -> Result<()> {
        app.store.read_apart(std::time::Duration::from_secs(120), |conn| self.refresh(conn, app))
    }

    fn refresh(&self, conn: &mut Conn, app: &App) -> Result<()> {
        let to = revision::current(conn)?;
        let (from, loaded) = {
            let s = self.read();
            (s.revision, s.loaded)
        };
        if loaded && from >= to {
            return Ok(());
        }
        let changes = load::changes(conn, app, if loaded { Some(from) } else { None })?;
        let mut s = self.state.write().unwrap_or_else(|e| e.into_inner());
        if !loaded {
            s.book.reserve(changes.len());
        }
        for c in changes {
            s.take(c)?;
        }
        s.loaded = true;
        s.revision = to;
        Ok(())
    }

    /// Price types and default prices are few: they are compared with what is there each time.
    fn fit(&self, types: &Types, mut defaults: Vec<Fallback>) {
        defaults.extend(types.default.map(|price_type| Fallback { company: None, category: None, price_type }));
        let same = {
            let s = self.read();
            s.defaults == defaults
                && s.types.len() == types.len()
                && types.all().all(|t| s.types.get(&t.id).is_some_and(|known| Arc::ptr_eq(known, &t.compiled)))
        };
        if same {
            return;
        }
        let mut s = self.state.write().unwrap_or_else(|e| e.into_inner());
        let gone: Vec<Id> = s.types.keys().copied().filter(|id| types.get(*id).is_none()).collect();
        for id in gone {
            s.types.remove(&id);
            s.book.remove_type(id);
        }
        for t in types.all() {
            s.book.put_type(t.compiled.clone());
            s.types.insert(t.id, t.compiled.clone());
        }
        s.type_segments = types.all().filter_map(|t| t.segment).collect();
        s.set_defaults(defaults);
    }
}

/// The rules of one record, as they are now.
pub struct Changed {
    pub record: Id,
    pub name: Option<Box<str>>,
    pub conditions: Vec<Condition>,
    pub bundle: Option<kontor_pricing::Bundle>,
    pub gift: Option<kontor_pricing::Gift>,
    /// A price list as a price type: its own rows, and what the rest is derived from.
    pub list: Option<(Arc<CompiledPriceType>, Arc<CompiledPriceType>, ListFacts)>,
}

impl Changed {
    pub fn of(record: Id) -> Changed {
        Changed { record, name: None, conditions: vec![], bundle: None, gift: None, list: None }
    }
}

/// The second rule of a record, beside the one that has the record's own id.
pub fn other(id: Id) -> Id {
    Id::from_u128(!id.as_u128())
}

impl State {
    fn take(&mut self, c: Changed) -> Result<()> {
        let before = self.made.remove(&c.record).unwrap_or_else(|| vec![c.record]);
        for id in before {
            self.drop_condition(id);
        }
        self.book.remove_bundle(c.record);
        self.book.remove_gift(c.record);
        match c.name {
            Some(n) => self.names.insert(c.record, n),
            None => self.names.remove(&c.record),
        };
        if let Some((own, rest, facts)) = c.list {
            self.book.put_type(own);
            self.book.put_type(rest);
            self.lists.insert(c.record, facts);
        }
        let ids: Vec<Id> = c.conditions.iter().map(|x| x.id).collect();
        for x in &c.conditions {
            self.put_condition(x)?;
        }
        if !ids.is_empty() && ids != [c.record] {
            self.made.insert(c.record, ids);
        }
        if let Some(b) = c.bundle {
            self.count(b.who, None, 1);
            self.book.put_bundle(b)?;
        }
        if let Some(g) = c.gift {
            self.count(g.who, Some(g.what), 1);
            self.book.put_gift(g)?;
        }
        Ok(())
    }

    fn put_condition(&mut self, c: &Condition) -> Result<()> {
        self.book.put(c)?;
        self.uses.add(c);
        self.count(c.who, Some(c.what), 1);
        Ok(())
    }

    fn drop_condition(&mut self, id: Id) {
        if let Some(old) = self.book.get(id) {
            self.uses.remove(&old);
            self.count(old.who, Some(old.what), -1);
            self.book.remove(id);
        }
    }

    fn count(&mut self, who: Who, what: Option<What>, by: i32) {
        let add = |of: &mut BTreeMap<Id, u32>, id: Id| {
            let n = of.entry(id).or_default();
            *n = n.saturating_add_signed(by);
            if *n == 0 {
                of.remove(&id);
            }
        };
        if let Who::Segment(id) = who {
            add(&mut self.partner_segments, id);
        }
        if let Some(What::Segment(id)) = what {
            add(&mut self.product_segments, id);
        }
    }

    fn set_defaults(&mut self, defaults: Vec<Fallback>) {
        for d in std::mem::take(&mut self.defaults) {
            self.drop_condition(d.id());
        }
        for d in &defaults {
            let value = kontor_pricing::Value::PriceType(d.price_type);
            let what = d.category.map_or(What::Any, What::Category);
            let mut c = Condition::new(d.id(), kontor_pricing::Kind::Default, Who::Anyone, what, value);
            c.company = d.company;
            // A default that the engine refuses is as if there were none.
            if self.book.put(&c).is_ok() {
                self.uses.add(&c);
            }
        }
        self.defaults = defaults;
    }
}

impl RuleBook {
    /// The collection that each default is written in, by the id of its rule.
    pub(crate) fn written_in(cx: &mut Cx) -> Result<HashMap<Id, &'static str>> {
        let all = &cx.kept::<load::Defaults>()?.0;
        Ok(all.iter().map(|d| (d.id(), d.collection())).collect())
    }
}

impl Fallback {
    fn collection(&self) -> &'static str {
        match (self.category, self.company) {
            (Some(_), _) => "product-categories",
            (None, Some(_)) => "companies",
            (None, None) => "price-types",
        }
    }
    fn id(&self) -> Id {
        self.category.or(self.company).unwrap_or(self.price_type)
    }
}
