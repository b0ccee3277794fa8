//! Words of a record as search compares them.

use crate::value::Value;
use serde_json::Value as Json;

/// Lower-cased, white space folded, apostrophes unified: what search compares with.
pub fn fold(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for c in s.chars() {
        match c {
            '\u{2019}' | '\u{02BC}' | '`' | '\u{2018}' => out.push('\''),
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// The digits of a text that is written like a phone number; `None` for plain digits and anything else.
pub fn phone_digits(s: &str) -> Option<String> {
    let like = |c: char| c.is_ascii_digit() || " \u{a0}+-().".contains(c);
    if s.len() > 40 || !s.chars().all(like) || s.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits: String = s.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= 7).then_some(digits)
}

/// The words of a value, each folded, a line for each.
pub(super) fn search_words(v: &Value, out: &mut String) {
    let mut push = |s: &str| {
        if !s.is_empty() {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&fold(s));
        }
    };
    match v {
        Value::Text(s) => {
            push(s);
            // Phones are looked for by their digits, however they were written.
            if let Some(digits) = phone_digits(s) {
                push(&digits);
            }
        }
        Value::Json(Json::Array(a)) => {
            for x in a {
                match x {
                    Json::String(s) => push(s),
                    Json::Object(o) => {
                        if let Some(Json::String(s)) = o.get("value") {
                            push(s);
                            let digits: String = s.chars().filter(char::is_ascii_digit).collect();
                            if digits.len() >= 7 && digits != *s {
                                push(&digits);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        Value::Json(Json::Object(o)) => o.values().filter_map(Json::as_str).for_each(push),
        _ => {}
    }
}
