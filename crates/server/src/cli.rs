//! Command line. Exit codes: 0 done, 1 found wrong, 2 wrong usage; errors are one clear sentence on standard error.

use crate::config::{File, Place};
use crate::{backup, registry, serve};
use clap::{Parser, Subcommand};
use kontor_kernel::error::{Error, Result};
use kontor_platform::store::{Store, StoreOptions};
use kontor_platform::{App, Ctx, Envelope, Source};
use kontor_texts::{Lang, message, tr_args};
use serde_json::json;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Parser)]
#[command(name = "kontor", version, about = "CRM and sales office: from first contact to money")]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the server; brings the database up to date first
    Serve {
        /// Address to listen on
        #[arg(long, env = "KONTOR_LISTEN")]
        listen: Option<String>,
        /// A separate database with a realistic company, filled once; loopback only
        #[arg(long)]
        demo: bool,
        /// Address under which people reach the server; https makes cookies secure
        #[arg(long, env = "KONTOR_PUBLIC_URL")]
        public_url: Option<String>,
        /// Certificate chain for HTTPS, PEM
        #[arg(long, env = "KONTOR_TLS_CERT", requires = "tls_key")]
        tls_cert: Option<PathBuf>,
        /// Private key of the certificate, PEM
        #[arg(long, env = "KONTOR_TLS_KEY", requires = "tls_cert")]
        tls_key: Option<PathBuf>,
        /// Proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas
        #[arg(long, env = "KONTOR_TRUSTED_PROXIES", value_delimiter = ',')]
        trusted_proxy: Vec<String>,
        /// Who knows it may read /metrics from elsewhere
        #[arg(long, env = "KONTOR_METRICS_TOKEN", hide_env_values = true)]
        metrics_token: Option<String>,
    },
    /// Bring the database up to date and add what a new one starts with
    Migrate,
    /// Recompute registers, totals and numbers; name each difference
    Check,
    /// Write everything into one file, while running
    Backup { file: PathBuf },
    /// Read a backup into an empty database of either kind
    Restore { file: PathBuf },
    /// Users
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// API tokens
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Take records in from a file, or a whole folder by a profile
    Import {
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
        /// Print the report as JSON and nothing else
        #[arg(long)]
        json: bool,
        /// Whose price list it is, by name or id, for `supplier-prices`
        #[arg(long)]
        partner: Option<String>,
        /// Who does it; the program itself when left out
        #[arg(long = "as", value_name = "LOGIN")]
        actor: Option<String>,
    },
    /// Find which records of a file are the same, or which record of one file is which of another
    Match {
        /// One file, or two; the first column is the id
        #[arg(required = true, num_args = 1..=2, value_name = "A.csv [B.csv]")]
        files: Vec<PathBuf>,
        /// Pairs: id_a,id_b,score,decision
        #[arg(long)]
        out: PathBuf,
        /// Kinds of columns: COLUMN=KIND, separated by commas; the others are recognised
        #[arg(long, value_delimiter = ',', value_name = "COLUMN=KIND")]
        columns: Vec<String>,
        /// What divides the cells, when it is not found by itself: one character, or "tab"
        #[arg(long)]
        separator: Option<String>,
    },
    /// Print the OpenAPI document
    Openapi,
    /// Fill a database of its own and measure, with bare SQL beside each figure
    Bench {
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
    },
    /// Print the tables that the declarations want, for authors of migrations
    #[command(hide = true)]
    Schema { entity: Option<String> },
}

#[derive(Subcommand)]
enum UserCommand {
    /// Add a user
    Add {
        #[arg(long)]
        login: String,
        /// Read from standard input when left out
        #[arg(long)]
        password: Option<String>,
        #[arg(long)]
        role: Vec<String>,
        #[arg(long)]
        name: Option<String>,
        /// uk, ru or en; the browser's when left out
        #[arg(long)]
        language: Option<String>,
    },
    /// Give a user a new password
    ResetPassword {
        #[arg(long)]
        login: String,
        #[arg(long)]
        password: Option<String>,
    },
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Make an API token; it is printed once, as the last line
    Create {
        #[arg(long)]
        user: String,
        #[arg(long, value_parser = ["all"], default_value = "all")]
        scope: String,
        #[arg(long, default_value = "")]
        label: String,
    },
}

/// Language of messages on the terminal, from the environment.
pub fn terminal_lang() -> Lang {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|v| std::env::var(v).ok())
        .find(|v| !v.is_empty())
        .and_then(|v| Lang::parse(v.get(..2).unwrap_or("")))
        .unwrap_or(Lang::En)
}

