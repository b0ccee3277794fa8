//! What records are called elsewhere: an integrator finds the record that stands for his own and sees every name of a record,
//! within his rights; several programs may know one record. On both databases.

use crate::fixtures::{Samples, both, system, user};
use kontor_exchange::{ExportFormat, Input, Options, Report, export_entity, import_entity};
use kontor_kernel::error::{Kind as ErrorKind, Result};
use kontor_platform::query::Query;
use kontor_platform::value::{Id, new_id};
use kontor_platform::{App, Ctx, Envelope};
use serde_json::{Value as Json, json};
use std::sync::Arc;

const OF: &str = "external-ids";

fn found(app: &Arc<App>, ctx: &Ctx, filters: &[(&str, &str)]) -> Result<Json> {
    let spec = app.registry.get(OF).expect("registered");
    let pairs: Vec<(String, String)> = filters.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    let q = Query::parse(app, ctx, spec, &pairs)?;
    let page = app.list(ctx, OF, &Query { count: true, ..q })?;
    Ok(serde_json::from_slice(&page.to_json(false)).expect("JSON"))
}

/// `record entity source external_id`, and how many are counted.
#[track_caller]
fn names(app: &Arc<App>, ctx: &Ctx, filters: &[(&str, &str)]) -> Vec<String> {
    let j = found(app, ctx, filters).expect("a list");
    let items = j["items"].as_array().expect("items");
    assert_eq!(j["count"], json!(items.len()), "{j}");
    let word = |i: &Json, k: &str| i[k].as_str().unwrap_or("-").to_string();
    items.iter().map(|i| ["record_id", "entity", "source", "external_id"].map(|k| word(i, k)).join(" ")).collect()
}

fn partner(app: &Arc<App>, ctx: &Ctx, name: &str, source: &str, external: &str) -> Id {
    let input = json!({"name": name, "source": source, "external_id": external});
    app.execute(ctx, Envelope::new("partners.create", input)).expect("a partner").id.expect("an id")
}

fn name(app: &Arc<App>, ctx: &Ctx, entity: &str, record: Id, source: &str, external: &str) -> Result<Id> {
    let input = json!({"entity": entity, "record_id": record, "source": source, "external_id": external});
    Ok(app.execute(ctx, Envelope::new("external-ids.create", input))?.id.expect("an id"))
}

fn delete(app: &Arc<App>, ctx: &Ctx, id: Id) -> Result<Option<Id>> {
    Ok(app.execute(ctx, Envelope::new("external-ids.delete", Json::Null).on(id))?.audit_id)
}

fn field(e: kontor_kernel::error::Error) -> String {
    e.inner().fields.first().map_or_else(|| e.inner().code.to_string(), |f| format!("{}: {}", f.field, f.code))
}

fn import(app: &Arc<App>, entity: &str, text: &str) -> Report {
    import_entity(app, &system(), entity, &Input::bytes("file.csv", text.as_bytes().to_vec()), &Options::default())
}

#[track_caller]
fn agrees(app: &Arc<App>) {
    assert_eq!(app.check().expect("checked"), vec![]);
}

#[test]
fn plt_06_an_integrator_finds_the_record_of_an_external_id_and_all_names_of_a_record() {
    both(|app| {
        let ctx = system();
        let a = partner(app, &ctx, "Альфа", "1c", "0001");
        let b = partner(app, &ctx, "Бета", "1c", "0002");
        let (own_a, own_b) = (format!("{a} partners 1c 0001"), format!("{b} partners 1c 0002"));
        assert_eq!(names(app, &ctx, &[("entity", "partners"), ("source", "1c"), ("external_id", "0002")]), std::slice::from_ref(&own_b));
        // The shop knows the same partner by a name of its own.
        let extra = name(app, &ctx, "partners", a, "shop", "cust-7").expect("a second name");
        let shop_a = format!("{a} partners shop cust-7");
        assert_eq!(names(app, &ctx, &[("record_id", &a.to_string())]), [shop_a.clone(), own_a.clone()]);
        assert_eq!(names(app, &ctx, &[("external_id.in", "cust-7,0002"), ("sort", "external_id")]), [own_b, shop_a.clone()]);
        assert_eq!(names(app, &ctx, &[("own", "false")]), [shop_a]);
        // The same name may stand for a record of another collection, and in another source, but for one record only.
        let product = Samples::new(app).record("products");
        name(app, &ctx, "products", product, "shop", "cust-7").expect("another collection");
        name(app, &ctx, "partners", b, "crm", "cust-7").expect("another source");
        for (source, taken) in [("shop", "cust-7"), ("1c", "0001")] {
            assert_eq!(field(name(app, &ctx, "partners", b, source, taken).expect_err("taken")), "external_id: unique");
        }
        let e = app.execute(&ctx, Envelope::new("partners.create", json!({"name": "Гамма", "source": "shop", "external_id": "cust-7"})));
        assert_eq!(field(e.expect_err("a name of another partner")), "external_id: unique");
        // Removed, brought back; what the record was brought in with stays.
        let entry = delete(app, &ctx, extra).expect("removed").expect("an entry");
        assert_eq!(names(app, &ctx, &[("record_id", &a.to_string())]), [own_a]);
        app.execute(&ctx, Envelope::new("audit.undo", Json::Null).on(entry)).expect("brought back");
        assert_eq!(names(app, &ctx, &[("record_id", &a.to_string())]).len(), 2);
        assert_eq!(field(delete(app, &ctx, a).expect_err("the record's own")), "external_id_own");
        let mut file = vec![];
        let rows = export_entity(app, &ctx, OF, &Query { limit: 50, ..Default::default() }, ExportFormat::Csv, &mut file);
        assert_eq!(rows.expect("exported"), 5);
        assert!(String::from_utf8(file).expect("UTF-8").contains("cust-7"));
        agrees(app);
    });
}

