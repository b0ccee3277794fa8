//! Writing what was checked: slices of about 15 ms of the writer's time, so that people are not kept waiting; the next
//! slice is prepared while the one before is written.

use super::build::{FoundKeys, Ground};
use super::check::Action;
use super::compile::LookupDef;
use super::lookup::{Found, resolve};
use super::{Error, Phase, Run};
use crate::report::Problem;
use kontor_platform::bulk::{Item, PendingSlice};
use kontor_platform::spec::Mode;
use kontor_platform::value::Id;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

/// Time of the writer that a slice should take; at most 20 ms are allowed.
const SLICE: Duration = Duration::from_millis(14);
const MAX_WEIGHT: usize = 4_000;

struct Batch {
    items: Vec<Item>,
    groups: Vec<usize>,
    weight: usize,
}

/// A slice that was handed to the writer.
struct OnItsWay {
    pending: PendingSlice,
    groups: Vec<usize>,
    weight: usize,
}

/// Slices on their way: SQLite writes every page that a commit touched, so slices that share one write far less.
const IN_FLIGHT: usize = 64;

impl Run<'_> {
    /// Makes records that cells name and that are not there: only where the profile says so.
    pub(super) fn create_missing(&mut self, ground: &Ground, found: &mut FoundKeys) -> Result<(), Error> {
        let revived = std::mem::take(&mut self.to_revive);
        for chunk in revived.chunks(100) {
            let items = chunk.iter().map(|(collection, id)| Item { collection, existing: Some(*id), input: None, then: vec![] }).collect();
            let slice = self.app.execute_items(&self.ctx, items, false).map_err(|s| s.error)?;
            for r in slice.results {
                self.applied.add(r?);
            }
        }
        let mut wanted = std::mem::take(&mut self.to_create);
        wanted.sort();
        wanted.dedup();
        for chunk in wanted.chunks(100) {
            self.make_missing(ground, chunk.to_vec(), found)?;
        }
        Ok(())
    }

    /// `wanted`: numbers of lookups with keys that led nowhere when the section was looked up.
    fn make_missing(&mut self, ground: &Ground, mut wanted: Vec<(usize, String)>, found: &mut FoundKeys) -> Result<(), Error> {
        let def = |n: usize| &ground.plan.lookups[n];
        let item = |(n, k): &(usize, String)| Some(missing(def(*n), def(*n).create.as_ref()?, k));
        let slice = loop {
            match self.app.execute_items(&self.ctx, wanted.iter().filter_map(item).collect(), false) {
                Ok(slice) => break slice,
                // Somebody else has made one of them meanwhile, another import of the same files for one: it is taken as it is.
                Err(s) if s.error.inner().unique.is_some() && self.made_meanwhile(ground, &mut wanted, found)? => {}
                Err(s) => return Err(s.error),
            }
        };
        for ((n, k), r) in wanted.iter().zip(slice.results) {
            let applied = r?;
            self.report.created += 1;
            found[*n].insert(ground.marker.of(k), if def(*n).code { Found::Code(k.as_str().into()) } else { Found::Id(applied.id) });
            self.applied.add(applied);
        }
        Ok(())
    }

    /// Takes what is there by now out of what is wanted; whether there was anything.
    fn made_meanwhile(&self, ground: &Ground, wanted: &mut Vec<(usize, String)>, found: &mut FoundKeys) -> Result<bool, Error> {
        let before = wanted.len();
        let mut keys: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for (n, k) in wanted.iter() {
            keys.entry(*n).or_default().insert(k.clone());
        }
        for (n, keys) in keys {
            let there = resolve(self.app, &self.ctx, &ground.plan.lookups[n], &keys, &self.seen)?;
            for (k, f) in there.found.into_iter().filter(|(_, f)| matches!(f, Found::Id(_) | Found::Code(_))) {
                wanted.retain(|w| (w.0, w.1.as_str()) != (n, k.as_str()));
                found[n].insert(ground.marker.of(&k), f);
            }
        }
        Ok(wanted.len() < before)
    }

    /// Applies the actions; records that others of the section refer to come first.
    pub(super) fn apply(&mut self, ground: &Ground, actions: &[Action], own: &[usize], found: &mut FoundKeys) -> Result<(), Error> {
        let mut left: Vec<usize> = (0..actions.len()).filter(|g| actions[*g] != Action::Nothing).collect();
        if let Some(lease) = self.ctx.lease {
            kontor_platform::jobs::expect(self.app, lease, left.len())?;
        }
        if own.is_empty() {
            return self.wave(ground, actions, found, &left, false);
        }
        while !left.is_empty() {
            let (ready, later): (Vec<usize>, Vec<usize>) = left.iter().partition(|g| {
                let keys = ground.own_keys(**g, own);
                own.iter().all(|n| keys.iter().all(|k| found[*n].get(k) != Some(&Found::Pending)))
            });
            if ready.is_empty() {
                // They wait for each other.
                let Some(target) = ground.target(later[0]) else { return Ok(()) };
                let problems = ground.failed(later[0], target, &Error::refused("cycle"));
                problems.into_iter().for_each(|p| self.report.add(self.ctx.lang, p));
                return Ok(());
            }
            self.wave(ground, actions, found, &ready, true)?;
            if !self.report.ok() && !self.options.partial {
                return Ok(());
            }
            for n in own {
                let def = &ground.plan.lookups[*n];
                for (k, f) in found[*n].iter_mut().filter(|(_, f)| **f == Found::Pending) {
                    if let Some(Some(id)) = self.seen.get(def.spec.name, &def.source, *k) {
                        *f = Found::Id(id);
                    }
                }
            }
            if later.len() == left.len() {
                return Ok(());
            }
            left = later;
        }
        Ok(())
    }

    fn wave(&mut self, ground: &Ground, actions: &[Action], found: &FoundKeys, groups: &[usize], remember: bool) -> Result<(), Error> {
        let target = AtomicUsize::new(40);
        let mut outcome = Ok(());
        std::thread::scope(|scope| {
            let (to, from) = sync_channel::<Batch>(2);
            let weight = &target;
            scope.spawn(move || {
                let mut batch = Batch { items: vec![], groups: vec![], weight: 0 };
                for g in groups {
                    let Some((item, w)) = prepared(ground, &actions[*g], found, *g) else { continue };
                    // A row that could not be read back is no empty one: told when the wave is over.
                    if ground.whole().is_err() {
                        return;
                    }
                    // A heavy document does not ride along with others.
                    if !batch.items.is_empty() && batch.weight + w > weight.load(Ordering::Relaxed) {
                        let full = std::mem::replace(&mut batch, Batch { items: vec![], groups: vec![], weight: 0 });
                        if to.send(full).is_err() {
                            return;
                        }
                    }
                    batch.items.push(item);
                    batch.groups.push(*g);
                    batch.weight += w;
                }
                if !batch.items.is_empty() {
                    // Nobody receives any more when the import has failed.
                    drop(to.send(batch));
                }
            });
            let mut done = 0;
            let mut on_their_way: VecDeque<OnItsWay> = VecDeque::new();
            let mut failed = false;
            loop {
                // The other end closes when all are handed over.
                let batch = if failed { None } else { from.recv().ok() };
                let ended = batch.is_none();
                if let Some(b) = batch {
                    let pending = self.app.submit_items(&self.ctx, b.items, self.options.partial);
                    on_their_way.push_back(OnItsWay { pending, groups: b.groups, weight: b.weight });
                }
                if on_their_way.len() >= IN_FLIGHT || ended {
                    let Some(next) = on_their_way.pop_front() else { break };
                    done += next.groups.len();
                    // What was handed over before a failure was seen is still written, and noted to be taken back.
                    let end = self.slice(ground, next, &target, remember);
                    failed |= end.is_err() || !self.report.ok() && !self.options.partial;
                    if outcome.is_ok() {
                        outcome = end;
                    }
                    self.tell(Phase::Writing, ground, done, groups.len());
                }
            }
            // The producer ends when nobody listens.
            drop(from);
        });
        outcome.and_then(|()| ground.whole())
    }

    fn slice(&mut self, ground: &Ground, batch: OnItsWay, target: &AtomicUsize, remember: bool) -> Result<(), Error> {
        let slice = match batch.pending.wait(self.app) {
            Ok(s) => s,
            // The import as a whole was stopped, or another process has taken it over: no row is to blame.
            Err(stopped) if matches!(&*stopped.error.inner().code, "job_cancelled" | "job_lost") => return Err(stopped.error),
            Err(stopped) => {
                let group = batch.groups.get(stopped.item).copied().unwrap_or(0);
                let Some(t) = ground.target(group) else { return Err(stopped.error) };
                ground.failed(group, t, &stopped.error).into_iter().for_each(|p| self.report.add(self.ctx.lang, p));
                return Ok(());
            }
        };
        let fits = (batch.weight as u128 * SLICE.as_micros() / slice.took.as_micros().max(1)) as usize;
        // Towards what fits, not at once: the first slices are slow while caches are cold.
        let now = target.load(Ordering::Relaxed);
        target.store(((now * 2 + fits.min(now * 4)) / 3).clamp(1, MAX_WEIGHT), Ordering::Relaxed);
        for (group, r) in batch.groups.iter().zip(slice.results) {
            match r {
                Ok(a) => {
                    if a.created {
                        self.report.created += 1;
                    } else if a.changed {
                        self.report.updated += 1;
                    } else {
                        self.report.skipped += 1;
                    }
                    if remember {
                        self.note(ground, *group, a.collection, a.id)?;
                    }
                    // What cannot be taken back any more need not be remembered.
                    if !self.options.partial {
                        self.applied.add(a);
                    }
                }
                Err(e) => {
                    if let Some(t) = ground.target(*group) {
                        ground.failed(*group, t, &e).into_iter().for_each(|p| self.report.add(self.ctx.lang, p));
                    }
                }
            }
        }
        Ok(())
    }

    fn note(&mut self, ground: &Ground, group: usize, collection: &'static str, id: Id) -> Result<(), Error> {
        match ground.external_id(group) {
            Ok(Some(key)) => self.seen.add(collection, ground.source, &key, Some(id)),
            Ok(None) => {}
            Err(p) => self.report.add(self.ctx.lang, p),
        }
        Ok(())
    }
}

