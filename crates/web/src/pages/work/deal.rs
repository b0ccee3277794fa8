//! The card of a deal: stages as steps, four answers, goods, participants, the chain of what was made from it, its talks.

use super::chain::{Next, chain};
use super::deals::named;
use super::partner_side::details;
use super::rows::{may, rows};
use super::sublist::sublist;
use super::timeline::{self, Of};
use super::words::{self, address, whole};
use super::{View, ref_id, ref_title, tasks, text};
use crate::pages::card::Card;
use crate::pages::verbs;
use crate::pages::{Call, history};
use crate::ui::board::Ring;
use crate::ui::figures::{Answer, Answers, Section};
use crate::ui::head::{Button, Kind, Menu, PageHead, Tab, Tabs};
use crate::ui::money::{Money, number};
use kontor_kernel::error::Result;
use kontor_platform::value::parsed;
use kontor_texts::{format, message, tr, tr_args};
use maud::{Markup, Render, html};
use serde_json::{Value as Json, json};

const TABS: [(&str, &str); 4] =
    [("", "page-card-overview"), ("timeline", "page-card-timeline"), ("details", "page-card-details"), ("changes", "page-card-history")];

pub fn view(c: &Call, id: &str) -> Result<View> {
    let card = Card::read(c, "deals", id)?;
    let d = Deal { c, id: card.id.to_string(), j: card.json.clone() };
    let title = card.text("name").to_owned();
    let tab = c.param("tab").unwrap_or("");
    let about = html! {
        (words::state(c.lang, "deals", card.state()))
        span class="s12 m2 cut" { (ref_title(&d.j, "kind")) }
    };
    let content = html! {
        span hidden data-live={ "deals/" (d.id) } data-version=(card.version()) {}
        (PageHead { title: &title, about, actions: html! { (d.make()) (d.actions(&card)) }, list: false, line: false })
        (d.stages()?)
        (d.answers()?)
        (d.tabs(tab))
        (d.body(tab)?)
        (verbs::dialogs(c, &card, None)?)
    };
    let crumbs = vec![(message::entity(c.lang, "deals").to_owned(), Some("/deals".to_owned())), (title.clone(), None)];
    Ok(View { here: "deals", title, crumbs, create: html! {}, content })
}

struct Deal<'a> {
    c: &'a Call,
    id: String,
    j: Json,
}

