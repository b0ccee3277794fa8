//! Files written by hand, sound and broken on purpose: what each element becomes, and where each defect is said to be.

use crate::support::*;
use kontor_testkit::TestDb;
use serde_json::json;

const CATALOGUE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация ВерсияСхемы="2.05">
 <Классификатор><Ид>k</Ид>
  <Группы><Группа><Ид>g1</Ид><Наименование>Взуття</Наименование>
   <Группы><Группа><Ид>g2</Ид><Наименование>Ґумове</Наименование></Группа></Группы></Группа></Группы>
  <Свойства><Свойство><Ид>p</Ид><Наименование>Колір</Наименование><ВариантыЗначений><Справочник><ИдЗначения>w</ИдЗначения><Значение>Білий</Значение></Справочник></ВариантыЗначений></Свойство></Свойства>
 </Классификатор>
 <Каталог><Ид>c</Ид><Невідоме><Товар><Ид>hidden</Ид></Товар></Невідоме><Товары>
  <Товар><Ид>t1</Ид><Артикул>А-1</Артикул><Штрихкод>4820000000017</Штрихкод><Наименование>Чоботи &quot;Ґрунт&quot; &amp; Ко</Наименование>
   <БазоваяЕдиница Код="715">пар</БазоваяЕдиница><Группы><Ид>g2</Ид></Группы><СтавкиНалогов><СтавкаНалога><Наименование>ПДВ</Наименование><Ставка>20</Ставка></СтавкаНалога></СтавкиНалогов>
   <ЗначенияСвойств><ЗначенияСвойства><Ид>p</Ид><Значение>w</Значение></ЗначенияСвойства></ЗначенияСвойств></Товар>
  <Товар><Ид>t2</Ид><Наименование>Доставка</Наименование><СтавкиНалогов><СтавкаНалога><Ставка>Без НДС</Ставка></СтавкаНалога></СтавкиНалогов>
   <ЗначенияРеквизитов><ЗначениеРеквизита><Наименование>ТипНоменклатуры</Наименование><Значение>Услуга</Значение></ЗначениеРеквизита></ЗначенияРеквизитов></Товар>
 </Товары></Каталог>
</КоммерческаяИнформация>"#;

const OFFERS: &str = r#"<КоммерческаяИнформация ВерсияСхемы="2.05"><ПакетПредложений>
 <ТипыЦен><ТипЦены><Ид>r</Ид><Наименование>Роздріб</Наименование><Валюта>грн</Валюта></ТипЦены></ТипыЦен>
 <Предложения>
  <Предложение><Ид>t1#38</Ид><Наименование>Чоботи</Наименование>
   <ХарактеристикиТовара><ХарактеристикаТовара><Наименование>Розмір</Наименование><Значение>38</Значение></ХарактеристикаТовара></ХарактеристикиТовара>
   <Цены><Цена><ИдТипаЦены>r</ИдТипаЦены><ЦенаЗаЕдиницу>1 250,50</ЦенаЗаЕдиницу><Валюта>UAH</Валюта></Цена></Цены></Предложение>
  <Предложение><Ид>t2</Ид><Цены><Цена><ИдТипаЦены>r</ИдТипаЦены><ЦенаЗаЕдиницу>100</ЦенаЗаЕдиницу></Цена></Цены></Предложение>
 </Предложения></ПакетПредложений></КоммерческаяИнформация>"#;

#[test]
fn plt_08_groups_characteristics_properties_and_services_find_their_places() {
    kontor_testkit::both(|db| {
        let app = app(db);
        make(&app, "companies", json!({"name": "Ми", "currency": "UAH", "country": "UA"}));
        assert_eq!(counts(&bytes(&app, "products", CATALOGUE)), (4, 4, 0, 0, 0));
        assert_eq!(counts(&bytes(&app, "prices", OFFERS)), (3, 3, 0, 0, 0), "a variant, a price type, a price change");
        let rows = texts(
            &app,
            "SELECT p.name || '|' || COALESCE(p.sku, '') || '|' || COALESCE(p.barcode, '') || '|' || p.kind || '|' || u.code || '|' || COALESCE(c.name, '') || '|' || p.vat_rate \
             FROM products p JOIN units u ON u.id = p.unit_id LEFT JOIN product_categories c ON c.id = p.category_id ORDER BY p.external_id",
        );
        assert_eq!(
            rows,
            [
                "Чоботи \"Ґрунт\" & Ко|А-1|4820000000017|goods|pair|Ґумове|ua20",
                "Чоботи (38)|||goods|pcs|Ґумове|ua20",
                "Доставка|||service|pcs||exempt"
            ]
        );
        assert_eq!(number(&app, "SELECT COUNT(*) FROM product_categories c JOIN product_categories p ON p.id = c.parent_id"), 1);
        // A dearer price is a new change; the old one stays in the history.
        let dearer = OFFERS.replace("1 250,50", "1300");
        assert_eq!(counts(&bytes(&app, "prices", dearer.clone())), (3, 1, 0, 3, 0));
        assert_eq!(number(&app, "SELECT COUNT(*) FROM prices"), 3);
        assert_eq!(counts(&bytes(&app, "prices", dearer)), (3, 0, 0, 4, 0));
        // The file may take goods out of use.
        let gone = CATALOGUE.replace("<Товар><Ид>t2</Ид>", "<Товар Статус=\"Удален\"><Ид>t2</Ид>");
        assert_eq!(counts(&bytes(&app, "products", gone.clone())).2, 1);
        assert_eq!(number(&app, "SELECT COUNT(*) FROM products WHERE archived = TRUE"), 1);
        assert_eq!(counts(&bytes(&app, "products", gone)).2, 0);
    });
}

