"""S01, S02: each write of each piece of work can fail, or be the last; what was committed stays, and the next run ends well."""

import resource
from pathlib import Path

import faulty_store
import full_store
import pytest

from pressclip.errors import StoreError
from storage.doctor import examine
from storage.store import Store


def test_s01_s02_writes_that_fail_and_kills_between_them_lose_nothing(tmp_path: Path) -> None:
    library = faulty_store.build(tmp_path)
    if library is None:
        pytest.skip("no C compiler: tests/faults.c cannot be built")
    for name, found in faulty_store.run(library, few=True).items():
        assert found["writes"] > 50, name
        for mode in faulty_store.MODES:
            counts = found[mode]
            assert counts["bugs"] == [], name
            assert counts["struck"] > 2
            assert counts.get("killed" if mode == "kill -9" else "named", 0) > 0, (
                f"{name}, {mode}: none was struck"
            )


def test_s02_a_disk_that_fills_up_in_a_batch_is_named_and_the_batch_comes_later(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    full_store.fill(path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Store.open(path) as store:
        [waiting] = store.due(full_store.NOW, source="wire")
        big = full_store.done(waiting, text="長い本文。" * 200_000)
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, limits[1]))
        try:
            with pytest.raises(StoreError, match=r"news\.db cannot"):
                store.save([big])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert store.due(full_store.NOW, source="wire") == [waiting]
        assert store.save([big])[0].outcome == "new"
    assert examine(path, faulty_store.NOW, deep=True) == []
