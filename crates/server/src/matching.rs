//! `kontor match`: needs no database.

use crate::cli::terminal_lang;
use kontor_exchange::Input;
use kontor_kernel::error::{Error, Result};
use kontor_texts::tr_args;
use kontor_trade::pairs::{Asked, pairs};
use std::path::{Path, PathBuf};

pub fn run(files: &[PathBuf], out: &Path, asked: &Asked) -> Result<()> {
    let lang = terminal_lang();
    let inputs: Vec<Input> = files.iter().map(|f| Input::Path(f.clone())).collect();
    // What was there before stays until the pairs are known.
    let unwritable = |e: std::io::Error| Error::refused("file_unwritable").arg("file", out.display()).cause(e);
    let mut name = out.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    let part = out.with_file_name(name);
    let file = std::fs::File::create(&part).map_err(unwritable)?;
    let done = pairs(&inputs[0], inputs.get(1), asked, &mut std::io::BufWriter::new(file));
    let told = match done {
        Ok(told) => std::fs::rename(&part, out).map_err(unwritable).map(|()| told),
        Err(e) => Err(e),
    };
    if told.is_err() {
        // The first error is the one to be told.
        drop(std::fs::remove_file(&part));
    }
    let told = told?;
    let columns: Vec<String> = told.columns.iter().map(|(name, kind)| format!("{name}={}", kind.code())).collect();
    println!("{}", tr_args(lang, "match-columns", &[("columns", columns.join(",").into())]));
    if told.too_long > 0 {
        eprintln!("{}", tr_args(lang, "match-too-long", &[("count", told.too_long.into())]));
    }
    let counts = [("same", told.same.into()), ("maybe", told.maybe.into()), ("different", told.different.into())];
    println!("{}", tr_args(lang, "match-done", &counts));
    Ok(())
}
