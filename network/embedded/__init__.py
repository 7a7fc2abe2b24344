"""Local running: embedded Postgres and broker, the supervisor of `make run`, front-end packages, catalogues.

Nothing here is imported in production. The modules need only the standard library (and psycopg2 or polib
where they say so), because some of them run before anything else is installed.
"""
