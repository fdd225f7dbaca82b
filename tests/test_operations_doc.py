"""docs/operations.md keeps its word: each behaviour of polite polling names tests that exist, or a decision."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROW = re.compile(r"^\| (P\d\d) \| .+ \| (.+) \|$", re.MULTILINE)


def shown() -> dict[str, str]:
    """Read the table: what shows each behaviour."""
    return dict(ROW.findall((ROOT / "docs/operations.md").read_text(encoding="utf-8")))


def existing_tests() -> set[str]:
    """Name all test functions that the suite has."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "tests").glob("test_*.py"))
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_behaviour_is_there_once() -> None:
    assert list(shown()) == [f"P{number:02}" for number in range(1, 61)]


def test_every_behaviour_has_a_test_of_its_name_or_a_decision() -> None:
    decisions = (ROOT / "docs/decisions.md").read_text(encoding="utf-8")
    existing = existing_tests()
    for behaviour, by in shown().items():
        if by == "decision":
            assert re.search(rf"\b{behaviour}\b", decisions), f"{behaviour} has no decision"
        else:
            named = re.findall(r"`(test_\w+)`", by)
            assert named, behaviour
            assert all(f"_{behaviour.lower()}_" in name for name in named), behaviour
            assert set(named) <= existing, behaviour


def test_every_test_of_a_behaviour_is_in_the_table() -> None:
    table = shown()
    for path in (ROOT / "tests").glob("test_polling_*.py"):
        for name in re.findall(r"def (test_p\w+)", path.read_text(encoding="utf-8")):
            for number in re.findall(r"_p(\d\d)(?=_)", name):
                assert f"`{name}`" in table[f"P{number}"], name
