//! What may go wrong on a connection to PostgreSQL.

use fallible_iterator::FallibleIterator;
use postgres_protocol::message::backend::ErrorResponseBody;
use std::fmt;
use std::io;
use tokio_postgres::error::SqlState;

/// Why there is no answer.
#[derive(Debug)]
pub(in crate::store) enum Fault {
    /// The server refused it.
    Refused(Box<Refusal>),
    /// It was asked in one go with something that the server has refused, and not looked at.
    Skipped,
    /// The connection has broken.
    Lost(io::Error),
    /// A value that does not fit its place, or an answer that nobody understands.
    Misfit(String),
}

/// What the server says of its refusal.
#[derive(Debug)]
pub(in crate::store) struct Refusal {
    pub code: SqlState,
    pub message: String,
    pub detail: Option<String>,
    pub table: Option<String>,
    pub constraint: Option<String>,
    /// The server ends the connection with it.
    pub farewell: bool,
}

impl Refusal {
    pub(super) fn read(body: &ErrorResponseBody) -> io::Result<Refusal> {
        let mut refusal = Refusal {
            code: SqlState::INTERNAL_ERROR,
            message: String::new(),
            detail: None,
            table: None,
            constraint: None,
            farewell: false,
        };
        let mut fields = body.fields();
        while let Some(field) = fields.next()? {
            let value = String::from_utf8_lossy(field.value_bytes()).into_owned();
            match field.type_() {
                b'C' => refusal.code = SqlState::from_code(&value),
                b'M' => refusal.message = value,
                b'D' => refusal.detail = Some(value),
                b't' => refusal.table = Some(value),
                b'V' => refusal.farewell = matches!(value.as_str(), "FATAL" | "PANIC"),
                b'n' => refusal.constraint = Some(value),
                _ => {}
            }
        }
        Ok(refusal)
    }
}

impl Fault {
    /// What the server has refused, if it was the server.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Fault::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    pub(super) fn closed() -> Fault {
        Fault::Lost(io::Error::new(io::ErrorKind::UnexpectedEof, "the server has closed the connection"))
    }
}

impl From<io::Error> for Fault {
    fn from(e: io::Error) -> Fault {
        match e.kind() {
            // What the library says of messages that are not of the protocol.
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Fault::Misfit(e.to_string()),
            _ => Fault::Lost(e),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Refused(r) => {
                write!(f, "{} ({})", r.message, r.code.code())?;
                r.detail.iter().try_for_each(|detail| write!(f, ": {detail}"))
            }
            Fault::Skipped => f.write_str("not run, for what was asked before it was refused"),
            Fault::Lost(e) => write!(f, "connection lost: {e}"),
            Fault::Misfit(text) => f.write_str(text),
        }
    }
}
