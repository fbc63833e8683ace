"""Fails: end_open_in_bystander.

methods: fork
pythons: 3.11-3.15
limit: 8
"""

import multiprocessing
import socket
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def background():
    time.sleep(60)


if __name__ == "__main__":
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
    accepted, _ = server.accept()
    context.Process(target=background, daemon=True).start()
    accepted.sendall(b"all there is")
    accepted.close()
    while text := client.recv(100):
        print(text)
