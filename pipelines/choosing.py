"""Which articles of a source are wanted, once they are clean: by language and topic. Pure."""

from pressclip.models import Article, Care


def left_out(article: Article, care: Care) -> str | None:
    """Say why a source does not want an article: ``language: ko``, ``topic: none of crypto, ai``."""
    if care.languages and article.lang and not speaks(article.lang, care.languages):
        return f"language: {article.lang}"
    if care.only_topics and not set(care.only_topics) & set(article.topics):
        return f"topic: none of {', '.join(care.only_topics)}"
    return None


def speaks(lang: str, languages: tuple[str, ...]) -> bool:
    """Whether a language is one of these; ``zh`` takes both scripts, and an unknown script passes.

    >>> (
    ...     speaks("zh-Hant", ("zh",)),
    ...     speaks("zh", ("zh-Hans",)),
    ...     speaks("zh-Hant", ("zh-Hans",)),
    ...     speaks("en", ("ja",)),
    ... )
    (True, True, False, False)
    """
    return any(
        lang == wanted or lang.startswith(f"{wanted}-") or wanted.startswith(f"{lang}-")
        for wanted in languages
    )
