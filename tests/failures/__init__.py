"""Programs that fail, one or more for each row of the catalogue; `right` holds some that don't.

Their first lines say under which start methods and Pythons they hold, and how many seconds a run
needs. They are run by the bounded runner, and imported by nobody.
"""
