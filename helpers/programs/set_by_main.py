"""Main sets several things before it starts a child: which of them the child finds."""

import decimal
import logging
import os
from multiprocessing import Process, SimpleQueue

language = "English"
messages = SimpleQueue()


def look(answers: SimpleQueue) -> None:
    answers.put(
        {
            "a global of this file": language == "French",
            "the logging level": logging.getLogger().level == logging.DEBUG,
            "the decimal precision": decimal.getcontext().prec == 5,
            "a message in a queue by its global name": not messages.empty(),
            "an environment variable": os.environ.get("COURSE_MODE") == "test",
        }
    )


if __name__ == "__main__":
    language = "French"
    logging.basicConfig(level=logging.DEBUG)
    decimal.getcontext().prec = 5
    messages.put("hello")
    os.environ["COURSE_MODE"] = "test"

    answers = SimpleQueue()
    child = Process(target=look, args=(answers,))
    child.start()
    for name, found in answers.get().items():
        print(f"{name}:", "found" if found else "missing")
    child.join()
