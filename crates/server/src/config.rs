//! Settings: command line over `KONTOR_…` variables over `kontor.toml` over defaults.

use clap::Args;
use kontor_kernel::error::{Error, Result};
use serde::Deserialize;
use std::path::PathBuf;

pub const DEFAULT_DATABASE: &str = "sqlite://kontor-data/kontor.db";
pub const DEFAULT_LISTEN: &str = "127.0.0.1:8080";
pub const DEFAULT_DATA: &str = "kontor-data";

/// Where the data are; every command takes it.
#[derive(Args, Clone, Debug, Default)]
pub struct Place {
    /// sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE
    #[arg(long, env = "KONTOR_DATABASE", hide_env_values = true, global = true)]
    pub database: Option<String>,
    /// Folder of files and of the default database
    #[arg(long, env = "KONTOR_DATA", global = true)]
    pub data: Option<PathBuf>,
    /// Settings file; kontor.toml of this folder is read when it is there
    #[arg(long, env = "KONTOR_CONFIG", global = true)]
    pub config: Option<PathBuf>,
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
}

impl Place {
    pub fn file(&self) -> Result<File> {
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
        self.database.clone().or_else(|| f.database.clone()).unwrap_or_else(|| format!("sqlite://{}/{file_name}", self.data(f).display()))
    }
}
