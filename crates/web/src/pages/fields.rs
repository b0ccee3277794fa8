//! Fields of a form drawn from columns: control by type, label, error and conflict under it.

use super::nav;
use super::state::Call;
use super::typed::{Index, Typed, is_names, member, name_of_path};
use crate::ui::form::{Conflict, Control, Field, Reference, Wrong};
use crate::ui::icons::icon_small;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_platform::query::Query;
use kontor_platform::spec::{Column, Mode, Spec, Ty};
use kontor_platform::value::Value;
use kontor_texts::{label, label_in, message};
use maud::{Markup, Render, html};
use std::cell::RefCell;
use std::rc::Rc;

/// An error of one field in words, and what to do about it.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub text: String,
    pub hint: String,
}

/// Two versions of one field.
#[derive(Clone, Debug)]
pub struct Clash {
    pub base: String,
    pub theirs: (String, String),
    pub yours: (String, String),
    pub by: String,
}

/// Value and label of what can be chosen.
type Options = Rc<Vec<(String, String)>>;

pub struct Fields<'a> {
    pub c: &'a Call,
    pub entity: &'static str,
    typed: Index<'a>,
    /// By name of the field.
    pub wrong: HashMap<String, Said>,
    pub clashes: HashMap<String, Clash>,
    codes: RefCell<HashMap<&'static str, Options>>,
}

/// Errors by the name of their field, and those that no field of the form has.
pub fn errors(c: &Call, columns: &[Column], e: &Error, has: impl Fn(&str) -> bool) -> (HashMap<String, Said>, Vec<String>) {
    let (mut by_name, mut rest) = (HashMap::new(), vec![]);
    for f in &e.inner().fields {
        let text = message::error(c.lang, &f.code, &f.args);
        let hint = f.hint.as_ref().map(|(k, a)| message::hint(c.lang, k, a)).unwrap_or_default();
        let top = columns.iter().find(|x| x.by_name == Some(f.field.as_str())).map_or(f.field.as_str(), |x| x.name);
        let name = name_of_path(top);
        if has(&name) {
            by_name.entry(name).or_insert(Said { text, hint });
        } else {
            rest.push(if hint.is_empty() { text } else { format!("{text}. {hint}") });
        }
    }
    (by_name, rest)
}

impl<'a> Fields<'a> {
    pub fn new(c: &'a Call, entity: &'static str, typed: &'a Typed) -> Self {
        Fields { c, entity, typed: typed.index(), wrong: HashMap::new(), clashes: HashMap::new(), codes: RefCell::default() }
    }