impl Deal<'_> {
    fn open(&self) -> bool {
        text(&self.j, "state") == "open"
    }

    /// What can be made on the basis of it.
    fn make(&self) -> Markup {
        let c = self.c;
        let partner = text(&self.j, "partner_id");
        let made: Vec<(&str, &str)> =
            [("quotes", "file-text"), ("sales-orders", "shopping-cart"), ("tasks", "checkbox"), ("interactions", "notes")]
                .into_iter()
                .filter(|(e, _)| may(c, e, "create"))
                .collect();
        if made.is_empty() {
            return html! {};
        }
        let items = html! { @for (e, i) in made { a href=(address(&format!("/{e}/new"), &[("deal_id", &self.id), ("partner_id", partner)])) { (crate::ui::icon(i)) (message::entity_one(c.lang, e)) } } };
        Menu { label: tr(c.lang, "page-card-create_from"), icon: "plus", worded: true, items }.render()
    }

    /// An open deal is won or lost; stages are moved by their own row. A closed one can be opened again.
    fn actions(&self, card: &Card) -> Markup {
        let (c, lang) = (self.c, self.c.lang);
        if !self.open() {
            return verbs::buttons(c, card);
        }
        let path = format!("/deals/{}", self.id);
        html! {
            @if may(c, "deals", "update") { (Button::new(Kind::Third, tr(lang, "page-card-edit")).icon("pencil").key("e").link(&format!("{path}/edit"))) }
            @if may(c, "deals", "lose") { (Button::new(Kind::Second, message::verb(lang, "deals", "lose")).opens("#verb-lose")) }
            @if may(c, "deals", "win") { (Button::new(Kind::Primary, message::verb(lang, "deals", "win")).key("ctrl+Enter").opens("#verb-win")) }
        }
    }

    /// Stages of its kind; a press moves the deal there.
    fn stages(&self) -> Result<Markup> {
        let (c, lang) = (self.c, self.c.lang);
        let kind = text(&self.j, "kind_id");
        if kind.is_empty() {
            return Ok(html! {});
        }
        let stages = rows(c, "stages", &[("kind_id", kind), ("limit", "30")], &["names", "probability"])?;
        let here = stages.iter().position(|s| s.id().to_string() == text(&self.j, "stage_id"));
        let moves = self.open() && may(c, "deals", "move");
        Ok(html! {
            nav class="k-chain" aria-label=(message::label(lang, "deals", "stage_id")) tabindex="0" {
                @for (i, s) in stages.iter().enumerate() {
                    @if i > 0 { i {} }
                    @let class = match here { Some(h) if i == h => "on", Some(h) if i < h => "", _ => "nxt" };
                    @let body = json!({"stage_id": s.id(), "version": self.j["version"]}).to_string();
                    @let inside = html! { (crate::ui::icon(if class.is_empty() { "circle-check" } else { "circle-dot" })) b { (named(lang, s)) } small { (format::percent(lang, s.scaled("probability"))) } };
                    @if moves && here != Some(i) { a class=(class) href="#" role="button" data-command=(format!("/deals/{}/move", self.id)) data-body=(body) data-done=(tr_args(lang, "page-deals-moved", &[("title", text(&self.j, "name").into()), ("stage", named(lang, s).into())])) { (inside) } }
                    @else { span class=(class) aria-current=[(here == Some(i)).then_some("step")] { (inside) } }
                }
            }
        })
    }

    /// Its own probability, else that of its stage.
    fn chance(&self) -> Result<Option<u8>> {
        if !self.open() {
            return Ok(None);
        }
        if let Some(own) = text(&self.j, "probability").split('.').next().and_then(|p| p.parse().ok()) {
            return Ok(Some(own));
        }
        let stage = text(&self.j, "stage_id");
        if stage.is_empty() {
            return Ok(None);
        }
        Ok(rows(self.c, "stages", &[("id", stage), ("limit", "1")], &["probability"])?
            .first()
            .and_then(|s| u8::try_from(s.scaled("probability") / 10_000).ok()))
    }

    /// What it would earn by standard costs; nothing for those who may not see costs.
    fn income(&self) -> Result<Markup> {
        let (c, lang) = (self.c, self.c.lang);
        let told = match super::ask(c, "deals/{id}/income", &[("id", self.id.clone())], &[]) {
            Ok(Some(j)) if !j["source"].is_null() => j,
            Ok(_) => return Ok(html! {}),
            Err(e) if e.kind() == kontor_kernel::error::Kind::Forbidden => return Ok(html! {}),
            Err(e) => return Err(e),
        };
        let percent = parsed::<kontor_kernel::Percent>(&told["percent"]).and_then(|p| p.round_to(1).ok());
        let unknown = told["unknown"].as_i64().unwrap_or(0);
        Ok(html! {
            p data-income=(told["source"].as_str().unwrap_or("")) {
                (tr(lang, "work-income")) ": " b class="n" { (Money::new(lang, text(&told, "income")).unit(words::sign(text(&told, "currency")))) }
                @if let Some(p) = percent { " " span class="m2" { (format::percent(lang, p.scaled())) } }
                " " span class="m2 s12" { (tr(lang, match told["source"].as_str() { Some("orders") => "work-income_orders", Some("quote") => "work-income_quote", _ => "work-income_lines" })) }
                @if unknown > 0 { " " span class="m2 s12" { (tr_args(lang, "work-income_unknown", &[("n", unknown.into())])) } }
            }
        })
    }

    fn answers(&self) -> Result<Markup> {
        let (c, lang, j) = (self.c, self.c.lang, &self.j);
        let sign = words::sign(text(j, "currency"));
        let date = |f: &str| text(j, f).parse::<chrono::NaiveDate>().ok();
        let since = text(j, "stage_since").parse::<chrono::DateTime<chrono::Utc>>().ok().map(|t| (c.ctx.now - t).num_days());
        let won = text(j, "won_amount");
        let who = html! {
            p class="lead" { @if ref_title(j, "partner").is_empty() { "—" } @else { a class="lk" href=(format!("/partners/{}", ref_id(j, "partner"))) { (ref_title(j, "partner")) } } }
            @if !ref_title(j, "contact").is_empty() { p { (message::label(lang, "deals", "contact_id")) ": " a href=(format!("/contacts/{}", ref_id(j, "contact"))) { (ref_title(j, "contact")) } } }
            @if !ref_title(j, "manager").is_empty() { p class="m2" { (tr_args(lang, "work-led_by", &[("name", ref_title(j, "manager").into())])) } }
            @if !ref_title(j, "lead_source").is_empty() { p class="m2" { (message::label(lang, "deals", "lead_source_id")) ": " (ref_title(j, "lead_source")) } }
        };
        let worth = html! {
            div class="big row-f" { (Money::new(lang, if won.is_empty() { text(j, "amount") } else { won }).unit(sign)) @if let Some(p) = self.chance()? { (Ring(c.lang, p)) } }
            (self.income()?)
            @if !won.is_empty() && won != text(j, "amount") { p class="m2" { (message::label(lang, "deals", "amount")) ": " span class="n" { (whole(lang, text(j, "amount"))) } } }
        };
        let lost = ref_title(j, "loss_reason");
        let going = html! {
            p class="lead" { (ref_title(j, "stage")) @if let Some(n) = since.filter(|_| self.open()) { " · " (words::days(lang, n)) } }
            @if let Some(d) = date("opened_on") { p { (message::label(lang, "deals", "opened_on")) " " (format::date(lang, d)) } }
            @if let Some(d) = date("closed_on") { p { (message::label(lang, "deals", "closed_on")) " " (format::date(lang, d)) } }
            @else if let Some(d) = date("closes_on") { p { (tr(lang, "work-closes")) " " span class=[(d < c.ctx.today && self.open()).then_some("neg b5")] { (words::day(lang, c.ctx.today, d)) } } }
            @if !lost.is_empty() { p { span class="neg b5" { (lost) } @if !ref_title(j, "winner").is_empty() { " · " (ref_title(j, "winner")) } } }
        };
        let open = tasks::of(c, "deal_id", &self.id, "3")?;
        let step = text(j, "next_step");
        let next = html! {
            @if !step.is_empty() { p class="lead" { (step) } @if let Some(d) = date("next_step_on") { p { span class=[(d < c.ctx.today).then_some("neg b5")] { (words::day(lang, c.ctx.today, d)) } } } }
            @for t in open.iter() { p { a class="b5" href=(t.href()) { (t.title()) } " " (tasks::when(c, t)) } }
            @if step.is_empty() && open.is_empty() { p class="m1" { (tr(lang, "page-partner-no_next_step")) } }
            @if let Some(t) = open.first() { div class="row-f g4 mt4" { (tasks::done_button(c, t)) } }
        };
        Ok(Answers(&[
            Answer { title: tr(lang, "page-partner-who"), body: who, next: false },
            Answer { title: tr(lang, "work-worth"), body: worth, next: false },
            Answer { title: tr(lang, "page-partner-going_on"), body: going, next: false },
            Answer { title: tr(lang, "page-partner-next"), body: next, next: self.open() },
        ])
        .render())
    }

    fn tabs(&self, here: &str) -> Markup {
        let items: Vec<(&str, String, bool)> = TABS
            .iter()
            .map(|(t, k)| {
                (
                    tr(self.c.lang, k),
                    if t.is_empty() { format!("/deals/{}", self.id) } else { format!("/deals/{}?tab={t}", self.id) },
                    *t == here,
                )
            })
            .collect();
        let items: Vec<Tab> = items.iter().map(|(t, h, on)| Tab { title: t, href: h, count: None, here: *on }).collect();
        Tabs { label: tr(self.c.lang, "work-parts"), items: &items }.render()
    }

    fn body(&self, tab: &str) -> Result<Markup> {
        let c = self.c;
        let path = format!("/deals/{}", self.id);
        let of = Of { column: "deal_id", id: &self.id, path: &path, tab };
        Ok(match tab {
            "timeline" => {
                html! { div class="k-scroll" { div class="pad" { div class="k-h" { h3 { (tr(c.lang, "page-card-timeline")) } (timeline::segments(c, &of)) } (timeline::timeline(c, &of)?) } } }
            }
            "details" => details(c, "deals", &self.j)?,
            "changes" => html! { div class="k-scroll" { div class="pad" { (history::show(c, c.spec("deals")?, Call::id(&self.id)?)?) } } },
            _ => html! {
                div class="k-cols with-side" {
                    div { (self.chain()?) (self.lines()) (self.made()?) div class="pad" { div class="k-h" { h3 { (tr(c.lang, "page-card-timeline")) } } (timeline::timeline(c, &of)?) } }
                    aside class="k-side" { (self.need()) (self.participants()) (crate::pages::about::known(c, c.spec("deals")?, &self.id)?.section(c)) }
                }
            },
        })
    }

    fn chain(&self) -> Result<Markup> {
        let next: Vec<Next> = if self.open() {
            ["quotes", "sales-orders"]
                .into_iter()
                .map(|entity| Next { entity, note: String::new(), given: vec![("deal_id", self.id.as_str())] })
                .collect()
        } else {
            vec![]
        };
        let drawn = chain(self.c, ("deals", &self.id), "", &[], &next)?;
        Ok(html! { div class="k-h in" { h3 { (tr(self.c.lang, "page-order-chain")) } } (drawn) })
    }

    fn lines(&self) -> Markup {
        let (c, lang) = (self.c, self.c.lang);
        let lines = self.j["lines"].as_array().map(Vec::as_slice).unwrap_or_default();
        if lines.is_empty() {
            return html! {};
        }
        html! {
            div class="k-h in" { h3 { (tr(lang, "work-goods")) i { (lines.len()) } } @if self.open() && may(c, "deals", "update") { a class="lk s12" href=(format!("/deals/{}/edit", self.id)) { (tr(lang, "page-card-edit")) } } }
            table class="table k-grid" aria-label=(tr(lang, "work-goods")) {
                colgroup { col; col width="100"; col width="130"; }
                tbody { @for l in lines { tr { td class="nm" { a href=(format!("/products/{}", text(l, "product_id"))) { (ref_title(l, "product")) } } td class="r" { (number(lang, text(l, "quantity"), 0)) } td class="r" { (Money::new(lang, text(l, "amount"))) } } } }
            }
        }
    }

    /// Documents and tasks of the deal.
    fn made(&self) -> Result<Markup> {
        let c = self.c;
        let mut all = vec![];
        for (collection, columns, sort) in [
            ("quotes", ["number", "date", "state", "total"], "-date"),
            ("sales-orders", ["number", "date", "state", "total"], "-date"),
            ("tasks", ["subject", "due_at", "state", "doer_id"], "due_at"),
        ] {
            let Some(spec) = c.app.registry.get(collection) else { continue };
            let found = rows(
                c,
                collection,
                &[("deal_id", &self.id), ("sort", sort), ("limit", "10")],
                &columns.into_iter().chain(["state"]).collect::<Vec<_>>(),
            )?;
            if !found.is_empty() {
                all.push(html! { div class="k-h in" { h3 { (message::entity(c.lang, collection)) i { (found.len()) } } } (sublist(c, spec, &found, &columns, &format!("/{collection}?deal_id={}", self.id))) });
            }
        }
        Ok(html! { @for a in all { (a) } })
    }

    fn need(&self) -> Markup {
        let lang = self.c.lang;
        let parts: Vec<(&str, &str)> = [("initial_need", text(&self.j, "initial_need")), ("comment", text(&self.j, "comment"))]
            .into_iter()
            .filter(|p| !p.1.is_empty())
            .collect();
        html! { @for (f, v) in parts { (Section { title: message::label(lang, "deals", f), count: None, aside: html! {}, body: html! { p class="pre m1" { (v) } } }) } }
    }

    fn participants(&self) -> Markup {
        let (c, lang) = (self.c, self.c.lang);
        let all = self.j["participants"].as_array().map(Vec::as_slice).unwrap_or_default();
        let aside = html! { @if self.open() && may(c, "deals", "update") { (Button::new(Kind::Third, tr(lang, "page-card-add")).icon("plus").link(&format!("/deals/{}/edit", self.id))) } };
        let body = html! {
            @if all.is_empty() { p class="m2" { (tr(lang, "work-no_participants")) } }
            @for p in all {
                @let (name, entity) = [("contact", "contacts"), ("partner", "partners"), ("user", "users")].into_iter().find(|(f, _)| !ref_title(p, f).is_empty()).unwrap_or(("", ""));
                div class="k-person" {
                    (crate::ui::badge::Avatar { name: ref_title(p, name), size: "s32", me: false })
                    div class="grow" { div class="b5 cut" { @if !name.is_empty() { a href=(format!("/{entity}/{}", ref_id(p, name))) { (ref_title(p, name)) } } } div class="s12 m2 cut" { (message::choice(lang, "deals-participants", "role", text(p, "role"))) @if !text(p, "note").is_empty() { " · " (text(p, "note")) } } }
                }
            }
        };
        Section { title: tr(lang, "work-participants"), count: Some(all.len()).filter(|n| *n > 0), aside, body }.render()
    }
}
