//! Kits: what they consist of, read from catalogues and offers and written to them.

use super::{Exported, SET, export, twice};
use crate::support::*;
use kontor_testkit::TestDb;
use serde_json::json;

/// Kit, component and quantity, by name.
const COMPONENTS: &str = "SELECT name || ': ' || components FROM products WHERE components IS NOT NULL ORDER BY name";

#[test]
fn plt_08_components_of_kits_are_taken_and_written() {
    if set(SET).is_none() {
        return;
    }
    kontor_testkit::both(|db| {
        let app = app(db);
        twice(&app, "products", "solopov_import.xml");
        // What is in the kit stands in the offers.
        let r = twice(&app, "products", "solopov_offers.xml");
        assert_eq!((r.created, r.updated), (0, 1), "its components");
        let spec = app.registry.get("products").expect("products");
        let kit = app.store.read(|c| c.query_one("SELECT id FROM products WHERE components IS NOT NULL", &[])?.id(0)).expect("a kit");
        let record = app.record(&kontor_platform::Ctx::system(), spec.name, kit).expect("is there");
        let part = |sku: &str| app_id(&app, &format!("SELECT id FROM products WHERE sku = '{sku}'")).to_string();
        assert_eq!(
            *record.json("components"),
            json!([{"product_id": part("001"), "quantity": "1"}, {"product_id": part("002"), "quantity": "2"}])
        );
        let catalogue = export(&app, Exported::Catalogue);
        assert_eq!(catalogue.matches("<Комплектующее>").count(), 2);
        let other = TestDb::sqlite();
        let there = self::app(&other);
        assert!(bytes(&there, "products", &catalogue).ok());
        let named = |app: &_| texts(app, "SELECT name FROM products WHERE components IS NOT NULL");
        assert_eq!(named(&there), named(&app));
        let again = bytes(&app, "products", &catalogue);
        assert_eq!((again.created, again.updated, again.errors.len()), (0, 0, 0), "our own file changes nothing");
        assert_eq!(export(&there, Exported::Catalogue).matches("<Комплектующее>").count(), 2);
        assert!(app.check().expect("the check runs").is_empty());
    });
}

fn app_id(app: &kontor_platform::App, sql: &str) -> kontor_platform::value::Id {
    app.store.read(|c| c.query_one(sql, &[])?.id(0)).expect("an id")
}

fn good(id: &str, components: &[(&str, &str)]) -> String {
    let of = |(id, q): &(&str, &str)| format!("<Комплектующее><Ид>{id}</Ид><Количество>{q}</Количество></Комплектующее>");
    let all: String = components.iter().map(of).collect();
    let all = if all.is_empty() { all } else { format!("<Комплектующие>{all}</Комплектующие>") };
    format!("<Товар><Ид>{id}</Ид><Наименование>Товар {id}</Наименование>{all}</Товар>\n")
}

fn catalogue(goods: &[String]) -> String {
    format!("<КоммерческаяИнформация><Каталог><Товары>\n{}</Товары></Каталог></КоммерческаяИнформация>", goods.concat())
}

#[test]
fn plt_08_kits_that_cannot_be_are_told_by_their_line_and_nothing_is_taken() {
    let db = TestDb::sqlite();
    let app = app(&db);
    let cases = [
        (vec![good("a", &[("b", "1")])], vec![(2, "Комплектующее/Ид")]),
        (vec![good("a", &[("b", "0")]), good("b", &[])], vec![(2, "Товар/Комплектующее/Количество")]),
        (vec![good("a", &[("b", "багато")]), good("b", &[])], vec![(2, "Товар/Комплектующее/Количество")]),
        (vec![good("a", &[("b", "1"), ("b", "2")]), good("b", &[])], vec![(2, "Товар/Комплектующее/Ид")]),
        (vec![good("a", &[("a", "1")])], vec![(2, "Комплектующее/Ид")]),
        (
            vec![good("a", &[("b", "1")]), good("b", &[("c", "1")]), good("c", &[("a", "2")])],
            vec![(2, "Комплектующее/Ид"), (3, "Комплектующее/Ид"), (4, "Комплектующее/Ид")],
        ),
    ];
    for (n, (goods, wanted)) in cases.into_iter().enumerate() {
        let r = bytes(&app, "products", catalogue(&goods));
        assert_eq!((places(&r), r.created), (wanted, 0), "case {n}: {:?}", r.errors);
        assert_eq!(number(&app, "SELECT COUNT(*) FROM products"), 0, "case {n}");
    }
    // A kit of kits, the outer one first; then one more of a part.
    let sound = [good("a", &[("b", "2"), ("c", "0.5")]), good("b", &[("c", "3")]), good("c", &[])];
    assert_eq!(counts(&bytes(&app, "products", catalogue(&sound))), (3, 3, 2, 0, 0));
    assert_eq!(counts(&bytes(&app, "products", catalogue(&sound))).2, 0);
    let more = [good("a", &[("b", "3"), ("c", "0.5")]), good("b", &[("c", "3")]), good("c", &[])];
    assert_eq!(counts(&bytes(&app, "products", catalogue(&more))).2, 1);
    assert!(texts(&app, COMPONENTS)[0].contains("\"3\""), "{:?}", texts(&app, COMPONENTS));
    // Prices leave goods as they are, and say so.
    let offers = "<КоммерческаяИнформация><ПакетПредложений><ТипыЦен><ТипЦены><Ид>r</Ид><Наименование>Роздріб</Наименование><Валюта>UAH</Валюта></ТипЦены></ТипыЦен>\
        <Предложения><Предложение><Ид>a</Ид><Наименование>Товар a</Наименование><Комплектующие><Комплектующее><Ид>c</Ид></Комплектующее></Комплектующие></Предложение>\
        </Предложения></ПакетПредложений></КоммерческаяИнформация>";
    let r = bytes(&app, "prices", offers);
    assert_eq!((r.updated, r.notes.len()), (0, 1), "{:?}", r.notes);
    assert!(r.notes[0].contains('1') && !r.notes[0].contains('⟦'), "{:?}", r.notes);
}
