"""Right: a pool ends its own workers."""

from multiprocessing import Pool


def cook(order: str) -> str:
    return f"hot {order}"


def serve(names: list[str], cooks: int) -> list[str]:
    with Pool(cooks) as kitchen:
        return kitchen.map(cook, names)
