//! A list as a file: exactly what is seen, all pages of it.

use super::list;
use super::state::{Call, Reply, Req, Web, respond};
use super::values;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use kontor_kernel::error::{Error, Result};
use kontor_platform::query::MAX_LIMIT;
use kontor_platform::record::value_json;
use kontor_platform::spec::{Column, Spec, Ty};
use kontor_platform::value::Value;
use kontor_texts::{label, message};
use maud::PreEscaped;
use serde_json::Value as Json;

/// Most rows of one file; more is a job for the API.
const MAX_ROWS: usize = 100_000;

pub async fn file(State(web): State<Web>, Path((collection, name)): Path<(String, String)>, req: Req) -> Response {
    respond(web, req, move |c| {
        let spec = c.spec(&collection)?;
        match name.as_str() {
            "export.csv" => csv(c, spec),
            _ => Err(Error::not_found()),
        }
    })
    .await
}

fn csv(c: &Call, spec: &'static Spec) -> Result<Reply> {
    let (mut q, columns) = list::query(c, spec)?;
    (q.limit, q.count) = (MAX_LIMIT, false);
    // Spreadsheets take the encoding from the mark.
    let mut out = String::from("\u{feff}");
    let heads: Vec<String> = columns.iter().map(|x| label(c.lang, spec.name, x.name).to_string()).collect();
    line(&mut out, heads.iter().map(String::as_str));
    let mut n = 0;
    loop {
        let page = c.app.list(&c.ctx, spec.name, &q)?;
        for r in &page.rows {
            let cells: Vec<String> = columns
                .iter()
                .map(|x| match page.columns.iter().position(|i| spec.columns[*i].name == x.name) {
                    Some(k) => text(c, spec, x, &r.values[k], r.titles[k].as_deref()),
                    None => String::new(),
                })
                .collect();
            line(&mut out, cells.iter().map(String::as_str));
        }
        n += page.rows.len();
        match page.next {
            Some(next) if n < MAX_ROWS => q.after = Some(next),
            _ => break,
        }
    }
    let name = format!(
        "attachment; filename=\"{}-{}.csv\"; filename*=UTF-8''{}-{}.csv",
        spec.name,
        c.ctx.today,
        super::state::encode(message::entity(c.lang, spec.name)),
        c.ctx.today
    );
    Ok(Reply::With(
        StatusCode::OK,
        PreEscaped(out),
        vec![(header::CONTENT_TYPE, "text/csv; charset=utf-8".into()), (header::CONTENT_DISPOSITION, name)],
    ))
}

/// Sums as plain decimals, so that a spreadsheet counts with them; everything else as people read it.
fn text(c: &Call, spec: &Spec, x: &Column, v: &Value, title: Option<&str>) -> String {
    match (&x.ty, v) {
        (Ty::Ref(_), _) => title.unwrap_or("").to_string(),
        (ty, Value::Int(_)) if ty.is_number() => match value_json(ty, v) {
            Json::String(s) => s,
            other => other.to_string(),
        },
        (Ty::Date, Value::Date(d)) => d.to_string(),
        _ => values::words(c, spec.name, x, v),
    }
}

/// One line; a leading sign that a spreadsheet would take for a formula is made text, unless it is a number.
fn line<'a>(out: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.push(';');
        }
        let number = !cell.is_empty() && cell.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let formula = !number && cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
        out.push('"');
        if formula {
            out.push('\'');
        }
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_11_files_hold_no_formulas() {
        let mut out = String::new();
        line(&mut out, ["=1+1", "-12.50", "a\"b", "+380", "-x"].into_iter());
        assert_eq!(out, "\"'=1+1\";\"-12.50\";\"a\"\"b\";\"'+380\";\"'-x\"\r\n");
    }
}
