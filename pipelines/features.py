"""What a judge looks at: numbers about each block, its boxes and its neighbours."""

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import html

from pipelines.blocks import Block, Box
from pipelines.cues import GROUPS, cue

_TAGS = ("p", "li", "td", "div", "figcaption", "blockquote", "pre", "dt", "dd", "span")
_AROUND = (
    "article",
    "main",
    "aside",
    "footer",
    "header",
    "nav",
    "figure",
    "form",
    "table",
    "ul",
    "section",
    "blockquote",
)
_POS = re.compile(r"article|content|body|entry|post|text|story|main|detail|news")
_NEG = re.compile(
    r"comment|relat|recommend|share|social|promo|sidebar|side|widget|newsletter|subscri|author|byline|caption|credit|tag"
    r"|meta|breadcrumb|\bads?\b|advert|banner|cookie|consent|nav|foot|menu|popular|rank|trend|teaser|paywall|login|sign"
    r"|more|next|prev|toc|outbrain|taboola|copyright|disclaim|bio|profile|print|rating|vote|toolbar|date|time|category"
)
_WORD = re.compile(r"[a-z]+|[^\W\d_a-z]+", re.UNICODE)
_SENT = re.compile(r"""[.!?…]["'”’»)]?(?=\s|$)|[。！？]""")
_DATE = re.compile(
    r"\d{4}\s?[-/.年]\s?\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}|\d{1,2}\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez)",
    re.I,
)
_TIME = re.compile(
    r"\b\d{1,2}[:：]\d{2}\b|\d+\s?(?:hours?|minutes?|mins?|days?|時間|分|小时|시간|일) ?(?:ago|前|전)?\b"
)
_MAIL = re.compile(r"\S+@\S+\.\w+|https?://|www\.|@\w+")
_BULLET = re.compile(r"^[・•●○▶►■□◆◇☞→≫»>*※\-–—|▲▼◎★☆①-⑳]")
_SEPAR = re.compile(r"[|｜›»/>·•]")
_RIGHTS = re.compile(r"©|ⓒ|\(c\)|copyright|rights reserved|版权|著作権|저작권|無断|무단|禁止|転載|转载", re.I)
_END = re.compile(r"""[.!?…。！？」』”"’')）]$""")
_NUM = re.compile(r"\d")
_UP = re.compile(r"[A-ZÄÖÜÉ]")
_COMMA = re.compile(r"[,，、;；]")
_QUOTE = re.compile(r"[\"“”«»„「」『』]")
_BARE = re.compile(r"\W+", re.UNICODE)


def bare(text: str) -> str:
    """Letters and digits only, lower case: what two writings of a line have in common."""
    return _BARE.sub("", text).lower()


def words(text: str) -> list[str]:
    """Words of alphabetic scripts, pairs of characters of the others."""
    out = []
    for word in _WORD.findall(text.lower()):
        if word.isascii() or word[0] < "\u2e80":
            out.append(word)
        else:
            out.extend(word[i : i + 2] for i in range(max(1, len(word) - 1)))
    return out


@dataclass
class PageFacts:
    titles: list[set[str]] = field(default_factory=list)
    bare_titles: set[str] = field(default_factory=set)
    description: str = ""
    body: str = ""
    voice: str = ""
    voice_lines: set[str] = field(default_factory=set)


_LD = re.compile(r'"articleBody"\s*:\s*("(?:[^"\\]|\\.)*")', re.S)


def facts(tree: html.HtmlElement, voice: str = "") -> PageFacts:
    out = PageFacts()
    titles = []
    desc = []
    for meta in tree.iter("meta"):
        key = (meta.get("property") or meta.get("name") or "").lower()
        if key in {"og:title", "twitter:title"}:
            titles.append(meta.get("content") or "")
        elif key in {"description", "og:description"}:
            desc.append(meta.get("content") or "")
    for t in tree.iter("title"):
        titles.append(t.text or "")
        break
    for t in titles:
        if t.strip():
            out.titles.append(set(words(t)))
            out.bare_titles.add(bare(t))
    out.description = bare(" ".join(desc))
    bodies = []
    for s in tree.iter("script"):
        if "ld+json" in (s.get("type") or "") and s.text and "articleBody" in s.text:
            for m in _LD.findall(s.text):
                try:
                    bodies.append(json.loads(m, strict=False))
                except ValueError:
                    pass
    out.body = bare(" ".join(bodies))
    out.voice = bare(voice)
    out.voice_lines = {bare(line) for line in voice.splitlines()}
    return out


