"""What does one arm hold? The door to the plan: ``make_plan`` compiles an arm to a tree of undated points."""

from regimen.plan.arms import make_plan
from regimen.plan.points import Base, Bound, Content, Gathered, Order, Plan, Point

__all__ = ["Base", "Bound", "Content", "Gathered", "Order", "Plan", "Point", "make_plan"]
