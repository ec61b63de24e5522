"""The names of the standards into tables: what an institution documents and what is judged.

One line a fact; after the colon stand the members of a set. Centres are named by label,
so that one of the files shows each kind of header.
"""

SCHOOL_DOCUMENTED = """
committee: leader departments specialist units schools
led_by: town centre college
council: head secretaries principals residents
principal: system appointed filed
dedicated_head: principal executive_vice
plans: development annual rules appraisal
charter: name_address purpose content form governance finance rights amendment other
on_agenda: party government
reporting: timely person
network_complete
local_work: guidance demonstration inspection appraisal
rooms: training reading digital archive
network_working
internet
sports: table_tennis fitness
platform_used
internet_access
cadres_trained
volunteers: team incentives regular
custodian
funding_channels
donations
systems: charter posts team meetings funding assessment rewards
rules: experts teachers volunteers learners facilities books log
records
elderly: health leisure active
youth: quality practice
residents_topics: values civic skills
workers
parents: family upbringing tradition childcare mental with_schools
employment: returned unemployed migrants new_labour
"""

SCHOOL_JUDGED = """
infeasible
host_accepted
policies
tasks
resources
venues
projects
environment
aids
rooms_equipped
sports_ample
platform_effective
cadre_quality
enough_teachers
part_time_quality
finance_strict
regular_training
elderly_varied
"""

CENTRE_DOCUMENTED = """
规划、计划与经费保障文件: 纳入本地社会事业发展规划 本村（居）年度工作计划 经费保障机制文件
教务委员会组成: 分管领导 专任干部 居民代表
功能用房: 多功能教室 图书阅览室 数字化教室
设备: 多功能教室内有投影设备 数字化教室接入宽带
本年度参加培训的人员: 管理人员 教师 志愿者
规章制度: 工作章程 工作例会 岗位职责 教学管理 档案管理 财务管理 表彰奖励
参与社区教育实验项目
记载与档案: 各项活动文字记载 规范的档案资料 工作总结 参与人员信息档案
本年度培训内容: 农村实用技术 现代生活教育
本年度服务的人群: 农村居民 进城务工人员 失业等弱势群体
"""

CENTRE_JUDGED = """
思想端正、目标明确、执行政策，理念符合实际有创新
计划与创新举措符合本村（居）实际
指导协调有力，完成上级任务，接受指导督查
有共享的活动场所并满足居民需要
资源整合、有序开放
师资符合事业发展需求
培训形式、渠道多样
条件与环境逐步改善（建议项）
突出区域文化特色
活动多样、内容贴近居民需求
"""

COLLEGE_DOCUMENTED = """
governance: authority centre appointed dean
responsibility: defined person
guidance: building training rules
bases_promoted: practice
council: authority centre dean deputy
council_topics: plan annual safeguards
functions: courses demonstration guidance research
drafting: plan annual norms supervision appraisal
charter: name_address purpose content form governance finance rights amendment other
plans: 发展规划 年度工作计划 定期工作例会 定期学习交流
rules: 会议制度 岗位职责 课程设置 教育培训 财务管理 考核奖励 档案管理
rooms: 办公用房 阅览室 计算机房
managers_duty
trained: managers teachers volunteers
developed: courses textbooks
elderly
family: head_school activities
youth: activities practice
groups: unemployed migrants low_income disabled
farmers: techniques professional
young: training volunteering
digital_activities
creation: party agencies enterprises families
selections: streets communities units individuals teachers stars brands
funding_sources: government enterprises
ring_fenced
"""


def columns(table: str) -> list[str]:
    """Turn a table into columns: one a fact, one a member of a set."""
    found: list[str] = []
    for name, members in facts(table).items():
        found += [f"{name}.{member}" for member in members] or [name]
    return found


def facts(table: str) -> dict[str, list[str]]:
    """Turn a table into facts with the members of their sets, none where it is no set."""
    found = {}
    for line in table.strip().splitlines():
        name, _, members = line.partition(": ")
        found[name] = members.split()
    return found
