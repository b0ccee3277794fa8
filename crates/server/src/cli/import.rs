//! `kontor import`: records from a file, or a folder by a profile; with a report for people or for programs.

use super::{explain, terminal_lang};
use clap::Args;
use kontor_kernel::error::{Error, Result};
use kontor_platform::{App, Ctx, Source};
use kontor_texts::tr_args;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Args)]
pub struct ImportArgs {
    /// Collection and file; with --profile the folder
    #[arg(required = true, num_args = 1..=2, value_name = "ENTITY FILE | FOLDER")]
    what: Vec<String>,
    /// Mapping of a folder of files, see docs/import.md
    #[arg(long)]
    profile: Option<PathBuf>,
    /// Check everything, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Take the good rows although others are refused
    #[arg(long)]
    partial: bool,
    /// A column that is called otherwise, `HEAD=FIELD`; without FIELD it is passed over
    #[arg(long = "column", value_name = "HEAD=FIELD", value_parser = pair)]
    columns: Vec<(String, String)>,
    /// The same value for every row, `FIELD=VALUE`
    #[arg(long = "constant", value_name = "FIELD=VALUE", value_parser = pair)]
    constants: Vec<(String, String)>,
    /// Print the report as JSON and nothing else
    #[arg(long)]
    json: bool,
    /// Whose price list it is, by name or id, for `supplier-prices`
    #[arg(long)]
    partner: Option<String>,
    /// Where the stock of a CommerceML file is that names no warehouse, by name or id
    #[arg(long)]
    warehouse: Option<String>,
    /// Who does it; the program itself when left out
    #[arg(long = "as", value_name = "LOGIN")]
    actor: Option<String>,
}

/// `NAME=VALUE`; both without the spaces around them.
fn pair(said: &str) -> std::result::Result<(String, String), String> {
    let (name, value) = said.split_once('=').ok_or("NAME=VALUE is wanted")?;
    Ok((name.trim().to_string(), value.trim().to_string()))
}

/// `ready` opens the database; what keeps it from that stands in the report too.
pub fn run(args: ImportArgs, ready: impl FnOnce() -> Result<Arc<App>>) -> Result<ExitCode> {
    let ImportArgs { what, profile, dry_run, partial, columns, constants, json, partner, warehouse, actor } = args;
    if (profile.is_some()) != (what.len() == 1) {
        eprintln!("kontor: import takes ENTITY FILE, or --profile PROFILE FOLDER");
        return Ok(ExitCode::from(2));
    }
    let progress = Some(crate::progress::on_stderr(terminal_lang()));
    let mapping = kontor_exchange::Mapping { columns: columns.into_iter().collect(), constants: constants.into_iter().collect() };
    let options = kontor_exchange::Options { dry_run, partial, mapping, progress, ..Default::default() };
    let done = ready().and_then(|app| {
        let ctx = match &actor {
            Some(login) => app.ctx_of(login, Source::Import)?,
            None => Ctx::system().with_source(Source::Import),
        };
        // Those who are signed in see what comes.
        let _nodes = app.join_nodes()?;
        import(&app, &ctx, &what, profile.as_deref(), [partner.as_deref(), warehouse.as_deref()], &options, json)
    });
    // A program that reads the report gets one whatever happened.
    match done {
        Err(e) if json => {
            let file = profile.map_or_else(|| what.last().cloned().unwrap_or_default(), |p| p.display().to_string());
            let message = explain(&e, terminal_lang());
            let error = kontor_exchange::RowError { file, row: 0, column: String::new(), message };
            let report = kontor_exchange::Report { errors: vec![error], ..Default::default() };
            Ok(told(&report, Some(report.to_json())))
        }
        done => done,
    }
}

fn import(
    app: &Arc<App>,
    ctx: &Ctx,
    what: &[String],
    profile: Option<&std::path::Path>,
    [partner, warehouse]: [Option<&str>; 2],
    options: &kontor_exchange::Options,
    json: bool,
) -> Result<ExitCode> {
    let ctx = Ctx { lang: terminal_lang(), ..ctx.clone() };
    let title = tr_args(ctx.lang, "jobs-import-title", &[("what", what.join(" ").into())]);
    let report = match (profile, what) {
        (Some(p), [folder]) => {
            let text = std::fs::read_to_string(p).map_err(|e| Error::refused("config_unreadable").arg("file", p.display()).cause(e))?;
            let profile = kontor_exchange::Profile::parse(&text)?;
            let files = kontor_exchange::Files::Folder(folder.into());
            let work = |ctx: &Ctx| kontor_exchange::run_profile(app, ctx, &profile, &files, options);
            kontor_exchange::in_job(app, &ctx, &title, options, work, |r| r)?
        }
        (_, [entity, file]) => {
            let partner = partner.map(|p| kontor_trade::price_list::partner(app, &ctx, p)).transpose()?;
            let warehouse = warehouse.map(|w| kontor_trade::named(app, &ctx, "warehouses", "warehouse_id", w)).transpose()?;
            let about = kontor_trade::About { partner, warehouse };
            let file = input(file)?;
            let work = |ctx: &Ctx| kontor_trade::take(app, ctx, entity, &file, options, about);
            let done = kontor_exchange::in_job(app, &ctx, &title, options, work, |told| &mut told.report)?;
            return Ok(told(&done.report, json.then(|| done.json())));
        }
        _ => return Ok(ExitCode::from(2)),
    };
    Ok(told(&report, json.then(|| report.to_json())))
}

/// A file, or what an address answers; private networks only when `KONTOR_ALLOW_PRIVATE_URLS` says so.
fn input(file: &str) -> Result<kontor_exchange::Input> {
    let allow_private = std::env::var("KONTOR_ALLOW_PRIVATE_URLS").is_ok_and(|v| v == "1" || v == "true");
    kontor_trade::input(file, &kontor_trade::fetch::Http { allow_private, ..Default::default() })
}

/// Prints a report, for programs or for people; exit code 1 where something was refused.
fn told(report: &kontor_exchange::Report, json: Option<serde_json::Value>) -> ExitCode {
    if let Some(j) = json {
        println!("{j}");
    } else {
        for e in &report.errors {
            eprintln!("{}:{}:{}: {}", e.file, e.row, e.column, e.message);
        }
        for note in &report.notes {
            println!("{note}");
        }
        println!(
            "read {}, created {}, updated {}, skipped {}, errors {}",
            report.read,
            report.created,
            report.updated,
            report.skipped,
            report.errors.len()
        );
    }
    ExitCode::from(u8::from(!report.ok()))
}
