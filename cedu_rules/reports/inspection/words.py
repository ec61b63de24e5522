"""The words of the papers of an inspection: titles, columns, lead units, in both languages."""

from cedu_rules.messages import Words
from cedu_rules.reports.wording import word

TIERS = {
    "college": Words("college", "社区教育学院"),
    "school": Words("school", "社区教育学校"),
    "centre": Words("learning centre", "社区教育学习中心"),
}
"""What the institutions of a standard are called, by its id, where the plan does not say."""

LEAD_UNITS = {
    "college": Words("education bureau", "教育局"),
    "school": Words("town government (street office)", "镇政府（街道办事处）"),
    "centre": Words("village (community)", "村（社区）"),
}
"""Who leads the rectification, by the id of the standard, where the plan does not say."""

_WORDS = {
    "inspection": Words("Inspection", "验收"),
    "tier": Words("tier", "层级"),
    "totals": Words("Totals by tier", "各层级合计"),
    "by_town": Words("Summary by group and tier", "分组、分层级汇总"),
    "all_tiers": Words("all tiers", "合计"),
    "due": Words("due", "应报"),
    "recorded": Words("recorded", "已报"),
    "not_recorded": Words("not recorded", "未报"),
    "conforming": Words("conforming", "合格"),
    "failing": Words("failing", "不合格"),
    "undetermined": Words("open", "待核实"),
    "invalid": Words("invalid input", "填报有误"),
    "before_waivers": Words("before waivers", "豁免之前"),
    "notes": Words("Notes", "说明"),
    "papers": Words("Papers", "各项文书"),
    "not_inspected": Words("could not be inspected", "未能验收"),
    "idle_waiver": Words("waiver without effect", "豁免未起作用"),
    # --- notice of rectification ---
    "notice": Words("Notice of rectification", "整改通知书"),
    "notices": Words("Notices of rectification", "整改通知书"),
    "no_notices": Words(
        "No institution fails; there is no notice of rectification.", "没有不合格的机构，不需发出整改通知书。"
    ),
    "notice_number": Words("No. {year}-{tier}-{number:03}", "整改〔{year}〕{tier}-{number:03}号"),
    "notice_opening": Words(
        "On {day} your institution was assessed against “{standard}” ({document}). The result is: {verdict}. "
        "The following clauses fail: {count}. Put them right by {deadline} and report what was done to the lead unit.",
        "以 {day} 为评定基准日，对照《{standard}》（{document}）验收，你单位评定为：{verdict}，未达标条款共 {count} 条。"
        "请于 {deadline} 前整改到位，并将整改情况报牵头单位。",
    ),
    "date_blank": Words("______________ (date)", "______年____月____日"),
    "lead_unit": Words("lead unit", "牵头单位（责任单位）"),
    "deadline": Words("to be put right by", "整改期限"),
    "failed_lines": Words("Clauses that fail", "未达标条款"),
    "line": Words("clause and place", "条款与出处"),
    "repair_all": Words("List of repairs, all together", "整改清单（整体方案）"),
    "repair_one_of": Words(" (one of)", "（可择一）"),
    "not_met_lines": Words("Recommendations that are not followed (not counted)", "建议未落实（不计入评定）"),
    "waived_lines": Words("Waived", "已豁免（经批准）"),
    "approved_by": Words("approved by", "批准"),
    "until": Words("until", "截止"),
    "still_open": Words(
        "Besides, {count} clauses are open: see the list of questions.", "另有 {count} 条待核实，见待核实清单。"
    ),
    "corrected": Words("Found on site", "现场核实情况"),
    "reinspection": Words("Re-inspection", "复查"),
    "box_put_right": Words("☐ put right", "☐ 已整改"),
    "box_not_yet": Words("☐ not yet", "☐ 未整改"),
    "opinion": Words("finding of the re-inspection", "复查意见"),
    "reinspector": Words("re-inspected by (signature)", "复查人（签字）"),
    "reinspected_on": Words("date of the re-inspection", "复查日期"),
    "responsible": Words("head of the institution (signature)", "单位负责人（签字）"),
    "lead_seal": Words("lead unit (seal)", "牵头单位（盖章）"),
    "inspectors": Words("inspectors (signatures)", "检查人员（签字）"),
    "issued_by": Words("issued by (seal)", "发出单位（盖章）"),
    "issued_on": Words("date", "日期"),
    # --- open items ---
    "open_institutions": Words("List of questions: to report by the institutions", "待核实清单（机构填报）"),
    "open_inspectors": Words("List of questions: to judge on site by the inspectors", "待核实清单（现场评定）"),
    "no_questions": Words("Nothing is open.", "没有待核实事项。"),
    "waits": Words("for", "涉及"),
    "answer": Words("answer", "答复"),
    # --- record of the visit ---
    "visit": Words("Record of the visit", "现场检查记录表"),
    "path": Words("path", "路径"),
    "item": Words("item", "核查事项"),
    "stated": Words("stated", "填报值"),
    "found": Words("found on site", "现场核实值"),
    "evidence": Words("evidence", "佐证材料"),
    "method": Words("method", "核查方法"),
    "inspector": Words("inspector", "检查人"),
    "visited_on": Words("date of the visit", "检查日期"),
    "choices": Words("to fill in", "填写方式"),
    # --- lacking ---
    "lacking_paper": Words("What is lacking, in sum and most often", "缺口合计与常见问题"),
    "lacking_by_group": Words("What is lacking, by group", "各组缺口"),
    "failed_by_group": Words("Clauses that fail, by group", "各组未达标条款"),
    "failing_count": Words("failing", "未达标机构数"),
    "of": Words("of", "评定机构数"),
    # --- comparison ---
    "comparison": Words("Compared with the earlier inspection", "与上次验收对比"),
    "earlier_on": Words("earlier inspection", "上次评定基准日"),
    "counts": Words("Clauses by group and tier", "分组、分层级条款数"),
    "put_right": Words("put right", "已整改"),
    "not_put_right": Words("not put right", "未整改"),
    "still_open_kind": Words("open", "待核实"),
    "new": Words("new", "新增未达标"),
    "waived": Words("waived", "已豁免（经批准）"),
    "gone": Words("not in this inspection, or input invalid", "本次未列入或填报有误"),
    "before": Words("before", "上次"),
    "after": Words("now", "本次"),
}


def say(name: str, language: str) -> str:
    """Return the phrase of that name in `zh` or `en`, of this table or else of the reports' own."""
    words = _WORDS.get(name)
    if words is None:
        return word(name, language)
    return words.zh if language == "zh" else words.en


def spoken(words: Words, language: str) -> str:
    """Return the phrase in `zh` or `en`."""
    return words.zh if language == "zh" else words.en