#[test]
fn plt_08_defects_are_named_by_line_and_element_and_nothing_is_half_imported() {
    let db = TestDb::sqlite();
    let app = app(&db);
    let good = |s: &str| s.to_string();
    type Case<'a> = (&'a str, String, Vec<(u32, &'a str)>);
    let cases: Vec<Case> = vec![
        ("products", CATALOGUE.replace("<Ид>t1</Ид>", ""), vec![(9, "Товар[1]/Ид")]),
        ("products", CATALOGUE.replace("<Наименование>Доставка</Наименование>", ""), vec![(12, "Товар[2]/Наименование")]),
        ("products", CATALOGUE.replace("<Ставка>20<", "<Ставка>багато<"), vec![(9, "Товар[1]/СтавкиНалогов")]),
        ("products", CATALOGUE.replace("<Ид>t2</Ид>", "<Ид>t1</Ид>"), vec![(12, "Ид")]),
        ("products", CATALOGUE.replace("Ґумове<", &format!("{}<", "д".repeat(201))), vec![(5, "Наименование")]),
        ("products", CATALOGUE.replace("<Наименование>Взуття</Наименование>", ""), vec![(4, "Группа[1]/Наименование")]),
        ("products", CATALOGUE.replace("</Товары></Каталог>", "</Каталог>"), vec![(14, "Товары")]),
        ("products", good(&CATALOGUE[..CATALOGUE.find("Доставка").expect("is there")]), vec![(12, "Товар")]),
        ("products", CATALOGUE.replace("?>\n", "?>\n<!DOCTYPE x SYSTEM \"file:///etc/passwd\">\n"), vec![(2, "")]),
        ("products", CATALOGUE.replace("&quot;Ґрунт&quot;", "&ґрунт;"), vec![(9, "Товар")]),
        ("products", good("<html><body/></html>"), vec![(1, "html")]),
        ("prices", OFFERS.replace("1 250,50", "дорого"), vec![(6, "Предложение[1]/ЦенаЗаЕдиницу")]),
        ("prices", OFFERS.replace("1 250,50", "-5"), vec![(6, "Предложение[1]/ЦенаЗаЕдиницу")]),
        ("prices", OFFERS.replace("<Валюта>UAH", "<Валюта>USD"), vec![(6, "Предложение/Валюта")]),
        (
            "prices",
            OFFERS.replace("<Валюта>грн", "<Валюта>попугаї"),
            vec![(2, "ТипЦены[1]/Валюта"), (6, "Предложение/ИдТипаЦены"), (7, "Предложение/ИдТипаЦены")],
        ),
        ("prices", OFFERS.replace("<Ид>t2</Ид>", "<Ид>нема</Ид>"), vec![(7, "Предложение/Ид")]),
        ("prices", OFFERS.replacen("<ИдТипаЦены>r</ИдТипаЦены>", "", 1), vec![(6, "Предложение[1]/ИдТипаЦены")]),
    ];
    for (n, (entity, file, wanted)) in cases.into_iter().enumerate() {
        if entity == "prices" && number(&app, "SELECT COUNT(*) FROM products") == 0 {
            assert!(bytes(&app, "products", CATALOGUE).ok());
        }
        let before = number(&app, "SELECT COUNT(*) FROM audit");
        let r = bytes(&app, entity, file);
        assert_eq!(places(&r), wanted, "case {n}: {:?}", r.errors);
        assert_eq!((r.created, number(&app, "SELECT COUNT(*) FROM audit")), (0, before), "case {n}");
    }
}
