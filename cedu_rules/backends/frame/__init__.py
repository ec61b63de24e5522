"""A model and frames of institutions into frames of answers, in the engine of the caller.

Statuses become Boolean columns whose null is unknown (`translate`), over the columns of facts as they are (`leaves`) or
as integers where something is calculated (`numbers`), and over sums of the frames of lists (`lists`). Guards tell which
rows that is right for (`facts`); the others are read as records and answered by the reference (`rows_path`). Eager frames
are evaluated by Polars, those of DuckDB and Spark where they are.
"""

from cedu_rules.backends.frame.evaluating import evaluate
from cedu_rules.backends.frame.result import FrameResult
from cedu_rules.backends.frame.task import Task

__all__ = ["FrameResult", "Task", "evaluate"]
