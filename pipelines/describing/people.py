"""From a byline as written to the names in it."""

import re

from pipelines.describing.wording import fold, plain

_BY = (
    r"(?:written|reported|posted|published|submitted|created|authored|contributed|story|words|text|article|analysis"
    r"|review|interview|post|report)?\s*\bby\b"
)
_LABEL = re.compile(
    rf"^(?:{_BY}(?:\s*[:：]\s*|\s+|(?=[A-Z\u3040-\uffdc]))"
    r"|(?:author|writer|reporter|contributor|editor|autor(?:in|en|es|a)?|auteure?|autore|words|text|texte|testo"
    r"|interview|story|redaktion)s?\s*[:：|]\s*"
    r"|(?:(?:veröffentlicht|verfasst|erstellt|eingestellt|gepostet|geschrieben|publiziert|(?:eine? )?(?:artikel|text|beitrag|interview|kolumne|kommentar|gastbeitrag|analyse))\s+)?von\s*[:：]?\s+"
    r"|(?:(?:publié|écrit|rédigé|propos recueillis|article)\s+)?par\s*[:：]?\s+"
    r"|(?:(?:publicado|escrito|texto)\s+)?por\s*[:：]?\s+"
    r"|(?:di|door|af|przez|от|автор|текст|autor)\s*[:：]\s*|(?:di|door|af|av|przez)\s+(?=[A-ZÀ-Þ])"
    r"|(?:取材・文|取材・執筆|文・写真|写真・文|文・取材|構成・文|著者名?|筆者|執筆者?|作者|文責|投稿者|ライター|取材|文|撰文|撰稿|记者|記者"
    r"|通讯员|작성자|글쓴이|글|기자|저자|게시자|TEXT|Text)\s*(?:[:：／/＝=●|丨｜]+\s*|\s+)"
    r")",
    re.IGNORECASE,
)
_INSIDE = re.compile(rf"^.{{3,40}}\s{_BY}\s+(?=[A-ZÀ-Þ])", re.IGNORECASE)
_OTHERS = re.compile(
    r"(?:image|photo|pic|picture|bild|foto)s?\s*[:：]|\b(?:edited|reviewed|translated|translation|updated|photos?|photographs?|photography|illustrations?|illustrated|fact[- ]checked"
    r"|checked|medically reviewed|art|images?|video|curated|presented)\s+(?:by\b|on\b|[:：])|^(?:写真|撮影|翻訳|訳|監修|摄影|图|编辑|責任編集|责编|责任编辑|사진|편집)"
    r"\s*[:：／/＝=]",
    re.IGNORECASE,
)
_PHOTOGRAPHER = re.compile(r"[\u3400-\u9fff][摄攝][）)】]?$")
_CONTACT = re.compile(r"\S+@\S+\.\S+|https?://\S+|(?<!\w)@\w+|\bwww\.\S+")
_BRACKETED = re.compile(r"\s*[(（\[［〔<＜][^()（）\[\]［］〔〕<>]*(?:[)）\]］〕>＞]|$)\s*")
_WRAPPED = re.compile(r"^[《「『〈“\"'【]+([^《「『〈“\"【】》」』〉”]+)[》」』〉”\"'】]+$")
_SPLIT = re.compile(
    r"\s*[;；、｜|]\s*|,?\s+(?:and|und|et|och|og|и|oraz|ve|with|mit|avec)\s+|\s+(?:y|e|con|en)\s+(?=[A-ZÀ-Þ])|\s*[&＆]\s*|\s+[/／·•+]\s+"
    r"|(?<=[\u3040-\u30ff\u3400-\u9fff])／|(?<=[\u3040-\u309f\u3400-\u9fff])[・·]|[・·](?=[\u3400-\u9fff])|\s*，\s*|\n"
)
_CUT = re.compile(
    r"\s+[-–—~―]+\s+.*$|\s*(?<![\w])\d.*$|\s+(?:am|on|um|at|le|el|vor|updated|published|posted|last|in)$"
    r"|\s*\b(?:updated|published|posted|reviewed|min read|staff writer at|is an?|was an?|view all|all posts|follow)\b.*$",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"[\s,.]*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|january|february|march|april|june|july"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|august|september|october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember|ago|fr|mo|di|mi|do|sa|so)\.?$",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"^(?:ph\.?\s?d\.?|m\.?\s?[ads]\.?|dvm|vmd|dacvb|rdn?|mba|cpa|cfa|cfp®?|j\.?d\.?|esq\.?|rn|np|[js]r\.?|faan|fand|facp|faclm|lcsw|mph|pharmd"
    r"|ba|lvt|dds|dmd|cnn|bbc|md\*|cscs|ms|[mb]\.(?:a|sc)\.(?:\s.*)?"
    r"|.*\b(?:editor|reporter|writer|correspondent|contributor|columnist|journalist|producer|founder|co-founder|ceo|cto|coo|cmo|director"
    r"|manager|president|chief|professor|specialist|analyst|strategist|head|vp|officer|engineer|expert|consultant|coach|redakteur(?:in)?"
    r"|reporterin|profesorius|gardener|astrologer|grader|dietitian|educators?|horticultur(?:al)?ist|abteilung)\b.*)$",
    re.IGNORECASE,
)
_TITLE_AFTER = re.compile(
    r"\s*(?:記者ら?|特派員|通信員|編集委員|論説委員|さん|氏|(?:인턴|선임|수습|전문|객원|논설)?\s?(?:기자|특파원|논설위원|에디터)|记者|通讯员|原创)$"
)
_TITLE_BEFORE = re.compile(r"^(?:\w{2,8}(?:记者|通讯员)|记者|記者)\s*")
_NOBODY = frozenset(
    fold(name)
    for name in [
        "admin",
        "administrator",
        "root",
        "user",
        "guest",
        "unknown",
        "anonymous",
        "author",
        "authors",
        "editor",
        "none",
        "null",
        "undefined",
        "n/a",
        "by",
        "name",
        "the author",
        "webmaster",
        "wordpress",
        "superuser",
        "super user",
        "administrador",
        "default",
        "test",
        "share",
        "follow",
        "sign in",
        "login",
        "log in",
        "subscribe",
        "home",
        "menu",
        "comments",
        "comment",
        "read more",
        "posted on",
        "posted",
        "updated",
        "published",
        "datum",
        "von",
        "written by",
        "written",
        "about",
        "about the author",
        "written by:",
        "story",
        "contributors",
        "contributor",
        "reporter",
        "hecho",
        "veröffentlicht am",
        "publiziert am",
        "publiziert",
        "text",
        "editorial",
        "编辑",
        "作者",
        "佚名",
        "未知",
        "匿名",
        "记者",
        "記者",
        "in",
        "on",
        "at",
        "am",
        "um",
        "le",
        "der",
        "die",
        "das",
        "zur person",
        "my top",
        "disclosure",
        "folgen",
        "本人",
        "本站",
        "原创",
        "著者",
        "筆者",
        "執筆者",
        "作成者",
        "기자",
        "관리자",
        "image",
        "advertisement",
        "search",
        "topics",
        "news",
        "profile",
        "bio",
        "image credits",
        "getty images",
    ]
)
_PLACEHOLDER = re.compile(r"[{}$<>=\\]|\w\.\w+\.\w|^page\.")
#: In a dateline in brackets, between the paper's name and the place: 【…╱記者林小明／台北報導】.
_DATELINE_REPORTER = re.compile(r"[記记]者\s*([\u4e00-\u9fff]{2,4})(?=[／/╱、，,\s】])")
#: A publisher's address instead of a name: a company, its town and its country.
_ADDRESS = re.compile(
    r"^([^,]+),[^,]+,\s*(?:germany|deutschland|austria|österreich|switzerland|schweiz|usa|uk)$", re.IGNORECASE
)
_SURNAME_FIRST = re.compile(r"[A-Z][!-+./-~]*, [A-Z][!-+./-~]*(?: [A-Z]\.?)*")  # in ASCII: Last, First M.
_LONGEST = 80
_MOST = 20


