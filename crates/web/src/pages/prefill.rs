//! What a new form starts with: defaults of the declaration, then what the address gives.

use super::state::Call;
use super::titles::Titles;
use super::typed::{Typed, in_form};
use kontor_kernel::error::Result;
use kontor_platform::query::Query;
use kontor_platform::record::value_json;
use kontor_platform::spec::{Column, Kind, Spec, Ty};
use serde_json::{Value as Json, json};

pub fn defaults(c: &Call, spec: &'static Spec) -> Result<Typed> {
    let mut t = Typed::default();
    for x in spec.columns.iter().filter(|x| in_form(x, true)) {
        if let Some(d) = &x.default {
            t.put_value(c, x, x.name, &value_json(&x.ty, d), &Json::Null);
        }
        if x.name == "date" && matches!(x.ty, Ty::Date) && spec.kind == Kind::Document {
            t.replace("date", c.ctx.today.to_string());
        }
    }
    // The only company is not asked for.
    if let Some(column) = spec.company.filter(|n| spec.col(n).is_some_and(|x| in_form(x, true))) {
        let q = Query { limit: 2, fields: Some(vec![]), ..Default::default() };
        if c.app.registry.get("companies").is_some_and(|s| c.ctx.access.may(s, "read"))
            && let [one] = c.app.list(&c.ctx, "companies", &q)?.rows.as_slice()
        {
            t.put_value(c, spec.col(column).unwrap_or(&spec.columns[0]), column, &json!(one.id), &json!(one.title));
        }
    }
    Ok(t)
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
