"""An evaluation into words: why a requirement is not met, what is missing, by how much.

Input: `semantics.Evaluation`, which is the definition. Output: `reasons.Reason`, frozen data, and sentences in English
and Chinese. Nothing here decides anything.
"""
