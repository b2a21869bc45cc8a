"""What one part of a foreign file may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds on the clock, and bytes of memory beyond what the process has when it begins."""

    seconds: int = 15
    memory: int = 1_000_000_000


LIMITS = Limits()
