"""A standard into what helps its author: whether its examples hold."""
