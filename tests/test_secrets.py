"""What a source's secrets are sent to, and that they are shown nowhere."""

import asyncio
import datetime as dt
import ipaddress
import json
import queue
import re
import sqlite3
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from loopback import CommandLine, Reply, Server, serving
from newsroom import FEED, HTML, article, feed
from timeline import Timeline

from pressclip.redaction import identified, published, redacted
from spiders.guards.tunnel import Tunnel

#: Where the store keeps addresses whole, because they are asked for again.
WHOLE = {
    "sources.url", "sources.asked_url", "entries.guid", "entries.url", "entries.entry", "pages.url", "pages.final_url",
}  # fmt: skip
KEYS = """
headers = { X-Token = "${WIRE_TOKEN}", Accept-Language = "en" }
cookies = { session = "${WIRE_COOKIE}" }
auth = "desk:${WIRE_PASSWORD}"
"""
SECRETS = {"WIRE_TOKEN": "s3cret-token", "WIRE_COOKIE": "s3cret-cookie", "WIRE_PASSWORD": "s3cret-password"}
BASIC = "Basic ZGVzazpzM2NyZXQtcGFzc3dvcmQ="


def write(folder: Path, url: str, keys: str = "", *, allow: str = "127.0.0.0/8", homepage: str = "") -> None:
    (folder / "sources.toml").write_text(
        f'[crawl]\nallow_hosts = ["{allow}"]\ndelay = 0\nworkers = 1\n'
        f'[[source]]\nname = "wire0"\nfeed = "{url}"\n{keys}\n'
        + (f'homepage = "{homepage}"\n' if homepage else "")
    )


def linking(*addresses: str) -> Reply:
    items = "".join(
        f"<item><title>Report {n}</title><link>{url}</link></item>" for n, url in enumerate(addresses)
    )
    body = f'<rss version="2.0"><channel><title>Wire</title>{items}</channel></rss>'
    return Reply(body.replace("&", "&amp;").encode(), headers={"Content-Type": FEED})


def page(number: int) -> Reply:
    return Reply(article(number), headers={"Content-Type": HTML})


def test_c06_a_crawl_shows_no_secret_anywhere(
    server: Server, wire: Server, pressclip: CommandLine, tmp_path: Path
) -> None:
    server.replies["/feed.xml?key=s3cret-key"] = linking(
        f"{server.base}/1?token=s3cret-one", f"{server.base}/2?apikey=s3cret-two", f"{wire.base}/3",
        f"{server.base}/4?access_token=s3cret-four",
    )  # fmt: skip
    server.replies["/1?token=s3cret-one"] = page(1)
    server.replies["/2?apikey=s3cret-two"] = Reply(status=500)
    server.replies["/4?access_token=s3cret-four"] = Reply(
        status=302, headers={"Location": f"{wire.base}/4?access_token=s3cret-four"}
    )
    wire.replies["/3"], wire.replies["/4?access_token=s3cret-four"] = page(3), page(4)
    write(tmp_path, f"{server.base}/feed.xml?key=s3cret-key", KEYS)
    runs = [
        pressclip(*words, **SECRETS)
        for words in (
            ("-vv", "crawl", "--json"), ("status",), ("status", "--json"), ("sources", "list"),
            ("sources", "list", "--json"), ("list",), ("export", "--format", "jsonl"),
        )
    ]  # fmt: skip
    assert json.loads(runs[0].stdout)["totals"] == {
        "new": 3, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 1, "waiting": 0,
    }  # fmt: skip
    assert "/feed.xml?key=***" in runs[0].stderr
    shown = "\n".join(run.stdout + run.stderr for run in runs)
    assert re.findall(r".*s3cret.*|.*ZGVzazpz.*", shown) == []
    # To its own host all, to another host nothing, whether the feed or a redirect leads there.
    for asked in server.log:
        if asked.path != "/robots.txt":
            assert asked.headers["x-token"] == "s3cret-token"
            assert asked.headers["cookie"] == "session=s3cret-cookie"
            assert asked.headers["authorization"] == BASIC
    assert {asked.path for asked in wire.log} >= {"/3", "/4?access_token=s3cret-four"}
    assert not any({"x-token", "cookie", "authorization"} & set(asked.headers) for asked in wire.log)
    assert places_of("s3cret", tmp_path / "news.db") <= WHOLE


