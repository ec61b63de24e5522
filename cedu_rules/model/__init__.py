"""Nodes of a `.std` file into a resolved model: names looked up, types and units known, constants folded.

Input: `syntax.nodes.File`. Output: `ir.Model`, or every diagnostic at once.
Differs from the nodes in that every name is bound, every number is in base units, guards of sections hang on
their clauses, facts declared in place stand among the facts, and each clause knows its line in the annex.
"""
