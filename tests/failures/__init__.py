"""Programs that fail, each as the catalog of failures says; `right` holds programs that don't.

The first line of each is `Fails: ` and the id of its failure in helpers/data/failures.toml, or
`Right: ` and what the program is an example of. The next lines say under which start methods and
Pythons that holds, and how many seconds a run may take. The bounded runner runs these programs;
nothing imports them.
"""
