//! Command line. Exit codes: 0 done, 1 found wrong, 2 wrong usage; errors are one clear sentence on standard error.

mod bench;
mod import;
mod user;

use crate::config::{File, Place};
use crate::{backup, registry, serve};
use bench::BenchArgs;
use clap::{Parser, Subcommand};
use import::ImportArgs;
use kontor_kernel::error::{Error, Result};
use kontor_platform::App;
use kontor_platform::store::{Store, StoreOptions};
use kontor_texts::{Lang, message};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use user::{TokenCommand, UserCommand};

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
    Import(ImportArgs),
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
    Bench(BenchArgs),
    /// Print the tables that the declarations want, for authors of migrations
    #[command(hide = true)]
    Schema { entity: Option<String> },
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
            say(format_args!("{}\n", if done.is_empty() { "up to date".to_string() } else { done.join("\n") }))?;
        }
        Command::Check => {
            let found = there()?.check()?;
            for d in &found {
                say(format_args!("{}: {}: expected {}, found {}\n", d.place, d.key, d.expected, d.found))?;
            }
            say(format_args!("{} differences\n", found.len()))?;
            return Ok(ExitCode::from(u8::from(!found.is_empty())));
        }
        Command::Backup { file: to } => backup::write(&there()?, &to)?,
        Command::Restore { file: from } => backup::read(&open(&url, &file)?, &from)?,
        Command::User { command } => user::run(&ready()?, command)?,
        Command::Token { command } => user::token(&ready()?, command)?,
        Command::Import(args) => return import::run(args, ready),
        Command::Match { files, out, columns, separator } => {
            crate::matching::run(&files, &out, &kontor_trade::pairs::Asked { kinds: columns, separator })?;
        }
        Command::Openapi => say(format_args!("{:#}\n", kontor_api::openapi_document(&registry::registry())))?,
        Command::Bench(args) => {
            let url = cli.place.database(&file, "bench.db");
            return bench::run(args, open(&url, &file)?, url);
        }
        Command::Schema { entity } => {
            let r = registry::registry();
            match entity {
                Some(e) => {
                    let spec = r.get(&e).ok_or_else(|| Error::refused("unknown_collection").arg("value", &e))?;
                    say(format_args!("{}", kontor_platform::schema::entity_ddl(spec)))?;
                }
                None => say(format_args!("{}", kontor_platform::schema::draft(&r)))?,
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints an answer that may be long. Who reads it may have had enough before its end (`| head`): no failure.
fn say(answer: std::fmt::Arguments<'_>) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(answer.to_string().as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        done => done.map_err(Error::internal),
    }
}
