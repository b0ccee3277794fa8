//! Import and export of single entities, on both databases.

use kontor_exchange::{ExportFormat, Input, Mapping, Options, Report, export_entity, import_entity};
use kontor_platform::execute::Envelope;
use kontor_platform::query::Query;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Registry, schema};
use kontor_testkit::TestDb;
use serde_json::{Value as Json, json};
use std::sync::Arc;

fn app(db: &TestDb) -> Arc<App> {
    schema::open_draft(&db.url, kontor_office::register(Registry::default())).expect("the schema is made")
}

fn import(app: &Arc<App>, entity: &str, text: &str, options: &Options) -> Report {
    import_entity(app, &Ctx::system(), entity, &Input::bytes("file.csv", text.as_bytes().to_vec()), options)
}

fn make(app: &Arc<App>, collection: &str, input: Json) -> Id {
    app.execute(&Ctx::system(), Envelope::new(format!("{collection}.create"), input)).expect("is created").id.expect("has an id")
}

fn counts(r: &Report) -> (u64, u64, u64, u64, usize) {
    (r.read, r.created, r.updated, r.skipped, r.errors.len())
}

fn number(app: &Arc<App>, sql: &str) -> i64 {
    app.store.read(|c| c.query_one(sql, &[])?.int(0)).expect("a number")
}

#[test]
fn plt_06_import_creates_updates_and_changes_nothing_the_second_time() {
    kontor_testkit::both(|db| {
        let app = app(db);
        let file = "Назва;Входить до\nУкраїна;\nКиїв;Україна\nЛьвів;Україна\n";
        // The parent stands in the same file, so it is not there when its children are looked up.
        let r = import(&app, "regions", "name\nУкраїна\n", &Options::default());
        assert_eq!(counts(&r), (1, 1, 0, 0, 0), "{r:?}");
        let file = file.replace("Входить до", kontor_texts::label(kontor_texts::Lang::Uk, "regions", "parent_id"));
        let file = file.replace("Назва", kontor_texts::label(kontor_texts::Lang::Uk, "regions", "name"));
        let r = import(&app, "regions", &file, &Options { dry_run: true, ..Default::default() });
        assert_eq!((r.errors.len(), number(&app, "SELECT COUNT(*) FROM regions")), (0, 1), "{r:?}");
        let r = import(&app, "regions", &file, &Options::default());
        assert_eq!(counts(&r), (3, 2, 0, 1, 0), "{r:?}");
        let audit = number(&app, "SELECT COUNT(*) FROM audit");
        let r = import(&app, "regions", &file, &Options::default());
        assert_eq!(counts(&r), (3, 0, 0, 3, 0), "{r:?}");
        assert_eq!(number(&app, "SELECT COUNT(*) FROM audit"), audit, "nothing was written");
        let r = import(&app, "regions", "name,parent\nЛьвів,Київ\n", &Options::default());
        assert_eq!(counts(&r), (1, 0, 1, 0, 0), "{r:?}");
    });
}

#[test]
fn plt_06_errors_name_row_and_column_and_nothing_is_half_imported() {
    kontor_testkit::both(|db| {
        let app = app(db);
        let file = "name,currency,country,closed_until,stock_control\n\
                    Перша,UAH,UA,,\n\
                    ,UAH,UA,,\n\
                    Друга,XXZ,UA,2026-02-31,\n\
                    Перша,EUR,DE,,maybe\n\
                    Третя,UAH,UA,,allow\n";
        let r = import(&app, "companies", file, &Options::default());
        let places: Vec<(u32, &str)> = r.errors.iter().map(|e| (e.row, e.column.as_str())).collect();
        assert_eq!(places, [(3, "name"), (4, "closed_until"), (4, "currency"), (5, "name"), (5, "stock_control")], "{:?}", r.errors);
        assert_eq!((r.created, number(&app, "SELECT COUNT(*) FROM companies")), (0, 0));
        assert!(r.errors.iter().all(|e| e.file == "file.csv" && !e.message.contains('⟦') && !e.message.is_empty()), "{:?}", r.errors);
        let good = file.replace("2026-02-31", "").replace("maybe", "warn");
        let r = import(&app, "companies", &good, &Options { partial: true, ..Default::default() });
        let places: Vec<(u32, &str)> = r.errors.iter().map(|e| (e.row, e.column.as_str())).collect();
        assert_eq!(places, [(3, "name"), (4, "currency"), (5, "name")], "{:?}", r.errors);
        assert_eq!((r.created, number(&app, "SELECT COUNT(*) FROM companies")), (2, 2));
    });
}

#[test]
fn plt_06_a_row_that_comes_twice_is_told() {
    let db = TestDb::sqlite();
    let app = app(&db);
    let r = import(&app, "regions", "name\nКиїв\nЛьвів\nКиїв\n", &Options::default());
    let places: Vec<(u32, &str)> = r.errors.iter().map(|e| (e.row, e.column.as_str())).collect();
    assert_eq!((r.created, places), (0, vec![(4, "name")]));
    let r = import(&app, "companies", "name,currency,country\nПерша,UAH,Ukraine\n", &Options::default());
    assert!(r.ok(), "{r:?}");
    assert_eq!(number(&app, "SELECT COUNT(*) FROM companies WHERE country = 'UA'"), 1);
}

