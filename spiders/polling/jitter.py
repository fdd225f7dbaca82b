"""A delay of each source's own, the same on every machine and in every run: many sources do not come at once."""

import hashlib

SHARE = 0.1  # of a pause, at the most


def add(name: str, pause: int) -> int:
    """Lengthen a pause (seconds) by up to a tenth, in whole minutes: cron does not know seconds. Never shorten it.

    >>> add("coindesk", 3600) == add("coindesk", 3600), 3600 <= add("coindesk", 3600) <= 3960
    (True, True)
    """
    share = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) / 2**32
    return pause + int(pause * SHARE * share) // 60 * 60
