"""Right: several children accept at one listening socket.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import socket
import sys

context = multiprocessing.get_context(sys.argv[1])


def serve(server):
    client, _ = server.accept()
    client.sendall(b"hello")
    client.close()


if __name__ == "__main__":
    server = socket.create_server(("127.0.0.1", 0))
    children = [context.Process(target=serve, args=(server,)) for _ in range(2)]
    for child in children:
        child.start()
    for _ in children:
        with socket.create_connection(server.getsockname()) as client:
            print(client.recv(10))
    for child in children:
        child.join()
