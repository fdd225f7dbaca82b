"""What is no article is told apart: lists of articles, walls, messages."""

import pytest

from pipelines.extract import clean
from pressclip.models import Article, Page

URL = "https://wire.example/x/y"
STORIES = (
    ("Exchange opens its books", "The exchange said on Tuesday that it would open its order books to auditors."),
    ("Engine rewritten", "Three engineers spent the summer rewriting the engine, which settles in a second now."),
    ("Second report by March", "Regulators asked for a second report, and the company promised to publish it."),
    ("Bookshop takes bitcoin", "A small bookshop on the harbour takes bitcoin since May, to its owner's content."),
    ("Council stops the tram", "The council voted late at night to stop the tram, after two years of quarrels."),
    ("Milk by satellite", "Farmers near the lake sell their milk by satellite, as no cable has reached them."),
    ("Two banks share a vault", "Two banks will share one vault next year, which neither would have liked once."),
    ("A model from the kitchen", "A teacher wrote the model in her kitchen, and half of the country asks it now."),
)  # fmt: skip
JAPANESE = (
    ("取引所が板情報を公開", "取引所は火曜日、監査人に板情報を公開すると発表し、大阪で説明会を開いた。"),
    ("照合エンジンを刷新", "三人の技術者が夏の間に照合エンジンを書き直し、決済は一秒を切るようになった。"),
    ("三月までに再報告", "当局は三月までに二度目の報告を求め、会社はその全文を公開すると約束した。"),
    (
        "書店がビットコイン対応",
        "港の小さな書店は五月からビットコインを受け付けており、店主は満足しているという。",
    ),
    ("路面電車の廃止を可決", "市議会は深夜、二年にわたる価格論争の末に路面電車の廃止を可決した。"),
    ("衛星で牛乳を売る", "湖の近くの農家は、ケーブルが届かないため、衛星で牛乳を売っている。"),
)


def cleaned(body: str) -> Article:
    head = "<nav><a href=/>Home</a><a href=/m>Markets</a><a href=/t>Tech</a></nav>"
    page = f"<title>Small Wire</title><body><header>{head}</header>{body}<footer>© Small Wire</footer>"
    return clean(Page(url=URL, final_url=URL, body=page.encode(), fetched_at="2026-11-22T00:00:00Z"))


def listed(card: str, stories: tuple[tuple[str, str], ...] = STORIES) -> str:
    cards = "".join(card.format(n=n, title=title, text=text) for n, (title, text) in enumerate(stories))
    return f"<main><h1>Markets</h1>{cards}</main>"


@pytest.mark.parametrize(
    "card",
    [
        "<div class=teaser><h3><a href=/n/{n}>{title}</a></h3><p>{text}</p><span>5 May 2024</span></div>",
        "<article><h2><a href=/n/{n}>{title}</a></h2><p>{text} <a href=/n/{n}>Read more</a></p></article>",
        "<div class=result><a href=/n/{n}>{title}</a><p>… {text} …</p></div>",
        "<li><a href=/n/{n}>{title}</a><br>{text}</li>",
    ],
)
@pytest.mark.parametrize("stories", [STORIES, JAPANESE])
def test_headlines_with_summaries_are_a_list(card: str, stories: tuple[tuple[str, str], ...]) -> None:
    assert cleaned(listed(card, stories)).kind == "list"


def test_a_roundup_of_one_author_is_an_article() -> None:
    parts = "".join(
        f"<h3><a href=/n/{n}>{title}</a></h3><p>{text} {text}</p>" for n, (title, text) in enumerate(STORIES)
    )
    intro = (
        "Here is what else we saw this week, in short, before the holidays begin and the wire falls silent."
    )
    assert cleaned(f"<article><h1>Eight things</h1><p>{intro}</p>{parts}</article>").kind == "article"


def test_teasers_below_a_short_article_make_it_no_list() -> None:
    brief = f"<article><h1>{STORIES[0][0]}</h1><p>{STORIES[0][1]}</p></article>"
    assert cleaned(brief + listed("<div><h3><a href=/n/{n}>{title}</a></h3></div>")).kind == "article"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<h1>Page not found</h1><p>The page you are looking for does not exist or was moved.</p>", "thin"),
        ("<h1>ページが見つかりません</h1><p>お探しのページは削除された可能性があります。</p>", "thin"),
        (
            "<h1>We value your privacy</h1><p>We and our 842 partners store cookies on a device.</p>",
            "consent",
        ),
        (f"<h1>Books</h1><p>{STORIES[0][1]}</p><div>Subscribe to continue reading</div>", "teaser"),
        (f"<h1>板情報</h1><p>{JAPANESE[0][1]}</p><p>この記事は会員限定です。</p>", "teaser"),
        ("<h1>거래소</h1><p>거래소는 장부를 공개했다.</p><p>이 기사는 유료회원 전용입니다.</p>", "teaser"),
        ("<h1>交易所</h1><p>交易所周二表示将公开账簿。</p><p>登录后查看全文</p>", "teaser"),
        (f"<h1>Books</h1><p>{STORIES[0][1]} A page not found in the archive told more.</p>", "article"),
    ],
)
def test_walls_and_messages(body: str, kind: str) -> None:
    assert cleaned(f"<main>{body}</main>").kind == kind
