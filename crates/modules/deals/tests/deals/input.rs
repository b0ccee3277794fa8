//! Input that is wrong, and texts that only look so.

use super::*;

#[test]
fn dea_01_bad_input_is_named_and_stores_nothing() {
    both(|db| {
        let w = world(db);
        let refuse = |input: Json| faults(w.create("ann", "deals", input));
        assert_eq!(refuse(json!({})), ["currency: required", "name: required"]);
        assert_eq!(refuse(json!({"name": "x", "currency": "гривня"})), ["currency: bad_code"]);
        assert_eq!(
            refuse(json!({"name": "x", "currency": "UAH", "state": "won", "closed_on": "2026-01-01", "won_amount": "1"})),
            ["closed_on: read_only", "state: read_only", "won_amount: read_only"]
        );
        assert_eq!(
            refuse(
                json!({"name": "\u{0}", "currency": "UAH", "amount": -5, "probability": "x", "closes_on": "2026-02-31", "stage_id": 1, "profit": 1})
            ),
            [
                "amount: negative",
                "closes_on: bad_date",
                "name: bad_text",
                "probability: number_malformed",
                "profit: unknown_field",
                "stage_id: bad_id"
            ]
        );
        assert_eq!(refuse(json!({"name": "x", "currency": "UAH", "amount": "99999999999999999999"})), ["amount: number_range"]);
        assert_eq!(refuse(json!({"name": "x", "currency": "UAH", "probability": "100.01"})), ["probability: out_of_range"]);
        assert_eq!(refuse(json!({"name": "x", "currency": "UAH", "opened_on": "2999-01-01"})), ["opened_on: date_future"]);
        assert_eq!(
            refuse(json!({"name": "x", "currency": "UAH", "opened_on": "2026-05-02", "closes_on": "2026-05-01"})),
            ["closes_on: close_before_open"]
        );
        assert_eq!(refuse(json!({"name": "x", "currency": "UAH", "stage": "\u{0}"})), ["stage: bad_text"]);
        assert_eq!(
            refuse(json!({"name": "x", "currency": "UAH", "kind": "\u{0}", "stage": "a"})),
            ["kind: bad_text", "stage: reference_missing"]
        );
        assert_eq!(refuse(json!({"name": "x", "currency": "UAH", "kind": "Немає"})), ["kind: reference_missing"]);
        assert_eq!(refuse(json!({"name": "x", "currency": "UAH", "stage_id": Id::nil()})), ["stage_id: reference_missing"]);
        assert_eq!(
            refuse(json!({"name": "x", "currency": "UAH", "lines": [{}], "participants": "all"})),
            ["lines.0.product_id: required", "participants: wrong_type"]
        );
        assert_eq!(refuse(json!({"name": "x", "currency": "UAH", "lines": vec![json!({}); 501]})), ["lines: line_limit"]);
        assert_eq!((w.count("admin", "deals", &[]), w.count("admin", "deal-stage-log", &[])), (0, 0));
        let d = w.make("ann", "deals", json!({"name": "x", "currency": "UAH"}));
        for (input, told) in [
            (json!({"amount": "1.001"}), "amount: amount_decimals"),
            (json!({"amount": "x"}), "amount: number_malformed"),
            (json!({"sum": 1}), "sum: unknown_field"),
            (json!({"on": 5}), "on: bad_date"),
        ] {
            assert_eq!(faults(w.verb("ann", "deals", d, "win", input)), [told]);
        }
        assert_eq!(faults(w.verb("ann", "deals", d, "win", json!([]))), ["object_expected"]);
        assert_eq!(faults(w.verb("ann", "deals", d, "move", json!({}))), ["stage_id: required"]);
        assert_eq!(kind(w.create("ann", "deal-stage-log", json!({}))), Kind::Forbidden);
        for text in AWKWARD {
            let d = w.make("ann", "deals", json!({"name": text, "currency": "UAH", "initial_need": text, "tags": [text]}));
            assert_eq!(w.see("deals", d)["initial_need"], text);
            assert_eq!(w.titles("ann", "deals", &[("q", text)]), [text]);
        }
    });
}

#[test]
fn plt_09_every_word_of_deals_exists_in_three_languages() {
    assert_eq!(missing_texts(&registry(), &["deals", "deal-kinds", "stages", "loss-reasons", "deal-stage-log"]), [] as [String; 0]);
}