    fn width(x: &Column, title: bool) -> &'static str {
        match x.ty {
            _ if title => "w8",
            Ty::Long { .. } | Ty::Items(_) | Ty::Object(_) | Ty::Map | Ty::Set(_) => "w12",
            Ty::Text { max } if max > 200 => "w8",
            Ty::Tags => "w8",
            _ => "w4",
        }
    }

    /// A field with its label.
    pub fn field(&self, x: &Column, prefix: &str, title: bool) -> Result<Markup> {
        let name = member(prefix, x.name);
        let words = label_in(self.c.lang, self.entity, prefix, x.name);
        match &x.ty {
            Ty::Items(members) => return self.items(members, &name, words),
            Ty::Object(members) => return self.group(members, &name, words),
            Ty::Map if is_names(x) => return Ok(self.names(&name, words)),
            _ => {}
        }
        let said = self.wrong.get(&name);
        let wrong = said.map(|s| Wrong { text: &s.text, hint: &s.hint });
        let clash = self.clashes.get(&name).map(|k| Conflict {
            lang: self.c.lang,
            field: &name,
            base: dash(&k.base),
            theirs: (&k.by, dash(&k.theirs.0), &k.theirs.1),
            yours: (dash(&k.yours.0), &k.yours.1),
        });
        let hint = if matches!(x.ty, Ty::Map) {
            self.c.t("page-card-map_hint")
        } else if matches!(x.ty, Ty::Tags) && self.listed(x).is_none() {
            self.c.t("page-card-tags_hint")
        } else {
            ""
        };
        let required = x.required && x.default.is_none() && !matches!(x.ty, Ty::Set(_) | Ty::Bool);
        let width = if self.listed(x).is_some() { "w12" } else { Self::width(x, title) };
        self.with_control(x, &name, words, |control| {
            let f = Field { name: &name, label: words, control, required, wrong, hint, width, conflict: clash };
            html! { (f) (self.was(x, &name)) }
        })
    }

    /// What a reference or a time was, for forms without scripts.
    fn was(&self, x: &Column, name: &str) -> Markup {
        let key = format!("{name}__was");
        html! { @if matches!(x.ty, Ty::Ref(_) | Ty::Instant) && self.typed.has(&key) { input type="hidden" name=(key) value=(self.typed.get(&key)); } }
    }

    fn with_control(&self, x: &Column, name: &str, words: &str, f: impl FnOnce(Control) -> Markup) -> Result<Markup> {
        let c = self.c;
        let v = self.typed.get(name);
        let chosen = |of: &[&'static str]| -> Vec<(String, String)> {
            of.iter().map(|o| (o.to_string(), message::choice_in(c.lang, self.entity, name, x.name, o).into_owned())).collect()
        };
        Ok(match &x.ty {
            _ if x.mode == Mode::Secret => f(Control::Text { value: "", kind: "password", placeholder: "" }),
            Ty::Long { .. } => f(Control::Area { value: v, rows: 3 }),
            Ty::Map => f(Control::Area { value: v, rows: 3 }),
            Ty::Bool => f(Control::Check { on: matches!(v, "true" | "on" | "1"), text: words }),
            Ty::Date => f(Control::Date { value: v }),
            Ty::Instant => f(Control::Text { value: v, kind: "datetime-local", placeholder: "" }),
            Ty::Choice(of) => select(&chosen(of), v, f),
            Ty::Set(of) => {
                let options = chosen(of);
                let pairs: Vec<(&str, &str)> = options.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
                let values = self.typed.all(name);
                let inner = f(Control::Checks { values: &values, options: &pairs });
                // An empty set is given too.
                html! { (inner) input type="hidden" name=(name) value=""; }
            }
            Ty::Code(of) => select(&self.codes(of)?, v, f),
            Ty::Tags if self.listed(x).is_some() => {
                let options = self.listed(x).map(|s| self.codes(s.name)).transpose()?.unwrap_or_default();
                let pairs: Vec<(&str, &str)> = options.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
                let all = self.typed.all(name);
                let values: Vec<&str> = all.iter().flat_map(|v| v.split(',')).map(str::trim).collect();
                let inner = f(Control::Checks { values: &values, options: &pairs });
                html! { (inner) input type="hidden" name=(name) value=""; }
            }
            Ty::Ref(of) => {
                let title_name = format!("{name}__title");
                let target = c.app.registry.get(of);
                let create = target
                    .filter(|s| c.ctx.access.may(s, "create") && s.kind != kontor_platform::spec::Kind::Facts)
                    .map(|_| nav::kept(format!("/{of}/new")));
                f(Control::Reference(Reference {
                    id: v,
                    title: self.typed.get(&title_name),
                    source: nav::address(of),
                    depends: "",
                    create,
                    placeholder: "",
                }))
            }
            t if t.is_number() => f(Control::Number { value: v }),
            _ => f(Control::Text { value: v, kind: kind_of(x), placeholder: "" }),
        })
    }

    /// Words that are codes or ids of another collection (`roles`, `companies`) are chosen, not typed.
    fn listed(&self, x: &Column) -> Option<&'static Spec> {
        self.c.app.registry.get(x.name).filter(|_| matches!(x.ty, Ty::Tags))
    }

    /// Codes with their names, read once per form; ids where there is no code.
    fn codes(&self, of: &'static str) -> Result<Options> {
        if let Some(o) = self.codes.borrow().get(of) {
            return Ok(o.clone());
        }
        let c = self.c;
        let mut out = vec![];
        if let Some(spec) = c.app.registry.get(of) {
            let coded = spec.index("code").is_some();
            let fields = ["code", "names"].iter().filter(|f| spec.index(f).is_some()).map(|f| f.to_string()).collect();
            let q = Query { limit: 500, fields: Some(fields), ..Default::default() };
            // Who fills in a form chooses among codes, whether or not he may open their list.
            let ctx = kontor_platform::Ctx::system();
            for r in c.app.list(&ctx, spec.name, &q)?.rows {
                let code = match r.values.first() {
                    Some(Value::Text(code)) if coded => code.clone(),
                    _ => r.id.to_string(),
                };
                let local =
                    r.values.iter().find_map(|v| if let Value::Json(j) = v { j[c.lang.code()].as_str().map(str::to_string) } else { None });
                let name = local.unwrap_or(r.title);
                let plain = !coded || name == code || of == "roles";
                out.push((code.clone(), if plain { name } else { format!("{code} — {name}") }));
            }
        }
        let out = Rc::new(out);
        self.codes.borrow_mut().insert(of, out.clone());
        Ok(out)
    }

    /// A control without label, for a cell of a table or a row of a list.
    pub fn bare(&self, x: &Column, name: &str) -> Result<Markup> {
        let words = label_in(self.c.lang, self.entity, name, x.name);
        let said = self.wrong.get(name);
        let invalid = said.is_some().then_some("true");
        let v = self.typed.get(name);
        let title_name = format!("{name}__title");
        let plain = |class: &str, mode: Option<&str>, kind: &str| {
            html! {
                input class=(class) type=(kind) inputmode=[mode] name=(name) value=(v) aria-label=(words) aria-invalid=[invalid] placeholder=(words) autocomplete="off" data-decimal[mode.is_some()];
            }
        };
        let m = match &x.ty {
            Ty::Ref(of) => html! {
                div class="k-combo" data-combobox=(nav::address(of)) {
                    input type="hidden" name=(name) value=(v);
                    input class="form-control" type="text" name=(title_name) value=(self.typed.get(&title_name)) aria-label=(words) aria-invalid=[invalid] placeholder=(words) autocomplete="off";
                    (icon_small("chevron-down"))
                }
                (self.was(x, name))
            },
            Ty::Choice(of) => {
                let options: Vec<(String, String)> = of
                    .iter()
                    .map(|o| (o.to_string(), message::choice_in(self.c.lang, self.entity, name, x.name, o).into_owned()))
                    .collect();
                bare_select(name, words, v, &options, invalid)
            }
            Ty::Code(of) => bare_select(name, words, v, &self.codes(of)?, invalid),
            Ty::Bool => {
                html! { label class="k-check" { input type="hidden" name=(name) value="false"; input class="form-check-input" type="checkbox" name=(name) value="true" checked[v == "true"] aria-label=(words); } }
            }
            Ty::Date => plain("form-control", None, "date"),
            t if t.is_number() => plain("form-control r tn", Some("decimal"), "text"),
            _ => plain("form-control", None, kind_of(x)),
        };
        Ok(
            html! { (m) @if let Some(s) = said { p class="neg s12 k-cell-err" { (s.text) @if !s.hint.is_empty() { " " span class="m2" { (s.hint) } } } } },
        )
    }

    /// Rows of a list inside a record (phones); one more is always empty, and grows by typing.
    fn items(&self, members: &[Column], name: &str, words: &str) -> Result<Markup> {
        let n = self.typed.rows(name);
        let row = |i: String| -> Result<Markup> {
            let prefix = format!("{name}[{i}]");
            let cells = members.iter().map(|m| self.bare(m, &member(&prefix, m.name))).collect::<Result<Vec<_>>>()?;
            Ok(html! { div class="k-item" data-row { @for cell in cells { div { (cell) } } (remove_box(self.c, &prefix)) } })
        };
        let rows = (0..n + 1).map(|i| row(i.to_string())).collect::<Result<Vec<_>>>()?;
        let blank = row("__i__".into())?;
        let said = self.wrong.get(name);
        Ok(html! {
            div class="k-field w12" role="group" aria-label=(words) {
                span class="lab" { (words) }
                div class="k-items" data-rows=(name) data-next=(n + 1) { @for r in rows { (r) } template { (blank) } }
                @if let Some(s) = said { p class="neg" { (s.text) } }
            }
        })
    }

    fn group(&self, members: &[Column], name: &str, words: &str) -> Result<Markup> {
        // A member is only wanted once the whole is given.
        let loose = |m: &Column| Column { required: false, ..m.clone() };
        let fields = members.iter().map(|m| self.field(&loose(m), name, false)).collect::<Result<Vec<_>>>()?;
        Ok(
            html! { div class="k-field w12" role="group" aria-label=(words) { span class="lab" { (words) } div class="k-fields" { @for f in fields { (f) } } } },
        )
    }

    fn names(&self, name: &str, words: &str) -> Markup {
        html! {
            div class="k-field w12" role="group" aria-label=(words) {
                span class="lab" { (words) }
                div class="k-item" {
                    @for l in kontor_texts::Lang::ALL {
                        @let n = member(name, l.code());
                        div { input class="form-control" type="text" name=(n) value=(self.typed.get(&n)) lang=(l.code()) placeholder=(l.name()) aria-label={ (words) ", " (l.name()) } autocomplete="off"; }
                    }
                }
            }
        }
    }

    /// The lines of a document as a table of fields that works without scripts.
    pub fn lines(&self, spec: &Spec, l: &kontor_platform::spec::Lines) -> Result<Markup> {
        let cols: Vec<&Column> = l
            .columns
            .iter()
            .filter(|x| {
                super::typed::in_form(x, true)
                    && !self.c.ctx.access.hidden(spec, x.name)
                    && !matches!(x.ty, Ty::Items(_) | Ty::Object(_) | Ty::Map | Ty::Tags | Ty::Set(_))
                    && !x.name.ends_with("_line_id")
            })
            .collect();
        let n = self.typed.rows(l.name);
        // Which line of its basis a line is: nobody types that, and it is not lost.
        let kept = |prefix: &str| -> Vec<String> {
            let names = l.columns.iter().filter(|x| x.name.ends_with("_line_id")).map(|x| member(prefix, x.name));
            names.filter(|name| self.typed.has(name)).collect()
        };
        let row = |i: String, number: String| -> Result<Markup> {
            let prefix = format!("{}[{i}]", l.name);
            let id = member(&prefix, "id");
            let cells = cols.iter().map(|x| self.bare(x, &member(&prefix, x.name))).collect::<Result<Vec<_>>>()?;
            Ok(html! {
                tr data-row {
                    td class="r m2" { (number) @for name in kept(&prefix) { input type="hidden" name=(name) value=(self.typed.get(&name)); } @if self.typed.has(&id) { input type="hidden" name=(id) value=(self.typed.get(&id)); } }
                    @for cell in cells { td class="in" { (cell) } }
                    td { (remove_box(self.c, &prefix)) }
                }
            })
        };
        let spare = if n == 0 { 3 } else { 2 };
        let rows = (0..n + spare).map(|i| row(i.to_string(), (i + 1).to_string())).collect::<Result<Vec<_>>>()?;
        let blank = row("__i__".into(), String::new())?;
        let words = label(self.c.lang, self.entity, l.name);
        let said = self.wrong.get(l.name);
        Ok(html! {
            fieldset class="k-lined" {
                legend { (words) }
                @if let Some(s) = said { p class="neg" { (s.text) } }
                div class="k-scroll wide" {
                    table class={ "table k-grid k-lines k-edit " (wide_class(&cols)) } aria-label=(words) {
                        colgroup { col width="44"; @for x in &cols { col width=[cell_width(x)]; } col width="52"; }
                        thead { tr { th scope="col" class="r" { "№" } @for x in &cols { th scope="col" class=[x.ty.is_number().then_some("r")] { (label_in(self.c.lang, self.entity, l.name, x.name)) } } th { span class="vh" { (self.c.t("page-card-remove")) } } } }
                        tbody data-rows=(l.name) data-next=(n + spare) { @for r in rows { (r) } template { (blank) } }
                    }
                }
            }
        })
    }
}

