//! The socket options of a [`UdpSocket`].
//!
//! Each method is one system call; what an option means is the OS's.

use super::UdpSocket;
use socket2::SockRef;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};

impl UdpSocket {
    /// Whether it may send to broadcast addresses (`SO_BROADCAST`).
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// socket.set_broadcast(true)?;
    /// assert!(socket.broadcast()?);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn broadcast(&self) -> io::Result<bool> {
        self.registration.source().broadcast()
    }

    /// Lets it send to broadcast addresses, or not (the default).
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// socket.set_broadcast(true)?;
    /// assert!(socket.broadcast()?);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_broadcast(&self, is_on: bool) -> io::Result<()> {
        self.registration.source().set_broadcast(is_on)
    }

    /// Whether its own multicast packets come back to this host (`IP_MULTICAST_LOOP`).
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// socket.set_multicast_loop_v4(false)?;
    /// assert!(!socket.multicast_loop_v4()?);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn multicast_loop_v4(&self) -> io::Result<bool> {
        self.registration.source().multicast_loop_v4()
    }

    /// Lets its own multicast packets come back to this host (the default), or not.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// socket.set_multicast_loop_v4(false)?;
    /// assert!(!socket.multicast_loop_v4()?);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_multicast_loop_v4(&self, is_on: bool) -> io::Result<()> {
        self.registration.source().set_multicast_loop_v4(is_on)
    }

    /// How many routers its multicast packets may pass (`IP_MULTICAST_TTL`).
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// socket.set_multicast_ttl_v4(4)?;
    /// assert_eq!(socket.multicast_ttl_v4()?, 4);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn multicast_ttl_v4(&self) -> io::Result<u32> {
        self.registration.source().multicast_ttl_v4()
    }

    /// Sets how many routers its multicast packets may pass; 1, the default, keeps them in the local network.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// socket.set_multicast_ttl_v4(4)?;
    /// assert_eq!(socket.multicast_ttl_v4()?, 4);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_multicast_ttl_v4(&self, ttl: u32) -> io::Result<()> {
        self.registration.source().set_multicast_ttl_v4(ttl)
    }

    /// Whether its own IPv6 multicast packets come back to this host (`IPV6_MULTICAST_LOOP`).
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let Ok(socket) = UdpSocket::bind("[::1]:0").await else { return Ok(()) }; // no IPv6 here
    /// socket.set_multicast_loop_v6(false)?;
    /// assert!(!socket.multicast_loop_v6()?);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn multicast_loop_v6(&self) -> io::Result<bool> {
        self.registration.source().multicast_loop_v6()
    }

    /// Lets its own IPv6 multicast packets come back to this host (the default), or not.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let Ok(socket) = UdpSocket::bind("[::1]:0").await else { return Ok(()) }; // no IPv6 here
    /// socket.set_multicast_loop_v6(false)?;
    /// assert!(!socket.multicast_loop_v6()?);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_multicast_loop_v6(&self, is_on: bool) -> io::Result<()> {
        self.registration.source().set_multicast_loop_v6(is_on)
    }

    /// The time to live of its packets (`IP_TTL`).
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// socket.set_ttl(42)?;
    /// assert_eq!(socket.ttl()?, 42);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn ttl(&self) -> io::Result<u32> {
        self.registration.source().ttl()
    }

    /// Sets the time to live of its packets.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// socket.set_ttl(42)?;
    /// assert_eq!(socket.ttl()?, 42);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_ttl(&self, ttl: u32) -> io::Result<()> {
        self.registration.source().set_ttl(ttl)
    }

    /// The type of service of its IPv4 packets (`IP_TOS`).
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// socket.set_tos_v4(16)?;
    /// assert_eq!(socket.tos_v4()?, 16);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn tos_v4(&self) -> io::Result<u32> {
        SockRef::from(self.registration.source()).tos_v4()
    }

    /// Sets the type of service of its IPv4 packets.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// socket.set_tos_v4(16)?;
    /// assert_eq!(socket.tos_v4()?, 16);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_tos_v4(&self, tos: u32) -> io::Result<()> {
        SockRef::from(self.registration.source()).set_tos_v4(tos)
    }

    /// [`tos_v4`](Self::tos_v4) under its older name.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// #[allow(deprecated)]
    /// {
    ///     assert_eq!(socket.tos()?, socket.tos_v4()?);
    /// }
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    #[deprecated(note = "say `tos_v4`: IPv6 packets have `tclass_v6` instead")]
    pub fn tos(&self) -> io::Result<u32> {
        self.tos_v4()
    }

    /// [`set_tos_v4`](Self::set_tos_v4) under its older name.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// #[allow(deprecated)]
    /// {
    ///     socket.set_tos(16)?;
    /// }
    /// assert_eq!(socket.tos_v4()?, 16);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    #[deprecated(note = "say `set_tos_v4`: IPv6 packets have `set_tclass_v6` instead")]
    pub fn set_tos(&self, tos: u32) -> io::Result<()> {
        self.set_tos_v4(tos)
    }

    /// Receives what is sent to a multicast group, on the interface with this address; `UNSPECIFIED` lets the OS pick one.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// let group = "224.0.0.123".parse().unwrap();
    /// socket.join_multicast_v4(group, std::net::Ipv4Addr::LOCALHOST)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's; `AddrInUse` if it has joined already.
    pub fn join_multicast_v4(&self, group: Ipv4Addr, interface: Ipv4Addr) -> io::Result<()> {
        self.registration.source().join_multicast_v4(&group, &interface)
    }

    /// Ends [`join_multicast_v4`](Self::join_multicast_v4).
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// let group = "224.0.0.123".parse().unwrap();
    /// socket.join_multicast_v4(group, std::net::Ipv4Addr::LOCALHOST)?;
    /// socket.leave_multicast_v4(group, std::net::Ipv4Addr::LOCALHOST)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's; `AddrNotAvailable` if it has not joined.
    pub fn leave_multicast_v4(&self, group: Ipv4Addr, interface: Ipv4Addr) -> io::Result<()> {
        self.registration.source().leave_multicast_v4(&group, &interface)
    }

    /// Receives what is sent to an IPv6 multicast group, on the interface of this index; 0 lets the OS pick one.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let Ok(socket) = UdpSocket::bind("[::1]:0").await else { return Ok(()) }; // no IPv6 here
    /// let group = "ff02::123".parse().unwrap();
    /// if socket.join_multicast_v6(&group, 0).is_ok() {
    ///     println!("joined");
    /// }
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's; `AddrInUse` if it has joined already.
    pub fn join_multicast_v6(&self, group: &Ipv6Addr, interface: u32) -> io::Result<()> {
        self.registration.source().join_multicast_v6(group, interface)
    }

    /// Ends [`join_multicast_v6`](Self::join_multicast_v6).
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let Ok(socket) = UdpSocket::bind("[::1]:0").await else { return Ok(()) }; // no IPv6 here
    /// let group = "ff02::123".parse().unwrap();
    /// if socket.join_multicast_v6(&group, 0).is_ok() {
    ///     socket.leave_multicast_v6(&group, 0)?;
    /// }
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's; `AddrNotAvailable` if it has not joined.
    pub fn leave_multicast_v6(&self, group: &Ipv6Addr, interface: u32) -> io::Result<()> {
        self.registration.source().leave_multicast_v6(group, interface)
    }
}

