"""LangChain, by the lines of the README: `adapters.py CASES LINES FOLDER`, where the folder has the `shop` that the lines start."""

import asyncio
import inspect
import os
import sys

from judge import Judge
from langchain_core.tools import ToolException


async def main():
    # What the README says, with a folder in front of the path in which `shop` is the server that is tested.
    lines = open(sys.argv[2]).read()
    os.environ["PATH"] = sys.argv[3] + os.pathsep + os.environ["PATH"]
    names = {}
    flags = compile(lines, "README.md", "exec", flags=0x2000)
    running = eval(flags, names)
    if inspect.iscoroutine(running):
        await running
    tools = names["tools"]
    judge = Judge("langchain-mcp-adapters")
    judge.listed([tool.name for tool in tools])
    for tool in tools:
        # Each call starts the server anew.
        each = None if os.environ.get("ENACT_LIVE") == "long" else 1
        for case in judge.cases[tool.name]["good"][:each]:
            call = {"type": "tool_call", "id": "1", "name": tool.name, "args": case["arguments"]}
            message = await tool.ainvoke(call)
            structured = (message.artifact or {}).get("structured_content")
            # Output schemas are not told by the adapter; what came is held against the answer that is due.
            judge.answer(tool.name, case, message.status == "error", structured, None if structured is None else {})
        for bad in judge.cases[tool.name]["bad"][:each]:
            try:
                message = await tool.ainvoke({"type": "tool_call", "id": "1", "name": tool.name, "args": bad})
                judge.refusal(tool.name, bad, message.status == "error")
            except ToolException:
                judge.refusal(tool.name, bad, True)
    judge.end()


asyncio.run(main())
