//! [`ToSocketAddrs`] and [`lookup_host`]: from what a person writes to addresses.
//!
//! Addresses and literals are taken as they are, at once; names go to the OS resolver on another thread.

use mini_runtime::runtime::run_blocking;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

/// What can be turned into socket addresses, by a lookup if need be: `SocketAddr` and its like, pairs of an
/// address or name and a port, `"host:port"`, and slices of addresses.
///
/// Sealed: for the types of this crate and std alone. `std::net::ToSocketAddrs` is its blocking sibling.
///
/// ```
/// use futures::executor::block_on;
/// use mini_net::net::lookup_host;
///
/// # fn main() -> std::io::Result<()> {
/// let addresses: Vec<_> = block_on(lookup_host("127.0.0.1:80"))?.collect();
/// assert_eq!(addresses, ["127.0.0.1:80".parse().unwrap()]);
/// let same: Vec<_> = block_on(lookup_host(("127.0.0.1", 80)))?.collect();
/// assert_eq!(addresses, same);
/// # Ok(())
/// # }
/// ```
pub trait ToSocketAddrs: sealed::Lookup {}

impl<T: sealed::Lookup + ?Sized> ToSocketAddrs for T {}

/// Looks a name up with the OS resolver.
///
/// The order of the answers is the resolver's. `impl ToSocketAddrs` arguments (`TcpStream::connect` and its like)
/// do this by themselves.
///
/// ```
/// # use futures::executor::block_on;
/// # fn main() -> std::io::Result<()> {
/// for address in block_on(mini_net::net::lookup_host("localhost:80"))? {
///     assert!(address.ip().is_loopback());
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// `InvalidInput` if there is no port in a string; the resolver's error if the name is unknown; the OS's if no
/// thread can be had.
///
/// # Cancel safety
///
/// Cancel safe: the lookup runs on, and its result is dropped.
pub async fn lookup_host<T: ToSocketAddrs>(host: T) -> io::Result<impl Iterator<Item = SocketAddr>> {
    Ok(resolve(host).await?.into_iter())
}

/// The addresses that `host` stands for.
pub(crate) async fn resolve<T: ToSocketAddrs>(host: T) -> io::Result<Vec<SocketAddr>> {
    match host.target()? {
        sealed::Target::Addresses(addresses) => Ok(addresses),
        sealed::Target::Name(name, port) => {
            let lookup =
                move || std::net::ToSocketAddrs::to_socket_addrs(&(&*name, port)).map(Iterator::collect);
            run_blocking(lookup).await?
        }
    }
}

/// Calls `attempt` with each address until one succeeds; the error of the last.
pub(crate) async fn try_each<T: ToSocketAddrs, R>(
    host: T,
    mut attempt: impl AsyncFnMut(SocketAddr) -> io::Result<R>,
) -> io::Result<R> {
    let mut last = None;
    for address in resolve(host).await? {
        match attempt(address).await {
            Ok(value) => return Ok(value),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(no_address))
}

/// Calls `attempt`, which does not wait, with each address until one succeeds; the error of the last.
///
/// For attempts that borrow: a future with an async closure that borrows cannot be shown to be Send.
pub(crate) fn try_now<R>(
    addresses: Vec<SocketAddr>,
    mut attempt: impl FnMut(SocketAddr) -> io::Result<R>,
) -> io::Result<R> {
    let mut last = None;
    for address in addresses {
        match attempt(address) {
            Ok(value) => return Ok(value),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(no_address))
}

fn no_address() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "the lookup gave no address to try")
}

/// What the seal hides.
mod sealed {
    use std::io;
    use std::net::SocketAddr;

    /// Addresses, or what to ask the resolver.
    #[derive(Debug)]
    pub enum Target {
        /// Known without a lookup.
        Addresses(Vec<SocketAddr>),
        /// A name and a port.
        Name(Box<str>, u16),
    }

    /// The hidden half of [`ToSocketAddrs`](super::ToSocketAddrs).
    pub trait Lookup {
        /// What this value stands for.
        fn target(&self) -> io::Result<Target>;
    }
}

use sealed::{Lookup, Target};

fn one(address: impl Into<SocketAddr>) -> io::Result<Target> {
    Ok(Target::Addresses(vec![address.into()]))
}

impl<T: Lookup + ?Sized> Lookup for &T {
    fn target(&self) -> io::Result<Target> {
        (**self).target()
    }
}

impl Lookup for SocketAddr {
    fn target(&self) -> io::Result<Target> {
        one(*self)
    }
}

impl Lookup for SocketAddrV4 {
    fn target(&self) -> io::Result<Target> {
        one(*self)
    }
}

impl Lookup for SocketAddrV6 {
    fn target(&self) -> io::Result<Target> {
        one(*self)
    }
}

impl Lookup for (IpAddr, u16) {
    fn target(&self) -> io::Result<Target> {
        one(*self)
    }
}

impl Lookup for (Ipv4Addr, u16) {
    fn target(&self) -> io::Result<Target> {
        one(*self)
    }
}

impl Lookup for (Ipv6Addr, u16) {
    fn target(&self) -> io::Result<Target> {
        one(*self)
    }
}

impl Lookup for [SocketAddr] {
    fn target(&self) -> io::Result<Target> {
        Ok(Target::Addresses(self.to_vec()))
    }
}

impl Lookup for (&str, u16) {
    fn target(&self) -> io::Result<Target> {
        let (host, port) = *self;
        match host.parse::<IpAddr>() {
            Ok(ip) => one((ip, port)),
            Err(_) => Ok(Target::Name(host.into(), port)),
        }
    }
}

impl Lookup for (String, u16) {
    fn target(&self) -> io::Result<Target> {
        (self.0.as_str(), self.1).target()
    }
}

impl Lookup for str {
    fn target(&self) -> io::Result<Target> {
        if let Ok(address) = self.parse::<SocketAddr>() {
            return one(address);
        }
        let (host, port) = self.rsplit_once(':').ok_or_else(|| no_port(self))?;
        let port = port.parse().map_err(|_| no_port(self))?;
        Ok(Target::Name(host.into(), port))
    }
}

impl Lookup for String {
    fn target(&self) -> io::Result<Target> {
        self.as_str().target()
    }
}

fn no_port(address: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        format!("{address:?} is not an address; write it as host:port, with a port of 0 to 65535"),
    )
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use futures::executor::block_on;

    #[test]
    fn literals_need_no_lookup() {
        for literal in ["127.0.0.1:1", "[::1]:1"] {
            assert!(matches!(literal.target(), Ok(Target::Addresses(_))), "{literal}");
        }
        assert!(matches!(("::1", 1).target(), Ok(Target::Addresses(_))));
        assert!(matches!(("localhost", 1).target(), Ok(Target::Name(..))));
    }

    #[test]
    fn an_address_without_a_port_says_how_to_write_it() {
        for wrong in ["localhost", "localhost:", "localhost:65536", "localhost:http"] {
            let error = block_on(resolve(wrong)).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
            assert!(error.to_string().contains("host:port"), "{error}");
        }
    }

    #[test]
    fn slices_are_tried_in_order_and_the_last_error_is_returned() {
        let addresses: Vec<SocketAddr> = vec!["127.0.0.1:1".parse().unwrap(), "127.0.0.1:2".parse().unwrap()];
        let mut tried = Vec::new();
        let error = block_on(try_each(&addresses[..], async |address: SocketAddr| {
            tried.push(address);
            Err::<(), _>(io::Error::other(address.port().to_string()))
        }))
        .unwrap_err();
        assert_eq!(tried, addresses);
        assert_eq!(error.to_string(), "2");
    }
}