def people(raw: object) -> tuple[str, ...]:
    """The names in one byline, in its order, each once.

    >>> people("By Ann Lee and Bo Chan, Senior Reporter")
    ('Ann Lee', 'Bo Chan')
    >>> people("Kaufman, Jeff T.")
    ('Jeff T. Kaufman',)
    >>> people("16 December 2025 by Sam O'Brien")
    ("Sam O'Brien",)
    >>> people("著者：山田 太郎（編集部）")
    ('山田 太郎',)
    >>> people("김철수 기자 kim@example.com")
    ('김철수',)
    >>> people("文●山田花子／デジタル編集部")
    ('山田花子', 'デジタル編集部')
    >>> people("【中央晚報╱記者林小明／台北報導】")
    ('林小明',)
    >>> people("https://example.com/author/ann")
    ()
    """
    line = plain(raw)
    if line.startswith("【") and (reporters := _DATELINE_REPORTER.findall(line)):
        return tuple(dict.fromkeys(reporters))
    if line.startswith(("http://", "https://", "//", "www.")):
        return ()
    line = _CONTACT.sub(" ", line).strip()
    if _OTHERS.match(line.lstrip("([（［")) or _PHOTOGRAPHER.search(line):
        return ()
    line = _ADDRESS.sub(r"\1", _LABEL.sub("", _INSIDE.sub("", line)))
    line = _BRACKETED.sub(" ", line).strip() or line.strip("()[]（）［］ ")
    found: dict[str, str] = {}
    for part in _parts(line):
        name = _name(part)
        if name and fold(name) not in found and len(found) < _MOST:
            found[fold(name)] = name
    return tuple(found.values())


def _parts(line: str) -> list[str]:
    parts: list[str] = []
    for piece in _SPLIT.split(line):
        pieces = re.split(r"\s*,\s*", piece)
        if len(pieces) == 2 and _SURNAME_FIRST.fullmatch(", ".join(pieces)):  # noqa: PLR2004
            parts.append(f"{pieces[1]} {pieces[0]}")
            continue
        for i, item in enumerate(pieces):
            if i and _ROLE.match(item):
                break
            parts.append(item)
    return [part for part in parts if part.strip() and not _ROLE.match(part.strip())] or parts[:1]


def is_label(line: str) -> bool:
    """Whether a text only says that a name follows.

    >>> is_label("Written by"), is_label("著者："), is_label("Ann Lee")
    (True, True, False)
    """
    return _LABEL.sub("", line.strip() + " X") == "X"


def is_role(line: str) -> bool:
    """Whether a text is what somebody is, not what they are called.

    >>> is_role("Senior Analyst"), is_role("Ann Lee")
    (True, False)
    """
    return bool(_ROLE.match(line.strip(" ,.")))


def _name(part: str) -> str:
    name = part.strip(" \t,.:：;、。|-–—/／·•●*│\u3000")
    name = _WRAPPED.sub(r"\1", _LABEL.sub("", name))
    name = _CUT.sub("", name)
    name = _MONTH.sub("", _MONTH.sub("", name))
    name = _TITLE_BEFORE.sub("", _TITLE_AFTER.sub("", name)).strip(" ,:：-")
    folded = fold(name)
    if (
        not folded
        or folded in _NOBODY
        or len(name) > _LONGEST
        or folded.isdigit()
        or _PLACEHOLDER.search(name)
    ):
        return ""
    return name
