"""A model, and what is known of institutions, into files to fill in, which `data.read` reads back.

    form       which sheets there are, who fills them in, their headers and rows
    cells      public values into what stands in a cell
    workbook   a form into a workbook, with `checks` for drop-downs and limits and `guide` for the sheet of explanations
    texts      a form into CSV; values into JSON and YAML
    filling    files of data into what is known of institutions
    writing    all of these into the bytes of files

Judged facts stand on sheets of their own, since only the inspector answers them; read back, they are joined by id.
"""

from cedu_rules.data.templates.filling import Filling, filling_of
from cedu_rules.data.templates.form import Audience, Form, FormSheet, form_of
from cedu_rules.data.templates.workbook import workbook
from cedu_rules.data.templates.writing import FORMATS, template

__all__ = ["FORMATS", "Audience", "Filling", "Form", "FormSheet", "filling_of", "form_of", "template", "workbook"]
