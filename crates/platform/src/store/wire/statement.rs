//! A prepared statement: its values on the way there, its rows on the way back.

use super::fault::Fault;
use crate::value::Value;
use bytes::BytesMut;
use fallible_iterator::FallibleIterator;
use postgres_protocol::IsNull as Written;
use postgres_protocol::message::backend::DataRowBody;
use postgres_protocol::message::frontend::{self, BindError};
use std::sync::Arc;
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type};

/// Values travel in their binary form.
const BINARY: i16 = 1;

/// A prepared statement.
#[derive(Clone)]
pub(in crate::store) struct Statement(pub(super) Arc<Prepared>);

pub(super) struct Prepared {
    pub name: String,
    pub sql: Arc<str>,
    pub params: Vec<Type>,
    pub columns: Vec<Type>,
}

impl Statement {
    /// Types of its places.
    pub fn params(&self) -> &[Type] {
        &self.0.params
    }

    /// A row of its answer.
    pub fn cells(&self, row: &DataRowBody) -> Result<Vec<Value>, Fault> {
        let (types, bytes, mut ranges) = (&self.0.columns, row.buffer(), row.ranges());
        let mut cells = Vec::with_capacity(types.len());
        while let Some(range) = ranges.next()? {
            let ty = types.get(cells.len()).ok_or_else(|| Fault::Misfit("a row has more cells than columns".into()))?;
            let cell = Value::from_sql_nullable(ty, range.map(|r| &bytes[r]));
            cells.push(cell.map_err(|e| Fault::Misfit(e.to_string()))?);
        }
        Ok(cells)
    }
}

fn type_of(oid: u32) -> Type {
    // A type that no statement of ours may have; whoever reads or writes a value of it is told its name.
    Type::from_oid(oid).unwrap_or_else(|| Type::new(format!("number {oid}"), oid, Kind::Pseudo, String::new()))
}

pub(super) fn types(mut oids: impl FallibleIterator<Item = u32, Error = std::io::Error>) -> std::io::Result<Vec<Type>> {
    let mut found = vec![];
    while let Some(oid) = oids.next()? {
        found.push(type_of(oid));
    }
    Ok(found)
}

/// Gives a statement its values and runs it.
pub(super) fn bind<'t, P: ToSql>(
    name: &str,
    types: impl ExactSizeIterator<Item = &'t Type>,
    params: impl ExactSizeIterator<Item = P>,
    out: &mut BytesMut,
) -> Result<(), Fault> {
    if types.len() != params.len() {
        return Err(Fault::Misfit(format!("{} values for {} places", params.len(), types.len())));
    }
    let write = |(value, ty): (P, &Type), out: &mut BytesMut| {
        value.to_sql_checked(ty, out).map(|null| if matches!(null, IsNull::Yes) { Written::Yes } else { Written::No })
    };
    frontend::bind("", name, [BINARY], params.zip(types), write, [BINARY], out).map_err(|e| match e {
        BindError::Conversion(e) => Fault::Misfit(e.to_string()),
        BindError::Serialization(e) => e.into(),
    })?;
    Ok(frontend::execute("", 0, out)?)
}
