"""The facts of the standards into a made-up city, for the examples in this folder."""
