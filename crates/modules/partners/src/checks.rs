//! Plausibility of phones, e-mail and web addresses, and how findings are told: as field errors to people and programs,
//! as warnings to imports of history, which take data as they are.

use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::Cx;
use serde_json::Value as Json;

/// One wrong value: field, error code, arguments.
pub struct Finding {
    pub field: String,
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
}

impl Finding {
    pub fn new(field: impl Into<String>, code: &'static str) -> Self {
        Finding { field: field.into(), code, args: vec![] }
    }
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

/// Refuses all findings at once; history only gets warnings.
pub fn settle(cx: &mut Cx, findings: Vec<Finding>) -> Result<()> {
    if cx.ctx.is_history() {
        for f in findings {
            cx.warn(f.field, f.code, f.args.into_iter().map(|(k, v)| (k.into(), v)).collect());
        }
        return Ok(());
    }
    let errors =
        findings.into_iter().map(|f| f.args.into_iter().fold(Error::field(f.field, f.code), |e, (k, v)| e.field_arg(k, v))).collect();
    Error::collect(errors)
}

/// Five to fifteen digits (E.164) with the usual separators, and maybe an extension.
pub fn phone(s: &str) -> bool {
    let main = ["ext", "доб", "x", "#", ",", ";"].iter().fold(s, |rest, mark| rest.split(mark).next().unwrap_or_default());
    let digits = main.chars().filter(char::is_ascii_digit).count();
    (5..=15).contains(&digits)
        && main.chars().all(|c| c.is_ascii_digit() || " \u{a0}+-–().·/".contains(c))
        && !main.chars().skip(1).any(|c| c == '+')
}

/// Something before and after one `@`, a dot in the domain, no white space; domains may be in any script.
pub fn email(s: &str) -> bool {
    let Some((user, domain)) = s.rsplit_once('@') else { return false };
    let bad = |c: char| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"@".contains(c);
    !user.is_empty()
        && user.len() <= 64
        && !user.contains(bad)
        && !domain.contains(bad)
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
}

/// `http://…`, `https://…` or a bare host. Other schemes are refused even in history, for pages make links of it.
pub fn website(s: &str) -> bool {
    let lower = s.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).unwrap_or(&lower);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, "80"));
    name.contains('.')
        && !name.starts_with('.')
        && !s.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"'`\\".contains(c))
        && port.parse::<u16>().is_ok()
}

/// Findings in a list of `{value, kind}`.
pub fn items(field: &str, list: &Json, code: &'static str, good: fn(&str) -> bool) -> Vec<Finding> {
    let values = list.as_array().into_iter().flatten().map(|x| x["value"].as_str().unwrap_or_default());
    values.enumerate().filter(|(_, v)| !good(v)).map(|(n, _)| Finding::new(format!("{field}.{n}.value"), code)).collect()
}

#[cfg(test)]
mod tests {
    use super::{email, phone, website};

    #[test]
    fn ptr_03_phones() {
        for good in [
            "+380 67 123-45-67",
            "(044) 123 45 67",
            "0671234567",
            "(5) 555-4729",
            "8 (495) 123-45-67 доб. 12",
            "+44 20 7946 0958 ext 3",
            "12345",
        ] {
            assert!(phone(good), "{good}");
        }
        for bad in ["", "1234", "12345678901234567", "call me", "067<script>1234567", "06712+34567", "٠٦٧١٢٣٤٥"] {
            assert!(!phone(bad), "{bad}");
        }
    }

    #[test]
    fn ptr_03_email_addresses() {
        for good in ["a@b.ua", "ivan.petrenko+crm@example.co.uk", "олена@приклад.укр", "o'brien@x.org"] {
            assert!(email(good), "{good}");
        }
        for bad in ["", "a", "a@b", "@b.ua", "a@", "a b@c.ua", "a@b..ua", "a@-b.ua", "a@b.ua, c@d.ua", "<a@b.ua>", "a@b@c.ua", "a@.ua"] {
            assert!(!email(bad), "{bad}");
        }
    }

    #[test]
    fn ptr_02_web_addresses() {
        for good in ["www.voe.com.ua", "https://www.orange.pl/inwestorzy?x=1", "http://приклад.укр:8080/шлях", "HTTP://A.B"] {
            assert!(website(good), "{good}");
        }
        for bad in ["", "localhost", "javascript:alert(1).x", "data:text/html,a.b", "ftp://a.b", "a.b c", "https://a.b/\"onload", ".ua"] {
            assert!(!website(bad), "{bad}");
        }
    }
}
