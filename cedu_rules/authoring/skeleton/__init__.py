"""The lines of an official document into a standard to fill in.

Input: lines, and the head of the standard. Output: the text of a `.std` file in canonical form that loads without an error:
one clause a line, and as comments what the numbers of the line seem to ask.

    numerals    numbers as officials write them
    quantities  a line into the numbers in it that ask something
    proposals   such a number into a fact and a requirement
    writing     lines and proposals into the file
"""

from cedu_rules.authoring.skeleton.writing import Head, skeleton

__all__ = ["Head", "skeleton"]
