"""Which Memocha this is."""

from importlib.metadata import version

VERSION = version("memocha")
