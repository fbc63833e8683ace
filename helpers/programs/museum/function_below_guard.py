"""Print a greeting in a child."""

from multiprocessing import Process

if __name__ == "__main__":

    def greet():
        print("hello")

    child = Process(target=greet)
    child.start()
    child.join()
