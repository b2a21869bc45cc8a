"""The command line: each command parses, calls one function of the library, and prints.

Exit codes: 0 all fine, 1 some inputs were skipped (or the graph does not conform), 2 nothing could be done, or not to
the end, 130 interrupted. Answers go to standard output, all else to standard error.
"""

from kg.cli.command import app

# In the order in which `kg --help` lists their commands.
from kg.cli import intake, asking, together, care, showing  # noqa: F401 # isort: skip

__all__ = ["app"]
