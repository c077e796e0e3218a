"""Databases of their own, as the jobs' tests have them."""

from tests.integration.jobs.conftest import migrated_url, template

__all__ = ["migrated_url", "template"]
