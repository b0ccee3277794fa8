//! The rule book: all condition records and price types, held in memory and changed record by record.
//!
//! A record takes 72 bytes and some 30 more in indexes; no names are kept (they are looked up when a price is explained).
//! Records of one key (kind, for whom, for what) hang together in a chain that a hash of the key finds, the best first.

mod packed;

pub(crate) use packed::{Held, Rank, Rec, day};

use crate::condition::{Condition, Kind, WhatKind, WhoKind};
use crate::facts::{CompiledPriceType, Id, PriceType};
use crate::intern::{Chunks, Interner, QuickMap, Table, hash_id};
use crate::offer::{Bundle, Gift};
use crate::presence::Seen;
use kontor_kernel::{Error, Quantity};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// No record.
pub(crate) const NONE: u32 = u32::MAX;

/// All rules, ready to be asked.
#[derive(Debug, Default)]
pub struct Book {
    pub(crate) ids: Interner,
    recs: Chunks<Rec>,
    by_id: Table<u32>,
    by_key: Table<u32>,
    pub(crate) seen: Chunks<Seen>,
    limits: HashMap<u32, Quantity>,
    companies: Vec<Id>,
    free: Vec<u32>,
    pub(crate) types: Vec<(Id, Option<Arc<CompiledPriceType>>)>,
    type_numbers: QuickMap<Id, u32>,
    /// `None` where two types share a name.
    type_names: HashMap<String, Option<u32>>,
    pub(crate) bundle_list: BTreeMap<(i32, Id), Bundle>,
    pub(crate) bundle_keys: HashMap<Id, i32>,
    pub(crate) gift_list: BTreeMap<(i32, Id), Gift>,
    pub(crate) gift_keys: HashMap<Id, i32>,
}

impl Book {
    /// An empty book.
    pub fn new() -> Book {
        Book::default()
    }

    /// Makes room for so many records, which spares the indexes from growing while a large book is filled.
    pub fn reserve(&mut self, records: usize) {
        let recs = &self.recs;
        self.by_id.reserve(records, |s| hash_id(&recs.get(*s).id));
        self.by_key.reserve(records, |s| recs.get(*s).key());
    }

    /// Takes a record in; one with the same id is replaced. Errors: see [`Condition::check`]; more than 65,000 companies.
    pub fn put(&mut self, c: &Condition) -> Result<(), Error> {
        c.check()?;
        self.remove(c.id);
        let rec = self.pack(c)?;
        let slot = match self.free.pop() {
            Some(slot) => {
                *self.recs.get_mut(slot) = rec;
                slot
            }
            None => {
                self.recs.push(rec);
                self.recs.len() as u32 - 1
            }
        };
        if let Some(limit) = c.limit {
            self.limits.insert(slot, limit);
        }
        let recs = &mut self.recs;
        let key = rec.key();
        match self.by_key.find_mut(key, |s| recs.get(*s).same_key(&rec)) {
            Some(head) if rec.rank() < recs.get(*head).rank() => {
                recs.get_mut(slot).next = *head;
                *head = slot;
            }
            Some(head) => {
                let mut before = *head;
                let mut next = recs.get(before).next;
                while next != NONE && recs.get(next).rank() < rec.rank() {
                    before = next;
                    next = recs.get(next).next;
                }
                recs.get_mut(slot).next = next;
                recs.get_mut(before).next = slot;
            }
            None => {
                let recs = &self.recs;
                self.by_key.insert(key, slot, |s| recs.get(*s).key());
            }
        }
        let recs = &self.recs;
        self.by_id.insert(hash_id(&rec.id), slot, |s| hash_id(&recs.get(*s).id));
        self.note(&rec);
        Ok(())
    }

    /// Whether there was one.
    pub fn remove(&mut self, id: Id) -> bool {
        let Some(slot) = self.slot(id) else { return false };
        let rec = *self.recs.get(slot);
        let recs = &mut self.recs;
        self.by_id.remove(hash_id(&id), |s| *s == slot);
        let key = rec.key();
        let head = self.by_key.find_mut(key, |s| recs.get(*s).same_key(&rec));
        match head {
            Some(head) if *head == slot && rec.next != NONE => *head = rec.next,
            Some(head) if *head == slot => self.by_key.remove(key, |s| *s == slot),
            Some(head) => {
                let mut at = *head;
                while at != NONE && recs.get(at).next != slot {
                    at = recs.get(at).next;
                }
                if at != NONE {
                    recs.get_mut(at).next = rec.next;
                }
            }
            None => {}
        }
        self.limits.remove(&slot);
        self.recs.get_mut(slot).free();
        self.free.push(slot);
        self.note(&rec);
        true
    }

