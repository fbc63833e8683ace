"""Right: an executor brings the exception back."""

from concurrent.futures import ProcessPoolExecutor


def copy(folder: str) -> None:
    if folder.startswith("/locked"):
        raise PermissionError(folder)


def back_up(folders: list[str]) -> list[str]:
    with ProcessPoolExecutor() as pool:
        copies = {folder: pool.submit(copy, folder) for folder in folders}
    return [folder for folder, future in copies.items() if future.exception()]