#[test]
fn plt_06_bad_external_ids_are_field_errors() {
    both(|app| {
        let ctx = system();
        let a = partner(app, &ctx, "Альфа", "1c", "0001");
        let wrong = |entity: &str, record: Id, source: &str, external: &str| {
            field(name(app, &ctx, entity, record, source, external).expect_err("refused"))
        };
        assert_eq!(wrong("partners", a, "", "7"), "source: required");
        assert_eq!(wrong("partners", a, "shop", " "), "external_id: required");
        assert_eq!(wrong("nothing", a, "shop", "7"), "entity: bad_code");
        assert_eq!(wrong(OF, a, "shop", "7"), "entity: bad_code");
        assert_eq!(wrong("products", a, "shop", "7"), "record_id: reference_missing");
        assert_eq!(wrong("partners", new_id(), "shop", "7"), "record_id: reference_missing");
        let e = found(app, &ctx, &[("record_id", "x")]).expect_err("no id");
        assert_eq!(field(e), "record_id: bad_id");
    });
}

#[test]
fn plt_02_names_of_foreign_records_leak_nothing() {
    both(|app| {
        let (me, other) = (user(app, "me", &["salesperson"]), user(app, "other", &["salesperson"]));
        let mine = partner(app, &me, "Мій", "1c", "1");
        let look = |ctx: &Ctx| {
            let doors: [&[(&str, &str)]; 4] = [&[], &[("entity", "partners")], &[("external_id", "2")], &[("source", "shop")]];
            doors.map(|d| found(app, ctx, d).expect("a list").to_string())
        };
        let before = look(&me);
        let theirs = partner(app, &other, "Чужий", "1c", "2");
        let extra = name(app, &other, "partners", theirs, "shop", "22").expect("his own partner");
        assert_eq!(look(&me), before, "lists and counts are as if they were not there");
        assert_eq!(names(app, &other, &[("record_id", &theirs.to_string())]).len(), 2);
        for id in [theirs, extra] {
            assert_eq!(app.get(&me, OF, id).expect_err("foreign").kind(), ErrorKind::NotFound);
            assert_eq!(app.history(&me, OF, id, 10).map(|_| ()).expect_err("foreign").kind(), ErrorKind::NotFound);
            assert_eq!(delete(app, &me, id).expect_err("foreign").kind(), ErrorKind::NotFound);
        }
        // Nor may one name what one does not see, and a foreign id is answered as one of nothing.
        let at = |id: Id| field(name(app, &me, "partners", id, "shop", "9").expect_err("foreign"));
        assert_eq!(at(theirs), at(new_id()));
        let entry = delete(app, &other, extra).expect("his own").expect("an entry");
        let undo = app.execute(&me, Envelope::new("audit.undo", Json::Null).on(entry));
        assert_eq!(undo.expect_err("foreign").kind(), ErrorKind::NotFound);
        // Read without the right to change: seen, not named.
        let keeper = user(app, "keeper", &["storekeeper"]);
        assert_eq!(names(app, &keeper, &[("record_id", &mine.to_string())]).len(), 1);
        let e = name(app, &keeper, "partners", mine, "shop", "5").expect_err("may not change partners");
        assert_eq!(e.kind(), ErrorKind::Forbidden);
        let nobody = user(app, "nobody", &[]);
        assert_eq!(found(app, &nobody, &[]).expect_err("no role").kind(), ErrorKind::Forbidden);
    });
}

