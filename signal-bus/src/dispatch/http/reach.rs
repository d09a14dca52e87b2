//! Which addresses may be connected to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::network::Network;

/// Which addresses may be connected to: public ones, and networks that are allowed by name.
///
/// Private, loopback, link-local and otherwise special addresses are refused, as IANA's registries of
/// special-purpose addresses list them (RFC 6890 and later), also where they are written as IPv6 ones
/// (mapped, NAT64). It is the address that is about to be connected to that is judged, not the name: what a
/// name stood for before does not matter. A name is refused whole where any of its addresses is.
///
/// ```
/// use enact_signal_bus::dispatch::http::Reach;
///
/// let reach = Reach::public().allow("127.0.0.1".parse()?);
/// assert!(reach.admits("127.0.0.1".parse()?));
/// assert!(!reach.admits("127.0.0.2".parse()?));
/// assert!(!reach.admits("::ffff:169.254.169.254".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    allowed: Vec<Network>,
}

/// Special-purpose IPv4 addresses: IANA's registry, multicast and the reserved ones.
const SPECIAL_V4: [Network; 16] = [
    Network::v4(0, 0, 0, 0, 8),
    Network::v4(10, 0, 0, 0, 8),
    Network::v4(100, 64, 0, 0, 10),
    Network::v4(127, 0, 0, 0, 8),
    Network::v4(168, 63, 129, 16, 32),
    Network::v4(169, 254, 0, 0, 16),
    Network::v4(172, 16, 0, 0, 12),
    Network::v4(192, 0, 0, 0, 24),
    Network::v4(192, 0, 2, 0, 24),
    Network::v4(192, 88, 99, 0, 24),
    Network::v4(192, 168, 0, 0, 16),
    Network::v4(198, 18, 0, 0, 15),
    Network::v4(198, 51, 100, 0, 24),
    Network::v4(203, 0, 113, 0, 24),
    Network::v4(224, 0, 0, 0, 4),
    Network::v4(240, 0, 0, 0, 4),
];

/// All global unicast addresses of IPv6 lie here.
const GLOBAL_V6: Network = Network::v6(0x2000, 0, 0, 3);

/// What of them is special: protocol assignments with Teredo, documentation, and 6to4.
const SPECIAL_V6: [Network; 4] = [
    Network::v6(0x2001, 0, 0, 23),
    Network::v6(0x2001, 0xdb8, 0, 32),
    Network::v6(0x2002, 0, 0, 16),
    Network::v6(0x3fff, 0, 0, 20),
];

/// IPv4 addresses as a NAT64 shows them, RFC 6052.
const NAT64: Network = Network::v6(0x64, 0xff9b, 0, 96);

impl Reach {
    /// Public addresses alone.
    pub fn public() -> Self {
        Self::default()
    }

    /// That network too, whatever is in it: for receivers in the house, and for tests.
    #[must_use]
    pub fn allow(mut self, network: Network) -> Self {
        self.allowed.push(network);
        self
    }

    /// Whether an address may be connected to.
    pub fn admits(&self, address: IpAddr) -> bool {
        let allowed = |network: &Network| network.contains(address);
        self.allowed.iter().any(allowed) || is_public(address)
    }
}

fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let address = IpAddr::V4(address);
    !SPECIAL_V4.iter().any(|network| network.contains(address))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [.., a, b, c, d] = address.octets();
    let address = IpAddr::V6(address);
    if NAT64.contains(address) {
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    let special = SPECIAL_V6.iter().any(|network| network.contains(address));
    GLOBAL_V6.contains(address) && !special
}

#[cfg(test)]
mod tests {
    use super::Reach;

    /// An address of each range: its first, its last.
    const REFUSED: [&str; 44] = [
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.255",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fe80::1",
        "ff02::1",
    ];

    const ADMITTED: [&str; 15] = [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1",
        "2606:4700:4700::1111",
    ];

    #[test]
    fn special_addresses_are_refused_and_their_neighbours_are_not() {
        let admits = |text: &&str| Reach::public().admits(text.parse().unwrap());
        let wrong: Vec<_> = REFUSED.iter().copied().filter(admits).collect();
        assert!(wrong.is_empty(), "admitted: {wrong:?}");
        let wrong: Vec<_> = ADMITTED.iter().filter(|text| !admits(text)).collect();
        assert!(wrong.is_empty(), "refused: {wrong:?}");
    }

    #[test]
    fn a_network_that_is_allowed_counts_however_its_address_is_written() {
        let reach = Reach::public().allow("10.1.0.0/16".parse().unwrap());
        assert!(reach.admits("::ffff:10.1.2.3".parse().unwrap()));
        assert!(!reach.admits("10.2.0.1".parse().unwrap()));
        assert!(!reach.admits("64:ff9b::10.1.2.3".parse().unwrap()));
        let all = Reach::public().allow("0.0.0.0/0".parse().unwrap());
        assert!(all.admits("127.0.0.1".parse().unwrap()));
        assert!(!all.admits("::1".parse().unwrap()));
    }
}
