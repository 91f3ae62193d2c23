"""What the Chinese texts may and must say: the same promises as for English, in its words."""

import re

import pytest

from alerts.core import texts
from alerts.core.texts.shape import Text
from tests.alerts.core.wording import (
    LEVELS,
    REGIONS,
    around,
    chinese_sentences,
    each,
    for_patients,
    said_in,
    shown,
)

ZH = "zh-Hans"
ALL = said_in(ZH)
FOR_PATIENTS = for_patients(ALL)
EMERGENCIES = [one for one in ALL if one.level == 4]
HOLDS = [one for one in FOR_PATIENTS if one.level == 2]
DOCTOR = [one for one in FOR_PATIENTS if one.level == 3 and one.key != "chase.patient"]

REASSURING = re.compile(
    r"没事|放心|安心|担心|安全|正常|没问题|没关系|不要紧|无大碍|无碍|别怕|不必|不用|无需|耐心|好消息"
    r"|只是酸|会好|好转|自愈|不严重|不危险|没有危险|恢复|痊愈"
)
COMMON = re.compile(r"常见|普遍|意料之中|多数人")
OPENINGS = (
    *("现在就去急诊", "现在检查", "今天就给医生打电话", "暂停按摩", "立即", "告诉我们", "推迟"),
    *("减少", "缩短", "换一种", "把", "不要", "保持", "打开", "联系患者", "给患者打电话"),
    "明天再告诉我们",
)
CLINICAL = re.compile(
    r"痛|疼|麻|力气|无力|按摩|盘|脊|腰|背|颈|脖|神经|大便|小便|腿|手|走路|症|分数|规则|患者|病|诊"
    r"|日记|提醒|警|级|暂停|酸|\d|[A-Za-z]"
)
JARGON = re.compile(
    r"禁忌|压迫|马尾|脊髓|腰椎|颈椎|急性|慢性|症状|基线|创伤|斜率|中位|排毒|毒素|废物|代谢"
    r"|百分|[%％]|回纳|复位|突出"
)
BLAME = re.compile(r"不该|不应该|违反|擅自|不听|过错|错误|怪|明明|居然|竟然|不许|禁止|不要记录")
LATIN = re.compile(r"[A-Za-z]")
WESTERN_PUNCTUATION = re.compile(r"[,;:!?()]|(?<!\d)\.|\.(?!\d)|  |[\u4e00-\u9fff] [\u4e00-\u9fff]")
TRADITIONAL = re.compile(
    "[醫這個們請現時間電話給說應還無處開關診體發兩腳變嗎幾過來對後從實題麼鬆壓]"
)


@each(*FOR_PATIENTS)
def test_no_text_reassures(said: Text) -> None:
    assert not REASSURING.search(shown(said, ZH))


@each(*FOR_PATIENTS)
def test_only_soreness_is_called_common(said: Text) -> None:
    assert bool(COMMON.search(shown(said, ZH))) is (said.key == "info.soreness")


def test_nothing_around_the_texts_reassures() -> None:
    for words in around(ZH):
        assert not REASSURING.search(words)
        assert not COMMON.search(words)


@each(*FOR_PATIENTS)
def test_every_text_below_an_emergency_carries_the_safety_net(said: Text) -> None:
    for region in REGIONS:
        advice = texts.advice(said, locale=ZH, region=region, emergency_number="120")
        net = texts.safety_net(locale=ZH, region=region)
        assert advice.endswith(net) is (said.level <= 3)
        assert advice.count("大便或小便控制不住") == (said.level <= 3)


def test_the_safety_net_names_the_signs_of_the_region() -> None:
    signs = {"现在就去急诊", "大便或小便控制不住", "两腿之间发麻", "两条腿都变得没力气"}
    of_the_neck = {"走路不稳", "双手变得不灵活"}
    for region in (*REGIONS, "", "unknown"):
        net = texts.safety_net(locale=ZH, region=region)
        assert all(sign in net for sign in signs)
        assert all(sign in net for sign in of_the_neck) is (region != "lumbar")
        assert not any(sign in net for sign in of_the_neck) or region != "lumbar"


