"""Right: 0 is false, and nothing else is."""

from multiprocessing import Process


def copy(folder: str) -> None:
    if folder.startswith("/locked"):
        raise SystemExit(f"{folder} can't be read")


def back_up(folders: list[str]) -> list[str]:
    copies = [Process(target=copy, args=(folder,)) for folder in folders]
    for process in copies:
        process.start()
    for process in copies:
        process.join()
    pairs = zip(folders, copies, strict=True)
    return [folder for folder, process in pairs if process.exitcode]
