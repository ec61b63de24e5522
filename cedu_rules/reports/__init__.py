"""A run over many institutions into what people and programs read: text, JSON.

Input: `run.Run`. Output: text. Differs from `report` in that it speaks of all institutions of a run at once.
"""
