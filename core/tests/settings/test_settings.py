import pytest

from incidentops.settings import BackendSettings, ServiceSettings, read_settings


def test_without_any_variable_the_settings_are_those_of_the_compose_network():
    settings = read_settings(BackendSettings)
    assert settings.broker_url.get_secret_value().endswith("@rabbitmq:5672/%2F")
    assert settings.allowed_origins == ("http://localhost:8080", "http://127.0.0.1:8080")
    assert (settings.http_port, settings.metrics_port, settings.auth) == (8000, 9102, "none")


def test_variables_replace_defaults_and_lists_are_split_at_commas(monkeypatch):
    monkeypatch.setenv("INCIDENTOPS_METRICS_PORT", "9200")
    monkeypatch.setenv("INCIDENTOPS_ALLOWED_ORIGINS", "http://panel:8080, http://other:1 ,")
    settings = read_settings(BackendSettings)
    assert settings.metrics_port == 9200
    assert settings.allowed_origins == ("http://panel:8080", "http://other:1")


def test_every_problem_is_reported_at_once_and_the_process_ends_with_2(monkeypatch, capsys):
    monkeypatch.setenv("INCIDENTOPS_METRICS_PORT", "many")
    monkeypatch.setenv("INCIDENTOPS_LOG_LEVEL", "loud")
    monkeypatch.setenv("INCIDENTOPS_PROJECT", "")
    with pytest.raises(SystemExit) as end:
        read_settings(BackendSettings)
    assert end.value.code == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "INCIDENTOPS_LOG_LEVEL",
        "INCIDENTOPS_METRICS_PORT",
        "INCIDENTOPS_PROJECT",
    ]


def test_passwords_are_not_printed(monkeypatch):
    monkeypatch.setenv("INCIDENTOPS_BROKER_URL", "amqp://alice:hunter2@rabbitmq:5672/%2F")
    assert "hunter2" not in repr(read_settings(ServiceSettings))
    assert "hunter2" not in read_settings(BackendSettings).model_dump_json()
