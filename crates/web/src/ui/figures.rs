//! Figures and small pictures drawn by the server: sparklines, shares of a whole, twelve months, a gauge, bars in rows.
//! Floats here only place pixels; what is read is text.

use super::icons::icon;
use maud::{Markup, PreEscaped, Render, html};
use std::fmt::Write;

/// Label, value, and an optional small remark.
pub struct Fig<'a> {
    pub label: &'a str,
    pub value: Markup,
    pub note: &'a str,
    /// Class of the note: `neg`, `pos` or nothing.
    pub note_class: &'a str,
    /// The note stands beside the label instead of the value.
    pub note_above: bool,
    pub spark: Option<&'a [f32]>,
}

impl<'a> Fig<'a> {
    pub fn new(label: &'a str, value: Markup) -> Self {
        Fig { label, value, note: "", note_class: "", note_above: false, spark: None }
    }
}

impl Render for Fig<'_> {
    fn render(&self) -> Markup {
        html! {
            @let class = (!self.note_class.is_empty()).then_some(self.note_class);
            @let noted = !self.note.is_empty();
            div class="k-fig" {
                dt { (self.label) @if noted && self.note_above { " " span class=[class] { (self.note) } } }
                dd class="tn" { (self.value) @if noted && !self.note_above { small class=[class] { (self.note) } } }
                @if let Some(values) = self.spark { dd { (Spark { values }) } }
            }
        }
    }
}

/// A line of a few points; its colour says whether it went up or down as a whole.
pub struct Spark<'a> {
    pub values: &'a [f32],
}

impl Render for Spark<'_> {
    fn render(&self) -> Markup {
        let v = self.values;
        if v.len() < 2 {
            return html! {};
        }
        let (low, high) = v.iter().fold((f32::MAX, f32::MIN), |(a, b), x| (a.min(*x), b.max(*x)));
        let span = if high > low { high - low } else { 1.0 };
        let step = 62.0 / (v.len() - 1) as f32;
        let mut line = String::with_capacity(v.len() * 10);
        for (i, x) in v.iter().enumerate() {
            let y = 16.5 - (x - low) / span * 15.0;
            // writing to a String cannot fail
            let _ = write!(line, "{}{:.1} {:.1}", if i == 0 { 'M' } else { 'L' }, i as f32 * step, y);
        }
        let third = v.len().div_ceil(3);
        let mean = |s: &[f32]| s.iter().sum::<f32>() / s.len() as f32;
        let change = (mean(&v[v.len() - third..]) - mean(&v[..third])) / span;
        let class = if change > 0.25 {
            "spk up"
        } else if change < -0.25 {
            "spk dn"
        } else {
            "spk"
        };
        html! { svg class=(class) viewBox="0 0 62 18" preserveAspectRatio="none" aria-hidden="true" { path class="fl" d={ (line) "L62 18L0 18Z" } {} path d=(line) {} } }
    }
}

/// Parts of one whole, e.g. a debt by age: class of colour (`c0` … `c3`, `cf`), label, text, weight.
pub struct Ages<'a> {
    pub label: &'a str,
    pub parts: &'a [(&'static str, &'a str, &'a str, f64)],
}

impl Render for Ages<'_> {
    fn render(&self) -> Markup {
        let sum: f64 = self.parts.iter().map(|p| p.3.max(0.0)).sum();
        let mut at = 0.0;
        let mut rects = String::new();
        for (class, _, _, weight) in self.parts.iter().filter(|p| p.3 > 0.0) {
            let share = if sum > 0.0 { weight / sum * 100.0 } else { 0.0 };
            // writing to a String cannot fail
            let _ = write!(rects, "<rect class=\"{class}\" x=\"{at:.2}%\" width=\"{:.2}%\" height=\"100%\"/>", (share - 0.5).max(0.8));
            at += share;
        }
        html! {
            svg class="k-age h10" role="img" aria-label=(self.label) { (PreEscaped(rects)) }
            div class="k-agekey" { @for (class, label, text, _) in self.parts { div { span { b class=(class) {} (label) } (text) } } }
        }
    }
}

/// Columns of the last months; the last one is now.
pub struct Months<'a> {
    pub label: &'a str,
    /// Short name of the month and its weight.
    pub values: &'a [(&'a str, f64)],
}

impl Render for Months<'_> {
    fn render(&self) -> Markup {
        let n = self.values.len().max(1);
        let step = 364.0 / n as f64;
        let top = self.values.iter().map(|v| v.1).fold(0.0_f64, f64::max).max(1.0);
        html! {
            svg class="k-cols12" viewBox="0 0 364 64" role="img" aria-label=(self.label) {
                @for (i, (name, v)) in self.values.iter().enumerate() {
                    @let height = (v.max(0.0) / top * 49.0).max(0.5);
                    @let x = i as f64 * step;
                    rect class=[(i + 1 == n).then_some("on")] x=(format!("{x:.1}")) y=(format!("{:.1}", 50.0 - height)) width=(format!("{:.1}", step - 2.6)) height=(format!("{height:.1}")) rx="2" {}
                    @if (n - 1 - i).is_multiple_of(3) { text x=(format!("{:.1}", x + step / 2.0 - 1.3)) y="62" { (name) } }
                }
            }
        }
    }
}

