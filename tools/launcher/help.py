"""The texts of --help. They must not need the environment."""

USAGE = """\
usage: python3 course.py [FLAGS FOR JUPYTERLAB]
       python3 course.py COMMAND ...

Opens the course in JupyterLab. The first start makes the environment, .venv, in 6 to 20 s and the
time of the download; later ones open in a few seconds. Ctrl-C here ends JupyterLab and everything
that runs in it.
Flags for JupyterLab pass through: --no-browser, --port 9999, ... Your own configuration of Jupyter
is not read.

commands (each has --help):
  test        run every notebook and the tests (--all: also the slow ones and the browser)
  build       make the notebooks from source/
  check       find what does not fit together
  check-lab   judge your answer to a lab, without a notebook
  diagnose    run a program of your own, and name what is wrong with its processes
  doctor      say what is here, what is missing, and what to do about it
  copy        make and refresh your copies in my_course, without opening them
  reset NAME  give a lesson or lab back as it was shipped, and keep yours; --all: everything
  progress    show what you have done in the labs, and what to do next"""

HELP = {
    "test": """\
usage: python3 course.py test [--all | --rest | --lean | --unit | --standard-library]
                              [--only NN] [--start-method M] [--python X]

Runs every notebook and compares what it prints with what is stored, and every unit test.

  --all              also the browser, what is repeated many times, and the other Pythons and
                     start methods of this machine (--python, --start-method: only that one)
  --rest             only what is left out without --all, on this Python
  --lean             without the tests of what makes the course: enough for another Python
  --unit             only the tests that start no process: a minute, while you change code
  --standard-library only what needs nothing installed but pytest and psutil, in an environment
                     of its own: for a Python that has no packages yet, such as 3.14t
  --only NN          one lesson, and what belongs to it
  --start-method M   make fork, spawn or forkserver the default
  --python X         another Python: a version, such as 3.13, or the path of an interpreter

Other flags go to pytest: -x stops at the first failure, -k WORD takes the tests with that word.""",
    "build": """\
usage: python3 course.py build [NAME ...] [--force] [--fresh]

Makes notebooks/, labs/, solutions/, docs/ and the map in README.md from source/. What did not
change is not run again.

  NAME      01, 01_processes, labs/01_processes; all, if none is given
  --force   run them even if their code did not change
  --fresh   the same, and store this run's numbers and pictures""",
    "check": """\
usage: python3 course.py check

Finds what does not fit together: notebooks and sources, lessons and labs, the map, spelling.""",
    "check-lab": """\
usage: python3 course.py check-lab LAB FILE

Judges an answer to a lab without a notebook, in the words of the notebook's check: a line for each
requirement, which begins with `ok`, `not yet` or `todo`.

  LAB   the lab's number, such as 03, or a puzzle's, such as 1.3
  FILE  a Python file with the lab's functions, such as my_course/labs/work_03.py

Your code runs in processes of its own, with a time limit, under two start methods. It does not
count as a try: hints and progress stay as they are.

Exit codes:
  0    every requirement is ok
  1    something is not ok, or not written yet
  2    the file could not be judged
  130  Ctrl-C stopped it""",
    "diagnose": """\
usage: python3 course.py diagnose [OPTIONS] FILE [ARGUMENTS]

Runs a Python program of your own with a time limit, watches all its processes, and says what
happened: how it ended, its process tree, what each process waits for and, if it is a known failure
of programs with processes, its name, cause and cure. Nothing of the program is left running.

FILE runs for real, in your folder, with your environment variables and its ARGUMENTS, as with
`python FILE ARGUMENTS`, but with the course's Python and packages, and with an empty input.
Its output is shown when it has ended. Options go before FILE.

  --method M      make fork, spawn or forkserver the default; a program that names its own keeps it
  --limit S       stop it after S seconds (default: 30; at most 86400, a day)
  --compare       run it under every start method of this system, and show side by side how it
                  ended, what it printed, and which of the parent's state a child did not get:
                  globals that functions use, environment variables, handlers, threads
  --picture FILE  draw which process waits for which into FILE, a .png or .svg

On Linux it is stopped earlier if all its processes wait and none can wake another. A program that
waits for one outside of it, through a pipe or a Unix socket, can look the same after 3 s.
It is also stopped if it starts more than 256 processes at once, or uses 90% of the memory.

Exit codes:
  0    no failure was seen
  1    a failure was seen, the program ended with another exit code than 0, or it was stopped at
       its limit; with --compare: this is so under one start method or more
  2    the program could not be run
  130  Ctrl-C stopped it (143: SIGTERM did; 129: the terminal was closed)""",
    "doctor": """\
usage: python3 course.py doctor

Says what is here, what is missing, and what to do about it. Changes nothing.""",
    "copy": """\
usage: python3 course.py copy

Makes your copies of the lessons and labs, without outputs, in my_course. JupyterLab opens on them;
the start does the same. A copy that you have not touched is replaced when the course has a newer
one. One that you edited or ran is kept, and you are told. Needs no environment.""",
    "reset": """\
usage: python3 course.py reset NAME
       python3 course.py reset --all

Gives a lesson or lab back as it was shipped. Yours stays beside it, as 01_processes.mine-1.ipynb,
and so does what a lab's cell wrote, as work_01.mine-1.py. What you did counts as progress still.

  NAME    01, 01_processes, labs/01_processes, notebooks/01_processes
  --all   everything; what you had changed is kept in my_course/kept-1""",
    "progress": """\
usage: python3 course.py progress

Shows the map of the course: for each lab how much of it is ok, after how many tries and hints, and
what to do next. It is kept in .course/notes.json and stays on this machine.""",
}
