from pathlib import Path

MONITORING = Path(__file__).parents[1]
