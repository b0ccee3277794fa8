//! Runs an import: section by section the rows are read, looked up and checked without the writer, then applied in
//! slices. All or nothing unless told otherwise: when a later part fails, what was written is taken back.

mod apply;
mod build;
mod check;
mod compile;
mod files;
mod lookup;
mod mark;
mod names;
mod spelled;

pub use files::Files;
pub(crate) use spelled::Spelled;

use crate::columns::Mapping;
use crate::profile::{Expr, Profile, Section, Test};
use crate::read::Limits;
use crate::report::{Problem, Report};
use build::Ground;
use compile::Compiler;
use files::{Cache, Groups, Rows};
use kontor_kernel::HashSet;
use kontor_kernel::error::Error;
use kontor_platform::bulk::Trail;
use kontor_platform::jobs::{End, Own};
use kontor_platform::value::{Id, new_id};
use kontor_platform::{App, Ctx, Source};
use lookup::Seen;
use mark::Marker;
use std::sync::Arc;

/// Everything of a section is checked before the first record of it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Checking,
    Writing,
}

/// Called with the collection and the number of records done and of all in this section.
pub type Progress = Arc<dyn Fn(Phase, &str, u64, u64) + Send + Sync>;

#[derive(Clone, Default)]
pub struct Options {
    /// Everything is checked, nothing written.
    pub dry_run: bool,
    /// Rows without errors are taken although others are refused.
    pub partial: bool,
    /// For files of one collection.
    pub mapping: Mapping,
    pub limits: Limits,
    pub progress: Option<Progress>,
}

/// How a section is read that was made from the header of a file rather than written by hand.
#[derive(Clone, Copy, Default)]
pub(crate) struct Manner {
    pub auto_lookup: bool,
    pub explicit_empty: bool,
    pub neutralised: bool,
    /// Records without any key are always new.
    pub keyless: bool,
}

pub(crate) struct Run<'a> {
    app: &'a Arc<App>,
    ctx: Ctx,
    options: &'a Options,
    manner: Manner,
    report: Report,
    marker: Marker,
    seen: Seen,
    /// Whether later sections, or later rows of this one, refer to what is met.
    remembers: bool,
    applied: Trail,
    /// External ids of records that were found by something else.
    names: Vec<names::Name>,
    /// Collections that a dry run would have written to.
    would_create: HashSet<&'static str>,
    /// Archived records that are referred to where missing ones would be made.
    to_revive: Vec<(&'static str, Id)>,
    /// Lookup and key of records that are to be made because a cell names them.
    to_create: Vec<(usize, String)>,
    cache: Cache,
}

/// An import as a job of this process: should the process end in the middle, what was written is taken back by the next
/// one (or stays, when it is `partial`: run again, the import goes on). Whoever may read jobs sees how far it is.
pub struct Job {
    own: Own,
    ctx: Ctx,
    partial: bool,
}

impl Job {
    pub fn begin(app: &Arc<App>, ctx: &Ctx, title: &str, options: &Options) -> Result<Job, Error> {
        let input = serde_json::json!({"partial": options.partial, "source": ctx.source.code()});
        Ok(Job { own: app.begin_own(ctx, "import", title, input)?, ctx: ctx.clone(), partial: options.partial })
    }

    pub fn id(&self) -> Id {
        self.own.id()
    }

    /// `work` writes with the context that it is handed; `told` finds the report in what it gives.
    pub fn run<T>(self, work: impl FnOnce(&Ctx) -> T, told: impl FnOnce(&mut T) -> &mut Report) -> T {
        let Job { own, ctx, partial } = self;
        let mut done = work(&own.ctx(&ctx));
        let report = told(&mut done);
        let end = match report.ok() {
            _ if report.stopped => End::Cancelled,
            true => End::Done,
            false if partial => End::Done,
            false => End::Failed,
        };
        let refused = Error::refused("import_refused").arg("count", report.errors.len());
        if let Err(e) = own.finish(end, report.to_json(), Some(&refused), &ctx) {
            report.add(ctx.lang, Problem::new("", 0, "", &e));
        }
        done
    }
}

/// The same in one go; a dry run is no job.
pub fn in_job<T>(
    app: &Arc<App>,
    ctx: &Ctx,
    title: &str,
    options: &Options,
    work: impl FnOnce(&Ctx) -> T,
    told: impl FnOnce(&mut T) -> &mut Report,
) -> Result<T, Error> {
    if options.dry_run {
        return Ok(work(ctx));
    }
    Ok(Job::begin(app, ctx, title, options)?.run(work, told))
}

