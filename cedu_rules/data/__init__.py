"""Files of data into submissions: what each institution states, where it stands, and what cannot be read.

In come a model and paths (`.csv`, `.tsv`, `.xlsx`, `.parquet`, `.json`, `.yaml`, `.yml`); out comes a `Reading`. Values stay as
they were written: `records` converts and judges them. No file makes `read` raise; whatever is wrong is an `InputIssue`.

    contents      bytes into text: size, encoding, digest
    layout        headers into facts: names, labels, units, members, years
    csv_files     text into a grid of cells, and for workbooks `archives`, `xlsx_files` and `sheet_names`
    parquet_files the same of Parquet
    tables        a grid of cells into entries
    json_files    text into institutions, and the same for `yaml_files`
    entries       one institution, or one element of a list, as it stands in a file
    lists         the rows of list tables into the institutions that they belong to
    places        the path of a value into the place where it stands
    sources       files into what they hold: institutions, judgements, lists
    grids         tables and sheets of workbooks into the same
    reading       all files into one `Reading`
    stable_bytes  a workbook into bytes that do not tell the time
    templates     the way back: a model, and what is known, into files to fill in
"""

from cedu_rules.data.contents import FilePath
from cedu_rules.data.reading import Reading, Submission, read

__all__ = ["FilePath", "Reading", "Submission", "read"]
