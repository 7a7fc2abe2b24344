#!/bin/sh
# Renew the locks from the .in files: exact versions with hashes for every platform, and no address of any index.
# LOCK_ARGS="--upgrade" takes the newest versions; without it, what is locked stays.
set -eu
cd "$(dirname "$0")/.."
command -v uv >/dev/null || { echo "uv is missing: python3 -m pip install uv"; exit 1; }
lock() {
  uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
    --no-emit-find-links --python-version 3.11 "$@"
}
# dev.lock holds everything; the others must choose the same versions.
lock ${LOCK_ARGS:-} requirements/dev.in -o requirements/dev.lock
lock -c requirements/dev.lock requirements/local.in -o requirements/local.lock
lock -c requirements/dev.lock requirements/run.in -o requirements/run.lock
lock ${LOCK_ARGS:-} requirements/node.in -o requirements/node.lock
