"""What contributors run: build the notebooks, check the course, test it."""
