//! Price lists of suppliers and competitors in free form: workbooks with headings somewhere, groups, several sheets. The
//! headings that were right are remembered for the partner; goods are matched to our own products, and every price stands as
//! a record of its own (`supplier-prices`) that the next list updates.

mod items;
mod layout;
mod matching;
mod repeated;
mod words;

use crate::fault::{Fault, tell};
use items::{Item, Taken, letters, take};
use kontor_exchange::read::{Sheet, Table, tables};
use kontor_exchange::{Files, Input, Options, Profile, Report, run_profile};
use kontor_kernel::Price;
use kontor_kernel::error::{Error, Result};
use kontor_platform::record::Record;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Envelope};
use layout::Layout;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use words::Role;

pub use items::letters as column_letters;
pub use matching::{Candidate, candidates};

/// The price in a cell; nothing where it is empty or says no number.
pub(crate) fn asked_price(cell: &str) -> Result<Option<kontor_kernel::Price>> {
    match words::asked(cell)? {
        words::Asked::Price(p, _) => Ok(Some(p)),
        words::Asked::OnRequest | words::Asked::Nothing => Ok(None),
    }
}

const PROFILE: &str = include_str!("profile.toml");
const COLUMNS: [&str; 15] = [
    "key",
    "partner",
    "article",
    "name",
    "group",
    "barcode",
    "product",
    "matched",
    "score",
    "price",
    "currency",
    "vat",
    "unit",
    "stock",
    "valid_from",
];

/// What was found in one sheet.
#[derive(Clone, Debug)]
pub struct SheetFound {
    pub name: String,
    /// Row of the heading; `None`: no price list was recognised here.
    pub heading: Option<u32>,
    /// Role, letter, heading.
    pub columns: Vec<(&'static str, String, String)>,
    /// Row and cells of the sheet's beginning, so that a person can say what is what; two rows of a heading stand as one.
    pub first: Vec<(u32, Vec<String>)>,
    pub items: u64,
    pub on_request: u64,
    /// Control sum: of the prices as they stand in the sheet, before repeated articles are joined and whatever their currency.
    pub sum: Price,
    pub groups: u64,
}

#[derive(Clone, Debug, Default)]
pub struct ListReport {
    pub report: Report,
    pub sheets: Vec<SheetFound>,
    /// Lines of the list by what became of them: linked by a person or an earlier import, certain, to be looked at, unknown.
    pub kept: u64,
    pub same: u64,
    pub maybe: u64,
    pub none: u64,
    /// Lines with an article that stands in the list again; the last one with a price counts.
    pub repeated: u64,
}

impl ListReport {
    pub fn to_json(&self) -> Json {
        let mut j = self.report.to_json();
        let sheet = |s: &SheetFound| {
            let columns: Vec<Json> = s.columns.iter().map(|c| json!({"role": c.0, "column": c.1, "heading": c.2})).collect();
            json!({"name": s.name, "heading_row": s.heading, "columns": columns, "items": s.items, "on_request": s.on_request, "sum": s.sum.to_string(), "groups": s.groups})
        };
        j["sheets"] = self.sheets.iter().map(sheet).collect();
        j["matched"] = json!({"kept": self.kept, "same": self.same, "maybe": self.maybe, "none": self.none});
        j["repeated"] = json!(self.repeated);
        j
    }
}

/// How a list is to be read, as a person says: taken before what is remembered or found, and remembered.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Role (`article barcode name price currency unit stock`) and heading.
    pub columns: Vec<(String, String)>,
    pub currency: Option<String>,
    /// `included`, `excluded` or `exempt`.
    pub vat: Option<String>,
    /// Names of the sheets to read; all when empty.
    pub sheets: Vec<String>,
}

/// Imports a partner's price list.
pub fn import(app: &Arc<App>, ctx: &Ctx, partner: Id, input: &Input, options: &Options) -> ListReport {
    import_as(app, ctx, partner, input, options, None)
}

/// The same, read as a person says.
pub fn import_as(app: &Arc<App>, ctx: &Ctx, partner: Id, input: &Input, options: &Options, given: Option<&Given>) -> ListReport {
    let mut out = ListReport::default();
    if let Err(e) = run(app, ctx, partner, input, options, given, &mut out) {
        tell(&mut out.report, ctx, &input.name(), &[Fault::new(0, "", e)]);
    }
    out
}

/// What stands in a list, and how it would be read: nothing is checked, matched or written.
pub fn look(app: &App, ctx: &Ctx, partner: Id, input: &Input, options: &Options) -> Result<Vec<SheetFound>> {
    let mapping = mapping(app, ctx, partner)?;
    let mut out = ListReport::default();
    read(&tables(input, &options.limits)?, mapping.as_ref(), &mut out);
    Ok(out.sheets)
}

