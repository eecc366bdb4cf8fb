"""A TCP connection as packets: what somebody on an Ethernet between two hosts would have seen of it.

Standard     RFC 9293 §3.1, §3.4–6 (TCP), RFC 7323 §2.2 (window scale), RFC 791 §3.1 (IPv4), RFC 8200 §3, §8.1 (IPv6),
             RFC 894 (Ethernet), RFC 1071 (the checksum).
Left out     Whatever a network does to packets: nothing is lost, late or sent twice, and all is acknowledged at once.

A program that has a socket sees a stream of bytes, and not the packets that carried it. These are made from the bytes,
so that tools which read packets can read the stream.

>>> ends = {Role.CLIENT: Endpoint("192.0.2.1", 49152), Role.SERVER: Endpoint("192.0.2.2", 443)}
>>> connection = Segments(ends, initial_sequence_number=0)
>>> [len(packet) for packet in (*connection.opening(), *connection.carry(Role.CLIENT, bytes(2000)))]
[62, 62, 54, 1514, 594, 54]
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from handshake.registries.codes import Role

FIN, SYN, PSH, ACK = 0x01, 0x02, 0x08, 0x10  # RFC 9293 §3.1
PROTOCOL_TCP = 6
IPV4, IPV6 = 0x0800, 0x86DD  # EtherType
ETHERNET_MTU = 1500  # RFC 894
TCP_HEADER, IPV4_HEADER, IPV6_HEADER = 20, 20, 40
DO_NOT_FRAGMENT = 0x4000
HOPS = 64
WINDOW, WINDOW_SCALE = 0xFFFF, 7  # 8 MiB: more than is ever on its way
HARDWARE = {Role.CLIENT: bytes.fromhex("020000000001"), Role.SERVER: bytes.fromhex("020000000002")}
"""Ethernet addresses of nobody: the second bit says that they were given out locally."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One end of a TCP connection.

    host: an IPv4 or IPv6 address, as text; the zone of a link-local address may follow it. port: 0 to 65535.
    """

    host: str
    port: int

    @property
    def address(self) -> IPv4Address | IPv6Address:
        """The address; a `ValueError` if the host is not one."""
        return ip_address(self.host.partition("%")[0])


class Segments:
    """One TCP connection. The client is the end that opened it.

    ends: where both are; either by IPv4 or by IPv6, or else it is a `ValueError`.
    initial_sequence_number: of both, 0 to 2^32 - 1.
    """

    def __init__(self, ends: Mapping[Role, Endpoint], *, initial_sequence_number: int) -> None:
        self._ends = ends
        self._addresses = {role: ends[role].address for role in Role}
        versions = {address.version for address in self._addresses.values()}
        if len(versions) != 1:
            raise ValueError(f"{' and '.join(end.host for end in ends.values())} are not of one version of IP")
        self._is_ipv4 = versions == {4}
        self._next = dict.fromkeys(Role, initial_sequence_number)
        self._ended: set[Role] = set()
        self._mss = ETHERNET_MTU - TCP_HEADER - (IPV4_HEADER if self._is_ipv4 else IPV6_HEADER)

    def opening(self) -> Iterator[bytes]:
        """Return the packets that open the connection (RFC 9293 §3.5)."""
        yield self._packet(Role.CLIENT, SYN, options=self._offers())
        yield self._packet(Role.SERVER, SYN | ACK, options=self._offers())
        yield self._packet(Role.CLIENT, ACK)

    def carry(self, sender: Role, data: bytes) -> Iterator[bytes]:
        """Return the packets that carry what one side sends, and the one that acknowledges it (RFC 9293 §3.8).

        data: `b""` says that it sends no more (RFC 9293 §3.6); nothing is carried after that.
        """
        if sender in self._ended:
            return
        if not data:
            self._ended.add(sender)
            yield self._packet(sender, FIN | ACK)
        for start in range(0, len(data), self._mss):
            is_last = start + self._mss >= len(data)
            yield self._packet(sender, ACK | (PSH if is_last else 0), data[start : start + self._mss])
        yield self._packet(sender.peer, ACK)

    def _offers(self) -> bytes:
        """Return the options of a SYN: the largest segment (RFC 9293 §3.7.1) and the scale of the window."""
        return struct.pack(">BBHBBBB", 2, 4, self._mss, 3, 3, WINDOW_SCALE, 0)

    def _packet(self, sender: Role, flags: int, data: bytes = b"", *, options: bytes = b"") -> bytes:
        """Return one packet, and count it: SYN and FIN take a sequence number, as each byte does (RFC 9293 §3.4)."""
        segment = self._tcp(sender, flags, data, options)
        self._next[sender] = (self._next[sender] + len(data) + bool(flags & (SYN | FIN))) % 2**32
        header = self._ipv4(sender, len(segment)) if self._is_ipv4 else self._ipv6(sender, len(segment))
        ethernet = HARDWARE[sender.peer] + HARDWARE[sender] + struct.pack(">H", IPV4 if self._is_ipv4 else IPV6)
        return ethernet + header + segment

    def _tcp(self, sender: Role, flags: int, data: bytes, options: bytes) -> bytes:
        """RFC 9293 §3.1."""
        header = struct.pack(
            ">HHIIBBHHH",
            self._ends[sender].port,
            self._ends[sender.peer].port,
            self._next[sender],
            self._next[sender.peer] if flags & ACK else 0,
            (TCP_HEADER + len(options)) // 4 << 4,
            flags,
            WINDOW,
            0,  # where the checksum goes
            0,
        )
        segment = header + options + data
        source, destination = self._addresses[sender].packed, self._addresses[sender.peer].packed
        if self._is_ipv4:
            pseudo_header = source + destination + struct.pack(">BBH", 0, PROTOCOL_TCP, len(segment))
        else:  # RFC 8200 §8.1
            pseudo_header = source + destination + struct.pack(">IHBB", len(segment), 0, 0, PROTOCOL_TCP)
        return segment[:16] + checksum(pseudo_header + segment) + segment[18:]

    def _ipv4(self, sender: Role, length: int) -> bytes:
        """RFC 791 §3.1: version 4, five words, and no identification, as nothing may be fragmented (RFC 6864 §4.1)."""
        before = struct.pack(">BBHHHBB", 0x45, 0, IPV4_HEADER + length, 0, DO_NOT_FRAGMENT, HOPS, PROTOCOL_TCP)
        after = self._addresses[sender].packed + self._addresses[sender.peer].packed
        return before + checksum(before + after) + after

    def _ipv6(self, sender: Role, length: int) -> bytes:
        """RFC 8200 §3: version 6, no traffic class and no flow label."""
        before = struct.pack(">IHBB", 6 << 28, length, PROTOCOL_TCP, HOPS)
        return before + self._addresses[sender].packed + self._addresses[sender.peer].packed


def checksum(data: bytes) -> bytes:
    """Return the complement of the ones' complement sum of the 16-bit words of `data`, two bytes (RFC 1071 §1).

    That sum is the remainder modulo 2^16 - 1, as 2^16 is 1 there. Its zero is written 0xFFFF unless all words are zero,
    which those of a header never are.

    >>> checksum(bytes.fromhex("0001f203f4f5f6f7")).hex()  # RFC 1071 §3: the sum is ddf2
    '220d'
    """
    words = data + bytes(len(data) % 2)
    return (0xFFFF - (int.from_bytes(words, "big") % 0xFFFF or 0xFFFF)).to_bytes(2, "big")
