"""The Grafana dashboards, built by code; `make dashboards` writes them where Grafana is told to look."""
