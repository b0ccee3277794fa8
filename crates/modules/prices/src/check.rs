//! What `kontor check` proves of prices: in force is what posted price changes say, no more and no less.

use kontor_kernel::Price;
use kontor_kernel::error::Result;
use kontor_platform::App;
use kontor_platform::app::Difference;
use kontor_platform::store::Conn;

const PLACE: &str = "prices";
/// More differences than this are one fault; the rest would only fill the screen.
const LIMIT: usize = 1_000;

pub fn check(conn: &mut Conn, _: &App) -> Result<Vec<Difference>> {
    let mut out = vec![];
    let lost = conn.query(
        &format!(
            "SELECT d.number, l.price FROM price_changes d JOIN price_change_lines l ON l.parent_id = d.id \
             WHERE d.state = 'posted' AND NOT EXISTS (SELECT 1 FROM prices p WHERE p.price_type_id = l.price_type_id \
             AND p.product_id = l.product_id AND p.valid_from = d.valid_from AND p.price_change_id = d.id AND p.price = l.price) LIMIT {LIMIT}"
        ),
        &[],
    )?;
    for r in &lost {
        out.push(difference(r.text(0)?, &price(r.int(1)?), "-"));
    }
    let foreign = conn.query(
        &format!(
            "SELECT p.price_change_id, p.price FROM prices p LEFT JOIN price_changes d ON d.id = p.price_change_id \
             WHERE d.state IS NULL OR d.state <> 'posted' LIMIT {LIMIT}"
        ),
        &[],
    )?;
    for r in &foreign {
        let of = r.opt_id(0)?.map_or_else(|| "-".into(), |id| id.to_string());
        out.push(difference(&of, "-", &price(r.int(1)?)));
    }
    let uneven = conn.query(
        "SELECT d.number, (SELECT COUNT(*) FROM price_change_lines l WHERE l.parent_id = d.id) AS lines, \
         (SELECT COUNT(*) FROM prices p WHERE p.price_change_id = d.id) AS written FROM price_changes d WHERE d.state = 'posted'",
        &[],
    )?;
    for r in &uneven {
        let (lines, written) = (r.int(1)?, r.int(2)?);
        if written > lines {
            out.push(difference(r.text(0)?, &lines.to_string(), &written.to_string()));
        }
    }
    Ok(out)
}

fn price(scaled: i64) -> String {
    Price::from_scaled(scaled).to_string()
}

fn difference(key: &str, expected: &str, found: &str) -> Difference {
    Difference { place: PLACE.into(), key: key.into(), expected: expected.into(), found: found.into() }
}
