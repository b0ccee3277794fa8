//! An error with its place in a file, before it is told in a language.

use kontor_exchange::{MAX_ERRORS, Report, RowError};
use kontor_kernel::error::Error;
use kontor_platform::Ctx;
use kontor_texts::message;

#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// Line or row, counted from 1; 0: the file as a whole.
    pub line: u32,
    /// Element or cell.
    pub place: String,
    pub error: Error,
}

impl Fault {
    pub fn new(line: u32, place: impl Into<String>, error: Error) -> Self {
        Fault { line, place: place.into(), error }
    }
}

pub(crate) fn tell(report: &mut Report, ctx: &Ctx, file: &str, faults: &[Fault]) {
    for f in faults.iter().take(MAX_ERRORS.saturating_sub(report.errors.len())) {
        let i = f.error.inner();
        let (code, args) = i.fields.first().map_or((&i.code, &i.args), |x| (&x.code, &x.args));
        let message = message::error(ctx.lang, code, args);
        report.errors.push(RowError { file: file.into(), row: f.line, column: f.place.clone(), message });
    }
}
