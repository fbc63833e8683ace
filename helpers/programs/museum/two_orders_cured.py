"""Two clerks move money between two drawers. The barrier is for bad luck."""

from multiprocessing import Barrier, Lock, Process


def there(left, right, both):
    both.wait()
    with left:
        with right:
            print("moved to the right")


def back(left, right, both):
    both.wait()
    with left:
        with right:
            print("moved to the left")


if __name__ == "__main__":
    args = (Lock(), Lock(), Barrier(2))
    clerks = [Process(target=target, args=args) for target in (there, back)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
