//! Scenarios of the catalog through commands, on both databases.

use kontor_catalog::{ProductKind, product_facts};
use kontor_kernel::Percent;
use kontor_kernel::error::Result;
use kontor_platform::cx::Cx;
use kontor_platform::execute::Envelope;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Registry, schema};
use kontor_testkit::TestDb;
use serde_json::{Value as Json, json};
use std::sync::Arc;

fn app(db: &TestDb) -> Arc<App> {
    let r = kontor_catalog::register(kontor_office::register(Registry::default()));
    schema::open_draft(&db.url, r).expect("the schema is made")
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

#[test]
fn prc_01_a_kit_names_its_components_once_and_is_none_of_them() {
    kontor_testkit::both(|db| {
        let app = app(db);
        let pcs = unit(&app, "pcs");
        let made = |name: &str, components: Json| make(&app, "products", json!({"name": name, "unit_id": pcs, "components": components}));
        let (bolt, nut) = (made("Болт", Json::Null).unwrap(), made("Гайка", Json::Null).unwrap());
        let part = |id: Id, quantity: &str| json!({"product_id": id, "quantity": quantity});
        let pair = made("Болт з гайкою", json!([part(bolt, "1"), part(nut, "2")])).unwrap();
        let seen = app.get(&Ctx::system(), "products", pair).unwrap();
        assert_eq!(seen["components"][1]["quantity"], json!("2"));
        let set = made("Набір", json!([part(pair, "10")])).unwrap();
        for (components, field, code) in [
            (json!([part(bolt, "1"), part(bolt, "2")]), "components.1.product_id", "unique"),
            (json!([part(bolt, "0")]), "components.0.quantity", "number_not_positive"),
            (json!([part(Id::nil(), "1")]), "components.0.product_id", "reference_missing"),
        ] {
            assert_eq!(field_of(made("X", components).unwrap_err()), (field.to_string(), code.to_string()));
        }
        // Not through another kit either.
        for (kit, inside) in [(pair, pair), (pair, set), (bolt, set)] {
            let change = Envelope::new("products.update", json!({"components": [part(inside, "1")]})).on(kit).seen(1);
            assert_eq!(field_of(app.execute(&Ctx::system(), change).unwrap_err()), ("components.0.product_id".into(), "cycle".into()));
        }
    });
}

#[test]
fn prc_01_declared_characteristics_are_checked_where_they_are_declared_for() {
    kontor_testkit::both(|db| {
        let app = app(db);
        let pcs = unit(&app, "pcs");
        let clothes = make(&app, "product-categories", json!({"name": "Одяг"})).unwrap();
        let shirts = make(&app, "product-categories", json!({"name": "Сорочки", "parent_id": clothes})).unwrap();
        let declare = |input: Json| make(&app, "characteristics", input);
        declare(json!({"name": "Колір", "code": "color", "kind": "choice", "choices": ["білий", "чорний"], "category_id": clothes, "mandatory": true})).unwrap();
        declare(json!({"name": "Вміст бавовни", "code": "cotton", "kind": "number", "category_id": clothes})).unwrap();
        declare(json!({"name": "Крихке", "code": "fragile", "kind": "bool"})).unwrap();
        assert_eq!(field_of(declare(json!({"name": "X", "code": "x y"})).unwrap_err()), ("code".into(), "bad_code".into()));
        assert_eq!(
            field_of(declare(json!({"name": "X", "code": "x", "kind": "choice"})).unwrap_err()),
            ("choices".into(), "required".into())
        );
        let shirt =
            |custom: Json| make(&app, "products", json!({"name": "Сорочка", "unit_id": pcs, "category_id": shirts, "custom": custom}));
        let id = shirt(json!({"color": "білий", "cotton": "95.5", "fragile": "false", "власне": "що завгодно"})).unwrap();
        for (custom, field, code) in [
            (json!({}), "custom.color", "required"),
            (json!({"color": "рудий"}), "custom.color", "bad_choice"),
            (json!({"color": "чорний", "cotton": "багато"}), "custom.cotton", "not_a_number"),
            (json!({"color": "чорний", "fragile": "maybe"}), "custom.fragile", "bad_choice"),
        ] {
            assert_eq!(field_of(shirt(custom).unwrap_err()), (field.to_string(), code.to_string()));
        }
        // Other goods need no colour, but what is declared for all holds for them too.
        make(&app, "products", json!({"name": "Чашка", "unit_id": pcs, "custom": {"color": "рудий", "fragile": "true"}})).unwrap();
        let moved = Envelope::new("products.update", json!({"custom": {"cotton": "1"}})).on(id).seen(1);
        assert_eq!(field_of(app.execute(&Ctx::system(), moved).unwrap_err()), ("custom.color".into(), "required".into()));
        let found = |key: &str, value: &str| {
            let spec = app.registry.get("products").unwrap();
            let q = kontor_platform::query::Query::parse(&app, &Ctx::system(), spec, &[(key.to_string(), value.to_string())]).unwrap();
            app.list(&Ctx::system(), "products", &q).unwrap().rows.len()
        };
        assert_eq!((found("custom.color", "білий"), found("custom.color", "рудий"), found("custom.color", "синій")), (1, 1, 0));
    });
}

#[test]
fn prc_01_products_are_found_by_season_seasonal_group_rating_and_packaging_is_kept() {
    kontor_testkit::both(|db| {
        let app = app(db);
        let (pcs, boxes) = (unit(&app, "pcs"), unit(&app, "box"));
        make(&app, "seasons", json!({"name": "Зима", "from_month": 11, "to_month": 2})).unwrap();
        let heating = make(
            &app,
            "seasonal-groups",
            json!({"name": "Опалення", "months": [{"month": 1, "percent": "180"}, {"month": 7, "percent": "20"}]}),
        )
        .unwrap();
        let twice =
            make(&app, "seasonal-groups", json!({"name": "X", "months": [{"month": 1, "percent": "1"}, {"month": 1, "percent": "2"}]}));
        assert_eq!(field_of(twice.unwrap_err()), ("months.1.month".into(), "unique".into()));
        let box_of_12 = json!([{"unit_id": boxes, "numerator": 12, "barcode": "4820000000017", "weight": "3.6", "volume": "0.02"}]);
        let stove = make(
            &app,
            "products",
            json!({"name": "Піч", "unit_id": pcs, "season": "Зима", "seasonal_group_id": heating, "sales_rating": 90, "units": box_of_12}),
        )
        .unwrap();
        make(&app, "products", json!({"name": "Вентилятор", "unit_id": pcs, "sales_rating": 10})).unwrap();
        assert_eq!(app.get(&Ctx::system(), "products", stove).unwrap()["units"][0]["weight"], json!("3.6"));
        for (key, value) in [("season", "Зима"), ("seasonal_group_id", heating.to_string().as_str()), ("sales_rating.ge", "50")] {
            let spec = app.registry.get("products").unwrap();
            let q = kontor_platform::query::Query::parse(&app, &Ctx::system(), spec, &[(key.to_string(), value.to_string())]).unwrap();
            let found: Vec<Id> = app.list(&Ctx::system(), "products", &q).unwrap().rows.iter().map(|r| r.id).collect();
            assert_eq!(found, [stove], "{key}");
        }
    });
}
