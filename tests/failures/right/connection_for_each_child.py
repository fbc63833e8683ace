"""Right: each child opens its own connection.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
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


def ask(address, letter):
    client = socket.create_connection(address)
    for _ in range(50):
        client.sendall(letter)
        client.recv(1)


if __name__ == "__main__":
    server = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(server,), daemon=True).start()
    children = [context.Process(target=ask, args=(server.getsockname(), b)) for b in (b"a", b"b")]
    for child in children:
        child.start()
    for child in children:
        child.join()
