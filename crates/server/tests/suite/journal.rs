//! Changes of all records in one list.

use crate::wire::on_both;
use serde_json::json;

#[test]
fn plt_04_the_journal_tells_all_changes_to_who_may_see_everything() {
    on_both(|s| {
        let (boss, seller) = (s.token("admin", &["administrator"]), s.token("ann", &["salesperson"]));
        let ask = |token: &str, query: &str| s.call("GET", &format!("/api/v1/audit?{query}"), &[("Authorization", token)], "");
        let names = ["Перший", "Другий", "Третій"];
        let ids: Vec<String> = names
            .iter()
            .map(|n| {
                let r = s.call("POST", "/api/v1/partners", &[("Authorization", &boss)], &json!({"name": n}).to_string());
                r.json()["id"].as_str().expect("an id").to_string()
            })
            .collect();
        let path = format!("/api/v1/partners/{}", ids[0]);
        assert_eq!(s.call("PATCH", &path, &[("Authorization", &boss)], r#"{"name":"Інший","version":1}"#).status, 200);
        assert_eq!((ask("", "").status, ask(&seller, "").status), (401, 403));
        let first = ask(&boss, "entity=partners&limit=1").json();
        let e = &first["items"][0];
        assert_eq!((&e["record_id"], &e["user"], &e["action"]), (&json!(ids[0]), &json!("admin"), &json!("update")));
        assert_eq!(e["changes"]["name"], json!(["Перший", "Інший"]), "what it was and what it is");
        // Page by page to the end, each entry once.
        let (mut seen, mut at) = (vec![e["id"].clone()], first["next"].clone());
        while let Some(after) = at.as_str() {
            let page = ask(&boss, &format!("entity=partners&limit=2&after={after}")).json();
            seen.extend(page["items"].as_array().expect("items").iter().map(|e| e["id"].clone()));
            at = page["next"].clone();
        }
        let all = ask(&boss, "entity=partners&limit=500").json();
        assert_eq!(json!(seen), json!(all["items"].as_array().expect("items").iter().map(|e| e["id"].clone()).collect::<Vec<_>>()));
        assert_eq!(seen.len(), 4);
        assert_eq!(ask(&boss, &format!("record_id={}", ids[1])).json()["items"].as_array().map(Vec::len), Some(1));
        for bad in ["limit=0", "limit=x", "after=x", "user_id=x", "colour=red"] {
            assert_eq!(ask(&boss, bad).status, 422, "{bad}");
        }
    });
}
