//! The permission matrix as a golden file: a change of rights is seen in review. `KONTOR_BLESS=1` writes it anew.

use crate::fixtures::{both, user};
use kontor_platform::spec::Scope;

const ROLES: [&str; 8] =
    ["administrator", "director", "sales_manager", "salesperson", "storekeeper", "accountant", "field_agent", "portal_client"];

#[test]
fn plt_02_permission_matrix_is_the_agreed_one() {
    both(|app| {
        let mut out = String::from("entity action: scope by role; roles without the right are left out\n");
        let ctx: Vec<_> = ROLES.iter().map(|r| (r, user(app, r, &[r]))).collect();
        for s in app.registry.granted() {
            for action in s.actions() {
                let who: Vec<String> = ctx
                    .iter()
                    .filter_map(|(r, c)| {
                        let scope = match c.access.scope(s, action) {
                            Scope::None => return None,
                            Scope::Own => ":own",
                            Scope::Team => ":team",
                            Scope::All => "",
                        };
                        Some(format!("{r}{scope}"))
                    })
                    .collect();
                out.push_str(&format!("{} {action}: {}\n", s.name, who.join(" ")));
            }
            for (r, c) in &ctx {
                let mut hidden: Vec<&str> = s
                    .columns
                    .iter()
                    .map(|c| c.name)
                    .chain(s.lines.iter().flat_map(|l| l.columns.iter().map(|c| c.name)))
                    .filter(|n| c.access.hidden(s, n))
                    .collect();
                hidden.sort_unstable();
                hidden.dedup();
                if !hidden.is_empty() {
                    out.push_str(&format!("{} hidden from {r}: {}\n", s.name, hidden.join(" ")));
                }
            }
        }
        golden("permissions.txt", &out);
    });
}

/// Compares with a file beside the tests.
pub fn golden(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("KONTOR_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(&path, text).expect("the golden file is written");
        return;
    }
    let want = std::fs::read_to_string(&path).unwrap_or_default();
    if want != text {
        let line = want.lines().zip(text.lines()).position(|(a, b)| a != b).unwrap_or(want.lines().count().min(text.lines().count()));
        panic!(
            "{name} differs from line {}:\n- {}\n+ {}\nrun the tests with KONTOR_BLESS=1 to accept",
            line + 1,
            want.lines().nth(line).unwrap_or("(end)"),
            text.lines().nth(line).unwrap_or("(end)")
        );
    }
}
