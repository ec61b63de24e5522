"""The table of diagnostics: each code with its severity and its sentence in English and Chinese.

A code states the problem, not the cure, and reads well after "allow".
"""

from cedu_rules.messages.words import Code, error, warning

CODES: dict[str, Code] = {
    # reading the text
    "unexpected-word": error("found {found}; expected {expected}", "此处是{found}；应为{expected}"),
    "unexpected-character": error(
        "found the character {found}, which cannot be printed", "此处有无法显示的字符 {found}"
    ),
    "unclosed-text": error('this text has no closing `"`', '这段文字缺少结尾的 `"`'),
    "unclosed-bracket": error(
        "`{bracket}` is not closed; found {found}", "`{bracket}` 没有配对的右括号；此处已是{found}"
    ),
    "early-brace": error(
        "this `}}` closes a block too early; {found} stands outside of it", "此 `}}` 过早关闭；其后的{found}落在外面"
    ),
    "unfinished-statement": error(
        "nothing follows `{last}`; expected {expected}", "`{last}` 之后没有内容；应为{expected}"
    ),
    "missing-label": error("`{owner}` has no label", "`{owner}` 缺少标签文字"),
    "missing-title": error("`{owner}` lacks a title", "`{owner}` 缺少标题文字"),
    "missing-message": error("`{owner}` has no message", "`{owner}` 缺少提示文字"),
    "missing-text": error("`{owner}` has no text", "`{owner}` 缺少文字"),
    "chained-comparison": error("a second comparison `{found}` in a row", "比较不能连写，此处又有 `{found}`"),
    "misplaced-if": error("`if` cannot stand here without brackets", "`if` 在此处必须加括号"),
    "wrong-quotes": error("`{found}` is in quotes of another kind", "`{found}` 的引号不对"),
    "wrong-operator": error("`{found}` is no operator", "`{found}` 不是运算符"),
    "wrong-comment": error("`{found}` begins no comment", "`{found}` 不是注释的开头"),
    "grouped-digits": error("the digits of `{found}` are grouped by commas", "`{found}` 的数字用逗号分了组"),
    "long-number": error(
        "a number with more than {limit} digits before or after the point", "数字的整数或小数部分超过 {limit} 位"
    ),
    "unknown-escape": error("unknown escape `{found}`", "未知的转义 `{found}`"),
    "date-spelling": error("`{found}` is not written like a date", "`{found}` 不是日期的写法"),
    "impossible-date": error("there is no day `{found}`", "没有 `{found}` 这一天"),
    "no-year": error("`{found}` is no year", "`{found}` 不是年份"),
    "fractional-annex": error("`{found}` is no number of an annex", "`{found}` 不是附件的编号"),
    "fraction-with-unit": error("`{found}` can be read in two ways", "`{found}` 有两种读法"),
    "compound-unit": error("`{found}` divides by a unit", "`{found}` 以单位作除数"),
    "field-after-let": error("the field `{found}` stands after a `let`", "字段 `{found}` 写在了 `let` 之后"),
    "too-deep": error("an expression nests more than {limit} levels deep", "表达式嵌套超过 {limit} 层"),
    "too-many-problems": error(
        "more than {limit} problems; the rest is not listed", "问题超过 {limit} 个；其余不再列出"
    ),
    # the file as a whole
    "bad-encoding": error(
        "the file is no UTF-8 text (line {line}); expected the file saved as UTF-8",
        "文件不是 UTF-8 文本（第 {line} 行）；请存为 UTF-8",
    ),
    "too-large": error("the file is larger than {limit} MiB; expected a smaller file", "文件超过 {limit} MiB；应缩小"),
    # names
    "unknown-name": error("unknown name `{name}`; expected {expected}", "未知名称 `{name}`；应为{expected}"),
    "unknown-field": error(
        "unknown field `{name}`; expected a field of `{record}`", "未知字段 `{name}`；应为 `{record}` 的字段"
    ),
    "unknown-member": error(
        "unknown member `{name}` of {type}; expected one of {members}", "{type}没有成员 `{name}`；应为 {members} 之一"
    ),
    "unknown-fact": error(
        "unknown fact `{name}`; expected a fact of this standard", "未知事实 `{name}`；应为本标准的事实"
    ),
    "unknown-unit": error("unknown unit `{name}`; expected a unit", "未知单位 `{name}`；应为计量单位"),
    "unknown-type": error(
        "unknown type `{name}`; expected a unit, a built-in type or a declared one",
        "未知类型 `{name}`；应为单位、内置类型或已声明的类型",
    ),
    "unknown-record": error(
        "unknown record `{name}`; expected a declared record", "未知记录 `{name}`；应为已声明的记录"
    ),
    "unknown-clause": error("unknown clause `{name}`; expected the id of a clause", "未知条款 `{name}`；应为条款标识"),
    "unknown-function": error(
        "unknown function `{name}`; expected a function of the language", "未知函数 `{name}`；应为本语言的函数"
    ),
    "unknown-status": error(
        "unknown status `{name}`; expected one of {expected}", "未知结论 `{name}`；应为 {expected} 之一"
    ),
    "unknown-language": error(
        "unknown language `{name}`; expected `zh` or `en`", "未知语言 `{name}`；应为 `zh` 或 `en`"
    ),
    "ambiguous-name": error(
        "`{name}` is both a name of this standard and a member; expected a name that is one thing",
        "`{name}` 既是本标准的名称又是成员；应只有一种含义",
    ),
    "hidden-name": error(
        "variable `{name}` hides something of that name; expected a new name", "变量 `{name}` 遮蔽了同名者；应另取名称"
    ),
    "reserved-name": error(
        "`{name}` is taken by the language or by Python; expected another name",
        "`{name}` 为语言或 Python 所用；应另取名称",
    ),
    "unusable-name": error(
        "`{name}` cannot name a value; expected letters, Chinese characters, digits and `_`",
        "`{name}` 不能作名称；应由字母、汉字、数字和 `_` 组成",
    ),
    "misspelt-declaration": error(
        "`{name}` is declared, but `{used}` is used, first in line {line}; expected one spelling",
        "此处声明的是 `{name}`，使用的却是 `{used}`（最先在第 {line} 行）；写法应一致",
    ),
    "duplicate-name": error(
        "`{name}` is declared already in line {line}; expected each name once",
        "`{name}` 已在第 {line} 行声明；每个名称只能声明一次",
    ),
    "duplicate-clause": error(
        "clause `{name}` stands already in line {line}; expected each id once",
        "条款 `{name}` 已在第 {line} 行；每个标识只能用一次",
    ),
    "duplicate-member": error(
        "`{name}` names a member twice; expected each name and label once",
        "成员 `{name}` 重复；名称和标签各只能出现一次",
    ),
    "duplicate-type": error(
        "type or record `{name}` is declared already; expected each name once",
        "类型或记录 `{name}` 已声明；每个名称只能声明一次",
    ),
    "duplicate-unit": error("unit `{name}` exists already; expected a new word", "单位 `{name}` 已存在；应为新词"),
    "duplicate-value": error("`{name}` is given twice; expected one value", "`{name}` 给出两次；应只有一个值"),
    # types and units
    "type-mismatch": error("found {found}; expected {expected}", "此处是{found}；应为{expected}"),
    "unit-mismatch": error("found {found}; expected {expected}", "此处是{found}；应为{expected}"),
    "missing-unit": error(
        "found the bare number `{number}`; expected a unit, as beside {other}",
        "数字 `{number}` 没有单位；与{other}相比应写明单位",
    ),
    "not-a-condition": error("found {found}; expected a condition", "此处是{found}；应为条件（是/否）"),
    "not-a-number": error("found {found}; expected a number", "此处是{found}；应为数"),
    "not-a-number-type": error("found {found}; expected a type of numbers", "此处是{found}；应为数的类型"),
    "not-a-list": error(
        "found {found}; expected a list or, in `count`, a set", "此处是{found}；应为名单，`count` 中也可为集合"
    ),
    "not-a-set": error("found {found}; expected a set before `includes`", "此处是{found}；`includes` 前应为集合"),
    "not-a-series": error("found {found}; expected a yearly series", "此处是{found}；应为按年序列"),
    "not-a-record": error(
        "found {found}; expected an element of a list before the point", "此处是{found}；点号前应为名单中的一员"
    ),
    "not-a-key": error(
        "found {found}; expected a text, number, date, choice or level that tells elements apart",
        "此处是{found}；应为能区分各项的文本、数、日期、选项或等级",
    ),
    "not-a-year": error("found `{name}`; expected a year such as `2022`", "此处是 `{name}`；应为年份，如 `2022`"),
    "not-comparable": error("found {found}; expected values that can be compared", "此处是{found}；应为可以比较的值"),
    "series-compared": error(
        "found a whole yearly series; expected the value of one year", "此处是整个按年序列；应为某一年的值"
    ),
    "no-order": error(
        "found {found}; expected a number, date or level, which have an order",
        "此处是{found}；应为有先后大小的数、日期或等级",
    ),
    "cannot-choose": error("found {found}; expected a single value as a branch", "此处是{found}；分支应为单个值"),
    "cannot-select": error(
        "found {found}; expected a number, date, choice or level after `by`",
        "此处是{found}；`by` 后应为数、日期、选项或等级",
    ),
    "no-default": error(
        "found {found}, which is empty where it does not exist; expected no `else`",
        "此处是{found}，不存在时即为空；不应写 `else`",
    ),
    "unfit-value": error("the value does not fit; expected {expected}", "取值不符；应为{expected}"),
    "wrong-arguments": error(
        "`{name}` is given {found}; expected {expected}", "`{name}` 给出 {found}；应为 {expected}"
    ),
    "needs-for": error(
        "`{name}` stands without `for`; expected elements of a list", "`{name}` 缺少 `for`；应对名单逐项计算"
    ),
    "no-aggregate": error(
        "`{name}` takes no `for` here; expected `all any count sum min max average`, `distinct` only in `count`",
        "`{name}` 此处不能带 `for`；应为 `all any count sum min max average`，`distinct` 只用于 `count`",
    ),
    "counted-condition": error(
        "`count` counts elements, not values; expected the variable itself", "`count` 计的是项而不是值；应写变量本身"
    ),
    # numbers and dates
    "not-constant": error("the value depends on facts; expected a constant", "取值依赖事实；应为常量"),
    "not-a-whole-constant": error("expected a whole number as a constant", "应为整数常量"),
    "out-of-range": error("the number is out of range; expected {expected}", "数超出范围；应为 {expected}"),
    "empty-range": error("the range is empty; expected the low end before the high end", "范围为空；下限应不大于上限"),
    "constant-too-large": error("the constant is too large; expected fewer digits", "常量过大；应减少位数"),
    "division-by-zero": error("the denominator is zero; expected another number", "分母为零；应为其他数"),
    "rounding-with-unit": error(
        "found {found}; expected a count or ratio, since rounding depends on the unit",
        "此处是{found}；取整与单位有关，应为数量或比率",
    ),
    "sum-of-dates": error(
        "two dates cannot be added; expected a date and a number of days, months or years",
        "两个日期不能相加；应为日期加天数、月数或年数",
    ),
    "date-subtracted": error(
        "a date cannot be subtracted from a number; expected a date before `-`", "数不能减去日期；`-` 前应为日期"
    ),
    "bad-date-step": error(
        "found {found}; expected a number of days, months or years beside a date",
        "此处是{found}；与日期相加减的应为天数、月数或年数",
    ),
    "fractional-date-step": error(
        "the step is no whole number; expected whole days or months", "步长不是整数；应为整天或整月"
    ),
    "degree-too-high": error(
        "the expression multiplies facts {degree} deep, lets included; expected at most {limit}",
        "表达式（含 let）的次数为 {degree}；不得超过 {limit}",
    ),
    # structure
    "missing-header": error("the file has no `{name}`; expected it once", "文件缺少 `{name}`；应有一处"),
    "repeated-header": error("`{name}` stands twice; expected it once", "`{name}` 重复；只应有一处"),
    "empty-clause": error(
        "clause `{name}` asks for nothing; expected a `must` or `should`",
        "条款 `{name}` 没有要求；应有 `must` 或 `should`",
    ),
    "cycle": error("`{name}` depends on itself: {path}; expected no circle", "`{name}` 依赖自身：{path}；不得循环"),
    "recursive-record": error(
        "record `{name}` holds itself: {path}; expected records that end",
        "记录 `{name}` 包含自身：{path}；记录不得自我嵌套",
    ),
    "else-not-last": error("`else` is not the last row; expected no row after it", "`else` 不在最后；其后不应再有行"),
    "unequal-row": error(
        "a row begins with `!=`; expected `=`, `<`, `<=`, `>` or `>=`",
        "此行以 `!=` 开头；应为 `=`、`<`、`<=`、`>` 或 `>=`",
    ),
    "table-needs-else": error("the selector may not exist; expected a row `else`", "选择项可能不存在；应有 `else` 行"),
    "gap-in-table": error(
        "no row fits {example}; expected rows without a gap, or `else`",
        "没有适用于 {example} 的行；各行应无空缺，或写 `else`",
    ),
    "unreachable-row": error(
        "the row can never be chosen; expected a row that some value reaches", "此行永远不会被选中；应有取值能到达"
    ),
    # doubtful, but allowed
    "holds-by-absence": warning(
        "the comparison can hold only because `{name}` does not exist", "此比较可能仅因 `{name}` 不存在而成立"
    ),
    "zero-by-absence": warning("the denominator is zero where `{name}` does not exist", "`{name}` 不存在时分母为零"),
    "duplicate-label": warning(
        "the label `{name}` is that of `{first}` too; data and answers cannot tell them apart",
        "标签 `{name}` 与 `{first}` 的相同；数据和结论中无法区分",
    ),
    "always-met": warning("every allowed value meets this requirement", "任何允许的取值都满足此要求"),
    "never-met": warning("no allowed value meets this requirement", "没有任何允许的取值能满足此要求"),
    # doubtful, told by `lint` alone
    "always-true": warning("this condition holds for every institution", "此条件对任何机构都成立"),
    "always-false": warning("this condition holds for no institution", "此条件对任何机构都不成立"),
    "guard-never-holds": warning(
        "this guard lets the clause apply to no institution", "此前提使条款对任何机构都不适用"
    ),
    "unused-fact": warning("nothing reads the fact `{name}`", "事实 `{name}` 没有被使用"),
    "unused-let": warning("nothing reads `{name}`", "`{name}` 没有被使用"),
    "unused-declaration": warning("nothing refers to `{name}`", "没有任何地方用到 `{name}`"),
    "clause-without-example": warning("clause `{name}` has no example", "条款 `{name}` 没有例子"),
    "threshold-without-example": warning("no example shows this comparison {side}", "没有例子显示此比较{side}的情形"),
    "vacuous-all": warning(
        "`all` holds where `{name}` is empty, and nothing asks that it be not",
        "`{name}` 为空时 `all` 也成立，而没有要求其不空",
    ),
    "judged-without-note": warning(
        "clause `{name}` leaves a requirement to judgement, without a note",
        "条款 `{name}` 的要求凭判断，却没有注明依据",
    ),
    "duplicate-requirement": warning("the same is required in line {line} already", "第 {line} 行已有同样的要求"),
    "unknown-allowance": warning("`{name}` is no warning that can be allowed", "`{name}` 不是可以放行的提醒"),
    "unused-allowance": warning("there is no `{name}` here to allow", "此处没有 `{name}` 可放行"),
}
