//! The catalogue or the offers as CommerceML 2.10: what the caller sees, under the `Ид` that it came with or our own id, so
//! that a file read back changes nothing.

mod kits;
mod offers;

use super::{SOURCE, units, warehouses};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::store::Row;
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx};
use offers::offers;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::collections::BTreeMap;
use std::io::Write;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exported {
    /// Groups and goods.
    Catalogue,
    /// Price types, variants and the prices in force today.
    Offers,
}

/// Products read at once.
const CHUNK: usize = 500;
/// Lists of our classifier and catalogue: there is one of each.
const CLASSIFIER: &str = "kontor";

/// Writes the file; gives the number of goods or offers.
pub fn export(app: &App, ctx: &Ctx, what: Exported, to: &mut dyn Write) -> Result<u64> {
    write(ctx, to, |out| match what {
        Exported::Catalogue => catalogue(app, ctx, out),
        Exported::Offers => offers(app, ctx, out, None),
    })
}

/// Offers of all goods, with what can be sold of each: in all, and by warehouse. Of the warehouses that are named, or of all that the
/// caller sees.
pub fn export_with_stock(app: &App, ctx: &Ctx, only: &[Id], to: &mut dyn Write) -> Result<u64> {
    let from = warehouses::seen(app, ctx, only)?;
    write(ctx, to, |out| offers(app, ctx, out, Some(&from)))
}

fn write<'w>(ctx: &Ctx, to: &'w mut dyn Write, content: impl FnOnce(&mut Out<&'w mut dyn Write>) -> Result<u64>) -> Result<u64> {
    let mut out = Out { xml: Writer::new_with_indent(to, b' ', 1) };
    out.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let made = ctx.now.format("%Y-%m-%dT%H:%M:%S").to_string();
    let root = [("xmlns", "urn:1C.ru:commerceml_210"), ("ВерсияСхемы", "2.10"), ("ДатаФормирования", made.as_str())];
    out.open("КоммерческаяИнформация", &root)?;
    // Pages of the list keep no snapshot open while a slow client takes the file.
    let n = content(&mut out)?;
    out.close("КоммерческаяИнформация")?;
    Ok(n)
}

struct Out<W: Write> {
    xml: Writer<W>,
}

impl<W: Write> Out<W> {
    fn event(&mut self, e: Event) -> Result<()> {
        self.xml.write_event(e).map_err(|e| Error::new(Kind::Unavailable, "unavailable").cause(e))
    }
    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> Result<()> {
        self.event(Event::Start(BytesStart::new(name).with_attributes(attributes.iter().copied())))
    }
    fn close(&mut self, name: &str) -> Result<()> {
        self.event(Event::End(BytesEnd::new(name)))
    }
    fn with(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> Result<()> {
        self.open(name, attributes)?;
        // XML has no way to write control characters.
        let clean: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        self.event(Event::Text(BytesText::new(&clean)))?;
        self.close(name)
    }
    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> Result<()> {
        self.event(Event::Empty(BytesStart::new(name).with_attributes(attributes.iter().copied())))
    }
    fn text(&mut self, name: &str, text: &str) -> Result<()> {
        if text.is_empty() { Ok(()) } else { self.with(name, &[], text) }
    }
    fn head(&mut self) -> Result<()> {
        self.text("Ид", CLASSIFIER)?;
        self.text("Наименование", "Kontor")
    }
}

/// The `Ид` of a record: as it came, otherwise our id.
pub(super) fn ident(row: &Row, source: usize, external: usize, id: usize) -> Result<String> {
    match (row.opt_text(source)?, row.opt_text(external)?) {
        (Some(SOURCE), Some(e)) => Ok(e.to_string()),
        _ => Ok(row.id(id)?.to_string()),
    }
}

/// Rows of a collection that the caller sees, in the order in which they were made, a chunk at a time.
struct Pages<'a> {
    app: &'a App,
    ctx: &'a Ctx,
    collection: &'static str,
    columns: &'static str,
    condition: &'static str,
    after: i64,
}

