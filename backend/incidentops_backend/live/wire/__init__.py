"""WebSockets without a thread each: one reactor reads them all, whoever has news writes to them directly.

Flask-SocketIO's own way costs four threads per client (handler, reader, writer, ping); at a thousand clients
waking them costs more than all they do (DESIGN 7). Here a broadcast is a loop of writes that never block.
"""
