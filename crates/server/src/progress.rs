//! How far long work is, on standard error: a bar where somebody looks at a terminal, otherwise a line now and then.

use kontor_exchange::{Phase, Progress};
use kontor_texts::{Arg, Lang, message, tr_args};
use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A bar is drawn anew at most so often.
const DRAW: Duration = Duration::from_millis(100);
/// Lines for a log come so often; shorter work is silent.
const LINE: Duration = Duration::from_secs(5);
const WIDTH: u64 = 30;

pub fn on_stderr(lang: Lang) -> Progress {
    let bar = std::io::stderr().is_terminal();
    let told = Mutex::new((!bar).then(Instant::now));
    Arc::new(move |phase, entity, done, total| {
        let mut told = told.lock().unwrap_or_else(|e| e.into_inner());
        let every = if bar { DRAW } else { LINE };
        let over = bar && done >= total;
        if !over && told.is_some_and(|at| at.elapsed() < every) {
            return;
        }
        *told = Some(Instant::now());
        let line = said(lang, phase, entity, done, total);
        // Nobody to read it is no reason to stop.
        let _ = if bar {
            write!(std::io::stderr(), "\r{} {line}\x1b[K{}", drawn(done, total), if over { "\n" } else { "" })
        } else {
            writeln!(std::io::stderr(), "{line}")
        };
    })
}

fn said(lang: Lang, phase: Phase, entity: &str, done: u64, total: u64) -> String {
    let key = match phase {
        Phase::Checking => "import-progress-checking",
        Phase::Writing => "import-progress-writing",
    };
    tr_args(lang, key, &[("what", Arg::from(message::entity(lang, entity))), ("done", Arg::from(done)), ("total", Arg::from(total))])
}

fn drawn(done: u64, total: u64) -> String {
    let full = (done.min(total) * WIDTH).checked_div(total).unwrap_or(WIDTH);
    (0..WIDTH).map(|n| if n < full { '█' } else { '░' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_06_progress_is_told_in_words_and_as_a_bar() {
        assert_eq!(drawn(0, 0), "█".repeat(30));
        assert_eq!(drawn(1, 2), format!("{}{}", "█".repeat(15), "░".repeat(15)));
        let line = said(Lang::En, Phase::Writing, "partners", 40, 100);
        assert!(line.contains("Partners") && line.contains("40") && line.contains("100"), "{line}");
        assert_ne!(line, said(Lang::En, Phase::Checking, "partners", 40, 100));
    }
}
