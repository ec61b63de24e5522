"""The table of diagnostics: each code with its severity and its sentence in English and Chinese.

A code states the problem, not the cure, and reads well after "allow". Hints name the cure; they have a table of
their own, since one cure serves several problems.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Words(NamedTuple):
    """One sentence or phrase in both languages, with `{name}` where a value belongs."""

    en: str
    zh: str

    def filled(self, language: str, values: Mapping[str, Any]) -> str:
        """Return the sentence of `language` with its values; `Words` among them speak the same language."""
        template = self.zh if language == "zh" else self.en
        spoken = {
            key: value.filled(language, {}) if isinstance(value, Words) else value for key, value in values.items()
        }
        return template.format(**spoken) if spoken else template


class Code(NamedTuple):
    """A kind of diagnostic."""

    severity: str
    words: Words


def _error(en: str, zh: str) -> Code:
    return Code("error", Words(en, zh))


def _warning(en: str, zh: str) -> Code:
    return Code("warning", Words(en, zh))


CODES: dict[str, Code] = {
    # reading the text
    "unexpected-word": _error("found {found}; expected {expected}", "此处是{found}；应为{expected}"),
    "unexpected-character": _error(
        "found the character {found}, which cannot be printed", "此处有无法显示的字符 {found}"
    ),
    "unclosed-text": _error('this text has no closing `"`', '这段文字缺少结尾的 `"`'),
    "unclosed-bracket": _error(
        "`{bracket}` is not closed; found {found}", "`{bracket}` 没有配对的右括号；此处已是{found}"
    ),
    "unfinished-statement": _error(
        "nothing follows `{last}`; expected {expected}", "`{last}` 之后没有内容；应为{expected}"
    ),
    "missing-label": _error("`{owner}` has no label", "`{owner}` 缺少标签文字"),
    "missing-title": _error("`{owner}` lacks a title", "`{owner}` 缺少标题文字"),
    "missing-message": _error("`{owner}` has no message", "`{owner}` 缺少提示文字"),
    "missing-text": _error("`{owner}` has no text", "`{owner}` 缺少文字"),
    "chained-comparison": _error("a second comparison `{found}` in a row", "比较不能连写，此处又有 `{found}`"),
    "misplaced-if": _error("`if` cannot stand here without brackets", "`if` 在此处必须加括号"),
    "wrong-quotes": _error("`{found}` is in quotes of another kind", "`{found}` 的引号不对"),
    "wrong-operator": _error("`{found}` is no operator", "`{found}` 不是运算符"),
    "grouped-digits": _error("the digits of `{found}` are grouped by commas", "`{found}` 的数字用逗号分了组"),
    "long-number": _error(
        "a number with more than {limit} digits before or after the point", "数字的整数或小数部分超过 {limit} 位"
    ),
    "unknown-escape": _error("unknown escape `{found}`", "未知的转义 `{found}`"),
    "date-spelling": _error("`{found}` is not written like a date", "`{found}` 不是日期的写法"),
    "impossible-date": _error("there is no day `{found}`", "没有 `{found}` 这一天"),
    "no-year": _error("`{found}` is no year", "`{found}` 不是年份"),
    "fractional-annex": _error("`{found}` is no number of an annex", "`{found}` 不是附件的编号"),
    "fraction-with-unit": _error("`{found}` can be read in two ways", "`{found}` 有两种读法"),
    "compound-unit": _error("`{found}` divides by a unit", "`{found}` 以单位作除数"),
    "field-after-let": _error("the field `{found}` stands after a `let`", "字段 `{found}` 写在了 `let` 之后"),
    "too-deep": _error("an expression nests more than {limit} levels deep", "表达式嵌套超过 {limit} 层"),
    "too-many-problems": _error(
        "more than {limit} problems; the rest is not listed", "问题超过 {limit} 个；其余不再列出"
    ),
    # the file as a whole
    "bad-encoding": _error(
        "the file is no UTF-8 text (line {line}); expected the file saved as UTF-8",
        "文件不是 UTF-8 文本（第 {line} 行）；请存为 UTF-8",
    ),
    "too-large": _error("the file is larger than {limit} MiB; expected a smaller file", "文件超过 {limit} MiB；应缩小"),
    # names
    "unknown-name": _error("unknown name `{name}`; expected {expected}", "未知名称 `{name}`；应为{expected}"),
    "unknown-field": _error(
        "unknown field `{name}`; expected a field of `{record}`", "未知字段 `{name}`；应为 `{record}` 的字段"
    ),
    "unknown-member": _error(
        "unknown member `{name}` of {type}; expected one of {members}", "{type}没有成员 `{name}`；应为 {members} 之一"
    ),
    "unknown-fact": _error(
        "unknown fact `{name}`; expected a fact of this standard", "未知事实 `{name}`；应为本标准的事实"
    ),
    "unknown-unit": _error("unknown unit `{name}`; expected a unit", "未知单位 `{name}`；应为计量单位"),
    "unknown-type": _error(
        "unknown type `{name}`; expected a unit, a built-in type or a declared one",
        "未知类型 `{name}`；应为单位、内置类型或已声明的类型",
    ),
    "unknown-record": _error(
        "unknown record `{name}`; expected a declared record", "未知记录 `{name}`；应为已声明的记录"
    ),
    "unknown-clause": _error("unknown clause `{name}`; expected the id of a clause", "未知条款 `{name}`；应为条款标识"),
    "unknown-function": _error(
        "unknown function `{name}`; expected a function of the language", "未知函数 `{name}`；应为本语言的函数"
    ),
    "unknown-status": _error(
        "unknown status `{name}`; expected one of {expected}", "未知结论 `{name}`；应为 {expected} 之一"
    ),
    "unknown-language": _error(
        "unknown language `{name}`; expected `zh` or `en`", "未知语言 `{name}`；应为 `zh` 或 `en`"
    ),
    "ambiguous-name": _error(
        "`{name}` is both a name of this standard and a member; expected a name that is one thing",
        "`{name}` 既是本标准的名称又是成员；应只有一种含义",
    ),
    "hidden-name": _error(
        "variable `{name}` hides something of that name; expected a new name", "变量 `{name}` 遮蔽了同名者；应另取名称"
    ),
    "reserved-name": _error(
        "`{name}` is taken by the language or by Python; expected another name",
        "`{name}` 为语言或 Python 所用；应另取名称",
    ),
    "unusable-name": _error(
        "`{name}` cannot name a value; expected letters, Chinese characters, digits and `_`",
        "`{name}` 不能作名称；应由字母、汉字、数字和 `_` 组成",
    ),
    "duplicate-name": _error(
        "`{name}` is declared already in line {line}; expected each name once",
        "`{name}` 已在第 {line} 行声明；每个名称只能声明一次",
    ),
    "duplicate-clause": _error(
        "clause `{name}` stands already in line {line}; expected each id once",
        "条款 `{name}` 已在第 {line} 行；每个标识只能用一次",
    ),
    "duplicate-member": _error(
        "`{name}` names a member twice; expected each name and label once",
        "成员 `{name}` 重复；名称和标签各只能出现一次",
    ),
    "duplicate-type": _error(
        "type or record `{name}` is declared already; expected each name once",
        "类型或记录 `{name}` 已声明；每个名称只能声明一次",
    ),
    "duplicate-unit": _error("unit `{name}` exists already; expected a new word", "单位 `{name}` 已存在；应为新词"),
    "duplicate-value": _error("`{name}` is given twice; expected one value", "`{name}` 给出两次；应只有一个值"),
    # types and units
    "type-mismatch": _error("found {found}; expected {expected}", "此处是{found}；应为{expected}"),
    "unit-mismatch": _error("found {found}; expected {expected}", "此处是{found}；应为{expected}"),
    "missing-unit": _error(
        "found the bare number `{number}`; expected a unit, as beside {other}",
        "数字 `{number}` 没有单位；与{other}相比应写明单位",
    ),
    "not-a-condition": _error("found {found}; expected a condition", "此处是{found}；应为条件（是/否）"),
    "not-a-number": _error("found {found}; expected a number", "此处是{found}；应为数"),
    "not-a-number-type": _error("found {found}; expected a type of numbers", "此处是{found}；应为数的类型"),
    "not-a-list": _error(
        "found {found}; expected a list or, in `count`, a set", "此处是{found}；应为名单，`count` 中也可为集合"
    ),
    "not-a-set": _error("found {found}; expected a set before `includes`", "此处是{found}；`includes` 前应为集合"),
    "not-a-series": _error("found {found}; expected a yearly series", "此处是{found}；应为按年序列"),
    "not-a-record": _error(
        "found {found}; expected an element of a list before the point", "此处是{found}；点号前应为名单中的一员"
    ),
    "not-a-key": _error(
        "found {found}; expected a text, number, date, choice or level that tells elements apart",
        "此处是{found}；应为能区分各项的文本、数、日期、选项或等级",
    ),
    "not-a-year": _error("found `{name}`; expected a year such as `2022`", "此处是 `{name}`；应为年份，如 `2022`"),
    "not-comparable": _error("found {found}; expected values that can be compared", "此处是{found}；应为可以比较的值"),
    "series-compared": _error(
        "found a whole yearly series; expected the value of one year", "此处是整个按年序列；应为某一年的值"
    ),
    "no-order": _error(
        "found {found}; expected a number, date or level, which have an order",
        "此处是{found}；应为有先后大小的数、日期或等级",
    ),
    "cannot-choose": _error("found {found}; expected a single value as a branch", "此处是{found}；分支应为单个值"),
    "cannot-select": _error(
        "found {found}; expected a number, date, choice or level after `by`",
        "此处是{found}；`by` 后应为数、日期、选项或等级",
    ),
    "no-default": _error(
        "found {found}, which is empty where it does not exist; expected no `else`",
        "此处是{found}，不存在时即为空；不应写 `else`",
    ),
    "unfit-value": _error("the value does not fit; expected {expected}", "取值不符；应为{expected}"),
    "wrong-arguments": _error(
        "`{name}` has {found} arguments; expected {expected}", "`{name}` 有 {found} 个参数；应为 {expected} 个"
    ),
    "needs-for": _error(
        "`{name}` stands without `for`; expected elements of a list", "`{name}` 缺少 `for`；应对名单逐项计算"
    ),
    "no-aggregate": _error(
        "`{name}` takes no `for` here; expected `all any count sum min max average`, `distinct` only in `count`",
        "`{name}` 此处不能带 `for`；应为 `all any count sum min max average`，`distinct` 只用于 `count`",
    ),
    "counted-condition": _error(
        "`count` counts elements, not values; expected the variable itself", "`count` 计的是项而不是值；应写变量本身"
    ),
    # numbers and dates
    "not-constant": _error("the value depends on facts; expected a constant", "取值依赖事实；应为常量"),
    "not-a-whole-constant": _error("expected a whole number as a constant", "应为整数常量"),
    "out-of-range": _error("the number is out of range; expected {expected}", "数超出范围；应为 {expected}"),
    "empty-range": _error("the range is empty; expected the low end before the high end", "范围为空；下限应不大于上限"),
    "constant-too-large": _error("the constant is too large; expected fewer digits", "常量过大；应减少位数"),
    "division-by-zero": _error("the denominator is zero; expected another number", "分母为零；应为其他数"),
    "rounding-with-unit": _error(
        "found {found}; expected a count or ratio, since rounding depends on the unit",
        "此处是{found}；取整与单位有关，应为数量或比率",
    ),
    "sum-of-dates": _error(
        "two dates cannot be added; expected a date and a number of days, months or years",
        "两个日期不能相加；应为日期加天数、月数或年数",
    ),
    "date-subtracted": _error(
        "a date cannot be subtracted from a number; expected a date before `-`", "数不能减去日期；`-` 前应为日期"
    ),
    "bad-date-step": _error(
        "found {found}; expected a number of days, months or years beside a date",
        "此处是{found}；与日期相加减的应为天数、月数或年数",
    ),
    "fractional-date-step": _error(
        "the step is no whole number; expected whole days or months", "步长不是整数；应为整天或整月"
    ),
    "degree-too-high": _error(
        "the expression multiplies facts {degree} deep, lets included; expected at most {limit}",
        "表达式（含 let）的次数为 {degree}；不得超过 {limit}",
    ),
    # structure
    "missing-header": _error("the file has no `{name}`; expected it once", "文件缺少 `{name}`；应有一处"),
    "repeated-header": _error("`{name}` stands twice; expected it once", "`{name}` 重复；只应有一处"),
    "empty-clause": _error(
        "clause `{name}` asks for nothing; expected a `must` or `should`",
        "条款 `{name}` 没有要求；应有 `must` 或 `should`",
    ),
    "cycle": _error("`{name}` depends on itself: {path}; expected no circle", "`{name}` 依赖自身：{path}；不得循环"),
    "recursive-record": _error(
        "record `{name}` holds itself: {path}; expected records that end",
        "记录 `{name}` 包含自身：{path}；记录不得自我嵌套",
    ),
    "else-not-last": _error("`else` is not the last row; expected no row after it", "`else` 不在最后；其后不应再有行"),
    "unequal-row": _error(
        "a row begins with `!=`; expected `=`, `<`, `<=`, `>` or `>=`",
        "此行以 `!=` 开头；应为 `=`、`<`、`<=`、`>` 或 `>=`",
    ),
    "table-needs-else": _error("the selector may not exist; expected a row `else`", "选择项可能不存在；应有 `else` 行"),
    "gap-in-table": _error(
        "no row fits {example}; expected rows without a gap, or `else`",
        "没有适用于 {example} 的行；各行应无空缺，或写 `else`",
    ),
    "unreachable-row": _error(
        "the row can never be chosen; expected a row that some value reaches", "此行永远不会被选中；应有取值能到达"
    ),
    # doubtful, but allowed
    "holds-by-absence": _warning(
        "the comparison can hold only because `{name}` does not exist", "此比较可能仅因 `{name}` 不存在而成立"
    ),
    "zero-by-absence": _warning("the denominator is zero where `{name}` does not exist", "`{name}` 不存在时分母为零"),
    "duplicate-label": _warning(
        "the label `{name}` is that of `{first}` too; data and answers cannot tell them apart",
        "标签 `{name}` 与 `{first}` 的相同；数据和结论中无法区分",
    ),
    "always-met": _warning("every allowed value meets this requirement", "任何允许的取值都满足此要求"),
}

HINTS: dict[str, Words] = {
    # reading the text
    "write": Words("write `{text}`", "请写 `{text}`"),
    "close-text": Words('a text ends with `"` on the line on which it begins', '文字须在同一行以 `"` 结束'),
    "escapes": Words('write `\\"` for a quote and `\\\\` for a backslash', '引号写 `\\"`，反斜线写 `\\\\`'),
    "chained-comparison": Words(
        "write `x between LOW and HIGH`, or two comparisons with `and`",
        "请写 `x between 下限 and 上限`，或用 `and` 连接两个比较",
    ),
    "misplaced-if": Words("put the whole `if … then … else …` in brackets", "请把整个 `if … then … else …` 放进括号"),
    "open-bracket": Words("`{bracket}` in line {line} is still open", "第 {line} 行的 `{bracket}` 尚未关闭"),
    "no-semicolon": Words("a list is separated by `,`", "列表用 `,` 分隔"),
    "reserved-word": Words(
        "`{word}` is a word of the language; choose another name", "`{word}` 是保留字；请换一个名称"
    ),
    "run-together": Words("put a blank after `{word}`", "`{word}` 之后须有空格"),
    "ungrouped": Words(
        "write `{number}`, or put a blank after the comma between two values",
        "请写 `{number}`；若是两个值，逗号后须有空格",
    ),
    "date-spelling": Words(
        "a date is written 2022-09-01; in a calculation put blanks around the sign",
        "日期写作 2022-09-01；若是算式，运算符两边须有空格",
    ),
    "year": Words("the key of an entry is a name or a year of four digits", "条目的键是名称或四位数的年份"),
    "fraction-with-unit": Words(
        "write `{number} {unit} / {divisor}`, or `{number} / ({divisor} {unit})`",
        "请写 `{number} {unit} / {divisor}`，或 `{number} / ({divisor} {unit})`",
    ),
    "rate": Words(
        "write a rate as a product with a fact, such as `{amount} * population`",
        "比率请写成与指标的乘积，如 `{amount} * population`",
    ),
    "field-after-let": Words("put fields and checks before the first `let`", "请把字段和 check 写在第一个 `let` 之前"),
    # names
    "nearest": Words("did you mean `{name}`?", "是否想写 `{name}`？"),
    "write-unit": Words("write `{number} {unit}`", "请写 `{number} {unit}`"),
    "member-in-braces": Words(
        "for the member write `in {{ {name} }}`; else rename the fact",
        "若指成员，请写 `in {{ {name} }}`；否则请改事实名称",
    ),
    "set-includes": Words(
        "write `{set} includes all` or `{set} includes {{ … }}`",
        "请写 `{set} includes all` 或 `{set} includes {{ … }}`",
    ),
    "set-includes-all": Words("write `{set} includes all`", "请写 `{set} includes all`"),
    "series-value": Words(
        "write `latest({series})` or `{series}[assessed_year]`", "请写 `latest({series})` 或 `{series}[assessed_year]`"
    ),
    "count-where": Words(
        "write `count({variable} for {variable} in … where {text})`",
        "请写 `count({variable} for {variable} in … where {text})`",
    ),
    "for-each": Words("write `{name}(… for x in …)`", "请写 `{name}(… for x in …)`"),
    "divide-by-unit": Words("divide by a quantity in `{unit}` first", "请先除以以 `{unit}` 计的数"),
    "date-step": Words("write for example `+ 3 years`", "例如 `+ 3 years`"),
    "plain-name": Words(
        "use letters, Chinese characters, digits and `_`, a letter first",
        "请用字母、汉字、数字和 `_`，以字母或汉字开头",
    ),
    "list-of": Words("write `list of {name}`", "请写 `list of {name}`"),
    "write-must": Words("write what the line asks for after `must`", "请在 `must` 后写明要求"),
    "header-standard": Words('write `standard my_id "title"` at the top', '请在文件开头写 `standard 标识 "标题"`'),
    "header-source": Words('write `source "document" annex 1` at the top', '请在文件开头写 `source "文件名" annex 1`'),
    "test-existence": Words("write `if {condition} then … else …`", "请写 `if {condition} then … else …`"),
}