/// A partner by id or by name.
pub fn partner(app: &App, ctx: &Ctx, said: &str) -> Result<Id> {
    crate::named(app, ctx, "partners", "partner_id", said)
}

fn run(
    app: &Arc<App>,
    ctx: &Ctx,
    partner: Id,
    input: &Input,
    options: &Options,
    given: Option<&Given>,
    out: &mut ListReport,
) -> Result<()> {
    app.granted(ctx, "supplier-prices", "create")?;
    let name = app.record(ctx, "partners", partner)?.title().to_string();
    let remembered = mapping(app, ctx, partner)?;
    let mapping = given.map(Mapping::said).transpose()?.or_else(|| remembered.clone());
    let book = tables(input, &options.limits)?;
    let (taken, layouts) = read(&book, mapping.as_ref(), out);
    if layouts.is_empty() {
        return Err(Error::refused("price_list_no_heading"));
    }
    let file = input.name();
    let mut faults = vec![];
    for (sheet, t) in book.iter().zip(&taken) {
        out.report.read += t.items.len() as u64 + t.wrong.len() as u64;
        faults.extend(t.wrong.iter().map(|w| Fault::new(w.row, format!("{}!{}{}", sheet.name, w.column, w.row), w.error.clone())));
    }
    let currency = currency(app, mapping.as_ref(), &layouts)?;
    let vat = layouts.iter().find_map(|l| l.vat).map(str::to_string);
    let vat = mapping.as_ref().and_then(|m| m.vat.clone()).or(vat).unwrap_or_else(|| "included".into());
    tell(&mut out.report, ctx, &file, &faults);
    if !out.report.ok() && !options.partial {
        return Ok(());
    }
    let (items, again) = repeated::distinct(taken.into_iter().flat_map(|t| t.items), out);
    let matched = matching::products(app, ctx, partner, &items, out)?;
    let table = table(&file, partner, ctx, &items, &matched, &currency, &vat)?;
    let mut profile = Profile::parse(PROFILE)?;
    profile.source = source(partner);
    let run = run_profile(app, ctx, &profile, &Files::Tables(vec![("items".into(), Arc::new(table))]), options);
    let (read, told) = (out.report.read, std::mem::take(&mut out.report.errors));
    out.report = run;
    out.report.read = read;
    out.report.errors.splice(0..0, told);
    out.report.notes.extend(repeated::told(ctx, &book, &again));
    if (given.is_some() || remembered.is_none()) && !options.dry_run && (out.report.ok() || options.partial) {
        let sheets = given.map(|g| g.sheets.clone()).unwrap_or_default();
        remember(
            app,
            ctx,
            partner,
            &name,
            remembered.map(|m| m.id),
            &layouts[0],
            json!({"currency": currency, "vat": vat, "sheets": sheets}),
        )?;
    }
    Ok(())
}

/// Origin of the records of a partner's list.
fn source(partner: Id) -> String {
    format!("price-list:{partner}")
}

#[derive(Clone)]
struct Mapping {
    id: Id,
    columns: Vec<(Role, String)>,
    currency: Option<String>,
    vat: Option<String>,
    sheets: Vec<String>,
}

impl Mapping {
    fn said(g: &Given) -> Result<Mapping> {
        let role = |c: &(String, String)| {
            let wrong = || Error::field("columns", "bad_choice").field_arg("value", &c.0).field_arg("choices", words::codes());
            Ok((Role::parse(&c.0).ok_or_else(wrong)?, c.1.clone()))
        };
        let columns = g.columns.iter().map(role).collect::<Result<Vec<_>>>()?;
        Ok(Mapping { id: Id::nil(), columns, currency: g.currency.clone(), vat: g.vat.clone(), sheets: g.sheets.clone() })
    }
}

fn mapping(app: &App, ctx: &Ctx, partner: Id) -> Result<Option<Mapping>> {
    let spec = app.registry.get("price-list-mappings").ok_or_else(Error::not_found)?;
    if !ctx.access.may(spec, "read") {
        return Ok(None);
    }
    let found = app.store.read(|c| Record::load_where(c, spec, "t.partner_id = ? AND t.archived = ?", &[partner.into(), false.into()]))?;
    let Some(r) = found.into_iter().next() else { return Ok(None) };
    let list = |column: &str| r.json(column).as_array().cloned().unwrap_or_default();
    let pair = |c: &Json| Some((Role::parse(c["role"].as_str()?)?, c["heading"].as_str()?.to_string()));
    Ok(Some(Mapping {
        id: r.id,
        columns: list("columns").iter().filter_map(pair).collect(),
        currency: Some(r.text("currency").to_string()).filter(|c| !c.is_empty()),
        vat: Some(r.text("vat").to_string()).filter(|c| !c.is_empty()),
        sheets: list("sheets").iter().filter_map(|s| s.as_str().map(str::to_string)).collect(),
    }))
}

