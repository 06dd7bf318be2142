"""``python -m regimen`` is the command line."""

from regimen.cli import command

if __name__ == "__main__":
    command()
