"""`python -m cedu_rules` is `cedu-rules`."""

from cedu_rules.cli import main

if __name__ == "__main__":
    main()
