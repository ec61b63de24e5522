"""What no example tells into examples that do: searched, written in the language, put into the file."""
