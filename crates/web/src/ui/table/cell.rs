//! Cells of lists, written straight into the page: they are most of what a list sends.

use super::{Show, class};
use crate::ui::badge::{Badge, Tone};
use crate::ui::figures::Spark;
use crate::ui::icons::draw;
use crate::ui::money::{Money, number};
use kontor_texts::Lang;
use maud::{Markup, PreEscaped, Render, html};
use std::borrow::Cow;

/// What a cell holds. Text is escaped; `Markup` must come from components.
#[derive(Clone, Debug)]
pub enum Cell<'a> {
    Empty,
    Text(Cow<'a, str>),
    /// Second ink.
    Soft(Cow<'a, str>),
    /// Small, third ink.
    Sub(Cow<'a, str>),
    /// The record's name: half-bold, the link of the row.
    Name(Cow<'a, str>, Cow<'a, str>),
    /// A link to another record.
    Link(Cow<'a, str>, Cow<'a, str>),
    /// Decimal string and decimals shown at least.
    Money(Cow<'a, str>, usize),
    /// The same in red whatever its sign: overdue.
    Alarm(Cow<'a, str>, usize),
    /// Decimal string without a unit of money.
    Number(Cow<'a, str>),
    /// Right-aligned words: days, dates.
    Right(Cow<'a, str>, Tone),
    Date(Cow<'a, str>),
    Badge(Cow<'a, str>, Tone),
    Dot(Cow<'a, str>, Tone),
    Spark(Vec<f32>),
    Yes(bool),
    Markup(Markup),
}

/// One `td`.
pub fn cell(lang: Lang, c: &Cell, show: Show) -> Markup {
    let mut out = String::new();
    cell_to(&mut out, lang, c, show);
    PreEscaped(out)
}

pub(super) fn cell_to(out: &mut String, lang: Lang, c: &Cell, show: Show) {
    let kind = match c {
        Cell::Soft(_) => "m1",
        Cell::Sub(_) => "sub",
        Cell::Name(..) => "nm",
        Cell::Money(..) | Cell::Alarm(..) | Cell::Number(_) => "r",
        Cell::Right(_, Tone::Plain) => "r m1",
        Cell::Right(..) => "r",
        Cell::Date(_) => "m1 tn",
        _ => "",
    };
    match (kind, show.class()) {
        ("", "") => out.push_str("<td>"),
        (one, "") | ("", one) => put(out, &["<td class=\"", "\">"], &[one]),
        (kind, show) => put(out, &["<td class=\"", " ", "\">"], &[kind, show]),
    }
    match c {
        Cell::Empty => {}
        Cell::Text(t) | Cell::Soft(t) | Cell::Sub(t) | Cell::Date(t) => escaped(out, t),
        Cell::Name(t, href) => put(out, &["<a href=\"", "\" title=\"", "\">", "</a>"], &[href, t, t]),
        Cell::Link(t, href) => put(out, &["<a class=\"lk\" href=\"", "\" title=\"", "\">", "</a>"], &[href, t, t]),
        Cell::Money(d, least) => Money::new(lang, d).least(*least).render_to(out),
        Cell::Alarm(d, least) => Money::new(lang, d).least(*least).alarm(true).render_to(out),
        Cell::Number(d) => number(lang, d, 0).render_to(out),
        Cell::Right(t, tone) => html! { span class=[class(&[tone.class()])] { (t) } }.render_to(out),
        Cell::Badge(t, tone) if !t.is_empty() => Badge { text: t, tone: *tone }.render_to(out),
        Cell::Dot(t, tone) => html! { span class=(tone.dot()) {} (t) }.render_to(out),
        Cell::Spark(v) => Spark { values: v }.render_to(out),
        Cell::Yes(true) => draw("ic m1", "check").render_to(out),
        Cell::Badge(..) | Cell::Yes(false) => {}
        Cell::Markup(m) => m.render_to(out),
    }
    out.push_str("</td>");
}

/// Markup with texts between its parts, which are escaped.
pub fn put(out: &mut String, parts: &[&str], texts: &[&str]) {
    for (i, part) in parts.iter().enumerate() {
        out.push_str(part);
        if let Some(text) = texts.get(i) {
            escaped(out, text);
        }
    }
}

/// Most texts have nothing to escape, and are copied whole instead of letter by letter.
fn escaped(out: &mut String, text: &str) {
    if text.bytes().fold(false, |found, b| found | matches!(b, b'&' | b'<' | b'>' | b'"')) {
        text.render_to(out);
    } else {
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_11_cells_escape_and_align() {
        let html = |c: Cell| cell(Lang::Uk, &c, Show::Always).into_string();
        assert_eq!(html(Cell::Text("<i>".into())), "<td>&lt;i&gt;</td>");
        assert_eq!(html(Cell::Money("12.5".into(), 2)), "<td class=\"r\"><span class=\"n\">12<i>,50</i></span></td>");
        assert_eq!(
            html(Cell::Name("A\"B".into(), "/x?a=1&b=2".into())),
            "<td class=\"nm\"><a href=\"/x?a=1&amp;b=2\" title=\"A&quot;B\">A&quot;B</a></td>"
        );
    }
}
