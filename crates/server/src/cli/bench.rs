//! `kontor bench`: fills a database of its own and measures.

use clap::Args;
use kontor_kernel::error::{Error, Result};
use kontor_platform::{App, Ctx, Envelope, Source};
use serde_json::json;
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Args)]
pub struct BenchArgs {
    /// Only fill, with so much
    #[arg(long, value_parser = ["small", "full"])]
    fill: Option<String>,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Size of the data that are measured
    #[arg(long, value_parser = ["small", "full"], default_value = "full")]
    size: String,
    /// Seconds of one run; five runs make a figure
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Sales lines of the import
    #[arg(long, default_value_t = 500_000)]
    import_lines: usize,
    /// Only these figures (repeatable)
    #[arg(long, value_parser = ["start", "lists", "search", "orders", "explain", "import", "prices"])]
    only: Vec<String>,
    #[arg(long)]
    json: bool,
}

pub fn run(args: BenchArgs, app: Arc<App>, url: String) -> Result<ExitCode> {
    let BenchArgs { fill, seed, size, seconds, import_lines, only, json } = args;
    app.migrate()?;
    let size = if fill.as_deref().unwrap_or(&size) == "small" { kontor_bench::Size::Small } else { kontor_bench::Size::Full };
    let filled = kontor_bench::fill(&app, size, seed, false)?;
    if fill.is_some() {
        return Ok(ExitCode::SUCCESS);
    }
    bench(app, url, filled, kontor_bench::Plan { seconds, import_lines, only }, json)
}

/// Exit code 1 where a figure is below its bar.
fn bench(app: Arc<App>, url: String, filled: kontor_bench::Filled, plan: kontor_bench::Plan, as_json: bool) -> Result<ExitCode> {
    let user = |login: &str, role: &str| -> Result<()> {
        match app.ctx_of(login, Source::Command) {
            Err(e) if e.inner().code == "login_unknown" => {
                let password = kontor_platform::value::new_id().to_string();
                let input = json!({"login": login, "name": login, "password": password, "roles": [role]});
                app.execute(&Ctx::system(), Envelope::new("users.create", input)).map(|_| ())
            }
            there => there.map(|_| ()),
        }
    };
    let token = |login: &str| app.open_session(app.ctx_of(login, Source::Command)?.user_id, "token", "bench", None);
    user("bench", "administrator")?;
    user("bench-director", "director")?;
    let readers = kontor_bench::Readers {
        director: token("bench-director")?,
        seller: token(&kontor_bench::seller(0))?,
        head: token(kontor_bench::HEAD)?,
    };
    let token = token("bench")?;
    let binary = std::env::current_exe().map_err(Error::internal)?;
    let figures = kontor_bench::run(&kontor_bench::Target { app: app.clone(), url, binary, token, readers, filled, plan })?;
    if as_json {
        println!("{:#}", kontor_bench::json(&figures));
    } else {
        kontor_bench::print(&figures);
    }
    Ok(ExitCode::from(u8::from(figures.iter().any(|f| f.holds() == Some(false)))))
}
