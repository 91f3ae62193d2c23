"""R20-R22, for staff and for who does not answer; what the service itself has to say."""

from alerts.core.texts.zh_hans.told import told

TEXTS = (
    told(
        key="staff.followup_missing",
        version=1,
        level=2,
        title="按摩后没有回答",
        advice="联系患者，询问疼痛、麻木和力气。",
        why="按摩后24到72小时没有疼痛记录，而且{what}。",
        why_plain="按摩后24到72小时没有疼痛记录。",
        phrases={
            "what": {
                "early_rise": "第一天疼痛已加重",
                "open_alert": "还有未结束的提醒",
            }
        },
        for_staff=True,
    ),
    told(
        key="remind.diary",
        version=1,
        level=0,
        title="告诉我们您今天怎么样",
        advice="告诉我们您今天怎么样。打开应用，做一次记录。如果感觉比以前差，给医生打电话。",
        why="已有{days}天没有记录。",
        why_plain="已有几天没有记录。",
    ),
    told(
        key="staff.silent_patient",
        version=1,
        level=3,
        title="有异常情况的患者没有消息",
        advice="给患者打电话，询问疼痛、麻木和力气。",
        why="已有{days}天没有记录，而最后的记录令人担忧。",
        why_plain="已有几天没有记录，而最后的记录令人担忧。",
        for_staff=True,
    ),
    told(
        key="chase.patient",
        version=1,
        level=3,
        title="立即打开您的提醒",
        advice="立即打开您的提醒，并照着做。不要等我们打电话。然后把它标为已读。",
        why="您有一条重要提醒还没有标为已读。",
    ),
    told(
        key="chase.backup",
        version=1,
        level=3,
        title="一条紧急提醒无人处理",
        advice="立即打开提醒列表，给患者打电话。然后把提醒标为已看。",
        why="没有医生及时把这条提醒标为已看。",
        for_staff=True,
    ),
    told(
        key="clearance.not_judged",
        version=1,
        level=2,
        title="先问医生",
        advice="暂停按摩。先问过医生再继续。过一会儿再来，我们会再检查一次。",
        why="这里出了故障，所以没能检查这次按摩。",
    ),
    told(
        key="clearance.not_known",
        version=1,
        level=1,
        title="按摩前多告诉我们一些",
        advice="告诉我们更多情况，再来这里看一次。在那之前，只做手法轻的按摩。如果您不清楚，先问医生。",
        why="没能全部检查，因为我们不知道：{what}。",
        why_plain="没能全部检查，因为我们知道得不够。",
        phrases={
            "what": {
                "R07": "按摩前有多疼",
                "R10": "要按摩哪些部位",
                "R11": "您是否发麻或没力气",
                "R14": "手法会有多重",
                "R15": "久坐后是什么时候起身的",
            }
        },
    ),
    told(
        key="account.device_moved",
        version=2,
        level=0,
        title="您的一台设备已被另一个账号使用",
        advice=(
            "打开应用，查看您的设备列表。"
            "您用过的一台设备现在收到另一个账号的消息，不再收到您的。"
            "如果不是您本人操作，请修改密码。"
        ),
        why="另一个账号正在使用您的设备。",
    ),
    told(
        key="account.device_test",
        version=1,
        level=0,
        title="这是一条测试消息",
        advice="打开应用，查看您的设备列表。您在那里要求发送了这条测试消息。",
        why="您要求测试您的设备。",
    ),
    told(
        key="account.new_log_in",
        version=1,
        level=0,
        title="您的账号有新的登录",
        advice=(
            "打开应用，查看您的设备列表。如果刚才不是您本人登录，请退出不是您的设备，并修改密码。"
        ),
        why="您的账号有一次新的登录。",
    ),
    told(
        key="account.push_off",
        version=1,
        level=0,
        title="您的手机不再收到我们的消息",
        advice="打开应用，重新开启消息。您的手机不再收到我们的消息。在那之前，我们写到这个邮箱。",
        why="手机的消息服务不再认得您的应用。",
    ),
)
