//! A quote or an order as the price rules see it, saved or not: what it earns and how far it is from the terms, which gifts
//! are due, how a line comes to its price and what would give another one.

use crate::amounts::{self, Products};
use crate::columns::{At, Cells};
use crate::offer;
use kontor_catalog::ProductKind;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Percent, Price, Quantity};
use kontor_office::Control;
use kontor_office::document::date_of;
use kontor_platform::app::{App, Asked};
use kontor_platform::ctx::Ctx;
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::value::Id;
use kontor_prices::{Fields, LineQuestion, Outlook, Terms, Typed, Unit};
use serde_json::{Value as Json, json};

/// A document put to the price rules.
struct Put {
    terms: Terms,
    lines: Vec<LineQuestion>,
    products: Products,
}

impl Put {
    fn of(cx: &mut Cx, r: &Record) -> Result<Put> {
        let products = amounts::products_of(cx, r, At::of(r.spec))?;
        Ok(Put { terms: offer::terms_without_what_ended(cx, r)?, lines: crate::line_prices::questions(r, &products)?, products })
    }
    fn typed<'a>(&'a self, r: &Record) -> Result<Typed<'a>> {
        Ok(Typed {
            terms: &self.terms,
            company: r.ref_id("company_id"),
            partner: r.opt_id("partner_id"),
            date: date_of(r)?,
            lines: &self.lines,
        })
    }
    /// Of one unit in the document's currency, from what the lines cost; goods never received are not known, services cost nothing.
    fn costs(&self, r: &Record) -> HashMap<Id, Price> {
        let at = At::of(r.spec);
        let mut out = HashMap::new();
        for l in &r.lines[0] {
            let (Some(id), cost, quantity) = (l.id_at(at.product), l.amount_at(at.cost), l.quantity_at(at.base)) else { continue };
            let goods = self.products.get(&id).is_some_and(|p| p.kind == ProductKind::Goods);
            match cost.per_unit(quantity) {
                Ok(unit) if !cost.is_zero() => out.insert(id, unit),
                _ if goods => continue,
                _ => out.insert(id, Price::ZERO),
            };
        }
        out
    }
}

/// What the document earns, and the gifts that are due.
pub fn outlook(cx: &mut Cx, r: &Record) -> Result<Outlook> {
    let put = Put::of(cx, r)?;
    let costs = put.costs(r);
    put.typed(r)?.outlook(cx, &costs)
}

/// What the document earns in percent of its net revenue; `None` while some cost is not known.
pub fn margin(cx: &mut Cx, r: &Record) -> Result<Option<Percent>> {
    Ok(outlook(cx, r)?.whole.percent)
}

pub fn explain_order(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    explain(app, ctx, "sales-orders", asked)
}

pub fn explain_quote(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    explain(app, ctx, "quotes", asked)
}

/// `POST …/explain?line=N[&id=][&wanted_price=][&compare_partner_id=][&compare_date=]`: the document as it would be saved, and
/// how the price of its line N (the first is 0) comes about; with a wanted price (of the line's unit, after discounts) what would
/// give it; compared with another client or another day. Writes nothing.
fn explain(app: &App, ctx: &Ctx, collection: &'static str, asked: &Asked) -> Result<Json> {
    let Json::Object(mut input) = asked.body.clone() else { return Err(Error::unreadable("object_expected")) };
    input.remove("version");
    let line: usize = asked.get("line").unwrap_or("0").parse().map_err(|_| Error::field("line", "not_a_number"))?;
    let wanted = asked.get("wanted_price").map(|p| Price::parse(p).map_err(|e| e.at("wanted_price"))).transpose()?;
    let (partner, day) = (asked.id("compare_partner_id")?, asked.date("compare_date")?);
    if let Some(id) = partner {
        app.record_named(ctx, "partners", id, "compare_partner_id")?;
    }
    let spec = app.registry.get(collection).ok_or_else(Error::not_found)?;
    if ctx.access.hidden(spec, "price") {
        return Err(Error::forbidden().arg("action", "read").arg("entity", "prices"));
    }
    let (id, input) = (asked.id("id")?, Json::Object(input));
    let (mut out, trial) = app.preview_then(ctx, collection, id, &input, |cx, r, _| {
        let put = Put::of(cx, r)?;
        let typed = put.typed(r)?;
        let mut out = typed.explain(cx, line)?;
        let ratio = crate::line_prices::unit_ratio(r, line, &put.products);
        if ratio != (1, 1) {
            out["units"] = json!(Quantity::ONE.in_units(ratio.0, ratio.1)?);
        }
        if !ctx.access.hidden(spec, "cost") {
            let found = typed.outlook(cx, &put.costs(r))?;
            out["profit"] = found.lines.get(line).map_or(Json::Null, profit);
        }
        let trial = match wanted {
            Some(wanted) => Some(typed.trial(cx, line, wanted, Unit(ratio.0, ratio.1))?),
            None => None,
        };
        if partner.is_some() || day.is_some() {
            out["compared"] = typed.compare(cx, line, partner, day)?;
        }
        Ok((out, trial))
    })?;
    if let Some(mut trial) = trial {
        for change in trial.untried() {
            let Some(fields) = trial.fields(&change)? else { continue };
            let Some(changed) = with_fields(&input, &fields) else { continue };
            let priced = app.preview_then(ctx, collection, id, &changed, |cx, r, _| Put::of(cx, r)?.typed(r)?.offered(cx, line));
            trial.found(change, kontor_prices::refused_is_none(priced)?);
        }
        out["why_not"] = trial.told(ctx)?;
    }
    Ok(out)
}

