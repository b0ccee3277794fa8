//! Lists as files: export of exactly what the caller sees.

use crate::Api;
use crate::call::{Answer, Call};
use crate::problem;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use kontor_exchange::ExportFormat;
use kontor_kernel::error::{Error, Result};
use kontor_platform::query::Query;
use kontor_platform::spec::Spec;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx};
use kontor_trade::commerceml::Exported as Part;
use kontor_trade::printing::{self, CodeKind, LabelsAsked, Shape};
use std::sync::Arc;

fn spec(app: &Arc<App>, name: &str) -> Result<&'static kontor_platform::spec::Spec> {
    app.registry.get(name).ok_or_else(Error::not_found)
}

pub async fn export(State(api): State<Api>, Path(collection): Path<String>, call: Call) -> Response {
    let lang = call.lang;
    let done = async {
        let app = api.app.clone();
        match tokio::task::spawn_blocking(move || exported(&app, &call, &collection)).await.map_err(Error::internal)?? {
            Exported::Ready(answer) => Ok(answer.into_response()),
            Exported::List(l) => {
                let head = Answer { status: StatusCode::OK, content_type: l.format.media_type(), body: vec![], headers: vec![] };
                let name = format!("attachment; filename=\"{}-{}.{}\"", l.entity, l.ctx.today, l.format.extension());
                let app = api.app.clone();
                let write = move |to: &mut dyn std::io::Write| {
                    kontor_exchange::export_entity(&app, &l.ctx, l.entity, &l.query, l.format, to).map(|_| ())
                };
                crate::stream::answer(head.header(header::CONTENT_DISPOSITION, name), write).await
            }
        }
    };
    done.await.unwrap_or_else(|e| problem::response(&e, lang))
}

/// What was asked for, with the right to it proved.
enum Exported {
    Ready(Answer),
    /// A list of any length: written page by page while it is sent.
    List(Box<ListOf>),
}

struct ListOf {
    ctx: Ctx,
    entity: &'static str,
    query: Query,
    format: ExportFormat,
}

fn exported(app: &Arc<App>, call: &Call, collection: &str) -> Result<Exported> {
    let ctx = call.ctx(app)?;
    let s = spec(app, collection)?;
    ctx.access.require(s, "read")?;
    let format = call.query.iter().find(|(k, _)| k == "format").map_or("csv", |(_, v)| v.as_str());
    if format == "commerceml" {
        return commerceml(app, &ctx, s.name, &call.query).map(Exported::Ready);
    }
    if let ("products", Some(shape)) = (s.name, Printed::parse(format)) {
        return printed(app, &ctx, s, call, shape).map(Exported::Ready);
    }
    let Some(format) = ExportFormat::parse(format) else {
        return Err(Error::field("format", "bad_choice")
            .field_arg("choices", "csv, xlsx, commerceml, price-book, price-list-pdf, price-list-xlsx, price-list-html, labels"));
    };
    let pairs: Vec<(String, String)> =
        call.query.iter().filter(|(k, _)| !matches!(k.as_str(), "lang" | "format" | "limit" | "after")).cloned().collect();
    let query = Query::parse(app, &ctx, s, &pairs)?;
    Ok(Exported::List(Box::new(ListOf { ctx, entity: s.name, query, format })))
}

/// What the list of products is printed as.
#[derive(Clone, Copy, PartialEq)]
enum Printed {
    PriceList(Shape),
    Labels,
    /// The book of the Excel round trip.
    Book,
}

impl Printed {
    fn parse(s: &str) -> Option<Printed> {
        Some(match s {
            "price-list-pdf" => Printed::PriceList(Shape::Pdf),
            "price-list-xlsx" => Printed::PriceList(Shape::Xlsx),
            "price-list-html" => Printed::PriceList(Shape::Html),
            "labels" => Printed::Labels,
            "price-book" => Printed::Book,
            _ => return None,
        })
    }
}

