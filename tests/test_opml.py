"""Lists of subscriptions, in and out."""

import json
import time
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result
from hypothesis import given as for_all
from hypothesis import strategies as st

from pressclip.cli.context import Given
from pressclip.cli.sources import sources
from pressclip.errors import InputError, UsageError
from pressclip.models import Source
from pressclip.sources import CATALOGUE, read
from pressclip.subscriptions import opml, plan
from spiders.reading.opml import MAX_DEPTH, MAX_FEEDS, Subscription, read_opml


def wrapped(body: str, head: str = "<title>mine</title>") -> bytes:
    return f'<?xml version="1.0"?><opml version="2.0"><head>{head}</head><body>{body}</body></opml>'.encode()


def feed(url: str, more: str = "") -> str:
    return f'<outline type="rss" text="Feed" xmlUrl="{url}" {more}/>'


def test_a_list_becomes_subscriptions() -> None:
    body = wrapped(
        '<outline text="Subscriptions"><outline text="仮想通貨"><outline title="Coins">'
        '<outline type="rss" text="新聞 &amp; 経済" title="other" xmlUrl="feed:https://a.example/feed#x" '
        'htmlUrl="https://a.example/" language="ja-jp" category="/News/Asia,tokyo"/></outline></outline></outline>'
        '<outline text="off" isComment="true"><outline text="Asleep" XMLURL="feed://b.example/rss"/></outline>'
    )
    found = read_opml(body)
    assert found.title == "mine"
    assert found.found == (
        Subscription(
            url="https://a.example/feed", title="新聞 & 経済", homepage="https://a.example/", lang="ja-JP",
            topics=("仮想通貨", "coins", "news", "asia", "tokyo"),
        ),
        Subscription(url="http://b.example/rss", title="Asleep", topics=("off",), enabled=False),
    )  # fmt: skip
    assert (found.refused, found.problems) == ((), ())


@pytest.mark.parametrize(
    ("outline", "reason"),
    [
        (feed("javascript:alert(1)"), "bad_url: must begin with https:// or http:// and name a host"),
        (feed("file:///etc/passwd"), "bad_url: must begin with https:// or http:// and name a host"),
        (feed("https://a.example/" + "x" * 3000), "bad_url: is longer than 2048 characters"),
        ('<outline type="rss" text="Feed" xmlUrl=""/>', "no_address"),
        ('<outline text="Feed" htmlUrl="https://a.example/"/>', "no_address"),
        ('<outline type="link" text="Feed" url="https://a.example/list.opml"/>', "not_a_feed: link"),
        ('<outline text="f">' * 40 + feed("https://a.example/") + "</outline>" * 40, "too_deep"),
    ],
    ids=str.__len__,
)  # fmt: skip
def test_what_is_no_subscription_has_a_reason(outline: str, reason: str) -> None:
    found = read_opml(wrapped(outline))
    assert found.found == ()
    assert [(one.label, one.reason) for one in found.refused] == [("Feed", reason)]


def test_words_and_folders_are_no_failures() -> None:
    found = read_opml(wrapped('<outline text="a thought"/><outline text="empty folder"></outline><outline/>'))
    assert (found.found, found.refused) == ((), ())


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html><body>no list</body></html>", b"\x89PNG\r\n", b'{"version": 1}', b"opml",
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel/></rss>'.encode("utf-16"),
    ],
    ids=len,
)  # fmt: skip
def test_what_is_no_list_is_an_error(body: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_opml(body)
    assert caught.value.reason in {"not_opml", "not_a_feed", "parse_error"}


def test_lists_as_people_have_them_are_read() -> None:
    html = feed("https://a.example/feed", 'description="see <a href="https://b.example" rel="x">B</a>. Yes"')
    broken = read_opml(
        wrapped(f'<outline text="one">{html}</outline><outline text="two &c">{html}</outline>')
    )
    assert [one.topics for one in broken.found] == [("one",), ("two &c",)]
    assert broken.problems[0].startswith("xml: not well-formed")
    cut = read_opml(wrapped(feed("https://a.example/1") + feed("https://a.example/2"))[:-60])
    assert [one.url for one in cut.found][:1] == ["https://a.example/1"]
    shift_jis = '<?xml version="1.0" encoding="Shift_JIS"?><opml version="1.1"><body>' + feed(
        "https://a.example/"
    )
    [one] = read_opml(f"{shift_jis}</body></opml>".replace("Feed", "①新聞社の記事").encode("cp932")).found
    assert one.title == "①新聞社の記事"


def test_x14_entities_and_documents_elsewhere_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret", encoding="utf-8")
    doctype = f'<!DOCTYPE opml [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    outlines = feed("https://a.example/").replace("Feed", "&x;") + feed("https://b.example/").replace(
        "Feed", "&j;"
    )
    body = wrapped(outlines + '<outline text="t">&x;&j;</outline>').replace(
        b"<opml", f"{doctype}]><opml".encode(), 1
    )
    started = time.process_time()
    found = read_opml(body)
    assert time.process_time() - started < 5
    assert [one.title for one in found.found] == ["&x;", "&j;"]
    assert "s3cret" not in repr(found)


def test_x14_long_and_deep_lists_have_limits() -> None:
    long = read_opml(wrapped("".join(feed(f"https://a.example/{n}") for n in range(100_000))))
    assert len(long.found) == MAX_FEEDS
    assert long.problems == (f"too_many_feeds: the first {MAX_FEEDS} are read",)
    deep = read_opml(wrapped("".join(f'<outline text="f{n}">' + feed(f"https://a.example/{n}") for n in range(1000)) + "</outline>" * 1000))  # fmt: skip
    assert len(deep.found) == MAX_DEPTH
    assert len(deep.found[-1].topics) == 8
    assert {one.reason for one in deep.refused} == {"too_deep"}


