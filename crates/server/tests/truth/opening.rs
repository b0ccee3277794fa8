//! Opening balances out of a file, as the people of an office have it.

use crate::support::{app, count, number};
use kontor_exchange::{Input, Mapping, Options, Report, import_entity};
use kontor_platform::{App, Ctx, Envelope};
use serde_json::{Value as Json, json};
use std::sync::Arc;

fn make(app: &Arc<App>, collection: &str, input: Json) {
    app.execute(&Ctx::system(), Envelope::new(format!("{collection}.create"), input)).expect("is created");
}

fn import(app: &Arc<App>, text: &str, constants: &[(&str, &str)], dry_run: bool) -> Report {
    let constants = constants.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
    let options = Options { dry_run, mapping: Mapping { constants, ..Default::default() }, ..Default::default() };
    import_entity(app, &Ctx::system(), "opening-balances", &Input::bytes("debts.csv", text.as_bytes().to_vec()), &options)
}

fn places(r: &Report) -> Vec<(u32, &str)> {
    r.errors.iter().map(|e| (e.row, e.column.as_str())).collect()
}

const DEBTS: &str = "lines.partner;lines.number;lines.date;lines.due_date;lines.side;lines.amount;lines.currency\n\
    Альфа;РН-1;20.12.2025;10.01.2026;they_owe;1 250,40;\n\
    Альфа;РН-2;22.12.2025;15.01.2026;дебет;300;\n\
    Бета;ПД-7;30.12.2025;;кредит;80;EUR\n";

const CONSTANTS: [(&str, &str); 3] = [("company_id", "ТОВ Гайка"), ("date", "2026-01-01"), ("post", "true")];

#[test]
fn fin_07_a_file_of_open_items_is_taken_whole_or_told_by_row_and_column() {
    kontor_testkit::both(|db| {
        let app = app(db);
        make(&app, "companies", json!({"name": "ТОВ Гайка", "currency": "UAH", "country": "UA"}));
        make(&app, "partners", json!({"name": "Альфа"}));
        make(&app, "partners", json!({"name": "Бета"}));
        let wrong = DEBTS.replace("Бета", "Гама").replace("РН-1;20.12.2025", "РН-1;31.02.2025").replace(";300;", ";багато;");
        let r = import(&app, &wrong, &CONSTANTS, false);
        assert_eq!(places(&r), [(2, "lines.date"), (3, "lines.amount"), (4, "lines.partner")], "{r:?}");
        let r = import(&app, &DEBTS.replace(";300;", ";0;"), &CONSTANTS, false);
        assert_eq!(places(&r), [(3, "lines.amount")], "{r:?}");
        let r = import(&app, DEBTS, &CONSTANTS, true);
        assert!(r.ok() && count(&app, "opening-balances", &[]) == 0, "{r:?}");

        let r = import(&app, DEBTS, &CONSTANTS, false);
        assert_eq!((r.read, r.created, r.errors.len()), (3, 1, 0), "{r:?}");
        let open = |currency: &str| {
            number(&app, &format!("SELECT CAST(SUM(open) AS BIGINT) FROM settlement_documents WHERE currency = '{currency}'"))
        };
        assert_eq!((open("UAH"), open("EUR")), (15_504_000, -800_000));
        assert_eq!(number(&app, "SELECT COUNT(*) FROM settlement_documents WHERE due_date = '2026-01-01'"), 1);
        assert_eq!(number(&app, "SELECT COUNT(*) FROM reg_sales_movements"), 0);
        // Again, under no key: each line is told where it stands already, and nothing is written.
        let r = import(&app, DEBTS, &CONSTANTS, false);
        assert_eq!(places(&r), [(2, "lines.number"), (3, "lines.number"), (4, "lines.number")], "{r:?}");
        assert!(r.errors.iter().all(|e| e.message.contains("OB-000001")), "{r:?}");
        assert_eq!((count(&app, "opening-balances", &[]), open("UAH")), (1, 15_504_000));
        assert_eq!(app.check().expect("checked"), []);
    });
}

#[test]
fn fin_07_a_file_with_a_key_changes_nothing_the_second_time() {
    kontor_testkit::both(|db| {
        let app = app(db);
        make(&app, "companies", json!({"name": "ТОВ Гайка", "currency": "UAH", "country": "UA"}));
        make(&app, "partners", json!({"name": "Альфа"}));
        make(&app, "partners", json!({"name": "Бета"}));
        let keyed: String =
            DEBTS.lines().enumerate().map(|(n, l)| format!("{};{l}\n", if n == 0 { "external_id" } else { "opening" })).collect();
        let r = import(&app, &keyed, &CONSTANTS, false);
        assert_eq!((r.created, r.errors.len()), (1, 0), "{r:?}");
        let audit = || number(&app, "SELECT COUNT(*) FROM audit");
        let before = audit();
        let r = import(&app, &keyed, &CONSTANTS, false);
        assert_eq!((r.created, r.skipped, r.errors.len(), audit()), (0, 1, 0, before), "{r:?}");
        assert_eq!(app.check().expect("checked"), []);
    });
}
