"""An inspection file into a plan: the day, the group column, waivers, and for each tier its standard and data files.

    date = 2022-12-15
    title = "示例市社区教育验收"          # optional
    group = "town"                        # optional: the column to sum up by
    waivers = ["waivers.yaml"]            # optional
    visits = ["visits/school.xlsx"]       # optional: records of the visit, filled in
    rectify_by = 2023-03-31               # optional: the day by which defects are to be put right
    issuer = "示例市教育局"                # optional: who issues the notices of rectification
    immutable = ["area"]                  # optional: facts that no repair changes, by name or path
    costs = { area = 3000 }               # optional: what one unit of a change costs, by name or path of a fact

    [tiers.school]
    standard = "school"                   # a name, or the path of a `.std` file
    files = ["schools.csv", "teachers.csv"]
    label = "社区教育学校"                 # optional: what its institutions are called
    lead_unit = "镇政府（街道办事处）"     # optional: named on every notice
    due = 30                              # optional: how many institutions there should be, or { "示例一镇" = 1 }
    group = "town"                        # optional: the column of this tier
    groups = { S01 = "示例一镇" }          # optional, instead: the group by id or name
    ignore = ["备注"]                     # optional: columns to leave out
    immutable = ["funding"]               # optional: besides those of all tiers; `costs` likewise

Paths are relative to the file. The name of a tier becomes the name of a file and of a sheet: letters, digits, Chinese,
`-` and `_`. Everything wrong with the file is told at once.
"""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import field, frozen

from cedu_rules.diagnostics import InputError, InputIssue
from cedu_rules.explain.repairing.pricing import Cost, is_cost
from cedu_rules.messages import Words
from cedu_rules.model.findings import nearest
from cedu_rules.reports.inspection.file_names import file_name

_KEYS = ("date", "title", "group", "waivers", "visits", "rectify_by", "issuer", "immutable", "costs", "tiers")
_TIER_KEYS = ("standard", "files", "label", "lead_unit", "due", "group", "groups", "ignore", "immutable", "costs")
_TEXT = Words("a text", "文本")
_TEXTS = Words("a list of texts", "文本的列表")
_DAY = Words("a day such as 2022-12-15, without quotes", "日期，如 2022-12-15，不加引号")
_DUE = Words("a whole number, or a table of numbers by group", "整数，或按分组给出的整数表")
_COSTS = Words("a table of numbers from 0 by name or path of a fact", "按事实的名称或路径给出的数值表，数值不小于 0")
_TABLE = Words("a table `[tiers.NAME]`", "表 `[tiers.名称]`")
_NAME = Words(
    "a name of at most 31 letters, digits, Chinese characters, `-` and `_`, unlike the others",
    "由字母、数字、汉字、`-`、`_` 组成、不超过 31 字、互不相同的名称",
)
_GROUPS = Words("a table of groups by id or name of an institution", "按机构编号或名称给出的分组表")
_ONE_GROUPING = Words("either `group` or `groups`", "`group` 与 `groups` 二者之一")
SIZE_LIMIT = 2**20
NAME_LIMIT = 31
"""Sheets of workbooks have names of at most so many characters."""


@frozen
class Tier:
    """One tier of the network.

    `due` is how many institutions there should be, in all or by group; None: the plan does not say. `group` is the column
    to sum up by; `groups` gives the group by id or name instead. `label` is what the institutions are called.
    `immutable` and `costs` are those of `Report.repairs`, for this tier alone.
    """

    name: str
    standard: str
    files: tuple[Path, ...]
    lead_unit: str | None = None
    due: int | Mapping[str, int] | None = field(default=None, hash=False)
    ignore: tuple[str, ...] = ()
    group: str | None = None
    groups: Mapping[str, str] | None = field(default=None, hash=False)
    label: str | None = None
    immutable: tuple[str, ...] = ()
    costs: Mapping[str, Cost] = field(factory=dict, hash=False)


@frozen
class Plan:
    """What an inspection file says; `immutable` and `costs` are for all tiers whose standard has the fact."""

    assessed_on: date
    tiers: tuple[Tier, ...]
    title: str | None = None
    waivers: tuple[Path, ...] = ()
    visits: tuple[Path, ...] = ()
    rectify_by: date | None = None
    issuer: str | None = None
    immutable: tuple[str, ...] = ()
    costs: Mapping[str, Cost] = field(factory=dict, hash=False)


