"""Names and addresses that lead inside: what is connected is what was judged."""

import asyncio
import socket
from typing import Any, cast

import pytest
from loopback import Reply, Server
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.interfaces import IReactorPluggableNameResolver
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock
from zope.interface.declarations import implementer

from spiders.guards.addresses import GuardedResolver, is_public
from spiders.guards.tunnel import Tunnel

PUBLIC = ("93.184.216.34", "2606:4700::6810:84e5")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.0.192", "168.63.129.16", "192.88.99.1",
        "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1",
        "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:7f00:1::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0",
        "fec0::1", "ff02::1", "ff0e::1", "100::1", "2001:db8::1", "3fff::1", "", "localhost", "127.1",
    ],
)  # fmt: skip
def test_n01_n03_no_private_address_is_public_in_whatever_it_is_wrapped(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [*PUBLIC, "1.1.1.1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"])
def test_n03_a_public_address_stays_one_in_whatever_it_is_wrapped(address: str) -> None:
    assert is_public(address)


class Names:
    """DNS of somebody who answers differently each time."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self._answers = list(answers)

    def resolveHostName(  # noqa: N802 - Twisted's interface
        self, receiver: Any, _name: str, port: int = 0, *_: object
    ) -> Any:
        receiver.resolutionBegan(None)
        for address in self._answers.pop(0):
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()
        return receiver


@implementer(IReactorPluggableNameResolver)
class Reactor(MemoryReactorClock):
    """Twisted's reactor for tests: it notes what would be connected."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # Twisted's
        self.nameResolver: Any = Names(*answers)

    def installNameResolver(self, resolver: Any) -> Any:  # noqa: N802 - Twisted's interface
        self.nameResolver = resolver
        return resolver


def connected(reactor: Reactor, name: str, *, cache: int) -> tuple[list[str], GuardedResolver]:
    """Connect to a name three times, as the downloader does; the addresses that were tried."""
    resolver = GuardedResolver(reactor, cache)
    resolver.install_on_reactor()
    failures: list[object] = []
    for _ in range(3):
        endpoint = HostnameEndpoint(reactor, name.encode(), 80)
        endpoint.connect(cast("Any", Factory())).addErrback(failures.append)
        for _ in range(10):
            reactor.advance(1)
    return [host for host, *_ in reactor.tcpClients], resolver


def test_n05_a_name_that_leads_inside_the_second_time_is_not_followed_there() -> None:
    reactor = Reactor(("93.184.216.34",), ("127.0.0.1",), ("::ffff:10.0.0.1", "169.254.169.254"))
    tried, resolver = connected(reactor, "rebind-1.example", cache=0)
    assert set(tried) == {"93.184.216.34"}
    assert resolver.refused["rebind-1.example"] == "169.254.169.254"


def test_n05_of_many_addresses_the_private_ones_are_never_tried() -> None:
    inside = ("10.0.0.1", "93.184.216.34", "fd00::1", "2606:4700::6810:84e5", "127.0.0.1")
    tried, _ = connected(Reactor(inside, inside, inside), "rebind-2.example", cache=0)
    assert set(tried) == set(PUBLIC)


def test_n05_an_answer_that_is_recalled_is_judged_again() -> None:
    tried, _ = connected(Reactor(("127.0.0.1", "93.184.216.34")), "rebind-3.example", cache=100)
    assert set(tried) == {"93.184.216.34"}


def test_n05_a_browser_s_way_out_connects_to_the_address_that_it_judged(server: Server) -> None:
    server.replies["/"] = Reply(b"inside")
    port = int(server.base.rpartition(":")[2])
    answers = [["127.0.0.1"], ["10.0.0.1", "127.0.0.1"], ["192.168.0.1"]]
    asked: list[str] = []

    class Loop(asyncio.SelectorEventLoop):
        async def getaddrinfo(self, host: Any, port: Any, **_: Any) -> Any:
            if host != "rebind.example":
                return await super().getaddrinfo(host, port, type=socket.SOCK_STREAM)
            asked.append(host)
            return [
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answers.pop(0)
            ]

    async def talk() -> tuple[list[bool], list[tuple[str, str]]]:
        tunnel, reached = Tunnel(("127.0.0.1",)), []
        for _ in range(3):
            found = await tunnel._connect("rebind.example", port)
            reached.append(found is not None)
            if found:
                found[1].close()
        return reached, tunnel.refused

    with asyncio.Runner(loop_factory=Loop) as runner:
        reached, refused = runner.run(talk())
    assert reached == [True, True, False]
    assert [address for _, address in refused] == ["10.0.0.1", "192.168.0.1"]
    assert len(asked) == 3  # once a connection: what is judged is what is connected