@each(*ALL)
def test_the_first_words_are_something_to_do(said: Text) -> None:
    assert said.advice.startswith(OPENINGS)


@each(*EMERGENCIES)
def test_an_emergency_says_what_to_do_and_what_not(said: Text) -> None:
    advice = texts.advice(said, locale=ZH, region="both", emergency_number="120")
    assert chinese_sentences(advice)[0] == "现在就去急诊"
    for words in ("不要自己开车", "拨打120。", "不要等本应用或医生回复", "不要按摩"):
        assert words in advice
    advice = texts.advice(said, locale=ZH, region="both", emergency_number="")
    assert "拨打当地的急救电话。" in advice


@each(*HOLDS)
def test_a_hold_stops_massage_and_says_how_it_can_go_on(said: Text) -> None:
    assert said.advice.startswith("暂停按摩")
    assert re.search(r"。等|先问过医生再继续|问医生您能不能按摩", said.advice)


@each(*DOCTOR)
def test_the_doctor_is_to_be_called_today_and_until_then_there_is_no_massage(said: Text) -> None:
    assert said.advice.startswith("今天就给医生打电话。")
    assert "医生同意之前不要按摩。" in said.advice
    assert "急诊" in said.advice


@each(*(one for one in FOR_PATIENTS if not one.key.startswith("account.")))
def test_there_is_a_way_up_from_every_text(said: Text) -> None:
    assert re.search(r"医生|急诊|照着做", said.advice)


@each(*FOR_PATIENTS)
def test_no_text_blames(said: Text) -> None:
    assert not BLAME.search(shown(said, ZH))
    if said.key.startswith("hold.contraindicated."):
        assert "每次按摩都请继续记录。" in said.advice


def test_relief_is_no_leave_to_go_more_often() -> None:
    advice = texts.text("positive.relief", ZH).advice
    assert advice.startswith("保持现在的按摩次数上限。")
    assert "想增加次数，先问医生。" in advice


@each(*ALL)
def test_the_sentences_are_short_and_plain(said: Text) -> None:
    words = shown(said, ZH)
    assert max(map(len, chinese_sentences(words))) <= 40
    assert not JARGON.search(words)


@each(*ALL)
def test_it_is_chinese_throughout(said: Text) -> None:
    words = shown(said, ZH)
    assert not LATIN.search(words)
    assert not WESTERN_PUNCTUATION.search(words)
    assert not TRADITIONAL.search(words)


@each(*ALL)
def test_every_sentence_is_ended(said: Text) -> None:
    for words in (said.advice, said.why, said.why_plain or said.why, *said.why_for.values()):
        assert words.endswith("。")


@pytest.mark.parametrize("level", LEVELS)
def test_what_leaves_the_app_names_nothing_of_the_illness(level: int) -> None:
    mail = texts.mail(level, ZH, emergency_number="")
    body = mail.body.replace(texts.catalogue(ZH).number_unknown, "")
    for words in (texts.push_line(level, ZH), mail.subject, body):
        assert not CLINICAL.search(words)


def test_mail_says_what_to_do_when_the_app_does_not_open() -> None:
    bodies = [texts.mail(level, ZH, emergency_number="120").body for level in LEVELS]
    assert all("打开应用" in body.split("。")[0] for body in bodies)
    assert all("这个邮箱无人查看" in body for body in bodies)
    assert ["今天就给医生打电话" in body for body in bodies] == [False] * 3 + [True, False]
    assert ["立即拨打120" in body for body in bodies] == [False] * 4 + [True]


def test_the_words_by_level() -> None:
    assert texts.push_line(4, "zh-CN") == "重要的健康消息。请立即打开。"
    assert [texts.headline(level, "zh-CN") for level in (2, 3, 4)] == [
        "暂停按摩",
        "今天就给医生打电话",
        "现在就去急诊",
    ]


def test_a_late_record_is_spoken_of_with_if_this_is_still_so() -> None:
    said = texts.text("emergency.cauda_equina", ZH)
    late = texts.advice(said, locale=ZH, region="both", emergency_number="120", late=True)
    assert late.startswith("如果现在仍是这样：\n现在就去急诊。")
