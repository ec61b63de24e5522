"""A client that starts `cedu-rules lsp` as an editor does and speaks with it over its standard streams."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from attrs import define, field
from lsprotocol import types
from pygls.lsp.client import LanguageClient

ROOT = Path(__file__).parent.parent
PATIENCE = 300
"""Seconds that a slow machine is given for an answer."""


@define(eq=False)
class Session:
    """One client with its server; `published` holds the newest diagnostics by address."""

    client: LanguageClient
    capabilities: types.ServerCapabilities
    published: dict[str, types.PublishDiagnosticsParams] = field(factory=dict)
    news: asyncio.Event = field(factory=asyncio.Event)

    def open(self, uri: str, text: str) -> None:
        """Open a document, anew if it is open."""
        self.published.pop(uri, None)
        item = types.TextDocumentItem(uri, "cedu-std", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, uri: str, version: int, *changes: types.TextDocumentContentChangeEvent) -> None:
        """Change a document."""
        identifier = types.VersionedTextDocumentIdentifier(version, uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, list(changes)))

    async def diagnostics(self, uri: str, version: int | None) -> list[types.Diagnostic]:
        """Return the diagnostics of a version as soon as they come."""
        while uri not in self.published or self.published[uri].version != version:
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), PATIENCE)
        return list(self.published[uri].diagnostics)


Test: TypeAlias = Callable[[Session], Coroutine[Any, Any, None]]
"""What a test does in a session."""


def whole(text: str) -> types.TextDocumentContentChangeWholeDocument:
    """Return the change that makes a document this text."""
    return types.TextDocumentContentChangeWholeDocument(text)


@asynccontextmanager
async def session(
    *,
    options: object = None,
    encodings: list[types.PositionEncodingKind | str] | None = None,
    locale: str | None = None,
) -> AsyncIterator[Session]:
    """Start a server, and shut it down at the end: it has to leave with status 0."""
    client = LanguageClient("tests", "1")
    capabilities = types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=encodings),
        text_document=types.TextDocumentClientCapabilities(
            completion=types.CompletionClientCapabilities(
                completion_item=types.ClientCompletionItemOptions(snippet_support=True)
            ),
            publish_diagnostics=types.PublishDiagnosticsClientCapabilities(related_information=True),
            rename=types.RenameClientCapabilities(prepare_support=True),
        ),
    )
    await client.start_io(sys.executable, "-m", "cedu_rules", "lsp", cwd=ROOT)
    try:
        params = types.InitializeParams(capabilities, initialization_options=options, locale=locale)
        answer = await asyncio.wait_for(client.initialize_async(params), PATIENCE)
        client.initialized(types.InitializedParams())
        opened = Session(client, answer.capabilities)

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
        def _published(params: types.PublishDiagnosticsParams) -> None:
            opened.published[params.uri] = params
            opened.news.set()

        yield opened
    finally:
        await asyncio.wait_for(client.shutdown_async(None), PATIENCE)
        client.exit(None)
        server = client._server
        assert server is not None
        assert await asyncio.wait_for(server.wait(), PATIENCE) == 0
        await client.stop()  # type: ignore[no-untyped-call]


@contextmanager
def shared_session() -> Iterator[Callable[[Test], None]]:
    """Start one server for several tests: what is given runs one after the other in its session."""
    with asyncio.Runner() as runner:
        manager = session()
        opened = runner.run(manager.__aenter__())
        yield lambda test: runner.run(test(opened))
        runner.run(manager.__aexit__(None, None, None))


def run(test: Test, **given: object) -> None:
    """Run a test in a session of its own."""

    async def inside() -> None:
        async with session(**given) as opened:  # type: ignore[arg-type]
            await test(opened)

    asyncio.run(inside())
