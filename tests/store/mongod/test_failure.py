"""What a person reads of a mongod that did not start. The log's lines are those of MongoDB 6.0."""

from pathlib import Path

import pytest

from smart_image_scraper.store.mongod.failure import explain

NO_FILES = (
    r'{"t":{"$date":"2026-11-22T23:50:01.484+00:00"},"s":"E","c":"WT","id":22435,"ctx":'
    r'"initandlisten","msg":"WiredTiger error message","attr":{"error":24,"message":{"ts_sec":17,'
    r'"msg":"__directory_list_worker:46:/db/journal: directory-list: opendir",'
    r'"error_str":"Too many open files","error_code":24}}}'
)
TERMINATING = (
    r'{"s":"F","id":28595,"msg":"Terminating.","attr":{"reason":"24: Too many open files"}}'
)
ASSERTION = r'{"s":"F","id":23091,"msg":"Fatal assertion","attr":{"msgid":28595,"line":708}}'
ABORTING = r'{"s":"F","id":23092,"msg":"\n\n***aborting after fassert() failure\n\n"}'
METADATA = (
    r'{"s":"F","id":28661,"msg":"Unable to read the metadata file","attr":{"error":{"code":22,'
    r'"codeName":"InvalidBSON","errmsg":"Incorrect BSON length"}}}'
)
STARTING = r'{"s":"I","id":4615611,"msg":"MongoDB starting","attr":{"pid":1}}'


def _explain(tmp_path: Path, *lines: str, printed: str = "", since: int = 0) -> str:
    log, output = tmp_path / "log", tmp_path / "out"
    log.write_text("".join(f"{line}\n" for line in lines))
    output.write_text(printed)
    return explain(log, output, since=since)


def test_errors_are_told_in_words_once_each_without_what_follows_from_them(tmp_path: Path) -> None:
    lines = [STARTING, NO_FILES, NO_FILES, TERMINATING, ASSERTION, ABORTING]

    text = _explain(tmp_path, *lines, printed="exit code 14\n")

    assert text == (
        "exit code 14; WiredTiger error message: __directory_list_worker:46:/db/journal:"
        " directory-list: opendir: Too many open files; Terminating.: 24: Too many open files"
        " (raise the limit of open files (ulimit -n))"
    )


def test_an_error_within_an_error_is_found(tmp_path: Path) -> None:
    text = _explain(tmp_path, METADATA, ASSERTION)

    assert text == "Unable to read the metadata file: Incorrect BSON length"


def test_an_assertion_alone_is_better_than_nothing(tmp_path: Path) -> None:
    assert _explain(tmp_path, STARTING, ASSERTION) == "Fatal assertion"


def test_without_errors_the_last_lines_are_told(tmp_path: Path) -> None:
    assert _explain(tmp_path, STARTING) == "MongoDB starting"


def test_what_stood_in_the_log_before_the_start_is_left_out(tmp_path: Path) -> None:
    text = _explain(tmp_path, TERMINATING, METADATA, since=len(TERMINATING) + 1)

    assert text.startswith("Unable to read")


def test_lines_that_are_no_entries_are_passed_over(tmp_path: Path) -> None:
    assert _explain(tmp_path, '"half a line"}', "[1]", STARTING) == "MongoDB starting"


def test_what_was_printed_is_told_without_the_log_lines_in_it(tmp_path: Path) -> None:
    printed = f"{STARTING}\nError parsing command line: unrecognised option '--x'\ntry '--help'\n"

    text = _explain(tmp_path, printed=printed)

    assert text == (
        "Error parsing command line: unrecognised option '--x'"
        " (this mongod is too old: use 6.0 or newer)"
    )


def test_a_server_that_left_nothing_says_that(tmp_path: Path) -> None:
    assert explain(tmp_path / "log", tmp_path / "out", since=0) == "it left no message"


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ("libssl.so.3: error while loading shared libraries", "this mongod does not fit the"),
        ("Invalid featureCompatibilityVersion document", "use that version"),
        ("No space left on device", "free some space"),
        ("DBPathInUse: Unable to lock", "another mongod uses the folder"),
    ],
)
def test_known_reasons_come_with_what_to_do(tmp_path: Path, words: str, advice: str) -> None:
    assert advice in _explain(tmp_path, printed=f"{words}\n")
