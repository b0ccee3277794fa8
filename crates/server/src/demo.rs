//! The demo database: filled once, kept apart from everything real.

use crate::cli;
use crate::config::File;
use kontor_demo::{Options, PASSWORD, Size};
use kontor_kernel::error::{Error, Result};
use kontor_platform::App;
use kontor_platform::store::Priority;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Says in the settings that everything here is invented.
const MARK: &str = "demo";
const MONTHS: u32 = 12;

/// Makes and fills the demo database unless it is there. A database with anything else in it is left alone.
pub fn prepare(url: &str, file: &File) -> Result<()> {
    let path = url.strip_prefix("sqlite://").map(PathBuf::from);
    match &path {
        // Written beside and moved when whole: an interrupted start leaves no half a company.
        Some(path) if !path.exists() => {
            let part = beside(path, ".part");
            forget(&part)?;
            fill(&cli::open(&format!("sqlite://{}", part.display()), file)?)?;
            for end in ["-wal", ""] {
                let from = beside(&part, end);
                if from.exists() {
                    std::fs::rename(&from, beside(path, end))
                        .map_err(|e| Error::refused("folder_unwritable").arg("folder", path.display()).cause(e))?;
                }
            }
        }
        _ => {
            let app = cli::open(url, file)?;
            app.migrate()?;
            if !marked(&app)? {
                if used(&app)? {
                    return Err(Error::refused("demo_not_empty")
                        .arg("database", path.map_or_else(|| "PostgreSQL".into(), |p| p.display().to_string())));
                }
                fill(&app)?;
            }
        }
    }
    Ok(())
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn forget(part: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm"] {
        let file = beside(part, end);
        if file.exists() {
            std::fs::remove_file(&file).map_err(|e| Error::refused("folder_unwritable").arg("folder", file.display()).cause(e))?;
        }
    }
    Ok(())
}

fn fill(app: &Arc<App>) -> Result<()> {
    app.migrate()?;
    eprintln!("Making the demo company with {MONTHS} months of history, once…");
    let today = chrono::Utc::now().with_timezone(&kontor_demo::ZONE).date_naive();
    let told = kontor_demo::fill(app, &Options { seed: 1, months: MONTHS, today, size: Size::Full, password: PASSWORD.into() })?;
    for r in &told.refused {
        tracing::warn!("the demo was refused: {r}");
    }
    tracing::info!(seconds = told.took.as_secs_f32(), "demo filled");
    app.store.write(Priority::People, move |conn| {
        conn.exec("INSERT INTO settings (key, value) VALUES (?, ?)", &[MARK.into(), json!({"months": MONTHS}).into()])?;
        Ok(())
    })
}

fn marked(app: &Arc<App>) -> Result<bool> {
    app.store.read(|c| Ok(c.query_opt("SELECT 1 FROM settings WHERE key = ?", &[MARK.into()])?.is_some()))
}

fn used(app: &Arc<App>) -> Result<bool> {
    app.store.read(|c| {
        Ok(c.query_opt("SELECT 1 FROM companies LIMIT 1", &[])?.is_some() || c.query_opt("SELECT 1 FROM users LIMIT 1", &[])?.is_some())
    })
}

/// Says on the terminal who may sign in.
pub fn tell() {
    println!("Demo, password of everybody: {PASSWORD}");
    for l in kontor_demo::logins() {
        println!("  {:<11} {:<14} {}", l.login, l.role, l.name);
    }
}

/// The same for the sign-in page: login, password, role, name.
pub fn people() -> Vec<(String, String, String, String)> {
    kontor_demo::logins().into_iter().map(|l| (l.login.into(), PASSWORD.into(), l.role.into(), l.name.into())).collect()
}
