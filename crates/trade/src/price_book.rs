//! The Excel round trip of our own prices: a workbook of chosen products and price types goes out, comes back edited, and the
//! cells that were changed become edited prices, or the lines of a draft price change. Ids stand in a hidden column and a hidden row, so that
//! rows and columns may be sorted, moved and added; what every cell held when it went out stands in a hidden sheet.

use crate::book_cells::{self, Become};
use crate::fault::{Fault, tell};
use crate::price_list::{asked_price, column_letters};
use kontor_exchange::read::{Sheet, sheets};
use kontor_exchange::{Input, Limits, Options, Report};
use kontor_kernel::Price;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_kernel::{HashMap, HashSet};
use kontor_platform::cx::Cx;
use kontor_platform::query::{Page, Query};
use kontor_platform::value::{Id, new_id};
use kontor_platform::{App, Ctx};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

/// The hidden sheet, and what its first cell says.
const MEMORY: &str = "_kontor";
const MARK: &str = "kontor-price-book-1";
/// Digits that a number of a workbook keeps for certain.
const SAFE_DIGITS: usize = 15;

/// A price type with the prices of the products asked for.
pub(crate) struct Type {
    pub id: Id,
    pub title: String,
    pub currency: String,
    pub prices: HashMap<Id, Price>,
}

/// Writes the book of these products; without price types all that are kept by hand and that the caller sees. Gives the
/// number of rows.
pub fn export(app: &App, ctx: &Ctx, products: &Query, types: &[Id], to: &mut dyn Write) -> Result<u64> {
    let (pages, ids) = pages_of(app, ctx, products, 1_000_000)?;
    let types = types_of(app, ctx, types, &ids, Kinds::Written)?;
    let mut book = Workbook::new();
    let rows = fill(&mut book, ctx, &pages, &types).map_err(failed)?;
    let bytes = book.save_to_buffer().map_err(failed)?;
    to.write_all(&bytes).map_err(failed)?;
    Ok(rows)
}

/// The products of a list, page by page, and their ids; more than `most` are refused.
pub(crate) fn pages_of(app: &App, ctx: &Ctx, products: &Query, most: usize) -> Result<(Vec<Page>, Vec<Id>)> {
    let mut pages: Vec<Page> = vec![];
    let mut q = Query { limit: kontor_platform::query::MAX_LIMIT, after: None, count: false, fields: None, ..products.clone() };
    let mut ids: Vec<Id> = vec![];
    loop {
        let mut page = app.list(ctx, "products", &q)?;
        let next = page.next.take();
        ids.extend(page.rows.iter().map(|r| r.id));
        pages.push(page);
        if ids.len() > most {
            return Err(Error::refused("line_limit").arg("max", most));
        }
        match next {
            Some(n) => q.after = Some(n),
            None => return Ok((pages, ids)),
        }
    }
}

fn failed(e: impl std::fmt::Display) -> Error {
    Error::new(Kind::Unavailable, "unavailable").cause(e)
}

/// Which price types a list may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kinds {
    /// Those whose prices are written by hand: they can be read back.
    Written,
    /// Any that is named, computed ones too; those written by hand when none is.
    Any,
}

/// Products that are priced by the engine at once.
const PRICED: usize = 2_000;