/// Half a ring: fact against plan; the thin outer arc is where it should be today. Shares from 0 to 1.
pub struct Gauge<'a> {
    pub label: &'a str,
    pub fact: f64,
    pub due: f64,
    pub text: &'a str,
    pub note: &'a str,
}

impl Render for Gauge<'_> {
    fn render(&self) -> Markup {
        let arc = |r: f64| format!("M{:.1} 104A{r} {r} 0 0 1 {:.1} 104", 92.0 - r, 92.0 + r);
        let dash = |r: f64, share: f64| format!("{:.1} 1000", share.clamp(0.0, 1.0) * std::f64::consts::PI * r);
        html! {
            div class="k-gauge" role="img" aria-label=(self.label) {
                svg viewBox="0 0 184 112" aria-hidden="true" {
                    path class="bg" d=(arc(76.0)) stroke-width="16" {}
                    path class="fg" d=(arc(76.0)) stroke-width="16" stroke-dasharray=(dash(76.0, self.fact)) {}
                    path class="due" d=(arc(88.0)) stroke-width="2.5" stroke-dasharray=(dash(88.0, self.due)) {}
                }
                div { b { (self.text) } span class="s12 m2" { (self.note) } }
            }
        }
    }
}

/// Bars as rows: label, whole (0 to 1), the part of it done (0 to 1), figure.
pub struct Bars<'a> {
    pub rows: &'a [(&'a str, f64, f64, &'a str)],
}

impl Render for Bars<'_> {
    fn render(&self) -> Markup {
        html! {
            div class="k-rows" {
                @for (label, whole, part, text) in self.rows {
                    div {
                        span class="m1 cut" { (label) }
                        svg aria-hidden="true" { rect class="all" width=(format!("{:.1}%", whole * 100.0)) height="100%" rx="3" {} rect class="part" width=(format!("{:.1}%", part * 100.0)) height="100%" rx="3" {} }
                        span class="n" { (text) }
                    }
                }
            }
        }
    }
}

/// A share of the largest, as a cell of a report.
pub fn share(of: f64) -> Markup {
    html! { svg class="k-share" aria-hidden="true" { rect width=(format!("{:.1}%", of.clamp(0.0, 1.0) * 100.0)) height="100%" rx="2" {} } }
}

/// One thing to do next.
pub struct Next<'a> {
    pub icon: &'a str,
    pub title: &'a str,
    pub note: &'a str,
    pub action: Markup,
}

impl Render for Next<'_> {
    fn render(&self) -> Markup {
        html! {
            div class="k-next" { (icon(self.icon)) span class="grow" { b class="b5" { (self.title) } br; span class="s12 m1" { (self.note) } } (self.action) }
        }
    }
}

/// One of the four answers of a card.
pub struct Answer<'a> {
    pub title: &'a str,
    pub body: Markup,
    /// What to do next stands on the accent.
    pub next: bool,
}

/// Who, what do they owe, what is going on, what to do next.
pub struct Answers<'a>(pub &'a [Answer<'a>]);

impl Render for Answers<'_> {
    fn render(&self) -> Markup {
        html! { div class="k-answers" { @for a in self.0 { div class=[a.next.then_some("next")] { h4 { (a.title) } (a.body) } } } }
    }
}

/// A section of a side column.
pub struct Section<'a> {
    pub title: &'a str,
    pub count: Option<usize>,
    pub aside: Markup,
    pub body: Markup,
}

impl Render for Section<'_> {
    fn render(&self) -> Markup {
        html! {
            section class="k-sec" {
                @if !self.title.is_empty() { header { h3 { (self.title) @if let Some(n) = self.count { i { (n) } } } span class="ml-a" { (self.aside) } } }
                (self.body)
            }
        }
    }
}

/// Label and value pairs.
pub struct Pairs<'a> {
    pub items: &'a [(&'a str, Markup)],
    pub wide: bool,
}

impl Render for Pairs<'_> {
    fn render(&self) -> Markup {
        html! { dl class=(if self.wide { "k-kv wide" } else { "k-kv" }) { @for (k, v) in self.items { dt { (k) } dd { (v) } } } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_10_pictures_carry_no_style_attributes() {
        let all = [
            Spark { values: &[1.0, 2.0, 8.0] }.render(),
            Spark { values: &[1.0] }.render(),
            Ages { label: "x", parts: &[("c0", "a", "1", 10.0), ("cf", "b", "0", 0.0)] }.render(),
            Months { label: "x", values: &[("січ", 0.0), ("лют", -5.0)] }.render(),
            Gauge { label: "x", fact: 1.4, due: 0.5, text: "140 %", note: "" }.render(),
            Bars { rows: &[("a", 1.0, 0.5, "2")] }.render(),
        ];
        for m in all {
            let html = m.into_string();
            assert!(!html.contains("style") && !html.contains("NaN") && !html.contains("inf"), "{html}");
        }
    }
}