/// Imports a folder by a profile.
pub fn run_profile(app: &Arc<App>, ctx: &Ctx, profile: &Profile, files: &Files, options: &Options) -> Report {
    Run::new(app, ctx, options, Manner::default()).profile(profile, files)
}

impl<'a> Run<'a> {
    pub fn new(app: &'a Arc<App>, ctx: &Ctx, options: &'a Options, manner: Manner) -> Self {
        let mut ctx = ctx.clone().with_source(Source::Import);
        ctx.group.get_or_insert_with(new_id);
        let marker = Marker::default();
        Run {
            app,
            ctx,
            options,
            manner,
            report: Report::default(),
            seen: Seen::new(marker.clone()),
            marker,
            remembers: false,
            applied: Trail::default(),
            names: vec![],
            would_create: HashSet::new(),
            to_revive: vec![],
            to_create: vec![],
            cache: Cache::new(app.scratch()),
        }
    }

    pub fn profile(mut self, profile: &Profile, files: &Files) -> Report {
        for (n, s) in profile.sections.iter().enumerate() {
            let before = self.report.errors.len();
            self.remembers = n + 1 < profile.sections.len();
            if let Err(p) = self.section(profile, s, files) {
                self.report.stopped |= p.error.code == "job_cancelled";
                self.report.add(self.ctx.lang, p);
            }
            // Several passes find different errors; people mend a file from top to bottom.
            self.report.errors[before..].sort_by(|a, b| (&a.file, a.row).cmp(&(&b.file, b.row)));
            if !self.report.ok() && (!self.options.partial || self.report.stopped) {
                break;
            }
            let later = &profile.sections[n + 1..];
            self.cache.keep_only(|file| later.iter().any(|s| names(s, file)));
        }
        self.report.read = self.cache.rows;
        if !self.report.ok() && !self.options.partial {
            self.take_back();
        }
        self.report
    }

    /// Undoes everything written so far: nothing is half imported.
    fn take_back(&mut self) {
        let applied = std::mem::take(&mut self.applied);
        (self.report.created, self.report.updated, self.report.skipped) = (0, 0, 0);
        if applied.is_empty() {
            return;
        }
        let stayed = match self.app.take_back(&self.ctx, applied) {
            Ok(s) => s,
            Err(e) => return self.report.add(self.ctx.lang, Problem::new("", 0, "", &e)),
        };
        for (_, e) in &stayed {
            tracing::warn!(error = %e, "a record of a failed import could not be taken back");
        }
        if !stayed.is_empty() {
            let e = Error::refused("import_stayed").arg("count", stayed.len());
            self.report.add(self.ctx.lang, Problem::new("", 0, "", &e));
        }
    }

    fn tell(&self, phase: Phase, ground: &Ground, done: usize, of: usize) {
        if let Some(p) = &self.options.progress {
            p(phase, ground.plan.targets[0].spec.name, done as u64, of as u64);
        }
    }

