"""What makes a lab an nbgrader assignment."""
