//! XML as a stream of elements: no document type, no entities of its own, bounded depth and bounded pieces, so that a file
//! of any size takes the memory of one element. Names come without their namespace; text is UTF-8 whatever the file is in.

use super::{Input, Limits, Source, bytes, encoding, from_io, to_io, too_large};
use encoding_rs::{Encoding, UTF_8};
use kontor_kernel::error::{Error, Result};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufRead, BufReader, Read};

/// Elements inside of each other at most.
const MAX_DEPTH: usize = 64;
/// Bytes of one tag or one text between tags.
const MAX_PIECE: usize = 4 << 20;
/// Elements of one record that is read whole.
const MAX_NODES: usize = 100_000;

/// What comes next in the file.
#[derive(Clone, Debug, PartialEq)]
pub enum Xml {
    Start(Node),
    Text(String),
    End(String),
}

/// An element with what stands in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// Without namespace.
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// Own text, without that of its children.
    pub text: String,
    pub children: Vec<Node>,
    /// Line of the file, counted from 1.
    pub line: u32,
}

impl Node {
    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|c| c.name == name)
    }
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |c| c.name == name)
    }
    /// Text of a child, trimmed; nothing where it is empty.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.child(name).map(|c| c.text.trim()).filter(|t| !t.is_empty())
    }
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.0 == name).map(|a| a.1.trim()).filter(|t| !t.is_empty())
    }
}

pub struct XmlReader {
    reader: Reader<Counted>,
    buf: Vec<u8>,
    depth: usize,
    /// `<a/>` is a start and an end.
    ended: Option<String>,
}

impl XmlReader {
    pub fn open(input: &Input, limits: &Limits) -> Result<Self> {
        let text = encoding::decoded(bytes::open(input, limits)?, declared(input, limits)?);
        let mut reader = Reader::from_reader(Counted { inner: BufReader::with_capacity(1 << 16, text), lines: 1, piece: 0 });
        reader.config_mut().check_end_names = true;
        Ok(XmlReader { reader, buf: vec![], depth: 0, ended: None })
    }

    /// Line of the file that was read last.
    pub fn line(&self) -> u32 {
        self.reader.get_ref().lines
    }

    /// The next tag or text; `None` at the end of a well-formed document.
    pub fn pull(&mut self) -> Result<Option<Xml>> {
        if let Some(name) = self.ended.take() {
            return Ok(Some(Xml::End(name)));
        }
        loop {
            self.buf.clear();
            self.reader.get_mut().piece = 0;
            match self.reader.read_event_into(&mut self.buf) {
                Err(quick_xml::Error::Io(e)) => return Err(from_io(std::io::Error::new(e.kind(), Carried(e)))),
                Err(e) => return Err(malformed(e)),
                Ok(Event::Eof) if self.depth > 0 => return Err(Error::refused("xml_cut_short")),
                Ok(Event::Eof) => return Ok(None),
                Ok(Event::DocType(_)) => return Err(Error::refused("xml_document_type")),
                Ok(Event::Start(e)) => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(Error::refused("xml_too_deep").arg("max", MAX_DEPTH));
                    }
                    return Ok(Some(Xml::Start(node(&e, self.reader.get_ref().lines)?)));
                }
                Ok(Event::Empty(e)) => {
                    let n = node(&e, self.reader.get_ref().lines)?;
                    self.ended = Some(n.name.clone());
                    return Ok(Some(Xml::Start(n)));
                }
                Ok(Event::End(e)) => {
                    self.depth = self.depth.checked_sub(1).ok_or_else(|| Error::refused("xml_malformed").arg("message", "</"))?;
                    return Ok(Some(Xml::End(e.local_name().as_ref().to_string())));
                }
                Ok(Event::Text(t)) => return Ok(Some(Xml::Text(t.xml10_content().into_owned()))),
                Ok(Event::CData(t)) => return Ok(Some(Xml::Text(t.xml10_content().into_owned()))),
                Ok(Event::GeneralRef(r)) => {
                    let text = match r.resolve_char_ref().map_err(malformed)? {
                        Some(c) => c.to_string(),
                        None => {
                            let name = r.xml10_content();
                            let known = quick_xml::escape::resolve_predefined_entity(&name);
                            known.ok_or_else(|| Error::refused("xml_entity").arg("name", &name))?.to_string()
                        }
                    };
                    return Ok(Some(Xml::Text(text)));
                }
                Ok(Event::Decl(_) | Event::Comment(_) | Event::PI(_)) => {}
            }
        }
    }

    /// The rest of an element whose start was just read, as a whole.
    pub fn whole(&mut self, mut top: Node) -> Result<Node> {
        let mut open: Vec<Node> = vec![];
        let mut count = 0;
        loop {
            match self.pull()?.ok_or_else(|| Error::refused("xml_cut_short"))? {
                Xml::Start(n) => {
                    count += 1;
                    if count > MAX_NODES {
                        return Err(Error::refused("xml_element_too_large").arg("name", &top.name));
                    }
                    open.push(std::mem::replace(&mut top, n));
                }
                Xml::Text(t) => top.text.push_str(&t),
                Xml::End(_) => match open.pop() {
                    None => return Ok(top),
                    Some(mut above) => {
                        std::mem::swap(&mut above, &mut top);
                        top.children.push(above);
                    }
                },
            }
        }
    }

    /// Passes over the rest of an element whose start was just read.
    pub fn skip(&mut self) -> Result<()> {
        let mut inside = 0usize;
        loop {
            match self.pull()?.ok_or_else(|| Error::refused("xml_cut_short"))? {
                Xml::Start(_) => inside += 1,
                Xml::Text(_) => {}
                Xml::End(_) if inside == 0 => return Ok(()),
                Xml::End(_) => inside -= 1,
            }
        }
    }
}

