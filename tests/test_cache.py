"""Standards that were loaded before: what is kept answers alike, and a folder that is not ours alone is left alone."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given

import cedu_rules as cr
from cedu_rules import cache
from cedu_rules.model.ir import Model
from cedu_rules.model.stored import StoredError, restore, store
from cedu_rules.source import Source
from cedu_rules.testing.histories import models

TEXT = """
standard small "小"
source "办法" annex 1
effective from 2022-09-01
facts { area : m2 "面积"  other : m2 "面积" }
section "一" "二" { clause big "够大" { must area >= 5 m2 example pass { area: 5 m2 } } }
"""

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="this system tells no owners")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the cache, not made yet."""
    kept = tmp_path / "kept"
    monkeypatch.setenv(cache.VARIABLE, str(kept))
    return kept


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file with a small standard."""
    file = tmp_path / "small.std"
    file.write_text(TEXT, encoding="utf-8")
    return file


def only_file(folder: Path) -> Path:
    """Return the one file that is kept."""
    (file,) = folder.iterdir()
    return file


def is_remembered() -> bool:
    """Return whether the small standard would be found."""
    return cache.recall(TEXT, "small.std") is not None


@given(models())
def test_a_stored_model_is_the_model(model: Model) -> None:
    """What is stored as JSON comes back equal, spans and all."""
    written = json.loads(json.dumps(store(model)))

    restored, warnings = restore(written, model.source)

    assert model == restored
    assert repr(model) == repr(restored)
    assert () == warnings
    assert store(model) == store(restored)


@pytest.mark.parametrize("name", ["college", "school", "centre"])
def test_a_bundled_standard_is_the_same_when_remembered(name: str, folder: Path) -> None:
    """The second load answers as the first, with the same texts and places."""
    first = cr.load(name)
    second = cr.load(name)

    assert only_file(folder)
    assert first == second
    assert first.model == second.model
    assert [clause.requirements[0].text for clause in first.model.clauses] == [
        clause.requirements[0].text for clause in second.model.clauses
    ]
    assert first.evaluate({}).to_dict() == second.evaluate({}).to_dict()


def test_these_tests_keep_nothing_where_users_do() -> None:
    """What tests load is kept in a folder of the session, whatever process does it."""
    cr.load("centre")
    kept = Path(os.environ[cache.VARIABLE])

    assert kept.name.startswith("cedu-rules-tests-")
    assert list(kept.iterdir())


def test_a_second_process_reads_no_text(folder: Path, path: Path) -> None:
    """What was loaded before is loaded without the parser."""
    cr.load(path)
    code = f"import sys, cedu_rules; cedu_rules.load({str(path)!r}); print('lark' in sys.modules)"

    told = subprocess.run(  # noqa: S603 -- our own code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout

    assert only_file(folder)
    assert "False" == told.strip()


def test_warnings_are_remembered(folder: Path, path: Path) -> None:
    """The warnings about a file come with the standard, wherever it comes from."""
    first, second = cr.load(path), cr.load(path)

    assert only_file(folder)
    assert [str(each) for each in first.diagnostics] == [str(each) for each in second.diagnostics]
    assert first.diagnostics


def test_a_changed_text_is_another_standard(folder: Path, path: Path) -> None:
    """A file that is edited is read again."""
    cr.load(path)
    path.write_text(TEXT.replace("5 m2 example", "6 m2 example").replace("area: 5", "area: 6"), encoding="utf-8")

    changed = cr.load(path)

    assert 2 == len(list(folder.iterdir()))
    assert "area >= 6 m2" == changed.model.clauses[0].requirements[0].text


def test_only_the_user_can_read_what_is_kept(folder: Path, path: Path) -> None:
    """Folder and file are made for the user alone."""
    cr.load(path)

    assert 0o700 == stat.S_IMODE(folder.stat().st_mode)
    assert 0o600 == stat.S_IMODE(only_file(folder).stat().st_mode)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def _change(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b'"5"', b'"1"', 1) + b" ")


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _write_noise(file: Path) -> None:
    file.write_bytes(bytes(range(256)) * 10)


def _open_file_to_others(file: Path) -> None:
    file.chmod(0o666)


def _open_folder_to_others(file: Path) -> None:
    file.parent.chmod(0o777)


def _link(file: Path) -> None:
    other = file.parent.parent / "other.json"
    file.rename(other)
    file.symlink_to(other)


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file, 0o600)


def _make_folder(file: Path) -> None:
    file.unlink()
    file.mkdir(mode=0o700)


@pytest.mark.parametrize(
    "tamper",
    [
        _cut,
        _change,
        _empty,
        _write_noise,
        _open_file_to_others,
        _open_folder_to_others,
        _link,
        _pipe,
        _make_folder,
    ],
    ids=lambda tamper: tamper.__name__.strip("_"),
)
def test_what_was_tampered_with_is_not_used(tamper: Callable[[Path], None], folder: Path, path: Path) -> None:
    """Whatever is not as it was written, and ours alone, is a miss; the standard loads all the same."""
    first = cr.load(path)

    assert is_remembered()
    tamper(only_file(folder))

    assert not is_remembered()
    assert first == cr.load(path)


def test_a_file_of_another_text_is_not_used(folder: Path, path: Path) -> None:
    """A file under the name of another one says so itself."""
    cr.load(path)
    first = only_file(folder)
    other = TEXT.replace("small", "other")
    path.write_text(other, encoding="utf-8")
    cr.load(path)
    second = next(file for file in folder.iterdir() if file != first)
    second.replace(first)

    assert not is_remembered()


@pytest.mark.parametrize("value", ["/dev/null/kept", "", "off"])
def test_a_folder_that_cannot_be_harms_nothing(value: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a folder a standard is read each time."""
    monkeypatch.setenv(cache.VARIABLE, value)
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")

    assert cr.load(path) == cr.load(path)
    assert not is_remembered()


def test_a_full_disk_leaves_nothing_behind(folder: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be finished does not stay."""

    def fail(*_: object) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(os, "replace", fail)

    assert "small" == cr.load(path).id
    assert [] == list(folder.iterdir())


def test_the_folder_does_not_grow_for_ever(folder: Path, monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Of many texts the last are kept."""
    monkeypatch.setattr(cache, "FILES_LIMIT", 3)
    for number in range(6):
        path.write_text(TEXT.replace("小", f"小{number}"), encoding="utf-8")
        cr.load(path)

    assert 3 == len(list(folder.iterdir()))
    assert cache.recall(path.read_text(encoding="utf-8"), "small.std") is not None


@pytest.mark.parametrize("data", [None, [], {}, {"units": 5}, {"units": [], "types": [[]], "warnings": []}, "text", 7])
def test_data_of_another_shape_is_told(data: object) -> None:
    """What is no stored model is one kind of error, whatever it is."""
    with pytest.raises(StoredError):
        restore(data, Source("small.std", TEXT))
