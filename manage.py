#!/usr/bin/env python3
"""Django's command line for Koine; development settings unless DJANGO_SETTINGS_MODULE says otherwise."""

import gc
import os
import sys

from django.core.management import execute_from_command_line

# A command imports everything and ends soon. Looking for cyclic garbage after every 700 new objects, as Python does, takes a
# sixth of a command's start and a quarter of a first migration; this often costs at most 100 MB for a while.
OBJECTS_BETWEEN_COLLECTIONS = 500_000


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings.development")
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
