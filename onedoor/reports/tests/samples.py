"""Reports of places that do not exist, each written another way, and small docx files."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

CITY = """关于江临市2022年度市级预算执行和其他财政收支
审计查出问题整改情况的报告
——2023年6月28日在江临市第五届人民代表大会常务委员会第十二次会议上
江临市审计局局长 样例
主任、各位副主任、秘书长、各位委员：
受市人民政府委托，现将审计查出问题的整改情况报告如下。
一、整改工作总体推进情况
截至2023年5月底，审计查出的86个问题，已整改78个，正在整改8个，整改率90.7%。上缴财政资金1.25亿元，归还原资金渠道3,200.5万元。
二、审计查出问题的整改情况
（一）市级财政管理审计查出问题的整改情况
1.关于部分项目预算编制不细化的问题。市财政局已修订预算编制办法，该问题已整改到位。
2.关于非税收入未及时上缴的问题。涉及3家单位、金额256.3万元。目前，2家单位已上缴国库180万元，剩余76.3万元正在办理，该问题正在整改。
（二）重大政策措施落实审计查出问题的整改情况
1.关于惠企资金拨付不及时的问题。一是市工信局建立台账。二是市财政局将滞留资金1,080万元全部拨付到位。该问题已完成整改。
2.关于部分乡镇政务服务站点闲置的问题。由于历史原因，尚未整改到位，需持续推进。
三、下一步工作安排
（一）压实整改责任。督促责任单位制定方案，确保年底前全部完成整改。
（二）加强成果运用。把整改情况纳入考核。
江临市审计局
2023年6月20日"""

SCHOOL = """虚山职业学院关于落实审计整改的公告
问题1：部分采购未按规定公开招标。
责任单位：后勤处、资产处
责任人：样例甲
整改时限：2024年9月30日
整改措施：
（1）修订采购管理办法；
（2）对2023年以来的采购逐项核查。
整改结果：已完成
问题2：往来款长期挂账58.6万元。
责任单位：财务处
整改时限：2024年底前
整改情况：已清理42万元，其余正在核对。
整改结果：动真碰硬"""

BUREAU = """云岭县水务局2021年度经济责任审计整改情况报告
县审计局：
1.河长制经费使用不规范。整改情况：已将挪用的12万元归还原渠道。整改完毕。
2.项目竣工决算滞后。整改情况：已完成3个项目决算，剩余2个项目将于2022年3月前完成。
云岭县水务局
2021年12月5日"""

DISTRICT = """标题：北原区关于营商环境专项审计发现问题整改情况的公示
索引号：11332500002645240D/2021-28038
发布机构：北原区发展和改革局
文号：北发改〔2021〕12号
发布日期：2021年11月3日
第一部分 基本情况
区委区政府印发整改方案。
第二部分 存在问题及整改落实情况
（一）存在问题：中介服务机构超范围收费。
整改落实情况：①清退违规收费3.6万元；②约谈5家机构；③公开收费目录。已整改到位。
（二）存在问题：惠企政策知晓率低。
整改落实情况：开展宣讲12场次。
第三部分 其他
这一部分说的是别的事。"""

_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def paragraph(text: str, *, level: int | None = None) -> str:
    numbered = (
        f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        if level is not None
        else ""
    )
    return f"<w:p>{numbered}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """Return a table; ``^`` is a cell merged with the one above it."""
    made = ""
    for row in rows:
        cells = "".join(
            "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
            if cell == "^"
            else f"<w:tc>{paragraph(cell)}</w:tc>"
            for cell in row
        )
        made += f"<w:tr>{cells}</w:tr>"
    return f"<w:tbl>{made}</w:tbl>"


def docx(*blocks: str, numbering: str = "", more: dict[str, bytes] | None = None) -> bytes:
    body = f'<?xml version="1.0"?><w:document {_NS}><w:body>{"".join(blocks)}</w:body></w:document>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", body)
        if numbering:
            archive.writestr("word/numbering.xml", f"<w:numbering {_NS}>{numbering}</w:numbering>")
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return file.getvalue()


COUNTED = (
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
    '<w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
    '<w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)