/// Price types with today's prices, in the order asked for.
pub(crate) fn types_of(app: &App, ctx: &Ctx, wanted: &[Id], products: &[Id], kinds: Kinds) -> Result<Vec<Type>> {
    app.granted(ctx, "prices", "read")?;
    let page = app.list(ctx, "price-types", &Query { limit: kontor_platform::query::MAX_LIMIT, fields: None, ..Default::default() })?;
    let at = |name: &str| page.columns.iter().position(|i| page.spec.columns[*i].name == name);
    let text = |r: &kontor_platform::query::PageRow, name: &str| {
        at(name).and_then(|i| r.values[i].as_text().map(str::to_string)).unwrap_or_default()
    };
    let mut out = vec![];
    let all = kinds == Kinds::Any && !wanted.is_empty();
    for r in page.rows.iter().filter(|r| (all || text(r, "method") == "manual") && (wanted.is_empty() || wanted.contains(&r.id))) {
        let manual = text(r, "method") == "manual";
        let mut prices = HashMap::with_capacity(products.len());
        for some in products.chunks(PRICED) {
            prices.extend(app.store.read_with_timeout(std::time::Duration::from_secs(60), |conn| {
                let mut cx = Cx::new(conn, app, ctx, "");
                cx.preview = true;
                if manual {
                    let found = kontor_prices::prices_at(&mut cx, r.id, some, ctx.today)?;
                    return Ok(found.into_iter().map(|(k, v)| (k, v.price)).collect::<HashMap<Id, Price>>());
                }
                kontor_prices::prices_in_type(&mut cx, r.id, None, some, ctx.today)
            })?);
        }
        let (name, currency) = (text(r, "name"), text(r, "currency"));
        out.push(Type { id: r.id, title: format!("{name}, {currency}"), currency, prices });
    }
    if let Some(unknown) = wanted.iter().find(|id| !out.iter().any(|t| t.id == **id)) {
        return Err(Error::field("price_type_id", "reference_missing").field_arg("value", unknown));
    }
    out.sort_by_key(|t| wanted.iter().position(|w| *w == t.id));
    Ok(out)
}

fn fill(book: &mut Workbook, ctx: &Ctx, pages: &[Page], types: &[Type]) -> Result<u64, XlsxError> {
    let bold = Format::new().set_bold();
    let label = |column: &str| kontor_texts::label(ctx.lang, "products", column).to_string();
    let sheet = book.add_worksheet();
    sheet.set_name(kontor_texts::message::entity(ctx.lang, "prices"))?;
    sheet.write_string(0, 0, "id")?;
    for (c, heading) in [String::from("id"), label("sku"), label("name")].iter().chain(types.iter().map(|t| &t.title)).enumerate() {
        sheet.write_string_with_format(1, c as u16, heading, &bold)?;
    }
    for (c, t) in types.iter().enumerate() {
        sheet.write_string(0, 3 + c as u16, t.id.to_string())?;
        sheet.set_column_width(3 + c as u16, 16)?;
    }
    sheet.set_column_hidden(0)?;
    sheet.set_row_hidden(0)?;
    sheet.set_column_width(1, 16)?;
    sheet.set_column_width(2, 60)?;
    sheet.set_freeze_panes(2, 3)?;
    let mut row = 2u32;
    let mut memory = vec![];
    for p in pages {
        let at = |name: &str| p.columns.iter().position(|i| p.spec.columns[*i].name == name);
        let (sku, name) = (at("sku"), at("name"));
        for r in &p.rows {
            let text = |i: Option<usize>| i.and_then(|i| r.values[i].as_text()).unwrap_or("");
            sheet.write_string(row, 0, r.id.to_string())?;
            sheet.write_string(row, 1, text(sku))?;
            sheet.write_string(row, 2, text(name))?;
            for (c, t) in types.iter().enumerate() {
                if let Some(price) = t.prices.get(&r.id) {
                    number(sheet, row, 3 + c as u16, *price)?;
                }
            }
            memory.push((r.id, text(name).to_string()));
            row += 1;
        }
    }
    remember(book.add_worksheet(), &memory, types)?;
    Ok(u64::from(row - 2))
}

fn number(s: &mut Worksheet, row: u32, column: u16, price: Price) -> Result<(), XlsxError> {
    let text = price.to_string();
    match text.parse::<f64>() {
        Ok(n) if text.bytes().filter(u8::is_ascii_digit).count() <= SAFE_DIGITS => s.write_number(row, column, n).map(|_| ()),
        _ => s.write_string(row, column, text).map(|_| ()),
    }
}

