"""`python -m cedu_rules` is `cedu-rules`."""

import gc

PATIENCE = 200_000
"""So many new objects before the collector looks for garbage: what a start makes is kept, and looking takes a third of it."""


def main() -> None:
    """Run the command line."""
    gc.set_threshold(PATIENCE)
    from cedu_rules.cli import main as run  # noqa: PLC0415 -- what it imports is what a start makes

    try:
        run()
    finally:
        gc.freeze()  # the process ends: nothing is worth looking for, and looking takes a tenth of a short run


if __name__ == "__main__":
    main()
