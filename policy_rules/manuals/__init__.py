"""The manual that comes with Redress: that of the fictional city of Harrow Bend (original text, CC0-1.0)."""

from pathlib import Path

DEMO_MANUAL = Path(__file__).with_name("demo_manual.yaml")
DEMO_TRANSLATIONS = (Path(__file__).with_name("demo_manual.es.yaml"),)
