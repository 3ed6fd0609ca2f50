"""Descriptions that are shown hold no secrets."""

from incidentops.adapters.docker.redaction import redacted


def test_values_of_the_environment_are_masked_and_names_stay():
    shown = redacted({"Config": {"Env": ["POSTGRES_PASSWORD=hunter2", "PATH=/usr/bin", "EMPTY"]}})
    assert shown == {"Config": {"Env": ["POSTGRES_PASSWORD=•••", "PATH=•••", "EMPTY"]}}


def test_secrets_in_arguments_are_masked_wherever_they_stand():
    arguments = [
        ["--requirepass", "hunter2", "--appendonly", "yes"],
        ["--password=hunter2"],
        ["sh", "-c", "exec redis-server --requirepass hunter2 --appendonly yes"],
        ["postgresql://incidentops:hunter2@postgres/incidentops"],
        ["API_TOKEN=hunter2 run"],
    ]
    for words in arguments:
        shown = redacted({"Args": words})["Args"]
        assert "hunter2" not in " ".join(shown), words
        assert "•••" in " ".join(shown)


def test_secret_labels_are_masked_and_others_are_not():
    labels = {"com.example.api_key": "hunter2", "incidentops.service": "redis", "empty.secret": ""}
    assert redacted({"Labels": labels})["Labels"] == {
        "com.example.api_key": "•••",
        "incidentops.service": "redis",
        "empty.secret": "",
    }


def test_everything_else_is_left_as_it_is():
    state = {
        "State": {"Pid": 1, "Running": True, "Error": ""},
        "Ports": None,
        "Args": ["--appendonly", "yes"],
    }
    assert redacted(state) == state
