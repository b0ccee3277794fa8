//! The matrix drawn: four answers, all of it in words, the table with a control in each cell, the bar that saves.

use super::super::rows::rows;
use super::sheet::{Sheet, hides, of, right};
use super::{EVERYTHING, draft_key, may_change, told};
use crate::pages::card::Card;
use crate::pages::columns::BOOKKEEPING;
use crate::pages::{Call, nav};
use crate::ui::head::{Button, Kind as ButtonKind, Segments};
use crate::ui::icons::{icon, icon_small};
use crate::ui::words::json_block;
use kontor_kernel::error::Result;
use kontor_platform::spec::{Kind, Scope, Spec, Ty};
use kontor_texts::{Arg, has, label, label_in, message, tr, tr_args};
use maud::{Markup, html};
use serde_json::json;
use std::collections::BTreeMap;

/// Rights that most kinds of records have: a column each.
const COMMON: [&str; 5] = ["read", "create", "update", "delete", "undo"];
const SCOPES: [Scope; 4] = [Scope::None, Scope::Own, Scope::Team, Scope::All];
/// People named among those who have the role.
const PEOPLE: &str = "6";

struct Draw<'a> {
    c: &'a Call,
    card: &'a Card,
    sheet: &'a Sheet,
    /// Cells are controls.
    open: bool,
    /// The role is one of the program's: it has usual rights.
    known: bool,
    find: String,
    only: &'a str,
}

pub fn view(c: &Call, card: &Card, sheet: &Sheet) -> Result<Markup> {
    let code = card.text("code");
    if code == EVERYTHING {
        return Ok(html! {
            div class="k-cols" { div class="k-stack k-rights" {
                div class="k-answers two" { (Draw::new(c, card, sheet).who()?) div { h4 { (c.t("roles-may")) } p class="lead" { (c.t("roles-everything")) } } }
                p class="k-sec m1" { (c.t("roles-everything_how")) }
            } }
        });
    }
    Draw::new(c, card, sheet).all()
}

