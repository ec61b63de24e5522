"""Messages of a client into answers: a server of the Language Server Protocol over standard input and output.

The text of a document is taken in at once, in the order of the messages. Everything that reads a text runs in a thread
of its own, on a snapshot, so that no question waits for another; diagnostics follow when the author pauses. What goes
wrong in an answer is logged, and the answer is empty: nothing that a client sends ends the server.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from cedu_rules._version import VERSION
from cedu_rules.lsp.completing import completions
from cedu_rules.lsp.diagnosing import protocol_diagnostics
from cedu_rules.lsp.documents import Document, Documents
from cedu_rules.lsp.fixing import Fix, fixes
from cedu_rules.lsp.formatting import formatting
from cedu_rules.lsp.hovering import hover, symbol_at
from cedu_rules.lsp.outlining import LEGEND, colours, folds, outline
from cedu_rules.lsp.reading import Reading
from cedu_rules.lsp.renaming import RefusedError, place_of_name, rename
from cedu_rules.lsp.settings import Settings
from cedu_rules.lsp.threads import in_thread

_LOG = logging.getLogger(__name__)
_PAUSE = 0.3
"""Diagnostics follow when nothing has changed for so many seconds."""

_OWN = (types.TEXT_DOCUMENT_DID_OPEN, types.TEXT_DOCUMENT_DID_CHANGE, types.TEXT_DOCUMENT_DID_CLOSE)
_REFUSED = -32803


class StandardServer(LanguageServer):
    """Answers questions about the `.std` documents that a client has open; it writes nothing to disk."""

    def __init__(self) -> None:
        super().__init__("cedu-rules", VERSION)
        self.documents = Documents()
        self.settings = Settings()
        self.was_shut_down = False
        self.was_told_to_exit = False
        self._tasks: set[asyncio.Task[None]] = set()
        for method in _OWN:  # texts are kept here, in exact units, not in the workspace of pygls
            self.protocol.fm.builtin_features.pop(method, None)
        for method, tell in _TELLS:
            self.feature(method)(_told(self, tell))
        for method, options, ask in _ASKS:
            self.feature(method, options)(_asked(self, ask))

    def report_server_error(self, error: Exception, source: Any) -> None:  # noqa: ANN401 -- as pygls has it
        """Log what went wrong; no author is bothered with it."""
        _LOG.error("%s: %s", source, error)

    @property
    def capabilities(self) -> types.TextDocumentClientCapabilities:
        """What the client can do with documents."""
        return self.client_capabilities.text_document or types.TextDocumentClientCapabilities()

    # --- diagnostics -------------------------------------------------------------------------------------------------

    def watch(self, document: Document, *, pause: float) -> None:
        """See to it that the diagnostics of a document follow its text."""
        document.is_stale = True
        if not document.is_watched:
            document.is_watched = True
            task = asyncio.get_running_loop().create_task(self._follow(document, pause))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _follow(self, document: Document, pause: float) -> None:
        try:
            while document.is_stale and self.documents.get(document.uri) is document:
                reading = document.reading
                await asyncio.sleep(pause)
                pause = _PAUSE
                if reading is not document.reading:
                    continue
                document.is_stale = False
                found = await in_thread(partial(self._read, document, reading))
                if found is not None and document.reading is reading and self.documents.get(document.uri) is document:
                    self._publish(document.uri, found, document.version)
        finally:
            document.is_watched = False

    def _read(self, document: Document, reading: Reading) -> list[types.Diagnostic] | None:
        """Return the diagnostics of a reading, or None where there are none to be had."""
        try:
            document.keep(reading)
            related = self.capabilities.publish_diagnostics
            return protocol_diagnostics(
                reading,
                document.uri,
                language=self.settings.language_of(reading),
                pages=self.settings.pages,
                related=bool(related and related.related_information),
            )
        except Exception:  # noqa: BLE001 -- the next change is another chance
            _LOG.exception("diagnostics of %s", document.uri)
            return None

    def _publish(self, uri: str, found: list[types.Diagnostic], version: int | None) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))

    def forget(self, uri: str) -> None:
        """Close a document; its diagnostics go with it."""
        self.documents.close(uri)
        self._publish(uri, [], None)


# --- what a client tells ---------------------------------------------------------------------------------------------


def _initialize(server: StandardServer, params: types.InitializeParams) -> None:
    server.documents.encoding = server.workspace.position_encoding or types.PositionEncodingKind.Utf16
    server.settings.locale = params.locale
    server.settings.read(params.initialization_options)


def _configure(server: StandardServer, params: types.DidChangeConfigurationParams) -> None:
    server.settings.read(params.settings)
    for document in server.documents.everything():
        server.watch(document, pause=0)


def _open(server: StandardServer, params: types.DidOpenTextDocumentParams) -> None:
    opened = params.text_document
    server.watch(server.documents.open(opened.uri, opened.text, opened.version), pause=0)


def _change(server: StandardServer, params: types.DidChangeTextDocumentParams) -> None:
    document = server.documents.get(params.text_document.uri)
    if document is not None:
        document.change(list(params.content_changes), params.text_document.version)
        server.watch(document, pause=_PAUSE)


def _close(server: StandardServer, params: types.DidCloseTextDocumentParams) -> None:
    server.forget(params.text_document.uri)


def _shut_down(server: StandardServer, _params: None) -> None:
    server.was_shut_down = True


def _exit(server: StandardServer, _params: None) -> None:
    server.was_told_to_exit = True


# --- what a client asks ----------------------------------------------------------------------------------------------


def _hover(server: StandardServer, document: Document, params: types.HoverParams) -> types.Hover | None:
    reading = document.reading
    return hover(reading, reading.lines.offset(params.position), server.settings.language_of(reading))


def _complete(server: StandardServer, document: Document, params: types.CompletionParams) -> list[types.CompletionItem]:
    reading = document.reading
    item = server.capabilities.completion and server.capabilities.completion.completion_item
    known = document.with_names()
    return completions(
        reading,
        reading.lines.offset(params.position),
        language=server.settings.language_of(known),
        snippets=bool(item and item.snippet_support),
        unasked=bool(params.context and params.context.trigger_character == " "),
        symbols_of=known,
    )


def _define(_: StandardServer, document: Document, params: types.DefinitionParams) -> types.Location | None:
    reading = document.reading
    found = symbol_at(reading, reading.lines.offset(params.position))
    return None if found is None else types.Location(document.uri, reading.lines.of(found.symbol.span))


def _refer(_: StandardServer, document: Document, params: types.ReferenceParams) -> list[types.Location]:
    reading = document.reading
    found = symbol_at(reading, reading.lines.offset(params.position))
    if found is None:
        return []
    places = reading.index.of(found.symbol)
    wanted = [each for each in places if params.context.include_declaration or each.span != found.symbol.span]
    return [types.Location(document.uri, reading.lines.of(each.span)) for each in wanted]


def _highlight(
    _: StandardServer, document: Document, params: types.DocumentHighlightParams
) -> list[types.DocumentHighlight]:
    reading = document.reading
    found = reading.index.at(reading.lines.offset(params.position))
    places = [] if found is None else reading.index.of(found.symbol)
    return [types.DocumentHighlight(reading.lines.of(each.span)) for each in places]


def _prepare_rename(
    _: StandardServer, document: Document, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    return place_of_name(document.reading, document.reading.lines.offset(params.position))


def _rename(server: StandardServer, document: Document, params: types.RenameParams) -> types.WorkspaceEdit:
    reading, version = document.reading, document.version
    try:
        edits = rename(reading, reading.lines.offset(params.position), params.new_name.strip())
    except RefusedError as error:
        language = server.settings.language_of(reading)
        raise JsonRpcException(error.in_words(language), _REFUSED) from None
    return _edit(server, document.uri, version, edits)


def _edit(server: StandardServer, uri: str, version: int | None, edits: list[types.TextEdit]) -> types.WorkspaceEdit:
    workspace = server.client_capabilities.workspace
    if workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes:
        identifier = types.OptionalVersionedTextDocumentIdentifier(uri, version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, list(edits))])
    return types.WorkspaceEdit(changes={uri: edits})


def _outline(_: StandardServer, document: Document, _params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    return outline(document.reading)


def _fold(_: StandardServer, document: Document, _params: types.FoldingRangeParams) -> list[types.FoldingRange]:
    return folds(document.reading)


def _colour(_: StandardServer, document: Document, _params: types.SemanticTokensParams) -> types.SemanticTokens:
    return colours(document.reading)


def _format(
    _: StandardServer, document: Document, _params: types.DocumentFormattingParams
) -> list[types.TextEdit] | None:
    return formatting(document.reading)


def _fix(server: StandardServer, document: Document, params: types.CodeActionParams) -> list[types.CodeAction]:
    only = params.context.only
    if only is not None and not any(types.CodeActionKind.QuickFix.startswith(kind) for kind in only):
        return []
    reading, version = document.reading, document.version
    language = server.settings.language_of(reading)
    found = []
    for fix in fixes(reading, params.range, language):
        edit = types.TextEdit(reading.lines.range(fix.edit.start, fix.edit.end), fix.edit.new)
        found.append(
            types.CodeAction(
                fix.title,
                kind=types.CodeActionKind.QuickFix,
                diagnostics=_same(params.context.diagnostics, fix),
                is_preferred=True if fix.is_cure else None,
                edit=_edit(server, document.uri, version, [edit]),
            )
        )
    return found


def _same(sent: Any, fix: Fix) -> list[types.Diagnostic]:  # noqa: ANN401 -- a sequence or nothing
    """Return those of the client's diagnostics that the fix is for."""
    return [each for each in sent or () if each.code == fix.diagnostic.code]


