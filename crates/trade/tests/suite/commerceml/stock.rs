//! Stock: what files say is there is compared with the register and becomes drafts of receipts; what can be sold here is written.

use super::{Exported, SET, import, twice};
use crate::support::*;
use kontor_exchange::{Input, Options};
use kontor_kernel::Quantity;
use kontor_kernel::error::Result;
use kontor_office::document::DocRef;
use kontor_platform::cx::Cx;
use kontor_platform::execute::Envelope;
use kontor_platform::store::Priority;
use kontor_platform::value::{Id, new_id};
use kontor_platform::{App, Ctx};
use kontor_stock::{StockMove, move_stock};
use kontor_testkit::TestDb;
use kontor_trade::commerceml::{self, Imported};
use serde_json::{Value as Json, json};
use std::sync::Arc;

fn q(s: &str) -> Quantity {
    Quantity::parse(s).expect("a quantity")
}

/// Takes a file as drafts of receipts.
fn receipts(app: &Arc<App>, file: impl AsRef<[u8]>, options: Options, warehouse: Option<Id>) -> Imported {
    let input = Input::bytes("rests.xml", file.as_ref().to_vec());
    let ctx = Ctx::system().with_source(kontor_platform::Source::Import);
    commerceml::import(app, &ctx, "stock-receipts", &input, &options, warehouse)
}

fn of_set(app: &Arc<App>, file: &str, warehouse: Option<Id>) -> Imported {
    let input = Input::Path(set(SET).expect("is there").join(file));
    commerceml::import(app, &Ctx::system(), "stock-receipts", &input, &Options::default(), warehouse)
}

fn in_drafts(app: &App) -> i64 {
    number(
        app,
        "SELECT CAST(COALESCE(SUM(l.quantity), 0) AS BIGINT) FROM stock_receipts r JOIN stock_receipt_lines l ON l.parent_id = r.id WHERE r.state = 'draft'",
    )
}

fn moved(app: &App) -> i64 {
    number(app, "SELECT COUNT(*) FROM reg_stock_movements")
}