/// `price_type_id=…,…` or several of them, for labels also `paper`, `code`, `copies` or `stock_receipt_id`; all else filters
/// the list.
fn printed(app: &Arc<App>, ctx: &Ctx, s: &'static Spec, call: &Call, what: Printed) -> Result<Answer> {
    let own = ["lang", "format", "limit", "after", "price_type_id", "paper", "copies", "code", "stock_receipt_id"];
    let pairs: Vec<(String, String)> = call.query.iter().filter(|(k, _)| !own.contains(&k.as_str())).cloned().collect();
    let given = |name: &str| call.query.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty());
    let id = |t: &str| Id::parse_str(t.trim()).map_err(|_| Error::field("price_type_id", "bad_id"));
    let said = call.query.iter().filter(|(k, v)| k == "price_type_id" && !v.is_empty()).flat_map(|(_, v)| v.split(','));
    let types = said.map(id).collect::<Result<Vec<Id>>>()?;
    let q = Query::parse(app, ctx, s, &pairs)?;
    let (body, content_type, name) = match what {
        Printed::PriceList(shape) => {
            let (kind, ending) = match shape {
                Shape::Pdf => ("application/pdf", "pdf"),
                Shape::Xlsx => (ExportFormat::Xlsx.media_type(), "xlsx"),
                Shape::Html => ("text/html; charset=utf-8", "html"),
            };
            (printing::price_list(app, ctx, &q, &types, shape)?, kind, format!("price-list-{}.{ending}", ctx.today))
        }
        Printed::Labels => {
            let asked = labels(app, ctx, given)?;
            (printing::labels(app, ctx, &q, &types, &asked)?, "application/pdf", format!("labels-{}.pdf", ctx.today))
        }
        Printed::Book => {
            let mut body = vec![];
            kontor_trade::price_book::export(app, ctx, &q, &types, &mut body)?;
            (body, ExportFormat::Xlsx.media_type(), format!("prices-{}.xlsx", ctx.today))
        }
    };
    Ok(Answer { status: StatusCode::OK, content_type, body, headers: vec![] }
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
}

/// `paper`, `code`, and how many: `copies` of each, or as many as `stock_receipt_id` brought.
pub fn labels<'a>(app: &App, ctx: &Ctx, given: impl Fn(&str) -> Option<&'a str>) -> Result<LabelsAsked> {
    let receipt =
        given("stock_receipt_id").map(|t| Id::parse_str(t).map_err(|_| Error::field("stock_receipt_id", "bad_id"))).transpose()?;
    Ok(LabelsAsked {
        paper: printing::paper(given("paper").unwrap_or("a4"))?,
        copies: given("copies").unwrap_or("1").parse().map_err(|_| Error::field("copies", "not_an_integer"))?,
        counts: receipt.map(|id| printing::received(app, ctx, id)).transpose()?,
        code: CodeKind::parse(given("code").unwrap_or("auto"))?,
    })
}

/// Products as a catalogue, prices as offers; the whole of them, without filters. With `stock=true` offers tell what can be sold, of
/// the warehouses in `warehouse_id` where some are named.
fn commerceml(app: &Arc<App>, ctx: &Ctx, collection: &str, query: &[(String, String)]) -> Result<Answer> {
    let what = match collection {
        "products" | "product-categories" => Part::Catalogue,
        "prices" | "price-types" => Part::Offers,
        _ => return Err(Error::field("format", "bad_choice").field_arg("choices", "csv, xlsx")),
    };
    let mut body = vec![];
    let given = |name: &str| query.iter().find(|(k, _)| k == name).map_or("", |(_, v)| v.as_str());
    let ids = given("warehouse_id").split(',').map(str::trim).filter(|id| !id.is_empty());
    let warehouses: Vec<Id> = ids.map(|id| Id::parse_str(id).map_err(|_| Error::field("warehouse_id", "bad_id"))).collect::<Result<_>>()?;
    if what == Part::Offers && (matches!(given("stock"), "true" | "1") || !warehouses.is_empty()) {
        kontor_trade::commerceml::export_with_stock(app, ctx, &warehouses, &mut body)?;
    } else {
        kontor_trade::commerceml::export(app, ctx, what, &mut body)?;
    }
    let name = if what == Part::Catalogue { "import" } else { "offers" };
    Ok(Answer { status: StatusCode::OK, content_type: "application/xml; charset=utf-8", body, headers: vec![] }
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}-{}.xml\"", ctx.today)))
}
