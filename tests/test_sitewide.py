"""What a site repeats: which blocks are counted, when they are the site's own, and what is cut for it."""

import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import newsroom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import CommandLine
from lxml import html

from pipelines import sites, sitewide
from pipelines.blocks import Block, blocks_of
from pressclip.models import Article, Clipping, Fingerprints, Page
from storage.store import Store

HOST = "wire.example"
NOTICE = "当サイトの記事は投資の勧誘を目的としたものではなく、最終判断はご自身でお願いします。"
BODY = (
    "<p>取引所は火曜日、監査人に板情報を公開すると発表し、リスボンと大阪で説明会を開いた。</p>"
    "<p>三人の技術者が夏の間に照合エンジンを書き直し、決済は一秒を切るようになったという。</p>"
)


def blocks(page: str) -> list[Block]:
    return blocks_of(html.document_fromstring(f"<body>{page}</body>"))


def left(page: str, *common: str) -> list[str]:
    known = {sitewide.fingerprint(HOST, text) for text in common}
    return [block.text for block in sitewide.without(blocks(page), HOST, known)]


def texts(page: str) -> list[str]:
    return [block.text for block in blocks(page)]


def test_a_long_line_goes_wherever_it_stands() -> None:
    first, second = texts(BODY)
    for page in (
        f"<p>{NOTICE}</p>{BODY}",
        f"{BODY}<p>{NOTICE}</p>",
        BODY.replace("</p><p>", f"</p><p>{NOTICE}</p><p>"),
    ):
        assert left(page, NOTICE) == [first, second]


@pytest.mark.parametrize("heading", ["まとめ", "この記事のポイントはこちら", "What happened?", "한눈에 보기"])
@pytest.mark.parametrize("tag", ["h2", "p"])
def test_a_section_keeps_the_heading_it_shares_with_others(heading: str, tag: str) -> None:
    first, second = texts(BODY)
    page = f"<p>{first}</p><{tag}>{heading}</{tag}><p>{second}</p>"
    assert left(page, heading) == [first, heading, second]


def test_the_heading_of_the_first_section_stays_at_the_head() -> None:
    assert left(f"<h2>What happened?</h2>{BODY}", "What happened?")[0] == "What happened?"


def test_a_heading_goes_with_what_it_announces() -> None:
    page = f"{BODY}<h3>ご注意ください</h3><p>{NOTICE}</p><h3>次の予定について</h3><p>来週の会議で決まる見通しだと関係者は述べた。</p>"
    common = ("ご注意ください", NOTICE, "次の予定について")
    assert left(page, *common)[2:] == ["次の予定について", "来週の会議で決まる見通しだと関係者は述べた。"]


def test_short_lines_go_at_the_ends_only() -> None:
    page = f"<p>Small Wire</p>{BODY}<p>Follow us</p><p>All rights</p>"
    assert left(page, "Small Wire", "Follow us", "All rights") == texts(BODY)
    assert left(f"{BODY}<p>Follow us</p><p>A last word.</p>", "Follow us")[-2:] == [
        "Follow us",
        "A last word.",
    ]


def test_a_list_goes_whole_or_not_at_all() -> None:
    items = ["Made of recycled materials from Osaka", "Sold in stores of the company since March"]
    page = f"{BODY}<ul><li>{items[0]}</li><li>{items[1]}</li></ul>"
    assert left(page, items[0])[2:] == items
    assert left(page, *items) == texts(BODY)


def test_most_of_an_article_is_never_cut() -> None:
    first, second = texts(BODY)
    assert left(f"{BODY}<p>終わり</p>", first, second) == [first, second, "終わり"]


def test_the_longest_block_names_the_story() -> None:
    prints = sitewide.fingerprints(HOST, blocks(f"<p>短い行</p><p>Yes</p>{BODY}{BODY}"))
    longest = max(blocks(BODY), key=lambda block: block.units)
    assert prints.blocks[0] == sitewide.fingerprint(HOST, longest.text)
    assert len(prints.blocks) == 2  # the short ones do not count, the others count once