#[test]
fn plt_08_stock_of_every_file_becomes_drafts_to_the_last_unit() {
    if set(SET).is_none() {
        return;
    }
    let truth = truth(SET);
    let of = |name: &str| truth["files"].as_array().and_then(|f| f.iter().find(|f| f["file"] == name).cloned()).expect("is in the truth");
    // File, what must be there before, our warehouses: by name, or by what the file calls them.
    let obuv = ["Магазин \"Обувь\""];
    let d16 = [
        "Главный склад",
        "Магазин \"Обувь\"",
        "Магазин \"Продукты\"",
        "Магазин \"Бытовая техника\"",
        "Магазин \"Детские товары\". Воронеж",
        "Магазин \"Детские товары\". Тула",
    ];
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str], Option<&'a str>);
    let cases: [Case; 6] = [
        ("carono_offers.xml", &[("products", "carono_import.xml"), ("prices", "carono_offers.xml")], &obuv, None),
        ("d16_offers0_1.xml", &[("products", "d16_import0_1.xml.gz"), ("prices", "d16_offers0_1.xml.gz")], &d16, None),
        (
            "rahimov_rests.xml",
            &[("products", "rahimov_import.xml.gz"), ("products", "rahimov_offers_7f30.xml")],
            &["Склад"],
            Some("5d1caeb1-44b2-11e4-a628-003048c64779"),
        ),
        (
            "solopov_rests.xml",
            &[("products", "solopov_offers.xml"), ("products", "solopov_import.xml")],
            &["Склад"],
            Some("277e3391-fb26-11e7-80e9-00155d00930f"),
        ),
        ("irpsv_umi-cms_offers.xml", &[("prices", "irpsv_umi-cms_offers.xml")], &["Єдиний"], None),
        ("santech_offers.xml", &[("products", "santech_import.xml")], &["Єдиний"], None),
    ];
    for (file, before, warehouses, called) in cases {
        let db = TestDb::sqlite();
        let app = app(&db);
        let company = make(&app, "companies", json!({"name": "Ми", "currency": "UAH", "country": "UA"}));
        let own: Vec<Id> = warehouses.iter().map(|n| make(&app, "warehouses", json!({"name": n, "company_id": company}))).collect();
        if let Some(called) = called {
            let name = json!({"entity": "warehouses", "record_id": own[0], "source": "commerceml", "external_id": called});
            make(&app, "external-ids", name);
        }
        // The kit of solopov needs its components first.
        for (entity, part) in before.iter().rev().take(usize::from(file.starts_with("solopov"))).chain(before) {
            assert!(import(&app, entity, part).ok(), "{part}");
        }
        let f = of(file);
        let stored = f["stored_as"].as_str().unwrap_or(file);
        let sum = f["sum_warehouse_stock"].as_str().or(f["sum_qty"].as_str()).map(q).expect("a sum");
        let done = of_set(&app, stored, None);
        assert!(done.report.ok(), "{file}: {:?}", done.report.errors.first());
        let stock = done.stock.expect("was compared");
        // Sold before it came in: that is less than we have, which is nothing.
        let below: i64 = stock.less.iter().map(|d| d.in_file.scaled()).sum();
        assert!(stock.less.iter().all(|d| d.in_file.is_negative() && d.available.is_zero()), "{file}");
        assert_eq!((stock.unknown_offers, stock.passed.len()), (0, 0), "{file}");
        assert_eq!(in_drafts(&app) + below, sum.scaled(), "{file}");
        assert!(stock.receipts.iter().all(|r| r.new && r.without_cost == r.lines), "{file}: nothing came in before");
        assert_eq!(done.report.created, stock.receipts.len() as u64, "{file}: one for each warehouse that has more");
        assert_eq!(moved(&app), 0, "{file}: nobody posted anything");
        // Again: the drafts stand for it already.
        let audit = number(&app, "SELECT COUNT(*) FROM audit");
        let again = of_set(&app, stored, None);
        assert_eq!((again.report.created, again.report.updated), (0, 0), "{file}");
        assert_eq!(number(&app, "SELECT COUNT(*) FROM audit"), audit, "{file}: the second time writes nothing");
        assert!(app.check().expect("the check runs").is_empty());
    }
}

struct World {
    app: Arc<App>,
    company: Id,
    main: Id,
    shop: Id,
    bolt: Id,
    nut: Id,
}

fn world(db: &TestDb) -> World {
    let app = app(db);
    let company = make(&app, "companies", json!({"name": "ТОВ Гайка", "currency": "UAH", "country": "UA"}));
    let [main, shop] =
        ["Головний", "Крамниця «1»"].map(|n| make(&app, "warehouses", json!({"name": n, "company_id": company, "address": "Київ & Ко"})));
    let unit = app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'pcs'", &[])?.id(0)).expect("a unit");
    let product = |id: &str, kind: &str| {
        let input =
            json!({"name": format!("Товар {id}"), "sku": id, "kind": kind, "unit_id": unit, "source": "commerceml", "external_id": id});
        make(&app, "products", input)
    };
    let (bolt, nut) = (product("bolt", "goods"), product("nut", "goods"));
    // Nobody keeps it in stock.
    product("repair", "service");
    World { app, company, main, shop, bolt, nut }
}

