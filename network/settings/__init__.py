"""Settings: `base` shared by all, `development`, `test` and `production` on top of it."""
