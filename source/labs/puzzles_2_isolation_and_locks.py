# %% [markdown]
# Six programs, each with one fault. Read the symptom, find the cause, and correct the program
# where it stands. Run its cell, then the check below it. Each puzzle takes two to five minutes.
#
# The first three are about memory, the other three about locks. The check runs your program under
# two start methods (on Windows, there is one). It says what it saw; the cause is for you to find.
#
# `(*pair, weights)` is a tuple: the items of `pair`, then `weights`.

# %%
# %load_ext helpers.magics

# %%
from helpers.checks import check, hint, solution

# %% [markdown]
# ## 2.1 Nothing weighs anything
#
# Each parcel is weighed by a process of its own, which writes the weight into the list. When all
# are done, every weight is 0.

# %%
# %%module work_2_1
### BEGIN BROKEN
from multiprocessing import Process

### END BROKEN
### BEGIN SOLUTION
from multiprocessing import Array, Process
### END SOLUTION


def weigh(place, parcel, weights):
    weights[place] = sum(parcel)


def weigh_all(parcels):
    """Return the weight of each parcel, in their order; a parcel is a list of whole numbers."""
    ### BEGIN BROKEN
    weights = [0] * len(parcels)
    ### END BROKEN
    ### BEGIN SOLUTION
    weights = Array("q", len(parcels))
    ### END SOLUTION
    scales = [Process(target=weigh, args=(*pair, weights)) for pair in enumerate(parcels)]
    for scale in scales:
        scale.start()
    for scale in scales:
        scale.join()
    ### BEGIN BROKEN
    return weights
    ### END BROKEN
    ### BEGIN SOLUTION
    return weights[:]
    ### END SOLUTION


# %%
check("2.1")

# %% [markdown]
# ## 2.2 Money that does not change
#
# For years this program returned the right amounts. Then a colleague ran it on another system.
# There is no error, but every amount comes back as it went in.

# %%
# %%module work_2_2
from multiprocessing import Process, SimpleQueue

### BEGIN BROKEN
rate = 1


def change(place, amount, answers):
    answers.put((place, amount * rate))


### END BROKEN
### BEGIN SOLUTION


def change(place, amount, answers, rate):
    answers.put((place, amount * rate))


### END SOLUTION
def change_all(amounts, todays_rate):
    """Return each amount times the rate of today, in their order."""
    ### BEGIN BROKEN
    global rate
    rate = todays_rate
    answers = SimpleQueue()
    clerks = [Process(target=change, args=(*pair, answers)) for pair in enumerate(amounts)]
    ### END BROKEN
    ### BEGIN SOLUTION
    answers = SimpleQueue()
    clerks = [
        Process(target=change, args=(*pair, answers, todays_rate)) for pair in enumerate(amounts)
    ]
    ### END SOLUTION
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    return [changed for _, changed in sorted(answers.get() for _ in amounts)]


# %% tags=["nbval-ignore-output"]
check("2.2")

# %% [markdown]
# ## 2.3 The same luck for all
#
# `random.Random(6)` is a generator of random numbers, and 6 is the seed with which it begins. Each
# player throws in a process of its own, and all of them throw the same.

# %%
# %%module work_2_3
import random
from multiprocessing import Process, SimpleQueue

### BEGIN BROKEN
dice = random.Random(6)


def throw(player, table):
    table.put((player, [dice.randint(1, 6) for _ in range(12)]))


### END BROKEN
### BEGIN SOLUTION


def throw(player, table):
    dice = random.Random(f"6 {player}")
    table.put((player, [dice.randint(1, 6) for _ in range(12)]))


### END SOLUTION
def play(players):
    """Return {player: the twelve numbers that this player has thrown}."""
    table = SimpleQueue()
    throwing = [Process(target=throw, args=(player, table)) for player in players]
    for process in throwing:
        process.start()
    for process in throwing:
        process.join()
    return dict(table.get() for _ in players)


# %%
check("2.3")

# %% [markdown]
# ## 2.4 The coin that is worth nothing
#
# Each teller is a process that adds the coins of one bag to the total. A bag may contain buttons,
# which are worth 0. With a button before another coin, the program never
# ends.

# %%
# %%module work_2_4
from multiprocessing import Lock, Process, Value


def count(bag, total, lock):
    ### BEGIN BROKEN
    for coin in bag:
        lock.acquire()
        if coin == 0:
            continue
        total.value += coin
        lock.release()
    ### END BROKEN
    ### BEGIN SOLUTION
    for coin in bag:
        with lock:
            if coin == 0:
                continue
            total.value += coin
    ### END SOLUTION


def count_all(bags):
    """Return what all the bags are worth."""
    total, lock = Value("q", 0), Lock()
    tellers = [Process(target=count, args=(bag, total, lock)) for bag in bags]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    return total.value


# %%
check("2.4")

# %% [markdown]
# ## 2.5 The last two tickets
#
# Three customers come for the last two tickets at the same moment, each to a different clerk, and
# all three get one. (The check passes in a function, `greet`, with which all begin at that moment.)

# %%
# %%module work_2_5
from multiprocessing import Process, SimpleQueue, Value


def sell(customer, tickets, sold, greet):
    greet(customer)
    ### BEGIN BROKEN
    lucky = tickets.value > 0
    if lucky:
        with tickets.get_lock():
            tickets.value -= 1
    ### END BROKEN
    ### BEGIN SOLUTION
    with tickets.get_lock():
        lucky = tickets.value > 0
        if lucky:
            tickets.value -= 1
    ### END SOLUTION
    sold.put((customer, lucky))


def sell_all(customers, count, greet):
    """Return {customer: whether this customer got one of the `count` tickets}."""
    tickets, sold = Value("q", count), SimpleQueue()
    clerks = [Process(target=sell, args=(name, tickets, sold, greet)) for name in customers]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    return dict(sold.get() for _ in customers)


# %%
check("2.5")

# %% [markdown]
# ## 2.6 After you
#
# To move money, a clerk locks both accounts. When Ada pays Bob and Bob pays Ada at the same moment,
# the program hangs. (The check passes in `greet` again, with which all begin at that moment.)

# %%
# %%module work_2_6
from multiprocessing import Array, Lock, Process


def pay(giver, taker, amount, money, locks, greet):
    greet(f"{giver} pays {taker}")
    ### BEGIN BROKEN
    with locks[giver], locks[taker]:
        money[giver] -= amount
        money[taker] += amount
    ### END BROKEN
    ### BEGIN SOLUTION
    with locks[min(giver, taker)], locks[max(giver, taker)]:
        money[giver] -= amount
        money[taker] += amount
    ### END SOLUTION


def pay_all(payments, at_first, greet):
    """Make all payments, each (giver, taker, amount), and return what each account then has."""
    money, locks = Array("q", at_first), [Lock() for _ in at_first]
    clerks = [Process(target=pay, args=(*payment, money, locks, greet)) for payment in payments]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    return money[:]


# %%
check("2.6")
