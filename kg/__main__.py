"""`python -m kg` is `kg`."""

if __name__ == "__main__":
    # Not at the top: each process that works for this one runs this file, and needs no command line.
    from kg.cli import app

    app(prog_name="kg")
