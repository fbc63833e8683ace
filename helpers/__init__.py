"""What the notebooks import. Each package holds one subject and says in its first line which.

    widgets                                     what a learner moves
    checks, plots, case_studies                 labs' requirements; pictures; four programs in full
    measure, diagnosis                          measurements; the name and the cure of a failure
    runner, progress                            run a program safely; what the learner has done
    workers                                     everything that runs in other processes
    engines, rendezvous                         what runs tasks; meetings of workers
    process_control                             start a Python, and kill it with all below it
    validation, timing, capture, claims,        single modules that the packages build on
    magics, local_servers, interleaving

Imports run downward only: a contract in pyproject.toml says so. `programs/` is run, not imported.
"""
