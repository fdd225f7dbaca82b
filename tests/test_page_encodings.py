"""The bytes of a page as text where parts of it were encoded twice."""

import pytest

from pipelines.charset import decode


def twice(text: str) -> str:
    """What UTF-8 looks like to a reader of Western European, undefined bytes as control characters."""
    return "".join(
        bytes([byte]).decode("cp1252" if byte not in b"\x81\x8d\x8f\x90\x9d" else "latin-1")
        for byte in text.encode()
    )


@pytest.mark.parametrize(
    "text", ["“It’s late”, she said – again…", "Größe, déjà vu, señor", "5 € · 20° ™ → 😀"]
)
@pytest.mark.parametrize("western", ["cp1252", "latin-1"])
def test_what_was_encoded_twice_is_mended_beside_what_was_not(text: str, western: str) -> None:
    garbled = twice(text) if western == "cp1252" else text.encode().decode("latin-1")
    page = f"<title>日銀’s — é</title><p>It’s fine: 株価は5\u00a0% naïve</p><p>{garbled}</p>"
    assert decode(page.encode()) == page.replace(garbled, text)


def test_a_space_that_was_encoded_twice_goes_only_beside_others() -> None:
    assert decode("<p>Â\u00a0Price: 5</p>".encode()) == "<p>Â\u00a0Price: 5</p>"
    assert decode("<p>Â\u00a0Price: itâ€™s 5</p>".encode()) == "<p>\u00a0Price: it’s 5</p>"


def test_what_was_encoded_twice_may_be_written_in_entities() -> None:
    page = "<p>It&acirc;&euro;&trade;s &acirc;ge &Acirc;&nbsp;5</p>"
    assert decode(page.encode()) == "<p>It’s &acirc;ge \u00a05</p>"


@pytest.mark.parametrize(
    "text",
    [
        "«IRMÃ»",
        "IRMÃ\u00a0MARIA, AMANHÃ “não”",
        "NESCAFÉ® und GROß“ und MAß\u00adnahmen",
        "café…” é\u00a0» déjà, lâ – Ân Â",
        "naïve – ‘quoted’ ðan",
        "Tiếng Việt: ẤN Â “a”, Ê – ê",
    ],
)
def test_real_letters_before_real_signs_stay(text: str) -> None:
    assert decode(f"<p>{text}</p>".encode()) == f"<p>{text}</p>"