fn malformed(e: impl std::fmt::Display) -> Error {
    Error::refused("xml_malformed").arg("message", e)
}

fn node(e: &BytesStart, line: u32) -> Result<Node> {
    let mut n = Node { name: e.local_name().as_ref().to_string(), line, ..Default::default() };
    for a in e.attributes() {
        let a = a.map_err(malformed)?;
        let value = a.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(malformed)?;
        n.attributes.push((a.key.local_name().as_ref().to_string(), value.into_owned()));
    }
    Ok(n)
}

/// By byte-order mark or the shape of UTF-16, then as the declaration says, otherwise UTF-8.
fn declared(input: &Input, limits: &Limits) -> Result<&'static Encoding> {
    let mut head = vec![0u8; 1024];
    let n = bytes::fill(&mut *bytes::open(input, limits)?, &mut head)?;
    let head = &head[..n];
    if let Some(e) = encoding::by_shape(head) {
        return Ok(e);
    }
    let text = String::from_utf8_lossy(head);
    let declaration = text.trim_start().strip_prefix("<?xml").and_then(|t| t.split_once("?>")).map_or("", |t| t.0);
    let Some((_, rest)) = declaration.split_once("encoding") else { return Ok(UTF_8) };
    let name = rest.trim_start_matches([' ', '=', '\t', '\r', '\n']).trim_start_matches(['"', '\'']);
    let name = name.split(['"', '\'']).next().unwrap_or("");
    // A file that says UTF-16 and is not wide was written by a program that only thinks so.
    if name.to_ascii_lowercase().starts_with("utf-16") { Ok(UTF_8) } else { encoding::by_name(name) }
}

/// Whether a file looks like XML.
pub fn is_xml(input: &Input, limits: &Limits) -> Result<bool> {
    let mut head = vec![0u8; 512];
    let n = bytes::fill(&mut *bytes::open(input, limits)?, &mut head)?;
    let head = &head[..n];
    let text = encoding::by_shape(head).unwrap_or(UTF_8).decode_with_bom_removal(head).0;
    let mut c = text.trim_start().chars();
    Ok(c.next() == Some('<') && c.next().is_some_and(|c| c == '?' || c == '!' || c.is_alphabetic()))
}

/// Counts lines, and the bytes of the piece that is being read.
struct Counted {
    inner: BufReader<Source>,
    lines: u32,
    piece: usize,
}

impl Read for Counted {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.fill_buf()?.read(buf)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Counted {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.piece > MAX_PIECE {
            return Err(to_io(too_large(MAX_PIECE as u64)));
        }
        self.inner.fill_buf()
    }
    fn consume(&mut self, n: usize) {
        let newlines = self.inner.buffer().iter().take(n).filter(|b| **b == b'\n').count();
        self.lines = self.lines.saturating_add(newlines as u32);
        self.piece += n;
        self.inner.consume(n);
    }
}

