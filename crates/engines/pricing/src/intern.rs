//! Small numbers for long identifiers, and tables that never have to be rebuilt as a whole: what the rule book is made of.

use crate::book::NONE;
use crate::facts::Id;
use hashbrown::HashTable;
use std::hash::{BuildHasherDefault, Hasher};

/// Spreads 64 bits; identifiers are random enough for it, and nobody outside chooses them.
#[inline]
pub(crate) fn mix(n: u64) -> u64 {
    let n = (n ^ (n >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let n = (n ^ (n >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    n ^ (n >> 32)
}

#[inline]
pub(crate) fn hash_id(id: &Id) -> u64 {
    let (high, low) = id.as_u64_pair();
    mix(high.rotate_left(23) ^ low)
}

/// A hasher for identifiers and small numbers.
#[derive(Default)]
pub(crate) struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        mix(self.0)
    }
    fn write(&mut self, bytes: &[u8]) {
        // Identifiers are two whole words: no bytes are left to be copied one by one.
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|w| self.write_u64(u64::from_le_bytes(*w)));
        if !rest.is_empty() {
            self.write_u64(rest.iter().fold(0, |n, b| n << 8 | u64::from(*b)));
        }
    }
    fn write_u8(&mut self, n: u8) {
        self.write_u64(n.into());
    }
    fn write_u32(&mut self, n: u32) {
        self.write_u64(n.into());
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(23) ^ n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }
}

pub(crate) type QuickMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Quick>>;

const CHUNK: usize = 4_096;

/// A vector in pieces: growing it never moves what is there.
#[derive(Debug)]
pub(crate) struct Chunks<T>(Vec<Vec<T>>);

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Chunks(vec![])
    }
}

impl<T> Chunks<T> {
    #[inline]
    pub fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * CHUNK + last.len())
    }
    #[inline]
    pub fn push(&mut self, item: T) {
        match self.0.last_mut() {
            Some(last) if last.len() < CHUNK => last.push(item),
            _ => {
                // The first pieces grow as they need, so that a small book stays small.
                let mut piece = Vec::with_capacity(if self.0.is_empty() { 16 } else { CHUNK });
                piece.push(item);
                self.0.push(piece);
            }
        }
    }
    #[inline]
    pub fn get(&self, i: u32) -> &T {
        &self.0[i as usize / CHUNK][i as usize % CHUNK]
    }
    #[inline]
    pub fn get_mut(&mut self, i: u32) -> &mut T {
        &mut self.0[i as usize / CHUNK][i as usize % CHUNK]
    }
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flatten()
    }
    pub fn bytes(&self) -> usize {
        self.0.iter().map(|c| c.capacity() * size_of::<T>()).sum()
    }
}

const SHARDS: usize = 256;

/// A hash table in pieces: when it grows, one piece of 256 is rebuilt, so no single change takes long.
#[derive(Debug)]
pub(crate) struct Table<T>(Vec<HashTable<T>>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table((0..SHARDS).map(|_| HashTable::new()).collect())
    }
}

impl<T> Table<T> {
    fn shard(hash: u64) -> usize {
        // The table itself uses the lowest bits and the highest seven.
        (hash >> 40) as usize % SHARDS
    }
    #[inline]
    pub fn find(&self, hash: u64, eq: impl FnMut(&T) -> bool) -> Option<&T> {
        self.0[Self::shard(hash)].find(hash, eq)
    }
    #[inline]
    pub fn find_mut(&mut self, hash: u64, eq: impl FnMut(&T) -> bool) -> Option<&mut T> {
        self.0[Self::shard(hash)].find_mut(hash, eq)
    }
    #[inline]
    pub fn insert(&mut self, hash: u64, item: T, rehash: impl Fn(&T) -> u64) {
        self.0[Self::shard(hash)].insert_unique(hash, item, rehash);
    }
    pub fn remove(&mut self, hash: u64, eq: impl FnMut(&T) -> bool) {
        if let Ok(found) = self.0[Self::shard(hash)].find_entry(hash, eq) {
            found.remove();
        }
    }
    pub fn reserve(&mut self, items: usize, rehash: impl Fn(&T) -> u64) {
        // Pieces fill unevenly; a sixteenth more spares most of them from growing again.
        let each = items / SHARDS + items / SHARDS / 16;
        self.0.iter_mut().for_each(|t| t.reserve(each, &rehash));
    }
    pub fn bytes(&self) -> usize {
        self.0.iter().map(|t| t.allocation_size()).sum::<usize>() + size_of::<HashTable<T>>() * SHARDS
    }
}

/// Kinds of records that name an identifier, or did once, as sets. They tell of most keys that nothing is found there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Uses {
    /// Kinds of those that are for it.
    pub whos: u32,
    /// Kinds of those that are about it.
    pub whats: u32,
    /// The first of the book's notes about those that are for it.
    pub seen: u32,
}

impl Default for Uses {
    fn default() -> Self {
        Uses { whos: 0, whats: 0, seen: NONE }
    }
}

/// Numbers for identifiers, given out from 1; 0 is "none".
#[derive(Debug, Default)]
pub(crate) struct Interner {
    ids: Chunks<(Id, Uses)>,
    table: Table<u32>,
    /// Of records for anyone or about anything.
    none: Uses,
}

impl Interner {
    #[inline]
    pub fn find(&self, id: &Id) -> Option<u32> {
        self.table.find(hash_id(id), |n| self.ids.get(*n - 1).0 == *id).copied()
    }
    pub fn number(&mut self, id: Id) -> u32 {
        if let Some(n) = self.find(&id) {
            return n;
        }
        self.ids.push((id, Uses::default()));
        let n = self.ids.len() as u32;
        let ids = &self.ids;
        self.table.insert(hash_id(&id), n, |n| hash_id(&ids.get(*n - 1).0));
        n
    }
    pub fn id(&self, n: u32) -> Id {
        if n == 0 { Id::nil() } else { self.ids.get(n - 1).0 }
    }
    #[inline]
    pub fn uses(&self, n: u32) -> &Uses {
        if n == 0 { &self.none } else { &self.ids.get(n - 1).1 }
    }
    #[inline]
    pub fn uses_mut(&mut self, n: u32) -> &mut Uses {
        if n == 0 { &mut self.none } else { &mut self.ids.get_mut(n - 1).1 }
    }
    pub fn bytes(&self) -> usize {
        self.ids.bytes() + self.table.bytes()
    }
}
