"""``python -m regimen`` is the command line."""

import sys

from regimen.cli import main

if __name__ == "__main__":
    sys.exit(main())
