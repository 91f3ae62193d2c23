"""R20-R22, for staff and for who does not answer; and what happens to an account."""

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
)
