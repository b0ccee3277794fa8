//! The check of all rows before anything is written: fields, references, keys, and the rules as far as they run on a
//! read connection. Decides what is to be done with each record.

use super::build::{Built, FoundKeys, Ground, differing};
use super::compile::Target;
use super::lookup::{self, There};
use super::mark::{MarkMap, MarkSet};
use super::{Error, Phase, Run, Section};
use crate::profile::Existing;
use crate::report::Problem;
use kontor_kernel::{HashMap, HashSet};
use kontor_platform::bulk::Item;
use kontor_platform::input;
use kontor_platform::record::Record;
use kontor_platform::spec::{Kind, NONE, Spec, Ty};
use kontor_platform::store::{marks, padded, parts};
use kontor_platform::value::{Id, Value};
use serde_json::{Map, Value as Json};

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Passed over by the profile, refused, or the same as what is there.
    Nothing,
    Create,
    /// Fields may differ; the state is for verbs that did not run yet.
    Update(Id, State),
    /// Only verbs are missing.
    Verbs(Id, State),
}

/// A state by its place in the declaration: there is one for each row of a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State(u8);

impl State {
    fn of(spec: &Spec, code: &str) -> State {
        State(spec.states.iter().position(|s| *s == code).and_then(|n| u8::try_from(n).ok()).unwrap_or(u8::MAX))
    }
    pub fn code(self, spec: &Spec) -> &'static str {
        spec.states.get(usize::from(self.0)).copied().unwrap_or("")
    }
}

/// Records checked at once.
const CHUNK: usize = 250;

/// Keys and unique values met in this section.
#[derive(Default)]
struct Met {
    keys: MarkSet,
    unique: MarkSet,
    /// Values of the columns by which records are found, with the row that had them first.
    matched: MarkMap<u32>,
}

/// A record on its way through the check.
struct Candidate<'a> {
    group: usize,
    target: &'a Target,
    key: Option<String>,
    /// In a file that we exported.
    id: Option<Id>,
    built: Built,
    there: Option<There>,
    /// It is there, but this source has not called it by its key yet.
    unnamed: bool,
}

