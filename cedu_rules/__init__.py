"""Official standards as rules: exact, explained, and honest about what is not known."""