LINES = (
    "<p>a b c d e f</p>",
    f"<p>{NOTICE}</p>",
    "<h3>Follow us</h3>",
    "<p>Follow us</p>",
    f"<p>{'x' * 90}</p>",
)


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=9))
def test_cutting_twice_is_cutting_once_and_spares_what_is_not_common(lines: list[str]) -> None:
    known = {sitewide.fingerprint(HOST, text) for text in (NOTICE, "Follow us")}
    page = blocks("".join(lines))
    once = sitewide.without(page, HOST, known)
    assert sitewide.without(once, HOST, known) == once
    own = [block for block in page if sitewide.fingerprint(HOST, block.text) not in known]
    assert [block for block in once if block in own] == own


# The store's side: counts, thresholds and who must be cleaned again.


def clipping(number: int, *fingerprints: int, site: str = HOST) -> Clipping:
    url = f"https://{site}/{number}"
    return Clipping(
        url=url, source=None, state="done",
        page=Page(url=url, final_url=url, body=b"<p>page</p>", fetched_at="2026-11-22T10:00:00Z"),
        article=Article(
            url=url, url_key=url, title=f"題 {number}", text=f"本文 {number}", markdown="", content_hash=str(number),
            fetched_at="2026-11-22T10:00:00Z",
        ),
        fingerprints=Fingerprints(site, fingerprints),
    )  # fmt: skip


def weighed(path: Path, batches: Sequence[Sequence[Clipping]]) -> frozenset[int]:
    """What is common after these batches, each a run of its own."""
    with Store.open(path) as store:
        for batch in batches:
            store.save(batch)
            store.weigh(sites.enough)
        return store.common(HOST)


def test_three_stories_make_a_block_the_sites_own(tmp_path: Path) -> None:
    stories = [clipping(number, 1000 + number, 7) for number in range(3)]
    with Store.open(tmp_path / "news.db") as store:
        store.save(stories[:2])
        assert store.weigh(sites.enough) == 0
        store.save(stories[2:])
        assert store.weigh(sites.enough) == 3
        assert store.common(HOST) == {7}
        assert store.common("other.example") == frozenset()
        assert len(store.stale(10)) == 3


def test_extract_explains_what_a_named_store_knows_of_the_site(
    pressclip: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "page.html").write_bytes(newsroom.article(7))
    line = f"{newsroom.PARAGRAPHS[2]} This is report number 7 of the series."
    weighed(
        tmp_path / "news.db",
        [[clipping(number, 1000 + number, sitewide.fingerprint(HOST, line)) for number in range(3)]],
    )
    asked = ("extract", "page.html", "--url", f"https://{HOST}/7", "--explain", "--format", "json")
    for options, by in (((), "judge"), (("--db", "news.db"), "site")):
        told = json.loads(pressclip(*options, *asked).stdout)
        assert [verdict["by"] for verdict in told if verdict["text"] == line] == [by]


def test_copies_of_one_article_count_once(tmp_path: Path) -> None:
    copies = [clipping(number, 1000, 7, 8, 9) for number in range(5)]
    assert weighed(tmp_path / "news.db", [copies]) == frozenset()


def test_an_article_that_lost_a_block_takes_its_vote_back(tmp_path: Path) -> None:
    stories = [clipping(number, 1000 + number, 7) for number in range(3)]
    assert weighed(tmp_path / "news.db", [stories]) == {7}
    with Store.open(tmp_path / "news.db") as store:
        changed = clipping(0, 1000)
        store.save([changed])
        assert store.weigh(sites.enough) == 2  # those that still hold it
        assert store.common(HOST) == frozenset()


def test_a_large_site_asks_for_more(tmp_path: Path) -> None:
    three = [clipping(number, 1000 + number, 7) for number in range(3)]
    others = [clipping(number, 1000 + number) for number in range(3, 30)]
    assert weighed(tmp_path / "a.db", [three]) == {7}
    assert weighed(tmp_path / "b.db", [three, others]) == frozenset()


def test_the_order_of_pages_and_runs_does_not_matter(tmp_path: Path) -> None:
    pages = [
        clipping(0, 1000, 7, 8), clipping(1, 1001, 7, 8), clipping(2, 1001, 7), clipping(3, 1003, 7, 9),
        clipping(4, 1004, 9, 8),
    ]  # fmt: skip
    outcomes = set()
    for number, order in enumerate(itertools.permutations(pages)):
        cut = number % len(pages)
        outcomes.add(weighed(tmp_path / f"{number}.db", [order[:cut], order[cut:]]))
    assert outcomes == {frozenset({7, 8})}
