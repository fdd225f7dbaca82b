"""sources.toml: what it gives, and how each mistake in it reads."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressclip import sources
from pressclip.errors import UsageError
from pressclip.models import Care, Source, TopicWords
from pressclip.source_keys import is_allowed
from pressclip.source_tables import CRAWL_KEYS, SOURCE_KEYS
from pressclip.toml_lines import Lines

GOOD = """
[[source]]
name = "good"
feed = "https://good.example/feed"
"""

OWN_TOPICS = (
    TopicWords(name="gaming", words=("任天堂",), weak=("console",), exclude=("Nintendo Labo",)),
    TopicWords(name="お茶", words=("緑茶",)),
)

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a sources.toml in a fresh working directory and return its (relative) path."""
    monkeypatch.chdir(tmp_path)

    def written(text: str) -> Path:
        path = Path("sources.toml")
        path.write_text(text, encoding="utf-8")
        return path

    return written


def mistakes(path: Path) -> list[str]:
    """Return the mistakes of a file whose good source still runs."""
    configuration = sources.load(path)
    assert [source.name for source in configuration.sources] == ["good"]
    return list(configuration.mistakes)


def test_every_key(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEED_TOKEN", "s3cret")
    configuration = sources.load(
        write("""
        [crawl]
        contact = "https://desk.example/about"
        delay = 0
        workers = 3
        allow_hosts = ["127.77.0.0/16", "intranet"]
        timeout = 30
        deadline = 5.5
        max_page = 1048576
        max_feed = 2048

        [[source]]
        name = "あたらしい新聞"
        feed = "https://news.example/feed?lang=ja"
        lang = "ja"
        topics = ["crypto", "ai"]
        interval = "2h"
        headers = { X-Token = "Bearer ${FEED_TOKEN}", X-Edition = "jp" }
        cookies = { session = "${FEED_TOKEN}" }
        auth = "desk:${FEED_TOKEN}"
        proxy = "http://desk:${FEED_TOKEN}@proxy.example:3128/"
        insecure = true
        keep_entries = ["お茶", "/^tea/"]
        drop_entries = ["【PR】"]
        languages = ["ja", "zh-Hant"]
        only_topics = ["crypto", "お茶", "gaming"]
        full_text = false
        timezone = "Asia/Tokyo"
        title = "あたらしい　新聞"
        homepage = "https://news.example/"

        [[source]]
        name = "archive"
        sitemap = "https://news.example/sitemap.xml"
        enabled = false

        [topics.gaming]
        words = ["任天堂"]
        weak = ["console"]
        exclude = ["Nintendo Labo"]

        [topics."お茶"]
        words = ["緑茶"]
        """)
    )
    assert configuration == sources.Configuration(
        crawl=sources.CrawlSettings(
            contact="https://desk.example/about",
            delay=0.0,
            workers=3,
            allow_hosts=("127.77.0.0/16", "intranet"),
            timeout=30.0,
            deadline=5.5,
            max_page=1048576,
            max_feed=2048,
        ),
        sources=(
            Source(
                name="あたらしい新聞",
                kind="feed",
                url="https://news.example/feed?lang=ja",
                lang="ja",
                topics=("crypto", "ai"),
                interval=7200,
                headers=(("X-Token", "Bearer s3cret"), ("X-Edition", "jp")),
                cookies=(("session", "s3cret"),),
                auth="desk:s3cret",
                proxy="http://desk:s3cret@proxy.example:3128",
                insecure=True,
                keep_entries=("お茶", "/^tea/"),
                drop_entries=("【PR】",),
                full_text=False,
                care=Care(
                    timezone="Asia/Tokyo",
                    languages=("ja", "zh-Hant"),
                    only_topics=("crypto", "お茶", "gaming"),
                    topics=OWN_TOPICS,
                ),
                title="あたらしい　新聞",
                homepage="https://news.example/",
            ),
            Source(
                name="archive",
                kind="sitemap",
                url="https://news.example/sitemap.xml",
                enabled=False,
                care=Care(topics=OWN_TOPICS),
            ),
        ),
        mistakes=(),
        origin="sources.toml",
        topics=OWN_TOPICS,
    )


def test_defaults(write: Write) -> None:
    configuration = sources.load(write(GOOD))
    assert configuration.crawl == sources.CrawlSettings()
    assert configuration.crawl.delay == 2.0
    assert configuration.crawl.allow_hosts == ()
    assert configuration.crawl.workers >= 1
    assert configuration.sources[0].interval == 3600


def test_the_file_in_the_working_directory_comes_before_the_catalogue(write: Write) -> None:
    assert sources.load().origin == sources.BUILT_IN
    write(GOOD)
    assert sources.load().origin == "sources.toml"


def test_a_file_saved_with_a_byte_order_mark(write: Write) -> None:
    assert mistakes(write("\ufeff" + GOOD)) == []


def test_an_unknown_key_names_file_line_and_the_key_that_was_meant(write: Write) -> None:
    text = GOOD + '[[source]]\nname = "coindesk"\nfeed = "https://a.example/"\nintervall = "1h"\n'
    assert mistakes(write(text)) == [
        'sources.toml:8: [[source]] "coindesk": unknown key "intervall" (did you mean "interval"?)'
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('name = "../../etc/x"', '"name": must be letters'),
        ('name = "-rf"', '"name": must be letters'),
        ('name = "a/b"', '"name": must be letters'),
        ('name = ""', '"name": must be letters'),
        (r'name = "a\u0000b"', '"name": must be letters'),
        (f'name = "{"a" * 65}"', '"name": must be letters'),
        ("name = 7", '"name": expected str, got int'),
        ('lang = "Japanese language"', '"lang": must be a language tag'),
        ('topics = "crypto"', '"topics": expected array, got str'),
        ('topics = ["crypto", 3]', '"topics": expected str, got int'),
        ('topics = [""]', '"topics": is empty'),
        ('interval = "often"', '"interval": must be seconds'),
        ("interval = -1", '"interval": must be seconds'),
        ('interval = "90d"', '"interval": must be seconds'),
        ('interval = "4m"', '"interval": 5 minutes at least'),
        ('enabled = "no"', '"enabled": expected bool, got str'),
        (r'title = "a\u001b[2J"', '"title": holds control characters'),
        ('homepage = "news.example"', '"homepage": must begin with https://'),
        (r'headers = { X = "a\r\nY: b" }', '"headers": "X": its value holds control characters'),
        ('headers = { "X Y" = "a" }', '"headers": holds a name that is no HTTP header name'),
        ('headers = { X = "${NOT_THERE_7}" }', '"headers": "X": the environment variable NOT_THERE_7'),
        ('cookies = { a = "b; c" }', '"cookies": "a": its value holds what no cookie may'),
        ('auth = "no-password"', '"auth": must be "user:password"'),
        ('auth = "me:${NOT_THERE_7}"', '"auth": the environment variable NOT_THERE_7 is not set'),
        ('proxy = "socks5://proxy.example"', '"proxy": must be "http://host:port"'),
        ('proxy = "http://me:hunter2@[::1"', '"proxy": must be "http://host:port"'),
        ('insecure = "yes"', '"insecure": expected bool, got str'),
        ('keep_entries = "tea"', '"keep_entries": expected array, got str'),
        ('keep_entries = [""]', '"keep_entries": is empty'),
        ('drop_entries = ["/(/"]', '"drop_entries": "/(/" is no regular expression: missing )'),
        (f'drop_entries = ["/{"a" * 300}/"]', "is longer than 200 characters"),
        ('languages = ["Japanese language"]', '"languages": must be a language tag'),
        ('only_topics = ["cryto"]', 'no topic is called "cryto" (did you mean "crypto"?)'),
        ('only_topics = ["tea"]', 'no topic is called "tea" (define it in [topics.tea])'),
        ("full_text = 0", '"full_text": expected bool, got int'),
        ('timezone = "Tokyo"', '"timezone": must be a time zone such as "Asia/Tokyo"'),
        ('timezone = "../../etc/passwd"', '"timezone": must be a time zone such as "Asia/Tokyo"'),
        ('drop_entry = ["x"]', 'unknown key "drop_entry" (did you mean "drop_entries"?)'),
        ('page = "https://b.example/"', 'exactly one of "feed", "sitemap" and "page"'),
        (r'"a\u202eb" = 1', r'unknown key "a\u202eb"'),
    ],
)
def test_a_wrong_value_costs_its_source_only(write: Write, line: str, reason: str) -> None:
    table = {"name": 'name = "bad"', "feed": 'feed = "https://bad.example/"'}
    table[line.partition(" ")[0]] = line
    found = mistakes(write(GOOD + "[[source]]\n" + "\n".join(table.values()) + "\n"))
    assert len(found) == 1
    assert found[0].startswith("sources.toml:")
    assert reason in found[0]
    assert found[0].isprintable()


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/feed",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//a.example/feed",
        "https:///feed",
        "http://[::1",
        "http://a.example:99999/",
        "http://a.example:x/",
        "http://a.example/a b",
        "",
        "http://a.example/" + "a" * 2100,
    ],
)
def test_a_url_that_is_none(write: Write, url: str) -> None:
    found = mistakes(write(GOOD + f'[[source]]\nname = "bad"\nfeed = "{url}"\n'))
    assert len(found) == 1
    assert found[0].startswith('sources.toml:7: [[source]] "bad": "feed": ')


