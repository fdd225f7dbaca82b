"""A source's own `keep` and `drop` selectors: what its owner knows of its pages overrides all judging."""

import copy
from collections.abc import Sequence

from lxml import html


def narrowed(
    tree: html.HtmlElement, *, keep: Sequence[str], drop: Sequence[str]
) -> tuple[html.HtmlElement, bool]:
    """Make a tree without what `drop` selects and, where `keep` selects something, with nothing else.

    Returns:
        A copy (the tree itself where nothing is selected), and whether `keep` chose it: then all that is in it is the article. Where `keep` finds nothing
        (the site has a new layout), the rest of the page is judged as any other.

    >>> page = html.fromstring("<body><nav>Menu</nav><div id=a>Text <i class=ad>Ad</i></div></body>")
    >>> tree, chosen = narrowed(page, keep=["#a"], drop=[".ad"])
    >>> tree.text_content().strip(), chosen
    ('Text', True)
    >>> narrowed(page, keep=["#gone"], drop=["nav"])[0].text_content().strip()
    'Text Ad'
    """
    if not keep and not drop:
        return tree, False
    narrow = copy.deepcopy(tree)
    for selector in drop:
        for element in narrow.cssselect(selector):
            if element.getparent() is not None:
                element.drop_tree()
    found = [element for selector in keep for element in narrow.cssselect(selector)]
    if not found:
        return narrow, False
    body = html.Element("body")
    chosen = set(found)
    # In the order of the page, each once, and not again inside another that was chosen.
    for element in narrow.iter():
        if element in chosen and not any(above in chosen for above in element.iterancestors()):
            body.append(copy.deepcopy(element))
    return body, True
