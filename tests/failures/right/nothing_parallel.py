"""Right: a program without processes.

methods: spawn
pythons: 3.11-3.15
limit: 2
"""

if __name__ == "__main__":
    print(sum(range(10)))
