"""Each lesson's claims get the opposite data and print a cross."""