def test_a_password_in_a_url_is_refused_and_not_repeated(write: Write) -> None:
    found = mistakes(write(GOOD + '[[source]]\nname = "bad"\nfeed = "https://me:hunter2@a.example/"\n'))
    assert "auth" in found[0]
    assert "hunter2" not in found[0]


@pytest.mark.parametrize(
    ("key", "header"), [('auth = "me:hunter2"', "authorization"), ('cookies = { a = "hunter2" }', "Cookie")]
)
def test_what_is_said_twice_is_a_mistake(write: Write, key: str, header: str) -> None:
    table = f'[[source]]\nname = "bad"\nfeed = "https://a.example/"\nheaders = {{ {header} = "x" }}\n{key}\n'
    [found] = mistakes(write(GOOD + table))
    assert '"headers" says the same already' in found
    assert "hunter2" not in found


def test_only_a_feed_carries_the_text_of_its_articles(write: Write) -> None:
    table = '[[source]]\nname = "bad"\nsitemap = "https://a.example/"\nfull_text = false\n'
    assert mistakes(write(GOOD + table)) == [
        'sources.toml:8: [[source]] "bad": "full_text": means something only beside "feed"'
    ]


def test_a_source_shows_no_secret_of_its_own() -> None:
    source = Source(
        name="a", kind="feed", url="https://a.example/", headers=(("X", "hunter2"),), cookies=(("a", "hunter2"),),
        auth="me:hunter2", proxy="http://me:hunter2@b.example",
    )  # fmt: skip
    assert "hunter2" not in repr(source)


