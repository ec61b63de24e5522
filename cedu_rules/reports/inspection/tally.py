"""The runs of all tiers into the summary: due, recorded, conforming, failing, open, by group and tier."""

from collections import Counter
from collections.abc import Iterable

from attrs import frozen

from cedu_rules.reports.inspection.plan import Tier
from cedu_rules.reports.inspection.words import LEAD_UNITS, TIERS, spoken
from cedu_rules.reports.run import Run
from cedu_rules.results import Verdict


@frozen
class TierRun:
    """One tier with what was found."""

    tier: Tier
    run: Run

    def label(self, language: str) -> str:
        """Return what the institutions of the tier are called."""
        known = TIERS.get(self.run.model.id)
        return self.tier.label or (self.tier.name if known is None else spoken(known, language))

    def lead_unit(self, language: str) -> str:
        """Return who leads the rectification; empty where nobody says."""
        known = LEAD_UNITS.get(self.run.model.id)
        return self.tier.lead_unit or ("" if known is None else spoken(known, language))

    def group(self, position: int) -> str:
        """Return the group of an institution by the position of its report; empty where it has none."""
        return self.run.groups.get(position, "")


@frozen
class Row:
    """The numbers of one group and tier. `due` None: the plan does not say."""

    group: str
    tier: str
    label: str
    due: int | None
    recorded: int
    conforming: int
    failing: int
    open: int
    invalid: int

    @property
    def lacking(self) -> int | None:
        """How many institutions that are due are not recorded."""
        return None if self.due is None else max(0, self.due - self.recorded)


def rows(runs: Iterable[TierRun], language: str) -> list[Row]:
    """Return a row a group and tier, groups in the order of the data, one of due institutions alone included."""
    listed = [(each, _members(each), each.tier.due if isinstance(each.tier.due, dict) else {}) for each in runs]
    groups = dict.fromkeys(group for _, members, due in listed for group in (*members, *due))
    return [
        _counted(group, each, members.get(group, ()), due.get(group), language)
        for group in groups
        for each, members, due in listed
        if group in members or group in due
    ]


def totals(runs: Iterable[TierRun], language: str) -> list[Row]:
    """Return a row a tier, over all groups."""
    return [_counted("", each, range(len(each.run.reports)), _due_in_all(each), language) for each in runs]


def _members(each: TierRun) -> dict[str, list[int]]:
    """Return the positions of the reports of each group."""
    members: dict[str, list[int]] = {}
    for position in range(len(each.run.reports)):
        members.setdefault(each.group(position), []).append(position)
    return members


def _due_in_all(each: TierRun) -> int | None:
    due = each.tier.due
    return sum(due.values()) if isinstance(due, dict) else due if isinstance(due, int) else None


def _counted(group: str, each: TierRun, positions: Iterable[int], due: int | None, language: str) -> Row:
    verdicts = Counter(each.run.reports[position].verdict for position in positions)
    return Row(
        group=group,
        tier=each.tier.name,
        label=each.label(language),
        due=due,
        recorded=verdicts.total(),
        conforming=verdicts[Verdict.CONFORMS],
        failing=verdicts[Verdict.FAILS],
        open=verdicts[Verdict.UNDETERMINED],
        invalid=verdicts[Verdict.INVALID],
    )