/// The document as it was sent, with a change made to it; `None` where the line was not sent.
fn with_fields(input: &Json, fields: &Fields) -> Option<Json> {
    let mut changed = input.clone();
    let of = match fields.line {
        Some(n) => changed.get_mut("lines")?.get_mut(n)?,
        None => &mut changed,
    };
    for (name, value) in &fields.set {
        of.as_object_mut()?.insert((*name).to_string(), value.clone());
    }
    Some(changed)
}

/// Figures as the API writes them; what is not known is null.
pub fn profit(p: &kontor_prices::Profit) -> Json {
    let text = |a: Option<kontor_kernel::Amount>| a.map(|a| a.to_string());
    json!({
        "revenue": p.revenue.to_string(), "cost": text(p.cost), "margin": text(p.margin), "margin_percent": p.percent.map(|p| p.to_string()),
        "by_rules": text(p.by_rules), "deviation": text(p.deviation), "below_cost": p.below_cost,
    })
}

/// What departs from the terms, in the caller's words. Where the company wants it watched, the preview has warned of it already.
pub fn deviations(cx: &mut Cx, r: &Record) -> Result<Vec<Json>> {
    let company = kontor_office::company(cx, r.ref_id("company_id"))?;
    let found: Vec<Departure> = if company.terms_control == Control::Allow {
        let all = crate::deviations::of(cx, r, &company)?;
        all.into_iter().map(|d| (d.field, d.code.to_string(), d.args.into_iter().map(|(k, v)| (k.to_string(), v)).collect())).collect()
    } else {
        let warned = cx.warnings.iter().filter(|w| w.code.starts_with("deviation_"));
        warned.map(|w| (w.field.clone(), w.code.to_string(), w.args.iter().map(|(k, v)| (k.to_string(), v.clone())).collect())).collect()
    };
    Ok(told(cx.ctx, r.spec, &found))
}

/// What was departed from when an order was confirmed, in the caller's words.
pub fn kept(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    let id = asked.id("id")?.ok_or_else(Error::not_found)?;
    let r = app.record(ctx, "sales-orders", id)?;
    if ctx.access.hidden(r.spec, "deviations") {
        return Err(Error::forbidden().arg("action", "read").arg("entity", r.spec.name));
    }
    let args = |d: &Json| -> Vec<(String, String)> {
        d["args"].as_object().into_iter().flatten().map(|(k, v)| (k.clone(), v.as_str().unwrap_or_default().to_string())).collect()
    };
    let text = |d: &Json, f: &str| d[f].as_str().unwrap_or_default().to_string();
    let found: Vec<Departure> =
        r.json("deviations").as_array().into_iter().flatten().map(|d| (text(d, "field"), text(d, "code"), args(d))).collect();
    Ok(json!({"items": told(ctx, r.spec, &found)}))
}

/// Field, code, figures.
type Departure = (String, String, Vec<(String, String)>);

fn told(ctx: &Ctx, spec: &kontor_platform::spec::Spec, found: &[Departure]) -> Vec<Json> {
    let hidden = ctx.access.hidden(spec, "cost");
    let one = |(field, code, args): &Departure| {
        let args: Vec<(&str, String)> = args.iter().map(|(k, v)| (k.as_str(), local(ctx.lang, code, k, v))).collect();
        let shown = if hidden { kontor_prices::without_cost(code) } else { code };
        json!({"field": field, "code": code, "message": kontor_texts::message::error(ctx.lang, shown, &args)})
    };
    found.iter().map(one).collect()
}

/// A figure of a message in the caller's way of writing; percentages to two decimals.
fn local(lang: kontor_texts::Lang, code: &str, name: &str, value: &str) -> String {
    use kontor_texts::format;
    let percent = |p: Percent| format::number(lang, (p.scaled() + 50 * p.scaled().signum()) / 100 * 100, Percent::SCALE, 0);
    let money = matches!(name, "price" | "amount" | "cost") || (name == "agreed" && code.starts_with("deviation_price"));
    match name {
        _ if money => Price::parse(value).map_or_else(|_| value.into(), |p| format::price(lang, p.scaled(), 2)),
        "percent" | "agreed" => Percent::parse(value).map_or_else(|_| value.into(), percent),
        "date" => value.parse().map_or_else(|_| value.into(), |d| format::date(lang, d)),
        _ => value.to_string(),
    }
}
