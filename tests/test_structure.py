"""What becomes of tables, quotes, code and line breaks in text and Markdown."""

import textwrap

import pytest
from lxml import html

from pipelines.blocks import blocks_of
from pipelines.render import markdown_of, text_of
from storage.exporting.html import to_html


def markdown(page: str) -> str:
    return markdown_of(blocks_of(html.document_fromstring(page)), "https://site.example/")


@pytest.mark.parametrize(
    ("page", "table"),
    [
        (  # an empty cell keeps its column
            "<tr><th>Coin<th>Low<th>High<tr><td>A<td><td>9<tr><td>B<td>3<td>",
            """\
            | Coin | Low | High |
            | --- | --- | --- |
            | A |  | 9 |
            | B | 3 |""",
        ),
        (  # a heading over two columns, a cell over two rows
            "<tr><th><th colspan=2>Price<tr><td rowspan=2>A<td>1<td>2<tr><td>3<td>4",
            """\
            |  | Price |  |
            | --- | --- | --- |
            | A | 1 | 2 |
            |  | 3 | 4 |""",
        ),
        (  # two lines in a cell, a list in another
            "<tr><th>Coin<br>(fee)<th>Good for<tr><td>A<td><ul><li>trade<li>pay</ul><tr><td>B<td>pay",
            """\
            | Coin (fee) | Good for |
            | --- | --- |
            | A | trade pay |
            | B | pay |""",
        ),
        (  # a column of spaces goes
            "<tr><td>A<td>&nbsp;<td>1<tr><td>B<td>&nbsp;<td>2|3",
            """\
            | A | 1 |
            | --- | --- |
            | B | 2\\|3 |""",
        ),
        (  # a claim that nobody can mean
            "<tr><td colspan=0>A<td colspan=many>1<tr><td rowspan=-2>B<td colspan=99999999>2",
            """\
            | A | 1 |
            | --- | --- |
            | B | 2 |""",
        ),
    ],
)
def test_tables_keep_their_columns(page: str, table: str) -> None:
    assert markdown(f"<table>{page}</table>") == textwrap.dedent(table)


def test_a_table_in_text_is_a_line_for_each_row() -> None:
    page = html.document_fromstring("<table><tr><td>A<td><td>9<tr><td>B<br>b<td>3<td>4</table>")
    assert text_of(blocks_of(page)) == "A | 9\nB b | 3 | 4"


def test_a_cell_that_spans_a_million_columns_costs_nothing() -> None:
    row = "<tr>" + "<td colspan=999 rowspan=999>x" * 500
    assert markdown(f"<table>{row * 20}</table>").count("x") == 10_000


def test_paragraphs_of_a_quote_stay_one_quote() -> None:
    page = "<blockquote><p>One.</p><p>Two.</p></blockquote><blockquote><p>Three.</p></blockquote>"
    written = markdown(page)
    assert written == "> One.\n>\n> Two.\n\n> Three."
    assert to_html(written).count("<blockquote>") == 2
    assert markdown("<blockquote><blockquote>a<p>b</blockquote></blockquote>") == "> > a\n> >\n> > b"


def test_a_single_line_break_is_one_to_readers() -> None:
    written = markdown("<p>Here is<br>a verse<br><br>and another</p>")
    assert written == "Here is  \na verse\n\nand another"
    assert to_html(written) == "<p>Here is<br />\na verse</p>\n<p>and another</p>\n"


def test_code_in_a_quote_or_a_list_stays_inside() -> None:
    assert markdown("<blockquote><pre>a\n b</pre></blockquote>") == "> ```\n> a\n>  b\n> ```"
    assert markdown("<ul><li><pre>a\nb</pre></ul>") == "- ```\n  a\n  b\n  ```"


def test_code_that_holds_a_fence_gets_a_longer_one() -> None:
    written = markdown("<pre>```\nnot the end\n```</pre>")
    assert written == "````\n```\nnot the end\n```\n````"
    assert to_html(written) == "<pre><code>```\nnot the end\n```\n</code></pre>\n"


@pytest.mark.parametrize(
    "line", ["1. Coins", "2024) was long", "# of coins", "- no", "+ one", "> 5", "---", "===", "~~~", "1 - 0"]
)
def test_a_line_that_begins_like_markup_stays_text(line: str) -> None:
    assert to_html(markdown(f"<p>{line}</p>")) == f"<p>{line.replace('>', '&gt;')}</p>\n"
