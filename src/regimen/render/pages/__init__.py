"""What hangs on the wall or goes home in a pocket? Pages as values; ``in_html`` and ``in_pdf`` print them."""

from regimen.render.pages.month import month_pages
from regimen.render.pages.patient import Edition, patient_page
from regimen.render.pages.terms import PAPERS, Document
from regimen.render.pages.therapy import therapy_map

__all__ = ["PAPERS", "Document", "Edition", "month_pages", "patient_page", "therapy_map"]
