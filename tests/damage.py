"""Damage for tests: files of which a bit turns over or the end is lost, disks that are full, calls that fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

ROOT = Path(__file__).parents[1]


def damage(folder: Path, chance: Random) -> str:
    """Turns a bit of a file over, or cuts or takes the file away; what was done."""
    files = [path for path in sorted(folder.iterdir()) if path.stat().st_size]
    # Each kind of file as often as any other: there are many tables, and one list of them.
    kind = chance.choice(sorted({_kind(path) for path in files}))
    file = chance.choice([path for path in files if _kind(path) == kind])
    content = bytearray(file.read_bytes())
    at, what = chance.randrange(len(content)), chance.choice(("flip", "flip", "cut", "cut", "gone"))
    if what == "flip":
        content[at] ^= 1 << chance.randrange(8)
        file.write_bytes(content)
    elif what == "cut":
        os.truncate(file, at)
    else:
        file.unlink()
    return f"{file.name} {what} {at}"


def _kind(path: Path) -> str:
    return path.suffix or path.name.split("-")[0]


def copied(folder: Path, to: Path) -> Path:
    """A fresh copy of a folder."""
    shutil.rmtree(to, ignore_errors=True)
    return shutil.copytree(folder, to)


# ----------------------------------------------------------------------------------------------------------- full disks


@contextmanager
def disk(place: Path, size: int) -> Iterator[None]:
    """A disk of so many bytes at a place. Skips the test where none may be mounted."""
    place.mkdir(exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", place], check=False)
    if mounted.returncode:
        pytest.skip("no disk may be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=True)


def enlarge(place: Path, size: int) -> None:
    """Makes room on a disk."""
    subprocess.run(["mount", "-o", f"remount,size={size}", place], check=True)


def preload(folder: Path) -> Path:
    """`failing.c`, compiled. Skips the test where there is no compiler, or no way to preload it."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("no C compiler to make calls of the system fail")
    made = folder / "failing.so"
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", made, ROOT / "tests" / "failing.c", "-ldl"], check=True)
    return made
