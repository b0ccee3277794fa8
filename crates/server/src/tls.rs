//! HTTPS without a proxy in front: certificate and key from PEM files, handshakes beside the accepting of connections.

use axum::serve::Listener;
use kontor_kernel::error::{Error, Result};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

/// Certificate chain and private key, both PEM.
#[derive(Clone, Debug, PartialEq)]
pub struct Files {
    pub cert: PathBuf,
    pub key: PathBuf,
}

impl Files {
    /// Both or neither.
    pub fn of(cert: Option<PathBuf>, key: Option<PathBuf>) -> Result<Option<Files>> {
        match (cert, key) {
            (Some(cert), Some(key)) => Ok(Some(Files { cert, key })),
            (None, None) => Ok(None),
            _ => Err(Error::refused("tls_needs_both")),
        }
    }
}

/// Who takes longer to agree on a key is not waited for.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Handshakes at the same time; more connections wait with the system.
const HANDSHAKES: usize = 256;

fn bad(path: &Path) -> impl Fn(String) -> Error {
    let file = path.display().to_string();
    move |cause| Error::refused("tls_file_unreadable").arg("file", &file).cause(cause)
}

/// Reads the files and checks that they belong together.
pub fn acceptor(files: &Files) -> Result<TlsAcceptor> {
    let read = bad(&files.cert);
    let chain: Vec<CertificateDer> =
        CertificateDer::pem_file_iter(&files.cert).and_then(Iterator::collect).map_err(|e| read(e.to_string()))?;
    if chain.is_empty() {
        return Err(read("no certificate in the file".into()));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|e| bad(&files.key)(e.to_string()))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|e| read(e.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Connections that have agreed on a key.
pub struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    at: SocketAddr,
}

impl TlsListener {
    /// Must be called inside the runtime.
    pub fn new(tcp: TcpListener, acceptor: TlsAcceptor) -> io::Result<TlsListener> {
        let at = tcp.local_addr()?;
        let (send, ready) = mpsc::channel(HANDSHAKES);
        tokio::spawn(accept(tcp, acceptor, send));
        Ok(TlsListener { ready, at })
    }
}

async fn accept(mut tcp: TcpListener, acceptor: TlsAcceptor, ready: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>) {
    let free = Arc::new(Semaphore::new(HANDSHAKES));
    // The channel closes with the server.
    while !ready.is_closed() {
        let Ok(place) = free.clone().acquire_owned().await else { return };
        let (stream, from) = tokio::select! {
            c = Listener::accept(&mut tcp) => c,
            () = ready.closed() => return,
        };
        let (acceptor, ready) = (acceptor.clone(), ready.clone());
        tokio::spawn(async move {
            let done = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await;
            drop(place);
            match done {
                // A server that is gone takes nobody any more.
                Ok(Ok(tls)) => drop(ready.send((tls, from)).await),
                Ok(Err(e)) => tracing::debug!(%from, error = %e, "TLS handshake"),
                Err(_) => tracing::debug!(%from, "TLS handshake took too long"),
            }
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(c) => c,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(self.at)
    }
}
