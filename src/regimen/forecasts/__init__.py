"""How much will a study need, when and where? The doors: ``forecast``, and ``simulate`` for drawn subjects."""

from regimen.forecasts.drawing import simulate
from regimen.forecasts.looking import PERIODS, forecast
from regimen.forecasts.terms import Choices, Enrolment

__all__ = ["PERIODS", "Choices", "Enrolment", "forecast", "simulate"]
