"""docs/security.md keeps its word: each bad input names tests that exist, each package its licence and its use."""

import ast
import re
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions
from pathlib import Path

from licences import licence

ROOT = Path(__file__).parent.parent
ROW = re.compile(r"^\| ([NXESC]\d\d) \| .+ \| (.+) \| .+ \|$", re.MULTILINE)
CASES = [
    f"{group}{number:02}"
    for group, count in (("N", 19), ("X", 16), ("E", 13), ("S", 15), ("C", 7))
    for number in range(1, count + 1)
]
#: What another dependency needs and does not name itself.
NEEDED_BY = {"lxml-html-clean": "trafilatura"}
PACKAGES = ("pressclip", "spiders", "pipelines", "storage")


def document() -> str:
    return (ROOT / "docs/security.md").read_text(encoding="utf-8")


def existing_tests() -> dict[str, str]:
    """Name all test functions that the suite has, and the file of each."""
    return {
        node.name: path.name
        for path in (ROOT / "tests").glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }


def test_every_case_is_there_once() -> None:
    assert [case for case, _ in ROW.findall(document())] == CASES


def test_every_case_names_tests_that_exist() -> None:
    existing = existing_tests()
    for case, shown in ROW.findall(document()):
        named = re.findall(r"`(test_\w+)`", shown)
        assert named, case
        assert set(named) <= existing.keys(), case


def test_every_test_of_a_case_that_attacks_is_in_the_table() -> None:
    table = dict(ROW.findall(document()))
    for name, file in existing_tests().items():
        if file.startswith("test_hostile_"):
            for case in re.findall(r"_([nxesc]\d\d)(?=_)", name):
                assert f"`{name}`" in table[case.upper()], name


def test_every_locked_package_is_listed_with_its_licence() -> None:
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    listed = dict(
        re.findall(
            r"^\| ([^|]+) \| ([^`|]+) \|$", document().partition("## What it is made of")[2], re.MULTILINE
        )
    )
    for package in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE):
        try:
            under = licence(package)
        except PackageNotFoundError:  # for another system or Python
            continue
        assert package in listed.get(under, "").split(", "), f"{package}: {under}"
        assert under != "unknown", package


def imported() -> set[str]:
    """Name all top-level packages that our own import, anywhere in their modules."""
    names = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    names |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names.add(node.module.partition(".")[0])
    return names


def test_every_dependency_is_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (wanted for extra, wanted in project["optional-dependencies"].items() if extra != "dev")
    wanted = [*project["dependencies"], *(one for group in extras for one in group)]
    names = {re.split(r"[\[<>=~!; ]", one, maxsplit=1)[0].lower() for one in wanted}
    used = imported()
    owners = {
        owner.lower().replace("_", "-")
        for module, found in packages_distributions().items()
        if module in used
        for owner in found
    }
    assert {name for name in names - owners if NEEDED_BY.get(name) not in names & owners} == set()


def test_both_lock_files_hold_hashes_and_no_hosts() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pinned = re.findall(r"^[\w.\[\],-]+==.*(?:\n    --hash=\S+(?: \\)?)+", text, re.MULTILINE)
        assert len(pinned) == len(re.findall(r"^[\w.\[\],-]+==", text, re.MULTILINE))
        assert "://" not in text
