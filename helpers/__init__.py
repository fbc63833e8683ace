"""What the notebooks import: the work, the stopwatch, the pictures and the safety net.

Nothing is imported here, so that a child process that needs one small module loads just that one.

    ground   refusals  workers  workloads  loopback  machine  trees  records
    floor 1  engines  stopwatch
    floor 2  pools  serve  elsewhere  measure  runner
    floor 3  plots  claims  checks
    top      widgets  magics  progress

A module imports only from floors below its own (or from its own, to its left).
"""
