"""`python3 -m monitoring.dashboards`: write every dashboard as Grafana reads it."""

from monitoring.dashboards.files import FOLDER, texts


def main() -> None:
    """Write the files; what stands there is replaced."""
    for name, text in texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
