"""Exact numbers into numerals of the language."""

from fractions import Fraction

from cedu_rules.units import decimal_digits


def plain(value: Fraction) -> str:
    """Return a number as a file writes it: `-0.5`, or `1/3` where no decimal ends."""
    digits = decimal_digits(value)
    if digits is None:
        return f"{value.numerator}/{value.denominator}"
    sign, scaled = "-" if value < 0 else "", str(abs(value.numerator) * 10**digits // value.denominator)
    if not digits:
        return sign + scaled
    scaled = scaled.rjust(digits + 1, "0")
    return f"{sign}{scaled[:-digits]}.{scaled[-digits:]}"
