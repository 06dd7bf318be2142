"""How much, how fast, from which bags and vials? Exact amounts for one subject, with every step in words."""

from regimen.dosing.amounts import Amounted, dose_for
from regimen.dosing.bags import Bag, BagPlan, plan_bags
from regimen.dosing.choosing import Choice, Chosen, choose
from regimen.dosing.giving import Course
from regimen.dosing.infusions import Infusion, infuse, infuse_amount, stop_in_words, stop_of
from regimen.dosing.measures import Measures, read_measures
from regimen.dosing.plausible import Bounds
from regimen.dosing.policy import Policy, Reduction
from regimen.dosing.renal import Calvert
from regimen.dosing.rounding import Rounding
from regimen.dosing.surface import body_surface, surface_formula
from regimen.dosing.tablets import TabletPlan, plan_tablets
from regimen.dosing.vials import VialPlan, plan_vials, vial_totals
from regimen.dosing.weights import WeightBasis
from regimen.notation.bag_rules import BagRule, read_bags
from regimen.notation.banded import Band, Bands
from regimen.notation.bands import read_bands
from regimen.quantities.measured import Measure, read_measure

__all__ = [
    "Amounted",
    "Bag",
    "BagPlan",
    "BagRule",
    "Band",
    "Bands",
    "Bounds",
    "Calvert",
    "Choice",
    "Chosen",
    "Course",
    "Infusion",
    "Measure",
    "Measures",
    "Policy",
    "Reduction",
    "Rounding",
    "TabletPlan",
    "VialPlan",
    "WeightBasis",
    "body_surface",
    "choose",
    "dose_for",
    "infuse",
    "infuse_amount",
    "plan_bags",
    "plan_tablets",
    "plan_vials",
    "read_bags",
    "read_bands",
    "read_measure",
    "read_measures",
    "stop_in_words",
    "stop_of",
    "surface_formula",
    "vial_totals",
]
