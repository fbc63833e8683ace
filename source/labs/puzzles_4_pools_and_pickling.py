# %% [markdown]
# Six programs, each with one fault. Read the symptom, find the cause, and correct the program
# where it stands. Run its cell, then the check below it. Each puzzle takes two to five minutes.
#
# The check runs your program under two start methods (on Windows, there is one). It says what it
# saw; the cause is for you to find.

# %%
# %load_ext helpers.magics

# %%
from helpers.checks import check, hint, solution

# %% [markdown]
# ## 4.1 A table for two
#
# A worker lifts its end of the table when another worker holds the other end. The pool has two
# workers, and the table never leaves the floor.

# %%
# %%module work_4_1
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Barrier

kept = {}


def keep(barrier):
    kept["both"] = barrier


def lift(end):
    kept["both"].wait()
    return end


def carry(ends):
    """Lift the two ends, each by a worker of its own, and return their names in order."""
    with ProcessPoolExecutor(2, initializer=keep, initargs=(Barrier(2),)) as pool:
        ### BEGIN BROKEN
        return [pool.submit(lift, end).result() for end in ends]
        ### END BROKEN
        ### BEGIN SOLUTION
        futures = [pool.submit(lift, end) for end in ends]
        return [future.result() for future in futures]
        ### END SOLUTION


# %% tags=["nbval-ignore-output"]
check("4.1")

# %% [markdown]
# ## 4.2 The wrong shop
#
# Two workers call `ask(shop)`, which returns a shop's price. The first shop answers late. Then the
# price that `cheapest` returns is right, but the shop is not.

# %%
# %%module work_4_2
from multiprocessing import Pool


def cheapest(ask, shops):
    """Return the shop with the lowest price, and this price."""
    offers = {}
    with Pool(2) as pool:
        ### BEGIN BROKEN
        prices = pool.imap_unordered(ask, shops)
        ### END BROKEN
        ### BEGIN SOLUTION
        prices = pool.imap(ask, shops)
        ### END SOLUTION
        for shop, price in zip(shops, prices, strict=True):
            offers[shop] = price
    best = min(offers, key=offers.get)
    return best, offers[best]


# %%
check("4.2")

# %% [markdown]
# ## 4.3 Nothing after Atlantis
#
# A country that is not in the table should get `None`. It does, but the countries after it get no
# answer at all.

# %%
# %%module work_4_3
from concurrent.futures import ProcessPoolExecutor

CAPITALS = {"Peru": "Lima", "Mali": "Bamako", "Oman": "Muscat"}


def capital(country):
    return CAPITALS[country]


def capitals(countries):
    """Return the capital of each country, in order, or None for one that is not known."""
    found = []
    with ProcessPoolExecutor(2) as pool:
        ### BEGIN BROKEN
        answers = pool.map(capital, countries)
        while True:
            try:
                found.append(next(answers))
            except KeyError:
                found.append(None)
            except StopIteration:
                break
        ### END BROKEN
        ### BEGIN SOLUTION
        futures = [pool.submit(capital, country) for country in countries]
        for future in futures:
            try:
                found.append(future.result())
            except KeyError:
                found.append(None)
        ### END SOLUTION
    return found


# %%
check("4.3")

# %% [markdown]
# ## 4.4 A studio with helpers
#
# The workers of a pool put pictures into frames. There is no lock in this program, and yet it stops
# with an error about one.

# %%
# %%module work_4_4
from concurrent.futures import ProcessPoolExecutor


class Studio:
    def __init__(self, edge, pool):
        self.edge = edge
        self.pool = pool
        ### BEGIN BROKEN

    def frame(self, picture):
        return f"{self.edge}{picture}{self.edge}"

    def frame_all(self, pictures):
        return list(self.pool.map(self.frame, pictures))
        ### END BROKEN
        ### BEGIN SOLUTION

    def frame_all(self, pictures):
        futures = [self.pool.submit(frame, self.edge, picture) for picture in pictures]
        return [future.result() for future in futures]


def frame(edge, picture):
    return f"{edge}{picture}{edge}"
    ### END SOLUTION


def exhibit(edge, pictures):
    """Return each picture with its frame, in order; worker processes make the frames."""
    with ProcessPoolExecutor(2) as pool:
        return Studio(edge, pool).frame_all(pictures)


# %% tags=["nbval-ignore-output"]
check("4.4")

# %% [markdown]
# ## 4.5 A loud guest
#
# A loud guest should be refused, and the program should go on. Instead, the pool breaks, although
# no worker crashes.

# %%
# %%module work_4_5
from concurrent.futures import ProcessPoolExecutor


class Refused(Exception):
    def __init__(self, guest, reason):
        ### BEGIN BROKEN
        super().__init__(f"{guest} is {reason}")
        ### END BROKEN
        ### BEGIN SOLUTION
        super().__init__(guest, reason)
        ### END SOLUTION
        self.guest = guest


def seat(guest):
    if guest.startswith("loud"):
        raise Refused(guest, "too loud")


def refused(guests):
    """Return the guests that get no seat, in order; worker processes try to seat them."""
    names = []
    with ProcessPoolExecutor(2) as pool:
        futures = [pool.submit(seat, guest) for guest in guests]
        for future in futures:
            try:
                future.result()
            except Refused as error:
                names.append(error.guest)
    return names


# %%
check("4.5")

# %% [markdown]
# ## 4.6 A heavy dictionary
#
# The translation is right, but slow: the more entries the dictionary has, the longer each single
# word takes.

# %%
# %%module work_4_6
from concurrent.futures import ProcessPoolExecutor


### BEGIN BROKEN
def translate(word, dictionary):
    return dictionary[word]


def translate_all(words, dictionary):
    """Return each word's entry in the dictionary, in order; two workers look them up."""
    with ProcessPoolExecutor(2) as pool:
        futures = [pool.submit(translate, word, dictionary) for word in words]
        return [future.result() for future in futures]


### END BROKEN
### BEGIN SOLUTION
kept = {}


def keep(dictionary):
    kept["dictionary"] = dictionary


def translate(word):
    return kept["dictionary"][word]


def translate_all(words, dictionary):
    """Return each word's entry in the dictionary, in order; two workers look them up."""
    with ProcessPoolExecutor(2, initializer=keep, initargs=(dictionary,)) as pool:
        futures = [pool.submit(translate, word) for word in words]
        return [future.result() for future in futures]


### END SOLUTION


# %%
check("4.6")
