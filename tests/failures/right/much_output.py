"""Right: writes much, but not too much.

methods: spawn
pythons: 3.11-3.15
limit: 10
"""

if __name__ == "__main__":
    for number in range(5000):
        print("line", number)
