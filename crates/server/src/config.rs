//! Settings: command line over `KONTOR_…` variables over `kontor.toml` over defaults.

use clap::Args;
use kontor_kernel::error::{Error, Result};
use serde::Deserialize;
use std::path::PathBuf;

pub const DEFAULT_LISTEN: &str = "127.0.0.1:8080";
pub const DEFAULT_DATA: &str = "kontor-data";

/// Where the data are; every command takes it.
#[derive(Args, Clone, Debug, Default)]
pub struct Place {
    /// sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE; else KONTOR_DATABASE, which the demo passes over
    #[arg(long, global = true)]
    pub database: Option<String>,
    /// Folder of files and of the default database
    #[arg(long, env = "KONTOR_DATA", global = true)]
    pub data: Option<PathBuf>,
    /// Settings file; kontor.toml of this folder is read when it is there
    #[arg(long, env = "KONTOR_CONFIG", global = true)]
    pub config: Option<PathBuf>,
    /// Connections that read, of a SQLite database
    #[arg(long, env = "KONTOR_READERS", global = true, hide = true)]
    pub readers: Option<usize>,
    /// Connections to PostgreSQL
    #[arg(long, env = "KONTOR_PG_CONNECTIONS", global = true, hide = true)]
    pub pg_connections: Option<usize>,
}

/// `kontor.toml`
#[derive(Deserialize, Default, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub database: Option<String>,
    pub data: Option<PathBuf>,
    pub listen: Option<String>,
    pub public_url: Option<String>,
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    pub trusted_proxies: Option<Vec<String>>,
    pub metrics_token: Option<String>,
    pub readers: Option<usize>,
    pub pg_connections: Option<usize>,
    #[serde(default)]
    pub limits: Limits,
}

/// `[limits]` of it.
#[derive(Deserialize, Default, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Of one API token.
    pub requests_per_minute: Option<u32>,
}

impl Place {
    /// The settings file, with what the command line and variables say instead.
    pub fn file(&self) -> Result<File> {
        let mut file = self.read()?;
        file.readers = self.readers.or(file.readers);
        file.pg_connections = self.pg_connections.or(file.pg_connections);
        Ok(file)
    }
    fn read(&self) -> Result<File> {
        let path = match &self.config {
            Some(p) => p.clone(),
            None if PathBuf::from("kontor.toml").exists() => PathBuf::from("kontor.toml"),
            None => return Ok(File::default()),
        };
        let text = std::fs::read_to_string(&path).map_err(|e| Error::refused("config_unreadable").arg("file", path.display()).cause(e))?;
        toml::from_str(&text).map_err(|e| Error::refused("config_unreadable").arg("file", path.display()).cause(e))
    }
    pub fn data(&self, f: &File) -> PathBuf {
        self.data.clone().or_else(|| f.data.clone()).unwrap_or_else(|| DEFAULT_DATA.into())
    }
    /// Address of the database; the default one lies in the data folder.
    pub fn database(&self, f: &File, file_name: &str) -> String {
        let variable = || std::env::var("KONTOR_DATABASE").ok().filter(|v| !v.is_empty());
        let said = self.database.clone().or_else(variable).or_else(|| f.database.clone());
        said.unwrap_or_else(|| self.apart(f, file_name))
    }
    /// A database apart from the real one: what the settings call the database does not count, only what is said on the
    /// command line.
    pub fn apart(&self, f: &File, file_name: &str) -> String {
        self.database.clone().unwrap_or_else(|| format!("sqlite://{}/{file_name}", self.data(f).display()))
    }
}