def test_missing_keys(write: Write) -> None:
    found = mistakes(write(GOOD + '[[source]]\nfeed = "https://a.example/"\n[[source]]\nname = "nothing"\n'))
    assert found == [
        'sources.toml:5: [[source]] number 2: the key "name" is missing',
        'sources.toml:7: [[source]] "nothing": exactly one of "feed", "sitemap" and "page" is needed',
    ]


def test_the_second_of_two_sources_with_one_name_or_url_is_left_out(write: Write) -> None:
    found = mistakes(
        write(
            GOOD
            + '[[source]]\nname = "good"\nfeed = "https://other.example/"\n'
            + '[[source]]\nname = "other"\npage = "https://good.example/feed#top"\n'
        )
    )
    assert found == [
        'sources.toml:6: [[source]] "good": "name": the source at line 2 has the same',
        'sources.toml:10: [[source]] "other": "page": the source at line 2 has the same',
    ]


def test_a_private_site_that_is_allowed_may_be_asked_at_any_interval(write: Write) -> None:
    table = '[[source]]\nname = "demo"\nfeed = "http://127.0.0.1:8000/rss"\ninterval = 0\n'
    assert mistakes(write(GOOD + table)) == [
        'sources.toml:8: [[source]] "demo": "interval": 5 minutes at least for a public site'
    ]
    allowed = sources.load(write('[crawl]\nallow_hosts = ["127.0.0.1"]\n' + table))
    assert allowed.sources[0].interval == 0


@pytest.mark.parametrize(
    ("host", "inside"),
    [("127.77.0.1", True), ("127.78.0.1", False), ("[::1]", True), ("Intranet.", True), ("intra", False)],
)
def test_allowed_hosts(host: str, inside: bool) -> None:
    assert is_allowed(host, ("127.77.0.0/16", "::1", "intranet")) is inside


