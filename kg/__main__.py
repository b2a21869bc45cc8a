"""`kg`, and `python -m kg`."""


def run() -> None:
    """Runs the command line."""
    # Not at the top: each process that works for this one runs what stands there, and needs no command line.
    from kg.cli import app

    app(prog_name="kg")


if __name__ == "__main__":
    run()
