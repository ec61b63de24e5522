"""A form into its files: the bytes of each, by name; a form of one file has no name."""

from collections.abc import Sequence

from cedu_rules.data.templates.form import Audience, Known, form_of
from cedu_rules.data.templates.texts import csv_files, json_text, yaml_text
from cedu_rules.data.templates.workbook import workbook
from cedu_rules.model.ir import Model

FORMATS = ("xlsx", "csv", "json", "yaml")


def template(
    model: Model,
    kind: str,
    *,
    language: str = "zh",
    audience: Audience | None = None,
    years: Sequence[int] = (),
    known: Sequence[Known] = (),
    group: str | None = None,
) -> dict[str, bytes]:
    """Return the files of a form, of CSV one a table by name, else one under the name "".

    Args:
        model: The standard.
        kind: One of `FORMATS`.
        language: `zh` or `en`.
        audience: Whose facts are wanted; None for both.
        years: The years of series that tables have columns for, besides those that are known.
        known: What is known of institutions: records, or their public values by name.
        group: A column to group by, such as a town; mappings in `known` may hold it under this name.

    Raises:
        InputError: a value that the file cannot hold, or institutions that cannot be told apart.
        UnsupportedError: workbooks are wanted and the extra is not installed, or a table would be too wide.
    """
    if kind == "json":
        return {"": json_text(model, audience=audience, known=known, group=group).encode()}
    if kind == "yaml":
        return {"": yaml_text(model, language=language, audience=audience, known=known, group=group).encode()}
    form = form_of(model, language=language, audience=audience, years=years, known=known, group=group)
    if kind == "xlsx":
        return {"": workbook(form)}
    return {name: text.encode("utf-8-sig") for name, text in csv_files(form).items()}
