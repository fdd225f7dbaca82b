"""Pages that need a browser, in a real one; and the browser's way out, over real sockets."""

import asyncio
import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from loopback import CommandLine, Reply, Server

from spiders.guards.tunnel import Tunnel

STORY = [f"山あいの町で、雪の冷たさを使う小さな倉庫が{n}棟目の扉を開けた。夏まで雪が残る。" for n in range(6)]

SHELL = """<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>雪の倉庫</title></head>
<body><div id="root"></div><script>
fetch("/story.json").then(answer => answer.json()).then(lines => {
  document.getElementById("root").innerHTML =
    "<article><h1>雪の倉庫</h1>" + lines.map(line => "<p>" + line + "</p>").join("") + "</article>";
});
%s
</script></body></html>"""


def _site(wire: Server, script: str = "", **pages: Reply | Callable[..., Reply]) -> None:
    """Serve a feed of one page, drawn by its script, and other pages by their names."""
    item = f"<item><title>雪の倉庫</title><link>{wire.base}/a</link></item>"
    wire.replies["/feed"] = Reply(
        f'<rss version="2.0"><channel><title>w</title>{item}</channel></rss>'.encode()
    )
    wire.replies["/a"] = Reply(
        (SHELL % script).encode(), headers={"Content-Type": "text/html; charset=utf-8"}
    )
    wire.replies["/story.json"] = Reply(
        json.dumps(STORY).encode(), headers={"Content-Type": "application/json"}
    )
    wire.replies |= {f"/{name}": page for name, page in pages.items()}


def _configure(folder: Path, wire: Server, crawl: str = "") -> None:
    (folder / "sources.toml").write_text(
        f'[crawl]\nallow_hosts = ["127.0.0.2"]\ndelay = 0\n{crawl}\n'
        f'[[source]]\nname = "wire"\nfeed = "{wire.base}/feed"\nrender = true\n'
    )


def test_a_page_drawn_by_its_script_is_an_article_and_no_private_address_is_reached(
    browser: str, pressclip: CommandLine, wire: Server, server: Server, tmp_path: Path
) -> None:
    server.replies["/secret"] = Reply(b"secret", headers={"Access-Control-Allow-Origin": "*"})
    _site(
        wire,
        f"""fetch("{server.base}/secret").then(answer => answer.text()).then(text => document.title = text);
        new Image().src = "{server.base}/image"; new WebSocket("{server.base.replace("http", "ws")}/socket");
        document.body.insertAdjacentHTML("beforeend", '<iframe src="{server.base}/frame"></iframe><img src="/photo">');
        """,
    )
    _configure(tmp_path, wire)
    done = pressclip("crawl", "--json")
    assert json.loads(done.stdout)["totals"]["new"] == 1, done.stderr
    assert pressclip("show", "1").stdout.endswith("\n\n".join(STORY) + "\n")
    assert server.log == []
    assert "/photo" not in wire.paths()


def test_n04_a_page_that_leads_the_browser_to_a_private_address_fails(
    browser: str, pressclip: CommandLine, wire: Server, server: Server, tmp_path: Path
) -> None:
    _site(wire)
    wire.replies["/a"] = Reply(status=302, headers={"Location": f"{server.base}/secret"})
    _configure(tmp_path, wire)
    [result] = json.loads(pressclip("crawl", "--json").stdout)["results"]
    assert result["reasons"] == {"blocked_address": 1}
    assert server.log == []


def test_n11_a_script_that_never_ends_meets_the_deadline(
    browser: str, pressclip: CommandLine, wire: Server, tmp_path: Path
) -> None:
    _site(wire, "for (;;) {}")
    _configure(tmp_path, wire, "timeout = 4")
    [result] = json.loads(pressclip("crawl", "--json").stdout)["results"]
    assert result["reasons"] == {"timeout": 1}


def test_a_browser_takes_no_headers_of_a_source(pressclip: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nname = "a"\nfeed = "https://a.example/feed"\nrender = true\nheaders = {Authorization = "x"}\n'
    )
    done = pressclip("sources", "check")
    assert done.returncode == 2
    assert '"render": a browser would use "headers" for any host' in done.stdout + done.stderr


