"""What a user meets first: the README's lines run as they stand, and every public name says what it is."""

from __future__ import annotations

import inspect
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import kg

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
(LINES,) = re.findall(r"```python\n(.+?)```", README, re.DOTALL)
COMMANDS = [line.strip() for line in README.splitlines() if line.startswith("    kg ")]


def run(arguments: list[str], folder: Path) -> str:
    """What a command prints on standard output; it must end well."""
    ran = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder with the articles in it."""
    folder = tmp_path_factory.mktemp("user")
    (folder / "seeds").symlink_to(ROOT / "seeds")
    return folder


def test_the_five_lines_are_five_and_answer(folder: Path) -> None:
    assert len([line for line in LINES.splitlines() if line.strip()]) == 5
    assert "Vladimir Medinsky" in run([sys.executable, "-c", LINES], folder)


def test_the_commands_of_the_readme_run(folder: Path) -> None:
    """All but `kg serve`, which runs until it is stopped: tests/server.py runs that."""
    commands = ["ingest", "query", "explain", "explain", "contradictions", "query", "view", "serve", "backup"]
    assert [shlex.split(command)[1] for command in COMMANDS] == commands
    ended = (command for command in COMMANDS if command.split()[1] != "serve")
    printed = [run([sys.executable, "-m", *shlex.split(command)], folder) for command in ended]
    assert re.search(r"stored +10", printed[0])
    assert "Rustem Umerov" in printed[1]
    assert "negotiatorOf" in printed[2]
    assert "sentences, " in printed[3]
    assert "Agreement" in printed[4]
    assert "Vladimir Medinsky" in printed[5]
    assert (folder / "page.html").stat().st_size > 100_000
    assert re.match("10 articles, ", printed[7])


def test_the_files_that_the_readme_names_are_there() -> None:
    named = re.findall(r"\]\(([^)#:]+)\)", README)
    assert len(named) >= 4
    assert not [name for name in named if not (ROOT / name).exists()]


def test_the_readme_names_each_target_of_make_that_a_user_needs() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"^    make (\w+)", README, re.MULTILINE)) <= targets


@pytest.mark.parametrize("name", kg.__all__)
def test_every_public_name_is_documented_and_typed(name: str) -> None:
    thing = getattr(kg, name)
    assert (inspect.getdoc(thing) or "").strip()
    if inspect.isfunction(thing):
        signature = inspect.signature(thing)
        assert signature.return_annotation is not inspect.Signature.empty
        assert all(one.annotation is not inspect.Parameter.empty for one in signature.parameters.values())


def test_a_name_that_is_not_there_is_said() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = kg.nothing