def test_a_plan_names_each_and_adds_none_twice() -> None:
    found = [
        Subscription(url="https://a.example/feed", title="A Paper"),
        Subscription(url="https://a.example/other", title="A Paper"),
        Subscription(url="https://a.example/feed", title="again"),
        Subscription(url="https://b.example/feed", title="there"),
        Subscription(url="https://c.example/", title="c", name="../../etc"),
    ]
    made = plan(found, [{"name": "a", "feed": "https://b.example/feed"}])
    assert made.duplicates == ("https://a.example/feed", "https://b.example/feed")
    assert [table["name"] for table in made.tables][:2] == ["a-paper", "a-other"]


names = st.from_regex(r"[a-zぁ-ん][a-z0-9ぁ-ん.-]{0,8}", fullmatch=True)
texts = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=12)
plain = texts.filter(lambda text: not {",", "/", "&"} & set(text) and text == text.strip())


@for_all(
    st.lists(
        st.builds(
            Source,
            name=names,
            kind=st.just("feed"),
            url=st.from_regex(r"https://[a-z]{1,9}\.example/[a-z0-9]{0,9}", fullmatch=True),
            title=st.none() | plain.filter(lambda text: not text.startswith("http")),
            homepage=st.none() | st.just("https://h.example/?a=1&b=2"),
            lang=st.sampled_from([None, "ja", "zh-Hant"]),
            topics=st.lists(plain, max_size=3, unique=True).map(tuple),
            enabled=st.booleans(),
        ),
        max_size=5,
        unique_by=(lambda source: source.name, lambda source: source.url),
    )
)
def test_what_goes_out_comes_back(given: list[Source]) -> None:
    import unicodedata
    from dataclasses import replace

    written = opml(given, title="pressclip")
    assert ET.fromstring(written).attrib["version"] == "2.0"  # noqa: S314 - our own
    made = plan(read_opml(written.encode()).found, []).tables
    back = {
        Source(
            kind="feed",
            url=table["feed"],
            topics=tuple(table.get("topics", ())),
            **{key: value for key, value in table.items() if key not in {"feed", "topics"}},
        )
        for table in made
    }
    wanted = {
        replace(
            source,
            title=unicodedata.normalize("NFC", source.title or source.name),
            topics=tuple(dict.fromkeys(unicodedata.normalize("NFC", topic) for topic in source.topics)),
        )
        for source in given
    }
    assert back == wanted


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str, text: bytes = b"") -> Result:
    return CliRunner().invoke(sources, words, obj=Given(db=Path("news.db"), sources=None), input=text)


def test_import_writes_tables_and_says_what_it_did(folder: Path) -> None:
    (folder / "list.opml").write_bytes(wrapped(feed("https://a.example/feed") + feed("ftp://a.example/feed")))
    dry = run("import", "--dry-run", "list.opml")
    assert (dry.exit_code, dry.stdout.splitlines()[0]) == (1, "a\t\thttps://a.example/feed")
    assert not (folder / "sources.toml").exists()
    result = run("import", "--topic", "crypto", "list.opml")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "1 sources added to sources.toml; 0 there already, 1 left out",
        "sources.toml is new: from now on it is what is read, and the built-in catalogue is not (docs/sources.md)",
    ]
    assert result.stderr == "left out: Feed: bad_url: must begin with https:// or http:// and name a host\n"
    assert tomllib.loads((folder / "sources.toml").read_text())["source"] == [
        {"name": "a", "feed": "https://a.example/feed", "title": "Feed", "topics": ["crypto"]}
    ]
    again = json.loads(run("import", "--json", "-", text=wrapped(feed("https://a.example/feed"))).stdout)
    assert (again["added"], again["duplicates"]) == ([], ["https://a.example/feed"])
    for words in (("import", "none.opml"), ("import", "--topic", "", "list.opml")):
        assert isinstance(run(*words).exception, UsageError)
    (folder / "list.opml").write_bytes(b"<rss/>")
    error = run("import", "list.opml").exception
    assert isinstance(error, InputError)
    assert str(error) == "list.opml: is no OPML: there is no <opml> in it"


def test_the_catalogue_goes_through_a_file_unchanged(folder: Path) -> None:
    count = len(read(CATALOGUE).sources)
    assert run("export", "--all", "all.opml").stdout == f"{count} feeds written to all.opml\n"
    assert run("import", "all.opml").exit_code == 0
    imported, catalogue = read(folder / "sources.toml"), read(CATALOGUE)
    assert imported.mistakes == ()
    assert {(s.name, s.url, s.lang, s.topics, s.title, s.homepage, s.enabled) for s in imported.sources} == {
        (s.name, s.url, s.lang, s.topics, s.title, s.homepage, s.enabled) for s in catalogue.sources
    }


def test_export_leaves_out_what_other_readers_would_misread(folder: Path) -> None:
    table = '[[source]]\nname = "{0}"\n{1} = "https://a.example/{0}"\n{2}\n'
    (folder / "sources.toml").write_text(
        table.format("a", "feed", 'headers = { Authorization = "s3cret" }')
        + table.format("b", "sitemap", "")
        + table.format("c", "feed", "enabled = false"),
        encoding="utf-8",
    )
    result = run("export")
    assert [one.url for one in read_opml(result.stdout_bytes).found] == ["https://a.example/a"]
    assert "s3cret" not in result.output
    assert result.stderr == "1 sources are no feeds, and left out\n"
    assert len(read_opml(run("export", "--all").stdout_bytes).found) == 2