fn dash(s: &str) -> &str {
    if s.is_empty() { "—" } else { s }
}

fn kind_of(x: &Column) -> &'static str {
    match x.name {
        "email" => "email",
        "phone" => "tel",
        _ => "text",
    }
}

fn cell_width(x: &Column) -> Option<u16> {
    Some(match x.ty {
        Ty::Ref("products") => return None,
        Ty::Ref(_) => 180,
        Ty::Amount | Ty::Price => 150,
        Ty::Bool => 70,
        Ty::Text { max } if max > 120 => 200,
        _ => 110,
    })
}

/// Least width at which every cell can still be read.
fn wide_class(cols: &[&Column]) -> &'static str {
    let sum: u32 = 96 + cols.iter().map(|x| cell_width(x).map_or(280, u32::from)).sum::<u32>();
    const CLASSES: [&str; 10] = ["mw7", "mw8", "mw9", "mw10", "mw11", "mw12", "mw13", "mw14", "mw15", "mw16"];
    CLASSES[(sum.div_ceil(100).clamp(7, 16) - 7) as usize]
}

fn select(options: &[(String, String)], value: &str, f: impl FnOnce(Control) -> Markup) -> Markup {
    let pairs: Vec<(&str, &str)> = options.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    f(Control::Select { value, options: &pairs })
}

fn bare_select(name: &str, words: &str, value: &str, options: &[(String, String)], invalid: Option<&str>) -> Markup {
    html! {
        select class="form-select" name=(name) aria-label=(words) aria-invalid=[invalid] {
            option value="" {}
            @for (v, text) in options { option value=(v) selected[v == value] { (text) } }
        }
    }
}

/// Marks a row for removal; it steps back at once and goes when the form is saved.
fn remove_box(c: &Call, prefix: &str) -> Markup {
    let words = c.t("page-card-remove");
    html! { label class="k-remove" title=(words) { input class="vh" type="checkbox" name={ (prefix) "[_remove]" } value="1" aria-label=(words); (icon_small("x")) } }
}

/// A rendered list of fields for a form or a dialog.
pub fn grid(fields: Vec<Markup>) -> Markup {
    html! { div class="k-fields" { @for f in fields { (f) } } }.render()
}
