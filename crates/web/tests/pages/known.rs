//! What records are called in other programs, as people see it: the list names the record and leads to it, the card tells them.

use super::start;
use serde_json::json;

#[test]
fn plt_06_external_ids_are_told_by_the_record_they_stand_for() {
    let p = start();
    let mut jar = p.signed_in("admin");
    let partner = p.make("partners", json!({"name": "Промінь-Щит", "source": "1c", "external_id": "00-0042"}));
    let region = p.make("regions", json!({"name": "Київ", "source": "crm", "external_id": "r-1"}));
    p.make("external-ids", json!({"entity": "partners", "record_id": partner, "source": "shop", "external_id": "c-7"}));
    let list = p.get(&mut jar, "/external-ids");
    let link = |title: &str, path: String| format!("href=\"{path}\" title=\"{title}\" dir=\"auto\">{title}</a>");
    assert!(list.has(&link("Промінь-Щит", format!("/partners/{partner}"))), "{}", list.body);
    assert!(list.has(&link("Київ", format!("/regions/{region}"))) && list.has("Партнер") && !list.has(&format!(">{partner}<")));
    // Also where the kind is constant and its column is folded away.
    let one = p.get(&mut jar, "/external-ids?entity=partners");
    assert!(one.has(&link("Промінь-Щит", format!("/partners/{partner}"))) && !one.has("Київ"), "{}", one.body);
    let of = p.get(&mut jar, &format!("/external-ids?record_id={partner}"));
    assert!(of.has("title=\"Промінь-Щит\">Промінь-Щит</span>"), "the condition names the record: {}", of.body);
    let card = p.get(&mut jar, &format!("/regions/{region}"));
    assert!(card.has("Відомо деінде як") && card.has("r-1"), "{}", card.body);
    let card = p.get(&mut jar, &format!("/partners/{partner}"));
    assert!(card.has("Відомо деінде як") && card.has("00-0042") && card.has("c-7"));
    let own = p.get(&mut jar, &format!("/external-ids/{partner}"));
    assert!(own.has("Промінь-Щит</a>"), "{}", own.body);
    let plain = p.make("regions", json!({"name": "Львів"}));
    assert!(!p.get(&mut jar, &format!("/regions/{plain}")).has("Відомо деінде як"));
}

#[test]
fn plt_02_names_elsewhere_are_told_within_the_readers_rights() {
    let p = start();
    let foreign = p.make("partners", json!({"name": "Чужий партнер", "source": "1c", "external_id": "77"}));
    let region = p.make("regions", json!({"name": "Область", "source": "crm", "external_id": "r-9"}));
    let mut jar = p.signed_in("seller");
    let list = p.get(&mut jar, "/external-ids");
    assert!(list.has("Область") && list.has("r-9"), "{}", list.body);
    assert!(!list.has("Чужий партнер") && !list.has(&foreign));
    // A role that does not know what a region is called sees its kind only.
    p.make("roles", json!({"code": "blind", "name": "Blind", "permissions": {"regions": "read hide:name", "external-ids": "read"}}));
    p.make("users", json!({"login": "bee", "name": "Bee", "password": super::PASSWORD, "roles": ["blind"], "language": "en"}));
    let list = p.get(&mut p.signed_in("bee"), "/external-ids");
    assert!(list.has("r-9") && !list.has("Область") && !list.has(&format!("/regions/{region}")), "{}", list.body);
}
