"""Four case studies, a file each: the data that the project makes, the work, and how to cut it.

Workers are pure functions of one task at the top level of their module, so that every start method
finds them and a test can call them without any process.
"""
