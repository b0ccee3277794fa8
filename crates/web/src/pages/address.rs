//! Addresses of lists: the address bar holds the whole state, so every link changes one thing of it and keeps the rest.

use super::state::encode;

/// Parameters that pages understand and lists of the platform do not.
pub const OF_PAGES: &[&str] = &["cols", "lang", "view", "tab", "group", "totals", "boxes"];

/// Pairs as a query string, empty ones left out.
pub fn query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::new();
    for (k, v) in pairs {
        if v.is_empty() {
            continue;
        }
        out.push(if out.is_empty() { '?' } else { '&' });
        out.push_str(&encode(k));
        out.push('=');
        out.push_str(&encode(v));
    }
    out
}

/// `path` with the pairs of `now` except those named, and `set` after them.
pub fn with(path: &str, now: &[(String, String)], without: &[&str], set: &[(&str, &str)]) -> String {
    let kept = now.iter().map(|(k, v)| (k.as_str(), v.as_str())).filter(|(k, _)| !without.contains(k) && !set.iter().any(|(s, _)| s == k));
    format!("{path}{}", query(kept.chain(set.iter().copied())))
}

/// The same without one pair (a condition).
pub fn dropping(path: &str, now: &[(String, String)], key: &str, value: &str) -> String {
    let kept = now.iter().map(|(k, v)| (k.as_str(), v.as_str())).filter(|(k, v)| *k != "after" && !(*k == key && *v == value));
    format!("{path}{}", query(kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_11_links_change_one_thing() {
        let now =
            vec![("q".to_string(), "Ґ&x".to_string()), ("sort".to_string(), "name".to_string()), ("after".to_string(), "zz".to_string())];
        assert_eq!(with("/partners", &now, &["after"], &[("sort", "-name")]), "/partners?q=%D2%90%26x&sort=-name");
        assert_eq!(dropping("/partners", &now, "q", "Ґ&x"), "/partners?sort=name");
        assert_eq!(with("/partners", &[], &[], &[("q", "")]), "/partners");
    }
}
