"""`python -m addon`: the command line, for a process that starts others of its kind."""

from addon.cli import main

if __name__ == "__main__":
    main(prog_name="throughline")