/// One sentence for a person, with the fields named and, for what is not his fault, the cause.
pub fn explain(e: &Error, lang: Lang) -> String {
    let i = e.inner();
    let fields: Vec<String> = i.fields.iter().map(|f| format!("{}: {}", f.field, message::error(lang, &f.code, &f.args))).collect();
    // "Check the marked fields" is for a form.
    let mut out = if fields.is_empty() { message::error(lang, &i.code, &i.args) } else { fields.join("; ") };
    if let Some(c) = &i.cause {
        out.push_str(&format!(" ({c})"));
    }
    out
}

/// Errors of what was asked for, not of what was found.
const USAGE: [&str; 2] = ["bad_database", "bad_listen"];

pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let lang = terminal_lang();
    match run(cli) {
        Ok(code) => code,
        Err(e) => {
            eprintln!("kontor: {}", explain(&e, lang));
            ExitCode::from(if USAGE.contains(&&*e.inner().code) { 2 } else { 1 })
        }
    }
}

/// Path of a SQLite database.
fn sqlite_path(url: &str) -> Option<&std::path::Path> {
    url.strip_prefix("sqlite://").map(std::path::Path::new)
}

/// Opens the database named by the settings; the folder of a SQLite file is made.
pub fn open(url: &str, f: &File) -> Result<Arc<App>> {
    if !["sqlite:", "postgres://", "postgresql://"].iter().any(|s| url.starts_with(s)) {
        return Err(Error::refused("bad_database"));
    }
    if let Some(dir) = sqlite_path(url).and_then(|p| p.parent())
        && !dir.as_os_str().is_empty()
    {
        std::fs::create_dir_all(dir).map_err(|e| Error::refused("folder_unwritable").arg("folder", dir.display()).cause(e))?;
    }
    let mut o = StoreOptions::default();
    o.readers = f.readers.unwrap_or(o.readers);
    o.pg_connections = f.pg_connections.unwrap_or(o.pg_connections);
    Ok(App::new(Store::open(url, o)?, registry::registry()))
}

