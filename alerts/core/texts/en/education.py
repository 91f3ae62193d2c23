"""Things to know at any time. No card promises anything or speaks for a treatment.

Rows 71 and 72 (breathe through it; worse before better) have none: they stand against stopping at
pain and against telling a doctor when things get worse.
"""

from alerts.core.texts.shape import Card

CARDS = (
    Card(
        key="care.goes_on",
        version=1,
        title="Massage does not replace your doctor",
        text=(
            "Keep seeing your doctor, also while you have massages. "
            "Massage takes no other care away. "
            "This app makes no diagnosis, and nobody watches it day and night."
        ),
        rows=(41,),
    ),
    Card(
        key="disc.stays",
        version=1,
        title="What massage cannot do",
        text=(
            "Do not expect massage to change the disc. "
            "It cannot push a disc back, and it cannot mend one. "
            "It works on tight muscles around the sore place."
        ),
        rows=(87, 93),
    ),
    Card(
        key="massage.may_ease",
        version=1,
        title="What massage may do",
        text=(
            "See massage as one small part of your care. "
            "It may ease pain and tight muscles for some people. "
            "Some feel calmer and move more easily for a while. "
            "Tell us after each massage how it was for you."
        ),
        rows=(88, 91),
    ),
    Card(
        key="no_cure",
        version=1,
        title="Massage is not a cure",
        text=(
            "Do not count on massage alone. "
            "Many people slowly get better over time, but nobody can say who. "
            "Tell your doctor if you get worse or stay the same."
        ),
        rows=(89,),
    ),
    Card(
        key="part_of_a_plan",
        version=1,
        title="Ask about exercises",
        text=(
            "Ask your doctor or therapist which exercises fit you. "
            "Massage is meant as one part of such a plan. "
            "Do them on days without a massage."
        ),
        rows=(90,),
    ),
    Card(
        key="old_trouble",
        version=1,
        title="When the trouble has lasted for long",
        text=(
            "See your doctor also when you have had the trouble for long. "
            "Nobody knows for sure if massage keeps new trouble away."
        ),
        rows=(94,),
    ),
    Card(
        key="what_to_enter",
        version=1,
        title="What to tell us each day",
        text=(
            "Enter pain that runs into an arm or leg. "
            "Enter where you feel numb or tingling. "
            "Enter which arm or leg feels weak."
        ),
        rows=(92,),
    ),
    Card(
        key="who_may_massage",
        version=1,
        title="Choose who gives you massage",
        text=(
            "Choose a trained therapist who knows about disc trouble. "
            "Ask your doctor for a name. "
            "Stay away from spas, and from anyone who wants to use force on your spine."
        ),
        rows=(38,),
    ),
    Card(
        key="secret_cures",
        version=1,
        title="Be careful with secret cures",
        text=(
            "Be careful with anyone who sells a secret cure for your back. "
            "Ask your doctor first before you try or pay for one."
        ),
        rows=(40,),
    ),
    Card(
        key="tell_the_therapist",
        version=1,
        title="What your therapist must know",
        text=(
            "Tell the therapist about your disc before the massage. "
            "Name your other illnesses and medicines, and what you are afraid of."
        ),
        rows=(97,),
    ),
    Card(
        key="speak_up",
        version=1,
        title="Speak up during a massage",
        text=(
            "Tell the therapist at once when your pain goes up. "
            "Stop the massage if you feel numb or tingling. "
            "Do not try to breathe through it."
        ),
        rows=(63,),
    ),
    Card(
        key="gentle_kinds",
        version=1,
        title="Kinds of massage to ask about",
        text=(
            "Ask for long slow strokes, light kneading and gentle pressing. "
            "Ask for a slow stretch of the legs, and never of the spine. "
            "Keep all pressure away from the disc."
        ),
        rows=(57, 58),
    ),
    Card(
        key="heat",
        version=1,
        title="Ask before you use heat",
        text=(
            "Ask your doctor or therapist before you use heat. "
            "Leave it out while the trouble is new, and on skin that feels numb."
        ),
        rows=(60,),
    ),
    Card(
        key="between_massages",
        version=1,
        title="Between two massages",
        text=(
            "Rest more between two massages. Leave heavy work and hard sport to other days. "
            "Drink some water after a massage."
        ),
        rows=(67, 68),
    ),
    Card(
        key="by_yourself",
        version=1,
        title="If you massage yourself",
        text=(
            "Ask your doctor first if you may massage yourself. "
            "See it as a small extra for tight muscles. "
            "Work far from the sore place: hands, feet, arms and legs. "
            "Enter each of these massages too."
        ),
        rows=(81, 86),
    ),
    Card(
        key="by_yourself.how",
        version=1,
        title="How to massage yourself gently",
        text=(
            "Rub the shoulders in small slow circles, and knead lightly. "
            "Do not dig in, and do not press on the spine. "
            "Breathe slowly. "
            "Stop at once if an arm or leg feels numb or tingling."
        ),
        rows=(79, 80, 85),
    ),
    Card(
        key="by_yourself.tools",
        version=1,
        title="Balls, rollers and machines",
        text=(
            "Use a ball or roller on your feet or by the shoulder blades. "
            "Never use one on the low back. "
            "Choose a machine on which you can turn the pressure down."
        ),
        rows=(82, 83),
    ),
    Card(
        key="cooling_gel",
        version=1,
        title="Cooling gel after a massage",
        text=(
            "Ask your doctor before you put a cooling gel on a sore place. "
            "Use it only on whole skin, and stop if the skin gets red or itches."
        ),
        rows=(84,),
    ),
    Card(
        key="operations",
        version=1,
        title="About operations",
        text=(
            "Ask your doctor what an operation would mean for you. "
            "Some people need one when the nerves are badly squeezed. "
            "This app speaks neither for nor against it."
        ),
        rows=(18,),
    ),
    Card(
        key="other_treatments",
        version=1,
        title="About other treatments",
        text=(
            "Ask your doctor about other treatments and medicines. "
            "This app gives no advice on them."
        ),
        rows=(95,),
    ),
    Card(
        key="what_adds_to_it",
        version=1,
        title="What can add to disc trouble",
        text=(
            "Ask your doctor what you could change in your days. "
            "Being bent for long, lifting often, extra weight and smoking can add to disc trouble."
        ),
        rows=(96,),
    ),
)
