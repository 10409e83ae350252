"""The run sheet: one HTML file with everything in it, and the same as CSV."""

import base64
import csv
import html
import json
import subprocess
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from lib import places

COLUMNS = (
    *("Case", "mx51's id", "Group", "Level", "Title", "Requirement", "Said in"),
    *("Steps", "Expected", "Result", "What came instead", "HTTP exchanges", "Comment"),
)
STYLE = Path(__file__).with_name("run_sheet.css")
CLASSES = {"pass": "pass", "falls short": "fail"}


def write(options, results, seconds):
    """Write both files into the folder ``options.to``; return their paths."""
    options.to.mkdir(parents=True, exist_ok=True)
    name = "certification-quick" if options.quick else "certification"
    page, table = options.to / f"{name}.html", options.to / f"{name}.csv"
    page.write_text(_page(options, results, seconds), encoding="utf-8")
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_row(result) for result in results)
    return [page, table]


def _row(result):
    case = result.case
    return (
        *(case.id, case.mx51, case.group, case.level, case.title, case.requirement),
        *(case.says, _lines(case.actions), _lines(case.expectations)),
        *(result.verdict, result.what),
        "\n".join(_line(one) for one in result.exchanges),
        result.comment,
    )


def _lines(steps):
    numbered = enumerate((text for _place, text in steps), 1)
    return "\n".join(f"{number}. {text}" for number, text in numbered)


def _line(exchange):
    target = urlsplit(exchange["url"])
    query = f"?{target.query}" if target.query else ""
    status = exchange.get("status") or exchange.get("no_answer", "no answer")
    return f"{exchange['method']} {target.path}{query} → {status}"


def _page(options, results, seconds):
    facts = {
        "Software": _software(),
        "Made": datetime.now().astimezone().strftime("%d %B %Y, %H:%M %Z"),
        "Against": options.against or "the sandbox of this repository",
        "Suite": "quick, for a release" if options.quick else "all cases",
        "Took": f"{seconds / 60:.1f} minutes",
    }
    groups = dict.fromkeys(result.case.group for result in results)
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width, initial-scale=1'>",
        f"<title>SCI run sheet</title><style>{STYLE.read_text()}</style>",
        "<h1>Simple Cloud Integration: run sheet</h1>",
        _facts(facts),
        "<p>Requirements are those that mx51 publishes; “docs/protocol.md” says for"
        " each one where it stands and how sure it is. Secrets are masked. Cases that"
        " nobody can show without mx51 are listed and not passed.</p>",
        _summary(results),
    ]
    for group in groups:
        parts.append(f"<h2>{_text(group)}</h2>")
        parts += [_article(result) for result in results if result.case.group == group]
    return "\n".join([*parts, "</html>", ""])


def _software():
    manifest = (places.CHECKOUT / "__manifest__.py").read_text()
    version = manifest.split('"version": "')[1].split('"')[0]
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=places.CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ).stdout.strip()
    return f"{places.ADDON} {version} {commit and f'({commit})'}"


def _facts(facts):
    rows = (f"<tr><th>{k}</th><td>{_text(v)}</td></tr>" for k, v in facts.items())
    return f"<table class='sheet'>{''.join(rows)}</table>"


def _summary(results):
    rows = "".join(
        f"<tr><td><a href='#{one.case.id}'>{one.case.id}</a></td>"
        f"<td>{_text(one.case.mx51)}</td><td>{_text(one.case.title)}</td>"
        f"<td>{one.case.level}</td><td>{_verdict(one)}</td></tr>"
        for one in results
    )
    head = "".join(
        f"<th>{name}</th>" for name in ("Case", "mx51's id", "Title", "Level", "Result")
    )
    return f"<h2>All cases</h2><table><tr>{head}</tr>{rows}</table>"


def _verdict(result):
    kind = CLASSES.get(result.verdict, "open")
    return f"<span class='verdict {kind}'>{result.verdict}</span>"


def _article(result):
    case = result.case
    came = [what for _step, what in result.steps]
    fields = {
        "Requirement": _text(case.requirement),
        "Where it is said": _text(case.says),
        "Level": case.level,
        "Steps": _list(case.actions, came),
        "Expected": _list(case.expectations, came),
        "Result": f"{_verdict(result)} {_text(result.what)}",
        "Picture": "".join(map(_picture, result.pictures)),
        "HTTP exchanges": "".join(map(_exchange, result.exchanges)),
        "Comment": _text(result.comment),
    }
    rows = "".join(
        f"<tr><th>{name}</th><td>{value}</td></tr>"
        for name, value in fields.items()
        if value
    )
    ids = f"{case.id} {case.mx51 and f'({case.mx51})'}"
    return (
        f"<article id='{case.id}'><h3>{ids} {_text(case.title)}</h3>"
        f"<table class='sheet'>{rows}</table></article>"
    )


def _list(steps, came):
    """:param came: what came instead, of each step that was played"""
    items = []
    for place, text in steps:
        item = _text(text)
        if came and place >= len(came):
            item += " <em>(not reached)</em>"
        elif came and came[place]:
            item += f" <span class='short'>{_text(came[place])}</span>"
        items.append(f"<li>{item}</li>")
    return f"<ol>{''.join(items)}</ol>" if items else ""


def _picture(jpeg):
    data = base64.b64encode(jpeg).decode()
    return f"<img alt='What was on the screen' src='data:image/jpeg;base64,{data}'>"


def _exchange(exchange):
    request = _headers(exchange["request_headers"]) + _body(exchange["request_body"])
    answer = _headers(exchange.get("response_headers", {}))
    answer += _body(exchange.get("response_body"))
    return (
        f"<details><summary>{_text(_line(exchange))}</summary>"
        f"<pre>{_text(exchange['url'])}\n{request}</pre><pre>{answer}</pre></details>"
    )


def _headers(headers):
    return "".join(f"{_text(f'{name}: {value}')}\n" for name, value in headers.items())


def _body(body):
    if body is None:
        return ""
    if not isinstance(body, str):
        body = json.dumps(body, indent=2, ensure_ascii=False)
    return f"\n{_text(body)}"


def _text(value):
    return html.escape(str(value)).replace("\n", "<br>") if value else ""
