"""The text of a `.std` file into nodes: what is written, with spans, before any name or unit is resolved.

In comes a `Source`; out come a `File` and diagnostics, for any text whatever. `nodes` are the shapes, `parser` reads.
"""
