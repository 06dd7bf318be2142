"""What do the examples with cycles give?"""

from __future__ import annotations

from tests.examples.cases import Case

CASES = (
    Case(
        "cycles-of-21-days",
        "Cycle k starts at (k - 1) x 21 days, for every drug on the same clock.",
        offsets={
            "docetaxel": "0 21 42 63 84 105",
            "carboplatin": "0 21 42 63 84 105",
            "trastuzumab": "0 21 42 63 84 105",
            "pegfilgrastim": "1 22 43 64 85 106",
        },
        points={
            "treatment/c1/d1/docetaxel": "C1D1 2027-01-04",
            "treatment/c6/d1/docetaxel": "C6D1 2027-04-19",
            "treatment/c6/d2/pegfilgrastim": "C6D2 2027-04-20",
        },
        doses={"trastuzumab": "8 mg/kg, 6 mg/kg x5", "carboplatin": "AUC 6 x6"},
        ends={"treatment": "2027-05-10"},
    ),
    Case(
        "days-1-8-15-of-28",
        "Days 1, 8 and 15 of a 28-day cycle are a day list, so the fourth week is free.",
        offsets={
            "gemcitabine": "0 7 14 28 35 42 56 63 70 84 91 98",
            "oxaliplatin": "0 14 28 42 56 70 84 98",
        },
        points={"treatment/c4/d15/gemcitabine": "C4D15 2027-04-12"},
        ends={"treatment": "2027-04-26"},
    ),
    Case(
        "stepped-first-cycle",
        "A continuous infusion on consecutive days is one event, and a step of the dose starts a new one.",
        offsets={"blinatumomab": "0 7 42 84"},
        lasting={
            "treatment/c1/d1/blinatumomab": "2027-01-04 to 2027-01-10",
            "treatment/c1/d8/blinatumomab": "2027-01-11 to 2027-01-31",
            "treatment/c2/d1/blinatumomab": "2027-02-15 to 2027-03-14",
            "treatment/c3/d1/blinatumomab": "2027-03-29 to 2027-04-25",
        },
        doses={"blinatumomab": "9 mcg/day, 28 mcg/day x3"},
        ends={"treatment": "2027-05-10"},
    ),
    Case(
        "stepped-first-cycle",
        "With a time of day the infusion stops 7 x 24 hours later, where the next step starts.",
        on={"first_dose": "2027-01-04T10:00"},
        dates={"blinatumomab": "2027-01-04T10:00 2027-01-11T10:00 2027-02-15T10:00 2027-03-29T10:00"},
        lasting={
            "treatment/c1/d1/blinatumomab": "2027-01-04T10:00 to 2027-01-11T10:00",
            "treatment/c1/d8/blinatumomab": "2027-01-11T10:00 to 2027-02-01T10:00",
        },
    ),
    Case(
        "cycles-of-two-lengths",
        "Length k separates the starts of cycles k and k + 1, so the first long cycle starts after 5 x 42 days.",
        offsets={"inotuzumab": "0 7 42 49 84 91 126 133 168 175 210 217 294 301 378 385 462 469"},
        points={
            "treatment/c6/d1/inotuzumab": "C6D1 2027-08-02",
            "treatment/c9/d8/inotuzumab": "C9D8 2028-04-17",
        },
        ends={"treatment": "2028-07-03"},
    ),
    Case(
        "repeating-cycle-lengths",
        "A repeating list of lengths goes on in turn up to the horizon.",
        horizon="24 w",
        offsets={"azacitidine": "0 28 56 84 105 119 140 154"},
        points={"treatment/c5/d1/azacitidine": "C5D1 2027-04-19"},
    ),
    Case(
        "repeating-cycle-lengths",
        "Cycles without an end need a horizon.",
        refused="horizon",
    ),
    Case(
        "weekdays-in-cycles",
        "Weekdays in a cycle end with the cycle, so no day is given twice and none lies after the last cycle.",
        on={"first_dose": "2027-01-06"},
        offsets={
            "capecitabine": "0..2 5..9 12..16 19..23 26..29",
            "mitomycin": "0 10 20",
        },
        points={
            "treatment/c1/d1/mitomycin": "C1D1 2027-01-06",
            "treatment/c3/d1/mitomycin": "C3D1 2027-01-26",
        },
        ends={"treatment": "2027-02-05"},
    ),
    Case(
        "cut-off-at-surgery",
        "A cycle that is open at a bound is cut off there when the definition says so.",
        on={"first_dose": "2027-01-04", "surgery": "2027-02-01"},
        offsets={"paclitaxel": "0 7 14 21"},
        points={"treatment/c2/d1/paclitaxel": "C2D1 2027-01-25"},
    ),
    Case(
        "cycles-in-months",
        "Cycles in months count from the anchor and are clamped to the month's end, so 31 January comes back to 31.",
        on={"first_dose": "2027-01-31"},
        dates={
            "obinutuzumab": "2027-01-31 2027-02-14 2027-04-30 2027-05-14 2027-07-31 2027-08-14 2027-10-31 2027-11-14"
        },
        points={"maintenance/c4/d15/obinutuzumab": "C4D15 2027-11-14"},
        ends={"maintenance": "2028-01-31"},
    ),
    Case(
        "courses-with-rests",
        "The rest lies between the full end of a course and the start of the next; there is none after the last.",
        offsets={"aldesleukin": "0 14 56 70 112 126"},
        ends={"treatment": "2027-05-24"},
    ),
    Case(
        "intrathecal-in-some-cycles",
        "Odd cycles, all but cycle 3, and every third cycle from cycle 6 are scopes of the same clock.",
        offsets={
            "methotrexate": "0 42 84 126 168 210",
            "cytarabine": "7 28 70 91 112 133 154 175 196 217 238",
            "dexamethasone": "105 168 231",
        },
        points={
            "treatment/c11/d1/methotrexate": "C11D1 2027-08-02",
            "treatment/c12/d8/cytarabine": "C12D8 2027-08-30",
            "treatment/c6/d1/dexamethasone": "C6D1 2027-04-19",
        },
        ends={"treatment": "2027-09-13"},
    ),
    Case(
        "premedication-in-cycle-1",
        "An hour before the dose is an hour before the time the infusion starts, in the named cycle only.",
        dates={
            "blinatumomab": "2027-01-04T10:00 2027-02-15T10:00",
            "dexamethasone": "2027-01-04T09:00",
        },
        lasting={"treatment/c1/d1/blinatumomab": "2027-01-04T10:00 to 2027-02-01T10:00"},
    ),
    Case(
        "premedication-in-cycle-1",
        "An infusion of 28 days over Europe's spring clock change stops an hour later on the wall clock.",
        on={"first_dose": "2027-03-15"},
        zone="Europe/Berlin",
        dates={
            "blinatumomab": "2027-03-15T10:00 2027-04-26T10:00",
            "dexamethasone": "2027-03-15T09:00",
        },
        lasting={
            "treatment/c1/d1/blinatumomab": "2027-03-15T10:00 to 2027-04-12T11:00",
            "treatment/c2/d1/blinatumomab": "2027-04-26T10:00 to 2027-05-24T10:00",
        },
    ),
    Case(
        "steps-by-weight",
        "Bands of weight change how much is given, never when; premedication comes before each step and each cycle.",
        on={"first_dose": "2027-01-04T10:00"},
        dates={
            "blinatumomab": "2027-01-04T10:00 2027-01-11T10:00 2027-02-15T10:00",
            "dexamethasone": "2027-01-04T09:00 2027-01-11T09:00 2027-02-15T09:00",
            "hospital": " ".join(f"2027-01-{day:02}T10:00" for day in range(4, 13)),
            "hospital-again": "2027-02-15T10:00 2027-02-16T10:00",
        },
        lasting={
            "treatment/c1/d8/blinatumomab": "2027-01-11T10:00 to 2027-02-01T10:00",
            "treatment/c2/d1/blinatumomab": "2027-02-15T10:00 to 2027-03-15T10:00",
        },
        doses={
            "blinatumomab": (
                "(below 45 kg: 5 mcg/m2/day max 9 mcg/day; from 45 kg: 9 mcg/day), "
                "(below 45 kg: 15 mcg/m2/day max 28 mcg/day; from 45 kg: 28 mcg/day) x2"
            ),
            "dexamethasone": "20 mg x3",
        },
        ends={"treatment": "2027-03-29T10:00"},
    ),
    Case(
        "lifetime-cap",
        "A cap for life changes no date; it may leave less of the last dose.",
        offsets={"doxorubicin": "0 21 42 63"},
        doses={"doxorubicin": "60 mg/m2 x4"},
        ends={"treatment": "2027-03-29"},
    ),
    Case(
        "antiemetic-after-each-dose",
        "Days 0-3 after each dose are the day of the dose and the three days after it.",
        offsets={
            "cisplatin": "0 21 42 63",
            "olanzapine": "0..3 21..24 42..45 63..66",
        },
    ),
    Case(
        "up-to-6-cycles",
        "Of up to six cycles the first is planned and the others are optional.",
        offsets={"bendamustine": "0 1 28 29 56 57 84 85 112 113 140 141"},
        optional={"bendamustine": "28 29 56 57 84 85 112 113 140 141"},
        points={"treatment/c6/d2/bendamustine": "C6D2 2027-05-25"},
    ),
    Case(
        "until-progression",
        "Without a horizon, cycles until progression are refused, with the remedy.",
        refused="horizon",
    ),
    Case(
        "until-progression",
        "A horizon of 6 months shows the cycles that start before 6 months are over.",
        horizon="6 mo",
        offsets={"atezolizumab": "0 21 42 63 84 105 126 147 168"},
        points={"treatment/c9/d1/atezolizumab": "C9D1 2027-06-21"},
    ),
    Case(
        "divided-daily-dose",
        "A daily amount in two doses is two events a day, each with the daily amount and how it is divided.",
        offsets={"mercaptopurine": "0..13x2 21..34x2"},
        doses={"mercaptopurine": "50 mg/m2/day in 2 doses x56"},
        points={"treatment/c2/d14/mercaptopurine/2": "C2D14 2027-02-07"},
    ),
    Case(
        "carboplatin-by-auc",
        "A target exposure and a capped amount are printed as the protocol writes them.",
        offsets={"carboplatin": "0 21 42 63", "vincristine": "0 7 21 28 42 49 63 70"},
        doses={"carboplatin": "AUC 5 x4", "vincristine": "1.4 mg/m2 max 2 mg x8"},
    ),
    Case(
        "three-weeks-on-one-week-off",
        "21 days on and 7 days off, four times, are four cycles of 28 days with 84 doses.",
        offsets={"palbociclib": "0..20 28..48 56..76 84..104"},
        points={
            "treatment/c2/d1/palbociclib": "C2D1 2027-02-01",
            "treatment/c4/d21/palbociclib": "C4D21 2027-04-18",
        },
    ),
    Case(
        "visits-with-activities",
        "An activity with days of its own takes place on those only; one with its own window has its own line.",
        offsets={"clinic": "0 14 28 42 56 70", "clinic: drug level": "0 28 56"},
        activities={
            "treatment/c1/d1/clinic": "vital signs, ECG, drug level",
            "treatment/c1/d15/clinic": "vital signs",
            "treatment/c2/d1/clinic": "vital signs, drug level",
        },
        windows={
            "treatment/c1/d15/clinic": "2027-01-15 to 2027-01-21",
            "treatment/c1/d1/clinic/drug-level": "2027-01-03 to 2027-01-05",
        },
    ),
    Case(
        "imaging-every-8-weeks",
        "An item with its own starting point counts from there, and every I after start begins one interval later.",
        on={"randomised": "2027-01-04", "first_dose": "2027-01-07"},
        dates={
            "pembrolizumab": "2027-01-07 2027-01-28 2027-02-18 2027-03-11",
            "imaging": "2027-03-01 2027-04-26 2027-06-21 2027-08-16 2027-10-11 2027-12-06",
        },
    ),
)
