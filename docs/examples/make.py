"""The facts of the standards into the data files of a made-up city.

`python docs/examples/make.py [FOLDER]` writes one college, 30 schools and 300 centres
into FOLDER, by default the folder of this script; the same files every time. They hold
what an inspection finds in December 2022: most lines are met, some are missed narrowly,
some facts are not recorded, and little has been judged yet.
"""

import csv
import sys
from pathlib import Path

import yaml
from city.centres import centres
from city.college import HEAD, college
from city.institutions import teacher_rows
from city.places import places
from city.schools import schools


def write_table(path: Path, rows: list[dict[str, str]]) -> None:
    """Write rows that share their columns as CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_college(path: Path, content: dict[str, object]) -> None:
    """Write one institution as YAML."""
    text = yaml.safe_dump([content], allow_unicode=True, sort_keys=False, width=100)
    path.write_text(HEAD + text, encoding="utf-8")


def main(folder: Path) -> None:
    """Write all files into a folder."""
    city = places()
    for path, found in (
        (folder / "schools.csv", schools(city)),
        (folder / "centres" / "centres.csv", centres(city)),
    ):
        write_table(path, [institution.row for institution in found])
        write_table(path.with_name("teachers.csv"), teacher_rows(found))
    residents = sum(place.residents[2022] for place in city)
    write_college(folder / "college.yaml", college(residents))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
