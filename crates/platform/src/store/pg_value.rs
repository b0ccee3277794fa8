//! `Value` on PostgreSQL's wire: written as the type the server expects at that place, read by the type it names.

use crate::value::Value;
use chrono::{DateTime, NaiveDate, Utc};
use std::error::Error;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

type Written = Result<IsNull, Box<dyn Error + Sync + Send>>;

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Written {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Bool(v) => match *ty {
                Type::BOOL => v.to_sql(ty, out),
                _ => write_int(i64::from(*v), ty, out),
            },
            Value::Int(v) => write_int(*v, ty, out),
            Value::Text(v) => write_text(v, ty, out),
            Value::Id(v) => match *ty {
                Type::BYTEA => v.as_bytes().as_slice().to_sql(ty, out),
                Type::UUID => v.to_sql(ty, out),
                _ => mismatch("id", ty),
            },
            Value::Date(v) => match *ty {
                Type::DATE => v.to_sql(ty, out),
                Type::TEXT | Type::VARCHAR => v.to_string().to_sql(ty, out),
                _ => mismatch("date", ty),
            },
            Value::Instant(v) => match *ty {
                Type::TIMESTAMPTZ => v.to_sql(ty, out),
                Type::INT8 => v.timestamp_micros().to_sql(ty, out),
                _ => mismatch("instant", ty),
            },
            Value::Json(v) => match *ty {
                Type::JSON | Type::JSONB => v.to_sql(ty, out),
                Type::TEXT | Type::VARCHAR => v.to_string().to_sql(ty, out),
                _ => mismatch("json", ty),
            },
            Value::Bytes(v) => match *ty {
                Type::BYTEA => v.to_sql(ty, out),
                Type::UUID => uuid::Uuid::from_slice(v)?.to_sql(ty, out),
                _ => mismatch("bytes", ty),
            },
        }
    }

    /// What fits is decided value by value.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn write_int(v: i64, ty: &Type, out: &mut BytesMut) -> Written {
    match *ty {
        Type::INT8 => v.to_sql(ty, out),
        Type::INT4 => i32::try_from(v)?.to_sql(ty, out),
        Type::INT2 => i16::try_from(v)?.to_sql(ty, out),
        Type::NUMERIC => {
            write_numeric(v, out);
            Ok(IsNull::No)
        }
        Type::BOOL if v == 0 || v == 1 => (v == 1).to_sql(ty, out),
        Type::TIMESTAMPTZ => DateTime::from_timestamp_micros(v).ok_or("an instant out of range")?.to_sql(ty, out),
        _ => mismatch("int", ty),
    }
}

fn write_text(v: &str, ty: &Type, out: &mut BytesMut) -> Written {
    match *ty {
        Type::UUID => uuid::Uuid::parse_str(v)?.to_sql(ty, out),
        Type::DATE => super::parse_date(v).ok_or("a date is written 2026-11-21")?.to_sql(ty, out),
        Type::TIMESTAMPTZ => v.parse::<DateTime<Utc>>()?.to_sql(ty, out),
        Type::JSON => {
            out.extend_from_slice(v.as_bytes());
            Ok(IsNull::No)
        }
        Type::JSONB => {
            // The version of the wire format, then the text.
            out.extend_from_slice(&[1]);
            out.extend_from_slice(v.as_bytes());
            Ok(IsNull::No)
        }
        ref t if <&str as ToSql>::accepts(t) => v.to_sql(ty, out),
        _ => mismatch("text", ty),
    }
}

fn mismatch(kind: &str, ty: &Type) -> Written {
    Err(format!("a value of kind {kind} stands where the database expects {ty}").into())
}

/// NUMERIC on the wire: number of digits of base 10,000, weight of the first, sign, scale, digits.
fn write_numeric(v: i64, out: &mut BytesMut) {
    let mut rest = v.unsigned_abs();
    let mut digits: Vec<i16> = Vec::with_capacity(5);
    while rest > 0 {
        digits.push((rest % 10_000) as i16);
        rest /= 10_000;
    }
    let sign: i16 = if v < 0 { 0x4000 } else { 0 };
    let head = [digits.len() as i16, digits.len() as i16 - 1, sign, 0];
    for n in head.iter().chain(digits.iter().rev()) {
        out.extend_from_slice(&n.to_be_bytes());
    }
}

/// Whole numbers only: `SUM` of a BIGINT is a NUMERIC. A fraction must be cast in the statement.
fn read_numeric(raw: &[u8]) -> Result<i64, Box<dyn Error + Sync + Send>> {
    let mut words = raw.chunks_exact(2).map(|b| i16::from_be_bytes([b[0], b[1]]));
    let (Some(n), Some(weight), Some(sign), Some(_scale)) = (words.next(), words.next(), words.next(), words.next()) else {
        return Err("a NUMERIC without its head".into());
    };
    if !matches!(sign, 0 | 0x4000) || n > weight + 1 {
        return Err("a NUMERIC with a fraction was read: CAST it to BIGINT".into());
    }
    let mut v: i128 = 0;
    for i in 0..=i32::from(weight).min(5) {
        let digit = if i < i32::from(n) { words.next().unwrap_or(0) } else { 0 };
        v = v * 10_000 + i128::from(digit);
    }
    if weight > 5 {
        return Err("a NUMERIC beyond 64 bits was read".into());
    }
    Ok(i64::try_from(if sign == 0 { v } else { -v })?)
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *ty {
            Type::BOOL => Value::Bool(bool::from_sql(ty, raw)?),
            Type::INT8 => Value::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Value::Int(i16::from_sql(ty, raw)?.into()),
            Type::OID => Value::Int(u32::from_sql(ty, raw)?.into()),
            Type::NUMERIC => Value::Int(read_numeric(raw)?),
            Type::UUID => Value::Id(uuid::Uuid::from_sql(ty, raw)?),
            Type::DATE => Value::Date(NaiveDate::from_sql(ty, raw)?),
            Type::TIMESTAMPTZ => Value::Instant(DateTime::<Utc>::from_sql(ty, raw)?),
            Type::JSON | Type::JSONB => Value::Json(serde_json::Value::from_sql(ty, raw)?),
            Type::BYTEA => Value::Bytes(raw.to_vec()),
            Type::VOID => Value::Null,
            ref t if <String as FromSql>::accepts(t) => Value::Text(String::from_sql(ty, raw)?),
            _ => return Err(format!("a column of type {ty} was read: CAST it").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Value::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_12_whole_numerics_survive_the_wire() {
        for v in [0, 1, -1, 9_999, 10_000, -10_001, 123_456_789_012, i64::MAX, i64::MIN, 40_000_000, 10_000_000_000_000_000] {
            let mut out = BytesMut::new();
            write_numeric(v, &mut out);
            assert_eq!(read_numeric(&out).unwrap(), v, "{v}");
        }
        // 1.5 has a digit behind the point; 20 has trailing zero digits cut off.
        assert!(read_numeric(&[0, 2, 0, 0, 0, 0, 0, 1, 0, 1, 0x13, 0x88]).is_err());
        assert_eq!(read_numeric(&[0, 1, 0, 1, 0, 0, 0, 0, 0, 20]).unwrap(), 200_000);
    }
}
