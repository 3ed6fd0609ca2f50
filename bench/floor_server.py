"""The floor for intake: Flask that inserts one row per request and commits, under the server the backend runs on."""

import os

from flask import Flask, Response, jsonify, request
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from bench.gunicorn_server import serve


def create_floor() -> Flask:
    app = Flask(__name__)
    pool = ConnectionPool(os.environ["BENCH_DATABASE"], min_size=8, max_size=8, open=True)
    with pool.connection() as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS floor (id bigserial PRIMARY KEY, alert jsonb NOT NULL)"
        )

    @app.get("/health")
    def health() -> Response:
        return jsonify({})

    @app.post("/alerts")
    def insert() -> Response:
        with pool.connection() as connection:
            connection.execute("INSERT INTO floor (alert) VALUES (%s)", [Jsonb(request.get_json())])
        return jsonify({})

    return app


if __name__ == "__main__":
    serve(create_floor)