#[test]
fn plt_06_unknown_columns_and_broken_files_are_one_error() {
    let db = TestDb::sqlite();
    let app = app(&db);
    let r = import(&app, "regions", "name,colour\nx,y\n", &Options::default());
    assert_eq!((r.errors.len(), r.errors[0].row, r.errors[0].column.as_str()), (1, 1, "colour"));
    let ugly: [&[u8]; 6] = [b"", b"\0\x01\x02", b"PK\x03\x04broken", b"\xFF\xFE\x00", b"\x1f\x8bnot gzip", b"name\n\"open quote\nsecond\n"];
    for bytes in ugly {
        let r = import_entity(
            &app,
            &Ctx::system(),
            "regions",
            &Input::bytes("x", bytes.to_vec()),
            &Options { dry_run: true, ..Default::default() },
        );
        assert_eq!(r.errors.len(), 1, "{bytes:?} {r:?}");
    }
    let long = format!("name\n{}\n", "я".repeat(5_000_000));
    let r = import(&app, "regions", &long, &Options::default());
    assert_eq!((r.errors.len(), r.errors[0].row), (1, 2));
    let r = import(&app, "nothing", "name\nx\n", &Options::default());
    assert_eq!(r.errors.len(), 1);
}

#[test]
fn plt_06_an_export_comes_back_as_it_was() {
    kontor_testkit::both(|db| {
        let app = app(db);
        let head = make(&app, "users", json!({"login": "head", "name": "=1+1", "phone": "+380 44 123-45-67", "roles": ["director"]}));
        make(
            &app,
            "users",
            json!({"login": "second", "name": "  Пробіл \"лапки\"; крапка", "head_id": head, "email": "'=x", "language": "en"}),
        );
        make(&app, "users", json!({"login": "third", "name": "<b>жирний</b> 🎉 \u{202E}abc", "active": false, "custom": {"note": "-5"}}));
        for format in [ExportFormat::Csv, ExportFormat::Xlsx] {
            let mut out = vec![];
            let n =
                export_entity(&app, &Ctx::system(), "users", &Query { limit: 1, ..Default::default() }, format, &mut out).expect("exports");
            assert_eq!(n, 3);
            if format == ExportFormat::Csv {
                let text = String::from_utf8_lossy(&out);
                assert!(text.contains("'=1+1") && text.contains("'+380 44 123-45-67") && text.contains("''=x"), "{text}");
            }
            let audit = number(&app, "SELECT COUNT(*) FROM audit");
            let r = import_entity(&app, &Ctx::system(), "users", &Input::bytes("users", out), &Options::default());
            assert_eq!(counts(&r), (3, 0, 0, 3, 0), "{format:?} {:?}", r.errors);
            assert_eq!(number(&app, "SELECT COUNT(*) FROM audit"), audit, "nothing was written");
        }
    });
}

#[test]
fn plt_06_export_shows_no_hidden_field() {
    let db = TestDb::sqlite();
    let app = app(&db);
    make(&app, "users", json!({"login": "one", "name": "One", "password": "correct horse battery"}));
    let mut out = vec![];
    export_entity(&app, &Ctx::system(), "users", &Query::default(), ExportFormat::Csv, &mut out).expect("exports");
    let text = String::from_utf8_lossy(&out);
    assert!(text.contains("One") && !text.contains("password") && !text.contains("argon2"), "{text}");
}

#[test]
fn plt_06_names_are_made_where_a_name_is_enough() {
    let db = TestDb::sqlite();
    let app = app(&db);
    make(&app, "users", json!({"login": "olena", "name": "Олена"}));
    // A head by name or login; one that is not there is told by its row, not made.
    let r = import(
        &app,
        "users",
        "login,name,head,roles\nivan,Іван,Олена,\"director, accountant\"\npetro,Петро,olena,director\n",
        &Options::default(),
    );
    assert!(r.ok(), "{r:?}");
    assert_eq!(number(&app, "SELECT COUNT(*) FROM users WHERE head_id IS NOT NULL"), 2);
    let r = import(&app, "users", "login,name,head\nbohdan,Богдан,Нема\n", &Options::default());
    assert_eq!((r.errors.len(), r.errors[0].row, r.errors[0].column.as_str()), (1, 2, "head"), "{r:?}");
}

