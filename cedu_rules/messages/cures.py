"""The table of cures: for each code how it is put right in general; a hint names the cure of one case instead."""

from cedu_rules.messages.words import Words

CURES: dict[str, Words] = {
    # reading the text
    "unexpected-word": Words(
        "put what is expected here, or leave out what was found", "请补上应有的内容，或删去多余的部分"
    ),
    "unexpected-character": Words("delete it, or type it anew", "请删去，或重新输入"),
    "unclosed-text": Words('close the text with `"` on its line', '请在同一行以 `"` 结束文字'),
    "unclosed-bracket": Words("close it where its content ends", "请在内容结束处补上右括号"),
    "early-brace": Words("leave out this `}`, or open the block anew", "请删去此 `}`，或重新打开所属的块"),
    "unfinished-statement": Words("finish the statement, or leave its last word out", "请把语句写完，或删去最后一词"),
    "missing-label": Words('write the label in `"` behind it', '请在其后写 `"标签"`'),
    "missing-title": Words('write the title in `"` behind it', '请在其后写 `"标题"`'),
    "missing-message": Words('write behind it, in `"`, what to tell who breaks the rule', '请在其后写 `"提示"`'),
    "missing-text": Words('write the text in `"` behind it', '请在其后写 `"文字"`'),
    "chained-comparison": Words(
        "join two comparisons by `and`, or use `between`", "请用 `and` 连接两个比较，或用 `between`"
    ),
    "misplaced-if": Words("put the whole `if` in brackets", "请把整个 `if` 放进括号"),
    "wrong-quotes": Words('put texts in straight quotes, `"`', '文字请用直引号 `"`'),
    "wrong-operator": Words("use `= != < <= > >=`, `and`, `or`, `not`", "请用 `= != < <= > >=`、`and`、`or`、`not`"),
    "wrong-comment": Words("begin a comment with `#`", "注释以 `#` 开头"),
    "grouped-digits": Words("write the digits without commas", "数字请不要用逗号分组"),
    "long-number": Words("use a larger unit, or fewer digits", "请改用更大的单位，或减少位数"),
    "unknown-escape": Words("write the character itself", "请直接写该字符"),
    "date-spelling": Words("write dates as 2022-09-01", "日期写作 2022-09-01"),
    "impossible-date": Words("correct the month or the day", "请改正月份或日"),
    "no-year": Words("write a year of four digits", "请写四位数的年份"),
    "fractional-annex": Words("write the whole number of the annex", "附件编号请写整数"),
    "fraction-with-unit": Words("say with brackets what the unit belongs to", "请用括号说明单位属于哪一部分"),
    "compound-unit": Words("multiply by the fact instead of dividing by its unit", "请改为与指标相乘，不要除以单位"),
    "field-after-let": Words("move fields and checks before the first `let`", "请把字段和 check 移到第一个 `let` 之前"),
    "too-deep": Words("name a part by `let`, or write fewer levels", "请用 `let` 给其中一部分命名，或减少层数"),
    "too-many-problems": Words(
        "correct the first problems, then read the file again", "请先改正前面的问题，再重新检查"
    ),
    "bad-encoding": Words("save the file as UTF-8", "请把文件另存为 UTF-8"),
    "too-large": Words("split the standard into several files", "请把标准分成几个文件"),
    # names
    "unknown-name": Words("declare it, or correct the spelling", "请先声明，或改正写法"),
    "unknown-field": Words(
        "declare the field in the record, or correct the spelling", "请在记录中声明该字段，或改正写法"
    ),
    "unknown-member": Words(
        "use the name of a member, or add it to the declaration", "请用已有成员的名称，或在声明中补上"
    ),
    "unknown-fact": Words("declare the fact, or correct the spelling", "请声明该事实，或改正写法"),
    "unknown-unit": Words("use a known unit, or declare it with `unit`", "请用已有的单位，或用 `unit` 声明"),
    "unknown-type": Words(
        "use a unit or a built-in type, or declare it with `type`", "请用单位或内置类型，或用 `type` 声明"
    ),
    "unknown-record": Words("declare the record, or correct the spelling", "请声明该记录，或改正写法"),
    "unknown-clause": Words("write the id of a clause, without quotes", "请写条款标识，不加引号"),
    "unknown-function": Words(
        "use one of the functions, or `let` for a calculation of your own", "请用已有的函数；自己的算式用 `let`"
    ),
    "unknown-status": Words("write one of the statuses", "请写其中一种结论"),
    "unknown-language": Words("write `language zh` or `language en`", "请写 `language zh` 或 `language en`"),
    "ambiguous-name": Words("rename one of the two", "请改其中一个名称"),
    "hidden-name": Words("choose another name for the variable", "请给变量另取名称"),
    "reserved-name": Words("choose another name", "请另取名称"),
    "unusable-name": Words("use letters, Chinese characters, digits and `_`", "请用字母、汉字、数字和 `_`"),
    "misspelt-declaration": Words("correct the declaration, or all its uses", "请改正声明，或改正所有使用处"),
    "duplicate-name": Words("rename one of the two, or delete it", "请改其中一个名称，或删去"),
    "duplicate-clause": Words("give each clause an id of its own", "请给每个条款不同的标识"),
    "duplicate-member": Words("give each member names and labels of its own", "请给每个成员不同的名称和标签"),
    "duplicate-type": Words("rename one of the two, or delete it", "请改其中一个名称，或删去"),
    "duplicate-unit": Words("use the existing unit, or another word", "请用已有的单位，或另取名称"),
    "duplicate-value": Words("keep one of the two values", "请只保留一个值"),
    # types and units
    "type-mismatch": Words("compare values of one type", "请比较同一类型的值"),
    "unit-mismatch": Words(
        "write the unit that fits, or leave it out for counts and ratios", "请写相符的单位；数量和比率不写单位"
    ),
    "missing-unit": Words("write the unit behind the number", "请在数字后写单位"),
    "not-a-condition": Words("compare it with something", "请写成比较"),
    "not-a-number": Words("use a number here", "此处请用数"),
    "not-a-number-type": Words(
        "use a unit, `count`, `number` or `percent`", "请用单位、`count`、`number` 或 `percent`"
    ),
    "not-a-list": Words("use a fact that is a `list of` records", "请用 `list of` 类型的事实"),
    "not-a-set": Words("use a fact that is a `set`, or `in` for one value", "请用 `set` 类型的事实；单个值用 `in`"),
    "not-a-series": Words("use a fact that is `yearly`", "请用 `yearly` 类型的事实"),
    "not-a-record": Words("name an element with `for`, then its field", "请先用 `for` 指明一项，再写字段"),
    "not-a-key": Words("use a text, number, date, choice or level", "请用文本、数、日期、选项或等级"),
    "not-a-year": Words("write a year of four digits", "请写四位数的年份"),
    "not-comparable": Words("ask `includes`, `count(…)` or one element", "请用 `includes`、`count(…)` 或其中一项"),
    "series-compared": Words(
        "take one year: `latest(…)` or `…[assessed_year]`", "请取某一年：`latest(…)` 或 `…[assessed_year]`"
    ),
    "no-order": Words("use `=` or `!=`, or declare a `level`", "请用 `=` 或 `!=`；有先后的请声明为 `level`"),
    "cannot-choose": Words("choose between single values", "请在单个值之间选择"),
    "cannot-select": Words("use `if … then … else …`", "请用 `if … then … else …`"),
    "no-default": Words("leave `else` out", "请删去 `else`"),
    "unfit-value": Words("write a value as the type of the fact asks for it", "请按事实的类型写值"),
    "wrong-arguments": Words(
        "write as many as the function takes, separated by `,`", "请按函数的要求写参数，以 `,` 分隔"
    ),
    "needs-for": Words("write `(… for x in LIST)`", "请写 `(… for x in 名单)`"),
    "no-aggregate": Words("compute with a `let` in the record, then aggregate", "请先在记录中用 `let` 计算，再汇总"),
    "counted-condition": Words("write `count(x for x in … where CONDITION)`", "请写 `count(x for x in … where 条件)`"),
    # numbers and dates
    "not-constant": Words("use a literal or a `param`", "请用字面值或 `param`"),
    "not-a-whole-constant": Words("write a whole number", "请写整数"),
    "out-of-range": Words("write a number within the range", "请写范围内的数"),
    "empty-range": Words("write the low end first", "请先写下限"),
    "constant-too-large": Words("use smaller numbers", "请用较小的数"),
    "division-by-zero": Words("divide by something else", "请改用其他除数"),
    "rounding-with-unit": Words(
        "divide by a quantity first, as in `ceil(area / 1 m2)`", "请先相除，如 `ceil(area / 1 m2)`"
    ),
    "sum-of-dates": Words("subtract the dates, or add days, months or years", "请相减，或加天数、月数或年数"),
    "date-subtracted": Words("write the date first", "请把日期写在前面"),
    "bad-date-step": Words("write days, months or years, as in `+ 3 years`", "请写天数、月数或年数，如 `+ 3 years`"),
    "fractional-date-step": Words("write a whole number of a smaller unit", "请改用较小单位的整数"),
    "degree-too-high": Words("compute it outside and hand it in as a fact", "请在外部计算，作为事实填报"),
    # structure
    "missing-header": Words("write it at the top of the file", "请写在文件开头"),
    "repeated-header": Words("keep one of them", "请只保留一处"),
    "empty-clause": Words("write what the line asks for after `must`", "请在 `must` 后写明要求"),
    "cycle": Words("break the circle at one of the names", "请在其中一处断开循环"),
    "recursive-record": Words("keep the inner list elsewhere", "请把内层名单放在别处"),
    "else-not-last": Words("move `else` to the end", "请把 `else` 移到最后"),
    "unequal-row": Words("write the rows for the other values", "请写出其他取值的行"),
    "table-needs-else": Words("add `else: …` as the last row", "请在最后加 `else: …`"),
    "gap-in-table": Words("add a row for these values, or `else: …`", "请为这些值补一行，或写 `else: …`"),
    "unreachable-row": Words("delete the row, or change the bounds before it", "请删去此行，或改前面各行的界限"),
    # doubtful, but allowed
    "holds-by-absence": Words("say what holds where the fact does not exist", "请写明该事实不存在时如何"),
    "zero-by-absence": Words("say what holds where the fact does not exist", "请写明该事实不存在时如何"),
    "duplicate-label": Words("give each fact a label of its own", "请给每个事实不同的标签"),
    "always-met": Words(
        "correct the bound or the sign, or leave the requirement out", "请改正界限或符号，或删去此要求"
    ),
    "never-met": Words("correct the bound, the unit or the sign", "请改正界限、单位或符号"),
    "always-true": Words("correct the bound or the sign, or leave the condition out", "请改正界限或符号，或删去此条件"),
    "always-false": Words(
        "correct the bound or the sign, or leave the condition out", "请改正界限或符号，或删去此条件"
    ),
    "guard-never-holds": Words("correct the guard, or leave the clause out", "请改正前提，或删去此条款"),
    "unused-fact": Words("use it in a requirement, or delete it", "请在要求中使用，或删去"),
    "unused-let": Words("use it, or delete it", "请使用，或删去"),
    "unused-declaration": Words("use it, or delete it", "请使用，或删去"),
    "clause-without-example": Words(
        "add `example pass { … }` and `example fail { … }`", "请加 `example pass { … }` 和 `example fail { … }`"
    ),
    "threshold-without-example": Words("add an example on the other side of the bound", "请在界限的另一边加一个例子"),
    "vacuous-all": Words("require a number too, such as `count(…) >= 1`", "请同时要求数量，如 `count(…) >= 1`"),
    "judged-without-note": Words("write in a `note` by what it is judged", "请用 `note` 写明判断的依据"),
    "duplicate-requirement": Words("keep one of the two", "请只保留一处"),
    "unknown-allowance": Words(
        "write `# lint: allow CODE` with the code of a warning", "请写 `# lint: allow 代码`，代码为某个提醒的代码"
    ),
    "unused-allowance": Words("delete the comment", "请删去此注释"),
}