/// What went out: the mark and the book's own id, price types, then product, name and prices.
fn remember(s: &mut Worksheet, products: &[(Id, String)], types: &[Type]) -> Result<(), XlsxError> {
    s.set_name(MEMORY)?;
    s.set_very_hidden(true);
    s.write_string(0, 0, MARK)?;
    s.write_string(0, 1, new_id().to_string())?;
    for (c, t) in types.iter().enumerate() {
        s.write_string(1, 2 + c as u16, t.id.to_string())?;
    }
    for (n, (id, name)) in products.iter().enumerate() {
        let row = 2 + n as u32;
        s.write_string(row, 0, id.to_string())?;
        s.write_string(row, 1, name)?;
        for (c, t) in types.iter().enumerate() {
            if let Some(p) = t.prices.get(id) {
                s.write_string(row, 2 + c as u16, p.to_string())?;
            }
        }
    }
    Ok(())
}

/// Whether a workbook is one of these.
pub fn is_book(input: &Input, limits: &Limits) -> bool {
    sheets(input, limits).is_ok_and(|all| memory(&all).is_some())
}

fn memory(all: &[Sheet]) -> Option<&Sheet> {
    all.iter().find(|s| s.name == MEMORY && s.rows.first().is_some_and(|r| r.0 == 1 && r.1.first().is_some_and(|c| c == MARK)))
}

/// What the book was when it went out.
pub(crate) struct Sent {
    pub book: String,
    types: Vec<Id>,
    names: BTreeMap<Id, String>,
    prices: HashMap<(Id, Id), Price>,
}

fn sent(s: &Sheet) -> Sent {
    let mut out = Sent { book: String::new(), types: vec![], names: BTreeMap::new(), prices: HashMap::new() };
    for (row, cells) in &s.rows {
        let id = |c: usize| cells.get(c).and_then(|t| Id::parse_str(t).ok());
        match row {
            1 => out.book = cells.get(1).cloned().unwrap_or_default(),
            2 => out.types = (2..cells.len()).map(|c| id(c).unwrap_or_default()).collect(),
            _ => {
                let Some(product) = id(0) else { continue };
                out.names.insert(product, cells.get(1).cloned().unwrap_or_default());
                for (c, t) in out.types.iter().enumerate() {
                    if let Some(p) = cells.get(2 + c).and_then(|p| Price::parse(p).ok()) {
                        out.prices.insert((*t, product), p);
                    }
                }
            }
        }
    }
    out
}

/// A cell that is not as it was.
pub(crate) struct Changed {
    pub row: u32,
    pub place: String,
    pub price_type: Id,
    pub product: Id,
    pub price: Price,
}

/// What came of a book.
#[derive(Clone, Debug, Default)]
pub struct BookReport {
    pub report: Report,
    /// Cells that are not as they were.
    pub changed: usize,
    /// Price types that have edited prices from it now.
    pub price_types: Vec<Id>,
    /// The drafts that were made, where drafts were asked for.
    pub price_changes: Vec<Id>,
    /// Names of products whose rows or ids are gone from the book; their prices stay as they are.
    pub missing: Vec<String>,
}

impl BookReport {
    pub fn to_json(&self) -> serde_json::Value {
        let mut j = self.report.to_json();
        j["changed"] = json!(self.changed);
        j["price_types"] = json!(self.price_types);
        j["price_changes"] = json!(self.price_changes);
        j["missing"] = json!(self.missing);
        j
    }
}

/// Reads a book back: what its changed cells become is for the caller to say. Errors are told by cell, and then nothing is made.
pub fn import(app: &Arc<App>, ctx: &Ctx, input: &Input, target: Become, options: &Options) -> BookReport {
    let mut out = BookReport::default();
    if let Err(e) = run(app, ctx, input, target, options, &mut out) {
        tell(&mut out.report, ctx, &input.name(), &[Fault::new(0, "", e)]);
    }
    out
}

