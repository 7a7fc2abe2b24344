"""`make bench`: how much CPU each kind of page costs, on data of the bench's own, in one run on one machine.

    python -m bench [--practices 10000] [--cities 2000] [--memberships 5000] [--seconds 3] [--only word]

Everything stands on a throw-away database cluster and broker, never on those of a running portal. What is compared is
CPU per request (web workers, Postgres, broker; from /proc), as a ratio over a bare view behind the same middleware:
milliseconds differ from machine to machine, ratios much less. `docs/speed.md` says how to read the table.
"""