#[test]
fn plt_06_an_id_that_is_none_is_an_error_and_no_new_record() {
    kontor_testkit::both(|db| {
        let app = app(db);
        let id = make(&app, "regions", json!({"name": "Полісся"}));
        let r = import(&app, "regions", &format!("id,name\n{},Волинь\n,Поділля\n", &id.to_string()[1..]), &Options::default());
        assert_eq!(r.errors.iter().map(|e| (e.row, e.column.as_str())).collect::<Vec<_>>(), [(2, "id")], "{r:?}");
        assert_eq!(number(&app, "SELECT COUNT(*) FROM regions"), 1, "nothing is taken");
        let r = import(&app, "regions", &format!("id,name\n {id} ,Волинь\n,Поділля\n"), &Options::default());
        assert_eq!(counts(&r), (2, 1, 1, 0, 0), "{r:?}");
    });
}

/// The most memory that this process ever had, in MiB; `None` where the system does not tell.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kb| kb / 1024)
}

#[test]
fn plt_06_heavy_a_large_file_of_separated_text_is_never_in_memory_as_a_whole() {
    use std::io::Write;
    let db = TestDb::sqlite();
    let app = app(&db);
    // The title of an export is passed over, so it makes the file large and nothing else.
    let long = "їжак ".repeat(220);
    let (plain, packed) = (db.folder().join("regions.csv"), db.folder().join("regions.csv.gz"));
    let mut to = std::io::BufWriter::new(std::fs::File::create(&plain).expect("a file"));
    let mut gz = flate2::write::GzEncoder::new(std::fs::File::create(&packed).expect("a file"), flate2::Compression::fast());
    for n in 0..60_000 {
        let name = if n == 50_000 { String::new() } else { format!("Регіон {n}") };
        let row = if n == 0 { "name,title\n".to_string() } else { format!("{name},{n} {long}\n") };
        to.write_all(row.as_bytes()).and_then(|()| gz.write_all(row.as_bytes())).expect("is written");
    }
    to.flush().expect("is written");
    drop(gz.finish().expect("is written"));
    let size = std::fs::metadata(&plain).expect("is there").len() >> 20;
    let before = most_memory();
    for file in [plain, packed] {
        let r = import_entity(&app, &Ctx::system(), "regions", &Input::Path(file), &Options { dry_run: true, ..Default::default() });
        assert_eq!((r.read, r.errors.len()), (59_999, 1), "{:?}", r.errors.first());
        assert_eq!((r.errors[0].row, r.errors[0].column.as_str()), (50_001, "name"), "the row is the file's own: {:?}", r.errors);
    }
    if let (Some(before), Some(after)) = (before, most_memory()) {
        assert!(size > 100 && after - before < 64, "{size} MiB took {} MiB of memory", after - before);
    }
    // All of it, the row in the middle too, as one or not at all.
    assert_eq!(number(&app, "SELECT COUNT(*) FROM regions"), 0);
}

#[test]
fn plt_06_a_file_with_its_own_heads_is_mapped_by_hand() {
    kontor_testkit::both(|db| {
        let app = app(db);
        let file = "Перелік регіонів;;\n;;\nНайменування;Область (куди входить);Нотатки про регіон\nУкраїна;;старе\n\nКиїв;Україна;\n";
        let r = import(&app, "regions", file, &Options { dry_run: true, ..Default::default() });
        let told =
            |r: &Report| r.columns.iter().map(|c| (c.name.clone(), c.field.clone(), c.guess.clone(), c.sample.clone())).collect::<Vec<_>>();
        assert_eq!(r.errors.iter().map(|e| e.row).collect::<Vec<_>>(), [3, 3, 3], "every head that is unknown, under the title: {r:?}");
        let name = ("Найменування".to_string(), None, Some("name".to_string()), "Україна".to_string());
        assert_eq!(told(&r)[0], name);
        let said = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
        let columns = said(&[("Найменування", "name"), ("Область (куди входить)", "parent"), ("Нотатки про регіон", "")]);
        let mapping = Mapping { columns, constants: Default::default() };
        let made = import(&app, "regions", "name\nУкраїна\n", &Options::default());
        assert!(made.ok(), "{made:?}");
        let r = import(&app, "regions", file, &Options { mapping, ..Default::default() });
        assert_eq!(counts(&r), (2, 1, 0, 1, 0), "{r:?}");
        assert_eq!(told(&r)[2].1.as_deref(), Some(""), "what was chosen is told again");
        // One value for all rows; a field that is not there is refused.
        let constants = said(&[("currency", "UAH"), ("country", "UA")]);
        let mapping = Mapping { columns: said(&[("Фірма", "name")]), constants };
        let r = import(&app, "companies", "Фірма\nПерша\nДруга\n", &Options { mapping, ..Default::default() });
        assert_eq!(counts(&r), (2, 2, 0, 0, 0), "{r:?}");
        assert_eq!(number(&app, "SELECT COUNT(*) FROM companies WHERE currency = 'UAH' AND country = 'UA'"), 2);
        let mapping = Mapping { constants: said(&[("nothing", "1")]), ..Default::default() };
        assert!(!import(&app, "regions", "name\nЛьвів\n", &Options { mapping, ..Default::default() }).ok());
    });
}
