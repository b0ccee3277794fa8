//! Our prices go to Excel and come back edited.

use crate::support::*;
use kontor_exchange::read::{Sheet, sheets};
use kontor_exchange::{Input, Options};
use kontor_platform::query::Query;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx};
use kontor_testkit::TestDb;
use kontor_trade::Become;
use kontor_trade::price_book::{self, BookReport};
use kontor_trade::printing::{self, CodeKind, LabelsAsked, Shape};
use rust_xlsxwriter::Workbook;
use serde_json::json;
use std::sync::Arc;

fn setup(db: &TestDb) -> (Arc<App>, [Id; 2], Vec<Id>) {
    let app = app(db);
    let pieces = app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'pcs'", &[])?.id(0)).expect("an id");
    let types = ["Опт", "Роздріб"].map(|n| make(&app, "price-types", json!({"name": n, "currency": "UAH", "method": "manual"})));
    let mut products = vec![];
    for (n, name) in ["Болт", "Гайка", "Шайба", "Ґвинт"].iter().enumerate() {
        let p = make(&app, "products", json!({"name": name, "sku": format!("A-{n}"), "unit_id": pieces}));
        make(&app, "prices", json!({"price_type_id": types[0], "product_id": p, "price": format!("{n}.55")}));
        products.push(p);
    }
    make(&app, "prices", json!({"price_type_id": types[1], "product_id": products[0], "price": "1234567890123.456789"}));
    (app, types, products)
}

fn export(app: &Arc<App>) -> Vec<Sheet> {
    let mut out = vec![];
    let n = price_book::export(app, &Ctx::system(), &Query::default(), &[], &mut out).expect("exports");
    assert_eq!(n, 4);
    sheets(&Input::bytes("book.xlsx", out), &Default::default()).expect("is a workbook")
}

/// What Excel would save after edits: sheets with other cells.
fn save(all: &[Sheet]) -> Input {
    let mut book = Workbook::new();
    for s in all {
        let w = book.add_worksheet();
        w.set_name(&s.name).expect("a name");
        for (row, cells) in &s.rows {
            for (c, text) in cells.iter().enumerate().filter(|c| !c.1.is_empty()) {
                w.write(row - 1, c as u16, text.as_str()).expect("a cell");
            }
        }
    }
    Input::bytes("book.xlsx", book.save_to_buffer().expect("a workbook"))
}

fn import(app: &Arc<App>, input: &Input, target: Become) -> BookReport {
    price_book::import(app, &Ctx::system(), input, target, &Options::default())
}

/// Excel's usual mess: edited cells, one as text; a price where there was none; rows in another order, a column put in between,
/// a row added.
fn edited_book(app: &Arc<App>) -> Input {
    let mut book = export(app);
    row(&mut book[0], "Болт")[3] = "7,25 грн".into();
    row(&mut book[0], "Гайка")[4] = "100".into();
    book[0].rows[2..].reverse();
    for (n, r) in book[0].rows.iter_mut().enumerate() {
        r.0 = n as u32 + 1;
        r.1.insert(2, format!("моя нотатка {n}"));
    }
    book[0].rows.push((20, vec!["".into(), "сума".into(), "".into(), "999".into()]));
    save(&book)
}

fn row<'s>(s: &'s mut Sheet, name: &str) -> &'s mut Vec<String> {
    let cells = &mut s.rows.iter_mut().find(|r| r.1.iter().any(|c| c == name)).expect("a row").1;
    cells.resize(5, String::new());
    cells
}