/// An error of ours on its way through the parser, which shares it.
#[derive(Debug)]
struct Carried(std::sync::Arc<std::io::Error>);

impl std::fmt::Display for Carried {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Carried {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.get_ref().map(|e| e as &(dyn std::error::Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(data: impl Into<std::sync::Arc<[u8]>>) -> Result<(Vec<Xml>, u32)> {
        let mut r = XmlReader::open(&Input::bytes("a.xml", data.into()), &Limits::default())?;
        let mut out = vec![];
        while let Some(x) = r.pull()? {
            out.push(x);
        }
        Ok((out, r.line()))
    }

    fn code(data: &[u8]) -> String {
        all(data.to_vec()).expect_err("is refused").inner().code.to_string()
    }

    #[test]
    fn plt_06_reads_elements_of_every_encoding() {
        let text = "<?xml version=\"1.0\" encoding=\"ENC\"?>\n<n:а xmlns:n=\"urn:x\" b=\"1 &lt; 2\">Ґанок &amp; &#x454;<![CDATA[<>]]>\n<c/></n:а>\n";
        let cp1251 = encoding_rs::WINDOWS_1251.encode(&text.replace("ENC", "windows-1251")).0.into_owned();
        let wide = |bom: bool| {
            let mut out = if bom { vec![0xFF, 0xFE] } else { vec![] };
            out.extend(text.replace("ENC", "utf-16").encode_utf16().flat_map(u16::to_le_bytes));
            out
        };
        let utf8 = text.replace("ENC", "UTF-8").into_bytes();
        let marked = [b"\xEF\xBB\xBF".as_slice(), &utf8].concat();
        for data in [utf8, marked, cp1251, wide(true), wide(false)] {
            assert!(is_xml(&Input::bytes("a", data.clone()), &Limits::default()).expect("reads"));
            let mut r = XmlReader::open(&Input::bytes("a", data), &Limits::default()).expect("opens");
            let top = loop {
                match r.pull().expect("reads") {
                    Some(Xml::Start(n)) => break r.whole(n).expect("reads"),
                    Some(_) => {}
                    None => panic!("an element"),
                }
            };
            assert_eq!((top.name.as_str(), top.attribute("b"), top.text.trim(), top.line), ("а", Some("1 < 2"), "Ґанок & є<>", 2));
            assert_eq!((top.children.len(), top.children[0].name.as_str(), top.children[0].line), (1, "c", 3));
        }
        assert!(!is_xml(&Input::bytes("a", &b"a,b\n<1,2\n"[..]), &Limits::default()).expect("reads"));
    }

    #[test]
    fn plt_06_refuses_what_is_made_to_hurt() {
        assert_eq!(code(b"<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"), "xml_document_type");
        assert_eq!(code(b"<a>&b;</a>"), "xml_entity");
        assert_eq!(code(b"<a>&#0;</a>"), "xml_malformed");
        assert_eq!(code(b"<a><b></a>"), "xml_malformed");
        assert_eq!(code(b"<a><b>"), "xml_cut_short");
        assert_eq!(code(b"<a"), "xml_malformed");
        assert_eq!(code("<a>".repeat(100).as_bytes()), "xml_too_deep");
        assert_eq!(code(b"<?xml version=\"1.0\" encoding=\"klingon\"?><a/>"), "file_encoding");
        assert_eq!(code(b"<?xml version=\"1.0\" encoding=\"utf-8\"?><a>\xC0\xC1</a>"), "file_encoding");
        assert_eq!(code(format!("<a b=\"{}\"/>", "x".repeat(MAX_PIECE + (1 << 17))).as_bytes()), "file_too_large");
        let long = format!("<a>{}</a>", "<b/>".repeat(MAX_NODES + 1));
        let mut r = XmlReader::open(&Input::bytes("a", long.into_bytes()), &Limits::default()).expect("opens");
        let Some(Xml::Start(a)) = r.pull().expect("reads") else { panic!("a start") };
        assert_eq!(r.whole(a).expect_err("is refused").inner().code, "xml_element_too_large");
    }
}