def test_a_misspelt_array_is_a_mistake(write: Write) -> None:
    found = mistakes(write(GOOD + '[[sources]]\nname = "x"\n'))
    assert found == ['sources.toml:5: unknown key "sources" (did you mean "source"?)']


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[crawl]\n\ndelay = "x"\n', 'sources.toml:3: [crawl]: "delay": expected float, got str'),
        ("[crawl]\ndelay = -1\n", 'sources.toml:2: [crawl]: "delay": expected float >= 0.0'),
        ("[crawl]\ndelay = nan\n", 'sources.toml:2: [crawl]: "delay": expected float >= 0.0'),
        ("[crawl]\nworkers = 0\n", 'sources.toml:2: [crawl]: "workers": expected int >= 1'),
        ("[crawl]\ndealy = 1\n", 'sources.toml:2: [crawl]: unknown key "dealy" (did you mean "delay"?)'),
        ('[crawl]\nallow_hosts = ["a b"]\n', 'sources.toml:2: [crawl]: "allow_hosts": "a b" is no host'),
        ('[crawl]\ncontact = "me"\n', 'sources.toml:2: [crawl]: "contact": must be a URL or a mail'),
        ("[[crawl]]\n", "sources.toml:1: [crawl]: must be a table"),
        ("[topics.tea]\nword = ['x']\n", 'sources.toml:1: [topics.tea]: "word" is none of "words", "weak"'),
        ("\n[topics.tea]\n", "sources.toml:2: [topics.tea]: holds no words"),
        ("[topics.tea]\nwords = 'x'\n", "sources.toml:1: [topics.tea]: expected array, got str"),
        ("topics = 1\n", "sources.toml:1: write [topics.NAME]"),
        ("\n[crwal]\ndelay = 9\n", 'sources.toml:2: unknown key "crwal" (did you mean "crawl"?)'),
        ("\nx = \n", "sources.toml:2: Invalid value"),
        ('x = """', "sources.toml:1: "),
        ("x = " + "[" * 5000, "sources.toml:1: nested too deeply"),
        ("x = " + "1" * 5000, "sources.toml:1: "),
        ("", "sources.toml:1: no [[source]] is there"),
        ('[source]\nname = "x"\n', "sources.toml:1: write [[source]], with two brackets"),
        ("source = [1]\n", "sources.toml:1: [[source]] number 1: must be a table"),
        ('[[source]]\nname = "x"\n', 'sources.toml:1: [[source]] "x": exactly one of'),
    ],
)
def test_a_file_that_cannot_be_used(write: Write, text: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        sources.load(write(text))
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_no_text_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(b"[crawl]\n# \x93\xfa\x96{\n")
    for unusable, reason in (
        (path, ":2: not UTF-8"),
        (tmp_path, ": cannot"),
        (tmp_path / "none", ": cannot"),
    ):
        with pytest.raises(UsageError, match=reason):
            sources.load(unusable)


def test_read_shows_all_mistakes_of_a_file_without_a_good_source(write: Write) -> None:
    configuration = sources.read(write('[[source]]\nname = "x"\n[[source]]\nname = "y"\n'))
    assert configuration.sources == ()
    assert len(configuration.mistakes) == 2


def test_lines_see_through_strings_and_comments() -> None:
    lines = Lines(
        "# [[source]]\n"
        "[[source]] # one\n"
        'name = "a # b" # feed = 1\n'
        'title = """\n[[source]]\nfeed = "\\""""\n'
        "topics = [\n  'x', # ]\n  \"[\",\n]\n"
        "[[ source ]]\n"
        "\"name\" = '''\nfeed = 2'''\n"
        "[source.headers]\n"
        "feed = 3\n"
        'lang.x = "y"\n'
    )
    assert lines.find("source", 0, "topics") == 7
    assert lines.find("source", 0, "feed") == 2
    assert lines.find("source", 1) == 11
    assert lines.find("source", 1, "name") == 12
    assert lines.find("source", 1, "headers") == 14


@given(st.text(alphabet="[]{}\"'#=\n\\.,ab \r\t", max_size=60))
def test_any_text_is_a_configuration_or_a_usage_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "sources.toml"
    path.write_text(text, encoding="utf-8", newline="")
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(UsageError):
            sources.read(path)
    else:
        Lines(text)


def test_docs_sources_md_has_a_line_for_each_key() -> None:
    text = (Path(__file__).parent.parent / "docs" / "sources.md").read_text(encoding="utf-8")
    for heading, known in (("[[source]]", SOURCE_KEYS), ("[crawl]", CRAWL_KEYS)):
        table = text.split(f"## Keys of `{heading}`\n")[1].strip().split("\n\n")[0]
        rows = [line.split("|")[1] for line in table.splitlines()[2:]]
        named = [key for row in rows for key in re.findall(r"`(\w+)`", row)]
        assert sorted(named) == sorted(known), f"docs/sources.md: one line for each key of {heading}, please"