#[test]
fn prc_14_only_changed_cells_become_edited_prices() {
    kontor_testkit::both(|db| {
        let (app, types, products) = setup(db);
        let untouched = import(&app, &save(&export(&app)), Become::Edited);
        assert_eq!((counts(&untouched.report), untouched.missing.len()), ((4, 0, 0, 0, 0), 0), "{:?}", untouched.report.errors);
        let edited = || -> Vec<(Id, Id, i64)> {
            let sql = "SELECT price_type_id, product_id, price FROM edited_prices WHERE archived = ? ORDER BY price";
            let found = app.store.read(|c| c.query(sql, &[false.into()])?.iter().map(|r| Ok((r.id(0)?, r.id(1)?, r.int(2)?))).collect());
            found.expect("edited prices")
        };
        assert_eq!(edited(), []);
        let in_force = number(&app, "SELECT COUNT(*) FROM prices");
        let input = edited_book(&app);
        let tried = price_book::import(&app, &Ctx::system(), &input, Become::Edited, &Options { dry_run: true, ..Default::default() });
        assert_eq!((counts(&tried.report), edited()), ((4, 2, 0, 0, 0), vec![]), "{:?}", tried.report.errors);
        let r = import(&app, &input, Become::Edited);
        assert_eq!((counts(&r.report), r.changed, r.price_changes.len()), ((4, 2, 0, 0, 0), 2, 0), "{:?}", r.report.errors);
        let wanted = [(types[0], products[0], 7_250_000), (types[1], products[1], 100_000_000)];
        assert_eq!((edited(), r.price_types.len()), (wanted.to_vec(), 2));
        assert_eq!(number(&app, "SELECT COUNT(*) FROM prices"), in_force, "nothing is in force yet");
        assert_eq!(number(&app, "SELECT COUNT(*) FROM price_changes WHERE state = 'draft'"), 0);
        // The same file again changes nothing; another one writes over what was edited.
        assert_eq!(counts(&import(&app, &input, Become::Edited).report), (4, 0, 0, 2, 0));
        let mut book = export(&app);
        row(&mut book[0], "Болт")[3] = "8".into();
        let r = import(&app, &save(&book), Become::Edited);
        assert_eq!((counts(&r.report), edited()[0]), ((4, 0, 1, 0, 0), (types[0], products[0], 8_000_000)), "{:?}", r.report.errors);
        // What the rules of edited prices refuse is told by cell, and nothing is written.
        let mut book = export(&app);
        row(&mut book[0], "Болт")[3] = "9".into();
        row(&mut book[0], "Гайка")[3] = "-1".into();
        let r = import(&app, &save(&book), Become::Edited);
        assert_eq!((r.report.errors.len(), edited()[0].2), (1, 8_000_000), "{:?}", r.report.errors);
    });
}

#[test]
fn prc_14_changed_cells_become_a_draft_price_change_where_that_is_asked_for() {
    kontor_testkit::both(|db| {
        let (app, types, products) = setup(db);
        let input = edited_book(&app);
        let r = import(&app, &input, Become::Draft);
        assert_eq!((counts(&r.report), r.price_changes.len()), ((4, 1, 0, 0, 0), 1), "{:?}", r.report.errors);
        let change = app.record(&Ctx::system(), "price-changes", r.price_changes[0]).expect("a draft");
        assert_eq!(change.state(), "draft");
        let lines = &change.spec.lines[0];
        let mut found: Vec<(Option<Id>, Option<Id>, Option<i64>)> = change.lines[0]
            .iter()
            .map(|l| (l.get(lines, "price_type_id").as_id(), l.get(lines, "product_id").as_id(), l.get(lines, "price").as_int()))
            .collect();
        let mut wanted = vec![(Some(types[0]), Some(products[0]), Some(7_250_000)), (Some(types[1]), Some(products[1]), Some(100_000_000))];
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted);
        assert_eq!(number(&app, "SELECT COUNT(*) FROM edited_prices"), 0);
        // The same file again is the same draft.
        let again = import(&app, &input, Become::Draft);
        assert_eq!(
            (again.report.created, again.report.skipped, number(&app, "SELECT COUNT(*) FROM price_changes WHERE state = 'draft'")),
            (0, 2, 1)
        );
    });
}

#[test]
fn prc_14_errors_name_their_cells_and_missing_rows_are_named() {
    let db = TestDb::sqlite();
    let (app, types, products) = setup(&db);
    let mut book = export(&app);
    let at = |book: &[Sheet], name: &str| book[0].rows.iter().find(|r| r.1.iter().any(|c| c == name)).expect("a row").0;
    let (bolt, nut, washer) = (at(&book, "Болт"), at(&book, "Гайка"), at(&book, "Шайба"));
    row(&mut book[0], "Болт")[3] = "дорого".into();
    row(&mut book[0], "Гайка")[3] = String::new();
    row(&mut book[0], "Шайба")[3] = "5".into();
    book[0].rows.retain(|r| !r.1.iter().any(|c| c == "Ґвинт"));
    // Somebody else was faster.
    make(&app, "prices", json!({"price_type_id": types[0], "product_id": products[2], "price": "4"}));
    let r = import(&app, &save(&book), Become::Edited);
    let name = book[0].name.clone();
    let mut wanted = vec![(bolt, format!("{name}!D{bolt}")), (nut, format!("{name}!D{nut}")), (washer, format!("{name}!D{washer}"))];
    wanted.sort();
    let found: Vec<(u32, String)> = places(&r.report).into_iter().map(|(n, c)| (n, c.to_string())).collect();
    assert_eq!(found, wanted, "{:?}", r.report.errors);
    assert!(r.report.errors.iter().any(|e| e.message.contains('4')), "{:?}", r.report.errors);
    assert_eq!((r.missing, number(&app, "SELECT COUNT(*) FROM edited_prices")), (vec!["Ґвинт".to_string()], 0));
    // A book without its memory is none.
    let foreign = import(&app, &save(&export(&app)[..1]), Become::Edited);
    assert_eq!(places(&foreign.report), [(0, "")]);
}

