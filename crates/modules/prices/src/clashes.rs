//! Rules that contradict each other, or may: two of one key on one day, or for segments that may share members; and rules about
//! something that is there no more.

use crate::rulebook::RuleBook;
use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::store::Conn;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx};
use serde_json::{Value as Json, json};

/// A larger book is not looked through while somebody waits; its rules were checked when they were written.
const LOOKED_THROUGH: usize = 50_000;
const TOLD: usize = 100;

/// `GET /prices/clashes`: pairs of rules that the caller may see, the certain ones first, each with its collection; under
/// `dangling` rules and agreements about something archived or deleted, with what they still do (`holds`). `looked_through` is false where there are too many rules to compare
/// them all.
pub fn clashes(app: &App, ctx: &Ctx) -> Result<Json> {
    let spec = app.granted(ctx, "price-conditions", "read")?;
    let found = app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        let book = RuleBook::current(&mut cx)?;
        let len = book.read().book.len();
        if len > LOOKED_THROUGH {
            return Ok(None);
        }
        let gone = gone(cx.conn)?;
        let agreements = agreements(cx.conn)?;
        let terms = archived_terms(cx.conn, ctx.today)?;
        let state = book.read();
        Ok(Some((state.book.all_clashes(), state.book.dangling(|id| !gone.contains_key(&id)), gone, agreements, terms)))
    })?;
    let Some((found, loose, gone, agreements, terms)) = found else {
        return Ok(json!({"items": [], "dangling": [], "looked_through": false}));
    };
    let mut items = vec![];
    for c in found {
        // Rules of agreements, contracts and dealer types are told by their own cards; what may not be seen is not told.
        let both = (app.record_if_seen(ctx, spec.name, c.one)?, app.record_if_seen(ctx, spec.name, c.other)?);
        let (Some(one), Some(other)) = both else { continue };
        items.push(json!({
            "collection": spec.name, "one": titled(&one), "other": titled(&other), "kind": one.text("kind"),
            "from": c.days.from.map(|d| d.to_string()), "to": c.days.to.map(|d| d.to_string()), "certain": c.certain,
        }));
        if items.len() >= TOLD {
            break;
        }
    }
    for (one, other) in agreements {
        let both = (app.record_if_seen(ctx, "agreements", one)?, app.record_if_seen(ctx, "agreements", other)?);
        let (Some(one), Some(other)) = both else { continue };
        let Some(days) = crate::agreement::validity(&one)?.intersection(&crate::agreement::validity(&other)?) else { continue };
        items.push(json!({
            "collection": "agreements", "one": titled(&one), "other": titled(&other), "kind": one.text("kind"),
            "from": days.from.map(|d| d.to_string()), "to": days.to.map(|d| d.to_string()), "certain": false,
        }));
    }
    let mut dangling = vec![];
    for (rule, of) in loose.into_iter().take(TOLD) {
        let (collection, r) = match app.record_if_seen(ctx, "price-conditions", rule)? {
            Some(r) => ("price-conditions", r),
            None => match app.record_if_seen(ctx, "promotions", rule)? {
                Some(r) => ("promotions", r),
                None => continue,
            },
        };
        let (about, title) = gone.get(&of).map_or(("price-types", None), |(c, t)| (*c, t.clone()));
        let of = json!({"collection": about, "id": of, "title": title});
        dangling.push(json!({"collection": collection, "rule": titled(&r), "of": of, "holds": holds(about, title.is_some())}));
    }
    for (agreement, about, of, title) in terms {
        if dangling.len() >= TOLD {
            break;
        }
        let Some(r) = app.record_if_seen(ctx, "agreements", agreement)? else { continue };
        let of = json!({"collection": about, "id": of, "title": title});
        dangling.push(json!({"collection": "agreements", "rule": titled(&r), "of": of, "holds": holds(about, true)}));
    }
    Ok(json!({"items": items, "dangling": dangling, "looked_through": true}))
}

/// What a rule about something archived still does. New lines take no archived product and new documents no archived partner or
/// agreement, but what was promised before is priced as it was promised (`promised`); an archived segment has no members, and
/// what is not there at all is nobody's (`nothing`); anything else still stands in products and documents (`still`).
fn holds(collection: &str, there: bool) -> &'static str {
    match collection {
        _ if !there => "nothing",
        "products" | "partners" | "agreements" => "promised",
        "segments" => "nothing",
        _ => "still",
    }
}

fn titled(r: &Record) -> Json {
    json!({"id": r.id, "title": r.title()})
}