impl World {
    fn receive(&self, warehouse: Id, product: Id, quantity: &str, cost: &str) -> Id {
        let lines = json!([{"product_id": product, "quantity": quantity, "cost": cost}]);
        make(&self.app, "stock-receipts", json!({"company_id": self.company, "warehouse_id": warehouse, "lines": lines, "post": true}))
    }
    fn reserve(&self, warehouse: Id, product: Id, reserved: &str) {
        let (app, reserved) = (self.app.clone(), q(reserved));
        let done: Result<()> = self.app.store.write(Priority::People, move |conn| {
            let ctx = Ctx::system();
            let mut cx = Cx::new(conn, &app, &ctx, "test");
            let doc = DocRef { entity: "orders", id: new_id(), date: ctx.today };
            move_stock(&mut cx, &[StockMove { doc, warehouse, product, line: 0, on_hand: Quantity::ZERO, reserved, storno: None }])
        });
        done.expect("is reserved");
    }
    fn export(&self, only: &[Id]) -> String {
        let mut out = vec![];
        let mut ctx = Ctx::system();
        ctx.now = Default::default();
        commerceml::export_with_stock(&self.app, &ctx, only, &mut out).expect("exports");
        String::from_utf8(out).expect("is UTF-8")
    }
    fn run(&self, command: &str, id: Id, input: Json) -> Result<kontor_platform::execute::Outcome> {
        let r = self.app.record(&Ctx::system(), "stock-receipts", id).expect("is there");
        self.app.execute(&Ctx::system(), Envelope::new(command, input).on(id).seen(r.version))
    }
    /// Product, quantity and cost of the lines of the only draft.
    fn draft(&self) -> (Id, Vec<(Id, String, Option<String>)>) {
        let sql = "SELECT id FROM stock_receipts WHERE state = 'draft'";
        let id = self.app.store.read(|c| c.query_one(sql, &[])?.id(0)).expect("one draft");
        let j = self.app.get(&Ctx::system(), "stock-receipts", id).expect("is there");
        let text = |v: &Json| v.as_str().map(str::to_string);
        let line = |l: &Json| {
            (text(&l["product_id"]).and_then(|t| t.parse().ok()).expect("an id"), text(&l["quantity"]).expect("text"), text(&l["cost"]))
        };
        (id, j["lines"].as_array().expect("lines").iter().map(line).collect())
    }
}

/// `Ид`, total, quantities by warehouse.
type Offer<'a> = (&'a str, Option<&'a str>, &'a [(&'a str, &'a str)]);

fn offers(warehouses: &[(&str, &str)], offers: &[Offer]) -> String {
    let w: String = warehouses.iter().map(|(id, n)| format!("<Склад><Ид>{id}</Ид><Наименование>{n}</Наименование></Склад>")).collect();
    let offer = |(id, total, by): &Offer| {
        let total = total.map_or_else(String::new, |t| format!("<Количество>{t}</Количество>"));
        let by: String = by.iter().map(|(w, q)| format!("<Склад ИдСклада=\"{w}\" КоличествоНаСкладе=\"{q}\"/>")).collect();
        format!("<Предложение><Ид>{id}</Ид>{total}{by}</Предложение>\n")
    };
    let all: String = offers.iter().map(offer).collect();
    format!(
        "<КоммерческаяИнформация><ПакетПредложений><Склады>{w}</Склады><Предложения>\n{all}</Предложения></ПакетПредложений></КоммерческаяИнформация>"
    )
}

