//! Badges: the state of a document, a role, a class. Tone carries meaning and never stands alone: the word is there.

use maud::{Markup, Render, html};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Plain,
    /// Draft, moving, the current thing.
    Accent,
    Good,
    Waits,
    Bad,
}

impl Tone {
    pub fn class(self) -> &'static str {
        match self {
            Tone::Plain => "",
            Tone::Accent => "acc",
            Tone::Good => "pos",
            Tone::Waits => "warn",
            Tone::Bad => "neg",
        }
    }
    /// Class of the dot.
    pub fn dot(self) -> &'static str {
        match self {
            Tone::Plain => "dot",
            Tone::Accent => "dot a",
            Tone::Good => "dot g",
            Tone::Waits => "dot w",
            Tone::Bad => "dot r",
        }
    }
    /// How a state of any document looks: draft and moving in accent, done green, waits amber, undone red.
    pub fn of_state(state: &str) -> Tone {
        match state {
            "draft" | "open" | "confirmed" | "active" | "planned" | "in_progress" | "picking" | "sent" | "running" => Tone::Accent,
            "posted" | "closed" | "won" | "done" | "completed" | "paid" | "shipped" | "accepted" => Tone::Good,
            "approval" | "waiting" | "partly_paid" | "partly_shipped" | "on_hold" | "pending" => Tone::Waits,
            "lost" | "overdue" | "failed" | "rejected" | "blocked" => Tone::Bad,
            _ => Tone::Plain,
        }
    }
}

pub struct Badge<'a> {
    pub text: &'a str,
    pub tone: Tone,
}

impl Render for Badge<'_> {
    fn render(&self) -> Markup {
        let class = match self.tone {
            Tone::Plain => "badge",
            Tone::Accent => "badge acc",
            Tone::Good => "badge pos",
            Tone::Waits => "badge warn",
            Tone::Bad => "badge neg",
        };
        html! { span class=(class) { (self.text) } }
    }
}

/// A dot and its word.
pub struct Dot<'a> {
    pub text: &'a str,
    pub tone: Tone,
}

impl Render for Dot<'_> {
    fn render(&self) -> Markup {
        html! { span class="row-f s12 g4" { span class=(self.tone.dot()) {} (self.text) } }
    }
}

/// Initials in a circle; the tint follows the name, so that a colleague keeps his colour.
pub struct Avatar<'a> {
    pub name: &'a str,
    /// `""`, `s18`, `s32`.
    pub size: &'static str,
    pub me: bool,
}

pub fn initials(name: &str) -> String {
    let mut words = name.split(|c: char| c.is_whitespace() || c == '.').filter_map(|w| w.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.next();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

impl Render for Avatar<'_> {
    fn render(&self) -> Markup {
        let tint = if self.me {
            "me"
        } else {
            ["", "t1", "t2", "t3"][self.name.bytes().fold(7_usize, |a, b| a.wrapping_mul(31).wrapping_add(usize::from(b))) % 4]
        };
        html! { span class={ "avatar " (tint) " " (self.size) } aria-hidden="true" { (initials(self.name)) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_10_initials_of_names() {
        assert_eq!(initials("Олена Коваль"), "ОК");
        assert_eq!(initials("Ґава Данило Петрович"), "ҐД");
        assert_eq!(initials("«admin»"), "A");
        assert_eq!(initials("  "), "");
    }
}