#[test]
fn prc_14_the_price_list_and_labels_come_out_in_every_shape() {
    let db = TestDb::sqlite();
    let (app, types, _) = setup(&db);
    let ctx = Ctx::system();
    let print = |shape: Shape| printing::price_list(&app, &ctx, &Query::default(), &[types[0]], shape).expect("prints");
    assert!(print(Shape::Pdf).starts_with(b"%PDF-"));
    let html = String::from_utf8(print(Shape::Html)).expect("is UTF-8");
    assert!(html.contains("<td>Ґвинт</td>") && html.contains("3.55") && !html.contains("<script"), "{html}");
    let book = sheets(&Input::bytes("list.xlsx", print(Shape::Xlsx)), &Default::default()).expect("is a workbook");
    assert!(book[0].rows.iter().any(|r| r.1.iter().any(|c| c == "Шайба")), "{:?}", book[0].rows);
    for said in ["a4", "a4:2x5", "58x40"] {
        let paper = printing::paper(said).expect("is known");
        let asked = LabelsAsked { paper, copies: 2, counts: None, code: CodeKind::Fitting };
        assert!(printing::labels(&app, &ctx, &Query::default(), &[types[0]], &asked).expect("prints").starts_with(b"%PDF-"));
        let picture = printing::labels_picture(&app, &ctx, &Query::default(), &[types[0]], &asked).expect("is drawn");
        assert!(picture.starts_with("<svg") && picture.ends_with("</svg>") && picture.contains("Шайба") == (said != "58x40"), "{picture}");
        let one = app.list(&ctx, "products", &Query { limit: 1, ..Default::default() }).expect("a page").rows[0].id;
        let counted = LabelsAsked { counts: Some([(one, 3)].into()), code: CodeKind::Qr, ..asked };
        assert!(printing::labels(&app, &ctx, &Query::default(), &[types[0]], &counted).expect("prints").starts_with(b"%PDF-"));
        let counted = LabelsAsked { counts: Some([(one, usize::MAX)].into()), ..counted };
        assert!(printing::labels(&app, &ctx, &Query::default(), &[types[0]], &counted).is_err(), "too many");
    }
    let list = printing::price_list_picture(&app, &ctx, &Query::default(), &[types[0]]).expect("is drawn");
    assert!(list.contains(">Ґвинт</text>") && list.contains("3.55"), "{list}");
    for said in ["", "a5", "58", "0x0", "a4:x"] {
        assert!(printing::paper(said).is_err(), "{said}");
    }
    let unknown = Id::now_v7();
    assert!(printing::price_list(&app, &ctx, &Query::default(), &[unknown], Shape::Html).is_err());
}

#[test]
fn prc_14_the_price_list_takes_computed_types_when_they_are_named() {
    kontor_testkit::both(|db| {
        let (app, types, _) = setup(db);
        let ctx = Ctx::system();
        let markup =
            json!({"name": "Plus", "currency": "UAH", "method": "markup", "base_price_type_id": types[0], "markup_percent": "100"});
        let plus = make(&app, "price-types", markup);
        let print = |of: &[Id]| {
            String::from_utf8(printing::price_list(&app, &ctx, &Query::default(), of, Shape::Html).expect("prints")).expect("is UTF-8")
        };
        let both = print(&[plus, types[0]]);
        assert!(both.contains("7.10") && both.contains("3.55"), "{both}");
        assert!(
            both.find("Plus").expect("its column") < both.find("UAH</th></tr>").expect("the last heading"),
            "in the order asked: {both}"
        );
        assert!(!print(&[]).contains("7.10"), "computed ones only when asked for");
        // The book that is read back takes only what can be written.
        let mut out = vec![];
        assert!(price_book::export(&app, &ctx, &Query::default(), &[plus], &mut out).is_err());
    });
}