#[test]
fn prc_14_offers_tell_what_can_be_sold_in_all_and_by_warehouse_and_read_back_as_no_difference() {
    kontor_testkit::both(|db| {
        let w = world(db);
        w.receive(w.main, w.bolt, "20", "2.5");
        w.receive(w.shop, w.bolt, "4.5", "2.5");
        w.reserve(w.main, w.bolt, "3");
        // Sold out of a warehouse: a shop must hear of it. Promised more than there is: nothing can be sold.
        w.receive(w.shop, w.nut, "2", "1");
        w.reserve(w.shop, w.nut, "2");
        let file = w.export(&[]);
        let offer = |id: &str| {
            let at = file.find(&format!("<Ид>{id}</Ид>")).expect("is offered");
            file[at..].split("</Предложение>").next().expect("ends").split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let ids = [w.main, w.shop].map(|id| id.to_string());
        assert!(file.contains(&format!("<Ид>{}</Ид>", ids[0])) && file.contains("<Наименование>Крамниця «1»</Наименование>"));
        assert!(file.contains("<Представление>Київ &amp; Ко</Представление>"));
        assert!(offer("bolt").ends_with(&format!(
            "<Количество>21.5</Количество> <Склад ИдСклада=\"{}\" КоличествоНаСкладе=\"17\"/> <Склад ИдСклада=\"{}\" КоличествоНаСкладе=\"4.5\"/>",
            ids[0], ids[1]
        )));
        assert!(offer("nut").ends_with(&format!("<Количество>0</Количество> <Склад ИдСклада=\"{}\" КоличествоНаСкладе=\"0\"/>", ids[1])));
        assert!(!file.contains("<Ид>repair</Ид>"), "a service has no stock");
        let mut plain = vec![];
        commerceml::export(&w.app, &Ctx::system(), Exported::Offers, &mut plain).expect("exports");
        assert!(!String::from_utf8(plain).expect("is UTF-8").contains("Количество"), "only where it is asked for");
        let shop = w.export(&[w.shop]);
        assert!(shop.contains("<Количество>4.5</Количество>") && !shop.contains(&ids[0]));
        assert!(commerceml::export_with_stock(&w.app, &Ctx::system(), &[w.bolt], &mut vec![]).is_err(), "no such warehouse");
        // Read back: as prices, and as receipts.
        let audit = number(&w.app, "SELECT COUNT(*) FROM audit");
        for entity in ["prices", "stock-receipts"] {
            let input = Input::bytes("offers.xml", file.clone().into_bytes());
            let done = commerceml::import(&w.app, &Ctx::system(), entity, &input, &Options::default(), None);
            assert!(done.report.ok(), "{:?}", done.report.errors);
            let stock = done.stock.expect("was compared");
            assert_eq!((stock.compared, stock.same, stock.receipts.len()), (4, 4, 0), "{entity}: two goods in two warehouses");
        }
        assert_eq!(number(&w.app, "SELECT COUNT(*) FROM audit"), audit, "nothing is written");
    });
}

#[test]
fn prc_14_what_a_file_has_more_is_a_draft_with_the_last_known_cost_and_what_it_has_less_is_told() {
    kontor_testkit::both(|db| {
        let w = world(db);
        w.receive(w.main, w.bolt, "10", "2.5");
        w.receive(w.main, w.nut, "8", "0.75");
        // By its name, whatever the case; the second warehouse of the file is nobody's, but empty.
        let shops = [("w-1", " головний "), ("w-9", "Чужий")];
        let file =
            offers(&shops, &[("bolt", Some("12.5"), &[("w-1", "12.5")]), ("nut", Some("3"), &[("w-1", "3")]), ("repair", Some("5"), &[])]);
        let dry = receipts(&w.app, &file, Options { dry_run: true, ..Default::default() }, None);
        assert_eq!((dry.report.ok(), dry.report.created, in_drafts(&w.app)), (true, 1, 0), "{:?}", dry.report.errors);
        assert_eq!(dry.stock.expect("was compared").receipts[0].id, None);

        let done = receipts(&w.app, &file, Options::default(), None);
        assert!(done.report.ok(), "{:?}", done.report.errors);
        let stock = done.stock.expect("was compared");
        assert_eq!((stock.compared, stock.more_count, stock.less_count), (2, 1, 1));
        assert_eq!((stock.less[0].product_id, stock.less[0].row, stock.less[0].difference), (w.nut, 3, q("-5")), "told by its line");
        assert_eq!((stock.less[0].in_file, stock.less[0].available, stock.less[0].warehouse_id), (q("3"), q("8"), Some(w.main)));
        assert!(done.report.notes.iter().all(|n| !n.contains('⟦')), "{:?}", done.report.notes);
        let (draft, lines) = w.draft();
        assert_eq!(lines, [(w.bolt, "2.5".into(), Some("2.5".into()))], "what is more, at what it cost last");
        assert_eq!((stock.receipts[0].id, stock.receipts[0].number.as_str()), (Some(draft), "SR-000003"), "the next after those by hand");

        // A later file: the draft is brought up to date, what the storekeeper wrote into it stays.
        let costly = json!({"lines": [{"product_id": w.bolt, "quantity": "2.5", "cost": "3"}]});
        w.run("stock-receipts.update", draft, costly).expect("is written");
        let sold = offers(&[], &[("bolt", None, &[("w-1", "11")]), ("nut", None, &[("w-1", "9")])]);
        let again = receipts(&w.app, &sold, Options::default(), None);
        assert_eq!((again.report.created, again.report.updated), (0, 1), "{:?}: known by what it is called there", again.report.errors);
        assert_eq!(w.draft(), (draft, vec![(w.bolt, "1".into(), Some("3".into())), (w.nut, "1".into(), Some("0.75".into()))]));
        // A file that speaks of one product leaves the other line alone.
        let part = offers(&[], &[("bolt", None, &[("w-1", "10")])]);
        assert_eq!(receipts(&w.app, &part, Options::default(), None).report.updated, 1);
        assert_eq!(w.draft().1, [(w.nut, "1".into(), Some("0.75".into()))]);
        let gone = offers(&[], &[("nut", None, &[("w-1", "8")])]);
        assert_eq!(receipts(&w.app, &gone, Options::default(), None).report.updated, 1);
        assert_eq!(number(&w.app, "SELECT COUNT(*) FROM stock_receipts WHERE state = 'draft'"), 0, "nothing is left of it");
        assert_eq!(moved(&w.app), 2, "the two receipts by hand");
    });
}

#[test]
fn prc_14_a_draft_without_a_cost_waits_for_the_storekeeper() {
    kontor_testkit::both(|db| {
        let w = world(db);
        let file = offers(&[("w", "Крамниця «1»")], &[("bolt", Some("4"), &[("w", "4")])]);
        let done = receipts(&w.app, file, Options::default(), None);
        assert_eq!(done.stock.expect("was compared").receipts[0].without_cost, 1);
        let (draft, lines) = w.draft();
        assert_eq!(lines, [(w.bolt, "4".into(), None)]);
        let e = w.run("stock-receipts.post", draft, Json::Null).expect_err("nobody knows what it cost");
        assert_eq!((e.inner().fields[0].field.as_str(), &*e.inner().fields[0].code), ("lines.0.cost", "cost_missing"));
        let known = json!({"lines": [{"product_id": w.bolt, "quantity": "4", "cost": "0"}]});
        w.run("stock-receipts.update", draft, known).expect("goods that came free of charge");
        w.run("stock-receipts.post", draft, Json::Null).expect("is posted");
        assert_eq!(moved(&w.app), 1);
        assert!(w.app.check().expect("the check runs").is_empty());
    });
}

#[test]
fn prc_14_stock_that_has_no_place_here_is_refused_by_its_line_or_told_beside_prices() {
    let db = TestDb::sqlite();
    let w = world(&db);
    w.app.execute(&Ctx::system(), Envelope::new("products.delete", Json::Null).on(w.nut)).expect("goes out of use");
    type Case<'a> = (String, Vec<(u32, &'a str)>);
    let shop = [("w", "Головний"), ("x", "Чужий")];
    let cases: Vec<Case> = vec![
        (offers(&shop, &[("bolt", Some("багато"), &[])]), vec![(2, "Предложение[1]/Количество")]),
        (offers(&shop, &[("bolt", None, &[("w", "п'ять")])]), vec![(2, "Предложение[1]/Склад")]),
        (offers(&shop, &[("bolt", None, &[("w", "1")]), ("нема", Some("2"), &[("w", "2")])]), vec![(3, "Предложение/Ид")]),
        (offers(&shop, &[("bolt", None, &[("w", "1"), ("x", "7")])]), vec![(2, "Предложение/Склад")]),
        (offers(&shop, &[("nut", None, &[("w", "1")])]), vec![(2, "Предложение/Ид")]),
        // Two warehouses, and not a word which of them it is.
        (offers(&[], &[("bolt", Some("5"), &[])]), vec![(0, "")]),
        (offers(&[], &[]), vec![(0, "")]),
    ];
    for (n, (file, wanted)) in cases.iter().enumerate() {
        let done = receipts(&w.app, file, Options::default(), None);
        assert_eq!((places(&done.report), in_drafts(&w.app)), (wanted.clone(), 0), "case {n}: {:?}", done.report.errors);
    }
    // The good part is taken where that is asked for; the rest is still told.
    let partly = receipts(&w.app, &cases[2].0, Options { partial: true, ..Default::default() }, None);
    assert_eq!((partly.report.errors.len(), partly.report.created, in_drafts(&w.app)), (1, 1, Quantity::UNIT));
    // With a word which of them.
    let done = receipts(&w.app, &cases[5].0, Options::default(), Some(w.shop));
    assert_eq!((done.report.ok(), in_drafts(&w.app)), (true, 6 * Quantity::UNIT), "{:?}", done.report.errors);
    // Beside prices it is told, and nothing is refused: -3 is less than nothing.
    let beside = offers(&shop, &[("bolt", None, &[("w", "-3"), ("x", "7")]), ("нема", Some("2"), &[])]);
    let input = Input::bytes("offers.xml", beside.into_bytes());
    let done = commerceml::import(&w.app, &Ctx::system(), "prices", &input, &Options::default(), None);
    let stock = done.stock.expect("was compared");
    assert!(done.report.ok(), "{:?}", done.report.errors);
    assert_eq!((stock.less_count, stock.unknown_offers, stock.passed.len()), (1, 1, 1));
    assert_eq!((stock.passed[0].name.as_str(), stock.passed[0].offers, stock.passed[0].quantity), ("Чужий", 1, q("7")));
}