_Handler = Callable[[StandardServer, Document, Any], Any]
_Teller = Callable[[StandardServer, Any], None]

_TELLS: tuple[tuple[str, _Teller], ...] = (
    (types.INITIALIZE, _initialize),
    (types.WORKSPACE_DID_CHANGE_CONFIGURATION, _configure),
    (types.TEXT_DOCUMENT_DID_OPEN, _open),
    (types.TEXT_DOCUMENT_DID_CHANGE, _change),
    (types.TEXT_DOCUMENT_DID_CLOSE, _close),
    (types.SHUTDOWN, _shut_down),
    (types.EXIT, _exit),
)
_ASKS: tuple[tuple[str, Any, _Handler], ...] = (
    (types.TEXT_DOCUMENT_HOVER, None, _hover),
    (
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionOptions(trigger_characters=[".", "=", "{", "(", ":", ",", "[", " "]),
        _complete,
    ),
    (types.TEXT_DOCUMENT_DEFINITION, None, _define),
    (types.TEXT_DOCUMENT_REFERENCES, None, _refer),
    (types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, None, _highlight),
    (types.TEXT_DOCUMENT_PREPARE_RENAME, None, _prepare_rename),
    (types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True), _rename),
    (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, None, _outline),
    (types.TEXT_DOCUMENT_FOLDING_RANGE, None, _fold),
    (types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, LEGEND, _colour),
    (types.TEXT_DOCUMENT_FORMATTING, None, _format),
    (
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]),
        _fix,
    ),
)


def _told(server: StandardServer, tell: _Teller) -> Callable[[Any], None]:
    def handler(params: Any = None) -> None:  # noqa: ANN401
        try:
            tell(server, params)
        except Exception:  # noqa: BLE001 -- a client may send anything
            _LOG.exception("%s", tell.__name__)

    return handler


def _asked(server: StandardServer, ask: _Handler) -> Callable[[Any], Any]:
    async def handler(params: Any) -> Any:  # noqa: ANN401
        document = server.documents.get(params.text_document.uri)
        if document is None:
            return None
        try:
            return await in_thread(partial(ask, server, document, params))
        except JsonRpcException:
            raise
        except Exception:  # noqa: BLE001 -- an empty answer is better than none
            _LOG.exception("%s in %s", ask.__name__, document.uri)
            return None

    return handler


def serve(stdin: BinaryIO, stdout: BinaryIO) -> int:
    """Answer one client until it goes, and return the exit status.

    Args:
        stdin: where messages come from.
        stdout: where answers go.
    """
    server = StandardServer()
    server.start_io(stdin, stdout)
    return 1 if server.was_told_to_exit and not server.was_shut_down else 0
