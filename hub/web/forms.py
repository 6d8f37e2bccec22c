"""The pages before one is signed in: small, without script, light or dark as the system is."""

from __future__ import annotations

from html import escape

from starlette.responses import Response

_STYLE = """
:root { color-scheme: light dark; --text: #1d1d1b; --dim: #5f5f5a; --page: #f7f7f5; --card: #fff; --line: #c9c9c4;
  --accent: #0b6e66; --on-accent: #fff; --bad: #a32720; --bad-page: #fdf1f0; }
@media (prefers-color-scheme: dark) { :root { --text: #ecece8; --dim: #b0b0aa; --page: #131312; --card: #191918;
  --line: #4a4a47; --accent: #12837a; --on-accent: #fff; --bad: #f19b94; --bad-page: #341e1c; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--page);
  color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 24rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
  padding: 2rem; }
h1 { font-size: 1.375rem; line-height: 1.3; margin: 0 0 .25rem; }
p { margin: 0 0 1rem; color: var(--dim); }
p.bad { color: var(--bad); background: var(--bad-page); border-radius: .5rem; padding: .5rem .75rem; }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
input { width: 100%; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line);
  border-radius: .5rem; padding: .5rem .75rem; }
small { color: var(--dim); }
button { width: 100%; margin-top: 1.5rem; font: inherit; font-weight: 600; color: var(--on-accent);
  background: var(--accent); border: 0; border-radius: .5rem; padding: .625rem; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
a { color: inherit; }
"""
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


def page(title: str, body: str, status: int = 200) -> Response:
    """A whole page around `body`, which is HTML."""
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} - LLM Hub</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main>{body}</main></body></html>"
    )
    return Response(html, status, _HEADERS, "text/html")


def notice(title: str, sentence: str, *, status: int = 200, back: str = "/", back_text: str = "Go on") -> Response:
    """A page that says one thing and leads on."""
    body = f"<h1>{escape(title)}</h1><p>{escape(sentence)}</p>"
    return page(title, body + f'<p><a href="{escape(back)}">{escape(back_text)}</a></p>', status)


def login(*, name: str = "", after: str = "/", problem: str = "", status: int = 200) -> Response:
    """The sign-in form."""
    body = (
        f"<h1>Sign in</h1><p>to this LLM Hub</p>{_problem(problem)}"
        f'<form method="post" action="/login"><input type="hidden" name="next" value="{escape(after)}">'
        f"{_name(name)}"
        '<label for="password">Password</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" required>'
        '<button type="submit">Sign in</button></form>'
    )
    return page("Sign in", body, status)


def setup(*, name: str = "", token: str | None = None, problem: str = "", status: int = 200) -> Response:
    """The form for the first account; `token` None leaves out its field."""
    asked = ""
    if token is not None:
        asked = (
            '<label for="token">Setup token</label>'
            f'<input id="token" name="token" value="{escape(token)}" autocomplete="off" required '
            'aria-describedby="what"><small id="what">Printed where the hub was started.</small>'
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
        "<h1>Sign out</h1><p>of this browser</p>"
        '<form method="post" action="/logout"><button type="submit">Sign out</button></form>'
        '<p></p><p><a href="/">Stay signed in</a></p>'
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
