//! Two people write in one document at once: edits of different lines stand side by side, of the same place both are told.

use crate::world::{World, both, line, run};
use kontor_kernel::error::{Error, Kind};
use kontor_platform::execute::Outcome;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

/// Quantities of a document line by line, with the product of each.
fn told(w: &World, collection: &str, id: Id) -> Vec<(Json, String)> {
    let of = |l: &Json| (l["product_id"].clone(), l["quantity"].as_str().unwrap().to_string());
    w.get(collection, id)["lines"].as_array().unwrap().iter().map(of).collect()
}

fn write(w: &World, collection: &str, id: Id, seen: i64, mut body: Json) -> Result<Outcome, Error> {
    body["version"] = json!(seen);
    run(&w.app, &format!("{collection}.update"), Some(id), body)
}

#[test]
fn plt_13_edits_of_different_lines_of_one_document_join() {
    both(|w| {
        let head = json!({"company_id": w.company, "partner_id": w.client, "warehouse_id": w.warehouse, "date": "2026-02-01"});
        let lines = json!([{"product_id": w.bolt, "quantity": "1", "price": "10"}, {"product_id": w.nut, "quantity": "2", "price": "20"}]);
        for collection in ["quotes", "sales-orders", "shipments", "returns"] {
            let mut input = head.clone();
            input["lines"] = lines.clone();
            let made = w.create(collection, input).unwrap();
            let (id, bolt, nut) = (made.id.unwrap(), line(&made, 0), line(&made, 1));
            // Both opened it; one changes the first line and adds one, the other changes the second as a whole form is sent.
            let theirs =
                json!({"lines": [{"id": bolt, "quantity": "11"}, {"id": nut}, {"product_id": w.bolt, "quantity": "5", "price": "7"}]});
            write(w, collection, id, 1, theirs).unwrap_or_else(|e| panic!("{collection}: {e}"));
            let mine = json!({"comment": "моє", "lines": [
                {"id": bolt, "product_id": w.bolt, "quantity": "1.00", "price": "10"}, {"id": nut, "product_id": w.nut, "quantity": "22", "price": "20"}]});
            let done = write(w, collection, id, 1, mine).unwrap_or_else(|e| panic!("{collection}: {e}"));
            assert_eq!(done.version, 3, "{collection}");
            let want = [(json!(w.bolt), "11".to_string()), (json!(w.nut), "22".into()), (json!(w.bolt), "5".into())];
            assert_eq!(told(w, collection, id), want, "{collection}");
            let now = w.get(collection, id);
            assert_eq!((&now["lines"][1]["id"], &now["comment"]), (&json!(nut), &json!("моє")), "{collection}");
            let sum: i64 = now["lines"].as_array().unwrap().iter().map(|l| cents(&l["amount"])).sum();
            assert_eq!(sum, 11 * 1000 + 22 * 2000 + 5 * 700, "{collection}: sums are of the whole");

            // Sent back as it was read while others changed it, it changes nothing.
            let same =
                write(w, collection, id, 1, json!({"lines": [{"id": bolt, "quantity": "1"}, {"id": nut, "quantity": "2"}]})).unwrap();
            assert_eq!(same.version, 3, "{collection}");
            // A line that one removed and the other left alone is gone; the other's edit stays.
            let added = now["lines"][2]["id"].clone();
            write(w, collection, id, 3, json!({"lines": [{"id": bolt}, {"id": nut}]})).unwrap();
            write(w, collection, id, 3, json!({"lines": [{"id": bolt, "quantity": "12"}, {"id": nut}, {"id": added}]})).unwrap();
            assert_eq!(told(w, collection, id), [(json!(w.bolt), "12".to_string()), (json!(w.nut), "22".into())], "{collection}");
        }
        w.agrees();
    });
}

fn cents(amount: &Json) -> i64 {
    amount.as_str().unwrap().replace('.', "").parse().unwrap()
}