impl Pages<'_> {
    fn next(&mut self) -> Result<Vec<Row>> {
        let spec = self.app.granted(self.ctx, self.collection, "read")?;
        let seen = self.ctx.access.predicate(&self.app.registry, spec, "read", "t");
        let and = seen.and();
        let params: Vec<Value> = [Value::Int(self.after), false.into()].into_iter().chain(seen.params).collect();
        let sql = format!(
            "SELECT t.seq, t.id, t.source, t.external_id, {} FROM {} t WHERE t.seq > ? AND t.archived = ?{}{and} ORDER BY t.seq LIMIT {CHUNK}",
            self.columns, spec.table, self.condition
        );
        let rows = self.app.store.read(|c| c.query(&sql, &params))?;
        if let Some(last) = rows.last() {
            self.after = last.int(0)?;
        }
        Ok(rows)
    }
    fn each(mut self, mut f: impl FnMut(Vec<Row>) -> Result<()>) -> Result<()> {
        loop {
            let page = self.next()?;
            if page.is_empty() {
                return Ok(());
            }
            f(page)?;
        }
    }
    fn all(self) -> Result<Vec<Row>> {
        let mut out = vec![];
        self.each(|page| {
            out.extend(page);
            Ok(())
        })?;
        Ok(out)
    }
}

struct Group {
    ident: String,
    name: String,
    below: Vec<Id>,
}

fn catalogue(app: &App, ctx: &Ctx, out: &mut Out<impl Write>) -> Result<u64> {
    let groups = groups(app, ctx)?;
    out.open("Классификатор", &[])?;
    out.head()?;
    out.open("Группы", &[])?;
    for top in &groups.top {
        group(out, &groups, *top, 0)?;
    }
    out.close("Группы")?;
    out.close("Классификатор")?;
    out.open("Каталог", &[("СодержитТолькоИзменения", "false")])?;
    out.head()?;
    out.text("ИдКлассификатора", CLASSIFIER)?;
    out.open("Товары", &[])?;
    let units = codes(app, "SELECT id, code, name FROM units")?;
    let vat: HashMap<String, String> = percents(app)?;
    let pages = Pages {
        app,
        ctx,
        collection: "products",
        columns: "t.name, t.sku, t.barcode, t.kind, t.unit_id, t.category_id, t.vat_rate, t.description, t.custom, t.components",
        condition: " AND t.parent_id IS NULL",
        after: 0,
    };
    let mut n = 0;
    pages.each(|page| {
        n += page.len() as u64;
        let components = kits::known(app, &page, 13)?;
        page.iter().try_for_each(|r| good(out, r, &units, &groups, &vat, &components))
    })?;
    out.close("Товары")?;
    out.close("Каталог")?;
    Ok(n)
}

struct Groups {
    by_id: BTreeMap<Id, Group>,
    top: Vec<Id>,
}

fn groups(app: &App, ctx: &Ctx) -> Result<Groups> {
    let pages = Pages { app, ctx, collection: "product-categories", columns: "t.name, t.parent_id", condition: "", after: 0 };
    let rows = pages.all()?;
    let mut out = Groups { by_id: BTreeMap::new(), top: vec![] };
    for r in &rows {
        out.by_id.insert(r.id(1)?, Group { ident: ident(r, 2, 3, 1)?, name: r.text(4)?.to_string(), below: vec![] });
    }
    for r in &rows {
        match r.opt_id(5)?.and_then(|p| out.by_id.get_mut(&p)) {
            Some(parent) => parent.below.push(r.id(1)?),
            None => out.top.push(r.id(1)?),
        }
    }
    Ok(out)
}

/// Deeper trees than an import takes are not written.
const MAX_DEPTH: usize = 25;

fn group(out: &mut Out<impl Write>, all: &Groups, id: Id, depth: usize) -> Result<()> {
    let Some(g) = all.by_id.get(&id).filter(|_| depth < MAX_DEPTH) else { return Ok(()) };
    out.open("Группа", &[])?;
    out.text("Ид", &g.ident)?;
    out.text("Наименование", &g.name)?;
    if !g.below.is_empty() {
        out.open("Группы", &[])?;
        for below in &g.below {
            group(out, all, *below, depth + 1)?;
        }
        out.close("Группы")?;
    }
    out.close("Группа")
}