def _ask(
    allowed: tuple[str, ...], head: str, *, password: str | None = None
) -> tuple[bytes, list[tuple[str, str]]]:
    """Send a request's head through a tunnel; what came back, and what was refused."""

    async def talk() -> tuple[bytes, list[tuple[str, str]]]:
        tunnel = Tunnel(allowed)
        port = int((await tunnel.open()).rpartition(":")[2])
        word = base64.b64encode(f"{tunnel.user}:{password or tunnel.password}".encode()).decode()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head.replace("AUTH", f"Proxy-Authorization: Basic {word}").encode())
        answer = await reader.read()
        writer.close()
        tunnel.close()
        return answer, tunnel.refused

    return asyncio.run(talk())


def test_the_tunnel_is_for_those_who_know_its_password(server: Server) -> None:
    head = f"GET {server.base}/a HTTP/1.1\r\nAUTH\r\n\r\n"
    answer, _ = _ask(("127.0.0.1",), head, password="guess")
    assert answer.startswith(b"HTTP/1.1 407 ")
    assert server.log == []


def test_the_tunnel_leads_to_allowed_hosts_without_its_password(server: Server) -> None:
    server.replies["/a"] = Reply("雪".encode())
    host = server.base.removeprefix("http://")
    answer, refused = _ask(("127.0.0.1",), f"GET {server.base}/a?b HTTP/1.1\r\nHost: {host}\r\nAUTH\r\n\r\n")
    assert (answer.split(b"\r\n")[0], refused) == (b"HTTP/1.1 404 Not Found", [])
    through = (
        f"CONNECT {host} HTTP/1.1\r\nAUTH\r\n\r\nGET /a HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    answer, _ = _ask(("127.0.0.1",), through)
    assert answer.endswith("\r\n\r\n雪".encode())
    assert [asked.path for asked in server.log] == ["/a?b", "/a"]
    assert all("proxy-authorization" not in asked.headers for asked in server.log)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "localhost", "[::1]", "[::ffff:127.0.0.1]", "127.1"]
)
@pytest.mark.parametrize("form", ["GET http://{}/ HTTP/1.1", "CONNECT {} HTTP/1.1"])
def test_n02_the_tunnel_refuses_private_addresses_however_they_are_written(
    server: Server, host: str, form: str
) -> None:
    port = server.base.rpartition(":")[2]
    answer, refused = _ask((), form.format(f"{host}:{port}") + "\r\nAUTH\r\n\r\n")
    assert answer == b""
    assert len(refused) == 1
    assert server.log == []


@pytest.mark.parametrize(
    "head",
    ["\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\nAUTH\r\n\r\n", "GET file:///etc/passwd HTTP/1.1\r\nAUTH\r\n\r\n",
     "CONNECT a:99999 HTTP/1.1\r\nAUTH\r\n\r\n", "CONNECT  HTTP/1.1\r\nAUTH\r\n\r\n",
     "GET http://[::1 HTTP/1.1\r\nAUTH\r\n\r\n", f"CONNECT {'a' * 70}.example:443 HTTP/1.1\r\nAUTH\r\n\r\n",
     "GET http://a/ HTTP/1.1\r\nProxy-Authorization: Basic \xe9\r\n\r\n"],
)  # fmt: skip
def test_n15_the_tunnel_hangs_up_on_nonsense(head: str) -> None:
    answer, _ = _ask((), head)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 407 ")


def test_a_list_drawn_by_its_script_is_read(
    browser: str, pressclip: CommandLine, wire: Server, tmp_path: Path
) -> None:
    _site(wire)
    drawn = "document.body.innerHTML = '<ul><li><a href=\"/a?id=1234\">雪の冷たさを使う小さな倉庫の話</a></li></ul>'"
    wire.replies["/"] = Reply(
        f"<html><body><div id=root></div><script>{drawn}</script></body></html>".encode(),
        headers={"Content-Type": "text/html; charset=utf-8"},
    )
    wire.replies["/a?id=1234"] = wire.replies["/a"]
    _configure(tmp_path, wire)
    text = (tmp_path / "sources.toml").read_text()
    (tmp_path / "sources.toml").write_text(
        text.replace(f'feed = "{wire.base}/feed"', f'page = "{wire.base}/"')
    )
    done = pressclip("crawl", "--json")
    assert json.loads(done.stdout)["totals"]["new"] == 1, done.stderr
