"""The official client, version 2: `client_v2.py CASES MODE COMMAND…` or `… http://…`; a mode is legacy, auto or a revision."""

import asyncio
import sys

from judge import Judge
from mcp import Client, StdioServerParameters


async def main():
    mode, target = sys.argv[2], sys.argv[3:]
    if target[0].startswith("http"):
        server = target[0]
    else:
        server = StdioServerParameters(command=target[0], args=target[1:])
    judge = Judge(f"mcp 2, {mode}")
    async with Client(server, mode=mode) as client:
        tools = (await client.list_tools()).tools
        judge.listed([tool.name for tool in tools])
        for tool in tools:
            for case in judge.cases[tool.name]["good"]:
                result = await client.call_tool(tool.name, case["arguments"])
                judge.answer(tool.name, case, result.is_error, result.structured_content, tool.output_schema)
            for bad in judge.cases[tool.name]["bad"]:
                result = await client.call_tool(tool.name, bad)
                judge.refusal(tool.name, bad, result.is_error)
    judge.end()


asyncio.run(main())
