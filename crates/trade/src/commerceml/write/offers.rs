//! The package of offers: price types, what each product costs in them today and, where it is asked for, what can be sold of it.

use super::{CLASSIFIER, Out, Pages, Units, characteristics, codes, ident, kits, requisite, unit};
use crate::commerceml::WHOLE_NAME;
use crate::commerceml::warehouses::{Warehouse, available};
use kontor_kernel::error::Result;
use kontor_kernel::{HashMap, HashSet};
use kontor_kernel::{Price, Quantity};
use kontor_platform::cx::Cx;
use kontor_platform::store::{Conn, Row, marks};
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx};
use std::io::Write;

struct Type {
    id: Id,
    ident: String,
    currency: String,
}

/// `from`: the warehouses whose stock is told; then every product is offered, for one that is sold out must be said to be.
pub(super) fn offers(app: &App, ctx: &Ctx, out: &mut Out<impl Write>, from: Option<&[Warehouse]>) -> Result<u64> {
    app.granted(ctx, "prices", "read")?;
    out.open("ПакетПредложений", &[("СодержитТолькоИзменения", "false")])?;
    out.head()?;
    out.text("ИдКаталога", CLASSIFIER)?;
    out.open("ТипыЦен", &[])?;
    let pages = Pages {
        app,
        ctx,
        collection: "price-types",
        columns: "t.name, t.currency, t.vat",
        condition: " AND t.method = 'manual'",
        after: 0,
    };
    let mut types = vec![];
    for r in pages.all()? {
        let t = Type { id: r.id(1)?, ident: ident(&r, 2, 3, 1)?, currency: r.text(5)?.to_string() };
        out.open("ТипЦены", &[])?;
        out.text("Ид", &t.ident)?;
        out.text("Наименование", r.text(4)?)?;
        out.text("Валюта", &t.currency)?;
        out.open("Налог", &[])?;
        out.text("Наименование", "НДС")?;
        out.text("УчтеноВСумме", if r.text(6)? == "included" { "true" } else { "false" })?;
        out.close("Налог")?;
        out.close("ТипЦены")?;
        types.push(t);
    }
    out.close("ТипыЦен")?;
    if let Some(from) = from {
        warehouses(out, from)?;
    }
    out.open("Предложения", &[])?;
    let units = codes(app, "SELECT id, code, name FROM units")?;
    let pages = Pages {
        app,
        ctx,
        collection: "products",
        columns: "t.name, t.sku, t.barcode, t.unit_id, t.parent_id, t.custom, t.components, t.kind",
        condition: "",
        after: 0,
    };
    let mut n = 0;
    pages.each(|page| {
        let asked = Asked { types: &types, units: &units, from };
        n += offers_of(app, ctx, out, &page, &asked)?;
        Ok(())
    })?;
    out.close("Предложения")?;
    out.close("ПакетПредложений")?;
    Ok(n)
}

/// `Ид` of the products that the page has variants of.
fn parents(app: &App, page: &[Row]) -> Result<HashMap<Id, String>> {
    let ids: Vec<Value> = page.iter().filter_map(|r| r.opt_id(8).transpose()).map(|id| id.map(Value::Id)).collect::<Result<_>>()?;
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!("SELECT id, source, external_id FROM products WHERE id IN ({})", marks(ids.len()));
    app.store.read(|c| c.query(&sql, &ids)?.iter().map(|r| Ok((r.id(0)?, ident(r, 1, 2, 0)?))).collect())
}

/// A variant's `Ид` begins with that of its product.
fn variant_ident(r: &Row, parents: &HashMap<Id, String>) -> Result<String> {
    let own = ident(r, 2, 3, 1)?;
    Ok(match r.opt_id(8)?.and_then(|p| parents.get(&p)) {
        Some(parent) if !own.contains('#') => format!("{parent}#{own}"),
        _ => own,
    })
}

fn warehouses(out: &mut Out<impl Write>, all: &[Warehouse]) -> Result<()> {
    out.open("Склады", &[])?;
    for w in all {
        out.open("Склад", &[])?;
        out.text("Ид", &w.ident)?;
        out.text("Наименование", &w.name)?;
        if !w.address.is_empty() {
            out.open("Адрес", &[])?;
            out.text("Представление", &w.address)?;
            out.close("Адрес")?;
        }
        out.close("Склад")?;
    }
    out.close("Склады")
}

