"""Calls what needs approval, for users who answer in different ways, with the official SDK."""

import asyncio
import json
import sys

from mcp import ClientSession, StdioServerParameters, types
from mcp.client.stdio import stdio_client

ASKED = []


def saying(**answer):
    async def callback(context, params):
        ASKED.append(params.message)
        return types.ElicitResult(**answer)

    return callback


USERS = {
    "approves": saying(action="accept", content={"approve": True}),
    "says_no": saying(action="accept", content={"approve": False}),
    "declines": saying(action="decline"),
    "cancels": saying(action="cancel"),
    "can_not_be_asked": None,
}


async def refund(callback):
    server = StdioServerParameters(command=sys.argv[1], args=sys.argv[2:])
    async with (
        stdio_client(server) as (read, write),
        ClientSession(read, write, elicitation_callback=callback) as session,
    ):
        await session.initialize()
        result = await session.call_tool("refund", {"order": "o7"})
        return result.model_dump(by_alias=True, mode="json", exclude_none=True)


async def main():
    told = {user: await refund(callback) for user, callback in USERS.items()}
    told["asked"] = ASKED
    print(json.dumps(told))


asyncio.run(main())
