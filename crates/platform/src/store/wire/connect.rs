//! Finding the server and introducing oneself to it.

use super::fault::{Fault, Refusal};
use super::socket::Link;
use fallible_iterator::FallibleIterator;
use postgres_protocol::authentication::md5_hash;
use postgres_protocol::authentication::sasl::{ChannelBinding, SCRAM_SHA_256, ScramSha256};
use postgres_protocol::message::backend::{AuthenticationSaslBody, Message};
use postgres_protocol::message::frontend;
use socket2::{SockRef, TcpKeepalive};
use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{ChannelBinding as Binding, Host, TargetSessionAttrs};

/// Where the address does not say how long to wait.
const USUAL_WAIT: Duration = Duration::from_secs(10);
const USUAL_PORT: u16 = 5432;

/// The first server of the address that answers and is of the wanted kind.
pub(super) fn connect(config: &Config) -> Result<Link, Fault> {
    let (hosts, addrs, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    if !hosts.is_empty() && !addrs.is_empty() && hosts.len() != addrs.len() {
        return Err(misfit("the database address names another number of hosts than of their addresses"));
    }
    if config.get_channel_binding() == Binding::Require {
        return Err(misfit("channel_binding=require needs TLS, which this build does not speak to PostgreSQL"));
    }
    let mut fault = misfit("the database address names no host");
    for i in 0..hosts.len().max(addrs.len()) {
        let port = ports.get(i).or(ports.first()).copied().unwrap_or(USUAL_PORT);
        let opened = match (addrs.get(i), hosts.get(i)) {
            (Some(addr), _) => tcp(&addr.to_string(), port, config),
            (None, Some(Host::Tcp(name))) => tcp(name, port, config),
            (None, Some(Host::Unix(folder))) => unix(folder, port),
            (None, None) => continue,
        };
        match opened.and_then(|link| introduced(link, config)) {
            Ok(link) => return Ok(link),
            Err(e) => fault = e,
        }
    }
    Err(fault)
}

fn misfit(text: &str) -> Fault {
    Fault::Misfit(text.to_owned())
}

fn wait(config: &Config) -> Duration {
    config.get_connect_timeout().copied().filter(|t| !t.is_zero()).unwrap_or(USUAL_WAIT)
}

fn tcp(name: &str, port: u16, config: &Config) -> Result<Link, Fault> {
    let mut fault = Fault::Lost(io::Error::new(io::ErrorKind::NotFound, format!("{name} has no address")));
    for addr in (name, port).to_socket_addrs().map_err(Fault::Lost)? {
        match TcpStream::connect_timeout(&addr, wait(config)).and_then(|stream| kept_alive(stream, config)) {
            Ok(stream) => return Link::new(stream).map_err(Fault::Lost),
            Err(e) => fault = Fault::Lost(e),
        }
    }
    Err(fault)
}

/// A server that vanished without a word is noticed.
fn kept_alive(stream: TcpStream, config: &Config) -> io::Result<TcpStream> {
    stream.set_nodelay(true)?;
    let socket = SockRef::from(&stream);
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(config.get_tcp_user_timeout().copied())?;
    if config.get_keepalives() {
        let mut alive = TcpKeepalive::new().with_time(config.get_keepalives_idle());
        if let Some(interval) = config.get_keepalives_interval() {
            alive = alive.with_interval(interval);
        }
        if let Some(retries) = config.get_keepalives_retries() {
            alive = alive.with_retries(retries);
        }
        socket.set_tcp_keepalive(&alive)?;
    }
    Ok(stream)
}

fn unix(folder: &Path, port: u16) -> Result<Link, Fault> {
    let stream = UnixStream::connect(folder.join(format!(".s.PGSQL.{port}"))).map_err(Fault::Lost)?;
    Link::new(stream).map_err(Fault::Lost)
}

fn introduced(mut link: Link, config: &Config) -> Result<Link, Fault> {
    link.answers_within(Some(wait(config)))?;
    let user = match config.get_user() {
        Some(user) => user.to_owned(),
        None => std::env::var("USER").map_err(|_| misfit("the database address names no user"))?,
    };
    let mut said = vec![("client_encoding", "UTF8"), ("user", user.as_str())];
    said.extend(config.get_dbname().map(|v| ("database", v)));
    said.extend(config.get_options().map(|v| ("options", v)));
    said.extend(config.get_application_name().map(|v| ("application_name", v)));
    frontend::startup_message(said, &mut link.out)?;
    authenticate(&mut link, &user, config)?;
    // Its settings and key follow.
    while !matches!(heard(&mut link)?, Message::ReadyForQuery(_)) {}
    of_kind(&mut link, config.get_target_session_attrs())?;
    link.answers_within(None)?;
    Ok(link)
}

/// The next message; a refusal is a fault.
fn heard(link: &mut Link) -> Result<Message, Fault> {
    link.flush()?;
    match link.message()? {
        Message::ErrorResponse(body) => Err(Fault::Refused(Box::new(Refusal::read(&body)?))),
        message => Ok(message),
    }
}

fn authenticate(link: &mut Link, user: &str, config: &Config) -> Result<(), Fault> {
    let password = || config.get_password().ok_or_else(|| misfit("the server asks for a password and the database address has none"));
    match heard(link)? {
        Message::AuthenticationOk => return Ok(()),
        Message::AuthenticationCleartextPassword => frontend::password_message(password()?, &mut link.out)?,
        Message::AuthenticationMd5Password(body) => {
            let hash = md5_hash(user.as_bytes(), password()?, body.salt());
            frontend::password_message(hash.as_bytes(), &mut link.out)?;
        }
        Message::AuthenticationSasl(body) => scram(link, &body, password()?)?,
        _ => return Err(misfit("the server asks for a way of signing in that is not supported: use scram-sha-256")),
    }
    match heard(link)? {
        Message::AuthenticationOk => Ok(()),
        _ => Err(misfit("the server did not finish the sign-in")),
    }
}

fn scram(link: &mut Link, offered: &AuthenticationSaslBody, password: &[u8]) -> Result<(), Fault> {
    let mut mechanisms = offered.mechanisms();
    loop {
        match mechanisms.next()? {
            Some(SCRAM_SHA_256) => break,
            Some(_) => {}
            None => return Err(misfit("the server does not offer scram-sha-256")),
        }
    }
    let wrong = |e: io::Error| Fault::Misfit(format!("sign-in by scram-sha-256: {e}"));
    let mut scram = ScramSha256::new(password, ChannelBinding::unsupported());
    frontend::sasl_initial_response(SCRAM_SHA_256, scram.message(), &mut link.out)?;
    let Message::AuthenticationSaslContinue(body) = heard(link)? else { return Err(misfit("scram-sha-256 was not continued")) };
    scram.update(body.data()).map_err(wrong)?;
    frontend::sasl_response(scram.message(), &mut link.out)?;
    let Message::AuthenticationSaslFinal(body) = heard(link)? else { return Err(misfit("scram-sha-256 was not finished")) };
    scram.finish(body.data()).map_err(wrong)
}

/// Of several servers one may be wanted that takes writes.
fn of_kind(link: &mut Link, wanted: TargetSessionAttrs) -> Result<(), Fault> {
    if wanted == TargetSessionAttrs::Any {
        return Ok(());
    }
    frontend::query("SHOW transaction_read_only", &mut link.out)?;
    let mut reads_only = false;
    loop {
        match heard(link)? {
            Message::DataRow(row) => reads_only = row.buffer().ends_with(b"on"),
            Message::ReadyForQuery(_) => break,
            _ => {}
        }
    }
    if reads_only == (wanted == TargetSessionAttrs::ReadOnly) {
        return Ok(());
    }
    let why = if reads_only { "the server takes no writes" } else { "the server is not read-only" };
    Err(Fault::Lost(io::Error::new(io::ErrorKind::PermissionDenied, why)))
}