def read_plan(path: Path) -> Plan:
    """Return the plan of an inspection file.

    Raises:
        InputError: the file cannot be read, is no TOML, or says what cannot be; every issue is in it.
    """
    return _Reader(path).plan()


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.issues: list[InputIssue] = []

    def plan(self) -> Plan:
        """Return the plan, or raise everything that is wrong."""
        root = self._load()
        self._known(root, _KEYS, "")
        group = self._text(root, "group", "")
        plan = Plan(
            assessed_on=self._day(root, "date", needed=True) or date.min,
            tiers=tuple(self._tiers(root, group)),
            title=self._text(root, "title", ""),
            waivers=self._paths(root, "waivers", ""),
            visits=self._paths(root, "visits", ""),
            rectify_by=self._day(root, "rectify_by", needed=False),
            issuer=self._text(root, "issuer", ""),
            immutable=self._texts(root, "immutable", ""),
            costs=self._costs(root, ""),
        )
        if self.issues:
            raise InputError(self.issues)
        return plan

    def _load(self) -> dict[str, Any]:
        wanted = Words("a TOML file of an inspection", "验收的 TOML 文件")
        raw = read_bytes(self.path, "inspection", SIZE_LIMIT + 1)
        if len(raw) > SIZE_LIMIT:
            raise InputError([InputIssue("file", str(self.path), wanted)])
        try:
            return tomllib.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            told = Words(f"{wanted.en}: {str(error)[:200]}", f"{wanted.zh}（{str(error)[:200]}）")
            raise InputError([InputIssue("file", self.path.name, told, place=self.path.name)]) from None

    def _add(self, path: str, value: object, expected: Words) -> None:
        self.issues.append(InputIssue(path, str(value)[:60], expected, place=self.path.name))

    def _known(self, table: Mapping[str, Any], keys: tuple[str, ...], path: str) -> None:
        for key in table:
            if key not in keys:
                near = nearest(key, keys)
                meant = f"; did you mean `{near.values['name']}`?" if near is not None else ""
                listed = ", ".join(keys)
                self._add(f"{path}{key}", "", Words(f"one of {listed}{meant}", f"{listed} 之一"))

    def _text(self, table: Mapping[str, Any], key: str, path: str, *, needed: bool = False) -> str | None:
        value = table.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if value is not None or needed:
            self._add(f"{path}{key}", "" if value is None else value, _TEXT)
        return None

    def _texts(self, table: Mapping[str, Any], key: str, path: str, *, needed: bool = False) -> tuple[str, ...]:
        value = table.get(key)
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and all(isinstance(item, str) for item in listed) and (listed or not needed):
            return tuple(listed)
        if value is not None or needed:
            self._add(f"{path}{key}", "" if value is None else value, _TEXTS)
        return ()

    def _paths(self, table: Mapping[str, Any], key: str, path: str, *, needed: bool = False) -> tuple[Path, ...]:
        return tuple(self.path.parent / name for name in self._texts(table, key, path, needed=needed))

    def _day(self, table: Mapping[str, Any], key: str, *, needed: bool) -> date | None:
        value = table.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None or needed:
            self._add(key, "" if value is None else value, _DAY)
        return None

    def _tiers(self, root: Mapping[str, Any], group: str | None) -> list[Tier]:
        tables = root.get("tiers")
        if not isinstance(tables, dict) or not tables:
            self._add("tiers", "" if tables is None else tables, _TABLE)
            return []
        folded = [name.casefold() for name in tables]
        for name in tables:
            if file_name(name) != name or len(name) > NAME_LIMIT or folded.count(name.casefold()) > 1:
                self._add("tiers", name, _NAME)
        tiers = [self._tier(name, table, group) for name, table in tables.items()]
        return [tier for tier in tiers if tier is not None]

    def _tier(self, name: str, table: object, group: str | None) -> Tier | None:
        path = f"tiers.{name}."
        if not isinstance(table, dict):
            self._add(f"tiers.{name}", table, _TABLE)
            return None
        self._known(table, _TIER_KEYS, path)
        standard = self._text(table, "standard", path, needed=True)
        is_path = standard is not None and ("/" in standard or "\\" in standard or standard.endswith(".std"))
        own, groups = self._text(table, "group", path), self._groups(table.get("groups"), path)
        if own is not None and groups is not None:
            self._add(f"{path}group", own, _ONE_GROUPING)
        return Tier(
            name=name,
            standard=str(self.path.parent / (standard or "")) if is_path else standard or "",
            files=self._paths(table, "files", path, needed=True),
            lead_unit=self._text(table, "lead_unit", path),
            due=self._due(table.get("due"), path),
            ignore=self._texts(table, "ignore", path),
            group=None if groups is not None else own or group,
            groups=groups,
            label=self._text(table, "label", path),
            immutable=self._texts(table, "immutable", path),
            costs=self._costs(table, path),
        )

    def _due(self, value: object, path: str) -> int | Mapping[str, int] | None:
        if value is None or _is_count(value):
            return value  # type: ignore[return-value]  # a count is an int
        if isinstance(value, dict) and all(_is_count(number) for number in value.values()):
            return value
        self._add(f"{path}due", value, _DUE)
        return None

    def _costs(self, table: Mapping[str, Any], path: str) -> Mapping[str, Cost]:
        value = table.get("costs", {})
        if isinstance(value, dict) and all(_is_cost(cost) for cost in value.values()):
            return value
        self._add(f"{path}costs", value, _COSTS)
        return {}

    def _groups(self, value: object, path: str) -> Mapping[str, str] | None:
        if value is None or (isinstance(value, dict) and all(isinstance(group, str) for group in value.values())):
            return value
        self._add(f"{path}groups", value, _GROUPS)
        return None


def read_bytes(path: Path, what: str, limit: int) -> bytes:
    """Return at most so many bytes of a file; `what` is the role of the file, for the message.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(limit)
    except (OSError, ValueError) as error:  # a path with a null character is no value for the system
        reason = error.strerror if isinstance(error, OSError) else "no file has such a name"
        raise InputError([InputIssue(what, str(path), Words(f"a readable file ({reason})", "可读取的文件"))]) from None


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_cost(value: object) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool) and is_cost(value)