fn missing(def: &LookupDef, fields: &Map<String, Json>, key: &str) -> Item {
    let mut input = fields.clone();
    for by in &def.by {
        match by.as_str() {
            "external_id" => {
                input.insert("source".into(), Json::String(def.source.clone()));
                input.insert("external_id".into(), Json::String(key.into()));
            }
            column if def.spec.col(column).is_some() => {
                input.entry(column).or_insert_with(|| Json::String(key.into()));
            }
            _ => {}
        }
    }
    input.entry(def.spec.title).or_insert_with(|| Json::String(key.into()));
    Item { collection: def.spec.name, existing: None, input: Some(Json::Object(input)), then: vec![] }
}

/// The command of one record and how heavy it is.
fn prepared(ground: &Ground, action: &Action, found: &FoundKeys, group: usize) -> Option<(Item, usize)> {
    let t = ground.target(group)?;
    // Problems were told by the check.
    let mut told: Vec<Problem> = vec![];
    let (existing, state, fields) = match action {
        Action::Nothing => return None,
        Action::Create => (None, None, true),
        Action::Update(id, state) => (Some(*id), Some(state.code(t.spec)), true),
        Action::Verbs(id, state) => (Some(*id), Some(state.code(t.spec)), false),
    };
    let mut weight = 1;
    let input = fields.then(|| {
        let mut input = ground.build(group, t, found, existing.is_none()).input;
        if existing.is_some() {
            input.retain(|name, _| t.spec.col(name).is_some_and(|c| c.mode != Mode::Once));
        }
        if let Some(Json::Array(lines)) = t.line.as_ref().and_then(|l| input.get(l.name)) {
            weight += lines.len();
        }
        Json::Object(input)
    });
    let then = ground.verbs(group, t, found, state, &mut told);
    weight += then.len();
    Some((Item { collection: t.spec.name, existing, input, then }, weight))
}
