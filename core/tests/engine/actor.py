"""The main process of a test container: listens on 6379 and answers PING, or stays silent."""

import os
import signal
import socketserver
import sys


class Redis(socketserver.StreamRequestHandler):
    """Answers each line of a request that says PING."""

    def handle(self) -> None:
        for line in self.rfile:
            if b"PING" in line.upper():
                self.wfile.write(b"+PONG\r\n")


class Silence(socketserver.StreamRequestHandler):
    """Reads for ever."""

    def handle(self) -> None:
        self.rfile.read()


signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer.daemon_threads = True
with socketserver.ThreadingTCPServer(("", 6379), {"redis": Redis, "silent": Silence}[sys.argv[1]]) as server:
    sys.stdout.write("listening\n")
    server.serve_forever()
