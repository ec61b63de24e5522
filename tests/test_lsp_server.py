"""Tests of the language server as an editor meets it: a process, messages over its standard streams."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from cedu_rules.cli.root import cli
from cedu_rules.diagnostics import UnsupportedError
from cedu_rules.lsp.reading import Reading
from cedu_rules.lsp.settings import Settings
from tests.lsp_client import ROOT, Session, Test, run, shared_session, whole
from tests.lsp_texts import STANDARD, position_of

URI = "file:///%E8%AF%95/trial.std"
DOCUMENT = types.TextDocumentIdentifier(URI)
UNKNOWN = types.TextDocumentIdentifier("file:///nowhere.std")
PLACE = types.Position(0, 0)


Run: TypeAlias = Callable[[Test], None]


@pytest.fixture(scope="module", name="in_session")
def _in_session() -> Iterator[Run]:
    """Run a test in the session that the tests of this module share."""
    with shared_session() as in_session:
        yield in_session


def errors(found: list[types.Diagnostic]) -> list[types.Diagnostic]:
    """Return those diagnostics that are errors."""
    return [each for each in found if each.severity == types.DiagnosticSeverity.Error]


def test_a_loop_of_an_author(in_session: Run) -> None:
    """Open, slip, see it, cure it by the quick fix, ask, complete, rename, format: one document, as it is written."""
    broken = STANDARD.replace("area >= 60 m2", "areaa >= 60 m2", 1)

    async def loop(session: Session) -> None:
        client = session.client
        session.open(URI, broken)
        (slip,) = errors(await session.diagnostics(URI, 1))
        context = types.CodeActionContext([slip])
        actions = await client.text_document_code_action_async(types.CodeActionParams(DOCUMENT, slip.range, context))
        fix = next(action for action in actions or () if isinstance(action, types.CodeAction))
        assert fix.edit is not None
        assert fix.edit.changes is not None
        (edit,) = fix.edit.changes[URI]
        session.change(URI, 2, types.TextDocumentContentChangePartial(edit.range, edit.new_text))
        after = await session.diagnostics(URI, 2)
        place = position_of(STANDARD, "area >= 60")
        hovered = await client.text_document_hover_async(types.HoverParams(DOCUMENT, place))
        declared = await client.text_document_definition_async(types.DefinitionParams(DOCUMENT, place))
        used = await client.text_document_references_async(
            types.ReferenceParams(types.ReferenceContext(include_declaration=False), DOCUMENT, place)
        )
        renamed = await client.text_document_rename_async(types.RenameParams(DOCUMENT, place, "space"))

        assert ("unknown-name", "未知名称 `areaa`；应为事实、let 或 param") == (slip.code, slip.message)
        assert "把 `areaa` 改为 `area`" == fix.title
        assert "unknown-name" not in [each.code for each in after]
        assert hovered is not None
        assert "建筑面积" in getattr(hovered.contents, "value", "")
        assert isinstance(declared, types.Location)
        assert position_of(STANDARD, "area ") == declared.range.start
        assert 3 == len(used or ())
        assert renamed is not None
        assert 4 == len((renamed.changes or {})[URI])

    in_session(loop)


def test_questions_about_the_whole_document(in_session: Run) -> None:
    """Outline, folding, colours, format, completion, highlights and the name to be renamed come over the wire."""

    async def ask(session: Session) -> None:
        client = session.client
        session.open(URI, STANDARD.replace("  ", "   "))
        outline = await client.text_document_document_symbol_async(types.DocumentSymbolParams(DOCUMENT))
        folds = await client.text_document_folding_range_async(types.FoldingRangeParams(DOCUMENT))
        colours = await client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(DOCUMENT))
        options = types.FormattingOptions(2, insert_spaces=True)
        edits = await client.text_document_formatting_async(types.DocumentFormattingParams(DOCUMENT, options))
        end = types.Position(STANDARD.count("\n"), 0)
        items = await client.text_document_completion_async(types.CompletionParams(DOCUMENT, end))
        place = position_of(STANDARD.replace("  ", "   "), "funding")
        marks = await client.text_document_document_highlight_async(types.DocumentHighlightParams(DOCUMENT, place))
        name = await client.text_document_prepare_rename_async(types.PrepareRenameParams(DOCUMENT, place))

        assert "总项" in [symbol.name for symbol in outline or ()]
        assert folds
        assert colours is not None
        assert len(colours.data) % 5 == 0
        assert edits
        assert isinstance(items, list)
        assert "section" in [item.label for item in items]
        assert 2 == len(marks or ())
        assert isinstance(name, types.PrepareRenamePlaceholder)
        assert "funding" == name.placeholder

    in_session(ask)


def test_settings_choose_language_and_pages() -> None:
    """A setting of the client comes before the head of the file, and may change while the document is open."""

    async def ask(session: Session) -> None:
        session.open(URI, STANDARD.replace("area >= 60", "areaa >= 60"))
        (english,) = errors(await session.diagnostics(URI, 1))
        session.published.clear()
        session.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams({"cedu-rules": {"language": "zh", "pages": ""}})
        )
        (chinese,) = errors(await session.diagnostics(URI, 1))

        assert english.message.startswith("unknown name `areaa`")
        assert english.code_description is not None
        assert "https://pages.test/unknown-name.html" == english.code_description.href
        assert chinese.message.startswith("未知名称")

    run(ask, options={"language": "en", "pages": "https://pages.test/"})


def test_places_are_in_the_units_that_were_agreed() -> None:
    """The client that prefers UTF-8 gets bytes; an emoji before a mistake shifts it by four."""

    async def ask(session: Session) -> None:
        session.open(URI, '# 😀\nfacts { 甲 : m3 "😀" }\n')
        (slip, *_) = [each for each in await session.diagnostics(URI, 1) if each.code == "unknown-type"]

        assert types.PositionEncodingKind.Utf8 == session.capabilities.position_encoding
        assert types.Position(1, len("facts { 甲 : ".encode())) == slip.range.start

    run(ask, encodings=[types.PositionEncodingKind.Utf8, types.PositionEncodingKind.Utf16])


def test_several_documents_and_none(in_session: Run) -> None:
    """Each document has its own diagnostics; closing takes them away; an unknown address has no answers."""

    async def ask(session: Session) -> None:
        other = "untitled:Untitled-1"
        session.open(URI, STANDARD)
        session.open(other, "")
        codes = {each.code for each in await session.diagnostics(other, 1)}
        of_first = await session.diagnostics(URI, 1)
        session.change("file:///nowhere.std", 7, whole("x"))
        nothing = await session.client.text_document_hover_async(types.HoverParams(UNKNOWN, PLACE))
        session.client.text_document_did_close(types.DidCloseTextDocumentParams(DOCUMENT))
        gone = await session.diagnostics(URI, None)

        assert {"missing-header"} == codes
        assert [] == errors(of_first)
        assert nothing is None
        assert [] == gone

    in_session(ask)


def test_only_the_newest_text_is_spoken_of(in_session: Run) -> None:
    """While an author types there are no diagnostics of texts that are past, and the last one always has them."""

    async def ask(session: Session) -> None:
        session.open(URI, STANDARD)
        await session.diagnostics(URI, 1)
        seen = []
        for version in range(2, 12):
            session.change(URI, version, whole(STANDARD + "#" * version))
        session.change(URI, 12, whole(STANDARD.replace("area >= 60", "areaa >= 60")))
        found = await session.diagnostics(URI, 12)
        seen.append(session.published[URI].version)

        assert ["unknown-name"] == [each.code for each in errors(found)]
        assert [12] == seen

    in_session(ask)


def test_nothing_that_is_sent_ends_the_server(in_session: Run) -> None:
    """Places outside, ranges that end before they begin, half characters, zeros, thousands of brackets: it still answers."""

    async def ask(session: Session) -> None:
        session.open(URI, "\x00\ud83d" + "(" * 3000 + '"' + "😀" * 9)
        place = types.Range(types.Position(99, 99), types.Position(0, 1))
        session.change(URI, 2, types.TextDocumentContentChangePartial(place, "must \ude00"), whole("facts { 面 : m2 "))
        session.change(URI, 3, types.TextDocumentContentChangePartial(place, "{"))
        for position in (types.Position(0, 9999), types.Position(9999, 0), types.Position(0, 1)):
            await session.client.text_document_hover_async(types.HoverParams(DOCUMENT, position))
            await session.client.text_document_completion_async(types.CompletionParams(DOCUMENT, position))
        with pytest.raises(JsonRpcException):
            await session.client.text_document_rename_async(types.RenameParams(DOCUMENT, types.Position(0, 8), "must"))
        session.change(URI, 4, whole(STANDARD))
        found = await session.diagnostics(URI, 4)

        assert [] == errors(found)

    in_session(ask)


def test_a_large_document_holds_nothing_up(in_session: Run) -> None:
    """A question about another document is answered before what is found in a large text that was opened first."""
    head, sections = STANDARD.split('\nsection "总项" "分项甲"', 1)
    text = head + "".join(
        f'\nsection "总项" "第{number}"{sections.split("section", 1)[0]}'.replace(
            "floor_area", f"floor_area{number}"
        ).replace("clause staff", f"clause staff{number}")
        for number in range(400)
    )

    async def ask(session: Session) -> None:
        session.open("file:///small.std", STANDARD)
        await session.diagnostics("file:///small.std", 1)
        session.open(URI, text)
        small = types.TextDocumentIdentifier("file:///small.std")
        place = position_of(STANDARD, "funding")
        was_read: list[bool] = []  # when the answer arrived, however late this client looks
        answer = session.client.text_document_hover(
            types.HoverParams(small, place), callback=lambda _: was_read.append(URI in session.published)
        )

        assert await asyncio.wrap_future(answer) is not None
        assert [False] == was_read

    in_session(ask)


def test_it_answers_and_leaves_when_the_input_ends() -> None:
    """One `initialize` and the end of the input: the answer is there, and the process is gone."""
    body = json.dumps(
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"processId": None, "capabilities": {}}}
    )
    message = f"Content-Length: {len(body)}\r\n\r\n{body}"
    command = [sys.executable, "-m", "cedu_rules", "lsp"]
    result = subprocess.run(  # noqa: S603 -- our own command
        command, check=False, input=message, text=True, capture_output=True, timeout=60, cwd=ROOT
    )

    assert 0 == result.returncode
    assert {"hoverProvider", "completionProvider", "renameProvider", "documentFormattingProvider"} <= set(
        json.loads(result.stdout.split("\n\n", 1)[1])["result"]["capabilities"]
    )


def test_an_exit_without_shutdown_is_told_by_the_status() -> None:
    """As the protocol has it, `exit` alone is an error."""
    body = json.dumps({"jsonrpc": "2.0", "method": "exit"})
    message = f"Content-Length: {len(body)}\r\n\r\n{body}"
    command = [sys.executable, "-m", "cedu_rules", "lsp"]
    result = subprocess.run(  # noqa: S603 -- our own command
        command, check=False, input=message, text=True, capture_output=True, timeout=60, cwd=ROOT
    )

    assert 1 == result.returncode


def test_a_missing_extra_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pygls the command says what installs it, and nothing else."""
    monkeypatch.setitem(sys.modules, "pygls", None)
    monkeypatch.setitem(sys.modules, "pygls.exceptions", None)
    monkeypatch.delitem(sys.modules, "cedu_rules.lsp.server", raising=False)
    result = CliRunner().invoke(cli, ["lsp"])

    assert isinstance(result.exception, UnsupportedError)
    assert "not supported here: the language server; install it with `pip install 'cedu_rules[lsp]'`" == str(
        result.exception
    )


