//! Who calls, in which language, when, and by which way.

use crate::access::Access;
use crate::value::Id;
use chrono::{DateTime, NaiveDate, Utc};
use kontor_texts::Lang;
use std::sync::Arc;

/// Who calls, in which language, when and from where.
#[derive(Clone)]
pub struct Ctx {
    pub user_id: Id,
    pub login: Arc<str>,
    pub lang: Lang,
    pub access: Arc<Access>,
    pub now: DateTime<Utc>,
    /// Business date in the caller's company's time zone.
    pub today: NaiveDate,
    /// That zone.
    pub zone: chrono_tz::Tz,
    pub source: Source,
    /// Audit entries of one import or bulk command share a group.
    pub group: Option<Id>,
    /// The job that this is written for: slices of an import hold on to it.
    pub lease: Option<crate::jobs::Lease>,
}

/// By which way a command came; kept in the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Page,
    Api,
    Import,
    Job,
    Command,
}

impl Source {
    /// As it stands in the history.
    pub fn code(self) -> &'static str {
        match self {
            Source::Page => "page",
            Source::Api => "api",
            Source::Import => "import",
            Source::Job => "job",
            Source::Command => "command",
        }
    }
}

impl Ctx {
    /// The program itself: jobs, seeds, the command line.
    pub fn system() -> Self {
        let now = Utc::now();
        Ctx {
            user_id: crate::spec::NONE,
            login: "system".into(),
            lang: Lang::En,
            access: Arc::new(Access::system()),
            now,
            today: now.date_naive(),
            zone: chrono_tz::UTC,
            source: Source::Command,
            group: None,
            lease: None,
        }
    }
    /// The business date in another zone (an IANA name). Who works on a day of his own, as a history does, stays on it.
    pub fn today_in(&self, time_zone: &str) -> NaiveDate {
        let by_clock = self.now.with_timezone(&self.zone).date_naive() == self.today;
        match time_zone.parse::<chrono_tz::Tz>() {
            Ok(zone) if by_clock => self.now.with_timezone(&zone).date_naive(),
            _ => self.today,
        }
    }
    /// The same caller through another door.
    pub fn with_source(mut self, s: Source) -> Self {
        self.source = s;
        self
    }
    /// Imports and the demo write history: what they record may lie in the past and have either sign.
    pub fn is_history(&self) -> bool {
        self.source == Source::Import
    }
}
