"""Which licence a package is under, in one spelling."""

from importlib.metadata import metadata

#: How packages spell what they mean, and what SPDX calls it.
_SPELLINGS = {
    "Apache 2": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache2": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD License": "BSD-3-Clause",
    "LGPL": "LGPL-3.0-or-later",  # Pebble, in each of its files
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "Public Domain": "public domain",
    "Python Software Foundation License": "PSF-2.0",
    "The BSD 2-Clause License": "BSD-2-Clause",
}
#: Packages that say it in a file only.
_TOLD = {"atheris": "Apache-2.0"}


def licence(package: str) -> str:
    """Name the licence that an installed package declares: as an expression, else in words, else as a classifier.

    Raises:
        importlib.metadata.PackageNotFoundError: it is not installed.
    """
    said = metadata(package)
    classified = [
        name.rpartition(" :: ")[2] for name in said.get_all("Classifier") or () if name.startswith("License")
    ]
    words = said["License"] or ""
    if words in {"", "UNKNOWN"} or "\n" in words:  # the whole text of it
        words = " OR ".join(classified) or _TOLD.get(package, "unknown")
    words = said["License-Expression"] or words
    return _SPELLINGS.get(words, words)
