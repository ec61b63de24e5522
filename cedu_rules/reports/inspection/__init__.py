"""A whole city into the papers of an inspection: summary, notices, open items, records of the visit, comparison.

Input: an inspection file. Output: files in a folder. Differs from a report of one run in that it speaks of several tiers
at once, each with its own standard, and in that what inspectors find on site comes back into it.

    plan                 the inspection file
    evaluating           the plan into what was found, tier by tier
    tally, comparing     numbers by group and tier; an earlier inspection beside this one
    visit_paths          the path of one value
    visit_merging        what was found into what was stated
    visit_rows           which values the inspector looks at
    visit_files          the record of the visit as a workbook, there and back
    tables, notices      what papers say
    pages, workbooks     how they are written; `file_names` and `folder`: where
    papers               all papers of an inspection
    inspecting           the whole way, as the command line goes it

Everything wrong is told, and whatever can be written is written all the same.
"""