class _BoxInfo:
    __slots__ = ("neg", "negd", "pos", "posd", "around", "articles", "lists", "inlink")


def _boxinfo(box: Box, cache: dict[int, _BoxInfo]) -> _BoxInfo:
    info = cache.get(id(box))
    if info is not None:
        return info
    info = _BoxInfo()
    up = _boxinfo(box.parent, cache) if box.parent else None
    names = box.names.lower()
    neg = len(set(_NEG.findall(names))) if names else 0
    pos = len(set(_POS.findall(names))) if names else 0
    info.neg = neg + (up.neg if up else 0)
    info.pos = pos + (up.pos if up else 0)
    info.negd = 0 if neg else (up.negd + 1 if up else 20)
    info.posd = 0 if pos else (up.posd + 1 if up else 20)
    around = dict(up.around) if up else {}
    if box.tag in _AROUND:
        around[box.tag] = around.get(box.tag, 0) + 1
    info.around = around
    cache[id(box)] = info
    return info


INCORE, VOICE = 104, 52  # columns of a row
_NAME = re.compile(r"[a-z]{2,}")
_CAMEL = re.compile(r"([a-z])([A-Z])")


def name_tokens(box: Box) -> set[str]:
    """Words of a box's tag, class and id."""
    return set(_NAME.findall(_CAMEL.sub(r"\1 \2", box.tag + " " + box.names).lower()))


def hopeless(row: Sequence[float]) -> bool:
    """Lists of links away from the text that no voice speaks for: half of all blocks, not worth judging."""
    return row[2] > 0.8 and row[0] < 25 and not row[INCORE] and row[VOICE] < 2


def opinions(
    blocks: Sequence[Block], names: dict[str, float], vocabulary: dict[str, float]
) -> list[list[float]]:
    """What the two word lists think of each block."""
    cache: dict[int, tuple[float, float, float]] = {}
    out = []
    for block in blocks:
        levels = []
        for box in block.box.chain():
            if len(levels) == 8:
                break
            level = cache.get(id(box))
            if level is None:
                scores = [names[t] for t in name_tokens(box) if t in names]
                level = (sum(scores), min(scores), max(scores)) if scores else (0.0, 0.0, 0.0)
                cache[id(box)] = level
            levels.append(level)
        row = [
            levels[0][0],
            levels[1][0] if len(levels) > 1 else 0.0,
            sum(level[0] for level in levels[:3]),
            sum(level[0] for level in levels),
            min(level[1] for level in levels),
            max(level[2] for level in levels),
        ]
        told = set(words(block.text)) if len(block.text) < 240 else set()
        scores = [vocabulary[w] for w in told if w in vocabulary] if len(told) <= 60 else []
        if scores:
            total = sum(scores)
            row += [total / math.sqrt(len(scores)), min(scores), max(scores), total / len(scores)]
        else:
            row += [0.0, 0.0, 0.0, 0.0]
        out.append(row)
    return out


