"""Texts that are being written into answers for an editor: the language server of `.std` files.

What comes in are the open documents of a client, each change of them, and questions at a place; what goes out are
diagnostics, hovers, completions, places, edits. Nothing is written to disk. Only `server` knows how requests arrive;
every other module is a function of a `Reading`, the snapshot of one text.
"""
