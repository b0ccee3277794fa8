//! `kontor user` and `kontor token`: the first people of a new office, and programs.

use clap::Subcommand;
use kontor_kernel::error::{Error, Result};
use kontor_platform::{App, Ctx, Envelope, Source};
use serde_json::json;
use std::io::Read;
use std::sync::Arc;

#[derive(Subcommand)]
pub enum UserCommand {
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
pub enum TokenCommand {
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

fn password_or_stdin(given: Option<String>) -> Result<String> {
    if let Some(p) = given {
        return Ok(p);
    }
    let mut s = String::new();
    std::io::stdin().take(4096).read_to_string(&mut s).map_err(|e| Error::refused("required").cause(e))?;
    Ok(s.lines().next().unwrap_or("").to_string())
}

pub fn run(app: &Arc<App>, command: UserCommand) -> Result<()> {
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

pub fn token(app: &Arc<App>, command: TokenCommand) -> Result<()> {
    let TokenCommand::Create { user, scope: _, label } = command;
    let ctx = app.ctx_of(&user, Source::Command)?;
    println!("{}", app.open_session(ctx.user_id, "token", &label, None)?);
    Ok(())
}