/// What can be sold of the products of a page.
struct Stock<'a> {
    from: &'a [Warehouse],
    by_warehouse: Vec<HashMap<Id, Quantity>>,
    /// Products that are sold as their variants only, as long as they have no stock themselves.
    have_variants: HashSet<Id>,
}

impl<'a> Stock<'a> {
    fn load(app: &App, from: &'a [Warehouse], products: &[Id]) -> Result<Self> {
        let ids: Vec<Value> = products.iter().map(|id| Value::Id(*id)).chain([false.into()]).collect();
        let sql = format!("SELECT DISTINCT parent_id FROM products WHERE parent_id IN ({}) AND archived = ?", marks(products.len()));
        let have_variants = app.store.read(|c| c.query(&sql, &ids)?.iter().map(|r| r.id(0)).collect())?;
        Ok(Stock { from, by_warehouse: available(app, from, products)?, have_variants })
    }

    fn wanted(&self, id: Id, service: bool) -> bool {
        !service && (!self.have_variants.contains(&id) || self.by_warehouse.iter().any(|w| w.get(&id).is_some_and(|q| q.is_positive())))
    }

    /// The sum, and each warehouse that ever had any of it.
    fn write(&self, out: &mut Out<impl Write>, id: Id) -> Result<()> {
        let own: Vec<(&Warehouse, Quantity)> =
            self.from.iter().zip(&self.by_warehouse).filter_map(|(w, q)| Some((w, *q.get(&id)?))).collect();
        out.text("Количество", &Quantity::sum(own.iter().map(|o| o.1))?.to_string())?;
        for (w, q) in own {
            out.empty("Склад", &[("ИдСклада", w.ident.as_str()), ("КоличествоНаСкладе", &q.to_string())])?;
        }
        Ok(())
    }
}

struct Asked<'a> {
    types: &'a [Type],
    units: &'a Units,
    from: Option<&'a [Warehouse]>,
}

fn offers_of(app: &App, ctx: &Ctx, out: &mut Out<impl Write>, page: &[Row], asked: &Asked) -> Result<u64> {
    let Asked { types, units, from } = *asked;
    let ids: Vec<Id> = page.iter().map(|r| r.id(1)).collect::<Result<_>>()?;
    let prices: Vec<HashMap<Id, Price>> = app.store.read(|conn: &mut Conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        types
            .iter()
            .map(|t| Ok(kontor_prices::prices_at(&mut cx, t.id, &ids, ctx.today)?.into_iter().map(|(k, v)| (k, v.price)).collect()))
            .collect()
    })?;
    let parents = parents(app, page)?;
    let components = kits::known(app, page, 10)?;
    let stock = from.map(|f| Stock::load(app, f, &ids)).transpose()?;
    let mut n = 0;
    for r in page {
        let (id, variant) = (r.id(1)?, r.opt_id(8)?.is_some());
        let own: Vec<(&Type, Price)> = types.iter().zip(&prices).filter_map(|(t, p)| p.get(&id).map(|p| (t, *p))).collect();
        let service = r.text(11)? == "service";
        let stock = stock.as_ref().map(|s| (s, s.wanted(id, service)));
        // A product without a price is in the catalogue; a variant is nowhere else.
        if own.is_empty() && !variant && !stock.is_some_and(|s| s.1) {
            continue;
        }
        n += 1;
        out.open("Предложение", &[])?;
        out.text("Ид", &variant_ident(r, &parents)?)?;
        out.text("Артикул", r.opt_text(5)?.unwrap_or_default())?;
        out.text("Штрихкод", r.opt_text(6)?.unwrap_or_default())?;
        out.text("Наименование", r.text(4)?)?;
        unit(out, units, r.id(7)?)?;
        if variant {
            characteristics(out, r, 9)?;
            requisite(out, WHOLE_NAME, "true")?;
            kits::kit(out, r, 10, &components)?;
        }
        if !own.is_empty() {
            out.open("Цены", &[])?;
            for (t, price) in own {
                out.open("Цена", &[])?;
                out.text("ИдТипаЦены", &t.ident)?;
                out.text("ЦенаЗаЕдиницу", &price.to_string())?;
                out.text("Валюта", &t.currency)?;
                out.text("Коэффициент", "1")?;
                out.close("Цена")?;
            }
            out.close("Цены")?;
        }
        if let Some((s, true)) = stock {
            s.write(out, id)?;
        }
        out.close("Предложение")?;
    }
    Ok(n)
}
