//! `testpg start` starts the shared PostgreSQL server of the tests and prints its address; `testpg stop` ends it.

use kontor_testkit::server;
use std::process::ExitCode;

fn main() -> ExitCode {
    let done = match std::env::args().nth(1).as_deref() {
        Some("start") => server::start().map(|url| println!("{url}")),
        Some("stop") => server::stop(),
        _ => Err("usage: testpg start | stop".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("testpg: {e}");
            ExitCode::FAILURE
        }
    }
}