def test_nothing_is_written_to_disk(in_session: Run, tmp_path: Path) -> None:
    """A file that is open in an editor stays as it is, whatever is asked."""
    path = tmp_path / "trial.std"
    path.write_text(STANDARD, encoding="utf-8")

    async def ask(session: Session) -> None:
        document = types.TextDocumentIdentifier(path.as_uri())
        session.open(document.uri, STANDARD.replace("  ", " "))
        await session.diagnostics(document.uri, 1)
        options = types.FormattingOptions(2, insert_spaces=True)
        await session.client.text_document_formatting_async(types.DocumentFormattingParams(document, options))
        await session.client.text_document_rename_async(
            types.RenameParams(document, position_of(STANDARD.replace("  ", " "), "funding"), "money")
        )

    in_session(ask)

    assert [path] == list(tmp_path.iterdir())
    assert STANDARD == path.read_text(encoding="utf-8")


def test_the_extension_knows_the_server() -> None:
    """The extension of Visual Studio Code starts the command, and its settings are those that the server reads."""
    folder = ROOT / "docs" / "editors" / "vscode"
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    script = (folder / package["main"]).read_text(encoding="utf-8")
    settings = Settings()
    settings.read({"cedu-rules": {"language": "en", "pages": "https://pages.test"}})

    assert {"cedu-rules.language", "cedu-rules.pages", "cedu-rules.server.command"} == set(
        package["contributes"]["configuration"]["properties"]
    )
    assert ("en", "https://pages.test") == (settings.language, settings.pages)
    assert 'args: ["lsp"]' in script
    assert Path(package["main"]).name in package["files"]


@pytest.mark.parametrize("sent", [None, 3, [], {"language": 5}, {"cedu-rules": {"language": "fr", "pages": []}}])
def test_wrong_settings_are_none(sent: object) -> None:
    """Whatever a client sends as settings, what cannot be used is as if it had not been sent."""
    settings = Settings()
    settings.read(sent)

    assert Settings() == settings


@pytest.mark.parametrize(("locale", "language"), [("de", "en"), ("zh-CN", "zh"), (None, "zh")])
def test_a_file_without_a_head_speaks_as_the_editor(locale: str | None, language: str) -> None:
    """The head of the file decides; without one the language of the editor, as far as there is one."""
    assert language == Settings(locale=locale).language_of(Reading(""))
    assert "en" == Settings(locale=locale).language_of(Reading("language en"))
