"""What do the examples give that count days, weeks, months, weekdays and hours without cycles?"""

from __future__ import annotations

from tests.examples.cases import Case

_FOUR_MONTHS_MON_WED_FRI = " ".join(f"{monday} {monday + 2} {monday + 4}" for monday in range(63, 176, 7))

CASES = (
    Case(
        "vaccine-months-0-1-6",
        "Months count from the anchor and are clamped: 31 August and 1, 2, 6 and 7 months.",
        on={"first_dose": "2027-08-31"},
        dates={"vaccine": "2027-08-31 2027-09-30 2028-02-29", "serology": "2027-10-31 2028-03-31"},
        points={"vaccination/m6/vaccine": "Month 6 2028-02-29"},
        windows={"vaccination/m2/serology": "2027-10-24 to 2027-11-07"},
    ),
    Case(
        "months-then-quarters",
        "Months after months count from the same start: 31 January and 0, 1, 2, then 3, 6, 9 months.",
        on={"first_dose": "2027-01-31"},
        dates={"denosumab": "2027-01-31 2027-02-28 2027-03-31 2027-04-30 2027-07-31 2027-10-31"},
    ),
    Case(
        "taper-by-rule",
        "A taper holds each level for one interval and includes the last, which is then held for its own time.",
        offsets={"prednisolone": "0..15"},
        doses={"prednisolone": "100 mg, 90 mg, 80 mg, 70 mg, 60 mg, 50 mg, 40 mg, 30 mg, 20 mg x8"},
    ),
    Case(
        "titration-every-2-weeks",
        "Each level is given daily for two weeks; the last for two weeks and the twelve that follow.",
        offsets={"topiramate": "0..139"},
        doses={"topiramate": "25 mg x14, 50 mg x14, 75 mg x14, 100 mg x98"},
        points={"treatment/d43/topiramate": "Day 43 2027-02-15"},
    ),
    Case(
        "radiotherapy-33-fractions",
        "Fractions on working days from a Wednesday: three in the first week, then five a week, 33 in all.",
        on={"first_fraction": "2027-01-06"},
        offsets={
            "radiotherapy": "0..2 5..9 12..16 19..23 26..30 33..37 40..44",
            "cisplatin": "0 7 14 21 28 35 42",
        },
        doses={"radiotherapy": "2 Gy x33"},
    ),
    Case(
        "radiotherapy-33-fractions",
        "A start on a Saturday waits for Monday; what does not name weekdays does not.",
        on={"first_fraction": "2027-01-09"},
        offsets={
            "radiotherapy": "2..6 9..13 16..20 23..27 30..34 37..41 44..46",
            "cisplatin": "0 7 14 21 28 35 42",
        },
    ),
    Case(
        "every-second-working-day",
        "Every second of the working days skips weekends, not days.",
        on={"first_session": "2027-01-04"},
        offsets={"imiquimod": "0 2 4 8 10 14"},
    ),
    Case(
        "weekdays-within-bounds",
        "Weekdays end where the text says: for is half open, through inclusive, before exclusive.",
        on={"first_dose": "2027-01-05"},
        offsets={
            "epoetin": "1 3 6 8 10 13",
            "iron": "0 7 14",
            "vitamin-k": "6 20",
            "heparin": "1 8 14 15 16",
        },
    ),
    Case(
        "tuberculosis-two-phases",
        "Two calendar months daily, then four months of Mondays, Wednesdays and Fridays from the first that matches.",
        offsets={"isoniazid": f"0..58 60 {_FOUR_MONTHS_MON_WED_FRI}", "pyrazinamide": "0..58"},
        doses={"isoniazid": "5 mg/kg max 300 mg x59, 10 mg/kg max 900 mg x52", "pyrazinamide": "25 mg/kg x59"},
    ),
    Case(
        "treat-and-extend",
        "A growing interval is 4, 6, 8, 10 and 12 weeks, and stays at its cap.",
        offsets={"aflibercept": "0 28 70 126 196 280 364 448"},
    ),
    Case(
        "depot-injections",
        "Each part has its own window; where none is given there is none.",
        offsets={"paliperidone": "0 7 35 63 91 119 147"},
        doses={"paliperidone": "150 mg, 100 mg, 75 mg x5"},
        windows={
            "treatment/d1/paliperidone": "none",
            "treatment/d8/paliperidone": "2027-01-07 to 2027-01-15",
            "treatment/d36/paliperidone": "2027-02-01 to 2027-02-15",
        },
    ),
    Case(
        "days-of-weeks-at-clock-times",
        "Days 1-5 of weeks 1 and 3, twice a day at clock times, are twenty doses.",
        offsets={"trifluridine": "0..4x2 14..18x2"},
        points={
            "treatment/d1/trifluridine/1": "Day 1 2027-01-04T08:00",
            "treatment/d19/trifluridine/2": "Day 19 2027-01-22T20:00",
        },
    ),
    Case(
        "every-6-hours",
        "Without a time zone every 6 hours keeps the same four times a day.",
        on={"first_dose": "2027-03-27"},
        dates={
            "busulfan": (
                "2027-03-27T08:00 2027-03-27T14:00 2027-03-27T20:00 2027-03-28T02:00 2027-03-28T08:00 "
                "2027-03-28T14:00 2027-03-28T20:00 2027-03-29T02:00 2027-03-29T08:00 2027-03-29T14:00 "
                "2027-03-29T20:00 2027-03-30T02:00 2027-03-30T08:00 2027-03-30T14:00 2027-03-30T20:00 2027-03-31T02:00"
            ),
            "phenytoin": "2027-03-27T08:00 2027-03-27T20:00 2027-03-28T08:00 2027-03-28T20:00",
        },
        lasting={"treatment/d1/busulfan/1": "2027-03-27T08:00 to 2027-03-27T10:00"},
    ),
    Case(
        "every-6-hours",
        "Across a clock change every 6 hours keeps elapsed time and twice a day keeps the clock.",
        on={"first_dose": "2027-03-27"},
        zone="Europe/Berlin",
        dates={
            "busulfan": (
                "2027-03-27T08:00 2027-03-27T14:00 2027-03-27T20:00 2027-03-28T03:00 2027-03-28T09:00 "
                "2027-03-28T15:00 2027-03-28T21:00 2027-03-29T03:00 2027-03-29T09:00 2027-03-29T15:00 "
                "2027-03-29T21:00 2027-03-30T03:00 2027-03-30T09:00 2027-03-30T15:00 2027-03-30T21:00 2027-03-31T03:00"
            ),
            "phenytoin": "2027-03-27T08:00 2027-03-27T20:00 2027-03-28T08:00 2027-03-28T20:00",
        },
    ),
    Case(
        "hours-0-12-36",
        "Listed hours count from the first clock time.",
        dates={
            "methotrexate": "2027-01-04T09:00",
            "blood-level": "2027-01-04T09:00 2027-01-04T21:00 2027-01-05T21:00",
        },
        lasting={"treatment/d1/methotrexate": "2027-01-04T09:00 to 2027-01-05T09:00"},
    ),
    Case(
        "weeks-without-the-other-drug",
        "In weeks without the other drug the weekly dose is given in the weeks between.",
        offsets={"cetuximab": "0 14 28 42", "panitumumab": "7 21 35 49"},
    ),
    Case(
        "nested-windows",
        "An allowed window may hold a narrower preferred one; both ends of both are inside.",
        offsets={"clinic": "28 56 84"},
        windows={"treatment/d28/clinic": "2027-01-25 to 2027-02-11"},
        preferred={"treatment/d28/clinic": "2027-01-30 to 2027-02-03"},
        points={"treatment/d28/clinic": "Week 4 2027-02-01"},
    ),
    Case(
        "at-most-12-months",
        "At most 12 months is its own horizon: the dose 364 days after the first is the last.",
        offsets={"nivolumab": "0 28 56 84 112 140 168 196 224 252 280 308 336 364"},
    ),
    Case(
        "first-day-0",
        "With first_day 0 the day number is the offset.",
        offsets={"secukinumab": "0 7 14", "clinic": "-1 1 28"},
        points={"treatment/d-1/clinic": "Day −1 2027-01-03", "treatment/d28/clinic": "Day 28 2027-02-01"},
    ),
    Case(
        "first-day-1",
        "With first_day 1 there is no day 0: day -1 is the day before day 1, and day 28 is 27 days after it.",
        offsets={"secukinumab": "0 7 14", "clinic": "-1 0 27"},
        points={"treatment/d-1/clinic": "Day −1 2027-01-03", "treatment/d28/clinic": "Day 28 2027-01-31"},
    ),
    Case(
        "weeks-elapsed",
        "Elapsed week N is 7N days after the anchor, and through week 12 includes day 84.",
        offsets={"ustekinumab": "7 63", "clinic": "0 28 56 84"},
        points={"treatment/d63/ustekinumab": "Week 9 2027-03-08"},
    ),
    Case(
        "weeks-ordinal",
        "Ordinal week N starts at 7(N - 1), and through week 13 covers all seven days of it.",
        offsets={"ustekinumab": "0 56", "clinic": "0 28 56 84"},
        points={"treatment/d57/ustekinumab": "Week 9 2027-03-01"},
    ),
    Case(
        "months-of-28-days",
        "Where the protocol says so, a month is 28 days.",
        offsets={"leuprorelin": "0 84 168 252", "clinic": "0 168 336"},
        points={
            "treatment/d0/clinic": "Month 0 2027-01-04",
            "treatment/d168/clinic": "Month 6 2027-06-21",
            "treatment/d336/clinic": "Month 12 2027-12-06",
        },
    ),
    Case(
        "weekly-on-monday",
        "A weekday item starts on the first match on or after the start.",
        on={"first_dose": "2027-01-06"},
        dates={
            "methotrexate": (
                "2027-01-11T08:00 2027-01-18T08:00 2027-01-25T08:00 2027-02-01T08:00 "
                "2027-02-08T08:00 2027-02-15T08:00 2027-02-22T08:00 2027-03-01T08:00"
            ),
            "folic-acid": (
                "2027-01-12T08:00 2027-01-19T08:00 2027-01-26T08:00 2027-02-02T08:00 "
                "2027-02-09T08:00 2027-02-16T08:00 2027-02-23T08:00 2027-03-02T08:00"
            ),
        },
    ),
    Case(
        "weekly-on-monday",
        "A start on a Monday is itself the first Monday.",
        offsets={"methotrexate": "0 7 14 21 28 35 42 49", "folic-acid": "1 8 15 22 29 36 43 50"},
    ),
    Case(
        "interval-within-days",
        "An interval within a range of days starts on the first of them and ends inside.",
        offsets={"rasburicase": "9 16 23 30 37 44 51 58"},
        points={"treatment/d10/rasburicase": "Day 10 2027-01-13", "treatment/d59/rasburicase": "Day 59 2027-03-03"},
    ),
)
