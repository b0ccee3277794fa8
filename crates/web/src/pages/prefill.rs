//! What a new form starts with: defaults of the declaration, then what the address gives.

use super::state::Call;
use super::titles::Titles;
use super::typed::{Typed, in_form};
use super::work::rows::rows;
use kontor_kernel::error::{Kind as ErrorKind, Result};
use kontor_platform::record::value_json;
use kontor_platform::spec::{Column, Kind, Spec, Ty};
use kontor_platform::value::Id;
use serde_json::{Map, Value as Json, json};

pub fn defaults(c: &Call, spec: &'static Spec) -> Result<Typed> {
    let mut t = Typed::default();
    for x in spec.columns.iter().filter(|x| in_form(x, true)) {
        if let Some(d) = &x.default {
            t.put_value(c, x, x.name, &value_json(&x.ty, d), &Json::Null);
        }
        if x.name == "date" && matches!(x.ty, Ty::Date) && (spec.kind == Kind::Document || x.required) {
            t.replace("date", c.ctx.today.to_string());
        }
    }
    if let Some(column) = spec.company.and_then(|n| spec.col(n)).filter(|x| in_form(x, true))
        && let Some((id, title)) = company(c, spec, column.name)?
    {
        t.put_value(c, column, column.name, &json!(id), &json!(title));
    }
    if let Some(x) = spec.col("warehouse_id").filter(|x| spec.kind == Kind::Document && in_form(x, true))
        && let Some((id, title)) = only(c, "warehouses")?
    {
        t.put_value(c, x, x.name, &json!(id), &json!(title));
    }
    if spec.name == "price-types" {
        first_price_type(c, &mut t)?;
    }
    Ok(t)
}

/// The only record of a collection: there is nothing to choose.
fn only(c: &Call, collection: &str) -> Result<Option<(Id, String)>> {
    let all = rows(c, collection, &[("limit", "2")], &[])?;
    Ok(all.first().filter(|_| all.len() == 1).map(|one| (one.id(), one.title().to_owned())))
}

/// Prices are typed and loaded before they are computed, in the currency of our company; the first price type is that of whoever
/// has no other.
fn first_price_type(c: &Call, t: &mut Typed) -> Result<()> {
    t.replace("method", "manual");
    let own = rows(c, "companies", &[("limit", "1")], &["currency"])?;
    if let Some(company) = own.first() {
        t.replace("currency", company.text("currency"));
    }
    if rows(c, "price-types", &[("limit", "1")], &[])?.is_empty() {
        t.replace("is_default", "true");
    }
    Ok(())
}

/// Our company: the only one; of several that of the caller's last document of this kind.
fn company(c: &Call, spec: &Spec, column: &str) -> Result<Option<(Id, String)>> {
    if !c.app.registry.get("companies").is_some_and(|s| c.ctx.access.may(s, "read")) {
        return Ok(None);
    }
    if let Some(one) = only(c, "companies")? {
        return Ok(Some(one));
    }
    if spec.kind != Kind::Document || !c.ctx.access.may(spec, "read") {
        return Ok(None);
    }
    let me = c.ctx.user_id.to_string();
    let last = rows(c, spec.name, &[("created_by_id", &me), ("sort", "-created_at"), ("limit", "1")], &[column])?;
    Ok(last.first().and_then(|r| Some((r.id_of(column)?, r.name_of(column).to_owned()))))
}

/// A currency that has to be said and is not: that of our company.
pub fn currency(c: &Call, spec: &'static Spec, typed: &mut Typed) -> Result<()> {
    let asked = spec.col("currency").is_some_and(|x| x.required && in_form(x, true)) && typed.get("currency").is_empty();
    let Some(own) = spec.company.filter(|_| asked).and_then(|n| Id::parse_str(typed.get(n)).ok()) else { return Ok(()) };
    if let Some(company) = c.app.record_if_seen(&c.ctx, "companies", own)? {
        typed.replace("currency", company.text("currency"));
    }
    Ok(())
}

/// A form that the address begins from another document (`/shipments/new?sales_order_id=…`): what the program would write
/// stands in it, lines and all, to be looked over and cut down. None when the address names none.
pub fn begun(c: &Call, spec: &'static Spec) -> Result<Option<Typed>> {
    let of = spec.basis.iter().filter(|_| !spec.lines.is_empty()).find_map(|(column, of)| Some((*column, *of, c.param(column)?)));
    let Some((column, of, id)) = of else { return Ok(None) };
    let mut body = Map::from_iter([(column.to_string(), json!(id))]);
    if spec.lines.iter().any(|l| l.required) {
        // What does not take its lines over by itself is given them.
        let basis = c.app.get(&c.ctx, of, Call::id(id)?)?;
        for f in ["company_id", "partner_id"].into_iter().filter(|f| spec.col(f).is_some()) {
            body.insert(f.into(), basis[f].clone());
        }
        body.insert("lines".into(), basis["lines"].as_array().into_iter().flatten().map(taken).collect());
    }
    match c.app.preview(&c.ctx, spec.name, None, &Json::Object(body)) {
        Ok(record) => {
            let mut typed = Typed::of_record(c, spec, &record);
            unseen(c, spec, &mut typed)?;
            Ok(Some(typed))
        }
        // A basis that says too little leaves the form to the person, who is told when it is saved.
        Err(e) if e.kind() == ErrorKind::Refused && e.inner().code == "invalid" => Ok(None),
        Err(e) => Err(e),
    }
}

/// References that the caller may not see are not his to give: what he leaves out is taken over when the document is saved.
fn unseen(c: &Call, spec: &'static Spec, typed: &mut Typed) -> Result<()> {
    for x in &spec.columns {
        let (Ty::Ref(of), Ok(id)) = (&x.ty, Id::parse_str(typed.get(x.name))) else { continue };
        if c.app.record_if_seen(&c.ctx, of, id)?.is_none() {
            typed.0.retain(|(k, _)| k != x.name && !k.starts_with(&format!("{}__", x.name)));
        }
    }
    Ok(())
}

/// What another document takes over of a line.
fn taken(line: &Json) -> Json {
    let fields = ["product_id", "quantity", "unit_id", "price", "discount_percent", "warehouse_id"];
    fields.iter().filter(|f| !line[**f].is_null()).map(|f| (f.to_string(), line[*f].clone())).collect::<Map<_, _>>().into()
}

pub fn prefill(c: &Call, spec: &'static Spec, typed: &mut Typed) -> Result<()> {
    let mut titles = Titles::default();
    let asked: Vec<(&'static Column, String)> =
        c.req.query.iter().filter_map(|(k, v)| spec.col(k).filter(|x| in_form(x, true)).map(|x| (x, v.clone()))).collect();
    for (x, v) in &asked {
        titles.want_json(x, &json!(v));
    }
    titles.read(c)?;
    for (x, v) in asked {
        typed.0.retain(|(k, _)| k != x.name && !k.starts_with(&format!("{}__", x.name)));
        let title = titles.get(&v).map_or(Json::Null, |t| json!(t));
        match x.ty {
            // A reference that cannot be seen is left for the person to choose.
            Ty::Ref(_) if title.is_null() => {}
            Ty::Set(_) => v.split(',').for_each(|s| typed.put(x.name, s)),
            Ty::Ref(_) => typed.put_value(c, x, x.name, &json!(v), &title),
            _ => typed.put(x.name, v),
        }
    }
    // A name typed into a reference field comes along as the title.
    if let (Some(name), None) = (c.param("name"), spec.col("name").filter(|_| spec.title != "name" || typed.has("name"))) {
        typed.replace(spec.title, name);
    }
    Ok(())
}