impl Run<'_> {
    pub(super) fn check(&mut self, ground: &Ground, s: &Section, found: &FoundKeys) -> Result<Vec<Action>, Error> {
        let all = ground.groups.len();
        let mut actions = vec![Action::Nothing; all];
        let mut met = Met::default();
        for from in (0..all).step_by(CHUNK) {
            let chunk: Vec<usize> = (from..all.min(from + CHUNK)).collect();
            let candidates = self.candidates(ground, s, found, &chunk, &mut met)?;
            ground.whole()?;
            self.decide(ground, s, candidates, &mut met, |group, action| actions[group] = action)?;
            self.tell(Phase::Checking, ground, chunk[0] + chunk.len(), all);
        }
        Ok(actions)
    }

    fn refuse(&mut self, problems: Vec<Problem>) {
        for p in problems {
            self.report.add(self.ctx.lang, p);
        }
    }

    /// Builds the records of a chunk and finds those that are there already.
    fn candidates<'g>(
        &mut self,
        ground: &Ground<'g>,
        s: &Section,
        found: &FoundKeys,
        chunk: &[usize],
        met: &mut Met,
    ) -> Result<Vec<Candidate<'g>>, Error> {
        let mut out = vec![];
        for g in chunk {
            let Some(target) = ground.target(*g) else { continue };
            let (key, id) = match ground.external_id(*g).and_then(|k| Ok((k, ground.id(*g)?))) {
                Ok(found) => found,
                Err(p) => {
                    self.refuse(vec![p]);
                    continue;
                }
            };
            let mut built = ground.build(*g, target, found, true);
            ground.verbs(*g, target, found, None, &mut built.problems);
            if let Some(k) = &key
                && !met.keys.insert(ground.marker.all(&[target.spec.name, k]))
            {
                let e = Error::refused("duplicate");
                let (file, row) = ground.place(*g);
                built.problems.push(Problem::new(file, row, ground.external_id.map_or("", |e| e.shown()), &e));
            }
            if !built.problems.is_empty() {
                let mut problems = std::mem::take(&mut built.problems);
                // A field that could not be read is missing from the input; that is no second error.
                let told = |p: &Problem, all: &[Problem]| all.iter().any(|x| (x.row, &x.column) == (p.row, &p.column));
                for p in ground.check(*g, target, &built.input, true) {
                    if !told(&p, &problems) {
                        problems.push(p);
                    }
                }
                self.refuse(problems);
                continue;
            }
            out.push(Candidate { group: *g, target, key, id, built, there: None, unnamed: false });
        }
        self.find_there(ground, s, &mut out)?;
        self.once(ground, s, &mut out, met);
        Ok(out)
    }

    /// Two rows that are found by the same values would be one record.
    fn once(&mut self, ground: &Ground, s: &Section, all: &mut Vec<Candidate>, met: &mut Met) {
        if s.match_by.is_empty() {
            return;
        }
        let mut twice = vec![];
        all.retain(|c| {
            let (spec, input) = (c.target.spec, &c.built.input);
            let of_file = &spec.import_once;
            let found = if of_file.is_empty() { match_values(spec, &s.match_by, input) } else { match_values(spec, of_file, input) };
            let Some(values) = found.filter(|_| c.key.is_none()) else { return true };
            let row = ground.place(c.group).1;
            let first = *met.matched.entry(ground.marker.of(&format!("{values:?}"))).or_insert(row);
            if first != row {
                let e = Error::field(values[values.len() - 1].0, "duplicate_row").field_arg("row", first);
                twice.extend(ground.failed(c.group, c.target, &e));
                twice.extend(ground.check(c.group, c.target, &c.built.input, true));
            }
            first == row
        });
        self.refuse(twice);
    }

    fn find_there(&mut self, ground: &Ground, s: &Section, all: &mut [Candidate]) -> Result<(), Error> {
        let mut by_spec: HashMap<&'static str, (&'static Spec, Vec<usize>)> = HashMap::new();
        for (n, c) in all.iter().enumerate().filter(|(_, c)| c.key.is_some()) {
            by_spec.entry(c.target.spec.name).or_insert((c.target.spec, vec![])).1.push(n);
        }
        for (spec, members) in by_spec.into_values() {
            let keys: Vec<&str> = members.iter().filter_map(|n| all[*n].key.as_deref()).collect();
            let cx = (&**self.app, &self.ctx);
            let there = self.app.store.read(|conn| lookup::by_external_id(conn, cx, spec, ground.source, &keys))?;
            for n in members {
                all[n].there = all[n].key.as_ref().and_then(|k| there.get(k)).cloned();
                all[n].unnamed = all[n].there.is_none();
            }
        }
        let mut problems = vec![];
        let cx = (&**self.app, &self.ctx);
        self.app.store.read(|conn| {
            let ours: Vec<Id> = all.iter().filter_map(|c| c.id).collect();
            if let Some(spec) = all.first().map(|c| c.target.spec) {
                let there = lookup::by_id(conn, cx, spec, &ours)?;
                for c in all.iter_mut().filter(|c| c.there.is_none()) {
                    c.there = c.id.and_then(|id| there.get(&id)).cloned();
                }
            }
            if s.match_by.is_empty() {
                return Ok(());
            }
            for c in all.iter_mut().filter(|c| c.there.is_none()) {
                let values = match_values(c.target.spec, &s.match_by, &c.built.input);
                match values.map(|v| lookup::by_columns(conn, cx, c.target.spec, &v)) {
                    None => {}
                    Some(Ok(there)) => c.there = there,
                    Some(Err(e)) if e.kind() == kontor_kernel::error::Kind::Refused => {
                        problems.extend(ground.failed(c.group, c.target, &e))
                    }
                    Some(Err(e)) => return Err(e),
                }
            }
            Ok(())
        })?;
        all.iter_mut().for_each(|c| c.unnamed &= c.there.is_some());
        self.refuse(problems);
        Ok(())
    }

    fn decide(
        &mut self,
        ground: &Ground,
        s: &Section,
        all: Vec<Candidate>,
        met: &mut Met,
        mut set: impl FnMut(usize, Action),
    ) -> Result<(), Error> {
        let stored = self.stored(&all)?;
        let revived = self.taken_back(&stored)?;
        let mut to_check: Vec<(usize, &Target, Item)> = vec![];
        let mut creates: Vec<(usize, &Target, Map<String, Json>)> = vec![];
        for c in all {
            let spec = c.target.spec;
            let update = match s.existing {
                Existing::Auto => spec.kind == Kind::Catalog,
                e => e == Existing::Update,
            };
            self.remember(ground, &c);
            let Some(there) = c.there else {
                let problems = ground.check(c.group, c.target, &c.built.input, true);
                if !problems.is_empty() {
                    self.refuse(problems);
                    continue;
                }
                set(c.group, Action::Create);
                if !c.built.pending && self.rules_wanted(spec) {
                    to_check.push((c.group, c.target, item(spec, None, c.built.input.clone())));
                }
                creates.push((c.group, c.target, c.built.input));
                continue;
            };
            if c.unnamed && update {
                self.note_name(spec, c.group, there.id, &c.key.unwrap_or_default());
            }
            let verbs = ground.verbs_left(c.group, c.target, &there.state);
            let mut input = c.built.input;
            input.remove("source");
            input.remove("external_id");
            let diff = match stored.get(&there.id) {
                Some(r) if update => {
                    let problems = ground.check(c.group, c.target, &input, false);
                    if !problems.iter().all(|p| p.error.code == "read_only") {
                        self.refuse(problems);
                        continue;
                    }
                    differing(c.target, r, input)
                }
                _ => Map::new(),
            };
            let verbs = verbs || stored.get(&there.id).is_some_and(|r| revived.contains(&r.id));
            if diff.is_empty() {
                set(c.group, if verbs { Action::Verbs(there.id, State::of(spec, &there.state)) } else { Action::Nothing });
                self.report.skipped += u64::from(!verbs);
                continue;
            }
            set(c.group, Action::Update(there.id, State::of(spec, &there.state)));
            if !c.built.pending {
                to_check.push((c.group, c.target, item(spec, Some(there.id), diff)));
            }
        }
        self.unique(ground, creates, met, &mut set)?;
        self.rules(ground, to_check, &mut set)
    }

    /// What is known of a record before it is written, for later sections.
    fn remember(&mut self, ground: &Ground, c: &Candidate) {
        if c.there.is_none() && self.options.dry_run {
            self.would_create.insert(c.target.spec.name);
        }
        // Nobody asks for them again.
        let Some(key) = c.key.as_ref().filter(|_| self.remembers) else { return };
        match &c.there {
            Some(t) => self.seen.add(c.target.spec.name, ground.source, key, Some(t.id)),
            None if self.options.dry_run => self.seen.add(c.target.spec.name, ground.source, key, None),
            None => {}
        }
    }

    fn stored(&self, all: &[Candidate]) -> Result<HashMap<Id, Record>, Error> {
        let mut ids: HashMap<&'static str, (&'static Spec, Vec<Id>)> = HashMap::new();
        for c in all {
            if let Some(t) = &c.there {
                ids.entry(c.target.spec.name).or_insert((c.target.spec, vec![])).1.push(t.id);
            }
        }
        self.app.store.read(|conn| {
            let mut out = HashMap::new();
            for (spec, ids) in ids.values() {
                for chunk in parts(ids) {
                    let params = padded(chunk);
                    let found = Record::load_where(conn, spec, &format!("t.id IN ({})", marks(params.len())), &params)?;
                    out.extend(found.into_iter().map(|r| (r.id, r)));
                }
            }
            Ok(out)
        })
    }

    /// Records that an earlier, failed run left archived: they come back.
    fn taken_back(&self, stored: &HashMap<Id, Record>) -> Result<HashSet<Id>, Error> {
        let archived: Vec<Id> = stored.values().filter(|r| r.spec.kind == Kind::Catalog && r.bool("archived")).map(|r| r.id).collect();
        if archived.is_empty() {
            return Ok(HashSet::new());
        }
        self.app.store.read(|conn| {
            let mut out = HashSet::new();
            for id in archived {
                if kontor_platform::bulk::taken_back(conn, id)? {
                    out.insert(id);
                }
            }
            Ok(out)
        })
    }

    /// Rules of catalogs are cheap and run in the check; documents of history are priced and posted once only, so theirs run
    /// in a dry run and when they are applied.
    fn rules_wanted(&self, spec: &Spec) -> bool {
        let refers = |of: &&'static str| spec.columns.iter().any(|c| matches!(c.ty, Ty::Ref(x) | Ty::Code(x) if x == *of));
        (spec.kind == Kind::Catalog || self.options.dry_run) && !self.would_create.iter().any(refers)
    }

    fn rules(&mut self, ground: &Ground, to_check: Vec<(usize, &Target, Item)>, set: &mut impl FnMut(usize, Action)) -> Result<(), Error> {
        let items: Vec<Item> = to_check.iter().map(|x| x.2.clone()).collect();
        if items.is_empty() {
            return Ok(());
        }
        for ((group, target, _), r) in to_check.iter().zip(self.app.check_items(&self.ctx, &items)?) {
            if let Err(e) = r {
                set(*group, Action::Nothing);
                self.names.retain(|n| n.group as usize != *group);
                self.refuse(ground.failed(*group, target, &e));
            }
        }
        Ok(())
    }

    /// Values of unique columns may stand once in the file and not yet in the database.
    fn unique(
        &mut self,
        ground: &Ground,
        creates: Vec<(usize, &Target, Map<String, Json>)>,
        met: &mut Met,
        set: &mut impl FnMut(usize, Action),
    ) -> Result<(), Error> {
        // By collection and column: groups with their values.
        type Members<'t> = Vec<(usize, &'t Target, String)>;
        let mut wanted: HashMap<(&'static str, &'static str), Members> = HashMap::new();
        for (group, t, input) in &creates {
            for c in t.spec.columns.iter().filter(|c| c.unique && c.ty.storage() == "text") {
                let Some(Json::String(v)) = input.get(c.name) else { continue };
                if met.unique.insert(ground.marker.all(&[t.spec.name, c.name, v])) {
                    wanted.entry((t.spec.name, c.name)).or_default().push((*group, t, v.clone()));
                } else {
                    set(*group, Action::Nothing);
                    self.refuse(ground.failed(*group, t, &Error::field(c.name, "unique")));
                }
            }
        }
        for ((_, column), members) in wanted {
            let spec = members[0].1.spec;
            let taken: HashSet<String> = self.app.store.read(|conn| {
                let marks = marks(members.len());
                let params: Vec<Value> = members.iter().map(|m| Value::Text(m.2.clone())).collect();
                let rows = conn.query(&format!("SELECT {column} FROM {} WHERE {column} IN ({marks})", spec.table), &params)?;
                rows.iter().map(|r| r.text(0).map(str::to_string)).collect()
            })?;
            for (group, t, v) in members.iter().filter(|m| taken.contains(&m.2)) {
                set(*group, Action::Nothing);
                self.refuse(ground.failed(*group, t, &Error::field(column, "unique").field_arg("value", v)));
            }
        }
        Ok(())
    }
}

fn item(spec: &'static Spec, existing: Option<Id>, input: Map<String, Json>) -> Item {
    Item { collection: spec.name, existing, input: Some(Json::Object(input)), then: vec![] }
}

/// Values of the columns by which a record is found; `None` when one is missing, empty or not written yet.
fn match_values(spec: &'static Spec, columns: &[impl AsRef<str>], input: &Map<String, Json>) -> Option<Vec<(&'static str, Value)>> {
    columns
        .iter()
        .map(|name| {
            let c = spec.col(name.as_ref())?;
            let v = match input.get(c.name) {
                Some(j) => input::value(c, j).ok()?,
                None => return None,
            };
            // What is empty is no key: goods without an article are not all one.
            if v == Value::Id(NONE) || v.is_null() || v.as_text().is_some_and(str::is_empty) { None } else { Some((c.name, v)) }
        })
        .collect()
}
