"""What an editor is told, beyond diagnostics: the tables of its sentences, in English and Chinese."""

from cedu_rules.messages import Words

KINDS = {
    "fact": Words("fact", "事实"),
    "field": Words("field of `{owner}`", "`{owner}` 的字段"),
    "let": Words("value with a name", "命名的值"),
    "param": Words("constant", "常数"),
    "type": Words("type", "类型"),
    "record": Words("record", "记录"),
    "unit": Words("unit of this file", "本文件的单位"),
    "clause": Words("clause", "条款"),
    "member": Words("member of `{owner}`", "`{owner}` 的成员"),
    "variable": Words("each element of a list of `{owner}`", "名单中的每一项（`{owner}`）"),
}

TYPE = Words("type", "类型")
KIND = Words("kind", "类别")
EXISTS = Words("exists only when", "仅在此条件下存在")
OTHERWISE = Words("elsewhere", "否则为")
MEMBERS = Words("members", "成员")
FIELDS = Words("fields", "字段")
LABELS = Words("labels", "标签")
DECLARED = Words("declared in line {line}", "声明于第 {line} 行")
USED = Words("asked for by", "相关条款")
NOT_USED = Words("asked for by no clause directly", "没有条款直接用到")
VALUE = Words("value", "值")
NOTES = Words("notes", "说明")
EXAMPLES = Words("{number} examples", "{number} 个例子")
ADVISORY = Words("advisory: it never fails an institution", "建议项：不影响评定结论")
DIMENSION = Words("a unit of `{dimension}`", "`{dimension}` 的单位")
COUNTER = Words("a counter: whole numbers without dimension", "量词：无量纲的整数")
EQUALS = Words("1 {name} = {factor} {base}", "1 {name} = {factor} {base}")
SPELLINGS = Words("also written", "也可写作")
IN_WORDS = Words("in words", "文字表述")
ASIDE = Words(" ({text})", "（{text}）")

FUNCTIONS = {
    "ceil": ("ceil(x)", Words("a number without dimension, rounded up", "无量纲的数，向上取整")),
    "floor": ("floor(x)", Words("a number without dimension, rounded down", "无量纲的数，向下取整")),
    "round": ("round(x)", Words("rounded to a whole number; halves away from zero", "四舍五入取整")),
    "abs": ("abs(x)", Words("a number or series without its sign", "绝对值")),
    "min": ("min(x, y, …)", Words("the smallest; or `min(E for t in LIST)`", "最小的；或 `min(E for t in 名单)`")),
    "max": ("max(x, y, …)", Words("the greatest; or `max(E for t in LIST)`", "最大的；或 `max(E for t in 名单)`")),
    "count": (
        "count(s)",
        Words(
            "how many members of a set are there, or how many elements a list has; "
            "`count(t for t in LIST where C)`, `count(distinct E for t in LIST)`",
            "集合中具备的项数，或名单的项数；`count(t for t in 名单 where 条件)`、`count(distinct E for t in 名单)`",
        ),
    ),
    "sum": ("sum(E for t in LIST)", Words("the sum over a list", "名单各项之和")),
    "average": (
        "average(E for t in LIST)",
        Words("the mean over a list; `average(s, n)`: of the last `n` years", "平均值；`average(s, n)` 为最近 n 年"),
    ),
    "all": ("all(C for t in LIST)", Words("whether the condition holds for every element", "是否每一项都满足条件")),
    "any": (
        "any(C for t in LIST)",
        Words("whether the condition holds for at least one element", "是否至少一项满足条件"),
    ),
    "rises": ("rises(s)", Words("whether each year is above the one before", "是否逐年上升")),
    "falls": ("falls(s)", Words("whether each year is below the one before", "是否逐年下降")),
    "latest": ("latest(s)", Words("the number of the last year", "最近一年的数")),
    "year": ("year(d)", Words("the year of a date", "日期所在的年份")),
    "passes": ("passes(ID)", Words("whether that clause passes or does not apply", "该条款是否达标或不适用")),
}
"""Each function: how it is called, and what it gives."""

MAGIC = {
    "assessed_on": Words("the day of the assessment", "评定基准日"),
    "assessed_year": Words("the year of the assessment", "评定年度"),
}

BUILT_IN = {
    "bool": Words("yes or no", "是或否"),
    "text": Words("a text", "文本"),
    "date": Words("a day from 0001-01-01 to 9999-12-31", "日期"),
    "number": Words("an exact number without dimension, at least 0", "无量纲的精确数，不小于 0"),
    "count": Words("a whole number, at least 0", "整数，不小于 0"),
    "percent": Words("0 % to 100 %", "0% 至 100%"),
}

STATUSES = {
    "pass": Words("every requirement holds", "各项要求均达到"),
    "fail": Words("a requirement does not hold", "有要求未达到"),
    "unknown": Words("facts that would decide are missing", "缺少决定结论的数据"),
    "not_applicable": Words("the clause does not apply", "条款不适用"),
    "not_met": Words("a recommendation does not hold", "建议未落实"),
    "invalid": Words("the values contradict one another", "数据自相矛盾"),
}

LANGUAGES = {"zh": Words("Chinese", "中文"), "en": Words("English", "英文")}

HINT = Words("hint", "提示")
FIRST_DECLARED = Words("the other one is here", "另一处在此")
STILL_OPEN = Words("the bracket is open here", "此处的括号尚未关闭")
REPLACE = Words("change `{old}` to `{new}`", "把 `{old}` 改为 `{new}`")
INSERT = Words("insert `{new}`", "插入 `{new}`")
DELETE = Words("delete `{old}`", "删去 `{old}`")
ALLOW = Words("allow `{code}` in this line", "允许本行的 `{code}`")

NO_SYMBOL = Words("nothing here can be renamed", "此处没有可改名的名称")
NOT_A_NAME = Words(
    "found `{name}`; expected a name of letters, Chinese characters, digits and `_`, a digit not first",
    "`{name}` 不是名称；名称由字母、汉字、数字和 `_` 组成，不以数字开头",
)
RESERVED = Words("`{name}` is a word of the language", "`{name}` 是保留字")
TAKEN = Words("`{name}` is taken by the library or by Python", "`{name}` 已被程序占用")
CLASHES = Words("`{name}` is already declared in line {line}", "`{name}` 已在第 {line} 行声明")
CAPTURED = Words(
    "with the name `{name}`, line {line} would mean something else", "改名为 `{name}` 后，第 {line} 行的含义会改变"
)
UNREAD = Words(
    "line {line} cannot be read and may use `{name}`; correct it first",
    "第 {line} 行无法读懂，可能用到 `{name}`；请先改正",
)
