"""A standard into mutants, each a small slip that an author might have made, and into those that no example notices."""