#[test]
fn plt_08_stock_is_read_in_each_way_in_which_it_is_written() {
    let db = TestDb::sqlite();
    let w = world(&db);
    let ways = [
        "<Количество>5</Количество><Склад ИдСклада=\"w\" КоличествоНаСкладе=\"5\"/>",
        "<КоличествоНаСкладах><КоличествоНаСкладе><ИдСклада>w</ИдСклада><Количество>5</Количество></КоличествоНаСкладе></КоличествоНаСкладах>",
        "<Остатки><Остаток><Склад><Ид>w</Ид><Количество>2</Количество></Склад></Остаток><Остаток><Склад><Ид>w</Ид><Количество>3</Количество></Склад></Остаток></Остатки>",
    ];
    for way in ways {
        let empty = offers(&[("w", "Головний")], &[]);
        let file = empty.replace("<Предложения>\n", &format!("<Предложения>\n<Предложение><Ид>bolt</Ид>{way}</Предложение>"));
        let done = receipts(&w.app, file, Options { dry_run: true, ..Default::default() }, None);
        let stock = done.stock.unwrap_or_else(|| panic!("{way}: {:?}", done.report.errors));
        assert_eq!((stock.more_count, stock.more[0].in_file), (1, q("5")), "{way}");
    }
    let total = offers(&[], &[]).replace(
        "<Предложения>\n",
        "<Предложения>\n<Предложение><Ид>bolt</Ид><Остатки><Остаток><Количество>4</Количество></Остаток></Остатки></Предложение>",
    );
    let done = receipts(&w.app, total, Options { dry_run: true, ..Default::default() }, Some(w.main));
    assert_eq!(done.stock.expect("was compared").more[0].in_file, q("4"));
    // Twice the same file as prices: the warehouse is found by name, its name there is kept, once.
    if set(SET).is_some() {
        make(&w.app, "warehouses", json!({"name": "Магазин \"Обувь\"", "company_id": w.company}));
        assert!(import(&w.app, "products", "carono_import.xml").ok());
        twice(&w.app, "prices", "carono_offers.xml");
        assert_eq!(
            number(
                &w.app,
                "SELECT COUNT(*) FROM external_ids WHERE entity = 'warehouses' AND external_id = 'b6112590-41ba-11dd-ac9d-0015e9b8c48d'"
            ),
            1
        );
    }
}
