"""Fixtures that many tests share: the real pipeline, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from kg.extract import Pipeline, pipeline
from tests.bench.shared import folder

# How long an example takes is the machine's affair.
settings.register_profile("kg", deadline=None)
settings.load_profile("kg")


@pytest.fixture(scope="session")
def reader() -> Pipeline:
    """The default pipeline (the model takes two seconds to load)."""
    return pipeline()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of third-party test data beside the checkout; tests that need it are skipped where it is absent."""
    found = folder()
    if found is None:
        pytest.skip("no third-party test data beside the checkout")
    return found
