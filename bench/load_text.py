"""Articles that nobody wrote, for servers of the benches: long enough and different enough to be news."""

import json
import random

_WHO = (
    "the exchange",
    "a court",
    "the ministry",
    "its owner",
    "the group",
    "the bank",
    "an engineer",
    "the union",
    "the council",
)
_DID = (
    "postponed",
    "approved",
    "questioned",
    "published",
    "withdrew",
    "defended",
    "rejected",
    "doubled",
    "halted",
    "sold",
)
_WHAT = (
    "rules",
    "model",
    "merger",
    "report",
    "forecast",
    "contract",
    "layoffs",
    "patch",
    "tax",
    "study",
    "chips",
    "vote",
    "ban",
)
_WHY = (
    "after talks with",
    "because of",
    "to the surprise of",
    "in a letter to",
    "before the hearing of",
    "with the help of",
)
_TURNS = ("", "Meanwhile, ", "In the end, ", "A year ago, ", "Officially, ", "On Tuesday ", "By March ")
_PARTS = (
    "ka",
    "lo",
    "mi",
    "ren",
    "sto",
    "va",
    "du",
    "pel",
    "gar",
    "no",
    "shi",
    "ber",
    "tan",
    "ou",
    "fil",
    "zu",
    "hel",
    "mar",
)


def name(chance: random.Random) -> str:
    """Make a name. Most passages of a text have one, so that no two texts look like copies."""
    return "".join(chance.choices(_PARTS, k=chance.randint(2, 3))).title()


def sentence(chance: random.Random) -> str:
    """Make one sentence."""
    text = (
        f"{chance.choice(_TURNS)}{chance.choice(_WHO)} of {name(chance)} {chance.choice(_DID)} the {name(chance)} {chance.choice(_WHAT)} "
        f"{chance.choice(_WHY)} {name(chance)}, who said that {chance.randint(20, 9990)} of them were in {name(chance)} by then."
    )
    return text[0].upper() + text[1:]


def headline(host: str, number: int) -> str:
    """Title the article of a number."""
    chance = random.Random(f"{host} {number}")
    return f"{name(chance)} {chance.choice(_DID)} the {chance.choice(_WHAT)} of {name(chance)} ({number})"


def page(host: str, number: int) -> bytes:
    """Make the page of an article, with what stands around one: about 40 kB."""
    chance = random.Random(f"{host} {number} text")
    title = headline(host, number)
    paragraphs = "".join(
        f"<p>{' '.join(sentence(chance) for _ in range(chance.randint(2, 5)))}</p>\n" for _ in range(chance.randint(6, 16))
    )  # fmt: skip
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "author": {"@type": "Person", "name": "Ada Marsh"},
    }
    style = "".join(f".c{n} {{ margin: {n}px; color: #{n:06x} }}\n" for n in range(300))
    menu = "".join(f'<li><a href="/topic/{n}">Topic {n}</a></li>' for n in range(60))
    related = "".join(
        f'<li><a href="/news/{n}"><img src="/i/{n}.jpg" alt=""><span>{headline(host, n)}</span></a></li>' for n in range(40)
    )  # fmt: skip
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | {host}</title><style>{style}</style>'
        f'<script type="application/ld+json">{json.dumps(data)}</script></head><body><header><nav><ul>{menu}</ul></nav></header>'
        f'<main><article><h1>{title}</h1><div class="byline">By Ada Marsh</div>{paragraphs}</article>'
        f'<aside><h2>Related articles</h2><ul>{related}</ul></aside></main><footer>© {host}</footer>'
        f"<script>{'window.tracker = window.tracker || [];' * 300}</script></body></html>"
    ).encode()  # fmt: skip


def feed(host: str, base: str, path: str, numbers: range) -> bytes:
    """Make a feed that lists articles at `base` + `path` + number."""
    items = "".join(
        f"<item><title>{headline(host, n)}</title><link>{base}{path}{n}</link><guid>{base}{path}{n}</guid></item>"
        for n in reversed(numbers)
    )
    return f'<rss version="2.0"><channel><title>{host}</title><link>{base}/</link><description/>{items}</channel></rss>'.encode()
