"""The check: rules that find inconsistencies between the files of the course."""
