//! Reading: titles in the caller's language.

use crate::fixtures::{Samples, both, system};
use kontor_exchange::{ExportFormat, export_entity};
use kontor_platform::query::Query;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Envelope};
use kontor_texts::Lang;
use serde_json::{Value as Json, json};
use std::sync::Arc;

fn speaking(lang: Lang) -> Ctx {
    Ctx { lang, ..system() }
}

fn make(app: &Arc<App>, collection: &str, input: Json) -> Id {
    app.execute(&system(), Envelope::new(format!("{collection}.create"), input)).expect("made").id.expect("an id")
}

#[test]
fn plt_10_titles_are_in_the_callers_language_on_cards_lists_references_and_in_search() {
    both(|app| {
        let mut s = Samples::new(app);
        let unit = s.record("units");
        let tools = make(app, "product-categories", json!({"name": "Tools", "names": {"uk": "Інструменти", "ru": ""}}));
        let names = json!({"uk": "Молоток слюсарний", "ru": "Молоток слесарный"});
        let hammer = make(app, "products", json!({"name": "Hammer", "names": names, "unit_id": unit, "category_id": tools}));
        let plain = make(app, "products", json!({"name": "Zubilo", "unit_id": unit, "category_id": tools}));
        for (lang, title, category) in
            [(Lang::En, "Hammer", "Tools"), (Lang::Uk, "Молоток слюсарний", "Інструменти"), (Lang::Ru, "Молоток слесарный", "Tools")]
        {
            let ctx = speaking(lang);
            let card = app.get(&ctx, "products", hammer).expect("a card");
            assert_eq!((&card["title"], &card["name"], &card["category"]["title"]), (&json!(title), &json!("Hammer"), &json!(category)));
            assert_eq!(app.get(&ctx, "products", plain).expect("a card")["title"], "Zubilo", "without translations the name itself");
            let q = Query { limit: 100, ..Default::default() };
            let page: Json = serde_json::from_str(&app.list(&ctx, "products", &q).expect("a list").to_json(true)).expect("JSON");
            let row = page["items"].as_array().expect("items").iter().find(|r| r["id"] == json!(hammer)).expect("listed").clone();
            assert_eq!((&row["title"], &row["category"]["title"]), (&json!(title), &json!(category)));
            // Whatever language he asks in.
            for q in ["hammer", "молоток слюс", "слесарный"] {
                let found = app.search(&ctx, q, 5).expect("a search");
                assert!(found.iter().any(|f| f.id == hammer && f.title == title), "{q} in {lang:?}: {found:?}");
            }
            // A file names things as an import finds them.
            let mut file = vec![];
            let all = Query { limit: 100, ..Default::default() };
            export_entity(app, &ctx, "products", &all, ExportFormat::Csv, &mut file).expect("a file");
            let text = String::from_utf8(file).expect("UTF-8");
            assert!(text.contains("Tools"), "{text}");
        }
    });
}
