"""Starts a server, lists its tools and calls some, with the official SDK."""

import asyncio
import json
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def main():
    server = StdioServerParameters(command=sys.argv[1], args=sys.argv[2:])
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        names = [tool.name for tool in (await session.list_tools()).tools]
        results = []
        for name, arguments in [
            ("add_three", {"a": 1, "b": 2, "c": 4}),
            ("pay", {"order": "o7", "cents": 5}),
            ("pay", {"order": "o7", "cents": 0}),
        ]:
            result = await session.call_tool(name, arguments)
            results.append(result.model_dump(by_alias=True, mode="json", exclude_none=True))
    print(json.dumps({"names": names, "results": results}))


asyncio.run(main())
