"""The cases are read by tests of their own; many are wrong on purpose, so the plugin of pytest is not to collect them."""

collect_ignore_glob = ["*.std"]
