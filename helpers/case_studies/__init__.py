"""Four case studies, one file each: how to make the data, the work, and how to cut it into tasks.

    images              files in, files out: independent tasks of equal size
    simulation          random numbers that do not depend on which worker draws them
    readings            one large file, cut by bytes; small results to merge
    parameter_search    tasks of very different length
    registry            all four by name, and the blur of lesson 10

Workers are pure functions of one task at the top level of their module, so that every start method
finds them and a test can call them without any process.
"""
