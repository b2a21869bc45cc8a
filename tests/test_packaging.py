"""What is shipped: the wheel and the source distribution hold all they need, and what they need is pinned."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from kg import __version__

ROOT = Path(__file__).parents[1]
PINS = ("constraints.txt", "constraints-spark.txt")
CONSTRAINTS = "".join((ROOT / name).read_text(encoding="utf-8") for name in PINS)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(next(built.glob("*.whl")))


def test_the_wheel_holds_the_package_and_the_ontology(wheel: zipfile.ZipFile) -> None:
    inside = set(wheel.namelist())
    for folder, place in ((ROOT / "kg", "kg"), (ROOT / "ontology", "kg/ontology")):
        assert {f"{place}/{path.relative_to(folder).as_posix()}" for path in sources(folder)} <= inside
    assert "kg/ontology/kg.ttl" in inside
    tops = {name.split("/")[0] for name in inside}
    assert tops == {"kg", f"kg_news-{__version__}.dist-info"}


def sources(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def test_the_source_distribution_holds_what_the_checks_need(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {"Makefile", *PINS, ".ci/run", "LICENSE", "SECURITY.md", "pyproject.toml"} <= inside
    for folder in ("kg", "ontology", "tests", "seeds", "notebooks"):
        assert {path.relative_to(ROOT).as_posix() for path in sources(ROOT / folder)} <= inside


def test_an_unpacked_wheel_finds_its_ontology(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    code = "from kg import ontology; from kg.query import questions; print(ontology.path('kg.ttl')); assert questions()"
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert Path(run.stdout.strip()) == tmp_path / "kg" / "ontology" / "kg.ttl"


def test_the_wheel_says_how_to_start_it(wheel: zipfile.ZipFile) -> None:
    points = wheel.read(f"kg_news-{__version__}.dist-info/entry_points.txt").decode()
    assert "kg = kg.__main__:run" in points
    metadata = wheel.read(f"kg_news-{__version__}.dist-info/METADATA").decode()
    assert "License-Expression: Apache-2.0" in metadata


def test_the_version_is_in_one_place() -> None:
    assert "version" not in PROJECT["project"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "kg/__init__.py"
    holders = [
        path.name for path in (ROOT / "kg").rglob("*.py") if re.search(r"^__version__ =", path.read_text(), re.M)
    ]
    assert holders == ["__init__.py"]


# --------------------------------------------------------------------------------------------------------------- pins


def test_every_pin_has_a_hash() -> None:
    pins = re.split(
        r"\n(?=[A-Za-z0-9])", "\n".join(line for line in CONSTRAINTS.splitlines() if line.strip()[:1] != "#")
    )
    assert len(pins) > 50
    for pin in pins:
        assert re.match(r"\s*[a-z0-9._-]+==[^ ]+", pin), pin
        assert "--hash=sha256:" in pin


def test_pins_name_no_index_and_no_machine() -> None:
    for word in ("://", "--index", "--extra-index", "--find-links", "--trusted-host", " @ ", "file:", "/root", "/home"):
        assert word not in CONSTRAINTS


def test_all_that_is_needed_is_pinned() -> None:
    extras = PROJECT["project"]["optional-dependencies"].values()
    needed = [*PROJECT["project"]["dependencies"], *(requirement for extra in extras for requirement in extra)]
    needed += PROJECT["build-system"]["requires"]
    pinned = set(re.findall(r"^([a-z0-9._-]+)==", CONSTRAINTS, re.M))
    assert {normal(requirement) for requirement in needed} <= pinned


def normal(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def test_all_that_is_imported_is_declared() -> None:
    """The package imports nothing that only happens to be there, brought along by something else."""
    imported = {top for path in (ROOT / "kg").rglob("*.py") for top in imports(path)} - sys.stdlib_module_names
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = [*PROJECT["project"]["dependencies"], *(one for name in extras if name != "dev" for one in extras[name])]
    declared = {normal(requirement) for requirement in wanted}
    names = {"frontmatter": "python-frontmatter", "charset_normalizer": "charset-normalizer", "yaml": "pyyaml"}
    assert {names.get(top, normal(top)) for top in imported - {"kg"}} <= declared


def imports(path: Path) -> set[str]:
    """The top-level modules that a file imports from outside of its package."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0}
    return {name.partition(".")[0] for name in plain | named}


def test_the_pictures_of_the_readme_are_there_and_small() -> None:
    named = re.findall(r"!\[[^\]]{20,}\]\((docs/\w+\.png)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(named) == 3
    for name in named:
        assert (ROOT / name).read_bytes()[:4] == b"\x89PNG"
        assert (ROOT / name).stat().st_size < 150_000