    fn section(&mut self, profile: &Profile, s: &Section, files: &Files) -> Result<(), Problem> {
        let entity = if s.entity.is_empty() { s.documents.first().map_or("", |d| d.entity.as_str()) } else { s.entity.as_str() };
        let place = |e: Error| Problem::new(s.files.as_ref().map(|f| f.to_vec().join(", ")).unwrap_or_default(), 0, entity, &e);
        let mut rows = Rows::default();
        if let Some(globs) = &s.files {
            let format = s.format.as_ref().unwrap_or(&profile.format);
            rows.tables = self.cache.load(files, globs, s.optional, format, &self.options.limits)?;
            if rows.tables.is_empty() {
                return Ok(());
            }
        }
        if let Some(u) = &s.unpivot {
            rows = rows.unpivoted(u, self.cache.folder())?;
        }
        let mut line_rows = None;
        if let Some((l, globs)) = s.lines.as_ref().and_then(|l| l.files.as_ref().map(|f| (l, f))) {
            let format = l.format.as_ref().or(s.format.as_ref()).unwrap_or(&profile.format);
            line_rows = Some(Rows { tables: self.cache.load(files, globs, s.optional, format, &self.options.limits)? });
        }
        let compiler = Compiler {
            app: self.app,
            ctx: &self.ctx,
            profile,
            source: s.source.as_deref().unwrap_or(&profile.source),
            rows: &rows,
            line_rows: line_rows.as_ref(),
            auto_lookup: self.manner.auto_lookup,
            plan: Default::default(),
        };
        let plan = compiler.section(s).map_err(place)?;
        let key = external_id(s);
        let spec = plan.targets[0].spec;
        if key.is_none() && s.match_by.is_empty() && !self.manner.keyless {
            return Err(place(Error::refused("profile_bad").arg("message", format!("{entity}: external_id or match is wanted"))));
        }
        if let Some(unknown) = s.match_by.iter().find(|c| spec.col(c).is_none()) {
            return Err(place(Error::refused("profile_field").arg("value", unknown)));
        }
        let taken = rows.filtered(&s.filter);
        let groups = match (s.files.is_some(), s.group_by.is_empty(), s.distinct.is_empty()) {
            (false, ..) => Groups::constant(),
            _ if s.one_record => Groups::by(&rows, taken, &[], false, &self.marker),
            (_, false, _) => Groups::by(&rows, taken, &s.group_by, false, &self.marker),
            (_, _, false) => Groups::by(&rows, taken, &s.distinct, true, &self.marker),
            _ => Groups::single(taken),
        };
        let line_groups = match (&s.lines, &line_rows) {
            (Some(l), Some(lr)) => Some(joined(l, &groups, &rows, lr, &self.marker).map_err(place)?),
            _ => None,
        };
        let empty: &[Test] = &[];
        let ground = Ground {
            plan: &plan,
            rows: &rows,
            groups: &groups,
            lines: line_rows.as_ref().zip(line_groups.as_ref()),
            line_filter: s.lines.as_ref().map_or(empty, |l| &l.filter),
            maps: &profile.maps,
            external_id: key.as_ref(),
            source: s.source.as_deref().unwrap_or(&profile.source),
            id_column: s.id_column.as_deref(),
            explicit_empty: self.manner.explicit_empty || s.clear_empty,
            neutralised: self.manner.neutralised,
            marker: self.marker.clone(),
        };
        ground.whole().map_err(place)?;
        self.ground(&ground, s).map_err(place)
    }

    /// Looks up, checks and applies one section.
    fn ground(&mut self, ground: &Ground, s: &Section) -> Result<(), Error> {
        let own: Vec<usize> = (0..ground.plan.lookups.len()).filter(|n| ground.plan.own(*n, ground.source)).collect();
        self.remembers |= !own.is_empty();
        self.to_create.clear();
        let mut found = self.look_up(ground, &own)?;
        let before = self.report.errors.len();
        let actions = self.check(ground, s, &found)?;
        if self.options.dry_run || self.report.errors.len() > before && !self.options.partial {
            return Ok(());
        }
        self.create_missing(ground, &mut found)?;
        self.apply(ground, &actions, &own, &mut found)?;
        if !self.report.ok() && !self.options.partial {
            return Ok(());
        }
        self.name_records(ground)
    }
}

/// The key of a section's records: as said, or what makes a record.
fn external_id(s: &Section) -> Option<Expr> {
    if s.external_id.is_some() || s.no_key {
        return s.external_id.clone();
    }
    let columns = if s.group_by.is_empty() { &s.distinct } else { &s.group_by };
    match columns.as_slice() {
        [] => None,
        [one] => Some(Expr::of_column(one)),
        many => Some(Expr { columns: many.to_vec(), join: "|".into(), ..Default::default() }),
    }
}

fn joined(l: &crate::profile::Lines, groups: &Groups, rows: &Rows, line_rows: &Rows, marker: &Marker) -> Result<Groups, Error> {
    let missing = |name: &str| Error::refused("column_missing").arg("name", name);
    let key = l.key.as_deref().ok_or_else(|| Error::refused("profile_bad").arg("message", "lines: key is wanted beside files"))?;
    let of = l.of.as_deref().unwrap_or(key);
    if !line_rows.has(key) {
        return Err(missing(key));
    }
    if !rows.has(of) {
        return Err(missing(of));
    }
    Ok(Groups::joined(groups, (rows, of), (line_rows, key), marker))
}

fn names(s: &Section, file: &str) -> bool {
    let globs = s.files.iter().chain(s.lines.iter().filter_map(|l| l.files.as_ref()));
    globs.flat_map(|g| g.to_vec()).any(|g| {
        let last = g.rsplit('/').next().unwrap_or(&g).to_string();
        glob::Pattern::new(&last).is_ok_and(|p| p.matches(file))
    })
}
