"""The words around the facts in every form of a report: headings, captions, the receipt, in both languages."""

from cedu_rules.messages import Words
from cedu_rules.results import Status, Verdict

SYMBOLS = {
    Status.PASS: "✓",
    Status.FAIL: "✗",
    Status.UNKNOWN: "?",
    Status.NOT_APPLICABLE: "–",
    Status.NOT_MET: "△",
    Status.WAIVED: "◇",
}
"""One sign a status, so that no table depends on colour alone."""

VERDICT_SYMBOLS = {
    Verdict.CONFORMS: "✓",
    Verdict.FAILS: "✗",
    Verdict.UNDETERMINED: "?",
    Verdict.INVALID: "!",
}

WORDING = {
    # --- head and summary ---
    "report": Words("assessment report", "评定报告"),
    "summary": Words("Summary", "汇总表"),
    "contents": Words("Contents", "目录"),
    "assessed_on": Words("assessed on", "评定基准日"),
    "not_given": Words("not given", "未给定"),
    "institution": Words("institution", "机构"),
    "institutions": Words("Institutions", "机构"),
    "id": Words("id", "编号"),
    "name": Words("name", "名称"),
    "unnamed": Words("unnamed", "未命名机构"),
    "verdict": Words("verdict", "评定结果"),
    "group": Words("group", "分组"),
    "no_group": Words("without a group", "未分组"),
    "total": Words("total", "合计"),
    "clause": Words("clause", "条款"),
    "clauses": Words("Clauses", "条款"),
    "clause_id": Words("clause id", "条款标识"),
    "number": Words("no.", "序号"),
    "place": Words("place", "出处"),
    "section": Words("section", "总项"),
    "subsection": Words("subsection", "分项"),
    "status": Words("status", "结论"),
    "share_met": Words("share met", "达标率"),
    "share_note": Words(
        "Share met: clauses passed or waived, of those that apply; rounded down.",
        "达标率：达标和已豁免的条款占适用条款的比例，尾数舍去。",
    ),
    "by_section": Words("Share of clauses met by section", "各总项条款达标率"),
    "by_group": Words("Verdicts and share of clauses met by group", "各组评定结果和条款达标率"),
    "most_failed": Words("Clauses most often failed", "未达标最多的条款"),
    "most_missing": Words("Facts most often missing", "缺填最多的事实"),
    "lacking": Words("What is lacking in sum", "缺口合计"),
    "lacking_note": Words(
        "For each institution the largest shortfall of a quantity counts, so that one purchase is counted once; "
        "where a demand can be met in several ways, each way is listed. Shares and excesses are not added up.",
        "每个机构同一项只计最大缺口，不重复计算；可择一达到的，各项分别列出。比率和超出数不相加。",
    ),
    "quantity": Words("what", "项目"),
    "in_sum": Words("lacking in sum", "缺口合计"),
    "in_institutions": Words("institutions", "机构数"),
    "alternatives": Words("(or another way)", "（可择一）"),
    "fact": Words("fact", "事实"),
    "answered_by": Words("answered by", "由谁答复"),
    "waiting": Words("waiting clauses", "待定条款数"),
    "institution_answers": Words("institution", "机构填报"),
    "inspector_answers": Words("inspector", "检查人员评定"),
    "none": Words("none", "无"),
    "brief": Words(
        "questions are all facts that open clauses miss, also those that can no longer change an answer; repairs are given "
        "clause by clause, without a plan for the whole institution; `--advice` works out both, and so does "
        "`--institution` for one",
        "待核实清单列出待定条款缺少的全部事实，包括已不影响结论的；整改措施逐条列出，没有整体方案；"
        "加 `--advice` 或用 `--institution` 选定单个机构可得完整内容",
    ),
    "brief_repairs": Words("clause by clause, no plan for all together", "逐条列出，无整体方案"),
    "brief_questions": Words("all facts that open clauses miss", "待定条款缺少的全部事实"),
    # --- the matrix ---
    "matrix": Words("Clauses × institutions", "条款×机构"),
    "matrix_groups": Words("Clauses × groups", "条款×分组"),
    "matrix_note": Words(
        "A column is a clause, by its number in the list of clauses; a row is an institution.",
        "一列为一条款，序号见条款表；一行为一个机构。",
    ),
    "matrix_groups_note": Words(
        "A column is a clause, by its number in the list of clauses; each field tells how many institutions fail (✗) "
        "and how many are still open (?).",
        "一列为一条款，序号见条款表；格内为未达标（✗）和待核实（?）的机构数。",
    ),
    "legend": Words("Signs", "符号"),
    "all_met": Words("nothing failed or open", "无未达标、待核实"),
    # --- each institution ---
    "details": Words("Details", "明细"),
    "findings": Words("Findings", "条款结论"),
    "explanation": Words("clause and explanation", "条款与说明"),
    "reason": Words("explanation", "说明"),
    "requirement": Words("requirement", "考核要点"),
    "actual": Words("actual", "现状"),
    "required": Words("required", "标准"),
    "shortfall": Words("shortfall", "缺口"),
    "shortfall_number": Words("shortfall as a number", "缺口数值"),
    "remark": Words("remark", "备注"),
    "excess": Words("excess", "超出"),
    "unit": Words("unit", "单位"),
    "kind": Words("kind", "类别"),
    "waiver": Words("waiver", "豁免"),
    "before_waivers": Words("before waivers", "豁免之前"),
    "idle_waiver": Words("waiver without effect", "豁免未起作用"),
    "vacuous": Words("vacuous", "无可查对象"),
    "advisory": Words("recommendation", "建议项"),
    "others": Words("Other clauses", "其余条款"),
    "open": Words("List of questions", "待核实清单"),
    "question": Words("question", "待核实事项"),
    "repairs": Words("List of repairs", "整改清单"),
    "repair": Words("repair", "整改措施"),
    "plan": Words("all together", "整体方案"),
    "one_of": Words("(one way)", "（可择一）"),
    "margins": Words("Distance to each threshold, also where it is met", "各量化指标与标准的距离（含已达标）"),
    "margin": Words("distance", "与标准的距离"),
    "margin_number": Words("distance as a number", "距离数值"),
    "comparison": Words("comparison", "标准条文"),
    "errors": Words("Input errors", "填报错误"),
    "error": Words("error", "错误"),
    "warnings": Words("Warnings", "提示"),
    "back": Words("to the top", "返回顶部"),
    # --- the sheets of a workbook ---
    "summary_sheet": Words("Summary", "汇总表"),
    "matrix_sheet": Words("Clauses × institutions", "条款×机构"),
    "details_sheet": Words("Details", "明细"),
    "open_sheet": Words("Open", "待核实"),
    "repairs_sheet": Words("Repairs", "整改"),
    "margins_sheet": Words("Margins", "余量"),
    # --- the receipt ---
    "receipt": Words("Receipt", "报告凭据"),
    "standard": Words("standard", "标准"),
    "standard_digest": Words("digest of the standard", "标准摘要值"),
    "input_digest": Words("digest of the input", "数据摘要值"),
    "library": Words("library version", "程序版本"),
    "language": Words("language version", "标准语言版本"),
}
"""Every heading and label, by a name of its own."""


def word(name: str, language: str) -> str:
    """Return the phrase of that name in `zh` or `en`."""
    words = WORDING[name]
    return words.zh if language == "zh" else words.en