/// Options that Linux alone has.
#[cfg(any(target_os = "linux", target_os = "android"))]
mod linux {
    use super::{SockRef, UdpSocket, io};

    impl UdpSocket {
        /// The traffic class of its IPv6 packets (`IPV6_TCLASS`).
        ///
        /// ```
        /// use mini_net::net::UdpSocket;
        ///
        /// # futures::executor::block_on(async {
        /// let Ok(socket) = UdpSocket::bind("[::1]:0").await else { return Ok(()) }; // no IPv6 here
        /// socket.set_tclass_v6(32)?;
        /// assert_eq!(socket.tclass_v6()?, 32);
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn tclass_v6(&self) -> io::Result<u32> {
            SockRef::from(self.registration.source()).tclass_v6()
        }

        /// Sets the traffic class of its IPv6 packets.
        ///
        /// ```
        /// use mini_net::net::UdpSocket;
        ///
        /// # futures::executor::block_on(async {
        /// let Ok(socket) = UdpSocket::bind("[::1]:0").await else { return Ok(()) }; // no IPv6 here
        /// socket.set_tclass_v6(32)?;
        /// assert_eq!(socket.tclass_v6()?, 32);
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn set_tclass_v6(&self, class: u32) -> io::Result<()> {
            SockRef::from(self.registration.source()).set_tclass_v6(class)
        }

        /// The network interface that it is bound to (`SO_BINDTODEVICE`).
        ///
        /// ```
        /// use mini_net::net::UdpSocket;
        ///
        /// # futures::executor::block_on(async {
        /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
        /// assert_eq!(socket.device()?, None);
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn device(&self) -> io::Result<Option<Vec<u8>>> {
            SockRef::from(self.registration.source()).device()
        }

        /// Binds it to a network interface, or to none.
        ///
        /// ```
        /// use mini_net::net::UdpSocket;
        ///
        /// # futures::executor::block_on(async {
        /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
        /// match socket.bind_device(Some(b"lo")) {
        ///     Ok(()) => assert_eq!(socket.device()?.as_deref(), Some(&b"lo"[..])),
        ///     Err(error) => println!("not allowed here: {error}"),
        /// }
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn bind_device(&self, interface: Option<&[u8]>) -> io::Result<()> {
            SockRef::from(self.registration.source()).bind_device(interface)
        }
    }
}
