//! Scenarios of the catalog through commands, on both databases.

use kontor_catalog::{ProductKind, product_facts};
use kontor_kernel::Percent;
use kontor_kernel::error::Result;
use kontor_platform::cx::Cx;
use kontor_platform::execute::Envelope;
use kontor_platform::store::{Migration, Store, StoreOptions};
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Registry, schema};
use kontor_testkit::TestDb;
use serde_json::{Value as Json, json};
use std::sync::Arc;

fn app(db: &TestDb) -> Arc<App> {
    let r = kontor_catalog::register(kontor_office::register(Registry::default()));
    let sql: &'static str = Box::leak(schema::draft(&r).into_boxed_str());
    let r = r.migrations([schema::PLATFORM, Migration { name: "0002_draft", sql }]);
    let store = Store::open(&db.url, StoreOptions::default()).expect("the database opens");
    let app = App::new(store, r);
    app.migrate().expect("the schema is made");
    app
}

fn make(app: &Arc<App>, collection: &str, input: Json) -> Result<Id> {
    Ok(app.execute(&Ctx::system(), Envelope::new(format!("{collection}.create"), input))?.id.expect("a created record has an id"))
}

fn unit(app: &Arc<App>, code: &str) -> Id {
    app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = ?", &[code.into()])?.id(0)).expect("the unit is seeded")
}

fn field_of(e: kontor_platform::Error) -> (String, String) {
    let f = e.inner().fields.first().unwrap_or_else(|| panic!("no field in {e}"));
    (f.field.clone(), f.code.to_string())
}

#[test]
fn prc_01_a_new_product_takes_the_vat_rate_of_the_nearest_category() {
    kontor_testkit::both(|db| {
        let app = app(db);
        let food = make(&app, "product-categories", json!({"name": "Їжа", "vat_rate": "ua20"})).unwrap();
        let bread = make(&app, "product-categories", json!({"name": "Хліб", "parent_id": food})).unwrap();
        let pcs = unit(&app, "pcs");
        let loaf = make(&app, "products", json!({"name": "Батон", "sku": "85123a", "unit_id": pcs, "category": "Хліб"})).unwrap();
        let exempt =
            make(&app, "products", json!({"name": "Дріжджі", "sku": "85123A", "unit_id": pcs, "category_id": bread, "vat_rate": "exempt"}))
                .unwrap();
        let bare = make(&app, "products", json!({"name": "Доставка", "unit_id": pcs, "kind": "service"})).unwrap();
        app.store
            .write(kontor_platform::store::Priority::People, {
                let app = app.clone();
                move |conn| {
                    let ctx = Ctx::system();
                    let mut cx = Cx::new(conn, &app, &ctx, "test");
                    let f = product_facts(&mut cx, &[loaf, exempt, bare, Id::nil()])?;
                    assert_eq!(f.len(), 3, "an unknown id is not in the answer");
                    assert_eq!(f[&loaf].vat_percent, Percent::parse("20").unwrap());
                    assert_eq!(f[&loaf].category_path, [bread, food]);
                    assert_eq!(f[&loaf].category_names, ["Хліб", "Їжа"]);
                    assert_eq!(f[&loaf].sku, "85123a");
                    assert_eq!(f[&exempt].vat_percent, Percent::ZERO);
                    assert_eq!((f[&bare].kind, f[&bare].vat_rate.clone()), (ProductKind::Service, None));
                    Ok(())
                }
            })
            .unwrap();
    });
}

#[test]
fn prc_01_other_units_are_checked_and_give_their_ratio() {
    kontor_testkit::both(|db| {
        let app = app(db);
        let (pcs, boxes) = (unit(&app, "pcs"), unit(&app, "box"));
        let with = |units: Json| make(&app, "products", json!({"name": "Чай", "unit_id": pcs, "units": units}));
        let tea = with(json!([{"unit_id": boxes, "numerator": 12}])).unwrap();
        assert_eq!(field_of(with(json!([{"unit_id": pcs, "numerator": 12}])).unwrap_err()), ("units.0.unit_id".into(), "unique".into()));
        assert_eq!(
            field_of(with(json!([{"unit_id": Id::nil(), "numerator": 12}])).unwrap_err()),
            ("units.0.unit_id".into(), "reference_missing".into())
        );
        app.store
            .read(|conn| {
                let ctx = Ctx::system();
                let mut cx = Cx::new(conn, &app, &ctx, "test");
                let f = product_facts(&mut cx, &[tea])?;
                assert_eq!(f[&tea].unit_ratio(boxes), Some((12, 1)));
                assert_eq!(f[&tea].unit_ratio(pcs), Some((1, 1)));
                assert_eq!(f[&tea].unit_ratio(Id::nil()), None);
                Ok(())
            })
            .unwrap();
    });
}

#[test]
fn prc_01_trees_refuse_circles_and_unknown_names_are_named() {
    kontor_testkit::both(|db| {
        let app = app(db);
        let a = make(&app, "product-categories", json!({"name": "A"})).unwrap();
        let b = make(&app, "product-categories", json!({"name": "B", "parent_id": a})).unwrap();
        let circle = app.execute(&Ctx::system(), Envelope::new("product-categories.update", json!({"parent_id": b})).on(a).seen(1));
        assert_eq!(field_of(circle.unwrap_err()), ("parent_id".into(), "cycle".into()));
        let pcs = unit(&app, "pcs");
        let e = make(&app, "products", json!({"name": "X", "unit_id": pcs, "category": "Немає такої"})).unwrap_err();
        assert_eq!(field_of(e), ("category".into(), "reference_missing".into()));
        let e = make(&app, "products", json!({"name": "X"})).unwrap_err();
        assert_eq!(field_of(e), ("unit_id".into(), "required".into()));
        let e = make(&app, "products", json!({"name": "X", "unit_id": pcs, "vat_rate": "zz"})).unwrap_err();
        assert_eq!(field_of(e), ("vat_rate".into(), "bad_code".into()));
        let e = make(&app, "vat-rates", json!({"code": "x", "name": "X", "percent": "100.01"})).unwrap_err();
        assert_eq!(field_of(e), ("percent".into(), "out_of_range".into()));
    });
}
