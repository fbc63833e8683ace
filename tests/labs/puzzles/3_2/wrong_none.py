"""Wrong: every text has an answer: got {'2': 2.0, 'a gift': None, '3': 3.0}"""

from multiprocessing import Process, Queue


def read(texts: Queue, report: Queue) -> None:
    prices: dict = {}
    while (text := texts.get()) is not None:
        try:
            prices[text] = float(text)
        except ValueError:
            prices[text] = None
    report.put(prices)


def read_all(lines: list[str]) -> dict:
    texts, report = Queue(), Queue()
    reader = Process(target=read, args=(texts, report))
    reader.start()
    for text in [*lines, None]:
        texts.put(text)
    prices = report.get()
    reader.join()
    return prices