fn run(cli: Cli) -> Result<ExitCode> {
    let file = cli.place.file()?;
    let url = cli.place.database(&file, "kontor.db");
    let ready = || -> Result<Arc<App>> {
        let app = open(&url, &file)?;
        app.migrate()?;
        for title in app.end_abandoned()? {
            eprintln!("{title}: {}", explain(&Error::refused("import_interrupted"), terminal_lang()));
        }
        Ok(app)
    };
    // What only reads makes no database: a slip in a path would be told to be in order.
    let there = || -> Result<Arc<App>> {
        match sqlite_path(&url).filter(|p| !p.exists()) {
            Some(p) => Err(Error::refused("no_database").arg("file", p.display())),
            None => ready(),
        }
    };
    match cli.command {
        Command::Serve { listen, demo, public_url, tls_cert, tls_key, trusted_proxy, metrics_token } => {
            let listen = listen.or_else(|| file.listen.clone()).unwrap_or_else(|| crate::config::DEFAULT_LISTEN.into());
            let url = if demo { cli.place.apart(&file, "demo.db") } else { url };
            let file = File { metrics_token: metrics_token.or(file.metrics_token), ..file };
            let edge = serve::Edge::of(public_url, (tls_cert, tls_key), trusted_proxy, &file)?;
            serve::run(serve::Options { url, listen, demo, data: cli.place.data(&file), edge, file })?;
        }
        Command::Migrate => {
            let done = open(&url, &file)?.migrate()?;
            println!("{}", if done.is_empty() { "up to date".to_string() } else { done.join("\n") });
        }
        Command::Check => {
            let found = there()?.check()?;
            for d in &found {
                println!("{}: {}: expected {}, found {}", d.place, d.key, d.expected, d.found);
            }
            println!("{} differences", found.len());
            return Ok(ExitCode::from(u8::from(!found.is_empty())));
        }
        Command::Backup { file: to } => backup::write(&there()?, &to)?,
        Command::Restore { file: from } => backup::read(&open(&url, &file)?, &from)?,
        Command::User { command } => user(&ready()?, command)?,
        Command::Token { command: TokenCommand::Create { user, scope: _, label } } => {
            let app = ready()?;
            let ctx = app.ctx_of(&user, Source::Command)?;
            println!("{}", app.open_session(ctx.user_id, "token", &label, None)?);
        }
        Command::Import { what, profile, dry_run, partial, json, partner, actor } => {
            if (profile.is_some()) != (what.len() == 1) {
                eprintln!("kontor: import takes ENTITY FILE, or --profile PROFILE FOLDER");
                return Ok(ExitCode::from(2));
            }
            let progress = Some(crate::progress::on_stderr(terminal_lang()));
            let options = kontor_exchange::Options { dry_run, partial, progress, ..Default::default() };
            let done = ready().and_then(|app| {
                let ctx = match &actor {
                    Some(login) => app.ctx_of(login, Source::Import)?,
                    None => Ctx::system().with_source(Source::Import),
                };
                import(&app, &ctx, &what, profile.as_deref(), partner.as_deref(), &options, json)
            });
            // A program that reads the report gets one whatever happened.
            return match done {
                Err(e) if json => {
                    let file = profile.map_or_else(|| what.last().cloned().unwrap_or_default(), |p| p.display().to_string());
                    let message = explain(&e, terminal_lang());
                    let error = kontor_exchange::RowError { file, row: 0, column: String::new(), message };
                    let report = kontor_exchange::Report { errors: vec![error], ..Default::default() };
                    Ok(told(&report, Some(report.to_json())))
                }
                done => done,
            };
        }
        Command::Match { files, out, columns, separator } => {
            crate::matching::run(&files, &out, &kontor_trade::pairs::Asked { kinds: columns, separator })?;
        }
        Command::Openapi => println!("{:#}", kontor_api::openapi_document(&registry::registry())),
        Command::Bench { fill, seed, size, seconds, import_lines, only, json } => {
            let url = cli.place.database(&file, "bench.db");
            let app = open(&url, &file)?;
            app.migrate()?;
            let size = if fill.as_deref().unwrap_or(&size) == "small" { kontor_bench::Size::Small } else { kontor_bench::Size::Full };
            let filled = kontor_bench::fill(&app, size, seed, false)?;
            if fill.is_none() {
                return bench(app, url, filled, kontor_bench::Plan { seconds, import_lines, only }, json);
            }
        }
        Command::Schema { entity } => {
            let r = registry::registry();
            match entity.and_then(|e| r.get(&e)) {
                Some(s) => print!("{}", kontor_platform::schema::entity_ddl(s)),
                None => print!("{}", kontor_platform::schema::draft(&r)),
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn import(
    app: &Arc<App>,
    ctx: &Ctx,
    what: &[String],
    profile: Option<&std::path::Path>,
    partner: Option<&str>,
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
            let file = input(file)?;
            let work = |ctx: &Ctx| kontor_trade::take(app, ctx, entity, &file, options, partner);
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

/// Exit code 1 where a figure is below its bar.
fn bench(app: Arc<App>, url: String, filled: kontor_bench::Filled, plan: kontor_bench::Plan, as_json: bool) -> Result<ExitCode> {
    let user = |login: &str, role: &str| -> Result<()> {
        if app.ctx_of(login, Source::Command).is_err() {
            let password = kontor_platform::value::new_id().to_string();
            let input = json!({"login": login, "name": login, "password": password, "roles": [role]});
            app.execute(&Ctx::system(), Envelope::new("users.create", input))?;
        }
        Ok(())
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

fn password_or_stdin(given: Option<String>) -> Result<String> {
    if let Some(p) = given {
        return Ok(p);
    }
    let mut s = String::new();
    std::io::stdin().take(4096).read_to_string(&mut s).map_err(|e| Error::refused("required").cause(e))?;
    Ok(s.lines().next().unwrap_or("").to_string())
}

fn user(app: &Arc<App>, command: UserCommand) -> Result<()> {
    let ctx = Ctx::system();
    match command {
        UserCommand::Add { login, password, role, name, language } => {
            let password = password_or_stdin(password)?;
            let name = name.unwrap_or_else(|| login.clone());
            let input = json!({"login": login, "name": name, "password": password, "roles": role, "language": language});
            app.execute(&ctx, Envelope::new("users.create", input))?;
            println!("{login}");
        }
        UserCommand::ResetPassword { login, password } => {
            let password = password_or_stdin(password)?;
            let of = app.ctx_of(&login, Source::Command)?;
            let version = app.record(&ctx, "users", of.user_id)?.version;
            app.execute(&ctx, Envelope::new("users.update", json!({"password": password})).on(of.user_id).seen(version))?;
            println!("{login}");
        }
    }
    Ok(())
}
