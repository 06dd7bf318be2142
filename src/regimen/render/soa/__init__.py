"""What happens on which day of the protocol? The schedule of activities: a grid, and a renderer for each format."""

from regimen.render.soa.building import grid_of, schedule
from regimen.render.soa.grid import Cell, Column, Grid, Row

__all__ = ["Cell", "Column", "Grid", "Row", "grid_of", "schedule"]
