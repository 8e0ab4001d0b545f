"""Reports: figures and one self-contained page for each result."""

from politburo_sim.report.compare import compare_report
from politburo_sim.report.odds import odds_report
from politburo_sim.report.sweep import sweep_report

__all__ = ["compare_report", "odds_report", "sweep_report"]