fn run(app: &Arc<App>, ctx: &Ctx, input: &Input, target: Become, options: &Options, out: &mut BookReport) -> Result<()> {
    let all = sheets(input, &options.limits)?;
    let sent = sent(memory(&all).ok_or_else(|| Error::refused("price_book_foreign"))?);
    let mut faults = vec![];
    let mut changed = vec![];
    let mut seen = HashSet::new();
    for s in all.iter().filter(|s| s.name != MEMORY) {
        read(s, &sent, &mut changed, &mut seen, &mut faults, out);
    }
    out.missing = sent.names.iter().filter(|(id, _)| !seen.contains(*id)).map(|(_, name)| name.clone()).collect();
    check(app, ctx, &sent, &changed, &mut faults)?;
    if target == Become::Edited {
        book_cells::refusals(app, ctx, &changed, &mut faults)?;
    }
    faults.sort_by_key(|f| f.line);
    tell(&mut out.report, ctx, &input.name(), &faults);
    if !faults.is_empty() && !options.partial {
        return Ok(());
    }
    let wrong: HashSet<&str> = faults.iter().map(|f| f.place.as_str()).collect();
    changed.retain(|c| !wrong.contains(c.place.as_str()));
    out.changed = changed.len();
    match target {
        Become::Edited => book_cells::edited(app, ctx, &input.name(), &changed, options, out),
        Become::Draft => book_cells::draft(app, ctx, &sent.book, &changed, options, out),
    }
}

fn read(s: &Sheet, sent: &Sent, changed: &mut Vec<Changed>, seen: &mut HashSet<Id>, faults: &mut Vec<Fault>, out: &mut BookReport) {
    let id = |t: Option<&String>| t.and_then(|t| Id::parse_str(t.trim()).ok());
    // The row with the ids of price types, wherever it is now, and the column with those of products.
    let types = |cells: &[String]| -> Vec<(usize, Id)> {
        (0..cells.len()).filter_map(|c| id(cells.get(c)).filter(|x| sent.types.contains(x)).map(|x| (c, x))).collect()
    };
    let Some(head) = s.rows.iter().find(|r| !types(&r.1).is_empty()) else { return };
    let columns = types(&head.1);
    let id_column = |cells: &[String]| (0..cells.len()).find_map(|c| id(cells.get(c)).filter(|x| sent.names.contains_key(x)));
    for (row, cells) in s.rows.iter().filter(|r| r.0 != head.0) {
        let Some(product) = id_column(cells) else { continue };
        out.report.read += 1;
        if !seen.insert(product) {
            faults.push(Fault::new(*row, format!("{}!A{row}", s.name), Error::refused("duplicate")));
            continue;
        }
        for (c, price_type) in &columns {
            let place = format!("{}!{}{row}", s.name, column_letters(*c));
            let before = sent.prices.get(&(*price_type, product));
            let text = cells.get(*c).map(|t| t.trim()).unwrap_or_default();
            match (asked_price(text), before) {
                (Ok(Some(p)), before) if Some(&p) != before => {
                    changed.push(Changed { row: *row, place, price_type: *price_type, product, price: p })
                }
                (Ok(None), Some(_)) => faults.push(Fault::new(*row, place, Error::refused("price_book_empty"))),
                (Ok(_), _) => {}
                (Err(e), _) => faults.push(Fault::new(*row, place, e)),
            }
        }
    }
}

/// Prices that somebody has changed meanwhile, and products that are gone.
fn check(app: &App, ctx: &Ctx, sent: &Sent, changed: &[Changed], faults: &mut Vec<Fault>) -> Result<()> {
    let mut by_type: BTreeMap<Id, Vec<&Changed>> = BTreeMap::new();
    for c in changed {
        by_type.entry(c.price_type).or_default().push(c);
    }
    app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        for (t, cells) in &by_type {
            let ids: Vec<Id> = cells.iter().map(|c| c.product).collect();
            let now = kontor_prices::prices_at(&mut cx, *t, &ids, ctx.today)?;
            for c in cells {
                let now = now.get(&c.product).map(|p| p.price);
                if now != sent.prices.get(&(*t, c.product)).copied() && now != Some(c.price) {
                    let now = now.map_or_else(|| "-".into(), |p| p.to_string());
                    faults.push(Fault::new(c.row, &*c.place, Error::refused("price_book_stale").arg("price", now)));
                }
            }
        }
        Ok(())
    })
}