#[test]
fn plt_13_the_same_place_of_a_line_is_a_conflict_that_names_it() {
    both(|w| {
        let made =
            w.order("2026-02-01", json!([{"product_id": w.bolt, "quantity": "1", "price": "10"}, {"product_id": w.nut, "quantity": "2"}]));
        let (id, bolt, nut) = (made.id.unwrap(), line(&made, 0), line(&made, 1));
        write(w, "sales-orders", id, 1, json!({"lines": [{"id": bolt, "quantity": "3"}, {"id": nut, "quantity": "4"}]})).unwrap();
        let mine = json!({"lines": [{"id": bolt, "price": "11"}, {"id": nut, "quantity": "5"}]});
        let e = write(w, "sales-orders", id, 1, mine).unwrap_err();
        assert_eq!(e.kind(), Kind::Conflict, "{e}");
        let fields: Vec<&str> = e.inner().fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["lines.1.quantity", "lines"], "the line and its column; the price of the other line is nobody else's");
        let c = &e.inner().detail["conflicts"][0];
        assert_eq!(
            (&c["field"], c["base"][1]["quantity"].as_str(), c["theirs"][1]["quantity"].as_str()),
            (&json!("lines"), Some("2"), Some("4"))
        );
        assert_eq!(c["lines"], json!([{"id": nut, "column": "quantity", "base": "2", "theirs": "4", "yours": "5"}]));
        let joined: Vec<&Json> = c["joined"].as_array().unwrap().iter().map(|l| &l["quantity"]).collect();
        assert_eq!(joined, [&json!("3"), &json!("5")], "what is not in question stands joined already");
        assert_eq!(w.get("sales-orders", id)["version"], 2, "nothing is stored");
        // A line that one edits and the other removes.
        write(w, "sales-orders", id, 2, json!({"lines": [{"id": bolt}]})).unwrap();
        let e = write(w, "sales-orders", id, 2, json!({"lines": [{"id": bolt}, {"id": nut, "quantity": "9"}]})).unwrap_err();
        assert_eq!(e.inner().detail["conflicts"][0]["lines"][0]["theirs"], Json::Null, "{}", e.inner().detail);
        let e = write(w, "sales-orders", id, 1, json!({"lines": [{"id": nut}]})).unwrap_err();
        assert_eq!(e.inner().detail["conflicts"][0]["lines"][0]["yours"], Json::Null, "{}", e.inner().detail);
        // A field of the head in question holds the lines back, too: all of it is settled at once.
        write(w, "sales-orders", id, 3, json!({"comment": "їхнє", "lines": [{"id": bolt, "quantity": "6"}]})).unwrap();
        let mine = json!({"comment": "моє", "lines": [{"id": bolt, "price": "12"}]});
        let e = write(w, "sales-orders", id, 3, mine).unwrap_err();
        let told: Vec<&str> = e.inner().detail["conflicts"].as_array().unwrap().iter().map(|c| c["field"].as_str().unwrap()).collect();
        assert_eq!(told, ["comment", "lines"]);
        assert_eq!(told_quantity(w, id), "6");
    });
}

fn told_quantity(w: &World, id: Id) -> String {
    told(w, "sales-orders", id).remove(0).1
}

#[test]
fn plt_13_a_price_that_a_rule_changed_is_nobodys_edit() {
    both(|w| {
        let at = json!({"kind": "special", "partner_id": w.client, "percent": "10", "product_id": w.bolt, "from_quantity": "10"});
        w.made("price-conditions", at);
        let made = w.order("2026-02-01", json!([{"product_id": w.bolt, "quantity": "1"}, {"product_id": w.nut, "quantity": "2"}]));
        let (id, bolt, nut) = (made.id.unwrap(), line(&made, 0), line(&made, 1));
        // More of it is cheaper: the rule fills price and discount of the line anew.
        let theirs = write(w, "sales-orders", id, 1, json!({"lines": [{"id": bolt, "quantity": "20"}, {"id": nut}]})).unwrap();
        assert_ne!(theirs.data["lines"][0]["discount_percent"], made.data["lines"][0]["discount_percent"], "{}", theirs.data["lines"][0]);
        // My price by hand is no clash with it, nor is the removal of a line that was only priced anew.
        write(w, "sales-orders", id, 1, json!({"lines": [{"id": bolt, "price": "9"}, {"id": nut}]})).unwrap();
        let now = w.get("sales-orders", id);
        assert_eq!(
            (&now["lines"][0]["quantity"], &now["lines"][0]["price"], &now["lines"][0]["manual_price"]),
            (&json!("20"), &json!("9"), &json!(true))
        );
        let e = write(w, "sales-orders", id, 2, json!({"lines": [{"id": bolt, "price": "8"}, {"id": nut}]})).unwrap_err();
        assert_eq!(e.inner().fields[0].field, "lines.0.price", "two prices by hand are: {e}");
    });
}