    /// A record as it was put in.
    pub fn get(&self, id: Id) -> Option<Condition> {
        self.slot(id).map(|s| self.unpack(s))
    }
    /// Number of records, without price types and offers.
    pub fn len(&self) -> usize {
        self.recs.len() - self.free.len()
    }
    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// All records, in no order that means anything.
    pub fn records(&self) -> impl Iterator<Item = Condition> {
        self.recs.iter().enumerate().filter(|(_, r)| !r.is_free()).map(|(s, _)| self.unpack(s as u32))
    }
    /// Records that had no part in any line that was noted.
    pub fn idle<'a>(&'a self, winners: &'a crate::event::Winners) -> impl Iterator<Item = Condition> + 'a {
        let used = move |s: usize| winners.has(s as u32);
        self.recs.iter().enumerate().filter(move |(s, r)| !r.is_free() && !used(*s)).map(|(s, _)| self.unpack(s as u32))
    }
    /// Memory that the records and their indexes take, in bytes; without price types.
    pub fn bytes(&self) -> usize {
        let tables = self.ids.bytes() + self.recs.bytes() + self.by_id.bytes() + self.by_key.bytes() + self.seen.bytes();
        tables + self.limits.capacity() * size_of::<(u32, Quantity)>() * 8 / 7 + self.free.capacity() * 4
    }

    /// Takes a price type in, or the next version of one.
    pub fn put_type(&mut self, t: Arc<CompiledPriceType>) {
        let id = t.def.id;
        self.remove_type(id);
        let n = self.type_number(id);
        let name = t.def.name.trim().to_string();
        self.types[n as usize].1 = Some(t);
        self.type_names.entry(name).and_modify(|n| *n = None).or_insert(Some(n));
    }
    /// Whether there was one. Records that name it give a named problem from now on.
    pub fn remove_type(&mut self, id: Id) -> bool {
        let Some(n) = self.type_numbers.get(&id).copied() else { return false };
        let Some(old) = self.types[n as usize].1.take() else { return false };
        let name = old.def.name.trim();
        let mut others = self.types.iter().enumerate().filter(|(_, (_, t))| t.as_ref().is_some_and(|t| t.def.name.trim() == name));
        match (others.next(), others.next()) {
            (None, _) => self.type_names.remove(name),
            (Some((other, _)), None) => self.type_names.insert(name.to_string(), Some(other as u32)),
            _ => None,
        };
        true
    }
    /// The definition of a price type.
    pub fn price_type(&self, id: Id) -> Option<&PriceType> {
        self.type_numbers.get(&id).and_then(|n| self.types[*n as usize].1.as_ref()).map(|t| &t.def)
    }
    /// By name: `Err(true)` where several have it, `Err(false)` where none has.
    pub(crate) fn type_named(&self, name: &str) -> Result<u32, bool> {
        match self.type_names.get(name.trim()) {
            Some(Some(n)) => Ok(*n),
            Some(None) => Err(true),
            None => Err(false),
        }
    }
    pub(crate) fn find_type(&self, id: Id) -> Option<u32> {
        self.type_numbers.get(&id).copied()
    }
    fn type_number(&mut self, id: Id) -> u32 {
        let types = &mut self.types;
        *self.type_numbers.entry(id).or_insert_with(|| {
            types.push((id, None));
            types.len() as u32 - 1
        })
    }

    pub(crate) fn slot(&self, id: Id) -> Option<u32> {
        self.by_id.find(hash_id(&id), |s| self.recs.get(*s).id == id).copied()
    }
    pub(crate) fn rec(&self, slot: u32) -> &Rec {
        self.recs.get(slot)
    }
    /// The first record of a key, or [`NONE`]; the others follow by [`Rec::next`].
    pub(crate) fn head(&self, kind: Kind, who_kind: WhoKind, who: u32, what_kind: WhatKind, what: u32) -> u32 {
        let same = |s: &u32| {
            let r = self.recs.get(*s);
            r.who == who && r.what == what && r.kind == kind && r.who_kind == who_kind && r.what_kind == what_kind
        };
        self.by_key.find(packed::key_hash(kind, who_kind, who, what_kind, what), same).copied().unwrap_or(NONE)
    }
    pub(crate) fn limit(&self, slot: u32) -> Quantity {
        self.limits.get(&slot).copied().unwrap_or(Quantity::MAX)
    }
    /// 0 for none; [`u16::MAX`] for one that no record names.
    pub(crate) fn company(&self, id: Option<Id>) -> u16 {
        id.map_or(0, |id| self.companies.iter().position(|c| *c == id).map_or(u16::MAX, |n| n as u16 + 1))
    }
}
