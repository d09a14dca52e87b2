//! Whether what goes to a host stays on this machine.

use std::net::IpAddr;

/// Whether what goes there stays on this machine.
pub(super) fn is_here(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}
