//! The board: a column for each stage with its first cards, and the folded ends.

use super::{Figures, Sums, named};
use crate::pages::Call;
use crate::pages::work::rows::{Row, Rows, may, rows};
use crate::pages::work::words::{self, address, amount, days};
use crate::ui::badge::Tone;
use crate::ui::board::{Board, Card, Folded, Stage};
use crate::ui::empty::Empty;
use crate::ui::head::{Button, Kind};
use kontor_kernel::error::Result;
use kontor_platform::value::Id;
use kontor_texts::tr;
use maud::{Markup, Render, html};

/// Cards drawn per stage; the column's sums are of all.
const CARDS: usize = 40;

pub(super) fn board(c: &Call, figures: &Figures, kind: Option<Id>, kept: &[(&str, String)]) -> Result<Markup> {
    let lang = c.lang;
    let kind_text = kind.map(|k| k.to_string()).unwrap_or_default();
    let mut of_kind = vec![("limit", "30")];
    if kind.is_some() {
        of_kind.push(("kind_id", &kind_text));
    }
    let stages = rows(c, "stages", &of_kind, &["names", "probability", "norm_days"])?;
    if stages.is_empty() {
        let actions = Button::new(Kind::Second, kontor_texts::message::entity_new(lang, "stages"))
            .link(&address("/stages/new", &[("kind_id", &kind_text)]));
        return Ok(Empty {
            icon: "layout-kanban",
            title: tr(lang, "page-list-empty"),
            text: tr(lang, "work-no_stages"),
            actions,
            bare: false,
        }
        .render());
    }
    let most = stages.iter().map(|s| figures.of("open", Some(s.id())).amount).max().unwrap_or(0);
    let mut columns: Vec<Column> = vec![];
    for s in stages.iter() {
        columns.push(Column::read(c, figures, s, most, kept)?);
    }
    if figures.of("open", None).count > 0 {
        columns.push(Column::without_stage(c, figures, kept)?);
    }
    let drawn: Vec<Stage> = columns.iter().map(Column::stage).collect();
    let pairs: Vec<(&str, &str)> = kept.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let closed: Vec<(&str, Sums, Tone, String, &str)> =
        [("won", "page-deals-won", Tone::Good, "win"), ("lost", "page-deals-lost", Tone::Bad, "lose")]
            .into_iter()
            .map(|(state, title, tone, verb)| {
                let mut p = pairs.clone();
                p.extend([("state", state), ("sort", "-closed_on")]);
                (tr(lang, title), figures.all(state), tone, address("/deals", &p), verb)
            })
            .collect();
    let sums: Vec<String> = closed.iter().map(|x| amount(x.1.amount)).collect();
    let folded: Vec<Folded> = closed
        .iter()
        .zip(&sums)
        .map(|((title, s, tone, href, verb), sum)| Folded {
            title,
            count: s.count,
            sum,
            tone: *tone,
            href,
            verb: may(c, "deals", verb).then_some(*verb),
        })
        .collect();
    let mut dialogs = vec![];
    for (.., verb) in closed.iter().filter(|x| may(c, "deals", x.4)) {
        dialogs.push(crate::pages::verbs::dropped(c, c.spec("deals")?, verb)?);
    }
    let board = Board {
        lang,
        label: tr(lang, "page-deals-board"),
        collection: "deals",
        stages: &drawn,
        folded: &folded,
        moves: may(c, "deals", "move"),
        begin: begin(c, figures, &kind_text, kept),
    };
    Ok(html! { (board) @for d in dialogs { (d) } })
}

/// The way to the first deal, where there is none and nothing was asked for.
fn begin(c: &Call, figures: &Figures, kind: &str, kept: &[(&str, String)]) -> Markup {
    let any = ["open", "won", "lost"].iter().any(|state| figures.all(state).count > 0);
    if any || kept.iter().any(|(k, _)| *k != "kind_id") || !may(c, "deals", "create") {
        return html! {};
    }
    let actions = Button::new(Kind::Primary, kontor_texts::message::entity_new(c.lang, "deals"))
        .icon("plus")
        .link(&address("/deals/new", &[("kind_id", kind)]));
    Empty { icon: "target-arrow", title: tr(c.lang, "page-list-empty"), text: tr(c.lang, "work-first_deal"), actions, bare: false }.render()
}

/// A stage with its cards, owning the words that the component borrows.
struct Column {
    id: String,
    title: String,
    sums: Sums,
    texts: (String, String),
    share: f64,
    cards: Vec<CardTexts>,
    more: Option<String>,
}

struct CardTexts {
    id: String,
    version: i64,
    href: String,
    title: String,
    partner: String,
    amount: String,
    unit: String,
    percent: Option<u8>,
    idle: Option<String>,
    next: Option<(String, String, bool)>,
    manager: String,
}

const FIELDS: [&str; 9] =
    ["partner_id", "amount", "currency", "probability", "manager_id", "stage_since", "next_step", "next_step_on", "closes_on"];

