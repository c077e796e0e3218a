"""The parts of a service without HTTP, that imports."""

from tests.integration.jobs.conftest import migrated_url, parts, template

__all__ = ["migrated_url", "parts", "template"]
