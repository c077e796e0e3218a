"""Alembic's migrations, carried by the package so that `memocha migrate` works without a checkout."""