fn read(book: &[Sheet], mapping: Option<&Mapping>, out: &mut ListReport) -> (Vec<Taken>, Vec<Layout>) {
    let (mut all, mut layouts) = (vec![], vec![]);
    for (n, s) in book.iter().enumerate() {
        let wanted = mapping.is_none_or(|m| m.sheets.is_empty() || m.sheets.contains(&s.name));
        let by_mapping = mapping.filter(|m| !m.columns.is_empty()).and_then(|m| layout::remembered(s, &m.columns));
        let found = if wanted { by_mapping.or_else(|| layout::find(s)) } else { None };
        let taken = found.as_ref().map(|l| take(s, n, l)).unwrap_or_default();
        out.sheets.push(SheetFound {
            name: s.name.clone(),
            heading: found.as_ref().map(|l| l.row),
            columns: found.iter().flat_map(|l| &l.columns).map(|c| (c.role.code(), letters(c.at), c.heading.clone())).collect(),
            first: found.as_ref().map(|l| (l.row, l.texts.clone())).into_iter().chain(layout::beginning(s)).collect(),
            items: taken.items.len() as u64,
            // More than fits is no price list.
            sum: taken.items.iter().filter_map(|i| i.price).fold(Price::ZERO, |all, p| all.checked_add(p).unwrap_or(all)),
            on_request: taken.on_request,
            groups: taken.groups,
        });
        all.push(taken);
        layouts.extend(found);
    }
    (all, layouts)
}

/// As the mapping or the heading says, otherwise that of our company.
fn currency(app: &App, mapping: Option<&Mapping>, layouts: &[Layout]) -> Result<String> {
    if let Some(c) =
        mapping.and_then(|m| m.currency.clone()).or_else(|| layouts.iter().find_map(|l| l.currency).map(|c| c.code().to_string()))
    {
        return Ok(c);
    }
    let own = app.store.read(|c| c.query_opt("SELECT currency FROM companies ORDER BY seq LIMIT 1", &[]))?;
    own.map(|r| r.text(0).map(str::to_string)).transpose()?.ok_or_else(|| Error::field("currency", "required"))
}

/// What a line is known by from one list to the next.
fn key(i: &Item) -> String {
    let text = if i.article.is_empty() { format!("name:{}", kontor_matching::code(&i.name)) } else { i.article.clone() };
    text.chars().take(180).collect()
}

fn table(file: &str, partner: Id, ctx: &Ctx, items: &[Item], matched: &[matching::Matched], currency: &str, vat: &str) -> Result<Table> {
    let mut t = Table::new(file.to_string(), COLUMNS.iter().map(|c| c.to_string()).collect())?;
    let (partner, today) = (partner.to_string(), ctx.today.to_string());
    for (i, m) in items.iter().zip(matched) {
        let price = i.price.map(|p| p.to_string()).unwrap_or_default();
        let own = i.currency.map(|c| c.code().to_string());
        let product = m.product.map(|p| p.to_string()).unwrap_or_default();
        let cut = |s: &str, n: usize| s.chars().take(n).collect::<String>();
        let row = [
            key(i),
            partner.clone(),
            cut(&i.article, 100),
            cut(&i.name, 500),
            cut(&i.group, 500),
            cut(&i.barcode, 60),
            product,
            m.decision.to_string(),
            m.score.clone(),
            price,
            own.unwrap_or_else(|| currency.to_string()),
            vat.to_string(),
            cut(&i.unit, 40),
            cut(&i.stock, 60),
            // A line that stays as it was keeps its date: a new one would say that something changed.
            m.valid_from(i).unwrap_or_else(|| today.clone()),
        ];
        t.push(i.row, row.iter().map(String::as_str))?;
    }
    Ok(t)
}

/// Written anew, or over what was remembered before.
fn remember(app: &Arc<App>, ctx: &Ctx, partner: Id, name: &str, there: Option<Id>, l: &Layout, mut input: Json) -> Result<()> {
    let spec = app.registry.get("price-list-mappings").ok_or_else(Error::not_found)?;
    if !ctx.access.may(spec, if there.is_some() { "update" } else { "create" }) {
        return Ok(());
    }
    let columns: Vec<Json> =
        l.columns.iter().map(|c| json!({"role": c.role.code(), "heading": c.heading.chars().take(300).collect::<String>()})).collect();
    input["columns"] = json!(columns);
    let Some(id) = there else {
        (input["name"], input["partner_id"]) = (json!(name), json!(partner));
        return app.execute(ctx, Envelope::new("price-list-mappings.create", input)).map(|_| ());
    };
    let version = app.record(ctx, "price-list-mappings", id)?.version;
    app.execute(ctx, Envelope::new("price-list-mappings.update", input).on(id).seen(version)).map(|_| ())
}