def test_c06_no_command_that_fails_quotes_the_secret_in_an_address(
    server: Server, pressclip: CommandLine, tmp_path: Path
) -> None:
    address = f"{server.base}/feed.xml?api_key=s3cret-key"
    write(tmp_path, address)
    (tmp_path / "nothing.html").write_text("<p></p>")
    typed = f"{server.base}/1?token=s3cret-key"
    runs = [
        pressclip(*words)
        for words in (
            ("sources", "add", typed), ("sources", "add", address), ("sources", "add", "http://me:s3cret-key@a.example/"),
            ("extract", typed), ("extract", "nothing.html", "--url", typed), ("extract", typed, typed), ("add", typed),
            ("add", "--html", "nothing.html", "--url", typed), ("add", "ftp://a.example/?token=s3cret-key"),
        )
    ]  # fmt: skip
    assert [run.returncode for run in runs if run.returncode not in {1, 2}] == []
    assert [run.stderr for run in runs if "s3cret" in run.stdout + run.stderr] == []


CRASH = """
from pressclip import cli

@cli.cli.command()
def crash():
    raise ZeroDivisionError("at https://me:s3cret@a.example/?token=s3cret")

cli.main()
"""


def test_c06_no_crash_quotes_the_secret_in_an_address(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASH, "crash"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "ZeroDivisionError: at https://***@a.example/?token=***" in done.stderr
    assert "s3cret" not in done.stderr


def test_c06_a_list_for_other_readers_that_holds_secrets_says_so(
    pressclip: CommandLine, tmp_path: Path
) -> None:
    write(tmp_path, "https://a.example/feed?token=s3cret")
    done = pressclip("sources", "export")
    assert (done.returncode, "token=s3cret" in done.stdout) == (0, True)  # they must be able to read it
    assert done.stderr == "1 of the addresses hold a secret: keep this list to yourself\n"


def places_of(word: str, db: Path) -> set[str]:
    """Name the columns of a store that hold a word."""
    conn = sqlite3.connect(db)
    try:
        tables = [
            name
            for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if "_fts" not in name
        ]
        return {
            f"{table}.{column[1]}"
            for table in tables
            for column in conn.execute(f"PRAGMA table_info({table})").fetchall()
            if column[1] != "body"
            and conn.execute(
                f"SELECT 1 FROM {table} WHERE {column[1]} LIKE ?",  # noqa: S608 - names of our own
                [f"%{word}%"],
            ).fetchone()
        }
    finally:
        conn.close()


def test_a_source_s_homepage_and_hosts_below_it_are_its_own() -> None:
    from pressclip.models import Source
    from spiders import belongings

    source = Source(
        name="a", kind="feed", url="https://feeds.example/a", homepage="https://www.a.example/", auth="me:pw"
    )
    sent = {
        url: bool(belongings.of(source, url).headers)
        for url in (
            "https://feeds.example/a", "https://a.example/1", "https://www.a.example/1", "https://blog.a.example/1",
            "https://a.example:8443/1", "http://a.example/1", "https://b.example/1", "https://a.example.evil/1",
        )
    }  # fmt: skip
    assert [url for url, secret in sent.items() if secret] == [
        "https://feeds.example/a", "https://a.example/1", "https://www.a.example/1", "https://blog.a.example/1",
    ]  # fmt: skip


@pytest.fixture
def self_signed(tmp_path: Path) -> Iterator[Server]:
    """Serve over TLS with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    day = dt.timedelta(days=1)
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - day).not_valid_after(now + day)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path / "tls.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with serving(tls=context) as site:
        yield site


def test_n14_a_certificate_that_nobody_vouches_for_is_refused_unless_the_source_says_otherwise(
    self_signed: Server, timeline: Timeline
) -> None:
    self_signed.replies["/feed.xml"] = linking(f"{self_signed.base}/1")
    self_signed.replies["/1"] = page(1)
    write(timeline.folder, f"{self_signed.base}/feed.xml")
    assert timeline.crawl()["results"]["wire0"]["poll_reason"] == "tls"
    assert self_signed.paths() == []
    write(timeline.folder, f"{self_signed.base}/feed.xml", "insecure = true")
    report = timeline.crawl("wire0", minutes=240)["results"]["wire0"]
    assert report["new"] == 1
    assert report["reasons"] == {"insecure: certificates are not checked": 1}


def test_a_proxy_is_used_for_all_requests_of_its_source(
    server: Server, wire: Server, timeline: Timeline
) -> None:
    server.replies[f"{wire.base}/feed.xml"] = linking(f"{wire.base}/1")
    server.replies[f"{wire.base}/1"] = page(1)
    proxy = server.base.replace("http://", "http://desk:pw@")
    write(timeline.folder, f"{wire.base}/feed.xml", f'proxy = "{proxy}"')
    assert timeline.crawl()["results"]["wire0"]["new"] == 1
    assert wire.log == []
    assert {asked.path for asked in server.log} == {
        f"{wire.base}{path}" for path in ("/feed.xml", "/robots.txt", "/1")
    }
    assert {asked.headers["proxy-authorization"] for asked in server.log} == {"Basic ZGVzazpwdw=="}


@pytest.fixture
def tunnel() -> Iterator[str]:
    """Run a proxy that wants a password, and connects what it is asked for; give its address."""
    way, told, over = Tunnel(("127.0.0.0/8",)), queue.Queue[str](), threading.Event()

    async def serve() -> None:
        told.put(await way.open())
        await asyncio.to_thread(over.wait)
        way.close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    yield told.get(timeout=60).replace("://", f"://{way.user}:{way.password}@")
    over.set()
    thread.join()


def test_an_encrypted_site_is_reached_through_a_proxy_s_tunnel(
    self_signed: Server, tunnel: str, timeline: Timeline
) -> None:
    self_signed.replies["/feed.xml"] = linking(f"{self_signed.base}/1")
    self_signed.replies["/1"] = page(1)
    keys = f'proxy = "{tunnel}"\nauth = "desk:s3cret-password"'
    write(timeline.folder, f"{self_signed.base}/feed.xml", keys)
    assert timeline.crawl()["results"]["wire0"]["poll_reason"] == "tls"
    write(timeline.folder, f"{self_signed.base}/feed.xml", f"{keys}\ninsecure = true")
    assert timeline.crawl("wire0", minutes=240)["results"]["wire0"]["new"] == 1
    assert self_signed.paths() == ["/feed.xml", "/1"]
    assert all(
        asked.headers["authorization"] == BASIC for asked in self_signed.log if asked.path != "/robots.txt"
    )
    assert not any("proxy-authorization" in asked.headers for asked in self_signed.log)


@pytest.mark.parametrize("allow", ["127.0.0.1", "127.0.0.2"], ids=["private target", "private proxy"])
def test_a_proxy_opens_no_private_address(
    server: Server, wire: Server, timeline: Timeline, allow: str
) -> None:
    server.replies[f"{wire.base}/feed.xml"] = Reply(feed(wire.base, range(1)), headers={"Content-Type": FEED})
    write(timeline.folder, f"{wire.base}/feed.xml", f'proxy = "{server.base}"', allow=allow)
    refused = {"127.0.0.1": "127.0.0.2", "127.0.0.2": "127.0.0.1"}[allow]
    assert timeline.crawl()["results"]["wire0"]["poll_reason"] == f"blocked_address: {refused} is {refused}"
    assert (server.log, wire.log) == ([], [])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://a.example/?Key=abc&x=1", "https://a.example/?Key=***&x=1"),
        ("https://a.example/?x-api-key=abc#a", "https://a.example/?x-api-key=***#a"),
        ("https://a.example/?feed_token=1a2b&sig=ff", "https://a.example/?feed_token=***&sig=***"),
        ("https://a.example/?monkey=banana&tokens=3a", "https://a.example/?monkey=banana&tokens=3a"),
        ("http://me:p@w@a.example/", "http://***@a.example/"),
        ("mail me@a.example", "mail me@a.example"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_secrets_in_addresses(text: str, shown: str) -> None:
    assert redacted(text) == shown
    assert redacted(shown) == shown


def test_what_may_name_an_article_stays_in_its_address() -> None:
    url = "https://a.example/news?key=tea-party&sid=a1&token=abc"
    assert published(url) == "https://a.example/news?key=tea-party&sid=a1&token=***"
    assert identified(url) != identified(url.replace("abc", "xyz"))
    assert "abc" not in identified(url)