def rows(blocks: Sequence[Block], f: PageFacts) -> tuple[list[str], list[list[float]]]:
    n = len(blocks)
    if not n:
        return [], []
    cache: dict[int, _BoxInfo] = {}
    total_units = sum(b.units for b in blocks) or 1.0
    total_prose = sum(b.units for b in blocks if b.prose) or 1.0
    # core
    root = blocks[0].box
    while root.parent:
        root = root.parent
    children: dict[int, list[Box]] = {}
    seen = set()
    for b in blocks:
        box = b.box
        while box.parent is not None and id(box) not in seen:
            seen.add(id(box))
            children.setdefault(id(box.parent), []).append(box)
            box = box.parent
    core = root
    while True:
        kids = children.get(id(core), [])
        best = max(kids, key=lambda k: k.prose, default=None)
        if best is None or best.prose < 0.6 * core.prose or best.prose == 0 or best.tag in ("p", "li"):
            break
        core = best
    corechain = {id(x): i for i, x in enumerate(core.chain())}
    tight = core
    while True:
        kids = children.get(id(tight), [])
        best = max(kids, key=lambda k: k.prose, default=None)
        if best is None or best.prose < 0.35 * total_prose or best.tag in ("p", "li"):
            break
        tight = best
    tightchain = {id(x): i for i, x in enumerate(tight.chain())}
    prose_idx = [i for i, b in enumerate(blocks) if b.prose]
    core_ids = set()
    incore = []
    for b in blocks:
        incore.append(any(x is core for x in b.box.chain()))
    pc = [i for i in prose_idx if incore[i]] or prose_idx
    first_p, last_p = (pc[0], pc[-1]) if pc else (0, n - 1)
    sig = Counter()
    sigu = Counter()
    sigs = []
    for b in blocks:
        p = b.box.parent
        s = (b.box.tag, b.box.names, p.tag if p else "", p.names if p else "")
        sigs.append(s)
        sig[s] += 1
        sigu[s] += b.units if b.prose else 0
    bares = [bare(b.text) for b in blocks]
    dups = Counter(bares)
    wordsets = [set(words(b.text)) if b.units < 60 else set() for b in blocks]
    # h1
    h1 = -1
    besth = 0.0
    sims = []
    for i, b in enumerate(blocks):
        sim = 0.0
        ws = wordsets[i]
        if ws:
            for t in f.titles:
                inter = len(ws & t)
                if inter:
                    sim = max(sim, inter / min(len(ws | t), 2 * max(len(ws), 1)))
        sims.append(sim)
        bonus = sim + (0.3 if b.box.tag == "h1" else 0.1 if b.box.tag == "h2" else 0)
        if sim > 0.4 and bonus > besth + 0.01:
            besth, h1 = bonus, i
    # voices per box
    said = [
        (bares[i] in f.voice if len(bares[i]) >= 10 else bares[i] in f.voice_lines) if f.voice else False
        for i in range(n)
    ]
    bvoice: dict[int, float] = Counter()
    for i, b in enumerate(blocks):
        if said[i]:
            for x in b.box.chain():
                bvoice[id(x)] += b.units
    total_voice = sum(b.units for i, b in enumerate(blocks) if said[i])
    # repeated prose
    long_bares = [bares[i] for i, b in enumerate(blocks) if b.units >= 15]
    joined = "\n".join(long_bares)
    offsets, pos_ = {}, 0
    for i, b in enumerate(blocks):
        if b.units >= 15:
            offsets[i] = pos_
            pos_ += len(bares[i]) + 1
    # articles
    art_order: dict[int, int] = {}
    art_prose = []
    art_of = []
    for b in blocks:
        inner = outer = None
        for x in b.box.chain():
            if x.tag == "article":
                inner = inner or x
                outer = x
        if inner is not None and inner.prose > 0:
            art_order.setdefault(id(inner), len(art_order))
        art_of.append((inner, outer))
    h1_art = art_of[h1][0] if h1 >= 0 else None
    since_list = since_call = since_com = 99
    sigv = Counter()
    sigt = Counter()
    sigl = Counter()
    for i, b in enumerate(blocks):
        sigt[sigs[i]] += b.units
        sigl[sigs[i]] += b.link_units
        if said[i]:
            sigv[sigs[i]] += b.units
    h1s = 0
    before_u = 0.0
    before_p = 0.0
    names: list[str] = []
    first = True
    lasthead = -1
    out = []
    nextprose = [n] * (n + 1)
    for i in range(n - 1, -1, -1):
        nextprose[i] = i if blocks[i].prose else nextprose[i + 1]
    prevprose = -1
    small = []
    for i, b in enumerate(blocks):
        t = b.text
        box = b.box
        info = _boxinfo(box, cache)
        L = len(t)
        sents = len(_SENT.findall(t))
        head = int(box.tag[1]) if len(box.tag) == 2 and box.tag[0] == "h" and box.tag[1].isdigit() else 0
        if not head:
            for x in box.chain():
                if len(x.tag) == 2 and x.tag[0] == "h" and x.tag[1].isdigit():
                    head = int(x.tag[1])
                    break
                if x.blocks > 3:
                    break
        ld = b.link_units / b.units if b.units else 0.0
        s = [
            b.units,
            L,
            min(1.0, ld),
            b.links,
            sents,
            len(_COMMA.findall(t)) / (b.units + 1),
            len(_NUM.findall(t)) / L,
            len(_UP.findall(t)) / L,
            1.0 if _END.search(t) else 0.0,
            1.0 if t[-1] in ":：" else 0.0,
            1.0 if t.endswith(("…", "...")) else 0.0,
            1.0 if t[-1] in "?？" else 0.0,
            1.0 if _BULLET.match(t) else 0.0,
            len(_SEPAR.findall(t)),
            1.0 if _RIGHTS.search(t) else 0.0,
            1.0 if b.units < 40 and _DATE.search(t) else 0.0,
            1.0 if b.units < 40 and _TIME.search(t) else 0.0,
            1.0 if _MAIL.search(t) else 0.0,
            len(_QUOTE.findall(t)),
            min(1.0, b.emphasis / L),
            float(b.soft),
            float(b.ruled),
            float(b.prose),
            head,
            1.0 if t[0].islower() else 0.0,
            (b.units - len(t) / 5) / (b.units + 1),
        ]
        if first:
            names += [
                "units",
                "len",
                "ld",
                "links",
                "sents",
                "comma",
                "digits",
                "upper",
                "end",
                "colon",
                "ell",
                "quest",
                "bullet",
                "separ",
                "rights",
                "date",
                "time",
                "mail",
                "quotes",
                "emph",
                "soft",
                "ruled",
                "prose",
                "head",
                "lower",
                "cjk",
            ]
        r = list(s)
        small.append((b.units, min(1.0, ld), head, s[8], float(b.prose), s[9]))
        r.append(_TAGS.index(box.tag) if box.tag in _TAGS else (20 if head else 15))
        r.append(box.depth)
        for a in _AROUND:
            r.append(info.around.get(a, 0))
        r += [info.neg, info.negd, info.pos, info.posd, float(box.hidden)]
        inn = b.inline_names.lower()
        r += [float(bool(inn and _NEG.search(inn)))]
        # title etc.
        bt = bares[i]
        r += [
            sims[i],
            float(bt in f.bare_titles),
            float(len(bt) > 15 and bt[:150] in f.description),
            dups[bt],
            float(len(bt) >= 8 and any(bt in x for x in f.bare_titles)),
            (2.0 if f.body and len(bt) > 8 and bt[:200] in f.body else 1.0 if f.body else 0.0),
            (
                0.0
                if not f.voice
                else 2.0
                if (bt in f.voice if len(bt) >= 10 else bt in f.voice_lines)
                else 1.0
            ),
        ]
        if first:
            names += [
                "tag",
                "depth",
                *("in_" + a for a in _AROUND),
                "neg",
                "negd",
                "pos",
                "posd",
                "hidden",
                "inlneg",
                "titlesim",
                "istitle",
                "indesc",
                "dups",
                "intitle",
                "jsonbody",
                "voice",
            ]
        # cues
        group, strength = cue(t, bt) if b.units < 60 else (None, 0)
        r += [strength if group == g else 0 for g in GROUPS]
        r += [
            since_list,
            since_call,
            since_com,
            (sigv[sigs[i]] - (b.units if said[i] else 0)) / (sigt[sigs[i]] - b.units)
            if sigt[sigs[i]] - b.units > 0.5
            else -1,
            sigl[sigs[i]] / (sigt[sigs[i]] + 1e-6),
            sigt[sigs[i]] / sig[sigs[i]],
        ]
        if group == "list" and strength >= 2 and b.units < 15:
            since_list = 0
        elif group == "call" and strength >= 2:
            since_call = 0
        elif group == "comments" and strength >= 2 and b.units < 15:
            since_com = 0
        since_com += 1
        since_list += 1
        since_call += 1
        # repeated
        cover = ahead = 0.0
        if i in offsets:
            o = offsets[i]
            m = len(bt)
            spots = [bt[k : k + 24] for k in (0, m // 2, max(0, m - 24))]
            for k, spot in zip((0, m // 2, max(0, m - 24)), spots):
                first_at = joined.find(spot)
                if first_at < o + k:
                    cover += 1 / 3
                elif joined.find(spot, o + k + 1) >= 0:
                    ahead += 1 / 3
        r += [cover, ahead]
        inner, outer = art_of[i]
        r += [
            art_order.get(id(inner), -1) if inner else -2,
            len(art_order),
            inner.prose / total_prose if inner else -1,
            float(inner is h1_art) if h1_art else -1,
            h1s,
        ]
        if head == 1:
            h1s += 1
        chain = list(box.chain())
        for k in (0, 1, 2, 3):
            x = chain[min(k, len(chain) - 1)]
            r.append(bvoice[id(x)] / (x.units + 1e-6))
            if first:
                names.append(f"placeholder{k}")
        r += [
            total_voice / total_units,
            float(said[i - 1]) if i else -1,
            float(said[i + 1]) if i + 1 < n else -1,
            float(said[i - 2]) if i > 1 else -1,
            float(said[i + 2]) if i + 2 < n else -1,
        ]
        if first:
            del names[-4:]
            names += [f"cue_{g}" for g in GROUPS] + [
                "since_list",
                "since_call",
                "since_com",
                "sig_voice",
                "sig_ld",
                "sig_units",
                "covered",
                "covers",
                "art_i",
                "art_n",
                "art_prose",
                "art_h1",
                "h1s",
            ]
            names += [f"c{k}_voice" for k in range(4)] + [
                "voice_share",
                "n-1_voice",
                "n1_voice",
                "n-2_voice",
                "n2_voice",
            ]
        # containers
        chain = list(box.chain())
        for k in (0, 1, 2, 3, 5):
            x = chain[min(k, len(chain) - 1)]
            r += [x.units, x.link_units / (x.units + 1e-6), x.prose / total_prose, x.blocks]
            if first:
                names += [f"c{k}_{z}" for z in ("units", "ld", "prose", "blocks")]
        up = 0
        rel = 30
        share = 0.0
        for k, x in enumerate(chain):
            d = corechain.get(id(x))
            if d is not None:
                up, rel, share = k, d, x.prose / total_prose
                break
        up2 = rel2 = 30
        for k, x in enumerate(chain):
            d = tightchain.get(id(x))
            if d is not None:
                up2, rel2 = k, d
                break
        r += [
            up,
            rel,
            float(incore[i]),
            up2,
            rel2,
            sig[sigs[i]],
            sigu[sigs[i]] / total_prose,
            core.prose / total_prose,
            tight.prose / total_prose,
        ]
        if first:
            names += [
                "core_up",
                "core_rel",
                "incore",
                "tight_up",
                "tight_rel",
                "sig_n",
                "sig_prose",
                "core_share",
                "tight_share",
            ]
        # position
        np_ = nextprose[i + 1]
        r += [
            i / n,
            n,
            before_u / total_units,
            before_p / total_prose,
            (i - h1) if h1 >= 0 else 999,
            (i - first_p),
            (last_p - i),
            i - prevprose if prevprose >= 0 else 99,
            np_ - i if np_ < n else 99,
            total_prose,
            total_units,
            len(pc),
        ]
        if first:
            names += [
                "rel",
                "n",
                "before_u",
                "before_p",
                "since_h1",
                "since_first",
                "to_last",
                "since_prose",
                "to_prose",
                "total_prose",
                "total_units",
                "n_prose",
            ]
        if b.prose:
            before_p += b.units
            prevprose = i
        before_u += b.units
        # last heading
        if lasthead >= 0:
            hb = small[lasthead]
            r += [i - lasthead, hb[2], hb[0], hb[1], sims[lasthead]]
        else:
            r += [99, 0, 0, 0, 0]
        if first:
            names += ["since_head", "hd_level", "hd_units", "hd_ld", "hd_sim"]
        if head or (b.units < 12 and s[9]) or (b.units < 12 and s[19] > 0.9):
            lasthead = i
        out.append(r)
        first = False
    nb = len(small[0])
    zero = [-1.0] * nb
    for i in range(n):
        for d in (-3, -2, -1, 1, 2, 3):
            out[i] += small[i + d] if 0 <= i + d < n else zero
        for d in (-1, 1):
            j = i + d
            if 0 <= j < n:
                same = blocks[j].box is blocks[i].box or blocks[j].box.parent is blocks[i].box.parent
                out[i] += [float(same), float(sigs[i] == sigs[j]), float(incore[j])]
            else:
                out[i] += [-1.0, -1.0, -1.0]
    for d in (-3, -2, -1, 1, 2, 3):
        names += [f"n{d}_{z}" for z in ("units", "ld", "head", "end", "prose", "colon")]
    for d in (-1, 1):
        names += [f"n{d}_{z}" for z in ("sibling", "sig", "incore")]
    return names, out
