"""Fails: connection_over_fork.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import socket
import sys
import threading

context = multiprocessing.get_context(sys.argv[1])


def serve(server):
    while True:
        client, _ = server.accept()
        threading.Thread(target=answer, args=(client,), daemon=True).start()


def answer(client):
    while text := client.recv(1):
        client.sendall(text)


def ask(client, letter):
    for _ in range(50):
        client.sendall(letter)
        client.recv(1)


if __name__ == "__main__":
    server = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(server,), daemon=True).start()
    client = socket.create_connection(server.getsockname())
    children = [context.Process(target=ask, args=(client, b)) for b in (b"a", b"b")]
    for child in children:
        child.start()
    for child in children:
        child.join()
