"""Asks whether vulnerabilities are known of what is locked; says so plainly where nobody could be asked.

Exit code 1: a locked package has one. It is no failure of the code that the service is out of reach, so that is 0.
"""

import json
import subprocess
import sys
from typing import Any

LOCK = "requirements-dev.lock"  # all that requirements.lock holds, the extras, and what develops them
PATIENCE = 300  # seconds


def answer() -> list[dict[str, Any]] | None:
    """Ask pip-audit for each package: its vulnerabilities, or why it was skipped; None: nobody answered."""
    command = [sys.executable, "-m", "pip_audit", "-r", LOCK, "--disable-pip", "--require-hashes", "-f", "json",
               "--progress-spinner", "off", "--timeout", "10"]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None
    return found


def main() -> int:
    """Print what is known."""
    found = answer()
    asked = [one for one in found or () if "skip_reason" not in one]
    if found is None or not asked:
        print(f"audit: no service that knows vulnerabilities answered; nothing of {LOCK} was audited")
        return 0
    for one in asked:
        for flaw in one["vulns"]:
            fixed = ", ".join(flaw["fix_versions"]) or "no version yet"
            print(f"audit: {one['name']} {one['version']}: {flaw['id']}, mended in {fixed}")
    flawed = sum(bool(one["vulns"]) for one in asked)
    print(
        f"audit: {len(asked)} packages audited, {flawed} with known vulnerabilities, {len(found or ()) - len(asked)} not known"
    )
    return 1 if flawed else 0


if __name__ == "__main__":
    sys.exit(main())
