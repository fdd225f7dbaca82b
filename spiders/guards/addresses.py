"""Which addresses may be reached: public ones, and those that the user allowed by name.

The check stands where the connection is made. A name is judged by the address it resolves to, at the moment
it is resolved for connecting, so a name that answers differently the second time gains nothing; an address
written as a number goes the same way. Without settings nothing private is reached: the door opens only when
a crawl tells the resolver what sources.toml allows.

A proxy connects where our resolver does not look. So for a source that has one, both its address and the one asked
for are resolved here first, and one private address is enough to refuse; a name that only the proxy knows is its affair.
"""

import asyncio
import re
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver
from zope.interface.declarations import provider

from pressclip.source_keys import is_allowed

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

_NAME = re.compile(r"[\w.-]+")
_PATIENCE = 20.0  # seconds to resolve a name
_NAT64 = IPv6Network("64:ff9b::/96")
_TEREDO = IPv6Network("2001::/32")
#: Private too, though Python (or an older one) says otherwise.
_PRIVATE = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # protocol assignments; 192.0.0.192 tells the secrets of Oracle's machines
            "168.63.129.16/32",  # the same for Azure's
            "192.88.99.0/24",  # what leads into 6to4
            "fec0::/10",  # site-local, before fc00::/7 took its place
            "3fff::/20",  # documentation
        ),
    )
)


class BlockedAddressError(IgnoreRequest):
    """A request was refused before a connection was opened; the message names host and address."""


def is_public(address: str) -> bool:
    """Whether an address (without scope) is one that strangers may send us to.

    An address that carries another inside (IPv4-mapped, NAT64, 6to4) is judged by what it carries too.

    >>> [is_public(a) for a in ("93.184.216.34", "2606:4700::6810:84e5", "::ffff:93.184.216.34")]
    [True, True, True]
    >>> [
    ...     is_public(a)
    ...     for a in ("127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1")
    ... ]
    [False, False, False, False, False, False]
    >>> [
    ...     is_public(a)
    ...     for a in ("::1", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1")
    ... ]
    [False, False, False, False, False, False]
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    carried = _carried(parsed)
    if carried is not None:
        return is_public(str(carried))
    if any(parsed in network for network in _PRIVATE):
        return False
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


def _carried(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _TEREDO:
        return IPv4Address("0.0.0.0")  # noqa: S104 - no place to bind to: a tunnel's end is never public to us
    return address.ipv4_mapped or address.sixtofour


def may_connect(host: str, address: str, allowed: tuple[str, ...]) -> bool:
    """Whether `host`, resolved to `address`, is public or was allowed by name, address or network.

    >>> may_connect("other.example", "10.0.0.7", ("intranet.example", "127.77.0.0/16"))
    False
    >>> (
    ...     may_connect("Intranet.Example.", "10.0.0.7", ("intranet.example",)),
    ...     may_connect("a", "127.77.3.4", ("127.77.0.0/16",)),
    ... )
    (True, True)
    """
    return is_public(address) or is_allowed(host, allowed) or is_allowed(address, allowed)


def is_host(name: str) -> bool:
    r"""Whether something is a name or an address that can be asked for: others raise deep in what resolves and connects.

    >>> [is_host(name) for name in ("a.example", "例え.jp", "a_b.example.", "127.1", "fe80::1%eth0")]
    [True, True, True, True, True]
    >>> [is_host(name) for name in ("", ".", "a..b", "a" * 64 + ".example", "10.0.0.1 ", "a%00b", "a\x1b")]
    [False, False, False, False, False, False, False]
    """
    if ":" in name:
        return True  # IPv6: nothing else may hold a colon
    try:
        return bool(_NAME.fullmatch(name) and name.encode("idna"))
    except UnicodeError:
        return False


@provider(IResolutionReceiver)
class _Sieve:
    """Passes on the addresses that may be connected; notes the others."""

    def __init__(self, receiver: Any, host: str, resolver: "GuardedResolver") -> None:
        self._receiver, self._host, self._resolver = receiver, host, resolver

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802 - Twisted's interface
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802 - Twisted's interface
        if may_connect(self._host, address.host, self._resolver.allowed):
            self._receiver.addressResolved(address)
        else:
            self._resolver.refused[self._host] = address.host

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's interface
        self._receiver.resolutionComplete()


class GuardedResolver(CachingHostnameResolver):
    """Resolves IPv4 and IPv6 names and addresses, and hides those that must not be connected."""

    def __init__(self, reactor: Any, cache_size: int) -> None:
        super().__init__(reactor, cache_size)
        self.allowed: tuple[str, ...] = ()
        self.refused: dict[str, str] = {}  # host -> address, for the reason that is stored

    def resolveHostName(  # noqa: N802 - Twisted's interface
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803 - Twisted's interface
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """Resolve `hostName`; see `IHostnameResolver`."""
        sieve: Any = _Sieve(resolutionReceiver, hostName, self)
        return super().resolveHostName(sieve, hostName, portNumber, addressTypes, transportSemantics)


class AddressGuard:
    """Downloader middleware: other schemes than http(s) are refused, and a refused address gets its name."""

    def __init__(self, resolver: GuardedResolver) -> None:
        self._resolver = resolver

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Tell the reactor's resolver what this crawl allows. Refuses to run beside any other resolver."""
        from twisted.internet import reactor

        resolver: object = getattr(reactor, "nameResolver", None)
        if not isinstance(resolver, GuardedResolver):
            msg = "the address guard is not installed: TWISTED_DNS_RESOLVER must be GuardedResolver"
            raise TypeError(msg)
        resolver.allowed = tuple(crawler.settings.getlist("PRESSCLIP_ALLOW_HOSTS"))
        return cls(resolver)

    async def process_request(self, request: "Request") -> None:
        """Refuse what is no web address, and what a proxy must not be asked for."""
        parts = urlsplit(request.url)
        if parts.scheme not in {"http", "https"}:
            msg = f"bad_scheme: {parts.scheme}"
            raise BlockedAddressError(msg)
        if "@" in parts.netloc or not is_host(parts.hostname or ""):
            msg = f"bad_url: {parts.hostname or 'no host'} is not asked"
            raise BlockedAddressError(msg)
        if through := request.meta.get("proxy"):
            for url in (through, request.url):
                await self._judge(urlsplit(url).hostname or "")

    async def _judge(self, host: str) -> None:
        """Refuse a host that has an address which must not be connected."""
        loop = asyncio.get_running_loop()
        try:
            found = await asyncio.wait_for(loop.getaddrinfo(host, None, type=socket.SOCK_STREAM), _PATIENCE)
        except (OSError, TimeoutError, UnicodeError):
            return
        for _, _, _, _, place in found:
            if not may_connect(host, str(place[0]), self._resolver.allowed):
                msg = f"blocked_address: {host} is {place[0]}"
                raise BlockedAddressError(msg)

    def process_exception(self, request: "Request", exception: Exception) -> None:
        """Say `blocked_address` where the resolver found only addresses that must not be connected."""
        host = urlsplit(request.url).hostname or ""
        if isinstance(exception, CannotResolveHostError) and host in self._resolver.refused:
            msg = f"blocked_address: {host} is {self._resolver.refused[host]}"
            raise BlockedAddressError(msg)
