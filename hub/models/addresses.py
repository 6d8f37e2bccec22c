"""What a person types as an address, a key or a name, made exact or refused in a sentence."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

from hub.errors import BadInput

LONGEST_NAME = 60
"""Characters of a name that a person gives."""
LONGEST_ID = 300
"""Characters of a model's id; providers' own names have at most some 100."""
_LONGEST_KEY = 4000
_LONGEST_ADDRESS = 2000
_EXAMPLE = "It looks like http://localhost:8080/v1 or https://api.example.com/v1."


def base_url(text: str) -> str:
    """`text` as a base URL without a slash at its end. A path to chat/completions is cut off, a missing path
    becomes /v1. Raises BadInput."""
    text = text.strip()
    if not text:
        raise BadInput("The address of the server is missing.", hint=_EXAMPLE)
    if len(text) > _LONGEST_ADDRESS:
        raise BadInput(f"The address is longer than {_LONGEST_ADDRESS:,} characters.", hint=_EXAMPLE)
    parts = urlsplit(text if "://" in text else f"http://{text}")
    if parts.scheme not in ("http", "https"):
        raise BadInput(f"An address begins with http:// or https://, not {parts.scheme}://.", hint=_EXAMPLE)
    if not parts.hostname or any(character.isspace() for character in parts.netloc):
        raise BadInput(f"There is no server name in {text}.", hint=_EXAMPLE)
    if parts.username or parts.password:
        raise BadInput("A name or password does not belong into the address.", hint="Put the key into its own field.")
    if parts.query or parts.fragment:
        raise BadInput("The address must not contain ? or #.", hint=_EXAMPLE)
    _check_host(parts.hostname)
    _check_port(text)
    path = parts.path.rstrip("/")
    for ending in ("/chat/completions", "/completions", "/models", "/chat"):
        path = path.removesuffix(ending)
    return urlunsplit((parts.scheme, parts.netloc, path or "/v1", "", ""))


def root(url: str) -> str:
    """The address of the server itself, without a path."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def key(text: str) -> str:
    """`text` as a key: without the space that copying brings along. Raises BadInput for what no key can be."""
    text = text.strip().removeprefix("Bearer ").strip()
    if any(character.isspace() for character in text):
        raise BadInput("The key contains a space or a line break.", hint="Copy the key again, all of it and alone.")
    if len(text) > _LONGEST_KEY:
        raise BadInput(f"The key is longer than {_LONGEST_KEY:,} characters.", hint="Copy only the key itself.")
    if not text.isascii():
        raise BadInput("The key contains a character that no key has.", hint="Copy the key again from its page.")
    return text


def name(text: str, what: str = "The name") -> str:
    """`text` as a name on one line. Raises BadInput when it is too long to be shown."""
    text = " ".join(text.split())
    if len(text) > LONGEST_NAME:
        raise BadInput(
            f"{what} has {len(text):,} characters; at most {LONGEST_NAME} fit.", hint="Choose a shorter one."
        )
    return text


def model_id(text: str) -> str:
    """`text` if it can be the id of a model. Raises BadInput when it is far too long."""
    if len(text) > LONGEST_ID:
        raise BadInput(
            f"The name of the model has {len(text):,} characters; at most {LONGEST_ID} are taken.",
            hint="`hub models` lists the names, and so does the catalogue under Models.",
        )
    return text


def _check_host(host: str) -> None:
    try:
        address = ip_address(host)
    except ValueError:
        return
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        raise BadInput(f"{host} is no address of a model server.", hint=_EXAMPLE)


def _check_port(text: str) -> None:
    try:
        _ = urlsplit(text if "://" in text else f"http://{text}").port
    except ValueError as error:
        raise BadInput("The port in the address is not a number up to 65535.", hint=_EXAMPLE) from error