#[test]
fn plt_06_imports_find_records_by_every_name_and_note_their_own() {
    both(|app| {
        let ctx = system();
        let a = partner(app, &ctx, "Альфа", "1c", "0001");
        name(app, &ctx, "partners", a, "shop", "cust-7").expect("a second name");
        let r = import(app, "partners", "source,external_id,name\nshop,cust-7,Альфа-плюс\n");
        assert_eq!((r.created, r.updated, r.errors.len()), (0, 1, 0), "{r:?}");
        assert_eq!(app.get(&ctx, "partners", a).expect("there")["name"], json!("Альфа-плюс"));
        // A contact of a partner that the shop calls so.
        let r = import(app, "contacts", "source,external_id,partner,full_name\nshop,c-1,cust-7,Ірина\n");
        assert_eq!((r.created, r.errors.len()), (1, 0), "{r:?}");
        // Found by its code, a product is known by the shop's id from then on.
        let unit = Samples::new(app).record("units");
        let made = import(app, "products", &format!("source,external_id,sku,name,unit_id\n1c,p-1,A-100,Болт,{unit}\n"));
        assert_eq!((made.created, made.errors.len()), (1, 0), "{made:?}");
        let second = "source,external_id,sku,name\nshop,item-5,A-100,Болт\n";
        for _ in 0..2 {
            let r = import(app, "products", second);
            assert_eq!((r.created, r.skipped, r.errors.len()), (0, 1, 0), "{r:?}");
            let known = names(app, &ctx, &[("entity", "products"), ("sort", "source")]);
            assert_eq!(
                known.iter().map(|n| n.split_once(' ').expect("a record").1).collect::<Vec<_>>(),
                ["products 1c p-1", "products shop item-5"]
            );
        }
        // A table of names is a file like any other.
        let table = format!("entity,record_id,source,external_id\npartners,{a},erp,E1\npartners,{a},edi,482\n");
        for made in [2, 0] {
            let r = import(app, OF, &table);
            assert_eq!((r.created, r.skipped, r.errors.len()), (made, 2 - made, 0), "{r:?}");
        }
        // Without its code now: by the name that was noted.
        let r = import(app, "products", "source,external_id,name\nshop,item-5,Болт М8\n");
        assert_eq!((r.created, r.updated, r.errors.len()), (0, 1, 0), "{r:?}");
        agrees(app);
    });
}

#[test]
fn plt_12_names_go_and_come_back_with_drafts_and_prices() {
    both(|app| {
        let mut s = Samples::new(app);
        let mut input = s.input("sales-orders");
        (input["source"], input["external_id"]) = (json!("shop"), json!("o-1"));
        let order = s.create("sales-orders", input);
        name(app, &s.ctx, "sales-orders", order, "crm", "77").expect("another name");
        assert_eq!(names(app, &s.ctx, &[("entity", "sales-orders")]).len(), 2);
        let gone = app.execute(&s.ctx, Envelope::new("sales-orders.delete", Json::Null).on(order)).expect("a draft goes");
        assert_eq!(names(app, &s.ctx, &[("entity", "sales-orders")]), Vec::<String>::new());
        app.execute(&s.ctx, Envelope::new("audit.undo", Json::Null).on(gone.audit_id.expect("an entry"))).expect("comes back");
        assert_eq!(names(app, &s.ctx, &[("external_id", "o-1")]), [format!("{order} sales-orders shop o-1")]);
        let mut price = s.input("prices");
        (price["source"], price["external_id"]) = (json!("shop"), json!("pr-1"));
        let price = s.create("prices", price);
        assert_eq!(names(app, &s.ctx, &[("entity", "prices")]), [format!("{price} prices shop pr-1")]);
        let change = app.get(&s.ctx, "prices", price).expect("there")["price_change_id"].as_str().and_then(|i| Id::parse_str(i).ok());
        app.execute(&s.ctx, Envelope::new("price-changes.reverse", json!({})).on(change.expect("a change"))).expect("reversed");
        assert_eq!(names(app, &s.ctx, &[("entity", "prices")]), Vec::<String>::new());
        agrees(app);
        // The check sees what is missing and what is idle.
        let id = order;
        app.store
            .write(kontor_platform::store::Priority::People, move |c| {
                c.exec("UPDATE external_ids SET external_id = 'x' WHERE id = ?", &[id.into()])
            })
            .expect("spoilt");
        let told = app.check().expect("checked");
        assert_eq!(told.iter().filter(|d| d.place == "external_ids" && d.key == order.to_string()).count(), 2, "{told:?}");
    });
}