/// What rules refer to: columns of conditions and of promotions, the collection, its table and the column of its title.
const REFERRED: [(&str, &str, &str, &str); 16] = [
    ("partner_id", "partners", "partners", "name"),
    ("segment_id", "segments", "segments", "name"),
    ("dealer_type_id", "dealer-types", "dealer_types", "name"),
    ("company_id", "companies", "companies", "name"),
    ("product_id", "products", "products", "name"),
    ("price_group_id", "price-groups", "price_groups", "name"),
    ("category_id", "product-categories", "product_categories", "name"),
    ("product_segment_id", "segments", "segments", "name"),
    ("gift_product_id", "products", "products", "name"),
    ("agreement_id", "agreements", "agreements", "name"),
    ("contract_id", "contracts", "contracts", "number"),
    ("region_id", "regions", "regions", "name"),
    ("order_type_id", "order-types", "order_types", "name"),
    ("payment_form_id", "payment-forms", "payment_forms", "name"),
    ("loyalty_program_id", "loyalty-programs", "loyalty_programs", "name"),
    ("price_type_id", "price-types", "price_types", "name"),
];

/// Whatever rules in force refer to and is archived, or not there at all: its collection, and its title.
fn gone(conn: &mut Conn) -> Result<HashMap<Id, (&'static str, Option<String>)>> {
    let mut out = HashMap::new();
    // Of the table `rules`, each row with its record `key` in the table `of`.
    let mut look = |conn: &mut Conn,
                    (rules, key, of): (&str, &str, &str),
                    column: &str,
                    (collection, table, title): (&'static str, &str, &str)|
     -> Result<()> {
        let sql = format!(
            "SELECT DISTINCT r.{column}, t.{title} FROM {rules} r JOIN (SELECT id FROM {of} WHERE active = ? AND archived = ?) h ON h.id = r.{key} LEFT JOIN {table} t ON t.id = r.{column} \
             WHERE r.{column} IS NOT NULL AND (t.id IS NULL OR t.archived = ?) LIMIT 1000"
        );
        for row in conn.query(&sql, &[true.into(), false.into(), true.into()])? {
            out.insert(row.id(0)?, (collection, row.opt_text(1)?.map(str::to_string)));
        }
        Ok(())
    };
    for (n, (column, collection, table, title)) in REFERRED.into_iter().enumerate() {
        let of = (collection, table, title);
        if column != "gift_product_id" {
            look(conn, ("price_conditions", "id", "price_conditions"), column, of)?;
        }
        if n < 9 {
            look(conn, ("promotions", "id", "promotions"), column, of)?;
        }
    }
    look(conn, ("promotion_lines", "parent_id", "promotions"), "product_id", ("products", "products", "name"))?;
    Ok(out)
}

/// Agreements in force whose terms are about something archived: the agreement, the collection, the id and title of what is gone.
fn archived_terms(conn: &mut Conn, today: NaiveDate) -> Result<Vec<(Id, &'static str, Id, String)>> {
    const HEAD: [(&str, &str, &str); 3] = [
        ("price_type_id", "price-types", "price_types"),
        ("price_list_id", "price-lists", "price_lists"),
        ("segment_id", "segments", "segments"),
    ];
    const LINES: [(&str, &str, &str); 5] = [
        ("product_id", "products", "products"),
        ("category_id", "product-categories", "product_categories"),
        ("price_group_id", "price-groups", "price_groups"),
        ("product_segment_id", "segments", "segments"),
        ("price_type_id", "price-types", "price_types"),
    ];
    let mut out = vec![];
    let mut look = |conn: &mut Conn, from: &str, (column, collection, table): (&str, &'static str, &str)| -> Result<()> {
        let sql = format!(
            "SELECT DISTINCT a.id, t.id, t.name FROM {from} JOIN {table} t ON t.id = r.{column} \
             WHERE a.state = 'active' AND a.archived = ? AND (a.valid_to IS NULL OR a.valid_to >= ?) AND t.archived = ? ORDER BY a.id, t.id LIMIT {TOLD}"
        );
        for row in conn.query(&sql, &[false.into(), today.into(), true.into()])? {
            out.push((row.id(0)?, collection, row.id(1)?, row.text(2)?.to_string()));
        }
        Ok(())
    };
    for of in HEAD {
        look(conn, "agreements a JOIN agreements r ON r.id = a.id", of)?;
    }
    for of in LINES {
        look(conn, "agreements a JOIN agreement_lines r ON r.parent_id = a.id", of)?;
    }
    Ok(out)
}

/// Standard agreements of two segments, of one company, currency and priority: a client may belong to both.
fn agreements(conn: &mut Conn) -> Result<Vec<(Id, Id)>> {
    let sql = "SELECT a.id, b.id FROM agreements a JOIN agreements b ON b.company_id = a.company_id AND b.currency = a.currency \
               AND b.priority = a.priority AND b.segment_id <> a.segment_id AND b.id > a.id \
               WHERE a.partner_id IS NULL AND b.partner_id IS NULL AND a.state = 'active' AND b.state = 'active' AND a.archived = ? AND b.archived = ? \
               AND (a.valid_to IS NULL OR b.valid_from IS NULL OR a.valid_to >= b.valid_from) \
               AND (b.valid_to IS NULL OR a.valid_from IS NULL OR b.valid_to >= a.valid_from) ORDER BY a.id, b.id LIMIT 100";
    conn.query(sql, &[false.into(), false.into()])?.iter().map(|r| Ok((r.id(0)?, r.id(1)?))).collect()
}
