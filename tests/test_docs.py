"""Tests that the documentation is true: its standards load, its examples hold, its code and its data do what it says."""
