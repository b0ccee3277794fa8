//! What totals say beside what the movements come to.

use super::{BALANCE, Lead, NEVER, RISEN, RegisterSpec, dim};
use crate::app::Difference;
use crate::store::{Backend, Conn, Row};
use crate::value::Value;
use chrono::NaiveDate;
use kontor_kernel::error::Result;
use std::collections::BTreeMap;

/// One row of the totals, or what it should be.
#[derive(Clone)]
struct Sums {
    /// The key as people read it.
    key: String,
    resources: Vec<i128>,
    risen: NaiveDate,
}

impl Sums {
    fn nothing(reg: &RegisterSpec, key: &str) -> Sums {
        Sums { key: key.to_string(), resources: vec![0; reg.resources.len()], risen: NEVER }
    }
    fn add(&mut self, other: &Sums) {
        for (s, x) in self.resources.iter_mut().zip(&other.resources) {
            *s += x;
        }
        self.risen = self.risen.max(other.risen);
    }
}

/// A sum is asked in halves: movements that cancel each other may pass 64 bits on the way.
fn halves(resource: &str) -> [(String, &'static str); 2] {
    [(format!("{resource} >> 32"), "upper"), (format!("{resource} & 4294967295"), "lower")]
}

/// Recomputes turnovers and balances from the movements and names each difference.
pub fn check(conn: &mut Conn, reg: &RegisterSpec) -> Result<Vec<Difference>> {
    let keys = reg.keys().join(", ");
    let (int, month_sql) = match conn.backend() {
        Backend::Sqlite => ("INTEGER", "substr(period, 1, 7) || '-01'"),
        Backend::Postgres => ("BIGINT", "CAST(date_trunc('month', period) AS DATE)"),
    };
    let sum = |of: String| format!("CAST(SUM({of}) AS {int})");
    let mut sums: Vec<String> = reg.resources.iter().flat_map(|r| halves(r).map(|(half, _)| sum(half))).collect();
    let mut kept = reg.resources.join(", ");
    let mut moved = reg.movements();
    if reg.rises {
        // Day by day: only what a day left more of is growth.
        let by_day: Vec<String> =
            reg.resources.iter().flat_map(|r| halves(r).map(|(half, name)| format!("SUM({half}) AS {r}_{name}"))).collect();
        moved = format!("(SELECT period, {keys}, {} FROM {moved} GROUP BY period, {keys}) days", by_day.join(", "));
        sums = reg.resources.iter().flat_map(|r| [sum(format!("{r}_upper")), sum(format!("{r}_lower"))]).collect();
        let first = reg.resources[0];
        sums.push(format!("MAX(CASE WHEN {first}_upper * 4294967296 + {first}_lower > 0 THEN period END)"));
        kept = format!("{kept}, {RISEN}");
    }
    let key = |r: &Row| -> Result<((Vec<u8>, NaiveDate), String)> {
        let values = reg.dims[..reg.keyed].iter().enumerate().map(|(i, (_, ty))| dim(r, 1 + i, ty)).collect::<Result<Vec<_>>>()?;
        Ok(((RegisterSpec::key_text(&values), r.date(0)?), values.iter().map(show).collect::<Vec<_>>().join(" / ")))
    };
    let (at, count) = (1 + reg.keyed, reg.resources.len());
    let risen = |r: &Row, at: usize| -> Result<NaiveDate> { Ok(if reg.rises { r.opt_date(at)?.unwrap_or(NEVER) } else { NEVER }) };
    let mut expected: BTreeMap<(Vec<u8>, NaiveDate), Sums> = BTreeMap::new();
    for r in conn.query(&format!("SELECT {month_sql}, {keys}, {} FROM {moved} GROUP BY {month_sql}, {keys}", sums.join(", ")), &[])? {
        let (place, key) = key(&r)?;
        let whole = |i: usize| Ok((i128::from(r.int(at + 2 * i)?) << 32) + i128::from(r.int(at + 2 * i + 1)?));
        let sums = Sums { key, resources: (0..count).map(whole).collect::<Result<_>>()?, risen: risen(&r, at + 2 * count)? };
        if reg.balance {
            expected.entry((place.0.clone(), BALANCE)).or_insert_with(|| Sums::nothing(reg, &sums.key)).add(&sums);
        }
        expected.insert(place, sums);
    }
    let mut out = vec![];
    for r in conn.query(&format!("SELECT month, {keys}, {kept} FROM {}", reg.totals()), &[])? {
        let (place, key) = key(&r)?;
        let resources = (at..at + count).map(|i| r.int(i).map(i128::from)).collect::<Result<_>>()?;
        let have = Sums { key, resources, risen: risen(&r, at + count)? };
        let want = expected.remove(&place).unwrap_or_else(|| Sums::nothing(reg, &have.key));
        differ(reg, place.1, &want, &have, &mut out);
    }
    for ((_, at), want) in &expected {
        differ(reg, *at, want, &Sums::nothing(reg, &want.key), &mut out);
    }
    if reg.lead == Lead::Month {
        let wrong = format!("SELECT seq, month, {month_sql} FROM {} WHERE month <> {month_sql} ORDER BY seq LIMIT 100", reg.movements());
        for r in conn.query(&wrong, &[])? {
            let shown = |i: usize| r.date(i).map(|d| d.format("%Y-%m").to_string());
            let place = format!("register {} month", reg.name);
            out.push(Difference { place, key: r.int(0)?.to_string(), expected: shown(2)?, found: shown(1)? });
        }
    }
    Ok(out)
}

fn differ(reg: &RegisterSpec, at: NaiveDate, want: &Sums, have: &Sums, out: &mut Vec<Difference>) {
    let when = || if at == BALANCE { "balance".to_string() } else { at.format("%Y-%m").to_string() };
    let mut tell = |name: &str, expected: String, found: String| {
        out.push(Difference { place: format!("register {} {name} {}", reg.name, when()), key: have.key.clone(), expected, found });
    };
    for (i, name) in reg.resources.iter().enumerate() {
        if want.resources[i] != have.resources[i] {
            tell(name, want.resources[i].to_string(), have.resources[i].to_string());
        }
    }
    // A later day than needed only costs a look at the movements.
    if want.risen > have.risen {
        tell(RISEN, want.risen.to_string(), have.risen.to_string());
    }
}

fn show(v: &Value) -> String {
    match v {
        Value::Id(i) => i.to_string(),
        Value::Text(s) => s.clone(),
        Value::Date(d) => d.to_string(),
        _ => String::new(),
    }
}
