"""Which pressclip this is; the build and the User-Agent read it here."""

VERSION = "0.1.0"
