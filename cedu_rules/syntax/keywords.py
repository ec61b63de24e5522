"""The one table of the words of the language: what each is for, and where those that may also be names are words.

Highlighters, completions and messages are made from it; a test holds it against the grammar.
"""

from typing import Literal

from attrs import frozen

from cedu_rules.diagnostics import Words

Group = Literal["declaration", "statement", "joining", "value", "type"]


@frozen
class Keyword:
    """A word of the language.

    Args:
        text: the word.
        group: what it belongs to.
        meaning: what it is for, in a few words.
        follows: for a word that may also be a name, what has to follow it to make it a word of the language, as a
            regular expression that begins right behind it (`W` stands for a name); None for one that is reserved.
    """

    text: str
    group: Group
    meaning: Words
    follows: str | None = None

    @property
    def is_reserved(self) -> bool:
        """Tell whether the word can nowhere be a name."""
        return self.follows is None


def _word(text: str, group: Group, english: str, chinese: str, follows: str | None = None) -> Keyword:
    return Keyword(text, group, Words(english, chinese), follows)


_NAMED = r"\s+W"

KEYWORDS: tuple[Keyword, ...] = (
    _word("standard", "declaration", "the id and title of the standard", "标准的代号和名称", _NAMED + r'\s*"'),
    _word("source", "declaration", "the official document", "所依据的文件", r'\s*"'),
    _word("annex", "declaration", "the number of the annex", "附件序号", r"\s*\d"),
    _word("effective", "declaration", "when the standard is in force", "施行日期", r"\s+from\b"),
    _word("from", "declaration", "the first day", "起始日期", r"\s+\d"),
    _word("language", "declaration", "the language of reports", "报告的语言", r"\s+(?:zh|en)\b"),
    _word("type", "declaration", "a type with a name", "命名的类型", _NAMED + r"\s*[=＝]"),
    _word("unit", "declaration", "a unit of the file's own", "自定义单位", _NAMED),
    _word("param", "declaration", "a constant", "常数"),
    _word("let", "declaration", "a value with a name", "命名的值"),
    _word("facts", "declaration", "what is recorded of an institution", "要填报的事实"),
    _word("record", "declaration", "the fields of the elements of a list", "列表中每一项的字段"),
    _word("key", "declaration", "the field that tells elements apart", "区分各项的字段", _NAMED),
    _word("check", "declaration", "input for which this is false is refused", "数据必须满足的条件"),
    _word("section", "declaration", "a subsection of the annex", "附件的一个分项"),
    _word("clause", "declaration", "one line of the annex", "附件的一条"),
    _word("must", "statement", "a requirement", "必须满足的要求"),
    _word("should", "statement", "a recommendation", "建议项"),
    _word("when", "statement", "only where this holds", "仅在此条件下适用"),
    _word("unless", "statement", "not where this holds", "在此条件下不适用"),
    _word("show", "statement", "a document is to be shown", "须出示材料"),
    _word("judge", "statement", "an inspector is to judge", "由检查人员评定"),
    _word("with", "statement", "the parts of what is to be shown", "应出示的各项", r"\s*[{｛]"),
    _word("note", "statement", "how the line was read, and why", "读法说明"),
    _word("example", "statement", "facts, and the status they lead to", "例子及其结论"),
    _word("and", "joining", "both", "并且"),
    _word("or", "joining", "one or both", "或者"),
    _word("not", "joining", "the opposite", "非"),
    _word("between", "joining", "from the one to the other, both included", "在两者之间（含两端）"),
    _word("in", "joining", "one of these; or the list that is run through", "属于；遍历的列表"),
    _word("includes", "joining", "has all of these members", "包含这些成员"),
    _word("if", "joining", "a choice between two values, or an implication", "如果"),
    _word("then", "joining", "the value where the condition holds", "则"),
    _word("else", "joining", "the value in every other case", "否则"),
    _word("by", "joining", "a table of values", "按……取值的表"),
    _word("at", "joining", "`at least 2 of (…)`", "至少若干项成立"),
    _word("least", "joining", "`at least 2 of (…)`", "至少若干项成立", r"\b"),
    _word("of", "joining", "of which list or conditions", "其中"),
    _word("for", "joining", "for each element", "对每一项"),
    _word("where", "joining", "only the elements for which this holds", "只计满足此条件的项"),
    _word("distinct", "joining", "each value once", "相同的只计一次"),
    _word("to", "joining", "the end of a range", "范围的上限", r"\s+[-－]?\s*\d"),
    _word("yes", "value", "true", "是"),
    _word("no", "value", "false", "否"),
    _word("all", "value", "all members, or true of each element", "全部"),
    _word("unknown", "value", "a fact that is not recorded", "未填报", r"\s*[,，}｝]"),
    _word("choice", "type", "one of the members", "单选", r"\s*[{｛]"),
    _word("level", "type", "one of the members, in ascending order", "等级（由低到高）", r"\s*[{｛]"),
    _word("set", "type", "any of the members", "多选", r"\s*[{｛]"),
    _word("list", "type", "any number of records", "列表", r"\s+of\b"),
    _word("yearly", "type", "a number for each year", "逐年的数", _NAMED),
    _word("signed", "type", "a number that may be below zero", "可为负的数", _NAMED),
    _word("documented", "type", "stands in a document that is shown", "以材料为据", _NAMED),
    _word("judged", "type", "an inspector's judgement", "由检查人员评定", _NAMED),
)

RESERVED = frozenset(keyword.text for keyword in KEYWORDS if keyword.is_reserved)
"""The words that are nowhere names."""