impl<'a> Draw<'a> {
    fn new(c: &'a Call, card: &'a Card, sheet: &'a Sheet) -> Draw<'a> {
        let known = has(c.lang, &format!("role-{}", card.text("code")));
        let only = c.param("only").filter(|o| matches!(*o, "granted" | "unusual")).unwrap_or("");
        let find = c.param("find").unwrap_or("").trim().to_lowercase();
        Draw { c, card, sheet, open: may_change(c, card), known, find, only }
    }

    fn all(&self) -> Result<Markup> {
        let c = self.c;
        let key = draft_key(self.card.id);
        let kept = if self.open && self.sheet.trouble.is_none() && self.sheet.copied.is_none() { c.app.draft(&c.ctx, &key)? } else { None };
        let table = self.table();
        Ok(html! {
            div class="k-cols" { div class="k-stack k-rights" data-island="role-matrix" {
                (self.answers()?)
                (self.in_words())
                (self.bar()?)
                @if self.open {
                    form class="k-stack" method="post" action={ "/roles/" (self.card.id) "/rights" } data-form data-draft=(key) novalidate {
                        input type="hidden" name="csrf" value=(c.csrf);
                        input type="hidden" name="version" value=(self.card.version());
                        @if let Some((body, at)) = &kept { (json_block("data-draft-data", &json!({"saved_at": at, "data": body["data"]}))) }
                        @if let Some(t) = &self.sheet.trouble { div class="k-sum-err k-refused mt8" role="alert" { (icon("alert-triangle")) b { (t) } } }
                        (table)
                        (self.acts())
                    }
                } @else { (table) }
            } }
        })
    }

    /// Who has the role, what it may, what of it is unusual, what it does not know.
    fn answers(&self) -> Result<Markup> {
        let c = self.c;
        let n = told::counts(c, self.sheet);
        let unusual: Vec<&'static Spec> = c.app.registry.granted().filter(|s| self.unusual(s)).collect();
        let figure = |key: &str, n: usize| tr_args(c.lang, key, &[("count", Arg::from(n))]);
        Ok(html! {
            div class="k-answers" {
                (self.who()?)
                div { h4 { (c.t("roles-may")) }
                    p class="lead" { (tr_args(c.lang, "roles-may_see", &[("count", Arg::from(n.seen)), ("all", Arg::from(n.all))])) }
                    p { @if n.bounded > 0 { (figure("roles-may_own", n.bounded)) ". " } (figure("roles-may_make", n.made)) ", " (figure("roles-may_change", n.changed)) "." } }
                div { h4 { (c.t("roles-unusual")) }
                    @if !self.known { p class="lead" { (c.t("roles-own_role")) } p { (c.t("roles-own_role_how")) } }
                    @else if unusual.is_empty() { p class="lead" { (c.t("roles-as_usual")) } p { (c.t("roles-as_usual_how")) } }
                    @else {
                        p class="lead" { a class="lk" href="?only=unusual" { (figure("roles-unusual_in", unusual.len())) } }
                        p { (unusual.iter().take(4).map(|s| message::entity(c.lang, s.name)).collect::<Vec<_>>().join(", ")) @if unusual.len() > 4 { "…" } }
                    } }
                div { h4 { (c.t("roles-unknown")) }
                    p class="lead" { @if n.seen == n.all { (c.t("roles-sees_every")) } @else { (figure("roles-unseen", n.all - n.seen)) } }
                    p { @if n.hidden > 0 { (figure("roles-hidden", n.hidden)) } @else { (c.t("roles-hidden_none")) } } }
            }
        })
    }

    fn who(&self) -> Result<Markup> {
        let c = self.c;
        let code = self.card.text("code");
        let asked = [("roles", code), ("active", "true"), ("sort", "name"), ("limit", PEOPLE), ("count", "true")];
        let found = rows(c, "users", &asked, &[])?;
        let all = found.count().unwrap_or(0);
        Ok(html! {
            div { h4 { (c.t("roles-who")) }
                @if !found.readable() { p class="lead" { "—" } }
                @else if found.is_empty() { p class="lead" { (c.t("roles-nobody")) } p { a class="lk" href="/users" { (message::entity(c.lang, "users")) } } }
                @else {
                    p class="lead" { a class="lk" href={ "/users?roles=" (code) } { (tr_args(c.lang, "roles-people", &[("count", Arg::from(all))])) } }
                    p { @for (i, r) in found.iter().enumerate() { @if i > 0 { ", " } a href=(r.href()) { (r.title()) } } @if found.more() { "…" } }
                } }
        })
    }

    /// All of it in words, area by area.
    fn in_words(&self) -> Markup {
        let c = self.c;
        html! {
            details class="k-words" data-keep="words" {
                summary { (icon_small("chevron-right")) (c.t("roles-in_words")) }
                dl class="k-kv wide" {
                    @for (key, specs) in nav::areas(c) {
                        dt { (tr(c.lang, key)) }
                        dd {
                            @let told = told::area(c, &specs, self.sheet);
                            @if told.is_empty() { span class="m2" { (c.t("roles-no_access")) } }
                            @for (does, with) in &told { p { span class="m2" { (does) ": " } (with) "." } }
                        }
                    }
                }
            }
        }
    }

    /// Looking for a row; all, what it may, what is unusual; rights taken over from another role.
    fn bar(&self) -> Result<Markup> {
        let c = self.c;
        let path = format!("/roles/{}", self.card.id);
        let looks = [("", "roles-only_all"), ("granted", "roles-only_granted"), ("unusual", "roles-only_unusual")];
        let links: Vec<(&str, String, bool)> = looks
            .iter()
            .filter(|(o, _)| *o != "unusual" || self.known)
            .map(|(o, key)| (c.t(key), if o.is_empty() { path.clone() } else { format!("{path}?only={o}") }, *o == self.only))
            .collect();
        let items: Vec<(&str, &str, &str, bool)> = links.iter().map(|(t, h, on)| (*t, "", h.as_str(), *on)).collect();
        let others = rows(c, "roles", &[("sort", "name"), ("limit", "100")], &["code"])?;
        Ok(html! {
            div class="k-filters top k-rightsbar" {
                form class="k-find" method="get" action=(path) role="search" {
                    (icon_small("search"))
                    @if !self.only.is_empty() { input type="hidden" name="only" value=(self.only); }
                    input type="search" name="find" value=(c.param("find").unwrap_or("")) placeholder=(c.t("roles-find")) aria-label=(c.t("roles-find")) data-find data-key="/" autocomplete="off";
                    span class="k-hint" { kbd { "/" } }
                }
                (Segments { label: c.t("roles-show"), items: &items })
                @if self.open && others.len() > 1 {
                    form class="k-copyfrom" method="get" action=(path) {
                        label class="s12 m1" for="copy-from" { (c.t("roles-copy_from")) }
                        select class="form-select" id="copy-from" name="from" {
                            @for r in others.iter().filter(|r| r.id() != self.card.id && r.text("code") != EVERYTHING) { option value=(r.text("code")) { (r.title()) } }
                        }
                        button type="submit" class="btn btn-2 btn-s" { (icon_small("copy")) (c.t("roles-take_over")) }
                    }
                }
            }
            @if let Some(from) = &self.sheet.copied {
                p class="k-word k-copied" role="status" { (icon_small("info-circle")) (tr_args(c.lang, "roles-copied", &[("name", Arg::from(from.as_str()))])) }
            }
        })
    }

    fn table(&self) -> Markup {
        let c = self.c;
        html! {
            div class="k-scroll wide" {
                table class="table k-grid k-rightsgrid" aria-label=(label(c.lang, "roles", "permissions")) {
                    colgroup { col width="212"; @for _ in COMMON { col width="94"; } col; col width="184"; }
                    thead { tr {
                        th scope="col" { (c.t("roles-kind")) }
                        @for a in COMMON { th scope="col" { (tr(c.lang, &format!("right-{a}"))) } }
                        th scope="col" { (c.t("roles-further")) }
                        th scope="col" { (c.t("roles-hidden_fields")) }
                    } }
                    @for (key, specs) in nav::areas(c) {
                        @let shown: Vec<bool> = specs.iter().map(|s| self.matches(s)).collect();
                        tbody hidden[!shown.contains(&true)] {
                            tr class="group" { td colspan="8" { (tr(c.lang, key)) } }
                            @for (s, shown) in specs.iter().zip(&shown) { (self.row(s, *shown)) }
                        }
                    }
                    tbody data-none hidden { tr { td colspan="8" class="m2" { (c.t("roles-none_found")) } } }
                }
            }
        }
    }

    fn unusual(&self, s: &Spec) -> bool {
        self.known && !of(&self.sheet.saved, s.name).beyond(of(&self.sheet.usual, s.name), s).is_empty()
    }

    /// Whether the row is to be seen: by the words looked for, and by what is asked for.
    fn matches(&self, s: &Spec) -> bool {
        let asked = match self.only {
            "granted" if s.is_rights() => s.actions().into_iter().any(|a| of(&self.sheet.shown, s.name).scope(a) > Scope::None),
            "granted" => SCOPES[1..].contains(&of(&self.sheet.shown, s.name).scope("read")),
            "unusual" => self.unusual(s) || self.sheet.differs(s, &self.sheet.saved),
            _ => true,
        };
        let words = self.words(s);
        asked && self.find.split_whitespace().all(|w| words.contains(w))
    }

    /// What the row is found by: the kind of records, its rights, its fields.
    fn words(&self, s: &Spec) -> String {
        let lang = self.c.lang;
        let verbs = s.verbs.iter().map(|v| told::right(lang, s, v.name));
        let mut all = vec![message::entity(lang, s.name), s.name];
        all.extend((!s.is_rights()).then(|| message::entity_one(lang, s.name)));
        all.extend(verbs);
        let fields = fields(self.c, s);
        all.extend(fields.values());
        all.join(" ").to_lowercase()
    }

    fn row(&self, s: &'static Spec, shown: bool) -> Markup {
        let c = self.c;
        let name = message::entity(c.lang, s.name);
        let unusual =
            if self.known { told::unusual(c.lang, s, of(&self.sheet.saved, s.name), of(&self.sheet.usual, s.name)) } else { vec![] };
        let further: Vec<&'static str> = s.actions().into_iter().filter(|a| !COMMON.contains(a)).collect();
        html! {
            tr data-words=(self.words(s)) hidden[!shown] class=[(!unusual.is_empty()).then_some("unusual")] {
                th scope="row" {
                    span class="m2" { (icon(nav::icon(s))) }
                    span class="cut" title=(name) { (name) }
                    @if !unusual.is_empty() { span class="badge acc" title=(unusual.join("\n")) { (c.t("roles-unusual_mark")) } }
                    label class="k-unfold" { input type="checkbox" class="vh" aria-label=(tr_args(c.lang, "roles-open_row", &[("name", Arg::from(name))])); (icon_small("chevron-down")) }
                    small data-brief { (self.brief(s)) }
                }
                @for a in COMMON {
                    @let words = if a == "delete" && s.kind == Kind::Catalog { tr(c.lang, "right-archive") } else { told::right(c.lang, s, a) };
                    td data-label=(words) class=[self.cell_class(s, a)] { @if s.actions().contains(&a) { (self.cell(s, a, words)) } }
                }
                td class=(if further.is_empty() { "k-further none" } else { "k-further" }) { div {
                    @for a in &further {
                        @let words = told::right(c.lang, s, a);
                        @if self.open { label class=[self.cell_class(s, a)] { span { (words) } (self.cell(s, a, words)) } }
                        @else if of(&self.sheet.shown, s.name).scope(a) > Scope::None { span class="k-verb" { (words) " " (self.cell(s, a, words)) } }
                    }
                } }
                td class="k-hides" data-label=(c.t("roles-hidden_fields")) { (self.hidden(s)) }
            }
        }
    }

    /// `Перегляд: власні, зміна: власні` for a folded row.
    fn brief(&self, s: &Spec) -> String {
        let (c, g) = (self.c, of(&self.sheet.shown, s.name));
        let each = s.actions().into_iter().filter(|a| g.scope(a) > Scope::None && (COMMON.contains(a) || s.is_rights()));
        let words = each.map(|a| match s.is_rights() {
            true => told::right(c.lang, s, a).to_string(),
            false => format!("{} {}", told::right(c.lang, s, a), self.option(s, a, g.scope(a)).to_lowercase()),
        });
        let all = words.collect::<Vec<_>>().join(" · ");
        if all.is_empty() { c.t("roles-no_access").to_string() } else { all }
    }

    fn cell_class(&self, s: &'static Spec, action: &str) -> Option<&'static str> {
        if self.sheet.clashes.contains_key(&(s.name, action.to_string())) {
            return Some("clash");
        }
        let scope = |r| of(r, s.name).scope(action);
        match (self.known && scope(&self.sheet.saved) != scope(&self.sheet.usual), scope(&self.sheet.shown) != scope(&self.sheet.saved)) {
            (true, true) => Some("diff new"),
            (true, false) => Some("diff"),
            (false, true) => Some("new"),
            _ => None,
        }
    }

    fn cell(&self, s: &'static Spec, action: &str, words: &str) -> Markup {
        let c = self.c;
        let now = of(&self.sheet.shown, s.name).scope(action);
        if !self.open {
            return html! { span class={ "k-lv " (now.word()) } { (if now == Scope::None { "—" } else { self.option(s, action, now) }) } };
        }
        let usual = of(&self.sheet.usual, s.name).scope(action);
        let saved = of(&self.sheet.saved, s.name).scope(action);
        let hint = self
            .known
            .then(|| tr_args(c.lang, "roles-usually", &[("scope", Arg::from(told::level(c.lang, s, action, usual).to_lowercase()))]));
        html! {
            select class="k-level" name=(right(s.name, action)) data-was=(saved.word()) data-usual=[self.known.then_some(usual.word())] title=[hint] aria-label={ (message::entity(c.lang, s.name)) ": " (words) } {
                @for scope in SCOPES.iter().filter(|x| !told::plain(s, action) || matches!(x, Scope::None | Scope::All) || **x == now) {
                    option value=(scope.word()) selected[*scope == now] { (if *scope == Scope::None { "—" } else { self.option(s, action, *scope) }) }
                }
            }
            @if let Some((base, theirs)) = self.sheet.clashes.get(&(s.name, action.to_string())) {
                small class="k-was" { (tr_args(c.lang, "roles-theirs", &[("base", Arg::from(told::scope(c.lang, *base).to_lowercase())), ("theirs", Arg::from(told::scope(c.lang, *theirs).to_lowercase()))])) }
            }
        }
    }

    fn option(&self, s: &Spec, action: &str, scope: Scope) -> &'static str {
        told::level(self.c.lang, s, action, scope)
    }

    /// Fields that the role does not know: each may be shown again, others may be hidden.
    fn hidden(&self, s: &'static Spec) -> Markup {
        let c = self.c;
        let hidden = &of(&self.sheet.shown, s.name).hidden;
        let all = fields(c, s);
        let words = |f: &str| all.get(f).copied().unwrap_or_else(|| label(c.lang, s.name, f));
        if s.is_rights() {
            return html! {};
        }
        if !self.open {
            return html! { @for f in hidden { span class="k-chip" { span class="v" { (words(f)) } } } };
        }
        let name = hides(s.name);
        let title = tr_args(c.lang, "roles-hide_field", &[("name", Arg::from(message::entity(c.lang, s.name)))]);
        let saved = &of(&self.sheet.saved, s.name).hidden;
        html! {
            @for f in hidden {
                label class=(if saved.contains(f) { "k-chip k-hide" } else { "k-chip k-hide new" }) { input type="checkbox" class="form-check-input" name=(name) value=(f) checked; span class="v" { (words(f)) } }
            }
            select class="k-level add" name=(name) data-hide aria-label=(title) title=(title) {
                option value="" { (c.t("roles-hide")) }
                @for (f, words) in all.iter().filter(|(f, _)| !hidden.contains(**f)) { option value=(f) { (words) } }
            }
        }
    }

    fn acts(&self) -> Markup {
        let c = self.c;
        let any = self.known && c.app.registry.granted().any(|s| self.unusual(s));
        html! {
            div class="k-acts" {
                button type="submit" class="btn btn-primary" data-main data-key="ctrl+s ctrl+Enter" { (c.t("page-card-save")) " " kbd { "Ctrl S" } }
                @if any { button type="submit" class="btn btn-2" name="then" value="usual" { (icon_small("arrow-back-up")) (c.t("roles-back_to_usual")) } }
                (Button::new(ButtonKind::Third, c.t("page-card-cancel")).link(&format!("/roles/{}", self.card.id)))
                span class="s12 m1 tn" data-changes=(c.t("roles-unsaved")) role="status" {}
                span class="k-hint ml-a wide-only" { span { kbd { "←" } kbd { "→" } kbd { "↑" } kbd { "↓" } (c.t("roles-key_move")) } span { kbd { "0" } "–" kbd { "3" } (c.t("roles-key_set")) } span { kbd { "Shift 0" } "–" kbd { "3" } (c.t("roles-key_row")) } }
                span class="k-saved" data-saved role="status" {}
            }
        }
    }
}

/// Fields that may be hidden, with their labels: of the record and of its lines; not what a record is known by.
fn fields(c: &Call, s: &Spec) -> BTreeMap<&'static str, &'static str> {
    let own = s.columns.iter().filter(|x| {
        x.visible()
            && x.name != s.title
            && !matches!(x.ty, Ty::State)
            && (!BOOKKEEPING.contains(&x.name) || matches!(x.name, "source" | "external_id"))
    });
    let lines = s.lines.iter().flat_map(|l| {
        let each = l.columns.iter().filter(|x| x.visible()).map(|x| (x.name, label_in(c.lang, s.name, l.name, x.name)));
        std::iter::once((l.name, label(c.lang, s.name, l.name))).chain(each)
    });
    // A field of the record and one of its lines under one name are hidden together: the record's own label says it.
    lines.chain(own.map(|x| (x.name, label(c.lang, s.name, x.name)))).collect()
}