type Units = HashMap<Id, (String, String)>;

fn codes(app: &App, sql: &str) -> Result<Units> {
    app.store.read(|c| c.query(sql, &[])?.iter().map(|r| Ok((r.id(0)?, (r.text(1)?.to_string(), r.text(2)?.to_string())))).collect())
}

fn percents(app: &App) -> Result<HashMap<String, String>> {
    let percent = |scaled: i64| kontor_kernel::Percent::from_scaled(scaled).to_string();
    app.store.read(|c| {
        let rows = c.query("SELECT code, percent FROM vat_rates", &[])?;
        rows.iter().map(|r| Ok((r.text(0)?.to_string(), percent(r.int(1)?)))).collect()
    })
}

fn unit(out: &mut Out<impl Write>, units: &Units, id: Id) -> Result<()> {
    let Some((code, name)) = units.get(&id) else { return Ok(()) };
    match units::okei(code) {
        Some((number, short)) => out.with("БазоваяЕдиница", &[("Код", number), ("НаименованиеПолное", name)], short),
        None => out.with("БазоваяЕдиница", &[("НаименованиеПолное", name)], code),
    }
}

fn good(
    out: &mut Out<impl Write>,
    r: &Row,
    units: &Units,
    groups: &Groups,
    vat: &HashMap<String, String>,
    components: &kits::Known,
) -> Result<()> {
    let text = |i: usize| r.opt_text(i).map(|t| t.unwrap_or_default().to_string());
    out.open("Товар", &[])?;
    out.text("Ид", &ident(r, 2, 3, 1)?)?;
    out.text("Артикул", &text(5)?)?;
    out.text("Штрихкод", &text(6)?)?;
    out.text("Наименование", &text(4)?)?;
    unit(out, units, r.id(8)?)?;
    if let Some(g) = r.opt_id(9)?.and_then(|id| groups.by_id.get(&id)) {
        out.open("Группы", &[])?;
        out.text("Ид", &g.ident)?;
        out.close("Группы")?;
    }
    out.text("Описание", &text(11)?)?;
    characteristics(out, r, 12)?;
    if let Some(code) = r.opt_text(10)? {
        out.open("СтавкиНалогов", &[])?;
        out.open("СтавкаНалога", &[])?;
        out.text("Наименование", "НДС")?;
        out.text("Ставка", if code == "exempt" { "Без НДС" } else { vat.get(code).map_or("", String::as_str) })?;
        out.close("СтавкаНалога")?;
        out.close("СтавкиНалогов")?;
    }
    if text(7)? == "service" {
        requisite(out, "ТипНоменклатуры", "Услуга")?;
    }
    kits::kit(out, r, 13, components)?;
    out.close("Товар")
}

fn requisite(out: &mut Out<impl Write>, name: &str, value: &str) -> Result<()> {
    out.open("ЗначенияРеквизитов", &[])?;
    out.open("ЗначениеРеквизита", &[])?;
    out.text("Наименование", name)?;
    out.text("Значение", value)?;
    out.close("ЗначениеРеквизита")?;
    out.close("ЗначенияРеквизитов")
}

/// Free attributes travel as characteristics: name and value.
fn characteristics(out: &mut Out<impl Write>, r: &Row, column: usize) -> Result<()> {
    let custom = if r.raw(column)?.is_null() { serde_json::Value::Null } else { r.json(column)? };
    let Some(custom) = custom.as_object().filter(|c| !c.is_empty()) else { return Ok(()) };
    out.open("ХарактеристикиТовара", &[])?;
    for (name, value) in custom {
        out.open("ХарактеристикаТовара", &[])?;
        out.text("Наименование", name)?;
        out.text("Значение", &value.as_str().map_or_else(|| value.to_string(), str::to_string))?;
        out.close("ХарактеристикаТовара")?;
    }
    out.close("ХарактеристикиТовара")
}
