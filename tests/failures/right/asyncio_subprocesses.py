"""Right: programs under asyncio.

methods: spawn
pythons: 3.11-3.15
limit: 20
"""

import asyncio
import sys


async def run(number):
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", f"print({number})")
    return await program.wait()


async def main():
    print(await asyncio.gather(*(run(number) for number in range(2))))


if __name__ == "__main__":
    asyncio.run(main())
