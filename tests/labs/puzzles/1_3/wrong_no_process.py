"""Wrong: the folders whose copy failed are returned: no process was started"""


def back_up(folders: list[str]) -> list[str]:
    return [folder for folder in folders if folder.startswith("/locked")]
