"""The version of the library and of the language, each in one place."""

VERSION = "0.1.0"
LANGUAGE_VERSION = "1"
