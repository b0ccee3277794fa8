//! Deals of a sales team.

use crate::support::*;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn plt_06_full_deals_of_maven_and_their_reports() {
    if set("maven_crm").is_none() {
        return;
    }
    let truth = truth("maven_crm");
    kontor_testkit::both(|db| {
        let app = app(db);
        import(&app, "maven_crm");
        assert_eq!(json!(count(&app, "deals", &[])), truth["deals"]);
        assert_eq!(json!(count(&app, "deals", &[("partner_id.empty", "true")])), truth["deals_without_account"]);
        assert_eq!(json!(count(&app, "partners", &[])), truth["accounts_rows"]);
        // Two more name a head that is not in this part of the set.
        assert_eq!(count(&app, "partners", &[("head_partner_id.empty", "false")]), 4);
        let deals = items(&app, "deals", &[]);
        let different = |column: &str| deals.iter().filter_map(|d| d[column].as_str()).collect::<BTreeSet<_>>().len();
        assert_eq!(json!(different("partner_id")), truth["distinct_accounts"]);
        assert_eq!(json!(different("manager_id")), truth["agents"]);
        by_stage(&app, &truth);
        by_people(&app, &truth);
        by_product_and_month(&app, &truth);
    });
}

fn by_stage(app: &kontor_platform::App, truth: &Json) {
    let (stages, totals) = report(app, "deals", &[("by", "stage")]);
    assert_eq!((&totals["won"], &totals["lost"]), (&truth["by_stage"]["Won"], &truth["by_stage"]["Lost"]));
    for stage in ["Prospecting", "Engaging"] {
        assert_eq!(stages[stage]["open"], truth["by_stage"][stage], "{stage}");
    }
    assert_eq!(money(&totals, "won_amount"), cents_of(truth["won_value"].as_str().expect("text")));
    let average = money(&totals, "won_amount") as f64 / 100.0 / totals["won"].as_f64().expect("a count");
    assert!((average - truth["avg_won_value"].as_str().expect("text").parse::<f64>().expect("a number")).abs() < 0.000_1, "{average}");
    let rate = totals["win_rate"].as_str().expect("a rate").parse::<f64>().expect("a number");
    assert!((rate - truth["win_rate_won_over_won_plus_lost"].as_f64().expect("a number")).abs() < 0.000_001, "{rate}");
    for (column, of) in [("days_to_win", "avg_days_to_win"), ("days_to_lose", "avg_days_to_lose")] {
        let days = totals[column].as_str().expect("days").parse::<f64>().expect("a number");
        assert!((days - truth[of].as_f64().expect("a number")).abs() < 0.000_1, "{column} {days}");
    }
}

fn by_people(app: &kontor_platform::App, truth: &Json) {
    let (agents, _) = report(app, "deals", &[("by", "manager")]);
    let of = |r: &Json| json!([r["won"], r["lost"], money(r, "won_amount").to_string() + ""]);
    for a in truth["top5_agents_by_won_value"].as_array().expect("a list") {
        let r = &agents[a[0].as_str().expect("a name")];
        assert_eq!(of(r), json!([a[1], a[2], cents_of(a[3].as_str().expect("text")).to_string()]));
    }
    let mut best: Vec<(i128, &String)> = agents.iter().map(|(name, r)| (money(r, "won_amount"), name)).collect();
    best.sort_by(|a, b| b.cmp(a));
    let top: Vec<&str> = truth["top5_agents_by_won_value"].as_array().expect("a list").iter().filter_map(|a| a[0].as_str()).collect();
    assert_eq!(best.iter().take(5).map(|b| b.1.as_str()).collect::<Vec<_>>(), top);
    let (teams, _) = report(app, "deals", &[("by", "team")]);
    for (manager, figures) in truth["by_manager_won_lost_value"].as_object().expect("managers") {
        assert_eq!(
            of(&teams[manager]),
            json!([figures[0], figures[1], cents_of(figures[2].as_str().expect("text")).to_string()]),
            "{manager}"
        );
    }
}

fn by_product_and_month(app: &kontor_platform::App, truth: &Json) {
    let (products, _) = report(app, "deals", &[("by", "product")]);
    for (product, figures) in truth["won_by_product"].as_object().expect("products") {
        // The only name that the two files spell differently.
        let name = if product == "GTXPro" { "GTX Pro" } else { product };
        let r = &products[name];
        assert_eq!((&r["won"], money(r, "won_amount")), (&figures[0], cents_of(figures[1].as_str().expect("text"))), "{name}");
    }
    let (months, _) = report(app, "deals", &[("by", "month")]);
    let got: BTreeMap<String, i128> =
        months.values().map(|r| (r["key"].as_str().expect("a month")[..7].to_string(), money(r, "won_amount"))).collect();
    let want: BTreeMap<String, i128> = truth["won_value_by_close_month"]
        .as_object()
        .expect("months")
        .iter()
        .map(|(m, v)| (m.clone(), cents_of(v.as_str().expect("text"))))
        .collect();
    assert_eq!(got, want);
}