impl Column {
    fn read(c: &Call, figures: &Figures, stage: Row, most: i64, kept: &[(&str, String)]) -> Result<Column> {
        let id = stage.id().to_string();
        let sums = figures.of("open", Some(stage.id()));
        let open = open_at(kept, ("stage_id", &id));
        let found = deals_of(c, &open)?;
        let norm = stage.value("norm_days").as_int();
        let chance = stage.scaled("probability");
        let cards = found.iter().map(|d| card(c, d, &figures.currency, chance, norm)).collect();
        let more = list_of_rest(&found, &open);
        Ok(Column::new(named(c.lang, stage), id, sums, most, cards, more))
    }

    fn without_stage(c: &Call, figures: &Figures, kept: &[(&str, String)]) -> Result<Column> {
        let sums = figures.of("open", None);
        let open = open_at(kept, ("stage_id.empty", "true"));
        let found = deals_of(c, &open)?;
        let cards = found.iter().map(|d| card(c, d, &figures.currency, 0, None)).collect();
        let most = sums.amount;
        Ok(Column::new(tr(c.lang, "page-deals-no_stage").to_owned(), String::new(), sums, most, cards, list_of_rest(&found, &open)))
    }

    fn new(title: String, id: String, sums: Sums, most: i64, cards: Vec<CardTexts>, more: Option<String>) -> Column {
        Column { texts: (amount(sums.amount), amount(sums.weighted)), share: words::share(sums.amount, most), id, title, sums, cards, more }
    }

    fn stage(&self) -> Stage<'_> {
        Stage {
            id: &self.id,
            title: &self.title,
            count: self.sums.count,
            sum: &self.texts.0,
            weighted: &self.texts.1,
            share: self.share,
            cards: self.cards.iter().map(CardTexts::card).collect(),
            more: self.more.as_deref(),
        }
    }
}

/// Conditions of the open deals at a stage.
fn open_at<'a>(kept: &'a [(&'a str, String)], stage: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    kept.iter().map(|(k, v)| (*k, v.as_str())).chain([("state", "open"), stage]).collect()
}

fn deals_of(c: &Call, open: &[(&str, &str)]) -> Result<Rows> {
    let limit = CARDS.to_string();
    let mut p = open.to_vec();
    p.extend([("limit", limit.as_str()), ("sort", "next_step_on,-amount")]);
    rows(c, "deals", &p, &FIELDS)
}

fn list_of_rest(found: &Rows, open: &[(&str, &str)]) -> Option<String> {
    found.more().then(|| address("/deals", open))
}

fn card(c: &Call, d: Row, currency: &str, stage_chance: i64, norm: Option<i64>) -> CardTexts {
    let chance = d.value("probability").as_int().unwrap_or(stage_chance);
    let idle = d.instant("stage_since").map(|t| (c.ctx.now - t).num_days()).filter(|n| norm.is_some_and(|m| *n > m));
    let next = match (d.text("next_step"), d.date("next_step_on")) {
        ("", None) => d.date("closes_on").map(|on| (tr(c.lang, "work-closes").to_owned(), on)),
        (text, Some(on)) => Some((text.to_owned(), on)),
        (text, None) => Some((text.to_owned(), chrono::NaiveDate::MAX)),
    };
    let next = next.map(|(text, on)| {
        let when = if on == chrono::NaiveDate::MAX { String::new() } else { words::day(c.lang, c.ctx.today, on) };
        (text, when, on < c.ctx.today)
    });
    // sums of other currencies are shown with the deal, not added to the column
    let unit = if d.text("currency") == currency { "" } else { words::sign(d.text("currency")) };
    CardTexts {
        id: d.id().to_string(),
        version: d.version(),
        href: d.href(),
        title: d.title().to_owned(),
        partner: d.name_of("partner_id").to_owned(),
        amount: d.decimal("amount"),
        unit: unit.to_owned(),
        percent: u8::try_from(chance / 10_000).ok(),
        idle: idle.map(|n| days(c.lang, n)),
        next,
        manager: d.name_of("manager_id").to_owned(),
    }
}

impl CardTexts {
    fn card(&self) -> Card<'_> {
        Card {
            id: &self.id,
            version: self.version,
            href: &self.href,
            title: &self.title,
            partner: &self.partner,
            amount: &self.amount,
            unit: &self.unit,
            percent: self.percent,
            idle: self.idle.as_deref(),
            next: self.next.as_ref().map(|(t, w, l)| (t.as_str(), w.as_str(), *l)),
            manager: &self.manager,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crm_02_the_list_of_more_deals_is_that_of_the_column() {
        let kept = [("kind_id", "7".to_owned())];
        let of = |stage| address("/deals", &open_at(&kept, stage));
        assert_eq!(of(("stage_id", "1")), "/deals?kind_id=7&state=open&stage_id=1");
        assert_eq!(of(("stage_id.empty", "true")), "/deals?kind_id=7&state=open&stage_id.empty=true");
    }
}
