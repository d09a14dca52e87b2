"""The official client, version 1: `client_v1.py CASES COMMAND…` or `… http://…`."""

import asyncio
import sys

from judge import Judge
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client


async def main():
    target = sys.argv[2:]
    if target[0].startswith("http"):
        transport = streamable_http_client(target[0])
    else:
        transport = stdio_client(StdioServerParameters(command=target[0], args=target[1:]))
    judge = Judge("mcp 1")
    async with transport as pipes, ClientSession(pipes[0], pipes[1]) as session:
        await session.initialize()
        tools = (await session.list_tools()).tools
        judge.listed([tool.name for tool in tools])
        for tool in tools:
            for case in judge.cases[tool.name]["good"]:
                result = await session.call_tool(tool.name, case["arguments"])
                judge.answer(tool.name, case, result.isError, result.structuredContent, tool.outputSchema)
            for bad in judge.cases[tool.name]["bad"]:
                result = await session.call_tool(tool.name, bad)
                judge.refusal(tool.name, bad, result.isError)
    judge.end()


asyncio.run(main())
