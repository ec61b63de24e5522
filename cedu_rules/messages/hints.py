"""The table of hints: cures that name what the author wrote. One cure serves several problems."""

from cedu_rules.messages.words import Words

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
    "delete": Words("delete it", "请删去"),
    "leave-out": Words("leave out `{found}`; nothing is separated by it here", "请删去 `{found}`；此处不用它分隔"),
    "comment": Words("a comment begins with `#`", "注释以 `#` 开头"),
    "must-if": Words("begin with a statement word: `must if A then B`", "请以语句词开头：`must if 条件 then 要求`"),
    "if-first": Words(
        "write `must if A then B`, or `when A` as a statement of its own",
        "请写 `must if 条件 then 要求`，或另写一句 `when 条件`",
    ),
    "if-then": Words("write `if A then B`", "请写 `if 条件 then 要求`"),
    "power": Words("write the product `x * x`", "请写乘积 `x * x`"),
    "point": Words("write digits after the point, or leave the point out", "小数点后须有数字，或删去小数点"),
    "members-in-braces": Words("write `{word} {{ a, b }}`", "请写 `{word} {{ 甲, 乙 }}`"),
    "for-in-list": Words("write `(… for x in LIST)`", "请写 `(… for x in 名单)`"),
    "comma-before": Words("put a `,` before `{found}`", "请在 `{found}` 前加 `,`"),
    "mark-before": Words("put `{mark}` before `{found}`", "请在 `{found}` 前加 `{mark}`"),
    "name-before-text": Words("put a name before the text: `my_name {text}`", "文字前须有名称：`名称 {text}`"),
    "let-outside": Words("put `let` outside of sections and clauses", "`let` 须写在 section 和条款之外"),
    "unit-behind": Words("write the unit after the number, such as `5 {unit}`", "单位写在数字之后，如 `5 {unit}`"),
    "no-open-bracket": Words(
        "leave out `{found}`; no `{bracket}` is open here", "请删去 `{found}`；此处没有未关闭的 `{bracket}`"
    ),
    "name-characters": Words(
        "a name holds letters, Chinese characters, digits and `_`, and does not begin with a digit; the label holds the rest",
        "名称由字母、汉字、数字和 `_` 组成，不以数字开头；其余的话写在说明文字里",
    ),
    "digits": Words("write `{found}` in digits", "请用数字书写 `{found}`"),
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
    "no-test": Words(
        "nothing tests whether a fact is missing; a missing fact makes the answer unknown",
        "不能判断指标是否缺失；缺失的指标使结论未知",
    ),
    "one-of": Words("write one of {members}", "请写 {members} 之一"),
    "compare": Words("write for example `{text} >= {limit}`", "例如 `{text} >= {limit}`"),
    "repeat-comparison": Words(
        "each side of `and` and `or` is a comparison of its own: write `x >= {text}`",
        "`and`、`or` 的两边须各为完整的比较：请写 `x >= {text}`",
    ),
    "list-of": Words("write `list of {name}`", "请写 `list of {name}`"),
    "needs-section": Words(
        'write `section "title" "subtitle" {` before it, and `}` after the last clause',
        '请在其前写 `section "总项" "分项" {`，并在最后一个条款之后写 `}`',
    ),
    "write-must": Words("write what the line asks for after `must`", "请在 `must` 后写明要求"),
    "header-standard": Words('write `standard my_id "title"` at the top', '请在文件开头写 `standard 标识 "标题"`'),
    "header-source": Words('write `source "document" annex 1` at the top', '请在文件开头写 `source "文件名" annex 1`'),
    "test-existence": Words("write `if {condition} then … else …`", "请写 `if {condition} then … else …`"),
    "allow": Words(
        "write `# lint: allow CODE` with the code of a warning", "请写 `# lint: allow 代码`，代码为某个提醒的代码"
    ),
    "encoding": Words("the file looks like {encoding}; save it as UTF-8", "文件像是 {encoding} 编码；请另存为 UTF-8"),
    "write-percent": Words("write `{number}%`", "请写 `{number}%`"),
}
