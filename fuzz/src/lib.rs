//! What the targets share: a program with an empty database, and ways to make questions of bytes.

use kontor_exchange::Report;
use kontor_kernel::error::{Error, Kind};
use kontor_platform::execute::Envelope;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Registry, schema};
use std::sync::{Arc, LazyLock};

/// The program, made once for a process; its database is a file in a temporary folder.
pub fn app() -> &'static Arc<App> {
    static APP: LazyLock<Arc<App>> = LazyLock::new(|| {
        let r = kontor_office::register(Registry::default());
        let r = kontor_partners::register(r);
        let r = kontor_catalog::register(r);
        let r = kontor_prices::register(r);
        let r = kontor_trade::register(kontor_supply::register(r));
        let folder = tempfile::Builder::new().prefix("kontor-fuzz-").tempdir().expect("a folder").keep();
        let url = format!("sqlite://{}", folder.join("fuzz.db").display());
        schema::open_draft(&url, r).expect("the schema is made")
    });
    &APP
}

/// A partner whose price lists are read.
pub fn supplier() -> Id {
    static SUPPLIER: LazyLock<Id> = LazyLock::new(|| {
        let input = serde_json::json!({"name": "Supplier"});
        let made = app().execute(&Ctx::system(), Envelope::new("partners.create", input)).expect("a partner");
        made.id.expect("an id")
    });
    *SUPPLIER
}

/// Bad input is the caller's fault, never the program's.
pub fn is_told<T>(done: Result<T, Error>) -> Option<T> {
    match done {
        Ok(t) => Some(t),
        Err(e) => {
            assert!(e.kind() != Kind::Internal, "{e:?}");
            None
        }
    }
}

/// A report tells what is wrong in words, and nothing of it is a fault of the program.
pub fn is_good(report: &Report) {
    let internal = kontor_texts::error(Ctx::system().lang, "internal", &[] as &[(&str, String)]);
    let bad = report.errors.iter().find(|e| e.message.is_empty() || e.message.contains('⟦') || e.message == internal);
    assert!(bad.is_none(), "{bad:?}");
}

/// Two parts divided by a line of its own that says `---`.
pub fn two(text: &str) -> (&str, &str) {
    text.split_once("\n---\n").unwrap_or((text, ""))
}
