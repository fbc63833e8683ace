"""What the notebooks import: the work, the stopwatch, the pictures and the safety net.

Nothing is imported here, so that a child process that needs one small module loads just that one.

    ground   process_control  refusals  records  workers  workloads  loopback  trees  turns  jobs
             nightly  pages  darkroom  children  isolation  interleavings  alone  notes
             overheard  stacks  told
             limits  stillness  reports  waits  labs  progress  course_map  at_import  strips
             tables  stages  settings  guesses  talkers  lines  flow  beyond  relay  luggage
             parcels  pool_work  uneven
    floor 1  stopwatch  clusters  engines  on_the_line
    floor 2  pools  pipeline  machine  serve  elsewhere  measure  watch  gather  survivors
             sightings  guard  runner  evidence  losses  circumstances  symptoms  diagnosis
             lens  museum  tour  channels  weights  costs  cuts  scaling  rivals  compared
    floor 3  claims  plots  cost_plots  channel_plots  flow_plots  schedules  streams  checks
             draws  cases  bystanders  climb  charts
    top      widgets  magics

A module imports only from floors below its own (or from its own, to its left). What lies in
`programs` and `inside` is run, not imported from here.
"""
