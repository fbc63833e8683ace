# %% [markdown]
# Six programs, each with one fault. Read the symptom, find the cause, and correct the program
# where it stands. Run its cell, then the check below it. Each puzzle takes two to five minutes.
#
# The check runs your program under two start methods (on Windows, there is one). It says what it
# saw; the cause is for you to find.
#
# `while (order := orders.get()) is not None` gets an item, names it `order`, and goes on until the
# item is `None`.

# %%
# %load_ext helpers.magics

# %%
from helpers.checks import check, hint, solution

# %% [markdown]
# ## 3.1 The kitchen that stays open
#
# With one cook, the kitchen closes in the evening. With two cooks every dish is served, but the
# kitchen never closes.

# %%
# %%module work_3_1
from multiprocessing import Process, Queue


def cook(orders, dishes):
    while (order := orders.get()) is not None:
        dishes.put(f"hot {order}")


def serve(names, cooks):
    """Return a hot dish for each name. Each cook is a process, which ends by itself."""
    orders, dishes = Queue(), Queue()
    kitchen = [Process(target=cook, name="cook", args=(orders, dishes)) for _ in range(cooks)]
    for process in kitchen:
        process.start()
    for name in names:
        orders.put(name)
    ### BEGIN BROKEN
    orders.put(None)
    ### END BROKEN
    ### BEGIN SOLUTION
    for _ in kitchen:
        orders.put(None)
    ### END SOLUTION
    served = [dishes.get() for _ in names]
    for process in kitchen:
        process.join()
    return served


# %%
check("3.1")

# %% [markdown]
# ## 3.2 Nothing after the gift
#
# Some texts are prices, others are not, such as "a gift". Each text should get an answer. The texts
# that come after the first gift get none.

# %%
# %%module work_3_2
from multiprocessing import Process, Queue


def read(texts, report):
    prices = {}
    ### BEGIN BROKEN
    try:
        while (text := texts.get()) is not None:
            prices[text] = float(text)
    except ValueError:
        prices[text] = "no price"
    ### END BROKEN
    ### BEGIN SOLUTION
    while (text := texts.get()) is not None:
        try:
            prices[text] = float(text)
        except ValueError:
            prices[text] = "no price"
    ### END SOLUTION
    report.put(prices)


def read_all(lines):
    """Return {text: its price, or "no price"} for all texts."""
    texts, report = Queue(), Queue()
    reader = Process(target=read, args=(texts, report))
    reader.start()
    for text in lines:
        texts.put(text)
    texts.put(None)
    prices = report.get()
    reader.join()
    return prices


# %%
check("3.2")

# %% [markdown]
# ## 3.3 The long novel
#
# Each scribe copies a book in capitals. With poems it works. With a novel the program never ends.

# %%
# %%module work_3_3
from multiprocessing import Process, Queue


def copy(title, text, shelf):
    shelf.put((title, text.upper()))


def copy_all(books):
    """Return {title: text in capitals} for a dict {title: text}."""
    shelf = Queue()
    scribes = [Process(target=copy, args=(*book, shelf)) for book in books.items()]
    for scribe in scribes:
        scribe.start()
    ### BEGIN BROKEN
    for scribe in scribes:
        scribe.join()
    return dict(shelf.get() for _ in books)
    ### END BROKEN
    ### BEGIN SOLUTION
    copies = dict(shelf.get() for _ in books)
    for scribe in scribes:
        scribe.join()
    return copies
    ### END SOLUTION


# %%
check("3.3")

# %% [markdown]
# ## 3.4 A letter left in the bag
#
# `letters.empty()` tells whether the queue is empty. On most days every letter is delivered. On a
# bad day some or all of them stay in the bag. The check runs the program on a bad day.

# %%
# %%module work_3_4
from multiprocessing import Process, Queue


def deliver(letters, report):
    delivered = []
    ### BEGIN BROKEN
    while not letters.empty():
        delivered.append(letters.get())
    ### END BROKEN
    ### BEGIN SOLUTION
    while (letter := letters.get()) is not None:
        delivered.append(letter)
    ### END SOLUTION
    report.put(delivered)


def deliver_all(addresses):
    """Return the letters that the postman delivered, in their order."""
    letters, report = Queue(), Queue()
    for address in addresses:
        letters.put(f"letter to {address}")
    postman = Process(target=deliver, args=(letters, report))
    ### BEGIN BROKEN
    postman.start()
    ### END BROKEN
    ### BEGIN SOLUTION
    postman.start()
    letters.put(None)
    ### END SOLUTION
    delivered = report.get()
    postman.join()
    return delivered


# %%
check("3.4")

# %% [markdown]
# ## 3.5 Call again later
#
# "busy Bob" answers the second call, as "Bob". When every person is free, all of them are reached.
# When one is busy, the program never ends.

# %%
# %%module work_3_5
from multiprocessing import Process, SimpleQueue


def phone(calls, answers):
    while (name := calls.get()) is not None:
        if name.startswith("busy "):
            calls.put(name.removeprefix("busy "))  # call again, after the others
        else:
            answers.put(f"hello, {name} here")


def phone_all(names):
    """Return the answer of each person, in any order."""
    calls, answers = SimpleQueue(), SimpleQueue()
    for name in names:
        calls.put(name)
    ### BEGIN BROKEN
    calls.put(None)
    caller = Process(target=phone, args=(calls, answers))
    caller.start()
    heard = [answers.get() for _ in names]
    ### END BROKEN
    ### BEGIN SOLUTION
    caller = Process(target=phone, args=(calls, answers))
    caller.start()
    heard = [answers.get() for _ in names]
    calls.put(None)
    ### END SOLUTION
    caller.join()
    return heard


# %%
check("3.5")

# %% [markdown]
# ## 3.6 The scanner that swallows pages
#
# A scanner sends the pages of a book in batches of two. No error is printed. Yet most pages of a
# book with 101 pages never come out, and the last one comes out many times.

# %%
# %%module work_3_6
from multiprocessing import Process, Queue


def scan(pages, batches):
    batch = []
    for page in pages:
        batch.append(page)
        if len(batch) == 2:
            batches.put(batch)
            ### BEGIN BROKEN
            batch.clear()
            ### END BROKEN
            ### BEGIN SOLUTION
            batch = []
            ### END SOLUTION
    batches.put(batch)  # there may be a single last page
    batches.put(None)


def scan_book(pages):
    """Return the scanned pages, in their order."""
    batches, scanned = Queue(), []
    scanner = Process(target=scan, args=(pages, batches))
    scanner.start()
    while (batch := batches.get()) is not None:
        scanned += batch
    scanner.join()
    return scanned


# %%
check("3.6")
