//! Forms with files: `multipart/form-data` split into its parts.

/// One part of a `multipart/form-data` body.
pub struct Part<'a> {
    pub name: String,
    pub file: Option<String>,
    pub body: &'a [u8],
}

/// Parts of a body; what is malformed is passed over.
pub fn parts<'a>(body: &'a [u8], boundary: &str) -> impl Iterator<Item = Part<'a>> {
    let mark = format!("\r\n{boundary}").into_bytes();
    // The first boundary stands at the very beginning.
    let mut rest = body.strip_prefix(boundary.as_bytes()).unwrap_or(&[]);
    std::iter::from_fn(move || {
        let end = find(rest, &mark)?;
        let part = &rest[..end];
        rest = &rest[end + mark.len()..];
        Some(part)
    })
    .filter_map(|part| {
        let at = find(part, b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&part[..at]).into_owned();
        let line = head.lines().find(|l| l.to_ascii_lowercase().starts_with("content-disposition:"))?.to_string();
        let value = |key: &str| line.split_once(&format!("{key}=\"")).and_then(|(_, r)| r.split_once('"')).map(|(v, _)| v.to_string());
        Some(Part { name: value(" name")?, file: value("filename"), body: &part[at + 4..] })
    })
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|w| w == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_10_files_come_with_their_fields() {
        let body = b"--XX\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nt\r\n--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\nname\r\n\r\nx\r\n--XX--\r\n";
        let all: Vec<_> = parts(body, "--XX").map(|p| (p.name, p.file, p.body.to_vec())).collect();
        assert_eq!(all[0], ("csrf".into(), None, b"t".to_vec()));
        assert_eq!(all[1], ("file".into(), Some("a.csv".into()), b"name\r\n\r\nx".to_vec()));
        assert_eq!(parts(b"junk", "--XX").count(), 0);
    }
}
