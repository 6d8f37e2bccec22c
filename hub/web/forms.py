"""The pages before one is signed in: small, without script, light or dark as `hub.web.look` says."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from pathlib import Path

from starlette.responses import Response

from hub.errors import HubError

WHERE_TOKEN = "It was printed where the hub was started, and stands in setup-token in its data folder."
"""Where a person finds the setup token."""

_MARK = (Path(__file__).parents[2] / "components" / "mark.svg").read_text()
_ICON = "data:image/svg+xml;base64," + b64encode(_MARK.encode()).decode()

_DARK = """color-scheme: dark; --text: #ecece8; --dim: #b0b0aa; --page: #131312; --card: #191918;
  --edge: #2e2e2c; --line: #4a4a47; --accent: #12837a; --strong: #0f7169; --focus: #2a9d92; --bad: #f19b94;
  --bad-page: #341e1c;"""
_STYLE = (
    """
:root { color-scheme: light; --text: #1d1d1b; --dim: #5f5f5a; --page: #f7f7f5; --card: #fff; --edge: #e2e2de;
  --line: #c9c9c4; --accent: #0b6e66; --strong: #095a54; --focus: #0b6e66; --on-accent: #fff; --bad: #a32720;
  --bad-page: #fdf1f0; }
"""
    f":root[data-look=dark] {{ {_DARK} }}"
    f"@media (prefers-color-scheme: dark) {{ :root:not([data-look=light]) {{ {_DARK} }} }}"
    """
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; align-content: center; justify-items: center;
  gap: 1.25rem; padding: 1.5rem 1rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 "Source Sans", "Source Sans 3", system-ui, sans-serif; }
header { display: flex; align-items: center; gap: .5rem; font-size: 1.125rem; font-weight: 600; }
header svg { width: 1.75rem; height: 1.75rem; }
main { width: 100%; max-width: 24rem; background: var(--card); border: 1px solid var(--edge); border-radius: .75rem;
  padding: 2rem; overflow-wrap: anywhere; }
h1 { font-size: 1.375rem; line-height: 1.3; margin: 0 0 .25rem; }
p { margin: 0 0 1rem; color: var(--dim); }
p.bad { margin-top: .75rem; color: var(--bad); background: var(--bad-page); border-radius: .5rem;
  padding: .5rem .75rem; }
p.on { margin: 1rem 0 0; text-align: center; }
label { display: block; margin: 1rem 0 .25rem; font-size: .875rem; font-weight: 500; }
input { width: 100%; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line);
  border-radius: .5rem; padding: .5rem .75rem; }
small { display: block; margin-top: .25rem; color: var(--dim); }
button, .go { display: block; width: 100%; margin-top: 1.5rem; font: inherit; font-weight: 600; text-align: center;
  text-decoration: none; color: var(--on-accent); background: var(--accent); border: 0; border-radius: .5rem;
  padding: .625rem; cursor: pointer; }
button:hover, .go:hover { background: var(--strong); }
input:focus-visible { border-color: transparent; outline: 2px solid var(--focus); outline-offset: -1px; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
a { color: inherit; }
"""
)
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


def page(title: str, body: str, status: int = 200) -> Response:
    """A whole page around `body`, which is HTML."""
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} - LLM Hub</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="{_ICON}"><style>{_STYLE}</style></head>'
        f"<body><header>{_MARK}LLM Hub</header><main>{body}</main></body></html>"
    )
    return Response(html, status, _HEADERS, "text/html")


def notice(title: str, sentence: str, *, status: int = 200, back: str = "/", back_text: str = "Go on") -> Response:
    """A page that says one thing and leads on."""
    body = f"<h1>{escape(title)}</h1><p>{escape(sentence)}</p>"
    return page(title, body + f'<a class="go" href="{escape(back)}">{escape(back_text)}</a>', status)


def problem(error: HubError, status: int, *, back: str = "/") -> Response:
    """An error where a page was wanted."""
    sentence = f"{error.message} {error.hint}".strip()
    return notice("This does not work now", sentence, status=status, back=back, back_text="Try again")


def login(*, name: str = "", after: str = "/", problem: str = "", status: int = 200) -> Response:
    """The sign-in form."""
    body = (
        f"<h1>Sign in</h1>{_problem(problem)}"
        f'<form method="post" action="/login"><input type="hidden" name="next" value="{escape(after)}">'
        f"{_name(name)}"
        '<label for="password">Password</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" required'
        f"{' autofocus' if name else ''}>"
        '<button type="submit">Sign in</button></form>'
    )
    return page("Sign in", body, status)


def setup(*, name: str = "", token: str | None = None, problem: str = "", status: int = 200) -> Response:
    """The form for the first account; `token` None leaves out its field, one from the address is not shown."""
    asked = ""
    if token and not problem:
        asked = f'<input type="hidden" name="token" value="{escape(token)}">'
    elif token is not None:
        asked = (
            '<label for="token">Setup token</label>'
            f'<input id="token" name="token" value="{escape(token)}" autocomplete="off" required '
            'aria-describedby="what"><small id="what">'
            f"{WHERE_TOKEN}</small>"
        )
    body = (
        f"<h1>Welcome</h1><p>Make the first account. It is the admin of this hub.</p>{_problem(problem)}"
        f'<form method="post" action="/setup">{asked}{_name(name)}'
        '<label for="password">Password</label>'
        '<input id="password" name="password" type="password" autocomplete="new-password" minlength="10" required '
        'aria-describedby="rule"><small id="rule">At least 10 characters.</small>'
        '<label for="again">Password again</label>'
        '<input id="again" name="again" type="password" autocomplete="new-password" minlength="10" required>'
        '<button type="submit">Make the account</button></form>'
    )
    return page("Welcome", body, status)


def logout() -> Response:
    """Asks before signing out, since a link alone must not do it."""
    body = (
        "<h1>Sign out?</h1><p>Answers that are being written go on.</p>"
        '<form method="post" action="/logout"><button type="submit">Sign out</button></form>'
        '<p class="on"><a href="/">Stay signed in</a></p>'
    )
    return page("Sign out", body)


def _problem(sentence: str) -> str:
    return f'<p class="bad" role="alert">{escape(sentence)}</p>' if sentence else ""


def _name(name: str) -> str:
    focus = "" if name else " autofocus"
    return (
        '<label for="name">Name</label><input id="name" name="name" autocomplete="username" maxlength="60" '
        f'required value="{escape(name)}"{focus}>'
    )
