"""Lines as people write them, each with its canonical text; the documentation and several tests share them."""

from __future__ import annotations

ACCEPTED: tuple[tuple[str, str], ...] = (
    # the lines of the specification
    (
        "10 mg/kg IV over 1 h days 0,14,28 then q28d through week 48",
        "10 mg/kg IV over 1 h days 0, 14, 28 then q28d through week 48",
    ),
    ("9 mcg/day CIV days 1-14 q3mo x4", "9 mcg/day CIV days 1-14 q3mo x4"),
    (
        (
            "[q42d x5] 9 mcg/day CIV days 1-7 in cycle 1; 28 mcg/day CIV days 8-28 in cycle 1; "
            "28 mcg/day CIV days 1-28 in cycles 2-5"
        ),
        (
            "[q42d x5] 9 mcg/day CIV days 1-7 in cycle 1; 28 mcg/day CIV days 8-28 in cycle 1; "
            "28 mcg/day CIV days 1-28 in cycles 2-5"
        ),
    ),
    (
        "16 mg/kg IV q1w x8 then q2w x8 then q4w until progression",
        "16 mg/kg IV q1w x8 then q2w x8 then q4w until progression",
    ),
    ("1.4 mg/m2 IV bolus day 1 q21d x6 max 2 mg", "1.4 mg/m2 IV bolus max 2 mg day 1 q21d x6"),
    ("25 mg PO daily days 1-21 q28d until progression", "25 mg PO daily days 1-21 q28d until progression"),
    ("AUC 5 IV over 1 h day 1 q21d up to 6 cycles", "AUC 5 IV over 1 h day 1 q21d up to 6 cycles"),
    ("15 mg PO q1w on Mon at 08:00", "15 mg PO q1w on Mon at 08:00"),
    ("100 mg/m2/day CIV days 1-7 bags 24 h", "100 mg/m2/day CIV bags 24 h days 1-7"),
    ("300 mg subcut day -1 q28d odd cycles", "300 mg subcut day -1 q28d odd cycles"),
    ("20 mg IV 1 h before dose of blinatumomab in cycle 1", "20 mg IV 1 h before dose of blinatumomab in cycle 1"),
    ("8 mg PO prn max 24 mg/day", "8 mg PO max 24 mg/day prn"),
    ("2 Gy RT on Mon-Fri x25", "2 Gy RT on Mon-Fri x25"),
    ("5 mg PO bid at 08:00,20:00 days 1-5 of weeks 1,3", "5 mg PO bid days 1-5 of weeks 1, 3 at 08:00, 20:00"),
    # as registries and protocols write them
    (
        "belimumab 10 mg/kg intravenous infusion over 1 hour on days 0, 14, and 28, and every 28 days through week 48",
        "belimumab: 10 mg/kg IV over 1 h days 0, 14, 28 then q28d through week 48",
    ),
    ("10 mg/kg IV on days 0, 14 and 28 and every 28 days thereafter", "10 mg/kg IV days 0, 14, 28 then q28d"),
    (
        "9 μg/d by continuous intravenous infusion on days 1 through 14, repeat every 3 months for 4 courses",
        "9 mcg/day CIV days 1-14 q3mo x4",
    ),
    ("28 µg/day continuous IV days 1–28 every 6 weeks, up to 5 cycles", "28 mcg/day CIV days 1-28 q6w up to 5 cycles"),
    ("5 mg orally twice a day on days 1 to 14", "5 mg PO bid days 1-14"),
    ("5 mg by mouth three times daily for 8 weeks", "5 mg PO tid for 8 w"),
    ("5 mg PO qid", "5 mg PO 4x/day"),
    ("5 mg p.o. b.i.d.", "5 mg PO bid"),
    ("5 mg PO three times a week on Mon, Wed, Fri", "5 mg PO 3x/week on Mon, Wed, Fri"),
    ("5 mg PO 3x/week on days 1,3,5 of each week", "5 mg PO 3x/week days 1, 3, 5 of each week"),
    ("200 mg subcutaneously once weekly", "200 mg subcut q1w"),
    ("375 mg/m2 intravenously once a week for 4 doses", "375 mg/m2 IV q1w x4"),
    ("5 mg PO every other day", "5 mg PO q2d"),
    ("5 mg PO on alternate days", "5 mg PO q2d"),
    ("5 mg PO D1, D8, D15", "5 mg PO days 1, 8, 15"),
    ("10 mg/m² IV D1-D5 q28d", "10 mg/m2 IV days 1-5 q28d"),
    ("5 mg PO Day 1, Day 8 and Day 15 q28d", "5 mg PO days 1, 8, 15 q28d"),
    ("200 mg IV q 3 weeks", "200 mg IV q3w"),
    ("400 mg IV Q6W × 17", "400 mg IV q6w x17"),
    ("80 mg/m2 IV weekly x 8", "80 mg/m2 IV q1w x8"),
    ("50 mg PO daily x 14 days", "50 mg PO daily for 14 d"),
    (
        "1.3 mg/m2 subcut days 1, 4, 8 & 11 of each 21-day cycle for 8 cycles",
        "1.3 mg/m2 subcut days 1, 4, 8, 11 q21d x8",
    ),
    ("80 mg/m2 IV days 1, 8 and 15 of a 28-day cycle", "80 mg/m2 IV days 1, 8, 15 q28d"),
    (
        "5 mg PO once daily on days 1 to 21 of 28-day cycles until disease progression or unacceptable toxicity",
        "5 mg PO daily days 1-21 q28d until disease progression or unacceptable toxicity",
    ),
    ("[every 21 days for 6 cycles] 75 mg/m2 i.v. on day 1 of each cycle", "[q21d x6] 75 mg/m2 IV day 1 in cycles 1+"),
    ("[28 d x3, then 21 d, 14 d repeating] 10 mg PO day 1", "[q28d x3, then 21 d, 14 d repeating] 10 mg PO day 1"),
    ("50 mg PO 4 weeks on, 2 weeks off until progression", "50 mg PO 4 w on 2 w off until progression"),
    ("50 mg PO daily until progression, at most 24 mo", "50 mg PO daily until progression, at most 24 mo"),
    ("2 x10^6 cells/kg IV day 0", "2 million cells/kg IV day 0"),
    ("5000 units subcut every 12 hours x16", "5000 units subcut q12h x16"),
    ("belimumab dose not stated subcut weekly up to 24 months", "belimumab: dose not stated subcut q1w up to 24 mo"),
    ("daratumumab 16 mg/kg IV schedule not stated", "daratumumab: 16 mg/kg IV schedule not stated"),
    ("5 or 10 mg/kg IV q2w", "5 or 10 mg/kg IV q2w"),
    ("5 to 10 mg PO daily", "5-10 mg PO daily"),
    ("dose level -1 PO daily", "dose level -1 PO daily"),
    ("50 mg/m2/day PO in 1 dose", "50 mg/m2/day PO in 1 dose"),
    ("30 mg/kg/day PO in 3 divided doses", "30 mg/kg/day PO in 3 doses"),
    (
        "from 100 mg by 10 mg every day to 20 mg PO then 20 mg PO daily hold for 2 weeks then stop",
        "from 100 mg by -10 mg q1d to 20 mg PO then 20 mg PO daily hold for 2 w then stop",
    ),
    ("from 20 mg by 20 mg every week to 100 mg PO daily", "from 20 mg by 20 mg q1w to 100 mg PO daily"),
    ("taper, not stated PO for 4 w", "taper, not stated PO for 4 w"),
    ("40 mg PO q1w within days 10-60", "40 mg PO q1w within days 10-60"),
    (
        "2 mg intravitreal every 4 weeks growing by 2 weeks to 12 weeks after start",
        "2 mg intravitreal q4w growing by 2 w to 12 w after start",
    ),
    ("10 mg PO daily days -7 to -4", "10 mg PO daily days -7 to -4"),
    ("200 mg IV months 0, 1, 6", "200 mg IV months 0, 1, 6"),
    ("1 mg IV hours 0, 12, 36 after start", "1 mg IV hours 0, 12, 36"),
    ("8 mg PO days 0-2 after each dose of cisplatin", "8 mg PO days 0-2 after dose of cisplatin"),
    (
        "8 mg PO with dose of cisplatin in weeks without carboplatin",
        "8 mg PO with dose of cisplatin in weeks without carboplatin",
    ),
    ("10 mg IV day 1 q28d in all cycles but 3", "10 mg IV day 1 q28d all cycles but 3"),
    ("10 mg IV day 1 q28d every 3rd cycle from 6", "10 mg IV day 1 q28d every 3rd cycle from 6"),
    ("10 mg IV q4w ±3 d", "10 mg IV q4w ±3 d"),
    ("10 mg IV day 1 -3/+5 d", "10 mg IV day 1 window -3/+5 d"),
    (
        "10 mg PO daily from 4 w (4-6 w) after end of radiotherapy before randomised + 3 y",
        "10 mg PO daily before randomised + 3 y from 4 w (4-6 w) after end of radiotherapy",
    ),
    (
        "10 mg PO daily through 28 d after last dose of cisplatin or carboplatin",
        "10 mg PO daily through 28 d after last dose of cisplatin or carboplatin",
    ),
    ("10 mg PO q1w on Mondays and Thursdays", "10 mg PO q1w on Mon, Thu"),
    ("2 Gy RT every 2nd of Mon-Fri x10", "2 Gy RT every 2nd of Mon-Fri x10"),
    ('"Day 1": 10 mg PO if "partial response"=yes', '"Day 1": 10 mg PO if "partial response"=yes'),
    ('10 mg PO daily until "2 negative scans"', '10 mg PO daily until "2 negative scans"'),
)
