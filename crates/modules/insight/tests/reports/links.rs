//! What leads out of a report: rows that open to their records, files.

use crate::deals::deals;
use crate::firm::Firm;
use crate::p;
use kontor_platform::Ctx;

#[test]
fn ana_05_reports_are_exported_as_csv_and_workbook() {
    kontor_testkit::both(|db| {
        let f = Firm::new(db);
        f.sell();
        let t = f.try_table(&f.ctx("dir"), "sales", &[p("by", "partner"), p("currency", "UAH")]).expect("the report runs");
        let mut csv = vec![];
        kontor_exchange::export_table(&t, kontor_exchange::ExportFormat::Csv, &mut csv).expect("CSV is written");
        let text = String::from_utf8(csv).expect("CSV is text");
        let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines[0], "key,title,revenue,quantity,lines,documents,partners,last_on,cost,margin,currency");
        assert_eq!(lines[1], format!("{},One,221.11,11,4,3,1,2026-02-10,100.00,121.11,UAH", f.one));
        assert_eq!(lines.len(), 3);
        let mut book = vec![];
        kontor_exchange::export_table(&t, kontor_exchange::ExportFormat::Xlsx, &mut book).expect("the workbook is written");
        assert!(book.starts_with(b"PK"));
    });
}

/// What a row's link leads to: how many records the list shows, or how many rows the next report has.
fn opened(f: &Firm, ctx: &Ctx, link: &str) -> usize {
    let (path, query) = link.split_once('?').unwrap_or((link, ""));
    let pairs: Vec<(String, String)> =
        query.split('&').filter_map(|kv| kv.split_once('=')).map(|(k, v)| (k.to_string(), v.to_string())).collect();
    let path = path.trim_start_matches('/');
    if let Some(report) = path.strip_prefix("reports/") {
        return f.w.app.report(ctx, report, &pairs).unwrap_or_else(|e| panic!("{link}: {e:?}")).rows.len();
    }
    if let Some((collection, id)) = path.split_once('/') {
        return usize::from(f.w.app.get(ctx, collection, id.parse().expect("an id")).is_ok());
    }
    let spec = f.w.app.registry.get(path).unwrap_or_else(|| panic!("{link}"));
    let q = kontor_platform::query::Query::parse(&f.w.app, ctx, spec, &pairs).unwrap_or_else(|e| panic!("{link}: {e:?}"));
    f.w.app.list(ctx, path, &q).expect("the list opens").rows.len()
}

#[test]
fn ana_09_every_row_opens_to_its_records() {
    kontor_testkit::both(|db| {
        let f = Firm::new(db);
        f.sell();
        deals(&f);
        let ctx = f.ctx("dir");
        let counts = |name: &str, params: &[(&str, String)]| -> Vec<usize> {
            let t = f.try_table(&ctx, name, params).expect("the report runs");
            t.rows.iter().filter_map(|r| r.link.as_deref()).map(|l| opened(&f, &ctx, l)).collect()
        };
        let in_euro = |by: &'static str| [p("by", by), p("currency", "UAH")];
        // Shipments of One: two; of Two: two posted.
        assert_eq!(counts("sales", &in_euro("partner")), [2, 2]);
        assert_eq!(counts("sales", &in_euro("month")), [2, 2]);
        assert_eq!(counts("sales", &[p("by", "month")]), [2, 1, 1]);
        assert_eq!(counts("sales", &in_euro("manager")), [2, 2]);
        assert_eq!(counts("sales", &in_euro("country")), [2, 2]);
        assert_eq!(counts("sales", &in_euro("region")), [2, 2]);
        // Products open to who bought them, categories to their products.
        assert_eq!(counts("sales", &in_euro("product")), [2, 1]);
        assert_eq!(counts("sales", &in_euro("category")), [1, 1]);
        // With a product asked for, a row opens to the same question in detail.
        assert_eq!(counts("sales", &[p("by", "month"), p("product_id", f.lamp)]), [1, 1]);
        assert_eq!(counts("deals", &in_euro("manager")), [2, 2]);
        assert_eq!(counts("deals", &in_euro("team")), [4]);
        assert_eq!(counts("deals", &in_euro("region")), [2, 2]);
        assert_eq!(counts("deals", &[p("by", "month"), p("manager_id", f.w.user("ann"))]), [2]);
        assert_eq!(counts("settlements", &[p("currency", "UAH")]), [2, 2, 1]);
        assert_eq!(counts("settlements", &[p("by", "manager"), p("currency", "UAH")]), [2, 3]);
        assert_eq!(counts("stock", &[]), [1, 1]);
        assert_eq!(counts("stock", &[p("by", "warehouse")]), [2]);
        assert_eq!(
            counts(
                "funnel",
                &[p("kind_id", f.w.app.store.read(|c| c.query_one("SELECT kind_id FROM deals LIMIT 1", &[])?.id(0)).expect("a deal"))]
            )
            .iter()
            .sum::<usize>(),
            4
        );
    });
}
